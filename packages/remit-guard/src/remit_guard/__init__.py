"""Keeps a serverless function within its remit. Zero dependencies; nothing heavy is imported before it is needed.

>>> from remit_guard import guard
>>> @guard
... def handler(event, context):
...     return {"statusCode": 200}

Without touching code, let the platform start the guard: see ``docs/guard.md`` (handler redirect and exec wrapper).
"""

__version__ = "0.1.0"
__all__ = ["Blocked", "guard"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.verdict import Blocked
    from remit_guard.platforms.aws import guard


def __getattr__(name: str) -> object:
    """Loads the public names on first use, so that ``import remit_guard`` alone costs nothing (PEP 562)."""
    if name == "guard":
        from remit_guard.platforms.aws import guard

        return guard
    if name == "Blocked":
        from remit_guard.core.verdict import Blocked

        return Blocked
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

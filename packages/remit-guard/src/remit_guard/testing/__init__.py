"""For tests of your own functions: a playbook of events and verdicts, ready-made events, attacks and harmless values.

Never loaded by ``import remit_guard``: a function in production does not pay for it. With pytest installed, the fixtures of
``remit_guard.testing.plugin`` are there without a line of configuration. See docs/testing.md.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.testing.events import CARRIERS
    from remit_guard.testing.expect import (
        Expectation,
        alerted,
        allowed,
        answers,
        blocked,
        calls,
        effect,
        fails,
        opens,
        queries,
        raises,
        reaches,
        runs,
    )
    from remit_guard.testing.harmless import benign, values
    from remit_guard.testing.library import MARK, Attack, attacks
    from remit_guard.testing.outcome import Effect, Outcome
    from remit_guard.testing.playbook import Playbook

__all__ = [
    "CARRIERS", "MARK", "Attack", "Effect", "Expectation", "Outcome", "Playbook", "alerted", "allowed", "answers", "attacks",
    "benign", "blocked", "calls", "effect", "fails", "opens", "queries", "raises", "reaches", "runs", "values",
]  # fmt: skip

_MODULES = ("library", "harmless", "events", "expect", "outcome", "playbook")


def __getattr__(name: str) -> object:
    """Loads the names when they are first asked for: the pytest plugin is loaded by every test run (PEP 562)."""
    if name in __all__:
        from importlib import import_module

        for module in _MODULES:
            found: object = getattr(import_module(f"{__name__}.{module}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

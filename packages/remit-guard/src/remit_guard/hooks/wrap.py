"""How libraries are patched: a function or method that judges its arguments first and is otherwise the one it replaces."""

from remit_guard.hooks.imports import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MARK = "_remit_guarded"


def before(owner: "Any", name: str, look: "Callable[..., None]") -> None:
    """Replaces a function of a module or a method of a class by one that has its arguments looked at first.

    Nothing happens when there is no such name, or it is replaced already: versions of libraries differ.

    Args:
        owner: module or class.
        name: what to replace.
        look: gets the arguments as the call has them; may raise ``Blocked``.
    """
    plain = getattr(owner, name, None)
    if plain is None or getattr(plain, _MARK, False):
        return

    def run(*args: "Any", **kwargs: "Any") -> "Any":
        look(*args, **kwargs)
        return plain(*args, **kwargs)

    run.__name__ = getattr(plain, "__name__", name)
    run.__qualname__ = getattr(plain, "__qualname__", name)
    run.__doc__ = getattr(plain, "__doc__", None)
    run.__module__ = getattr(plain, "__module__", "")
    run.__wrapped__ = plain  # type: ignore[attr-defined]  # for inspect.signature
    setattr(run, _MARK, True)
    setattr(owner, name, run)
    if not isinstance(owner, type):
        replace(plain, run)


def held(stream: "Any") -> "bytes | str | None":
    """What a stream in memory still holds from where it stands; ``None`` for files and the like."""
    value = getattr(stream, "getvalue", None)
    tell = getattr(stream, "tell", None)
    if value is None or tell is None:
        return None
    data = value()
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)[tell() :]
    return data if isinstance(data, str) else None

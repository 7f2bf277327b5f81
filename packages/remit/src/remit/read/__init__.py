"""Readers: templates and code trees to an ``App``, one module per format.

Only ``reading``, ``discover`` and ``files`` open files; everything below them is pure.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remit.read.code import CodeTree
    from remit.read.files import code_of
    from remit.read.reading import Reading, load

__all__ = ["CodeTree", "Reading", "code_of", "load"]

_HOMES = {
    "Reading": "remit.read.reading",
    "load": "remit.read.reading",
    "CodeTree": "remit.read.code",
    "code_of": "remit.read.files",
}


def __getattr__(name: str) -> Any:
    """Loads a reader when it is first asked for: a command that reads nothing pays nothing."""
    if name not in _HOMES:
        raise AttributeError(name)
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)

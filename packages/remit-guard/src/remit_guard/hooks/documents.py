"""Documents: where bytes and texts become objects in a library rather than in the interpreter."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.imports import replace
from remit_guard.hooks.wrap import held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Loaders of PyYAML that build plain data only.
_SAFE = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")


def patch_pickle(module: "Any") -> None:
    """``pickle.loads``, and ``load`` from a buffer in memory."""
    loads = module.loads
    module.loads = _first(loads, "pickle")
    replace(loads, module.loads)
    plain = module.load

    def load(file: "Any", *args: "Any", **kwargs: "Any") -> "Any":
        rest = getattr(file, "getvalue", None)
        if rest is not None:
            effect("document", bytes(rest()[file.tell() :]), "pickle")
        return plain(file, *args, **kwargs)

    load.__doc__ = plain.__doc__
    module.load = load
    _unpickler(module)


def _unpickler(module: "Any") -> None:
    """``Unpickler(stream).load()``; one that says itself which classes it builds is left alone."""
    base = module.Unpickler

    def __init__(self: "Any", file: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
        base.__init__(self, file, *args, **kwargs)
        if type(self).find_class is base.find_class:
            data = held(file)
            if isinstance(data, bytes):
                effect("document", data, "pickle")

    names = {"__init__": __init__, "__doc__": base.__doc__, "__module__": base.__module__}
    module.Unpickler = type("Unpickler", (base,), names)


def patch_yaml(module: "Any") -> None:
    """PyYAML: ``load`` with a loader that builds objects; ``unsafe_load`` and ``full_load`` pass there too."""
    for name in ("load", "load_all"):
        setattr(module, name, _yaml(getattr(module, name)))


def _yaml(plain: "Any") -> "Any":
    def load(stream: "Any", Loader: "Any") -> "Any":  # noqa: N803  (its name in PyYAML)
        if isinstance(stream, str | bytes) and getattr(Loader, "__name__", "") not in _SAFE:
            effect("document", stream, "yaml")
        return plain(stream, Loader)

    load.__name__ = plain.__name__
    load.__doc__ = plain.__doc__
    return load


def patch_jsonpickle(module: "Any") -> None:
    """The decoder of jsonpickle, under its two names."""
    for name in ("decode", "loads"):
        if hasattr(module, name):
            setattr(module, name, _first(getattr(module, name), "jsonpickle"))


def patch_dill(module: "Any") -> None:
    """dill: its own pickles."""
    module.loads = _first(module.loads, "pickle")


def _first(plain: "Any", kind: str) -> "Any":
    """A reader whose first argument is judged as a document of that kind."""

    def read(data: "Any", *args: "Any", **kwargs: "Any") -> "Any":
        if isinstance(data, str | bytes | bytearray):
            effect("document", bytes(data) if isinstance(data, bytearray) else data, kind)
        return plain(data, *args, **kwargs)

    read.__name__ = getattr(plain, "__name__", kind)
    read.__doc__ = plain.__doc__
    return read


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "pickle": patch_pickle,
    "yaml": patch_yaml,
    "jsonpickle": patch_jsonpickle,
    "dill._dill": patch_dill,
}

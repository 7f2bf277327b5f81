"""Patches that wait until the function imports the library they are for. Nothing is imported on its behalf."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Patch = Callable[[ModuleType], None]

_waiting: "dict[str, Patch]" = {}
_late: "list[str]" = []
_verify: "list[Callable[[str, str], None]]" = []
_failed: "list[Callable[[str, BaseException], None]]" = []


class Watcher:
    """A finder that finds nothing itself: it lets the others find and adds the patch to the loader's run."""

    @staticmethod
    def find_spec(
        name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """The spec the other finders give, its loader told to patch; ``None`` for every other module."""
        if name not in _waiting and not _verify:
            return None
        for finder in sys.meta_path:
            if finder is Watcher:
                continue
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(name, path, target) if find is not None else None
            if spec is not None:
                if _verify and spec.has_location and spec.origin:
                    _verify[0](name, spec.origin)
                if name in _waiting:
                    _extend(spec, name)
                return spec
        return None


def _extend(spec: "ModuleSpec", name: str) -> None:
    """Replaces ``exec_module`` of this one loader object: the module keeps its real loader, for resources too."""
    loader = spec.loader
    run = getattr(loader, "exec_module", None)
    if run is None or isinstance(loader, type):  # built in: patched at once by ``when_imported``
        return

    def exec_module(module: "ModuleType") -> None:
        del loader.exec_module  # type: ignore[union-attr]
        run(module)
        apply(name, module)

    try:
        loader.exec_module = exec_module  # type: ignore[method-assign,union-attr]
    except AttributeError as error:  # a loader with slots: the library stays unpatched, which is told
        _report(name, error)


def apply(name: str, module: "ModuleType") -> None:
    """Applies the patch waiting for a module; what fails is told and leaves the module as it was."""
    patch = _waiting.pop(name, None)
    if patch is not None:
        try:
            patch(module)
        except Exception as error:  # noqa: BLE001  (the boundary: a library of another shape must still import)
            _report(name, error)


def _report(name: str, error: BaseException) -> None:
    for tell in _failed:
        tell(f"the patch of {name}", error)


def when_imported(name: str, patch: "Patch") -> None:
    """Patches a module now when it is loaded (or built into the interpreter), else when it will be.

    Args:
        name: full name of the module.
        patch: gets the module after it ran.
    """
    _waiting[name] = patch
    module = sys.modules.get(name)
    if module is None and name in sys.builtin_module_names:
        module = __import__(name)
    if module is not None:
        _late.append(name)
        try:
            apply(name, module)
        finally:
            _late.pop()


def replace(old: object, new: object) -> None:
    """Puts a patched function in place of the original where other modules already took it by name.

    Needed when a library was imported before the guard started, as with the decorator: ``from sqlite3 import connect``.
    A library that is being imported has been seen by nobody, and looking through every module is not cheap.
    """
    if not _late:
        return
    for module in list(sys.modules.values()):
        names: Any = getattr(module, "__dict__", None)
        for name, value in list(names.items()) if isinstance(names, dict) else ():
            if value is old:
                names[name] = new


def verify_with(check: "Callable[[str, str], None]") -> None:
    """Has every module's file checked before it runs.

    Args:
        check: gets the module's name and the path of its file; what it raises stops the import.
    """
    _verify[:] = [check]


def install(failed: "Callable[[str, BaseException], None]") -> None:
    """Puts the watcher in front of the finders, once; ``failed`` is told what could not be patched."""
    _failed[:] = [failed]
    if Watcher not in sys.meta_path:
        sys.meta_path.insert(0, Watcher)

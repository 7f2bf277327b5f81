"""Archives: members before they are extracted, and names of members that applications write by themselves."""

import os

from remit_guard.hooks.gate import active, current, effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.sinks.injection import Injection

#: Names that lead out of every folder, of members that were opened, with the invocations that did; bounded.
MAX_NAMES = 1024
_names: "dict[str, frozenset[str]]" = {}
#: Filters of ``tarfile`` that keep members in their folder (PEP 706).
_KEEPING = ("data", "tar", "data_filter", "tar_filter")


def patch_tarfile(module: "Any") -> None:
    """``extractall`` and ``extract``; with a filter that keeps members inside, tarfile refuses by itself."""

    def keeps(archive: "Any", chosen: "Any") -> bool:
        chosen = chosen if chosen is not None else getattr(archive, "extraction_filter", None)
        return (chosen if isinstance(chosen, str) else getattr(chosen, "__name__", "")) in _KEEPING

    def told(member: "Any") -> "tuple[str, str, str]":
        kind = "link" if member.issym() else "hard link" if member.islnk() else "file"
        return member.name, "device" if member.isdev() and not member.isfile() else kind, member.linkname

    def every(self: "Any", path: "Any" = ".", members: "Any" = None, *_: "Any", **options: "Any") -> None:
        if active() and not keeps(self, options.get("filter")):
            chosen = (
                list(members) if isinstance(members, (list, tuple)) else self.getmembers() if members is None else []
            )
            effect("archive", [told(member) for member in chosen], os.path.abspath(path))

    def one(self: "Any", member: "Any", path: "Any" = "", *_: "Any", **options: "Any") -> None:
        if active() and not keeps(self, options.get("filter")):
            info = self.getmember(member) if isinstance(member, str) else member
            effect("archive", [told(info)], os.path.abspath(path))

    before(module.TarFile, "extractall", every)
    before(module.TarFile, "extract", one)


def patch_zipfile(module: "Any") -> None:
    """``zipfile`` takes ways up out of names when it extracts; applications that write members themselves do not."""

    def opened(_self: object, name: "Any" = "", mode: str = "r", *_: "Any", **__: "Any") -> None:
        if mode == "r" and active():
            _remember(name if isinstance(name, str) else getattr(name, "filename", ""))

    before(module.ZipFile, "open", opened)


def _remember(name: str) -> None:
    from remit_guard.sinks.archive import climbs

    if climbs(name):
        if len(_names) >= MAX_NAMES:
            _names.clear()
        _names[name] = _here()


def _here() -> "frozenset[str]":
    return frozenset([invocation.id for invocation in current()])


def written_by_name(path: str) -> "Injection | None":
    """The injection when a file is written under the name of a member that leads out of its folder."""
    here = _here() if _names else frozenset()
    for name, where in _names.items():
        if not here & where:
            continue  # what an archive of another invocation was called says nothing about this one
        if path == name or (path.endswith("/" + name) and not name.startswith("/")):
            from remit_guard.sinks.archive import inspect

            return inspect([(name, "file", "")])
    return None


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "tarfile": patch_tarfile,
    "zipfile": patch_zipfile,
}

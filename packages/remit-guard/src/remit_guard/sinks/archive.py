"""Archives: does every member land inside the folder it is extracted to?

Members named by an absolute path, by a way up, by a drive, or that are links which lead out or are written through, land
elsewhere. The names are the archive's, so their structure proves it wherever the archive came from: an upload, a bucket.
"""

from remit_guard.core.source import Field
from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "file"
LINK = "link"
HARD_LINK = "hard link"
DEVICE = "device"

#: What its field is called: the name of the member follows.
_SOURCE = "archive"


def inspect(members: "Iterable[tuple[str, str, str]]", *, folder: str = "", keeps: bool = False) -> "Injection | None":
    """Decides whether members leave the folder they are extracted to.

    Args:
        members: name, kind (``file``, ``link``, ``hard link``, ``device``) and target of each, in order.
        folder: absolute path of the folder; its name tells a member of ``../folder/x`` that stays.
        keeps: the extractor itself makes names relative (``zipfile``, ``tarfile`` with a filter): only links count.

    Returns:
        The injection, or ``None``.
    """
    links: dict[tuple[str, ...], str] = {}
    for number, (name, kind, target) in enumerate(members):
        path = name.replace("\\", "/") if keeps else name
        if not keeps and _leaves(path, folder):
            return _found(number, name, f"the member {_shape(name)}, a path inside the folder expected")
        parts = _parts(path)
        for length in range(1, len(parts)):
            through = links.get(tuple(parts[:length]))
            if through is not None and (kind in (LINK, HARD_LINK) or ".." in _raw(through)):
                return _found(number, name, "a member written through a link, a path inside the folder expected")
        if kind == DEVICE:
            return _found(number, name, "a device, a file expected")
        if kind == LINK:
            base = path.rpartition("/")[0]
            if target[:1] in ("/", "\\") or target[1:2] == ":" or _leaves(f"{base}/{target}" if base else target, ""):
                return _found(number, name, "a link that leads out, a path inside the folder expected")
            links[tuple(parts)] = target
        elif kind == HARD_LINK and _leaves(target, folder):
            return _found(number, name, "a hard link that leads out, a path inside the folder expected")
    return None


def climbs(name: str) -> bool:
    """Whether a member's name leads out of every folder it is joined to."""
    return _leaves(name.replace("\\", "/"), "")


def _raw(path: str) -> "list[str]":
    return [part for part in path.split("/") if part not in ("", ".")]


def _parts(path: str) -> "list[str]":
    """The path as the file system walks it, without looking."""
    found: list[str] = []
    for part in _raw(path):
        if part == ".." and found:
            found.pop()
        elif part != "..":
            found.append(part)
    return found


def _leaves(path: str, folder: str) -> bool:
    """Whether a relative path leads out of its folder."""
    if path[:1] == "/":
        return not folder or not (_normal(path) + "/").startswith(folder.rstrip("/") + "/")
    if path[1:3] in (":/", ":\\") and path[:1].isalpha():
        return True
    depth = 0
    for part in _raw(path):
        depth += -1 if part == ".." else 1
        if depth < 0:
            return not folder or not (_normal(f"{folder}/{path}") + "/").startswith(folder.rstrip("/") + "/")
    return False


def _normal(path: str) -> str:
    return "/" + "/".join(_parts(path))


def _shape(name: str) -> str:
    return "with an absolute name" if name[:1] in "/\\" or name[1:2] == ":" else "with a way up in its name"


def _found(number: int, name: str, structure: str) -> Injection:
    return Injection(Field(f"member {number}", name, _SOURCE), structure)

"""Which hosts the function itself names: in its remit, its environment, its code, or by having asked for them before.

An event may mention a host that the function talks to anyway (``localhost`` in a text, ``127.0.0.1`` as the sender's address).
Only what nobody but the event names was chosen by it.
"""

import os
import re
import sys

#: Hosts the function asked for while no value of the event was in them; the oldest are forgotten.
MAX_LEARNED = 256
#: How much of the function's own code is read, once, when an event first mentions an inside host that it asks for.
MAX_FILES = 400
MAX_FILE = 256 * 1024
#: The platform's metadata and credentials: no function's code has business naming them.
_NEVER = ("169.254.169.254", "169.254.170.2", "fd00:ec2::254")


class OwnHosts:
    """The hosts one function names itself.

    Args:
        root: folder of its code.
        environ: its environment.
    """

    __slots__ = ("_environ", "_learned", "_root", "_texts")

    def __init__(self, root: str, environ: "dict[str, str]") -> None:
        self._root = root.rstrip("/") + "/"
        self._environ = environ
        self._learned: dict[tuple[str, int], None] = {}
        self._texts: list[str] | None = None

    def learn(self, host: str, port: int) -> None:
        """Remembers a host that was asked for with no help of an event."""
        if len(self._learned) >= MAX_LEARNED:
            del self._learned[next(iter(self._learned))]
        self._learned[host.lower(), port] = None

    def names(self, host: str, port: int, reaches: "tuple[str, ...]" = ()) -> bool:
        """Whether the function names a host.

        Args:
            host: a name or an address, as it is asked for.
            port: the port, 0 for none.
            reaches: the hosts of its remit; patterns name nothing.
        """
        host = host.lower().strip("[]").rstrip(".")
        if host in _NEVER:
            return False
        if (host, port) in self._learned:
            return True
        shown = f"{host}:{port}" if port else host
        if any(reach.lower() in (host, shown) for reach in reaches):
            return True
        begins = rf"(?<![\w.-]){re.escape(host)}\]?"
        ends = rf":{port}(?!\d)|(?!:?[\w-]|\.\w)"
        written = re.compile(f"{begins}(?:{ends})")
        if any(written.search(value.lower()) for name, value in self._environ.items() if not name.startswith("AWS_")):
            return True
        if port not in (0, 80, 443):  # in code, the port is there as well: in the URL, or in the same or the next line
            written = re.compile(rf"{begins}(?::{port}(?!\d)|[\"'][^\n]{{0,80}}\n?[^\n]{{0,80}}(?<!\d){port}(?!\d))")
        return any(written.search(text) for text in self._code())

    def _code(self) -> "list[str]":
        if self._texts is None:
            self._texts = _texts(self._root)
        return self._texts


def _texts(root: str) -> "list[str]":
    """The function's own modules as texts, in lower case; what a package installer brought is not its own."""
    brought = _brought(root)
    found: list[str] = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.startswith(root) or not path.endswith(".py"):
            continue
        inner = path[len(root) :]
        if "site-packages/" in inner or inner.partition("/")[0] in brought:
            continue
        try:
            with open(path, "rb") as file:
                found.append(file.read(MAX_FILE).decode("utf-8", "replace").lower())
        except OSError:  # gone since it was imported
            continue
        if len(found) == MAX_FILES:
            break
    return found


def _brought(root: str) -> "frozenset[str]":
    """The names at the top of the task root that package installers recorded."""
    found: set[str] = set()
    try:
        names = os.listdir(root)
    except OSError:
        return frozenset()
    for name in names:
        if name.endswith(".dist-info"):
            try:
                with open(os.path.join(root, name, "RECORD"), encoding="utf-8", errors="replace") as file:
                    found.update(line.partition(",")[0].partition("/")[0].strip('"') for line in file)
            except OSError:  # no record: its modules count as the function's own
                continue
    return frozenset(found)

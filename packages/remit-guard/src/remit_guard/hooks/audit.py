"""The audit hook: the interpreter itself tells about programs, files, sockets, code and pickles.

One dictionary look-up on the event's name; everything else happens only for the events named here and only while an
invocation lives. An audit hook covers every thread and cannot be removed (PEP 578). What it cannot see: effects of C
libraries that do not ask the interpreter, and ``_posixsubprocess.fork_exec``, which ``hooks.processes`` wraps.
"""

import sys
from os import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY, fsdecode

from remit_guard.hooks.gate import active, busy, effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

_WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "surrogateescape")
    return str(value)


def _argv(value: object) -> "list[str]":
    if isinstance(value, str | bytes):
        return [_text(value)]
    return [_text(item) for item in value] if isinstance(value, list | tuple) else []


def _popen(args: "tuple[Any, ...]") -> None:
    executable, argv = args[0], _argv(args[1])
    program = _text(executable) if executable is not None else (argv[0] if argv else "")
    effect("process", program, argv)


def _system(args: "tuple[Any, ...]") -> None:
    effect("process", "/bin/sh", ["/bin/sh", "-c", _text(args[0])])


def _exec(args: "tuple[Any, ...]") -> None:
    effect("process", _text(args[0]), _argv(args[1]))


def _spawn(args: "tuple[Any, ...]") -> None:
    effect("process", _text(args[1]), _argv(args[2]))


def _pty(args: "tuple[Any, ...]") -> None:
    argv = _argv(args[0])
    effect("process", argv[0] if argv else "", argv)


def _open(args: "tuple[Any, ...]") -> None:
    path, mode, flags = args
    if isinstance(path, int):  # an open descriptor is no new file
        return
    writes = bool(flags & _WRITES) if isinstance(flags, int) else any(c in str(mode) for c in "wxa+")
    effect("file", fsdecode(path), "write" if writes else "read")


def _reads(args: "tuple[Any, ...]") -> None:
    if args[0] is not None and not isinstance(args[0], int):
        effect("file", fsdecode(args[0]), "read")


def _changes(args: "tuple[Any, ...]") -> None:
    if not isinstance(args[0], int):
        effect("file", fsdecode(args[0]), "write")


def _moves(args: "tuple[Any, ...]") -> None:
    for path in args[:2]:
        effect("file", fsdecode(path), "write")


def _resolves(args: "tuple[Any, ...]") -> None:
    host = args[0]
    if host:
        effect("resolve", _text(host), args[1] if len(args) > 1 else None)


def _connects(args: "tuple[Any, ...]") -> None:
    address = args[1]
    if isinstance(address, tuple) and len(address) >= 2:  # others are local: UNIX sockets, netlink
        effect("connect", _text(address[0]), address[1])


def _url(args: "tuple[Any, ...]") -> None:
    effect("url", _text(args[0]))


def _compiles(args: "tuple[Any, ...]") -> None:
    source = args[0]
    if isinstance(source, str | bytes):
        effect("code", _text(source), _text(args[1]))


def _tampers(what: str) -> "Callable[[tuple[Any, ...]], None]":
    def handle(_: "tuple[Any, ...]") -> None:
        effect("tampering", what)

    return handle


def _native(args: "tuple[Any, ...]") -> None:
    effect("native", _text(args[0]) if args[0] is not None else "the interpreter itself")


_collects = _tampers("asks the collector for objects it has no name for")
_traces = _tampers("traces or profiles the running program")
_EVENTS: "dict[str, Callable[[tuple[Any, ...]], None]]" = {
    "subprocess.Popen": _popen,
    "os.system": _system,
    "os.exec": _exec,
    "os.posix_spawn": _exec,
    "os.spawn": _spawn,
    "pty.spawn": _pty,
    "open": _open,
    "os.listdir": _reads,
    "os.scandir": _reads,
    "os.remove": _changes,
    "os.mkdir": _changes,
    "os.rmdir": _changes,
    "os.truncate": _changes,
    "os.chmod": _changes,
    "os.chown": _changes,
    "os.utime": _changes,
    "os.rename": _moves,
    "os.link": _moves,
    "os.symlink": _moves,
    "socket.getaddrinfo": _resolves,
    "socket.gethostbyname": _resolves,
    "socket.connect": _connects,
    "socket.sendto": _connects,
    "socket.sendmsg": _connects,
    "urllib.Request": _url,
    "compile": _compiles,
    "ctypes.dlopen": _native,
    "gc.get_objects": _collects,
    "gc.get_referrers": _collects,
    "sys.settrace": _traces,
    "sys.setprofile": _traces,
    "sys._current_frames": _tampers("looks into the frames of other threads"),
    "cpython.PyInterpreterState_New": _tampers("starts an interpreter that no hook watches"),
}
#: What the import system does to find and run modules is not the function's doing.
_OF_IMPORTS = frozenset({"open", "compile", "os.listdir"})
_installed: "list[bool]" = []


def _file_of(name: str) -> str:
    """The file of a standard module that looks at code and never runs it: ``ast`` compiles, ``tokenize`` opens."""
    return getattr(sys.modules.get(name), "__file__", None) or ""


def _under_linecache(frame: "FrameType | None") -> bool:
    """Whether ``linecache`` asks: source lines for a trace, while the interpreter tells about an error."""
    return frame is not None and frame.f_code.co_filename == _file_of("linecache")


def install() -> None:
    """Adds the hook, once per process."""
    if _installed:
        return
    _installed.append(True)
    events = _EVENTS
    frame = sys._getframe  # noqa: SLF001  (documented; the only way to know the caller at this price)

    def hook(event: str, args: "tuple[Any, ...]") -> None:
        handle = events.get(event)
        if handle is None or not active() or busy():
            return
        if event in _OF_IMPORTS:
            try:
                caller = frame(1).f_code.co_filename
            except ValueError:  # called from C with no Python frame below
                caller = ""
            except TypeError:  # the sealed floor looks something up, and shows its frames to nobody
                return
            if caller.startswith("<frozen ") or (event == "compile" and caller == _file_of("ast")):
                return
            if event == "open" and caller == _file_of("tokenize") and _under_linecache(frame(2)):
                return
        handle(args)

    sys.addaudithook(hook)

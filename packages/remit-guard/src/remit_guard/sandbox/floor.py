"""The floor: the remit of one process, kept by functions that the process cannot reach.

What is written here is ordinary code. It becomes the floor when ``seal`` makes private copies of these functions, with
globals and builtins of their own, and hands them to the interpreter as an audit hook. From then on nothing in the
process refers to the copies: what replaces a name in this module, in ``builtins`` or in ``os`` changes nothing there.

Three things follow for whoever edits this file. Every fact comes as a value of unknown type, so it is turned into an
exact ``str``, ``bytes`` or ``int`` by an unbound method before anything of it is called. No function of the standard
library that is written in Python is called: the process could replace what that calls. And no exception leaves
``decide``: a traceback would hold frames, and frames lead to everything here.
"""

from _stat import S_ISREG
from _thread import get_ident
from posix import getcwd, listdir, readlink, stat, write
from sys import _getframe
from time import time_ns

from remit_guard.core.verdict import (
    FILE_OUTSIDE,
    GUARD_FAULT,
    GUARD_TAMPERING,
    HOST_OUTSIDE,
    PATH,
    PROCESS,
    PROCESS_OUTSIDE,
    URL,
)
from remit_guard.sandbox.egress import allowed, of_cloud
from remit_guard.sandbox.files import beyond, tampers
from remit_guard.sandbox.processes import outside as strange_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    Found = tuple[str, str, str, str]  # rule, verb, sink, what was tried

#: ``O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND`` of Linux and macOS alike are told apart by the seal.
_WRITES: "list[int]" = []
#: How many lines of one rule are written.
LIMIT = 50
#: How many addresses are remembered with their names.
REMEMBERED = 4096
#: How many links in a path are followed.
MAX_LINKS = 40
AF_UNIX, AF_INET = 1, 2
SOCK_RAW, SOCK_TYPE = 3, 0xF
#: Modules of the standard library, written in C, that open files or start programs without telling the interpreter, write
#: memory, or start an interpreter without this hook; and built-in ones whose second copy would lack our patches.
NATIVE = frozenset({
    "_ctypes", "_ctypes_test", "_cffi_backend", "_tkinter", "readline", "_gdbm", "_dbm", "nis", "_xxsubinterpreters",
    "_interpreters", "_interpchannels", "_interpqueues", "_xxinterpchannels", "_testcapi", "_testinternalcapi",
    "_testlimitedcapi", "_testbuffer", "_testclinic", "_testmultiphase", "_testsinglephase", "_xxtestfuzz",
    "_posixsubprocess", "posix", "_imp", "_remote_debugging",
})  # fmt: skip
#: Variables that decide what later code, programs or look-ups do.
_STEERING = (
    b"REMIT_",
    b"LD_",
    b"PYTHON",
    b"AWS_LAMBDA_RUNTIME_API",
    b"HOSTALIASES",
    b"LOCALDOMAIN",
    b"RES_OPTIONS",
    b"GCONV_PATH",
)
_FRAMES = frozenset({"tb_frame", "gi_frame", "cr_frame", "ag_frame"})
_UNPATCHING = frozenset({"__code__"})  # defaults are set by namedtuple, too

#: What the seal fills in; afterwards only the private copies of these exist for the hook.
facts: "dict[str, Any]" = {}
raw: "dict[str, Any]" = {}
handlers: "dict[str, Callable[[Any], Found | None]]" = {}
_inside: "set[int]" = set()
_expected: "dict[int, str]" = {}
_names: "dict[str, set[str]]" = {}
_told: "dict[str, int]" = {}


def decide(args: "Any", event: str) -> "int | None":
    """One audit event. ``0`` lets it happen; ``None`` makes the C function that compares it with zero raise.

    While this thread is already in here, any other event is some program's doing (a collector's callback, a signal): refused,
    for its frames would lead back to ours.
    """
    handler = handlers.get(event)
    if handler is None:
        return 0
    ident = get_ident()
    if ident in _inside:
        return 0 if _expected.pop(ident, "") == event else None
    try:
        _inside.add(ident)
        found = handler(args)
        return 0 if found is None else _settle(found)
    except BaseException as error:  # noqa: BLE001  (the boundary: no frame of ours may leave in a traceback)
        if facts.get("enforced"):
            _line("block", GUARD_FAULT, "", f"the floor failed at {event}; it was refused", type(error).__name__)
            return None
        _line("alert", GUARD_FAULT, "", f"the floor failed at {event}; it was not judged", type(error).__name__)
        return 0
    finally:
        _inside.discard(ident)


def _settle(found: "Found") -> "int | None":
    rule, verb, sink, what = found
    action = facts["actions"].get(verb, "alert")
    if action == "off":
        return 0
    _line(action, rule, sink, what, "")
    return None if action == "block" else 0


def _line(action: str, rule: str, sink: str, what: str, error: str) -> None:
    """Writes one signal to the output; by hand, for ``json`` is within the program's reach."""
    count = _told[rule] = _told.get(rule, 0) + 1
    if count > LIMIT:
        return
    line = facts.get("line", "")
    severity, number = ("critical", 5) if rule == GUARD_TAMPERING else ("high", 4)
    evidence = {"stage": "sealed"}
    if error:
        evidence["error"] = error
    shown = ",".join([f'"{name}":"{_plain(value)}"' for name, value in evidence.items()])
    text = (
        f'{{"class_uid":2004,"category_uid":2,"type_uid":200401,"activity_id":1,"time":{time_ns() // 1000000},'
        f'"severity":"{severity}","severity_id":{number},{line}"finding_info":{{"uid":"{rule}","title":"{rule}"}},'
        f'"verdict":"{action}","rule":"{rule}",' + (f'"sink":"{sink}",' if sink else "") + f'"reason":"{_plain(what)}",'
        f'"evidence":{{{shown}}}}}\n'
    )
    try:
        write(1, text.encode("ascii"))
    except OSError:
        _told[rule] = count - 1


def _plain(text: str) -> str:
    found = ""
    for char in text[:256]:
        found += char if " " <= char <= "~" and char not in '"\\' else "?"
    return found


# -- values of unknown type -----------------------------------------------------------------------------------------


def _text(value: "Any") -> "str | None":
    """The exact text of a path, host or word; ``None`` for everything that is none."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if issubclass(kind, str):
        return str.__str__(value)
    if kind is bytes:
        return bytes.decode(value, "utf-8", "surrogateescape")
    if issubclass(kind, bytes | bytearray):
        return bytes(memoryview(value)).decode("utf-8", "surrogateescape")
    return None


def _number(value: "Any") -> "int | None":
    kind = type(value)
    if kind is int:
        return value  # type: ignore[no-any-return]
    return int.__index__(value) if issubclass(kind, int) else None


def _items(value: "Any") -> "list[Any]":
    kind = type(value)
    if issubclass(kind, tuple):
        return list(tuple.__iter__(value))
    return list(list.__iter__(value)) if issubclass(kind, list) else []


# -- files ----------------------------------------------------------------------------------------------------------


def _absolute(path: str, base: str) -> str:
    parts: list[str] = []
    for part in (path if path[:1] == "/" else base + "/" + path).split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def _real(path: str, base: str) -> "str | None":
    """The path with every link in it followed; ``None`` when there are too many."""
    rest = (path if path[:1] == "/" else base + "/" + path).split("/")
    rest.reverse()
    done = ""
    links = 0
    while rest:
        part = rest.pop()
        if part in ("", "."):
            continue
        if part == "..":
            done = done.rpartition("/")[0]
            continue
        step = done + "/" + part
        try:
            target = readlink(step)
        except OSError:
            done = step
            continue
        links += 1
        if links > MAX_LINKS:
            return None
        if target[:1] == "/":
            done = ""
        found = target.split("/")
        found.reverse()
        rest += found
    return done or "/"


def _base(descriptor: "Any") -> "str | None":
    """The folder that a relative path starts from."""
    number = _number(descriptor)
    if number is None or number < 0:
        return getcwd()
    try:
        return readlink(f"/proc/self/fd/{number}")
    except OSError:
        return None


def _path(value: "Any", use: str, folder: "Any" = -1) -> "Found | None":
    if value is None or _number(value) is not None:  # the current folder, or an open file
        return None
    path = _text(value)
    base = _base(folder)
    if path is None or base is None or "\0" in path:
        return FILE_OUTSIDE, use + "s", PATH, f"{use}s a file under a name that cannot be read"
    if path[:5] == "pipe:" or not path:
        return None
    real = _real(path, base)
    verb = use + "s"
    prefixes = facts[verb] if use == "write" else facts["reads"] + facts["writes"]
    for full in (real, _absolute(path, base)):
        if full is None:
            return FILE_OUTSIDE, verb, PATH, f"{use}s through too many links"
        if tampers(full, use):
            return GUARD_TAMPERING, "memory", PATH, f"opens {full} to {use} this process's own memory or environment"
        if beyond(full, use, prefixes, facts["code"], facts["temp"]):
            return FILE_OUTSIDE, verb, PATH, f"{use}s {full}, which the remit does not name"
    return None


def on_open(args: "Any") -> "Found | None":
    """``open``: path, mode, flags."""
    flags = _number(args[2])
    use = "read" if flags is not None and not flags & _WRITES[0] else "write"
    found = _path(args[0], use)
    path = _text(args[0])
    if found is None and args[1] is None and path is not None and path[:1] != "/":
        return _in_open_folders(path, use)
    return found


def _in_open_folders(path: str, use: str) -> "Found | None":
    """``os.open`` of a relative path may count from any open folder (``dir_fd``), and its event does not say from which."""
    _expected[get_ident()] = "os.listdir"
    for number in listdir("/proc/self/fd"):
        try:
            folder = readlink("/proc/self/fd/" + number)
        except OSError:  # the descriptor of the listing itself
            continue
        if folder[:1] == "/" and not S_ISREG(stat("/proc/self/fd/" + number).st_mode):
            found = _path(folder + "/" + path, use)
            if found is not None:
                return found
    return None


def on_read(args: "Any") -> "Found | None":
    """Folders that are listed."""
    return _path(args[0], "read")


def on_change(args: "Any") -> "Found | None":
    """``os.remove(path, dir_fd)`` and its like: the folder comes last."""
    folder = args[-1] if len(args) > 1 else -1
    return _path(args[0], "write", folder)


def on_change_here(args: "Any") -> "Found | None":
    """Changes of one path, without a folder."""
    return _path(args[0], "write")


def on_move(args: "Any") -> "Found | None":
    """``os.rename`` and ``os.link``: source, destination, their folders."""
    return _path(args[0], "write", args[2]) or _path(args[1], "write", args[3])


def on_symlink(args: "Any") -> "Found | None":
    """A link may lead nowhere that may not be read; it counts from the folder it lies in."""
    target, place = _text(args[0]), _text(args[1])
    if target is None or place is None:
        return FILE_OUTSIDE, "writes", PATH, "makes a link under a name that cannot be read"
    base = _base(args[2])
    if base is None:
        return FILE_OUTSIDE, "writes", PATH, "makes a link in a folder that is not known"
    folder = _real((place if place[:1] == "/" else base + "/" + place).rpartition("/")[0] or "/", base)
    return _path(place, "write", args[2]) or _path(target if target[:1] == "/" else f"{folder}/{target}", "read")


def on_database(args: "Any") -> "Found | None":
    """``sqlite3.connect``: a file, unless it is one in memory."""
    path = _text(args[0])
    if path is not None and path[:5] == "file:":
        path = path[5:].partition("?")[0].partition("#")[0]
        path = path[2:] if path[:3] == "///" else path
    if path in ("", ":memory:"):
        return None
    return _path(path if path is not None else args[0], "write")


# -- programs and native code -----------------------------------------------------------------------------------------


def _program(program: "str | None", words: "list[str | None]") -> "Found | None":
    if program is None or None in words:
        return PROCESS_OUTSIDE, "runs", PROCESS, "starts a program under a name that cannot be read"
    strange = strange_program(program, [word for word in words if word is not None], facts["runs"], facts["commands"])
    if strange is None:
        return None
    return PROCESS_OUTSIDE, "runs", PROCESS, f"starts {strange}, which the remit does not name"


def on_exec(args: "Any") -> "Found | None":
    """``os.exec`` and ``os.posix_spawn``: path, words."""
    return _program(_text(args[0]), [_text(word) for word in _items(args[1])])


def on_system(args: "Any") -> "Found | None":
    """``os.system``: a script."""
    return _program("/bin/sh", ["/bin/sh", "-c", _text(args[0])])


def on_pty(args: "Any") -> "Found | None":
    """``pty.spawn``: words; it forks and executes, which is told apart, but a program may have replaced that code."""
    words = [_text(word) for word in _items(args[0])] or [_text(args[0])]
    return _program(words[0], words)


def on_library(args: "Any") -> "Found | None":
    """``ctypes.dlopen``: native code does what it likes, so each library is a program of its own."""
    name = _text(args[0]) if args[0] is not None else "the interpreter itself"
    name = name if name is not None else "an unreadable name"
    if name in facts["runs"] or "*" in facts["runs"]:
        return None
    return PROCESS_OUTSIDE, "runs", PROCESS, f"loads native code: {name}, which the remit does not name"


def on_import(args: "Any") -> "Found | None":
    """``import``: extension modules come from code and layers only, and some not at all once the seal is set."""
    name, file = _text(args[0]), args[1]
    if name is not None and name.rpartition(".")[2] in NATIVE and not _named(name):
        return PROCESS_OUTSIDE, "runs", PROCESS, f"loads {name}, which goes around the interpreter"
    if file is None:
        return None
    path = _text(file)
    real = _real(path, getcwd()) if path is not None else None
    if real is None or not _in_code(real) or (facts["temp"] and _in_temp(real)):
        return PROCESS_OUTSIDE, "runs", PROCESS, f"loads native code from outside code and layers: {real}"
    return None


def _named(module: str) -> bool:
    """Whether ``runs`` names a module of native code; ``ctypes`` stands for the one below it."""
    name = module.rpartition(".")[2]
    return "*" in facts["runs"] or name in facts["runs"] or name.lstrip("_") in facts["runs"]


def _in_code(path: str) -> bool:
    return not beyond(path, "read", (), facts["code"], ())


def _in_temp(path: str) -> bool:
    for folder in facts["temp"]:
        if path.startswith(folder + "/"):
            # A temp folder that holds the code itself: a build that is being tried.
            return not any(inner.startswith(folder + "/") and path.startswith(inner + "/") for inner in facts["code"])
    return False


# -- network ----------------------------------------------------------------------------------------------------------


def _literal(host: str) -> str:
    """The address in its usual form; ``""`` for a name."""
    plain = host.partition("%")[0]
    if "inet_pton" not in raw:  # no socket was ever loaded: there is nothing to tell apart
        return ""
    for family in (AF_INET, raw["AF_INET6"]):
        try:
            found: str = raw["inet_ntop"](family, raw["inet_pton"](family, plain))
        except (OSError, ValueError):
            continue
        return found[7:] if found.startswith("::ffff:") and "." in found else found
    return ""


def _may_reach(host: str, port: "int | None") -> bool:
    own = facts["own"]
    address = _literal(host)
    for name in (_names.get(address) or {address}) if address else (host,):
        if allowed(name, port, facts["reaches"], own) or (
            port in (None, 443, 80) and of_cloud(name, facts["services"])
        ):
            return True
    return False


def on_resolve(args: "Any") -> "Found | None":
    """``getaddrinfo`` and its like: a name alone can carry data out."""
    if args[0] is None:
        return None
    host = _text(args[0])
    if host is None:
        return HOST_OUTSIDE, "reaches", URL, "resolves a name that cannot be read"
    if not host or _literal(host) or _may_reach(host, None):
        return None
    return HOST_OUTSIDE, "reaches", URL, f"resolves {host}, which the remit does not name"


def on_address(args: "Any") -> "Found | None":
    """``gethostbyaddr`` and ``getnameinfo``: asks the resolver about an address."""
    place = args[0]
    host = _text(_items(place)[0]) if _items(place) else _text(place)
    if host is not None and _may_reach(host, None):
        return None
    return HOST_OUTSIDE, "reaches", URL, f"asks for the name of {host}, which the remit does not name"


def on_connect(args: "Any") -> "Found | None":
    """``connect``, ``sendto``, ``sendmsg``: socket and address."""
    address = args[1]
    if address is None:  # the socket is connected already
        return None
    local = _text(address)
    if local is not None:
        return _local(local)
    parts = _items(address)
    host, port = (_text(parts[0]), _number(parts[1])) if len(parts) >= 2 else (None, None)
    if host is None or port is None:
        return HOST_OUTSIDE, "reaches", URL, "connects to an address of an unknown kind"
    host = host or "0.0.0.0"  # noqa: S104  (what the interpreter makes of an empty host)
    if host == facts["runtime"][0] and port == facts["runtime"][1] and not _of_runtime():
        return GUARD_TAMPERING, "tampering", URL, "connects to the platform's own interface for the runtime"
    if _may_reach(host, port):
        return None
    known = _names.get(_literal(host) or host)
    shown = "/".join(known) if known else host
    return HOST_OUTSIDE, "reaches", URL, f"reaches {shown}:{port}, which the remit does not name"


def _local(path: str) -> "Found | None":
    if path[:1] == "\0" or not path:
        name = "unix:@" + path[1:]
        if name in facts["reaches"] or "*" in facts["reaches"]:
            return None
        return HOST_OUTSIDE, "reaches", URL, f"reaches the local socket {name[5:]}, which the remit does not name"
    if path == "/dev/log":
        return None
    found = _path(path, "write")
    return None if found is None else (HOST_OUTSIDE, "reaches", URL, f"reaches the local socket {path}")


def _of_runtime() -> bool:
    """Whether the runtime's own client is among the callers, by the identity of its code."""
    frame: FrameType | None = _own_frame()
    codes = facts["client"]
    while frame is not None:
        _expected[get_ident()] = "object.__getattr__"
        if frame.f_code in codes:
            return True
        frame = frame.f_back
    return False


def _own_frame() -> "FrameType":
    _expected[get_ident()] = "sys._getframe"
    return _getframe()


def on_socket(args: "Any") -> "Found | None":
    """``socket.__new__``: kinds of sockets that no address check covers."""
    family, kind = _number(args[1]), _number(args[2])
    if family in facts["families"] and (family == AF_UNIX or kind is None or kind & SOCK_TYPE != SOCK_RAW):
        return None
    if family == -1 or "*" in facts["reaches"]:
        return None
    return HOST_OUTSIDE, "reaches", URL, f"opens a socket of family {family}, kind {kind}"


# -- what would undo all this -------------------------------------------------------------------------------------------


def _tampering(what: str) -> "Callable[[Any], Found | None]":
    def handler(_: "Any") -> "Found | None":
        return GUARD_TAMPERING, "tampering", "", what

    return handler


on_objects = _tampering("asks the collector for objects it has no name for")
on_trace = _tampering("traces or profiles the running program")
on_frames = _tampering("looks into the frames of other threads")
on_interpreter = _tampering("starts an interpreter that no hook watches")
on_memory = _tampering("turns a number into memory")


def on_nothing(_: "Any") -> None:
    """Never wrong by itself; named so that it is refused inside the floor."""


def on_frame(_: "Any") -> "Found | None":
    """``sys._getframe``: refused where the way up leads through the floor.

    A callback can run after the floor's first frame began and before it marked itself, or after it took the mark off.
    """
    return _through_here(3)


def _through_here(depth: int) -> "Found | None":
    """Whether the frames above the one that asked, ``depth`` steps up, lead through the floor."""
    _expected[get_ident()] = "sys._getframe"
    frame: FrameType | None = _getframe(depth)
    home = facts["home"]
    while frame is not None:
        if frame.f_globals is home:
            return GUARD_TAMPERING, "tampering", "", "looks into frames of the floor"
        frame = frame.f_back
    return None


def on_frame_of(args: "Any") -> "Found | None":
    """``object.__getattr__``: the frame of a traceback, a generator, a coroutine."""
    return _through_here(3) if args[1] in _FRAMES else None


def on_attribute(args: "Any") -> "Found | None":
    """``object.__setattr__``: code of a function replaced."""
    if _text(args[1]) in _UNPATCHING and not _of_loaders(3):
        return GUARD_TAMPERING, "tampering", "", "replaces the code of a function"
    return None


def on_code(_: "Any") -> "Found | None":
    """``code.__new__``, ``marshal.loads``: byte code that no compiler made can read and write any memory."""
    if _of_loaders(3):
        return None
    return GUARD_TAMPERING, "tampering", "", "makes byte code that no compiler made"


def _of_loaders(depth: int) -> bool:
    """Whether the caller, ``depth`` steps up, is code of the standard library that may do this, by identity."""
    _expected[get_ident()] = "sys._getframe"
    frame: FrameType | None = _getframe(depth)
    _expected[get_ident()] = "object.__getattr__"
    return frame is not None and frame.f_code in facts["loaders"]


def on_variable(args: "Any") -> "Found | None":
    """``os.putenv``, ``os.unsetenv``: variables that steer the guard, the loader, the resolver."""
    name = _text(args[0])
    if name is not None and name.encode("utf-8", "surrogateescape").startswith(_STEERING):
        return GUARD_TAMPERING, "tampering", "", f"changes {name}"
    return None


# -- what the patches ask for -------------------------------------------------------------------------------------------


def on_keep(args: "Any") -> None:
    """A patch hands over the function it replaced: nothing else refers to it any longer. Until the seal, once a name."""
    name, function, box = args
    if not facts.get("sealed") and name not in raw:
        raw[name] = function
    if name in raw:
        box.append(True)


def _serve(name: str, args: "Any", box: "list[Any]", event: str) -> None:
    """Calls a kept function; its result or its error, without a trace of here, goes into the box."""
    if event:
        _expected[get_ident()] = event
    try:
        box.append((True, raw[name](*args)))
    except BaseException as error:  # noqa: BLE001  (handed on to the caller, who raises it)
        error.__traceback__ = None
        error.__context__ = None
        box.append((False, error))
    finally:
        _expected.pop(get_ident(), None)


def on_fork_exec(args: "Any") -> "Found | None":
    """``_posixsubprocess.fork_exec``, which raises no event of its own; words and programs are copied before they are judged."""
    given, box = args
    words = [_text(word) for word in _items(given[0])]
    programs = [_text(name) for name in _items(given[1])]
    if facts.get("sealed") and facts["actions"]["runs"] != "off":
        # A bare name comes as one candidate for each folder of PATH: those that may run are tried, the others are not.
        judged = [(name, _program(name, [*words])) for name in programs or [None]]
        programs = [name for name, found in judged if found is None]
        if not programs:
            if _settle(judged[0][1] or (PROCESS_OUTSIDE, "runs", PROCESS, "starts no program at all")) is None:
                return None
            programs = [name for name, _ in judged]
    exact = [word.encode("utf-8", "surrogateescape") for word in words if word is not None]
    files = tuple([name.encode("utf-8", "surrogateescape") for name in programs if name is not None])
    _serve("fork_exec", (exact, files, *given[2:]), box, "")
    return None


def on_resolver(args: "Any") -> "Found | None":
    """``getaddrinfo`` and ``gethostbyname``: asked here, so that what is learned from the answer cannot be made up."""
    name, given, box = args
    host = given[0]
    exact = None if host is None else _text(host)
    if exact is not None and facts.get("sealed") and "reaches" in facts["judged"]:
        found = on_resolve((exact,))
        if found is not None and _settle(found) is None:
            return None
    if exact is not None and exact.isascii():
        # As bytes: of a text, Python's own codec would have to make them, in the middle of this.
        event = "socket.getaddrinfo" if name == "getaddrinfo" else "socket.gethostbyname"
        _serve(name, (exact.encode("ascii"), *given[1:]), box, event)
        if box and box[-1][0]:
            _learn(exact.lower().rstrip("."), name, box[-1][1])
    elif exact is None:
        _serve(name, (None, *given[1:]), box, "socket.getaddrinfo")
    return None


def _learn(host: str, name: str, answer: "Any") -> None:
    if name == "getaddrinfo":
        found = [str(item[4][0]) for item in answer]
    else:
        found = [answer] if type(answer) is str else list(answer[2])
    for address in found:
        exact = _literal(address)
        if exact not in _names and len(_names) >= REMEMBERED:
            del _names[next(iter(_names))]
        _names.setdefault(exact, set()).add(host)


def on_builtin(args: "Any") -> "Found | None":
    """``_imp.create_builtin``: a second copy of a built-in module would lack every patch."""
    spec, box = args
    name = _text(spec.name)
    if name is None:
        return None
    if facts.get("sealed") and name in NATIVE:
        found = (GUARD_TAMPERING, "tampering", "", f"makes another copy of the built-in module {name}")
        if _settle(found) is None:
            return None
    only = facts["namespace"](name=name)
    _serve("create_builtin", (only,), box, "")
    return None


def on_seal(args: "Any") -> None:
    """Sets the seal, once: from now on effects are judged, and nothing can be changed any more."""
    if facts.get("sealed"):
        return
    (found,) = args
    facts.update(found)
    facts["sealed"] = True
    judged = facts["judged"]
    for event, (verb, handler) in judges.items():
        if verb in judged:
            handlers[event] = handler


#: What the hook listens to from the start.
services: "dict[str, Callable[[Any], Found | None]]" = {
    "remit_guard.keep": on_keep,
    "remit_guard.fork_exec": on_fork_exec,
    "remit_guard.resolver": on_resolver,
    "remit_guard.builtin": on_builtin,
    "remit_guard.seal": on_seal,
}
#: What it judges after the seal, by the verb that must be enforced for it.
judges: "dict[str, tuple[str, Callable[[Any], Found | None]]]" = {
    "open": ("files", on_open),
    "os.listdir": ("files", on_read),
    "os.scandir": ("files", on_read),
    "os.remove": ("files", on_change),
    "os.rmdir": ("files", on_change),
    "os.mkdir": ("files", on_change),
    "os.chmod": ("files", on_change),
    "os.chown": ("files", on_change),
    "os.utime": ("files", on_change),
    "os.truncate": ("files", on_change_here),
    "os.setxattr": ("files", on_change_here),
    "os.removexattr": ("files", on_change_here),
    "os.rename": ("files", on_move),
    "os.link": ("files", on_move),
    "os.symlink": ("files", on_symlink),
    "sqlite3.connect": ("files", on_database),
    "os.exec": ("runs", on_exec),
    "os.posix_spawn": ("runs", on_exec),
    "os.system": ("runs", on_system),
    "pty.spawn": ("runs", on_pty),
    "ctypes.dlopen": ("runs", on_library),
    "import": ("runs", on_import),
    "sqlite3.load_extension": ("runs", _tampering("loads native code into the database library")),
    "socket.getaddrinfo": ("reaches", on_resolve),
    "socket.gethostbyname": ("reaches", on_resolve),
    "socket.gethostbyaddr": ("reaches", on_address),
    "socket.getnameinfo": ("reaches", on_address),
    "socket.connect": ("reaches", on_connect),
    "socket.sendto": ("reaches", on_connect),
    "socket.sendmsg": ("reaches", on_connect),
    "socket.__new__": ("reaches", on_socket),
    "gc.get_objects": ("tampering", on_objects),
    "gc.get_referrers": ("tampering", on_objects),
    "gc.get_referents": ("tampering", on_objects),
    "sys.settrace": ("tampering", on_trace),
    "sys.setprofile": ("tampering", on_trace),
    "sys.monitoring.register_callback": ("tampering", on_trace),
    "sys._current_frames": ("tampering", on_frames),
    "sys._current_exceptions": ("tampering", on_frames),
    "cpython.PyInterpreterState_New": ("tampering", on_interpreter),
    "cpython.remote_debugger_script": ("tampering", on_interpreter),
    "sys.remote_exec": ("tampering", on_interpreter),
    "object.__setattr__": ("tampering", on_attribute),
    "object.__delattr__": ("tampering", on_attribute),
    "code.__new__": ("tampering", on_code),
    "marshal.loads": ("tampering", on_code),
    "marshal.load": ("tampering", on_code),
    "os.putenv": ("tampering", on_variable),
    "os.unsetenv": ("tampering", on_variable),
    "ctypes.cdata": ("tampering", on_memory),
    "ctypes.string_at": ("tampering", on_memory),
    "ctypes.wstring_at": ("tampering", on_memory),
    "ctypes.PyObj_FromPtr": ("tampering", on_memory),
    "sys._getframe": ("tampering", on_frame),
    "sys._getframemodulename": ("tampering", on_nothing),
    "object.__getattr__": ("tampering", on_frame_of),
    "sys.addaudithook": ("tampering", on_nothing),
}

"""The kernel tier: seccomp and Landlock, set by a process on itself, for good.

Opt-in (``REMIT_KERNEL=on``), for it needs what classic Lambda environments do not grant, and ``ctypes``, whose import costs
milliseconds. What it adds to the hooks: it binds native code. Landlock binds the thread that calls and those it starts, so
this runs before the function's code is imported; the seccomp filter is set on all threads.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import CDLL
    from typing import Any

    from remit_guard.core.remit import Remit

_SET_NO_NEW_PRIVS, _SET_SECCOMP = 38, 22
_SECCOMP_SET_MODE_FILTER, _SECCOMP_TSYNC = 1, 1
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PATH_BENEATH, _NET_PORT = 1, 2
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
#: All rights on files that each version of Landlock knows (``linux/landlock.h``).
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
#: Devices to be made, which no function does.
_NODES = (1 << 6) | (1 << 11)
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_CONNECT = 2  # LANDLOCK_ACCESS_NET_CONNECT_TCP
_SCOPES = 3  # abstract sockets and signals stay inside
#: What the C library and the interpreter read on their own.
_READ = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/etc/ssl", "/etc/pki",
    "/etc/ca-certificates", "/etc/crypto-policies", "/etc/hosts", "/etc/host.conf", "/etc/gai.conf",
    "/etc/resolv.conf", "/run/systemd/resolve", "/etc/nsswitch.conf", "/etc/localtime", "/etc/services",
    "/etc/protocols", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/mime.types",
    "/etc/os-release", "/sys/devices/system/cpu", "/sys/fs/cgroup", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/loadavg", "/proc/uptime", "/proc/version", "/proc/filesystems", "/proc/sys/kernel", "/proc/sys/vm",
    "/proc/self/status", "/proc/self/stat", "/proc/self/statm", "/proc/self/limits", "/proc/self/cgroup",
    "/proc/self/mountinfo", "/proc/self/task", "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip
_WRITE = ("/dev/null", "/dev/shm", "/dev/tty")  # noqa: S108  (named to be allowed, not used)
#: Loaders of programs: who may start a program needs the loader it names.
_LOADERS = ("/lib64", "/lib", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu")


class Plan:
    """What the kernel is asked to hold this process to; made without asking it anything.

    Args:
        read: files and folders to read.
        write: files and folders to read and change.
        execute: programs; ``None`` for any.
        ports: TCP ports to connect to; ``None`` for any.
        datagrams: whether internet sockets other than TCP may be made.
    """

    __slots__ = ("datagrams", "execute", "ports", "read", "write")

    def __init__(
        self, read: "tuple[str, ...]", write: "tuple[str, ...]", execute: "tuple[str, ...] | None",
        ports: "frozenset[int] | None", *, datagrams: bool,
    ) -> None:  # fmt: skip
        self.read = read
        self.write = write
        self.execute = execute
        self.ports = ports
        self.datagrams = datagrams


class KernelError(OSError):
    """The kernel did not grant a part of the tier; the text says which."""


def plan(remit: "Remit", environ: "dict[str, str]", enforced: "frozenset[str]") -> Plan:
    """What a remit means to the kernel, which knows no alerts: only verbs that are enforced bind.

    Args:
        remit: the compiled remit.
        environ: the process environment.
        enforced: verbs whose action is ``block``.
    """
    from remit_guard.sandbox.egress import channels
    from remit_guard.sandbox.files import places

    where = places(environ)
    own = channels(environ)
    ports: set[int] | None = {53}
    for pattern in (*remit.reaches, *own):
        port = pattern.rpartition(":")[2]
        if ports is not None:
            ports = ports | {int(port)} if port.isdigit() else None
    if remit.calls and ports is not None:
        ports |= {443, 80}
    loose = "reaches" not in enforced or "calls" in remit.unresolved
    signals = environ.get("REMIT_SIGNALS", "")
    free = {verb for verb in ("reads", "writes") if verb not in enforced or "*" in getattr(remit, verb)}
    return Plan(
        ("/",) if "reads" in free else (*_READ, *where.code, *remit.reads),
        ("/",) if "writes" in free else (*_WRITE, *where.temp, *remit.writes, signals),
        None if "runs" not in enforced or "*" in remit.runs else _programs(remit.runs, environ),
        None if loose or ports is None else frozenset(ports),
        datagrams=bool(remit.reaches or remit.calls or loose or environ.get("AWS_XRAY_DAEMON_ADDRESS")),
    )


def _programs(runs: "tuple[str, ...]", environ: "dict[str, str]") -> "tuple[str, ...]":
    """The files of programs, their interpreters and loaders."""
    found: set[str] = set()
    for name in runs:
        folders = [""] if "/" in name else environ.get("PATH", os.defpath).split(":")
        for folder in folders:
            path = os.path.realpath(os.path.join(folder, name)) if folder else os.path.realpath(name)
            if os.path.isfile(path):
                found.add(path)
                found |= _interpreters(path)
    if found:
        for folder in _LOADERS:
            if os.path.isdir(folder):
                found.update(os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("ld-"))
    return tuple(sorted(found))


def _interpreters(path: str) -> "set[str]":
    try:
        with open(path, "rb") as file:
            line = file.read(256).partition(b"\n")[0]
    except OSError:  # not readable: then it is no script we could run either
        return set()
    words = line[2:].decode("utf-8", "replace").split() if line.startswith(b"#!") else []
    return {os.path.realpath(word) for word in words if word.startswith("/")}


def apply(wanted: Plan) -> "list[str]":
    """Has the kernel hold this process to a plan. Cannot be undone.

    Args:
        wanted: the plan.

    Returns:
        What of it could not be had, one phrase each; empty when the tier is whole. A part that is not granted leaves
        the others in force.
    """
    missing: list[str] = []
    try:
        from ctypes import CDLL

        library = CDLL(None, use_errno=True)
    except (ImportError, OSError) as error:
        return [f"no way to ask the kernel ({type(error).__name__})"]
    try:
        _ask(library.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    except KernelError as error:  # without it neither of the others is granted
        return [str(error)]
    for part in (_landlock, _seccomp):
        try:
            part(library, wanted, missing)
        except (KernelError, KeyError) as error:
            missing.append(str(error) if isinstance(error, KernelError) else f"seccomp: no numbers for {error}")
    return missing


def forget() -> None:
    """Drops ``ctypes``, so that the function's code does not find it loaded; does nothing when it was here before."""
    import gc

    for name in [name for name in sys.modules if name.partition(".")[0] in ("ctypes", "_ctypes")]:
        del sys.modules[name]
    gc.collect()


def _ask(answer: int, what: str) -> int:
    if answer < 0:
        from ctypes import get_errno

        number = get_errno()
        raise KernelError(number, f"{what}: {os.strerror(number)}")
    return answer


def _landlock(library: "CDLL", wanted: Plan, missing: "list[str]") -> None:
    from struct import pack

    version = _ask(library.syscall(_CREATE, None, 0, 1), "Landlock")
    rights = _RIGHTS[min(version, 5)]
    if wanted.execute is None:
        rights &= ~_EXECUTE
    ports = wanted.ports if version >= 4 else None
    attribute = pack("<QQQ", rights, _CONNECT if ports is not None else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _ask(library.syscall(_CREATE, attribute[:size], size, 0), "Landlock rules")
    try:
        every = rights & ~_NODES & ~_EXECUTE
        for paths, granted in (
            (wanted.read, _READ_FILE | _READ_DIR), (wanted.write, every), (wanted.execute or (), _EXECUTE | _READ_FILE),
        ):  # fmt: skip
            for path in paths:
                _beneath(library, rules, path, granted & rights)
        for port in sorted(ports or ()):
            _ask(library.syscall(_ADD, rules, _NET_PORT, pack("<QQ", _CONNECT, port), 0), "Landlock port")
        if len(os.listdir("/proc/self/task")) > 1:
            missing.append("Landlock on the threads that were started before the guard")
        _ask(library.syscall(_RESTRICT, rules, 0), "Landlock")
    finally:
        os.close(rules)
    if wanted.ports is not None and ports is None:
        missing.append("Landlock on TCP ports: the kernel is too old")


def _beneath(library: "CDLL", rules: int, path: str, granted: int) -> None:
    """Grants rights on a file or on everything in a folder; what does not exist needs no grant."""
    from struct import pack

    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (OSError, ValueError):
        return
    try:
        if not os.path.isdir(path):
            granted &= _FILE_RIGHTS
        _ask(library.syscall(_ADD, rules, _PATH_BENEATH, pack("<Qi", granted, descriptor), 0), f"Landlock on {path}")
    finally:
        os.close(descriptor)


def _seccomp(library: "CDLL", wanted: Plan, missing: "list[str]") -> None:  # noqa: ARG001  (one shape for both parts)
    from ctypes import Structure, byref, c_char_p, c_ushort

    from remit_guard.sandbox import bpf

    machine = os.uname().machine
    denied = bpf.NEVER + (bpf.PROGRAMS if wanted.execute == () else ())
    program = bpf.build(machine, denied, datagrams=wanted.datagrams)

    fields: Any = [("length", c_ushort), ("filter", c_char_p)]
    shape = type("Program", (Structure,), {"_fields_": fields})
    asked = shape(len(program) // 8, program)
    number = bpf.NUMBERS["seccomp"][bpf.MACHINES[machine][1]]
    answer = library.syscall(number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_TSYNC, byref(asked))
    if answer > 0:
        raise KernelError(1, f"seccomp: thread {answer} could not be bound")
    _ask(answer, "seccomp")

"""Files: reads outside code and data, writes outside the temp folder, and the files nobody has any business with."""

import os
import sys

#: Opening these for writing changes the running process from below; reading the first tells its secrets.
_PROCESS = ("/environ", "/mem", "/maps", "/syscall")
#: What every library may read to work: the system's configuration of names, certificates, time and hardware.
_SYSTEM = (
    "/dev/", "/etc/ssl/", "/etc/pki/", "/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/localtime",
    "/etc/mime.types", "/etc/os-release", "/proc/", "/sys/", "/usr/lib", "/usr/share/", "/usr/local/lib", "/lib",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/dev/shm/", "/dev/tty")  # noqa: S108


#: What a process may ask of itself below ``/proc/self``: figures and limits, as libraries read them.
_FIGURES = frozenset({
    "stat", "statm", "status", "cgroup", "limits", "mountinfo", "mounts", "io", "sched", "schedstat", "cpuset", "comm",
    "cmdline", "oom_score", "task", "uid_map", "gid_map",
})  # fmt: skip


class Places:
    """The folders of one process.

    Args:
        code: where code and runtime lie: may be read.
        temp: the temp folder: may be read and written.
    """

    __slots__ = ("code", "temp")

    def __init__(self, code: "tuple[str, ...]", temp: "tuple[str, ...]") -> None:
        self.code = code
        self.temp = temp


def places(environ: "dict[str, str]") -> Places:
    """The folders as environment and interpreter name them."""
    code = [environ.get("LAMBDA_TASK_ROOT", ""), environ.get("LAMBDA_RUNTIME_DIR", ""), sys.prefix, sys.base_prefix]
    code += ["/opt", "/var/runtime", "/var/lang", *sys.path]
    if not code[0]:
        code.append(os.getcwd())
    temp = [environ.get("TMPDIR", ""), "/tmp", "/var/tmp"]  # noqa: S108  (named to be recognised, not used)
    return Places(_clean(code), _clean(temp))


def _clean(paths: "list[str]") -> "tuple[str, ...]":
    return tuple({os.path.abspath(path) for path in paths if path and path != "/"})


def outside(path: str, use: str, allowed: "tuple[str, ...]", where: Places) -> bool:
    """Whether opening a file leaves the remit.

    Args:
        path: as the function gave it.
        use: ``read`` or ``write``.
        allowed: prefixes of the remit's ``reads`` or ``writes``.
        where: the folders of this process.
    """
    return beyond(os.path.abspath(path), use, allowed, where.code, where.temp)


def beyond(full: str, use: str, allowed: "tuple[str, ...]", code: "tuple[str, ...]", temp: "tuple[str, ...]") -> bool:
    """The same of an absolute path without ``..``; calls nothing that a program could replace.

    Args:
        full: the path.
        use: ``read`` or ``write``.
        allowed: prefixes of the remit.
        code: folders of code and runtime.
        temp: the temp folders.
    """
    if tampers(full, use):
        return True
    if _under(full, allowed) or _under(full, temp):
        return False
    if use == "write":
        return not full.startswith(_DEVICES)
    if full.startswith("/proc/"):
        return strange_process_file(full)
    return not (full.startswith(_SYSTEM) or _under(full, code))


def tampers(path: str, use: str) -> bool:
    """Whether this is a way to rewrite the running process, or to read its secrets around the API."""
    if not path.startswith("/proc/") or not path.endswith(_PROCESS):
        return False
    return use == "write" or path.endswith(("/environ", "/mem"))


def strange_process_file(full: str) -> bool:
    """Whether a file of ``/proc`` tells more than figures: memory, descriptors, roots, and anything of another process."""
    parts = full.split("/")[2:]
    if parts[0] in ("self", "thread-self") or parts[0].isdigit():
        return parts[0].isdigit() or parts[-1] not in _FIGURES or len(parts) != 2
    return parts[0] in ("kcore", "kmem", "kallsyms", "keys", "kpagecount", "kpageflags", "sysrq-trigger")


def _under(path: str, prefixes: "tuple[str, ...]") -> bool:
    return any(path == prefix or path.startswith(prefix.rstrip("/") + "/") or prefix == "*" for prefix in prefixes)

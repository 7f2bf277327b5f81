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
    full = os.path.abspath(path)
    if tampers(full, use):
        return True
    if _under(full, allowed) or _under(full, where.temp):
        return False
    if use == "write":
        return not full.startswith(_DEVICES)
    return not (full.startswith(_SYSTEM) or _under(full, where.code))


def tampers(path: str, use: str) -> bool:
    """Whether this is a way to rewrite the running process, or to read its secrets around the API."""
    if not path.startswith("/proc/") or not path.endswith(_PROCESS):
        return False
    return use == "write" or path.endswith(("/environ", "/mem"))


def _under(path: str, prefixes: "tuple[str, ...]") -> bool:
    return any(path == prefix or path.startswith(prefix.rstrip("/") + "/") or prefix == "*" for prefix in prefixes)

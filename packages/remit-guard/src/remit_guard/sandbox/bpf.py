"""The seccomp filter as bytes: pure, for x86-64 and arm64. Loaded only where the kernel tier is asked for.

Sources: the kernel's ``syscall_64.tbl`` and ``asm-generic/unistd.h`` for numbers, ``linux/filter.h`` and
``linux/seccomp.h`` for the instructions.
"""

from struct import pack

#: machine -> (AUDIT_ARCH value, column of ``NUMBERS``)
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
#: Numbers on x86-64 and arm64; ``-1`` where there is no such call.
NUMBERS = {
    "acct": (163, 89), "add_key": (248, 217), "bpf": (321, 280), "chroot": (161, 51), "delete_module": (176, 106),
    "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
    "fspick": (433, 433), "init_module": (175, 105), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425), "ioperm": (173, -1), "iopl": (172, -1), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "modify_ldt": (154, -1), "mount": (165, 40), "mount_setattr": (442, 442),
    "move_mount": (429, 429), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "open_tree": (428, 428), "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41), "process_madvise": (440, 440), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60), "reboot": (169, 142),
    "request_key": (249, 218), "setns": (308, 268), "swapoff": (168, 225), "swapon": (167, 224),
    "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97), "uselib": (134, -1),
    "userfaultfd": (323, 282),
    "execve": (59, 221), "execveat": (322, 281),
    "prctl": (157, 167), "seccomp": (317, 277), "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "clone": (56, 220), "clone3": (435, 435), "socket": (41, 198),
}  # fmt: skip
#: Nothing a function does at run time: other processes' memory, kernel code, mounts, keys, another kernel interface.
NEVER = tuple(sorted(NUMBERS.keys() - {
    "execve", "execveat", "prctl", "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    "clone", "clone3", "socket",
}))  # fmt: skip
PROGRAMS = ("execve", "execveat")

_LOAD, _EQUAL, _GREATER, _ANY, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16
_EPERM, _ENOSYS = 1, 38
#: ``CLONE_NEW*``: namespaces of one's own, in which a process has every capability.
_NAMESPACES = 0x7E020000
_INET, _RAW, _KIND = (2, 10), 3, 0xF
#: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (the resolver lists interfaces with it).
_FAMILIES = (1, 2, 10, 16)
_DATAGRAM = 2


def _step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return pack("<HBBI", code, yes, no, k)


def build(machine: str, denied: "tuple[str, ...]", *, datagrams: bool = True, sockets: bool = True) -> bytes:
    """The filter program.

    Args:
        machine: as ``uname -m`` names it.
        denied: system calls that fail with EPERM.
        datagrams: whether internet sockets other than TCP may be made.
        sockets: whether families of sockets and namespaces are looked at.

    Returns:
        ``struct sock_filter`` after ``struct sock_filter``.

    Raises:
        KeyError: a machine or a system call that is not known here.
    """
    arch, column = MACHINES[machine]
    steps = [_step(_LOAD, _ARCH), _step(_EQUAL, arch, 1, 0), _step(_RETURN, _ERRNO | _EPERM), _step(_LOAD, _NUMBER)]
    if machine == "x86_64":  # the x32 numbers are the same calls by another name
        steps += [_step(_GREATER, 0x40000000, 0, 1), _step(_RETURN, _ERRNO | _EPERM)]
    for name in denied:
        number = NUMBERS[name][column]
        if number >= 0:
            steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | _EPERM)]
    if sockets:
        # clone3 keeps its flags where no filter sees them; the C library then falls back to clone.
        steps += [_step(_EQUAL, NUMBERS["clone3"][column], 0, 1), _step(_RETURN, _ERRNO | _ENOSYS)]
        body = [
            _step(_LOAD, _ARGUMENT), _step(_ANY, _NAMESPACES, 0, 1), _step(_RETURN, _ERRNO | _EPERM),
            _step(_RETURN, _ALLOW),
        ]  # fmt: skip
        steps += [_step(_EQUAL, NUMBERS["clone"][column], 0, len(body)), *body]
        body = _socket(datagrams)
        steps += [_step(_EQUAL, NUMBERS["socket"][column], 0, len(body)), *body]
    steps.append(_step(_RETURN, _ALLOW))
    return b"".join(steps)


def _socket(datagrams: bool) -> "list[bytes]":
    """``socket(family, kind)``: known families, no raw packets, and datagrams only where they are needed."""
    steps = [_step(_LOAD, _ARGUMENT)]
    for place, family in enumerate(_FAMILIES):
        steps.append(_step(_EQUAL, family, len(_FAMILIES) - place, 0))
    steps.append(_step(_RETURN, _ERRNO | _EPERM))
    allow = _step(_RETURN, _ALLOW)
    for family in (1, 16):
        steps += [_step(_EQUAL, family, 0, 1), allow]
    steps += [_step(_LOAD, _ARGUMENT + 8), _step(_AND, _KIND)]
    if datagrams:
        steps += [_step(_EQUAL, _DATAGRAM, 0, 1), allow]
    return [*steps, _step(_EQUAL, 1, 0, 1), allow, _step(_RETURN, _ERRNO | _EPERM)]

"""Which protection of the kernel exists here. Asks, applies nothing.

On AWS Lambda's classic environments neither seccomp nor Landlock may be had (docs/guard.md, "Tiers"), which is why
the floor tier needs none of it and every signal names the tier it had.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import CDLL

_PR_GET_NO_NEW_PRIVS = 39
_PR_GET_SECCOMP = 21
#: landlock_create_ruleset has this number on every architecture (it came after the tables were unified).
_SYS_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_VERSION_FLAG = 1


def probe() -> "dict[str, str]":
    """What this process has and could have.

    Returns:
        ``kernel``: its release; ``no_new_privs``: ``set`` or ``not set``; ``seccomp``: ``off``, ``filter`` or
        ``strict``, as in force now; ``landlock``: ``abi N`` or ``absent``; ``unknown`` where asking failed.
    """
    from os import uname

    found = {"kernel": uname().release, "no_new_privs": "unknown", "seccomp": "unknown", "landlock": "unknown"}
    try:
        from ctypes import CDLL

        library = CDLL(None, use_errno=True)
        found["no_new_privs"] = {0: "not set", 1: "set"}.get(library.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), "unknown")
        found["seccomp"] = {0: "off", 1: "strict", 2: "filter"}.get(library.prctl(_PR_GET_SECCOMP), "unknown")
        found["landlock"] = _landlock(library)
    except (ImportError, OSError, AttributeError):  # no ctypes, no libc, no such function: nothing is known
        pass
    return found


def _landlock(library: "CDLL") -> str:
    version: int = library.syscall(_SYS_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION_FLAG)
    return f"abi {version}" if version > 0 else "absent"

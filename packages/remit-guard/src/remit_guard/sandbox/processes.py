"""Programs: is everything that is about to run named in ``runs``?"""

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = Callable[[str], list[str]]


def programs(program: str, argv: "list[str]", commands: "Commands | None" = None) -> "list[str]":
    """The programs that starting this one runs, as far as its words say.

    Args:
        program: the executable.
        argv: its words, with its name first.
        commands: reads a script; by default ``scripts.commands``, loaded when there is one to read.

    Returns:
        The executable; for a shell with ``-c`` the commands of its script instead.
    """
    if _name(program) in _SHELLS and "-c" in argv[1:-1]:
        script = argv[argv.index("-c", 1) + 1]
        if commands is not None:
            return commands(script)
        from remit_guard.sandbox import scripts

        return scripts.commands(script)
    return [program] if program else []


def outside(
    program: str, argv: "list[str]", runs: "tuple[str, ...]", commands: "Commands | None" = None
) -> "str | None":
    """The first program that ``runs`` does not allow, ``None`` when all are allowed.

    A name in ``runs`` allows that program wherever it lies; an absolute path allows only that file (a bare name the
    system will look up is compared with the path's last part).
    """
    for found in programs(program, argv, commands):
        if not any(_matches(found, allowed) for allowed in runs):
            return found
    return None


def _matches(found: str, allowed: str) -> bool:
    if allowed == "*" or found == allowed:
        return True
    if "/" not in allowed or "/" not in found:
        return _name(found) == _name(allowed)
    return False


def _name(path: str) -> str:
    return path.rpartition("/")[2]

"""``_posixsubprocess.fork_exec``: the one way to start a program that raises no audit event (CPython 3.11-3.13)."""

from os import fsdecode

from remit_guard.hooks.gate import effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: "ModuleType") -> None:
    """Wraps ``fork_exec`` before ``subprocess`` and ``multiprocessing`` take it from the module."""
    plain = module.fork_exec

    def fork_exec(argv: "Any", executables: "Any", *rest: "Any") -> int:
        words = [fsdecode(word) for word in argv]
        program = fsdecode(executables[0]) if executables else (words[0] if words else "")
        effect("process", program, words)
        pid: int = plain(argv, executables, *rest)
        return pid

    module.fork_exec = fork_exec  # type: ignore[attr-defined]

"""``_posixsubprocess.fork_exec``: the one way to start a program that raises no audit event (CPython 3.11-3.13)."""

from os import fsdecode, fsencode

from remit_guard.hooks.gate import effect
from remit_guard.hooks.kept import ask, keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: "ModuleType") -> None:
    """Wraps ``fork_exec`` before ``subprocess`` and ``multiprocessing`` take it from the module.

    The words are copied first: the ones that are judged are the ones that are started.
    """
    plain = module.fork_exec

    def judged(argv: "Any", executables: "Any") -> "tuple[list[bytes], tuple[bytes, ...]]":
        words = [fsencode(word) for word in argv]
        programs = tuple([fsencode(program) for program in executables])
        program = fsdecode(programs[0]) if programs else (fsdecode(words[0]) if words else "")
        if len(programs) > 1:  # a bare name, tried in every folder of PATH
            program = program.rpartition("/")[2]
        effect("process", program, [fsdecode(word) for word in words])
        return words, programs

    if keep("fork_exec", plain):
        del plain

        def fork_exec(argv: "Any", executables: "Any", *rest: "Any") -> int:
            pid: int = ask("remit_guard.fork_exec", (*judged(argv, executables), *rest))
            return pid
    else:

        def fork_exec(argv: "Any", executables: "Any", *rest: "Any") -> int:
            pid: int = plain(*judged(argv, executables), *rest)
            return pid

    from remit_guard.hooks.imports import replace

    replaced = module.fork_exec
    module.fork_exec = fork_exec  # type: ignore[attr-defined]
    replace(replaced, fork_exec)

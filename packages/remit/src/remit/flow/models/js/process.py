"""Processes: ``child_process`` and what wraps it."""

from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import process
from remit.flow.models.model import ARGUMENTS, Model
from remit.flow.taint import WORD
from remit.flow.values import NONE, Dictionary, Method, Sequence, Val, literal, unknown
from remit_guard.core.verdict import PROCESS


def _shell(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """A text that a shell reads."""
    run = process.FUNCTIONS["os.system"].run
    assert run is not None  # noqa: S101  (it is code)
    return run(machine, frame, given, receiver)


def _program(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``spawn(program, [arguments], {shell})``: a shell reads it only when asked to."""
    if _by_shell(given):
        items = [given.args[0], *(item for item in _listed(given))] if given.args else []
        from remit.flow.expressions import join_texts
        from remit.flow.values import known

        line = [part for item in items for part in (known(" "), item)][1:]
        value = join_texts(machine, line, given.at) if len(line) > 1 else items[0] if items else unknown("a command")
        inner = Arguments(given.at, given.text, [value], spans=[given.span(0)], places=[""])
        return _shell(machine, frame, inner, receiver)
    run = process.FUNCTIONS["asyncio.create_subprocess_exec"].run
    assert run is not None  # noqa: S101  (it is code)
    rest: Val | None = None
    for atom in given.args[1].atoms if len(given.args) > 1 else ():
        if isinstance(atom, Sequence):
            rest = atom.rest
        elif not isinstance(atom, Dictionary):
            rest = Val((atom,), given.args[1].taints)
    words = Arguments(given.at, given.text, [*given.args[:1], *_listed(given)], rest=rest, spans=[given.span(0)])
    return run(machine, frame, words, receiver)


def _listed(given: Arguments) -> list[Val]:
    for atom in given.args[1].atoms if len(given.args) > 1 else ():
        if isinstance(atom, Sequence):
            return list(atom.items)
    return []


def _by_shell(given: Arguments) -> bool:
    for value in given.args[1:]:
        for atom in value.atoms:
            if isinstance(atom, Dictionary) and "shell" in atom.entries:
                wanted = atom.entries["shell"]
                return literal(wanted) is not False and wanted.atoms != NONE.atoms
    return False


def _fork(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``fork(file)``: another program of Node."""
    del frame
    value = given.get(0)
    machine.sink(PROCESS, value, given.span(0), given.text, **_PROGRAM_ARGUMENT)
    machine.run("node", given.at, by_shell=False)
    return unknown("a process", taint.merge(*(machine.taints(item, given.at) for item in given.every())))


_PROGRAM_ARGUMENT = {"shell": "false", "part": "program"}
_LINE, _PROGRAM = Model(run=_shell), Model(run=_program)
FUNCTIONS: dict[str, Model] = {
    "child_process.exec": _LINE, "child_process.execSync": _LINE, "child_process.spawn": _PROGRAM,
    "child_process.spawnSync": _PROGRAM, "child_process.execFile": _PROGRAM, "child_process.execFileSync": _PROGRAM,
    "child_process.fork": Model(run=_fork), "cross-spawn": _PROGRAM, "cross-spawn.sync": _PROGRAM, "cross-spawn.spawn": _PROGRAM,
    "execa": _PROGRAM, "execa.execa": _PROGRAM, "execa.sync": _PROGRAM, "execa.execaSync": _PROGRAM,
    "execa.command": _LINE, "execa.execaCommand": _LINE, "execa.execaCommandSync": _LINE, "execa.shell": _LINE,
    "shelljs.exec": _LINE, "child-process-promise.exec": _LINE, "child-process-promise.spawn": _PROGRAM,
    "promisify-child-process.exec": _LINE, "node-cmd.run": _LINE, "node-cmd.get": _LINE, "node-cmd.runSync": _LINE,
    "shell-quote.quote": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS, WORD))),
    "shell-escape": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS, WORD))),
    "shescape.quote": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS, WORD))),
}  # fmt: skip
METHODS: dict[str, Model] = {}
__all__ = ["FUNCTIONS", "METHODS"]

"""Processes: shells, programs and their arguments."""

from collections.abc import Iterator

from remit.app.value import Value
from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import ARGUMENTS, Model
from remit.flow.taint import LOW, WORD
from remit.flow.values import (
    Hole,
    Known,
    Method,
    Opaque,
    Sequence,
    Symbol,
    Val,
    literal,
    pieces,
    text_of,
    to_template,
    unknown,
)
from remit_guard.core.verdict import PROCESS
from remit_guard.sandbox.scripts import commands

#: Stands for what is not known of a command line; no shell gives it a meaning.
_HOLE = "\ue000"
_BY_SHELL = {"shell": "true"}
_PROGRAM = {"shell": "false", "part": "program"}
_SHELLS = ("sh", "bash", "zsh", "dash", "ksh", "cmd", "cmd.exe", "powershell", "pwsh")


def _shell(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A text that a shell reads."""
    del frame
    return _line(machine, given, given.get(0, "command", "cmd", "args"))


def _line(machine: Machine, given: Arguments, value: "Val | None") -> Val:
    if value is not None:
        machine.sink(PROCESS, value, given.span(0, "command", "cmd", "args"), given.text, **_BY_SHELL)
        _quoted_twice(machine, given, value)
        for program in _programs(value):
            machine.run(program, given.at, by_shell=True)
    return _result(machine, given)


def _quoted_twice(machine: Machine, given: Arguments, value: Val) -> None:
    """A word quoted for a shell, put between quotes: they end where it begins."""
    before = ""
    if not all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return
    for piece in pieces(value):
        if isinstance(piece, Hole):
            for item in piece.taints:
                if WORD in item.clean and _inside_quotes(before):
                    open_again = taint.Taint(item.origin, item.trace, item.confidence, item.clean - {PROCESS})
                    machine.flow(
                        PROCESS, open_again, given.span(0, "command", "cmd", "args"), given.text, dict(_BY_SHELL)
                    )
        before += piece if isinstance(piece, str) else "x"


def _inside_quotes(text: str) -> bool:
    """Whether a quote is open at the end of a piece of a script."""
    quote, skip = "", False
    for character in text:
        if skip:
            skip = False
        elif character == "\\" and quote != "'":
            skip = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return bool(quote)


def _programs(value: Val) -> "Iterator[Value]":
    """What a shell starts for a command line: the first word of each command in it.

    Split by the guard's own reading of scripts, so that what is locked is what will be compared.
    """
    script = "".join(part if isinstance(part, str) else _HOLE for part in pieces(value))
    words = commands(script)
    for word in words:
        yield to_template(value) if _HOLE in word or "$" in word else word
    if not words:
        yield to_template(value)


def _result(machine: Machine, given: Arguments) -> Val:
    taints = taint.merge(
        *(machine.taints(value, given.at) for value in given.every() if value is not given.keywords.get("env"))
    )
    return unknown("the output of a program", taint.step(taints, given.at, "output of the program", LOW))


def _start(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``subprocess.run`` and its kin."""
    del frame
    value = given.get(0, "args")
    if value is None:
        return _result(machine, given)
    shell = given.keywords.get("shell")
    if shell is not None and literal(shell) is not False and literal(shell) != 0:
        for atom in value.atoms:
            if isinstance(atom, Sequence) and atom.items:
                # With a shell and a list, the first element is the command line.
                return _line(machine, given, atom.items[0])
        return _line(machine, given, value)
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            _list(machine, given, atom, given.span(0, "args"))
        else:
            _direct(machine, given, Val((atom,), value.taints))
    return _result(machine, given)


def _direct(machine: Machine, given: Arguments, value: Val) -> None:
    """A text without a shell: all of it is the program's name."""
    machine.sink(PROCESS, value, given.span(0, "args"), given.text, **_PROGRAM)
    machine.run(to_template(value), given.at, by_shell=False)


def _list(machine: Machine, given: Arguments, atom: Sequence, at: "object") -> None:
    items = atom.items
    first = items[0] if items else None
    program = text_of(first) if first is not None else None
    place = given.span(0, "args")
    name = (program or "").rsplit("/", 1)[-1]
    if (
        name in _SHELLS
        and len(items) > 1
        and (text_of(items[1]) or "").lower() in ("-c", "/c", "-command", "-lc", "-ec")
    ):
        for item in items[2:3] or ([atom.rest] if atom.rest else []):
            machine.sink(PROCESS, item, place, given.text, **_BY_SHELL)
            for part in _programs(item):
                machine.run(part, given.at, by_shell=True)
        machine.run(program, given.at, by_shell=True)
        return
    machine.run(
        to_template(first) if first is not None else to_template(unknown("a program")), given.at, by_shell=False
    )
    if first is not None:
        machine.sink(PROCESS, first, place, given.text, **_PROGRAM)
    elif atom.rest is not None:
        machine.sink(PROCESS, atom.rest, place, given.text, **_PROGRAM)
    ended = False
    for item in items[1:]:
        content = literal(item)
        ended = ended or content == "--"
        if not ended and not isinstance(content, str) and _may_be_option(item):
            for found in machine.taints(item, given.at):
                machine.flow(PROCESS, found, place, given.text, {"shell": "false", "part": "argument"}, LOW)
    del at


def _may_be_option(value: Val) -> bool:
    """Whether a sender's text stands first in the argument, where it could begin with a dash."""
    if all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return isinstance(pieces(value)[0], Hole)
    return True


def _words(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``asyncio.create_subprocess_exec(program, *arguments)``, ``os.execlp(file, *arguments)``."""
    del frame
    items = [*given.args]
    inner = Arguments(given.at, given.text, [Val((machine.sequence(items, given.rest),))], {}, [given.span(0)])
    _list(machine, inner, machine.sequence(items, given.rest), None)
    return _result(machine, given)


def _vector(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``os.execv(path, args)``: the program, then its arguments with their own first word."""
    del frame
    program = given.get(0)
    if program is not None:
        machine.sink(PROCESS, program, given.span(0), given.text, **_PROGRAM)
        machine.run(to_template(program), given.at, by_shell=False)
        rest = given.get(1)
        name = (text_of(program) or "").rsplit("/", 1)[-1]
        for atom in rest.atoms if rest and name in _SHELLS else ():
            if isinstance(atom, Sequence) and len(atom.items) > 2:
                machine.sink(PROCESS, atom.items[2], given.span(1), given.text, **_BY_SHELL)
    return unknown("nothing")


def _spawn(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``os.spawnv(mode, ...)``: like exec with a mode before it."""
    shifted = Arguments(
        given.at, given.text, given.args[1:], given.keywords, given.spans[1:], given.keyword_spans, given.rest
    )
    return _vector(machine, frame, shifted, receiver)


def _spawn_words(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``os.spawnlp(mode, file, *arguments)``: the arguments begin with the program's own name."""
    words = machine.sequence(list(given.args[2:]), given.rest)
    inner = Arguments(given.at, given.text, [*given.args[1:2], Val((words,))], {}, given.spans[1:3])
    return _vector(machine, frame, inner, receiver)


_REMOTE = ("exec_command", "run", "sudo", "local")


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``ssh.exec_command(line)`` and ``fabric.Connection(host).run(line)``: a shell on another machine reads it."""
    del frame
    why = method.receiver.why if isinstance(method.receiver, Opaque) else getattr(method.receiver, "kind", "")
    if method.name not in _REMOTE or not (
        method.name == "exec_command" or why.startswith(("fabric", "paramiko", "invoke"))
    ):
        return None
    machine.sink(PROCESS, given.get(0, "command"), given.span(0, "command"), given.text, **_BY_SHELL)
    return unknown("the output of a program")


_LINE = Model(run=_shell)
_RUN = Model(run=_start)
FUNCTIONS: dict[str, Model] = {
    "os.system": _LINE,
    "os.popen": _LINE,
    "subprocess.getoutput": _LINE,
    "subprocess.getstatusoutput": _LINE,
    "commands.getoutput": _LINE,
    "commands.getstatusoutput": _LINE,
    "asyncio.create_subprocess_shell": _LINE,
    "asyncio.subprocess.create_subprocess_shell": _LINE,
    "pexpect.spawn": _LINE,
    "pexpect.run": _LINE,
    "invoke.run": _LINE,
    "fabric.api.local": _LINE,
    "subprocess.run": _RUN,
    "subprocess.call": _RUN,
    "subprocess.check_call": _RUN,
    "subprocess.check_output": _RUN,
    "subprocess.Popen": _RUN,
    "pty.spawn": _RUN,
    "asyncio.create_subprocess_exec": Model(run=_words),
    "shlex.quote": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS, WORD))),
    "pipes.quote": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS, WORD))),
    "shlex.join": Model(keeps=ARGUMENTS, cleans=frozenset((PROCESS,))),
    "shlex.split": Model(keeps=ARGUMENTS),
}
for _name in ("execv", "execve", "execvp", "execvpe", "posix_spawn", "posix_spawnp"):
    FUNCTIONS[f"os.{_name}"] = Model(run=_vector)
for _name in ("execl", "execle", "execlp", "execlpe"):
    FUNCTIONS[f"os.{_name}"] = Model(run=_words)
for _name in ("spawnl", "spawnle", "spawnlp", "spawnlpe"):
    FUNCTIONS[f"os.{_name}"] = Model(run=_spawn_words)
for _name in ("spawnv", "spawnve", "spawnvp", "spawnvpe"):
    FUNCTIONS[f"os.{_name}"] = Model(run=_spawn)
METHODS: dict[str, Model] = {}
__all__ = ["FUNCTIONS", "METHODS"]

"""Step Functions: tasks of a state machine, and what each hands to the next."""

from collections.abc import Iterator

from remit.app.model import Edge, Sender, Trigger
from remit.app.node import Node
from remit.app.report import Skip
from remit.app.value import refs
from remit.read.asl import Machine, Task, parse
from remit.read.asl_definition import definition_of
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import Who, made, receiver, whole

TYPES = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """What one machine's tasks run, send to and write to; who starts the machine decides who is behind it."""
    machine = machine_of(draft, item) or Machine(open=((item.id, "", item.location),))
    who: Who = (Sender.APP, f"{item.id} invokes it")
    handled: dict[str, str] = {}
    seen: set[str] = set()
    for task in machine.tasks:
        to = receiver(draft, task.target)
        if not to or to == item.id:
            continue
        if task.kind == "read":
            where = task.node.location
            draft.edges.append(Edge(to, item.id, "read", where, f"{item.id} reads {to}"))
            continue
        handled[task.state] = to
        if to not in seen:
            seen.add(to)
            name = f"task {task.state} of {item.id}"
            node = Node(task.node.value, task.node.location)
            yield made(to, node, "step-functions", name, who, item.id)
    draft.edges += _handed_on(machine, handled, item)
    if machine.open:
        yield from _named(draft, item, seen, who)


def _named(draft: Draft, item: Declared, seen: set[str], who: Who) -> Iterator[Trigger]:
    """Functions that a machine names, where not every task could be read: it may invoke them."""
    for ref in refs(item.properties.plain()):
        function = draft.function_of(ref)
        if function and function not in seen:
            seen.add(function)
            yield made(function, whole(item), "step-functions", f"task of {item.id}", who, item.id)


def machine_of(draft: Draft, item: Declared) -> Machine | None:
    """The definition of one machine, read; a definition that is not here is said to be missing."""
    definition = definition_of(item)
    machine = parse(definition) if isinstance(definition, Node) else None
    if machine is None:
        why = definition if isinstance(definition, str) else "its definition is not a state machine in JSON or YAML"
        draft.skips.append(Skip(item.id, why, item.location, blind=True))
        return None
    draft.skips += [Skip(f"{item.id}: {name}", why, place, blind=True) for name, why, place in machine.open]
    return machine


def _handed_on(machine: Machine, handled: dict[str, str], item: Declared) -> Iterator[Edge]:
    """What one task's part hands to the part of the next task."""
    places: dict[str, Task] = {task.state: task for task in machine.tasks}
    for state, after in machine.after.items():
        for other in after:
            source, target = handled.get(state, ""), handled.get(other, "")
            if source and target and source != target:
                where = places[other].node.location
                yield Edge(source, target, "task", where, f"{item.id} runs {other} after {state}")

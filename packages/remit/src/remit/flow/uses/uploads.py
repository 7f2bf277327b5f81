"""Uploads that others are let make, and objects whose prototype others get at."""

from typing import Any

from remit.app.flow import EVENT, FIELD
from remit.flow import ir
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.taint import Taints
from remit.flow.uses.look import Call, Name, option, texts
from remit.flow.values import Part, Sequence, Val, literal

#: A form for uploads is signed: detail ``limited`` is ``yes`` when it says how large; part ``Key``.
UPLOAD = "upload"
#: Something is put under keys of the sender, two levels deep or by a merge that calls itself.
PROTOTYPE = "prototype"
_GUARDS = ("__proto__", "prototype", "hasOwnProperty", "hasOwn")


def _sent(taints: Taints) -> Taints:
    return tuple(item for item in taints if item.origin.kind in (FIELD, EVENT))


def _form(machine: Machine, given: Arguments, key: "Val | None", conditions: "Val | None") -> None:
    known = conditions is None or all(
        isinstance(atom, Sequence) or literal(conditions) is None for atom in conditions.atoms
    )
    limited = not known or "content-length-range" in texts(conditions)
    taints = _sent(machine.taints(key, given.at)) if key is not None else ()
    machine.use(UPLOAD, given.at, given.text, {"Key": taints}, limited="yes" if limited else "no")


def _python(machine: Machine, given: Arguments) -> None:
    """``generate_presigned_post(Bucket, Key, Fields, Conditions)``."""
    _form(machine, given, given.get(1, "Key"), given.get(3, "Conditions"))


def _script(machine: Machine, given: Arguments) -> None:
    """``createPresignedPost(client, { Bucket, Key, Conditions })``."""
    settings = next((item for item in given.args if option(item, "Bucket") is not None), None)
    if settings is not None:
        key = option(settings, "Key") or option(option(settings, "Fields"), "key")
        _form(machine, given, key, option(settings, "Conditions"))


def stored_under(machine: Machine, frame: Frame, target: ir.Index, receiver: Val, key: Val) -> None:
    """``receiver[key] = ...``: where the sender chooses both this key and the one before, it may be the prototype's."""
    if machine.language.name != "javascript" or literal(key) is not None:
        return
    at = machine.place(frame, target.at)
    taints = _sent(machine.taints(key, at))
    if not taints or any(isinstance(atom, Part) for atom in receiver.atoms):
        return
    if _deep(machine, frame, target) and not _guarded(frame.code.body if frame.code else []):
        machine.use(PROTOTYPE, at, "", {"key": taints})


def _deep(machine: Machine, frame: Frame, target: ir.Index) -> bool:
    """Whether what the key is put into was itself found under a key of the sender."""
    before = target.value
    if isinstance(before, ir.Index) and not isinstance(before.key, ir.Const):
        return bool(_sent(machine.taints(machine.evaluate(frame, before.key), machine.place(frame, before.at))))
    code = frame.code
    return code is not None and bool(code.name) and _calls_itself(code.body, code.name)


def _nodes(node: Any, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        return
    if isinstance(node, list | tuple):
        for item in node:
            yield from _nodes(item, budget)
    elif isinstance(node, ir.Node):
        yield node
        for name in node.__struct_fields__:
            yield from _nodes(getattr(node, name), budget)


def _calls_itself(body: list[ir.Stmt], name: str) -> bool:
    """Whether a function hands what stands under a key on to itself: a merge of objects in objects."""
    return any(
        isinstance(node, ir.Call)
        and isinstance(node.function, ir.Name)
        and node.function.id == name
        and any(isinstance(argument, ir.Index) for argument in node.arguments)
        for node in _nodes(body, [2000])
    )


def _guarded(body: list[ir.Stmt]) -> bool:
    """Whether the function speaks of what it must not touch."""
    for node in _nodes(body, [2000]):
        if isinstance(node, ir.Const) and node.value in _GUARDS:
            return True
        if isinstance(node, ir.Attr) and node.name in _GUARDS:
            return True
    return False


CALLS: dict[str, Call] = {
    "boto3.client.generate_presigned_post": _python,
    "js:@aws-sdk/s3-presigned-post.createPresignedPost": _script,
    ".createPresignedPost": _script,
    "boto3.client.createPresignedPost": _script,
}
NAMES: dict[str, Name] = {}
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
ALWAYS: tuple[Call, ...] = ()
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "MENTIONS", "NAMES", "PROTOTYPE", "TAINTED", "UPLOAD", "stored_under"]

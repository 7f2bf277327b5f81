"""What a function touches: by its code where that was read, else by what its environment and its role name."""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.need import FunctionRemit, Need
from remit.app.noun import Struct
from remit.app.value import Ref, Value, options, refs
from remit.graph import kinds
from remit.graph.nouns import NAMED, USE

_COLONS = re.compile(r":(?![^{]*\})")
#: What stands before the name in ARNs.
_HEADS = frozenset({"table", "event-bus", "stream", "key", "deliverystream", "userpool", "parameter"})


class Use(Struct, frozen=True):
    """One thing a function touches.

    Args:
        node: id of its node.
        verbs: what is done to it, sorted; empty where it is only named.
        location: where the code (or the template) says so.
        how: ``use`` or ``named``.
        kind, label, note: of its node, for what is not in the template.
    """

    node: str
    verbs: tuple[str, ...]
    location: Location | None
    how: str = USE
    kind: str = ""
    label: str = ""
    note: str = ""


def uses(facts: Facts, function: Function) -> tuple[Use, ...]:
    """Everything a function touches, each thing once: first what its code does, then what is only named.

    Args:
        facts: what is known about the app.
        function: one of its functions.
    """
    found: dict[str, Use] = {}
    remit = facts.remits.get(function.id)
    if remit is not None:
        for use in _of_remit(facts.app, remit):
            old = found.get(use.node)
            verbs = tuple(sorted({*(old.verbs if old else ()), *use.verbs}))
            found[use.node] = Use(use.node, verbs, (old or use).location, USE, use.kind, use.label, use.note)
    for target, where in named(facts.app, function):
        found.setdefault(target, Use(target, (), where, NAMED))
    return tuple(found.values())


def named(app: App, function: Function) -> Iterator[tuple[str, Location]]:
    """Functions and resources that the environment of a function names: node id, and where."""
    for node in function.environment.values():
        for ref in refs(node.plain()):
            if app.function(ref.target) is not None and ref.target != function.id:
                yield f"function:{ref.target}", node.location
            elif ref.target in app.resources and app.resources[ref.target].type in kinds.OF_TYPE:
                yield f"resource:{ref.target}", node.location


def _of_remit(app: App, remit: FunctionRemit) -> Iterator[Use]:
    for need in remit.needs:
        where = need.because[0] if need.because else None
        if need.verb == "calls":
            yield from _of_call(app, remit.function, need, where)
        elif need.verb == "reaches":
            host = str(need.what)
            yield Use(f"outside:host:{host}", ("calls",), where, USE, "host", host, "outside")
    for item in remit.unresolved:
        if item.verb == "reaches" and item.what.startswith("?"):
            yield Use("outside:host:?", ("calls",), item.because, USE, "host", "Any host", "decided at run time")


def _of_call(app: App, function: str, need: Need, where: Location | None) -> Iterator[Use]:
    service, _, operation = str(need.what).partition(":")
    verbs = (kinds.verb(operation),)
    for option in options(need.on):
        inside = _inside(app, option)
        if inside == function:
            continue
        if inside:
            yield Use(f"function:{inside}" if app.function(inside) else f"resource:{inside}", verbs, where)
        elif option != "*":
            kind = kinds.OF_SERVICE.get(service, "service")
            label = _short(option) or service
            yield Use(
                f"outside:{service}:{label}",
                verbs,
                where,
                USE,
                kind,
                label,
                f"{kind if kind != 'service' else service} elsewhere",
            )
        else:
            yield Use(f"outside:{service}", verbs, where, USE, "service", service, "AWS service")


def _inside(app: App, value: Value) -> str:
    """The resource or function of the app that an ARN names, or ``""``."""
    for ref in refs(value):
        if app.function(ref.target) is not None:
            return ref.target
        if ref.target in app.resources:
            return ref.target
    text = str(value) if not isinstance(value, Ref) else ""
    tail = text.removesuffix("/*").rpartition(":")[2].rpartition("/")[2]
    for name in app.named:
        resource = app.resources[name]
        if tail and resource.name == tail:
            return name
    return ""


def _short(value: Value) -> str:
    """The part of an ARN that people know: the name at its end."""
    text = str(value)
    if not text.startswith("arn:"):
        return text
    # Colons inside braces belong to names of pseudo parameters.
    parts = _COLONS.split(text.removesuffix("/*").removesuffix(":*"))
    tail = ":".join(parts[6:]) or parts[-1] if len(parts) > 6 else parts[-1]
    head, slash, rest = tail.partition("/")
    return rest if slash and head in _HEADS and rest else tail

"""The configuration inside a plan: what an expression refers to, through variables and outputs of modules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from remit.app.value import Choice, Ref, Unknown, Value, options
from remit.read.document import Raw

#: One step of a reference: a name, then perhaps an index.
_STEP = re.compile(r'([A-Za-z_][\w-]*)((?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])*)')
_INDEX = re.compile(r'\[(\d+|"(?:[^"\\]|\\.)*")\]')
_MAX_DEPTH = 20
_MAX_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the module's path, its part of the configuration, and the one that calls it."""

    path: str
    config: Raw | None
    call: Raw | None = None
    parent: "Place | None" = None


@dataclass(slots=True)
class Known:
    """Every instance by what a reference calls it.

    Args:
        ids: module path, then address without index -> index (``""`` for none) -> logical id.
        values: logical id and attribute -> what the plan says it will be, where it says so.
    """

    ids: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    values: dict[tuple[str, str], str] = field(default_factory=dict)


def places(root: Raw | None) -> Place:
    """The root module of a configuration."""
    return Place("", root.under("root_module") if root is not None else None)


def child(place: Place, address: str) -> Place:
    """The module with an address (``module.a.module.b[0]``) below another."""
    rest = address.removeprefix(place.path).lstrip(".")
    for name, index in re.findall(r'module\.([\w-]+)((?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)', rest):
        place = _step(place, name, index)
    return place


def _step(place: Place, name: str, index: str) -> Place:
    calls = place.config.under("module_calls") if place.config else None
    call = calls.under(name) if calls else None
    path = f"{place.path}.module.{name}{index}".lstrip(".")
    return Place(path, call.under("module") if call else None, call, place)


def expressions(place: Place, address: str) -> Raw | None:
    """The expressions of a resource, by its address without index inside its module."""
    listed = place.config.under("resources") if place.config else None
    for item in listed.value if listed is not None and isinstance(listed.value, list) else ():
        found = item.under("address")
        if found is not None and found.text() == address:
            return item.under("expressions")
    return None


class Resolver:
    """Follows references to the resources they lead to."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def targets(self, expression: Raw | None, place: Place, index: str, depth: int = 0) -> Iterator[Value]:
        """What an expression refers to: references to resources, or ``Unknown`` for what leads nowhere.

        Args:
            expression: as the plan's configuration has it, with ``references`` at any depth.
            place: where it stands.
            index: index of the instance it belongs to: an instance of the same index is meant first.
            depth: how many modules were passed.
        """
        if expression is None or depth > _MAX_DEPTH:
            return
        if isinstance(expression.value, list):
            for item in expression.value:
                yield from self.targets(item, place, index, depth + 1)
            return
        listed = expression.under("references")
        if listed is None:
            for item in expression.value.values() if isinstance(expression.value, dict) else ():
                yield from self.targets(item, place, index, depth + 1)
            return
        texts = [item.text() for item in listed.value] if isinstance(listed.value, list) else []
        for text in texts:
            # Terraform lists the resource after each of its attributes: only the longest says something.
            if not any(other != text and other.startswith((f"{text}.", f"{text}[")) for other in texts):
                yield from self._target(text, place, index, depth)

    def _target(self, text: str, place: Place, index: str, depth: int) -> Iterator[Value]:
        steps = [(found[1], found[2]) for found in _STEP.finditer(text)]
        if len(steps) < 2:
            return
        if steps[0][0] == "var":
            given = place.call.under("expressions") if place.call else None
            passed = given.under(steps[1][0]) if given else None
            if place.parent is not None and passed is not None:
                yield from self.targets(passed, place.parent, index, depth + 1)
            else:
                yield Unknown(f"the variable {steps[1][0]}")
            return
        if steps[0][0] == "module":
            inner = _step(place, *steps[1])
            outputs = inner.config.under("outputs") if inner.config else None
            output = outputs.under(steps[2][0]) if outputs and len(steps) > 2 else None
            yield from self.targets(output.under("expression") if output else None, inner, index, depth + 1)
            return
        if steps[0][0] in ("each", "count", "path", "terraform", "self"):
            return
        if steps[0][0] == "local":
            yield Unknown(text)
            return
        yield from self._instances(steps, place, index)

    def _instances(self, steps: list[tuple[str, str]], place: Place, index: str) -> Iterator[Value]:
        length = 3 if steps[0][0] == "data" else 2
        if len(steps) < length:
            return
        address = ".".join(name for name, _ in steps[:length])
        found = self.known.ids.get((place.path, address), {})
        attribute = ".".join(name for name, _ in steps[length:])
        given = _INDEX.search(steps[length - 1][1])
        wanted = given[1].strip('"') if given else index
        chosen = [found[wanted]] if wanted in found else list(found.values())[:_MAX_OPTIONS]
        for id_ in chosen:
            yield Ref(id_, attribute)


def chosen(values: list[Value]) -> Value:
    """One value of several: itself when there is one, else a choice."""
    flat: list[Value] = []
    for value in values:
        flat += [option for option in options(value) if option not in flat]
    if not flat:
        return Unknown("only known after apply")
    return flat[0] if len(flat) == 1 else Choice(tuple(flat[:_MAX_OPTIONS]))

"""JSON schemas as checks: what a document that fits one cannot hold any more."""

from remit.flow.patterns import harmless
from remit.flow.taint import ALL
from remit.flow.values import Dictionary, Known, Sequence, Val, text_of

_DEEPEST = 6
_PLAIN = frozenset(("integer", "number", "boolean", "null"))


def schema_facts(schema: Val, place: str, depth: int = 0) -> dict[str, frozenset[str]]:
    """What is shown of a document at a place, and of what stands in it, once it fits a schema.

    Args:
        schema: the schema as the code has it.
        place: the document's place: ``body``; its parts are ``body['name']``.
        depth: how deep in the schema this is.

    Returns:
        For each place the sinks it is harmless for. Keywords that only narrow further are not needed.
    """
    if len(schema.atoms) != 1 or not isinstance(schema.atoms[0], Dictionary) or depth > _DEEPEST:
        return {}
    entries = schema.atoms[0].entries
    shown: dict[str, frozenset[str]] = {}
    sinks = _value(entries)
    if sinks:
        shown[place] = sinks
    properties = entries.get("properties")
    for atom in properties.atoms if properties is not None and len(properties.atoms) == 1 else ():
        if isinstance(atom, Dictionary):
            for key, item in atom.entries.items():
                shown.update(schema_facts(item, f"{place}[{key!r}]", depth + 1))
    return shown


def _value(entries: "dict[object, Val]") -> frozenset[str]:
    kind = entries.get("type")
    if "const" in entries or (kind is not None and text_of(kind) in _PLAIN):
        return ALL
    for atom in entries["enum"].atoms if "enum" in entries else ():
        if isinstance(atom, Sequence) and atom.rest is None and all(_fixed(item) for item in atom.items):
            return ALL
    pattern = text_of(entries["pattern"]) if "pattern" in entries else None
    # A pattern alone says nothing about what is no text.
    if pattern is not None and kind is not None and text_of(kind) == "string":
        return harmless(pattern, "search")
    return frozenset()


def _fixed(value: Val) -> bool:
    return bool(value.atoms) and all(isinstance(atom, Known) for atom in value.atoms)


__all__ = ["schema_facts"]

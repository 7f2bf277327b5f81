"""Validators: ``zod``, ``joi``, ``yup`` schemas as what they let through; ``ajv``; ``validator``'s functions."""

from remit.flow import access
from remit.flow.javascript_texts import pattern_of
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.patterns import harmless
from remit.flow.places import clean
from remit.flow.schemas import schema_facts
from remit.flow.taint import ALL
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Dictionary,
    Method,
    Thing,
    Val,
    known,
    text_of,
    unknown,
)  # fmt: skip

COMPILED = "js.Validate"
_SCHEMA = "js.Schema"
_PLAIN = frozenset((
    "number", "boolean", "date", "bigint", "int", "nan", "null", "undefined", "uuid", "guid", "cuid", "cuid2", "ulid",
    "ip", "ipv4", "ipv6",
    "datetime", "hex", "isoDate", "timestamp", "literal", "enum", "nativeEnum", "bool", "mixedEnum", "alphanum", "token",
    "creditCard", "port",
    "iso", "cidr", "objectId", "alphanumeric",
))  # fmt: skip
_TEXTS = frozenset(
    ("string", "any", "unknown", "mixed", "custom", "alternatives", "union", "record", "map", "email", "url")
)
_LISTS = frozenset(("enum", "valid", "allow", "only", "equal", "oneOf", "literal", "options"))
_VALIDATE = frozenset(
    (
        "parse",
        "parseAsync",
        "safeParse",
        "safeParseAsync",
        "validate",
        "validateAsync",
        "validateSync",
        "attempt",
        "cast",
    )
)
#: Functions of the package ``validator`` that are true only for texts that are harmless everywhere.
_SHOW_ALL = frozenset((
    "isUUID", "isInt", "isFloat", "isNumeric", "isAlphanumeric", "isAlpha", "isBoolean", "isHexadecimal", "isMongoId",
    "isDecimal", "isIP",
    "isMD5", "isHash", "isPort", "isISO8601", "isDate", "isULID", "isOctal", "isISO31661Alpha2", "isCreditCard", "isJWT",
    "isBase32",
))  # fmt: skip


def shown(name: str) -> frozenset[str]:
    """The sinks for which a text is harmless when a library's function of that name is true of it."""
    package, _, last = name.partition(".")
    if package in ("validator", "validator/lib") and last in _SHOW_ALL:
        return ALL
    return (
        ALL
        if name in ("uuid.validate", "is-uuid.v4", "is-number", "mongoose.Types.ObjectId.isValid", "lodash.isNumber")
        else frozenset()
    )


def compiled(thing: Thing, place: str) -> dict[str, frozenset[str]]:
    """What a JSON schema that was compiled shows of a document at a place."""
    return schema_facts(thing.facts["schema"], place)


def _schema(kind: str, **facts: Val) -> Val:
    return Val((Thing(_SCHEMA, {"kind": known(kind), **facts}),))


def _start(machine: Machine, given: Arguments, kind: str) -> Val:
    first = given.get(0)
    if kind in ("object", "strictObject", "looseObject", "shape", "keys"):
        return _schema("object", shape=first if first is not None else UNKNOWN)
    if kind in ("array", "items", "set"):
        return _schema("array", each=first if first is not None else UNKNOWN)
    if kind in ("enum", "literal", "valid", "nativeEnum", "equal"):
        del machine
        return _schema("plain")
    return _schema("plain" if kind in _PLAIN else "text")


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """``z.string()``, ``Joi.object({...})``, ``yup.number()``."""
    parts = name.split(".")
    if parts[0] not in ("zod", "joi", "@hapi/joi", "@hapi/joi/lib", "yup", "zod/v4", "zod/mini"):
        return None
    names = [part for part in parts[1:] if part not in ("z", "Joi", "default", "coerce")]
    if not names:
        return _schema("text")
    if names[0] in ("attempt", "assert") and len(given.args) > 1:
        for atom in given.args[1].atoms:
            if isinstance(atom, Thing) and atom.kind == _SCHEMA:
                return _passed(machine, frame, atom, given.args[0], given)
    return _start(machine, given, names[-1])


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """Schemas grow by their methods, and let values through."""
    if thing.kind != _SCHEMA:
        return None
    if name in _VALIDATE:
        return _validated(machine, frame, thing, name, given)
    kind = text_of(thing.facts["kind"]) or "text"
    if name in ("object", "shape", "keys", "extend", "append", "merge"):
        return _extended(machine, thing, given)
    if name == "array" and not given.args:
        return _schema("array", each=Val((thing,)))
    if name in ("items", "of"):
        return _schema("array", each=given.get(0) or UNKNOWN)
    if name in ("passthrough", "unknown", "loose", "catchall"):
        return Val((Thing(_SCHEMA, {**thing.facts, "open": known(value=True)}),))
    if kind == "text" and (name in _PLAIN or (name in _LISTS and given.args)):
        return Val((Thing(_SCHEMA, {**thing.facts, "kind": known("plain")}),))
    if kind == "text" and name in ("regex", "pattern", "matches"):
        found = pattern_of(given.args[0]) if given.args else None
        sinks = harmless(found[0], "search") if found is not None and found[0] else frozenset()
        return (
            Val((Thing(_SCHEMA, {**thing.facts, "cleans": known(" ".join(sorted(sinks)))}),))
            if sinks
            else Val((thing,))
        )
    if name in ("transform", "or", "and", "pipe", "when", "custom", "allow") and kind == "plain" and name != "allow":
        return _schema("text")
    return Val((thing,))


def _extended(machine: Machine, thing: Thing, given: Arguments) -> Val:
    first = given.get(0) or UNKNOWN
    for atom in first.atoms:
        if isinstance(atom, Thing) and atom.kind == _SCHEMA:
            first = atom.facts.get("shape", UNKNOWN)
    made = access.merged(machine, [thing.facts.get("shape", NONE), first], given.at)
    return Val((Thing(_SCHEMA, {**thing.facts, "kind": known("object"), "shape": Val((made,))}),))


def _validated(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> Val:
    value = _passed(machine, frame, thing, given.get(0) or UNKNOWN, given)
    if name.startswith("safe"):
        return Val(
            (machine.dictionary({"success": unknown("a check"), "data": value, "error": unknown("the errors")}),)
        )
    if name == "validate":
        # Joi answers with value and error; yup with the value itself, which has neither.
        held = machine.dictionary({"value": value, "error": unknown("the errors"), "warning": UNKNOWN})
        return Val((held, *value.atoms), value.taints)
    return value


def _passed(machine: Machine, frame: Frame, thing: Thing, value: Val, given: Arguments, depth: int = 0) -> Val:
    """A value after a schema let it through."""
    kind = text_of(thing.facts["kind"]) or "text"
    if kind == "plain":
        return unknown("a checked value")
    if kind == "array" and depth < 6:
        each = access.elements(machine, frame, value, given.at)
        inner = [_passed(machine, frame, atom, each, given, depth + 1) for atom in thing.facts.get("each", UNKNOWN).atoms
                 if isinstance(atom, Thing) and atom.kind == _SCHEMA]  # fmt: skip
        return Val((machine.sequence([], inner[0] if inner else each),))
    if kind == "object" and depth < 6:
        return _object(machine, frame, thing, value, given, depth)
    sinks = text_of(thing.facts["cleans"]) if "cleans" in thing.facts else None
    return clean(value, frozenset(sinks.split())) if sinks else value


def _object(machine: Machine, frame: Frame, thing: Thing, value: Val, given: Arguments, depth: int) -> Val:
    shapes = [atom for atom in thing.facts.get("shape", UNKNOWN).atoms if isinstance(atom, Dictionary)]
    if not shapes:
        return value
    made = machine.dictionary()
    for shape in shapes:
        for key, held in shape.entries.items():
            inner = access.attribute(machine, frame, value, str(key), given.at, calling=False)
            for atom in held.atoms:
                if isinstance(atom, Thing) and atom.kind == _SCHEMA:
                    inner = _passed(machine, frame, atom, inner, given, depth + 1)
            made.entries[key] = inner
    if "open" in thing.facts:
        made.rest = unknown("another field", machine.taints(value, given.at))
    return Val((made,))


def _compile(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``ajv.compile(schema)``."""
    return Val((Thing(COMPILED, {"schema": given.get(0) or UNKNOWN}),))


FUNCTIONS: dict[str, Model] = {
    "ajv": Model(gives="js.Ajv"), "ajv.Ajv": Model(gives="js.Ajv"), "ajv/dist/2020": Model(gives="js.Ajv"),
    **{f"validator.{name}": Model() for name in _SHOW_ALL},
}  # fmt: skip
METHODS: dict[str, Model] = {"js.Ajv.compile": Model(run=_compile), f"{COMPILED}.__call__": Model()}
__all__ = ["COMPILED", "FUNCTIONS", "METHODS", "by_method", "by_name", "compiled", "shown"]

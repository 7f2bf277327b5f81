"""Values as templates and code write them: literal where possible, symbolic where not, never guessed.

A name like ``!Sub "${Stage}-orders"`` is a ``Text`` of a ``Ref`` and a literal; the deployed name is unknown before
deployment, but *which resource it is* is known, and that is what least privilege needs.
"""

from collections.abc import Iterator, Mapping

from remit.app.noun import Struct


class Ref(Struct, frozen=True):
    """A reference to a resource, parameter or pseudo parameter (``AWS::Region``).

    Args:
        target: logical id.
        attribute: ``""`` for ``Ref``, else the attribute of ``Fn::GetAtt`` (``Arn``, ``StreamArn``, ...).
    """

    target: str
    attribute: str = ""

    def __str__(self) -> str:
        return "{" + self.target + (f".{self.attribute}" if self.attribute else "") + "}"


class Unknown(Struct, frozen=True):
    """A value that cannot be known before run time; ``why`` is the expression or reason, for people."""

    why: str

    def __str__(self) -> str:
        return "{?}"


class Text(Struct, frozen=True):
    """A text put together from literal and symbolic parts (``Fn::Sub``, ``Fn::Join``, f-strings)."""

    parts: tuple["str | Ref | Unknown | Choice", ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


class Choice(Struct, frozen=True):
    """One of several values (``Fn::If`` whose condition is open, or two assignments in code)."""

    options: tuple["Value", ...]

    def __str__(self) -> str:
        return "|".join(str(option) for option in self.options)


Scalar = str | int | float | bool | None
#: In a mapping of which not every key is a plain text: what else is in it, and the other keys where they are told.
OTHERS, OTHER_KEYS = "*", "*keys"

Value = Scalar | Ref | Unknown | Text | Choice | tuple["Value", ...] | Mapping[str, "Value"]


def join(parts: "list[Value]") -> "str | Ref | Unknown | Text | Choice":
    """Concatenates values: literals melt together, a single symbolic part stays itself, the rest become a ``Text``.

    Args:
        parts: what stands side by side; numbers and booleans are written as text, anything structured is unknown.

    Returns:
        The shortest value that says the same.
    """
    flat: list[str | Ref | Unknown | Choice] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            atom = _atom(piece)
            if isinstance(atom, str) and flat and isinstance(flat[-1], str):
                flat[-1] += atom
            elif atom != "":
                flat.append(atom)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Text(tuple(flat))


def _atom(value: "Value") -> "str | Ref | Unknown | Choice":
    if isinstance(value, str | Ref | Unknown | Choice):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return Unknown(f"{type(value).__name__} inside a text")


def refs(value: "Value") -> "Iterator[Ref]":
    """Every reference inside a value, at any depth, in order."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Text):
        for part in value.parts:
            yield from refs(part)
    elif isinstance(value, Choice):
        for option in value.options:
            yield from refs(option)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from refs(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from refs(item)


def options(value: "Value") -> "Iterator[Value]":
    """The alternatives of a value: those of a ``Choice``, flattened, else the value itself."""
    if isinstance(value, Choice):
        for option in value.options:
            yield from options(option)
    else:
        yield value


#: A text with many choices in it has more spellings than anybody means.
_MOST = 64


def spread(value: "Value") -> "tuple[Value, ...]":
    """Every value that is meant, also by a text with a ``Choice`` in it; only a few of very many."""
    found: list[Value] = []
    for option in options(value):
        if option is None:
            continue
        texts: list[list[Value]] = [[]]
        for part in option.parts if isinstance(option, Text) else (option,):
            several = list(options(part))
            texts = [[*text, item] for text in texts for item in several][:_MOST]
        found += [join(text) if isinstance(option, Text) else option for text in texts]
    return tuple(found[:_MOST])


def is_known(value: "Value") -> bool:
    """Whether nothing in the value is ``Unknown``: it is literal, or names resources."""
    if isinstance(value, Unknown):
        return False
    if isinstance(value, Text):
        return all(is_known(part) for part in value.parts)
    if isinstance(value, Choice):
        return all(is_known(option) for option in value.options)
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, tuple):
        return all(is_known(item) for item in value)
    return True


def settle(value: "Value", defaults: "Mapping[str, Value]") -> "Value":
    """A value as it is when every template parameter keeps its default.

    Args:
        value: any value.
        defaults: parameter name to default; parameters without one are missing and stay symbolic.
    """
    if isinstance(value, Ref):
        return defaults.get(value.target, value) if not value.attribute else value
    if isinstance(value, Text):
        return join([settle(part, defaults) for part in value.parts])
    if isinstance(value, Choice):
        return Choice(tuple(settle(option, defaults) for option in value.options))
    if isinstance(value, Mapping):
        return {key: settle(item, defaults) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(settle(item, defaults) for item in value)
    return value

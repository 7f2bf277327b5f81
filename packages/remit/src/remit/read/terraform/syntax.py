"""What HCL says, apart from how it was written: the same nouns for ``.tf`` and ``.tf.json``."""

from remit.app.noun import Struct
from remit.read.document import Malformed, Scalar, Span


class Literal(Struct, frozen=True):
    """A number, text, boolean or null."""

    at: Span
    value: Scalar


class Template(Struct, frozen=True):
    """A text with holes and directives; a template of nothing but one hole is the value in it."""

    at: Span
    parts: "tuple[Expr | IfPart | ForPart, ...]"


class IfPart(Struct, frozen=True):
    """``%{ if }`` ... ``%{ else }`` ... ``%{ endif }``."""

    at: Span
    condition: "Expr"
    then: "tuple[Expr | IfPart | ForPart, ...]"
    otherwise: "tuple[Expr | IfPart | ForPart, ...]"


class ForPart(Struct, frozen=True):
    """``%{ for key, name in over }`` ... ``%{ endfor }``; ``key`` may be empty."""

    at: Span
    key: str
    name: str
    over: "Expr"
    parts: "tuple[Expr | IfPart | ForPart, ...]"


class Name(Struct, frozen=True):
    """The first word of a reference."""

    at: Span
    name: str


class Attribute(Struct, frozen=True):
    """``of.name``."""

    at: Span
    of: "Expr"
    name: str


class Index(Struct, frozen=True):
    """``of[key]``."""

    at: Span
    of: "Expr"
    key: "Expr"


class Splat(Struct, frozen=True):
    """``of[*].a.b`` and ``of.*.a.b``: the steps are taken from every element."""

    at: Span
    of: "Expr"
    steps: "tuple[str | Expr, ...]"


class Listed(Struct, frozen=True):
    """``[a, b]``."""

    at: Span
    items: "tuple[Expr, ...]"


class Item(Struct, frozen=True):
    """One entry of an object: its key's expression and place."""

    key: "Expr"
    value: "Expr"


class Object(Struct, frozen=True):
    """``{ a = b }``."""

    at: Span
    items: tuple[Item, ...]


class For(Struct, frozen=True):
    """``[for key, name in over : value if condition]``; with ``result`` (the key of the entry) it makes an object."""

    at: Span
    key: str
    name: str
    over: "Expr"
    value: "Expr"
    result: "Expr | None" = None
    condition: "Expr | None" = None
    grouped: bool = False


class Call(Struct, frozen=True):
    """A function call; with ``spread`` the last argument is a list of arguments."""

    at: Span
    name: str
    arguments: "tuple[Expr, ...]"
    spread: bool = False


class Conditional(Struct, frozen=True):
    """``condition ? then : otherwise``."""

    at: Span
    condition: "Expr"
    then: "Expr"
    otherwise: "Expr"


class Unary(Struct, frozen=True):
    """``!a`` and ``-a``."""

    at: Span
    operator: str
    operand: "Expr"


class Binary(Struct, frozen=True):
    """Two operands and what stands between them."""

    at: Span
    operator: str
    left: "Expr"
    right: "Expr"


class Broken(Struct, frozen=True):
    """An expression that could not be read; the failure was reported where it was found."""

    at: Span


Expr = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | Listed
    | Object
    | For
    | Call
    | Conditional
    | Unary
    | Binary
    | Broken
)
Part = Expr | IfPart | ForPart


class Argument(Struct, frozen=True):
    """``name = value``, with the place of the name."""

    name: str
    value: Expr
    key: Span


class Block(Struct, frozen=True):
    """``type "label" { ... }``; ``at`` is the place of its header."""

    type: str
    labels: tuple[str, ...]
    body: "Body"
    at: Span


class Body(Struct, frozen=True):
    """What stands between braces, or in a whole file.

    Args:
        arguments: by name.
        blocks: in order.
        json: whether it comes from JSON, where nothing tells a block from an argument.
    """

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]
    json: bool = False

    def of_type(self, type_: str) -> tuple[Block, ...]:
        """The blocks of one type."""
        return tuple(block for block in self.blocks if block.type == type_)

    def expr(self, name: str) -> Expr | None:
        """The value of one argument, or ``None``."""
        argument = self.arguments.get(name)
        return None if argument is None else argument.value


class Parsed(Struct, frozen=True):
    """One file that was read, with what is wrong in it."""

    body: Body
    problems: tuple[Malformed, ...] = ()

"""The small language every front lowers to: expressions, statements, functions, classes.

It is a tree, close to what Python, JavaScript and their kin have in common. What is sugar in a language (comprehensions'
targets, ``match``, augmented assignment, decorators, chained comparison) is gone; what matters to values is kept.
Each node knows its span ``at``: first line, first column, last line, column after the last character, all from 1.
"""

from dataclasses import dataclass, field

Span = tuple[int, int, int, int]
NOWHERE: Span = (0, 1, 0, 0)


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place in the source."""

    at: Span


class Expr(Node):
    """Something with a value."""

    __slots__ = ()


class Stmt(Node):
    """Something that is done."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Const(Expr):
    """A literal; ``...`` and the like are ``None``."""

    value: str | int | float | bool | bytes | None


@dataclass(slots=True, eq=False)
class Name(Expr):
    """A variable."""

    id: str


@dataclass(slots=True, eq=False)
class Attr(Expr):
    """``value.name``."""

    value: Expr
    name: str


@dataclass(slots=True, eq=False)
class Index(Expr):
    """``value[key]``."""

    value: Expr
    key: Expr


@dataclass(slots=True, eq=False)
class Slice(Expr):
    """A part of a text or list: ``value[a:b]``."""

    value: Expr
    first: Expr | None
    last: Expr | None


@dataclass(slots=True, eq=False)
class Spread(Expr):
    """``*value`` among arguments or elements."""

    value: Expr


@dataclass(slots=True, eq=False)
class Call(Expr):
    """``function(*arguments, **keywords)``; a keyword named ``**`` spreads a mapping.

    ``text`` is the callee as the code writes it.
    """

    function: Expr
    arguments: list[Expr]
    keywords: list[tuple[str, Expr]]
    text: str


@dataclass(slots=True, eq=False)
class Concat(Expr):
    """A text put together from parts (f-string, template literal); a part may be ``(expression, "r")`` for ``!r``."""

    parts: list[tuple[Expr, str]]


@dataclass(slots=True, eq=False)
class Binary(Expr):
    """Arithmetic and joining: ``left op right``."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Compare(Expr):
    """A comparison of two values, with the operator as Python writes it (``==``, ``in``, ``is not``)."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Logic(Expr):
    """``and`` / ``or`` over several values."""

    op: str
    values: list[Expr]


@dataclass(slots=True, eq=False)
class Not(Expr):
    """Logical negation."""

    value: Expr


@dataclass(slots=True, eq=False)
class Conditional(Expr):
    """``yes if test else no``."""

    test: Expr
    yes: Expr
    no: Expr


@dataclass(slots=True, eq=False)
class Collection(Expr):
    """A list, tuple or set written out."""

    kind: str
    items: list[Expr]


@dataclass(slots=True, eq=False)
class Mapping(Expr):
    """A mapping written out; a ``None`` key spreads another mapping."""

    pairs: list[tuple[Expr | None, Expr]]


@dataclass(slots=True, eq=False)
class Comprehension(Expr):
    """``[element for target in iterable if conditions]``; for a mapping ``elements`` is key and value."""

    kind: str
    elements: list[Expr]
    clauses: list[tuple[Expr, Expr, list[Expr]]]


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    """A function without a name."""

    code: "FunctionCode"


@dataclass(slots=True, eq=False)
class Bind(Expr):
    """An assignment inside an expression."""

    target: Expr
    value: Expr


@dataclass(slots=True, eq=False)
class Await(Expr):
    """Waits for a value; the value itself to us."""

    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Expr):
    """Hands a value to whoever iterates; ``each`` for ``yield from``."""

    value: Expr | None
    each: bool


@dataclass(slots=True, eq=False)
class Anything(Expr):
    """An expression whose value the front does not model; its parts are still evaluated."""

    parts: list[Expr]


@dataclass(slots=True, eq=False)
class Parameter:
    """One parameter: ``kind`` is ``plain``, ``keyword``, ``rest`` (``*args``) or ``others``; ``type`` as written."""

    name: str
    kind: str
    default: Expr | None = None
    type: str = ""


@dataclass(slots=True, eq=False)
class FunctionCode:
    """A function as written; ``decorators`` outermost first; ``outer`` the names it declares global or nonlocal."""

    name: str
    parameters: list[Parameter]
    body: list[Stmt]
    at: Span
    decorators: list[Expr] = field(default_factory=list)
    generator: bool = False
    outer: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class ClassCode:
    """A class as written."""

    name: str
    bases: list[Expr]
    body: list[Stmt]
    at: Span
    decorators: list[Expr] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    """``target = ... = value``."""

    targets: list[Expr]
    value: Expr


@dataclass(slots=True, eq=False)
class Declare(Stmt):
    """A name with a type: a field of a data class. ``type`` is the annotation as it is written."""

    name: str
    type: str


@dataclass(slots=True, eq=False)
class Evaluate(Stmt):
    """An expression for its effect."""

    value: Expr


@dataclass(slots=True, eq=False)
class If(Stmt):
    """A branch."""

    test: Expr
    body: list[Stmt]
    other: list[Stmt]


@dataclass(slots=True, eq=False)
class ForEach(Stmt):
    """A loop over elements."""

    target: Expr
    iterable: Expr
    body: list[Stmt]
    other: list[Stmt]


@dataclass(slots=True, eq=False)
class While(Stmt):
    """A loop on a condition."""

    test: Expr
    body: list[Stmt]
    other: list[Stmt]


@dataclass(slots=True, eq=False)
class Handler(Node):
    """One ``except``: the types caught (``None`` for all), the name bound, the body."""

    types: Expr | None
    name: str
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Try(Stmt):
    """``try`` with everything that can follow it."""

    body: list[Stmt]
    handlers: list[Handler]
    other: list[Stmt]
    final: list[Stmt]


@dataclass(slots=True, eq=False)
class With(Stmt):
    """Context managers around a body."""

    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Return(Stmt):
    """Ends the function with a value."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Raise(Stmt):
    """Ends the block with an exception."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Jump(Stmt):
    """``break`` or ``continue``."""

    kind: str


@dataclass(slots=True, eq=False)
class Assert(Stmt):
    """A condition that holds afterwards, unless Python runs with ``-O``."""

    test: Expr


@dataclass(slots=True, eq=False)
class Define(Stmt):
    """Binds a function to its name."""

    code: FunctionCode


@dataclass(slots=True, eq=False)
class DefineClass(Stmt):
    """Binds a class to its name."""

    code: ClassCode


@dataclass(slots=True, eq=False)
class Import(Stmt):
    """``import module as name``: binds ``name`` to ``module``, or to its top package when ``top``."""

    module: str
    name: str
    top: bool


@dataclass(slots=True, eq=False)
class ImportFrom(Stmt):
    """``from module import a as b``; ``level`` counts leading dots; the name ``*`` takes everything."""

    module: str
    level: int
    names: list[tuple[str, str]]

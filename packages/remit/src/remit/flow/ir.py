"""The small language every front lowers to: expressions, statements, functions, classes.

It is a tree, close to what Python, JavaScript and their kin have in common. What is sugar in a language (comprehensions'
targets, ``match``, augmented assignment, decorators, chained comparison) is gone; what matters to values is kept.
Each node knows its span ``at``: first line, first column, last line, column after the last character, all from 1.
"""

from remit.app.noun import Struct, field

Span = tuple[int, int, int, int]
NOWHERE: Span = (0, 1, 0, 0)


class Node(Struct, eq=False):
    """Anything with a place in the source."""

    at: Span


class Expr(Node):
    """Something with a value."""


class Stmt(Node):
    """Something that is done."""


class Const(Expr):
    """A literal; ``...`` and the like are ``None``."""

    value: str | int | float | bool | bytes | None


class Name(Expr):
    """A variable."""

    id: str


class Attr(Expr):
    """``value.name``."""

    value: Expr
    name: str


class Index(Expr):
    """``value[key]``."""

    value: Expr
    key: Expr


class Slice(Expr):
    """A part of a text or list: ``value[a:b]``."""

    value: Expr
    first: Expr | None
    last: Expr | None


class Spread(Expr):
    """``*value`` among arguments or elements."""

    value: Expr


class Default(Expr):
    """A target that takes another value when it is given none: ``{a = 1}`` on the left of an assignment."""

    target: Expr
    value: Expr


class Comma(Expr):
    """Several expressions, one after the other; the last is the value."""

    parts: list[Expr]


class Call(Expr):
    """``function(*arguments, **keywords)``; a keyword named ``**`` spreads a mapping.

    ``text`` is the callee as the code writes it.
    """

    function: Expr
    arguments: list[Expr]
    keywords: list[tuple[str, Expr]]
    text: str


class New(Call):
    """A call that makes an object: ``new Shop(x)``."""


class Concat(Expr):
    """A text put together from parts (f-string, template literal); a part may be ``(expression, "r")`` for ``!r``."""

    parts: list[tuple[Expr, str]]


class Binary(Expr):
    """Arithmetic and joining: ``left op right``."""

    op: str
    left: Expr
    right: Expr


class Compare(Expr):
    """A comparison of two values, with the operator as Python writes it (``==``, ``in``, ``is not``)."""

    op: str
    left: Expr
    right: Expr


class Logic(Expr):
    """``and`` / ``or`` over several values."""

    op: str
    values: list[Expr]


class Not(Expr):
    """Logical negation."""

    value: Expr


class Conditional(Expr):
    """``yes if test else no``."""

    test: Expr
    yes: Expr
    no: Expr


class Collection(Expr):
    """A list, tuple or set written out."""

    kind: str
    items: list[Expr]


class Mapping(Expr):
    """A mapping written out; a ``None`` key spreads another mapping."""

    pairs: list[tuple[Expr | None, Expr]]


class Comprehension(Expr):
    """``[element for target in iterable if conditions]``; for a mapping ``elements`` is key and value."""

    kind: str
    elements: list[Expr]
    clauses: list[tuple[Expr, Expr, list[Expr]]]


class Lambda(Expr):
    """A function without a name."""

    code: "FunctionCode"


class ClassValue(Expr):
    """A class without a place of its own."""

    code: "ClassCode"


class Bind(Expr):
    """An assignment inside an expression."""

    target: Expr
    value: Expr


class Await(Expr):
    """Waits for a value; the value itself to us."""

    value: Expr


class Yield(Expr):
    """Hands a value to whoever iterates; ``each`` for ``yield from``."""

    value: Expr | None
    each: bool


class Anything(Expr):
    """An expression whose value the front does not model; its parts are still evaluated."""

    parts: list[Expr]


class Parameter(Struct, eq=False):
    """One parameter: ``kind`` is ``plain``, ``keyword``, ``rest`` (``*args``), ``others``, or ``all``; ``type`` as written.

    ``all`` holds every argument whatever else takes it (``arguments`` of JavaScript).
    """

    name: str
    kind: str
    default: Expr | None = None
    type: str = ""


class FunctionCode(Struct, eq=False):
    """A function as written; ``decorators`` outermost first; ``outer`` the names it binds that belong to scopes around it.

    ``this``: what it is taken from arrives under that name, not as the first parameter.
    """

    name: str
    parameters: list[Parameter]
    body: list[Stmt]
    at: Span
    decorators: list[Expr] = field(default_factory=list)
    generator: bool = False
    outer: frozenset[str] = frozenset()
    this: bool = False


class ClassCode(Struct, eq=False):
    """A class as written."""

    name: str
    bases: list[Expr]
    body: list[Stmt]
    at: Span
    decorators: list[Expr] = field(default_factory=list)


class Assign(Stmt):
    """``target = ... = value``."""

    targets: list[Expr]
    value: Expr


class Declare(Stmt):
    """A name with a type: a field of a data class. ``type`` is the annotation as it is written."""

    name: str
    type: str


class Evaluate(Stmt):
    """An expression for its effect."""

    value: Expr


class If(Stmt):
    """A branch."""

    test: Expr
    body: list[Stmt]
    other: list[Stmt]


class ForEach(Stmt):
    """A loop over elements."""

    target: Expr
    iterable: Expr
    body: list[Stmt]
    other: list[Stmt]


class While(Stmt):
    """A loop on a condition."""

    test: Expr
    body: list[Stmt]
    other: list[Stmt]


class Handler(Node):
    """One ``except``: the types caught (``None`` for all), the name bound, the body."""

    types: Expr | None
    name: str
    body: list[Stmt]


class Try(Stmt):
    """``try`` with everything that can follow it."""

    body: list[Stmt]
    handlers: list[Handler]
    other: list[Stmt]
    final: list[Stmt]


class Block(Stmt):
    """Statements that ``break`` leaves: a ``switch``, a block with a label."""

    body: list[Stmt]


class Unread(Stmt):
    """A piece of the module that its front could not read: ``why`` for people."""

    why: str


class With(Stmt):
    """Context managers around a body."""

    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]


class Return(Stmt):
    """Ends the function with a value."""

    value: Expr | None


class Raise(Stmt):
    """Ends the block with an exception."""

    value: Expr | None


class Jump(Stmt):
    """``break`` or ``continue``."""

    kind: str


class Assert(Stmt):
    """A condition that holds afterwards, unless Python runs with ``-O``."""

    test: Expr


class Define(Stmt):
    """Binds a function to its name."""

    code: FunctionCode


class DefineClass(Stmt):
    """Binds a class to its name."""

    code: ClassCode


class Import(Stmt):
    """``import module as name``: binds ``name`` to ``module``, or to its top package when ``top``."""

    module: str
    name: str
    top: bool


class ImportFrom(Stmt):
    """``from module import a as b``; ``level`` counts leading dots; the name ``*`` takes everything."""

    module: str
    level: int
    names: list[tuple[str, str]]

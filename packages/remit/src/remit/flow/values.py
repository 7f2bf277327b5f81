"""Abstract values: what an expression may be when the code runs.

A ``Val`` is a handful of possibilities (atoms) and the taints it carries. Lists, mappings and instances are places
in a heap: they have an identity and change. Everything else never changes.
"""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.value import OTHER_KEYS, OTHERS, Choice, Ref, Text, Unknown, Value, join
from remit.flow import ir
from remit.flow.taint import Taints, Trace, merge, same

_MOST_ATOMS = 10
MOST_ENTRIES = 200


class Hole(Unknown, frozen=True, eq=False):
    """An unknown part of a text, with the taints that came with that part."""

    taints: Taints

    def __eq__(self, other: object) -> bool:
        return type(other) is Hole and self.why == other.why and same(self.taints, other.taints)

    def __hash__(self) -> int:
        return hash(self.why)


class Known(Struct, frozen=True, eq=False):
    """A literal."""

    value: str | int | float | bool | bytes | None

    def __eq__(self, other: object) -> bool:
        return type(other) is Known and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


class Symbol(Struct, frozen=True):
    """A text that is partly or wholly symbolic: a ``Ref``, a ``Text``, a ``Choice`` or an ``Unknown`` text."""

    value: Ref | Text | Choice | Unknown


class Root(Struct, frozen=True):
    """One kind of event a handler gets: the name of its source, its fields, and whether an authorizer vouches."""

    source: str
    fields: tuple[tuple[str, tuple[str, ...], bool], ...]
    records: str
    responds: bool
    vouched: bool
    resources: tuple[str, ...] = ()
    told: tuple[tuple[tuple[str, ...], Value], ...] = ()
    #: For what a store answers, the call that asked it.
    read: Location | None = None


class Part(Struct, frozen=True, eq=False):
    """The event, or what stands under a path in it; where it was taken out makes no difference to what it is."""

    root: Root
    path: tuple[str, ...]
    taken: Location | None = None
    trace: Trace | None = None

    def __eq__(self, other: object) -> bool:
        return type(other) is Part and self.path == other.path and (
            self.root is other.root or self.root == other.root)  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.path)


class Lib(Struct, frozen=True):
    """Something of a library, by its full dotted name: ``os.path.join``."""

    name: str


class Thing(Struct, frozen=True, eq=False):
    """An instance of a library's class: ``kind`` names its model, ``facts`` what is known of it."""

    kind: str
    facts: "Mapping[str, Val]" = field(default_factory=dict)
    inner: "tuple[Val, ...]" = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(other) is Thing and self.kind == other.kind and self.facts == other.facts and (
            self.inner == other.inner)  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.kind)


class Opaque(Struct, frozen=True):
    """Something nobody knows; ``why`` says where it comes from, for people and for guesses."""

    why: str


class Caught(Struct, frozen=True):
    """A caught exception."""

    name: str


class Closure(Struct, frozen=True, eq=False):
    """A function of the code with the scope it was made in, and what it is bound to."""

    code: ir.FunctionCode
    scope: "Scope"
    bound: "Atom | None" = None
    owner: "Kind | None" = None
    flavour: str = ""
    defaults: "Mapping[str, Val]" = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return (
            type(other) is Closure
            and self.code is other.code
            and self.scope is other.scope
            and self.bound == other.bound
            and self.owner is other.owner
            and self.flavour == other.flavour
        )

    def __hash__(self) -> int:
        return hash((id(self.code), id(self.scope), self.flavour))


class Partial(Struct, frozen=True):
    """A function with some arguments given already."""

    function: "Val"
    arguments: "tuple[Val, ...]"
    keywords: "tuple[tuple[str, Val], ...]"


class Method(Struct, frozen=True, eq=False):
    """A method of something that is not an instance of the code's own classes."""

    receiver: "Atom"
    name: str
    taints: Taints = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is Method and self.name == other.name and self.receiver == other.receiver

    def __hash__(self) -> int:
        return hash((self.receiver, self.name))


class ModuleValue(Struct, frozen=True):
    """A module of the code."""

    module: "Module"


class Kind(Struct, eq=False):
    """A class of the code."""

    code: ir.ClassCode
    scope: "Scope"
    members: "dict[str, Val]"
    bases: "tuple[Val, ...]"

    def lineage(self) -> "Iterator[Kind | Lib]":
        """The class and what it inherits from, in order, cycles and depth bounded."""
        todo: list[Kind | Lib] = [self]
        seen: set[int] = set()
        while todo and len(seen) < 40:
            item = todo.pop(0)
            if id(item) in seen:
                continue
            seen.add(id(item))
            yield item
            if isinstance(item, Kind):
                todo.extend(atom for base in item.bases for atom in base.atoms if isinstance(atom, Kind | Lib))


class Heap(Struct, eq=False):
    """Something that changes: it knows in which branch it was made, and counts its changes."""

    branch: int
    serial: int
    frame: int
    version: int = 0


class Instance(Heap):
    """An instance of one of the code's classes."""

    kind: Kind | None = None
    fields: "dict[str, Val]" = field(default_factory=dict)


class Sequence(Heap):
    """A list, tuple or set: the elements at known places, and what else may be in it."""

    kind: str = "list"
    items: "list[Val]" = field(default_factory=list)
    rest: "Val | None" = None


class Dictionary(Heap):
    """A mapping: what is under known keys, and what else may be in it. ``places`` are the spans of values.

    ``keys`` are the other keys, where they are told (a name out of the environment): all of them, or none.
    """

    entries: "dict[object, Val]" = field(default_factory=dict)
    rest: "Val | None" = None
    places: dict[object, Location] = field(default_factory=dict)
    factory: "Val | None" = None
    keys: "list[Val]" = field(default_factory=list)


Atom = (
    Known | Symbol | Part | Lib | Thing | Opaque | Caught | Closure | Partial | Method | ModuleValue | Kind | Instance
    | Sequence | Dictionary
)  # fmt: skip


class Val(Struct, frozen=True, eq=False):
    """What an expression may be, and the taints it carries."""

    atoms: tuple[Atom, ...]
    taints: Taints = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is Val and self.atoms == other.atoms and same(self.taints, other.taints)

    def __hash__(self) -> int:
        return hash(len(self.atoms))

    def tainted(self, taints: Taints) -> "Val":
        """With more taints."""
        return Val(self.atoms, merge(self.taints, taints)) if taints else self


UNKNOWN = Val((Opaque(""),))
NONE = Val((Known(None),))
NOTHING = Val(())


def known(value: str | float | bool | bytes | None) -> Val:
    """A literal."""
    return Val((Known(value),))


def unknown(why: str, taints: Taints = ()) -> Val:
    """Something unknown."""
    return Val((Opaque(why),), taints)


def union(*values: Val) -> Val:
    """One of several."""
    first = values[0]
    if all(value is first for value in values):
        return first
    atoms: list[Atom] = []
    for value in values:
        for atom in value.atoms:
            if not any(atom is other or atom == other for other in atoms):
                atoms.append(atom)
    taints = merge(*(value.taints for value in values))
    if len(atoms) > _MOST_ATOMS:
        # Literals melt into one unknown first; what has structure is kept as long as possible.
        atoms = [*[atom for atom in atoms if not isinstance(atom, Known | Opaque)][: _MOST_ATOMS - 1]]
        atoms.append(Opaque("one of many values"))
    return Val(tuple(atoms), taints)


def literal(value: Val) -> str | int | float | bool | bytes | None:
    """The literal a value is for sure, else ``None`` (also for the literal ``None``)."""
    if len(value.atoms) == 1 and isinstance(value.atoms[0], Known):
        return value.atoms[0].value
    return None


def text_of(value: Val) -> str | None:
    """The literal text a value is for sure, else ``None``."""
    found = literal(value)
    return found if isinstance(found, str) else None


def of_template(value: Value) -> Val:
    """A value out of the template."""
    if isinstance(value, Ref | Text | Unknown):
        return Val((Symbol(value),))
    if isinstance(value, Choice):
        return union(*(of_template(option) for option in value.options)) if value.options else UNKNOWN
    if isinstance(value, str | int | float | bool) or value is None:
        # An environment variable is always a text.
        text = "" if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)
        return known(text)
    return unknown("a structured value of the template")


def to_template(value: Val, depth: int = 0) -> Value:
    """A value as the tool's nouns tell it: literal where possible, symbolic where not."""
    options: list[Value] = []
    for atom in value.atoms:
        option = _plain(atom, depth)
        if option not in options:
            options.append(option)
    if not options:
        return Unknown("nothing")
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _plain(atom: Atom, depth: int) -> Value:
    if isinstance(atom, Known):
        if isinstance(atom.value, bytes):
            return Unknown("bytes")
        return atom.value
    if isinstance(atom, Symbol):
        return _bare(atom.value)
    if isinstance(atom, Part):
        return _delivered(atom)
    if depth < 6:
        if isinstance(atom, Dictionary) and len(atom.entries) <= MOST_ENTRIES:
            found: dict[str, Value] = {str(key): to_template(item, depth + 1) for key, item in atom.entries.items()}
            if atom.rest is None:
                return found
            found[OTHERS] = to_template(atom.rest, depth + 1)
            if atom.keys:
                found[OTHER_KEYS] = tuple(to_template(key, depth + 1) for key in atom.keys[:MOST_ENTRIES])
            return found
        if isinstance(atom, Sequence):
            items = [to_template(item, depth + 1) for item in atom.items[:MOST_ENTRIES]]
            return tuple(items) if atom.rest is None else (*items, to_template(atom.rest, depth + 1))
    return Unknown(atom.why if isinstance(atom, Opaque) and atom.why else "a value known only at run time")


#: What the platform writes into an event about the resource that sent it: source, path, attribute of the resource.
_SENDERS = {
    ("s3", ("Records", "[]", "s3", "bucket", "name")): "",
    ("s3", ("Records", "[]", "s3", "bucket", "arn")): "Arn",
    ("sqs", ("Records", "[]", "eventSourceARN")): "Arn",
    ("dynamodb", ("Records", "[]", "eventSourceARN")): "StreamArn",
    ("sns", ("Records", "[]", "Sns", "TopicArn")): "",
}


def _delivered(part: Part) -> Value:
    """The name of the resource that sent the event is as known as the resource; everything else is not."""
    for path, value in part.root.told:
        if path == part.path:
            return value
    attribute = _SENDERS.get((part.root.source, part.path))
    if attribute is None or not part.root.resources:
        return Unknown("a part of the event")
    found = tuple(Ref(resource, attribute) for resource in part.root.resources)
    return found[0] if len(found) == 1 else Choice(found)


def _bare(value: Value) -> Value:
    """Without the taints inside."""
    if isinstance(value, Hole):
        return Unknown(value.why)
    if isinstance(value, Text):
        return join([_bare(part) for part in value.parts])
    if isinstance(value, Choice):
        return Choice(tuple(_bare(option) for option in value.options))
    return value


def pieces(value: Val) -> "tuple[str | Ref | Unknown | Choice, ...]":
    """A value as the parts of a text: literal, symbolic, or a hole that carries its taints."""
    if len(value.atoms) == 1:
        atom = value.atoms[0]
        if isinstance(atom, Known):
            content = atom.value
            if isinstance(content, bytes):
                content = content.decode("latin-1")
            return (str(content),)
        if isinstance(atom, Symbol):
            inner = atom.value
            return inner.parts if isinstance(inner, Text) else (inner,)
    if value.atoms and not value.taints and all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return (Choice(tuple(_plain(atom, 0) for atom in value.atoms)),)
    why = next((atom.why for atom in value.atoms if isinstance(atom, Opaque)), "")
    return (Hole(why or "a value known only at run time", value.taints),)


def concatenate(values: list[Val], taints: Taints) -> Val:
    """Texts side by side."""
    flat: list[str | Ref | Unknown | Choice] = [piece for value in values for piece in pieces(value)]
    joined = join(list(flat)) if len(flat) <= 64 else Unknown("a long text")
    return Val((Known(joined),) if isinstance(joined, str) else (Symbol(joined),), taints)


class Scope(Struct, eq=False):
    """The variables of a function call, a module or a class body."""

    module: "Module"
    parent: "Scope | None"
    vars: dict[str, Val] = field(default_factory=dict)
    outer: frozenset[str] = frozenset()
    depth: int = 0
    is_class: bool = False


class Module(Struct, eq=False):
    """One module of the code: its file, its statements, and its variables once it has run."""

    name: str
    file: str
    body: list[ir.Stmt]
    package: str
    scope: "Scope | None" = None
    finished: bool = False

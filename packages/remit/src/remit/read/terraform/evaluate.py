"""Expressions of Terraform to nodes: literal where the configuration decides, symbolic where it does not.

What only a deployment knows stays a reference (``Ref(instance, attribute)``, ``Ref(variable)``); an open condition keeps
both branches; what Terraform would refuse is ``Unknown`` with the reason. A value that comes through a variable or
local stands where it is used; what is inside it stands where it is written.
"""

from collections.abc import Callable, Iterator, Mapping

from remit.app.location import Location
from remit.app.node import Node, graft, maybe, unite
from remit.app.value import OTHERS, Choice, Ref, Text, Unknown, Value, join, options
from remit.read.document import Malformed
from remit.read.resolve import json_text
from remit.read.terraform import operators
from remit.read.terraform.known import MAX_OPTIONS, MAX_TEXT, Content, Sizes, Wrong, text_of, truth
from remit.read.terraform.syntax import (
    Attribute,
    Binary,
    Broken,
    Call,
    Conditional,
    Expr,
    For,
    ForPart,
    IfPart,
    Index,
    Listed,
    Literal,
    Name,
    Object,
    Part,
    Splat,
    Template,
    Unary,
)
from remit.read.terraform.things import Frame, ModuleThing, Thing

#: Expressions evaluated for one App (the largest of some two hundred public ones needs ten thousand), and levels of them
#: inside each other (through locals, variables and outputs, too).
MAX_STEPS = 200_000
MAX_LEVELS = 70

_OWN_FILES = (".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json")
Look = Callable[[str, str, Frame], Node | None]


class Evaluator:
    """Evaluates the expressions of one App.

    Args:
        look: gives what a name means that no expression binds: kind (``var``, ``local``, ``module``, ``path``, ``terraform``,
            ``data`` or ``resource``), the rest of the name, where; ``None`` when there is no such thing.
        attribute: gives an attribute of a thing.
        function: calls a function.
    """

    def __init__(
        self,
        look: Look,
        attribute: "Callable[[Thing | ModuleThing, str, Location], Node]",
        function: "Callable[[Evaluator, Call, Frame], Node]",
    ) -> None:
        self.things: dict[str, Thing | ModuleThing] = {}
        self.sizes = Sizes()
        #: Keys of mappings that are symbols (``{env}-a``), by how they are written there.
        self.symbols: dict[str, Value] = {}
        self._look = look
        self._of_thing = attribute
        self._function = function
        self._left = MAX_STEPS
        self._depth = 0
        self._makers: dict[type, Callable[..., Node]] = {
            Literal: self._literal,
            Template: self._template,
            Name: self._reference,
            Attribute: self._reference,
            Index: self._reference,
            Splat: self._splat,
            Listed: self._listed,
            Object: self._object,
            For: self._for,
            Call: self._call,
            Conditional: self._conditional,
            Unary: self._unary,
            Binary: self._binary,
            Broken: self._broken,
        }

    def value(self, expr: Expr, frame: Frame) -> Node:
        """The meaning of one expression.

        Raises:
            Wrong: Terraform would refuse it.
            Malformed: the configuration expands to more than anybody could deploy.
        """
        self._left -= 1
        if self._left < 0:
            self.spend(0, frame.at(expr.at))
        if self._depth >= MAX_LEVELS:
            return Node(Unknown("an expression nested too deeply"), frame.at(expr.at))
        self._depth += 1
        try:
            return self._makers[type(expr)](expr, frame)
        finally:
            self._depth -= 1

    def safe(self, expr: Expr, frame: Frame) -> Node:
        """Like ``value``, with ``Unknown`` and the reason for what Terraform would refuse."""
        try:
            return self.value(expr, frame)
        except Wrong as error:
            return Node(Unknown(error.why), frame.at(expr.at))

    def spend(self, steps: int, at: Location) -> None:
        """Counts work.

        Raises:
            Malformed: it is too much.
        """
        self._left -= steps
        if self._left < 0:
            raise Malformed("the expressions of this configuration expand to far too much", at.line, at.column)

    def literal(self, node: Node) -> Value:
        """A node's plain value, with the names that the configuration gives to things in place of references to them."""
        return self._spelled(node.plain())

    def structure(self, value: Content, at: Location) -> Node:
        """A structure that was put together.

        Raises:
            Wrong: it is too large.
        """
        return Node(self.sizes.bounded(value), at)

    def moved(self, node: Node, at: Location, frame: Frame) -> Node:
        """A value where it is used.

        What was read from another file stays there; in a module that is not the user's, a value of the user does, too.
        """
        if frame.called.shown is not None and node.location != frame.called.shown:
            return node
        if not node.location.file.endswith(_OWN_FILES):
            return node
        return Node(node.value, at, node.key, node.absent)

    # Simple expressions

    def _literal(self, expr: Literal, frame: Frame) -> Node:
        return Node(expr.value, frame.at(expr.at))

    def _broken(self, expr: Broken, frame: Frame) -> Node:
        return Node(Unknown("something that could not be read"), frame.at(expr.at))

    def _listed(self, expr: Listed, frame: Frame) -> Node:
        return self.structure(tuple(self.value(item, frame) for item in expr.items), frame.at(expr.at))

    def _object(self, expr: Object, frame: Frame) -> Node:
        found: dict[str, Node] = {}
        for item in expr.items:
            name = self.key(self.value(item.key, frame))
            value = self.value(item.value, frame)
            self.put(found, name, Node(value.value, value.location, frame.at(item.key.at), value.absent))
        return self.structure(found, frame.at(expr.at))

    def put(self, into: dict[str, Node], name: str, node: Node) -> None:
        """Adds an entry; entries whose keys are not known share one place."""
        old = into.get(name) if name == OTHERS else None
        into[name] = node if old is None else unite(old, node, node.location, node.key)

    def key(self, node: Node) -> str:
        """The text of a key, symbols included; ``OTHERS`` when nothing is known of it.

        Raises:
            Wrong: it cannot be a key.
        """
        value = self.literal(node)
        text = _key_text(value)
        if text is not None:
            if not isinstance(value, str | int | float):
                self.symbols[text] = value
            return text
        if isinstance(value, Ref | Unknown | Text | Choice):
            return OTHERS
        raise Wrong("a key that is not a text")

    def _conditional(self, expr: Conditional, frame: Frame) -> Node:
        decided = truth(self.literal(self.value(expr.condition, frame)))
        at = frame.at(expr.at)
        if decided is not None:
            return self.moved(self.value(expr.then if decided else expr.otherwise, frame), at, frame)
        first, second = self._branch(expr.then, frame), self._branch(expr.otherwise, frame)
        if first is None or second is None:
            only = first or second
            return only if only is not None else Node(None, at)
        if first.value is None or second.value is None:
            only = second if first.value is None else first
            return only if only.value is None else maybe(only)
        return self.either(first, second, at)

    def _branch(self, expr: Expr, frame: Frame) -> Node | None:
        """One branch of an open condition; ``None`` when it cannot be meant."""
        try:
            return self.value(expr, frame)
        except Wrong:
            return None

    def either(self, first: Node, second: Node, at: Location) -> Node:
        """What may be one or the other: structures united, anything else a choice of few.

        Raises:
            Wrong: it is too large.
        """
        node = unite(first, second, at, None)
        if isinstance(node.value, Choice):
            found = tuple(options(node.value))
            if len(found) > MAX_OPTIONS:
                return Node(Unknown("one of many values"), at)
            return Node(Choice(found), at, None, node.absent)
        if isinstance(node.value, Mapping | tuple):
            self.sizes.bounded(node.value)
        return Node(node.value, at, None, node.absent)

    def _unary(self, expr: Unary, frame: Frame) -> Node:
        value = self.literal(self.value(expr.operand, frame))
        return graft(operators.unary(expr.operator, value), frame.at(expr.at))

    def _binary(self, expr: Binary, frame: Frame) -> Node:
        at = frame.at(expr.at)
        left = self.literal(self.value(expr.left, frame))
        if expr.operator in ("&&", "||"):
            one = truth(left)
            if one is not None and one == (expr.operator == "||"):
                return Node(one, at)
            two = truth(self.literal(self.value(expr.right, frame)))
            return graft(operators.logical(expr.operator, one, two), at)
        right = self.literal(self.value(expr.right, frame))
        return graft(operators.binary(expr.operator, left, right), at)

    def _call(self, expr: Call, frame: Frame) -> Node:
        return self._function(self, expr, frame)

    # Templates

    def _template(self, expr: Template, frame: Frame) -> Node:
        at = frame.at(expr.at)
        if len(expr.parts) == 1 and not isinstance(expr.parts[0], IfPart | ForPart):
            return self.moved(self.value(expr.parts[0], frame), at, frame)
        return graft(self._text(expr.parts, frame), at)

    def _text(self, parts: tuple[Part, ...], frame: Frame) -> Value:
        return bounded_text(join([self._piece(part, frame) for part in parts]))

    def _piece(self, part: Part, frame: Frame) -> Value:
        if isinstance(part, IfPart):
            decided = truth(self.literal(self.value(part.condition, frame)))
            if decided is not None:
                return self._text(part.then if decided else part.otherwise, frame)
            both = (self._text(part.then, frame), self._text(part.otherwise, frame))
            return both[0] if both[0] == both[1] else Choice(both)
        if isinstance(part, ForPart):
            pieces: list[Value] = []
            for key, item in self.pairs(self.value(part.over, frame)):
                names = {part.name: item, part.key: key} if part.key else {part.name: item}
                pieces.append(self._text(part.parts, frame.binding(**names)))
            return bounded_text(join(pieces))
        return self.word(self.value(part, frame))

    def word(self, node: Node) -> Value:
        """A value as a part of a text; what ``jsonencode`` made is written out here.

        Raises:
            Wrong: it has no text.
        """
        value = node.value
        if isinstance(value, Mapping | tuple):
            return bounded_text(json_text(node.plain()))
        if value is None:
            raise Wrong("null in a text")
        text = text_of(value)
        return value if text is None else text

    # References

    def _reference(self, expr: Expr, frame: Frame) -> Node:
        steps: list[Attribute | Index] = []
        root = expr
        while isinstance(root, Attribute | Index):
            steps.append(root)
            root = root.of
        steps.reverse()
        if not isinstance(root, Name):
            node, used = self.value(root, frame), 0
        else:
            node, used = self._root(root, steps, frame)
        at = frame.at(expr.at)
        for step in steps[used:]:
            if isinstance(step, Attribute):
                node = self.take(node, step.name, at)
            else:
                node = self.index(node, self.value(step.key, frame), at)
        return self.moved(node, at, frame)

    def _root(self, root: Name, steps: "list[Attribute | Index]", frame: Frame) -> tuple[Node, int]:
        bound = frame.names.get(root.name)
        if bound is not None:
            return bound, 0
        words = [step.name for step in steps[:2] if isinstance(step, Attribute)]
        kind, count = root.name, 1
        if kind == "data":
            name, count = ".".join(words), 2
        elif kind in ("var", "local", "module", "path", "terraform"):
            name = words[0] if words else ""
        elif words:
            kind, name = "resource", f"{root.name}.{words[0]}"
        else:
            name = ""
        found = self._look(kind, name, frame) if len(words) >= count else None
        if found is None:
            raise Wrong(f"{'.'.join([root.name, *words[:count]])} is declared nowhere")
        return found, count

    def take(self, node: Node, name: str, at: Location) -> Node:
        """An attribute of a value.

        Raises:
            Wrong: it has none.
        """
        value = node.value
        if isinstance(value, Ref):
            thing = self.things.get(value.target) if not value.attribute else None
            if thing is not None:
                return self._of_thing(thing, name, at)
            return Node(Ref(value.target, f"{value.attribute}.{name}" if value.attribute else name), at)
        if isinstance(value, Mapping):
            found, _ = self.entry(value, name, at)
            if found is None:
                raise Wrong(f'there is no "{name}" in this value')
            return found
        if isinstance(value, Unknown):
            return node
        if isinstance(value, Choice):
            return self._each_option(value, at, lambda option: self.take(option, name, at))
        if isinstance(value, tuple):
            if len(value) == 1:
                return self.take(value[0], name, at)
            if name.isdecimal():
                return self.index(node, Node(int(name[:9]), at), at)
        raise Wrong(f'"{name}" of a value that has no attributes')

    def index(self, node: Node, key: Node, at: Location) -> Node:
        """An element of a value.

        Raises:
            Wrong: there is no such element.
        """
        value, wanted = node.value, self.literal(key)
        if isinstance(value, Unknown):
            return node
        if isinstance(value, Choice):
            return self._each_option(value, at, lambda option: self.index(option, key, at))
        text = text_of(wanted)
        if isinstance(value, Ref):
            if not value.attribute and value.target in self.things:
                return node if not isinstance(wanted, str) else self.take(node, wanted, at)
            return Node(Ref(value.target, f"{value.attribute}.{text or '?'}".lstrip(".")), at)
        if isinstance(value, Mapping):
            found, _ = self.entry(value, wanted, at)
            if found is not None:
                return found
        if isinstance(value, tuple):
            if text is None:
                return self._any(value, at)
            found = element(value, text)
            if found is not None:
                return found
        raise Wrong(f"there is no element {text if text is not None else '?'} in this value")

    def entry(self, value: Mapping[str, Node], wanted: Value, at: Location) -> tuple[Node | None, bool]:
        """The entry under a key, and whether it surely is that one: a symbol may be any key, and any key a symbol."""
        text = _key_text(wanted)
        found = value.get(text) if text is not None and text != OTHERS else None
        if found is not None:
            return found, True
        literal = text_of(wanted) is not None
        maybe = {name: item for name, item in value.items() if not literal or name == OTHERS or name in self.symbols}
        return (self._any(maybe, at) if maybe else None), False

    def _any(self, value: Content, at: Location) -> Node:
        """Some element: it depends on a key that only the deployment knows."""
        items = list(value.values()) if isinstance(value, Mapping) else list(value)
        if not items or len(items) > MAX_OPTIONS:
            return Node(Unknown("an element that the deployment chooses"), at)
        result = items[0]
        for item in items[1:]:
            result = self.either(result, item, at)
        return result

    def _each_option(self, value: Choice, at: Location, take: Callable[[Node], Node]) -> Node:
        found: Node | None = None
        for option in options(value):
            try:
                node = take(graft(option, at))
            except Wrong:
                continue
            found = node if found is None else self.either(found, node, at)
        if found is None:
            raise Wrong("none of the values this may be has such an element")
        return found

    def _splat(self, expr: Splat, frame: Frame) -> Node:
        node = self.value(expr.of, frame)
        at = frame.at(expr.at)
        value = node.value
        if isinstance(value, Unknown):
            return Node(value, at)
        if isinstance(value, tuple):
            items = value
        elif isinstance(value, Mapping) and any(self._is_thing(item) for item in value.values()):
            items = tuple(value.values())
        else:
            items = () if value is None else (node,)
        return self.structure(tuple(self._steps(item, expr, frame, at) for item in items), at)

    def _steps(self, node: Node, expr: Splat, frame: Frame, at: Location) -> Node:
        for step in expr.steps:
            if isinstance(step, str):
                node = self.take(node, step, at)
            else:
                node = self.index(node, self.value(step, frame), at)
        return self.moved(node, at, frame)

    def _is_thing(self, node: Node) -> bool:
        return isinstance(node.value, Ref) and not node.value.attribute and node.value.target in self.things

    # Loops

    def pairs(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Keys and elements of what a loop goes over; a mapping in the order of its keys.

        Raises:
            Wrong: one cannot go over it, or only the deployment knows what is in it.
        """
        value = node.value
        if isinstance(value, tuple):
            for number, item in enumerate(value):
                yield Node(number, item.location), item
        elif isinstance(value, Mapping):
            for name in sorted(value):
                item = value[name]
                at = item.key or item.location
                key = Unknown("a key that the deployment chooses") if name == OTHERS else self.symbols.get(name, name)
                yield graft(key, at), item
        elif isinstance(value, Ref | Unknown | Choice | Text):
            raise Open(value)
        else:
            raise Wrong("a loop over a value that has no elements")

    def _for(self, expr: For, frame: Frame) -> Node:
        at = frame.at(expr.at)
        over = self.value(expr.over, frame)
        try:
            entries = list(self.pairs(over))
        except Open as error:
            return Node(error.unknown(), at)
        listed: list[Node] = []
        found: dict[str, Node] = {}
        groups: dict[str, list[Node]] = {}
        for key, item in entries:
            names = {expr.name: item, expr.key: key} if expr.key else {expr.name: item}
            inner = frame.binding(**names)
            if expr.condition is not None and truth(self.literal(self.value(expr.condition, inner))) is False:
                continue
            value = self.value(expr.value, inner)
            if expr.result is None:
                listed.append(value)
                continue
            named = self.value(expr.result, inner)
            name = self.key(named)
            if expr.grouped:
                groups.setdefault(name, []).append(value)
            else:
                self.put(found, name, Node(value.value, value.location, named.location))
        if expr.result is None:
            return self.structure(tuple(listed), at)
        if expr.grouped:
            found = {name: self.structure(tuple(items), items[0].location) for name, items in groups.items()}
        return self.structure(found, at)

    # Literals

    def _spelled(self, value: Value) -> Value:
        if isinstance(value, Ref):
            return self._name_of(value)
        if isinstance(value, Text):
            return join([self._name_of(part) if isinstance(part, Ref) else part for part in value.parts])
        if isinstance(value, Mapping):
            return {name: self._spelled(item) for name, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self._spelled(item) for item in value)
        return value

    def _name_of(self, ref: Ref) -> Value:
        """The literal that the configuration says an attribute is, or the reference itself."""
        thing = self.things.get(ref.target)
        if not isinstance(thing, Thing) or not ref.attribute:
            return ref
        expr = thing.declaration.body.expr(ref.attribute)
        if expr is None or ref.attribute in thing.busy:
            return ref
        thing.busy.add(ref.attribute)
        try:
            value = self.value(expr, thing.frame).plain()
        except Wrong:
            return ref
        finally:
            thing.busy.discard(ref.attribute)
        return value if text_of(value) is not None else ref


class Open(Wrong):
    """A loop over something that only the deployment knows.

    Args:
        value: what it goes over.
    """

    def __init__(self, value: Value) -> None:
        super().__init__(value.why if isinstance(value, Unknown) else f"the elements of {value}")

    def unknown(self) -> Unknown:
        """What the loop makes."""
        return Unknown(self.why)


def _key_text(value: Value) -> str | None:
    """How a key is written in a mapping; ``None`` when nothing is known of it."""
    parts = value.parts if isinstance(value, Text) else (value,)
    if isinstance(value, Ref | Text) and all(isinstance(part, str | Ref) for part in parts):
        return str(value)
    return text_of(value)


def element(value: tuple[Node, ...], text: str) -> Node | None:
    """The element of a list at an index, or ``None``."""
    if text.isdecimal() and len(text) < 9 and int(text) < len(value):
        return value[int(text)]
    return None


def bounded_text(value: Value) -> Value:
    """A text, unless it is too long.

    Raises:
        Wrong: it is.
    """
    parts = value.parts if isinstance(value, Text) else (value,)
    if sum(len(part) for part in parts if isinstance(part, str)) > MAX_TEXT or len(parts) > 5_000:
        raise Wrong("a text that is too long")
    return value

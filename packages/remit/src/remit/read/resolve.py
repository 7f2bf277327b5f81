"""Intrinsic functions: from what a template writes to what it means.

What is decided by the template alone becomes a literal; what names a resource, parameter or pseudo parameter stays a
symbol (``!Sub "${Stage}-orders"`` is ``{Stage}-orders``: the lock must hold for every stage); what only a deployment
knows is ``Unknown`` with its reason. Two kinds of parameters do become their default, because they are switches
and not parts of names: numbers, and those whose allowed values are true and false.

Conditions are decided from parameter defaults where that is possible. An open ``Fn::If`` keeps both branches:
scalars as a ``Choice``, structures united, so that nothing in either is overlooked; what only one branch has is marked
(``Node.absent``). Decided by a default is decided: whoever deploys with another value examines with that value.
"""

import re
from collections.abc import Callable, Mapping

from remit.app.location import Location
from remit.app.node import Node, graft, maybe, unite
from remit.app.value import Choice, Ref, Text, Unknown, Value, join, settle
from remit.read.document import Malformed, Raw, place

NO_VALUE = Ref("AWS::NoValue")

#: Short forms whose long form is ``Fn::<name>``.
_SHORT_WORDS = (
    "And Base64 Cidr Equals FindInMap GetAZs GetAtt If ImportValue Join Length Not Or Select Split Sub ToJsonString "
    "Transform"
)
_SHORT = frozenset(_SHORT_WORDS.split())
#: A value that CloudFormation looks up when it deploys: of Systems Manager or Secrets Manager.
_DYNAMIC = "{{resolve:"
_BRACES = re.compile(r"(\{\{resolve:|\}\})")
_HOLE = re.compile(r"\$\{([^{}]*)\}")
#: A map has few keys; more alternatives than this say nothing to anybody.
_MAX_OPTIONS = 20
#: Bounds on what functions can blow a small template up to: nodes made, characters and symbols in one text, files.
_MAX_RESOLVED = 400_000
_MAX_TEXT = 1_000_000
_MAX_PARTS = 5_000
_MAX_INCLUDES = 50


#: Reads a file that a template includes: its path as written -> its path relative to the root and its tree, or
#: ``None`` when it is not local.
Include = Callable[[str], "tuple[str, Raw] | None"]


class Resolver:
    """Resolves the values of one template.

    Args:
        file: the template's path, for locations.
        root: the template.
        include: reads local files that the template includes, if there is something that can.
        given: parameters that are passed to it; a plain one counts as its default.
    """

    def __init__(
        self, file: str, root: Raw, include: Include | None = None, given: Mapping[str, Value] | None = None
    ) -> None:
        self.file = file
        self._include = include
        #: Looks up what another template of the same reading exports.
        self.exported: Callable[[Value], Value | None] | None = None
        self._inside = False  # an included file: it cannot include another, says AWS::Include's manual
        self._included = 0
        self._left = _MAX_RESOLVED
        self.parameters: dict[str, Node] = {}
        self.defaults: dict[str, Value] = {}
        self.switches: set[str] = set()
        #: Parameters that are lists: their default is split at its commas where a list is wanted.
        self.lists: set[str] = set()
        #: What could not be resolved because it needs something outside the template: place and reason.
        self.blind: list[tuple[Location, str]] = []
        self._mappings = root.under("Mappings")
        self._conditions = root.under("Conditions")
        self._truths: dict[str, bool | None] = {}
        self._functions: dict[str, Callable[[Raw, Raw], Node | None]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::ImportValue": self._import_value,
            "Fn::Base64": self._base64,
            "Fn::Length": self._length,
            "Fn::ToJsonString": self._to_json,
            "Fn::Transform": self._transform,
            "Fn::Cidr": self._opaque,
            "Fn::GetAZs": self._opaque,
            "Condition": self._opaque,
            "Fn::And": self._opaque,
            "Fn::Or": self._opaque,
            "Fn::Not": self._opaque,
            "Fn::Equals": self._opaque,
        }
        self._read_parameters(root.under("Parameters"))
        self._take(given or {})

    def node(self, raw: Raw) -> Node | None:
        """The meaning of one value; ``None`` when it is ``AWS::NoValue``.

        Raises:
            Malformed: the functions of the template expand to more than anybody could deploy.
        """
        self._left -= 1
        if self._left < 0:
            raise Malformed("the functions of this template expand to far too much", *raw.span[:2])
        call = intrinsic(raw)
        if call is not None:
            name, argument = call
            return self._functions[name](raw, argument)
        value = raw.value
        key = self._key(raw)
        if isinstance(value, dict):
            entries = {name: node for name, item in value.items() if (node := self.node(item)) is not None}
            if "Fn::Transform" in entries:
                # Beside other keys: what the macro, or the file that is included, adds to them.
                return self._added(raw, entries)
            return Node(entries, self._at(raw), key)
        if isinstance(value, list):
            return Node(tuple(self._elements(value)), self._at(raw), key)
        if isinstance(value, str) and _DYNAMIC in value:
            return graft(dynamic(value), self._at(raw), key)
        if raw.tag:
            return Node(Unknown(f"!{raw.tag}, which is not a function of CloudFormation"), self._at(raw), key)
        return Node(value, self._at(raw), key)

    def whole(self, raw: Raw | None) -> Node:
        """Like ``node``, with an empty mapping where there is nothing."""
        node = self.node(raw) if raw is not None else None
        return node if node is not None else Node({}, self._at(raw) if raw else Location(self.file))

    def settled(self, value: Value) -> Value:
        """A value with every parameter at its default."""
        return settle(value, self.defaults)

    def truth(self, name: str) -> bool | None:
        """Whether a condition holds when parameters keep their defaults; ``None`` when that is open."""
        if name not in self._truths:
            self._truths[name] = None  # also what a condition that leads back to itself gets
            raw = self._conditions.under(name) if self._conditions else None
            if raw is not None:
                self._truths[name] = self._decide(raw)
        return self._truths[name]

    # Parameters and conditions

    def _read_parameters(self, raw: Raw | None) -> None:
        if raw is None or not isinstance(raw.value, dict):
            return
        for name, declared in raw.value.items():
            default = declared.under("Default")
            kind = _text_of(declared.under("Type"))
            at = self._at(default or declared)
            if default is None or isinstance(default.value, dict | list):
                why = f"the parameter {name} has no default"
                self.parameters[name] = Node(Unknown(why), at, self._key(declared))
                continue
            if kind.startswith("AWS::SSM::Parameter::Value"):
                why = f"the SSM parameter {default.text()}"
                self.parameters[name] = Node(Unknown(why), at, self._key(declared))
                continue
            self.parameters[name] = Node(default.value, at, self._key(declared))
            self.defaults[name] = default.value
            if kind == "CommaDelimitedList" or kind.startswith("List<"):
                self.lists.add(name)
            allowed = declared.under("AllowedValues")
            words = (
                {item.text().lower() for item in allowed.value} if allowed and isinstance(allowed.value, list) else {""}
            )
            if kind == "Number" or words <= {"true", "false"}:
                self.switches.add(name)

    def _take(self, given: Mapping[str, Value]) -> None:
        for name, value in given.items():
            if isinstance(value, str | int | float):
                self.defaults[name] = value
            else:
                self.defaults.pop(name, None)
                self.switches.discard(name)

    def _decide(self, raw: Raw) -> bool | None:
        call = intrinsic(raw, conditions=True)
        if call is None:
            return raw.value if isinstance(raw.value, bool) else None
        name, argument = call
        if name == "Condition":
            return self.truth(argument.text())
        items = argument.value if isinstance(argument.value, list) else []
        if name == "Fn::Equals" and len(items) == 2:
            return self._equal(items[0], items[1])
        truths = [self._decide(item) for item in items]
        if name == "Fn::Not" and len(truths) == 1:
            return None if truths[0] is None else not truths[0]
        if name == "Fn::And":
            return False if False in truths else None if None in truths else True
        if name == "Fn::Or":
            return True if True in truths else None if None in truths else False
        return None

    def _equal(self, left: Raw, right: Raw) -> bool | None:
        texts = []
        for raw in (left, right):
            node = self.node(raw)
            value = self.settled(node.plain()) if node else None
            if not isinstance(value, str | int | float | bool):
                return None
            texts.append(str(value).lower() if isinstance(value, bool) else str(value))
        return texts[0] == texts[1]

    # Intrinsic functions: the call, its argument -> the result

    def _ref(self, raw: Raw, argument: Raw) -> Node | None:
        name = argument.text()
        if name == NO_VALUE.target:
            return None
        if name in self.switches:
            return self._result(raw, self.defaults[name])
        # SAM's way to what it publishes of a resource: "Function.Alias", "Api.Stage".
        target, _, attribute = name.partition(".")
        return self._result(raw, Ref(target, attribute))

    def _get_att(self, raw: Raw, argument: Raw) -> Node:
        if isinstance(argument.value, list):
            parts = [self._settled_text(item) for item in argument.value]
            name, _, attribute = ".".join(parts).partition(".")
        else:
            name, _, attribute = argument.text().partition(".")
        return self._result(raw, Ref(name, attribute))

    def _sub(self, raw: Raw, argument: Raw) -> Node:
        text, names = argument.text(), {}
        if isinstance(argument.value, list) and argument.value:
            text = argument.value[0].text()
            given = argument.value[1] if len(argument.value) > 1 else None
            if given is not None and isinstance(given.value, dict):
                names = {name: self._plain(item) for name, item in given.value.items()}
        return self._result(raw, substitute(text, names))

    def _join(self, raw: Raw, argument: Raw) -> Node:
        items = argument.value
        if not isinstance(items, list) or len(items) != 2:
            return self._result(raw, Unknown("Fn::Join without its two arguments"))
        listed = self._listed(items[1])
        if listed is None or not isinstance(listed.value, tuple):
            return self._result(raw, Unknown("the elements of Fn::Join"))
        delimiter = items[0].text()
        parts: list[Value] = []
        for index, item in enumerate(listed.value):
            parts += [delimiter, item.plain()] if index else [item.plain()]
        return self._result(raw, join(parts))

    def _if(self, raw: Raw, argument: Raw) -> Node | None:
        items = argument.value
        if not isinstance(items, list) or len(items) != 3:
            return self._result(raw, Unknown("Fn::If without its three arguments"))
        truth = self.truth(items[0].text())
        if truth is not None:
            chosen = self.node(items[1] if truth else items[2])
            return None if chosen is None else Node(chosen.value, chosen.location, self._key(raw), chosen.absent)
        first, second = self.node(items[1]), self.node(items[2])
        if first is None or second is None:
            only = first or second
            if only is None:
                return None
            return maybe(Node(only.value, only.location, self._key(raw)))
        return unite(first, second, self._at(raw), self._key(raw))

    def _find_in_map(self, raw: Raw, argument: Raw) -> Node | None:
        items = argument.value if isinstance(argument.value, list) else []
        name = self._settled_text(items[0]) if items else ""
        found = self._mappings.under(name) if self._mappings and name else None
        if found is None or len(items) < 3:
            return self._otherwise(raw, items) or self._result(raw, Unknown(f"an entry of the mapping {name or '?'}"))
        entries = [
            entry for top in _keys(found, self._key_of(items[1])) for entry in _keys(top, self._key_of(items[2]))
        ]
        nodes = [node for entry in entries[:_MAX_OPTIONS] if (node := self.node(entry)) is not None]
        if not nodes or len(entries) > _MAX_OPTIONS:
            return self._otherwise(raw, [] if entries else items) or self._result(
                raw, Unknown(f"an entry of the mapping {name}")
            )
        result = nodes[0]
        for node in nodes[1:]:
            result = unite(result, node, self._at(raw), None)
        return Node(result.value, self._at(raw), self._key(raw), result.absent)

    def _otherwise(self, raw: Raw, items: list[Raw]) -> Node | None:
        """What ``Fn::FindInMap`` gives when there is no such entry, if it says so."""
        default = items[3].under("DefaultValue") if len(items) > 3 else None
        node = self.node(default) if default is not None else None
        return Node(node.value, self._at(raw), self._key(raw), node.absent) if node is not None else None

    def _select(self, raw: Raw, argument: Raw) -> Node:
        items = argument.value if isinstance(argument.value, list) else []
        if len(items) == 2:
            index = self._settled_text(items[0])
            listed = self._listed(items[1])
            if listed is not None and isinstance(listed.value, tuple) and index.isdecimal() and len(index) < 6:
                number = int(index)
                if number < len(listed.value):
                    chosen = listed.value[number]
                    return Node(chosen.value, self._at(raw), self._key(raw), chosen.absent)
            if listed is not None and isinstance(listed.value, Unknown):
                return self._result(raw, listed.value)
        return self._result(raw, Unknown("an element chosen by Fn::Select"))

    def _split(self, raw: Raw, argument: Raw) -> Node:
        items = argument.value if isinstance(argument.value, list) else []
        if len(items) != 2:
            return self._result(raw, Unknown("Fn::Split without its two arguments"))
        pieces = split(items[0].text(), self._plain(items[1]))
        if pieces is None:
            return self._result(raw, Unknown("a part of a value that only the deployment knows"))
        self._left -= len(pieces)
        return graft(tuple(pieces), self._at(raw), self._key(raw))

    def _import_value(self, raw: Raw, argument: Raw) -> Node:
        name = self._plain(argument)
        found = self.exported(name) if self.exported is not None else None
        return self._result(raw, Unknown(f"the export {name} of another stack") if found is None else found)

    def _base64(self, raw: Raw, argument: Raw) -> Node:
        value = self._plain(argument)
        if not isinstance(value, str):
            return self._result(raw, Unknown("a text in base64"))
        from base64 import b64encode

        return self._result(raw, b64encode(value.encode()).decode())

    def _length(self, raw: Raw, argument: Raw) -> Node:
        node = self._listed(argument)
        listed = node.value if node is not None else None
        return self._result(raw, len(listed) if isinstance(listed, tuple) else Unknown("the length of a list"))

    def _to_json(self, raw: Raw, argument: Raw) -> Node:
        return self._result(raw, json_text(self._plain(argument)))

    def _transform(self, raw: Raw, argument: Raw) -> Node | None:
        name = argument.under("Name")
        parameters = argument.under("Parameters")
        location = parameters.under("Location") if parameters else None
        if name is not None and name.text() == "AWS::Include" and location is not None:
            included = self.included(location)
            if included is not None:
                return Node(included.value, included.location, self._key(raw))
        why = f"the macro {name.text() if name else '?'} fills this in when the template is deployed"
        self.blind.append((self._at(raw), why))
        return self._result(raw, Unknown(why))

    def _added(self, raw: Raw, entries: dict[str, Node]) -> Node:
        argument = raw.under("Fn::Transform")
        added = self._transform(argument, argument) if argument is not None else None
        del entries["Fn::Transform"]
        if added is not None and isinstance(added.value, Mapping):
            entries = {**added.value, **entries}
        return Node(entries, self._at(raw), self._key(raw))

    def included(self, location: Raw) -> Node | None:
        """The content of a local file the template includes, resolved like a part of it; ``None`` if not local."""
        path = self._settled_text(location)
        self._included += 1
        allowed = path and not self._inside and self._included <= _MAX_INCLUDES
        found = self._include(path) if self._include and allowed else None
        if found is None:
            return None
        outer = self.file
        self.file, root = found
        self._inside = True
        try:
            return self.node(root)
        finally:
            self.file, self._inside = outer, False

    def _opaque(self, raw: Raw, argument: Raw) -> Node:  # noqa: ARG002
        call = intrinsic(raw, conditions=True)
        return self._result(raw, Unknown(call[0] if call else "an expression"))

    # Helpers

    def _elements(self, items: list[Raw]) -> "list[Node]":
        nodes: list[Node] = []
        for item in items:
            node = self.node(item)
            if node is None:
                continue
            call = intrinsic(item)
            if call is not None and call[0] == "Fn::If" and isinstance(node.value, tuple):
                nodes += map(maybe, node.value) if node.absent else node.value  # a list inside a list: what both add
            else:
                nodes.append(node)
        return nodes

    def _listed(self, raw: Raw) -> Node | None:
        """A value where a list is wanted: that of a parameter which is one is split at its commas."""
        node = self.node(raw)
        if (
            node is not None
            and isinstance(node.value, Ref)
            and node.value.target in self.lists
            and not node.value.attribute
        ):
            return graft(tuple(self._pieces(node.value.target)), node.location, node.key)
        return node

    def _pieces(self, name: str) -> list[str]:
        default = self.defaults.get(name)
        return [piece.strip() for piece in str(default).split(",")] if default not in (None, "") else []

    def elements(self, raw: Raw) -> list[str] | None:
        """The texts of a list that a loop goes over; ``None`` when the deployment decides."""
        node = self._listed(raw)
        if node is None or not isinstance(node.value, tuple):
            return None
        found: list[str] = []
        for item in node.value:
            if isinstance(item.value, Ref) and item.value.target in self.lists and not item.value.attribute:
                found += self._pieces(item.value.target)
                continue
            value = self.settled(item.plain())
            if not isinstance(value, str | int | float):
                return None
            found.append(str(value))
        return found

    def without_loops(self, root: Raw) -> Raw:
        """The template with its loops unrolled; conditions and outputs are those of the result.

        Raises:
            Malformed: a loop has the wrong shape, or there is far too much of it.
        """
        from remit.read.foreach import unrolled

        result = unrolled(root, self.elements)
        self._conditions = result.under("Conditions")
        return result

    def _plain(self, raw: Raw) -> Value:
        node = self.node(raw)
        return None if node is None else node.plain()

    def _settled_text(self, raw: Raw) -> str:
        value = self.settled(self._plain(raw))
        return "" if not isinstance(value, str | int | float) else str(value)

    def _key_of(self, raw: Raw) -> str | None:
        """A literal key; ``None`` for any key."""
        value = self.settled(self._plain(raw))
        return str(value) if isinstance(value, str | int | float) else None

    def _result(self, raw: Raw, value: Value) -> Node:
        if _is_huge(value):
            value = Unknown("a text that is too long")
        elif isinstance(value, str | Text) and _DYNAMIC in str(value):
            value = dynamic(value)
        return graft(value, self._at(raw), self._key(raw))

    def _at(self, raw: Raw) -> Location:
        return place(self.file, raw.span)

    def _key(self, raw: Raw) -> Location | None:
        return place(self.file, raw.key) if raw.key else None


def intrinsic(raw: Raw, *, conditions: bool = False) -> tuple[str, Raw] | None:
    """The function a value calls, in its long form, and its argument; ``None`` for a plain value.

    Args:
        raw: the value.
        conditions: whether ``Condition: Name`` counts, as it does inside conditions only.
    """
    if raw.tag:
        if raw.tag in ("Ref", "Condition"):
            return raw.tag, Raw(raw.value, raw.span)
        if raw.tag in _SHORT:
            return f"Fn::{raw.tag}", Raw(raw.value, raw.span)
        return None
    value = raw.value
    if not isinstance(value, dict) or len(value) != 1:
        return None
    name, argument = next(iter(value.items()))
    if name == "Ref" or (name.startswith("Fn::") and name[4:] in _SHORT) or (conditions and name == "Condition"):
        return name, argument
    return None


def substitute(text: str, names: Mapping[str, Value]) -> Value:
    """``Fn::Sub``: fills ``${Name}`` and ``${Name.Attribute}``; ``${!Name}`` is literal."""
    parts: list[Value] = []
    end = 0
    for hole in _HOLE.finditer(text):
        parts.append(text[end : hole.start()])
        end = hole.end()
        name = hole[1].strip()
        if name.startswith("!"):
            parts.append("${" + name[1:] + "}")
        elif name in names:
            parts.append(names[name])
        else:
            target, _, attribute = name.partition(".")
            parts.append(Ref(target, attribute))
    parts.append(text[end:])
    return join(parts)


def split(delimiter: str, value: Value) -> list[Value] | None:
    """``Fn::Split`` of a text whose delimiters are all in its literal parts; ``None`` when that cannot be known."""
    if isinstance(value, str):
        return list(value.split(delimiter)) if delimiter else [value]
    if not isinstance(value, Text) or not delimiter:
        return None
    pieces: list[list[Value]] = [[]]
    for part in value.parts:
        if isinstance(part, str):
            first, *rest = part.split(delimiter)
            pieces[-1].append(first)
            pieces += [[item] for item in rest]
        elif isinstance(part, Ref) and not part.attribute.endswith("Arn"):
            pieces[-1].append(part)
        else:
            return None
    return [join(piece) for piece in pieces]


def dynamic(value: str | Text) -> Value:
    """A text in which ``{{resolve:...}}`` stands: what it will be there is unknown, but its name is kept for people."""
    parts: list[Value] = []
    inside: list[str] | None = None
    for part in value.parts if isinstance(value, Text) else (value,):
        if not isinstance(part, str):
            if inside is None:
                parts.append(part)
            else:
                inside.append(str(part))
            continue
        for piece in _BRACES.split(part):
            if piece.startswith(_DYNAMIC) and inside is None:
                inside = [piece.removeprefix(_DYNAMIC)]
            elif inside is None:
                parts.append(piece)
            elif piece == "}}":
                parts.append(Unknown(_described("".join(inside))))
                inside = None
            else:
                inside.append(piece)
    if inside is not None:
        parts.append(Unknown(_described("".join(inside))))
    return join(parts)


def _described(reference: str) -> str:
    service, _, rest = reference.strip(":").partition(":")
    if service == "secretsmanager":
        name, _, what = rest.partition(":SecretString")
        key = what.lstrip(":").split(":")[0]
        return f"the secret {name[:200]}" + (f", its {key[:80]}" if key else "")
    kind = (
        "secure parameter" if service == "ssm-secure" else "parameter" if service == "ssm" else f"{service} reference"
    )
    return f"the {kind} {rest[:200]}"


def json_text(value: Value) -> Value:
    """A value as JSON text, with its symbols in place."""
    import json

    if isinstance(value, Mapping):
        parts: list[Value] = ["{"]
        for index, (name, item) in enumerate(value.items()):
            parts += ["," if index else "", json.dumps(name), ":", json_text(item)]
        return join([*parts, "}"])
    if isinstance(value, tuple):
        parts = ["["]
        for index, item in enumerate(value):
            parts += ["," if index else "", json_text(item)]
        return join([*parts, "]"])
    if isinstance(value, Ref | Unknown | Text | Choice):
        return join(['"', value, '"'])
    return json.dumps(value)


def _is_huge(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) > _MAX_TEXT
    if isinstance(value, Text):
        return (
            len(value.parts) > _MAX_PARTS or sum(len(part) for part in value.parts if isinstance(part, str)) > _MAX_TEXT
        )
    return False


def _keys(raw: Raw, key: str | None) -> list[Raw]:
    if not isinstance(raw.value, dict):
        return []
    if key is None:
        return list(raw.value.values())
    return [raw.value[key]] if key in raw.value else []


def _text_of(raw: Raw | None) -> str:
    return raw.text() if raw is not None else ""

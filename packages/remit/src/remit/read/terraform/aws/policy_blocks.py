"""``data "aws_iam_policy_document"``: its blocks as the JSON policy that Terraform makes of them."""

from collections.abc import Iterator, Mapping

from remit.app.node import Node, maybe, possible
from remit.app.value import Text, Unknown, Value, join
from remit.read.terraform.aws.documents import document
from remit.read.terraform.aws.kind import first

TYPE = "aws_iam_policy_document"
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}


def policy_of(attributes: Node) -> Node:
    """The policy that a document's arguments make: sources first, then its own statements, then what overrides them.

    Args:
        attributes: its arguments; references to other documents are already those documents.
    """
    statements: list[Node] = []
    unread: list[Node] = []
    for name in ("source_json", "source_policy_documents"):
        for source in _texts(attributes.at(name)):
            _merge(statements, _statements(source, unread))
    own = attributes.at("statement")
    _merge(statements, [_statement(block) for block in own.elements()] if own else [])
    for name in ("override_json", "override_policy_documents"):
        for source in _texts(attributes.at(name)):
            _merge(statements, _statements(source, unread))
    listed = Node((*statements, *unread), attributes.location)
    given = attributes.at("version")
    version = given if given is not None and given.value else Node("2012-10-17", attributes.location)
    return Node({"Version": version, "Statement": listed}, attributes.location)


def _texts(node: Node | None) -> Iterator[Node]:
    for item in node.elements() if node else ():
        if item.value not in ("", None):
            yield document(item)


def _statements(policy: Node, unread: list[Node]) -> list[Node]:
    statements = policy.at("Statement")
    if statements is None:
        unread.append(policy)  # a note in the role: something here is not known
        return []
    found = list(statements.elements())
    return [maybe(statement) for statement in found] if policy.absent else found


def _merge(into: list[Node], more: list[Node]) -> None:
    """Adds statements; one with the ``Sid`` of another takes its place, or may take it where a condition is open."""
    for statement in more:
        sid = statement.get("Sid")
        place = next((index for index, item in enumerate(into) if sid and item.get("Sid") == sid), None)
        if place is not None and not statement.absent:
            into[place] = statement
            continue
        if place is not None:
            into[place] = maybe(into[place])
        into.append(statement)


def _statement(block: Node) -> Node:
    if not isinstance(block.value, Mapping):
        return Node(Unknown("a statement that is not written out"), block.location)
    effect = block.at("effect")
    found = {"Effect": effect if effect is not None and effect.value else Node("Allow", block.location)}
    sid = block.at("sid")
    if sid is not None and sid.value:
        found["Sid"] = sid
    for name, key in _LISTS.items():
        node = block.at(name)
        if node is not None and node.value not in (None, ()):
            found[key] = _variables(node)
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        node = block.at(name)
        if node is not None and node.value not in (None, ()):
            found[key] = _principals(node)
    condition = block.at("condition")
    if condition is not None and condition.value not in (None, ()):
        found["Condition"] = _conditions(condition)
    return Node(found, block.location, None, block.absent)


def _principals(node: Node) -> Node:
    found: dict[str, Node] = {}
    for block in node.elements():
        kinds, identifiers = possible(block.at("type")), block.at("identifiers")
        if identifiers is None:
            found["AWS"] = Node(Unknown("a principal that is not written out"), block.location)
            continue
        everybody = any("*" in possible(item) for item in identifiers.elements())
        if "*" in kinds or ("AWS" in kinds and everybody):
            return Node("*", block.location, node.key)
        name = kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else "AWS"
        old = found.get(name)
        together = (*old.elements(), *identifiers.elements()) if old else tuple(identifiers.elements())
        found[name] = Node(together, identifiers.location, identifiers.key, identifiers.absent)
    return Node(found, node.location, node.key, node.absent)


def _conditions(node: Node) -> Node:
    tests: dict[str, dict[str, Node]] = {}
    for block in node.elements():
        block = first(block) or block
        test, key, values = block.get("test"), block.get("variable"), block.at("values")
        if not isinstance(test, str) or not isinstance(key, str):
            tests.setdefault("", {})["a condition that is not written out"] = Node("", block.location)
            continue
        written = _variables(values) if values is not None else Node((), block.location)
        tests.setdefault(test, {})[key] = maybe(written) if block.absent else written
    found = {test: Node(dict(keys), node.location) for test, keys in tests.items()}
    return Node(found, node.location, node.key, node.absent)


def _variables(node: Node) -> Node:
    """Policy variables: ``&{aws:username}`` where the JSON has ``${aws:username}``."""
    value = node.value
    if isinstance(value, tuple):
        return Node(tuple(_variables(item) for item in value), node.location, node.key, node.absent)
    if isinstance(value, str) and "&{" in value:
        return Node(value.replace("&{", "${"), node.location, node.key, node.absent)
    if isinstance(value, Text):
        parts: list[Value] = [part.replace("&{", "${") if isinstance(part, str) else part for part in value.parts]
        return Node(join(parts), node.location, node.key, node.absent)
    return node

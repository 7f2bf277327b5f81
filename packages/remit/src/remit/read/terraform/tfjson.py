"""``.tf.json`` and ``.tfvars.json``: the same syntax, written as JSON (what CDK for Terraform writes, too)."""

from remit.read.document import Malformed, Raw
from remit.read.json_document import parse_json
from remit.read.terraform.hcl import parse_template
from remit.read.terraform.syntax import Argument, Block, Body, Broken, Expr, Item, Listed, Literal, Object, Parsed

#: Labels that follow each type of block.
_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0}
#: Arguments that are expressions although they are written as texts, and those that are never templates.
_PLAIN = frozenset(("source", "version", "type", "description"))


def parse_tfjson(text: str, *, values: bool = False) -> Parsed:
    """Reads one file.

    Args:
        text: its text.
        values: whether it gives values of variables; else it declares.

    Raises:
        Malformed: it is not JSON, or not a mapping.
    """
    root, problems = parse_json(text)
    if not isinstance(root.value, dict):
        raise Malformed("is not a mapping of Terraform blocks", *root.span[:2])
    told = list(problems)
    if values:
        return Parsed(_body(root, told), tuple(told))
    blocks: list[Block] = []
    for type_, raw in root.value.items():
        count = _LABELS.get(type_)
        if count is None:
            continue
        _blocks(type_, raw, count, (), blocks, told)
    return Parsed(Body({}, tuple(blocks), json=True), tuple(told))


def _blocks(
    type_: str, raw: Raw, count: int, labels: tuple[str, ...], blocks: list[Block], told: list[Malformed]
) -> None:
    for item in raw.value if isinstance(raw.value, list) else [raw]:
        if not isinstance(item.value, dict):
            told.append(Malformed(f'"{type_}" holds something that is not a mapping here', *item.span[:2]))
            continue
        if count == 0:
            at = item.key or raw.key or item.span
            blocks.append(Block(type_, labels, _body(item, told), at))
            continue
        for label, inner in item.value.items():
            if label != "//":
                _blocks(type_, inner, count - 1, (*labels, label), blocks, told)


def _body(raw: Raw, told: list[Malformed]) -> Body:
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    if isinstance(raw.value, dict):
        for name, item in raw.value.items():
            if name == "//":
                continue
            if name == "dynamic":
                _blocks(name, item, 1, (), blocks, told)
            elif name == "content" and isinstance(item.value, dict | list):
                _blocks(name, item, 0, (), blocks, told)
            else:
                arguments[name] = Argument(name, _expression(item, told, name), item.key or item.span)
    return Body(arguments, tuple(blocks), json=True)


def _expression(raw: Raw, told: list[Malformed], name: str = "") -> Expr:
    value = raw.value
    if isinstance(value, dict):
        items = []
        for key, item in value.items():
            at = item.key or item.span
            items.append(Item(_text(key, Raw(key, at), told), _expression(item, told)))
        return Object(raw.span, tuple(items))
    if isinstance(value, list):
        return Listed(raw.span, tuple(_expression(item, told) for item in value))
    if isinstance(value, str) and name not in _PLAIN:
        return _text(value, raw, told)
    return Literal(raw.span, value)


def _text(text: str, raw: Raw, told: list[Malformed]) -> Expr:
    try:
        return parse_template(text, raw.span)
    except Malformed as error:
        told.append(error)
        return Broken(raw.span)

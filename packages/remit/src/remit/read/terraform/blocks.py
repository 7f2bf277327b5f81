"""The arguments and nested blocks of one resource instance as one mapping."""

from collections.abc import Iterator, Mapping

from remit.app.node import Node
from remit.app.value import Unknown
from remit.read.terraform.evaluate import Evaluator, Open
from remit.read.terraform.known import Wrong
from remit.read.terraform.syntax import Block, Body
from remit.read.terraform.things import Frame

#: Arguments and blocks of every resource that say how Terraform works, not what it makes.
META = frozenset(
    ("count", "for_each", "provider", "providers", "depends_on", "lifecycle", "provisioner", "connection", "timeouts")
)
#: Blocks of resources that matter here, for JSON, where nothing tells a block from an argument: an object under one of
#: these names is a block written once.
_BLOCKS_WORDS = (
    "environment vpc_config dead_letter_config tracing_config ephemeral_storage image_config snap_start file_system_config "
    "logging_config destination_config on_success on_failure filter_criteria filter cors cors_configuration statement "
    "principals not_principals condition attribute key_schema server_side_encryption stream_view inline_policy rule "
    "lambda_function queue topic target retry_policy dead_letter_queue input_transformer flexible_time_window "
    "jwt_configuration default_route_settings access_log_settings source source_content event_source "
    "self_managed_event_source scaling_config provisioned_concurrency_config endpoint_configuration settings"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_MOST = 1_000


def contents(evaluator: Evaluator, body: Body, frame: Frame) -> dict[str, Node]:
    """Everything in one body: arguments under their names, blocks of one type as a tuple of mappings.

    Args:
        evaluator: evaluates the arguments.
        body: what stands between the braces.
        frame: where that is.
    """
    found: dict[str, Node] = {}
    for name, argument in body.arguments.items():
        if name in META:
            continue
        node = evaluator.safe(argument.value, frame)
        if node.value is None:
            continue
        if body.json and name in _BLOCKS and isinstance(node.value, Mapping):
            node = Node((node,), node.location)
        found[name] = Node(node.value, node.location, frame.at(argument.key), node.absent)
    groups: dict[str, list[Node]] = {}
    for block in body.blocks:
        type_ = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        if type_ in META:
            continue
        groups.setdefault(type_, []).extend(expanded(evaluator, block, frame))
    for type_, blocks in groups.items():
        if blocks:
            found[type_] = Node(tuple(blocks), blocks[0].location, blocks[0].location)
    return found


def with_texts(evaluator: Evaluator, blocks: Node, name: str) -> Node:
    """Blocks with a map of texts in them, where what ``jsonencode`` made is the text it will be.

    Args:
        evaluator: writes it.
        blocks: the blocks of one type.
        name: the argument that is such a map.
    """
    found = []
    for block in blocks.elements():
        texts = block.at(name)
        if isinstance(block.value, Mapping) and texts is not None and isinstance(texts.value, Mapping):
            entries = {key: _as_text(evaluator, node) for key, node in texts.value.items()}
            whole = Node(entries, texts.location, texts.key, texts.absent)
            block = Node({**block.value, name: whole}, block.location, block.key, block.absent)
        found.append(block)
    return Node(tuple(found), blocks.location, blocks.key, blocks.absent)


def _as_text(evaluator: Evaluator, node: Node) -> Node:
    if not isinstance(node.value, Mapping | tuple):
        return node
    try:
        text = evaluator.word(node)
    except Wrong as error:
        text = Unknown(error.why)
    return Node(
        text if not isinstance(text, Mapping | tuple) else Unknown("a text"), node.location, node.key, node.absent
    )


def of_type(evaluator: Evaluator, body: Body, type_: str, frame: Frame) -> tuple[Node, ...]:
    """The blocks of one type, the dynamic ones included."""
    found: list[Node] = []
    for block in body.blocks:
        if block.type == type_ or (block.type == "dynamic" and block.labels[:1] == (type_,)):
            found += expanded(evaluator, block, frame)
    return tuple(found)


def expanded(evaluator: Evaluator, block: Block, frame: Frame) -> Iterator[Node]:
    """One block as mappings: as many as a ``dynamic`` one makes; one, where only the deployment knows how many."""
    if block.type != "dynamic":
        yield Node(contents(evaluator, block.body, frame), frame.at(block.at))
        return
    content = next(iter(block.body.of_type("content")), None)
    over = block.body.expr("for_each")
    if content is None or over is None or not block.labels:
        return
    word = block.body.expr("iterator")
    name = getattr(word, "name", "") or block.labels[0]
    for key, item in _elements(evaluator, evaluator.safe(over, frame)):
        inside = Node(item.value, item.location, item.key)  # there, where the block is
        iterator = Node({"key": key, "value": inside}, item.location)
        inner = contents(evaluator, content.body, frame.binding(**{name: iterator}))
        yield Node(inner, frame.at(block.at), None, item.absent)


def _elements(evaluator: Evaluator, over: Node) -> Iterator[tuple[Node, Node]]:
    try:
        for number, pair in enumerate(evaluator.pairs(over)):
            if number >= _MOST:
                return
            yield pair
    except Open as error:
        unknown = Node(Unknown(error.why), over.location, None, absent=True)  # there may be none
        yield unknown, unknown
    except Wrong:
        return

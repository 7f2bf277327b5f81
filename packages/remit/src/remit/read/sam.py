"""What the SAM transform does before anything is deployed: Globals, types it replaces, resources it makes."""

from collections.abc import Mapping

from remit.app.model import Resource
from remit.app.node import Node, certain, possible
from remit.app.report import Skip
from remit.read.document import Raw
from remit.read.draft import Declared, Draft
from remit.read.resolve import intrinsic

IMPLICIT_REST = "ServerlessRestApi"
IMPLICIT_HTTP = "ServerlessHttpApi"

#: SAM type to the CloudFormation type it becomes.
TYPES = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion",
    "AWS::Serverless::GraphQLApi": "AWS::AppSync::GraphQLApi",
    "AWS::Serverless::WebSocketApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::CapacityProvider": "AWS::Lambda::CapacityProvider",
}
MACHINE = "AWS::Serverless::StateMachine"

#: The section of Globals for each type that has one.
_SECTIONS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
    "AWS::Serverless::SimpleTable": "SimpleTable",
    "AWS::Serverless::StateMachine": "StateMachine",
    "AWS::Serverless::LayerVersion": "LayerVersion",
    "AWS::Serverless::CapacityProvider": "CapacityProvider",
    "AWS::Serverless::WebSocketApi": "WebSocketApi",
}
#: Lists of Globals that a resource's own list replaces instead of continuing.
_REPLACED = frozenset({"Architectures"})

_UNEXAMINED = {
    "AWS::Serverless::GraphQLApi": "a GraphQL API: the code of its resolvers is not read",
}


_READ = frozenset((*TYPES, "AWS::Serverless::Application", "AWS::Serverless::Connector"))


def merge(base: Node, own: Node, written: tuple[Raw | None, Raw | None] = (None, None), name: str = "") -> Node:
    """Globals and a resource's own properties: mappings merge, lists join (Globals first), the rest is overridden.

    Args:
        base: what Globals say.
        own: what the resource says.
        written: both as they are written: where either calls a function, the resource's own stands, whatever it gives.
        name: the property they belong to.
    """
    if name in _REPLACED or any(raw is not None and intrinsic(raw) is not None for raw in written):
        return own
    if isinstance(base.value, Mapping) and isinstance(own.value, Mapping):
        entries = dict(base.value)
        for key, node in own.value.items():
            both = (written[0].under(key) if written[0] else None, written[1].under(key) if written[1] else None)
            entries[key] = merge(entries[key], node, both, key) if key in entries else node
        return Node(entries, own.location, own.key, own.absent)
    if isinstance(base.value, tuple) and isinstance(own.value, tuple):
        return Node(base.value + own.value, own.location, own.key, own.absent)
    return own


def apply_globals(draft: Draft, globals_: Node, root: Raw | None = None) -> None:
    """Merges ``Globals`` into everything they apply to, but for what a resource does not want (``IgnoreGlobals``).

    Args:
        draft: the app so far.
        globals_: the section, resolved.
        root: the template as it is written.
    """
    for declared in draft.declared.values():
        kind = _SECTIONS.get(declared.type, "")
        section = globals_.at(kind)
        if section is None:
            continue
        ignored = declared.attributes.at("IgnoreGlobals") if declared.attributes is not None else None
        names = {draft.word(node) for node in ignored.elements()} if ignored is not None else set()
        if "*" not in names:
            kept = {key: node for key, node in section.items() if key not in names}
            written = (_written(root, "Globals", kind), _written(root, "Resources", declared.id, "Properties"))
            declared.properties = merge(
                Node(kept, section.location, section.key, section.absent), declared.properties, written
            )


def _written(root: Raw | None, *path: str) -> Raw | None:
    for key in path:
        root = root.under(key) if root is not None else None
    return root


def on_demand_destination(draft: Draft, function: str, kind: str, node: Node) -> tuple[str, str] | None:
    """The queue or topic that SAM makes for an asynchronous call's destination which names none, or may name none.

    Args:
        draft: the app so far.
        function: logical id of the function.
        kind: ``OnSuccess`` or ``OnFailure``.
        node: the destination.

    Returns:
        Its logical id and the attribute that is its ARN (``""`` for a topic: its ``Ref`` is), or ``None``.
    """
    if certain(node.at("Destination")) is not None:
        return None
    base = f"{function}EventInvokeConfig{kind}"
    made = {"SQS": (f"{base}Queue", "Arn"), "SNS": (f"{base}Topic", "")}
    return made.get(draft.word(node.at("Type")))


def add_implicit_apis(draft: Draft, globals_: Node) -> None:
    """Declares the APIs that SAM makes for events that name none."""
    kinds = {
        "Api": (IMPLICIT_REST, "RestApiId", "AWS::Serverless::Api"),
        "HttpApi": (IMPLICIT_HTTP, "ApiId", "AWS::Serverless::HttpApi"),
    }
    for owner in list(draft.of_type("AWS::Serverless::Function", "AWS::Serverless::StateMachine")):
        events = owner.properties.at("Events")
        for _, event in events.items() if events else ():
            for kind in possible(event.at("Type")):
                id_, reference, type_ = kinds.get(str(kind), ("", "", ""))
                given = event.at("Properties", reference) if id_ else None
                if not id_ or id_ in draft.declared or certain(given) is not None:
                    continue
                location = event.key or event.location
                section = globals_.at(_SECTIONS[type_])
                properties = section if section is not None else Node({}, location)
                draft.declared[id_] = Declared(id_, type_, properties, location)
                draft.resources[id_] = Resource(id_, TYPES[type_], properties, location, implied=True)


def api_properties(draft: Draft, api: str) -> Node | None:
    """An API's properties; ``None`` when it is not in the template."""
    declared = draft.declared.get(api)
    return declared.properties if declared else None


def note_unexamined(draft: Draft) -> None:
    """Says what SAM would expand and this reader does not."""
    for declared in draft.declared.values():
        why = _UNEXAMINED.get(declared.type)
        if declared.type.startswith("AWS::Serverless::") and declared.type not in _READ:
            why = f"{declared.type} is not read: what SAM makes of it, its code and its role, is not examined"
        if why:
            draft.skips.append(Skip(declared.id, why, declared.location, blind=True))

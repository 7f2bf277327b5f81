"""App, Function, Trigger, Resource, Role, Grant: what a template describes."""

from collections.abc import Mapping
from enum import IntEnum
from functools import cached_property

from remit.app.location import Location
from remit.app.node import Node
from remit.app.noun import Struct, field
from remit.app.value import Ref, Value


class Sender(IntEnum):
    """Who can make an event arrive, from the narrowest circle to the widest; compare with ``<``."""

    PLATFORM = 0
    APP = 1
    ACCOUNT = 2
    OTHER_ACCOUNT = 3
    AUTHENTICATED = 4
    ANYONE = 5

    @property
    def phrase(self) -> str:
        """For people, as the subject of a sentence."""
        return _PHRASES[self]


_PHRASES = {
    Sender.PLATFORM: "the platform itself",
    Sender.APP: "another part of this app",
    Sender.ACCOUNT: "anyone with access to this account",
    Sender.OTHER_ACCOUNT: "another account",
    Sender.AUTHENTICATED: "any signed-in user",
    Sender.ANYONE: "anyone on the internet",
}


class Authorizer(Struct, frozen=True):
    """What checks the sender of a route: ``jwt``, ``cognito``, ``lambda``, ``iam``, ``api-key``; and its name."""

    kind: str
    name: str = ""


class Cors(Struct, frozen=True):
    """Which websites' pages may call a route from a browser.

    Args:
        origins: as written; ``*`` is every website.
        credentials: whether the browser sends its user's cookies along.
        location: where that is written.
    """

    origins: tuple[Value, ...]
    credentials: bool
    location: Location


class Throttle(Struct, frozen=True):
    """How many requests a route lets through.

    Args:
        rate: requests a second on average; ``None`` when only bursts are limited.
        burst: requests at once; ``None`` when only the rate is limited.
        by: what is counted: ``stage``, ``route``, ``key`` (each API key on its own).
        location: where that is written.
    """

    rate: float | None
    burst: float | None
    by: str
    location: Location


class Trigger(Struct, frozen=True):
    """One event source attached to one function.

    Args:
        function: logical id of the function.
        source: name of the event source in ``remit_guard.events`` (``http-api``, ``sqs``, ``s3``, ...), or
            ``unknown`` for a source without a module.
        name: what people call it: ``POST /orders``, ``s3:ObjectCreated on Uploads``.
        location: where the template attaches it.
        sender: the widest circle that can make an event arrive.
        because: places and reasons for ``sender``, nearest first.
        resource: logical id of the API, bucket, queue, ... it belongs to, or ``""``.
        authorizer: what is really attached, or ``None``.
        properties: the template's own node of it, if there is one.
        implied: ``True`` for a trigger nobody wrote (direct invoke).
        cors: of a route: which websites may call it; ``None`` when the API says nothing.
        throttle: of a route: the narrowest limit that is written; ``None`` when only the account's own limit holds.
    """

    function: str
    source: str
    name: str
    location: Location
    sender: Sender
    because: tuple[tuple[Location, str], ...] = ()
    resource: str = ""
    authorizer: Authorizer | None = None
    properties: Node | None = None
    implied: bool = False
    cors: Cors | None = None
    throttle: Throttle | None = None


class Resource(Struct, frozen=True):
    """One resource of the template as it will be created.

    Args:
        id: logical id.
        type: CloudFormation type (``AWS::SQS::Queue``); SAM types are expanded, ``AWS::Serverless::SimpleTable``
            is ``AWS::DynamoDB::Table``.
        properties: resolved properties.
        location: where its logical id stands.
        name: the name it will have, when the template gives it one; else ``None``.
        implied: ``True`` when SAM makes it without being told (implicit API).
        metadata: its ``Metadata``, for suppressions.
        label: what its form calls it, where that is not the logical id: a construct path, a Terraform address.
    """

    id: str
    type: str
    properties: Node
    location: Location
    name: Value = None
    implied: bool = False
    metadata: Node | None = None
    label: str = ""


class Edge(Struct, frozen=True):
    """One way in which a part of the app makes another part run, or hands something on to it.

    Args:
        source: logical id of the function, resource or state machine it starts from.
        target: logical id of the function, resource or state machine it leads to.
        kind: ``queue``, ``topic``, ``stream``, ``rule``, ``notification``, ``task`` (of a state machine), ``invoke``, ``api``,
            ``pipe``, ``schedule``, ``dead-letter``, ``destination``; ``write`` and ``read`` for what code does to a store.
        location: where it is written, in the template or in the code.
        text: for people: ``Uploads notifies Thumbs``.
        filter: what decides which events take it (event pattern, filter policy, prefix), if anything does.
    """

    source: str
    target: str
    kind: str
    location: Location
    text: str
    filter: Node | None = None


class Grant(Struct, frozen=True):
    """One statement of what an identity is allowed or denied.

    Args:
        effect: ``Allow`` or ``Deny``.
        actions: action patterns as written (``dynamodb:Put*``); lower-cased service, action case kept.
        resources: ARN patterns, symbolic where the template is.
        location: the statement, or the policy name that expanded to it.
        not_actions: for ``NotAction``.
        not_resources: for ``NotResource``.
        conditions: the ``Condition`` block, plain.
        origin: where it comes from: ``inline``, ``template:DynamoDBCrudPolicy``, ``managed:AmazonS3FullAccess``.
        principals: for resource policies: who; ``("*",)`` is everyone.
        not_principals: for ``NotPrincipal``; ``principals`` is everyone then.
        variables: whether ``${aws:username}`` in it is a policy variable; in documents without ``Version`` "2012-10-17" it
            is that text.
    """

    effect: str
    actions: tuple[str, ...]
    resources: tuple[Value, ...]
    location: Location
    not_actions: tuple[str, ...] = ()
    not_resources: tuple[Value, ...] = ()
    conditions: Value = None
    origin: str = "inline"
    principals: tuple[Value, ...] = ()
    not_principals: tuple[Value, ...] = ()
    variables: bool = True


class Role(Struct, frozen=True):
    """The identity functions run as.

    Args:
        id: logical id; ``<function>Role`` when SAM makes it.
        grants: everything it is allowed or denied, policy templates and known managed policies expanded.
        location: the role, or the function's ``Policies``.
        functions: logical ids of the functions that run as it.
        opaque: managed policies or ARNs whose content is not known here, each with its place.
        implied: ``True`` when SAM makes it for one function.
        boundary: what its permissions boundary says; ``None`` when it has none. One that is not known here is one
            statement under an unknown condition.
        trust: who may use it, as its trust policy says; ``None`` when that is not in the template.
    """

    id: str
    grants: tuple[Grant, ...]
    location: Location
    functions: tuple[str, ...] = ()
    opaque: tuple[tuple[str, Location], ...] = ()
    implied: bool = False
    boundary: tuple[Grant, ...] | None = None
    trust: tuple[Grant, ...] | None = None


class Function(Struct, frozen=True):
    """A unit of code that a platform invokes.

    Args:
        id: logical id.
        handler: as the template says it: ``app.handler``.
        runtime: ``python3.12``, ``nodejs20.x``, ...; ``""`` when unknown.
        code: folder of its code, relative to the root (``src/orders``); ``None`` when it is not local.
        location: where its logical id stands.
        environment: variable name to resolved node (Globals merged).
        role: id in ``App.roles``, or ``""`` when the role is not in the template.
        properties: resolved properties, Globals merged.
        timeout: seconds, if known.
        inline: code written in the template itself, if any.
        layers: folders of local layers, relative to the root.
        guessed: why its handler is only a guess (a folder without a template); ``""`` when a template says it.
    """

    id: str
    handler: str
    runtime: str
    code: str | None
    location: Location
    environment: Mapping[str, Node] = field(default_factory=dict)
    role: str = ""
    properties: Node | None = None
    timeout: int | None = None
    inline: Node | None = None
    layers: tuple[str, ...] = ()
    guessed: str = ""

    @property
    def language(self) -> str:
        """``python``, ``javascript`` or ``""``: from the runtime, else the handler's look."""
        if self.runtime.startswith("python"):
            return "python"
        if self.runtime.startswith("nodejs"):
            return "javascript"
        return ""


class App(Struct, frozen=True, dict=True):
    """One deployable application.

    Args:
        name: the folder's or the template's name.
        form: ``SAM``, ``CloudFormation``, ``Serverless``, ``Terraform``, ``CDK`` or ``folder`` (no template).
        template: path of its template, relative to the root.
        functions, triggers, resources, roles: everything in it; resources and roles by logical id.
        policies: resource policies by the logical id of the resource they protect.
        parameters: parameter name to its default (or ``Unknown``).
        edges: how its parts are wired, as the template says it.
    """

    name: str
    form: str
    template: str
    functions: tuple[Function, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    policies: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()

    def function(self, id: str) -> Function | None:  # noqa: A002
        """The function with a logical id, or ``None``."""
        return self._by_id.get(id)

    @cached_property
    def _by_id(self) -> dict[str, Function]:
        return {function.id: function for function in reversed(self.functions)}

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of every resource in the template's order, by logical id."""
        return {name: place for place, name in enumerate(self.resources)}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The resources that the template gives a name; the names of all others are made at deployment."""
        return tuple(name for name, resource in self.resources.items() if self._has_name(resource))

    def _has_name(self, resource: Resource) -> bool:
        function = self.function(resource.id)
        given = function is not None and function.properties is not None and function.properties.get("FunctionName")
        return resource.name is not None or bool(given)

    def triggers_of(self, function: str) -> tuple[Trigger, ...]:
        """The triggers of one function, widest sender first."""
        return self._by_function.get(function, ())

    @cached_property
    def _by_function(self) -> dict[str, tuple[Trigger, ...]]:
        found: dict[str, list[Trigger]] = {}
        for trigger in self.triggers:
            found.setdefault(trigger.function, []).append(trigger)
        return {name: tuple(sorted(mine, key=lambda trigger: -trigger.sender)) for name, mine in found.items()}

    def role_of(self, function: Function) -> Role | None:
        """The role a function runs as, or ``None`` when it is not in the template."""
        return self.roles.get(function.role)

    def resource_of(self, value: Value) -> Resource | None:
        """The resource a value names: by reference, or by the name the template gives it.

        A reference to a parameter names the resource that is called by that parameter.
        """
        from remit.app.value import Text

        if isinstance(value, Ref) and (value.attribute or value.target in self.resources):
            return self.resources.get(value.target)
        if isinstance(value, str | Text | Ref):
            return next((item for item in self.resources.values() if item.name == value), None)
        return None

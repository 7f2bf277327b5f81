"""What a role can do inside one app to win or steer what runs as a stronger role.

Two kinds. *Control*: what the stronger part runs is replaced (its code, its image, its workflow). *Feeding*: the stronger
part runs as it was written, on input of the attacker's choice (its queue, its table, its secret, a direct call).
"""

from collections.abc import Iterable, Iterator

from remit.app.graph import Following, after, edges, way
from remit.app.model import App, Edge, Function, Role
from remit.app.node import Node
from remit.app.noun import Struct
from remit.app.value import Ref, Value, join, refs
from remit.iam.abilities import counted, every_of, everything, touched
from remit.iam.arns import SHAPES
from remit.iam.escalation import Escalation, Step
from remit.iam.judge import Judge
from remit.iam.match import Answer
from remit.iam.stronger import gain


class Hold(Struct, frozen=True):
    """Something one can do to one kind of resource that other parts of the app run, or run on.

    Args:
        id: of the move.
        kind: of the resource.
        actions: any of them suffices.
        verb: completes "the role ...", before the resource's name.
        below: what stands behind the resource's ARN.
    """

    id: str
    kind: str
    actions: tuple[str, ...]
    verb: str
    below: str = ""


#: Every resource of a kind, in this app and in the account.
EVERY = ("*",)
#: More resources of a kind than this are told as one: to compare all roles with all roles would take too long.
TOLD = 20
#: What is replaced is what runs.
CONTROL = (
    Hold("swap-code", "function", ("lambda:UpdateFunctionCode",), "replaces the code of"),
    Hold("swap-workflow", "state-machine", ("states:UpdateStateMachine",), "replaces the workflow of"),
    Hold("write-code-bucket", "bucket", ("s3:PutObject",), "replaces code in", "/*"),
    Hold("push-image", "repository", ("ecr:PutImage",), "replaces images in"),
)
#: What is written is what the next part runs on.
FEEDING = (
    Hold("invoke", "function", ("lambda:InvokeFunction",), "invokes"),
    Hold("start", "state-machine", ("states:StartExecution", "states:StartSyncExecution"), "starts"),
    Hold("send", "queue", ("sqs:SendMessage",), "sends to"),
    Hold("publish", "topic", ("sns:Publish",), "publishes to"),
    Hold("write-table", "table", ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"), "writes"),
    Hold("write-bucket", "bucket", ("s3:PutObject",), "writes", "/*"),
    Hold("write-stream", "stream", ("kinesis:PutRecord", "kinesis:PutRecords"), "writes"),
    Hold("deliver", "delivery-stream", ("firehose:PutRecord", "firehose:PutRecordBatch"), "writes"),
    Hold("put-events", "bus", ("events:PutEvents",), "puts events on"),
    Hold("put-parameter", "parameter", ("ssm:PutParameter",), "writes the parameter"),
    Hold(
        "put-secret", "secret", ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"), "replaces the secret"
    ),
    Hold("open-function", "function", ("lambda:AddPermission",), "lets others invoke"),
)
#: A part that reads one of these takes what it finds as its own settings.
_SETTINGS = {"parameter": "ssm:GetParameter", "secret": "secretsmanager:GetSecretValue"}
#: Where a function's or layer's template entry says what it is made of.
_CODE = ("Code", "CodeUri", "Content", "ContentUri", "ImageUri")
#: Event sources that nobody but AWS can put on a bus.
_OWN = "aws."


def controls(judge: Judge) -> Iterator[Escalation]:
    """The ways to have code of one's own run as a stronger role of the app."""
    if not any(judge.speaks_of(action) for hold in CONTROL for action in hold.actions):
        return
    for hold in CONTROL:
        names = _held(judge, hold)
        if names == EVERY:
            yield from _of_all(
                judge, hold, (part for name in _all(judge, hold) for part in _made_of(judge.app, hold.kind, name))
            )
            continue
        for name in names:
            won = [part for part in _made_of(judge.app, hold.kind, name) if _is_won(judge, part)]
            if won:
                yield _escalation(judge, hold, name, won, ())


def moves(app: App, role: Role, among: Iterable[Edge] | None = None) -> tuple[Escalation, ...]:
    """The ways to make a stronger part of the app run on input of one's own choice: one for each resource it starts at.

    Args:
        app: the app.
        role: the role one has.
        among: edges of the app, with those of its code where they are known; by default those that the template says.

    Returns:
        Each with the steps from the resource to the part that runs, and what that part may do.
    """
    judge = Judge(app, role)
    known = among if isinstance(among, Following) else Following(edges(app) if among is None else among)
    found: list[Escalation] = []
    for hold in FEEDING:
        names = _held(judge, hold)
        if names == EVERY:
            fed = (part for name in _all(judge, hold) for part, _ in _fed(judge, hold, name, known))
            found += _of_all(judge, hold, fed)
            continue
        for name in names:
            for part, steps in _fed(judge, hold, name, known):
                found.append(_escalation(judge, hold, name, [part], steps))
    found += _default_bus(judge)
    return tuple(found)


def _held(judge: Judge, hold: Hold) -> tuple[str, ...]:
    """The resources of the app that the role may do this to, whatever the conditions; ``EVERY`` for many of them."""
    if not any(judge.speaks_of(action) for action in hold.actions):
        return ()
    found = touched(judge.app, judge.role, hold.kind, hold.actions, hold.below)
    named = everything(judge.app, hold.kind, found)
    return found if len(named) > TOLD else named


def _all(judge: Judge, hold: Hold) -> tuple[str, ...]:
    return everything(judge.app, hold.kind, EVERY)


def _of_all(judge: Judge, hold: Hold, parts: Iterator[str]) -> Iterator[Escalation]:
    """One way for a hold on every resource of a kind, if a single part of the app is won by it: all need not be compared."""
    if not any(_is_won(judge, part) for part in parts):
        return
    every = f"{hold.verb} every {hold.kind.replace('-', ' ')}"
    action = next(action for action in hold.actions if judge.speaks_of(action))
    sure = max(judge.may(action, every_of(hold.kind, hold.below)) for action in hold.actions) is Answer.YES
    won = "the rights of every part of the app" + (" that runs it" if hold in CONTROL else " that it feeds")
    yield Escalation(hold.id, (action,), every, won, (), (Step(every, action, "*"),), sure=sure)


def _answer(judge: Judge, hold: Hold, name: str) -> Answer:
    """How surely the role may do it."""
    arn = join([Ref(name, "Arn"), hold.below])
    return max(judge.may(action, arn) for action in hold.actions)


def _escalation(judge: Judge, hold: Hold, name: str, won: list[str], steps: tuple[Step, ...]) -> Escalation:
    roles = list({role.id: role for part in won if (role := role_of(judge.app, part))}.values())
    action = next(action for action in hold.actions if judge.speaks_of(action))
    first = Step(f"{hold.verb} {name}", action, Ref(name, "Arn"))
    then = ""
    if won != [name]:
        runs = "runs" if len(won) == 1 else "run"
        who = counted(tuple(won), "function")
        then = f", which {who} {runs}" if hold in CONTROL else f", which feeds {who}"
    return Escalation(
        hold.id, (action,), f"{hold.verb} {name}{then}", gain(judge.app, judge.role, roles), tuple(won), (first, *steps),
        sure=_answer(judge, hold, name) is Answer.YES,
    )  # fmt: skip


def role_of(app: App, part: str) -> Role | None:
    """The role that a function or a state machine runs as."""
    function = app.function(part)
    if function is not None:
        return app.role_of(function)
    resource = app.resources.get(part)
    if resource is None:
        return None
    named = [ref.target for key in ("RoleArn", "Role") for ref in refs(resource.properties.get(key))]
    return next((app.roles[name] for name in (*named, f"{part}Role") if name in app.roles), None)


def _is_won(judge: Judge, part: str) -> bool:
    role = role_of(judge.app, part)
    return role is not None and judge.is_beaten_by(role)


def _made_of(app: App, kind: str, name: str) -> Iterator[str]:
    """The parts of the app whose code a resource is or holds."""
    if kind in ("function", "state-machine"):
        yield name
        return
    layers = {id_ for id_, item in app.resources.items() if "Layer" in item.type and _holds(item.properties, name)}
    for function in app.functions:
        if function.properties is None:
            continue
        used = {ref.target for ref in refs(function.properties.get("Layers"))}
        if _holds(function.properties, name) or used & layers:
            yield function.id


def _holds(properties: Node, name: str) -> bool:
    return any(ref.target == name for key in _CODE for ref in refs(properties.get(key)))


def _fed(judge: Judge, hold: Hold, name: str, known: tuple[Edge, ...]) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """The stronger parts that run on what is put into a resource, each with the steps to it."""
    app = judge.app
    if hold.kind in _SETTINGS:
        for function in app.functions:
            if _reads(app, function, name, _SETTINGS[hold.kind]) and _is_won(judge, function.id):
                yield function.id, (Step(f"{function.id} reads {name}"),)
        return
    if hold.kind in ("function", "state-machine") and _is_won(judge, name):
        yield name, ()
    if hold.kind == "function":
        return  # what a function hands on is its own choice
    for part in after(app, name, among=known):
        if part == name or not _is_won(judge, part):
            continue
        steps = way(app, name, part, among=known)
        if steps and all(_can_pass(edge) for edge in steps):
            yield part, tuple(Step(edge.text) for edge in steps)


def _can_pass(edge: Edge) -> bool:
    """Whether an event that anyone but AWS puts on a bus can take an edge."""
    return edge.kind != "rule" or not _only_aws(edge.filter.get("source") if edge.filter is not None else None)


def _only_aws(sources: Value) -> bool:
    listed = sources if isinstance(sources, tuple) else (sources,)
    return all(isinstance(source, str) and source.startswith(_OWN) for source in listed)


def _reads(app: App, function: Function, name: str, action: str) -> bool:
    """Whether a function uses a parameter or secret: its environment names it, and its role may read it."""
    role = app.role_of(function)
    if role is None or not any(
        ref.target == name for node in function.environment.values() for ref in refs(node.plain())
    ):
        return False
    kind = SHAPES[app.resources[name].type].kind
    return name in everything(app, kind, touched(app, role, kind, (action,), ""))


def _default_bus(judge: Judge) -> Iterator[Escalation]:
    """Rules on the account's own bus, which no template declares."""
    from remit.iam.arns import KINDS, spell

    if not judge.speaks_of("events:PutEvents"):
        return
    bus = spell(KINDS["bus"], "default")
    for trigger in judge.app.triggers:
        if trigger.source != "eventbridge" or trigger.resource or trigger.properties is None:
            continue
        sources = trigger.properties.get("Pattern", "source") or trigger.properties.get("EventPattern", "source")
        if sources is None or _only_aws(sources) or not _is_won(judge, trigger.function):
            continue
        listed = sources if isinstance(sources, tuple) else (sources,)
        answers = [judge.may("events:PutEvents", bus, {"events:source": (source,)}) for source in listed]
        answer = max(answers)
        if answer is Answer.NO:
            continue
        role = role_of(judge.app, trigger.function)
        steps = (
            Step("puts events on the default bus", "events:PutEvents", bus),
            Step(f"{trigger.name} starts {trigger.function}"),
        )
        yield Escalation(
            "put-events", ("events:PutEvents",), f"puts events on the default bus, which feeds {trigger.function}",
            gain(judge.app, judge.role, [role] if role else []), (trigger.function,), steps, sure=answer is Answer.YES,
        )  # fmt: skip

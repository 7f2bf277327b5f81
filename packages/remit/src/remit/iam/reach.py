"""What a role lets an attacker do who runs as it, in short phrases: first what is worst."""

from collections.abc import Iterable, Iterator

from remit.app.model import App, Grant, Resource, Role
from remit.app.noun import Struct, replace
from remit.app.value import Ref, Value, join, options, refs
from remit.iam.arns import SHAPES, long, spell
from remit.iam.escalation import escalations
from remit.iam.policy import DENY, allows, names

#: More resources than this of one kind are counted, not named.
_NAMED = 3


class Ability(Struct, frozen=True):
    """Something one can do to one kind of resource.

    Args:
        verb: third person: ``reads``.
        actions: any of them suffices.
        below: what stands behind the resource's ARN (``/*`` for objects).
    """

    verb: str
    actions: tuple[str, ...]
    below: str = ""


class Target(Struct, frozen=True):
    """One kind of resource an attacker is after: its word in singular and plural, and what can be done to it."""

    kind: str
    one: str
    many: str
    abilities: tuple[Ability, ...]


TARGETS: tuple[Target, ...] = (
    Target("secret", "the secret ", "secret", (
        Ability("reads", ("secretsmanager:GetSecretValue",)), Ability("replaces", ("secretsmanager:PutSecretValue",)),
    )),
    Target("parameter", "the parameter ", "parameter", (
        Ability("reads", ("ssm:GetParameter", "ssm:GetParameters")), Ability("writes", ("ssm:PutParameter",)),
    )),
    Target("key", "data under the key ", "key", (Ability("decrypts with", ("kms:Decrypt",)),)),
    Target("bucket", "", "bucket", (
        Ability("reads", ("s3:GetObject",), "/*"), Ability("writes", ("s3:PutObject",), "/*"),
        Ability("deletes from", ("s3:DeleteObject",), "/*"),
    )),
    Target("table", "", "table", (
        Ability("reads", tuple(f"dynamodb:{name}" for name in ("GetItem", "Query", "Scan", "BatchGetItem", "PartiQLSelect"))),
        Ability("writes", tuple(f"dynamodb:{name}" for name in ("PutItem", "UpdateItem", "BatchWriteItem", "PartiQLUpdate"))),
        Ability("deletes from", ("dynamodb:DeleteItem", "dynamodb:PartiQLDelete")),
    )),
    Target("function", "", "function", (Ability("invokes", ("lambda:InvokeFunction",)),)),
    Target("state-machine", "", "state machine", (Ability("starts", ("states:StartExecution", "states:StartSyncExecution")),)),
    Target("queue", "", "queue", (
        Ability("sends to", ("sqs:SendMessage",)), Ability("reads", ("sqs:ReceiveMessage",)),
    )),
    Target("topic", "", "topic", (Ability("publishes to", ("sns:Publish",)),)),
    Target("bus", "", "event bus", (Ability("puts events on", ("events:PutEvents",)),)),
    Target("stream", "", "stream", (Ability("writes", ("kinesis:PutRecord", "kinesis:PutRecords")),)),
    Target("user-pool", "", "user pool", (
        Ability("administers users of", ("cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword")),
    )),
)  # fmt: skip


def reach(app: App, role: Role) -> tuple[str, ...]:
    """Short phrases of what a role lets one do in this app and beyond.

    Conditions are taken as fulfilled: an attacker inside the function is where the role is meant to be used.

    Args:
        app: the app.
        role: the role.

    Returns:
        Phrases that complete "as this role one ...", worst first, without repetition; empty for a role that only writes
        its log.
    """
    grants = tuple(_unconditional(role))
    bare = replace(role, grants=grants)
    if all(_can(app, grants, action, "*") for action in ("iam:PutRolePolicy", "s3:GetObject", "ec2:RunInstances")):
        return ("does anything in the whole account",)
    phrases = list(dict.fromkeys(method.phrase for method in escalations(app, bare)))
    changed = _touched(app, grants, "function", ("lambda:UpdateFunctionCode",), "")
    if changed:
        phrases.append(f"changes the code of {_names(changed, 'function')}")
    for target in TARGETS:
        phrases.extend(_of_target(app, grants, target))
    return tuple(dict.fromkeys(phrases))


def reached(app: App, role: Role) -> dict[str, tuple[str, ...]]:
    """What ``reach`` says about single resources: logical id -> verbs, for every resource of the app the role touches.

    Args:
        app: the app.
        role: the role.
    """
    grants = tuple(_unconditional(role))
    found: dict[str, list[str]] = {}
    for target in TARGETS:
        for ability in target.abilities:
            names = _touched(app, grants, target.kind, ability.actions, ability.below)
            if names == ("*",):
                names = tuple(item.id for item in _resources(app, target.kind, app.resources))
            for name in names:
                found.setdefault(name, []).append(ability.verb)
    return {name: tuple(verbs) for name, verbs in found.items()}


def _unconditional(role: Role) -> Iterator[Grant]:
    for grant in role.grants:
        if not grant.conditions:
            yield grant
        elif grant.effect != DENY:
            yield replace(grant, conditions=None)


def _can(app: App, grants: tuple[Grant, ...], action: str, resource: Value) -> bool:
    return allows(grants, action, resource, app).allowed


def _of_target(app: App, grants: tuple[Grant, ...], target: Target) -> Iterator[str]:
    """One phrase for each set of resources that the same verbs apply to: ``reads and writes every bucket``."""
    by_names: dict[tuple[str, ...], list[str]] = {}
    for ability in target.abilities:
        names = _touched(app, grants, target.kind, ability.actions, ability.below)
        if names:
            by_names.setdefault(names, []).append(ability.verb)
    for names, verbs in by_names.items():
        what = "" if names == ("*",) or len(names) > _NAMED else target.one
        yield f"{_listed(verbs)} {what}{_names(names, target.many)}"


def _touched(app: App, grants: tuple[Grant, ...], kind: str, actions: tuple[str, ...], below: str) -> tuple[str, ...]:
    """The resources of a kind that any of the actions is allowed on; ``("*",)`` for every one in the account."""
    mine = tuple(grant for grant in grants if any(names(grant, action) for action in actions))
    if all(grant.effect == DENY for grant in mine):
        return ()
    if any(_can(app, mine, action, _every(kind, below)) for action in actions):
        return ("*",)
    found = []
    for resource in _candidates(app, kind, mine):
        arn = join([Ref(resource.id, "Arn"), below])
        if any(_can(app, mine, action, arn) for action in actions):
            found.append(resource.id)
    return tuple(found)


def _candidates(app: App, kind: str, grants: tuple[Grant, ...]) -> Iterator[Resource]:
    """The resources of a kind that statements may allow something on, in the template's order.

    A name made at deployment is spelled by a reference or covered by a wildcard, nothing else. So where every pattern
    refers to some resource, only these and those with a name of their own can be meant: in a large app a handful
    out of thousands.
    """
    meant = set(app.named)
    for grant in grants:
        if grant.effect == DENY:
            continue
        if grant.not_resources:
            return (yield from _resources(app, kind, app.resources))
        for pattern in grant.resources:
            for option in options(long(app, pattern)):
                targets = {ref.target for ref in refs(option) if ref.target in app.resources}
                if not targets:
                    return (yield from _resources(app, kind, app.resources))
                meant |= targets
    yield from _resources(app, kind, sorted(meant, key=app.places.__getitem__))


def _every(kind: str, below: str) -> Value:
    """An ARN that means all of a kind in this account: only a wildcard in place of the name covers it."""
    arn = next(shape.arn for shape in SHAPES.values() if shape.kind == kind)
    return join([spell(arn, "*"), below])


def _resources(app: App, kind: str, ids: Iterable[str]) -> Iterator[Resource]:
    for name in ids:
        resource = app.resources[name]
        shape = SHAPES.get(resource.type)
        if shape is not None and shape.kind == kind:
            yield resource


def _names(names: tuple[str, ...], word: str) -> str:
    if names == ("*",):
        return f"every {word}"
    if len(names) > _NAMED:
        return f"{len(names)} {word}s"
    return _listed(list(names))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

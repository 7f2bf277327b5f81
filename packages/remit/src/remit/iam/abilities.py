"""What a role can do to the resources of an app: which verbs on which, in short phrases."""

import re
from collections.abc import Iterable, Iterator

from remit.app.model import App, Grant, Resource, Role
from remit.app.noun import Struct, replace
from remit.app.value import Ref, Text, Value, join, options, refs
from remit.iam.arns import SHAPES, long, spell
from remit.iam.policy import DENY, allows, names

#: More resources than this of one kind are counted, not named.
NAMED = 3
#: A run of wildcards that holds a ``*``: "at least so many characters", which every name of some length has.
_WILDCARDS = re.compile(r"[?*]*\*[?*]*")
#: The last field of an ARN where no name narrows it: ``*``, ``*/*``, ``secret:*``, ``log-group:*:*``.
_EVERY = re.compile(r"(?:[a-z-]+[:/])?\*(?:[:/]\*)*")


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


def _all(service: str, *operations: str) -> tuple[str, ...]:
    return tuple(f"{service}:{operation}" for operation in operations)


#: What is worst to lose first.
TARGETS: tuple[Target, ...] = (
    Target("secret", "the secret ", "secret", (
        Ability("reads", ("secretsmanager:GetSecretValue",)), Ability("replaces", ("secretsmanager:PutSecretValue",)),
    )),
    Target("parameter", "the parameter ", "parameter", (
        Ability("reads", ("ssm:GetParameter", "ssm:GetParameters")), Ability("writes", ("ssm:PutParameter",)),
    )),
    Target("key", "data under the key ", "key", (Ability("decrypts with", ("kms:Decrypt",)),)),
    Target("db-cluster", "the database ", "database", (Ability("queries", ("rds-data:ExecuteStatement",)),)),
    Target("bucket", "", "bucket", (
        Ability("reads", ("s3:GetObject",), "/*"), Ability("writes", ("s3:PutObject",), "/*"),
        Ability("deletes from", ("s3:DeleteObject",), "/*"),
    )),
    Target("table", "", "table", (
        Ability("reads", _all("dynamodb", "GetItem", "Query", "Scan", "BatchGetItem", "PartiQLSelect")),
        Ability("writes", _all("dynamodb", "PutItem", "UpdateItem", "BatchWriteItem", "PartiQLUpdate")),
        Ability("deletes from", ("dynamodb:DeleteItem", "dynamodb:PartiQLDelete")),
    )),
    Target("domain", "the search domain ", "search domain", (
        Ability("reads", ("es:ESHttpGet",), "/*"), Ability("writes", _all("es", "ESHttpPut", "ESHttpPost"), "/*"),
    )),
    Target("function", "", "function", (Ability("invokes", ("lambda:InvokeFunction",)),)),
    Target("state-machine", "", "state machine", (Ability("starts", _all("states", "StartExecution", "StartSyncExecution")),)),
    Target("project", "the build ", "build", (Ability("starts", ("codebuild:StartBuild",)),)),
    Target("repository", "images of ", "image repository", (Ability("replaces", ("ecr:PutImage",)),)),
    Target("queue", "", "queue", (
        Ability("sends to", ("sqs:SendMessage",)), Ability("reads", ("sqs:ReceiveMessage",)),
    )),
    Target("topic", "", "topic", (Ability("publishes to", ("sns:Publish",)),)),
    Target("bus", "", "event bus", (Ability("puts events on", ("events:PutEvents",)),)),
    Target("stream", "", "stream", (
        Ability("writes", _all("kinesis", "PutRecord", "PutRecords")), Ability("reads", ("kinesis:GetRecords",)),
    )),
    Target("delivery-stream", "", "delivery stream", (Ability("writes", _all("firehose", "PutRecord", "PutRecordBatch")),)),
    Target("user-pool", "", "user pool", (
        Ability("administers users of", _all("cognito-idp", "AdminCreateUser", "AdminSetUserPassword")),
    )),
    Target("api", "", "API", (
        Ability("calls", ("execute-api:Invoke",), "/*"), Ability("answers clients of", ("execute-api:ManageConnections",), "/*"),
    )),
    Target("graphql", "", "GraphQL API", (Ability("calls", ("appsync:GraphQL",), "/*"),)),
    Target("identity", "mail as ", "mail identity", (Ability("sends", _all("ses", "SendEmail", "SendRawEmail")),)),
    Target("workgroup", "queries in ", "Athena workgroup", (Ability("runs", ("athena:StartQueryExecution",)),)),
    Target("collection", "", "face collection", (Ability("searches", ("rekognition:SearchFacesByImage",)),)),
    Target("log-group", "the log ", "log", (
        Ability("reads", _all("logs", "GetLogEvents", "FilterLogEvents"), ":*"),
        Ability("deletes", ("logs:DeleteLogGroup",), ":*"),
    )),
)  # fmt: skip


def abilities(app: App, role: Role) -> tuple[str, ...]:
    """One phrase for each set of resources that the same verbs apply to: ``reads and writes every bucket``."""
    return tuple(dict.fromkeys(phrase for target in TARGETS for phrase in _of_target(app, role, target)))


def reached(app: App, role: Role) -> dict[str, tuple[str, ...]]:
    """What ``abilities`` says about single resources: logical id -> verbs, for every resource of the app the role touches.

    Args:
        app: the app.
        role: the role.
    """
    found: dict[str, list[str]] = {}
    for target in TARGETS:
        for ability in target.abilities:
            for name in everything(app, target.kind, touched(app, role, target.kind, ability.actions, ability.below)):
                found.setdefault(name, []).append(ability.verb)
    return {name: tuple(verbs) for name, verbs in found.items()}


def everything(app: App, kind: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """The resources that ``touched`` means: those of the app, where it means every one in the account."""
    return tuple(item.id for item in _resources(app, kind, app.resources)) if found == ("*",) else found


def unconditional(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Statements with every condition of an Allow fulfilled, and of a Deny not."""
    return tuple(
        replace(grant, conditions=None) if grant.conditions else grant
        for grant in grants
        if not grant.conditions or grant.effect != DENY
    )


def touched(app: App, role: Role, kind: str, actions: tuple[str, ...], below: str) -> tuple[str, ...]:
    """The resources of a kind on which a role may do any of some things, within its boundary, whatever the conditions.

    Args:
        app: the app.
        role: the role.
        kind: of resource, as ``Shape.kind`` has it.
        actions: any of them suffices.
        below: what stands behind the resource's ARN.

    Returns:
        Logical ids in the template's order; ``("*",)`` for every one in the account.
    """
    mine = tuple(grant for grant in role.grants if any(names(grant, action) for action in actions))
    if all(grant.effect == DENY for grant in mine):
        return ()
    sets = [unconditional(mine), *([unconditional(role.boundary)] if role.boundary is not None else [])]
    wide = [tuple(map(_widened, grants)) for grants in sets]
    if any(_can(app, wide, action, every_of(kind, below)) for action in actions):
        return ("*",)
    found = []
    for resource in _candidates(app, kind, mine):
        arn = join([Ref(resource.id, "Arn"), below])
        if any(_can(app, sets, action, arn) for action in actions):
            found.append(resource.id)
    return tuple(found)


def _widened(grant: Grant) -> Grant:
    """An Allow with ARNs that mean all of a kind in one account written as one: ``:secret:??*`` is ``:secret:*``."""
    if grant.effect == DENY or not grant.resources:
        return grant
    return replace(grant, resources=tuple(_whole(pattern) for pattern in grant.resources))


def _whole(pattern: Value) -> Value:
    if not isinstance(pattern, str | Text):
        return pattern
    parts = pattern.parts if isinstance(pattern, Text) else (pattern,)
    fields = "".join(part if isinstance(part, str) else "\0" for part in parts).split(":", 5)
    if len(fields) < 6 or fields[0] != "arn" or "\0" in fields[5]:
        return pattern
    name = _WILDCARDS.sub("*", fields[5])
    if not _EVERY.fullmatch(name):
        return pattern
    return ":".join(("arn", "*", fields[2].replace("\0", "*"), "*", "*", name))


def _can(app: App, sets: list[tuple[Grant, ...]], action: str, resource: Value) -> bool:
    return all(allows(grants, action, resource, app).allowed for grants in sets)


def _of_target(app: App, role: Role, target: Target) -> Iterator[str]:
    by_names: dict[tuple[str, ...], list[str]] = {}
    for ability in target.abilities:
        found = touched(app, role, target.kind, ability.actions, ability.below)
        if found:
            by_names.setdefault(found, []).append(ability.verb)
    for found, verbs in by_names.items():
        what = "" if found == ("*",) or len(found) > NAMED else target.one
        yield f"{listed(verbs)} {what}{counted(found, target.many)}"


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


def every_of(kind: str, below: str) -> Value:
    """An ARN that means all of a kind in this account: only a wildcard in place of the name covers it."""
    arn = next(shape.arn for shape in SHAPES.values() if shape.kind == kind)
    return join([spell(arn, "*"), below])


def _resources(app: App, kind: str, ids: Iterable[str]) -> Iterator[Resource]:
    for name in ids:
        resource = app.resources[name]
        shape = SHAPES.get(resource.type)
        if shape is not None and shape.kind == kind:
            yield resource


def counted(found: tuple[str, ...], word: str) -> str:
    """Resources by name, or by number where they are many: ``every bucket``, ``4 functions``."""
    if found == ("*",):
        return f"every {word}"
    if len(found) > NAMED:
        return f"{len(found)} {_plural(word)}"
    return listed(list(found))


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else f"{word}s"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

"""What a role may do that none of the app's resources shows: on things outside the app, or with actions without a verb here."""

import re
from collections.abc import Iterator

from remit.app.model import App, Grant, Role
from remit.app.noun import replace
from remit.app.value import Ref, Text, Value, join, options, refs
from remit.iam.abilities import NAMED, TARGETS, listed, reached, touched, unconditional
from remit.iam.arns import long
from remit.iam.escalation import escalations
from remit.iam.match import Answer, glob
from remit.iam.platform import platform_needs
from remit.iam.policy import DENY, allows, covered

#: How every phrase about what is left begins, so that a badge knows it.
BEGINNING = "may call "
OUTSIDE = "things outside this app"
#: Writing a log and a trace and joining a network win nobody anything, whether the function's settings ask for it or not.
_IDLE = (
    "logs:createlog*", "logs:putlogevents", "logs:describelog*", "xray:put*", "xray:getsampling*",
    "ec2:createnetworkinterface", "ec2:deletenetworkinterface", "ec2:describenetworkinterfaces", "ec2:describesubnets",
    "ec2:describevpcs", "ec2:describesecuritygroups", "ec2:getsecuritygroupsforvpc",
    "ec2:assignprivateipaddresses", "ec2:unassignprivateipaddresses",
)  # fmt: skip
_POLLING = re.compile(r"(?:.*/)?(?:managed:)?AWSLambda(Basic|SQSQueue|Kinesis|DynamoDB|MSK|VPCAccess)ExecutionRole")
#: What ``abilities`` and ``reach`` decide on each of the app's resources: no word of theirs means that it is not allowed there.
_JUDGED = {action.lower() for target in TARGETS for ability in target.abilities for action in ability.actions}
_JUDGED.add("lambda:updatefunctioncode")
#: An ARN's end that no name narrows.
_NAMELESS = re.compile(r"[:/][*?]+(?:[:/]\*)*$")
_SECRET = ("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue", "ssm:getparameter*", "kms:decrypt")
_READS = ("get", "list", "describe", "head", "query", "scan", "batchget", "search", "lookup", "view")


def rest(app: App, role: Role) -> tuple[str, ...]:
    """Phrases for what a role may do that neither its abilities nor its ways up tell: a phrase a service, worst first.

    Args:
        app: the app.
        role: the role.

    Returns:
        ``may call sqs:SendMessage on things outside this app`` and the like, at most a few; empty where every statement is
        told already or is what the platform asks of the role to run the function.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for action, where in _left(app, role):
        actions = found.setdefault((action.partition(":")[0].lower(), where), [])
        if action not in actions:
            actions.append(action)
    ranked = sorted(found.items(), key=lambda item: min(map(_rank, item[1])))
    phrases = [f"{BEGINNING}{_actions(actions)} on {where}" for (_, where), actions in ranked]
    more = len(phrases) - NAMED
    return (*phrases[:NAMED], *([f"{BEGINNING}actions of {more} more kinds"] if more > 0 else []))


def _left(app: App, role: Role) -> Iterator[tuple[str, str]]:
    """Action patterns with where they are allowed."""
    needed = _needed(app, role)
    told = _told(app, role)
    own = {*reached(app, role)}
    for grant in unconditional(role.grants):
        if grant.effect == DENY or _POLLING.fullmatch(grant.origin):
            continue
        for action in grant.actions or ("*",):
            low = action.lower()
            if low in needed or any(glob(idle, low) for idle in _IDLE):
                continue
            for resource in _resources(grant):
                mine = _own(app, resource) | _covered(app, grant, resource, own)
                if (
                    mine & own
                    or (mine and low in _JUDGED)
                    or any(glob(low, one) and (everywhere or mine) for one, everywhere in told.items())
                ):
                    continue
                if _stands(app, role, low, resource):
                    yield action, listed(sorted(mine)[:NAMED]) if mine else OUTSIDE


def _resources(grant: Grant) -> Iterator[Value]:
    if grant.not_resources:
        yield "*"
    for stated in grant.resources:
        yield from options(stated)


def _own(app: App, resource: Value) -> set[str]:
    """The parts of the app that a pattern names: by reference, or by a name that one of them has."""
    spelled = [item for option in options(long(app, resource)) for item in (option, resource)]
    named = {ref.target for item in spelled for ref in refs(item)} & {*app.resources, *app.roles}
    known = app.resource_of(resource) if isinstance(resource, str | Text | Ref) and resource != "*" else None
    return named | ({known.id} if known is not None else set())


def _covered(app: App, grant: Grant, resource: Value, own: set[str]) -> set[str]:
    """The resources a role reaches that a pattern means by name, or by how their names begin; ``*`` means none in particular."""
    parts = resource.parts if isinstance(resource, Text) else (resource,)
    last = parts[-1]
    if resource == "*" or (isinstance(last, str) and _NAMELESS.search(last)):
        return set()
    only = replace(grant, resources=(resource,), not_resources=())
    arns = {name: (Ref(name, "Arn"), join([Ref(name, "Arn"), "/*"])) for name in own}
    return {name for name, both in arns.items() if any(covered(only, arn, app) is Answer.YES for arn in both)}


def _needed(app: App, role: Role) -> set[str]:
    functions = [app.function(name) for name in role.functions]
    return {str(need.what).lower() for one in functions if one is not None for need in platform_needs(app, one)}


def _told(app: App, role: Role) -> dict[str, bool]:
    """Actions in lower case that a phrase tells of already, and whether it does so wherever they are allowed."""
    found = {action.lower(): True for way in escalations(app, role, doubtful=True) for action in way.actions}
    for target in TARGETS:
        for ability in target.abilities:
            if touched(app, role, target.kind, ability.actions, ability.below) == ("*",):
                found |= {action.lower(): True for action in ability.actions}
    if touched(app, role, "function", ("lambda:UpdateFunctionCode",), "") == ("*",):
        found["lambda:updatefunctioncode"] = True
    return found


def _stands(app: App, role: Role, action: str, resource: Value) -> bool:
    """Whether a Deny or the boundary leaves something of a statement."""
    if allows(unconditional(role.grants), action, resource, app).answer is Answer.NO:
        return False
    if role.boundary is None:
        return True
    within = tuple(
        replace(grant, actions=(action,))
        if grant.effect != DENY and any(glob(action, one.lower()) for one in grant.actions)
        else grant
        for grant in unconditional(role.boundary)
    )
    return allows(within, action, resource, app).answer is not Answer.NO


def _actions(actions: list[str]) -> str:
    ordered = sorted(actions, key=_rank)
    more = len(ordered) - NAMED
    return listed([*ordered[:NAMED], *([f"{more} more"] if more > 0 else [])])


def _rank(action: str) -> int:
    low = action.lower()
    if any(glob(secret, low) or glob(low, secret.rstrip("*")) for secret in _SECRET):
        return 0
    return 2 if low.partition(":")[2].startswith(_READS) else 1

"""Identity pools: what their roles for guests, and for anyone who signs in, may send to or start.

A pool that takes guests gives temporary credentials of AWS to everyone who asks; then "IAM checks the caller" is no
wall for what that role may call.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from remit.app.model import Grant, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Text, Value, refs
from remit.read.draft import Declared, Draft
from remit.read.strangers import keeps_out
from remit.read.wiring.attach import entries, flat, made

#: Type of a resource -> the actions by which events come to it.
_SENDS = {
    "AWS::SQS::Queue": ("sqs:SendMessage",),
    "AWS::SNS::Topic": ("sns:Publish",),
    "AWS::S3::Bucket": ("s3:PutObject",),
    "AWS::Events::EventBus": ("events:PutEvents",),
    "AWS::DynamoDB::Table": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::Kinesis::Stream": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "AWS::KinesisFirehose::DeliveryStream": ("firehose:PutRecord",),
    "AWS::StepFunctions::StateMachine": ("states:StartExecution", "states:StartSyncExecution"),
    "AWS::Lambda::Function": ("lambda:InvokeFunction",),
}
_WHO = {
    "unauthenticated": (Sender.ANYONE, "guests, whom {pool} gives the role {role}, may send to it"),
    "authenticated": (Sender.AUTHENTICATED, "whoever signs in, whom {pool} gives the role {role}, may send to it"),
}


def guest_feeds(draft: Draft) -> list[Trigger]:
    """What the roles of identity pools may send to, as deliveries; invocations of functions become triggers."""
    feeds = []
    functions = {function.id for function in draft.functions}
    for trigger in _deliveries(draft):
        if trigger.function in functions:
            draft.triggers = [item for item in draft.triggers if item.function != trigger.function or not item.implied]
            draft.triggers.append(trigger)
        else:
            feeds.append(trigger)
    return feeds


def guests_may_call(draft: Draft, api: str) -> tuple[Node, str] | None:
    """Where the role of guests is let in to an API by IAM, and the pool that gives it; ``None`` when it is not."""
    for pool, kind, role, node in _roles(draft):
        if kind == "unauthenticated":
            for grant in draft.roles[role].grants:
                if _allows(grant, ("execute-api:Invoke",)) and _names_api(grant, api):
                    return node, pool
    return None


def _deliveries(draft: Draft) -> Iterator[Trigger]:
    for pool, kind, role, node in _roles(draft):
        sender, why = _WHO[kind]
        for resource in draft.resources.values():
            actions = _SENDS.get(resource.type, ())
            if actions and any(
                _allows(grant, actions) and _covers(draft, grant, resource.id) for grant in draft.roles[role].grants
            ):
                who = (sender, why.format(pool=pool, role=role))
                yield made(resource.id, node, "direct", f"calls of those who have {role}", who)


def _roles(draft: Draft) -> Iterator[tuple[str, str, str, Node]]:
    """Pool, kind, role and the place that gives the role, for every role that strangers can have."""
    for item in draft.of_type("AWS::Cognito::IdentityPoolRoleAttachment"):
        pool = draft.target(item.properties.get("IdentityPoolId"), "AWS::Cognito::IdentityPool")
        for kind, node in entries(item.properties.at("Roles")):
            role = draft.target(node.plain(), "AWS::IAM::Role")
            if kind in _WHO and role in draft.roles and _takes(draft, draft.declared.get(pool), kind):
                yield pool or item.id, kind, role, node


def _takes(draft: Draft, pool: Declared | None, kind: str) -> bool:
    """Whether a pool gives that role away; one outside this template may."""
    if pool is None or kind == "authenticated":
        return True
    switch = pool.properties.at("AllowUnauthenticatedIdentities")
    return switch is None or draft.word(switch).lower() != "false"


def _allows(grant: Grant, actions: tuple[str, ...]) -> bool:
    if grant.effect != "Allow" or keeps_out(grant.conditions):
        return False
    patterns = [pattern.lower() for pattern in grant.actions or grant.not_actions]
    hits = [any(fnmatchcase(action.lower(), pattern) for pattern in patterns) for action in actions]
    return any(hits) if grant.actions else not all(hits)


def _covers(draft: Draft, grant: Grant, resource: str) -> bool:
    if grant.not_resources:
        return not any(draft.target(value) == resource for value in grant.not_resources)
    return any(value == "*" or draft.target(_bare(value)) == resource for value in grant.resources)


def _bare(value: Value) -> Value:
    """An ARN without what stands for everything in it: ``bucket/*`` is the bucket."""
    return value.removesuffix("/*").removesuffix(":*") if isinstance(value, str) else value


def _names_api(grant: Grant, api: str) -> bool:
    for value in grant.resources:
        named = [ref.target for ref in refs(value) if not ref.target.startswith("AWS::")]
        if value == "*" or api in named:
            return True
        if isinstance(value, str | Text) and not named and ":execute-api:" in flat(value):
            return True
    return False

"""Questions to grants that several rules ask."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from remit.app.model import Grant, Role
from remit.app.value import Value
from remit.rules._template import is_everything

#: Verbs of actions that only look; everything else changes something.
_LOOKING = (
    "get",
    "list",
    "describe",
    "head",
    "batchget",
    "query",
    "scan",
    "search",
    "lookup",
    "view",
    "check",
    "select",
    "filter",
)
#: Services where looking is harmless bookkeeping that every function needs.
BOOKKEEPING = ("logs", "xray", "cloudwatch", "ec2messages", "ssmmessages", "lambda-insights")
#: Rights that code uses without an SDK call: connections, mounts, signed requests, extensions. Prefixes, lower case.
WITHOUT_SDK = (
    "rds-db:", "dsql:dbconnect", "elasticfilesystem:client", "s3files:client", "aoss:apiaccess", "es:eshttp", "execute-api:",
    "kafka-cluster:", "kafka:", "appsync:graphql", "neptune-db:", "neptune-graph:", "iot:connect", "iot:publish", "iot:subscribe",
    "iot:receive", "iam:passrole", "mq:", "sqs:deletemessagebatch", "sqs:changemessagevisibility", "cassandra:",
)  # fmt: skip
#: What a function in a network of one's own needs on every resource (AWS Lambda developer guide, "VPC permissions").
PLATFORM_NEEDS = (
    "ec2:createnetworkinterface", "ec2:deletenetworkinterface", "ec2:describe", "ec2:assignprivateip",
    "ec2:unassignprivateip",
)  # fmt: skip

#: Actions that, on every resource, give away secrets, identities, code or the network. Patterns, lower case.
_GRAVE = (
    "iam:passrole", "iam:put*", "iam:attach*", "iam:create*", "iam:add*", "iam:update*", "iam:set*", "sts:assumerole*",
    "lambda:invoke*", "lambda:updatefunction*", "lambda:createfunction*", "lambda:addpermission",
    "lambda:createeventsourcemapping", "lambda:getfunction", "secretsmanager:getsecretvalue",
    "secretsmanager:batchgetsecretvalue", "secretsmanager:put*", "secretsmanager:update*", "kms:decrypt", "kms:creategrant",
    "kms:put*", "ssm:getparameter*", "ssm:sendcommand", "ssm:startsession", "cloudformation:create*",
    "cloudformation:update*", "ec2:runinstances", "ec2:authorizesecuritygroup*", "ec2:modifyinstance*", "cognito-idp:admin*",
    "codebuild:startbuild*", "ecs:runtask", "s3:put*polic*", "s3:putbucket*", "s3:putobjectacl",
)  # fmt: skip


def allows(role: Role) -> Iterator[Grant]:
    """The statements of a role that allow something."""
    return (grant for grant in role.grants if grant.effect == "Allow")


def service(action: str) -> str:
    """The service of an action pattern; ``*`` for every service."""
    return action.partition(":")[0].lower() if ":" in action else "*"


def operation(action: str) -> str:
    """The operation pattern of an action pattern, ``*`` for all."""
    return action.partition(":")[2] if ":" in action else "*"


def looks_only(action: str) -> bool:
    """Whether an action pattern can only read."""
    name = operation(action).lower()
    return name != "*" and name.startswith(_LOOKING)


def is_admin(grant: Grant) -> bool:
    """Whether a statement allows everything on everything, without a condition."""
    every = any(action in ("*", "*:*") for action in grant.actions)
    return every and any(value == "*" for value in grant.resources) and not grant.conditions


def whole_services(grant: Grant) -> list[str]:
    """Services of which a statement allows every action."""
    return list(dict.fromkeys(service(action) for action in grant.actions if operation(action) == "*"))


def open_resources(grant: Grant) -> bool:
    """Whether a statement speaks of every resource of its services."""
    return any(is_everything(value) for value in grant.resources) or bool(grant.not_resources)


def written_here(grant: Grant) -> bool:
    """Whether a person wrote the statement in this template, rather than attached a policy by name."""
    return grant.origin == "inline"


def shown(value: Value) -> str:
    """A resource for people: ``{OrdersTable.Arn}/index/*`` becomes ``OrdersTable/index/*``."""
    return re.sub(r"\{(\w+)(?:\.Arn)?\}", r"\1", str(value))


def is_grave(action: str) -> bool:
    """Whether an action pattern covers or is one of the actions that give away secrets, identities, code or the network."""
    low = action.lower()
    return any(fnmatchcase(low, pattern) or (low.endswith("*") and fnmatchcase(pattern, low)) for pattern in _GRAVE)

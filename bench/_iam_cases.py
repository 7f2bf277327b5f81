# ruff: noqa: E501 (tables of values read better wide)
"""Cases for ``bench.iam_oracle``: how they are made, how ours reads them, and which differences are understood.

A case is plain JSON: ``principal``, ``action``, ``resource``, ``account``, ``context``, and policy documents under
``identity``, ``resource_policy``, ``boundary``, ``session``, ``scps``, ``rcp``.
"""

import random
from collections.abc import Iterator
from typing import Any

from remit.app.location import Location
from remit.app.model import Grant
from remit.app.node import Node
from remit.app.value import Value
from remit.iam import Decision, Policies, Request, evaluate
from remit.iam.request import situation
from remit.read.policy import grants_of

Case = dict[str, Any]
_AT = Location("case.json", 1)
MINE, OTHER = "111122223333", "444455556666"
SPELLINGS = {
    "aws:principalisawsservice": "aws:PrincipalIsAWSService",
    "aws:principaltype": "aws:PrincipalType",
    "aws:principalservicename": "aws:PrincipalServiceName",
    "aws:principalarn": "aws:PrincipalArn",
    "aws:principalaccount": "aws:PrincipalAccount",
    "aws:username": "aws:username",
    "aws:resourceaccount": "aws:ResourceAccount",
    "aws:requestedregion": "aws:RequestedRegion",
}


def node(value: Any) -> Node:
    """Plain JSON as the readers hand it over."""
    if isinstance(value, dict):
        return Node({key: node(item) for key, item in value.items()}, _AT)
    if isinstance(value, list):
        return Node(tuple(node(item) for item in value), _AT)
    return Node(value, _AT)


def grants(document: Any) -> tuple[Grant, ...]:
    """The statements of a policy document."""
    return tuple(grants_of(node(document), []))


def request_of(case: Case) -> Request:
    """The request of a case."""
    context: dict[str, Value] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in case["context"].items()
    }
    return Request(case["principal"], case["action"], case["resource"], context, case["account"])


def policies_of(case: Case) -> Policies:
    """The policies of a case."""

    def maybe(key: str) -> tuple[Grant, ...] | None:
        return grants(case[key]) if key in case else None

    return Policies(
        maybe("identity") or (),
        maybe("resource_policy"),
        maybe("boundary"),
        maybe("session"),
        tuple(grants(document) for document in case.get("scps", ())),
        maybe("rcp") or (),
    )


def ours(case: Case) -> Decision:
    """What our engine says."""
    return evaluate(request_of(case), policies_of(case))


def theirs_input(case: Case) -> Case:
    """The case with the context that our request implies spelled out, so that both judge the same request."""
    facts = situation(request_of(case)).facts
    implied = {spelled: facts[key] for key, spelled in SPELLINGS.items() if key in facts}
    return case | {"context": implied | case["context"]}


SERVICES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "s3": (("GetObject", "PutObject", "DeleteObject"), ("arn:aws:s3:::shop-up/a/b.txt", "arn:aws:s3:::shop-up/u/bob/x:1", "arn:aws:s3:::logs-1/a")),
    "s3:bucket": (("ListBucket", "GetBucketPolicy"), ("arn:aws:s3:::shop-up", "arn:aws:s3:::logs-1")),
    "dynamodb": (("GetItem", "PutItem", "Query", "DescribeTable"), ("arn:aws:dynamodb:eu-west-1:A:table/Orders", "arn:aws:dynamodb:us-east-1:A:table/Orders-2/index/by-day")),
    "sqs": (("SendMessage", "ReceiveMessage"), ("arn:aws:sqs:eu-west-1:A:work", "arn:aws:sqs:us-east-1:A:work.fifo")),
    "sns": (("Publish", "Subscribe"), ("arn:aws:sns:eu-west-1:A:placed",)),
    "lambda": (("InvokeFunction", "InvokeFunctionUrl"), ("arn:aws:lambda:eu-west-1:A:function:pay", "arn:aws:lambda:eu-west-1:A:function:pay:live")),
    "secretsmanager": (("GetSecretValue",), ("arn:aws:secretsmanager:eu-west-1:A:secret:db/main-AbCdEf",)),
    "kms": (("Decrypt", "Encrypt", "GenerateDataKey"), ("arn:aws:kms:eu-west-1:A:key/11112222-3333-4444-5555-666677778888",)),
    "sts": (("AssumeRole",), ("arn:aws:iam::A:role/deploy", "arn:aws:iam::A:role/team/ops")),
    "events": (("PutEvents",), ("arn:aws:events:eu-west-1:A:event-bus/main",)),
    "states": (("StartExecution", "DescribeStateMachine"), ("arn:aws:states:eu-west-1:A:stateMachine:ship",)),
    "ssm": (("GetParameter", "GetParametersByPath", "PutParameter"), ("arn:aws:ssm:eu-west-1:A:parameter/shop/db/url",)),
    "iam": (("PassRole", "PutRolePolicy", "CreateServiceLinkedRole"), ("arn:aws:iam::A:role/app/worker",)),
    "lambda:grant": (("AddPermission", "UpdateFunctionCode", "CreateFunctionUrlConfig"), ("arn:aws:lambda:eu-west-1:A:function:pay",)),
    "lambda:mapping": (("DeleteEventSourceMapping", "UpdateEventSourceMapping"), ("arn:aws:lambda:eu-west-1:A:event-source-mapping:0aa1",)),
    "kinesis": (("PutRecord", "GetRecords"), ("arn:aws:kinesis:eu-west-1:A:stream/clicks",)),
    "execute-api": (("Invoke", "ManageConnections"), ("arn:aws:execute-api:eu-west-1:A:abc123/prod/POST/orders",)),
    "logs": (("PutLogEvents",), ("arn:aws:logs:eu-west-1:A:log-group:/aws/lambda/pay:log-stream:x",)),
    "cognito-idp": (("AdminGetUser",), ("arn:aws:cognito-idp:eu-west-1:A:userpool/eu-west-1_a1B2",)),
    "none": (("s3:ListAllMyBuckets", "sqs:ListQueues", "lambda:ListFunctions"), ("*",)),
}  # fmt: skip

#: Condition key -> values it takes in requests; several at once for keys that have several.
KEYS: dict[str, tuple[str, ...]] = {
    "aws:SourceArn": ("arn:aws:s3:::shop-up", "arn:aws:sns:eu-west-1:111122223333:placed", "arn:aws:lambda:eu-west-1:111122223333:function:pay:live"),
    "aws:SourceAccount": (MINE, OTHER),
    "aws:PrincipalOrgID": ("o-abc123", "o-zzz999"),
    "aws:RequestedRegion": ("eu-west-1", "us-east-1"),
    "aws:SecureTransport": ("true", "false"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:MultiFactorAuthAge": ("100", "3600"),
    "aws:SourceIp": ("203.0.113.7", "10.1.2.3", "2001:db8::1"),
    "aws:SourceVpce": ("vpce-1a2b3c", "vpce-9z"),
    "aws:PrincipalArn": (),
    "aws:PrincipalTag/team": ("pay", "Ship", "p*"),
    "aws:ResourceTag/team": ("pay", "ship"),
    "aws:RequestTag/env": ("prod", "dev"),
    "aws:username": (),
    "aws:CurrentTime": ("2026-03-01T12:00:00Z", "2025-01-01T00:00:00Z"),
    "aws:EpochTime": ("1772366400",),
    "s3:prefix": ("home/", "home/bob/", ""),
    "s3:x-amz-acl": ("public-read", "private"),
    "s3:max-keys": ("10", "100", "1e2"),
    "kms:ViaService": ("s3.eu-west-1.amazonaws.com", "dynamodb.eu-west-1.amazonaws.com"),
    "kms:EncryptionContext:app": ("shop", "pay"),
    "lambda:FunctionUrlAuthType": ("AWS_IAM", "NONE"),
    "sns:Protocol": ("https", "email"),
    "sns:Endpoint": ("https://hooks.example.com/a", "bob@example.com"),
    "dynamodb:Select": ("SPECIFIC_ATTRIBUTES", "ALL_ATTRIBUTES"),
    "dynamodb:ReturnValues": ("NONE", "ALL_OLD"),
    "dynamodb:EnclosingOperation": ("TransactWriteItems", "BatchGetItem"),
    "aws:SourceVpc": ("vpc-11aa", "vpc-22bb"),
    "aws:VpcSourceIp": ("10.1.2.3", "172.16.0.9"),
    "aws:SourceOrgID": ("o-abc123",),
    "aws:ViaAWSService": ("true", "false"),
    "aws:PrincipalIsAWSService": (),
    "aws:ResourceOrgID": ("o-abc123", "o-zzz999"),
    "aws:UserAgent": ("aws-cli/2", "Boto3/1.40"),
    "s3:delimiter": ("/", ""),
    "s3:x-amz-server-side-encryption": ("aws:kms", "AES256"),
    "s3:ExistingObjectTag/class": ("public", "secret"),
    "kms:CallerAccount": (MINE, OTHER),
    "kms:EncryptionAlgorithm": ("SYMMETRIC_DEFAULT",),
    "lambda:FunctionArn": ("arn:aws:lambda:eu-west-1:111122223333:function:pay", "arn:aws:lambda:eu-west-1:111122223333:function:ship"),
    "lambda:Principal": ("s3.amazonaws.com", "*"),
    "iam:PassedToService": ("lambda.amazonaws.com", "states.amazonaws.com"),
    "iam:AssociatedResourceArn": ("arn:aws:lambda:eu-west-1:111122223333:function:pay",),
    "iam:PermissionsBoundary": ("arn:aws:iam::111122223333:policy/edge",),
    "events:eventBusInvocation": ("true", "false"),
    "secretsmanager:VersionStage": ("AWSCURRENT", "AWSPREVIOUS"),
    "secretsmanager:SecretId": ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/main-AbCdEf",),
    "secretsmanager:ResourceTag/team": ("pay",),
    "ssm:Recursive": ("true", "false"),
    "ssm:Overwrite": ("true", "false"),
}  # fmt: skip
LISTS: dict[str, tuple[str, ...]] = {
    "dynamodb:LeadingKeys": ("bob", "eve", "tenant-1"),
    "dynamodb:Attributes": ("id", "total", "secret"),
    "aws:TagKeys": ("team", "env", "Cost"),
    "aws:CalledVia": ("cloudformation.amazonaws.com", "dynamodb.amazonaws.com"),
    "kms:EncryptionContextKeys": ("app", "tenant"),
    "s3:RequestObjectTagKeys": ("class", "owner"),
    "kms:GrantOperations": ("Decrypt", "Encrypt"),
    "events:detail-type": ("Order Placed", "order shipped"),
    "events:source": ("shop.orders", "aws.s3"),
    "aws:PrincipalOrgPaths": ("o-abc123/r-1/ou-1/", "o-abc123/r-1/ou-2/"),
}
BOOLEANS = frozenset(key for key, values in KEYS.items() if set(values) == {"true", "false"})
_TEXT_OPERATORS = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike")  # fmt: skip
_NUMBERS = ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals")  # fmt: skip
_DATES = ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals")  # fmt: skip
_ARNS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")


def generated(seed: int, count: int) -> Iterator[Case]:
    """Cases from a seed: the same seed gives the same cases."""
    dice = random.Random(seed)
    for _ in range(count):
        yield _case(dice)


def _case(dice: random.Random) -> Case:
    service = dice.choice(list(SERVICES))
    names, arns = SERVICES[service]
    cross = dice.random() < 0.25
    account = OTHER if cross else MINE
    resource = dice.choice(arns).replace(":A:", f":{account}:")
    action = dice.choice(names) if service == "none" else f"{service.partition(':')[0]}:{dice.choice(names)}"
    case: Case = {
        "principal": _principal(dice),
        "action": action,
        "resource": resource,
        "account": account if resource != "*" else MINE,
        "context": _context(dice),
    }
    stranger = not case["principal"].startswith("arn:")
    if not stranger:
        case["identity"] = _document(dice, case, deny=0.15, allow=0.8)
        if dice.random() < 0.2:
            case["boundary"] = _document(dice, case, deny=0.1, allow=0.7)
        if dice.random() < 0.2 and ":assumed-role/" in case["principal"]:
            case["session"] = _document(dice, case, deny=0.1, allow=0.7)
        if dice.random() < 0.2:
            case["scps"] = [_document(dice, case, deny=0.3, allow=0.9) for _ in range(dice.randint(1, 2))]
    if resource != "*" and (dice.random() < 0.6 or action.startswith(("kms:", "sts:"))):
        case["resource_policy"] = _document(dice, case, deny=0.15, allow=0.8, principal=True)
    if dice.random() < 0.08 and service.partition(":")[0] in ("s3", "sqs", "kms", "sts", "secretsmanager"):
        control = _statement(dice, case, "Deny") | {"Principal": "*"}
        control.pop("NotAction", None)  # resource control policies name their actions, by service
        control["Action"] = dice.choice([action, f"{action.partition(':')[0]}:*"])
        case["rcp"] = {"Version": "2012-10-17", "Statement": [control]}
    return case


def _principal(dice: random.Random) -> str:
    return dice.choice(
        [f"arn:aws:iam::{MINE}:user/bob", f"arn:aws:iam::{MINE}:user/team/eve", f"arn:aws:sts::{MINE}:assumed-role/app/run-1"] * 3
        + [f"arn:aws:iam::{MINE}:role/app", "s3.amazonaws.com", "events.amazonaws.com", ""]
    )  # fmt: skip


def _context(dice: random.Random) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for key, values in KEYS.items():
        if values and dice.random() < 0.45:
            found[key] = dice.choice(values)
    for key, values in LISTS.items():
        if dice.random() < 0.5:
            found[key] = dice.sample(values, dice.randint(1, len(values)))
    return found


def _document(dice: random.Random, case: Case, *, deny: float, allow: float, principal: bool = False) -> Case:
    statements = []
    for _ in range(dice.randint(1, 3)):
        effect = "Deny" if dice.random() < deny else "Allow"
        statement = _statement(dice, case, effect, near=allow)
        if principal:
            key = "NotPrincipal" if effect == "Deny" and dice.random() < 0.15 else "Principal"
            statement[key] = _named(dice, case["principal"])
        statements.append(statement)
    versions = ["2012-10-17"] * 9 + ["2008-10-17", ""]
    version = dice.choice(versions)
    return ({"Version": version} if version else {}) | {"Statement": statements}


def _named(dice: random.Random, principal: str) -> Any:
    choice = dice.random()
    if choice < 0.2:
        return dice.choice(["*", {"AWS": "*"}])
    if not principal.startswith("arn:"):
        return {"Service": dice.choice([principal or "sns.amazonaws.com", "s3.amazonaws.com"])}
    own = [principal]
    if ":assumed-role/" in principal:
        own.append(f"arn:aws:iam::{MINE}:role/app")
    some = dice.choice(
        [*own * 3, MINE, f"arn:aws:iam::{MINE}:root", OTHER, f"arn:aws:iam::{MINE}:role/other", f"arn:aws:iam::{MINE}:user/bob"]
    )  # fmt: skip
    return {"AWS": dice.choice([some, [some, f"arn:aws:iam::{OTHER}:root"]])}


def _statement(dice: random.Random, case: Case, effect: str, near: float = 0.7) -> Case:
    found: Case = {"Effect": effect}
    prefix, _, name = case["action"].partition(":")
    actions = [
        case["action"],
        f"{prefix}:*",
        "*",
        f"{prefix}:{name[:3]}*",
        f"{prefix.upper()}:{name.lower()}",
        f"{prefix}:?{name[1:]}",
    ]
    other = [f"{prefix}:Nothing", "ec2:*", f"{prefix}:*Tag*"]
    picked = dice.choice(actions if dice.random() < near else other)
    if dice.random() < 0.1:
        found["NotAction"] = dice.choice([picked, [picked, "iam:*"], "iam:*"])
    else:
        found["Action"] = dice.choice([picked, [picked, dice.choice(other)]])
    pattern = (
        _resource(dice, case["resource"])
        if dice.random() < near
        else dice.choice(["arn:aws:s3:::else/*", "arn:aws:sqs:*:*:else"])
    )
    if dice.random() < 0.1:
        found["NotResource"] = dice.choice([pattern, [pattern, "arn:aws:sns:*:*:x"]])
    else:
        found["Resource"] = dice.choice([pattern, [pattern, "arn:aws:sns:*:*:x"]])
    if dice.random() < 0.45:
        found["Condition"] = _conditions(dice, case)
    return found


def _resource(dice: random.Random, resource: str) -> str:
    if resource == "*":
        return dice.choice(["*", "*", "*", "arn:aws:s3:::*"])
    head, tail = resource[:12], resource[12:]
    cut = dice.randint(0, len(tail))
    fields = resource.split(":", 5)
    return dice.choice(
        [
            "*",
            resource,
            resource,
            resource[: 12 + cut] + "*",
            head + tail[: cut - 1] + "?" + tail[cut:] if cut and tail[cut - 1] != ":" else resource,
            ":".join([*fields[:3], "*", "*", fields[5]]),
            ":".join([*fields[:5], "*"]),
            ":".join([*fields[:5], fields[5][:2] + "*" + fields[5][-1:]]),
            ":".join(fields[:3]),
            resource.replace("bob", "${aws:username}"),
            resource.replace("team", "${aws:PrincipalTag/team, 'team'}"),
            resource.replace("work", "${aws:PrincipalTag/queue, 'work'}").replace("Orders", "${aws:PrincipalTag/none}"),
        ]
    )


def _conditions(dice: random.Random, case: Case) -> Case:
    found: Case = {}
    for _ in range(dice.choice([1, 1, 1, 2])):
        operator, key, values = _test(dice, case)
        found.setdefault(operator, {})[dice.choice([key, key, key.lower()])] = values
    return found


def _test(dice: random.Random, case: Case) -> tuple[str, str, Any]:
    if dice.random() < 0.25:
        key = dice.choice(list(LISTS))
        operator = dice.choice(["ForAllValues:", "ForAnyValue:"]) + dice.choice(_TEXT_OPERATORS)
        values = [_varied(dice, value) for value in dice.sample(LISTS[key], dice.randint(1, 2))]
        return operator + dice.choice(["", "", "IfExists"]), key, dice.choice([values, values[0]])
    if dice.random() < 0.12:
        return "Null", dice.choice([*KEYS, *LISTS, "aws:Absent"]), dice.choice(["true", "false"])
    if dice.random() < 0.05:
        return _binary_test(dice, case)
    fitting = [name for name in KEYS if name.partition(":")[0] in ("aws", case["action"].partition(":")[0])]
    key = dice.choice(fitting if dice.random() < 0.8 else list(KEYS))
    choices = KEYS[key] or (case["principal"], "bob", "true", f"arn:aws:iam::{MINE}:role/app")
    if key in case["context"] and dice.random() < 0.6:
        choices = (case["context"][key],)
    value: str = dice.choice(choices)
    operator, values = _operator(dice, key, value)
    many = (
        [*values, _varied(dice, dice.choice(choices))]
        if operator in _TEXT_OPERATORS and dice.random() < 0.3
        else values
    )
    return (
        operator + dice.choice(["", "", "", "IfExists"]),
        key,
        many if len(many) > 1 or dice.random() < 0.2 else many[0],
    )


def _binary_test(dice: random.Random, case: Case) -> tuple[str, str, Any]:
    """A test of bytes; the key is any tag, whose value the request then has."""
    given = dice.choice(["aGVsbG8=", "aGVsbG8h"])
    case["context"]["aws:PrincipalTag/blob"] = given
    values = dice.sample(["aGVsbG8=", "aGVsbG8h", "AAECAw=="], dice.randint(1, 2))
    return "BinaryEquals" + dice.choice(["", "IfExists"]), "aws:PrincipalTag/blob", values


def _operator(dice: random.Random, key: str, value: str) -> tuple[str, list[Any]]:
    if key in BOOLEANS:
        return "Bool", [dice.choice([value, value.capitalize(), "false"])]
    if key in ("aws:MultiFactorAuthAge", "s3:max-keys"):
        return dice.choice(_NUMBERS), [dice.choice([value, "100", "99.5", "1000"])]
    if key in ("aws:CurrentTime", "aws:EpochTime"):
        return dice.choice(_DATES), [
            dice.choice([value, "2026-01-01T00:00:00Z", "2026-03-01T13:00:00+01:00", "1772366400", "2026-03-01"])
        ]
    if key in ("aws:SourceIp", "aws:VpcSourceIp"):
        return dice.choice(["IpAddress", "NotIpAddress"]), [
            dice.choice(["203.0.113.0/24", "10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"])
        ]
    if (key.endswith("Arn") or value.startswith("arn:")) and dice.random() < 0.7:
        fields = value.split(":")
        wide = ":".join([*fields[:3], "*", "*", *fields[5:]]) if len(fields) > 5 else value
        return dice.choice(_ARNS), [dice.choice([value, wide, wide[:-2] + "*", value[:-1] + "?", "arn:aws:s3:::*"])]
    return dice.choice(_TEXT_OPERATORS), [_varied(dice, value)]


def _varied(dice: random.Random, value: str) -> str:
    ways = [
        value,
        value,
        value,
        value.upper(),
        value[:2] + "*",
        "*" + value[-2:],
        value[:-1] + "?",
        "${aws:username}",
        "${aws:PrincipalTag/team}",
        "${aws:PrincipalTag/nope, 'bob'}",
        "${*}",
        "home/${aws:username}/",
    ]
    return dice.choice(ways)

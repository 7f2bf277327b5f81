"""A role allows every action of a service, or an action on every resource, where the code needs a few on one.

## What it finds

A statement written in the template (not a policy attached by name) with `Action: "service:*"`, or with `Resource: "*"`
for actions that change something or hand out data. Actions for which the platform knows no narrower resource, those that
a function in a network needs there, and logs and traces are not reported. What is under a condition, or changes little, is
for the pedantic persona. Equal statements are one finding.

## Why it matters

When a function falls, the attacker has its role. `dynamodb:*` on `*` is every table of the account, of every app and
every stage in it, to read and to delete.

## How to mend it

Name the actions that the code calls and the resources of this template. `remit lock` lists both.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:*
              Resource: "*"
```

```python app.py
import boto3

def handler(event, context):
    boto3.client("dynamodb").get_item(TableName="orders", Key={"id": {"S": "1"}})
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:GetItem
              Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
```

```python app.py
import boto3

def handler(event, context):
    boto3.client("dynamodb").get_item(TableName="orders", Key={"id": {"S": "1"}})
```
"""

from collections.abc import Iterable, Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Grant, Role
from remit.app.noun import Struct
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._excess import needs_every_resource
from remit.rules._grants import (
    BOOKKEEPING,
    PLATFORM_NEEDS,
    allows,
    is_admin,
    is_grave,
    looks_only,
    open_resources,
    service,
    whole_services,
    written_here,
)
from remit.rules._mend import word_in

#: What a whole service in an attacker's hands is worth.
_GRAVE_SERVICES = (
    "*",
    "iam",
    "lambda",
    "sts",
    "organizations",
    "kms",
    "secretsmanager",
    "cloudformation",
    "ec2",
    "ssm",
)
#: Services that hold what the app is about: on every resource of the account, reading is too much as well.
_DATA = ("s3", "dynamodb", "sqs", "kinesis", "events", "states", "rds-data", "es", "aoss")


class _Case(Struct, frozen=True):
    role: Role
    grant: Grant
    what: str
    severity: Severity
    persona: Persona
    written: tuple[str, ...]


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[_Case]] = {}
    for role in facts.app.roles.values():
        cases = sorted(_cases(role), key=lambda case: (case.persona, -case.severity))
        if cases:
            worst = cases[0]
            groups.setdefault((worst.what, worst.role.id if len(cases) > 1 else ""), []).extend(cases)
    for cases in groups.values():
        yield _finding(facts, cases)


def places(role: Role) -> set[Location]:
    """Where this rule reports something about a role to everyone, so that other rules do not repeat it."""
    return {case.grant.location for case in _cases(role) if case.persona == Persona.REGULAR}


def _cases(role: Role) -> Iterator[_Case]:
    if not role.functions:
        return
    for grant in allows(role):
        case = _judge(role, grant) if written_here(grant) and not is_admin(grant) else None
        if case is not None:
            yield case


def _judge(role: Role, grant: Grant) -> _Case | None:
    services = ["*"] if grant.not_actions else [name for name in whole_services(grant) if name not in BOOKKEEPING]
    wide = open_resources(grant)
    single = (
        [action for action in grant.actions if service(action) not in services and _matters(action)] if wide else []
    )
    grave = [action for action in single if is_grave(action)]
    if services and wide:
        what, persona = _whole(services, grave), Persona.REGULAR
        severity = Severity.HIGH if grave or any(name in _GRAVE_SERVICES for name in services) else Severity.MEDIUM
    elif services:
        what, severity, persona = _whole(services, (), "the named resources"), Severity.LOW, Persona.PEDANTIC
    elif single:
        named = grave or single
        more = f" and {len(single) - 2} more" if len(single) > 2 else ""
        what = f"{', '.join(named[:2])}{more} on every resource of the account"
        severity = Severity.MEDIUM if grave else Severity.LOW
        data = any(service(action) in _DATA for action in single)
        persona = Persona.REGULAR if grave or data else Persona.PEDANTIC
    else:
        return None
    if grant.conditions:
        persona = Persona.PEDANTIC
    return _Case(role, grant, what, severity, persona, (*grave, *single, *grant.actions, *grant.not_actions))


def _finding(facts: Facts, cases: list[_Case]) -> Finding:
    first = cases[0]
    role = first.role
    return Finding(
        rule="wildcard-grant",
        severity=first.severity,
        confidence="high",
        message=f"{_holder(role)} is allowed {first.what}",
        location=word_in(facts, first.grant.location, first.written),
        label=first.what,
        related=tuple(
            Hop(word_in(facts, case.grant.location, case.written), f"{_holder(case.role)}: {case.what}")
            for case in cases[1:]
        ),
        function=role.functions[0],
        resource=role.id,
        fixes=(Fix("name the actions and resources that the code uses", command="remit lock"),),
        persona=first.persona,
        content=f"{','.join(first.grant.actions)} on {','.join(map(str, first.grant.resources))}",
    )


def _holder(role: Role) -> str:
    return role.functions[0] if len(role.functions) == 1 else role.id


def _matters(action: str) -> bool:
    name = service(action)
    if name in BOOKKEEPING or needs_every_resource(action) or action.lower().startswith(PLATFORM_NEEDS):
        return False
    return is_grave(action) or name in _DATA or not looks_only(action)


def _whole(services: list[str], extra: Iterable[str], where: str = "every resource of the account") -> str:
    if "*" in services:
        return f"almost every action on {where}"
    named = [f"every action of {' and '.join(services[:3])}", *list(extra)[:3]]
    return f"{', '.join(named)} on {where}"


RULE = Rule("wildcard-grant", "grant of everything", Severity.MEDIUM, ("CWE-732", "OWASP-S5", "SAS-04"), _check)

"""A role allows every action of a service, or an action on every resource, where the code needs a few on one.

## What it finds

A statement written in the template (not a policy attached by name) with `Action: "service:*"`, or with `Resource: "*"`
for actions that change or hand out data. Actions for which the platform knows no narrower resource, and logs and
traces, are not reported. When everything that a statement allows is really called, it is reported to the pedantic only.

## Why it matters

When a function falls, the attacker has its role. `dynamodb:*` on `*` is every table of the account, of every app and
every stage in it, to read and to delete.

## How to mend it

Name the actions that the code calls and the resources of this template. `remit lock --patch` writes the statement.

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
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._excess import needs_every_resource
from remit.rules._grants import (
    BOOKKEEPING,
    SENSITIVE,
    allows,
    is_admin,
    looks_only,
    open_resources,
    service,
    whole_services,
    written_here,
)
from remit.rules._mend import word_in

#: What a whole service in an attacker's hands is worth.
_GRAVE = ("*", "iam", "lambda", "sts", "organizations", "kms", "secretsmanager", "cloudformation", "ec2")


def _check(facts: Facts) -> Iterator[Finding]:
    for role in facts.app.roles.values():
        if not role.functions:
            continue
        for grant in allows(role):
            if written_here(grant) and not is_admin(grant):
                finding = _finding(facts, role, grant)
                if finding is not None:
                    yield finding


def places(facts: Facts, role: Role) -> set[Location]:
    """Where this rule reports something about a role to everyone, so that other rules do not repeat it."""
    found = (_finding(facts, role, grant) for grant in allows(role) if written_here(grant) and not is_admin(grant))
    return {item.location for item in found if item is not None and item.persona == Persona.REGULAR}


def _finding(facts: Facts, role: Role, grant: Grant) -> Finding | None:
    services = [name for name in whole_services(grant) if name not in BOOKKEEPING]
    wide = open_resources(grant)
    if grant.not_actions:
        services = ["*"]
    changing = [action for action in grant.actions if _matters(action)] if wide else []
    if services and wide:
        extra = [action for action in changing if service(action) not in services]
        what, persona = _whole(services, extra=extra), Persona.REGULAR
        severity = _severity([*services, *map(service, extra)])
    elif services:
        what, severity, persona = _whole(services, "the named resources"), Severity.LOW, Persona.PEDANTIC
    elif changing:
        more = f" and {len(changing) - 2} more" if len(changing) > 2 else ""
        what = f"{', '.join(changing[:2])}{more} on every resource of the account"
        grave = any(service(action) in _GRAVE for action in changing)
        severity = Severity.MEDIUM if grave else Severity.LOW
        persona = Persona.REGULAR if grave and not grant.conditions else Persona.PEDANTIC
    else:
        return None
    return Finding(
        rule="wildcard-grant",
        severity=severity,
        confidence="high",
        message=f"{role.functions[0] if len(role.functions) == 1 else role.id} is allowed {what}",
        location=word_in(facts, grant.location, (*changing, *grant.actions, *grant.not_actions)),
        label=what,
        function=role.functions[0],
        resource=role.id,
        fixes=(Fix("name the actions and resources that the code uses", command="remit lock --patch"),),
        persona=Persona.PEDANTIC if grant.conditions else persona,
        content=f"{','.join(grant.actions)} on {','.join(map(str, grant.resources))}",
    )


def _matters(action: str) -> bool:
    name = service(action)
    if name in BOOKKEEPING or needs_every_resource(action):
        return False
    return not looks_only(action) or name in SENSITIVE


def _whole(services: list[str], where: str = "every resource of the account", extra: Iterable[str] = ()) -> str:
    if "*" in services:
        return f"almost every action on {where}"
    named = [f"every action of {' and '.join(services[:3])}", *list(extra)[:3]]
    return f"{', '.join(named)} on {where}"


def _severity(services: list[str]) -> Severity:
    return Severity.HIGH if any(name in _GRAVE for name in services) else Severity.MEDIUM


RULE = Rule("wildcard-grant", "grant of everything", Severity.MEDIUM, ("CWE-732", "OWASP-S5", "SAS-04"), _check)

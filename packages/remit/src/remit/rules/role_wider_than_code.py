"""A role allows more than the code of its function ever does.

## What it finds

What the role is granted, minus what the code calls and what the platform needs. Everything about one role is one
finding. To everyone it reports unused grants that change something; unused grants that only read are for the pedantic
persona. Statements that `wildcard-grant` and `admin-role` report are not repeated. Rights that code uses without an SDK
call (database logins, mounts, signed requests) are not reported. Where part of the code could not be read, nothing is
called unneeded.

## Why it matters

Nobody notices a grant that is never used, until somebody else uses it. A function that only puts orders into a table, but
may delete them, is one flaw away from an empty table.

## How to mend it

`remit lock` lists exactly what the code does, with the line that needs each grant: grant that, and nothing else.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Create:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.put_item(Item={"id": context.aws_request_id})
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Create:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies:
        - Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Orders.Arn}]
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.put_item(Item={"id": context.aws_request_id})
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Grant, Role
from remit.app.noun import Struct
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._excess import changes, destinations, excess_of_role, unneeded_actions
from remit.rules._grants import BOOKKEEPING, PLATFORM_NEEDS, WITHOUT_SDK, allows, is_grave, open_resources, service
from remit.rules.admin_role import admin_grants
from remit.rules.wildcard_grant import places as wildcard_places

_MOST_NAMED = 4


class _Unused(Struct, frozen=True):
    grant: Grant
    actions: tuple[str, ...]
    changing: bool

    @property
    def rank(self) -> tuple[bool, bool]:
        """Whether it changes something on every resource, and whether it changes something at all."""
        return (self.changing and open_resources(self.grant), self.changing)


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[tuple[Role, list[_Unused]]]] = {}
    for role in facts.app.roles.values():
        if role.functions and any(_compared(role)):
            found = sorted(_unused(facts, role), key=lambda item: item.rank, reverse=True)
            if found:
                names = tuple(dict.fromkeys(action for item in found for action in item.actions))
                groups.setdefault(names, []).append((role, found))
    for names, roles in groups.items():
        yield _finding(names, roles)


def _compared(role: Role) -> Iterator[str]:
    """The granted actions that are compared with the code; most roles of small functions have none."""
    return (
        action for grant in allows(role) for action in grant.actions or ("*",) if service(action) not in BOOKKEEPING
    )


def _unused(facts: Facts, role: Role) -> Iterator[_Unused]:
    told = admin_grants(role) | wildcard_places(role)
    sent_to = destinations(facts, role)
    grants: dict[Location, tuple[Grant, list[str]]] = {}
    for item in excess_of_role(facts, role):
        for_platform = item.grant.origin == "sam" or any(ref.target in sent_to for ref in refs(item.grant.resources))
        if item.kind == "action" and item.grant.location not in told and not for_platform:
            actions = [action for action in unneeded_actions(facts, role, item) if not _is_platform(action)]
            grants.setdefault(item.grant.location, (item.grant, []))[1].extend(actions)
    for grant, actions in grants.values():
        if actions:
            changing = [action for action in actions if changes(action)]
            named = dict.fromkeys((*sorted(changing, key=_danger), *actions))
            yield _Unused(grant, tuple(named), bool(changing))


def _is_platform(action: str) -> bool:
    return service(action) in BOOKKEEPING or action.lower().startswith((*PLATFORM_NEEDS, *WITHOUT_SDK))


def _danger(action: str) -> tuple[bool, bool]:
    """What hands out rights is named first, then what deletes: that is what people fear."""
    return (not is_grave(action), not action.partition(":")[2].startswith("Delete"))


def _finding(names: tuple[str, ...], roles: list[tuple[Role, list[_Unused]]]) -> Finding:
    (role, found), *others = roles
    worst, *rest = found
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    wide, changing = worst.rank
    related = [Hop(item.grant.location, _label(item)) for item in rest]
    related += [Hop(items[0].grant.location, f"{_holder(other)} too") for other, items in others]
    return Finding(
        rule="role-wider-than-code",
        severity=Severity.MEDIUM if wide else Severity.LOW,
        confidence="high",
        message=f"{_holder(role)} may do {', '.join(names[:_MOST_NAMED])}{more}, which its code never does",
        location=worst.grant.location,
        label=_label(worst),
        related=tuple(related),
        function=role.functions[0],
        resource=role.id,
        fixes=(Fix("grant only what the code calls", command="remit lock"),),
        persona=Persona.REGULAR if changing else Persona.PEDANTIC,
        content=" ".join(names),
    )


def _holder(role: Role) -> str:
    return role.functions[0] if len(role.functions) == 1 else role.id


def _label(item: _Unused) -> str:
    kind, _, name = item.grant.origin.partition(":")
    what = f"{name} allows" if kind in ("template", "managed") and name else "allows"
    count = len(item.actions)
    return f"{what} {count} action{'s' if count > 1 else ''} that the code does not use"


RULE = Rule("role-wider-than-code", "role wider than its code", Severity.LOW, ("CWE-250", "OWASP-S5", "SAS-04"), _check)

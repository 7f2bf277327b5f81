"""A policy names an action that AWS does not have: what it was meant to deny or to allow, it does not.

## What it finds

Actions in the template's policies (of roles, and of buckets, queues and the like) that stand for no action of the service
authorization reference, with the name that is probably meant. In a `Deny` or in a `NotAction` it is a hole and everyone
sees it; in an `Allow` the pedantic persona does. The finding says how old the reference is: an action that is newer is
no mistake.

## Why it matters

AWS takes any text for an action. A `Deny` with a slip of the pen denies nothing, and nobody is told.

## How to mend it

Write the action as the reference spells it. Names of API operations are not always names of actions: `HeadObject` and
`ListObjectsV2` need `s3:GetObject` and `s3:ListBucket`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::reports/*"}
            - {Effect: Deny, Action: s3:DeleteObjects, Resource: "*"}
```

```python app.py
import boto3

def handler(event, context):
    boto3.client("s3").get_object(Bucket="reports", Key="today")
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::reports/*"}
            - {Effect: Deny, Action: s3:DeleteObject*, Resource: "*"}
```

```python app.py
import boto3

def handler(event, context):
    boto3.client("s3").get_object(Bucket="reports", Key="today")
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Grant
from remit.app.noun import Struct
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._grants import written_here
from remit.rules._mend import word_in


class _Slip(Struct, frozen=True):
    holder: str
    grant: Grant
    action: str
    meant: str
    is_hole: bool


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[tuple[str, bool], list[_Slip]] = {}
    for slip in _slips(facts):
        groups.setdefault((slip.action.lower(), slip.is_hole), []).append(slip)
    for slips in groups.values():
        yield _finding(facts, slips)


def _slips(facts: Facts) -> Iterator[_Slip]:
    app = facts.app
    held = [(role.id, grant) for role in app.roles.values() for grant in (*role.grants, *(role.boundary or ()))]
    held += [(name, grant) for name, grants in app.policies.items() for grant in grants]
    seen = set()
    for holder, grant in held:
        if not written_here(grant):
            continue
        for action in (*grant.actions, *grant.not_actions):
            is_hole = action in grant.not_actions or grant.effect == "Deny"
            meant = _meant(action)
            if meant is not None and (grant.location, action) not in seen:
                seen.add((grant.location, action))
                yield _Slip(holder, grant, action, meant, is_hole)


def _meant(action: str) -> str | None:
    """What an unknown action probably means, ``""`` when nothing is like it; ``None`` for an action that exists."""
    from remit.iam import catalog

    if any(catalog.spelled(item) for item in catalog.expand(action)):
        return None
    from remit.iam.slips import like

    return like(action)


def _finding(facts: Facts, slips: list[_Slip]) -> Finding:
    from remit.iam import catalog

    first = slips[0]
    what = "denies nothing" if first.grant.effect == "Deny" else "leaves nothing out"
    if not first.is_hole:
        what = "allows nothing"
    meant = f"; {first.meant} is probably meant" if first.meant else ""
    return Finding(
        rule="unknown-action",
        severity=Severity.MEDIUM if first.is_hole else Severity.INFO,
        confidence="high" if first.meant else "medium",
        message=f"{first.action} of {first.holder} {what}: AWS has no such action (as of {catalog.freshness()}){meant}",
        location=word_in(facts, first.grant.location, (first.action,)),
        label="no such action",
        related=tuple(
            Hop(word_in(facts, slip.grant.location, (slip.action,)), f"{slip.holder} names it too")
            for slip in slips[1:]
        ),
        resource=first.holder,
        fixes=(Fix(f"write {first.meant}" if first.meant else "write the action as the reference spells it"),),
        persona=Persona.REGULAR if first.is_hole else Persona.PEDANTIC,
        content=f"{first.holder} {first.action}",
    )


RULE = Rule("unknown-action", "action that does not exist", Severity.MEDIUM, ("CWE-863", "OWASP-S5", "SAS-04"), _check)

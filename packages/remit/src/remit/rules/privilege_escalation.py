"""A function's role can make itself stronger, or run code as somebody stronger.

## What it finds

Roles that hold every action of a known way up on some resource: writing policies, passing a role to new code, changing
the code of other functions, running commands on machines; and, inside the app, writing where a stronger function's code,
image or workflow comes from. A `Deny`, a permissions boundary, a condition on the service that a role is passed to and a
trust policy that does not let it take a way away; what hangs on another condition is not reported. The note says what is
gained. When the function's own code uses all of these actions, or
may pass only roles that are named, it is what the function is for, and only the pedantic persona sees it. Roles that
`admin-role` reports have nothing to climb to. Feeding a part of the app that can do anything (its queue, its table, a call)
is for the pedantic persona: that part decides what it does with what it is sent.

## Why it matters

What such a role *is* allowed no longer matters: one flaw in the function gives the attacker whatever it can make itself.

## How to mend it

Take the grant away, or name the one role, function or stack it is for. A permissions boundary on the role keeps what it
makes of itself inside.

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
        - Statement: [{Effect: Allow, Action: [iam:PutRolePolicy, s3:ListAllMyBuckets], Resource: "*"}]
```

```python app.py
import boto3

def handler(event, context):
    return len(boto3.client("s3").list_buckets()["Buckets"])
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
        - Statement: [{Effect: Allow, Action: s3:ListAllMyBuckets, Resource: "*"}]
```

```python app.py
import boto3

def handler(event, context):
    return len(boto3.client("s3").list_buckets()["Buckets"])
```
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Role
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._grants import allows, open_resources, whole_services
from remit.rules._mend import word_in
from remit.rules._moves import fed
from remit.rules.admin_role import admin_grants

_PASS = "iam:PassRole"
_CODE = "lambda:UpdateFunctionCode"


def _check(facts: Facts) -> Iterator[Finding]:
    for role in facts.app.roles.values():
        if role.functions and not admin_grants(role):
            yield from _climbs(facts, role)
            yield from _feeds(facts, role)


def _climbs(facts: Facts, role: Role) -> Iterator[Finding]:
    from remit import iam

    ways = [(way.phrase, way.actions, way.gain) for way in iam.escalations(facts.app, role) if way.id != "swap-code"]
    changed = [phrase for phrase in iam.reach(facts.app, role) if phrase.startswith("changes the code of")]
    ways += [(phrase, (_CODE,), "the rights of what it changes") for phrase in changed]
    if not ways:
        return
    meant = [way for way in ways if _uses(facts, role, way[1]) or (_PASS in way[1] and not _passes_any(role))]
    sharp = [way for way in ways if way not in meant]
    phrase, actions, gain = (sharp or ways)[0]
    others = len(dict.fromkeys(text for text, *_ in sharp or ways)) - 1
    holder = role.functions[0] if len(role.functions) == 1 else role.id
    yield Finding(
        rule="privilege-escalation",
        severity=Severity.HIGH,
        confidence="high",
        message=f"{holder} {phrase}" + (f", and has {others} more ways up" if others else ""),
        location=_place(facts, role, actions),
        label=f"this allows {' and '.join(actions)}",
        function=role.functions[0],
        resource=role.id,
        fixes=(Fix("take the grant away, or name the one resource it is for", command="remit lock"),),
        persona=Persona.REGULAR if sharp else Persona.PEDANTIC,
        content=phrase,
        notes={"gains": gain},
    )


def _feeds(facts: Facts, role: Role) -> Iterator[Finding]:
    """Parts of the app that can do anything, or make themselves stronger, and that run on what this role sends them."""
    strong = [way for way in fed(facts, role) if any(_is_mighty(facts, name) for name in way.targets)]
    if not strong:
        return
    first = strong[0]
    holder = role.functions[0] if len(role.functions) == 1 else role.id
    others = len({way.phrase for way in strong}) - 1
    yield Finding(
        rule="privilege-escalation",
        severity=Severity.MEDIUM,
        confidence="medium",
        message=f"{holder} {first.phrase}" + (f", and {others} more ways lead to such parts" if others else ""),
        location=_place(facts, role, first.actions),
        label=f"this allows {' and '.join(first.actions)}",
        function=role.functions[0],
        resource=role.id,
        fixes=(Fix("narrow the role of what it feeds: it runs on what others send it"),),
        persona=Persona.PEDANTIC,
        content=first.phrase,
        notes={"gains": first.gain},
    )


def _is_mighty(facts: Facts, name: str) -> bool:
    """Whether a part of the app runs as an administrator, or as a role that can make itself one."""
    from remit import iam

    function = facts.app.function(name)
    role = facts.app.role_of(function) if function is not None else None
    return role is not None and (bool(list(admin_grants(role))) or bool(iam.escalations(facts.app, role)))


def _passes_any(role: Role) -> bool:
    """Whether the role may pass roles that no statement names: passing one known role is how services are used."""
    return any(
        open_resources(grant) and any(fnmatchcase(_PASS.lower(), pattern.lower()) for pattern in grant.actions)
        for grant in allows(role)
    )


def _uses(facts: Facts, role: Role, actions: tuple[str, ...]) -> bool:
    """Whether the code of the role's functions does all of this itself."""
    used = set()
    for name in role.functions:
        remit = facts.remits.get(name)
        used |= {str(need.what).lower() for need in remit.of("calls")} if remit else set()
    return all(action.lower() in used for action in actions)


def _place(facts: Facts, role: Role, actions: tuple[str, ...]) -> Location:
    for grant in allows(role):
        for action in actions:
            words = [pattern for pattern in grant.actions if fnmatchcase(action.lower(), pattern.lower())]
            if words:
                return word_in(facts, grant.location, (*words, *whole_services(grant)))
    return role.location


RULE = Rule(
    "privilege-escalation",
    "role that can make itself stronger",
    Severity.HIGH,
    ("CWE-269", "OWASP-S5", "SAS-04"),
    _check,
)

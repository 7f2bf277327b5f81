"""A function runs as an administrator.

## What it finds

A role with `Action: "*"` on `Resource: "*"`, or with `AdministratorAccess`, `PowerUserAccess` or `IAMFullAccess` attached.

## Why it matters

Every flaw in such a function, in its code or in any library it ships, is a flaw of the whole account: data, other
functions, other people's accesses.

## How to mend it

Grant what the code calls. `remit lock` lists it, call by call.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Cleanup:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies: [AdministratorAccess]
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Cleanup:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Role
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._grants import allows, is_admin

ADMIN_POLICIES = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


def _check(facts: Facts) -> Iterator[Finding]:
    for role in facts.app.roles.values():
        found = next(_reasons(role), None)
        if found is None or not role.functions:
            continue
        place, why = found
        names = ", ".join(role.functions[:3]) + (
            f" and {len(role.functions) - 3} more" if len(role.functions) > 3 else ""
        )
        yield Finding(
            rule="admin-role",
            severity=Severity.HIGH,
            confidence="high",
            message=f"{names} {'runs' if len(role.functions) == 1 else 'run'} as an administrator of the account",
            location=place,
            label=why,
            function=role.functions[0],
            resource=role.id,
            fixes=(Fix("grant only what the code calls", command="remit lock"),),
            content=why,
        )


def admin_grants(role: Role) -> set[Location]:
    """Places of the grants this rule speaks about, so that other rules do not repeat them."""
    return {place for place, _ in _reasons(role)}


def _reasons(role: Role) -> Iterator[tuple[Location, str]]:
    for grant in allows(role):
        name = grant.origin.removeprefix("managed:")
        if name in ADMIN_POLICIES:
            yield grant.location, f"{name} is attached"
        elif is_admin(grant):
            yield grant.location, "every action on every resource"
    for name, place in role.opaque:
        short = str(name).rpartition("/")[2]
        if short in ADMIN_POLICIES:
            yield place, f"{short} is attached"


RULE = Rule(
    "admin-role", "function that runs as administrator", Severity.HIGH, ("CWE-250", "OWASP-S5", "SAS-04"), _check
)

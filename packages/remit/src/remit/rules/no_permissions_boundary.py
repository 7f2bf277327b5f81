"""Nothing bounds what a role can be given later.

## What it finds

Roles of functions without a permissions boundary. Only for the auditor; all of an app are one finding.

## Why it matters

A boundary says what a role may have at most, whatever policies are attached to it: a deployment that may make roles
cannot make one that is stronger than it should be.

## How to mend it

`PermissionsBoundary` in the role; in SAM once for all functions, in `Globals`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Parameters: {Boundary: {Type: String}}
Globals: {Function: {PermissionsBoundary: !Ref Boundary}}
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._together import Lack, together

_LACK = Lack(
    "no-permissions-boundary",
    "has no permissions boundary",
    "have no permissions boundary",
    "nothing says what it may have at most",
    "name a permissions boundary",
)


def _check(facts: Facts) -> Iterator[Finding]:
    known = [role for role in facts.app.roles.values() if role.functions and not _is_elsewhere(facts, role.id)]
    yield from together(_LACK, ((role.id, role.location) for role in known if role.boundary is None))


def _is_elsewhere(facts: Facts, name: str) -> bool:
    """Whether a role is not in the template, so that nobody can say whether it has one."""
    role = facts.app.roles[name]
    return not role.implied and name not in facts.app.resources and bool(role.opaque) and not role.grants


RULE = Rule(
    "no-permissions-boundary",
    "role without a permissions boundary",
    Severity.INFO,
    ("CWE-250", "OWASP-S5", "SAS-04"),
    _check,
    Persona.AUDITOR,
)

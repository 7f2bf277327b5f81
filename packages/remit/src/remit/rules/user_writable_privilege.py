"""Users may write the attribute that says what they are allowed to do.

## What it finds

A custom attribute of a user pool that is named like a privilege (`role`, `isAdmin`, `permissions`, `tenant`), and an app
client that may write it: its `WriteAttributes` name it, or it has none, which means every attribute. Attributes named
like a plan or tier are for the pedantic persona.

## Why it matters

Whoever has a token of that client calls `UpdateUserAttributes`, or signs up with the attribute set, and is an
administrator from the next token on. Code that reads `custom:role` from a verified token trusts what the user wrote.

## How to mend it

List in `WriteAttributes` what users may write. Put privileges into groups (`AWS::Cognito::UserPoolGroup`), which only the
app can change.

## Bad

```yaml template.yaml
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties: {Schema: [{Name: role, AttributeDataType: String, Mutable: true}]}
  Web: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users}}
```

## Good

```yaml template.yaml
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties: {Schema: [{Name: role, AttributeDataType: String, Mutable: true}]}
  Web: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users, WriteAttributes: [email, name]}}
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import Node
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._template import is_false, is_true, of_type, text

_PRIVILEGE = re.compile(
    r"(?i)^(user_?|account_?)?(is_?|has_?)?(admin|superuser|roles?|privileges?|permissions?|scopes?|entitlements?|access_?level|"
    r"authority|authorities|groups?|tenant(_?id)?|org(anization|anisation)?_?id|verified|approved|staff)$"
)
_PLAN = re.compile(r"(?i)^(user_?|account_?)?(plan|tier|subscription|quota|credits?|balance|account_?type|user_?type)$")


def _check(facts: Facts) -> Iterator[Finding]:
    clients = list(of_type(facts, "AWS::Cognito::UserPoolClient"))
    for pool in of_type(facts, "AWS::Cognito::UserPool"):
        closed = is_true(pool.properties.get("AdminCreateUserConfig", "AllowAdminCreateUserOnly"))
        mine = [client for client in clients if _is_of(client, pool)]
        schema = pool.properties.at("Schema")
        for attribute in schema.elements() if schema is not None else ():
            name = text(attribute.get("Name")).removeprefix("custom:")
            sharp = bool(_PRIVILEGE.match(name))
            if not (sharp or _PLAN.match(name)) or is_true(attribute.get("DeveloperOnlyAttribute")):
                continue
            if closed and is_false(attribute.get("Mutable")):
                continue  # set once, by an administrator
            client = next((client for client in mine if _writes(client, name)), None)
            if client is not None:
                yield _finding(pool, client, attribute, name, sharp=sharp)


def _is_of(client: Resource, pool: Resource) -> bool:
    return any(ref.target == pool.id for ref in refs(client.properties.get("UserPoolId")))


def _writes(client: Resource, name: str) -> bool:
    """Whether users may write an attribute with a token of a client; one for machines only has no users."""
    if client.properties.get("AllowedOAuthFlows") == ("client_credentials",):
        return False
    listed = client.properties.at("WriteAttributes")
    return listed is None or any(item.value == f"custom:{name}" for item in listed.elements())


def _finding(pool: Resource, client: Resource, attribute: Node, name: str, *, sharp: bool) -> Finding:
    listed = client.properties.at("WriteAttributes")
    place: Location = next(
        (item.location for item in (listed.elements() if listed else ()) if item.value == f"custom:{name}"),
        client.location,
    )
    return Finding(
        rule="user-writable-privilege",
        severity=Severity.HIGH if sharp else Severity.LOW,
        confidence="high" if listed is not None else "medium",
        message=f"users of {client.id} may write their own {name}",
        location=place,
        label=f"lets users write custom:{name}" if listed is not None else "without WriteAttributes they may write all",
        related=(Hop(attribute.location, f"{name} is an attribute of {pool.id}"),),
        resource=client.id,
        fixes=(Fix("list in WriteAttributes what users may write, and put privileges into groups"),),
        persona=Persona.REGULAR if sharp else Persona.PEDANTIC,
        content=f"{client.id} {name}",
    )


RULE = Rule(
    "user-writable-privilege",
    "privilege that users write themselves",
    Severity.HIGH,
    ("CWE-269", "OWASP-S2", "SAS-02"),
    _check,
)

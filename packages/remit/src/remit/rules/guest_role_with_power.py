"""Everyone on the internet gets a role that can do something.

## What it finds

Identity pools that give guests (`AllowUnauthenticatedIdentities`) a role that may change things, call functions, use
models, or read data. A role that only reads single named resources is for the pedantic persona; sending usage data
counts for nothing.

## Why it matters

Anyone who knows the pool's id, which is in the web page, gets credentials of AWS for that role without signing in, and
uses them from anywhere, past every API.

## How to mend it

Turn guests off, or leave them nothing but what the page needs, on the resources it needs.

## Bad

```yaml template.yaml
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Pool}}
      Policies:
        - PolicyName: guests
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Orders.Arn}]}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}
```

## Good

```yaml template.yaml
Resources:
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Pool}}
      Policies:
        - PolicyName: guests
          PolicyDocument: {Statement: [{Effect: Allow, Action: "rum:PutRumEvents", Resource: "*"}]}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Grant, Resource, Role
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._grants import allows, is_grave, looks_only, open_resources
from remit.rules._mend import word_in
from remit.rules._template import is_false, of_type

#: What a page may need of guests, and what harms nobody. Prefixes, lower case.
_HARMLESS = (
    "mobileanalytics:", "cognito-sync:", "cognito-identity:", "rum:putrumevents", "mobiletargeting:putevents",
    "mobiletargeting:updateendpoint", "geo:get", "geo:search", "firehose:putrecord", "xray:put", "logs:put",
    "geo-maps:get", "geo-places:", "sts:getcalleridentity",
)  # fmt: skip


def _check(facts: Facts) -> Iterator[Finding]:
    for attachment in of_type(facts, "AWS::Cognito::IdentityPoolRoleAttachment"):
        if not _takes_guests(facts, attachment):
            continue
        node = attachment.properties.at("Roles", "unauthenticated")
        for ref in refs(node.plain()) if node is not None else ():
            role = facts.app.roles.get(ref.target)
            if role is not None and node is not None:
                yield from _power(facts, role, node.location)
                break


def _takes_guests(facts: Facts, attachment: Resource) -> bool:
    for ref in refs(attachment.properties.get("IdentityPoolId")):
        pool = facts.app.resources.get(ref.target)
        if pool is not None and is_false(pool.properties.get("AllowUnauthenticatedIdentities")):
            return False
    return True


def _power(facts: Facts, role: Role, given: Location) -> Iterator[Finding]:
    found: list[tuple[bool, Grant, str]] = []
    for grant in allows(role):
        for action in grant.actions or ("*",):
            if not action.lower().startswith(_HARMLESS):
                sharp = not looks_only(action) or is_grave(action) or open_resources(grant)
                found.append((sharp, grant, action))
    if not found:
        return
    sharp, grant, action = max(found, key=lambda item: item[0])
    more = len({item[2] for item in found}) - 1
    yield Finding(
        rule="guest-role-with-power",
        severity=Severity.HIGH if sharp else Severity.LOW,
        confidence="high",
        message=f"anyone on the internet gets {role.id} and may call {action}" + (f" and {more} more" if more else ""),
        location=word_in(facts, grant.location, (action,)),
        label="guests may call this",
        related=(Hop(given, "guests get this role"),),
        resource=role.id,
        fixes=(Fix("turn guests off, or take this from their role"),),
        persona=Persona.REGULAR if sharp else Persona.PEDANTIC,
        content=f"{role.id} {action}",
    )


RULE = Rule(
    "guest-role-with-power",
    "role of guests that can do something",
    Severity.HIGH,
    ("CWE-284", "OWASP-S5", "SAS-04"),
    _check,
)

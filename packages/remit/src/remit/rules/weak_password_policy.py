"""A user pool accepts passwords that are guessed in no time.

## What it finds

User pools whose password policy takes fewer than eight characters. Fewer than twelve with no kind of character asked for
is for the pedantic persona, and pools without a second factor are for the auditor.

## Why it matters

Lists of leaked passwords are tried against every login. Short passwords are in them, or are found by trying.

## How to mend it

`MinimumLength: 12` or more in `Policies.PasswordPolicy`, `MfaConfiguration: OPTIONAL` at least.

## Bad

```yaml template.yaml
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties: {Policies: {PasswordPolicy: {MinimumLength: 6}}}
```

## Good

```yaml template.yaml
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      Policies: {PasswordPolicy: {MinimumLength: 12}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import Node, certain, possible
from remit.app.report import Edit, Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._template import is_true, of_type, place

#: NIST SP 800-63B asks for eight characters at least; twelve are what most rule books ask for today.
_LEAST, _GOOD = 8, 12
_KINDS = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")


def _check(facts: Facts) -> Iterator[Finding]:
    for pool in of_type(facts, "AWS::Cognito::UserPool"):
        policy = pool.properties.at("Policies", "PasswordPolicy")
        length = policy.at("MinimumLength") if policy is not None else None
        number = _number(length)
        if policy is not None and length is not None and number is not None:
            if number < _LEAST:
                yield _short(pool, length, number, Persona.REGULAR)
            elif number < _GOOD and not any(is_true(policy.get(kind)) for kind in _KINDS):
                yield _short(pool, length, number, Persona.PEDANTIC)
        factor = pool.properties.at("MfaConfiguration")
        if certain(factor) is None or "OFF" in possible(factor):
            yield _single(pool, place(factor, pool.location))


def _number(node: Node | None) -> int | None:
    value = node.value if node is not None else None
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _short(pool: Resource, length: Node, number: int, persona: Persona) -> Finding:
    edits = (Edit(length.location, str(_GOOD)),) if isinstance(length.value, int) and length.location.end_column else ()
    return Finding(
        rule="weak-password-policy",
        severity=Severity.MEDIUM if persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=f"{pool.id} takes passwords of {number} characters",
        location=length.location,
        label="too short" if persona == Persona.REGULAR else "short, and of any characters",
        resource=pool.id,
        fixes=(Fix(f"ask for {_GOOD} characters or more", edits),),
        persona=persona,
        content=f"{pool.id} length",
    )


def _single(pool: Resource, location: Location) -> Finding:
    return Finding(
        rule="weak-password-policy",
        severity=Severity.INFO,
        confidence="high",
        message=f"a password alone is enough to sign in to {pool.id}",
        location=location,
        label="no second factor",
        resource=pool.id,
        fixes=(Fix("set MfaConfiguration to OPTIONAL or ON"),),
        persona=Persona.AUDITOR,
        content=f"{pool.id} factor",
    )


RULE = Rule(
    "weak-password-policy",
    "user pool with weak passwords",
    Severity.MEDIUM,
    ("CWE-521", "OWASP-S2", "SAS-02"),
    _check,
)

"""A resource policy lets another account in.

## What it finds

Statements of resource policies that name an account by its number, or a role or user in one. For the pedantic persona:
sharing is often meant, and whether that account is yours is not in the template.

## Why it matters

Whoever administers the other account decides who uses the grant. Accounts of partners and of long finished projects
stay in policies for years.

## How to mend it

Name the one role that needs it rather than the account, give the number a name (a parameter), and take it out when the
work is done.

## Bad

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "sqs:*", Resource: "*"}
```

## Good

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "sqs:*", Resource: "*"}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import word_in
from remit.rules._policies import accounts, policies


def _check(facts: Facts) -> Iterator[Finding]:
    for policy in policies(facts):
        for grant in policy.grants:
            named = list(dict.fromkeys(accounts(grant))) if grant.effect == "Allow" else []
            if named:
                does = ", ".join(grant.actions[:2]) + (
                    f" and {len(grant.actions) - 2} more" if grant.actions[2:] else ""
                )
                yield Finding(
                    rule="other-account-access",
                    severity=Severity.LOW,
                    confidence="medium",
                    message=f"account {', '.join(named)} may use the {policy.what} {policy.protects}: {does}",
                    location=word_in(facts, grant.location, named),
                    label="an account by its number",
                    resource=policy.protects,
                    fixes=(Fix("name the one role that needs it, and give the account a name"),),
                    persona=Persona.PEDANTIC,
                    content=f"{policy.protects} {' '.join(named)}",
                )


RULE = Rule(
    "other-account-access",
    "another account let in",
    Severity.LOW,
    ("CWE-284", "OWASP-S5", "SAS-03"),
    _check,
    Persona.PEDANTIC,
)

"""A queue, topic or key trusts a service of the cloud, whoever that service works for.

## What it finds

Statements of resource policies whose principal is a service (`s3.amazonaws.com`) without a condition on the account or
resource it acts for. For the pedantic persona: an attacker must know the name of the resource. Permissions of functions
are told by `permission-to-everyone`.

## Why it matters

The service works for all of its customers. Anyone can make a bucket or topic of their own and have the service deliver
its events to your queue: the confused deputy.

## How to mend it

`Condition: {ArnLike: {"aws:SourceArn": ...}}` or `{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}`.

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
          - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
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
          - Effect: Allow
            Principal: {Service: s3.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Jobs.Arn
            Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import word_in
from remit.rules._policies import policies

#: Services that work for the account a resource is in, or whose requests bear no source.
_OWN = ("logs.", "lambda.", "delivery.logs", "cloudtrail.", "logdelivery", "elasticloadbalancing", "rds.", "dynamodb.")
_END = ".amazonaws.com"


def _check(facts: Facts) -> Iterator[Finding]:
    for policy in policies(facts):
        for grant in policy.grants:
            services = [name for name in grant.principals if isinstance(name, str) and name.endswith(_END)]
            loose = [name for name in services if not name.startswith(_OWN)]
            if grant.effect == "Allow" and loose and not grant.conditions and policy.what != "key":
                name = loose[0]
                yield Finding(
                    rule="service-without-source",
                    severity=Severity.LOW,
                    confidence="high",
                    message=f"{name} may use the {policy.what} {policy.protects} for any of its customers",
                    location=word_in(facts, grant.location, (name,)),
                    label="no condition says for whom",
                    resource=policy.protects,
                    fixes=(Fix("add a condition on aws:SourceArn or aws:SourceAccount"),),
                    persona=Persona.PEDANTIC,
                    content=f"{policy.protects} {name}",
                )


RULE = Rule(
    "service-without-source",
    "service trusted whoever it works for",
    Severity.LOW,
    ("CWE-441", "OWASP-S5", "SAS-03"),
    _check,
    Persona.PEDANTIC,
)

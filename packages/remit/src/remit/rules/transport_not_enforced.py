"""A bucket, queue or topic also answers requests that are not encrypted.

## What it finds

Buckets, queues and topics without a statement that denies requests without TLS (`aws:SecureTransport`). Only for the
auditor; all of an app are one finding. SDKs use TLS anyway.

## Why it matters

A client that is set to plain HTTP by mistake is answered, and what it sends and gets can be read on the way. Many rule books
ask for the statement.

## How to mend it

A resource policy with `Effect: Deny`, `Principal: "*"` and `Condition: {Bool: {"aws:SecureTransport": false}}`.

## Bad

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
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
          - Effect: Deny
            Principal: "*"
            Action: "sqs:*"
            Resource: !GetAtt Jobs.Arn
            Condition: {Bool: {"aws:SecureTransport": false}}
```
"""

from collections.abc import Iterator, Mapping

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Grant
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._policies import policies
from remit.rules._template import of_type
from remit.rules._together import Lack, together

_LACK = Lack(
    "transport-not-enforced",
    "answers requests without TLS",
    "answer requests without TLS",
    "no statement denies them",
    "deny requests without aws:SecureTransport",
)
_KEYS = ("aws:securetransport", "s3:tlsversion")


def _check(facts: Facts) -> Iterator[Finding]:
    yield from together(_LACK, _open(facts))


def _open(facts: Facts) -> Iterator[tuple[str, Location]]:
    enforced = {policy.protects for policy in policies(facts) if any(_denies_plain(grant) for grant in policy.grants)}
    for resource in of_type(facts, "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"):
        if resource.id not in enforced:
            yield resource.id, resource.location


def _denies_plain(grant: Grant) -> bool:
    conditions = grant.conditions if isinstance(grant.conditions, Mapping) else {}
    keys = [str(key).lower() for block in conditions.values() if isinstance(block, Mapping) for key in block]
    if grant.effect == "Deny":
        return any(key in _KEYS for key in keys)
    return False


RULE = Rule(
    "transport-not-enforced",
    "store that also answers without TLS",
    Severity.INFO,
    ("CWE-319", "OWASP-S3", "SAS-03"),
    _check,
    Persona.AUDITOR,
)

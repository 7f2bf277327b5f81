"""A store is encrypted with the platform's key instead of one of your own.

## What it finds

Buckets, tables, queues, topics, buses, log groups, secrets, workflows and image repositories without a key of the
customer. Only for the auditor: the data is encrypted either way. All such stores of an app are one finding.

## Why it matters

With a key of your own, reading needs a second permission (on the key), uses are recorded, and turning the key off makes
the data unreadable at once. Some rule books require it.

## How to mend it

Make an `AWS::KMS::Key` and name it in the store (`KmsMasterKeyId`, `SSESpecification.KMSMasterKeyId`, ...). It costs money
and needs grants for every function that reads or writes there.

## Bad

```yaml template.yaml
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
```

## Good

```yaml template.yaml
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref Key}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Resource
from remit.app.node import Node, certain
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule

_KEY_OF = {
    "AWS::S3::Bucket": ("BucketEncryption",),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::Events::EventBus": ("KmsKeyIdentifier",),
    "AWS::StepFunctions::StateMachine": ("EncryptionConfiguration", "KmsKeyId"),
    "AWS::ECR::Repository": ("EncryptionConfiguration", "KmsKey"),
}


def _check(facts: Facts) -> Iterator[Finding]:
    without = [
        resource for resource in facts.app.resources.values() if resource.type in _KEY_OF and not _has_key(resource)
    ]
    if not without:
        return
    first, *rest = without
    yield Finding(
        rule="no-customer-key",
        severity=Severity.INFO,
        confidence="high",
        message=f"{first.id}{f' and {len(rest)} more stores are' if rest else ' is'} encrypted with the platform's key",
        location=first.location,
        label="no key of your own is named",
        related=tuple(Hop(resource.location, f"{resource.id} too") for resource in rest),
        resource=first.id,
        fixes=(Fix("name a KMS key of your own"),),
        persona=Persona.AUDITOR,
        content=" ".join(resource.id for resource in without),
    )


def _has_key(resource: Resource) -> bool:
    node = certain(resource.properties.at(*_KEY_OF[resource.type]))
    if node is None:
        return False
    return _mentions_key(node) if resource.type == "AWS::S3::Bucket" else not str(node.plain()).startswith("alias/aws/")


def _mentions_key(node: Node) -> bool:
    rules = node.at("ServerSideEncryptionConfiguration")
    for rule in rules.elements() if rules else ():
        if certain(rule.at("ServerSideEncryptionByDefault", "KMSMasterKeyID")) is not None and not rule.absent:
            return True
    return False


RULE = Rule(
    "no-customer-key",
    "store encrypted with the platform's key",
    Severity.INFO,
    ("CWE-311", "OWASP-S3", "SAS-03"),
    _check,
    Persona.AUDITOR,
)

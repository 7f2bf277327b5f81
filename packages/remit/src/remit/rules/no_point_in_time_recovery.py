"""Data that is changed or deleted cannot be had back.

## What it finds

Tables without point-in-time recovery, buckets that functions of this app write to without versions, and databases that
keep no backup. Only for the auditor; all of an app are one finding.

## Why it matters

An attacker who may write may also delete and overwrite, and so may a bug. Recovery is what is left when everything else
has failed.

## How to mend it

`PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}` for tables, `VersioningConfiguration: {Status:
Enabled}` for buckets, `BackupRetentionPeriod` of a week for databases.

## Bad

```yaml template.yaml
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
```

## Good

```yaml template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.node import certain, possible
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._template import may_be_false, of_type
from remit.rules._together import Lack, together

_LACK = Lack(
    "no-point-in-time-recovery",
    "cannot be had back as it was",
    "cannot be had back as they were",
    "no recovery is turned on",
    "keep versions or backups",
)
_STORING = ("PutObject", "CopyObject", "UploadFile", "UploadFileobj", "DeleteObject", "DeleteObjects")


def _check(facts: Facts) -> Iterator[Finding]:
    yield from together(_LACK, _lost(facts))


def _lost(facts: Facts) -> Iterator[tuple[str, Location]]:
    for table in of_type(facts, "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        setting = certain(table.properties.at("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"))
        replicas = table.properties.at("Replicas") is not None  # each of them has a setting of its own
        if (setting is None and not replicas) or (setting is not None and may_be_false(setting)):
            yield table.id, table.location
    written = _written(facts)
    for bucket in of_type(facts, "AWS::S3::Bucket"):
        if bucket.id in written and certain(bucket.properties.at("VersioningConfiguration")) is None:
            yield bucket.id, bucket.location
    for database in of_type(facts, "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster"):
        if any(days in (0, "0") for days in possible(database.properties.at("BackupRetentionPeriod"))):
            yield database.id, database.location


def _written(facts: Facts) -> set[str]:
    """Buckets that code of the app writes to or deletes from."""
    names = set()
    for analysis in facts.analyses.values():
        for call in analysis.effects.calls:
            if call.service == "s3" and call.operation in _STORING:
                named = facts.app.resource_of(call.parameters.get("Bucket"))
                names |= {named.id} if named is not None else set()
    return names


RULE = Rule(
    "no-point-in-time-recovery",
    "data without recovery",
    Severity.INFO,
    ("CWE-693", "OWASP-S6", "SAS-03"),
    _check,
    Persona.AUDITOR,
)

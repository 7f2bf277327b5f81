"""A store keeps its data unencrypted.

## What it finds

What is not encrypted unless the template asks for it (file systems, relational and document databases, warehouses,
caches, search domains; streams, delivery streams, volumes and caches of APIs for the pedantic), and queues whose default
encryption is turned off. Buckets, tables and topics are always encrypted by the platform and are not reported.

## Why it matters

Unencrypted storage is readable for whoever gets at a disk, a snapshot or a backup; and most rules for personal data
require it.

## How to mend it

Turn it on in the template. For databases and file systems it must be done when they are created: the change replaces
them, so plan the move of the data.

## Bad

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
```

## Good

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import certain
from remit.app.report import Edit, Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import line_at
from remit.rules._template import may_be_false, place

#: Type -> the property that turns encryption on; without it the store is not encrypted.
#: Source: CloudFormation user guide, resource reference of each type.
_OFF_BY_DEFAULT = {
    "AWS::EFS::FileSystem": ("Encrypted",),
    "AWS::RDS::DBInstance": ("StorageEncrypted",),
    "AWS::RDS::DBCluster": ("StorageEncrypted",),
    "AWS::DocDB::DBCluster": ("StorageEncrypted",),
    "AWS::Neptune::DBCluster": ("StorageEncrypted",),
    "AWS::ElastiCache::ReplicationGroup": ("AtRestEncryptionEnabled",),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions", "Enabled"),
    "AWS::Elasticsearch::Domain": ("EncryptionAtRestOptions", "Enabled"),
    "AWS::Redshift::Cluster": ("Encrypted",),
    "AWS::DAX::Cluster": ("SSESpecification", "SSEEnabled"),
    "AWS::EC2::Volume": ("Encrypted",),
    "AWS::DMS::ReplicationInstance": ("StorageEncrypted",),
    "AWS::AppSync::ApiCache": ("AtRestEncryptionEnabled",),
    "AWS::Kinesis::Stream": ("StreamEncryption",),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamEncryptionConfigurationInput",),
}
#: Where data only passes through, or an account's own setting decides: for the pedantic when nothing is said.
_PASSING = (
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::EC2::Volume",
    "AWS::AppSync::ApiCache",
)
#: Members of a cluster take over its encryption.
_INHERITS = {"AWS::RDS::DBInstance": ("DBClusterIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier")}


def _check(facts: Facts) -> Iterator[Finding]:
    for resource in facts.app.resources.values():
        properties = resource.properties
        if resource.type == "AWS::SQS::Queue":
            node = properties.at("SqsManagedSseEnabled")
            if node and may_be_false(node) and certain(properties.at("KmsMasterKeyId")) is None:
                yield _finding(facts, resource, node.location, "its default encryption is turned off", Persona.REGULAR)
            continue
        path = _OFF_BY_DEFAULT.get(resource.type)
        if path is None or any(certain(properties.at(name)) for name in _INHERITS.get(resource.type, ())):
            continue
        node = properties.at(*path)
        if node is None or (node.absent and not may_be_false(node)):
            persona = Persona.PEDANTIC if resource.type in _PASSING else Persona.REGULAR
            yield _finding(
                facts,
                resource,
                resource.location if node is None else place(node, resource.location),
                f"{'.'.join(path)} is not set" if node is None else "an open condition decides whether it is encrypted",
                persona,
            )
        elif may_be_false(node):
            yield _finding(facts, resource, place(node, resource.location), "encryption is turned off", Persona.REGULAR)


def _finding(facts: Facts, resource: Resource, location: Location, why: str, persona: Persona) -> Finding:
    line = line_at(facts, location)
    written = line[location.column - 1 : (location.end_column or len(line) + 1) - 1]
    edits = (Edit(location, "true"),) if written.strip() in ("false", "False") else ()
    return Finding(
        rule="store-not-encrypted",
        severity=Severity.MEDIUM if persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=f"{resource.id} keeps its data unencrypted",
        location=location,
        label=why,
        resource=resource.id,
        fixes=(Fix("turn encryption on", edits),),
        persona=persona,
        content=resource.type,
    )


RULE = Rule(
    "store-not-encrypted", "store without encryption", Severity.MEDIUM, ("CWE-311", "OWASP-S3", "SAS-03"), _check
)

"""Resource policies of every kind of resource that has one, with what they protect."""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Grant, Resource
from remit.app.noun import Struct
from remit.app.value import Text, Value, options
from remit.read.strangers import names, refuses_strangers, shape

#: What people call what a policy protects, by its type; for what is elsewhere, by the type of the policy.
_WORDS = {
    "AWS::S3::Bucket": "bucket",
    "AWS::S3::BucketPolicy": "bucket",
    "AWS::S3::AccessPoint": "bucket access point",
    "AWS::SQS::Queue": "queue",
    "AWS::SQS::QueuePolicy": "queue",
    "AWS::SNS::Topic": "topic",
    "AWS::SNS::TopicPolicy": "topic",
    "AWS::Events::EventBus": "event bus",
    "AWS::Events::EventBusPolicy": "event bus",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SecretsManager::ResourcePolicy": "secret",
    "AWS::KMS::Key": "key",
    "AWS::KMS::ReplicaKey": "key",
    "AWS::ECR::Repository": "image repository",
    "AWS::DynamoDB::Table": "table",
    "AWS::Kinesis::Stream": "stream",
    "AWS::EFS::FileSystem": "file system",
    "AWS::OpenSearchService::Domain": "search domain",
    "AWS::Elasticsearch::Domain": "search domain",
    "AWS::Backup::BackupVault": "backup vault",
    "AWS::CodeArtifact::Repository": "package repository",
    "AWS::CodeArtifact::Domain": "package domain",
}


class Policy(Struct, frozen=True):
    """What resource policies say of one resource.

    Args:
        protects: logical id of what they protect; the policy's own where that is not in the template.
        what: that, for people: ``queue``.
        grants: their statements.
        resource: what is protected; ``None`` for the account's own bus.
    """

    protects: str
    what: str
    grants: tuple[Grant, ...]
    resource: Resource | None = None

    def takes_back(self, allow: Grant) -> bool:
        """Whether a Deny keeps every stranger from all that an Allow of it gives."""
        return any(
            deny.effect == "Deny" and refuses_strangers(deny) and not deny.not_resources and _is_about_all(deny, allow)
            for deny in self.grants
        )


def _is_about_all(deny: Grant, allow: Grant) -> bool:
    ends = [shape(value).partition("/") for value in deny.resources]
    whole = not ends or any(key in ("", "*") for _, _, key in ends)
    return whole and all(names(deny, action) for action in allow.actions or ("*",))


def policies(facts: Facts) -> Iterator[Policy]:
    """The resource policies of the app, resource by resource."""
    for name, grants in facts.app.policies.items():
        resource = facts.app.resources.get(name)
        what = "event bus" if resource is None else _WORDS.get(resource.type, "resource")
        if grants:
            yield Policy(name, what, grants, resource)


def accounts(grant: Grant) -> Iterator[str]:
    """The accounts, by number, that a statement names as written: another one than the template's own, in general."""
    for principal in grant.principals:
        for option in options(principal):
            found = _account(option)
            if found:
                yield found


def _account(value: Value) -> str:
    if isinstance(value, Text):
        value = "".join(part if isinstance(part, str) else "{}" for part in value.parts)
    if not isinstance(value, str):
        return ""
    number = value.split(":")[4] if value.startswith("arn:") and value.count(":") >= 5 else value
    return number if number.isdecimal() and len(number) == 12 else ""

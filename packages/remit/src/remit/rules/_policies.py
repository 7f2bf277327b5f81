"""Resource policies of every kind of resource that has one, with what they protect."""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Grant, Resource
from remit.app.node import Node
from remit.app.noun import Struct
from remit.app.value import Text, Value, options, refs
from remit.read.strangers import names, refuses_strangers, shape

#: Type -> the property that holds the policy, the property that names what it protects (``""``: itself), what that is.
#: Source: CloudFormation user guide, resource reference of each type.
_HOLDERS: dict[str, tuple[str, str, str]] = {
    "AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket", "bucket"),
    "AWS::S3::AccessPoint": ("Policy", "", "bucket access point"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues", "queue"),
    "AWS::SQS::QueueInlinePolicy": ("PolicyDocument", "Queue", "queue"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics", "topic"),
    "AWS::SNS::TopicInlinePolicy": ("PolicyDocument", "TopicArn", "topic"),
    "AWS::Events::EventBusPolicy": ("Statement", "EventBusName", "event bus"),
    "AWS::Events::EventBus": ("Policy", "", "event bus"),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy", "SecretId", "secret"),
    "AWS::KMS::Key": ("KeyPolicy", "", "key"),
    "AWS::KMS::ReplicaKey": ("KeyPolicy", "", "key"),
    "AWS::ECR::Repository": ("RepositoryPolicyText", "", "image repository"),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "", "table"),
    "AWS::Kinesis::ResourcePolicy": ("ResourcePolicy", "ResourceArn", "stream"),
    "AWS::EFS::FileSystem": ("FileSystemPolicy", "", "file system"),
    "AWS::OpenSearchService::Domain": ("AccessPolicies", "", "search domain"),
    "AWS::Elasticsearch::Domain": ("AccessPolicies", "", "search domain"),
    "AWS::Backup::BackupVault": ("AccessPolicy", "", "backup vault"),
    "AWS::CodeArtifact::Repository": ("PermissionsPolicyDocument", "", "package repository"),
    "AWS::CodeArtifact::Domain": ("PermissionsPolicyDocument", "", "package domain"),
}


class Policy(Struct, frozen=True):
    """One resource policy.

    Args:
        holder: the resource it is written in.
        protects: logical id of what it protects; the holder's own where that is not in the template.
        what: that, for people: ``queue``.
        grants: its statements.
    """

    holder: Resource
    protects: str
    what: str
    grants: tuple[Grant, ...]

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
    """Every resource policy of the app, in template order."""
    from remit.read.policy import grants_of

    for resource in facts.app.resources.values():
        holder = _HOLDERS.get(resource.type)
        if holder is None:
            continue
        key, named, what = holder
        document = resource.properties.at(key)
        if document is not None and resource.type == "AWS::DynamoDB::Table":
            document = document.at("PolicyDocument")
        grants = tuple(grants_of(document, []))
        if grants:
            yield Policy(resource, _protected(facts, resource, named), what, grants)


def _protected(facts: Facts, resource: Resource, named: str) -> str:
    node: Node | None = resource.properties.at(named) if named else None
    for ref in refs(node.plain()) if node is not None else ():
        if ref.target in facts.app.resources:
            return ref.target
    return resource.id


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

"""The name a resource will have, when the template gives it one."""

from remit.app.node import Node
from remit.app.value import Value

#: Type to the property that names it, where that is not ``Name`` or the last part of the type and ``Name``.
_PROPERTY = {
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SSM::Parameter": "Name",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::Kinesis::Stream": "Name",
    "AWS::ApiGateway::RestApi": "Name",
    "AWS::ApiGatewayV2::Api": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::IdentityPool": "IdentityPoolName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Athena::WorkGroup": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::AppSync::GraphQLApi": "Name",
}


def name_of(type_: str, properties: Node) -> Value:
    """The name in a resource's properties; ``None`` when CloudFormation will make one up.

    Args:
        type_: CloudFormation type.
        properties: resolved properties.
    """
    return properties.get(name_key(type_))


def name_key(type_: str) -> str:
    """The property that names a resource of a type."""
    last = type_.rsplit("::", 1)[-1]
    return _PROPERTY.get(type_, f"{last}Name")

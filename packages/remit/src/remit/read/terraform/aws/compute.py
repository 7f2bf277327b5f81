"""Lambda, containers and what builds them."""

from remit.app.node import Node
from remit.read.terraform.aws.kind import DROP, Kind, json, listed, many, one, put, verbatim

_PATH = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
_CORS = {
    "allow_credentials": "AllowCredentials",
    "allow_headers": "AllowHeaders",
    "allow_methods": "AllowMethods",
    "allow_origins": "AllowOrigins",
}
_DESTINATIONS = one(
    "DestinationConfig",
    {
        "on_failure": one("OnFailure", {"destination_arn": "Destination", "destination": "Destination"}),
        "on_success": one("OnSuccess", {"destination": "Destination"}),
    },
)


def _code(properties: dict[str, Node]) -> None:
    """An image says by itself that the package is one; ``Code`` of anything else was put there before."""
    image = properties.pop("ImageUri", None)
    if image is not None:
        put(properties, "Code.ImageUri", image)


def _sizes(properties: dict[str, Node]) -> None:
    """What only tells Terraform when to upload again."""
    for name in ("SourceCodeHash", "CodeSha256"):
        properties.pop(name, None)


def _function(properties: dict[str, Node]) -> None:
    _sizes(properties)
    _code(properties)


KINDS: dict[str, Kind] = {
    "aws_lambda_function": Kind(
        "AWS::Lambda::Function",
        {
            "environment": one("Environment", {"variables": verbatim("Variables")}),
            "vpc_config": one("VpcConfig"),
            "dead_letter_config": one("DeadLetterConfig"),
            "tracing_config": one("TracingConfig"),
            "ephemeral_storage": one("EphemeralStorage"),
            "file_system_config": many("FileSystemConfigs"),
            "image_config": one("ImageConfig"),
            "logging_config": one("LoggingConfig", {"log_group": "LogGroup"}),
            "snap_start": one("SnapStart"),
            "memory_size": "MemorySize",
            "timeout": "Timeout",
            "kms_key_arn": "KmsKeyArn",
            "filename": DROP,
            "s3_bucket": DROP,
            "s3_key": DROP,
            "s3_object_version": DROP,
            "publish": DROP,
            "reserved_concurrent_executions": "ReservedConcurrentExecutions",
        },
        {
            "id": "",
            "function_name": "",
            "invoke_arn": _PATH + "${Arn}/invocations",
            "response_streaming_invoke_arn": _PATH + "${Arn}/response-streaming-invocations",
            "qualified_arn": "${Arn}:*",
            "qualified_invoke_arn": _PATH + "${Arn}/invocations",
        },
        shape=_function,
    ),
    "aws_lambda_alias": Kind(
        "AWS::Lambda::Alias",
        {"routing_config": one("RoutingConfig")},
        {"arn": "", "id": "", "name": "Name", "invoke_arn": _PATH + "${Ref}/invocations"},
    ),
    "aws_lambda_permission": Kind(
        "AWS::Lambda::Permission",
        {
            "function_url_auth_type": "FunctionUrlAuthType",
            "principal_org_id": "PrincipalOrgID",
            "statement_id": DROP,
            "statement_id_prefix": DROP,
        },
    ),
    "aws_lambda_event_source_mapping": Kind(
        "AWS::Lambda::EventSourceMapping",
        {
            "filter_criteria": one("FilterCriteria", {"filter": many("Filters", {"pattern": "Pattern"})}),
            "destination_config": _DESTINATIONS,
            "scaling_config": one("ScalingConfig"),
            "self_managed_event_source": one("SelfManagedEventSource", {"endpoints": verbatim("Endpoints")}),
            "source_access_configuration": many("SourceAccessConfigurations", {"uri": "URI"}),
            "amazon_managed_kafka_event_source_config": one("AmazonManagedKafkaEventSourceConfig"),
            "self_managed_kafka_event_source_config": one("SelfManagedKafkaEventSourceConfig"),
            "document_db_event_source_config": one("DocumentDBEventSourceConfig"),
        },
        {"id": "", "uuid": ""},
    ),
    "aws_lambda_function_url": Kind(
        "AWS::Lambda::Url",
        {"function_name": "TargetFunctionArn", "authorization_type": "AuthType", "cors": one("Cors", _CORS)},
        {"function_url": "FunctionUrl", "id": ""},
    ),
    "aws_lambda_layer_version": Kind(
        "AWS::Lambda::LayerVersion",
        {"filename": DROP, "s3_bucket": DROP, "s3_key": DROP},
        {"arn": "", "id": "", "layer_arn": ""},
        shape=_sizes,
    ),
    "aws_lambda_function_event_invoke_config": Kind(
        "AWS::Lambda::EventInvokeConfig",
        {"destination_config": _DESTINATIONS},
    ),
    "aws_lambda_provisioned_concurrency_config": Kind("AWS::Lambda::ProvisionedConcurrencyConfig"),
    "aws_ecr_repository": Kind(
        "AWS::ECR::Repository",
        {
            "name": "RepositoryName",
            "image_scanning_configuration": one("ImageScanningConfiguration"),
            "encryption_configuration": one("EncryptionConfiguration", {"kms_key": "KmsKey"}),
        },
        {"repository_url": "RepositoryUri", "id": "", "name": ""},
    ),
    "aws_ecr_repository_policy": Kind(
        "AWS::ECR::RepositoryPolicy",
        {"policy": json("RepositoryPolicyText"), "repository": DROP},
        into="repository",
        owners=("AWS::ECR::Repository",),
    ),
    "aws_ecs_cluster": Kind("AWS::ECS::Cluster", {"name": "ClusterName"}, {"id": "Arn", "name": ""}),
    "aws_ecs_task_definition": Kind(
        "AWS::ECS::TaskDefinition",
        {
            "container_definitions": json("ContainerDefinitions"),
            "task_role_arn": "TaskRoleArn",
            "execution_role_arn": "ExecutionRoleArn",
            "requires_compatibilities": listed("RequiresCompatibilities"),
        },
        {"arn": "", "id": "", "arn_without_revision": ""},
    ),
    "aws_ecs_service": Kind("AWS::ECS::Service", {"name": "ServiceName"}, {"id": "", "name": "Name"}),
    "aws_codebuild_project": Kind(
        "AWS::CodeBuild::Project",
        {
            "environment": one("Environment", {"environment_variable": many("EnvironmentVariables")}),
            "source": one("Source", {"buildspec": "BuildSpec"}),
            "artifacts": one("Artifacts"),
            "vpc_config": one("VpcConfig"),
        },
        {"id": "", "name": ""},
    ),
    "aws_batch_job_definition": Kind(
        "AWS::Batch::JobDefinition",
        {"name": "JobDefinitionName", "container_properties": json("ContainerProperties")},
        {"arn": "", "id": "", "name": "JobDefinitionName"},
    ),
    "aws_batch_job_queue": Kind(
        "AWS::Batch::JobQueue", {"name": "JobQueueName"}, {"arn": "", "id": "", "name": "JobQueueName"}
    ),
    "aws_efs_file_system": Kind(
        "AWS::EFS::FileSystem",
        {"lifecycle_policy": many("LifecyclePolicies"), "encrypted": "Encrypted"},
        {"id": ""},
    ),
    "aws_efs_file_system_policy": Kind(
        "AWS::EFS::FileSystemPolicy",
        {"policy": json("FileSystemPolicy"), "file_system_id": DROP},
        into="file_system_id",
        owners=("AWS::EFS::FileSystem",),
    ),
    "aws_efs_access_point": Kind("AWS::EFS::AccessPoint", {"posix_user": one("PosixUser")}, {"id": ""}),
}

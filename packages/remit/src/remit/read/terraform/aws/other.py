"""Services that call functions now and then: agents, rules of Config, pipelines, file transfer, contact centres."""

from remit.app.node import Node
from remit.read.terraform.aws.kind import Kind, json, many, one, put, verbatim


def _contact(properties: dict[str, Node]) -> None:
    """CloudFormation has one resource for everything that is associated with a contact centre."""
    function = properties.get("IntegrationArn")
    if function is not None:
        put(properties, "IntegrationType", Node("LAMBDA_FUNCTION", function.location))


def _member(properties: dict[str, Node]) -> None:
    """What an action group says of the agent it belongs to is not part of it."""
    for name in ("AgentId", "AgentVersion", "SkipResourceInUseCheck"):
        properties.pop(name, None)


KINDS: dict[str, Kind] = {
    "aws_bedrockagent_agent": Kind("AWS::Bedrock::Agent", {}, {"id": "", "agent_id": "", "agent_arn": "AgentArn"}),
    "aws_bedrockagent_agent_action_group": Kind(
        "AWS::Bedrock::AgentActionGroup",
        {"action_group_executor": one("ActionGroupExecutor"), "api_schema": one("ApiSchema")},
        into="agent_id",
        owners=("AWS::Bedrock::Agent",),
        under="ActionGroups[]",
        shape=_member,
    ),
    "aws_config_config_rule": Kind(
        "AWS::Config::ConfigRule",
        {"name": "ConfigRuleName", "source": one("Source"), "input_parameters": json("InputParameters")},
        {"id": "", "name": ""},
    ),
    "aws_codepipeline": Kind(
        "AWS::CodePipeline::Pipeline",
        {
            "stage": many("Stages", {"action": many("Actions", {"configuration": verbatim("Configuration")})}),
            "artifact_store": many("ArtifactStores"),
        },
        {"id": "", "name": ""},
    ),
    "aws_connect_lambda_function_association": Kind(
        "AWS::Connect::IntegrationAssociation", {"function_arn": "IntegrationArn"}, shape=_contact
    ),
    "aws_s3control_object_lambda_access_point": Kind(
        "AWS::S3ObjectLambda::AccessPoint",
        {
            "configuration": one(
                "ObjectLambdaConfiguration",
                {
                    "transformation_configuration": many(
                        "TransformationConfigurations",
                        {"content_transformation": one("ContentTransformation", {"aws_lambda": one("AwsLambda")})},
                    )
                },
            )
        },
        {"id": "", "name": ""},
    ),
    "aws_transfer_server": Kind(
        "AWS::Transfer::Server", {"function": "IdentityProviderDetails.Function"}, {"id": "ServerId"}
    ),
    "aws_transfer_workflow": Kind(
        "AWS::Transfer::Workflow",
        {"steps": many("Steps", {"custom_step_details": one("CustomStepDetails")})},
        {"id": ""},
    ),
    "aws_iot_provisioning_template": Kind(
        "AWS::IoT::ProvisioningTemplate", {"pre_provisioning_hook": one("PreProvisioningHook")}, {"id": "", "name": ""}
    ),
    "aws_appsync_function": Kind(
        "AWS::AppSync::FunctionConfiguration",
        {"data_source": "DataSourceName"},
        {"function_id": "FunctionId", "id": ""},
    ),
}

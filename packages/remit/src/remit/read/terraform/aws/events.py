"""What carries messages: queues, topics, streams, buses, schedules, pipes, state machines, mail, devices, brokers."""

from remit.app.node import Node
from remit.read.terraform.aws.documents import structured
from remit.read.terraform.aws.kind import DROP, Kind, Row, json, listed, many, one, switch

_SQS = ("AWS::SQS::Queue",)
_FIREHOSE_LAMBDA = one(
    "ProcessingConfiguration", {"processors": many("Processors", {"parameters": many("Parameters")})}
)
_FIREHOSE_S3 = one(
    "ExtendedS3DestinationConfiguration",
    {
        "processing_configuration": _FIREHOSE_LAMBDA,
        "role_arn": "RoleARN",
        "bucket_arn": "BucketARN",
        "kms_key_arn": "EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
    },
)


def _definition(properties: dict[str, Node]) -> None:
    """A definition that is JSON stands as a structure, as CloudFormation allows it."""
    definition = properties.pop("Definition", None)
    if definition is not None:
        structure = isinstance(definition.value, dict)
        properties["Definition" if structure else "DefinitionString"] = definition


def _stream(properties: dict[str, Node]) -> None:
    """A stream is encrypted when it names how."""
    kind = properties.pop("EncryptionType", None)
    key = properties.pop("KmsKeyId", None)
    if kind is not None and kind.value == "KMS":
        entries = {"EncryptionType": kind, **({"KeyId": key} if key is not None else {})}
        properties["StreamEncryption"] = Node(entries, kind.location, kind.key, kind.absent)


def _receipt(properties: dict[str, Node]) -> None:
    """A receipt rule: its actions, each a block of its own kind, are one list."""
    actions: list[Node] = []
    for name in ("LambdaAction", "S3Action", "SnsAction", "BounceAction", "AddHeaderAction", "StopAction"):
        node = properties.pop(name, None)
        actions += [Node({name.replace("Sns", "SNS"): item}, item.location) for item in node.elements()] if node else []
    entries = {key: properties.pop(key) for key in tuple(properties) if key != "RuleSetName"}
    where = next(iter(entries.values())).location if entries else None
    if where is not None:
        properties["Rule"] = Node({**entries, "Actions": Node(tuple(actions), where)}, where)


#: Blocks of an IoT rule's actions, to the words of CloudFormation.
_THING_ACTIONS = {
    "lambda": "Lambda",
    "sqs": "Sqs",
    "sns": "Sns",
    "s3": "S3",
    "dynamodb": "DynamoDB",
    "dynamodbv2": "DynamoDBv2",
    "firehose": "Firehose",
    "kinesis": "Kinesis",
    "republish": "Republish",
    "step_functions": "StepFunctions",
    "cloudwatch_logs": "CloudwatchLogs",
    "cloudwatch_metric": "CloudwatchMetric",
    "iot_events": "IotEvents",
    "iot_analytics": "IotAnalytics",
    "http": "Http",
    "kafka": "Kafka",
    "timestream": "Timestream",
}


def _thing(properties: dict[str, Node]) -> None:
    """An IoT rule: statement and actions belong into its payload."""
    actions: list[Node] = []
    for name in _THING_ACTIONS.values():
        node = properties.pop(name, None)
        actions += [Node({name: item}, item.location) for item in node.elements()] if node else []
    payload = {
        key: properties.pop(old)
        for old, key in (("Sql", "Sql"), ("SqlVersion", "AwsIotSqlVersion"), ("Enabled", "RuleEnabled"))
        if old in properties
    }
    if payload or actions:
        where = next(iter((*payload.values(), *actions))).location
        properties["TopicRulePayload"] = Node({**payload, "Actions": Node(tuple(actions), where)}, where)


_PIPE_TARGET = one(
    "TargetParameters",
    {"input_template": "InputTemplate"},
)

KINDS: dict[str, Kind] = {
    "aws_sqs_queue": Kind(
        "AWS::SQS::Queue",
        {
            "name": "QueueName",
            "name_prefix": DROP,
            "visibility_timeout_seconds": "VisibilityTimeout",
            "message_retention_seconds": "MessageRetentionPeriod",
            "max_message_size": "MaximumMessageSize",
            "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
            "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
            "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
            "redrive_policy": json("RedrivePolicy"),
            "redrive_allow_policy": json("RedriveAllowPolicy"),
            "policy": json("Policy"),
        },
        {"id": "", "url": "", "name": "QueueName"},
        beside={"Policy": ("AWS::SQS::QueuePolicy", "Queues", "PolicyDocument")},
    ),
    "aws_sqs_queue_policy": Kind(
        "AWS::SQS::QueuePolicy", {"queue_url": listed("Queues"), "policy": json("PolicyDocument")}
    ),
    "aws_sqs_queue_redrive_policy": Kind(
        "AWS::SQS::QueueRedrivePolicy",
        {"queue_url": DROP, "redrive_policy": json("RedrivePolicy")},
        into="queue_url",
        owners=_SQS,
    ),
    "aws_sqs_queue_redrive_allow_policy": Kind(
        "AWS::SQS::QueueRedriveAllowPolicy",
        {"queue_url": DROP, "redrive_allow_policy": json("RedriveAllowPolicy")},
        into="queue_url",
        owners=_SQS,
    ),
    "aws_sns_topic": Kind(
        "AWS::SNS::Topic",
        {
            "name": "TopicName",
            "name_prefix": DROP,
            "policy": json("Policy"),
            "delivery_policy": json("DeliveryPolicy"),
        },
        {"arn": "", "id": "", "name": "TopicName"},
        beside={"Policy": ("AWS::SNS::TopicPolicy", "Topics", "PolicyDocument")},
    ),
    "aws_sns_topic_policy": Kind("AWS::SNS::TopicPolicy", {"arn": listed("Topics"), "policy": json("PolicyDocument")}),
    "aws_sns_topic_subscription": Kind(
        "AWS::SNS::Subscription",
        {
            "filter_policy": json("FilterPolicy"),
            "redrive_policy": json("RedrivePolicy"),
            "delivery_policy": json("DeliveryPolicy"),
        },
        {"arn": "", "id": ""},
    ),
    "aws_kinesis_stream": Kind(
        "AWS::Kinesis::Stream",
        {
            "retention_period": "RetentionPeriodHours",
            "stream_mode_details": one("StreamModeDetails"),
            "kms_key_id": "KmsKeyId",
        },
        {"id": "Arn", "name": ""},
        shape=_stream,
    ),
    "aws_kinesis_stream_consumer": Kind(
        "AWS::Kinesis::StreamConsumer",
        {"name": "ConsumerName", "stream_arn": "StreamARN"},
        {"arn": "", "id": "", "name": "ConsumerName"},
    ),
    "aws_kinesis_firehose_delivery_stream": Kind(
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "name": "DeliveryStreamName",
            "extended_s3_configuration": _FIREHOSE_S3,
            "kinesis_source_configuration": one(
                "KinesisStreamSourceConfiguration", {"kinesis_stream_arn": "KinesisStreamARN", "role_arn": "RoleARN"}
            ),
            "server_side_encryption": one("DeliveryStreamEncryptionConfigurationInput"),
        },
        {"id": "Arn", "name": ""},
    ),
    "aws_cloudwatch_event_bus": Kind("AWS::Events::EventBus", {}, {"name": "", "id": ""}),
    "aws_cloudwatch_event_rule": Kind(
        "AWS::Events::Rule",
        {
            "name_prefix": DROP,
            "event_pattern": json("EventPattern"),
            "is_enabled": switch("State", "ENABLED", "DISABLED"),
        },
        {"name": "", "id": ""},
    ),
    "aws_cloudwatch_event_target": Kind(
        "AWS::Events::RuleTarget",
        {
            "rule": DROP,
            "event_bus_name": DROP,
            "target_id": "Id",
            "dead_letter_config": one("DeadLetterConfig"),
            "retry_policy": one("RetryPolicy"),
            "input_transformer": one("InputTransformer", {"input_paths": "InputPathsMap"}),
            "sqs_target": one("SqsParameters"),
            "ecs_target": one("EcsParameters"),
        },
        into="rule",
        owners=("AWS::Events::Rule",),
        under="Targets[]",
    ),
    "aws_cloudwatch_event_permission": Kind(
        "AWS::Events::EventBusPolicy",
        {"condition": one("Condition")},
    ),
    "aws_cloudwatch_event_bus_policy": Kind("AWS::Events::EventBusPolicy", {"policy": json("Statement")}),
    "aws_cloudwatch_event_connection": Kind("AWS::Events::Connection", {}, {"name": "", "id": ""}),
    "aws_cloudwatch_event_api_destination": Kind("AWS::Events::ApiDestination", {}, {"name": "", "id": ""}),
    "aws_scheduler_schedule": Kind(
        "AWS::Scheduler::Schedule",
        {
            "name_prefix": DROP,
            "flexible_time_window": one("FlexibleTimeWindow"),
            "target": one(
                "Target",
                {
                    "dead_letter_config": one("DeadLetterConfig", {"arn": "Arn"}),
                    "retry_policy": one("RetryPolicy"),
                    "eventbridge_parameters": one("EventBridgeParameters"),
                    "sqs_parameters": one("SqsParameters"),
                    "ecs_parameters": one("EcsParameters"),
                },
            ),
        },
        {"name": "", "id": ""},
    ),
    "aws_scheduler_schedule_group": Kind("AWS::Scheduler::ScheduleGroup", {}, {"name": "", "id": ""}),
    "aws_pipes_pipe": Kind(
        "AWS::Pipes::Pipe",
        {
            "name_prefix": DROP,
            "source_parameters": one(
                "SourceParameters",
                {
                    "filter_criteria": one("FilterCriteria", {"filter": many("Filters")}),
                    "sqs_queue_parameters": one("SqsQueueParameters"),
                    "dynamodb_stream_parameters": one("DynamoDBStreamParameters"),
                    "kinesis_stream_parameters": one("KinesisStreamParameters"),
                },
            ),
            "enrichment_parameters": one("EnrichmentParameters"),
            "target_parameters": _PIPE_TARGET,
            "log_configuration": one("LogConfiguration"),
        },
        {"name": "", "id": ""},
    ),
    "aws_sfn_state_machine": Kind(
        "AWS::StepFunctions::StateMachine",
        {
            "name": "StateMachineName",
            "name_prefix": DROP,
            "type": "StateMachineType",
            "definition": Row("Definition", structured),
            "logging_configuration": one("LoggingConfiguration"),
            "tracing_configuration": one("TracingConfiguration"),
            "encryption_configuration": one("EncryptionConfiguration"),
            "publish": DROP,
        },
        {"arn": "", "id": "", "name": "Name"},
        shape=_definition,
    ),
    "aws_sfn_activity": Kind("AWS::StepFunctions::Activity", {}, {"arn": "", "id": "", "name": "Name"}),
    "aws_ses_receipt_rule": Kind(
        "AWS::SES::ReceiptRule",
        {
            "lambda_action": many("LambdaAction"),
            "s3_action": many("S3Action"),
            "sns_action": many("SnsAction"),
            "bounce_action": many("BounceAction"),
            "add_header_action": many("AddHeaderAction"),
            "stop_action": many("StopAction"),
        },
        {"name": "", "id": ""},
        shape=_receipt,
    ),
    "aws_ses_domain_identity": Kind("AWS::SES::EmailIdentity", {"domain": "EmailIdentity"}, {"id": "", "domain": ""}),
    "aws_ses_email_identity": Kind("AWS::SES::EmailIdentity", {"email": "EmailIdentity"}, {"id": "", "email": ""}),
    "aws_sesv2_email_identity": Kind("AWS::SES::EmailIdentity", {}, {"id": "", "email_identity": ""}),
    "aws_iot_topic_rule": Kind(
        "AWS::IoT::TopicRule",
        {
            "name": "RuleName",
            **{block: many(word) for block, word in _THING_ACTIONS.items()},
            "error_action": one("TopicRulePayload.ErrorAction"),
        },
        {"name": "", "id": ""},
        shape=_thing,
    ),
    "aws_iot_thing": Kind("AWS::IoT::Thing", {"name": "ThingName"}, {"name": "", "id": ""}),
    "aws_mq_broker": Kind("AWS::AmazonMQ::Broker", {"user": many("Users")}, {"id": "", "broker_name": "BrokerName"}),
    "aws_msk_cluster": Kind(
        "AWS::MSK::Cluster",
        {
            "broker_node_group_info": one("BrokerNodeGroupInfo"),
            "encryption_info": one("EncryptionInfo"),
            "client_authentication": one("ClientAuthentication"),
        },
        {"arn": "", "id": "", "cluster_name": "ClusterName"},
    ),
    "aws_msk_serverless_cluster": Kind(
        "AWS::MSK::ServerlessCluster", {}, {"arn": "", "id": "", "cluster_name": "ClusterName"}
    ),
    "aws_cloudwatch_log_group": Kind(
        "AWS::Logs::LogGroup",
        {"name": "LogGroupName", "name_prefix": DROP, "kms_key_id": "KmsKeyId"},
        {"name": "", "id": ""},
    ),
    "aws_cloudwatch_log_subscription_filter": Kind(
        "AWS::Logs::SubscriptionFilter", {"log_group_name": "LogGroupName", "name": "FilterName"}
    ),
    "aws_cloudwatch_log_resource_policy": Kind(
        "AWS::Logs::ResourcePolicy", {"policy_document": json("PolicyDocument")}
    ),
    "aws_cloudwatch_metric_alarm": Kind("AWS::CloudWatch::Alarm", {}, {"id": "", "alarm_name": ""}),
}

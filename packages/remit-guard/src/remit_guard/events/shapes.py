"""Which source an event comes from, told by its shape alone with a few key look-ups.

Kept apart from the sources' own modules so that recognising an event loads none of them. A shape proves nothing about
who sent the event: whoever may invoke the function may imitate any shape. So shapes only choose how to read; what a
source does not name is read as the sender's, whatever the shape (see ``remit_guard.events.opened``).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DIRECT = "direct"

#: What the records of a batch call themselves.
_EVENT_SOURCES = {
    "aws:sqs": "sqs",
    "aws:s3": "s3",
    "aws:dynamodb": "dynamodb",
    "aws:kinesis": "kinesis",
    "aws:sns": "sns",
    "aws:ses": "ses",
    "aws:codecommit": "codecommit",
    "aws:kafka": "kafka",
    "SelfManagedKafka": "kafka",
    "aws:amq": "activemq",
    "aws:rmq": "rabbitmq",
    "aws:docdb": "documentdb",
}
#: Keys of a record that tell it without a name.
_RECORD_KEYS = (("Sns", "sns"), ("cf", "cloudfront"), ("kinesis", "kinesis"), ("dynamodb", "dynamodb"), ("ses", "ses"))

#: A telling key, then in the order of asking: the source, and the other keys it needs.
_BY_KEY: "dict[str, tuple[tuple[str, ...], ...]]" = {
    "awslogs": (("logs",),),
    "logEvents": (("logs", "messageType"),),
    "triggerSource": (("cognito", "userPoolId"),),
    "datasetRecords": (("cognito-sync", "identityId"),),
    "rmqMessagesByQueue": (("rabbitmq",),),
    "messages": (("activemq", "eventSource", "eventSourceArn"),),
    "events": (("documentdb", "eventSource", "eventSourceArn"), ("appsync", "info", "identity")),
    "records": (
        ("kinesis-analytics", "applicationArn"),
        ("firehose", "invocationId"),
        ("kafka", "eventSource"),
        ("kafka", "bootstrapServers"),
    ),
    "alarmData": (("cloudwatch-alarm", "alarmArn"),),
    "AlarmName": (("cloudwatch-alarm", "NewStateValue"),),
    "widgetContext": (("cloudwatch-dashboard",),),
    "invokingEvent": (("config", "configRuleName"),),
    "RequestType": (("custom-resource", "StackId", "LogicalResourceId"),),
    "transformId": (("custom-resource", "fragment"),),
    "hookTypeName": (("custom-resource", "requestData"),),
    "SecretId": (("secret-rotation", "Step"),),
    "userRequest": (("s3-object-lambda", "configuration"),),
    "invocationSchemaVersion": (("s3-batch", "tasks"),),
    "currentIntent": (("lex", "bot"),),
    "interpretations": (("lex", "bot"),),
    "sessionState": (("lex", "bot"),),
    "Details": (("connect", "Name"),),
    "CodePipeline.job": (("codepipeline",),),
    "LifecycleEventHookExecutionId": (("codedeploy", "DeploymentId"),),
    "LifecycleActionToken": (("autoscaling", "AutoScalingGroupName"),),
    "Message": (("sns", "TopicArn", "MessageId"),),
    "Event": (("s3", "Service", "Bucket"),),
    "serverId": (("transfer-authorizer", "username"),),
    "serviceMetadata": (("transfer-workflow", "fileLocation"),),
    "labelingJobArn": (("ground-truth", "dataObject"), ("ground-truth", "payload")),
    "flowDirection": (("workmail", "messageId"),),
    "common-name": (("client-vpn", "connection-id"),),
    "session": (("alexa", "request", "version"),),
    "context": (("alexa", "request", "version"),),
    "directive": (("alexa",),),
    "header": (("alexa", "payload"),),
    "actionGroup": (("bedrock-agent", "messageVersion"),),
    "invokeModelRawResponse": (("bedrock-agent", "agent"),),
    "flow": (("bedrock-agent", "node", "messageVersion"),),
    "arguments": (("appsync", "info"), ("appsync", "fieldName"), ("appsync", "identity", "request")),
    "info": (("appsync", "identity", "request"),),
    "authorizationToken": (("api-authorizer", "methodArn"), ("api-authorizer", "requestContext")),
    "methodArn": (("api-authorizer", "type"),),
    "protocolData": (("api-authorizer", "protocols"),),
    "certificateId": (("iot", "templateArn"),),
    "deviceEvent": (("iot", "deviceInfo"),),
    "clickType": (("iot", "serialNumber"),),
    "raw_path": (("lattice", "method"),),
    "StateMachine": (("step-functions", "Execution"),),
    "Cause": (("step-functions", "Error"),),
    "requestPayload": (("destination", "requestContext"),),
    "mail": (("ses", "receipt"), ("ses", "notificationType"), ("ses", "eventType")),
    "message": (("gcp-pubsub", "subscription"),),
    "metageneration": (("gcp-storage", "bucket", "name"),),
    "oldValue": (("gcp-firestore", "value"), ("gcp-firestore", "updateMask")),
    "updateMask": (("gcp-firestore", "value"),),
    "protoPayload": (("gcp-audit-log", "logName"),),
    "buildTriggerId": (("gcp-cloud-build", "projectId"),),
    "customData": (("gcp-scheduler",),),
    "delta": (("gcp-firebase-database", "data"),),
    "testMatrixId": (("gcp-firebase-testlab", "state"),),
    "updateOrigin": (("gcp-firebase-remoteconfig", "updateType"),),
    "uid": (("gcp-firebase-auth", "metadata"), ("gcp-firebase-auth", "providerData")),
    "eventDim": (("gcp-firebase-analytics",),),
    "createTime": (("gcp-firebase-alerts", "payload"),),
    "eventType": (("azure-event-grid", "topic", "subject"),),
}

#: How the type of a CloudEvent begins, and what sends it.
_CLOUD_EVENTS = (
    ("google.cloud.pubsub.", "gcp-pubsub"),
    ("google.cloud.storage.", "gcp-storage"),
    ("google.cloud.firestore.", "gcp-firestore"),
    ("google.cloud.datastore.", "gcp-firestore"),
    ("google.cloud.audit.", "gcp-audit-log"),
    ("google.cloud.cloudbuild.", "gcp-cloud-build"),
    ("google.cloud.scheduler.", "gcp-scheduler"),
    ("google.firebase.auth.", "gcp-firebase-auth"),
    ("google.firebase.database.", "gcp-firebase-database"),
    ("google.firebase.analytics.", "gcp-firebase-analytics"),
    ("google.firebase.firebasealerts.", "gcp-firebase-alerts"),
    ("google.firebase.remoteconfig.", "gcp-firebase-remoteconfig"),
    ("google.firebase.testlab.", "gcp-firebase-testlab"),
    ("google.firebase.dataconnect.", "gcp-firebase-dataconnect"),
    ("google.cloud.dataconnect.", "gcp-firebase-dataconnect"),
    ("Microsoft.", "azure-event-grid"),
)

#: Types of triggers as Azure Functions names them, in lower case without "Trigger".
_AZURE = {
    "http": "azure-http",
    "timer": "azure-timer",
    "blob": "azure-blob",
    "queue": "azure-queue",
    "servicebus": "azure-service-bus",
    "eventhub": "azure-event-hubs",
    "eventgrid": "azure-event-grid",
    "cosmosdb": "azure-cosmos",
    "sql": "azure-sql",
    "mysql": "azure-sql",
    "kafka": "azure-kafka",
    "rabbitmq": "azure-rabbitmq",
    "signalr": "azure-signalr",
    "webpubsub": "azure-web-pubsub",
    "daprserviceinvocation": "azure-dapr",
    "daprbinding": "azure-dapr",
    "daprtopic": "azure-dapr",
    "orchestration": "azure-durable",
    "activity": "azure-durable",
    "entity": "azure-durable",
    "mcptool": "azure-mcp",
    "mcpresource": "azure-mcp",
    "mcpprompt": "azure-mcp",
    "iothub": "azure-iot-hub",
}

NAMES = (
    "http-api", "rest-api", "websocket", "function-url", "alb", "lattice", "appsync", "api-authorizer", "cloudfront",
    "sqs", "sns", "s3", "dynamodb", "kinesis", "firehose", "kinesis-analytics", "kafka", "rabbitmq", "activemq",
    "documentdb", "eventbridge", "schedule", "logs", "cognito", "cognito-sync", "ses", "workmail", "iot", "pipe",
    "step-functions", "destination", "alexa", "lex", "connect", "bedrock-agent", "config", "custom-resource",
    "secret-rotation", "s3-object-lambda", "s3-batch", "codepipeline", "codecommit", "codebuild", "codedeploy",
    "cloudwatch-alarm", "cloudwatch-dashboard", "cloudtrail", "autoscaling", "transfer-authorizer",
    "transfer-workflow", "ground-truth", "client-vpn",
    "azure-http", "azure-timer", "azure-blob", "azure-queue", "azure-service-bus", "azure-event-hubs",
    "azure-event-grid", "azure-cosmos", "azure-sql", "azure-kafka", "azure-rabbitmq", "azure-signalr",
    "azure-web-pubsub", "azure-dapr", "azure-durable", "azure-mcp", "azure-iot-hub", "azure-other",
    "gcp-http", "gcp-pubsub", "gcp-storage", "gcp-firestore", "gcp-audit-log", "gcp-cloud-build", "gcp-scheduler",
    "gcp-firebase-auth", "gcp-firebase-database", "gcp-firebase-analytics", "gcp-firebase-alerts",
    "gcp-firebase-remoteconfig", "gcp-firebase-testlab", "gcp-firebase-dataconnect", "cloud-event",
    DIRECT,
)  # fmt: skip

#: Every shape has one of these keys: most documents inside bodies have none, and are asked no more questions.
_TELLING = frozenset(
    (*_BY_KEY, "Records", "requestContext", "detail-type", "specversion", "azureTrigger", "gcpTrigger", "userIdentity")
)


def name_of(event: "Any") -> str:
    """The name of the source whose shape the event has; ``direct`` when no other claims it. Never raises."""
    if isinstance(event, dict):
        records = event.get("Records")
        if records is not None and isinstance(records, list) and records:
            return _of_record(records[0])
        context = event.get("requestContext")
        if context is not None and isinstance(context, dict):
            return _of_request(event, context)
        return DIRECT if event.keys().isdisjoint(_TELLING) else _of_keys(event)
    return _of_list(event[0]) if isinstance(event, list) and event else DIRECT


def claims(name: str) -> "Callable[[Any], bool]":
    """The recogniser of one source: whether an event has its shape, and that of no source asked before it."""
    return lambda event: name_of(event) == name


def is_direct(event: "Any") -> bool:  # noqa: ARG001  (the last resort takes everything)
    """Whatever no other source claims: direct invocation, a shape we do not know."""
    return True


def _of_record(record: "Any") -> str:
    """The source of a batch by its first record: the platform does not mix them."""
    if not isinstance(record, dict):
        return DIRECT
    source = record.get("eventSource") or record.get("EventSource")
    name = _EVENT_SOURCES.get(source) if isinstance(source, str) else None
    if name is not None:
        return name
    if isinstance(record.get("s3"), dict):
        return "s3"
    for key, name in _RECORD_KEYS:
        if key in record:
            return name
    return "cloudtrail" if "userIdentity" in record and "eventName" in record else DIRECT


def _of_request(event: "dict[str, Any]", context: "dict[str, Any]") -> str:
    """The source of a request by what its context holds."""
    if "methodArn" in event or "routeArn" in event or "authorizationToken" in event:
        return "api-authorizer"
    if isinstance(context.get("http"), dict):
        domain = context.get("domainName")
        return "function-url" if isinstance(domain, str) and ".lambda-url." in domain else "http-api"
    if "elb" in context:
        return "alb"
    if "connectionId" in context:
        return "websocket"
    if "httpMethod" in event:
        return "rest-api"
    if "serviceNetworkArn" in context or "serviceArn" in context:
        return "lattice"
    if "requestPayload" in event or "responseContext" in event:
        return "destination"
    return _of_keys(event)


def _of_keys(event: "dict[str, Any]") -> str:
    """The source by the keys that only its events have together."""
    if "detail-type" in event:
        return _of_bus(event)
    if "specversion" in event:
        return _of_cloud_event(event)
    if "azureTrigger" in event:
        return _of_azure(event)
    if "gcpTrigger" in event:
        return "gcp-http" if event["gcpTrigger"] == "http" else DIRECT
    for key, alternatives in _BY_KEY.items():
        if key in event:
            for name, *needed in alternatives:
                if all(other in event for other in needed) and _fits(name, event):
                    return name
    return "cloudtrail" if "userIdentity" in event and "eventName" in event and "eventVersion" in event else DIRECT


def _fits(name: str, event: "dict[str, Any]") -> bool:
    """What is asked beyond keys, for those that others may have, too."""
    if name == "sns":
        return isinstance(event["Message"], str) and isinstance(event["TopicArn"], str)
    return name != "s3" or (event["Event"], event["Service"]) == ("s3:TestEvent", "Amazon S3")


def _of_bus(event: "dict[str, Any]") -> str:
    """Events of EventBridge: a schedule is a constant of a source that nobody outside AWS may put events of."""
    kind = event["detail-type"]
    if event.get("source") == "aws.events" and kind == "Scheduled Event":
        return "schedule"
    if "detail" not in event:
        return DIRECT
    if isinstance(kind, str):
        if kind.endswith("via CloudTrail"):
            return "cloudtrail"
        if event.get("source") == "aws.codebuild":
            return "codebuild"
        if event.get("source") == "aws.autoscaling":
            return "autoscaling"
    return "eventbridge"


def _of_cloud_event(event: "dict[str, Any]") -> str:
    kind = event.get("type")
    if isinstance(kind, str):
        for start, name in _CLOUD_EVENTS:
            if kind.startswith(start):
                return name
    return "cloud-event"


def _of_azure(event: "dict[str, Any]") -> str:
    """The trigger that the platform's adapter wrote down; an event hub may be the one of an IoT hub."""
    kind = event["azureTrigger"]
    name = _AZURE.get(kind.lower().removesuffix("trigger"), "azure-other") if isinstance(kind, str) else "azure-other"
    if name == "azure-event-hubs":
        messages = event.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        system = first.get("systemProperties") if isinstance(first, dict) else None
        if isinstance(system, dict) and "iothub-connection-device-id" in system:
            return "azure-iot-hub"
    return name


def _of_list(first: "Any") -> str:
    """A bare list: a batch that a pipe or a GraphQL API hands over, or notifications posted by Event Grid."""
    if not isinstance(first, dict):
        return DIRECT
    source = first.get("eventSource")
    if isinstance(source, str) and source in _EVENT_SOURCES:
        return "pipe"
    name = _of_keys(first) if not first.keys().isdisjoint(_TELLING) else DIRECT
    return name if name in ("appsync", "azure-event-grid") else DIRECT

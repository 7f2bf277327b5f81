"""Which IAM actions a cloud call needs, where they are not simply ``service:Operation``.

Source: the service authorization reference (https://docs.aws.amazon.com/service-authorization/). Only operations
that functions make at run time are here; ``remit lock`` has the whole table and decides what the remit holds.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: SDK service name -> IAM prefix, where they differ.
PREFIXES = {
    "stepfunctions": "states",
    "cloudwatch": "cloudwatch",  # signs as monitoring
    "sesv2": "ses",
    "apigatewaymanagementapi": "execute-api",
    "bedrock-runtime": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "dynamodbstreams": "dynamodb",
    "iot-data": "iot",
    "lexv2-runtime": "lex",
    "lex-runtime": "lex",
    "sagemaker-runtime": "sagemaker",
    "timestream-query": "timestream",
    "timestream-write": "timestream",
    "opensearch": "es",
    "s3control": "s3",
}
#: (IAM prefix, operation) -> IAM actions.
ACTIONS = {
    ("s3", "ListObjects"): ("ListBucket",),
    ("s3", "ListObjectsV2"): ("ListBucket",),
    ("s3", "HeadBucket"): ("ListBucket",),
    ("s3", "ListObjectVersions"): ("ListBucketVersions",),
    ("s3", "ListBuckets"): ("ListAllMyBuckets",),
    ("s3", "HeadObject"): ("GetObject",),
    ("s3", "SelectObjectContent"): ("GetObject",),
    ("s3", "DeleteObjects"): ("DeleteObject",),
    ("s3", "CopyObject"): ("PutObject",),
    ("s3", "CreateMultipartUpload"): ("PutObject",),
    ("s3", "UploadPart"): ("PutObject",),
    ("s3", "UploadPartCopy"): ("PutObject",),
    ("s3", "CompleteMultipartUpload"): ("PutObject",),
    ("s3", "ListParts"): ("ListMultipartUploadParts",),
    ("s3", "ListMultipartUploads"): ("ListBucketMultipartUploads",),
    ("s3", "PutBucketNotificationConfiguration"): ("PutBucketNotification",),
    ("s3", "GetBucketNotificationConfiguration"): ("GetBucketNotification",),
    ("lambda", "Invoke"): ("InvokeFunction",),
    ("lambda", "InvokeWithResponseStream"): ("InvokeFunction",),
    ("lambda", "InvokeAsync"): ("InvokeFunction",),
    ("sqs", "SendMessageBatch"): ("SendMessage",),
    ("sqs", "DeleteMessageBatch"): ("DeleteMessage",),
    ("sqs", "ChangeMessageVisibilityBatch"): ("ChangeMessageVisibility",),
    ("sns", "PublishBatch"): ("Publish",),
    ("dynamodb", "TransactGetItems"): ("GetItem",),
    ("execute-api", "PostToConnection"): ("ManageConnections",),
    ("execute-api", "GetConnection"): ("ManageConnections",),
    ("execute-api", "DeleteConnection"): ("ManageConnections",),
    ("bedrock", "Converse"): ("InvokeModel",),
    ("bedrock", "ConverseStream"): ("InvokeModelWithResponseStream",),
    ("timestream", "Query"): ("Select",),
}
_TRANSACT = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_PARTIQL = {"SELECT": "PartiQLSelect", "INSERT": "PartiQLInsert", "UPDATE": "PartiQLUpdate", "DELETE": "PartiQLDelete"}
#: Calls that need no permission at all.
FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})


def needed(service: str, signing: str, operation: str, params: "Any") -> "tuple[str, ...]":
    """The IAM actions one call needs.

    Args:
        service: the SDK's name of the service.
        signing: the name it signs with; usually the IAM prefix.
        operation: the API operation.
        params: its parameters.
    """
    prefix = PREFIXES.get(service) or signing or service
    names: tuple[str, ...] = ACTIONS.get((prefix, operation)) or (operation,)
    if prefix == "dynamodb" and isinstance(params, dict):
        names = _dynamodb(operation, params) or names
    return tuple(action for action in (f"{prefix}:{name}" for name in names) if action not in FREE)


def _dynamodb(operation: str, params: "dict[str, Any]") -> "tuple[str, ...]":
    if operation == "TransactWriteItems":
        kinds = [kind for item in params.get("TransactItems") or () for kind in item]
        return tuple(sorted({_TRANSACT[kind] for kind in kinds if kind in _TRANSACT}))
    if operation == "ExecuteStatement":
        return _verbs([params.get("Statement")])
    if operation in ("BatchExecuteStatement", "ExecuteTransaction"):
        items = params.get("Statements") or params.get("TransactStatements") or ()
        return _verbs([item.get("Statement") for item in items])
    return ()


def _verbs(statements: "list[Any]") -> "tuple[str, ...]":
    words = [str(statement).split(None, 1)[:1] for statement in statements if statement]
    return tuple(sorted({_PARTIQL[word[0].upper()] for word in words if word and word[0].upper() in _PARTIQL}))

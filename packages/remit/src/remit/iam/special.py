"""Hand-checked rules for the services serverless applications live on: which actions a call really needs, on what.

``RULES`` maps ``service.Operation`` to ``(action, kind)`` pairs. The kind says how the resource is found among the
parameters (see ``resources``); an empty tuple says that the call needs no permission. Calls that are not here go by
the packaged data. Source of each line: the service authorization reference and the API reference of the operation
("you must have the ... permission").
"""

Pairs = tuple[tuple[str, str], ...]

ANY = "any"  # the action has no resource-level permission: "*" is exact
_GET, _PUT = ("s3:GetObject", "object"), ("s3:PutObject", "object")


def _same(service: str, prefix: str, kind: str, operations: str) -> dict[str, Pairs]:
    """Operations whose action has their name."""
    return {f"{service}.{name}": ((f"{prefix}:{name}", kind),) for name in operations.split()}


_S3: dict[str, Pairs] = {
    "s3.GetObject": (_GET,),
    "s3.HeadObject": (_GET,),
    "s3.GetObjectAttributes": (("s3:GetObjectAttributes", "object"), _GET),
    "s3.SelectObjectContent": (_GET,),
    "s3.PutObject": (_PUT,),
    "s3.PostObject": (_PUT,),
    "s3.CreateMultipartUpload": (_PUT,),
    "s3.UploadPart": (_PUT,),
    "s3.CompleteMultipartUpload": (_PUT,),
    "s3.UploadPartCopy": (("s3:GetObject", "copy-source"), _PUT),
    "s3.CopyObject": (("s3:GetObject", "copy-source"), _PUT),
    "s3.RenameObject": (("s3express:CreateSession", "bucket"),),
    "s3.AbortMultipartUpload": (("s3:AbortMultipartUpload", "object"),),
    "s3.ListParts": (("s3:ListMultipartUploadParts", "object"),),
    "s3.DeleteObject": (("s3:DeleteObject", "object"),),
    "s3.DeleteObjects": (("s3:DeleteObject", "deleted-objects"),),
    "s3.RestoreObject": (("s3:RestoreObject", "object"),),
    "s3.ListObjects": (("s3:ListBucket", "bucket"),),
    "s3.ListObjectsV2": (("s3:ListBucket", "bucket"),),
    "s3.ListObjectVersions": (("s3:ListBucketVersions", "bucket"),),
    "s3.ListMultipartUploads": (("s3:ListBucketMultipartUploads", "bucket"),),
    "s3.HeadBucket": (("s3:ListBucket", "bucket"),),
    "s3.ListBuckets": (("s3:ListAllMyBuckets", ANY),),
    "s3.ListDirectoryBuckets": (("s3express:ListAllMyDirectoryBuckets", ANY),),
    "s3.CreateSession": (("s3express:CreateSession", "bucket"),),
    "s3.CreateBucketMetadataConfiguration": (("s3:CreateBucketMetadataTableConfiguration", "bucket"),),
    "s3.GetBucketMetadataConfiguration": (("s3:GetBucketMetadataTableConfiguration", "bucket"),),
    "s3.DeleteBucketMetadataConfiguration": (("s3:DeleteBucketMetadataTableConfiguration", "bucket"),),
    "s3.DeleteBucketIntelligentTieringConfiguration": (("s3:PutIntelligentTieringConfiguration", "bucket"),),
    "s3.ListBucketIntelligentTieringConfigurations": (("s3:GetIntelligentTieringConfiguration", "bucket"),),
    "s3.DeleteBucketOwnershipControls": (("s3:PutBucketOwnershipControls", "bucket"),),
    "s3.WriteGetObjectResponse": (("s3-object-lambda:WriteGetObjectResponse", ANY),),
    **_same("s3", "s3", "object", "GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging DeleteObjectTagging"),
    **_same("s3", "s3", "object", "GetObjectLegalHold PutObjectLegalHold GetObjectRetention PutObjectRetention"),
    **_same("s3", "s3", "bucket", "CreateBucket DeleteBucket GetBucketLocation GetBucketPolicy PutBucketPolicy"),
    **_same("s3", "s3", "bucket", "GetBucketAcl PutBucketAcl GetBucketTagging PutBucketTagging GetBucketVersioning"),
}
#: With a version named, reading and deleting are other actions.
VERSIONED = {
    "s3:GetObject": "s3:GetObjectVersion",
    "s3:DeleteObject": "s3:DeleteObjectVersion",
    "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
    "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
    "s3:GetObjectAcl": "s3:GetObjectVersionAcl",
    "s3:PutObjectAcl": "s3:PutObjectVersionAcl",
    "s3:GetObjectAttributes": "s3:GetObjectVersionAttributes",
}

_DYNAMODB: dict[str, Pairs] = {
    **_same("dynamodb", "dynamodb", "table", "GetItem PutItem UpdateItem DeleteItem DescribeTable CreateTable"),
    **_same("dynamodb", "dynamodb", "table", "DeleteTable UpdateTable DescribeTimeToLive UpdateTimeToLive"),
    **_same("dynamodb", "dynamodb", "index", "Query Scan"),
    **_same("dynamodb", "dynamodb", "batch-tables", "BatchGetItem BatchWriteItem"),
    **_same("dynamodb", "dynamodb", ANY, "ListTables DescribeLimits"),
    "dynamodb.DescribeEndpoints": (),
    "dynamodb.TransactGetItems": (("dynamodb:GetItem", "transact-get"),),
    # TransactWriteItems, ExecuteStatement, BatchExecuteStatement, ExecuteTransaction: actions come from the
    # parameters, see ``dynamodb``.
}

_LAMBDA: dict[str, Pairs] = {
    "lambda.Invoke": (("lambda:InvokeFunction", "function"),),
    "lambda.InvokeAsync": (("lambda:InvokeFunction", "function"),),
    "lambda.InvokeWithResponseStream": (("lambda:InvokeFunction", "function"),),
    **_same("lambda", "lambda", "function", "GetFunction GetFunctionConfiguration UpdateFunctionCode AddPermission"),
    **_same("lambda", "lambda", "function", "UpdateFunctionConfiguration DeleteFunction PublishVersion CreateAlias"),
    **_same("lambda", "lambda", ANY, "ListFunctions ListLayers GetAccountSettings"),
}

_MESSAGING: dict[str, Pairs] = {
    **_same("sqs", "sqs", "queue", "SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility PurgeQueue"),
    **_same("sqs", "sqs", "queue", "GetQueueAttributes SetQueueAttributes DeleteQueue ListDeadLetterSourceQueues"),
    "sqs.GetQueueUrl": (("sqs:GetQueueUrl", "queue-name"),),
    "sqs.CreateQueue": (("sqs:CreateQueue", "queue-name"),),
    "sqs.SendMessageBatch": (("sqs:SendMessage", "queue"),),
    "sqs.DeleteMessageBatch": (("sqs:DeleteMessage", "queue"),),
    "sqs.ChangeMessageVisibilityBatch": (("sqs:ChangeMessageVisibility", "queue"),),
    **_same("sqs", "sqs", ANY, "ListQueues"),
    "sns.Publish": (("sns:Publish", "topic"),),
    "sns.PublishBatch": (("sns:Publish", "topic"),),
    **_same(
        "sns", "sns", "topic", "Subscribe GetTopicAttributes SetTopicAttributes DeleteTopic ListSubscriptionsByTopic"
    ),
    **_same("sns", "sns", ANY, "ListTopics ListSubscriptions Unsubscribe"),
    "events.PutEvents": (("events:PutEvents", "bus"),),
    **_same(
        "kinesis", "kinesis", "stream", "PutRecord PutRecords GetRecords GetShardIterator DescribeStream ListShards"
    ),
    **_same("kinesis", "kinesis", "stream", "DescribeStreamSummary"),
    **_same("firehose", "firehose", "delivery-stream", "PutRecord PutRecordBatch DescribeDeliveryStream"),
    "apigatewaymanagementapi.PostToConnection": (("execute-api:ManageConnections", "post-connection"),),
    "apigatewaymanagementapi.GetConnection": (("execute-api:ManageConnections", "get-connection"),),
    "apigatewaymanagementapi.DeleteConnection": (("execute-api:ManageConnections", "delete-connection"),),
    "iot-data.Publish": (("iot:Publish", "iot-topic"),),
    **_same("iot-data", "iot", "thing", "GetThingShadow UpdateThingShadow DeleteThingShadow"),
    "iot-data.GetRetainedMessage": (("iot:GetRetainedMessage", "iot-topic"),),
    "iot-data.ListRetainedMessages": (("iot:ListRetainedMessages", ANY),),
    "iot-data.ListNamedShadowsForThing": (("iot:ListNamedShadowsForThing", "thing"),),
}

_WORKFLOW: dict[str, Pairs] = {
    **_same("stepfunctions", "states", "state-machine", "StartExecution StartSyncExecution ListExecutions"),
    **_same("stepfunctions", "states", "state-machine", "DescribeStateMachine UpdateStateMachine DeleteStateMachine"),
    **_same("stepfunctions", "states", "execution", "DescribeExecution StopExecution GetExecutionHistory"),
    **_same("stepfunctions", "states", ANY, "SendTaskSuccess SendTaskFailure SendTaskHeartbeat ListStateMachines"),
    **_same("stepfunctions", "states", "activity", "GetActivityTask"),
}

_SECRETS: dict[str, Pairs] = {
    **_same("secretsmanager", "secretsmanager", "secret", "GetSecretValue DescribeSecret PutSecretValue UpdateSecret"),
    **_same("secretsmanager", "secretsmanager", "secret", "DeleteSecret RotateSecret UpdateSecretVersionStage"),
    **_same("secretsmanager", "secretsmanager", ANY, "ListSecrets GetRandomPassword"),
    "secretsmanager.BatchGetSecretValue": (
        ("secretsmanager:BatchGetSecretValue", ANY),
        ("secretsmanager:GetSecretValue", "secret-list"),
    ),
    **_same("ssm", "ssm", "parameter", "GetParameter PutParameter DeleteParameter GetParameterHistory"),
    **_same("ssm", "ssm", "parameters", "GetParameters DeleteParameters"),
    **_same("ssm", "ssm", "parameter-path", "GetParametersByPath"),
    **_same("ssm", "ssm", ANY, "DescribeParameters"),
    **_same("kms", "kms", "key", "Encrypt Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext Sign Verify"),
    **_same("kms", "kms", "key", "GetPublicKey DescribeKey GenerateMac VerifyMac"),
    **_same("kms", "kms", ANY, "GenerateRandom ListKeys ListAliases"),
    "sts.GetCallerIdentity": (),
    "sts.GetSessionToken": (),
    "sts.AssumeRole": (("sts:AssumeRole", "role"),),
}

_AI: dict[str, Pairs] = {
    "bedrock-runtime.InvokeModel": (("bedrock:InvokeModel", "model"),),
    "bedrock-runtime.Converse": (("bedrock:InvokeModel", "model"),),
    "bedrock-runtime.CountTokens": (("bedrock:CountTokens", "model"),),
    "bedrock-runtime.InvokeModelWithResponseStream": (("bedrock:InvokeModelWithResponseStream", "model"),),
    "bedrock-runtime.ConverseStream": (("bedrock:InvokeModelWithResponseStream", "model"),),
    "bedrock-runtime.InvokeModelWithBidirectionalStream": (("bedrock:InvokeModelWithResponseStream", "model"),),
    "bedrock-runtime.StartAsyncInvoke": (("bedrock:InvokeModel", "model"),),
    "bedrock-agent-runtime.RetrieveAndGenerate": (
        ("bedrock:RetrieveAndGenerate", ANY),
        ("bedrock:Retrieve", "knowledge-base"),
        ("bedrock:InvokeModel", "generation-model"),
    ),
}

_MAIL_AND_USERS: dict[str, Pairs] = {
    **_same("ses", "ses", "identity", "SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail"),
    "sesv2.SendEmail": (("ses:SendEmail", "identity"),),
    "sesv2.SendBulkEmail": (("ses:SendBulkEmail", "identity"),),
}
#: Cognito calls that a signed-in user makes with a token: no IAM identity is involved.
_USER_CALLS = (
    "AssociateSoftwareToken ChangePassword CompleteWebAuthnRegistration ConfirmDevice ConfirmForgotPassword "
    "ConfirmSignUp DeleteUser DeleteUserAttributes DeleteWebAuthnCredential ForgetDevice ForgotPassword GetDevice "
    "GetUser GetUserAttributeVerificationCode GetUserAuthFactors GlobalSignOut InitiateAuth ListDevices "
    "GetTokensFromRefreshToken ListWebAuthnCredentials ResendConfirmationCode RespondToAuthChallenge RevokeToken "
    "SetUserMFAPreference "
    "SetUserSettings SignUp StartWebAuthnRegistration UpdateAuthEventFeedback UpdateDeviceStatus UpdateUserAttributes "
    "VerifySoftwareToken VerifyUserAttribute"
)

_WATCHING: dict[str, Pairs] = {
    **_same("cloudwatch", "cloudwatch", ANY, "PutMetricData GetMetricData GetMetricStatistics ListMetrics"),
    **_same("xray", "xray", ANY, "PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets"),
}

#: API Gateway's own API is guarded by HTTP verbs on paths, not by operation names.
APIGATEWAY_VERBS = {
    "Create": "POST", "Import": "POST", "Generate": "POST", "Test": "POST", "Flush": "DELETE", "Delete": "DELETE",
    "Get": "GET", "Update": "PATCH", "Put": "PUT", "Tag": "PUT", "Untag": "DELETE", "Reject": "POST",
    "Export": "GET", "Reimport": "PUT", "Reset": "DELETE", "List": "GET", "Disable": "DELETE", "Publish": "POST",
}  # fmt: skip

RULES: dict[str, Pairs] = {
    **_S3, **_DYNAMODB, **_LAMBDA, **_MESSAGING, **_WORKFLOW, **_SECRETS, **_AI, **_MAIL_AND_USERS, **_WATCHING,
    **{f"cognito-idp.{name}": () for name in _USER_CALLS.split()},
}  # fmt: skip

"""The AWS SDKs for JavaScript: each call is an effect with its service, operation and parameters."""
# ruff: noqa: E501, ISC002  (programs under test stand on one line)

import pytest

from remit.app.value import Ref

V2 = "const AWS = require('aws-sdk');\n"
DOC = (
    "const { DynamoDBDocumentClient, GetCommand, DynamoDBDocument, paginateQuery } = require('@aws-sdk/lib-dynamodb');\n"
    "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');\n"
)
S3 = "import { S3Client, S3, GetObjectCommand, paginateListObjectsV2, waitUntilObjectExists } from '@aws-sdk/client-s3';\n"

CALLS = [
    (V2, "await new AWS.S3().getObject({ Bucket: T }).promise()", "s3 GetObject Bucket"),
    (V2, "new AWS.SQS({ region: 'a' }).sendMessage({ QueueUrl: T }, (err, data) => {})", "sqs SendMessage QueueUrl"),
    (V2, "await new AWS.DynamoDB.DocumentClient().batchWrite({ RequestItems: T }).promise()", "dynamodb BatchWriteItem RequestItems"),
    (V2, "await new AWS.StepFunctions().startExecution({ stateMachineArn: T }).promise()", "stepfunctions StartExecution stateMachineArn"),
    (V2, "await new AWS.CognitoIdentityServiceProvider().adminGetUser({ UserPoolId: T }).promise()", "cognito-idp AdminGetUser UserPoolId"),
    (V2, "await new AWS.CloudWatchEvents().putEvents({ Entries: T }).promise()", "events PutEvents Entries"),
    (V2, "await new AWS.S3().upload({ Bucket: T }).promise()", "s3 PutObject Bucket"),
    (V2, "new AWS.S3().getSignedUrl('putObject', { Bucket: T })", "s3 PutObject Bucket"),
    (V2, "new AWS.S3().getObject({ Bucket: T }).createReadStream()", "s3 GetObject Bucket"),
    (V2, "await new AWS.S3().waitFor('objectExists', { Bucket: T }).promise()", "s3 HeadObject Bucket"),
    ("const S3 = require('aws-sdk/clients/s3');\n", "await new S3().listObjectsV2({ Bucket: T }).promise()", "s3 ListObjectsV2 Bucket"),
    ("import DynamoDB from 'aws-sdk/clients/dynamodb';\n", "await new DynamoDB.DocumentClient().get({ TableName: T }).promise()",
     "dynamodb GetItem TableName"),
    ("import { SNS } from 'aws-sdk';\n", "await new SNS().publish({ TopicArn: T }).promise()", "sns Publish TopicArn"),
    ("const X = require('aws-xray-sdk'); const A = X.captureAWS(require('aws-sdk'));\n",
     "await new A.KMS().decrypt({ KeyId: T }).promise()", "kms Decrypt KeyId"),
    (S3, "await new S3Client({}).send(new GetObjectCommand({ Bucket: T }))", "s3 GetObject Bucket"),
    (S3, "await new S3().deleteObject({ Bucket: T })", "s3 DeleteObject Bucket"),
    (S3, "for await (const p of paginateListObjectsV2({ client: new S3Client() }, { Bucket: T })) {}", "s3 ListObjectsV2 Bucket"),
    (S3, "await waitUntilObjectExists({ client: new S3Client() }, { Bucket: T })", "s3 HeadObject Bucket"),
    (S3 + "import { getSignedUrl } from '@aws-sdk/s3-request-presigner';\n",
     "await getSignedUrl(new S3Client(), new GetObjectCommand({ Bucket: T }))", "s3 GetObject Bucket"),
    (S3 + "import { createPresignedPost } from '@aws-sdk/s3-presigned-post';\n",
     "await createPresignedPost(new S3Client(), { Bucket: T })", "s3 PutObject Bucket"),
    (S3 + "import { Upload } from '@aws-sdk/lib-storage';\n",
     "await new Upload({ client: new S3Client(), params: { Bucket: T } }).done()", "s3 PutObject Bucket"),
    (DOC, "await DynamoDBDocumentClient.from(new DynamoDBClient()).send(new GetCommand({ TableName: T }))", "dynamodb GetItem TableName"),
    (DOC, "await DynamoDBDocument.from(new DynamoDBClient()).put({ TableName: T })", "dynamodb PutItem TableName"),
    (DOC, "for await (const p of paginateQuery({ client: new DynamoDBClient() }, { TableName: T })) {}", "dynamodb Query TableName"),
    ("const { CloudWatchLogsClient, PutLogEventsCommand: Put } = require('@aws-sdk/client-cloudwatch-logs');\n",
     "await new CloudWatchLogsClient().send(new Put({ logGroupName: T }))", "logs PutLogEvents logGroupName"),
    ("import * as sfn from '@aws-sdk/client-sfn';\n", "await new sfn.SFN().startSyncExecution({ stateMachineArn: T })",
     "stepfunctions StartSyncExecution stateMachineArn"),
    (S3 + "const client = new S3Client();\nclass Store { constructor(c) { this.c = c } async get(Bucket) { return this.c.send(new GetObjectCommand({ Bucket })) } }\n",
     "await new Store(client).get(T)", "s3 GetObject Bucket"),
    (S3, "const send = (c) => new S3Client().send(c); const p = { Key: 'a' }; p.Bucket = T; await send(new GetObjectCommand(p))", "s3 GetObject Bucket"),
    (S3, "await Promise.all([1, 2].map(async (n) => new S3Client().send(new GetObjectCommand({ Key: n, ...{ Bucket: T } }))))", "s3 GetObject Bucket"),
    ("import { getParameter } from '@aws-lambda-powertools/parameters/ssm';\n", "await getParameter(T, { decrypt: true })", "ssm GetParameter Name"),
    ("import { getSecret } from '@aws-lambda-powertools/parameters/secrets';\n", "await getSecret(T)", "secretsmanager GetSecretValue SecretId"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "code", "wanted"), CALLS)
def test_a_call_with_what_the_environment_names(study, before, code, wanted):
    text = f"{before}const T = process.env.TABLE;\nexports.handler = async (event) => {{ {code} }};\n"
    found = study(text, name="app.js", runtime="nodejs22.x", environment={"TABLE": Ref("Orders")})
    assert not found.skips
    calls = {(call.service, call.operation): call.parameters for call in found.effects.calls}
    service, operation, parameter = wanted.split()
    assert list(calls) == [(service, operation)]
    assert calls[service, operation][parameter] == Ref("Orders")
    assert found.effects.environment.keys() == {"TABLE"}


def test_a_secret_that_is_returned(script):
    code = """
    const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient();
    exports.handler = async (event) => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'key' }));
      const key = JSON.parse(SecretString).key;
      return { statusCode: 200, body: JSON.stringify({ key }) };
    };
    """
    assert script(code) == ["response<-!secret"]


def test_an_operation_that_is_not_known_is_unresolved(study):
    code = "const AWS = require('aws-sdk');\nexports.handler = async (e) => { const s3 = new AWS.S3(); s3[e.op]({}); library(s3); };\n"
    found = study(code, name="app.js", runtime="nodejs22.x")
    assert [(call.service, call.operation, bool(call.unresolved)) for call in found.effects.calls] == [
        ("s3", "", True)
    ] * 2


def test_a_host_of_its_own_is_no_call_of_aws(study):
    code = "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3({ endpoint: 'https://minio.example' });\n" \
           "exports.handler = async () => { await s3.getObject({ Bucket: 'a' }).promise() };\n"  # fmt: skip
    found = study(code, name="app.js", runtime="nodejs22.x")
    assert not found.effects.calls
    assert [reach.host for reach in found.effects.reaches] == ["minio.example"]

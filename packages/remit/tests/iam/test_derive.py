"""From what code does to what a function needs."""

from collections.abc import Mapping

import pytest

from remit.app.effect import Effects, FileAccess, Reach, Run, SdkCall, Secret
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.lockfile import spell
from remit.app.model import App, Authorizer, Function, Resource, Sender, Trigger
from remit.app.node import Node
from remit.app.report import Skip
from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.iam import derive

AT = Location("template.yaml", 1)
CODE = Location("src/app.py", 7)
F = Function("F", "app.handler", "python3.12", "src", AT)


def node(value: object) -> Node:
    if isinstance(value, Mapping):
        return Node({key: node(item) for key, item in value.items()}, AT)
    return Node(value, AT)  # type: ignore[arg-type]


def app(
    resources: dict[str, str], *triggers: Trigger, names: dict[str, Value] | None = None, **properties: object
) -> App:
    found = {
        name: Resource(name, type_, node(properties.get(name, {})), AT, (names or {}).get(name))
        for name, type_ in resources.items()
    }
    return App("shop", "SAM", "template.yaml", (F,), triggers, found)


SHOP = app(
    {
        "Orders": "AWS::DynamoDB::Table",
        "Products": "AWS::DynamoDB::Table",
        "Uploads": "AWS::S3::Bucket",
        "Archive": "AWS::S3::Bucket",
        "Work": "AWS::SQS::Queue",
        "Placed": "AWS::SNS::Topic",
        "Flow": "AWS::StepFunctions::StateMachine",
        "Key": "AWS::KMS::Key",
        "Secret": "AWS::SecretsManager::Secret",
        "Setting": "AWS::SSM::Parameter",
        "Bus": "AWS::Events::EventBus",
        "Other": "AWS::Lambda::Function",
        "Socket": "AWS::ApiGatewayV2::Api",
        "Prod": "AWS::ApiGatewayV2::Stage",
        "Users": "AWS::Cognito::UserPool",
    },
    names={"Products": "products", "Setting": Text(("/", Ref("Stage"), "/limit")), "Work": "work.fifo"},
    Socket={"ProtocolType": "WEBSOCKET"},
    Prod={"ApiId": Ref("Socket"), "StageName": "prod"},
)


def lines(effects: Effects, where: App = SHOP, **more: object) -> list[str]:
    remit = derive(where, F, Analysis("F", CODE, effects=effects, **more))  # type: ignore[arg-type]
    needs = [
        f"{need.verb} {spell(need.what)}" + (f" {spell(need.on)}" if need.on is not None else "")
        for need in remit.needs
    ]
    return needs + [f"? {item.verb} {item.what}: {item.why}" for item in remit.unresolved]


def called(name: str, **parameters: Value) -> list[str]:
    service, _, operation = name.partition(".")
    found = lines(Effects(calls=(SdkCall(service, operation, parameters, CODE),)))
    return [line.removeprefix("calls ") for line in found]


KEY = Unknown("the key")


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("dynamodb.PutItem", {"TableName": Ref("Orders")}, ["dynamodb:PutItem {Orders}"]),
        ("dynamodb.PutItem", {"TableName": Ref("Orders", "Arn")}, ["dynamodb:PutItem {Orders}"]),
        ("dynamodb.PutItem", {"TableName": "products"}, ["dynamodb:PutItem {Products}"]),
        (
            "dynamodb.PutItem",
            {"TableName": "elsewhere"},
            ["dynamodb:PutItem arn:{Partition}:dynamodb:{Region}:{Account}:table/elsewhere"],
        ),
        (
            "dynamodb.PutItem",
            {"TableName": Ref("TableParameter")},
            ["dynamodb:PutItem arn:{Partition}:dynamodb:{Region}:{Account}:table/{TableParameter}"],
        ),
        ("dynamodb.PutItem", {"TableName": Ref("TableArn")}, ["dynamodb:PutItem {TableArn}"]),
        (
            "dynamodb.PutItem",
            {"TableName": Choice((Ref("Orders"), Ref("Products")))},
            ["dynamodb:PutItem {Orders}", "dynamodb:PutItem {Products}"],
        ),
        ("dynamodb.PutItem", {"TableName": KEY}, ["? calls dynamodb:PutItem: TableName is not known: the key"]),
        (
            "dynamodb.PutItem",
            {"TableName": Text((KEY, "-orders"))},
            ['? calls dynamodb:PutItem: TableName is not known: it is only known as "{?}-orders"'],
        ),
        ("dynamodb.Query", {"TableName": Ref("Orders")}, ["dynamodb:Query {Orders}"]),
        ("dynamodb.Query", {"TableName": Ref("Orders"), "IndexName": "byUser"}, ["dynamodb:Query {Orders}/index/byUser"]),
        ("dynamodb.Query", {"TableName": Ref("Orders"), "IndexName": KEY}, ["dynamodb:Query {Orders}/index/*"]),
        (
            "dynamodb.BatchGetItem",
            {"RequestItems": {"products": KEY}},
            ["dynamodb:BatchGetItem {Products}"],
        ),
        (
            "dynamodb.TransactWriteItems",
            {"TransactItems": ({"Put": {"TableName": Ref("Orders")}}, {"ConditionCheck": {"TableName": "products"}})},
            ["dynamodb:ConditionCheckItem {Products}", "dynamodb:PutItem {Orders}"],
        ),
        (
            "dynamodb.BatchGetItem",
            {"RequestItems": {"products": KEY, "*": KEY, "*keys": (Ref("Orders"),)}},
            ["dynamodb:BatchGetItem {Orders}", "dynamodb:BatchGetItem {Products}"],
        ),
        (
            "dynamodb.BatchWriteItem",
            {"RequestItems": {"*": KEY, "*keys": (KEY,)}},
            ["? calls dynamodb:BatchWriteItem: RequestItems is not known: the key"],
        ),
        (
            "dynamodb.BatchWriteItem",
            {"RequestItems": {"products": KEY, "*": KEY}},
            [
                "dynamodb:BatchWriteItem {Products}",
                "? calls dynamodb:BatchWriteItem: RequestItems does not tell all tables",
            ],
        ),
        ("dynamodb.BatchWriteItem", {"TableName": Ref("Orders")}, ["dynamodb:BatchWriteItem {Orders}"]),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": 'SELECT * FROM "products"."byUser" WHERE id=?'},
            ["dynamodb:PartiQLSelect {Products}/index/byUser"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": Text(('SELECT * FROM "', Ref("Orders"), '"."', KEY, '" WHERE id=?'))},
            ["dynamodb:PartiQLSelect {Orders}/index/*"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": Text(('SELECT * FROM "', KEY, '"'))},
            ["? calls dynamodb:PartiQLSelect: the key"],
        ),
        (
            "dynamodb.TransactWriteItems",
            {"TransactItems": KEY},
            ["? calls dynamodb:TransactWriteItems: TransactItems: the items are not known"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": Text(('SELECT * FROM "', Ref("Orders"), '" WHERE id=?'))},
            ["dynamodb:PartiQLSelect {Orders}"],
        ),
        ("dynamodb.ExecuteStatement", {"Statement": "delete from products where id=1"}, ["dynamodb:PartiQLDelete {Products}"]),
        ("s3.GetObject", {"Bucket": Ref("Uploads"), "Key": KEY}, ["s3:GetObject {Uploads}/*"]),
        ("s3.HeadObject", {"Bucket": Ref("Uploads"), "Key": "a.json"}, ["s3:GetObject {Uploads}/a.json"]),
        ("s3.PutObject", {"Bucket": Ref("Uploads"), "Key": Text(("in/", KEY, ".png"))}, ["s3:PutObject {Uploads}/in/*.png"]),
        ("s3.GetObject", {"Bucket": Ref("Uploads"), "Key": KEY, "VersionId": KEY}, ["s3:GetObjectVersion {Uploads}/*"]),
        ("s3.ListObjectsV2", {"Bucket": Ref("Uploads")}, ["s3:ListBucket {Uploads}"]),
        (
            "s3.CopyObject",
            {"Bucket": Ref("Archive"), "Key": KEY, "CopySource": {"Bucket": Ref("Uploads"), "Key": KEY}},
            ["s3:GetObject {Uploads}/*", "s3:PutObject {Archive}/*"],
        ),
        (
            "s3.CopyObject",
            {"Bucket": Ref("Archive"), "Key": "x", "CopySource": Text(("/", Ref("Uploads"), "/in/", KEY))},
            ["s3:GetObject {Uploads}/in/*", "s3:PutObject {Archive}/x"],
        ),
        (
            "s3.DeleteObjects",
            {"Bucket": Ref("Uploads"), "Delete": {"Objects": ({"Key": "a"}, {"Key": "b"})}},
            ["s3:DeleteObject {Uploads}/a", "s3:DeleteObject {Uploads}/b"],
        ),
        ("sqs.SendMessageBatch", {"QueueUrl": Ref("Work")}, ["sqs:SendMessage {Work}"]),
        (
            "sqs.SendMessage",
            {"QueueUrl": Text(("https://sqs.eu-west-1.amazonaws.com/", Ref("AWS::AccountId"), "/work.fifo"))},
            ["sqs:SendMessage {Work}"],
        ),
        (
            "sqs.SendMessage",
            {"QueueUrl": Ref("QueueUrl")},
            ["? calls sqs:SendMessage: QueueUrl is not known: the ARN of a queue cannot be made of its URL {QueueUrl}"],
        ),
        ("sns.Publish", {"TopicArn": Ref("Placed")}, ["sns:Publish {Placed}"]),
        ("sns.Publish", {"PhoneNumber": KEY}, ["sns:Publish *"]),
        ("sns.Publish", {"TopicArn": Ref("TopicParameter")}, ["sns:Publish {TopicParameter}"]),
        ("lambda.Invoke", {"FunctionName": Ref("Other")}, ["lambda:InvokeFunction {Other}"]),
        (
            "lambda.Invoke",
            {"FunctionName": Text(("arn:aws:lambda:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":function:x"))},
            ["lambda:InvokeFunction arn:{Partition}:lambda:{Region}:{Account}:function:x"],
        ),
        ("stepfunctions.StartExecution", {"stateMachineArn": Ref("Flow")}, ["states:StartExecution {Flow}"]),
        ("events.PutEvents", {"Entries": ({"EventBusName": Ref("Bus")},)}, ["events:PutEvents {Bus}"]),
        (
            "events.PutEvents",
            {"Entries": ({"Source": "x"},)},
            ["events:PutEvents arn:{Partition}:events:{Region}:{Account}:event-bus/default"],
        ),
        ("secretsmanager.GetSecretValue", {"SecretId": Ref("Secret")}, ["secretsmanager:GetSecretValue {Secret}"]),
        (
            "secretsmanager.GetSecretValue",
            {"SecretId": "prod/db"},
            ["secretsmanager:GetSecretValue arn:{Partition}:secretsmanager:{Region}:{Account}:secret:prod/db-??????"],
        ),
        ("ssm.GetParameter", {"Name": Text(("/", Ref("Stage"), "/limit"))}, ["ssm:GetParameter {Setting}"]),
        (
            "ssm.GetParameters",
            {"Names": ("/a/b", "c")},
            [
                "ssm:GetParameters arn:{Partition}:ssm:{Region}:{Account}:parameter/a/b",
                "ssm:GetParameters arn:{Partition}:ssm:{Region}:{Account}:parameter/c",
            ],
        ),
        ("kms.Decrypt", {"KeyId": Ref("Key")}, ["kms:Decrypt {Key}"]),
        (
            "apigatewaymanagementapi.PostToConnection",
            {"ConnectionId": KEY},
            ["execute-api:ManageConnections {Socket}/prod/POST/@connections/*"],
        ),
        ("cognito-idp.AdminGetUser", {"UserPoolId": Ref("Users")}, ["cognito-idp:AdminGetUser {Users}"]),
        ("cognito-idp.SignUp", {"ClientId": "x"}, []),
        ("rekognition.DetectLabels", {}, ["rekognition:DetectLabels *"]),
        (
            "bedrock-runtime.Converse",
            {"modelId": "us.anthropic.claude-3-haiku-20240307-v1:0"},
            [
                "bedrock:InvokeModel arn:{Partition}:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
                (
                    "bedrock:InvokeModel arn:{Partition}:bedrock:{Region}:{Account}:inference-profile/"
                    "us.anthropic.claude-3-haiku-20240307-v1:0"
                ),
            ],
        ),
        (
            "firehose.PutRecord",
            {"DeliveryStreamName": "clicks"},
            ["firehose:PutRecord arn:{Partition}:firehose:{Region}:{Account}:deliverystream/clicks"],
        ),
        (
            "textract.DetectDocumentText",
            {"Document": {"S3Object": {"Bucket": Ref("Uploads"), "Name": KEY}}},
            ["s3:GetObject {Uploads}/*", "textract:DetectDocumentText *"],
        ),
        (
            "textract.DetectDocumentText",
            {"Document": {"S3Object": {"Bucket": KEY, "Name": "x"}}},
            ["textract:DetectDocumentText *", "? calls s3:GetObject: Document.S3Object.Bucket is not known: the key"],
        ),
        ("lambda.CreateFunction", {"FunctionName": "x"}, [  # no role is named: none is passed
            "lambda:CreateFunction arn:{Partition}:lambda:{Region}:{Account}:function:x",
        ]),
        ("lambda.CreateFunction", {"FunctionName": "x", "Role": Ref("RoleArn")}, [
            "iam:PassRole {RoleArn}", "lambda:CreateFunction arn:{Partition}:lambda:{Region}:{Account}:function:x",
        ]),
    ],
)  # fmt: skip
def test_calls(name: str, parameters: dict[str, Value], expected: list[str]) -> None:
    assert called(name, **parameters) == expected


def test_an_operation_nobody_knows_is_unresolved_never_left_out() -> None:
    (line,) = called("s3.FrobnicateObject")
    assert line.startswith("? calls s3:FrobnicateObject: no rule says what s3.FrobnicateObject needs")
    call = SdkCall("dynamodb", "", {}, CODE, unresolved="the operation name")
    assert lines(Effects(calls=(call,))) == ["? calls dynamodb:?: the operation name"]


def test_other_effects() -> None:
    effects = Effects(
        reaches=(
            Reach("api.example", 443, CODE),
            Reach("db.example", 0, CODE),
            Reach(Text((Unknown("x"), ".example")), 443, CODE),
            Reach(Text(("api.", Unknown("x"))), 443, CODE),
            Reach(Unknown("a field"), 443, CODE),
            Reach(Text((Ref("Host"), ".internal")), 443, CODE),
        ),
        runs=(Run("convert", shell=True, location=CODE), Run(Unknown("a field"), shell=False, location=CODE)),
        files=(
            FileAccess(Text(("/tmp/", Unknown("x"), ".png")), write=True, location=CODE),
            FileAccess("schema.json", write=False, location=CODE),
            FileAccess("/etc/hosts", write=False, location=CODE),
            FileAccess(Text((Unknown("x"), "/a")), write=True, location=CODE),
        ),
        secrets=(Secret(Ref("Secret"), CODE), Secret(Unknown("x"), CODE)),
    )
    assert lines(effects) == [
        "reaches *.example:443",
        "reaches api.example:443",
        "reaches db.example:*",
        "reaches {Host}.internal:443",
        "runs convert",
        "reads /etc/hosts",
        "writes /tmp/*.png",
        "secrets {Secret}",
        "? reaches ?:443: the host is not known: a field",
        "? reaches api.*:443: part of the host is not known",
        "? runs {?}: the program is not known: a field",
        "? secrets ?: the name is not known: x",
        "? writes */a: the path is not known",
    ]


def test_equal_needs_are_one_line_with_every_reason() -> None:
    other = Location("src/lib.py", 3)
    calls = tuple(SdkCall("dynamodb", "PutItem", {"TableName": Ref("Orders")}, at) for at in (CODE, other, CODE))
    remit = derive(SHOP, F, Analysis("F", CODE, effects=Effects(calls=calls)))
    (need,) = remit.of("calls")
    assert need.because == (CODE, other)


def test_code_that_was_not_read_is_said() -> None:
    skip = Skip("src/gen.py", "too large", Location("src/gen.py"), blind=True)
    assert lines(Effects(), skips=(skip,)) == ["? code src/gen.py: too large"]
    remit = derive(SHOP, F, Analysis("F", None))
    assert [(item.verb, item.why) for item in remit.unresolved] == [("code", "the handler was not found")]


def trigger(
    source: str, name: str, resource: str = "", authorizer: Authorizer | None = None, *, implied: bool = False
) -> Trigger:
    return Trigger("F", source, name, AT, Sender.ANYONE, (), resource, authorizer, None, implied)


def test_receives_and_returns() -> None:
    api = app(
        {},
        trigger("http-api", "POST /orders", authorizer=Authorizer("jwt", "Customers")),
        trigger("http-api", "GET /orders/{id}"),
        trigger("direct", "direct invoke", implied=True),
    )
    remit = derive(api, F, Analysis("F", CODE))
    assert [(need.verb, need.what, need.on) for need in remit.needs] == [
        ("receives", "GET /orders/{id}", "anyone on the internet"),
        ("receives", "POST /orders", "holders of a token for {Customers}"),
        ("returns", "errors", "shaped"),
    ]
    lonely = derive(app({}, trigger("direct", "direct invoke", implied=True)), F, Analysis("F", CODE))
    assert [need.what for need in lonely.needs] == ["direct invoke"]


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        ([("s3", "Uploads")], ["s3:GetObject {Uploads}/*"]),
        ([("s3", "Uploads"), ("s3", "Archive")], ["s3:GetObject {Archive}/*", "s3:GetObject {Uploads}/*"]),
        ([("s3", "Uploads"), ("sqs", "Work")], ["? s3:GetObject"]),
        ([("s3", "")], ["? s3:GetObject"]),
        ([("sqs", "Work")], ["? s3:GetObject"]),
    ],
)
def test_a_bucket_out_of_the_event_is_the_sender_only_when_nothing_else_sends(
    triggers: list[tuple[str, str]], expected: list[str]
) -> None:
    where = app(
        {"Uploads": "AWS::S3::Bucket", "Archive": "AWS::S3::Bucket", "Work": "AWS::SQS::Queue"},
        *(trigger(source, f"from {resource}", resource) for source, resource in triggers),
    )
    call = SdkCall("s3", "GetObject", {"Bucket": Unknown("a part of the event"), "Key": KEY}, CODE)
    remit = derive(where, F, Analysis("F", CODE, effects=Effects(calls=(call,))))
    found = [f"{need.what} {spell(need.on)}" for need in remit.of("calls")]
    assert found + [f"? {item.what}" for item in remit.unresolved] == expected

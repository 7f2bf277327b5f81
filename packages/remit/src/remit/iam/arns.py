"""What templates call a resource, and the ARN that is: two spellings of one thing.

The *short* form is ``Ref(id, "Arn")``: "the ARN of that resource", for every type, whether CloudFormation's own
``Ref`` gives a name, a URL or already the ARN. The lock shows it as ``{OrdersTable}``. The *long* form spells the ARN out
with pseudo parameters and the resource's name, and is what policies are compared in.
"""

from remit.app.model import App
from remit.app.noun import Struct, field
from remit.app.value import Choice, Ref, Text, Unknown, Value, is_known, join

PARTITION, REGION, ACCOUNT = Ref("AWS::Partition"), Ref("AWS::Region"), Ref("AWS::AccountId")
_PSEUDO: dict[str, Ref] = {"P": PARTITION, "R": REGION, "A": ACCOUNT}
NAME, ARN, URL = "name", "arn", "url"


class Shape(Struct, frozen=True):
    """How one resource type is called.

    Args:
        kind: the word for it in this package (``table``).
        arn: its ARN; ``P``, ``R``, ``A`` as whole parts are partition, region and account, ``{}`` is the name.
        ref: what ``Ref`` gives: name, ARN or URL.
        attributes: what ``Fn::GetAtt`` gives, for attributes that name the resource.
    """

    kind: str
    arn: str
    ref: str = NAME
    attributes: dict[str, str] = field(default_factory=lambda: {"Arn": ARN})


#: CloudFormation type -> shape. Source: the "Return values" of each type in the CloudFormation reference.
SHAPES: dict[str, Shape] = {
    "AWS::ApiGateway::RestApi": Shape("api", "arn:P:execute-api:R:A:{}", NAME, {"RestApiId": NAME}),
    "AWS::ApiGatewayV2::Api": Shape("api", "arn:P:execute-api:R:A:{}", NAME, {"ApiId": NAME}),
    "AWS::AppSync::GraphQLApi": Shape("graphql", "arn:P:appsync:R:A:apis/{}", ARN, {"Arn": ARN, "ApiId": NAME}),
    "AWS::Athena::WorkGroup": Shape("workgroup", "arn:P:athena:R:A:workgroup/{}"),
    "AWS::CodeBuild::Project": Shape("project", "arn:P:codebuild:R:A:project/{}"),
    "AWS::Cognito::UserPool": Shape(
        "user-pool", "arn:P:cognito-idp:R:A:userpool/{}", NAME, {"Arn": ARN, "UserPoolId": NAME}
    ),
    "AWS::DynamoDB::GlobalTable": Shape("table", "arn:P:dynamodb:R:A:table/{}"),
    "AWS::DynamoDB::Table": Shape("table", "arn:P:dynamodb:R:A:table/{}"),
    "AWS::ECR::Repository": Shape("repository", "arn:P:ecr:R:A:repository/{}"),
    "AWS::ECS::Cluster": Shape("cluster", "arn:P:ecs:R:A:cluster/{}"),
    "AWS::ECS::TaskDefinition": Shape(
        "task-definition", "arn:P:ecs:R:A:task-definition/{}", ARN, {"TaskDefinitionArn": ARN}
    ),
    "AWS::Events::EventBus": Shape("bus", "arn:P:events:R:A:event-bus/{}", NAME, {"Arn": ARN, "Name": NAME}),
    "AWS::Glue::Database": Shape("glue-database", "arn:P:glue:R:A:database/{}"),
    "AWS::IAM::Role": Shape("role", "arn:P:iam::A:role/{}"),
    "AWS::IoT::Thing": Shape("thing", "arn:P:iot:R:A:thing/{}"),
    "AWS::KMS::Alias": Shape("key-alias", "arn:P:kms:R:A:{}"),
    "AWS::KMS::Key": Shape("key", "arn:P:kms:R:A:key/{}", NAME, {"Arn": ARN, "KeyId": NAME}),
    "AWS::Kinesis::Stream": Shape("stream", "arn:P:kinesis:R:A:stream/{}"),
    "AWS::KinesisFirehose::DeliveryStream": Shape("delivery-stream", "arn:P:firehose:R:A:deliverystream/{}"),
    "AWS::Lambda::Alias": Shape("function", "arn:P:lambda:R:A:function:{}", ARN, {"AliasArn": ARN}),
    "AWS::Lambda::Function": Shape(
        "function", "arn:P:lambda:R:A:function:{}", NAME, {"Arn": ARN, "FunctionName": NAME}
    ),
    "AWS::Logs::LogGroup": Shape("log-group", "arn:P:logs:R:A:log-group:{}"),
    "AWS::OpenSearchService::Domain": Shape("domain", "arn:P:es:R:A:domain/{}", NAME, {"Arn": ARN, "DomainArn": ARN}),
    "AWS::RDS::DBCluster": Shape("db-cluster", "arn:P:rds:R:A:cluster:{}", NAME, {"DBClusterArn": ARN}),
    "AWS::RDS::DBInstance": Shape("db-instance", "arn:P:rds:R:A:db:{}", NAME, {"DBInstanceArn": ARN}),
    "AWS::Rekognition::Collection": Shape("collection", "arn:P:rekognition:R:A:collection/{}"),
    "AWS::S3::Bucket": Shape("bucket", "arn:P:s3:::{}"),
    "AWS::SES::EmailIdentity": Shape("identity", "arn:P:ses:R:A:identity/{}"),
    "AWS::SNS::Topic": Shape("topic", "arn:P:sns:R:A:{}", ARN, {"TopicArn": ARN, "TopicName": NAME}),
    "AWS::SQS::Queue": Shape("queue", "arn:P:sqs:R:A:{}", URL, {"Arn": ARN, "QueueName": NAME, "QueueUrl": URL}),
    "AWS::SSM::Parameter": Shape("parameter", "arn:P:ssm:R:A:parameter/{}"),
    "AWS::Scheduler::ScheduleGroup": Shape("schedule-group", "arn:P:scheduler:R:A:schedule-group/{}"),
    "AWS::SecretsManager::Secret": Shape("secret", "arn:P:secretsmanager:R:A:secret:{}", ARN, {"Id": ARN}),
    "AWS::Serverless::Function": Shape(
        "function", "arn:P:lambda:R:A:function:{}", NAME, {"Arn": ARN, "FunctionName": NAME}
    ),
    "AWS::StepFunctions::Activity": Shape("activity", "arn:P:states:R:A:activity:{}", ARN, {"Arn": ARN, "Name": NAME}),
    "AWS::StepFunctions::StateMachine": Shape(
        "state-machine", "arn:P:states:R:A:stateMachine:{}", ARN, {"Arn": ARN, "Name": NAME}
    ),
    "AWS::Serverless::StateMachine": Shape(
        "state-machine", "arn:P:states:R:A:stateMachine:{}", ARN, {"Arn": ARN, "Name": NAME}
    ),
}
#: Kind -> ARN template, for things that are only named and not in the template.
KINDS: dict[str, str] = {shape.kind: shape.arn for shape in SHAPES.values()}


def shape_of(app: App | None, target: str) -> Shape | None:
    """The shape of a logical id, or ``None`` when it is a parameter or of a type without one."""
    if app is None:
        return None
    resource = app.resources.get(target)
    if resource is not None:
        return SHAPES.get(resource.type)
    return SHAPES["AWS::Lambda::Function"] if app.function(target) is not None else None


def spell(template: str, name: Value) -> Value:
    """The ARN a template and a name make."""
    parts: list[Value] = []
    for index, part in enumerate(template.split(":")):
        if index:
            parts.append(":")
        before, hole, after = part.partition("{}")
        parts.extend([_PSEUDO.get(part, before), *([name, after] if hole else [])])
    return join(parts)


def short(app: App, kind: str, value: Value) -> Value:
    """The ARN of what a parameter names, in the short form where it is a resource of the app.

    Args:
        app: where logical ids are looked up.
        kind: what the parameter names (``table``, ``queue``); a name that is not in the app becomes an ARN of it.
        value: one alternative: a name, a URL, an ARN, or a reference to one of them.

    Returns:
        The ARN, or ``Unknown`` with the reason in its ``why``.
    """
    if isinstance(value, Ref):
        return _short_ref(app, kind, value)
    if isinstance(value, str | Text):
        return _short_text(app, kind, value)
    if isinstance(value, Unknown):
        return value
    return Unknown("it is not given" if value is None else f"it is a {type(value).__name__}")


def _short_ref(app: App, kind: str, ref: Ref) -> Value:
    shape = shape_of(app, ref.target)
    if shape is not None:
        if not ref.attribute or ref.attribute in shape.attributes:
            return Ref(ref.target, "Arn")
        if shape.kind == "function" and ref.attribute in ("Alias", "Version"):
            return join([Ref(ref.target, "Arn"), ":*"])
        return Unknown(f"{ref} does not name a {kind}")
    if kind == "queue" and _is_url(ref):
        return Unknown(f"the ARN of a queue cannot be made of its URL {ref}")
    if _is_arn(ref) or (kind in _BY_ARN and ref.target not in app.resources):
        return ref
    return spell(KINDS[kind], ref)


#: Kinds whose parameter is documented to be an ARN, so that a reference we know nothing about is one.
_BY_ARN = frozenset({"topic", "state-machine", "role", "activity"})


def _is_arn(ref: Ref) -> bool:
    return (ref.attribute or ref.target).lower().endswith("arn")


def _is_url(ref: Ref) -> bool:
    return (ref.attribute or ref.target).lower().endswith(("url", "uri"))


def _short_text(app: App, kind: str, value: "str | Text") -> Value:
    known = _resource_named(app, kind, value)
    if known:
        return Ref(known, "Arn")
    first = value if isinstance(value, str) else value.parts[0]
    if isinstance(first, str) and first.startswith("arn:"):
        return _short_arn(app, value)
    if isinstance(first, Ref) and (first.attribute == "Arn" or _is_arn(first)):
        return value
    if not is_known(value):
        return Unknown(f'it is only known as "{value}"')
    if kind == "queue" and isinstance(first, str) and "://" in first:
        return _short_text(app, kind, _after_slash(value))
    name: Value = value
    if kind == "parameter":
        name = _without_slash(value)
    if kind == "secret":
        name = join([value, "-??????"])  # Secrets Manager appends six characters to every name
    return spell(KINDS[kind], name)


def _without_slash(name: Value) -> Value:
    """A parameter's name as its ARN has it: ``/app/key`` is ``parameter/app/key``."""
    if isinstance(name, Text) and isinstance(name.parts[0], str):
        return join([name.parts[0].lstrip("/"), *name.parts[1:]])
    return name.lstrip("/") if isinstance(name, str) else name


def _after_slash(value: "str | Text") -> "str | Text":
    """The last path segment of a URL: what stands after the last literal slash."""
    parts = (value,) if isinstance(value, str) else value.parts
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, str) and "/" in part:
            tail = join([part.rpartition("/")[2], *parts[index + 1 :]])
            return tail if isinstance(tail, str | Text) else Text((tail,))
    return value


def _short_arn(app: App, value: "str | Text") -> Value:
    """An ARN spelled out: the short form when it is exactly that of a resource of the app."""
    spelled = plain_partition(value)
    for target in (*app.resources, *(function.id for function in app.functions)):
        if long(app, Ref(target, "Arn")) == spelled:
            return Ref(target, "Arn")
    parts = (spelled,) if not isinstance(spelled, Text) else spelled.parts
    if any(isinstance(part, Unknown) for part in parts):
        return Unknown(f'it is only known as "{value}"')
    return spelled


def plain_partition(value: Value) -> Value:
    """``arn:aws:`` written as ``arn:{AWS::Partition}:``, so that both spellings are equal."""
    first = value.parts[0] if isinstance(value, Text) else value
    if isinstance(first, str) and first.startswith("arn:aws:"):
        rest = value.parts[1:] if isinstance(value, Text) else ()
        return join(["arn:", PARTITION, first[7:], *rest])
    return value


def _resource_named(app: App, kind: str, name: Value) -> str:
    for resource in app.resources.values():
        shape = SHAPES.get(resource.type)
        if shape and shape.kind == kind and resource.name is not None and resource.name == name:
            return resource.id
    if kind == "function" and isinstance(name, str | Text):
        for function in app.functions:
            if function.properties is not None and function.properties.get("FunctionName") == name:
                return function.id
    return ""


def name_of(app: App | None, target: str) -> Value:
    """The name a resource will have: as the template says, else a reference that stands for it."""
    if app is None:
        return Ref(target)
    resource = app.resources.get(target)
    if resource is not None and resource.name is not None:
        return resource.name
    function = app.function(target)
    if function is not None and function.properties is not None:
        name = function.properties.get("FunctionName")
        if name is not None:
            return name
    return Ref(target)


def long(app: App | None, value: Value) -> Value:
    """A value as policies are compared in: every reference to a resource of the app spelled out.

    Whole ARNs and names are told apart by the shape of the resource: ``Ref`` of a topic is its ARN, of a table its
    name. What has no shape (parameters, other types) stays as it is.
    """
    if isinstance(value, Choice):
        return Choice(tuple(long(app, option) for option in value.options))
    if not isinstance(value, Ref | Text | str):
        return value
    parts = value.parts if isinstance(value, Text) else (value,)
    spelled = [_long_ref(app, part) if isinstance(part, Ref) else part for part in parts]
    return plain_partition(join(spelled))


def _long_ref(app: App | None, ref: Ref) -> Value:
    shape = shape_of(app, ref.target)
    if shape is None:
        # Of a type without a shape: its id or name is what Ref gives, as far as policies are concerned.
        own = app is not None and ref.target in app.resources and ref.attribute.endswith(("Id", "Name"))
        return Ref(ref.target) if own else ref
    what = ref.attribute and shape.attributes.get(ref.attribute, ARN if ref.attribute == "Arn" else "")
    if not ref.attribute:
        what = shape.ref
    if what == ARN:
        name = name_of(app, ref.target)
        return spell(shape.arn, _without_slash(name) if shape.kind == "parameter" else name)
    return name_of(app, ref.target) if what == NAME else ref

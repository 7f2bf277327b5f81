"""Whatever shape a template has, it becomes an App or failures with places; nothing else happens."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.read.build import build
from remit.read.document import parse
from remit.read.sam import TYPES
from remit.read.wiring import READERS

KEYS = (
    "Type Properties Events Handler Runtime CodeUri Code ZipFile Policies Statement Effect Action Resource Principal "
    "Condition Role Auth DefaultAuthorizer Authorizers Authorizer Path Method RestApiId ApiId Queue Topic Bucket Pattern "
    "source FunctionName EventSourceArn Targets Arn NotificationConfiguration LambdaConfigurations Environment Variables "
    "Layers VpcConfig FunctionUrlConfig AuthType PolicyDocument Queues Subscription Endpoint Timeout Integration Uri "
    "DefinitionBody paths get security x-amazon-apigateway-integration uri Target ResourceId ParentId PathPart "
    "RedrivePolicy deadLetterTargetArn Connectors Metadata EndpointConfiguration LambdaConfig Fn::GetAtt Ref Fn::Sub "
    "Fn::Join Fn::If Fn::Select Fn::Split Fn::FindInMap Fn::Transform Fn::ToJsonString Fn::Length"
)
WORDS = st.sampled_from(
    ["A", "B", "C", "${A}", "${A.Arn}", "*", "arn:aws:sqs:x:1:q", "NONE", "AWS_IAM", "true", "Api", "SQS"]
)
LEAVES = WORDS | st.none() | st.booleans() | st.integers(-5, 5)
NAMES = st.sampled_from(KEYS.split())
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=25
)
KINDS = sorted(
    {*TYPES, *READERS, "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::SQS::QueuePolicy", "AWS::ApiGateway::Method"}
)
RESOURCES = st.dictionaries(
    st.sampled_from("ABC"),
    st.fixed_dictionaries({"Type": st.sampled_from(KINDS), "Properties": st.dictionaries(NAMES, TREES, max_size=6)})
    | TREES,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(RESOURCES, TREES, st.booleans())
def test_any_shape_is_read_or_refused_with_places(resources: object, other: object, sam: bool) -> None:
    template = {
        "Resources": resources,
        "Globals": {"Function": other, "Api": other},
        "Mappings": other,
        "Conditions": other,
    }
    template |= {"Parameters": other} | ({"Transform": "AWS::Serverless-2016-10-31"} if sam else {})
    text = json.dumps(template, indent=1)
    app, skips, failures = build(parse(text.encode(), json=True), "template.json")
    lines = text.count("\n") + 1
    places: list[Location | None] = [trigger.location for trigger in app.triggers]
    places += [place for trigger in app.triggers for place, _ in trigger.because]
    places += [item.location for item in (*app.functions, *app.resources.values(), *skips, *failures)]
    places += [grant.location for role in app.roles.values() for grant in role.grants]
    assert all(place is not None and 1 <= place.line <= lines for place in places)
    assert {trigger.function for trigger in app.triggers} == {function.id for function in app.functions}

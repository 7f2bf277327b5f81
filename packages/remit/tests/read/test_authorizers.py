# ruff: noqa: E501  templates in tables read best in one line
"""Which authorizer is really attached to a route, and who gets past it: SAM, CloudFormation, OpenAPI."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.model import Sender
from remit.read.build import build
from remit.read.document import parse

SAM = """\
F: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b, CodeUri: ., Events: {{E: {{Type: {kind}, Properties: {{{ref}: !Ref A, Method: {method}, Path: /x{own}}}}}}}}}}}
A: {{Type: AWS::Serverless::{kind}, Properties: {{StageName: s, {settings}}}}}
P: {{Type: AWS::Cognito::UserPool}}
Closed: {{Type: AWS::Cognito::UserPool, Properties: {{AdminCreateUserConfig: {{AllowAdminCreateUserOnly: true}}}}}}
"""
POOL = "Authorizers: {C: {UserPoolArn: !GetAtt P.Arn}, D: {UserPoolArn: !GetAtt Closed.Arn}}"
JWT = "Authorizers: {J: {IdentitySource: x, JwtConfiguration: {issuer: !Sub 'https://cognito-idp.r.amazonaws.com/${P}', audience: [a]}}, K: {IdentitySource: x, JwtConfiguration: {issuer: 'https://login.example', audience: [a]}}}"
OPEN = "anyone can sign up to P"


def only(resources, kind: str, settings: str, own: str = "", method: str = "get"):  # type: ignore[no-untyped-def]
    ref = "RestApiId" if kind == "Api" else "ApiId"
    own = f", {own}" if own else ""
    app = resources(SAM.format(kind=kind, ref=ref, settings=settings, own=own, method=method))
    (trigger,) = app.triggers
    return trigger


@pytest.mark.parametrize(
    ("kind", "settings", "own", "sender", "authorizer", "is_open"),
    [
        ("Api", f"Auth: {{DefaultAuthorizer: C, {POOL}}}", "", Sender.AUTHENTICATED, "cognito", True),
        ("Api", f"Auth: {{DefaultAuthorizer: D, {POOL}}}", "", Sender.AUTHENTICATED, "cognito", False),
        ("Api", f"Auth: {{DefaultAuthorizer: C, {POOL}}}", "Auth: {Authorizer: D}", Sender.AUTHENTICATED, "cognito", False),
        ("Api", f"Auth: {{DefaultAuthorizer: C, {POOL}}}", "Auth: {Authorizer: NONE}", Sender.ANYONE, "", False),
        ("Api", f"Auth: {{DefaultAuthorizer: C, {POOL}}}", "Auth: {Authorizer: AWS_IAM, InvokeRole: NONE}", Sender.ACCOUNT, "iam", False),
        ("Api", f"Auth: {{{POOL}}}", "", Sender.ANYONE, "", False),
        ("Api", f"Auth: {{{POOL}}}", "Auth: {Authorizer: C}", Sender.AUTHENTICATED, "cognito", True),
        ("Api", "Auth: {ApiKeyRequired: true}", "", Sender.AUTHENTICATED, "api-key", False),
        ("Api", "Auth: {ApiKeyRequired: true}", "Auth: {ApiKeyRequired: false}", Sender.ANYONE, "", False),
        ("Api", "Auth: {ResourcePolicy: {IpRangeWhitelist: [10.0.0.0/8]}}", "", Sender.ACCOUNT, "", False),
        ("Api", "Auth: {ResourcePolicy: {IpRangeBlacklist: [10.0.0.0/8]}}", "", Sender.ANYONE, "", False),
        ("Api", "Auth: {ResourcePolicy: {SourceVpcWhitelist: [vpc-1]}}", "", Sender.ACCOUNT, "", False),
        ("Api", "EndpointConfiguration: {Type: PRIVATE, VPCEndpointIds: [vpce-1]}", "", Sender.ACCOUNT, "", False),
        ("Api", f"EndpointConfiguration: {{Type: PRIVATE}}, Auth: {{DefaultAuthorizer: C, {POOL}}}", "", Sender.ACCOUNT, "cognito", True),
        ("HttpApi", f"Auth: {{DefaultAuthorizer: J, {JWT}}}", "", Sender.AUTHENTICATED, "jwt", True),
        ("HttpApi", f"Auth: {{DefaultAuthorizer: K, {JWT}}}", "", Sender.AUTHENTICATED, "jwt", False),
        ("HttpApi", f"Auth: {{DefaultAuthorizer: K, {JWT}}}", "Auth: {Authorizer: NONE}", Sender.ANYONE, "", False),
        ("HttpApi", f"Auth: {{{JWT}}}", "Auth: {Authorizer: J}", Sender.AUTHENTICATED, "jwt", True),
        ("HttpApi", "Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}", "", Sender.ACCOUNT, "iam", False),
    ],
)  # fmt: skip
def test_sam(resources, kind, settings, own, sender, authorizer, is_open) -> None:  # type: ignore[no-untyped-def]
    trigger = only(resources, kind, settings, own)
    assert (trigger.sender, trigger.authorizer.kind if trigger.authorizer else "") == (sender, authorizer)
    # A private API's users are in its network whoever signs up.
    told = OPEN in [text for _, text in trigger.because]
    assert told is (is_open and sender is Sender.AUTHENTICATED)


@pytest.mark.parametrize(("spare", "sender"), [("true", Sender.AUTHENTICATED), ("false", Sender.ANYONE)])
def test_preflight(resources, spare: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    auth = f"Auth: {{DefaultAuthorizer: C, AddDefaultAuthorizerToCorsPreflight: {spare}, {POOL}}}"
    assert only(resources, "Api", auth, method="options").sender is sender


BASE = """\
F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Code: x}}
P: {Type: AWS::Cognito::UserPool}
"""
V1 = """\
A: {Type: AWS::ApiGateway::RestApi}
Z: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref A, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt P.Arn]}}
M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Z, Integration: {Uri: !Sub 'arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}}
"""
V2 = """\
A: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
Z: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref A, AuthorizerType: JWT, JwtConfiguration: {Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${P}'}}}
I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref A, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '2.0'}}
R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: GET /, AuthorizationType: JWT, AuthorizerId: !Ref Z, Target: !Sub 'integrations/${I}'}}
"""
DEFINED = """\
A:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      securityDefinitions: {C: {type: apiKey, x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [!GetAtt P.Arn]}}}
      paths: {/: {get: {security: [{C: []}], x-amazon-apigateway-integration: {uri: !Sub 'arn:aws:apigateway:r:lambda:path/x/${F.Arn}/invocations'}}}}
"""


@pytest.mark.parametrize("text", [V1, V2, DEFINED])
def test_users_of_an_open_pool_are_said_to_be_anyone_who_signs_up(resources, text: str) -> None:  # type: ignore[no-untyped-def]
    (trigger,) = resources(BASE + text).triggers
    assert trigger.name == "GET /"
    assert trigger.sender is Sender.AUTHENTICATED
    assert trigger.because[-1][1] == OPEN
    assert trigger.because[-1][0].line == 4


def test_only_the_connecting_route_of_a_socket_is_checked(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        BASE
        + """\
A: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref A, IntegrationUri: !GetAtt F.Arn}}
R1: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: $connect, AuthorizationType: AWS_IAM, Target: !Sub 'integrations/${I}'}}
R2: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: say, Target: !Sub 'integrations/${I}'}}
"""
    )
    assert {(item.name, item.source, item.sender) for item in app.triggers} == {
        ("$connect", "websocket", Sender.ACCOUNT),
        ("say", "websocket", Sender.ACCOUNT),
    }


KEYS = st.sampled_from(
    [
        "paths",
        "/x",
        "get",
        "post",
        "security",
        "components",
        "securitySchemes",
        "securityDefinitions",
        "x-amazon-apigateway-integration",
        "uri",
        "type",
        "x-amazon-apigateway-authorizer",
        "x-amazon-apigateway-authtype",
        "requestTemplates",
        "requestParameters",
        "httpMethod",
        "C",
    ]
)
LEAVES = (
    st.sampled_from(["aws", "C", "arn:aws:apigateway:r:sqs:path/1/q", "arn:aws:apigateway:r:lambda:path/f", "jwt"])
    | st.none()
    | st.booleans()
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=30
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(KEYS, TREES, max_size=4), st.sampled_from(["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"])
)
def test_any_definition_is_read_or_left(body: object, kind: str) -> None:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}
    template = {"Resources": {"F": function, "Q": queue, "A": {"Type": kind, "Properties": {"Body": body}}}}
    app, _, failures = build(parse(json.dumps(template).encode(), json=True), "template.json")
    assert not failures
    assert {trigger.function for trigger in app.triggers} == {"F"}
    assert all(edge.source in app.resources and edge.target in app.resources for edge in app.edges)

# ruff: noqa: E501  templates in tables read best in one line
"""CORS and throttles of routes."""

import pytest

from remit.app.model import App

SAM = """\
F: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b, CodeUri: ., Events: {{E: {{Type: {kind}, Properties: {{{ref}: !Ref A, Method: get, Path: /x}}}}}}}}}}
A: {{Type: AWS::Serverless::{kind}, Properties: {{StageName: s, {settings}}}}}
"""


def read(resources, kind: str, settings: str):  # type: ignore[no-untyped-def]
    app: App = resources(SAM.format(kind=kind, ref="RestApiId" if kind == "Api" else "ApiId", settings=settings))
    return app.triggers[0]


@pytest.mark.parametrize(
    ("kind", "settings", "origins", "credentials"),
    [
        ("Api", "Cors: \"'*'\"", ("*",), False),
        ("Api", "Cors: {AllowOrigin: \"'https://a.example'\", AllowCredentials: true}", ("https://a.example",), True),
        ("HttpApi", "CorsConfiguration: true", ("*",), False),
        ("HttpApi", "CorsConfiguration: {AllowOrigins: ['*', 'https://b.example'], AllowCredentials: true}", ("*", "https://b.example"), True),
    ],
)  # fmt: skip
def test_cors(resources, kind, settings, origins, credentials) -> None:  # type: ignore[no-untyped-def]
    cors = read(resources, kind, settings).cors
    assert (cors.origins, cors.credentials) == (origins, credentials)
    assert cors.location.line == 4


def test_no_settings(resources) -> None:  # type: ignore[no-untyped-def]
    trigger = read(resources, "Api", "Name: a")
    assert (trigger.cors, trigger.throttle) == (None, None)


@pytest.mark.parametrize(
    ("kind", "settings", "rate", "burst", "by"),
    [
        ("HttpApi", "DefaultRouteSettings: {ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}", 50, 100, "stage"),
        ("HttpApi", "DefaultRouteSettings: {ThrottlingRateLimit: 50}, RouteSettings: {'GET /x': {ThrottlingRateLimit: 5}, 'GET /y': {ThrottlingRateLimit: 1}}", 5, None, "route"),
        ("Api", "MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 9}, {ResourcePath: /~1x, HttpMethod: GET, ThrottlingBurstLimit: -1}]", 9, None, "stage"),
        ("Api", "Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: PER_API, Throttle: {RateLimit: 2, BurstLimit: 3}}}", 2, 3, "key"),
    ],
)  # fmt: skip
def test_throttles(resources, kind, settings, rate, burst, by) -> None:  # type: ignore[no-untyped-def]
    throttle = read(resources, kind, settings).throttle
    assert (throttle.rate, throttle.burst, throttle.by) == (rate, burst, by)


def test_limits_of_plain_cloudformation(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        """\
F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Code: x}}
A: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*']}}}
I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref A, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '2.0'}}
R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: $default, Target: !Sub 'integrations/${I}'}}
S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref A, RouteSettings: {$default: {ThrottlingRateLimit: 7}}}}
G: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Code: x}}
U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref G, AuthType: NONE, Cors: {AllowOrigins: ['https://c.example'], AllowCredentials: true}}}
"""
    )
    found = {trigger.function: trigger for trigger in app.triggers}
    assert (found["F"].cors.origins, found["F"].throttle.rate) == (("*",), 7)
    assert (found["G"].cors.origins, found["G"].cors.credentials) == (("https://c.example",), True)

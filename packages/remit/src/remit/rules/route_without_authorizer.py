"""A route changes something, and nobody is asked who they are.

## What it finds

A route without an authorizer, behind which the function changes data, calls other functions, or reads a secret, with the
rights of its role: of REST and HTTP APIs, of WebSocket APIs (where `$connect` is what an authorizer stands before), of
load balancers, and of GraphQL APIs, whose key is no login. Routes that only read, routes named like a login, a sign-up, a
webhook or a health check, and functions that verify a token or a signature themselves are for the pedantic persona.

## Why it matters

Everyone who knows the address can call it, and addresses are found within hours. An authorizer that is declared in
the template but not attached to the route checks nothing.

## How to mend it

Attach an authorizer to the route, or make it the API's default (`Auth: {DefaultAuthorizer: ...}`) and open single
routes by name.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Remove:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      Events:
        Delete: {Type: HttpApi, Properties: {Method: DELETE, Path: "/orders/{id}"}}
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Login
        Authorizers:
          Login:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example.com/", audience: [shop]}
  Orders: {Type: AWS::Serverless::SimpleTable}
  Remove:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      Events:
        Delete: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: DELETE, Path: "/orders/{id}"}}
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function, Sender, Trigger
from remit.app.need import Need
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._sensitive import sensitive_call, verifies

_ROUTES = ("http-api", "rest-api", "websocket", "alb", "appsync")
#: Routes that are open by their nature: one cannot be signed in before signing in, and machines sign their calls.
_OPEN_BY_NATURE = re.compile(
    r"(?i)log-?in|sign-?(in|up)|register|oauth|token|callback|webhook|/hooks?\b|health|ping|status|public|contact|"
    r"subscribe|feedback|password|verify|confirm|favicon|robots"
)
_WRITES = ("POST", "PUT", "PATCH", "DELETE", "ANY", "*")


def _check(facts: Facts) -> Iterator[Finding]:
    for function in facts.app.functions:
        routes = [
            trigger
            for trigger in facts.app.triggers_of(function.id)
            if trigger.source in _ROUTES and trigger.sender == Sender.ANYONE and _is_unchecked(trigger)
        ]
        grave = [route for route in routes if _method(route) in _WRITES]
        if grave:
            call = sensitive_call(facts, function)
            verified = verifies(facts, function)
            # Whoever opens a socket is written down; what is sent over it is what matters.
            sharp = [route for route in grave if not _OPEN_BY_NATURE.search(route.name) and route.name != "$connect"]
            regular = call is not None and not verified and bool(sharp)
            yield _finding(
                function, sharp if regular else grave, call, Persona.REGULAR if regular else Persona.PEDANTIC
            )
        elif routes:
            yield _finding(function, routes, None, Persona.PEDANTIC)


def _is_unchecked(trigger: Trigger) -> bool:
    """Whether nothing asks who is calling: every client of a GraphQL API knows its key; the end of a socket is no request."""
    if trigger.source == "appsync":
        return trigger.authorizer is None or trigger.authorizer.kind == "api-key"
    return trigger.authorizer is None and trigger.name != "$disconnect"


def _place(route: Trigger) -> Location:
    """Where the route is written, rather than the event around it."""
    path = route.properties.at("Path") if route.properties else None
    return path.location if path is not None else route.location


def _method(trigger: Trigger) -> str:
    """``POST`` of ``POST /orders``; a route without a method (every route of an API made in one go) takes any."""
    if trigger.source == "appsync":
        return "GET" if trigger.name.startswith(("Query.", "Subscription.")) else "POST"
    word, _, path = trigger.name.partition(" ")
    return word.upper() if path.startswith("/") and word.isalpha() else "ANY"


def _finding(function: Function, routes: list[Trigger], call: Need | None, persona: Persona) -> Finding:
    first, *rest = routes
    does = f": it calls {call.what}" if call else ""
    related = [Hop(_place(route), f"{route.name} has none either") for route in rest]
    if call:
        related.insert(0, Hop(call.because[0], f"{call.what} with the function's role"))
    return Finding(
        rule="route-without-authorizer",
        severity=Severity.MEDIUM if persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=f"anyone on the internet may call {first.name} of {function.id}{does}",
        location=_place(first),
        label="an API key is no login" if first.authorizer is not None else "no authorizer is attached",
        related=tuple(related),
        function=function.id,
        fixes=(Fix("attach an authorizer to the route, or set a DefaultAuthorizer on the API"),),
        persona=persona,
        content=first.name,
    )


RULE = Rule(
    "route-without-authorizer",
    "route that changes data for everybody",
    Severity.MEDIUM,
    ("CWE-306", "OWASP-S2", "SAS-02"),
    _check,
)

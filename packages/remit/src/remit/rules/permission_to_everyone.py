"""A permission lets every account, or every customer of a service, invoke a function.

## What it finds

An `AWS::Lambda::Permission` with `Principal: "*"` and nothing that narrows it. One for a service without `SourceArn` or
`SourceAccount` is for the pedantic persona: other people's buckets and topics may send through that service too.

## Why it matters

Anyone with an account of their own can invoke the function with an event of their making, past every API and
authorizer.

## How to mend it

Name the account, role or service that invokes it, and add `SourceArn`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Work, Action: lambda:InvokeFunction, Principal: "*"}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Work, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.node import Node, certain, possible
from remit.app.report import Finding, Fix, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._template import of_type, place

_NARROWING = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")


def _is_narrowed(properties: Node) -> bool:
    """Whether something ties the permission: a sender, or a URL that lets everybody in anyway and is reported itself."""
    through_url = properties.get("InvokedViaFunctionUrl") in (True, "true", "True")
    open_url = properties.get("FunctionUrlAuthType") == "NONE"
    return through_url or open_url or any(certain(properties.at(name)) for name in _NARROWING)


def _check(facts: Facts) -> Iterator[Finding]:
    for permission in of_type(facts, "AWS::Lambda::Permission"):
        properties = permission.properties
        principals = [value for value in possible(properties.at("Principal")) if isinstance(value, str)]
        principal = "*" if "*" in principals else next(iter(principals), None)
        if permission.implied or _is_narrowed(properties) or not isinstance(principal, str):
            continue
        function = next((ref.target for ref in refs(properties.get("FunctionName"))), permission.id)
        if principal == "*":
            who, severity, persona = "every account", Severity.HIGH, Persona.REGULAR
        elif principal.endswith(".amazonaws.com") and not principal.startswith(("apigateway", "edgelambda", "cognito")):
            who, severity, persona = f"every customer of {principal}", Severity.LOW, Persona.PEDANTIC
        else:
            continue
        yield Finding(
            rule="permission-to-everyone",
            severity=severity,
            confidence="high",
            message=f"{who} may invoke {function}",
            location=place(properties.at("Principal"), permission.location),
            label="nothing narrows who may invoke it",
            function=function,
            resource=permission.id,
            fixes=(Fix("name who may invoke it, and add SourceArn"),),
            persona=persona,
            content=principal,
        )


RULE = Rule(
    "permission-to-everyone",
    "function that everybody may invoke",
    Severity.HIGH,
    ("CWE-284", "OWASP-S5", "SAS-03"),
    _check,
)

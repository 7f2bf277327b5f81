"""A function has a URL of its own that everyone may call.

## What it finds

A function URL with `AuthType: NONE`. When the code verifies a signature itself, or reads and returns only, it is for the
pedantic persona.

## Why it matters

A function URL has no authorizer, no throttling of its own and no firewall in front. Everyone can call the function as
often as they like, with any body.

## How to mend it

`AuthType: AWS_IAM`, or put an API with an authorizer in front.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig: {AuthType: NONE}
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
```

```python app.py
import os
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig: {AuthType: AWS_IAM}
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
```

```python app.py
import os
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function, Sender
from remit.app.report import Edit, Finding, Fix, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._mend import line_at
from remit.rules._sensitive import sensitive_call, verifies


def _check(facts: Facts) -> Iterator[Finding]:
    for function in facts.app.functions:
        for trigger in facts.app.triggers_of(function.id):
            if trigger.source == "function-url" and trigger.sender == Sender.ANYONE:
                place = _auth_type(facts, function) or trigger.location
                call = sensitive_call(facts, function)
                regular = call is not None and not verifies(facts, function)
                does = f": it calls {call.what}" if call else ""
                yield Finding(
                    rule="public-function-url",
                    severity=Severity.MEDIUM if regular else Severity.LOW,
                    confidence="high",
                    message=f"anyone on the internet may call the URL of {function.id}{does}",
                    location=place,
                    label="nobody is asked who they are",
                    function=function.id,
                    fixes=tuple(_fixes(facts, place)),
                    persona=Persona.REGULAR if regular else Persona.PEDANTIC,
                    content=function.id,
                )


def _auth_type(facts: Facts, function: Function) -> Location | None:
    node = function.properties.at("FunctionUrlConfig", "AuthType") if function.properties else None
    if node is not None:
        return node.location
    for resource in facts.app.resources.values():
        named = refs(resource.properties.get("TargetFunctionArn")) if resource.type == "AWS::Lambda::Url" else ()
        if any(ref.target == function.id for ref in named):
            found = resource.properties.at("AuthType")
            return found.location if found else resource.location
    return None


def _fixes(facts: Facts, place: Location) -> Iterator[Fix]:
    line = line_at(facts, place)
    end = place.end_column or len(line) + 1
    edits: tuple[Edit, ...] = ()
    written = line[place.column - 1 : end - 1]
    if written.strip("\"'") == "NONE":
        # Quotes stay as they are: where they are written, they may be needed.
        edits = (Edit(place, written.replace("NONE", "AWS_IAM")),)
    yield Fix("set AuthType to AWS_IAM, or put an API with an authorizer in front", edits)


RULE = Rule(
    "public-function-url", "function URL for everybody", Severity.MEDIUM, ("CWE-306", "OWASP-S2", "SAS-03"), _check
)

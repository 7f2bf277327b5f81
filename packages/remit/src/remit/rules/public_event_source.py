"""Everyone on the internet can start a function, because its bucket, queue or topic takes objects or messages from all.

## What it finds

A resource policy or access list that lets everyone write to a bucket, queue or topic that triggers a function, and roles of
guests that may. Where everyone gets there by an API that was made for it, it is for the pedantic persona, unless the
function changes data, calls other functions or reads a secret; mail is for the pedantic persona, as everyone may write.

## Why it matters

The function's author thought of the app as the sender. The object key, the message body and its attributes are now
chosen by strangers, who also decide how often the function runs and who pays for it.

## How to mend it

Name the accounts or services that may send, or narrow the statement with a condition on the source
(`aws:SourceArn`, `aws:SourceAccount`). Let browsers upload with pre-signed URLs.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
```

```python app.py
def handler(event, context):
    return len(event["Records"])
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: events.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Jobs.Arn
            Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
```

```python app.py
def handler(event, context):
    return len(event["Records"])
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import word_in
from remit.rules._public import everyone
from remit.rules._sensitive import sensitive_call, verifies
from remit.rules._template import of_type

#: Event source -> how a statement that lets everyone send is written, most telling first.
_SENDING = {
    "s3": ("s3:PutObject", "s3:Put*", "s3:*", "PublicReadWrite"),
    "sqs": ("sqs:SendMessage", "SQS:SendMessage", "sqs:Send*", "sqs:*", "SQS:*"),
    "sns": ("sns:Publish", "SNS:Publish", "sns:*", "SNS:*"),
    "eventbridge": ("events:PutEvents", "events:*"),
    "kinesis": ("kinesis:PutRecord", "kinesis:*"),
}


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[str, list[Trigger]] = {}
    for trigger in facts.app.triggers:
        if trigger.sender == Sender.ANYONE and trigger.source in _SENDING and trigger.resource:
            groups.setdefault(trigger.resource, []).append(trigger)
    for resource, triggers in groups.items():
        first = triggers[0]
        names = ", ".join(dict.fromkeys(trigger.function for trigger in triggers))
        place, why = _cause(first)
        place = word_in(facts, place, _SENDING[first.source])
        severity, persona = _weight(facts, triggers)
        yield Finding(
            rule="public-event-source",
            severity=severity,
            confidence="high",
            message=f"anyone on the internet starts {names} through {resource}",
            location=place,
            label=why,
            related=tuple(Hop(trigger.location, f"starts {trigger.function}") for trigger in triggers),
            function=first.function,
            resource=resource,
            fixes=(Fix("name who may send, or narrow the statement with a condition on the source"),),
            persona=persona,
            content=resource,
        )


def _weight(facts: Facts, triggers: list[Trigger]) -> tuple[Severity, Persona]:
    """A policy that lets everyone send is a mistake; an API before a queue is mostly meant, and counts as a route does."""
    places = {place for trigger in triggers for place, _ in trigger.because}
    guests = any("guests" in why for trigger in triggers for _, why in trigger.because)
    if guests or not places.isdisjoint(_opened(facts)):
        return Severity.HIGH, Persona.REGULAR
    if any("mail" in why for trigger in triggers for _, why in trigger.because):
        return Severity.LOW, Persona.PEDANTIC
    for trigger in triggers:
        function = facts.app.function(trigger.function)
        if function is not None and sensitive_call(facts, function) and not verifies(facts, function):
            return Severity.MEDIUM, Persona.REGULAR
    return Severity.LOW, Persona.PEDANTIC


def _opened(facts: Facts) -> set[Location]:
    """Places of the statements and access lists that let everyone in."""
    found = {grant.location for grants in facts.app.policies.values() for grant in grants if everyone(grant)}
    for bucket in of_type(facts, "AWS::S3::Bucket"):
        node = bucket.properties.at("AccessControl")
        if node is not None:
            found |= {node.location, node.key or node.location}
    return found


def _cause(trigger: Trigger) -> tuple[Location, str]:
    elsewhere = [(place, why) for place, why in trigger.because if place != trigger.location]
    return (elsewhere or list(trigger.because) or [(trigger.location, "everyone can send to it")])[0]


RULE = Rule(
    "public-event-source",
    "event source that takes events from everybody",
    Severity.HIGH,
    ("CWE-284", "OWASP-S5", "SAS-03"),
    _check,
)

"""A resource policy opens a queue, topic, secret, key, table or repository to everybody.

## What it finds

Statements of resource policies for everybody (`Principal: "*"`) without a condition that names an account, network or
source: of queues, topics, event buses, secrets, keys, image repositories, tables, streams, search domains, backup vaults,
package repositories; and layers that are shared with all accounts. What may be read and what may be changed is told apart.
Buckets have a rule of their own (`public-bucket`), and so has what starts functions (`public-event-source`).

## Why it matters

"Everybody" is every account of AWS, and for most services that needs nothing but a free account of one's own. Who reads a
queue takes the messages away from the app; who may use a key reads what it protects; who may push an image runs code.

## How to mend it

Name the accounts, roles or services that need it, or add a condition (`aws:SourceArn`, `aws:SourceAccount`,
`aws:PrincipalOrgID`).

## Bad

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: sqs:ReceiveMessage, Resource: !GetAtt Jobs.Arn}]
```

## Good

```yaml template.yaml
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: sqs:ReceiveMessage
            Resource: !GetAtt Jobs.Arn
            Condition: {StringEquals: {"aws:PrincipalOrgID": o-abcdef1234}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Grant, Sender
from remit.app.node import certain, possible
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._grants import looks_only, operation
from remit.rules._mend import word_in
from remit.rules._policies import Policy, policies
from remit.rules._public import everyone
from remit.rules._template import of_type, place

#: Looks are reading, and so is what takes out or opens what is kept.
_READING = ("receive", "subscribe", "decrypt", "generatedatakey", "eshttpget", "batchcheck", "read")
#: What only asks about the thing itself.
_IDLE = ("getqueueurl", "getqueueattributes", "gettopicattributes", "describe", "list", "eshttphead", "tag")


def _check(facts: Facts) -> Iterator[Finding]:
    started = {trigger.resource for trigger in facts.app.triggers if trigger.sender == Sender.ANYONE}
    for policy in policies(facts):
        if policy.what == "bucket" or _has_network(policy):
            continue
        for grant in policy.grants:
            abilities = _abilities(grant)
            if not everyone(grant) or policy.takes_back(grant) or not abilities:
                continue
            if policy.protects in started and abilities == ["change"]:
                continue  # public-event-source says that
            here = word_in(facts, grant.location, ('"*"', "'*'", *grant.actions))
            yield _finding(policy.what, policy.protects, here, abilities)
    for layer in of_type(facts, "AWS::Lambda::LayerVersionPermission"):
        if "*" in possible(layer.properties.at("Principal")) and certain(layer.properties.at("OrganizationId")) is None:
            here = place(layer.properties.at("Principal"), layer.location)
            yield _finding("layer", layer.id, here, ["read"])


def _has_network(policy: Policy) -> bool:
    """Whether a network stands in front, so that the policy alone opens nothing to the internet."""
    return policy.what == "file system" or (
        policy.resource is not None and certain(policy.resource.properties.at("VPCOptions")) is not None
    )


def _abilities(grant: Grant) -> list[str]:
    names = [operation(action).lower() for action in grant.actions] or ["*"]
    names = [name for name in names if not name.startswith(_IDLE)]
    reads = any(name == "*" or name.startswith(_READING) or looks_only(f"x:{name}") for name in names)
    changes = any(name == "*" or not (name.startswith(_READING) or looks_only(f"x:{name}")) for name in names)
    return [word for word, holds in (("read", reads), ("change", changes)) if holds]


def _finding(what: str, name: str, location: Location, abilities: list[str]) -> Finding:
    shared = what == "layer"
    return Finding(
        rule="open-resource-policy",
        severity=Severity.LOW if shared else Severity.HIGH,
        confidence="high",
        message=f"every account can {' and '.join(abilities)} the {what} {name}",
        location=location,
        label="everybody, and no condition narrows it",
        resource=name,
        fixes=(Fix("name who needs it, or add a condition on the account, organisation or source"),),
        persona=Persona.PEDANTIC if shared else Persona.REGULAR,
        content=f"{name} {' '.join(abilities)}",
    )


RULE = Rule(
    "open-resource-policy",
    "resource policy for everybody",
    Severity.HIGH,
    ("CWE-732", "OWASP-S5", "SAS-03"),
    _check,
)

"""Several functions run as one role, so each may do what any of them needs.

## What it finds

A role of the template that two or more functions run as, when what they need (derived from their code) is not the
same. Functions that need the same share a role without a finding.

## Why it matters

The role is the wall between functions. A flaw in the one that renders a page should not be a flaw in the one that
moves money.

## How to mend it

Let SAM make a role for each function: replace `Role` by `Policies`. `remit lock` shows each function's part.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [s3:GetObject], Resource: !Sub "${Docs.Arn}/*"}
              - {Effect: Allow, Action: [sqs:SendMessage], Resource: !GetAtt Jobs.Arn}
  Docs: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: read.handler
      CodeUri: .
      Role: !GetAtt Role.Arn
      Environment: {Variables: {DOCS: !Ref Docs}}
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: send.handler
      CodeUri: .
      Role: !GetAtt Role.Arn
      Environment: {Variables: {JOBS: !Ref Jobs}}
```

```python read.py
import os
import boto3

def handler(event, context):
    return boto3.client("s3").get_object(Bucket=os.environ["DOCS"], Key="terms.txt")["ETag"]
```

```python send.py
import os
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody="go")
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Docs: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: read.handler
      CodeUri: .
      Policies: [{S3ReadPolicy: {BucketName: !Ref Docs}}]
      Environment: {Variables: {DOCS: !Ref Docs}}
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: send.handler
      CodeUri: .
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
      Environment: {Variables: {JOBS: !Ref Jobs}}
```

```python read.py
import os
import boto3

def handler(event, context):
    return boto3.client("s3").get_object(Bucket=os.environ["DOCS"], Key="terms.txt")["ETag"]
```

```python send.py
import os
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody="go")
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Function, Role
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._grants import BOOKKEEPING, service
from remit.rules._template import functions_of

Need = tuple[str, str]


def _check(facts: Facts) -> Iterator[Finding]:
    for role in facts.app.roles.values():
        functions = functions_of(facts, role)
        if role.implied or len(functions) < 2:
            continue
        needs = {function.id: _needs(facts, function) for function in functions}
        known = [need for need in needs.values() if need is not None]
        if len(known) < 2 or all(need == known[0] for need in known):
            continue
        yield _finding(role, functions, needs)


def _needs(facts: Facts, function: Function) -> frozenset[Need] | None:
    """What a function calls; ``None`` when that is not known."""
    remit = facts.remits.get(function.id)
    if remit is None:
        return None
    needs = ((str(need.what), str(need.on)) for need in remit.of("calls"))
    return frozenset(need for need in needs if service(need[0]) not in BOOKKEEPING)


def _finding(role: Role, functions: tuple[Function, ...], needs: dict[str, frozenset[Need] | None]) -> Finding:
    names = [function.id for function in functions]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    shown = ", ".join(names[:3]) if more else " and ".join((", ".join(names[:-1]), names[-1]))
    every = frozenset[Need]().union(*(need for need in needs.values() if need))
    related = []
    for function in functions:
        mine = needs[function.id]
        if mine is not None:
            lent = sorted({action for action, _ in every - mine} - {action for action, _ in mine})
            text = f"{function.id} needs {len(mine)} of {len(every)} grants in use"
            related.append(Hop(function.location, text + (f", and may also {', '.join(lent[:3])}" if lent else "")))
    changes = any(not action.partition(":")[2].startswith(("Get", "List", "Describe", "Head")) for action, _ in every)
    return Finding(
        rule="shared-role",
        severity=Severity.MEDIUM if changes else Severity.LOW,
        confidence="high",
        message=f"{shown}{more} share {role.id}, and with it what each of them may do",
        location=role.location,
        label=f"{len(names)} functions run as this role",
        related=tuple(related),
        function=names[0],
        resource=role.id,
        fixes=(Fix("give each function a role of its own: Policies in place of Role", command="remit lock"),),
        persona=Persona.REGULAR,
        content=role.id,
    )


RULE = Rule(
    "shared-role", "role shared by unlike functions", Severity.MEDIUM, ("CWE-250", "OWASP-S5", "SAS-04"), _check
)

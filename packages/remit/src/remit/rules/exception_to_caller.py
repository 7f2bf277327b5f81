"""The text or the stack trace of an exception is sent to the caller.

## What it finds

A caught exception whose text or trace (`str(error)`, `traceback.format_exc()`) becomes part of the response of a
function that answers over HTTP. A trace that leaves the account is of medium severity and reported to everyone; the mere
text of a caught exception is of low severity, and for the pedantic persona when only signed-in users see it, or when only
exceptions about the input (`ValueError`) are caught.

## Why it matters

A trace shows file paths, library versions and the lines around the fault; a database's message shows the statement. An
attacker learns in one request what would take them days to guess.

## How to mend it

Write the exception to the log, and answer with a fixed sentence and the request's id, by which support finds it.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import json
import traceback

def handler(event, context):
    try:
        return {"statusCode": 200, "body": json.dumps(len(event["pathParameters"]["id"]))}
    except KeyError:
        return {"statusCode": 500, "body": traceback.format_exc()}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import json
import logging

def handler(event, context):
    try:
        return {"statusCode": 200, "body": json.dumps(len(event["pathParameters"]["id"]))}
    except KeyError:
        logging.exception("order not shown")
        return {"statusCode": 500, "body": json.dumps({"message": "failed", "id": context.aws_request_id})}
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import EXCEPTION, Flow
from remit.app.model import Function, Sender, Trigger
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import line_at
from remit.rules._paths import hops

#: Sources whose return value goes back to the sender.
_CAUGHT = re.compile(r"except\s+\(?([\w., ]+?)\)?(?:\s+as\b|\s*:)")
#: Exceptions that code raises about its input; what they say is seldom a secret.
_OWN = ("ValueError", "KeyError", "TypeError", "IndexError", "LookupError", "JSONDecodeError")
_FOR_CALLERS = re.compile(r"(?i)valid|badrequest|notfound|unauthori|forbidden|conflict|denied|usererror|clienterror$")
_ANSWERING = ("http-api", "rest-api", "function-url")


def _check(facts: Facts) -> Iterator[Finding]:
    seen = set()
    for function, flow in facts.flows("response", EXCEPTION):
        trigger = next((item for item in facts.app.triggers_of(function.id) if item.source in _ANSWERING), None)
        if trigger is None or flow.origin.location in seen:
            continue
        seen.add(flow.origin.location)
        yield _finding(function, flow, trigger, meant=_is_meant(facts, flow))


def _is_meant(facts: Facts, flow: Flow) -> bool:
    """Whether only exceptions are caught whose text is likely written for the caller."""
    match = _CAUGHT.search(line_at(facts, flow.origin.location))
    names = [name.strip().rpartition(".")[2] for name in match.group(1).split(",")] if match else []
    return bool(names) and all(name in _OWN or _FOR_CALLERS.search(name) for name in names)


def _finding(function: Function, flow: Flow, trigger: Trigger, *, meant: bool) -> Finding:
    trace = flow.detail.get("trace") == "true" or "trace" in flow.origin.path
    what = "the stack trace" if trace else "the text of an exception"
    outside = trigger.sender >= Sender.AUTHENTICATED
    return Finding(
        rule="exception-to-caller",
        severity=Severity.MEDIUM if trace and outside else Severity.LOW,
        confidence=flow.confidence,
        message=f"{function.id} shows {what} to {trigger.sender.phrase}",
        location=flow.location,
        label=f"{what} goes to the caller",
        hops=tuple(hops(None, flow, f"{what} goes to the caller of {trigger.name}")),
        function=function.id,
        fixes=(Fix("log the exception, and answer with a fixed sentence and the request id"),),
        persona=Persona.REGULAR if trace or (trigger.sender == Sender.ANYONE and not meant) else Persona.PEDANTIC,
        content=flow.call,
    )


RULE = Rule(
    "exception-to-caller", "exception shown to the caller", Severity.MEDIUM, ("CWE-209", "OWASP-S6", "SAS-10"), _check
)

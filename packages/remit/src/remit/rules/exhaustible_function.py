"""A handful of requests takes a public function away from everybody else.

## What it finds

`ReservedConcurrentExecutions` of ten or less for a function that anyone on the internet calls by a route without a throttle.
Reported to everyone when an address or a command comes from the event, so that the sender decides how long it takes; else
to the pedantic persona.

## Why it matters

Reserved concurrency is also the most that runs at once. Where a stranger decides how long a request takes, by the address that
is fetched or the work that is done, a few requests at a time are an outage; and when the address is the function's own, each
request is two.

## How to mend it

Throttle the route, limit what a request may cost (a timeout of its own, no addresses from outside), and reserve more than
a few people can hold.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      ReservedConcurrentExecutions: 5
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /convert}}
```

```javascript app.js
const { execSync } = require("child_process");

exports.handler = async (event) => {
  const text = execSync(`curl --silent ${event.queryStringParameters.url}`).toString();
  return { statusCode: 200, body: text };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      ReservedConcurrentExecutions: 100
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /convert}}
```

```javascript app.js
exports.handler = async (event) => {
  return { statusCode: 200, body: event.queryStringParameters.url };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import FIELD
from remit.app.model import Function, Sender
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._uses import routes

_ID = "exhaustible-function"
_FEW = 10


def _check(facts: Facts) -> Iterator[Finding]:
    for function in facts.app.functions:
        reserved = function.properties.get("ReservedConcurrentExecutions") if function.properties else None
        if not isinstance(reserved, int) or isinstance(reserved, bool) or not 0 < reserved <= _FEW:
            continue
        open_route = next((trigger for trigger in routes(facts, function)
                           if trigger.sender == Sender.ANYONE and trigger.throttle is None), None)  # fmt: skip
        if open_route is None:
            continue
        held = _held(facts, function)
        node = function.properties.at("ReservedConcurrentExecutions") if function.properties else None
        yield Finding(
            rule=_ID,
            severity=Severity.MEDIUM if held else Severity.LOW,
            confidence="high" if held else "medium",
            message=f"{reserved} requests at a time take {function.id} away from everyone",
            location=node.location if node is not None else function.location,
            label=f"{open_route.name} is open to anyone, and has no throttle",
            related=tuple(held),
            function=function.id,
            fixes=(Fix("throttle the route, and limit what one request may cost"),),
            persona=Persona.REGULAR if held else Persona.PEDANTIC,
        )


def _held(facts: Facts, function: Function) -> list[Hop]:
    """Where the sender decides how long a request takes."""
    flows = facts.analyses[function.id].flows if function.id in facts.analyses else ()
    return [
        Hop(flow.location, f"{flow.origin.path} decides how long this takes, and may lead back to this function")
        for flow in flows
        if flow.origin.kind == FIELD and (
            (flow.sink == "url" and flow.detail.get("part") == "host")
            or (flow.sink == "process" and flow.detail.get("part") != "argument")
        )
    ][:1]  # fmt: skip


RULE = Rule(_ID, "few requests exhaust a function", Severity.MEDIUM, ("CWE-770", "OWASP-X-DoW", "SAS-08"), _check)

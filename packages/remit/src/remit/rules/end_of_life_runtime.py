"""A function runs on a runtime that no longer gets security updates.

## What it finds

A `Runtime` whose announced end has passed on the day of the scan. One that ends within half a year is for the pedantic
persona. Functions on the same runtime are one finding.

## Why it matters

Flaws that are found in the language or its libraries from now on stay open in this function. Some months after the end
such a function can no longer be created, later no longer changed.

## How to mend it

Move to a later runtime of the same language, and run the tests on it.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Old:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.8
      Handler: app.handler
      CodeUri: .
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  New:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator
from datetime import date, timedelta

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function
from remit.app.report import Edit, Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import line_at
from remit.rules._runtimes import END_OF_LIFE
from remit.rules._template import place

_SOON = timedelta(days=180)
_LATER = {"python": "python3.13", "nodejs": "nodejs22.x"}


def _check(facts: Facts) -> Iterator[Finding]:
    if not facts.today:
        return
    today = date.fromisoformat(facts.today)
    groups: dict[str, list[Function]] = {}
    for function in facts.app.functions:
        if function.runtime in END_OF_LIFE and not function.guessed:  # a guess names a language, not a version
            groups.setdefault(function.runtime, []).append(function)
    for runtime, functions in groups.items():
        end = date.fromisoformat(END_OF_LIFE[runtime])
        if end <= today + _SOON:
            yield _finding(facts, runtime, functions, end, passed=end <= today)


def _finding(facts: Facts, runtime: str, functions: list[Function], end: date, *, passed: bool) -> Finding:
    first = functions[0]
    names = first.id if len(functions) == 1 else f"{len(functions)} functions"
    verb = "runs" if len(functions) == 1 else "run"
    when = f"whose support ended on {end}" if passed else f"whose support ends on {end}"
    others = dict.fromkeys(_place(function) for function in functions[1:])
    where = _place(first)
    return Finding(
        rule="end-of-life-runtime",
        severity=Severity.MEDIUM if passed else Severity.LOW,
        confidence="high",
        message=f"{names} {verb} on {runtime}, {when}",
        location=where,
        label="no security updates any more" if passed else f"security updates until {end}",
        related=tuple(Hop(other, f"{runtime} too") for other in others if other != where),
        function=first.id,
        fixes=(_fix(facts, runtime, [where, *(other for other in others if other != where)]),),
        persona=Persona.REGULAR if passed else Persona.PEDANTIC,
        content=runtime,
    )


def _place(function: Function) -> Location:
    node = function.properties.at("Runtime") if function.properties else None
    return node.location if node else place(None, function.location)


def _fix(facts: Facts, runtime: str, places: list[Location]) -> Fix:
    later = next((new for language, new in _LATER.items() if runtime.startswith(language)), "")
    if not later:
        return Fix("move to a runtime that is supported")
    edits = []
    for where in places:
        start = line_at(facts, where).find(runtime, max(where.column - 1, 0))
        if start < 0:
            return Fix(f"move to {later}, and run the tests on it")
        edits.append(Edit(Location(where.file, where.line, start + 1, where.line, start + 1 + len(runtime)), later))
    return Fix(f"move to {later}, and run the tests on it", tuple(edits))


RULE = Rule(
    "end-of-life-runtime",
    "runtime without security updates",
    Severity.MEDIUM,
    ("CWE-1104", "OWASP-S9", "SAS-03"),
    _check,
)

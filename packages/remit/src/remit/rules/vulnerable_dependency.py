"""A function ships a library with a known weakness.

## What it finds

Locked dependencies (requirements with exact versions, lock files) that an advisory of the packaged data speaks about. One
finding for each library, whatever the number of its advisories. What is not pinned to a version cannot be compared, and
the report says so.

## Why it matters

A known weakness comes with a description of the attack. The library runs with everything the function has.

## How to mend it

Raise the version to the one named, in the file that pins it, and lock again.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
import yaml

def handler(event, context):
    return yaml.safe_load("a: 1")
```

```text requirements.txt
PyYAML==5.3.1
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
import yaml

def handler(event, context):
    return yaml.safe_load("a: 1")
```

```text requirements.txt
PyYAML==6.0.2
```
"""

from collections.abc import Iterator

from remit.app.facts import Advisory, Facts
from remit.app.report import Finding, Fix, Hop, Severity
from remit.rules import Rule

_SEVERITIES = {severity.word: severity for severity in Severity} | {"moderate": Severity.MEDIUM}


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[Advisory]] = {}
    for advisory in facts.advisories:
        dependency = advisory.dependency
        groups.setdefault((dependency.ecosystem, dependency.name, dependency.version), []).append(advisory)
    for advisories in groups.values():
        yield _finding(advisories)


def _severity(advisory: Advisory) -> Severity:
    return _SEVERITIES.get(advisory.severity.lower(), Severity.MEDIUM)


def _finding(advisories: list[Advisory]) -> Finding:
    ordered = sorted(advisories, key=lambda item: (-_severity(item), item.id))
    worst = ordered[0]
    dependency = worst.dependency
    ids = list(dict.fromkeys(item.id for item in ordered))
    fixed = [item.fixed_in for item in ordered if item.fixed_in]
    places = dict.fromkeys(item.dependency.location for item in ordered)
    used = dict.fromkeys(item.dependency.function for item in ordered if item.dependency.function)
    by = f" of {', '.join(list(used)[:3])}" if used else ""
    named = ", ".join((*ids[:3], *worst.aliases[:1]))
    target = _latest(fixed)
    title = (
        f"raise {dependency.name} to {target} or later" if target else f"replace {dependency.name}: no release mends it"
    )
    return Finding(
        rule="vulnerable-dependency",
        severity=_severity(worst),
        confidence="high",
        message=f"{dependency.name} {dependency.version}{by} has {_counted(len(ids))}: {worst.summary.rstrip('.') or ids[0]}",
        location=dependency.location,
        label=named,
        related=tuple(Hop(place, "shipped here too") for place in places if place != dependency.location),
        function=dependency.function,
        resource=dependency.name,
        fixes=(Fix(title),),
        content=f"{dependency.ecosystem} {dependency.name} {dependency.version}",
        notes={
            "advisory": ", ".join(ids),
            "aliases": ", ".join(dict.fromkeys(a for item in ordered for a in item.aliases)),
        },
    )


def _counted(count: int) -> str:
    return "a known weakness" if count == 1 else f"{count} known weaknesses"


def _latest(versions: list[str]) -> str:
    """The version that mends all: the greatest by its numbers."""

    def key(version: str) -> tuple[int, ...]:
        return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in version).split())

    return max(versions, key=key, default="")


RULE = Rule(
    "vulnerable-dependency", "library with a known weakness", Severity.HIGH, ("CWE-1395", "OWASP-S9", "SAS-06"), _check
)

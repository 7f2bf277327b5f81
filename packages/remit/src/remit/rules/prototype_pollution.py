"""The sender of an event chooses keys two levels deep, and with `__proto__` among them changes every object of the function.

## What it finds

In JavaScript: `object[a][b] = value` with both keys out of the event, and functions that merge objects by calling themselves,
without a word about `__proto__`. Merges of lodash that are known to be weak are told of by `vulnerable-dependency`.

## Why it matters

What is put into the prototype of all objects is in each of them: `isAdmin` is true for everyone, an option nobody set is set.
The change outlives the request, for the next callers of the same copy.

## How to mend it

Use a `Map`, or objects made by `Object.create(null)`; leave out `__proto__`, `constructor` and `prototype`; validate the
document against a schema that allows no other keys.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /two}}
```

```javascript two/app.js
const settings = { colours: {}, sizes: {} };

exports.handler = async (event) => {
  const { section, name, value } = JSON.parse(event.body);
  settings[section][name] = value;
  return { statusCode: 204 };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /two}}
```

```javascript two/app.js
const settings = { colours: {}, sizes: {} };

exports.handler = async (event) => {
  const { name, value } = JSON.parse(event.body);
  settings.colours[name] = value;
  return { statusCode: 204 };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.noun import replace
from remit.app.report import Finding, Hop, Severity
from remit.rules import Rule
from remit.rules._uses import Place, Words, finding, places

_ID = "prototype-pollution"


def _check(facts: Facts) -> Iterator[Finding]:
    grouped: dict[str, list[Place]] = {}
    for place in places(facts, "prototype"):
        if place.use.origins.get("key"):
            grouped.setdefault(place.use.location.file, []).append(place)
    for found in grouped.values():
        first = found[0]
        origin = first.use.origins["key"][0]
        words = Words(
            f"whoever calls {first.function.id} changes the prototype of its objects",
            f"{origin.path} is a key, and so is what stands before it",
            "use a Map or Object.create(null), or leave out __proto__, constructor and prototype",
        )
        made = finding(facts, first, _ID, Severity.MEDIUM, words, confidence="medium", origin=origin)
        yield replace(made, related=tuple(Hop(place.use.location, "and here") for place in found[1:]))


RULE = Rule(_ID, "prototype changed by the sender", Severity.MEDIUM, ("CWE-1321", "OWASP-S1", "SAS-01"), _check)

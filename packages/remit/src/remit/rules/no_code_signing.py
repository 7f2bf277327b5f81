"""Nothing checks that the code of a function is what was built.

## What it finds

Functions from an archive without a code signing configuration (`CodeSigningConfigArn`). Only for the auditor; all of an
app are one finding. Images are signed elsewhere.

## Why it matters

Whoever may update a function can run anything as its role. With a signing configuration the platform takes only what
your build signed.

## How to mend it

Make an `AWS::Lambda::CodeSigningConfig` with `UntrustedArtifactOnDeployment: Enforce` and name it in each function; or ship
with `remit ship` and let the guard check the manifest.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Signed:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop/1"]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
  Work:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: ., CodeSigningConfigArn: !Ref Signed}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.node import certain
from remit.app.report import Finding, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._template import of_type, place
from remit.rules._together import Lack, together

_UNSIGNED = Lack(
    "no-code-signing",
    "runs whatever is uploaded as its code",
    "run whatever is uploaded as their code",
    "no code signing configuration",
    "name a code signing configuration",
)
_WARNED = Lack(
    "no-code-signing",
    "only warns about code that nobody signed",
    "only warn about code that nobody signed",
    "UntrustedArtifactOnDeployment is Warn",
    "set UntrustedArtifactOnDeployment to Enforce",
)


def _check(facts: Facts) -> Iterator[Finding]:
    yield from together(_UNSIGNED, _unsigned(facts))
    yield from together(_WARNED, _warned(facts))


def _unsigned(facts: Facts) -> Iterator[tuple[str, Location]]:
    for function in facts.app.functions:
        properties = function.properties
        if function.guessed or properties is None or properties.get("PackageType") == "Image":
            continue
        if certain(properties.at("CodeSigningConfigArn")) is None and properties.at("ImageUri") is None:
            yield function.id, function.location


def _warned(facts: Facts) -> Iterator[tuple[str, Location]]:
    used = {
        ref.target
        for function in facts.app.functions
        if function.properties is not None
        for ref in refs(function.properties.get("CodeSigningConfigArn"))
    }
    for config in of_type(facts, "AWS::Lambda::CodeSigningConfig"):
        node = config.properties.at("CodeSigningPolicies", "UntrustedArtifactOnDeployment")
        if config.id in used and (node is None or node.value == "Warn"):
            yield config.id, place(node, config.location)


RULE = Rule(
    "no-code-signing",
    "function whose code nobody signs",
    Severity.INFO,
    ("CWE-347", "OWASP-S9", "SAS-03"),
    _check,
    Persona.AUDITOR,
)

"""An address still takes versions of TLS that are broken.

## What it finds

Custom domains of APIs, distributions, listeners and search domains whose policy takes TLS 1.0 or 1.1. Written out it is
for the pedantic persona; where it is only the default it is for the auditor.

## Why it matters

Old versions have ciphers that are broken, and rule books (PCI DSS) forbid them. Clients of today do not need them.

## How to mend it

`SecurityPolicy: TLS_1_2`, `MinimumProtocolVersion: TLSv1.2_2021`, `SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06`.

## Bad

```yaml template.yaml
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, SecurityPolicy: TLS_1_0}
```

## Good

```yaml template.yaml
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, SecurityPolicy: TLS_1_2}
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import Node, certain, possible
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._template import is_true, of_type, text

_CERTIFICATE = ("DistributionConfig", "ViewerCertificate")
#: Type -> where its policy stands. Sources: CloudFormation user guide, resource reference of each type; defaults as told there.
_POLICY: dict[str, tuple[str, ...]] = {
    "AWS::ApiGateway::DomainName": ("SecurityPolicy",),
    "AWS::CloudFront::Distribution": (*_CERTIFICATE, "MinimumProtocolVersion"),
    "AWS::ElasticLoadBalancingV2::Listener": ("SslPolicy",),
    "AWS::OpenSearchService::Domain": ("DomainEndpointOptions", "TLSSecurityPolicy"),
    "AWS::Elasticsearch::Domain": ("DomainEndpointOptions", "TLSSecurityPolicy"),
    "AWS::Transfer::Server": ("SecurityPolicyName",),
}
#: Values that take TLS 1.0 or 1.1, or older still.
_OLD = re.compile(
    r"^(TLS_1_0|SSLv3|TLSv1|TLSv1_2016|TLSv1\.1_2016|Policy-Min-TLS-1-0-2019-07|ELBSecurityPolicy-(2016-08|2015-\d\d|TLS-1-0-.*"
    r"|TLS-1-1-.*|FS-2018-06|FS-1-1-.*|TLS13-1-[01]-.*)|TransferSecurityPolicy-2018-11)$"
)


def _check(facts: Facts) -> Iterator[Finding]:
    for resource in of_type(facts, *_POLICY):
        node = resource.properties.at(*_POLICY[resource.type])
        if node is not None and any(_OLD.match(text(value)) for value in possible(node)):
            yield _finding(resource, node.location, f"{node.value} takes TLS 1.0 or 1.1", Persona.PEDANTIC)
        elif certain(node) is None and _needs(resource):
            yield _finding(resource, resource.location, "the default takes TLS 1.0 or 1.1", Persona.AUDITOR)
    for resource in of_type(facts, "AWS::ApiGatewayV2::DomainName"):
        for node in _configurations(resource):
            policy = node.at("SecurityPolicy")
            if policy is not None and "TLS_1_0" in possible(policy):
                yield _finding(resource, policy.location, "TLS_1_0 takes TLS 1.0 or 1.1", Persona.PEDANTIC)


def _configurations(resource: Resource) -> Iterator[Node]:
    listed = resource.properties.at("DomainNameConfigurations")
    return listed.elements() if listed is not None else iter(())


def _needs(resource: Resource) -> bool:
    """Whether the default of a type is an old one, and the resource speaks TLS with a name of its own at all."""
    if resource.type == "AWS::ElasticLoadBalancingV2::Listener":
        return any(value in ("HTTPS", "TLS") for value in possible(resource.properties.at("Protocol")))
    if resource.type == "AWS::CloudFront::Distribution":
        certificate = resource.properties.at(*_CERTIFICATE)
        return certificate is not None and not is_true(certificate.get("CloudFrontDefaultCertificate"))
    return resource.type in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")


def _finding(resource: Resource, location: Location, label: str, persona: Persona) -> Finding:
    return Finding(
        rule="old-tls",
        severity=Severity.LOW if persona == Persona.PEDANTIC else Severity.INFO,
        confidence="high",
        message=f"{resource.id} takes versions of TLS that are broken",
        location=location,
        label=label,
        resource=resource.id,
        fixes=(Fix("ask for TLS 1.2 or newer"),),
        persona=persona,
        content=resource.id,
    )


RULE = Rule(
    "old-tls",
    "broken version of TLS",
    Severity.LOW,
    ("CWE-327", "OWASP-S3", "SAS-03"),
    _check,
    Persona.PEDANTIC,
)

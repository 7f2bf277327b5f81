"""Something is sent over the network so that everyone on the way can read and change it.

## What it finds

Addresses and settings without encryption: a load balancer on the internet that forwards plain HTTP, an API that passes
requests on to `http://`, a topic that delivers to an `http` endpoint, an environment variable with an `http://`, `ftp://`
or `rtmp://` address on the internet, a database address that turns encryption off, a distribution that serves plain HTTP, and
stores whose encryption in transit is turned off. Inside a network, and where a setting is only not made, it is for the
pedantic persona.

## Why it matters

Tokens, passwords and personal data are read on the way, and answers are replaced by others.

## How to mend it

`https://`, `rediss://`, `amqps://`, `sslmode=verify-full`; a listener on HTTPS, and one on HTTP that only redirects.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {PARTNER: "http://api.payments.example.com/v1"}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {PARTNER: "https://api.payments.example.com/v1"}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import possible
from remit.app.report import Finding, Fix, Persona, Severity
from remit.app.value import Value, refs
from remit.rules import Rule
from remit.rules._plaintext import Plain, plain_address
from remit.rules._template import is_false, of_type, place, text

#: Type -> the property that encrypts what travels, and the value that turns it off.
_IN_TRANSIT: dict[str, tuple[tuple[str, ...], object]] = {
    "AWS::ElastiCache::ReplicationGroup": (("TransitEncryptionEnabled",), False),
    "AWS::MSK::Cluster": (("EncryptionInfo", "EncryptionInTransit", "ClientBroker"), "PLAINTEXT"),
    "AWS::OpenSearchService::Domain": (("DomainEndpointOptions", "EnforceHTTPS"), False),
    "AWS::Elasticsearch::Domain": (("DomainEndpointOptions", "EnforceHTTPS"), False),
    "AWS::DAX::Cluster": (("ClusterEndpointEncryptionType",), "NONE"),
}
_TESTS = ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "XMLNS")


def _check(facts: Facts) -> Iterator[Finding]:
    found = (*_environments(facts), *_listeners(facts), *_integrations(facts), *_subscriptions(facts))
    for item in (*found, *_distributions(facts), *_stores(facts)):
        yield _finding(item)


def _environments(facts: Facts) -> Iterator[Plain]:
    seen: set[Location] = set()
    for function in facts.app.functions:
        for name, node in function.environment.items():
            why = plain_address(node.plain()) if not name.endswith(_TESTS) and node.location not in seen else None
            if why is not None:
                seen.add(node.location)  # Globals stand in every function
                what, persona = why
                yield Plain(function.id, f"{name} of {function.id} is {what}", node.location, persona, function.id)


def _listeners(facts: Facts) -> Iterator[Plain]:
    for listener in of_type(facts, "AWS::ElasticLoadBalancingV2::Listener"):
        protocol = listener.properties.at("Protocol")
        if protocol is None or "HTTP" not in possible(protocol) or _redirects(listener):
            continue
        balancer = next(
            (facts.app.resources.get(ref.target) for ref in refs(listener.properties.get("LoadBalancerArn"))), None
        )
        scheme = text(balancer.properties.get("Scheme")) if balancer is not None else "internal"
        persona = Persona.REGULAR if scheme in ("", "internet-facing") else Persona.PEDANTIC
        name = balancer.id if balancer is not None else listener.id
        yield Plain(listener.id, f"{name} answers plain HTTP", protocol.location, persona)


def _redirects(listener: Resource) -> bool:
    actions = listener.properties.at("DefaultActions")
    kinds = [text(action.get("Type")) for action in actions.elements()] if actions is not None else []
    return bool(kinds) and all(kind in ("redirect", "fixed-response") for kind in kinds)


def _integrations(facts: Facts) -> Iterator[Plain]:
    for resource in of_type(facts, "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Integration"):
        inner = resource.properties.at("Integration") or resource.properties
        node = inner.at("Uri") or inner.at("IntegrationUri")
        why = plain_address(node.plain()) if node is not None and inner.get("ConnectionType") != "VPC_LINK" else None
        if node is not None and why is not None:
            yield Plain(resource.id, f"{resource.id} passes requests on to {why[0]}", node.location, why[1])


def _subscriptions(facts: Facts) -> Iterator[Plain]:
    for resource in of_type(facts, "AWS::SNS::Subscription"):
        if "http" in possible(resource.properties.at("Protocol")):
            yield Plain(
                resource.id,
                f"{resource.id} delivers messages over plain HTTP",
                place(resource.properties.at("Protocol"), resource.location),
                Persona.REGULAR,
            )


def _distributions(facts: Facts) -> Iterator[Plain]:
    for resource in of_type(facts, "AWS::CloudFront::Distribution"):
        config = resource.properties.at("DistributionConfig")
        more = config.at("CacheBehaviors") if config is not None else None
        behaviours = [config.at("DefaultCacheBehavior") if config is not None else None]
        for behaviour in (*behaviours, *(more.elements() if more is not None else ())):
            policy = behaviour.at("ViewerProtocolPolicy") if behaviour is not None else None
            if policy is not None and "allow-all" in possible(policy):
                yield Plain(resource.id, f"{resource.id} answers plain HTTP", policy.location, Persona.PEDANTIC)
                break


def _is_off(value: Value, off: object) -> bool:
    return value == off or (off is False and is_false(value))


def _stores(facts: Facts) -> Iterator[Plain]:
    for resource in of_type(facts, *_IN_TRANSIT):
        path, off = _IN_TRANSIT[resource.type]
        node = resource.properties.at(*path)
        values = possible(node)
        if node is None or (node.absent and not any(_is_off(value, off) for value in values)):
            if resource.type.startswith("AWS::MSK"):
                continue  # encrypted by default
            said = f"{resource.id} is not told to encrypt what travels"
            yield Plain(resource.id, said, resource.location, Persona.PEDANTIC)
        elif any(_is_off(value, off) for value in values):
            yield Plain(resource.id, f"{resource.id} does not encrypt what travels", node.location, Persona.REGULAR)


def _finding(item: Plain) -> Finding:
    return Finding(
        rule="plaintext-endpoint",
        severity=Severity.MEDIUM if item.persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=item.said,
        location=item.location,
        label="not encrypted on the way",
        function=item.function,
        resource="" if item.function else item.name,
        fixes=(Fix("use the encrypted protocol"),),
        persona=item.persona,
        content=item.said,
    )


RULE = Rule(
    "plaintext-endpoint",
    "unencrypted connection",
    Severity.MEDIUM,
    ("CWE-319", "OWASP-S3", "SAS-03"),
    _check,
)

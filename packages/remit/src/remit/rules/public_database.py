"""A database, cache or broker answers the whole internet.

## What it finds

Databases, warehouses and brokers with `PubliclyAccessible: true`, and security groups that let every address in at a port
of a database, cache, broker or of remote administration. When nothing says which port, or every port is open, it is for
the pedantic persona, as the group may guard something harmless.

## Why it matters

Open ports are found within minutes, and every leaked or weak password is tried at them. The network is the layer that
would have stopped it.

## How to mend it

Put it into private subnets, and let in only the security group of the functions that need it.

## Bad

```yaml template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, StorageEncrypted: true, PubliclyAccessible: true}
```

## Good

```yaml template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, StorageEncrypted: true, PubliclyAccessible: false}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.node import Node, possible
from remit.app.report import Edit, Finding, Fix, Persona, Severity
from remit.app.value import refs
from remit.rules import Rule
from remit.rules._mend import line_at
from remit.rules._template import is_true, may_be_true, of_type, place

_DATABASES = (
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::Redshift::Cluster", "AWS::RedshiftServerless::Workgroup",
    "AWS::AmazonMQ::Broker", "AWS::DMS::ReplicationInstance",
)  # fmt: skip
_GROUPS = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupRule")
#: Ports at which nothing should answer everybody.
_PORTS = {
    22: "SSH", 23: "telnet", 1433: "SQL Server", 1521: "Oracle", 2049: "NFS", 3306: "MySQL", 3389: "remote desktop",
    5432: "PostgreSQL", 5439: "Redshift", 5672: "AMQP", 5671: "AMQP", 5900: "VNC", 6379: "Redis", 8182: "Neptune",
    9042: "Cassandra", 9092: "Kafka", 9200: "OpenSearch", 11211: "memcached", 27017: "MongoDB",
}  # fmt: skip
_EVERY = ("0.0.0.0/0", "::/0")
_MOST = 65535


def _check(facts: Facts) -> Iterator[Finding]:
    for resource in of_type(facts, *_DATABASES):
        node = resource.properties.at("PubliclyAccessible")
        if node is not None and may_be_true(node):
            line = line_at(facts, node.location)
            written = line[node.location.column - 1 : (node.location.end_column or len(line) + 1) - 1]
            edits = (Edit(node.location, "false"),) if written.strip() in ("true", "True") else ()
            yield _finding(resource.id, "has an address on the internet", node.location, edits, Persona.REGULAR)
    idle = _of_functions(facts)
    for group in of_type(facts, *_GROUPS):
        if group.type == "AWS::EC2::SecurityGroup":
            listed = group.properties.at("SecurityGroupIngress")
            rules = list(listed.elements()) if listed is not None else []
        else:
            rules = [] if is_true(group.properties.get("IsEgress")) else [group.properties]
        for rule in rules:
            opened = _opened(rule)
            if opened is not None:
                what, where, persona = opened
                persona = max(persona, Persona.PEDANTIC) if group.id in idle else persona
                yield _finding(group.id, f"lets the whole internet in at {what}", where or group.location, (), persona)
                break


def _of_functions(facts: Facts) -> set[str]:
    """Groups that functions are in: nothing connects to a function, so what they let in matters little."""
    return {
        ref.target
        for function in facts.app.functions
        if function.properties is not None
        for ref in refs(function.properties.get("VpcConfig", "SecurityGroupIds"))
    }


def _opened(rule: Node) -> tuple[str, Location | None, Persona] | None:
    """What a rule opens to every address: a phrase, its place and who should see it."""
    source = next(
        (rule.at(key) for key in ("CidrIp", "CidrIpv6") if any(value in _EVERY for value in possible(rule.at(key)))),
        None,
    )
    if source is None:
        return None
    first, last = _port(rule.get("FromPort")), _port(rule.get("ToPort"))
    if str(rule.get("IpProtocol")) == "-1" or (first, last) == (0, _MOST):
        return "every port", place(source, source.location), Persona.PEDANTIC
    if first is None or last is None or str(rule.get("IpProtocol")) not in ("tcp", "6"):
        return None
    named = [name for port, name in _PORTS.items() if first <= port <= last]
    if not named or last - first > 1000:
        return None
    return f"the port of {named[0]}", source.location, Persona.REGULAR


def _port(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _finding(name: str, does: str, location: Location, edits: tuple[Edit, ...], persona: Persona) -> Finding:
    return Finding(
        rule="public-database",
        severity=Severity.MEDIUM if persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=f"{name} {does}",
        location=location,
        label="every address may connect",
        resource=name,
        fixes=(Fix("let in only the security group of what needs it", edits),),
        persona=persona,
        content=f"{name} {does}",
    )


RULE = Rule(
    "public-database",
    "database open to the internet",
    Severity.MEDIUM,
    ("CWE-668", "OWASP-S6", "SAS-03"),
    _check,
)

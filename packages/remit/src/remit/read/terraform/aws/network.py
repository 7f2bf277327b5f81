"""Networks and load balancers: who can reach what is behind them."""

from collections.abc import Iterator

from remit.app.node import Node
from remit.read.terraform.aws.kind import DROP, Kind, Row, many, one

_GROUP = "AWS::EC2::SecurityGroup"
#: Lists of sources in a rule, and what CloudFormation calls one of each.
_SOURCES = {
    "CidrBlocks": "CidrIp",
    "Ipv6CidrBlocks": "CidrIpv6",
    "PrefixListIds": "SourcePrefixListId",
    "SecurityGroups": "SourceSecurityGroupId",
    "SourceSecurityGroupId": "SourceSecurityGroupId",
}
#: Conditions of a listener's rule: block to field and property.
_CONDITIONS = {
    "path_pattern": ("path-pattern", "PathPatternConfig"),
    "host_header": ("host-header", "HostHeaderConfig"),
    "http_request_method": ("http-request-method", "HttpRequestMethodConfig"),
    "source_ip": ("source-ip", "SourceIpConfig"),
    "http_header": ("http-header", "HttpHeaderConfig"),
    "query_string": ("query-string", "QueryStringConfig"),
}
_ACTIONS = {
    "forward": one("ForwardConfig", {"target_group": many("TargetGroups", {"arn": "TargetGroupArn"})}),
    "authenticate_oidc": one("AuthenticateOidcConfig"),
    "authenticate_cognito": one("AuthenticateCognitoConfig"),
    "redirect": one("RedirectConfig"),
    "fixed_response": one("FixedResponseConfig"),
}


def _ingress(node: Node) -> Node:
    """Rules of a group: one for each source."""
    filled = many("").convert
    blocks = filled(node) if filled else node
    rules = [rule for block in (blocks.elements() if blocks else ()) for rule in _rules(block)]
    return Node(tuple(rules), node.location, node.key, node.absent)


def _rules(block: Node) -> Iterator[Node]:
    common = {name: node for name, node in block.items() if name not in _SOURCES}
    for name, key in _SOURCES.items():
        given = block.at(name)
        for source in given.elements() if given is not None else ():
            yield Node({**common, key: source}, source.location)


def _rule(properties: dict[str, Node]) -> None:
    """A rule of its own: what it lets in, or out."""
    if not properties:
        return
    kind = properties.pop("Type", None)
    where = next(iter(properties.values())).location if properties else None
    name = "SecurityGroupEgress" if kind is not None and kind.value == "egress" else "SecurityGroupIngress"
    rules = tuple(_rules(Node(dict(properties), where))) if where is not None else ()
    properties.clear()
    if where is not None:
        properties[name] = Node(rules, where)


def _conditions(node: Node) -> Node:
    found = []
    for block in node.elements():
        for name, inner in block.items():
            field, key = _CONDITIONS.get(name, ("", ""))
            config = next(iter(inner.elements()), None)
            values = config.at("values") if config is not None else None
            if field and values is not None:
                entries = {"Field": Node(field, inner.location), key: Node({"Values": values}, inner.location)}
                found.append(Node(entries, block.location))
    return Node(tuple(found), node.location, node.key, node.absent)


def _targeted(properties: dict[str, Node]) -> None:
    """The function behind a target group."""
    target = properties.pop("TargetId", None)
    properties.clear()
    if target is not None:
        properties["Targets"] = Node((Node({"Id": target}, target.location),), target.location)


def _scheme(node: Node) -> Node:
    internal = node.value in (True, "true")
    return Node("internal" if internal else "internet-facing", node.location, node.key, node.absent)


_TARGETS = Kind(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    {"name_prefix": DROP, "health_check": one("HealthCheck")},
    {"arn": "", "id": "", "name": "TargetGroupName"},
)
_MEMBER = Kind(
    "AWS::ElasticLoadBalancingV2::TargetGroupAttachment",
    into="target_group_arn",
    owners=("AWS::ElasticLoadBalancingV2::TargetGroup",),
    shape=_targeted,
)
_BALANCER = Kind(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    {"name_prefix": DROP, "internal": Row("Scheme", _scheme), "load_balancer_type": "Type"},
    {"arn": "", "id": "", "dns_name": "DNSName"},
)
_LISTENER = Kind(
    "AWS::ElasticLoadBalancingV2::Listener",
    {"default_action": many("DefaultActions", _ACTIONS)},
    {"arn": "", "id": ""},
)
_LISTENER_RULE = Kind(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    {"action": many("Actions", _ACTIONS), "condition": Row("Conditions", _conditions)},
    {"arn": "", "id": ""},
)

KINDS: dict[str, Kind] = {
    "aws_lb": _BALANCER,
    "aws_alb": _BALANCER,
    "aws_lb_target_group": _TARGETS,
    "aws_alb_target_group": _TARGETS,
    "aws_lb_target_group_attachment": _MEMBER,
    "aws_alb_target_group_attachment": _MEMBER,
    "aws_lb_listener": _LISTENER,
    "aws_alb_listener": _LISTENER,
    "aws_lb_listener_rule": _LISTENER_RULE,
    "aws_alb_listener_rule": _LISTENER_RULE,
    "aws_security_group": Kind(
        _GROUP,
        {
            "name": "GroupName",
            "name_prefix": DROP,
            "description": "GroupDescription",
            "ingress": Row("SecurityGroupIngress", _ingress),
            "egress": Row("SecurityGroupEgress", _ingress),
        },
        {"id": "GroupId", "name": ""},
    ),
    "aws_security_group_rule": Kind(
        "AWS::EC2::SecurityGroupRule",
        {"security_group_id": DROP},
        into="security_group_id",
        owners=(_GROUP,),
        shape=_rule,
    ),
    "aws_vpc_security_group_ingress_rule": Kind(
        "AWS::EC2::SecurityGroupIngress",
        {
            "security_group_id": "GroupId",
            "cidr_ipv4": "CidrIp",
            "cidr_ipv6": "CidrIpv6",
            "prefix_list_id": "SourcePrefixListId",
            "referenced_security_group_id": "SourceSecurityGroupId",
        },
    ),
    "aws_vpclattice_target_group_attachment": Kind(
        "AWS::VpcLattice::TargetGroupAttachment",
        {"target_group_identifier": DROP, "target": many("Targets")},
        into="target_group_identifier",
        owners=("AWS::VpcLattice::TargetGroup",),
    ),
    "aws_vpclattice_service": Kind("AWS::VpcLattice::Service", {}, {"arn": "Arn", "id": ""}),
}

"""Application load balancers: requests that a listener hands to a target group whose target is a function."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Authorizer, Sender, Trigger
from remit.app.node import Node
from remit.app.value import spread
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import each, found_under, place_of, receiver, whole

_ELB = "AWS::ElasticLoadBalancingV2::"
TYPES = (f"{_ELB}TargetGroup",)
_ANYWHERE = ("0.0.0.0/0", "::/0")
_CHECKS = {"authenticate-cognito": "cognito", "authenticate-oidc": "jwt", "jwt-validation": "jwt"}


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """Triggers of one target group, one for each rule that leads to it."""
    for target in each(item.properties.at("Targets")):
        for function in dict.fromkeys(receiver(draft, one) for one in spread(target.get("Id")) if receiver(draft, one)):
            yield from _through(draft, item, function)


def _through(draft: Draft, group: Declared, function: str) -> Iterator[Trigger]:
    ways = draft.once("target groups", lambda: _ways(draft)).get(group.id, ())
    for item, actions in ways:
        yield _trigger(draft, item, actions, function)
    if not ways:
        because = ((group.location, "which load balancer leads to it is not told here"),)
        name = f"requests through {group.id}"
        yield Trigger(function, "alb", name, group.location, Sender.ANYONE, because, group.id, None, whole(group))


def _ways(draft: Draft) -> dict[str, list[tuple[Declared, list[Node]]]]:
    """What leads to each target group: listeners and their rules, with their actions."""
    found: dict[str, list[tuple[Declared, list[Node]]]] = {}
    for user, key in ((f"{_ELB}Listener", "DefaultActions"), (f"{_ELB}ListenerRule", "Actions")):
        for item in draft.of_type(user):
            actions = list(each(item.properties.at(key)))
            groups = [node for action in actions for node in found_under(action, "TargetGroupArn")]
            for group in dict.fromkeys(id_ for node in groups for id_ in draft.targets(node)):
                found.setdefault(group, []).append((item, actions))
    return found


def _trigger(draft: Draft, item: Declared, actions: list[Node], function: str) -> Trigger:
    listener = item
    named = draft.target(item.properties.get("ListenerArn"), f"{_ELB}Listener")
    if named:
        listener = draft.declared[named]
    balancer = draft.target(listener.properties.get("LoadBalancerArn"), f"{_ELB}LoadBalancer")
    sender, where, why = _reached_by(draft, balancer, item)
    authorizer = None
    because: tuple[tuple[Location, str], ...] = ((where, why),)
    for action in actions:
        kind = _CHECKS.get(draft.word(action.at("Type")))
        if kind is not None and not action.absent:
            sender, authorizer = min(sender, Sender.AUTHENTICATED), Authorizer(kind, balancer)
            because = ((place_of(action), "the load balancer checks the caller first"), *because)
            break
    name = _name(draft, item) or f"requests through {balancer or item.id}"
    return Trigger(function, "alb", name, item.location, sender, because, balancer, authorizer, whole(item))


def _name(draft: Draft, item: Declared) -> str:
    """``GET /orders`` when the conditions of a rule say so."""
    words: dict[str, str] = {}
    for condition in each(item.properties.at("Conditions")):
        values = each(condition.at("Values"))
        for key in ("PathPatternConfig", "HttpRequestMethodConfig", "HostHeaderConfig"):
            if condition.at(key) is not None:
                values = each(condition.at(key, "Values"))
        words[draft.word(condition.at("Field"))] = next((word for node in values if (word := draft.word(node))), "")
    path = words.get("path-pattern") or ("/*" if words.get("host-header") else "")
    return f"{words.get('http-request-method') or 'ANY'} {words.get('host-header') or ''}{path}" if path else ""


def _reached_by(draft: Draft, balancer: str, item: Declared) -> tuple[Sender, Location, str]:
    """Who reaches a load balancer: its scheme, then what its security groups let in."""
    if not balancer:
        return Sender.ANYONE, item.location, "its load balancer is outside this template"
    declared = draft.declared[balancer]
    scheme = declared.properties.at("Scheme")
    if draft.word(scheme) == "internal" and scheme is not None:
        return Sender.ACCOUNT, place_of(scheme), f"{balancer} is internal: only its network can call it"
    listed = list(each(declared.properties.at("SecurityGroups")))
    groups = [name for node in listed for name in draft.targets(node) or ("",)]
    if groups and not all(node.absent for node in listed) and all(name and not _open(draft, name) for name in groups):
        return Sender.ACCOUNT, draft.declared[groups[0]].location, f"{groups[0]} lets only named networks in"
    where = place_of(scheme) if scheme is not None else declared.location
    return Sender.ANYONE, where, f"whoever reaches {balancer}"


def _open(draft: Draft, group: str) -> bool:
    """Whether a security group lets the whole internet in; one that cannot be read counts as open."""
    declared = draft.declared[group]
    if declared.type != "AWS::EC2::SecurityGroup":
        return True
    rules = list(each(declared.properties.at("SecurityGroupIngress")))
    more = draft.naming("AWS::EC2::SecurityGroupIngress", "GroupId").get(group, ())
    rules += [item.properties for item in more]
    words = [draft.word(rule.at(key)) for rule in rules for key in ("CidrIp", "CidrIpv6") if rule.at(key) is not None]
    lists = any(rule.at("SourcePrefixListId") is not None for rule in rules)
    return not rules or lists or any(word in _ANYWHERE or not word for word in words)

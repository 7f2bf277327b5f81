"""Constructs of the plugin serverless-lift: queue, storage, table. All others are said to be unread."""

from collections.abc import Iterator

from remit.app.node import Node
from remit.app.value import Ref, join
from remit.read.serverless.constructs import KINDS, Construct
from remit.read.serverless.service import Entry, Service, mapping, tree

PLUGIN = "serverless-lift"


def add_constructs(service: Service) -> None:
    """Declares what the constructs make, and the functions that work off the queues."""
    for name, node in service.section(service.config.at("constructs"), "constructs"):
        at = node.key or node.location
        known = KINDS.get(service.word(node.at("type")))
        if known is None:
            service.blind(name, "a construct of serverless-lift: what it makes is not derived", at)
            continue
        id_ = service.add(name + known.suffix, known.type, _properties(service, known, name, node), at)
        worker = mapping(node.at("worker"))
        if known.suffix == "Queue" and worker is not None:
            event = {"sqs": {"arn": Ref(id_, "Arn"), "functionResponseType": "ReportBatchItemFailures"}}
            entries = {**dict(worker.items()), "events": tree([event], at)}
            service.entries[f"{name}Worker"] = Entry(
                f"{name}Worker",
                Node(entries, worker.location, worker.key, worker.absent),
                worker.key or worker.location,
            )


def _properties(service: Service, known: Construct, name: str, node: Node) -> dict[str, object]:
    at = node.key or node.location
    if known.suffix != "Queue":
        return {}
    dead = service.add(f"{name}Dlq", known.type, {"MessageRetentionPeriod": 1209600}, at)
    retries = node.at("maxRetries") or 3
    return {"RedrivePolicy": {"deadLetterTargetArn": Ref(dead, "Arn"), "maxReceiveCount": retries}}


def allowed(service: Service) -> Iterator[tuple[tuple[str, ...], list[object], Node]]:
    """What the plugin lets every function do: actions, resources, and the construct."""
    for name, node in service.section(service.config.at("constructs"), "constructs"):
        known = KINDS.get(service.word(node.at("type")))
        if known is not None and service.word(service.config.at("lift", "automaticPermissions")) != "false":
            arn = Ref(name + known.suffix, "Arn")
            yield known.actions, [arn, *([join([arn, known.inside])] if known.inside else [])], node

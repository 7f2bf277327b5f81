"""VPC Lattice: requests of networks that are associated with a service."""

from collections.abc import Iterator

from remit.app.model import Authorizer, Sender, Trigger
from remit.app.value import spread
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import each, found_under, made, receiver, whole

TYPES = ("AWS::VpcLattice::TargetGroup",)
_USERS = ("AWS::VpcLattice::Listener", "AWS::VpcLattice::Rule")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one target group whose target is a function."""
    for target in each(item.properties.at("Targets")):
        for function in dict.fromkeys(receiver(draft, one) for one in spread(target.get("Id")) if receiver(draft, one)):
            service = _service(draft, item.id)
            iam = service != "" and draft.word(draft.declared[service].properties.at("AuthType")) == "AWS_IAM"
            why = "IAM checks the caller" if iam else "whoever is in a network that is associated with it"
            name = f"requests through {service or item.id}"
            authorizer = Authorizer("iam") if iam else None
            who = (Sender.ACCOUNT, why)
            yield made(function, whole(item), "lattice", name, who, service or item.id, authorizer)


def _service(draft: Draft, group: str) -> str:
    return draft.once("lattice services", lambda: _services(draft)).get(group, "")


def _services(draft: Draft) -> dict[str, str]:
    """The service that leads to each target group."""
    found: dict[str, str] = {}
    for item in draft.of_type(*_USERS):
        service = draft.target(item.properties.get("ServiceIdentifier"), "AWS::VpcLattice::Service")
        for node in found_under(item.properties, "TargetGroupIdentifier"):
            found.setdefault(draft.target(node.plain()), service)
    return found

"""EventBridge Pipes: records of a source, as a bare list, through an enrichment to a target."""

from collections.abc import Iterator

from remit.app.model import Trigger
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import attach, default_sender, whole

TYPES = ("AWS::Pipes::Pipe",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The triggers of one pipe."""
    source = item.properties.get("Source")
    resource = draft.target(source)
    name = f"pipe {item.id} from {resource or label(source)}"
    for key in ("Enrichment", "Target"):
        to = item.properties.get(key)
        yield from attach(draft, to, whole(item), "pipe", name, default_sender(draft, source), resource)

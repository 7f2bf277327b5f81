"""AWS Transfer: who signs in by SFTP, and what becomes of the files."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::Transfer::Server", "AWS::Transfer::Workflow")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The function that a server asks about people, or that a workflow hands files to."""
    asked = item.properties.get("IdentityProviderDetails", "Function")
    who = (Sender.ANYONE, "whoever tries to sign in")
    yield from attach(draft, asked, whole(item), "unknown", f"sign-in to {item.id}", who)
    for step in each(item.properties.at("Steps")):
        to = step.get("CustomStepDetails", "Target")
        uploads = (Sender.AUTHENTICATED, "whoever may upload to the server")
        yield from attach(draft, to, whole(item), "unknown", f"uploads through {item.id}", uploads)

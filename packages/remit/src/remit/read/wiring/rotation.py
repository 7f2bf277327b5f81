"""Rotation of secrets by a function."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, whole

TYPES = ("AWS::SecretsManager::RotationSchedule",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one schedule of rotation."""
    who = (Sender.PLATFORM, "Secrets Manager calls it to rotate a secret")
    to = item.properties.get("RotationLambdaARN")
    yield from attach(draft, to, whole(item), "secret-rotation", f"rotation {item.id}", who)

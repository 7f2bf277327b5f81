"""Secrets Manager: the four steps of a rotation.

Fields as in https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-function-overview.html. Secrets
Manager writes all of it; the secret's name in ``SecretId`` is its owner's.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="secret-rotation",
    title="a step of a rotation",
    fields=(FieldSpec("SecretId"),),
    recognise=claims("secret-rotation"),
)

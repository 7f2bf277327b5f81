"""Refused records put aside, so that they do not come again and are not lost either.

``REMIT_QUARANTINE`` names the place: the URL of an SQS queue (the function's role must be allowed to send there) or a folder
(a mounted file system). What could not be put there is not counted as done: the platform sends it again.
"""

import json
import os

from remit_guard.core.verdict import Verdict
from remit_guard.hooks import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.hooks.invocation import Invocation

#: The rule that such a record is told under.
QUARANTINED = "record-quarantined"


def quarantined(invocation: "Invocation", records: "list[tuple[str, Any]]") -> "set[str]":
    """Puts refused records aside.

    Args:
        invocation: the invocation they came in.
        records: id and record of each.

    Returns:
        Ids of those that are safely there; none when no place is named.
    """
    place = os.environ.get("REMIT_QUARANTINE", "")
    done: set[str] = set()
    for name, record in records if place else ():
        document = json.dumps({"invocation": invocation.id, "source": invocation.source.name, "record": record})
        try:
            with gate.Quiet():
                _put(place, document)
        except Exception as error:  # noqa: BLE001  (the boundary: the SDK raises what it likes; the record just fails)
            gate.tell_fault("the quarantine", error)
            continue
        done.add(name)
        reason = f"the refused record {name[:64]} is in quarantine; for the platform it is done"
        gate.tell_only(invocation, Verdict("alert", QUARANTINED, reason=reason, severity="medium"))
    return done


def _put(place: str, document: str) -> None:
    if place.startswith("https://"):
        from importlib import import_module

        # The platform's own SDK, which is none of our dependencies; without it the record fails, which is told.
        import_module("boto3").client("sqs").send_message(QueueUrl=place, MessageBody=document)
        return
    from remit_guard.core.digest import sha256_hex

    # A record's id is the platform's, but the event is whoever's may invoke: no part of a path comes from it.
    path = os.path.join(place, sha256_hex(document.encode()) + ".json")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(document.encode())

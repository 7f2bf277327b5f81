"""Who sent an event, where the platform itself says so: what joins the signals of one attacker."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Below ``requestContext``: function URLs and HTTP APIs, REST APIs, then authorizers' principals.
_CONTEXT = (("http", "sourceIp"), ("identity", "sourceIp"), ("authorizer", "principalId"))
#: Below a record: S3 notifications, SQS, S3 when the address is missing.
_RECORD = (("requestParameters", "sourceIPAddress"), ("attributes", "SenderId"), ("userIdentity", "principalId"))


def sender(event: "Any", record: int = -1) -> str:
    """The source address or principal of an event; ``""`` when it does not say. Never raises on a JSON value.

    Args:
        event: the event.
        record: index of the record it is about; the first one when it is not about any.
    """
    if not isinstance(event, dict):
        return ""
    found = _look(event.get("requestContext"), _CONTEXT)
    if found:
        return found
    records = event.get("Records")
    if isinstance(records, list) and records:
        return _look(records[record] if 0 <= record < len(records) else records[0], _RECORD)
    return ""


def _look(place: "Any", names: "tuple[tuple[str, str], ...]") -> str:
    for outer, inner in names:
        part = place.get(outer) if isinstance(place, dict) else None
        value = part.get(inner) if isinstance(part, dict) else None
        if isinstance(value, str) and value:
            return value[:200]
    return ""

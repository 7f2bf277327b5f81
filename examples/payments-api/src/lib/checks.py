"""What a payment may look like."""

import json
import re

from lib.answers import Refused

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
IDENTIFIER = re.compile(r"[0-9a-f]{32}")
LARGEST_BODY = 4096


def payment(event):
    body = event.get("body") or ""
    if event.get("isBase64Encoded") or len(body) > LARGEST_BODY:
        raise Refused("the body must be JSON of at most 4 KB")
    try:
        wanted = json.loads(body)
        cents = int(wanted["cents"])
        iban = str(wanted["iban"])
    except (ValueError, KeyError, TypeError):
        raise Refused("cents and iban are needed") from None
    if not 0 < cents <= 1_000_000 or not IBAN.fullmatch(iban):
        raise Refused("cents or iban are not acceptable")
    return cents, iban


def identifier(text):
    if not IDENTIFIER.fullmatch(text or ""):
        raise Refused("no such payment")
    return text

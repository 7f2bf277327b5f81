"""The condition operators on literal texts: does one value of the request match one value of the policy?

Source: IAM user guide, "IAM JSON policy elements: Condition operators". Only the positive form of each is here; the
negative one is its opposite. A text that is not of the operator's kind (no number, no date) matches nothing.
"""

import base64
import binascii
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

#: Values of a policy and of a request, in this order, to whether they match.
Match = Callable[[str, str], bool]
#: "Integer or decimal values", and not more digits than anybody means.
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")


def _numeric(compare: Callable[[Any, Any], bool]) -> Match:
    def match(wanted: str, given: str) -> bool:
        left, right = given.strip(), wanted.strip()
        if not (_NUMBER.fullmatch(left) and _NUMBER.fullmatch(right)):
            return False
        from decimal import Decimal

        return compare(Decimal(left), Decimal(right))

    return match


def _date(compare: Callable[[float, float], bool]) -> Match:
    def match(wanted: str, given: str) -> bool:
        left, right = moment(given), moment(wanted)
        return left is not None and right is not None and compare(left, right)

    return match


def moment(text: str) -> float | None:
    """Seconds since 1970 of an ISO 8601 date (UTC if it does not say) or of a number of seconds; ``None`` for other text."""
    text = text.strip()
    if text.lstrip("-").isdigit():
        return float(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _bool(wanted: str, given: str) -> bool:
    low = wanted.strip().lower()
    return low in ("true", "false") and low == given.strip().lower()


def _binary(wanted: str, given: str) -> bool:
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False


def _address(wanted: str, given: str) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        network, address = ip_network(wanted.strip(), strict=False), ip_address(given.strip())
    except ValueError:
        return False
    return network.version == address.version and address in network


#: Operator without prefix, suffix and ``Not``, in lower case -> how one pair of values compares.
MATCHES: dict[str, Match] = {
    "numericequals": _numeric(operator.eq),
    "numericlessthan": _numeric(operator.lt),
    "numericlessthanequals": _numeric(operator.le),
    "numericgreaterthan": _numeric(operator.gt),
    "numericgreaterthanequals": _numeric(operator.ge),
    "dateequals": _date(operator.eq),
    "datelessthan": _date(operator.lt),
    "datelessthanequals": _date(operator.le),
    "dategreaterthan": _date(operator.gt),
    "dategreaterthanequals": _date(operator.ge),
    "bool": _bool,
    "binaryequals": _binary,
    "ipaddress": _address,
}
#: Negative operator -> the positive one it is the opposite of.
OPPOSITES = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
#: Operators on texts, where policy variables and (in some) wildcards count.
TEXTS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})

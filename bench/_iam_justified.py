"""Differences from the oracle that are understood: docs/iam-oracle.md has the reason for each id.

A difference is justified only if our engine, given the case as the oracle reads that one construct, comes to the oracle's
verdict: each kind is such a reading.
"""

import copy
import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bench._iam_cases import Case, ours

_POLICIES = ("identity", "resource_policy", "boundary", "session", "rcp")


def justified(case: Case, mine: str, theirs: str) -> str:
    """The id of the kind a difference belongs to, ids joined by ``+`` where it takes two; ``""`` when it is not understood."""
    if mine == "maybe":
        return "undefined-by-aws" if _is_undefined(case) else ""
    able = [name for name, reading in KINDS.items() if reading(copy.deepcopy(case))]
    for size in (1, 2, 3):
        for names in itertools.combinations(able, size):
            other = copy.deepcopy(case)
            for name in names:
                KINDS[name](other)
            if (word := ours(other).word) in (theirs, "maybe"):
                return "+".join([*names, *(["undefined-by-aws"] if word == "maybe" else [])])
    return ""


def _statements(case: Case) -> Iterator[Case]:
    for document in [*(case[key] for key in _POLICIES if key in case), *case.get("scps", ())]:
        yield from document["Statement"]


def _tests(case: Case) -> Iterator[tuple[Case, str]]:
    for statement in _statements(case):
        for operator in list(statement.get("Condition", ())):
            yield statement["Condition"], operator


def _is_undefined(case: Case) -> bool:
    """A policy variable in something negative, or an operator for one value on a key that has several."""
    if any("${" in str(statement.get("NotResource", "")) for statement in _statements(case)):
        return True
    for block, operator in _tests(case):
        for key, values in block[operator].items():
            if "Not" in operator and "${" in str(values):
                return True
            if ":" not in operator and isinstance(case["context"].get(key), list):
                return True
    return False


def _any_value_if_exists(case: Case) -> bool:
    """ForAnyValue with IfExists on an absent key: they say no."""
    found = False
    for block, operator in _tests(case):
        if operator.startswith("ForAnyValue:") and operator.endswith("IfExists"):
            block.setdefault(operator.removesuffix("IfExists"), {}).update(block.pop(operator))
            found = True
    return found


def _wildcard_in_type(case: Case) -> bool:
    """A wildcard within the resource type of an ARN: they match nothing."""
    found = False
    for statement in _statements(case):
        for key in ("Resource", "NotResource"):
            values = statement.get(key, [])
            values = values if isinstance(values, list) else [values]
            kept = [value for value in values if not _is_wild_type(value, case["resource"])]
            if len(kept) < len(values):
                statement[key] = kept or ["arn:aws:none:::none"]
                found = True
    return found


def _is_wild_type(pattern: str, resource: str) -> bool:
    """Whether what stands before the first separator, the resource type, has a wildcard; S3 has no types."""
    fields = pattern.split(":", 5)
    marks = [fields[5].index(mark) for mark in ":/" if mark in fields[5]] if len(fields) == 6 else []
    return (
        bool(marks) and not resource.startswith("arn:aws:s3:") and any(mark in fields[5][: min(marks)] for mark in "*?")
    )


def _incomplete_arn(case: Case) -> bool:
    """An ARN with fewer than six fields outside identity policies: they do not complete it."""
    found = False
    for name in ("resource_policy", "scps", "rcp"):
        for statement in _statements({name: case[name]} if name in case else {}):
            for key in ("Resource", "NotResource"):
                values = statement.get(key, [])
                values = values if isinstance(values, list) else [values]
                kept = [
                    value
                    for value in values
                    if value == "*" or value.count(":") >= 5 or (name != "rcp" and value.endswith("*"))
                ]
                if len(kept) < len(values):
                    statement[key] = kept or ["arn:aws:none:::none"]
                    found = True
    return found


def _default_in_resource(case: Case) -> bool:
    """A policy variable with a default value in a resource: they know defaults in conditions only."""
    found = False
    for statement in _statements(case):
        for key in ("Resource", "NotResource"):
            values = statement.get(key, [])
            values = values if isinstance(values, list) else [values]
            kept = [value for value in values if "${" not in value or ", '" not in value]
            if len(kept) < len(values):
                statement[key] = kept or ["arn:aws:none:::none"]
                found = True
    return found


def _epoch(case: Case) -> bool:
    """Seconds since 1970 under a date operator: they take them for milliseconds."""
    found = False
    for block, operator in _tests(case):
        if operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:").startswith("Date"):
            for key, values in block[operator].items():
                block[operator][key] = (
                    [_as_milliseconds(value) for value in values]
                    if isinstance(values, list)
                    else _as_milliseconds(values)
                )
                found = True
    if found:
        case["context"] = {
            key: _as_milliseconds(value) if isinstance(value, str) and "time" in key.lower() else value
            for key, value in case["context"].items()
        }
    return found


def _as_milliseconds(text: str) -> str:
    return datetime.fromtimestamp(int(text) / 1000, UTC).isoformat() if text.isdigit() else text


def _any_network(case: Case) -> bool:
    """The network of all addresses: they find no address in it."""
    found = False
    for block, operator in _tests(case):
        if "IpAddress" in operator and "/0" in str(block[operator]):
            block[operator] = dict.fromkeys(block[operator], "255.255.255.255/32")
            found = True
    return found


def _address_family(case: Case) -> bool:
    """NotIpAddress with an IPv6 address and an IPv4 network, or the other way round: they say no."""
    found = False
    address = str(case["context"].get("aws:SourceIp", ""))
    for block, operator in _tests(case):
        if operator.startswith("NotIpAddress"):
            for key, values in block[operator].items():
                if any(
                    (":" in value) != (":" in address) for value in (values if isinstance(values, list) else [values])
                ):
                    block[operator][key] = address or values
                    found = True
    return found


def _malformed_arn(case: Case) -> bool:
    """A negative ARN operator on a text that is no ARN: they say no when the key is there."""
    found = False
    for block, operator in _tests(case):
        if operator.startswith("ArnNot"):
            for key, values in list(block[operator].items()):
                given = next(
                    (str(item) for name, item in case["context"].items() if name.lower() == key.lower()), ":::::"
                )
                listed = [given, *map(str, values if isinstance(values, list) else [values])]
                if not all(value.count(":") >= 5 for value in listed):
                    del block[operator][key]
                    block.setdefault("StringEqualsIfExists", {})[key] = "\0"
                    found = True
    return found


def _session_arn(case: Case) -> bool:
    """A resource policy that names the role session itself: they still apply the session policy."""
    found = False
    for statement in case.get("resource_policy", {}).get("Statement", ()):
        named: Any = statement.get("Principal")
        values = named.get("AWS", ()) if isinstance(named, dict) else ()
        if "session" in case and ":assumed-role/" in case["principal"] and case["principal"] in values:
            statement["Principal"] = "*"
            found = True
    return found


def _encryption_context(case: Case) -> bool:
    """Keys of a KMS encryption context: they drop them from the request."""
    kept = {key: value for key, value in case["context"].items() if not key.startswith("kms:EncryptionContext:")}
    found = len(kept) < len(case["context"])
    case["context"] = kept
    return found


def _old_version(case: Case) -> bool:
    """A document of 2008-10-17, or without a version: they fill policy variables in all the same."""
    documents = [*(case[key] for key in _POLICIES if key in case), *case.get("scps", ())]
    old = [document for document in documents if document.get("Version") != "2012-10-17" and "${" in str(document)]
    for document in old:
        document["Version"] = "2012-10-17"
    return bool(old)


def _scientific(case: Case) -> bool:
    """A number with an exponent: they read it."""
    numbers = re.compile(r"^[0-9.]+e[0-9]+$")
    found = [key for key, value in case["context"].items() if isinstance(value, str) and numbers.match(value)]
    for key in found:
        case["context"][key] = f"{float(case['context'][key]):f}"
    for block, operator in _tests(case):
        for key, values in block[operator].items():
            listed = values if isinstance(values, list) else [values]
            if operator.startswith("Numeric") and any(numbers.match(str(value)) for value in listed):
                block[operator][key] = [f"{float(v):f}" if numbers.match(str(v)) else v for v in listed]
                found.append(key)
    return bool(found)


def _root(case: Case) -> bool:
    """The account's root user: they want an identity policy."""
    if not case["principal"].endswith(":root"):
        return False
    case["principal"] = case["principal"].removesuffix("root") + "user/root"
    return True


KINDS: dict[str, Callable[[Case], bool]] = {
    "old-version": _old_version,
    "any-value-if-exists": _any_value_if_exists,
    "wildcard-in-resource-type": _wildcard_in_type,
    "incomplete-arn": _incomplete_arn,
    "default-in-resource": _default_in_resource,
    "epoch-seconds": _epoch,
    "any-network": _any_network,
    "address-family": _address_family,
    "malformed-arn": _malformed_arn,
    "session-arn": _session_arn,
    "encryption-context": _encryption_context,
    "root-user": _root,
    "scientific-number": _scientific,
}

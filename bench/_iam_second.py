"""The second oracle of ``bench.iam_oracle``: the evaluator of PyPI ``localemu``, on identity policies.

Every case is cut down to what it has a notion of (identity policy, boundary, session policy, one account); a case with
a construct that docs/iam-oracle.md lists as read differently by it is left out, and counted.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench._iam_cases import Case, theirs_input

HARNESS = Path(__file__).parent.parent / "scripts/iam_oracle/run_localemu.py"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def cut_down(case: Case) -> Case:
    """The case without what the second oracle has no notion of, the implied context spelled out."""
    left = {key: value for key, value in case.items() if key not in ("resource_policy", "scps", "rcp")}
    return theirs_input(left | {"account": case["principal"].split(":")[4]})


def is_supported(case: Case) -> bool:
    """Whether a case, cut down or not, has only constructs that the second oracle reads as AWS does."""
    principal = case["principal"]
    if "identity" not in case or not principal.startswith("arn:") or principal.endswith(":root"):
        return False
    if case["action"].startswith("sts:") or case["account"] != principal.split(":")[4]:
        return False  # roles are ruled by their own policy
    documents = [case[key] for key in ("identity", "boundary", "session") if key in case]
    if any(statement["Effect"] == "Deny" for statement in case.get("session", {}).get("Statement", ())):
        return False
    return all(_is_plain(document, cut_down(case)["context"]) for document in documents)


def _is_plain(document: Case, context: dict[str, Any]) -> bool:
    if document.get("Version") != "2012-10-17":
        return False
    for statement in document["Statement"]:
        resources = [*_listed(statement.get("Resource", [])), *_listed(statement.get("NotResource", []))]
        if any(resource != "*" and resource.count(":") < 5 for resource in resources):
            return False
        if not all(_is_filled(text, context) for text in resources):
            return False
        for operator, key, values in _tests(statement):
            if not _is_plain_test(operator, key, values, context):
                return False
    return True


def _is_plain_test(operator: str, key: str, values: list[str], context: dict[str, Any]) -> bool:
    given = context.get(key)
    if key not in context and key.lower() in map(str.lower, context):
        return False  # it minds upper and lower case of keys
    if operator.startswith(("Binary", "ArnEquals", "ArnNotEquals")) or ":Arn" in operator:
        return False
    if operator.startswith("Date") and not all(text.endswith("Z") for text in [*values, given or "Z"]):
        return False  # seconds since 1970, days, other time zones
    if given is None and (":" in operator or ("Not" in operator and not operator.endswith("IfExists"))):
        return False
    if "Not" in operator and len(values) > 1:
        return False
    if isinstance(given, list) and ":" not in operator:
        return False
    texts = [*values, *(given if isinstance(given, list) else [given or ""])]
    if "Arn" in operator and any(text.count(":") < 5 for text in texts if text):
        return False
    return not any("[" in text or "1e2" in text for text in texts) and all(_is_filled(text, context) for text in values)


def _is_filled(text: str, context: dict[str, Any]) -> bool:
    """Whether every policy variable has one value, without wildcards."""
    for name in _VARIABLE.findall(text):
        value = context.get(name)
        if not isinstance(value, str) or "*" in value or "?" in value:
            return False
    return True


def _tests(statement: Case) -> Iterator[tuple[str, str, list[str]]]:
    for operator, block in statement.get("Condition", {}).items():
        for key, values in block.items():
            yield operator, key, _listed(values)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def ask(python: Path, cases: list[Case]) -> list[str]:
    """``yes`` or ``no`` for each case.

    Raises:
        subprocess.CalledProcessError: the interpreter has no localemu.
    """
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        [str(python), str(HARNESS)], input=lines, capture_output=True, text=True, check=True, timeout=600
    )
    return ["yes" if line == "ALLOW" else "no" for line in done.stdout.split()]

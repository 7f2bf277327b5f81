"""Asks the evaluator of PyPI ``localemu`` (Apache-2.0) for its verdicts: one case a line in, one verdict a line out.

    PYTHON scripts/iam_oracle/run_localemu.py < cases.jsonl > verdicts.jsonl

``PYTHON`` is an interpreter (3.12 or newer) that has ``localemu``, installed without its dependencies; nothing of the package is
part of Remit. Where it would look policies up in its emulated account, it is handed those of the case.
"""

import json
import sys
from typing import Any

from localemu.services.iam_enforcement import evaluator  # type: ignore[import-not-found,unused-ignore]
from localemu.services.iam_enforcement.identity import CallerIdentity  # type: ignore[import-not-found,unused-ignore]


def verdict(case: dict[str, Any]) -> str:
    """``ALLOW``, ``IMPLICIT_DENY`` or ``EXPLICIT_DENY``."""
    evaluator.get_identity_policies = lambda _: [case["identity"]]
    evaluator.get_permission_boundary = lambda _: case.get("boundary")
    evaluator.get_session_policies = lambda _: [case["session"]] if "session" in case else []
    kind = "AssumedRole" if ":assumed-role/" in case["principal"] else "User"
    caller = CallerIdentity(kind, case["account"], case["principal"])
    return str(evaluator.PolicyEvaluator().evaluate(caller, case["action"], case["resource"], case["context"]).value)


for line in sys.stdin:
    sys.stdout.write(verdict(json.loads(line)) + "\n")

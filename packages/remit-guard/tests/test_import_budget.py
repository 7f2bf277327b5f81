"""What starting the guard loads beyond the runtime client: this list and nothing else. It is paid in every cold start."""

import json
import subprocess
import sys

CHILD = """
import json, sys
import awslambdaric.bootstrap, awslambdaric.lambda_runtime_client, awslambdaric.lambda_config
before = set(sys.modules)
import remit_guard
alone = sorted(set(sys.modules) - before)
import remit_guard.platforms.aws
from remit_guard.platforms.start import prepare
policy = prepare()
assert policy is not None
print(json.dumps([alone, sorted(set(sys.modules) - before)]))
"""

ALLOWED = {
    "_contextvars",
    "remit_guard",
    "remit_guard.core",
    "remit_guard.core.policy",
    "remit_guard.core.remit",
    "remit_guard.core.verdict",
    "remit_guard.hooks",
    "remit_guard.hooks.audit",
    "remit_guard.hooks.gate",
    "remit_guard.hooks.imports",
    "remit_guard.hooks.invocation",
    "remit_guard.hooks.kept",
    "remit_guard.hooks.raised",
    "remit_guard.hooks.texts",
    "remit_guard.platforms",
    "remit_guard.platforms.aws",
    "remit_guard.platforms.start",
    "remit_guard.platforms.texts",
}
#: ``sys.monitoring`` (3.12) names instructions through these two; both are small tables.
FROM_3_12 = {"opcode", "_opcode", "_opcode_metadata"}


def test_starting_the_guard_loads_only_these() -> None:
    out = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True).stdout
    alone, started = json.loads(out)
    assert alone == ["remit_guard"]
    assert set(started) <= ALLOWED | FROM_3_12
    assert {name for name in ALLOWED if name.endswith((".aws", ".start", ".gate"))} <= set(started)

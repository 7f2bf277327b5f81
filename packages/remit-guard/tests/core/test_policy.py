import pytest

from remit_guard.core.policy import Policy
from remit_guard.core.remit import Remit


@pytest.mark.parametrize(
    ("modes", "unresolved", "override", "rule", "verb", "sink", "action"),
    [
        ({}, (), "", "sql-injection", "", "sql", "block"),
        ({}, (), "", "log-injection", "", "log", "alert"),
        ({}, (), "", "process-outside-remit", "runs", "process", "alert"),
        ({}, (), "", "code-changed", "", "", "alert"),
        ({"runs": "block"}, (), "", "process-outside-remit", "runs", "process", "block"),
        ({"runs": "block"}, ("runs",), "", "process-outside-remit", "runs", "process", "alert"),
        ({}, ("runs",), "block", "process-outside-remit", "runs", "process", "alert"),
        ({}, ("runs",), "", "shell-injection", "", "process", "block"),
        ({"sql-injection": "off"}, (), "block", "sql-injection", "", "sql", "off"),
        ({"sql": "alert"}, (), "", "sql-injection", "", "sql", "alert"),
        ({"sql-injection": "block", "sql": "alert"}, (), "", "sql-injection", "", "sql", "block"),
        ({}, (), "alert", "sql-injection", "", "sql", "alert"),
        ({"sql-injection": "blok"}, (), "", "sql-injection", "", "sql", "block"),
        ({"calls": "nonsense"}, (), "", "call-outside-remit", "calls", "call", "alert"),
    ],
)
def test_action(
    modes: dict[str, str], unresolved: tuple[str, ...], override: str, rule: str, verb: str, sink: str, action: str
) -> None:
    policy = Policy(Remit(modes=modes, unresolved=unresolved), override)
    assert policy.action(rule, verb, sink) == action


def test_without_a_remit_injections_are_still_blocked_and_errors_shaped() -> None:
    policy = Policy(None, function="Orders")
    assert policy.action("sql-injection") == "block"
    assert policy.shapes_errors
    assert (policy.function, policy.digest) == ("Orders", "")
    assert not Policy(Remit(returns={"errors": "as-is"})).shapes_errors

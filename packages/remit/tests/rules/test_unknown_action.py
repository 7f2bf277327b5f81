"""Actions that do not exist: what they were meant to be, who is told, what is left alone."""

import pytest

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import App, Grant, Role
from remit.app.report import Finding, Persona, Severity
from remit.rules.unknown_action import RULE

AT = Location("template.yaml", 3)


def found(*grants: Grant, **policies: tuple[Grant, ...]) -> list[Finding]:
    return list(RULE.check(Facts(App("a", "SAM", "t", roles={"R": Role("R", grants, AT)}, policies=policies))))


def allow(action: str, effect: str = "Allow", origin: str = "inline") -> Grant:
    return Grant(effect, (action,), ("*",), AT, origin=origin)


def test_a_deny_that_denies_nothing_is_for_everyone() -> None:
    (finding,) = found(allow("s3:DeleteObjects", "Deny"))
    assert (finding.persona, finding.severity) == (Persona.REGULAR, Severity.MEDIUM)
    assert finding.message.startswith("s3:DeleteObjects of R denies nothing: AWS has no such action (as of 20")
    assert finding.message.endswith("; s3:DeleteObject is probably meant")


def test_an_exception_that_excepts_nothing_is_for_everyone() -> None:
    (finding,) = found(Grant("Allow", (), ("*",), AT, not_actions=("iam:*", "organisations:*")))
    assert finding.persona == Persona.REGULAR
    assert "leaves nothing out" in finding.message
    assert finding.message.endswith("organizations:* is probably meant")


def test_an_allow_is_for_the_pedantic_and_once_for_all_places() -> None:
    other = Grant("Allow", ("sqs:SendMessageBatch",), ("*",), Location("template.yaml", 9))
    (finding,) = found(allow("sqs:SendMessageBatch"), other, Queue=(other,))
    assert (finding.persona, finding.severity, len(finding.related)) == (Persona.PEDANTIC, Severity.INFO, 1)


def test_a_resource_policy_is_read_as_well() -> None:
    (finding,) = found(Bucket=(allow("s3:GetObjects", "Deny"),))
    assert finding.resource == "Bucket"


@pytest.mark.parametrize("action", ["*", "*:*", "s3:*", "S3:getobject", "s3:Get*", "dynamodb:?etItem", "s*:List*"])
def test_actions_that_exist(action: str) -> None:
    assert found(allow(action), allow(action, "Deny")) == []


def test_policies_of_aws_are_its_own_business() -> None:
    assert found(allow("retired:Thing", origin="managed:SomePolicy")) == []

"""AWS's managed policies as packaged data."""

from pathlib import Path

import pytest

from remit.app.location import Location
from remit.app.model import Grant
from remit.read import managed
from remit.read.policy import expand_managed
from remit.read.policy_data import managed_policies

AT = Location("template.yaml", 7)
ARN = "arn:aws:iam::aws:policy/"


def facts(grant: Grant) -> tuple[object, ...]:
    """Everything a grant says, however its ARNs are spelled."""
    return (grant.effect, grant.actions, grant.not_actions, grant.resources, grant.not_resources, grant.conditions)


def expanded(name: str) -> list[Grant]:
    found = expand_managed(ARN + name, AT)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(managed_policies()))
def test_the_common_ones_say_what_the_whole_file_says(name: str) -> None:
    from remit.read.policy import grants_of

    whole = grants_of(managed.statements(name, AT), [])
    assert sorted(map(str, map(facts, expanded(name)))) == sorted(map(str, map(facts, whole)))


def test_every_policy_in_the_file_is_found_and_makes_statements() -> None:
    names = [name for place in range(len(managed.index().chunks)) for name in managed._chunk(place)]
    assert len(names) > 1200
    assert names == sorted(names)
    for name in names:
        assert all(grant.actions or grant.not_actions for grant in expanded(name))


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("job-function/ViewOnlyAccess", "athena:List*"),
        ("service-role/AWSGlueServiceRole", "glue:*"),
        ("AWSLambda_FullAccess", "lambda:*"),
        ("AmazonGuardDutyFullAccess", "guardduty:*"),
        ("AWSLambdaFullAccess", "s3:*"),
    ],
)
def test_job_functions_service_roles_and_withdrawn_ones(name: str, action: str) -> None:
    grants = expanded(name)
    assert any(action in grant.actions for grant in grants)
    assert {grant.location for grant in grants} == {AT}
    assert {grant.origin for grant in grants} == {"managed:" + name.rpartition("/")[2]}


def test_a_policy_that_denies_does_not_allow() -> None:
    assert [(grant.effect, grant.actions) for grant in expanded("AWSDenyAll")] == [("Deny", ("*",))]


def test_conditions_come_along() -> None:
    passing = [grant for grant in expanded("AWSLambda_FullAccess") if grant.actions == ("iam:PassRole",)]
    assert [grant.conditions for grant in passing] == [
        {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    ]


@pytest.mark.parametrize("name", ["NoSuchPolicy", "AAAA", "zzzz", "", "AWSLambda_FullAcces", "AWSLambdaReplicator"])
def test_what_aws_does_not_publish_is_not_known(name: str) -> None:
    assert expand_managed(ARN + name, AT) is None


def test_the_file_says_when_and_from_what_it_was_made() -> None:
    index = managed.index()
    assert index.date >= "2026-09"
    assert any("Apache-2.0" in source for source in index.sources)
    assert any("MIT" in source for source in index.sources)


def test_what_is_known_of_aws_is_less_than_a_megabyte() -> None:
    import remit.iam
    import remit.read

    folders = [Path(str(module.__file__)).parent / "data" for module in (remit.iam, remit.read)]
    packed = [file for folder in folders for file in folder.iterdir() if "secret" not in file.name]
    assert sum(file.stat().st_size for file in packed) < 1_000_000

"""Does one set of statements grant anything that another does not?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import Grant
from remit.app.value import Ref, Value, join
from remit.iam import Policies, Request, evaluate, wider

AT = Location("template.yaml", 1)
TABLE = Ref("Orders", "Arn")
ORG: Value = {"StringEquals": {"aws:PrincipalOrgID": ("o-1", "o-2")}}


def grant(actions: str, *resources: Value, effect: str = "Allow", **more: Any) -> Grant:
    return Grant(effect, tuple(actions.split()), resources, AT, **more)


COVERED = (
    (
        grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"),
        grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"),
    ),
    (grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"), grant("s3:GetObject", "arn:aws:s3:::b/*")),
    (grant("s3:GetObject", "arn:aws:s3:::b/*"), grant("s3:Get*", "arn:aws:s3:::b*")),
    (grant("s3:*", "arn:aws:s3:::b/*"), grant("*", "*")),
    (grant("dynamodb:Query", TABLE), grant("dynamodb:*", TABLE)),
    (grant("dynamodb:Query", join([TABLE, "/index/a"])), grant("dynamodb:Query", join([TABLE, "/index/*"]))),
    (grant("s3:GetObject", "arn:aws:s3:::b/*", conditions=ORG), grant("s3:GetObject", "*", conditions=ORG)),
    (
        grant("s3:GetObject", "*", conditions={"StringEquals": {"aws:principalorgid": "o-1"}}),
        grant("s3:GetObject", "*", conditions=ORG),
    ),
    (grant("s3:GetObject", "*", conditions=ORG), grant("s3:GetObject", "*")),
    (Grant("Allow", (), ("*",), AT, ("s3:*", "iam:*")), Grant("Allow", (), ("*",), AT, ("iam:*",))),
    (
        Grant("Allow", ("s3:*",), (), AT, (), ("arn:aws:s3:::*",)),
        Grant("Allow", ("s3:*",), (), AT, (), ("arn:aws:s3:::secret/*",)),
    ),
    (grant("brandnew:Thing", "*"), grant("brandnew:*", "*")),
)
NOT_COVERED = (
    (
        grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"),
        grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*", variables=False),
        ("s3:GetObject",),
        False,
    ),
    (
        grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"),
        grant("s3:GetObject", "arn:aws:s3:::b/$*"),
        ("s3:GetObject",),
        False,
    ),
    (grant("s3:GetObject s3:PutObject", "*"), grant("s3:GetObject", "*"), ("s3:PutObject",), True),
    (grant("s3:GetObject", "*"), grant("s3:GetObject", "arn:aws:s3:::b/*"), ("s3:GetObject",), False),
    (grant("dynamodb:Query", Ref("Other", "Arn")), grant("dynamodb:Query", TABLE), ("dynamodb:Query",), True),
    (grant("s3:GetObject", "*"), grant("s3:GetObject", "*", conditions=ORG), ("s3:GetObject",), False),
    (
        grant("s3:GetObject", "*", conditions={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
        grant("s3:GetObject", "*", conditions={"StringNotEquals": {"aws:PrincipalOrgID": ("o-1", "o-2")}}),
        ("s3:GetObject",),
        False,
    ),
)


@pytest.mark.parametrize(("mine", "theirs"), COVERED)
def test_covered(mine: Grant, theirs: Grant) -> None:
    assert wider((mine,), (theirs,)) == ()


@pytest.mark.parametrize(("mine", "theirs", "actions", "sure"), NOT_COVERED)
def test_not_covered(mine: Grant, theirs: Grant, actions: tuple[str, ...], sure: bool) -> None:
    (found,) = wider((mine,), (theirs,))
    assert (found.actions, found.sure, found.grant) == (actions, sure, mine)
    assert found.why


def test_several_statements_cover_together_by_action() -> None:
    assert wider((grant("s3:GetObject s3:PutObject", "*"),), (grant("s3:GetObject", "*"), grant("s3:Put*", "*"))) == ()


def test_a_deny_that_is_gone_makes_it_wider() -> None:
    deny = grant("s3:*", "arn:aws:s3:::secret/*", effect="Deny")
    all_of_it = grant("s3:GetObject", "*")
    (found,) = wider((all_of_it,), (all_of_it, deny))
    assert found.why == "the other denies it, or some of it"
    assert wider((all_of_it, deny), (all_of_it, deny)) == ()
    assert wider((grant("sqs:*", "*"),), (grant("sqs:*", "*"), deny)) == ()
    assert wider((grant("s3:GetObject", "arn:aws:s3:::b/*"),), (all_of_it, deny)) == ()


def test_what_is_denied_anyway_is_not_wider() -> None:
    assert wider((grant("s3:*", "*"), grant("s3:*", "*", effect="Deny")), ()) == ()


ACTIONS = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage")
RESOURCES = ("arn:aws:s3:::b/k", "arn:aws:s3:::secret/k", "arn:aws:sqs:eu-west-1:111122223333:work")
grants = st.builds(
    lambda effect, action, resource, org: grant(action, resource, effect=effect, conditions=org),
    st.sampled_from(("Allow", "Allow", "Deny")),
    st.sampled_from(("*", "s3:*", "s3:Get*", *ACTIONS)),
    st.sampled_from(("*", "arn:aws:s3:::*", "arn:aws:s3:::secret/*", *RESOURCES)),
    st.sampled_from((None, None, ORG)),
)
contexts = st.sampled_from(({}, {"aws:PrincipalOrgID": "o-1"}, {"aws:PrincipalOrgID": "o-3"}))


@settings(deadline=None, max_examples=60)
@given(st.lists(grants, max_size=4), st.lists(grants, max_size=4), contexts)
def test_nothing_wider_means_no_request_is_allowed_more(
    mine: list[Grant], theirs: list[Grant], context: dict[str, Value]
) -> None:
    if wider(mine, theirs):
        return
    for action in ACTIONS:
        for resource in RESOURCES:
            request = Request("arn:aws:iam::111122223333:role/app", action, resource, context)
            before, after = (evaluate(request, Policies(tuple(item))) for item in (theirs, mine))
            assert before.answer >= after.answer


@settings(deadline=None, max_examples=60)
@given(st.lists(grants, max_size=5))
def test_nothing_is_wider_than_itself(some: list[Grant]) -> None:
    assert wider(some, some) == ()

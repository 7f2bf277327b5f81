"""Does one set of statements grant anything that another does not?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import Grant
from remit.app.value import Ref, Value, join
from remit.iam import Answer, Policies, Request, evaluate, wider

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


CONDITIONS: tuple[Value, ...] = (
    None,
    ORG,
    {"StringNotLike": {"aws:PrincipalOrgID": "o-2*"}},
    {"StringEquals": {"aws:username": "${aws:PrincipalTag/owner}"}},
    {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ("a*", "b")}},
    {"Null": {"aws:SourceVpce": "true"}},
)


@st.composite
def statements(draw: st.DrawFn) -> Grant:
    """Any statement: what it is about or what it is not about, with and without conditions, of both versions."""
    what = tuple(draw(st.lists(st.sampled_from(("*", "s3:*", "s3:Get*", "iam:*", *ACTIONS)), min_size=1, max_size=2)))
    own = ("*", "arn:aws:s3:::*", "arn:aws:s3:::secret/*", "arn:aws:s3:::b/${aws:username}", *RESOURCES)
    where = tuple(draw(st.lists(st.sampled_from(own), min_size=1, max_size=2)))
    turned, around = draw(st.sampled_from((False, False, True))), draw(st.sampled_from((False, False, True)))
    return Grant(
        draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        () if turned else what,
        () if around else where,
        AT,
        what if turned else (),
        where if around else (),
        draw(st.sampled_from(CONDITIONS)),
        variables=draw(st.sampled_from((True, True, False))),
    )


some_context = st.fixed_dictionaries(
    {},
    optional={
        "aws:PrincipalOrgID": st.sampled_from(("o-1", "o-3")),
        "aws:username": st.sampled_from(("k", "bob")),
        "aws:PrincipalTag/owner": st.sampled_from(("bob", "eve")),
        "dynamodb:LeadingKeys": st.sampled_from((("a",), ("c",))),
        "aws:SourceVpce": st.just("vpce-1"),
    },
)


@settings(deadline=None, max_examples=40)
@given(st.lists(statements(), max_size=3), st.lists(statements(), max_size=3), some_context)
def test_what_is_not_wider_allows_no_request_more(
    mine: list[Grant], theirs: list[Grant], context: dict[str, Value]
) -> None:
    found = wider(mine, theirs)
    for action in ACTIONS:
        if any(action in item.actions for item in found):
            continue
        for resource in RESOURCES:
            request = Request("arn:aws:iam::111122223333:role/app", action, resource, context)
            before, after = (evaluate(request, Policies(tuple(item))).answer for item in (theirs, mine))
            assert not (after is Answer.YES and before is Answer.NO)


@settings(deadline=None, max_examples=30)
@given(st.lists(statements(), max_size=4))
def test_any_set_is_not_wider_than_itself(some: list[Grant]) -> None:
    assert wider(some, some) == ()


@settings(deadline=None, max_examples=30)
@given(st.lists(statements(), max_size=3), statements())
def test_one_allow_more_is_never_narrower_and_one_deny_more_never_wider(some: list[Grant], more: Grant) -> None:
    if more.effect == "Allow":
        assert wider(some, [*some, more]) == ()
    else:
        assert wider([*some, more], some) == ()

"""One request against all policies: the hand-made cases, what is symbolic, and laws that hold for any policies."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import App, Grant, Resource
from remit.app.node import Node
from remit.app.value import Ref, Text, Unknown, Value
from remit.iam import Answer, Policies, Request, allows, evaluate, expand
from remit.read.policy import grants_of

AT = Location("template.yaml", 1)
ROOT = Path(__file__).parents[4]
CASES = json.loads((ROOT / "scripts/iam_oracle/cases.json").read_text())
ROLE = "arn:aws:iam::111122223333:role/app"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:work"


def node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: node(item) for key, item in value.items()}, AT)
    if isinstance(value, list):
        return Node(tuple(node(item) for item in value), AT)
    return Node(value, AT)


def document(case: dict[str, Any], key: str) -> tuple[Grant, ...] | None:
    return tuple(grants_of(node(case[key]), [])) if key in case else None


def decide(case: dict[str, Any]):
    context = {key: tuple(value) if isinstance(value, list) else value for key, value in case["context"].items()}
    request = Request(case["principal"], case["action"], case["resource"], context, case["account"])
    scps = tuple(tuple(grants_of(node(item), [])) for item in case.get("scps", ()))
    return evaluate(
        request,
        Policies(
            document(case, "identity") or (),
            document(case, "resource_policy"),
            document(case, "boundary"),
            document(case, "session"),
            scps,
            document(case, "rcp") or (),
        ),
    )


@pytest.mark.parametrize("item", CASES, ids=lambda item: item["id"])
def test_as_aws_documents_it(item: dict[str, Any]) -> None:
    assert decide(item["case"]).word == item["expect"]


def grant(actions: str, *resources: Value, effect: str = "Allow", **more: Any) -> Grant:
    return Grant(effect, tuple(actions.split()), resources or ("*",), AT, **more)


def test_the_decision_names_statement_and_policy() -> None:
    deny = grant("sqs:*", effect="Deny")
    found = evaluate(Request(ROLE, "sqs:SendMessage", QUEUE), Policies((grant("*"),), boundary=(grant("*"), deny)))
    assert (found.word, found.grant, found.policy) == ("no", deny, "boundary")
    assert found.why == "the permissions boundary denies it"
    scp = Policies((grant("*"),), scps=((grant("*"),), (grant("s3:*"),)))
    found = evaluate(Request(ROLE, "sqs:SendMessage", QUEUE), scp)
    assert (found.policy, found.why) == ("scp 2", "a service control policy does not allow it")


def test_a_key_that_may_be_anything_is_a_maybe() -> None:
    policies = Policies((grant("*", conditions={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),))
    assert evaluate(Request(ROLE, "sqs:SendMessage", QUEUE), policies).answer is Answer.NO
    assert evaluate(Request(ROLE, "sqs:SendMessage", QUEUE, open=True), policies).answer is Answer.MAYBE
    unknown: dict[str, Value] = {"aws:PrincipalOrgID": Unknown("the account's organization")}
    found = evaluate(Request(ROLE, "sqs:SendMessage", QUEUE, unknown), policies)
    assert (found.answer, found.why) == (Answer.MAYBE, "the identity policy allows it under a condition")


def test_a_deny_that_may_apply_is_a_maybe() -> None:
    deny = grant("*", effect="Deny", conditions={"Bool": {"aws:SecureTransport": "false"}})
    found = evaluate(Request(ROLE, "sqs:SendMessage", QUEUE, open=True), Policies((grant("*"), deny)))
    assert (found.answer, found.grant) == (Answer.MAYBE, deny)


def test_references_of_the_app() -> None:
    work = Resource("Work", "AWS::SQS::Queue", Node({}, AT), AT)
    role = Resource("AppRole", "AWS::IAM::Role", Node({}, AT), AT)
    app = App("shop", "SAM", "template.yaml", resources={"Work": work, "AppRole": role})
    request = Request(Ref("AppRole", "Arn"), "sqs:SendMessage", Ref("Work", "Arn"))
    name = Ref("Work", "QueueName")
    spelled = Text(("arn:aws:sqs:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":", name))
    assert evaluate(request, Policies((grant("sqs:SendMessage", spelled),)), app).word == "yes"
    by_role = grant("sqs:*", principals=(Ref("AppRole", "Arn"),))
    assert evaluate(request, Policies(resource=(by_role,)), app).word == "yes"
    account = grant("sqs:*", principals=(Text(("arn:aws:iam::", Ref("AWS::AccountId"), ":root")),))
    assert evaluate(request, Policies(resource=(account,)), app).word == "no"
    assert evaluate(request, Policies((grant("sqs:*"),), resource=(account,)), app).word == "yes"
    other = grant("sqs:*", principals=(Ref("OtherRole", "Arn"),))
    assert evaluate(request, Policies(resource=(other,)), app).word != "yes"
    source = grant("sqs:*", conditions={"ArnEquals": {"aws:SourceArn": Ref("Work", "Arn")}})
    named = Request(request.principal, request.action, request.resource, {"aws:SourceArn": Ref("Work", "Arn")})
    assert evaluate(named, Policies((source,)), app).word == "yes"


ACTIONS = ("sqs:SendMessage", "sqs:ReceiveMessage", "s3:GetObject", "s3:PutObject", "dynamodb:Query")
RESOURCES = (QUEUE, "arn:aws:s3:::b/k", "arn:aws:s3:::b/x/k", "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders")
CONDITIONS: tuple[Value, ...] = (
    None,
    {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"StringNotLike": {"aws:PrincipalOrgID": "o-*"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ("a*", "b")}},
    {"Null": {"aws:SourceVpce": "true"}},
)
patterns = st.sampled_from(
    ("*", "arn:aws:s3:::b/*", "arn:aws:s3:::*/k", "arn:aws:sqs", QUEUE, "arn:aws:sqs:*:*:w?rk", *RESOURCES)
)
actions = st.sampled_from(("*", "sqs:*", "s3:Get*", "s3:?utObject", "DYNAMODB:query", *ACTIONS))
contexts = st.fixed_dictionaries(
    {},
    optional={
        "aws:PrincipalOrgID": st.sampled_from(("o-1", "o-2", "x")),
        "aws:SecureTransport": st.sampled_from(("true", "false")),
        "dynamodb:LeadingKeys": st.sampled_from((("a",), ("b", "c"), ("a1", "b"))),
        "aws:SourceVpce": st.just("vpce-1"),
    },
)


@st.composite
def statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Allow", "Deny"), *, conditions: bool = True) -> Grant:
    turned = draw(st.booleans()) and draw(st.booleans())
    around = draw(st.booleans()) and draw(st.booleans())
    what, where = draw(st.lists(actions, min_size=1, max_size=2)), draw(st.lists(patterns, min_size=1, max_size=2))
    return Grant(
        draw(st.sampled_from(effects)),
        () if turned else tuple(what),
        () if around else tuple(where),
        AT,
        tuple(what) if turned else (),
        tuple(where) if around else (),
        draw(st.sampled_from(CONDITIONS)) if conditions else None,
        principals=draw(st.sampled_from((("*",), (ROLE,), ("111122223333",), ("444455556666",)))),
    )


sets = st.lists(statements(), max_size=4).map(tuple)
requests = st.builds(Request, st.just(ROLE), st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), contexts)
many = st.builds(
    Policies, sets, st.none() | sets, st.none() | sets, st.none() | sets, st.lists(sets, max_size=2).map(tuple), sets
)
WHOLE = Grant("Deny", ("*",), ("*",), AT, principals=("*",))


@settings(deadline=None, max_examples=60)
@given(requests, many, st.sampled_from(("identity", "resource", "boundary", "session", "rcps")))
def test_deny_wins(request: Request, policies: Policies, where: str) -> None:
    fields = {name: getattr(policies, name) for name in ("identity", "resource", "boundary", "session", "scps", "rcps")}
    fields[where] = (*(fields[where] or ()), WHOLE)
    assert evaluate(request, Policies(**fields)).answer is Answer.NO


@settings(deadline=None, max_examples=60)
@given(requests, many, statements(("Allow",)), st.sampled_from(("identity", "resource", "boundary", "session")))
def test_an_allow_never_takes_access_away(request: Request, policies: Policies, more: Grant, where: str) -> None:
    fields = {name: getattr(policies, name) for name in ("identity", "resource", "boundary", "session", "scps", "rcps")}
    if fields[where] is None and where != "resource":
        return  # a first boundary or session policy is a limit, whatever it allows
    fields[where] = (*(fields[where] or ()), more)
    assert evaluate(request, Policies(**fields)).answer >= evaluate(request, policies).answer


@settings(deadline=None, max_examples=60)
@given(requests, many, st.randoms(use_true_random=False))
def test_order_of_statements_does_not_matter(request: Request, policies: Policies, dice: Any) -> None:
    def mixed(grants: tuple[Grant, ...] | None) -> tuple[Grant, ...] | None:
        return None if grants is None else tuple(dice.sample(grants, len(grants)))

    other = Policies(
        mixed(policies.identity) or (),
        mixed(policies.resource),
        mixed(policies.boundary),
        mixed(policies.session),
        tuple(mixed(level) or () for level in policies.scps),
        mixed(policies.rcps) or (),
    )
    assert evaluate(request, other).answer is evaluate(request, policies).answer


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), st.lists(statements(conditions=False), max_size=5))
def test_agrees_with_allows_where_nothing_is_symbolic(action: str, resource: str, grants: list[Grant]) -> None:
    found = evaluate(Request(ROLE, action, resource, open=True), Policies(tuple(grants)))
    assert found.answer is allows(grants, action, resource).answer


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(("s3:*", "sqs:Get*", "*:List*", "dynamodb:?etItem", "kms:Decrypt", "lambda:*Url*", "new:Thing")))
def test_expansion_is_idempotent(pattern: str) -> None:
    once = expand(pattern)
    assert tuple(sorted({item for action in once for item in expand(action)})) == once


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20), st.text(max_size=30))
def test_hostile_texts_do_not_break_it(principal: str, resource: str, operator: str, value: str) -> None:
    policy = grant("*", f"arn:{value}", value, conditions={operator: {value: value}, "DateEquals": {"a": value}})
    found = evaluate(Request(principal, "s3:GetObject", resource, {"a": value}), Policies((policy,), (policy,)))
    assert found.answer in Answer


def test_every_documented_difference_has_a_test() -> None:
    page = (ROOT / "docs/iam-oracle.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    ids = {item["id"] for item in CASES}
    for row in rows:
        named = row.split("(test: `")[1].split("`")[0] if "(test: `" in row else row.split("`")[1]
        assert named in ids
    assert rows

"""Queries of document databases: operators and code that an event brought along."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.events import open_event
from remit_guard.sinks import expression, nosql
from remit_guard.sinks.provenance import Provenance


def sent(*values):
    return Provenance([Field(f"body→f{number}", value, "http-api") for number, value in enumerate(values)])


def judge(query, *values, kind="filter", documents=()):
    return nosql.inspect(query, sent(*values), kind=kind, documents=documents)


OPERATORS = [
    {"$ne": None}, {"$gt": ""}, {"$in": ["a"]}, {"$nin": []}, {"$exists": True}, {"$regex": ".*"}, {"$not": {"$eq": 1}},
    {"$elemMatch": {"$ne": None}}, {"$where": "1==1"}, {"$type": 2}, {"$gte": 0, "$lt": 9},
]  # fmt: skip


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
@pytest.mark.parametrize("around", [lambda o: {"user": "a", "password": o}, lambda o: {"$and": [{"t": 1}, {"p": o}]}])
def test_operators_of_the_event(operator, around):
    body = json.dumps({"user": "a", "password": operator})
    assert judge(around(operator), body) is not None
    assert judge(around(operator), json.dumps(operator)) is not None
    assert judge(around(operator), documents=[{"arguments": {"password": operator}}]) is not None
    assert judge(around(operator), json.dumps({"user": "a", "password": "x"})) is None
    assert judge(around(str(operator)), body) is None


def test_the_field_is_named_with_its_way():
    found = judge({"password": {"$ne": None}}, json.dumps({"login": {"password": {"$ne": None}}}))
    assert found is not None
    assert found.field.path == "body→f0→login.password.$ne"
    assert found.structure == "the operator $ne on password, a value expected"


def test_a_mapping_without_text_in_a_direct_event():
    event = {"user": "a", "password": {"$ne": None}}
    opened = open_event(event)
    provenance = Provenance(opened.leaves())
    assert nosql.inspect({"password": {"$ne": None}}, provenance, documents=[event]) is not None


@pytest.mark.parametrize(
    "query",
    [
        {"age": {"$gt": 18}, "name": "x"},
        {"$and": [{"a": {"$in": ["x", "y"]}}, {"b": {"$exists": False}}]},
        {"name": {"$eq": '{"$ne": null}'}},
        {"price": "$100"},
        {"_id": {"$oid": "5f43a1"}},
        {"note": "use $ne and $gt"},
    ],
    ids=str,
)
def test_operators_of_the_application(query):
    body = json.dumps(
        {"name": "x", "price": "$100", "id": {"$oid": "5f43a1"}, "q": '{"$ne": null}', "n": "use $ne and $gt"}
    )
    assert judge(query, body, "$100", "x", '{"$ne": null}', "use $ne and $gt") is None


def test_an_operator_that_the_event_names():
    assert judge({"age": {"$where": "x"}}, "$where") is not None
    assert judge({"age": {"$ne": "x"}}, "password[$ne]=x") is not None
    assert judge({"age": {"$gt": 1}}, "password[$ne]=x") is None


@pytest.mark.parametrize(
    ("code", "value", "bad"),
    [
        ("this.user == '' || '1'=='1'", "' || '1'=='1", True),
        ("this.age > 0; sleep(5000)", "0; sleep(5000)", True),
        ("this.age > 7", "7", False),
        ("this.user == '0; sleep(5000)'", "0; sleep(5000)", False),
        ("this.user == 'O\\'Neil'", "O'Neil", False),
        ("return true;//", "return true;//", True),
        ("this.a == 'x\\'", "x\\", True),
    ],
)
def test_code(code, value, bad):
    assert (judge({"$where": code}, value) is not None) == bad
    assert (judge({"$or": [{"a": 1}, {"$where": code}]}, value) is not None) == bad
    assert (judge([{"$match": {"$where": code}}], value, kind="pipeline") is not None) == bad
    function = {"$expr": {"$function": {"body": f"function() {{ {code} }}", "args": [], "lang": "js"}}}
    if not value.endswith(("//", "\\")):
        assert (judge(function, value) is not None) == bad


def test_fields_named_in_expressions():
    assert judge({"$expr": {"$eq": ["$name", "$password"]}}, "$password") is not None
    assert judge([{"$project": {"x": "$password"}}], "$password", kind="pipeline") is not None
    assert judge([{"$project": {"x": {"$literal": "$password"}}}], "$password", kind="pipeline") is None
    assert judge([{"$match": {"x": "$password"}}], "$password", kind="pipeline") is None
    assert judge({"$set": {"x": "$100"}}, "$100", kind="update") is None


def test_stages_of_the_event():
    stage = {"$lookup": {"from": "secrets", "pipeline": [], "as": "x"}}
    assert judge([{"$match": {"a": 1}}, stage], json.dumps([stage]), kind="pipeline") is not None


@pytest.mark.parametrize(
    ("text", "value", "bad"),
    [
        ("#n = :v OR attribute_exists(pk)", "#n = :v OR attribute_exists(pk)", True),
        ("attribute_exists(password)", "attribute_exists(password)", True),
        ("size(pk) > :z", "size(pk) > :z", True),
        ("#n = :v", "#n = :v", False),
        ("price < :p OR attribute_exists(id)", ":p OR attribute_exists(id)", True),
        ("SET price = :p, role = :p", "price = :p, role", True),
        ("SET price = :p", "price", False),
        ("id, name, address.city, tags[0]", "id, name, address.city, tags[0]", False),
        ("status = :s AND address.city = :c", "address.city", False),
        ("attribute_not_exists(pk)) OR (size(pk) > :z)", "pk)) OR (size(pk) > :z", True),
    ],
)
def test_dynamodb_expressions(text, value, bad):
    assert (expression.inspect(text, sent(value)) is not None) == bad


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "$ne", "$where", "$expr", "$or"]), inner, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON, JSON, st.sampled_from(["filter", "update", "pipeline"]))
def test_never_raises(query, document, kind):
    judge(query, json.dumps(document), kind=kind, documents=[document])


def test_hostile_sizes_end():
    deep: dict = {}
    for _ in range(5000):
        deep = {"$not": deep}
    judge(deep, "{" * 5000, documents=[deep])
    judge({"a": {"$in": list(range(30_000))}}, json.dumps({"$in": list(range(30_000))}))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: quote(text, safe=""),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: base64.b64encode(quote(text, safe="").encode()).decode(),
        lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    ],
)
def test_operators_behind_encodings_that_the_application_undoes(encode):
    text = '{"$ne": ""}'
    provenance = Provenance([Field("headers.x", encode(text), "http-api")])
    assert nosql.inspect({"name": json.loads(text)}, provenance) is not None
    assert nosql.inspect({"name": {"$gt": ""}}, provenance) is None

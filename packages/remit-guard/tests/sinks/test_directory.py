"""Filters and names of directories, XPath, GraphQL: a value stays one token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import expression, graphql, ldap, xpath
from remit_guard.sinks.provenance import Provenance


def sent(*values):
    return Provenance([Field(f"body→f{number}", value, "sqs") for number, value in enumerate(values)])


def escaped(value):
    return "".join(f"\\{ord(c):02x}" if c in "*()\\\0" else c for c in value)


ATTACKS = [
    "*",
    "*)(uid=*",
    "admin)(&)",
    "admin)(!(uid=x",
    "*)(|(uid=*",
    "a)(mail=*))(|(cn=a",
    "x\0",
    "a*b",
    "*)(objectClass=*))\0",
]


@pytest.mark.parametrize("value", ATTACKS)
@pytest.mark.parametrize(
    "around", ["(uid={})", "(&(uid={})(userPassword=x))", "(|(cn=a)(sn~={}))", "(&(a=1)(!(uid={})))", "uid={}"]
)
def test_filters(value, around):
    assert ldap.inspect(around.format(value), sent(value)) is not None
    assert ldap.inspect(around.format(escaped(value)), sent(value)) is None


@pytest.mark.parametrize(
    "value", ["smith", "O'Neil, Jr.", "a=b", "a&b|c!", "DOMAIN\\user", "x y z", "a<b>c", "Müller", "#1", "cn"]
)
def test_values_in_filters(value):
    for around in ("(uid={})", "(&(uid=*{}*)(objectClass=person))", "(&(a=1)(!(uid={})))"):
        assert ldap.inspect(around.format(value), sent(value)) is None


def test_filters_as_a_whole_and_by_chance():
    assert ldap.inspect("(uid=*)", sent("(uid=*)")) is not None
    assert ldap.inspect("(&(objectClass=*)(uid=x))", sent("*", "x")) is None
    assert ldap.inspect("(&(objectClass=person)(uid=x))", sent(")", "(", "&")) is None
    assert ldap.inspect("(&(mail=a*)(uid=x))", sent("unrelated)(uid=*")) is None


@pytest.mark.parametrize(
    ("name", "value", "bad"),
    [
        ("cn=x,ou=admins,dc=e,dc=org", "x,ou=admins", True),
        ("cn=x\\,ou\\=admins,dc=e", "x,ou=admins", False),
        ('cn="x,ou=admins",dc=e', "x,ou=admins", False),
        ("cn=Smith\\, John,dc=e", "Smith, John", False),
        ("cn=smith,ou=people,dc=e", "smith", False),
        ("cn=x+uid=root,dc=e", "x+uid=root", True),
        ("cn=a,dc=e", "cn=a,dc=e", False),
        ("cn=a,ou=x,dc=e", "ou=x,dc=e", False),
    ],
)
def test_names(name, value, bad):
    assert (ldap.inspect_name(name, sent(value)) is not None) == bad


@pytest.mark.parametrize(
    ("text", "value", "bad"),
    [
        ("//user[name='' or '1'='1']", "' or '1'='1", True),
        ("//user[name='x'] | //*['1'='1']", "x'] | //*['1'='1", True),
        ('//user[name="O\'Neil"]', "O'Neil", False),
        ("//user[id=1 or 1=1]", "1 or 1=1", True),
        ("//user[id=-5]", "-5", False),
        ("//user[name='a or b']", "a or b", False),
        ("//user[name=concat('O', \"'\", 'Neil')]", "O'Neil", False),
        ("//user[name='x']/password", "password", False),
        ("/shop/user/name", "/shop/user", False),
        ("//user[name='O'Neil']", "O'Neil", True),
        ("//*", "//*", True),
        ("//user[name='x']", "']", False),
        ("//user[@id='7']", "@id", False),
    ],
)
def test_xpath(text, value, bad):
    assert (xpath.inspect(text, sent(value)) is not None) == bad


@pytest.mark.parametrize(
    ("text", "value", "bad"),
    [
        ('{ user(name: "x") { id } }', "x", False),
        ('{ user(name: "x") { id password } a: user(name: "y") { id } }', 'x") { id password } a: user(name: "y', True),
        ('{ user(name: "say \\"hi\\" now") { id } }', 'say "hi" now', False),
        (
            "{ user(id: 1) { id } users { password } x: user(id: 1) { id } }",
            "1) { id } users { password } x: user(id: 1",
            True,
        ),
        ("{ user(id: -5) { id } }", "-5", False),
        ("{ user(id: 1) { id name email } }", "id name email", False),
        ("{ user(id: 1) { id } }", "{ user(id: 1) { id } }", False),
        ('mutation { add(t: """a "quoted" text""") { id } }', 'a "quoted" text', False),
        ('{ user(name: "x\\") { id } }', "x\\", True),
        ('{ user(name: "a) { b }") { id } }', "a) { b }", False),
    ],
)
def test_graphql(text, value, bad):
    assert (graphql.inspect(text, sent(value)) is not None) == bad


PIECES = st.lists(
    st.sampled_from(
        ["(", ")", "'", '"', "*", "&", "=", "uid", "[", "]", "{", "}", "\\", " or ", "1", "//", "#", "\n", "é"]
    ),
    max_size=14,
)


@given(PIECES, PIECES, PIECES)
def test_never_raises(before, value, after):
    value = "".join(value)
    text = "".join(before) + value + "".join(after)
    for sink in (ldap, xpath, graphql, expression):
        sink.inspect(text, sent(value))
    ldap.inspect_name(text, sent(value))


@given(st.text(max_size=30))
def test_escaped_and_quoted_values_never_count(value):
    assert ldap.inspect(f"(&(uid={escaped(value)})(a=b))", sent(value)) is None
    if "'" not in value:
        assert xpath.inspect(f"//user[@name='{value}']", sent(value)) is None


def test_long_values_are_judged():
    value = "') or (" * 1200
    assert xpath.inspect(f"//a[b='{value}']", sent(value)) is not None
    assert ldap.inspect(f"(uid={'(' * 9000})", sent("(" * 9000)) is not None
    assert graphql.inspect('{ a(x: "' + '" ' * 4000 + '") }', sent('" ' * 4000)) is not None

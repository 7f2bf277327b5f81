"""URLs: addresses in every spelling, schemes, and hosts turned into something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import addresses, url
from remit_guard.sinks.provenance import Provenance


def judge(where, *values):
    fields = [Field(f"queryStringParameters.f{number}", value, "http-api") for number, value in enumerate(values)]
    return url.inspect(where, Provenance(fields))


INSIDE = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "0xa9.0xfe.0xa9.0xfe",
    "2852039166",
    "169.254.43518",
    "100.64.0.1",
    "168.63.129.16",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "api.localhost",
    "metadata.google.internal",
    "db.internal",
    "redis",
    "printer.local",
    "127.0.0.1.nip.io",
    "localtest.me",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
]
OUTSIDE = [
    "example.com",
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "169.253.1.1",
    "11.0.0.1",
    "100.128.0.1",
    "192.167.1.1",
    "[2606:2800:220:1::1]",
    "[::ffff:8.8.8.8]",
    "xn--bcher-kva.example",
    "localhost.example.com",
    "10.example.com",
    "eu-west-1.example.com",
    "16843009",
    "shop.example.co.uk",
]


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_inside_by_any_spelling(host):
    for value in (f"http://{host}/", f"https://{host}:8080/x?y=1", f"http://{host}", f"http://user:pw@{host}/"):
        assert judge(value, value) is not None, value
    if len(host) > 2:
        assert judge(f"https://{host}/api", host) is not None


@pytest.mark.parametrize("host", OUTSIDE)
def test_a_public_host(host):
    for value in (f"http://{host}/", f"https://{host}:8443/x?u=http://127.0.0.1/", f"https://user:pw@{host}/"):
        assert judge(value, value) is None, value
    assert judge(f"https://{host}/api", host) is None


@pytest.mark.parametrize("scheme", ["file", "gopher", "dict", "ftp", "jar", "ldap", "data", "netdoc", "phar"])
def test_another_scheme(scheme):
    assert judge(f"{scheme}://example.com/x", f"{scheme}://example.com/x") is not None


@pytest.mark.parametrize(
    "value",
    [
        "@169.254.169.254/",
        "@evil.example/",
        ":80@evil.example/",
        "\\@evil.example",
        ".evil.example/",
        ":9200/",
        "#@evil.example/",
    ],
)
def test_the_applications_host_becomes_something_else(value):
    if value.startswith("#"):
        assert judge(f"https://api.example.com{value}", value) is None  # a fragment: the host stays
    else:
        assert judge(f"https://api.example.com{value}", value) is not None


def test_a_host_that_ends_early():
    assert judge("https://evil.example/#.example.com/x", "evil.example/#") is not None
    assert judge("https://evil.example?.example.com/x", "evil.example?") is not None
    assert judge("https://tenant.example.com/x", "tenant") is None


@pytest.mark.parametrize(
    "value",
    ["http://evil.example#@127.0.0.1/", "http://a.example\\@127.0.0.1/", "http://1.1.1.1 &@127.0.0.1# @3.3.3.3/"],
)
def test_where_clients_disagree_the_worst_reading_counts(value):
    assert judge(value, value) is not None


@pytest.mark.parametrize(
    "value", ["127.0.0.1", "localhost", "http://169.254.169.254/", "../admin", "a b", "x?y=z", "@home"]
)
def test_path_and_query_are_free(value):
    assert judge(f"https://api.example.com/v1/{value}", value) is None
    assert judge(f"https://api.example.com/v1?u={value}", value) is None


def test_fixed_hosts_inside_are_the_applications_business():
    assert judge("http://localhost:2773/secretsmanager/get?secretId=abc", "abc") is None
    assert judge("http://127.0.0.1:9001/2018-06-01/runtime", "0.0.1") is None
    assert (
        url.inspect("http://localhost:3000/x", Provenance([Field("headers.host", "localhost:3000", "http-api")]))
        is None
    )


def named(where, own, *values):
    fields = [Field(f"body→f{number}", value, "http-api") for number, value in enumerate(values)]
    return url.inspect(where, Provenance(fields), lambda host, port: (host, port) in own)


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("http://127.0.0.1:18391/x", ("ada@127.0.0.1:18391",)),
        ("//127.1:80", ("ada@127.1",)),
        ("//127.0.0.1:80", ("example.org,127.0.0.1",)),
        ("//127.0.0.1:80", ("http://a:b@127.0.0.1/x",)),
        ("http://127.0.0.1:80/", ("127.0", "0.1")),
        ("http://127.1/", ("127", 1)),
        ("//redis:6379", ("x@redis",)),
        ("//[::ffff:7f00:1]:80", ("http://[::ffff:7f00:1]/",)),
    ],
)
def test_a_host_inside_cut_out_of_a_value_or_put_together(where, values):
    assert named(where, (), *values) is not None


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("http://10.0.3.7:5432/", ("10.0",)),
        ("http://127.0.0.1:80/", ("0.0.1",)),
        ("http://127.0.0.1/", ("x127.0.0.1", "127.0.0.11", "127.0.0.1.nip.example")),
        ("//redis:6379", ("redis is fast",)),
        ("//example.com:443", ("ada@example.com",)),
    ],
)
def test_what_only_resembles_a_host_inside(where, values):
    assert named(where, (), *values) is None


def test_an_event_may_mention_a_host_that_the_application_names():
    own = {("localhost", 18391)}
    assert named("http://localhost:18391/x", own, "localhost") is None
    assert named("http://localhost:18391/x", own, "see http://localhost:18391 there") is None
    assert named("http://localhost:22/x", own, "localhost") is not None
    assert named("http://localhost:18391/x", own, "http://localhost:18391/x") is not None


def test_a_bare_host():
    assert judge("127.0.0.1", "127.0.0.1") is not None
    assert judge("localhost:6379", "localhost:6379") is not None
    assert judge("example.com:443", "example.com:443") is None


@given(st.ip_addresses(v=4))
def test_numbers_agree_with_the_standard_library(address):
    value = int(address)
    for spelling in (str(address), str(value), hex(value), f"0{value:o}"):
        assert addresses.number(spelling) == value
    if address.is_private or address.is_loopback or address.is_link_local:
        assert addresses.is_inside(value) or str(address).startswith(("192.0.2.", "198.51.100.", "203.0.113."))
    elif address.is_global and not address.is_multicast:
        assert not addresses.is_inside(value) or str(address).startswith(("192.0.0.", "168.63.129.16"))


@given(st.text(max_size=60), st.text(max_size=40))
def test_never_raises(where, value):
    judge(where, value)
    judge("http://" + where + value, value, where)
    addresses.why_inside(value)

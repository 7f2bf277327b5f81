"""Headers, templates and archives: a value stays in its line, its text, its folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import archive, header, template
from remit_guard.sinks.provenance import Provenance


def sent(*values, path="body→email"):
    return Provenance([Field(path, value, "http-api") for value in values])


@pytest.mark.parametrize(
    "value", ["x\r\nBcc: a@b.c", "x\nSet-Cookie: a=b", "x\r\n\r\n<html>", "a\rb", "Hello\0there\nyou"]
)
def test_line_breaks(value):
    assert header.inspect(f"Re: {value}", sent(value)) is not None
    assert header.inspect("Re: " + value.replace("\r", " ").replace("\n", " ").replace("\0", ""), sent(value)) is None


def test_lines_of_the_application():
    folded = "a long subject\r\n of two lines with order number 12345-99"
    assert header.inspect(folded, sent("12345-99")) is None
    assert header.inspect("plain\n", sent("plain\n")) is None


@pytest.mark.parametrize(
    ("value", "email", "bad"),
    [
        ("a@x.org, evil@y.org", "a@x.org, evil@y.org", True),
        ('"Ann" <a@x.org, evil@y.org>', "a@x.org, evil@y.org", True),
        ("Ann <evil@y.org>, x <a@x.org>", "Ann <evil@y.org>, x", True),
        ("a@x.org", "a@x.org", False),
        ('"Smith, John" <a@x.org>', "Smith, John", False),
        ("a@x.org, own@shop.org", "a@x.org", False),
        ('"Smith, John" <a@x.org>', '"Smith, John" <a@x.org>', False),
    ],
)
def test_recipients(value, email, bad):
    assert (header.inspect(value, sent(email), name="To") is not None) == bad
    assert header.inspect(value, sent(email), name="Subject") is None


def test_a_field_that_is_a_list_may_hold_several():
    for path in ("body→recipients", "body→to", "body→emails"):
        assert header.inspect("a@x.org, b@y.org", sent("a@x.org, b@y.org", path=path), name="To") is None


@pytest.mark.parametrize(
    ("message", "value", "bad"),
    [
        ("From: a\r\nSubject: x\r\nBcc: e@y\r\n\r\nhi", "x\r\nBcc: e@y", True),
        ("From: a\nSubject: x\n\nother body\n\nhi", "x\n\nother body", True),
        ("From: a\nSubject: x\n\nbody\nBcc: e@y\n", "body\nBcc: e@y", False),
        ("From: a\nSubject: two\n lines of text\n\nhi", "two\n lines of text", False),
        ("From: a\nSubject: x\n\nhi", "From: a\nSubject: x\n\nhi", False),
        ("no headers at all\nBcc: x@y\n", "at all\nBcc: x@y", False),
    ],
)
def test_messages(message, value, bad):
    assert (header.inspect_message(message, sent(value)) is not None) == bad


@pytest.mark.parametrize(
    ("engine", "source", "value", "bad"),
    [
        ("jinja", "Hi {{ 7*7 }}!", "{{ 7*7 }}", True),
        ("jinja", "{% for x in y %}", "{% for x in y %}", True),
        ("jinja", "Hi Ann, {{ price }}", "Ann", False),
        ("jinja", "Hi ${7*7} [[x]] #{y}", "${7*7} [[x]] #{y}", False),
        ("mako", "Hi ${7*7}", "${7*7}", True),
        ("mako", "a\n% import os\n", "\n% import os\n", True),
        ("django", "{% debug %}", "{% debug %}", True),
        ("jinja", "{{ 'O\\'Neil' }}", "O'Neil", False),
        ("jinja", "{{ 'x' ~ config ~ 'y' }}", "x' ~ config ~ 'y", True),
        ("jinja", "{{ user.name }}", "user.name", False),
        ("jinja", "{{ x }} and {{ y }}", "{{", True),
        ("jinja", "{{7*7}}", "{7*7}", True),
        ("", "<%= 7*7 %>", "<%= 7*7 %>", True),
    ],
)
def test_templates(engine, source, value, bad):
    assert (template.inspect(source, sent(value), engine=engine) is not None) == bad


FILE = "file"


@pytest.mark.parametrize(
    ("members", "bad"),
    [
        ([("a/b.txt", FILE, "")], False),
        ([("../x", FILE, "")], True),
        ([("a/../../x", FILE, "")], True),
        ([("a/../b", FILE, "")], False),
        ([("/etc/passwd", FILE, "")], True),
        ([("/tmp/out/x", FILE, "")], False),
        ([("../out/x", FILE, "")], False),
        ([("../outside/x", FILE, "")], True),
        ([("C:/x", FILE, "")], True),
        ([("l", "link", "/etc")], True),
        ([("l", "link", "../..")], True),
        ([("d/l", "link", "../x")], False),
        ([("l", "link", "d"), ("l/x", FILE, "")], False),
        ([("a", "link", "."), ("a/b", "link", ".."), ("b/x", FILE, "")], True),
        ([("l", "hard link", "../../x")], True),
        ([("l", "hard link", "d/x")], False),
        ([("null", "device", "")], True),
        ([("..notup/x", FILE, ""), ("a/...", FILE, "")], False),
    ],
)
def test_members(members, bad):
    assert (archive.inspect(members, folder="/tmp/out") is not None) == bad


def test_an_extractor_that_keeps_names_inside():
    assert archive.inspect([("../x", FILE, ""), ("/y", FILE, "")], folder="/tmp/out", keeps=True) is None
    assert archive.climbs("../x")
    assert archive.climbs("..\\x")
    assert archive.climbs("/x")
    assert not archive.climbs("a/x")


@given(st.text(alphabet="{}%<>$#'\"\\ax.*[]\r\n:@,; ", max_size=24), st.text(alphabet="{}%<> a@,\r\n", max_size=12))
def test_never_raises(before, value):
    text = before + value + before
    for engine in ("jinja", "mako", "django", ""):
        template.inspect(text, sent(value), engine=engine)
    header.inspect(text, sent(value), name="To")
    header.inspect_message(text, sent(value))
    archive.inspect([(text, "file", ""), (before, "link", value)], folder="/tmp/out")


def test_hostile_sizes_end():
    template.inspect("{{" * 20_000, sent("{" * 500, "x{{"), engine="jinja")
    header.inspect("a@b," * 5_000, sent("a@b," * 5_000), name="To")
    header.inspect('"' * 20_000, sent('"' * 20_000), name="To")

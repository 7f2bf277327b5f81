"""Log lines and HTML answers."""

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import log, response
from remit_guard.sinks.provenance import Provenance


def provenance(value):
    return Provenance([Field("headers.user-agent", value, "http-api")])


@pytest.mark.parametrize(
    "value",
    [
        "x\n2026-11-22 INFO admin logged in",
        "x\r\nINFO y",
        "\x1b[2J\x1b[1;1Hclean",
        "a\u2028INFO b",
        "a\x9b2Jb",
        "user\u202etxt.exe",
    ],
)
def test_forged_lines(value):
    assert log.inspect(f"INFO login failed for {value}", provenance(value)) is not None
    assert log.inspect(json.dumps({"user": value}), provenance(value)) is None


@pytest.mark.parametrize("value", ["Ann", "Mozilla/5.0 (X11)", "a\tb", "line\n", "ünïcode", "x" * 500])
def test_plain_log_text(value):
    assert log.inspect(f"INFO login failed for {value}", provenance(value)) is None


def test_lines_of_the_application():
    assert log.inspect("Traceback\n  File x\nValueError: Ann", provenance("Ann")) is None


PAGE = (
    '<!doctype html><html><body><p class="{attr}">{text}</p><a href="{url}">x</a>'
    '<script>var n = "{script}";</script></body></html>'
)


def page(**values):
    full = {"attr": "a", "text": "t", "url": "/", "script": "s", **values}
    return PAGE.format(**full)


ATTACKS = [
    ("text", "<script>alert(1)</script>"),
    ("text", "<img src=x onerror=alert(1)>"),
    ("text", "<svg/onload=alert(1)>"),
    ("text", "<a href=//evil>x</a>"),
    ("text", "</p><iframe src=//evil>"),
    ("text", "<!-- x"),
    ("attr", '" onmouseover="alert(1)'),
    ("attr", '"><script>alert(1)</script>'),
    ("url", "javascript:alert(1)"),
    ("url", " JavaScript:alert(1)"),
    ("url", "data:text/html,x"),
    ("script", '"; alert(1); "'),
    ("script", "</script><script>alert(1)"),
]


@pytest.mark.parametrize(("place", "value"), ATTACKS)
def test_markup_from_the_input(place, value):
    assert response.inspect(page(**{place: value}), "text/html; charset=utf-8", provenance(value)) is not None
    assert response.inspect(page(**{place: value}), "", provenance(value)) is not None
    assert response.inspect(page(**{place: value}), "application/json", provenance(value)) is None


@pytest.mark.parametrize(("place", "value"), ATTACKS)
def test_encoded_markup_is_harmless(place, value):
    encoded = json.dumps(value)[1:-1].replace("<", "\\u003c") if place == "script" else html.escape(value)
    found = response.inspect(page(**{place: encoded}), "text/html", provenance(value))
    assert (found is None) == (place != "url")  # no escaping makes a script URL harmless


@pytest.mark.parametrize(
    "value",
    ["Ann", "a < b", "1 > 0", "x & y", "/home?a=b", "https://example.com/", "50% off", "class", "O'Brien", '"quoted"'],
)
@pytest.mark.parametrize("place", ["text", "url", "attr"])
def test_text_is_harmless(place, value):
    if '"' in value and place != "text":
        pytest.skip("ends the attribute")
    assert response.inspect(page(**{place: value}), "text/html", provenance(value)) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_never_raises(body, value):
    response.inspect("<p>" + body + value, "text/html", provenance(value))
    log.inspect(body + value, provenance(value))


@pytest.mark.parametrize("piece", ["<", "<a ", '"', "<!--", "<script>", "a=", "\n", "\x1b"])
def test_long_bodies(piece):
    value = piece * (12000 // len(piece))
    response.inspect("<p>" + value, "text/html", provenance(value))
    log.inspect(value, provenance(value))

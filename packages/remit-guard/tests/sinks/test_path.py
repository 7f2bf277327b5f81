"""Files: leaving the directory, by dots or by an absolute path."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import path
from remit_guard.sinks.provenance import Provenance


def judge(where, *values, base=""):
    fields = [Field(f"Records[0].s3.object.key{number}", value, "s3", 0) for number, value in enumerate(values)]
    return path.inspect(where, Provenance(fields), base=base)


ATTACKS = [
    "../secret", "../../etc/passwd", "a/../../b", "./../x", "..//..//etc/passwd", "a/b/../../../c", "..", "../", "x/../..",
    "/../../etc/shadow",
]  # fmt: skip
BENIGN = [
    "a.txt",
    "a/b.txt",
    "a/../b.txt",
    "..a",
    "a..b",
    "...",
    "a/./b",
    "..%2fetc",
    "..\\etc",
    "~root",
    "/a",
    "ü/x",
    "a b",
]


@pytest.mark.parametrize("value", ATTACKS)
def test_dots_that_lead_out(value):
    assert judge("/tmp/work/" + value, value) is not None
    assert judge("/tmp/work/" + value, value, base="/tmp/work") is not None


@pytest.mark.parametrize("value", BENIGN)
def test_names_that_stay(value):
    assert judge("/tmp/work/" + value, value) is None
    assert judge("/tmp/work/" + value, value, base="/tmp/work") is None


@pytest.mark.parametrize("value", ["/etc/passwd", "/var/task/app.py", "/proc/self/environ", "//etc/passwd"])
def test_an_absolute_path_replaces_the_directory(value):
    joined = os.path.join("/tmp/work", value)
    assert judge(joined, value) is not None
    assert judge(joined, value, base="/tmp/work") is not None


@pytest.mark.parametrize(
    "parts",
    [("/etc", "passwd"), ("/", "etc/passwd"), ("/proc", "self/environ"), ("/etc/ssl", "x"), ("/root", ".ssh/id_rsa")],
)
def test_an_absolute_path_made_of_several_values(parts):
    assert judge(os.path.join("/tmp/work", *parts), *parts) is not None


def test_folders_that_a_request_only_resembles():
    assert judge("/opt/python/lib/x.py", "/opt") is None
    assert judge("/home/user/.netrc", "/home", "user") is None
    assert judge("/tmp/a.png", "/tmp", "a.png") is None
    assert judge("/dev/null", "dev/null") is None


def test_an_absolute_path_below_the_base_or_among_data():
    assert judge("/tmp/work/a", "/tmp/work/a", base="/tmp/work") is None
    assert judge("/tmp/a.png", "/tmp/a.png") is None
    assert judge("/tmp/../etc/passwd", "/tmp/../etc/passwd") is not None
    assert judge("/tmp/workers/a", "/tmp/workers/a", base="/tmp/work") is not None


def test_relative_paths():
    assert judge("data/../../x", "../../x") is not None
    assert judge("../x", "../x") is not None
    assert judge("x/y", "x/y") is None


@pytest.mark.parametrize("sent", ["%2e%2e%2fsecret", "..%2Fsecret", "%252e%252e%252fsecret", "Li4vc2VjcmV0"])
def test_decoded_by_the_application(sent):
    assert judge("/tmp/work/../secret", sent) is not None


def test_dots_left_over_when_others_were_removed():
    assert judge("/tmp/work/../../etc/passwd", "....//....//etc/passwd") is not None


def test_nul():
    assert judge("/tmp/work/a.png\0.txt", "a.png\0.txt") is not None


def test_the_applications_own_dots():
    assert judge("/var/task/../lib/a.txt", "a.txt") is None
    assert judge("/etc/hosts", "hosts") is None
    assert judge("/etc/passwd", "unrelated") is None


@given(st.lists(st.sampled_from(["..", ".", "a", "b", ""]), max_size=8).map("/".join))
def test_agrees_with_the_systems_own_resolution(value):
    where = "/tmp/work/" + value
    leaves = not (os.path.normpath(where) + "/").startswith("/tmp/work/")
    if len(value) > 2 or ".." in value:
        assert (judge(where, value, base="/tmp/work") is not None) == leaves


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_never_raises(where, value, base):
    judge(where, value, base=base)


def test_long_paths():
    value = "a/../" * 4000
    assert judge("/tmp/" + value, value) is None
    assert judge("/tmp/" + "../" * 8000, "../" * 8000) is not None

"""Deserialisation: documents that say what to run."""

import base64
import gzip
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import deserialize
from remit_guard.sinks.provenance import Provenance


class Runs:
    def __reduce__(self):
        return (print, ("ran",))


def judge(data, *values, kind):
    fields = [Field(f"body→f{number}", value, "sqs") for number, value in enumerate(values)]
    return deserialize.inspect(data, Provenance(fields), kind=kind)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_calls(protocol):
    raw = pickle.dumps(Runs(), protocol)
    sent = base64.b64encode(raw).decode()
    assert judge(raw, sent, kind="pickle") is not None
    assert judge(raw, raw.hex(), kind="pickle") is not None
    assert judge(raw, base64.b64encode(gzip.compress(raw)).decode(), kind="pickle") is not None
    assert judge(raw, "something else entirely", kind="pickle") is None


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", [{"a": [1, 2.5, "x", None, True]}, (1, b"x"), "text"])
def test_a_pickle_of_plain_data(value, protocol):
    raw = pickle.dumps(value, protocol)
    plain = judge(raw, base64.b64encode(raw).decode(), kind="pickle")
    assert plain is None or (protocol < 3 and isinstance(value, tuple))  # bytes are built by a call there


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['id']",
        "a: !!python/name:os.system",
        "- !<tag:yaml.org,2002:python/object:x> {}",
        "!!ruby/object:X {}",
        "%TAG ! tag:yaml.org,2002:python/\n---\n!object/apply:os.system [id]",
        "!!javax.script.ScriptEngineManager []",
    ],
)
def test_yaml_tags(text):
    assert judge(text, text, kind="yaml") is not None
    assert judge(text, "unrelated", kind="yaml") is None


@pytest.mark.parametrize(
    "text",
    ["a: 1\nb: [x, y]", "a: !!str 1", "note: wow! really", "a: !!binary aGk=", "x: !important", "t: 'a !!python/x b'"],
)
def test_plain_yaml(text):
    found = judge(text, text, kind="yaml")
    assert found is None or "python" in text  # inside a quoted scalar we still report: fail closed


def test_other_kinds():
    jsonpickle = '{"py/object": "os.system"}'
    assert judge(jsonpickle, jsonpickle, kind="jsonpickle") is not None
    assert judge('{"a": 1}', '{"a": 1}', kind="jsonpickle") is None
    assert judge(b"\xe3\x00", base64.b64encode(b"\xe3\x00\x01\x02").decode(), kind="marshal") is not None


@given(st.binary(max_size=80), st.sampled_from(["pickle", "yaml", "jsonpickle", "marshal"]))
def test_never_raises(data, kind):
    judge(data, base64.b64encode(data).decode(), kind=kind)
    judge(data.decode("latin-1"), data.decode("latin-1"), kind=kind)

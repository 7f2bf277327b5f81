"""The field maps and recognition."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard import events
from remit_guard.core.source import DECODINGS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Records",
                    "requestContext",
                    "http",
                    "body",
                    "s3",
                    "object",
                    "key",
                    "Sns",
                    "Message",
                    "eventSource",
                    "detail",
                    "detail-type",
                    "source",
                    "headers",
                    "isBase64Encoded",
                    "TopicArn",
                    "MessageId",
                    "httpMethod",
                ]
            )
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)

SAMPLES = {
    "http-api": {
        "version": "2.0",
        "requestContext": {"http": {"method": "GET"}, "domainName": "a.execute-api.eu-west-1.amazonaws.com"},
    },
    "function-url": {
        "version": "2.0",
        "requestContext": {"http": {"method": "GET"}, "domainName": "a.lambda-url.eu-west-1.on.aws"},
    },
    "rest-api": {"httpMethod": "GET", "path": "/", "requestContext": {"stage": "prod"}},
    "sqs": {"Records": [{"eventSource": "aws:sqs", "body": "x"}]},
    "sns": {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "x"}}]},
    "s3": {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "a"}}}]},
    "dynamodb": {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": {"Keys": {}}}]},
    "eventbridge": {"source": "shop", "detail-type": "Paid", "detail": {}},
    "schedule": {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
    "direct": {"anything": 1},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_source_recognises_its_own_shape_and_no_other(name):
    assert events.recognise(SAMPLES[name]).name == name
    claims = [other for other in events.names() if events.by_name(other).recognise(SAMPLES[name])]
    assert claims == ([name, "direct"] if name != "direct" else ["direct"])


def test_names_and_modules_agree():
    assert len(set(events.names())) == len(events.names())
    assert events.names()[-1] == "direct"
    for name in events.names():
        source = events.by_name(name)
        assert source.name == name
        assert source.title
        for spec in source.fields:
            assert set(spec.decode) <= set(DECODINGS)
        assert not {spec.path for spec in source.fields} & set(source.platform)
    with pytest.raises(KeyError):
        events.by_name("carrier-pigeon")


def test_the_test_event_of_s3_is_s3():
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "x", "Bucket": "b"}
    assert events.recognise(event).name == "s3"


def test_claims_are_marked():
    claims = [spec.path for name in ("http-api", "rest-api") for spec in events.by_name(name).fields if spec.claim]
    assert "requestContext.authorizer.jwt.claims{}" in claims
    assert "requestContext.authorizer.**" in claims


def test_only_the_module_of_the_event_is_loaded():
    script = (
        "import sys; from remit_guard import events; events.recognise({'Records': [{'eventSource': 'aws:sqs'}]});"
        "print(sorted(m for m in sys.modules if m.startswith('remit_guard.events.')),"
        " sorted({'typing', 'dataclasses', 'enum', 'inspect', 'urllib.parse', 'base64'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "['remit_guard.events.shapes', 'remit_guard.events.sqs'] []"


@given(JSON)
def test_any_json_value_can_be_opened(event):
    opened = events.open_event(event)
    for field in opened.fields():
        assert field.source
        assert not isinstance(field.value, (dict, list))
    assert isinstance(opened.chain, str)
    assert opened.fields() is opened.fields()


def test_the_documentation_lists_every_source_with_the_first_line_of_its_page():
    text = (Path(__file__).parents[4] / "docs" / "events.md").read_text()
    for name in events.names():
        module = importlib.import_module(f"remit_guard.events.{name.replace('-', '_')}")
        first = " ".join((module.__doc__ or "").strip().split("\n\n")[0].split()).rstrip(".")
        assert f"| `{name}` | {first} |\n" in text

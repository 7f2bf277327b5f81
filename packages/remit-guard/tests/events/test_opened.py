"""Opening events: envelopes, encodings, bounds."""

import base64
import gzip
import json

import pytest

from remit_guard import events
from remit_guard.events import opened


def found(event):
    return {field.path: field.value for field in events.open_event(event).fields()}


def http(body=None, *, encoded=False, **more):
    return {
        "version": "2.0",
        "rawPath": "/a b",
        "rawQueryString": "q=%27x",
        "headers": {"user-agent": "curl", "we ird'": "v"},
        "cookies": ["s=1"],
        "queryStringParameters": {"q": "'x"},
        "requestContext": {"http": {"method": "GET", "path": "/a b", "sourceIp": "192.0.2.1"}, "domainName": "d"},
        "body": body,
        "isBase64Encoded": encoded,
        **more,
    }


def test_http_fields_and_what_the_platform_wrote():
    values = found(http())
    assert values["queryStringParameters.q"] == "'x"
    assert values["headers.user-agent"] == "curl"
    assert values["cookies[0]"] == "s=1"
    assert values["rawQueryString"] == "q='x"
    assert values["requestContext.http.path"] == "/a b"
    assert "192.0.2.1" not in values.values()


def test_a_key_that_is_no_plain_word_is_a_field_and_never_part_of_a_path():
    fields = [
        (field.path, field.value) for field in events.open_event(http()).fields() if field.path.startswith("headers{")
    ]
    assert fields == [("headers{1}", "we ird'"), ("headers{1}", "v")]


def test_json_body():
    values = found(http(json.dumps({"order": {"id": "7'", "lines": [{"sku": "a"}], "n": 3, "none": None}})))
    assert values["body→order.id"] == "7'"
    assert values["body→order.lines[0].sku"] == "a"
    assert values["body→order.n"] == 3
    assert "body→order.none" not in values


def test_base64_body():
    body = base64.b64encode(json.dumps({"a": "x'"}).encode()).decode()
    assert found(http(body, encoded=True))["body→a"] == "x'"
    assert found(http("not base64!", encoded=True))["body"] == "not base64!"


def test_compressed_body():
    body = base64.b64encode(gzip.compress(b'{"a": "deep"}')).decode()
    assert found(http(body, encoded=True))["body→a"] == "deep"


def test_form_and_multipart_bodies():
    assert found(http("name=O%27Brien&note=a+b&empty="))["body→name"] == "O'Brien"
    assert found(http("name=O%27Brien&note=a+b"))["body→note"] == "a b"
    body = '--b1\r\nContent-Disposition: form-data; name="file"; filename="../x"\r\n\r\nline\r\n--b1--\r\n'
    values = found(http(body))
    assert sorted(str(value) for path, value in values.items() if path.startswith("body→")) == ["../x", "line"]


def test_json_inside_json():
    inner = json.dumps({"x": json.dumps({"y": "deep'"})})
    assert found(http(inner))["body→x→y"] == "deep'"


def test_an_unverified_token():
    segment = base64.urlsafe_b64encode(b'{"sub": "ann\' --"}').decode().rstrip("=")
    event = http(None, headers={"authorization": f"Bearer eyJhbGciOiJub25lIn0.{segment}."})
    assert found(event)["headers.authorization→sub"] == "ann' --"


S3 = {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "a%27+b.png"}}}]}


def test_s3_keys_are_decoded():
    fields = [(field.path, field.value) for field in events.open_event(S3).fields()]
    assert fields == [("Records[0].s3.object.key", "a%27+b.png"), ("Records[0].s3.object.key", "a' b.png")]


def envelope(message):
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:1:t", "Message": message}


@pytest.mark.parametrize(
    ("body", "chain", "path", "value"),
    [
        (json.dumps(S3), "s3 via sqs", "Records[0].body→Records[0].s3.object.key", "a' b.png"),
        (json.dumps(envelope("hello")), "sns via sqs", "Records[0].body→Message", "hello"),
        (
            json.dumps(envelope(json.dumps(S3))),
            "s3 via sns via sqs",
            "Records[0].body→Message→Records[0].s3.object.key",
            "a' b.png",
        ),
        (
            json.dumps({"source": "s", "detail-type": "t", "detail": {"a": "x"}}),
            "eventbridge via sqs",
            "Records[0].body→detail.a",
            "x",
        ),
        (
            json.dumps(envelope(json.dumps({"source": "s", "detail-type": "t", "detail": {"a": json.dumps(S3)}}))),
            "s3 via eventbridge via sns via sqs",
            "Records[0].body→Message→detail.a→Records[0].s3.object.key",
            "a' b.png",
        ),
    ],
)
def test_nested_envelopes(body, chain, path, value):
    event = {"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body}]}
    open_ = events.open_event(event)
    assert open_.chain == chain
    found = [(field.value, field.source, field.record) for field in open_.fields() if field.path == path]
    assert (value, chain, 0) in found


def test_records_are_told_apart():
    event = {"Records": [{"eventSource": "aws:sqs", "body": f"b{number}"} for number in range(3)]}
    assert [(field.value, field.record) for field in events.open_event(event).fields()] == [
        ("b0", 0),
        ("b1", 1),
        ("b2", 2),
    ]


def test_message_attributes():
    attributes = {
        "kind": {"stringValue": "x'", "dataType": "String"},
        "raw": {"binaryValue": base64.b64encode(b"y'").decode(), "dataType": "Binary"},
    }
    values = found({"Records": [{"eventSource": "aws:sqs", "body": "", "messageAttributes": attributes}]})
    assert values["Records[0].messageAttributes.kind.stringValue"] == "x'"
    assert values["Records[0].messageAttributes.raw.binaryValue→"] == "y'"


def test_stream_images():
    record = {
        "eventSource": "aws:dynamodb",
        "dynamodb": {"NewImage": {"name": {"S": "x'"}, "tags": {"L": [{"S": "t"}]}}, "Keys": {"id": {"N": "1"}}},
    }
    values = found({"Records": [record]})
    assert values["Records[0].dynamodb.NewImage.name.S"] == "x'"
    assert values["Records[0].dynamodb.NewImage.tags.L[0].S"] == "t"


def test_a_schedule_names_no_fields_but_an_imitated_one_hides_nothing():
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {"a": "x'"}, "name": "y'"}
    assert events.by_name("schedule").fields == ()
    assert {"detail.a": "x'", "name": "y'"}.items() <= found(event).items()


@pytest.mark.parametrize("event", [None, 3, "text", [], ["a", {"b": "c"}], {"a": {"b": ["c"]}}])
def test_unknown_shapes_are_walked_to_their_leaves(event):
    leaves = [field.value for field in events.open_event(event).fields()]
    assert leaves == {str(None): [], str(3): [3], "text": ["text"], str([]): []}.get(str(event), leaves)
    if isinstance(event, (list, dict)) and event:
        assert "c" in leaves


def test_logs_data_is_inflated():
    data = base64.b64encode(gzip.compress(json.dumps({"logEvents": [{"message": "x'"}]}).encode())).decode()
    assert found({"awslogs": {"data": data}})["awslogs.data→→logEvents[0].message"] == "x'"


def nested(depth):
    value = "leaf"
    for _ in range(depth):
        value = {"a": value}
    return value


def test_bounds_are_said():
    deep = events.open_event({"x": nested(500)})
    assert [field.value for field in deep.fields()] == []
    assert "deeper than" in deep.problems[0]

    wide = events.open_event({"x": ["v"] * (opened.MAX_FIELDS + 5)})
    assert len(wide.fields()) == opened.MAX_FIELDS
    assert "more than" in wide.problems[0]

    text = "v"
    for _ in range(opened.MAX_NESTING + 3):
        text = json.dumps({"a": text})
    many = events.open_event({"x": text})
    assert "v" not in [field.value for field in many.fields()]
    assert "inside each other" in many.problems[0]


def test_a_compression_bomb_is_cut():
    bomb = base64.b64encode(gzip.compress(b"0" * (opened.MAX_CHARS + 10))).decode()
    event = events.open_event({"awslogs": {"data": bomb}})
    event.fields()
    assert any("larger than" in problem or "more than" in problem for problem in event.problems)


def test_brackets_beyond_the_readers_stack():
    event = events.open_event({"x": "[" * 200_000 + "]" * 200_000})
    assert len(event.fields()) == 1
    assert "nested too deep" in event.problems[0]


def test_a_text_where_a_mapping_is_expected_is_read_by_the_same_map():
    inner = {"message": {"data": base64.b64encode(gzip.compress(b'{"a": "x\'"}')).decode()}, "subscription": "s"}
    event = {"specversion": "1.0", "type": "google.cloud.pubsub.topic.v1.messagePublished", "data": json.dumps(inner)}
    assert found(event)["data→message.data→→a"] == "x'"
    assert found({**event, "data": "{" * 5000 + "}" * 5000})["data"]

"""How an ordinary handler reads what the carriers of ``events`` hold: kept apart, for handlers under test use it too."""

import base64
import gzip
import json
from typing import Any
from urllib.parse import unquote, unquote_plus


def value_of(event: "Any") -> str:
    """The value in an event of ``events.CARRIERS``, its envelopes opened and its encodings undone."""
    return values_of(event)[0]


def values_of(event: "Any") -> "list[str]":
    """The values of all records.

    Raises:
        LookupError: an event of another shape.
    """
    if "Records" in event:
        return [found for record in event["Records"] for found in _record(record)]
    if "awslogs" in event:
        data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        return [line["message"] for line in data["logEvents"]]
    if isinstance(event.get("records"), dict):
        batches = event["records"].values()
        return [_json(base64.b64decode(record["value"]).decode()) for batch in batches for record in batch]
    if "requestContext" in event:
        return [_request(event)]
    found = event["detail"] if "detail-type" in event else event
    return [found["value"]]


def _request(event: "Any") -> str:
    query = event.get("queryStringParameters") or {}
    if "value" in query:
        return str(query["value"])
    header = event["headers"].get("x-value")
    return unquote(header) if header is not None else _json(event["body"])


def _record(record: "Any") -> "list[str]":
    if "s3" in record:
        return [unquote_plus(record["s3"]["object"]["key"])]
    if "dynamodb" in record:
        return [record["dynamodb"]["NewImage"]["value"]["S"]]
    if "kinesis" in record:
        return [_json(base64.b64decode(record["kinesis"]["data"]).decode())]
    text = record["Sns"]["Message"] if "Sns" in record else record["body"]
    inner = json.loads(text)
    if isinstance(inner.get("Message"), str):  # a topic's envelope in a queue
        inner = json.loads(inner["Message"])
    return values_of(inner) if "Records" in inner else [inner["value"]]


def _json(text: str) -> str:
    return str(json.loads(text)["value"])

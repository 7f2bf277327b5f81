"""Events as the platforms deliver them, made of the values you give: for tests of your own functions.

>>> from remit_guard.testing.events import http_api, sqs
>>> http_api(body={"name": "Ada"})["body"]
'{"name": "Ada"}'
>>> [record["messageId"] for record in sqs("one", "two")["Records"]]
['m0', 'm1']

Every maker gives a fresh event. Bodies and messages that are no texts are written as JSON, as their senders would.
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

Event = dict[str, Any]

REGION = "eu-central-1"
ACCOUNT = "000000000000"


def http_api(
    body: object = None,
    query: "Mapping[str, str] | None" = None,
    headers: "Mapping[str, str] | None" = None,
    path: str = "/",
    method: str = "",
) -> Event:
    """A request by an HTTP API (payload 2.0).

    Args:
        body: a text as it is, anything else as JSON; ``None`` for no body.
        query: query parameters, decoded.
        headers: more headers, names in lower case.
        path: the path, decoded.
        method: ``POST`` with a body and ``GET`` without, unless it says otherwise.
    """
    method = method or ("GET" if body is None else "POST")
    event: Event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": quote(path),
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", "user-agent": "tests/1.0", **(headers or {})},
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "abc123",
            "domainName": f"abc123.execute-api.{REGION}.amazonaws.com",
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.7",
                "userAgent": "tests/1.0",
            },
            "requestId": "r-1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1795341600000,
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = dict(query)
    if body is not None:
        event["body"] = _text(body)
    return event


def function_url(
    body: object = None, query: "Mapping[str, str] | None" = None, headers: "Mapping[str, str] | None" = None
) -> Event:
    """A request by a function URL."""
    event = http_api(body, query, headers)
    event["requestContext"]["domainName"] = f"abc123.lambda-url.{REGION}.on.aws"
    return event


def rest_api(
    body: object = None,
    query: "Mapping[str, str] | None" = None,
    headers: "Mapping[str, str] | None" = None,
    path: str = "/",
    method: str = "",
) -> Event:
    """A request by a REST API (payload 1.0); parameters as for ``http_api``."""
    method = method or ("GET" if body is None else "POST")
    given = {"Content-Type": "application/json", "User-Agent": "tests/1.0", **(headers or {})}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "pathParameters": {"proxy": path.strip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "abc123",
            "httpMethod": method,
            "identity": {"sourceIp": "198.51.100.7", "userAgent": "tests/1.0"},
            "path": path,
            "requestId": "r-1",
            "resourcePath": "/{proxy+}",
            "stage": "prod",
        },
        "body": None if body is None else _text(body),
        "isBase64Encoded": False,
    }


def sqs(*bodies: object) -> Event:
    """A batch of SQS messages, ids ``m0``, ``m1``, ..."""
    return {"Records": [_message(index, _text(body)) for index, body in enumerate(bodies)]}


def sns(*messages: object) -> Event:
    """Notifications of an SNS topic."""
    records = [
        {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": _arn("sns", "t:s"), "Sns": one}
        for one in (_notification(_text(message)) for message in messages)
    ]
    return {"Records": records}


def sns_in_sqs(*messages: object) -> Event:
    """Notifications of a topic that a queue subscribed to."""
    return sqs(*(_notification(_text(message)) for message in messages))


def s3(*keys: str) -> Event:
    """Notifications of objects made under these keys, which stand in them percent-encoded, as there."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": REGION,
                "eventTime": "2026-11-22T10:00:00.000Z",
                "eventName": "ObjectCreated:Put",
                "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
                "requestParameters": {"sourceIPAddress": "198.51.100.7"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "c1",
                    "bucket": {"name": "uploads", "arn": "arn:aws:s3:::uploads"},
                    "object": {"key": quote_plus(key, safe="/"), "size": 1024, "eTag": "0" * 32, "sequencer": "0A"},
                },
            }
            for key in keys
        ]
    }


def s3_in_sns_in_sqs(*keys: str) -> Event:
    """Notifications of a bucket that went by a topic and a queue."""
    return sns_in_sqs(*(s3(key) for key in keys))


def dynamodb(*images: "Mapping[str, object]") -> Event:
    """Items inserted into a table with a stream; plain values, which get DynamoDB's types."""
    return {
        "Records": [
            {
                "eventID": f"e{index}",
                "eventName": "INSERT",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "eventSourceARN": _arn("dynamodb", "table/items/stream/2026-11-22T00:00:00.000"),
                "dynamodb": {
                    "ApproximateCreationDateTime": 1795341600,
                    "Keys": {"id": {"S": str(index)}},
                    "NewImage": {name: _attribute(value) for name, value in image.items()},
                    "SequenceNumber": str(1000 + index),
                    "SizeBytes": 64,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
            }
            for index, image in enumerate(images)
        ]
    }


def kinesis(*data: object) -> Event:
    """Records of a Kinesis stream."""
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "1",
                    "sequenceNumber": f"4954{index}",
                    "data": _base64(_text(item)),
                    "approximateArrivalTimestamp": 1795341600.0,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"shardId-000000000000:4954{index}",
                "eventName": "aws:kinesis:record",
                "awsRegion": REGION,
                "eventSourceARN": _arn("kinesis", "stream/s"),
            }
            for index, item in enumerate(data)
        ]
    }


def kafka(*values: object) -> Event:
    """Records of one Kafka topic (MSK)."""
    records = [
        {
            "topic": "orders",
            "partition": 0,
            "offset": index,
            "timestamp": 1795341600000,
            "timestampType": "CREATE_TIME",
            "key": _base64(str(index)),
            "value": _base64(_text(value)),
            "headers": [],
        }
        for index, value in enumerate(values)
    ]
    return {
        "eventSource": "aws:kafka",
        "eventSourceArn": _arn("kafka", "cluster/c/1"),
        "bootstrapServers": "b-1.example:9092",
        "records": {"orders-0": records},
    }


def eventbridge(detail: "Mapping[str, object]", kind: str = "OrderPlaced", source: str = "shop") -> Event:
    """An event of a bus."""
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": "2026-11-22T10:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": dict(detail),
    }


def logs(*messages: str) -> Event:
    """Log lines that a subscription of CloudWatch Logs delivers."""
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": "/shop/web",
        "logStream": "1",
        "subscriptionFilters": ["all"],
        "logEvents": [
            {"id": str(index), "timestamp": 1795341600000, "message": message} for index, message in enumerate(messages)
        ],
    }
    packed = gzip.compress(json.dumps(data).encode(), mtime=0)
    return {"awslogs": {"data": base64.b64encode(packed).decode("ascii")}}


def direct(**values: object) -> Event:
    """A payload of a direct invocation."""
    return dict(values)


def _message(index: int, body: str) -> Event:
    return {
        "messageId": f"m{index}",
        "receiptHandle": f"h{index}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795341600000",
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1795341600001",
        },
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": _arn("sqs", "q"),
        "awsRegion": REGION,
    }


def _notification(message: str) -> Event:
    return {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": _arn("sns", "t"),
        "Subject": None,
        "Message": message,
        "Timestamp": "2026-11-22T10:00:00.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "https://sns.example/cert.pem",
        "UnsubscribeUrl": "https://sns.example/unsubscribe",
        "MessageAttributes": {},
    }


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def _attribute(value: object) -> "dict[str, object]":
    """A plain value as DynamoDB writes it."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": {str(name): _attribute(item) for name, item in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_attribute(item) for item in value]}
    return {"S": str(value)}


#: One value as it arrives in each kind of event: what a test goes through to say "from wherever it comes".
CARRIERS: "dict[str, Callable[[str], Event]]" = {
    "query": lambda value: http_api(query={"value": value}),
    "body": lambda value: http_api({"value": value}),
    "header": lambda value: http_api({}, headers={"x-value": quote(value)}),
    "rest-api": lambda value: rest_api({"value": value}),
    "function-url": lambda value: function_url({"value": value}),
    "sqs": lambda value: sqs({"value": value}),
    "sns": lambda value: sns({"value": value}),
    "sns-in-sqs": lambda value: sns_in_sqs({"value": value}),
    "s3": s3,
    "s3-in-sns-in-sqs": s3_in_sns_in_sqs,
    "dynamodb": lambda value: dynamodb({"value": value}),
    "kinesis": lambda value: kinesis({"value": value}),
    "kafka": lambda value: kafka({"value": value}),
    "eventbridge": lambda value: eventbridge({"value": value}),
    "logs": logs,
    "direct": lambda value: direct(value=value),
}


def value_of(event: Event) -> str:
    """Reads the value that one of ``CARRIERS`` was given, as an ordinary handler would: the first record of a batch."""
    from remit_guard.testing._read import value_of as read

    return read(event)

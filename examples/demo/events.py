"""One event, sent to a running app; and what came back, in a form that two runs can be compared by."""

import json
import re
from dataclasses import dataclass

from remit.local.cloud import Bed, Served

#: How long a delivery may take on a machine that does other things too, in seconds.
PATIENCE = 20.0

_RANDOM = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something a stranger or a customer sends.

    Args:
        carrier: ``HTTP``, ``SQS``, ``S3`` or ``SNS``.
        target: ``METHOD /path``, or the logical id of the queue, bucket or topic.
        body: the request's body, the message, or the object's content.
        key: the object's key.
        headers: of a request.
    """

    carrier: str
    target: str
    body: str = ""
    key: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """One short line for people."""
        return f"{self.carrier} {self.target} {self.key or self.body[:80]}".rstrip()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Args:
        ok: whether the sender was served: a 2xx, or an invocation without an error and without failed records.
        text: status and body, or the invocation's result; random ids are masked.
        served: the invocation behind it, where there is one of its own.
    """

    ok: bool
    text: str
    served: Served | None = None


def send(bed: Bed, event: Event) -> Reply:
    """Sends an event and waits until the app is done with it."""
    if event.carrier == "HTTP":
        return _http(bed, event)
    before = len(bed.served)
    mark = _post(bed, event)
    served = bed.wait(lambda item: mark in _marks(item.event), PATIENCE, before)
    if served is None:
        return Reply(ok=False, text="was not delivered")
    result = served.invocation
    if result.error is not None:
        return Reply(ok=False, text=f"error {result.error.type}", served=served)
    failed = isinstance(result.payload, dict) and result.payload.get("batchItemFailures")
    return Reply(not failed, _mask(json.dumps(result.payload, sort_keys=True)), served)


def _http(bed: Bed, event: Event) -> Reply:
    method, _, path = event.target.partition(" ")
    answer = bed.request(method, path, event.body or None, dict(event.headers))
    body = answer.body.decode("utf-8", "replace")
    return Reply(200 <= answer.status < 300, _mask(f"{answer.status} {body}"))


def _post(bed: Bed, event: Event) -> str:
    """Puts the event where it is delivered from; what it will be recognised by."""
    thing = bed.plan.thing(event.target)
    if thing is None:
        raise KeyError(event.target)
    if event.carrier == "S3":
        answer = bed.client("s3").put_object(Bucket=thing.name, Key=event.key, Body=event.body.encode())
        return f"{thing.name}:{answer['ETag'].strip(chr(34))}"
    if event.carrier == "SQS":
        url = bed.client("sqs").get_queue_url(QueueName=thing.name)["QueueUrl"]
        sent = bed.client("sqs").send_message(QueueUrl=url, MessageBody=event.body)
        return str(sent["MessageId"])
    return str(bed.client("sns").publish(TopicArn=thing.arn, Message=event.body)["MessageId"])


def _marks(event: object) -> list[str]:
    """What the records of a delivered event are recognised by."""
    records = event.get("Records", ()) if isinstance(event, dict) else ()
    marks = []
    for record in records:
        if "s3" in record:
            marks.append(f"{record['s3']['bucket']['name']}:{record['s3']['object'].get('eTag')}")
        elif "Sns" in record:
            marks.append(record["Sns"]["MessageId"])
        else:
            marks.append(record.get("messageId", ""))
    return marks


def _mask(text: str) -> str:
    return _RANDOM.sub("<id>", text)

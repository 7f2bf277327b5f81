"""Firehose: records that a function changes on their way, and where these records come from."""

from collections.abc import Iterator

from remit.app.model import Trigger
from remit.app.value import Ref
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, default_sender, each, found_under, whole

TYPES = ("AWS::KinesisFirehose::DeliveryStream",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions that a delivery stream asks, and the stream that feeds it."""
    name = f"records of {item.id}"
    for processors in found_under(item.properties, "Processors"):
        for parameter in (node for processor in processors.elements() for node in each(processor.at("Parameters"))):
            if draft.word(parameter.at("ParameterName")) == "LambdaArn":
                to = parameter.get("ParameterValue")
                who = default_sender(draft, Ref(item.id))
                yield from attach(draft, to, whole(item), "firehose", name, who, item.id)
    stream = item.properties.get("KinesisStreamSourceConfiguration", "KinesisStreamARN")
    source = draft.target(stream)
    if source:
        who = default_sender(draft, stream)
        yield from attach(draft, Ref(item.id), whole(item), "kinesis", f"records of {source}", who, source)
    for bucket in found_under(item.properties, "BucketARN"):
        who = default_sender(draft, Ref(item.id))
        yield from attach(draft, bucket.plain(), bucket, "firehose", name, who, item.id)

"""Event source mappings: queues, streams and brokers that the platform polls for a function."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref, Value
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import attach, default_sender, each, service_of, whole

#: Type of a polled resource, or the service in its ARN, to the name of the event source.
_POLLED = {
    "AWS::SQS::Queue": "sqs",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Serverless::SimpleTable": "dynamodb",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::DocDB::DBCluster": "documentdb",
    "sqs": "sqs",
    "dynamodb": "dynamodb",
    "kinesis": "kinesis",
    "kafka": "kafka",
    "rds": "documentdb",
}
_VERBS = {"sqs": "messages of", "dynamodb": "changes of", "documentdb": "changes of"}
_KAFKA = (
    "SelfManagedEventSource",
    "SelfManagedKafkaEventSourceConfig",
    "AmazonManagedKafkaEventSourceConfig",
    "Topics",
)
TYPES = ("AWS::Lambda::EventSourceMapping",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one mapping."""
    properties = item.properties
    source = properties.get("EventSourceArn")
    if source is None:
        topics = ", ".join(word for node in each(properties.at("Topics")) if (word := draft.word(node)))
        name = f"records of {topics}" if topics else f"records through {item.id}"
        who = (Sender.ACCOUNT, "records of a Kafka cluster outside this template")
        yield from attach(draft, properties.get("FunctionName"), whole(item), "kafka", name, who)
        return
    source = stream_of(draft, source)
    resource = draft.target(source)
    kind = kind_of(draft, source, properties)
    name = f"{verb(kind)} {resource or label(source)}"
    who = default_sender(draft, source)
    yield from attach(draft, properties.get("FunctionName"), whole(item), kind, name, who, resource)


def verb(kind: str) -> str:
    """``messages of``, ``changes of``, ``records of``."""
    return _VERBS.get(kind, "records of")


def stream_of(draft: Draft, source: Value) -> Value:
    """Through a consumer of a stream to the stream itself."""
    consumer = draft.target(source, "AWS::Kinesis::StreamConsumer")
    stream = draft.target(draft.declared[consumer].properties.get("StreamARN")) if consumer else ""
    return Ref(stream, "Arn") if stream else source


def kind_of(draft: Draft, source: Value, properties: Node) -> str:
    """The event source that is polled; ``unknown`` when neither ARN nor settings tell.

    Args:
        draft: the app so far.
        source: what ``EventSourceArn`` names.
        properties: of the mapping, for what only its settings tell.
    """
    resource = draft.target(source)
    type_ = draft.declared[resource].type if resource else ""
    service = service_of(source)
    if type_ == "AWS::AmazonMQ::Broker":
        engine = draft.word(draft.declared[resource].properties.at("EngineType")).lower()
        return engine if engine in ("rabbitmq", "activemq") else _broker(draft, properties)
    if service == "mq" or properties.at("Queues") is not None:
        return _broker(draft, properties)
    if any(properties.at(key) is not None for key in _KAFKA):
        return "kafka"
    if properties.at("DocumentDBEventSourceConfig") is not None:
        return "documentdb"
    return _POLLED.get(type_) or _POLLED.get(service, "unknown")


def _broker(draft: Draft, properties: Node) -> str:
    """Only RabbitMQ has virtual hosts; without one either engine may be meant, and their events differ."""
    hosts = [draft.word(node.at("Type")) for node in each(properties.at("SourceAccessConfigurations"))]
    return "rabbitmq" if "VIRTUAL_HOST" in hosts else "unknown"

"""Makes the planned resources in the local cloud and connects their events to functions."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from remit.app.value import Value
from remit.local.plan import ACCOUNT, BUCKET, QUEUE, REGION, SECRET, TABLE, TOPIC, Plan, Thing, Wire

Client = Callable[[str], Any]


def create(client: Client, plan: Plan) -> None:
    """Makes every table, bucket, queue, topic and secret of the plan."""
    for thing in plan.things:
        if thing.type == TABLE:
            client("dynamodb").create_table(**table_arguments(thing))
        elif thing.type == BUCKET:
            client("s3").create_bucket(Bucket=thing.name, CreateBucketConfiguration={"LocationConstraint": REGION})
        elif thing.type == QUEUE:
            client("sqs").create_queue(QueueName=thing.name, Attributes=queue_attributes(thing))
        elif thing.type == TOPIC:
            client("sns").create_topic(Name=thing.name)
        elif thing.type == SECRET:
            client("secretsmanager").create_secret(Name=thing.name, SecretString="local-" + thing.id)


def connect(client: Client, plan: Plan, door: str) -> None:
    """Registers each function that is delivered to, and points the cloud's deliveries at our door.

    Args:
        client: makes SDK clients.
        plan: the plan.
        door: address of the door; the function's name is its path.
    """
    for spec in plan.functions:
        if not any(wire.function == spec.name for wire in plan.wires):
            continue
        client("lambda").create_function(
            FunctionName=spec.name,
            Runtime=spec.runtime,
            Handler=spec.handler,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{spec.name}",
            Code={"ZipFile": _package()},
            Timeout=int(spec.timeout) + 60,  # ours is enforced by our runtime
            Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": f"{door}/{spec.name}"}},
        )
    for bucket in {wire.thing.id for wire in plan.wires if wire.source == "s3"}:
        wires = [wire for wire in plan.wires if wire.thing.id == bucket and wire.source == "s3"]
        client("s3").put_bucket_notification_configuration(
            Bucket=wires[0].thing.name, NotificationConfiguration=notifications(wires)
        )
    for wire in plan.wires:
        arn = function_arn(wire.function)
        if wire.source == "sqs":
            batch = wire.properties.get("BatchSize")
            client("lambda").create_event_source_mapping(
                EventSourceArn=wire.thing.arn, FunctionName=arn, BatchSize=batch if isinstance(batch, int) else 10
            )
        elif wire.source == "sns":
            client("sns").subscribe(TopicArn=wire.thing.arn, Protocol="lambda", Endpoint=arn)


def function_arn(name: str) -> str:
    """The ARN of a function in the local account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def table_arguments(thing: Thing) -> dict[str, Any]:
    """The arguments of CreateTable for a planned table: keys, indexes, and no capacity to wait for."""
    properties = thing.properties
    arguments: dict[str, Any] = {"TableName": thing.name, "BillingMode": "PAY_PER_REQUEST"}
    for name in ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes"):
        if properties.get(name):
            arguments[name] = plain(properties[name])
    indexes = plain(properties.get("GlobalSecondaryIndexes"))
    if indexes:
        for index in indexes:
            index.pop("ProvisionedThroughput", None)
        arguments["GlobalSecondaryIndexes"] = indexes
    if "KeySchema" not in arguments:
        # A SimpleTable without a key of its own: SAM's default.
        arguments["AttributeDefinitions"] = [{"AttributeName": "id", "AttributeType": "S"}]
        arguments["KeySchema"] = [{"AttributeName": "id", "KeyType": "HASH"}]
    return arguments


def queue_attributes(thing: Thing) -> dict[str, str]:
    """The attributes of CreateQueue that matter for deliveries."""
    attributes = {}
    for name in ("VisibilityTimeout", "DelaySeconds", "FifoQueue", "ContentBasedDeduplication"):
        value = thing.properties.get(name)
        if isinstance(value, bool):
            attributes[name] = str(value).lower()
        elif isinstance(value, int | str):
            attributes[name] = str(value)
    return attributes


def notifications(wires: list[Wire]) -> dict[str, Any]:
    """A bucket's notification configuration; filters as the template says."""
    configurations = []
    for wire in wires:
        events = plain(wire.properties.get("Events")) or ["s3:ObjectCreated:*"]
        item: dict[str, Any] = {
            "LambdaFunctionArn": function_arn(wire.function),
            "Events": [events] if isinstance(events, str) else list(events),
        }
        filters = plain(wire.properties.get("Filter"))
        rules = ((filters or {}).get("S3Key") or {}).get("Rules")
        if rules:
            item["Filter"] = {"Key": {"FilterRules": rules}}
        configurations.append(item)
    return {"LambdaFunctionConfigurations": configurations}


def plain(value: Value) -> Any:
    """Mappings and lists as the SDK takes them; symbolic leaves by their text."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _package() -> bytes:
    # The cloud wants code, though ours runs elsewhere.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("README", "runs elsewhere")
    return buffer.getvalue()

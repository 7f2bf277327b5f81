"""The AWS SDKs for JavaScript, versions 2 and 3: clients, commands, document clients, paginators, waiters, uploads."""

import re

from remit.app.location import Location
from remit.flow.javascript_natives import functions_in
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import aws, network
from remit.flow.models.aws import CLIENT, record
from remit.flow.models.js.services import service_of
from remit.flow.models.model import FIRST, Model
from remit.flow.models.operations import waited_for
from remit.flow.taint import Taints
from remit.flow.values import (
    UNKNOWN,
    Dictionary,
    Instance,
    Known,
    Method,
    Thing,
    Val,
    known,
    text_of,
    union,
    unknown,
)  # fmt: skip

COMMAND = "js.aws.Command"
_DOCUMENTS = "js.aws.Documents"
_V3 = re.compile(r"@aws-sdk/client-([a-z0-9-]+)\.(\w+)$")
_V2 = re.compile(r"aws-sdk(?:/clients/([a-z0-9]+)(?:\.(\w+(?:\.\w+)?))?|\.(\w+(?:\.\w+)?)|/global\.(\w+))$")
#: Commands of the document client, and what they call.
_OF_DOCUMENTS = {
    "get": "GetItem", "put": "PutItem", "update": "UpdateItem", "delete": "DeleteItem", "query": "Query", "scan": "Scan",
    "batchGet": "BatchGetItem", "batchWrite": "BatchWriteItem", "transactGet": "TransactGetItems",
    "transactWrite": "TransactWriteItems", "executeStatement": "ExecuteStatement",
    "batchExecuteStatement": "BatchExecuteStatement", "executeTransaction": "ExecuteTransaction",
}  # fmt: skip
#: What a client has besides operations.
_LOCAL = frozenset((
    "destroy", "middlewareStack", "config", "setupRequestListeners", "customizeRequests", "createSet", "on", "makeRequest",
    "makeUnauthenticatedRequest", "defineService", "toString", "initialize", "endpoint",
))  # fmt: skip
#: Members of version 2's package that are no clients.
_NO_CLIENTS = frozenset((
    "config", "Config", "Credentials", "Endpoint", "HttpOptions", "util", "Request", "Response", "Service",
    "EC2MetadataCredentials",
    "SharedIniFileCredentials", "EnvironmentCredentials", "CredentialProviderChain", "events", "TokenFileWebIdentityCredentials",
    "XML", "JSON", "MetadataService", "RemoteCredentials", "ECSCredentials", "Signers", "AWSError", "FileSystemCredentials",
))  # fmt: skip


# -- parameters --------------------------------------------------------------------------------------------------------


def _given(given: Arguments, value: "Val | None", at: Location) -> tuple[dict[str, Val], Arguments]:
    """The parameters of a call: what the object holds that is handed over, each with its place."""
    values: dict[str, Val] = {}
    spans: dict[str, Location] = {}
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary):
            for key, item in atom.entries.items():
                name = str(key)
                values[name] = union(values[name], item) if name in values else item
                spans[name] = atom.places.get(key, at)
        elif isinstance(atom, Instance):
            values.update(atom.fields)
    return values, Arguments(given.at, given.text, keywords=values, keyword_spans=spans)


def _call(
    machine: Machine, service: str, operation: str, value: "Val | None", given: Arguments, unresolved: str = ""
) -> Val:
    values, inner = _given(given, value, given.at)
    if not operation and not unresolved:
        unresolved = "the operation name"
    return record(machine, service, operation, values, inner, unresolved)


# -- clients -----------------------------------------------------------------------------------------------------------


def _client(machine: Machine, service: str, given: Arguments, kind: str = CLIENT) -> Val:
    facts = {"service": known(service)}
    for atom in given.args[0].atoms if given.args else ():
        endpoint = atom.entries.get("endpoint") if isinstance(atom, Dictionary) else None
        if endpoint is not None and service != "apigatewaymanagementapi":
            facts["endpoint"] = endpoint
            if network.client_endpoint(machine, given, endpoint):
                facts["elsewhere"] = known(value=True)
    return Val((Thing(kind, facts),))


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Classes of clients and commands; helpers that are one for every operation."""
    del frame
    third = _V3.match(name)
    if third is not None:
        return _of_version_3(machine, service_of(third[1]), third[2], given)
    if name.startswith("@aws-sdk/lib-dynamodb."):
        return _documents(machine, name.split(".", 1)[1], given)
    second = _V2.match(name)
    if second is not None:
        return _of_version_2(machine, second[1] or "", second[2] or second[3] or second[4] or "", given)
    if name.startswith(("aws-sdk", "@aws-sdk/", "@smithy/")):
        return unknown(f"{name}()")
    return None


def _of_version_3(machine: Machine, service: str, name: str, given: Arguments) -> Val:
    if name.endswith("Command"):
        return _command(service, name.removesuffix("Command"), given)
    if name.startswith("paginate"):
        return _paginated(machine, service, name.removeprefix("paginate"), given)
    if name.startswith(("waitUntil", "waitFor")):
        waiter = re.sub(r"(?<!^)([A-Z])", r"_\1", name.removeprefix("waitUntil").removeprefix("waitFor")).lower()
        called = waited_for(service, waiter)
        return _call(machine, service, called, given.get(1), given, "" if called else "the operation of a waiter")
    if name.endswith(("Exception", "Fault")) or name in ("NotFound", "ServiceException"):
        return unknown(name)
    return _client(machine, service, given)


def _command(service: str, operation: str, given: Arguments) -> Val:
    facts = {"service": known(service), "operation": known(operation), "input": given.get(0) or UNKNOWN}
    return Val((Thing(COMMAND, facts, (given.get(0) or UNKNOWN,)),))


def _paginated(machine: Machine, service: str, operation: str, given: Arguments) -> Val:
    page = _call(machine, service, _OF_DOCUMENTS.get(operation.lower(), operation), given.get(1), given)
    return Val((machine.sequence([], page),))


def _documents(machine: Machine, name: str, given: Arguments) -> Val:
    """``@aws-sdk/lib-dynamodb``: commands that take plain objects."""
    if name.endswith("Command"):
        said = name.removesuffix("Command")
        return _command("dynamodb", _OF_DOCUMENTS.get(said[:1].lower() + said[1:], said), given)
    if name.startswith("paginate"):
        return _paginated(machine, "dynamodb", name.removeprefix("paginate"), given)
    kind = _DOCUMENTS if name.split(".", maxsplit=1)[0] == "DynamoDBDocument" else CLIENT
    return Val((Thing(kind, {"service": known("dynamodb")}),))


def _of_version_2(machine: Machine, clients: str, name: str, given: Arguments) -> Val:
    head, _, last = (name or clients).partition(".")
    if clients and clients != "all":
        head, last = clients, name
    if head in _NO_CLIENTS:
        return unknown(f"AWS.{head}")
    if last == "DocumentClient":
        return Val((Thing(_DOCUMENTS, {"service": known("dynamodb")}),))
    if last in ("unmarshall", "marshall") or name.endswith(("Converter.unmarshall", "Converter.marshall")):
        return given.get(0) or UNKNOWN
    if "Credentials" in head:
        return unknown(head)
    if head == "S3" and last == "ManagedUpload":
        return _uploaded(machine, given)
    return _client(machine, service_of(head), given)


# -- calls -------------------------------------------------------------------------------------------------------------


def _service(thing: Thing) -> str:
    return text_of(thing.facts.get("service", known(""))) or ""


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """A method of a client."""
    if thing.kind not in (CLIENT, _DOCUMENTS):
        return None
    before = set(machine.calls)
    answer = _client_method(machine, frame, thing, name, given)
    if "elsewhere" in thing.facts:
        # What answers is no AWS service, so that no role has to allow it; the host is what is needed.
        for key in machine.calls.keys() - before:
            del machine.calls[key]
    return answer


def _client_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> Val:
    service = _service(thing)
    if name == "send":
        return _sent(machine, given) or _call(machine, service, "", None, given)
    if name in _LOCAL:
        return unknown(name)
    if thing.kind == _DOCUMENTS:
        return _call(machine, service, _OF_DOCUMENTS.get(name, name[:1].upper() + name[1:]), given.get(0), given)
    if name in ("getSignedUrl", "getSignedUrlPromise"):
        return _signed_by_name(machine, service, given)
    if name == "createPresignedPost":
        return _call(machine, service, "PutObject", _form(given.get(0)), given)
    if name in ("upload", "putObject") and service == "s3":
        return _call(machine, service, "PutObject", given.get(0), given)
    if name == "waitFor":
        waiter = text_of(given.get(0) or UNKNOWN)
        called = waited_for(service, re.sub(r"([A-Z])", r"_\1", waiter).lower()) if waiter else ""
        return _call(machine, service, called, given.get(1), given, "" if called else "the operation of a waiter")
    del frame
    first = given.get(0)
    parameters = None if first is not None and functions_in(first) else first
    return _call(machine, service, name[:1].upper() + name[1:], parameters, given)


def _form(value: "Val | None") -> "Val | None":
    """The parameters of a presigned form: its fields name the key."""
    for atom in value.atoms if value is not None else ():
        fields = atom.entries.get("Fields") if isinstance(atom, Dictionary) else None
        for inner in fields.atoms if fields is not None and isinstance(atom, Dictionary) else ():
            if isinstance(inner, Dictionary) and isinstance(atom, Dictionary):
                key = inner.entries.get("key", UNKNOWN)
                made = Dictionary(atom.branch, atom.serial, atom.frame, entries={**atom.entries, "Key": key})
                return Val((made,))
    return value


def any_member(thing: Thing) -> "Val | None":
    """``client[name]``: an operation nobody knows."""
    return Val((Thing("boto3.unresolved", thing.facts),)) if thing.kind in (CLIENT, _DOCUMENTS) else None


def _sent(machine: Machine, given: Arguments) -> "Val | None":
    """``client.send(command)``."""
    found: list[Val] = []
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Thing) and atom.kind == COMMAND:
            operation = text_of(atom.facts["operation"]) or ""
            found.append(_call(machine, _service(atom), operation, atom.facts["input"], given))
    return union(*found) if found else None


def _signed_by_name(machine: Machine, service: str, given: Arguments) -> Val:
    """The caller of the address acts with our rights: the operation is needed as if we called it."""
    for atom in (given.get(0) or UNKNOWN).atoms:
        if isinstance(atom, Known) and isinstance(atom.value, str):
            _call(machine, service, atom.value[:1].upper() + atom.value[1:], given.get(1), given)
        else:
            _call(machine, service, "", given.get(1), given, "the operation of a presigned address")
    return unknown("a presigned address")


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """A command that is sent by a client nobody followed; ``promise()`` and streams of answers."""
    del frame
    if method.name == "send":
        return _sent(machine, given)
    if method.name in ("promise", "createReadStream", "createUnmarshalledReadStream") and not given.args:
        return Val((method.receiver,), method.taints)
    return None


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """Attributes of clients."""
    del machine, at, taints
    if thing.kind == COMMAND and name == "input":
        return thing.facts["input"]
    return unknown(f"the client's {name}") if thing.kind == CLIENT and name in ("config", "middlewareStack") else None


# -- helpers -----------------------------------------------------------------------------------------------------------


def _presigned(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``getSignedUrl(client, command)``: whoever has the address acts with our rights."""
    inner = Arguments(given.at, given.text, given.args[1:2], spans=given.spans[1:2], places=[""])
    if _sent(machine, inner) is None:
        machine.sdk("", "", {}, given.at, "the operation of a presigned address")
    return unknown("a presigned address")


def _posted(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    _call(machine, "s3", "PutObject", given.get(1), given)
    return unknown("a presigned form")


def _upload(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return _uploaded(machine, given)


def _uploaded(machine: Machine, given: Arguments) -> Val:
    """``new Upload({client, params})``."""
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Dictionary):
            _call(machine, "s3", "PutObject", atom.entries.get("params"), given)
    return unknown("an upload")


def _wrapped(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``DynamoDBDocument.from(client)``: a client of the same service that takes plain objects."""
    del machine, frame
    elsewhere = any(
        "elsewhere" in atom.facts for value in given.args for atom in value.atoms if isinstance(atom, Thing)
    )
    facts = {"service": known("dynamodb"), **({"elsewhere": known(value=True)} if elsewhere else {})}
    return Val((Thing(CLIENT if "Client" in given.text else _DOCUMENTS, facts),))


def _assumed(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``fromTemporaryCredentials({params})``: another role is assumed."""
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Dictionary):
            _call(machine, "sts", "AssumeRole", atom.entries.get("params"), given)
    return unknown("credentials")


def _items(_machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``unmarshall(item)``: an item of a stream, without its types: each value is the sender's."""
    from remit.flow import event as events
    from remit.flow.values import Part

    del frame
    value = given.get(0) or UNKNOWN
    found = [Val((events.inside(atom, given.at),)) if isinstance(atom, Part) else Val((atom,)) for atom in value.atoms]
    return union(*found).tainted(value.taints) if found else value


_FIRST = Model(keeps=FIRST)
FUNCTIONS: dict[str, Model] = {
    "@aws-sdk/s3-request-presigner.getSignedUrl": Model(run=_presigned),
    "@aws-sdk/s3-presigned-post.createPresignedPost": Model(run=_posted),
    "@aws-sdk/lib-storage.Upload": Model(run=_upload),
    "@aws-sdk/lib-dynamodb.DynamoDBDocument.from": Model(run=_wrapped),
    "@aws-sdk/lib-dynamodb.DynamoDBDocumentClient.from": Model(run=_wrapped),
    "@aws-sdk/util-dynamodb.marshall": _FIRST,
    "@aws-sdk/util-dynamodb.unmarshall": Model(run=_items),
    "@aws-sdk/util-dynamodb.convertToAttr": _FIRST,
    "aws-sdk.DynamoDB.Converter.unmarshall": Model(run=_items),
    "aws-sdk.DynamoDB.Converter.marshall": _FIRST,
    "@aws-sdk/credential-providers.fromTemporaryCredentials": Model(run=_assumed),
    "awslambda.streamifyResponse": _FIRST,
    "awslambda.HttpResponseStream.from": _FIRST,
}  # fmt: skip
for _package in ("aws-xray-sdk", "aws-xray-sdk-core"):
    for _name in ("captureAWS", "captureAWSClient", "captureAWSv3Client", "captureHTTPs", "capturePromise"):
        FUNCTIONS[f"{_package}.{_name}"] = _FIRST
    for _name in ("captureHTTPsGlobal", "captureFunc", "captureAsyncFunc"):
        FUNCTIONS[f"{_package}.{_name}"] = Model()
METHODS: dict[str, Model] = {"boto3.unresolved.__call__": aws.METHODS["boto3.unresolved.__call__"]}
for _name in ("captureAWS", "captureAWSClient", "captureAWSv3Client"):
    METHODS[f"js.Tracer.{_name}"] = _FIRST
__all__ = ["FUNCTIONS", "METHODS", "any_member", "attribute", "by_look", "by_method", "by_name"]

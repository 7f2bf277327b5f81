"""The AWS SDK for Python: clients, resource objects, paginators, waiters, transfers; every call with its parameters."""

from remit.app.location import Location
from remit.app.noun import replace
from remit.app.value import Unknown, Value
from remit.flow import event as events
from remit.flow import uses
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import files, network, powertools
from remit.flow.models.aws_sinks import sinks
from remit.flow.models.model import Model
from remit.flow.models.operations import operation, waited_for
from remit.flow.models.resources import ResourceClass, resource_class
from remit.flow.models.secrets import from_store
from remit.flow.taint import Taints
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Dictionary,
    Known,
    Method,
    Thing,
    Val,
    known,
    literal,
    text_of,
    to_template,
    unknown,
)  # fmt: skip

CLIENT, RESOURCE, OBJECT = "boto3.client", "boto3.resource", "boto3.object"
#: Members of every resource object, or of one class, that are modelled here by name.
_OWN = frozenset(("meta", "batch_writer", "get_available_subresources"))
_LOCAL = frozenset(("can_paginate", "close", "generate_db_auth_token"))


# -- making clients ----------------------------------------------------------------------------------------------------


def _client(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return _made(machine, given, CLIENT, frame)


def _resource(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return _made(machine, given, RESOURCE, frame)


def _made(machine: Machine, given: Arguments, kind: str, frame: Frame) -> Val:
    del frame
    service = given.get(0, "service_name") or UNKNOWN
    atoms = []
    for atom in service.atoms:
        name = atom.value if isinstance(atom, Known) and isinstance(atom.value, str) else ""
        facts = {"service": known(name)}
        endpoint = given.keywords.get("endpoint_url")
        if endpoint is not None:
            facts["endpoint"] = endpoint
            # The address of a WebSocket API's connections is AWS's, however it is put together.
            if name != "apigatewaymanagementapi" and network.client_endpoint(machine, given, endpoint):
                facts["elsewhere"] = known(value=True)
        atoms.append(Thing(kind, facts))
    return Val(tuple(atoms)) if atoms else Val((Thing(kind, {"service": known("")}),))


def _service(thing: Thing) -> str:
    return text_of(thing.facts.get("service", known(""))) or ""


# -- calls -------------------------------------------------------------------------------------------------------------


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Nothing more by name alone."""
    del machine, frame, name, given
    return None


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """A method of something of the SDK."""
    handler = _KINDS.get(thing.kind)
    if handler is None:
        return None
    before = set(machine.calls)
    answer = handler(machine, frame, thing, name, given)
    if "elsewhere" in thing.facts:
        # What answers is no AWS service, so that no role has to allow it; the host is what is needed.
        for key in machine.calls.keys() - before:
            del machine.calls[key]
    return answer


def parameters_of(given: Arguments) -> dict[str, Val]:
    """The named arguments of a call."""
    return dict(given.keywords)


def record(
    machine: Machine, service: str, name: str, values: dict[str, Val], given: Arguments, unresolved: str = ""
) -> Val:  # fmt: skip
    """One API call happens: effect, sinks, and what it returns."""
    if not service and not unresolved:
        unresolved = "the service"
    parameters: dict[str, Value] = {key: to_template(value) for key, value in values.items()}
    machine.sdk(service, name, parameters, given.at, unresolved)
    sinks(machine, service, name, values, given)
    uses.recorded(machine, service, name, values, given)
    return _answer(machine, service, name, values, parameters, given.at)


def _answer(
    machine: Machine, service: str, name: str, values: dict[str, Val], parameters: dict[str, Value], at: Location
) -> Val:  # fmt: skip
    if service == "secretsmanager" and name in ("GetSecretValue", "BatchGetSecretValue"):
        taint = from_store(machine, parameters.get("SecretId", Unknown("a secret")), at)
        value = unknown("a secret", (taint,))
        return Val((Thing("aws.response", {"SecretString": value, "SecretBinary": value, "SecretValues": value}),))
    decrypts = "WithDecryption" in values and literal(values["WithDecryption"]) is not False
    if service == "ssm" and name in ("GetParameter", "GetParameters", "GetParametersByPath") and decrypts:
        held = parameters.get("Name", parameters.get("Names", parameters.get("Path", Unknown("a parameter"))))
        taint = from_store(machine, held, at)
        one = Val((Thing("aws.response", {"Value": unknown("a secret", (taint,)), "[]": NONE}),))
        many = Val((machine.sequence([], one),))
        return Val((Thing("aws.response", {"Parameter": one, "Parameters": many}),))
    if service == "sqs" and name == "GetQueueUrl" and "QueueName" in values:
        # The address of a queue ends with its name: which queue it is stays known.
        return Val((Thing("aws.response", {"QueueUrl": values["QueueName"]}),))
    if service == "kms" and name == "Decrypt":
        taint = from_store(machine, "decrypted by KMS", at)
        return Val((Thing("aws.response", {"Plaintext": unknown("a secret", (taint,))}),))
    if (service, name) in _READS:
        return events.answer_of(service, at)
    return unknown(f"{name}()")


#: Calls that answer with what somebody stored.
_READS = frozenset((("dynamodb", "GetItem"), ("dynamodb", "Query"), ("dynamodb", "Scan"), ("s3", "GetObject")))


def _client_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    service = _service(thing)
    if name == "get_paginator" or name == "get_waiter":
        wanted = given.get(0, "operation_name", "waiter_name") or UNKNOWN
        kind = "boto3.paginator" if name == "get_paginator" else "boto3.waiter"
        return Val((Thing(kind, {**thing.facts, "name": wanted}),))
    if name == "generate_presigned_url":
        return _presigned(machine, frame, service, given)
    if name == "generate_presigned_post":
        values = {"Bucket": given.get(0, "Bucket") or UNKNOWN, "Key": given.get(1, "Key") or UNKNOWN}
        record(machine, service, "PutObject", values, given)
        return unknown("a presigned form")
    if name in _LOCAL or name.startswith("__"):
        return NONE if name in ("close", "__exit__") else Val((thing,)) if name == "__enter__" else UNKNOWN
    if name in TRANSFERS and service in ("s3", ""):
        return _transfer(machine, frame, name, given, {})
    return record(machine, service, operation(service, name), parameters_of(given), given)


def _presigned(machine: Machine, frame: Frame, service: str, given: Arguments) -> Val:
    """The caller of the address acts with our rights: the operation is needed as if we called it."""
    del frame
    method = given.get(0, "ClientMethod", "client_method") or UNKNOWN
    values: dict[str, Val] = {}
    for atom in (given.get(1, "Params", "params") or UNKNOWN).atoms:
        if isinstance(atom, Dictionary):
            values.update({str(key): value for key, value in atom.entries.items()})
    for atom in method.atoms:
        if isinstance(atom, Known) and isinstance(atom.value, str):
            record(machine, service, operation(service, atom.value), values, given)
        else:
            record(machine, service, "", values, given, "the operation of a presigned address")
    return unknown("a presigned address")


def _pages(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del frame
    if name in ("paginate", "search", "build_full_result"):
        service = _service(thing)
        for atom in thing.facts["name"].atoms:
            if isinstance(atom, Known) and isinstance(atom.value, str):
                answer = record(machine, service, operation(service, atom.value), parameters_of(given), given)
            else:
                answer = record(machine, service, "", parameters_of(given), given, "the operation of a paginator")
        return Val((Thing("boto3.pages", {"[]": answer, "answer": answer}),))
    return None


def _page(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del machine, frame, given
    if name == "build_full_result":
        return thing.facts["answer"]
    return unknown("an element") if name == "search" else None


def _wait(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del frame
    if name != "wait":
        return None
    service, wanted = _service(thing), text_of(thing.facts["name"])
    called = waited_for(service, wanted) if wanted else ""
    values = {key: value for key, value in given.keywords.items() if key != "WaiterConfig"}
    return record(machine, service, called, values, given, "" if called else "the operation of a waiter")


# -- transfers ---------------------------------------------------------------------------------------------------------

#: Helper: what it calls, its arguments in order, whether it reads or writes a local file.
TRANSFERS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "upload_file": (("PutObject",), ("Filename", "Bucket", "Key"), "r"),
    "download_file": (("GetObject", "HeadObject"), ("Bucket", "Key", "Filename"), "w"),
    "upload_fileobj": (("PutObject",), ("Fileobj", "Bucket", "Key"), ""),
    "download_fileobj": (("GetObject", "HeadObject"), ("Bucket", "Key", "Fileobj"), ""),
    # It looks at the source first, which reading the source allows.
    "copy": (("CopyObject",), ("CopySource", "Bucket", "Key"), ""),
}


def _transfer(machine: Machine, frame: Frame, name: str, given: Arguments, identity: dict[str, Val]) -> Val:
    del frame
    operations, names, access = TRANSFERS[name]
    missing = [item for item in names if item not in identity]
    values = dict(identity)
    for number, item in enumerate(missing):
        value = given.get(number, item)
        if value is not None:
            values[item] = value
    number = missing.index("Filename") if "Filename" in missing else -1
    if access and "Filename" in values:
        files.opened(machine, given, values["Filename"], given.span(number, "Filename"), write=access == "w")
    sent = {key: value for key, value in values.items() if key not in ("Filename", "Fileobj")}
    for item in operations:
        record(machine, "s3", item, sent, given)
    return NONE


# -- resource objects --------------------------------------------------------------------------------------------------


def _class_of(thing: Thing) -> "ResourceClass | None":
    return resource_class(_service(thing), text_of(thing.facts.get("class", known(""))) or "")


def _identity(thing: Thing, model: ResourceClass) -> dict[str, Val]:
    """The API parameters that the identity of an object fills in."""
    found = {}
    for parameter, identifier in model.parameters.items():
        value = thing.facts.get(f"id {identifier}")
        if value is not None:
            found[parameter] = value
    return found


def _object(service: str, kind: str, identifiers: dict[str, Val]) -> Val:
    facts = {"service": known(service), "class": known(kind)}
    facts.update({f"id {name}": value for name, value in identifiers.items()})
    return Val((Thing(OBJECT, facts),))


def _resource_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    service, model = _service(thing), _class_of(thing)
    if model is None:
        if name == "get_available_subresources":
            return UNKNOWN
        return Val((_untold(machine, thing, name, given.at),))
    if name in model.attributes:
        return _constructed(thing, service, model, name, given)
    made = resource_class(service, name) if model.name == f"{service}." and name else None
    if made is not None:
        # The service itself constructs every class it has, from all of its identifiers.
        pairs = tuple((identifier, "?") for identifier in made.identifiers)
        return _constructed(thing, service, replace(model, attributes={name: (name, pairs)}), name, given)
    if name in TRANSFERS and service == "s3":
        return _transfer(machine, frame, name, given, _identity(thing, model))
    if name in model.methods:
        called, kind = model.methods[name]
        values = {**_identity(thing, model), **parameters_of(given)}
        if called.startswith("~"):
            called = _waiter(service, called[1:])
        answer = record(machine, service, called, values, given, "" if called else "the operation of a waiter")
        return _returned(service, kind, values, answer) if kind else answer
    if name == "batch_writer":
        return Val((Thing("boto3.batch", {**thing.facts}),))
    if name in ("__enter__", "get_available_subresources"):
        return Val((thing,))
    if not name.startswith("__"):
        record(machine, service, "", parameters_of(given), given, f"the operation behind {model.name}.{name}")
    return unknown(f"{name}()")


def _untold(machine: Machine, thing: Thing, name: str, at: Location) -> Thing:
    """A member of a class there is no table of: nobody can say what it calls, nor what it is.

    Constructors start with a capital and call nothing; every other member may be a call, a list of objects, or loaded.
    """
    service = _service(thing)
    if not name[:1].isupper() and not name.startswith("__"):
        machine.sdk(service, "", {}, at, f"the operation behind {service or 'a resource'} {name}")
    made = Thing(OBJECT, {"service": known(service), "class": known(f"?{name}")})
    made.facts["[]"] = Val((Thing(OBJECT, dict(made.facts)),))  # type: ignore[index]
    return made


def _of_untold(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """What a member of an unknown class gives when it is called: it was told where it was named."""
    del machine, frame, given
    thing = receiver.receiver if receiver else None
    return Val((thing,)) if isinstance(thing, Thing) else UNKNOWN


def _waiter(service: str, name: str) -> str:
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return waited_for(service, words)


def _returned(service: str, kind: str, values: dict[str, Val], answer: Val) -> Val:
    model = resource_class(service, kind)
    if model is None:
        return answer
    if (service, kind) == ("sqs", "Queue") and "QueueName" in values:
        return _object(service, kind, {"Url": values["QueueName"]})
    known_ids = {
        identifier: values[parameter] for parameter, identifier in model.parameters.items() if parameter in values
    }
    return _object(service, kind, known_ids)


def _constructed(thing: Thing, service: str, model: ResourceClass, name: str, given: Arguments) -> Val:
    kind, pairs = model.attributes[name]
    identifiers: dict[str, Val] = {}
    position = 0
    for identifier, mine in pairs:
        if mine == "?":
            identifiers[identifier] = given.get(position, identifier, _snake(identifier)) or UNKNOWN
            position += 1
        else:
            identifiers[identifier] = thing.facts.get(f"id {mine}", UNKNOWN)
    return _object(service, kind, identifiers)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _collection_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del frame
    service = _service(thing)
    model = _class_of(thing)
    if model is None:
        return None
    called, kind = model.collections[text_of(thing.facts["collection"]) or ""]
    values = {**_identity(thing, model), **parameters_of(given)}
    if name in ("delete", "terminate", "stop", "start"):
        record(machine, service, called, _identity(thing, model), given)
        batch = {("s3", "delete"): "DeleteObjects"}.get((service, name), operation(service, f"{name}_{kind.lower()}s"))
        return record(machine, service, batch, values, given)
    if name in ("all", "filter", "limit", "page_size", "pages"):
        answer = record(machine, service, called, values, given)
        item = _returned(service, kind, values, answer) if kind else answer
        if name == "pages":
            item = Val((machine.sequence([], item),))
        return Val((Thing("boto3.listed", {**thing.facts, "[]": item}),))
    if not name.startswith("__"):
        record(machine, service, "", parameters_of(given), given, f"the operation behind {kind or service} {name}")
    return None


def _listed(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    return _collection_method(machine, frame, thing, name, given)


def _batch(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del frame
    if name in ("put_item", "delete_item"):
        table = thing.facts.get("id Name", UNKNOWN)
        record(machine, "dynamodb", "BatchWriteItem", {"TableName": table}, given)
        return NONE
    return Val((thing,)) if name == "__enter__" else None


def _session_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del thing
    if name in ("client", "create_client"):
        return _made(machine, given, CLIENT, frame)
    if name == "resource":
        return _made(machine, given, RESOURCE, frame)
    return unknown(f"{name}()")


def _unresolved(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    del frame, name
    return record(machine, _service(thing), "", parameters_of(given), given, "the operation name")


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """Attributes of clients and resource objects."""
    del taints
    if thing.kind == CLIENT and name in ("exceptions", "meta"):
        return unknown(f"the client's {name}")
    if thing.kind in (RESOURCE, OBJECT):
        if name == "meta":
            return Val((Thing("boto3.meta", {"client": Val((Thing(CLIENT, {"service": thing.facts["service"]}),))}),))
        return _object_attribute(machine, thing, name, at)
    return None


def _object_attribute(machine: Machine, thing: Thing, name: str, at: Location) -> "Val | None":
    model = _class_of(thing)
    if model is None:
        return Val((_untold(machine, thing, name, at),))
    if name in model.collections:
        called, kind = model.collections[name]
        del called
        item = _returned(_service(thing), kind, {}, UNKNOWN) if kind else UNKNOWN
        return Val((Thing("boto3.listed", {**thing.facts, "collection": known(name), "[]": item}),))
    for identifier in model.identifiers:
        if name == _snake(identifier) or (name.endswith("_name") and identifier == "Name"):
            return thing.facts.get(f"id {identifier}", UNKNOWN)
    if name in model.attributes and not any(mine == "?" for _, mine in model.attributes[name][1]):
        return _constructed(thing, _service(thing), model, name, Arguments(at, name))
    told = name in model.methods or name in model.attributes or name in TRANSFERS or name in _OWN or name[:1].isupper()
    if not told and not name.startswith("_") and "load" in model.methods:
        # Everything else an object has was loaded when it is first looked at.
        given = Arguments(at, name)
        return record(machine, _service(thing), model.methods["load"][0], _identity(thing, model), given)
    return None


def _unresolved_call(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    thing = receiver.receiver if receiver else None
    service = _service(thing) if isinstance(thing, Thing) else ""
    return record(machine, service, "", parameters_of(given), given, "the operation name")


_KINDS = {
    CLIENT: _client_method,
    "boto3.paginator": _pages,
    "boto3.pages": _page,
    "boto3.waiter": _wait,
    RESOURCE: _resource_method,
    OBJECT: _resource_method,
    "boto3.listed": _listed,
    "boto3.batch": _batch,
    "boto3.session": _session_method,
    "boto3.unresolved": _unresolved,
}
_SESSION = Model(gives="boto3.session")
_CONDITION = Model(gives="dynamodb.Condition")
FUNCTIONS: dict[str, Model] = {
    "boto3.client": Model(run=_client),
    "boto3.resource": Model(run=_resource),
    "boto3.Session": _SESSION,
    "boto3.session.Session": _SESSION,
    "botocore.session.get_session": _SESSION,
    "botocore.session.Session": _SESSION,
    "aiobotocore.session.get_session": _SESSION,
    "aiobotocore.get_session": _SESSION,
    "boto3.setup_default_session": Model(),
    "boto3.dynamodb.conditions.Key": _CONDITION,
    "boto3.dynamodb.conditions.Attr": _CONDITION,
    "botocore.config.Config": Model(),
    "botocore.client.Config": Model(),
    "aws_xray_sdk.core.patch_all": Model(),
    "aws_xray_sdk.core.patch": Model(),
    **powertools.FUNCTIONS,
}
METHODS: dict[str, Model] = {
    "boto3.unresolved.__call__": Model(run=_unresolved_call),
    "boto3.object.__call__": Model(run=_of_untold),
    **powertools.METHODS,
}
for _name in (
    "eq",
    "ne",
    "lt",
    "lte",
    "gt",
    "gte",
    "between",
    "begins_with",
    "contains",
    "is_in",
    "exists",
    "not_exists",
    "size",
):
    METHODS[f"dynamodb.Condition.{_name}"] = _CONDITION
__all__ = ["FUNCTIONS", "METHODS", "attribute", "by_method", "by_name", "record"]

"""Code that is not here and calls AWS all the same: libraries known for it, and whatever is handed a client."""

from remit.app.flow import EVENT, FIELD
from remit.app.location import Location
from remit.flow import taint
from remit.flow.machine import Machine
from remit.flow.values import Atom, Dictionary, Instance, Lib, Method, Opaque, Sequence, Thing, Val, text_of

#: Package or module -> the service it calls by itself; ``""`` for several. Those modelled elsewhere are not among them.
CALLERS = {
    "pynamodb": "dynamodb", "dynamorm": "dynamodb", "dyntastic": "dynamodb", "pydynamodb": "dynamodb", "flywheel": "dynamodb",
    "awswrangler": "", "s3fs": "s3", "s3path": "s3", "cloudpathlib": "s3", "smart_open": "s3", "s3transfer": "s3",
    "pyathena": "athena", "aurora_data_api": "rds-data", "watchtower": "logs", "aws_secretsmanager_caching": "secretsmanager",
    "aws_encryption_sdk": "kms", "dynamodb_encryption_sdk": "dynamodb", "warrant": "cognito-idp", "pycognito": "cognito-idp",
    "sagemaker": "", "amazondax": "dynamodb", "kinesis_producer": "kinesis", "sqs_extended_client": "", "zappa.asynchronous": "",
    "zappa.async": "", "ssm_cache": "ssm", "boto": "", "django_ses": "ses", "storages": "s3",
    "langchain_aws": "", "langchain_community.chat_models.bedrock": "bedrock-runtime", "chalice.deploy": "",
    "aws_dynamodb_session": "dynamodb", "flask_s3": "s3", "flask_dynamo": "dynamodb",
    "dynamoose": "dynamodb", "electrodb": "dynamodb", "dynamodb-toolbox": "dynamodb", "dynamodb-onetable": "dynamodb",
    "@aws/dynamodb-data-mapper": "dynamodb", "@typedorm/core": "dynamodb", "vogels": "dynamodb", "dynogels": "dynamodb",
    "dynamodb-lock-client": "dynamodb", "amazon-dax-client": "dynamodb", "sqs-consumer": "sqs", "sqs-producer": "sqs",
    "multer-s3": "s3", "s3-upload-stream": "s3", "s3-streamlogger": "s3", "s3-zip": "s3", "data-api-client": "rds-data",
    "winston-cloudwatch": "logs", "@aws-amplify/storage": "s3", "amazon-qldb-driver-nodejs": "qldb-session", "athena-express": "",
    "@langchain/aws": "", "@aws-crypto/client-node": "kms", "nodemailer-ses-transport": "ses",
    "serverless-dynamodb-client": "dynamodb",
    "s3_log": "s3", "sqs_listener": "sqs", "sqs_launcher": "sqs", "aws_msk_iam_sasl_signer": "kafka-cluster",
}  # fmt: skip
_CLIENTS = ("boto3.client", "boto3.resource", "boto3.object", "boto3.session", "boto3.listed")
#: Functions that look at a value and call nothing of it.
_LOOKING = frozenset((
    "builtins.type", "builtins.id", "builtins.hash", "builtins.repr", "builtins.str", "builtins.print", "builtins.callable",
    "builtins.hasattr", "builtins.isinstance", "builtins.bool", "builtins.dir", "builtins.len", "inspect.isclass",
    "copy.copy", "copy.deepcopy", "typing.cast", "aws_xray_sdk.core.patch",
))  # fmt: skip


def imported(machine: Machine, module: str, at: Location) -> None:
    """A module that is not in the code is imported: a library that calls AWS does so out of sight."""
    machine.absent.add(machine.language.package(module))
    parts = module.split(".")
    for number in range(len(parts), 0, -1):
        name = ".".join(parts[:number])
        service = CALLERS.get(name)
        if service is not None:
            machine.sdk(service, "", {}, at, f"{name} calls it by itself; which operations is not known")
            return


def entrusted(machine: Machine, name: str, values: list[Val], at: Location) -> None:
    """What a sender wrote goes to a package that is not in the code: what happens there is not known.

    Said once for each package. One that the code asks for, or that the platform brings, is somebody else's; one that is
    found nowhere may be the user's own, and is a gap.

    Args:
        machine: where it is noted.
        name: what is called, beginning with the package: ``shop_tools.Client().run``.
        values: what it is handed.
        at: the call.
    """
    package = _package_of(machine, name)
    if not package or package in machine.told:
        return
    if not any(taint.any_of(machine.taints(value, at), FIELD, EVENT) for value in values):
        return
    machine.told.add(package)
    declared = machine.language.declared(machine, package)
    if declared is None:
        return
    if declared:
        machine.skip(
            f"the package {package}", f"what {package} does with what it is handed is not followed", at, blind=False
        )
    else:
        why = f"{package} is neither among the code files nor among the packages that are asked for"
        machine.skip(f"the package {package}", f"{why}: what it does with what a sender wrote is not known", at)


def _package_of(machine: Machine, name: str) -> str:
    """The package that a name begins with, among those that are imported and not in the code."""
    if name in machine.absent:
        return name
    return next((item for item in machine.absent if name.startswith(item) and name[len(item)] in ".(["), "")


def handed(machine: Machine, name: str, values: list[Val], at: Location) -> None:
    """Values go to code that is not here: with a client among them, it may call anything.

    Args:
        machine: where the calls are noted.
        name: what it is called, as the code or the library says it.
        values: the arguments.
        at: the call.
    """
    if name in _LOOKING:
        return
    budget = [40]
    for value in values:
        for thing, operation in _clients(value, 0, budget):
            service = text_of(thing.facts["service"]) if "service" in thing.facts else ""
            what = f"{operation} of the client" if operation else "a client"
            machine.sdk(
                service or "", "", {}, at, f"{name}() is handed {what}, and what it does with it is not known here"
            )


def _clients(value: Val, depth: int, budget: list[int]) -> "list[tuple[Thing, str]]":
    """The clients in a value and in what it holds, and the method where it is one of theirs."""
    found: list[tuple[Thing, str]] = []
    for atom in value.atoms:
        budget[0] -= 1
        if budget[0] < 0:
            break
        if isinstance(atom, Thing) and atom.kind in _CLIENTS:
            found.append((atom, ""))
        elif isinstance(atom, Method) and isinstance(atom.receiver, Thing):
            # What a session has is settings and credentials, no calls.
            if atom.receiver.kind in _CLIENTS and atom.receiver.kind != "boto3.session":
                found.append((atom.receiver, atom.name))
        elif depth < 2:
            for item in _inside(atom):
                found.extend(_clients(item, depth + 1, budget))
    return found


def _inside(atom: Atom) -> list[Val]:
    if isinstance(atom, Sequence):
        return [*atom.items, *([atom.rest] if atom.rest else [])]
    if isinstance(atom, Dictionary):
        return [*atom.entries.values(), *([atom.rest] if atom.rest else [])]
    return list(atom.fields.values()) if isinstance(atom, Instance) else []


def kept(machine: Machine, atom: Atom, name: str, value: Val, at: Location) -> None:
    """A client is put into something that nobody follows: calls of it from there are out of sight."""
    if isinstance(atom, Opaque | Method | Thing | Lib) and not (isinstance(atom, Thing) and atom.kind in _CLIENTS):
        for thing, _ in _clients(value, 1, [20]):
            service = text_of(thing.facts["service"]) if "service" in thing.facts else ""
            machine.sdk(service or "", "", {}, at, f"a client is kept as {name} of something that is not known here")


__all__ = ["CALLERS", "entrusted", "handed", "imported", "kept"]

"""Cloud calls: are action and resource named in ``calls``?"""

import re

from remit_guard.sandbox.actions import needed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: Parameters that name the resource a call acts on, across services.
_NAMES = frozenset({
    "TableName", "QueueUrl", "QueueName", "TopicArn", "TargetArn", "FunctionName", "SecretId", "KeyId", "StreamName",
    "StreamARN", "DeliveryStreamName", "EventBusName", "stateMachineArn", "executionArn", "activityArn", "resourceArn",
    "secretArn", "clusterArn", "UserPoolId", "IdentityPoolId", "logGroupName", "LogGroupName", "ProjectName",
    "projectName", "modelId", "Name", "Names", "Path", "ParameterName", "RoleArn", "StateMachineArn", "BucketName",
    "EndpointName", "IndexName", "ResourceARN",
})  # fmt: skip
#: ``Name`` and its like mean the resource only in these services; elsewhere they are data.
_LOOSE = {"Name": ("ssm",), "Names": ("ssm",), "Path": ("ssm",), "IndexName": ()}


def outside(
    service: str, signing: str, operation: str, params: "Any", calls: "tuple[tuple[str, str], ...]",
    environ: "Mapping[str, str]",
) -> "tuple[str, str] | None":  # fmt: skip
    """The first action and resource of a call that ``calls`` does not name; ``None`` when all are named.

    Args:
        service: the SDK's name of the service.
        signing: the name it signs with.
        operation: the API operation.
        params: its parameters.
        calls: ``[action, resource]`` pairs of the remit.
        environ: the environment, for resources written as ``${NAME}``.
    """
    touched = targets(service, params)
    for action in needed(service, signing, operation, params):
        resources = [resource for pattern, resource in calls if _glob(pattern.lower(), action.lower())]
        if not resources:
            return action, touched[0] if touched else ""
        for target in touched:
            if not any(matches(resource, target, environ) for resource in resources):
                return action, target
    return None


def targets(service: str, params: "Any") -> "list[str]":
    """The resources a call's parameters name; empty when none of them says."""
    if not isinstance(params, dict):
        return []
    if service == "s3":
        return _objects(params)
    found: list[str] = []
    for name, value in params.items():
        if name in _NAMES and service in _LOOSE.get(name, (service,)):
            found += [value] if isinstance(value, str) else [item for item in value or () if isinstance(item, str)]
    if service == "dynamodb":
        if isinstance(params.get("RequestItems"), dict):
            found += params["RequestItems"]
        for item in params.get("TransactItems") or ():
            found += [part["TableName"] for part in item.values() if isinstance(part, dict) and "TableName" in part]
    elif service == "events":
        found += [item.get("EventBusName") or "default" for item in params.get("Entries") or ()]
    return found


def _objects(params: "dict[str, Any]") -> "list[str]":
    bucket = params.get("Bucket")
    if not isinstance(bucket, str):
        return []
    bucket = bucket.rpartition(":::")[2]
    keys = [params["Key"]] if isinstance(params.get("Key"), str) else []
    delete = params.get("Delete")
    if isinstance(delete, dict):
        keys += [item.get("Key", "") for item in delete.get("Objects") or ()]
    return [f"arn:aws:s3:::{bucket}/{key}" for key in keys] or [f"arn:aws:s3:::{bucket}"]


def matches(pattern: str, target: str, environ: "Mapping[str, str]") -> bool:
    """Whether a resource of the remit covers the resource a call names.

    Either side may be an ARN, a name, or a queue's URL; both are compared in every form they have. A pattern whose
    variable is not set says nothing about the resource, and so covers any.
    """
    if pattern == "*":
        return True
    names = _VARIABLE.findall(pattern)
    if any(not environ.get(name) for name in names):
        return True
    pattern = _VARIABLE.sub(lambda match: environ[match.group(1)], pattern)
    others = _forms(target)
    if target.startswith("arn:aws:s3:::") and not pattern.startswith("arn:"):
        others.add(target[len("arn:aws:s3:::") :].partition("/")[0])  # a bucket by its bare name covers its objects
    return any(_glob(form, other) for form in _forms(pattern) for other in others)


def _forms(text: str) -> "set[str]":
    forms = {text, text.lstrip("/")}
    if text.startswith("arn:") and text.count(":") >= 5:
        service, resource = text.split(":", 5)[2], text.split(":", 5)[5]
        forms.add(resource)
        if service != "s3":
            kind = re.match(r"[a-zA-Z-]+[/:]", resource)
            name = resource[kind.end() :] if kind else resource
            forms |= {name, name.partition(":")[0]}
            if service == "dynamodb":
                forms.add(name.partition("/")[0])
            elif service == "secretsmanager":
                forms.add(re.sub(r"-(\?{6}|\*|[A-Za-z0-9]{6})$", "", name))
    elif text.startswith(("https://", "http://")):
        forms.add(text.rstrip("/").rpartition("/")[2])
    return forms


def _glob(pattern: str, text: str) -> bool:
    """IAM's wildcards: ``*`` any run, ``?`` one character, nothing else special."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    parts = [re.escape(part).replace(r"\?", ".") for part in re.sub(r"\*+", "*", pattern).split("*")]
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None

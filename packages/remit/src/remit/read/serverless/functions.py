"""Functions and layers of a service: what the framework makes of ``functions`` and ``layers``."""

import posixpath
from collections.abc import Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Text, Unknown, Value, join
from remit.read.serverless import ids
from remit.read.serverless.service import Entry, Service, arn, mapping, tree

#: Plugins after which the handler is not where the configuration says, with what they do.
MOVING = {
    "serverless-wsgi": "puts its own handler in front of the app",
    "serverless-rack": "puts its own handler in front of the app",
    "serverless-package-python-functions": "packages each function from a folder of its own",
    "serverless-plugin-monorepo": "links code from other folders into this one",
}
#: Without a runtime the framework takes some version of Node.js; which one depends on the framework's version.
_RUNTIME = "nodejs, by default"


def add_functions(service: Service) -> None:
    """Declares every function with its log group, URL and delivery settings."""
    for entry in service.entries.values():
        _add(service, entry)


def add_layers(service: Service) -> None:
    """Declares the layers that the service builds."""
    for name, layer in service.section(service.config.at("layers"), "layers"):
        path = service.word(layer.at("path"))
        properties = {"Content": path or {"S3Key": name}, "LayerName": layer.at("name") or name}
        service.add(ids.layer_id(name), "AWS::Lambda::LayerVersion", properties, layer.key or layer.location)


def _add(service: Service, entry: Entry) -> None:
    node, provider = entry.node, service.provider
    image = node.at("image")
    runtime = node.at("runtime") or provider.at("runtime") or _RUNTIME
    properties: dict[str, object] = {
        "FunctionName": tree(service.deployed_name(entry), (node.at("name") or node).location),
        "Handler": node.at("handler"),
        "Runtime": None if image is not None else runtime,
        "Code": _code(service, entry),
        "PackageType": "Image" if image is not None else None,
        "ImageConfig": _image_config(image),
        "Role": _role(service, entry),
        "Timeout": node.at("timeout") or provider.at("timeout") or 6,
        "MemorySize": node.at("memorySize") or provider.at("memorySize") or 1024,
        "Environment": _environment(service, entry),
        "Layers": _layers(service, entry),
        "VpcConfig": _vpc(node.at("vpc") or provider.at("vpc")),
        "KmsKeyArn": node.at("kmsKeyArn") or node.at("awsKmsKeyArn") or provider.at("kmsKeyArn"),
        "ReservedConcurrentExecutions": node.at("reservedConcurrency"),
        "TracingConfig": _tracing(service, node),
        "DeadLetterConfig": _dead_letter(node.at("onError")),
        "Tags": node.at("tags"),
    }
    _note_plugins(service, entry)
    service.add(entry.id, "AWS::Lambda::Function", properties, entry.location)
    _built_image(service, entry)
    if not service.draft.truth(node.at("disableLogs")) and not service.draft.truth(provider.at("disableLogs")):
        name = join(["/aws/lambda/", service.deployed_name(entry)])
        retention = node.at("logRetentionInDays") or provider.at("logRetentionInDays")
        group = {"LogGroupName": name, "RetentionInDays": retention}
        service.add(ids.log_group_id(entry.name), "AWS::Logs::LogGroup", group, entry.location)
    _url(service, entry)
    _destinations(service, entry)


def _code(service: Service, entry: Entry) -> object:
    """The folder of its code, as the reader of functions wants it; a mapping for what is not local."""
    node = entry.node
    image = node.at("image")
    if image is not None:
        return {"ImageUri": image.at("uri") or image.at("name") or image}
    if node.at("handler") is None or service.word(node.at("handler")) == "":
        service.blind(entry.name, "it has neither a handler nor an image", entry.location)
    artifact = node.at("package", "artifact") or service.config.at("package", "artifact")
    if artifact is not None and artifact.value is not None:
        text = service.word(artifact)
        return artifact if text.lower().endswith((".zip", ".jar")) else {"S3Key": artifact}
    module = service.word(node.at("module"))
    if module and "serverless-python-requirements" in service.plugins:
        return posixpath.join(module)  # the plugin makes this folder the root of the package
    return "."


def _image_config(image: Node | None) -> dict[str, object] | None:
    """What a function changes of its image."""
    names = {"command": "Command", "entryPoint": "EntryPoint", "workingDirectory": "WorkingDirectory"}
    config: dict[str, object] = {}
    for key, name in names.items():
        written = image.at(key) if image is not None else None
        if written is not None:
            config[name] = written
    return config or None


def _built_image(service: Service, entry: Entry) -> None:
    """An image that the framework builds, as SAM would say it: where its Dockerfile is."""
    image = entry.node.at("image")
    name = service.word(image) or (service.word(image.at("name")) if image is not None else "")
    written = service.provider.at("ecr", "images", name) if name else None
    if written is None:
        return
    folder = service.word(written) or service.word(written.at("path")) or "."
    made = {"DockerContext": folder, "Dockerfile": service.word(written.at("file")) or "Dockerfile"}
    declared = service.draft.declared[entry.id]
    declared.metadata = declared.metadata or tree(made, written.location)


def _note_plugins(service: Service, entry: Entry) -> None:
    for plugin in sorted(service.plugins & MOVING.keys()):
        if plugin in ("serverless-wsgi", "serverless-rack") and "_handler." not in service.word(
            entry.node.at("handler")
        ):
            continue
        service.blind(entry.name, f"the plugin {plugin} {MOVING[plugin]}", entry.location)


def _role(service: Service, entry: Entry) -> object:
    """Its own role, that of the provider, or the one the framework makes; the plugin's roles come first."""
    own = entry.node.at("role")
    own_id = f"{ids.normal(entry.name)}{ids.ROLE}"
    if own_id in service.draft.declared:
        return tree(arn(own_id), service.draft.declared[own_id].location)
    given = own if own is not None and own.value is not None else provider_role(service)
    if given is None:
        return tree(arn(ids.ROLE), entry.location) if ids.ROLE in service.draft.declared else None
    return tree(role_value(service, given.plain()), given.location)


def provider_role(service: Service) -> Node | None:
    """The role that the provider names for every function; ``None`` when the framework makes one."""
    for node in (service.provider.at("role"), service.provider.at("iam", "role")):
        if node is None or node.value is None:
            continue
        if isinstance(node.value, Mapping) and node.location.line and not set(node.value) <= {"Fn::GetAtt"}:
            continue  # settings of the role to be made
        return node
    return None


def role_value(service: Service, value: Value) -> Value:
    """A role as the configuration names it: an ARN, or the logical id of a role in ``resources``."""
    if isinstance(value, str) and ":" not in value and value in service.draft.declared:
        return arn(value)
    return value


def _environment(service: Service, entry: Entry) -> object:
    variables: dict[str, Node] = {}
    for owner in (service.provider, entry.node):
        node = owner.at("environment")
        if node is not None and node.value is not None and not isinstance(node.value, Mapping):
            service.wrong(node, f'"environment" is not a mapping of names here; {entry.name} may have more variables')
            continue
        for name, value in node.items() if node else ():
            if value.value is None:
                variables.pop(name, None)
            else:
                variables[name] = value
    return {"Variables": Node(variables, entry.location)} if variables else None


def _layers(service: Service, entry: Entry) -> Node | None:
    """Its layers; the framework's ids of local layers are references already."""
    return entry.node.at("layers") or service.provider.at("layers")


def _vpc(node: Node | None) -> object:
    if node is None or not isinstance(node.value, Mapping):
        return None
    return {"SecurityGroupIds": node.at("securityGroupIds"), "SubnetIds": node.at("subnetIds")}


def _tracing(service: Service, node: Node) -> object:
    mode = node.at("tracing") or service.provider.at("tracing", "lambda")
    word = service.word(mode)
    if mode is None or word in ("", "false"):
        return None
    return tree({"Mode": "PassThrough" if word == "PassThrough" else "Active"}, mode.location)


def _dead_letter(node: Node | None) -> object:
    return tree({"TargetArn": node}, node.location) if node is not None and node.value is not None else None


def _url(service: Service, entry: Entry) -> None:
    """``url: true``, or with settings; without ``authorizer: aws_iam`` everybody can call it."""
    url = entry.node.at("url")
    if url is None or url.value is None or (not isinstance(url.value, Mapping) and not service.draft.truth(url)):
        return
    at = url.key or url.location
    authorizer = url.at("authorizer")
    kind = "AWS_IAM" if service.word(authorizer).lower() == "aws_iam" else "NONE"
    auth = tree(kind, (authorizer.key or authorizer.location) if authorizer is not None else at)
    cors = url.at("cors")
    properties = {
        "AuthType": auth,
        "TargetFunctionArn": arn(entry.id),
        "Cors": _url_cors(service, cors),
        "InvokeMode": url.at("invokeMode"),
    }
    service.add(f"{ids.normal(entry.name)}LambdaFunctionUrl", "AWS::Lambda::Url", properties, at)


def _url_cors(service: Service, cors: Node | None) -> object:
    if cors is None or cors.value is None or (not isinstance(cors.value, Mapping) and not service.draft.truth(cors)):
        return None
    return cors_properties(cors)


def cors_properties(cors: Node) -> Node:
    """CORS in the words of CloudFormation; what is not said has the framework's default: every origin."""
    if mapping(cors) is None:
        return tree({"AllowOrigins": ["*"], "AllowHeaders": ["Content-Type"], "AllowMethods": ["*"]}, cors.location)
    origins = cors.at("allowedOrigins") or cors.at("origins") or cors.at("origin")
    return tree(
        {
            "AllowOrigins": _as_list(origins) or ["*"],
            "AllowHeaders": cors.at("allowedHeaders") or cors.at("headers"),
            "AllowMethods": cors.at("allowedMethods") or cors.at("methods"),
            "AllowCredentials": cors.at("allowCredentials"),
            "MaxAge": cors.at("maxAge"),
        },
        cors.key or cors.location,
    )


def _as_list(node: Node | None) -> Node | None:
    if node is None or node.value is None:
        return None
    return node if isinstance(node.value, tuple) else Node((node,), node.location, node.key, node.absent)


def _destinations(service: Service, entry: Entry) -> None:
    """``destinations`` and retry settings of asynchronous invocations."""
    node = mapping(entry.node.at("destinations"))
    if node is None:
        return
    config = {}
    for key, name in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")):
        target = node.at(key)
        if target is not None and target.value is not None:
            where = target.at("arn") if isinstance(target.value, Mapping) else target
            config[name] = tree({"Destination": _destination(service, where)}, target.location)
    at = node.key or node.location
    properties = {"FunctionName": Ref(entry.id), "DestinationConfig": config}
    service.add(f"{ids.normal(entry.name)}LambdaEvConf", "AWS::Lambda::EventInvokeConfig", properties, at)


def _destination(service: Service, node: Node | None) -> object:
    value = node.plain() if node else None
    target = service.function(value) if isinstance(value, str | Ref | Text) else ""
    at = node.location if node else Location(service.draft.file)
    return tree(arn(target), at) if target else node or tree(Unknown("a destination"), at)

"""Functions: handler, runtime, where their code is, what is in their environment."""

import posixpath
from collections.abc import Mapping

from remit.app.model import Function
from remit.app.node import Node, possible
from remit.app.report import Skip
from remit.app.value import Choice, Ref, Text, Unknown
from remit.read.draft import IMAGE, Declared, Draft
from remit.read.roles import role_of

SAM_FUNCTION = "AWS::Serverless::Function"
CFN_FUNCTION = "AWS::Lambda::Function"
_LAYERS = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")


def read_functions(draft: Draft) -> None:
    """Adds every function of the template."""
    for declared in draft.of_type(SAM_FUNCTION, CFN_FUNCTION):
        if declared.foreign:
            continue
        properties = declared.properties
        code = _code(draft, declared)
        timeout = draft.likely(properties.at("Timeout"))
        draft.functions.append(
            Function(
                id=declared.id,
                handler=draft.likely(properties.at("Handler")),
                runtime=draft.likely(properties.at("Runtime")),
                code=code,
                location=declared.location,
                environment=_environment(properties.at("Environment", "Variables")),
                role=role_of(draft, declared),
                properties=properties,
                timeout=_seconds(timeout),
                inline=_inline(declared),
                layers=_layers(draft, properties.at("Layers")),
            )
        )


def local_path(draft: Draft, node: Node | None) -> str | None:
    """A path as the template writes it, relative to the root; ``None`` when it is not a local path.

    A path that leads out of the root is kept as it is (``../shared``): whoever reads it decides.
    """
    text = draft.likely(node)
    if not text or "://" in text or text.startswith("/"):
        return None
    return posixpath.normpath(posixpath.join(draft.folder, text.replace("\\", "/"))).removeprefix("./")


def _code(draft: Draft, declared: Declared) -> str | None:
    """The folder (or file) of a function's code; notes why there is none."""
    properties = declared.properties
    if _inline(declared) is not None:
        return None
    if "Image" in (draft.word(properties.at("PackageType")), *(("Image",) if _image(properties) else ())):
        _blind(draft, declared, IMAGE)
        return None
    written = properties.at("CodeUri") if declared.type == SAM_FUNCTION else properties.at("Code")
    if written is None:
        if declared.type == SAM_FUNCTION:
            return posixpath.normpath(draft.folder or ".")
        _blind(draft, declared, "the template does not say where its code is")
        return None
    path = local_path(draft, written) or _asset(draft, declared)
    if path is None and _is_either(written):
        _blind(draft, declared, "its code is one of several, as a condition that is open decides; none was examined")
    elif path is None:
        open_ = isinstance(written.value, Unknown | Text | Choice | Ref)
        where = "is where only the deployment knows" if open_ else "is not here but in a bucket"
        _blind(draft, declared, f"its code {where}")
    return path


def _is_either(written: Node) -> bool:
    """Whether an open condition decides between codes."""
    zipped = written.at("ZipFile") if isinstance(written.value, Mapping) else written
    return zipped is not None and len(possible(zipped)) > 1


def _asset(draft: Draft, declared: Declared) -> str | None:
    """Where the CDK says its code was when the template was made of it; ``None`` when it does not."""
    metadata = declared.metadata
    if metadata is None or metadata.get("aws:asset:property") != "Code":
        return None
    written = metadata.at("aws:asset:path")
    return local_path(draft, written) if written is not None else None


def _image(properties: Node) -> bool:
    return properties.at("ImageUri") is not None or properties.at("Code", "ImageUri") is not None


def _inline(declared: Declared) -> Node | None:
    path = ("InlineCode",) if declared.type == SAM_FUNCTION else ("Code", "ZipFile")
    node = declared.properties.at(*path)
    return node if node is not None and isinstance(node.value, str | Text) else None


def _blind(draft: Draft, declared: Declared, why: str) -> None:
    draft.skips.append(Skip(declared.id, why, declared.location, blind=True))


def _environment(node: Node | None) -> dict[str, Node]:
    return dict(node.items()) if node is not None else {}


def _seconds(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 6:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _layers(draft: Draft, node: Node | None) -> tuple[str, ...]:
    """Folders of the layers this template builds; layers from elsewhere are packages we do not have."""
    found = []
    for layer in node.elements() if node else ():
        id_ = draft.target(layer.plain(), *_LAYERS)
        properties = draft.declared[id_].properties if id_ else None
        path = None
        if properties is not None:
            content = properties.at("ContentUri") or properties.at("Content")
            path = None if content is None or isinstance(content.value, Mapping) else local_path(draft, content)
        if path is not None:
            found.append(path)
        else:
            why = "a layer that is not built from this folder"
            draft.skips.append(Skip(str(layer.plain()), why, layer.location))
    return tuple(dict.fromkeys(found))

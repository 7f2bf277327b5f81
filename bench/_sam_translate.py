"""The SAM translator as the oracle runs it: offline, on a template whose local files stand in it."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REGION = "us-east-1"
#: Where ``sam package`` would have put the code.
_PACKAGE = "s3://packages/code.zip"
_MAX_BYTES = 2_000_000


class RefusedError(Exception):
    """The translator, or the YAML parser it uses, does not accept the template; the text says why."""


def templates(root: Path) -> Iterator[Path]:
    """Every file below a folder that asks for the SAM transform, in order."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in ("node_modules", ".git", ".aws-sam", "cdk.out"))
        for name in sorted(files):
            path = Path(folder, name)
            if name.endswith((".yaml", ".yml", ".json", ".template")) and path.stat().st_size < _MAX_BYTES:
                data = path.read_bytes()
                if b"Resources" in data and (b"AWS::Serverless" in data or root.name == "input"):
                    yield path


def load(path: Path) -> dict[str, Any]:
    """A template as the translator's own YAML reader sees it.

    Raises:
        RefusedError: it is no mapping with resources.
    """
    from samtranslator.yaml_helper import yaml_parse
    from yaml import YAMLError

    try:
        template = yaml_parse(path.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RefusedError(f"not read: {error}") from error
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise RefusedError("no resources")
    # Through JSON: what the transform gets has no dates and no keys but texts.
    return dict(json.loads(json.dumps(template, default=str)))


def translate(template: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What the translator makes of a template.

    Args:
        template: as ``load`` gives it; it is not changed.
        folder: where the files are that it names.

    Raises:
        RefusedError: the translator reports an error.
    """
    os.environ["AWS_DEFAULT_REGION"] = REGION
    from boto3 import Session
    from samtranslator.model.exceptions import ExceptionWithMessage
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    packaged = copy.deepcopy(template)
    for resource in packaged["Resources"].values():
        if isinstance(resource, dict):
            _package(resource, packaged, folder)
    translator = Translator(_policies(), Parser(), boto_session=Session(region_name=REGION))
    try:
        return dict(translator.translate(packaged, {}))
    except ExceptionWithMessage as error:
        said = "; ".join(cause.message for cause in getattr(error, "causes", None) or [error])
        raise RefusedError(said) from error
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError) as error:
        raise RefusedError(f"the translator itself breaks: {type(error).__name__}: {error}") from error


def _policies() -> dict[str, str]:
    """Managed policies by name: the ones whose content Remit knows; any other name passes through."""
    from remit.read.policy_data import managed_policies

    return {name: f"arn:aws:iam::aws:policy/{name}" for name in managed_policies()}


def _package(resource: dict[str, Any], template: dict[str, Any], folder: Path) -> None:
    """What ``sam package`` does to local paths; a local definition is put into the template instead."""
    kind, properties = resource.get("Type"), resource.setdefault("Properties", {})
    if not isinstance(properties, dict):
        return
    if kind == "AWS::Serverless::Function":
        _package_code(properties, template)
    elif kind == "AWS::Serverless::LayerVersion" and _is_local(properties.get("ContentUri", ".")):
        properties["ContentUri"] = _PACKAGE
    elif kind == "AWS::Serverless::Application" and "Location" in properties:
        # An application of the public repository would be asked for over the network.
        properties["Location"] = "https://s3.amazonaws.com/packages/nested.yaml"
    elif kind == "AWS::Serverless::GraphQLApi":
        if _is_local(properties.get("SchemaUri")):
            properties["SchemaUri"] = "s3://packages/schema.graphql"
        for function in (properties.get("Functions") or {}).values():
            if isinstance(function, dict) and _is_local(function.get("CodeUri")):
                function["CodeUri"] = "s3://packages/code.js"
    elif kind in ("AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::StateMachine"):
        body = "Definition" if kind == "AWS::Serverless::StateMachine" else "DefinitionBody"
        if _is_local(properties.get("DefinitionUri")):
            found = _definition(folder / str(properties.pop("DefinitionUri")))
            if found is None:
                properties["DefinitionUri"] = "s3://packages/definition.json"
            else:
                properties[body] = found


def _package_code(properties: dict[str, Any], template: dict[str, Any]) -> None:
    shared = (
        ((template.get("Globals") or {}).get("Function") or {}) if isinstance(template.get("Globals"), dict) else {}
    )
    shared = shared if isinstance(shared, dict) else {}
    image = "Image" in (properties.get("PackageType"), shared.get("PackageType")) or "ImageUri" in properties
    if image:
        if _is_local(properties.get("ImageUri", ".")):
            properties["ImageUri"] = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/image:latest"
    elif "InlineCode" not in properties and _is_local(properties.get("CodeUri", shared.get("CodeUri", "."))):
        properties["CodeUri"] = _PACKAGE


def _is_local(value: object) -> bool:
    return isinstance(value, str) and "://" not in value


def _definition(path: Path) -> Any:
    from samtranslator.yaml_helper import yaml_parse
    from yaml import YAMLError

    try:
        found = yaml_parse(path.read_text("utf-8"))
        return json.loads(json.dumps(found, default=str)) if isinstance(found, dict) else None
    except (OSError, YAMLError, ValueError):
        return None

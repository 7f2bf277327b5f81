"""Settings that an open condition decides: a rule about what is open sees the open branch, in either order."""

from pathlib import Path

import pytest

from remit.app.facts import Facts
from remit.read import load as read
from remit.rules import load

NOTHING = "!Ref AWS::NoValue"
HEAD = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\nResources:\n"
TERRAFORM = 'variable "p" { type = bool }\n'


def found(folder: Path, rule: str, name: str, text: str) -> bool:
    """Whether a rule says anything about the first app of a folder."""
    (folder / name).write_text(text)
    reading = read(folder)
    assert not reading.failures
    return bool(list(load(rule).check(Facts(reading.apps[0], texts=reading.texts))))


#: Rule, resource with a hole, what protects, what opens.
SETTINGS = [
    ("store-not-encrypted", "T: {Type: AWS::RDS::DBInstance, Properties: {StorageEncrypted: %s}}", "true", "false"),
    ("store-not-encrypted", "T: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: %s}}", "true", "false"),
    ("no-rotation", "K: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: %s}}", "true", "false"),
    (
        "public-bucket",
        "B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead, PublicAccessBlockConfiguration: %s}}",
        "{IgnorePublicAcls: true}",
        "{IgnorePublicAcls: false}",
    ),
    (
        "public-bucket",
        (
            "B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead, "
            "PublicAccessBlockConfiguration: {IgnorePublicAcls: %s}}}"
        ),
        "true",
        "false",
    ),
    (
        "permission-to-everyone",
        (
            "F: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: 'lambda:InvokeFunction', Principal: '*', "
            "PrincipalOrgID: %s}}"
        ),
        "o-1",
        NOTHING,
    ),
    ("weak-password-policy", "U: {Type: AWS::Cognito::UserPool, Properties: {MfaConfiguration: %s}}", "'ON'", "'OFF'"),
]


@pytest.mark.parametrize(("rule", "resource", "protective", "opened"), SETTINGS)
@pytest.mark.parametrize("way", ["open", "nothing", "turned", "nothing turned"])
def test_protection_must_be_sure(
    rule: str, resource: str, protective: str, opened: str, way: str, tmp_path: Path
) -> None:
    branches = {
        "open": (protective, opened),
        "nothing": (protective, NOTHING),
        "turned": (opened, protective),
        "nothing turned": (NOTHING, protective),
    }[way]
    written = f"!If [C, {branches[0]}, {branches[1]}]"
    assert found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % written}\n")


@pytest.mark.parametrize(("rule", "resource", "protective", "opened"), SETTINGS)
def test_what_every_branch_protects_is_protected(
    rule: str, resource: str, protective: str, opened: str, tmp_path: Path
) -> None:
    assert not found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % protective}\n")
    either = f"!If [C, {protective}, {protective}]"
    assert not found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % either}\n")
    assert found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % opened}\n")


#: Rule, resource with a hole, what opens.
OPENINGS = [
    ("public-bucket", "B: {Type: AWS::S3::Bucket, Properties: {AccessControl: %s}}", "PublicRead", "Private"),
    ("public-database", "D: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: %s}}", "true", "false"),
    (
        "public-database",
        (
            "G: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: "
            "[{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: %s}]}}"
        ),
        "0.0.0.0/0",
        "10.0.0.0/8",
    ),
    (
        "plaintext-endpoint",
        "S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: t, Endpoint: e, Protocol: %s}}",
        "http",
        "https",
    ),
    (
        "cors-any-origin-with-credentials",
        "A: {Type: AWS::ApiGatewayV2::Api, Properties: {CorsConfiguration: {AllowOrigins: ['*'], AllowCredentials: %s}}}",
        "true",
        "false",
    ),
]


@pytest.mark.parametrize(("rule", "resource", "opening", "closed"), OPENINGS)
def test_what_one_branch_opens_is_open(rule: str, resource: str, opening: str, closed: str, tmp_path: Path) -> None:
    for written in (
        f"!If [C, {opening}, {closed}]",
        f"!If [C, {closed}, {opening}]",
        f"!If [C, {opening}, {NOTHING}]",
        f"!If [C, {NOTHING}, {opening}]",
    ):
        assert found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % written}\n"), written
    assert not found(tmp_path, rule, "template.yaml", f"{HEAD}  {resource % f'!If [C, {closed}, {closed}]'}\n")


BLOCK = """\
resource "aws_s3_bucket" "b" {
  bucket = "b"
  acl = "public-read"
}
resource "aws_s3_bucket_public_access_block" "p" {
  %s
  bucket = aws_s3_bucket.b.id
  ignore_public_acls = %s
}
"""


@pytest.mark.parametrize(
    ("count", "setting", "opened"),
    [
        ("", "true", False),
        ("", "var.p ? true : false", True),
        ("", "var.p ? true : null", True),
        ("", "var.p ? null : true", True),
        ("count = var.p ? 1 : 0", "true", True),
        ("count = 1", "true", False),
        ("for_each = var.p ? toset([1]) : toset([])", "true", True),
    ],
)
def test_a_public_access_block_of_terraform(count: str, setting: str, opened: bool, tmp_path: Path) -> None:
    assert found(tmp_path, "public-bucket", "main.tf", TERRAFORM + BLOCK % (count, setting)) is opened

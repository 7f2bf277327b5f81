"""Which documents have policy variables: by their version, and by what each form writes for its users."""

from pathlib import Path

import pytest

from remit.app.location import Location
from remit.app.node import Node
from remit.read import load
from remit.read.policy import grants_of

AT = Location("template.yaml", 1)
TERRAFORM = """\
data "aws_iam_policy_document" "own" {
  %s
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/&{aws:username}/*"]
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
  inline_policy {
    name   = "own"
    policy = data.aws_iam_policy_document.own.json
  }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "f.zip"
  role          = aws_iam_role.r.arn
}
"""


@pytest.mark.parametrize(
    ("version", "expected"), [("2012-10-17", True), ("2008-10-17", False), (None, False), ("2030-01-01", True)]
)
def test_the_version_of_a_document_decides(version: str | None, expected: bool) -> None:
    statement = {key: Node(text, AT) for key, text in (("Effect", "Allow"), ("Action", "s3:*"), ("Resource", "*"))}
    document = {"Statement": Node((Node(statement, AT),), AT)}
    if version:
        document["Version"] = Node(version, AT)
    (grant,) = grants_of(Node(document, AT), [])
    assert grant.variables is expected


def test_statements_without_a_document_are_of_the_new_version() -> None:
    statement = Node({"Effect": Node("Allow", AT), "Action": Node("s3:*", AT), "Resource": Node("*", AT)}, AT)
    assert grants_of(Node((statement,), AT), [])[0].variables


@pytest.mark.parametrize(("line", "expected"), [("", True), ('version = "2008-10-17"', False)])
def test_terraform_writes_the_new_version_unless_told(tmp_path: Path, line: str, expected: bool) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM % line)
    (app,) = load(tmp_path).apps
    (grant,) = [grant for role in app.roles.values() for grant in role.grants]
    assert (grant.variables, grant.resources) == (expected, ("arn:aws:s3:::b/${aws:username}/*",))

"""Roles from elsewhere are told, and leave the exit code alone."""

from pathlib import Path

import pytest

from remit.read import load
from remit.scan.roles import unknown_roles


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ("Role: 'arn:aws:iam::111111111111:role/shared'", "the role shared, which is not in this template"),
        ("Policies: ['arn:aws:iam::111111111111:policy/ours']", "ours: what it allows is not known here"),
        ("Policies: [AWSLambdaBasicExecutionRole]", ""),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said(tmp_path: Path, properties: str, why: str) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Handler: a.h, Runtime: python3.13, CodeUri: ., {properties}}}\n"
    )
    found = list(unknown_roles(load(tmp_path).apps[0]))
    assert len(found) == bool(why)
    assert all(skip.why.startswith(why) for skip in found)
    assert not any(skip.blind for skip in found)

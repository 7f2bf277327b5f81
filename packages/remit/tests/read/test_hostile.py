"""Input made to hurt: everything ends in bounded time and memory, with one clear line, and the rest is read."""

from pathlib import Path

import pytest

from remit.app.location import Location
from remit.app.model import App, Resource
from remit.app.node import Node
from remit.app.value import Ref
from remit.read import Reading, load

GOOD = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"


def write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def only_failure(root: Path) -> str:
    """The one failure of a folder in which a good template lies as well, and is read."""
    write(root, "good/template.yaml", GOOD)
    reading: Reading = load(root)
    assert [app.template for app in reading.apps if app.template.startswith("good")] == ["good/template.yaml"]
    (failure,) = reading.failures
    assert "\n" not in str(failure)
    return str(failure)


def test_a_hundred_thousand_resources(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", "Resources:\n" + "".join(f"  R{n}: {{Type: AWS::X}}\n" for n in range(100_000)))
    assert "has more than 200,000 values" in only_failure(tmp_path)


def test_aliases_of_aliases(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    write(tmp_path, "template.yaml", "\n".join([*lines, "Resources: {A: {Type: AWS::X, Properties: {P: *a11}}}"]))
    assert "once aliases are expanded" in only_failure(tmp_path)


def test_substitutions_that_double(tmp_path: Path) -> None:
    value = "x" * 1000
    for _ in range(25):
        value = f'!Sub ["${{a}}${{a}}", {{a: {value}}}]'
    write(tmp_path, "template.yaml", f"Resources: {{A: {{Type: AWS::X, Properties: {{P: {value}}}}}}}\n")
    (app,) = load(tmp_path).apps
    assert "a text that is too long" in repr(app.resources["A"].properties.get("P"))


def test_a_join_of_joins(tmp_path: Path) -> None:
    value = "[" + ", ".join(["!Ref A"] * 50) + "]"
    for _ in range(3):
        value = f"[{', '.join([f'!Join [-, {value}]'] * 8)}]"
    write(tmp_path, "template.yaml", f"Resources: {{A: {{Type: AWS::X, Properties: {{P: !Join [',', {value}]}}}}}}\n")
    (app,) = load(tmp_path).apps
    assert "a text that is too long" in repr(app.resources["A"].properties.get("P"))


def test_files_that_include_each_other(tmp_path: Path) -> None:
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: %s}}}"
    write(tmp_path, "template.yaml", f"Resources:\n  A: {{Type: AWS::X, Properties: {{P: {include % 'a.yaml'}}}}}\n")
    write(tmp_path, "a.yaml", f"P: {include % 'b.yaml'}\n")
    write(tmp_path, "b.yaml", f"P: {include % 'a.yaml'}\n")
    assert [skip.blind for skip in load(tmp_path).skips] == [True]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (GOOD.encode() + b"# \xff\n", "the byte 0xff here is not UTF-8"),
        (GOOD.encode("utf-16"), "is UTF-16"),
        (b"Resources:\n  \0", "there is a NUL byte here"),
        (b"Resources: " + b"[" * 5000, "nested more than 100 levels deep"),
    ],
)
def test_bytes_that_are_no_template(tmp_path: Path, data: bytes, why: str) -> None:
    write(tmp_path, "template.yaml", data)
    assert why in only_failure(tmp_path)


def test_a_nested_template_that_lies_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path, "outside.yaml", GOOD)
    text = "Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: link.yaml}}}\n"
    write(root, "template.yaml", text)
    (root / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    reading = load(root)
    assert set(reading.apps[0].resources) == {"N"}
    assert ("N", True) in [(skip.what, skip.blind) for skip in reading.skips]


def test_a_dockerfile_that_lies_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path, "Dockerfile", 'FROM public.ecr.aws/lambda/python:3.12\nCMD ["a.b"]\n')
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    write(root, "template.yaml", text + "    Properties: {PackageType: Image}\n    Metadata: {DockerContext: .}\n")
    (root / "Dockerfile").symlink_to(tmp_path / "Dockerfile")
    (function,) = load(root).apps[0].functions
    assert function.handler == ""


def test_a_reference_to_a_parameter_names_what_is_called_by_it() -> None:
    at = Location("t")
    table = Resource("T", "AWS::DynamoDB::Table", Node({}, at), at, Ref("TableName"))
    app = App("a", "SAM", "t", resources={"T": table})
    assert app.resource_of(Ref("TableName")) is table
    assert app.resource_of(Ref("TableName", "Arn")) is None
    assert app.resource_of(Ref("T", "Arn")) is table
    assert app.resource_of(Ref("Other")) is None

"""Finding and reading templates in folders that may hold anything."""

import os
from pathlib import Path

import pytest

from remit.app.errors import RemitError
from remit.read import load

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.12, CodeUri: src}
"""


def write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_several_apps_under_one_root(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", TEMPLATE)
    write(tmp_path, "orders/template.yml", TEMPLATE)
    write(tmp_path, "billing/stack.json", '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}')
    write(tmp_path, "docker-compose.yaml", "services: {a: {image: b}}\n")
    write(tmp_path, "package.json", "{}")
    for folder in ("node_modules", ".aws-sam/build", "cdk.out", ".venv"):
        write(tmp_path, f"{folder}/template.yaml", TEMPLATE)
    reading = load(tmp_path)
    assert [(app.template, app.name, app.form) for app in reading.apps] == [
        ("template.yaml", tmp_path.name, "SAM"),
        ("billing/stack.json", "stack", "CloudFormation"),
        ("orders/template.yml", "orders", "SAM"),
    ]
    assert [function.code for app in reading.apps for function in app.functions] == ["src", "orders/src"]
    assert set(reading.texts) == {"template.yaml", "orders/template.yml", "billing/stack.json"}
    assert not reading.failures


def test_one_template_file(tmp_path: Path) -> None:
    write(tmp_path, "x/template.yaml", TEMPLATE)
    reading = load(tmp_path / "x" / "template.yaml")
    assert reading.root == tmp_path / "x"
    assert [app.template for app in reading.apps] == ["template.yaml"]


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(RemitError, match="no such file or folder"):
        load(tmp_path / "missing")


def test_an_empty_folder_is_an_empty_reading(tmp_path: Path) -> None:
    reading = load(tmp_path)
    assert (reading.apps, reading.failures) == ((), ())


def test_what_is_broken_fails_alone(tmp_path: Path) -> None:
    write(tmp_path, "good/template.yaml", TEMPLATE)
    write(tmp_path, "tab/template.yaml", TEMPLATE + "\tX: 1\n")
    write(tmp_path, "latin/template.yaml", TEMPLATE.encode() + b"# caf\xe9\n")
    write(tmp_path, "huge/template.yaml", TEMPLATE + "# " + "x" * 5_000_000)
    write(tmp_path, "binary/template.yaml", b"\x00\x01\x02")
    write(tmp_path, "bomb/template.yaml", TEMPLATE + "A: &a [x]\nB: [" + "*a, " * 250_000 + "]\n")
    reading = load(tmp_path)
    assert [app.template for app in reading.apps] == ["good/template.yaml"]
    assert [str(failure) for failure in reading.failures] == [
        "binary/template.yaml:1:1: there is a NUL byte here; this is not a text file",
        "bomb/template.yaml:7:399965: has more than 200,000 values here once aliases are expanded; nothing more was read",
        "huge/template.yaml: is 5.0 MB large; a template has at most 1 MB, and 4 MB are read here",
        "latin/template.yaml:6:6: the byte 0xe9 here is not UTF-8; save the file as UTF-8",
        "tab/template.yaml:6:1: a tab is used as indentation here; YAML wants spaces",
    ]


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("Resources: [Type: AWS::X]\n", 'template.yaml:1:1: "Resources" is not a mapping of names to resources here'),
        ("Resources:\n  A: {Type: AWS::X}\n  B: 1\n", 'template.yaml:3:3: "B" has no "Type"; it is not a resource'),
        (
            "Resources:\n  A: {Type: AWS::X, Properties: [1]}\n",
            'template.yaml:2:21: "Properties" of A is not a mapping here; A was not examined',
        ),
        (
            "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        - x\n",
            'template.yaml:5:7: "Events" is a list here; SAM wants a mapping of names to events',
        ),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(tmp_path: Path, text: str, failure: str) -> None:
    write(tmp_path, "template.yaml", text)
    assert [str(item) for item in load(tmp_path).failures] == [failure]


def test_links_loop_lead_out_and_end(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, "app/template.yaml", TEMPLATE)
    write(tmp_path, "outside/template.yaml", TEMPLATE)
    (root / "app" / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    reading = load(root)
    assert [app.template for app in reading.apps] == ["app/template.yaml"]
    assert [(skip.what, skip.why) for skip in reading.skips] == [("out", "a link that leads out of this folder")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are named elsewhere")
def test_a_pipe_named_like_a_template_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "template.yaml")
    for root in (tmp_path, tmp_path / "template.yaml"):
        reading = load(root)
        assert reading.apps == ()
        assert [str(item) for item in reading.failures] == ["template.yaml: cannot be read: not a regular file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_template_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", TEMPLATE)
    (tmp_path / "template.yaml").chmod(0)
    assert [item.why for item in load(tmp_path).failures] == ["cannot be read: Permission denied"]


def test_an_included_definition_is_read_in_its_own_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        "template.yaml",
        """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.12}}
  A:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}
""",
    )
    write(
        tmp_path,
        "api.yaml",
        "paths:\n  /x:\n    get:\n      x-amazon-apigateway-integration: {uri: !Sub 'arn:x:${F.Arn}'}\n",
    )
    reading = load(tmp_path)
    (trigger,) = reading.apps[0].triggers
    assert (trigger.name, str(trigger.location)) == ("GET /x", "api.yaml:3")
    assert "api.yaml" in reading.texts


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}}"
    write(tmp_path, "template.yaml", f"Resources:\n  A: {{Type: AWS::X, Properties: {{P: {include}}}}}\n")
    write(tmp_path, "more.yaml", f"P: {include}\n")
    reading = load(tmp_path)
    assert [skip.blind for skip in reading.skips] == [True]


def test_what_sam_would_expand_and_we_do_not_is_a_blind_spot(tmp_path: Path) -> None:
    write(
        tmp_path, "template.yaml", TEMPLATE + "  N: {Type: AWS::Serverless::Application, Properties: {Location: x}}\n"
    )
    assert [(skip.what, skip.blind) for skip in load(tmp_path).skips] == [("N", True)]

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.model import App
from remit.app.value import Unknown, Value, is_known
from remit.read import Reading, load
from remit.read.serverless.syntax import Tangled, Variable, parts

HEAD = "service: shop\nprovider:\n  name: aws\n  runtime: python3.12\n  region: eu-west-1\n"


def value(app: App, name: str = "X") -> Value:
    return app.functions[0].environment[name].plain()


def of(expression: str, custom: str = "  none: 1") -> str:
    return f"{HEAD}custom:\n{custom}\nfunctions:\n  f:\n    handler: a.b\n    environment:\n      X: {expression}\n"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("${self:service}-x", "shop-x"),
        ("${self:custom.a.b}", "deep"),
        ("${self:custom.list.1}", "two"),
        ("${self:custom.absent, 'fallback'}", "fallback"),
        ("${self:custom.absent, self:custom.a.b}", "deep"),
        ("${self:custom.absent, ${self:custom.a.b}}", "deep"),
        ("${self:custom.${self:custom.which}.b}", "deep"),
        ("${sls:stage}", "{stage}"),
        ("${opt:stage, 'prod'}", "{stage}"),
        ("${self:provider.stage}", "{stage}"),
        ("${self:custom.byStage.${sls:stage}}", "of dev"),
        ("${opt:region}", "{AWS::Region}"),
        ("${self:provider.region}", "{AWS::Region}"),
        ("${aws:region}/${aws:accountId}", "{AWS::Region}/{AWS::AccountId}"),
        ("${env:NAME, 'x'}-y", "{env:NAME}-y"),
        ("${param:name}", "{param:name}"),
        ("${ssm:/a/b}", "{?}"),
        ("${cf:other.Output}", "{?}"),
        ("${strToBool('true')}", "True"),
        ("'\\${self:service}'", "${self:service}"),
        ("'${AWS::Region}'", "${AWS::Region}"),
        ("!Sub '${self:service}-${AWS::Region}-${T.Arn}-${sls:stage}'", "shop-{AWS::Region}-{T.Arn}-{stage}"),
        ("{'Fn::Join': ['-', ['${sls:stage}', !Ref T]]}", "{stage}-{T}"),
        ("${self:custom.ref}", "{T.Arn}"),
    ],
)
def test_what_a_variable_means(service: Callable[..., App], expression: str, shown: str) -> None:
    custom = "  a: {b: deep}\n  which: a\n  list: [one, two]\n  byStage: {dev: of dev}\n  ref: !GetAtt T.Arn"
    assert str(value(service(of(expression, custom)))) == shown


def test_unknown_values_say_why(service: Callable[..., App]) -> None:
    assert value(service(of("${ssm:/a/b}"))) == Unknown("the SSM parameter /a/b")


def test_the_default_of_a_stage_selects(service: Callable[..., App]) -> None:
    text = of("${self:custom.${opt:stage, self:provider.stage}}", "  prod: of prod\n  dev: of dev")
    app = service(text.replace("name: aws", "name: aws\n  stage: ${opt:stage, 'prod'}"))
    assert value(app) == "of prod"
    assert app.parameters["stage"].value == "prod"


def test_two_defaults_for_one_variable_are_none(service: Callable[..., App]) -> None:
    app = service(of("${env:A, 'x'}${env:A, 'y'}"))
    assert isinstance(app.parameters["env:A"].value, Unknown)


def test_files_are_parts_and_keep_their_places(service: Callable[..., App]) -> None:
    app = service(
        HEAD + "functions: ${file(fn.yml):all}\nresources:\n  - ${file(res/t.yml)}\n",
        fn_yml="all:\n  f:\n    handler: a.b\n    environment:\n      T: ${self:custom.none, 'orders'}\n",
        res__t_yml="Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: orders}\n",
    )
    (function,) = app.functions
    assert str(function.location) == "fn.yml:2"
    assert str(function.environment["T"].location) == "fn.yml:5"
    assert str(app.resources["Orders"].location) == "res/t.yml:2"
    assert app.resource_of(value(app, "T")) == app.resources["Orders"]


def test_json_files_and_file_names_with_variables(service: Callable[..., App]) -> None:
    assert value(service(of("${file(c.${sls:stage}.json):a.b}"), **{"c.dev_json": '{"a": {"b": "c"}}'})) == "c"


def test_a_program_is_not_run(service: Callable[..., App]) -> None:
    assert value(service(of("${file(c.js):a}"))) == Unknown("what c.js computes")


@pytest.mark.parametrize(
    ("custom", "why"),
    [
        ("  a: ${self:custom.b}\n  b: ${self:custom.a}", "serverless.yml:7:6: this variable leads back to itself"),
        ("  a: ${self:custom}", "serverless.yml:7:3: this variable leads back to itself"),
        ("  a: ${file(../out.yml)}", "the file ../out.yml lies outside the examined folder"),
        ("  a: ${file(/etc/hostname)}", "the file /etc/hostname lies outside the examined folder"),
        ("  a: ${file(bad.yml)}", "bad.yml:2:1: a bracket or brace above is not closed"),
    ],
)
def test_bad_references_fail_alone(read: Callable[..., Reading], custom: str, why: str) -> None:
    reading = read(of("${self:custom.a}", custom), bad_yml="a: [1\n")
    assert any(why in str(failure) for failure in reading.failures), [str(item) for item in reading.failures]
    assert isinstance(value(reading.apps[0]), Unknown)


def test_a_long_chain_and_a_bomb_end(read: Callable[..., Reading]) -> None:
    chain = "\n".join(f"  k{i}: ${{self:custom.k{i + 1}}}" for i in range(1000))
    reading = read(of("${self:custom.k0}", chain + "\n  k1000: x"))
    assert [failure.why for failure in reading.failures] == [
        "variables lead to variables too often; nothing deeper was read"
    ]
    bomb = "\n".join(f'  k{i}: "${{self:custom.k{i + 1}}}${{self:custom.k{i + 1}}}"' for i in range(40))
    whole = value(read(of("${self:custom.k0}", bomb + "\n  k40: abc")).apps[0])
    assert len(str(whole)) < 10_000
    assert not is_known(whole)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("a: leaked\n")
    root = tmp_path / "app"
    root.mkdir()
    (root / "in.yml").symlink_to(tmp_path / "secret.yml")
    (root / "serverless.yml").write_text(of("${file(in.yml):a}"))
    reading = load(root)
    assert isinstance(value(reading.apps[0]), Unknown)
    assert any("outside" in failure.why for failure in reading.failures)


@given(st.text(alphabet="${}:,()'\"\\ ab.self", max_size=60))
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        pieces = parts(text)
    except Tangled:
        return
    if not any(isinstance(piece, Variable) for piece in pieces):
        assert "".join(map(str, pieces)) == text.replace("\\${", "${")

"""Exports of one template in another one of the same folder."""

from pathlib import Path

import pytest

from remit.app.value import Ref, Unknown
from remit.read import load

EXPORTER = """\
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Stage}-orders", KmsKey: !Ref Key}}
  Key: {Type: AWS::KMS::Key}
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.12, Code: src}
Outputs:
  Table: {Value: !Ref Orders, Export: {Name: !Sub "${AWS::StackName}-orders"}}
  Fn: {Value: !GetAtt Worker.Arn, Export: {Name: worker-arn}}
"""
IMPORTER = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Stack: {Type: String}}
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      Environment:
        Variables:
          TABLE: {Fn::ImportValue: !Sub "${Stack}-orders"}
          GONE: {Fn::ImportValue: nobody-exports-this}
  Timer:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 hour)
      Targets: [{Arn: {Fn::ImportValue: worker-arn}, Id: x}]
"""


def write(root: Path, name: str, content: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_the_resource_itself_crosses_the_border(tmp_path: Path) -> None:
    write(tmp_path, "data/store.yaml", EXPORTER)
    write(tmp_path, "api/template.yaml", IMPORTER)
    reading = load(tmp_path)
    assert not reading.failures
    api, store = reading.apps
    (read,) = api.functions
    assert read.environment["TABLE"].plain() == Ref("StoreOrders")
    table = api.resources["StoreOrders"]
    assert (table.type, str(table.name), table.location.file) == (
        "AWS::DynamoDB::Table",
        "{Stage}-orders",
        "data/store.yaml",
    )
    assert api.resources["Key"].type == "AWS::KMS::Key"
    assert isinstance(read.environment["GONE"].value, Unknown)
    assert [function.id for function in store.functions] == ["Worker"]


def test_a_trigger_belongs_to_the_app_of_its_function(tmp_path: Path) -> None:
    write(tmp_path, "data/store.yaml", EXPORTER)
    write(tmp_path, "api/template.yaml", IMPORTER)
    api, store = load(tmp_path).apps
    assert {trigger.function for trigger in api.triggers} == {"Read"}
    assert [(trigger.name, trigger.location.file) for trigger in store.triggers_of("Worker")] == [
        ("schedule rate(1 hour)", "api/template.yaml")
    ]


@pytest.mark.parametrize("name", ["x", "${A}${B}", "${A}-orders"])
def test_what_several_may_export_is_not_guessed(tmp_path: Path, name: str) -> None:
    export = 'Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !Ref Q, Export: {Name: !Sub "%s"}}}\n'
    write(tmp_path, "a.yaml", export % name)
    write(tmp_path, "b.yaml", export % name)
    asks = 'Resources: {F: {Type: AWS::X, Properties: {V: {Fn::ImportValue: !Sub "NAME"}}}}\n'
    write(tmp_path, "c.yaml", asks.replace("NAME", name.replace("A", "C")))
    last = load(tmp_path).apps[-1]
    assert isinstance(last.resources["F"].properties.get("V"), Unknown)


def test_templates_that_import_from_each_other_end(tmp_path: Path) -> None:
    text = """\
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {D: {Fn::ImportValue: %s}}}}
Outputs: {O: {Value: !Ref Q, Export: {Name: %s}}}
"""
    write(tmp_path, "a.yaml", text % ("from-b", "from-a"))
    write(tmp_path, "b.yaml", text % ("from-a", "from-b"))
    one, two = load(tmp_path).apps
    assert one.resources["Q"].properties.get("D") == Ref("BQ")
    assert two.resources["Q"].properties.get("D") == Ref("AQ")

"""What conditions leave open: resources that defaults switch off, and one role or another."""

from pathlib import Path

import pytest

from remit.read import load


def test_a_resource_that_defaults_switch_off_is_examined_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Parameters: {Debug: {Type: String, Default: 'false'}, Stage: {Type: String}}\n"
        "Conditions:\n"
        "  IsDebug: !Equals [!Ref Debug, 'true']\n"
        "  IsProd: !Equals [!Ref Stage, prod]\n"
        "Resources:\n"
        "  Traces: {Type: AWS::SQS::Queue, Condition: IsDebug}\n"
        "  Audit: {Type: AWS::SQS::Queue, Condition: IsProd}\n"
    )
    reading = load(tmp_path)
    (app,) = reading.apps
    assert list(app.resources) == ["Traces", "Audit"]
    assert [(skip.what, skip.why, skip.blind) for skip in reading.skips] == [
        ("Traces", "off by default: the condition IsDebug does not hold; examined as if it did", False)
    ]


ROLES = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}, Given: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  One: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, Policies: [{PolicyName: a, PolicyDocument: {Statement: [
    {Effect: Allow, Action: "s3:GetObject", Resource: "*"}, {Effect: Deny, Action: "sqs:*", Resource: "*"}]}}]}}
  Two: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, Policies: [{PolicyName: a, PolicyDocument: {Statement: [
    {Effect: Allow, Action: "sqs:SendMessage", Resource: "*"}]}}]}}
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.h, CodeUri: ., Role: %s, Policies: [{SNSCrudPolicy: {TopicName: t}}]}
"""


@pytest.mark.parametrize(
    ("role", "allowed", "opaque"),
    [
        ("!If [IsProd, !GetAtt One.Arn, !GetAtt Two.Arn]", {"s3", "sqs"}, []),
        ("!If [IsProd, !GetAtt One.Arn, !Ref AWS::NoValue]", {"s3", "logs", "sns"}, []),
        ("!If [IsProd, !GetAtt One.Arn, !Ref Given]", {"s3"}, ["the role Given, which is not in this template"]),
        ("!GetAtt Two.Arn", {"sqs"}, []),
    ],
)
def test_one_role_or_another_may_do_what_either_may(
    role: str, allowed: set[str], opaque: list[str], tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(ROLES % role)
    (app,) = load(tmp_path).apps
    found = app.role_of(app.functions[0])
    assert found is not None
    assert found.functions == ("F",)
    services = {
        action.partition(":")[0] for grant in found.grants if grant.effect == "Allow" for action in grant.actions
    }
    assert services == allowed
    assert [name for name, _ in found.opaque] == opaque
    assert not [grant for grant in found.grants if grant.effect == "Deny"]

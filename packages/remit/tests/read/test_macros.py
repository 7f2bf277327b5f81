"""What is not run here is said by name; who may call a function URL that IAM checks."""

from pathlib import Path

import pytest

from remit.app.model import Sender
from remit.read import load

FUNCTION = """  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: .
"""


@pytest.mark.parametrize(
    ("text", "what", "blind"),
    [
        (f"Transform: [AWS::Serverless-2016-10-31, Ours]\nResources:\n{FUNCTION}", "Ours", True),
        (f"Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources:\n{FUNCTION}", "", False),
        (f"Transform: [AWS::Serverless-2016-10-31, AWS::SecretsManager-2020-07-23]\nResources:\n{FUNCTION}",
         "AWS::SecretsManager-2020-07-23", False),
        (f"Transform: AWS::Serverless-2016-10-31\nResources:\n{FUNCTION}      'Fn::Transform': {{Name: Ours}}\n",
         "template.yaml:9", True),
        (f"Transform: AWS::Serverless-2016-10-31\nResources:\n{FUNCTION}  M: {{Type: 'Org::Some::Thing::MODULE'}}\n", "M", True),
    ],
)  # fmt: skip
def test_macros_and_modules_are_named(tmp_path: Path, text: str, what: str, blind: bool) -> None:
    (tmp_path / "template.yaml").write_text(text)
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    skips = [skip for skip in load(tmp_path).skips if skip.what]
    assert [(skip.what, skip.blind) for skip in skips] == ([(what, blind)] if what else [])


@pytest.mark.parametrize(
    ("permission", "sender"),
    [
        ("Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: AWS_IAM", Sender.OTHER_ACCOUNT),
        ("Principal: '222222222222', Action: 'lambda:InvokeFunctionUrl'", Sender.OTHER_ACCOUNT),
        ("Principal: '*', Action: 'lambda:InvokeFunctionUrl', PrincipalOrgID: o-1", Sender.ACCOUNT),
        ("Principal: !Ref AWS::AccountId, Action: 'lambda:InvokeFunctionUrl'", Sender.ACCOUNT),
    ],
)
def test_who_may_call_a_url_that_iam_checks(tmp_path: Path, permission: str, sender: Sender) -> None:
    text = (
        f"Transform: AWS::Serverless-2016-10-31\nResources:\n{FUNCTION}      FunctionUrlConfig: {{AuthType: AWS_IAM}}\n"
        f"  P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref F, {permission}}}}}\n"
    )
    (tmp_path / "template.yaml").write_text(text)
    triggers = load(tmp_path).apps[0].triggers
    assert next(trigger.sender for trigger in triggers if trigger.source == "function-url") is sender

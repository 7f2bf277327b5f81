"""Resource policies of APIs: what they leave of each route; and policies for what is not in the template."""

from collections.abc import Callable
from pathlib import Path

import pytest

from remit.app.model import App, Sender
from remit.read import load

SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
"""


def read(folder: Path, text: str) -> App:
    (folder / "template.yaml").write_text(text)
    reading = load(folder)
    assert not reading.failures
    return reading.apps[0]


def senders(app: App) -> dict[str, Sender]:
    return {trigger.name: trigger.sender for trigger in app.triggers}


@pytest.fixture
def routes(tmp_path: Path) -> Callable[[str], dict[str, Sender]]:
    def found(policy: str) -> dict[str, Sender]:
        api = f"  Api:\n    Type: AWS::Serverless::Api\n    Properties: {{StageName: p, Auth: {{ResourcePolicy: {policy}}}}}\n"
        events = "".join(
            f"        {name}: {{Type: Api, Properties: {{Path: {path}, Method: {method}, RestApiId: !Ref Api}}}}\n"
            for name, method, path in (("A", "POST", "/orders"), ("B", "POST", "/admin"), ("C", "GET", "'/items/{id}'"))
        )
        return senders(read(tmp_path, SAM + api + FUNCTION + events))

    return found


ALL = "{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}"


def deny(resource: str, condition: str) -> str:
    return f"{{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '{resource}', Condition: {condition}}}"


OFFICE = "{NotIpAddress: {'aws:SourceIp': ['192.0.2.0/24']}}"


def test_a_deny_narrows_the_routes_that_it_names(routes: Callable[[str], dict[str, Sender]]) -> None:
    found = routes(f"{{CustomStatements: [{ALL}, {deny('execute-api:/*/*/admin', OFFICE)}]}}")
    assert found == {"POST /orders": Sender.ANYONE, "POST /admin": Sender.ACCOUNT, "GET /items/{id}": Sender.ANYONE}


def test_a_deny_of_some_of_a_routes_calls_leaves_it_open(routes: Callable[[str], dict[str, Sender]]) -> None:
    found = routes(f"{{CustomStatements: [{ALL}, {deny('execute-api:/*/GET/items/5', OFFICE)}]}}")
    assert set(found.values()) == {Sender.ANYONE}


@pytest.mark.parametrize(
    "condition",
    [
        "{StringNotLike: {'aws:Referer': 'https://shop.example/*'}}",
        "{NotIpAddress: {'aws:SourceIp': '0.0.0.0/0'}}",
        "{Bool: {'aws:SecureTransport': 'false'}}",
    ],
)
def test_a_deny_that_strangers_escape(routes: Callable[[str], dict[str, Sender]], condition: str) -> None:
    found = routes(f"{{CustomStatements: [{ALL}, {deny('execute-api:/*', condition)}]}}")
    assert set(found.values()) == {Sender.ANYONE}


def test_a_deny_of_everything_for_everybody_else(routes: Callable[[str], dict[str, Sender]]) -> None:
    found = routes(f"{{CustomStatements: [{ALL}, {deny('execute-api:/*', OFFICE)}]}}")
    assert set(found.values()) == {Sender.ACCOUNT}


@pytest.mark.parametrize(
    ("policy", "sender"),
    [
        ("{IpRangeWhitelist: ['192.0.2.0/24']}", Sender.ACCOUNT),
        ("{IpRangeWhitelist: ['0.0.0.0/0']}", Sender.ANYONE),
        ("{IpRangeBlacklist: ['192.0.2.0/24']}", Sender.ANYONE),
        ("{AwsAccountWhitelist: ['123456789012']}", Sender.OTHER_ACCOUNT),
        ("{AwsAccountBlacklist: ['123456789012']}", Sender.ANYONE),
        (
            "{CustomStatements: [{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}",
            Sender.ACCOUNT,
        ),
        ("{AwsAccountWhitelist: [!Ref AWS::AccountId]}", Sender.ACCOUNT),
    ],
)
def test_lists_of_sam(routes: Callable[[str], dict[str, Sender]], policy: str, sender: Sender) -> None:
    assert set(routes(policy).values()) == {sender}


def test_policies_of_what_is_not_in_the_template(tmp_path: Path) -> None:
    text = """
  QP:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: ['https://sqs.eu-west-1.amazonaws.com/111111111111/jobs']
      PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}]}
"""
    events = (
        "        E1: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:eu-west-1:111111111111:jobs'}}\n"
        "        E2: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:eu-west-1:111111111111:others'}}\n"
    )
    found = senders(read(tmp_path, SAM + text + FUNCTION + events))
    assert found == {"messages of jobs": Sender.ANYONE, "messages of others": Sender.ACCOUNT}

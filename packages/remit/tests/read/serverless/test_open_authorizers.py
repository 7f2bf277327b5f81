"""An authorizer that may be nothing checks nobody: what is only given at deployment protects nothing yet."""

from pathlib import Path

import pytest

from remit.app.model import Sender
from remit.read import load


@pytest.mark.parametrize(
    ("event", "sender"),
    [
        ("http: {path: a, method: post, authorizer: '${opt:az, null}'}", Sender.ANYONE),
        ("http: {path: a, method: post, authorizer: '${self:custom.none, null}'}", Sender.ANYONE),
        ("http: {path: a, method: post, authorizer: {type: '${env:AUTH}'}}", Sender.ANYONE),
        ("httpApi: {path: /a, method: post, authorizer: '${param:az, null}'}", Sender.ANYONE),
        ("httpApi: {path: /a, method: post, authorizer: {id: abc, type: jwt}}", Sender.AUTHENTICATED),
        ("http: {path: a, method: post, authorizer: check}", Sender.AUTHENTICATED),
        ("http: {path: a, method: post, authorizer: '${opt:az, \"aws_iam\"}'}", Sender.ACCOUNT),
    ],
)
def test_who_can_call(tmp_path: Path, event: str, sender: Sender) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n"
        f"  check: {{handler: app.check}}\n  f: {{handler: app.handler, events: [{{{event}}}]}}\n"
    )
    app = load(tmp_path).apps[0]
    assert [trigger.sender for trigger in app.triggers if "/a" in trigger.name] == [sender]

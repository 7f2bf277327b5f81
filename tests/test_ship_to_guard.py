"""A build from end to end: locked, built, signed, verified, run; then one byte is changed."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from remit.local.runtime_api import LocalFunction
from remit.local.spec import FunctionSpec

pytestmark = pytest.mark.e2e

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.12
      Events:
        Get: {Type: HttpApi, Properties: {Path: /hello, Method: get}}
"""
CODE = """\
import greeting

def handler(event, context):
    return {"statusCode": 200, "body": greeting.TEXT}
"""


def remit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "remit", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    (root / "src").mkdir(parents=True)
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "src/app.py").write_text(CODE)
    (root / "src/greeting.py").write_text('TEXT = "hello"\n')
    return root


def unpack(build: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    with zipfile.ZipFile(build / "Hello.zip") as archive:
        archive.extractall(target)
    return target


def run(code: Path, **environment: str) -> tuple[object, list[dict[str, object]]]:
    spec = FunctionSpec(
        "Hello",
        "remit_guard.platforms.aws.handler",
        code,
        {"REMIT_HANDLER": "app.handler", **environment},
        timeout=10,
    )
    event = {"version": "2.0", "rawPath": "/hello", "requestContext": {"http": {"method": "GET", "path": "/hello"}}}
    with LocalFunction(spec) as function:
        done = function.invoke(event)
    signals = [json.loads(line) for line in done.logs if line.startswith('{"class_uid":2004')]
    return done.payload, signals


def test_only_what_was_approved_runs(app: Path, tmp_path: Path) -> None:
    assert remit("ship", "keygen", cwd=app).returncode == 0

    unlocked = remit("ship", "build", "--key", "remit.key", cwd=app)
    assert unlocked.returncode == 2
    assert "write and review it first: remit lock" in unlocked.stderr

    assert remit("lock", cwd=app).returncode == 0
    built = remit("ship", "build", "--key", "remit.key", cwd=app)
    assert built.returncode == 0, built.stderr
    again = remit("ship", "build", "--key", "remit.key", "-o", "build/again", cwd=app)
    assert again.stdout.split()[0] == built.stdout.split()[0]

    verified = remit("ship", "verify", "--key", "remit.key.pub", "--template", "template.yaml", cwd=app)
    assert (verified.returncode, verified.stdout) == (0, "verified: 1 function is what was built and signed\n")
    assert verified.stderr == "Hello: nothing starts the remit-guard in its zip\n"

    code = unpack(app / "build/ship", tmp_path / "task")
    answer, signals = run(code)
    assert answer == {"statusCode": 200, "body": "hello"}
    assert signals == []

    # One byte, in the zip ...
    path = app / "build/ship/Hello.zip"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused = remit("ship", "verify", "--key", "remit.key.pub", cwd=app)
    assert refused.returncode == 1
    assert "Hello.zip: is not the zip that was signed" in refused.stdout

    # ... and in what runs.
    (code / "greeting.py").write_text('TEXT = "Hello"\n')
    answer, signals = run(code)
    assert [(signal["rule"], signal["verdict"]) for signal in signals] == [("code-changed", "alert")]
    assert "greeting.py" in json.dumps(signals[0])
    assert answer == {"statusCode": 200, "body": "Hello"}

    answer, signals = run(code, REMIT_MODE="block")
    assert [(signal["rule"], signal["verdict"]) for signal in signals][:1] == [("code-changed", "block")]
    assert answer != {"statusCode": 200, "body": "Hello"}


def test_what_lies_in_the_artifacts_is_compared_with_the_lock_too(app: Path) -> None:
    remit("ship", "keygen", cwd=app)
    remit("lock", cwd=app)
    made = app / ".aws-sam/build/Hello"
    shutil.copytree(app / "src", made)
    build = ("ship", "build", "--key", "remit.key", "--artifacts", ".aws-sam/build")
    assert remit(*build, cwd=app).returncode == 0
    with (made / "greeting.py").open("a") as file:
        file.write("import subprocess\nsubprocess.run(['curl', 'https://collector.example'])\n")
    refused = remit(*build, cwd=app)
    assert refused.returncode == 4
    assert "Hello + runs curl" in refused.stderr


def test_new_needs_are_not_built_under_an_old_lock(app: Path) -> None:
    remit("ship", "keygen", cwd=app)
    remit("lock", cwd=app)
    (app / "src/app.py").write_text(
        "import boto3\ns3 = boto3.client('s3')\n\ndef handler(event, context):\n    s3.list_buckets()\n"
    )
    stale = remit("ship", "build", "--key", "remit.key", cwd=app)
    assert stale.returncode == 4
    assert "Hello + calls s3:ListAllMyBuckets" in stale.stderr
    assert "src/app.py:5" in stale.stderr

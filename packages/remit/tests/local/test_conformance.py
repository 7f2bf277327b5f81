"""Our Runtime API beside AWS's own emulator: the same function must come to the same ends.

The emulator is a file inside the aws-sam-cli wheel; ``REMIT_RIE`` may name it. Without it these tests are skipped.
"""

import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from remit.local.runtime_api import FunctionSpec, LocalFunction

APP = """
import os, sys, time
def handler(event, context):
    what = event.get("do")
    if what == "raise":
        raise ValueError("no")
    if what == "exit":
        sys.exit(3)
    if what == "leave":
        os._exit(0)
    if what == "sleep":
        time.sleep(60)
    if what == "context":
        return [context.function_name, context.memory_limit_in_mb, context.function_version, os.environ["_HANDLER"],
                os.environ["LAMBDA_TASK_ROOT"] == os.getcwd(), context.get_remaining_time_in_millis() <= 2000]
    return event
"""


def emulator() -> Path | None:
    """The emulator's binary, where it can be had."""
    named = os.environ.get("REMIT_RIE")
    if named:
        return Path(named)
    found = find_spec("samcli")
    if found is None or found.origin is None:
        return None
    arch = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
    return Path(found.origin).parent / "local" / "rapid" / f"aws-lambda-rie-{arch}"


RIE = emulator()
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(RIE is None or not RIE.exists(), reason="AWS's emulator is not here (pip install aws-sam-cli)"),
]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "broken.py").write_text("import nothing_of_that_name\n")
    return tmp_path


@contextlib.contextmanager
def theirs(code: Path, handler: str) -> Iterator[str]:
    ports = [_free_port(), _free_port()]
    environment = {
        "PATH": os.environ["PATH"],
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_LAMBDA_FUNCTION_NAME": "fn",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "2",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "_HANDLER": handler,
    }
    argv = [
        str(RIE), "--runtime-interface-emulator-address", f"127.0.0.1:{ports[0]}",
        "--runtime-api-address", f"127.0.0.1:{ports[1]}", sys.executable, "-m", "awslambdaric", handler,
    ]  # fmt: skip
    with subprocess.Popen(argv, cwd=code, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as rie:
        try:
            _wait_for(ports[0])
            yield f"http://127.0.0.1:{ports[0]}/2015-03-31/functions/function/invocations"
        finally:
            rie.kill()


def ask(url: str, event: object) -> object:
    request = urllib.request.Request(url, json.dumps(event).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read().decode()
    except urllib.error.HTTPError as refused:
        text = refused.read().decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize(
    "event", [{"a": ["ü", 1, None]}, {"do": "context"}, {"do": "raise"}, {"do": "exit"}, {"do": "leave"}]
)
def test_an_invocation_ends_as_under_awss_own_emulator(code: Path, event: dict[str, object]) -> None:
    with theirs(code, "app.handler") as url:
        expected = ask(url, event)
    with LocalFunction(FunctionSpec("fn", "app.handler", code, timeout=2, init_timeout=30)) as ours:
        result = ours.invoke(event)
    if result.error is None:
        assert result.payload == expected
        return
    assert isinstance(expected, dict)
    assert result.error.type == expected["errorType"]
    assert _without_id(result.error.message) == _without_id(expected["errorMessage"])


def test_a_timeout_reads_as_under_awss_own_emulator(code: Path) -> None:
    with theirs(code, "app.handler") as url:
        expected = str(ask(url, {"do": "sleep"}))
    with LocalFunction(FunctionSpec("fn", "app.handler", code, timeout=2, init_timeout=30)) as ours:
        error = ours.invoke({"do": "sleep"}).error
    assert error is not None
    assert error.message.partition("Error: ")[2] in expected


def test_an_init_error_has_the_same_type_as_under_awss_own_emulator(code: Path) -> None:
    with theirs(code, "broken.handler") as url:
        expected = ask(url, {})
    with LocalFunction(FunctionSpec("fn", "broken.handler", code, timeout=2, init_timeout=30)) as ours:
        error = ours.invoke({}).error
    assert error is not None
    assert isinstance(expected, dict)
    assert error.type == expected["errorType"]
    assert error.message == expected["errorMessage"]


def _without_id(message: str) -> str:
    return message.partition("Error: ")[2] or message


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)

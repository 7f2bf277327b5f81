"""Managed Instances' forked workers and SnapStart's restore, with the real runtime client against a small Runtime API.

Also AWS's own emulator, where its binary is (``REMIT_RIE``, or the aws-sam-cli package).
"""

import json
import os
import platform
import queue
import random
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import remit_guard
from remit_guard.core.policy import Policy
from remit_guard.hooks import imports
from remit_guard.platforms import snapstart, start
from remit_guard.signals.emit import Emitter
from remit_guard.testing.events import http_api

PACKAGE = Path(remit_guard.__file__).parent
ATTACK = "x' or '1'='1"
APP = textwrap.dedent(
    """
    import json, os, random, sqlite3, sys, time

    def handler(event, context):
        told = json.loads(event["body"])
        time.sleep(told.get("sleep", 0))
        # A constant of the function's own, which another request's sender happens to send.
        query = "select 'x' or '1'='1'" if told.get("own") else f"select '{told['name']}'"
        sqlite3.connect(":memory:").execute(query).fetchall()
        return {"statusCode": 200, "body": json.dumps([os.getpid(), random.random()])}
    """
)


class Api(ThreadingHTTPServer):
    """As much of the Runtime API as several clients need: next, response, error, restore."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.results: dict[str, Any] = {}
        self.changed = threading.Condition()
        self.restored = threading.Event()

    def send(self, name: str, event: object) -> None:
        self.events.put((name, json.dumps(event).encode()))

    def result(self, name: str) -> Any:
        with self.changed:
            assert self.changed.wait_for(lambda: name in self.results, 30), (name, self.results)
            return self.results[name]


class Handler(BaseHTTPRequestHandler):
    server: Api
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/restore/next"):
            self.server.restored.set()
            return self.answer(200)
        while True:
            try:
                name, body = self.server.events.get(timeout=0.2)
                break
            except queue.Empty:
                if self.server._BaseServer__shutdown_request:  # type: ignore[attr-defined]
                    self.close_connection = True
                    return None
        deadline = str(int(time.time() * 1000) + 20_000)
        headers = {
            "Content-Type": "application/json",  # without one, the native client crashes
            "Lambda-Runtime-Aws-Request-Id": name,
            "Lambda-Runtime-Deadline-Ms": deadline,
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:000000000000:function:fn",
            "Lambda-Runtime-Trace-Id": "Root=1-6b02bfee-84054fdaaf91884cd017eaf4;Parent=a81787b3258e739a;Sampled=0",
        }
        return self.answer(200, body, headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        with self.server.changed:
            self.server.results[self.path.split("/")[-2]] = json.loads(body or b"null")
            self.server.changed.notify_all()
        self.answer(202)

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def client(folder: Path, app: str = APP, **environment: str) -> Iterator[tuple[Api, Path]]:
    """The real runtime client with the guard's handler, and the file its signals go to."""
    (folder / "app.py").write_text(app)
    told = folder / "signals"
    api = Api()
    threading.Thread(target=api.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    variables = {
        "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}",
        "LAMBDA_TASK_ROOT": str(folder), "AWS_LAMBDA_FUNCTION_NAME": "fn", "REMIT_HANDLER": "app.handler",
        "REMIT_SIGNALS": str(told), "PYTHONPATH": os.pathsep.join([str(folder), str(PACKAGE.parent)]), **environment,
    }  # fmt: skip
    argv = [sys.executable, "-m", "awslambdaric", "remit_guard.platforms.aws.handler"]
    child = subprocess.Popen(argv, cwd=folder, env=variables, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        yield api, told
    finally:
        os.killpg(child.pid, 9)
        child.wait()
        api.shutdown()
        api.server_close()


def signals(told: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []


@pytest.mark.e2e
def test_forked_workers_judge_each_by_itself(tmp_path: Path) -> None:
    with client(tmp_path, AWS_LAMBDA_MAX_CONCURRENCY="3") as (api, told):
        for number in range(6):
            api.send(f"good-{number}", http_api({"name": "x", "own": True, "sleep": 0.3}))
            api.send(f"bad-{number}", http_api({"name": ATTACK, "sleep": 0.3}))
        good = [api.result(f"good-{number}") for number in range(6)]
        bad = [api.result(f"bad-{number}") for number in range(6)]
        assert {answer["statusCode"] for answer in good} == {200}
        assert {answer["statusCode"] for answer in bad} == {403}
        assert len({json.loads(answer["body"])[0] for answer in good}) > 1  # more than one process served them
        assert sorted({signal["invocation"] for signal in signals(told)}) == [f"bad-{number}" for number in range(6)]


@pytest.mark.e2e
def test_a_restored_environment_is_guarded(tmp_path: Path) -> None:
    with client(tmp_path, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start") as (api, told):
        assert api.restored.wait(20)
        api.send("good", http_api({"name": "ada"}))
        api.send("bad", http_api({"name": ATTACK}))
        assert api.result("good")["statusCode"] == 200
        assert api.result("bad")["statusCode"] == 403
        assert [signal["rule"] for signal in signals(told)] == ["sql-injection"]


@pytest.mark.e2e
def test_code_that_changed_before_the_restore_is_told(tmp_path: Path) -> None:
    """The manifest is checked again: what the environment wakes up with may be another copy."""
    from hashlib import sha256

    (tmp_path / "code").mkdir()
    (tmp_path / "code" / ".remit").mkdir()
    late = APP + "\nopen(__file__, 'a').write('#')\n"  # its own init phase changes it, after the first check
    manifest = {"version": 1, "function": "fn", "files": {"app.py": sha256(late.encode()).hexdigest()}}
    (tmp_path / "code" / ".remit" / "manifest.json").write_text(json.dumps(manifest))
    with client(tmp_path / "code", late, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start", REMIT_SIGNALS=str(tmp_path / "told")) as (
        api, _,
    ):  # fmt: skip
        api.send("good", http_api({"name": "ada"}))
        assert api.result("good")["statusCode"] == 200
    assert ("code-changed", "app.py: changed") in [(one["rule"], one["reason"]) for one in signals(tmp_path / "told")]


@pytest.fixture
def lines() -> Iterator[list[str]]:
    told: list[str] = []
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


def test_restored(lines: list[str]) -> None:
    import logging

    from remit_guard.platforms import checks, texts

    start.prepare()
    random.seed(7)
    first = random.random()
    random.seed(7)
    message = logging.LogRecord.getMessage
    try:
        sys.meta_path.remove(imports.Watcher)
        logging.LogRecord.getMessage = lambda self: "unpatched"  # type: ignore[method-assign]
        checks.names.learn("db.example", "10.0.0.1")
        texts._secrets[:] = [("stale",)]
        snapstart.restored(Policy())
        assert random.random() != first
        assert imports.Watcher in sys.meta_path
        assert logging.LogRecord.getMessage is not message
        assert checks.names.of("10.0.0.1") == {"10.0.0.1"}
        assert texts._secrets == []
    finally:
        logging.LogRecord.getMessage = message  # type: ignore[method-assign]
    (signal,) = map(json.loads, lines)
    assert signal["rule"] == "guard-fault"
    assert "imports, logging" in signal["reason"]


def test_registered_with_the_runtimes_own_hooks(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    import snapshot_restore_py as hooks

    monkeypatch.setattr(hooks, "_after_restore_registry", [])
    monkeypatch.setattr(snapstart, "_registered", [])
    policy = Policy()
    snapstart.register(policy)
    snapstart.register(policy)
    assert hooks.get_after_restore() == [(snapstart.restored, (policy,), {"packed": True})]
    assert lines == []
    monkeypatch.setattr(snapstart, "_registered", [])
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    snapstart.register(policy)
    assert "no restore hooks" in lines[0]


def emulator() -> Path | None:
    named = os.environ.get("REMIT_RIE")
    if named:
        return Path(named)
    found = find_spec("samcli")
    if found is None or found.origin is None:
        return None
    arch = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
    return Path(found.origin).parent / "local" / "rapid" / f"aws-lambda-rie-{arch}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.mark.e2e
@pytest.mark.skipif(
    emulator() is None or not emulator().exists(),  # type: ignore[union-attr]
    reason="AWS's emulator is not here (pip install aws-sam-cli, or REMIT_RIE)",
)
def test_under_awss_own_emulator(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    ports = [free_port(), free_port()]
    variables = {
        "PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": str(tmp_path), "AWS_LAMBDA_FUNCTION_NAME": "fn",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "5", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "REMIT_HANDLER": "app.handler",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(PACKAGE.parent)]),
    }  # fmt: skip
    argv = [
        str(emulator()), "--runtime-interface-emulator-address", f"127.0.0.1:{ports[0]}",
        "--runtime-api-address", f"127.0.0.1:{ports[1]}", sys.executable, "-m", "awslambdaric",
        "remit_guard.platforms.aws.handler",
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    with subprocess.Popen(argv, cwd=tmp_path, env=variables, stdout=quiet, stderr=quiet) as child:
        try:
            url = f"http://127.0.0.1:{ports[0]}/2015-03-31/functions/function/invocations"
            assert ask(url, http_api({"name": "ada"}))["statusCode"] == 200
            assert ask(url, http_api({"name": ATTACK}))["statusCode"] == 403
        finally:
            child.kill()


def ask(url: str, event: object) -> Any:
    for attempt in range(100):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, json.dumps(event).encode()), timeout=30) as answer:
                return json.load(answer)
        except ConnectionRefusedError:
            time.sleep(0.1)
        except urllib.error.URLError as error:
            if attempt == 99 or not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError("the emulator does not answer")

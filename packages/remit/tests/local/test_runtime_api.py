"""The real runtime client under our Runtime API: every way an invocation can end."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.local.runtime_api import FunctionSpec, LocalFunction

pytestmark = pytest.mark.e2e

APP = """
import json, logging, os, subprocess, sys, threading, time
print("init phase")
logging.getLogger().setLevel("INFO")
count = 0

def handler(event, context):
    global count
    count += 1
    what = event.get("do")
    print("begin", context.aws_request_id)
    if what == "raise":
        raise KeyError("düster")
    if what == "exit":
        sys.exit(event["status"])
    if what == "hard-exit":
        os._exit(0)
    if what == "kill":
        os.kill(os.getpid(), 9)
    if what == "sleep":
        subprocess.Popen(["sleep", "600"])
        time.sleep(600)
    if what == "big":
        return "ü" * event["size"]
    if what == "environment":
        return dict(os.environ)
    if what == "context":
        return {
            "name": context.function_name, "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb,
            "left": context.get_remaining_time_in_millis(), "id": context.aws_request_id, "cwd": os.getcwd(),
            "trace": os.environ["_X_AMZN_TRACE_ID"],
        }
    if what == "log":
        logging.info("from the logger")
        sys.stderr.write("no newline at the end")
        return None
    if what == "flood":
        for _ in range(event["lines"]):
            print("x" * 100)
    if what == "die-later":
        threading.Timer(0.1, os._exit, (7,)).start()
    if what == "not-json":
        return {1, 2}
    if what == "nap":
        time.sleep(event["seconds"])
        return [time.time() - event["seconds"], time.time()]
    return {"event": event, "count": count}
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    (folder / "app.py").write_text(APP)
    (folder / "broken.py").write_text("import nothing_of_that_name\n")
    (folder / "raising.py").write_text("raise OSError('at init')\n")
    (folder / "leaving.py").write_text("import sys\nsys.exit(4)\n")
    (folder / "sleeping.py").write_text("import time\ntime.sleep(60)\n")
    return folder


def spec(code: Path, handler: str = "app.handler", **more: object) -> FunctionSpec:
    settings: dict[str, object] = {"timeout": 20.0, "init_timeout": 60.0, **more}
    return FunctionSpec("fn", handler, code, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def function(code: Path) -> Iterator[LocalFunction]:
    with LocalFunction(spec(code)) as running:
        yield running


def test_a_result_comes_back_with_its_log_and_times(code: Path) -> None:
    with LocalFunction(spec(code)) as fresh:
        first = fresh.invoke({"name": "Zoë ☃ \U0001f600"}, request_id="id-1")
        second = fresh.invoke({}, request_id="id-2")
    assert first.payload == {"event": {"name": "Zoë ☃ \U0001f600"}, "count": 1}
    assert first.logs == ("init phase", "begin id-1")
    assert first.cold
    assert first.init_ms is not None
    assert first.init_ms > 0
    assert second.payload == {"event": {}, "count": 2}
    assert second.logs == ("begin id-2",)
    assert not second.cold
    assert second.init_ms is None
    assert first.pid == second.pid > 0


def test_the_context_is_lambdas(function: LocalFunction, code: Path) -> None:
    context = function.invoke({"do": "context"}, request_id="id-9", trace="Root=1-5-a;Parent=b;Sampled=1").payload
    assert isinstance(context, dict)
    assert context["name"] == "fn"
    assert context["arn"] == "arn:aws:lambda:eu-central-1:000000000000:function:fn"
    assert context["memory"] == "128"
    assert 0 < context["left"] <= 20_000
    assert context["id"] == "id-9"
    assert Path(context["cwd"]) == code
    assert context["trace"] == "Root=1-5-a;Parent=b;Sampled=1"


def test_an_exception_is_a_value_and_the_environment_lives_on(function: LocalFunction) -> None:
    before = function.pid
    result = function.invoke({"do": "raise"})
    assert result.error is not None
    assert (result.error.kind, result.error.type, result.error.message) == ("function", "KeyError", "'düster'")
    assert "in handler" in result.error.stack[0]
    assert result.payload is None
    assert function.invoke({}).pid == before


def test_what_json_cannot_say_is_an_error_of_the_function(function: LocalFunction) -> None:
    error = function.invoke({"do": "not-json"}).error
    assert error is not None
    assert error.type == "Runtime.MarshalError"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "exit", "status": 3}, "exit status 3"),
        ({"do": "exit", "status": 0}, "without providing a reason"),
        ({"do": "hard-exit"}, "without providing a reason"),
        ({"do": "kill"}, "signal: killed"),
    ],
)
def test_a_crash_is_told_and_the_next_invocation_starts_afresh(
    function: LocalFunction, event: dict[str, object], reason: str
) -> None:
    result = function.invoke(event)
    assert result.error is not None
    assert result.error.kind == "exit"
    assert reason in result.error.message
    after = function.invoke({})
    assert after.payload == {"event": {}, "count": 1}
    assert after.cold
    assert after.pid != result.pid


def test_a_timeout_kills_the_function_and_what_it_started(code: Path) -> None:
    with LocalFunction(spec(code, timeout=1.0)) as slow:
        (slow.scratch / "left-over").touch()
        result = slow.invoke({"do": "sleep"}, request_id="id-3")
        assert result.error is not None
        assert result.error.message == "RequestId: id-3 Error: Task timed out after 1.00 seconds"
        assert result.logs[-1] == "begin id-3"
        _until(lambda: _group_is_gone(result.pid))
        assert not (slow.scratch / "left-over").exists()
        assert slow.invoke({}).payload == {"event": {}, "count": 1}


def test_a_death_between_invocations_is_nobodys_error(function: LocalFunction) -> None:
    pid = function.invoke({"do": "die-later"}).pid
    _until(lambda: _group_is_gone(pid))
    result = function.invoke({})
    assert result.error is None
    assert result.cold


@pytest.mark.parametrize(
    ("handler", "kind", "message"),
    [
        ("broken.handler", "Runtime.ImportModuleError", "nothing_of_that_name"),
        ("missing.handler", "Runtime.ImportModuleError", "missing"),
        ("app.nobody", "Runtime.HandlerNotFound", "nobody"),
        ("raising.handler", "OSError", "at init"),
        ("leaving.handler", "Runtime.ExitError", "exit status 4"),
    ],
)
def test_an_init_error_is_reported_by_every_invocation(code: Path, handler: str, kind: str, message: str) -> None:
    with LocalFunction(spec(code, handler)) as bad:
        for _ in range(2):
            error = bad.invoke({}).error
            assert error is not None
            assert (error.kind, error.type) == ("init", kind)
            assert message in error.message


def test_an_endless_init_phase_ends(code: Path) -> None:
    with LocalFunction(spec(code, "sleeping.handler", init_timeout=0.5)) as bad:
        error = bad.invoke({}).error
    assert error is not None
    assert error.message == "Init phase timed out after 0.50 seconds"


def test_big_events_and_results_pass_up_to_the_limit(function: LocalFunction) -> None:
    event = {"text": "ä" * 2_900_000}
    big = function.invoke(event).payload
    assert isinstance(big, dict)
    assert big["event"] == event
    answer = function.invoke({"do": "big", "size": 500_000})
    assert answer.payload == "ü" * 500_000
    error = function.invoke({"do": "big", "size": 6_300_000}).error
    assert error is not None
    assert error.type == "Function.ResponseSizeTooLarge"
    refused = function.invoke({"text": "x" * 7_000_000}).error
    assert refused is not None
    assert refused.type == "RequestEntityTooLargeException"
    assert function.invoke({}).error is None


def test_logs_are_cut_by_invocation_and_bounded(function: LocalFunction) -> None:
    logged = function.invoke({"do": "log"})
    assert logged.logs[-1].endswith("no newline at the end")
    assert any("from the logger" in line and logged.request_id in line for line in logged.logs)
    flood = function.invoke({"do": "flood", "lines": 30_000}, request_id="id-4")
    assert flood.error is None
    assert flood.logs[-1].endswith("more bytes were dropped]")
    assert function.invoke({}, request_id="id-5").logs == ("begin id-5",)


def test_two_functions_run_at_once_and_one_function_one_by_one(code: Path) -> None:
    spans: dict[str, list[tuple[float, float]]] = {"a": [], "b": []}
    with LocalFunction(spec(code)) as a, LocalFunction(spec(code)) as b:

        def run(name: str, running: LocalFunction) -> None:
            begun, ended = running.invoke({"do": "nap", "seconds": 0.6}).payload  # type: ignore[misc]
            spans[name].append((begun, ended))

        threads = [threading.Thread(target=run, args=pair) for pair in (("a", a), ("b", b), ("a", a))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert a.pid != b.pid
    first, second = sorted(spans["a"])
    assert first[1] <= second[0]
    (other,) = spans["b"]
    assert other[0] < second[1]
    assert first[0] < other[1]


def test_the_exec_wrapper_runs_before_the_handler_is_read(code: Path, tmp_path: Path) -> None:
    wrapper = tmp_path / "wrap"
    # Like the platform's documented example: options go before the last argument; and the handler is changed.
    wrapper.write_text(
        '#!/bin/bash\nexport WRAPPED="$_HANDLER" _HANDLER=app.handler\n'
        'args=("$@")\nexec "${args[@]:0:$#-1}" -X utf8 "${args[@]: -1}"\n'
    )
    wrapper.chmod(0o755)
    with LocalFunction(spec(code, "other.handler", wrapper=str(wrapper))) as wrapped:
        variables = wrapped.invoke({"do": "environment"}).payload
    assert isinstance(variables, dict)
    assert variables["WRAPPED"] == "other.handler"
    with LocalFunction(spec(code, environment={"AWS_LAMBDA_EXEC_WRAPPER": "/nowhere/wrap"})) as bad:
        error = bad.invoke({}).error
    assert error is not None
    assert error.message == "Error: Runtime exited with error: exit status 127"


def test_nothing_is_left_behind(code: Path) -> None:
    with LocalFunction(spec(code)) as running:
        pid, scratch = running.invoke({}).pid, running.scratch
        api = running.invoke({"do": "environment"}).payload["AWS_LAMBDA_RUNTIME_API"]  # type: ignore[index]
    _until(lambda: _group_is_gone(pid))
    assert not scratch.exists()
    host, port = api.split(":")
    assert host == "127.0.0.1"
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect((host, int(port)))
    with pytest.raises(RuntimeError, match="not running"):
        running.invoke({})


def _group_is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie that init has not collected yet does not run any more.
    return all(_state(int(entry)) in ("Z", "X", "") for entry in os.listdir("/proc") if _in_group(entry, pid))


def _in_group(entry: str, pid: int) -> bool:
    if not entry.isdigit():
        return False
    try:
        return os.getpgid(int(entry)) == pid
    except ProcessLookupError:
        return False


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _until(done: "object", seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)

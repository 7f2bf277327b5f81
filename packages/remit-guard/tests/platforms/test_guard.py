"""The guard in this process: every hook, every mode, and faults of ours put into every stage."""

# ruff: noqa: SIM115  (files are opened to be refused)
import asyncio
import html
import json
import logging
import os
import pickle
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from remit_guard import Blocked, guard
from remit_guard.core.digest import sha256_hex
from remit_guard.core.remit import Remit
from remit_guard.hooks import gate
from remit_guard.platforms import checks, start
from remit_guard.sandbox.own_hosts import OwnHosts
from remit_guard.signals.emit import LIMIT, Emitter

CONTEXT = SimpleNamespace(aws_request_id="r-1")


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[str]]:
    told: list[str] = []
    checks._hosts[:] = [OwnHosts("/nowhere", {})]  # the hosts named in this file are attacks
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


def signals(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def rules(lines: list[str]) -> list[tuple[str, str]]:
    return [(signal["verdict"], signal["rule"]) for signal in signals(lines)]


def http(value: object) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": "/",
        "requestContext": {"http": {"method": "POST", "path": "/"}, "domainName": "x.execute-api.aws"},
        "body": json.dumps({"value": value}),
    }


def run(effect: Callable[[str], object], value: str, event: Any = None, **options: Any) -> Any:
    @guard(**options)
    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": str(effect(json.loads(event["body"])["value"]))}

    return handler(event or http(value), CONTEXT)


def sql(value: str) -> object:
    return sqlite3.connect(":memory:").execute(f"select '{value}'").fetchall()


def executor(value: str) -> object:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(sql, value).result()


def posix_spawn(value: str) -> object:
    pid = os.posix_spawn("/bin/sh", ["/bin/sh", "-c", f"true {value}"], {})
    return os.waitpid(pid, 0)[1]


def fork_exec(value: str) -> object:
    import _posixsubprocess

    words = (b"/bin/sh", b"-c", f"true {value}".encode())
    return _posixsubprocess.fork_exec(words, (b"/bin/sh",))  # refused before the missing arguments matter


class Payload:
    def __reduce__(self) -> Any:
        return os.getenv, ("HOME",)


ATTACKS: list[tuple[Callable[[str], object], str, str]] = [
    (sql, "x' or '1'='1", "sql-injection"),
    (executor, "x' or '1'='1", "sql-injection"),
    (lambda v: asyncio.run(asyncio.to_thread(sql, v)), "x' union select 1 --", "sql-injection"),
    (lambda v: sqlite3.connect(":memory:").cursor().executescript(f"select '{v}'"), "a'; drop table t; --", "sql-injection"),
    (lambda v: sqlite3.Connection(":memory:").execute(f"select '{v}'"), "x' or '1'='1", "sql-injection"),
    (lambda v: subprocess.run(f"true {v}", shell=True, check=False), "a; id", "shell-injection"),
    (lambda v: subprocess.run(["/bin/sh", "-c", f"true {v}"], check=False), "a; id", "shell-injection"),
    (lambda v: os.system(f"true {v}"), "$(id)", "shell-injection"),
    (lambda v: os.popen(f"true {v}").read(), "a | id", "shell-injection"),
    (posix_spawn, "a && id", "shell-injection"),
    (fork_exec, "a && id", "shell-injection"),
    (lambda v: open(f"/srv/data/{v}"), "../../etc/passwd", "path-traversal"),
    (lambda v: Path("/srv/data", v).read_text(), "../../etc/passwd", "path-traversal"),
    (lambda v: os.listdir(f"/srv/data/{v}"), "../../etc", "path-traversal"),
    (lambda v: os.remove(f"/srv/data/{v}"), "../../srv/other", "path-traversal"),
    (lambda v: urllib.request.urlopen(v, timeout=1), "http://169.254.169.254/latest/meta-data/", "ssrf"),
    (lambda v: urllib.request.urlopen(f"http://{v}/x", timeout=1), "127.0.0.1:9001", "ssrf"),
    (lambda v: __import__("socket").create_connection((v, 80), 1), "169.254.169.254", "ssrf"),
    (lambda v: eval(f"len('{v}')"), "a') or __import__('os').getpid() or ('", "code-injection"),
    (lambda v: pickle.loads(bytes.fromhex(v)), pickle.dumps(Payload()).hex(), "unsafe-deserialization"),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "value", "rule"), ATTACKS)
def test_attacks_are_refused_where_they_take_effect(
    effect: Callable[[str], object], value: str, rule: str, lines: list[str]
) -> None:
    answer = run(effect, value)
    assert answer["statusCode"] == 403, (answer, lines)
    assert json.loads(answer["body"]) == {"message": "Request rejected", "id": "r-1"}
    assert ("block", rule) in rules(lines)
    assert value not in "".join(lines)


@pytest.mark.parametrize(
    ("effect", "value"),
    [
        (sql, "ada"),
        (sql, "Straße 12, 2. Stock"),
        (lambda v: sql(v.replace("'", "''")), "o'brien; drop table users --"),
        (lambda v: sqlite3.connect(":memory:").execute("select ?", (v,)).fetchall(), "x' or '1'='1"),
        (lambda v: subprocess.run(["true", v], check=True), "a; id"),
        (lambda v: subprocess.run(f"true {__import__('shlex').quote(v)}", shell=True, check=True), "a; id"),
        (lambda v: Path(f"/srv/{v}").exists(), "../x"),
        (lambda v: Path(__file__).with_name(v).read_text()[:3], Path(__file__).name),
        (lambda v: __import__("ast").literal_eval(v), "{'a': [1, 2]}"),
        (lambda v: eval("value + 1", {"value": int(v)}), "41"),
        (lambda v: pickle.loads(pickle.dumps({"v": v})), "cos\nsystem"),
        (json.loads, '{"a": 1}'),
        (lambda v: logging.getLogger("x").warning("%s", v), "one line"),
        (lambda v: __import__("colorsys").rgb_to_hsv(0, 0, float(v)), "1"),
    ],
)
def test_ordinary_work_is_not_disturbed(effect: Callable[[str], object], value: str, lines: list[str]) -> None:
    answer = run(effect, value)
    assert answer["statusCode"] == 200, (answer, lines)
    assert lines == []


def test_a_swallowed_refusal_is_still_a_refusal(lines: list[str]) -> None:
    def swallowing(value: str) -> object:
        try:
            return sql(value)
        except Exception as error:
            return f"never mind: {error}"

    assert run(swallowing, "x' or '1'='1")["statusCode"] == 403
    assert rules(lines) == [("block", "sql-injection")]


def test_what_the_handler_changes_in_its_event_stays_untrusted() -> None:
    @guard
    def handler(event: Any, context: Any) -> Any:
        value = json.loads(event.pop("body"))["value"]
        return {"statusCode": 200, "body": str(sql(value))}

    assert handler(http("x' or '1'='1"), CONTEXT)["statusCode"] == 403


def test_async_and_plain_handlers_keep_their_kind_and_name() -> None:
    @guard
    async def slow(event: Any, context: Any) -> Any:
        """Doc."""
        await asyncio.sleep(0)
        return sql(json.loads(event["body"])["value"])

    assert asyncio.iscoroutinefunction(slow)
    assert (slow.__name__, slow.__doc__) == ("slow", "Doc.")
    assert asyncio.run(slow(http("ada"), CONTEXT)) == [("ada",)]
    assert asyncio.run(slow(http("x' or '1'='1"), CONTEXT))["statusCode"] == 403


def test_a_thread_left_behind_is_judged_by_its_invocation(lines: list[str]) -> None:
    go, caught = threading.Event(), []

    def late(value: str) -> None:
        go.wait(5)
        try:
            sql(value)
        except Blocked as error:
            caught.append(error)

    threads: list[threading.Thread] = []

    def begin(value: str) -> str:
        threads.append(threading.Thread(target=late, args=(value,)))
        threads[0].start()
        return "begun"

    assert run(begin, "x' or '1'='1")["statusCode"] == 200
    go.set()
    threads[0].join()
    assert len(caught) == 1


def test_outside_an_invocation_nothing_is_judged() -> None:
    run(sql, "x")
    assert sql("x' or '1'='1")
    assert gate.current() == ()


def test_modes(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(sql, "x' or '1'='1", mode="alert")["statusCode"] == 200
    assert run(sql, "x' or '1'='1", remit=Remit(modes={"sql-injection": "off"}))["statusCode"] == 200
    monkeypatch.setenv("REMIT_MODE", "block")
    assert run(sql, "x' or '1'='1", mode="alert")["statusCode"] == 403
    assert rules(lines) == [("alert", "sql-injection"), ("block", "sql-injection")]


def test_the_kill_switch(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_GUARD", "off")

    def handler(event: Any, context: Any) -> Any:
        return None

    assert guard(handler) is handler
    assert rules(lines) == [("alert", "guard-off")]


def test_outside_the_remit(lines: list[str], tmp_path: Path) -> None:
    remit = Remit(function="Orders", runs=("convert",), reaches=("api.example.com:443",), modes={"runs": "block"})
    assert run(lambda v: subprocess.run(["true", v], check=True), "x", remit=remit)["statusCode"] == 403
    assert run(lambda v: open("/etc/passwd").read(1), "x", remit=remit)["statusCode"] == 200
    with pytest.raises(OSError, match=r".*"):
        __import__("socket").create_connection(("127.0.0.1", 1), 1)
    assert run(lambda v: unreachable(), "x", remit=remit)["statusCode"] == 200
    found = {(s["verdict"], s["rule"], s["function"]) for s in signals(lines)}
    assert found == {
        ("block", "process-outside-remit", "Orders"),
        ("alert", "file-outside-remit", "Orders"),
        ("alert", "host-outside-remit", "Orders"),
    }


def unreachable() -> str:
    try:
        __import__("socket").create_connection(("127.0.0.1", 1), 1)
    except OSError:
        return "refused"
    return "connected"


def test_rewriting_the_process_is_refused_whatever_the_mode_of_files(lines: list[str]) -> None:
    assert run(lambda v: open("/proc/self/mem", "r+b"), "x")["statusCode"] == 403


def test_cloud_calls_are_judged_by_action_and_resource(lines: list[str]) -> None:
    boto3 = pytest.importorskip("boto3")
    calls = (("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/Orders"),)
    remit = Remit(calls=calls, modes={"calls": "block"})

    def put(table: str) -> object:
        client = boto3.client(
            "dynamodb", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x",
            endpoint_url="http://127.0.0.1:1", config=__import__("botocore").config.Config(retries={"total_max_attempts": 1}),
        )  # fmt: skip
        try:
            return client.put_item(TableName=table, Item={"id": {"S": "1"}})
        except __import__("botocore").exceptions.EndpointConnectionError:
            return "sent"

    assert "sent" in run(put, "Orders", remit=remit)["body"]
    assert run(put, "Users", remit=remit)["statusCode"] == 403
    (signal,) = signals(lines)
    assert (signal["rule"], signal["reason"]) == (
        "call-outside-remit",
        "calls dynamodb:PutItem on Users, which the remit does not name",
    )


def test_partiql_is_sql(lines: list[str]) -> None:
    boto3 = pytest.importorskip("boto3")

    def find(name: str) -> object:
        client = boto3.client("dynamodb", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
        return client.execute_statement(Statement=f"select * from Users where name = '{name}'")

    assert run(find, "x' or name <> '")["statusCode"] == 403
    assert rules(lines) == [("block", "sql-injection")]


def test_html_answers(lines: list[str]) -> None:
    def page(value: str) -> Any:
        @guard
        def handler(event: Any, context: Any) -> Any:
            text = f"<html><body><p>Hello {value}</p></body></html>"
            return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": text}

        return handler(http(value), CONTEXT)

    for value in ("Ada", "p", "body", "html", "O'Brien & Sons", "a/b", "1 < 2"):
        assert page(value)["statusCode"] == 200, (value, lines)
    assert page("<script>alert(1)</script>")["statusCode"] == 403
    assert rules(lines) == [("block", "html-injection")]


def test_signals_of_one_invocation_are_bounded(lines: list[str]) -> None:
    def noisy(value: str) -> str:
        for number in range(LIMIT + 10):
            try:
                open(f"/srv/{number}")
            except OSError:
                continue
        return "done"

    run(noisy, "x", remit=Remit())
    assert len(lines) == LIMIT + 1
    assert signals(lines)[-1]["reason"] == "10 more signals of this invocation were left out (file-outside-remit)"


def test_alerts_do_not_crowd_out_a_refusal(lines: list[str]) -> None:
    def noisy(value: str) -> object:
        for number in range(LIMIT + 10):
            try:
                open(f"/srv/{number}")
            except OSError:
                continue
        return sql(value)

    assert run(noisy, "x' or '1'='1", remit=Remit())["statusCode"] == 403
    assert ("block", "sql-injection") in rules(lines)


def failing(*_: object, **__: object) -> Any:
    raise RuntimeError("a fault of ours, with the payload x' or '1'='1 in it")


STAGES = [
    "remit_guard.sinks.sql.inspect",
    "remit_guard.sinks.provenance.Provenance.find",
    "remit_guard.events.open_event",
    "remit_guard.platforms.checks.decide",
    "remit_guard.hooks.invocation.Invocation.__init__",
    "remit_guard.core.signal.Signal.to_json",
    "remit_guard.platforms.respond.refused",
    "remit_guard.privacy.errors.shows_error",
]


def put(target: str, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., Any] = failing) -> None:
    monkeypatch.setattr(target, fault)
    if target.endswith("decide"):
        monkeypatch.setattr(gate, "_judge", [fault])


@pytest.mark.parametrize("target", STAGES)
def test_a_fault_of_ours_never_breaks_a_healthy_invocation(
    target: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    put(target, monkeypatch)
    answer = run(sql, "ada")
    assert answer == {"statusCode": 200, "body": "[('ada',)]"}
    quiet = ("to_json", "refused")  # stages a healthy invocation does not reach
    said = lines + capfd.readouterr().out.splitlines()
    assert ("guard-fault" in "".join(said)) is not target.endswith(quiet)
    assert "payload" not in "".join(said)


@pytest.mark.parametrize("kind", [MemoryError, RecursionError, KeyError, UnicodeError])
def test_faults_of_any_kind(kind: type[Exception], lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> Any:
        raise kind

    monkeypatch.setattr("remit_guard.sinks.sql.inspect", fault)
    assert run(sql, "ada")["statusCode"] == 200
    (signal,) = signals(lines)
    assert (signal["rule"], signal["evidence"]["error"]) == ("guard-fault", kind.__name__)


@pytest.mark.parametrize("target", STAGES[:4])
def test_fail_closed_refuses_what_could_not_be_judged(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_FAIL", "closed")
    put(target, monkeypatch)
    if target == "remit_guard.events.open_event":  # the shape of the answer is not known either
        with pytest.raises(Blocked):
            run(sql, "ada")
    else:
        assert run(sql, "ada")["statusCode"] == 403


def test_what_was_blocked_stays_blocked_when_the_answer_fails(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit_guard.platforms.respond.refused", failing)
    with pytest.raises(Blocked):
        run(sql, "x' or '1'='1")
    assert {"sql-injection", "guard-fault"} <= {rule for _, rule in rules(lines)}


def test_a_signal_that_cannot_be_built_is_replaced_by_a_plain_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("remit_guard.core.signal.Signal.to_json", failing)
    assert run(sql, "x' or '1'='1")["statusCode"] == 403
    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line)["rule"] == "guard-fault"


@pytest.mark.parametrize("content", ["{", '{"version":7}', '{"version":1,"runs":[1]}'])
def test_a_broken_remit_is_told_and_injections_are_still_refused(
    content: str, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "remit.json").write_text(content)
    assert run(sql, "x' or '1'='1", remit=str(tmp_path / "remit.json"))["statusCode"] == 403
    assert rules(lines) == [("alert", "guard-fault"), ("block", "sql-injection")]
    monkeypatch.setenv("REMIT_FAIL", "closed")
    with pytest.raises(Blocked):
        guard(sql, remit=str(tmp_path / "remit.json"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"version":1,"modes":{"sql-injection":"blok"}}', "mode 'blok' of 'sql-injection'"),
        ('{"version":1,"modes":{"sqli":"off"}}', "'sqli'"),
        ('{"version":1,"run":["ls"]}', "'run'"),
        ("[" * 100_000, "nested too deep"),
        ("{", "remit.json"),
    ],
)
def test_a_mistake_in_a_remit_is_named_and_switches_nothing_off(
    content: str, told: str, tmp_path: Path, lines: list[str]
) -> None:
    (tmp_path / "remit.json").write_text(content)
    assert run(sql, "x' or '1'='1", remit=str(tmp_path / "remit.json"))["statusCode"] == 403
    assert rules(lines) == [("alert", "guard-fault"), ("block", "sql-injection")]
    assert told in signals(lines)[0]["reason"]


@pytest.mark.parametrize("name", ["REMIT_MODE", "REMIT_FAIL", "REMIT_GUARD"])
def test_a_mistake_in_the_environment_is_named_too(
    name: str, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "blok")
    assert run(sql, "x' or '1'='1", remit=Remit())["statusCode"] == 403
    assert rules(lines) == [("alert", "guard-fault"), ("block", "sql-injection")]
    assert name in signals(lines)[0]["reason"]
    assert "'blok'" in signals(lines)[0]["reason"]


@pytest.mark.parametrize(
    "body",
    [
        '{"pad":[' + "0," * 20_001 + '0],"value":"x\\u0027 or \\u00271\\u0027=\\u00271"}',
        '{"pad":[' + "0," * 20_001 + '0],"p":"' + "a " * 300_000 + '","value":"x\' or \'1\'=\'1"}',
    ],
)
def test_padding_does_not_switch_judging_off(body: str, lines: list[str]) -> None:
    assert run(sql, "", {**http(""), "body": body}, remit=Remit())["statusCode"] == 403
    assert ("alert", "event-too-large") in rules(lines)
    assert run(sql, "", {**http(""), "body": body.replace("u0027", "u0020").replace("'", " ")})["statusCode"] == 200


def test_methods_can_be_guarded(lines: list[str]) -> None:
    class App:
        @guard(remit=Remit())
        def plain(self, event: Any, context: Any) -> Any:
            return {
                "statusCode": 200,
                "body": str(sql(json.loads(event["body"])["value"])),
                "self": type(self).__name__,
            }

        @guard(remit=Remit())
        async def slow(self, event: Any, context: Any) -> Any:
            return self.plain(event, context)

    assert App().plain(http("tea"), CONTEXT)["self"] == "App"
    assert asyncio.run(App().slow(http("tea"), CONTEXT))["self"] == "App"  # type: ignore[arg-type]
    assert App().plain(http("x' or '1'='1"), CONTEXT)["statusCode"] == 403


def built(root: Path, modes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A build whose remit says these modes; gives the pin of its manifest."""
    (root / ".remit").mkdir()
    (root / "app.py").write_text("x = 1\n")
    remit = Remit("Orders", modes=modes).to_json()
    (root / ".remit/remit.json").write_text(remit)
    files = {"app.py": sha256_hex(b"x = 1\n"), ".remit/remit.json": sha256_hex(remit.encode())}
    manifest = json.dumps({"version": 1, "function": "Orders", "files": files})
    (root / ".remit/manifest.json").write_text(manifest)
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(root))
    return "sha256:" + sha256_hex(manifest.encode())


@pytest.mark.parametrize("pinned", [False, True])
def test_a_changed_remit_cannot_switch_its_own_check_off(
    pinned: bool, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = built(tmp_path, {"code-changed": "block"}, monkeypatch)
    if pinned:
        monkeypatch.setenv("REMIT_MANIFEST", pin)
    guard(sql)
    assert rules(lines) == []
    off = Remit("Other", modes={"code-changed": "off", "sql-injection": "off"})
    (tmp_path / ".remit/remit.json").write_text(off.to_json())
    if pinned:
        with pytest.raises(Blocked):
            guard(sql)
        assert rules(lines)[-1] == ("block", "code-changed")
    else:
        assert run(sql, "x' or '1'='1")["statusCode"] == 403
        assert rules(lines) == [("alert", "guard-fault"), ("alert", "code-changed"), ("block", "sql-injection")]
        assert "another function's remit" in signals(lines)[0]["reason"]


def test_an_unhandled_error_of_a_direct_call_is_the_handlers_own() -> None:
    @guard
    def handler(event: Any, context: Any) -> Any:
        raise LookupError("no such order")

    with pytest.raises(LookupError, match="no such order"):
        handler({"order": 1}, CONTEXT)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with 3.12")
def test_any_library_error_shown_to_the_caller_is_shaped(lines: list[str]) -> None:
    def shows(value: str) -> object:
        try:
            return json.loads(value)["a"]["b"]["c"]
        except (KeyError, ValueError, TypeError) as error:
            return f"oh no {error}"

    answer = run(shows, "{broken json here")
    assert json.loads(answer["body"]) == {"message": "Internal server error", "id": "r-1"}
    assert rules(lines) == [("alert", "exception-to-caller")]


TRACE = 'Traceback (most recent call last):\n  File "/srv/x.py", line 1\nValueError: "bad" & worse'


@pytest.mark.parametrize("show", [str, json.dumps, html.escape])
def test_who_sends_a_trace_may_read_that_trace_and_no_other(show: Callable[[str], str]) -> None:
    assert run(show, TRACE)["statusCode"] == 200
    assert run(lambda value: show(value) + TRACE.replace("x.py", "y.py"), TRACE)["statusCode"] == 500

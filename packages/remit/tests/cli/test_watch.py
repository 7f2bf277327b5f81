"""``remit watch``: options, refusals, and the listing for the terminal."""

import json
import time

import pytest
from click.testing import CliRunner
from inline_snapshot import snapshot

from remit.app.errors import Incomplete, NothingToExamine, RemitError
from remit.cli import watch
from remit.watch.store import open_store
from remit_guard.core.signal import Signal


def run(*arguments: str):
    return CliRunner().invoke(watch.command, arguments, standalone_mode=False)


def keep(data, *signals):
    pytest.importorskip("chdb")
    store = open_store(data)
    store.add(signals)
    store.close()


def make(at: int = 0, **facts) -> Signal:
    now = time.time_ns() // 1_000_000
    facts = {"source": "s3", "field": "Records[0].s3.object.key", "sink": "process", "sender": "203.0.113.7", **facts}
    return Signal(now - at, "block", "shell-injection", "high", "Thumbnail", f"r{at}", **facts)


def test_a_public_address_must_be_meant():
    result = run("--host", "0.0.0.0", "--memory")
    assert "--allow-remote" in str(result.exception)
    assert "an address is wanted" in str(run("--host", "example.org", "--memory").exception)


def test_memory_and_data_exclude_each_other(tmp_path):
    assert "choose one" in str(run("--memory", "--data", str(tmp_path)).exception)


def test_a_weak_token_is_refused(monkeypatch):
    monkeypatch.setenv("REMIT_WATCH_TOKEN", "short")
    assert "at least 16" in str(run("--host", "0.0.0.0", "--allow-remote", "--memory", "--port", "0").exception)


def test_a_taken_port_is_named():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("--memory", "--port", str(taken.getsockname()[1]))
    assert isinstance(result.exception, RemitError)
    assert "cannot listen there" in str(result.exception)


def test_the_demo_needs_its_recording(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("--demo")
    assert isinstance(result.exception, NothingToExamine)
    assert str(result.exception) == snapshot(
        "build/demo/signals.jsonl: No such file or directory; run `make demo` first, here"
    )
    (tmp_path / "build/demo").mkdir(parents=True)
    (tmp_path / "build/demo/signals.jsonl").write_text("nothing\n")
    assert "no signals in it" in str(run("--demo").exception)


def test_no_directory_is_not_quiet(tmp_path):
    result = run("incidents", "--data", str(tmp_path / "none"))
    assert isinstance(result.exception, NothingToExamine)


def test_incidents_as_text(tmp_path):
    keep(tmp_path, make(1000), make(900, field="Records[1].s3.object.key"))
    result = run("incidents", "--data", str(tmp_path))
    assert result.return_value == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("high[")
    assert lines[0].endswith(
        "]  Someone used uploads to run commands in Thumbnail 2 times over 2 fields; all stopped at the sink"
    )
    assert lines[1].endswith("2 signals   from 203.0.113.7")
    assert lines[2:] == snapshot(
        [
            "    1  Thumbnail   shell-injection   s3   Records[0].s3.object.key   2 of 2 stopped",
            "   do  In Thumbnail, pass a list to the program instead of text to a shell.",
            "   do  All of it came from 203.0.113.7: block it in front of the app if it goes on.",
            "",
        ]
    )


def test_incidents_as_json_and_thresholds(tmp_path):
    keep(tmp_path, make(1000))
    result = run("incidents", "--data", str(tmp_path), "--format", "json", "--fail-on", "critical")
    assert result.return_value == 0
    document = json.loads(result.stdout)
    assert (document["version"], document["signals"], document["count"]) == (1, 1, 1)
    assert document["incidents"][0]["stages"][0]["function"] == "Thumbnail"
    assert run("incidents", "--data", str(tmp_path), "--exit-zero").return_value == 0
    assert run("incidents", "--data", str(tmp_path), "--fail-on", "high").return_value == 1


def test_old_incidents_are_beyond_since(tmp_path):
    keep(tmp_path, make(2 * 3_600_000))
    result = run("incidents", "--data", str(tmp_path), "--since", "60m")
    assert (result.return_value, result.stdout) == (0, "all quiet: no incident in 1 signals\n")
    assert run("incidents", "--data", str(tmp_path), "--since", "3h").return_value == 1
    assert "such as 24h" in str(run("incidents", "--data", str(tmp_path), "--since", "soon").exception)


def test_text_cannot_steer_the_terminal(tmp_path):
    keep(tmp_path, make(1, sender="\x1b[2J\x1b]0;owned\x07\u202e"))
    result = run("incidents", "--data", str(tmp_path))
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


def test_a_server_that_is_not_there():
    result = run("incidents", "--url", "http://127.0.0.1:9/")
    assert isinstance(result.exception, Incomplete)
    assert isinstance(run("incidents", "--url", "file:///etc/passwd").exception, RemitError)
    assert isinstance(run("incidents", "--url", "http://[bad").exception, RemitError)

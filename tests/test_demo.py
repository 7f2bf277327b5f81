"""The demo, as ``make demo`` runs it: it ends by itself, and what it says was computed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from remit.local.ministack import CloudError, locate
from remit.watch import incidents, parse

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "demo"


@pytest.fixture(autouse=True)
def cloud() -> None:
    try:
        locate()
    except CloudError:
        pytest.skip("the local cloud is not installed: make setup")


def test_the_demo_holds_what_it_claims() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((OUT / "summary.json").read_text())
    assert summary["failed"] == []
    assert summary["paths"] >= 3
    assert summary["remits"] == summary["functions"] == 8
    assert 0 < summary["needed"] < summary["granted"]
    assert summary["benign"] >= 50
    assert summary["answered"] == summary["benign"]
    assert summary["disturbed"] == 0
    assert summary["attacks"] >= 40
    assert summary["succeeded_bare"] == summary["attacks"]
    assert summary["succeeded_guarded"] == 0
    assert summary["stopped"] == summary["attacks"]
    assert {"HTTP", "SQS", "S3"} <= set(summary["carriers"])
    assert summary["incidents"] >= 1
    # What is printed is what was counted.
    assert re.search(rf"{summary['paths']} attack paths, {summary['findings']} findings", done.stdout)
    assert f"{summary['stopped']} stopped at the sink" in done.stdout
    assert f"{summary['answered']} answered, {summary['disturbed']} disturbed" in done.stdout
    for name in ("report.html", "remit.lock", "signals.jsonl"):
        assert (OUT / name).stat().st_size > 0
    lines = (OUT / "signals.jsonl").read_bytes().splitlines()
    batch = parse.log(lines, int(time.time() * 1000))
    assert len(batch.signals) == len(lines) >= summary["stopped"]
    assert len(incidents.group(batch.signals)) == summary["incidents"]


def test_stopping_it_leaves_nothing_behind() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "examples.demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if " started " in line:
                break
        children = _children(demo.pid)
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=60)
    assert len(children) >= 16, "the functions run, twice"
    assert demo.returncode == 130, said
    assert "nothing is left running" in said
    assert not [pid for pid in children if _runs(pid)]


def _children(parent: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and _stat(int(entry))[1:2] == [str(parent)]:
            found.append(int(entry))
    return found


def _runs(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"], ["X"])


def _stat(pid: int) -> list[str]:
    """State and parent of a process, or nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return []

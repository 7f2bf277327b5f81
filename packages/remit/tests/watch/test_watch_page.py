"""The whole of it, for real: the command as a process, chDB below, headless Chromium above."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from remit_guard.core.signal import Signal

pytestmark = pytest.mark.e2e

TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Thumbnail:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      InlineCode: "def handler(event, context): pass"
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Events:
        Http: {Type: HttpApi, Properties: {Path: /t, Method: post}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      InlineCode: "def handler(event, context): pass"
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
"""


def make(at: int = 0, function: str = "Thumbnail", verdict: str = "block", **facts) -> Signal:
    facts = {"source": "http-api", "field": "body.name", "sink": "process", "invocation": f"r{at}", **facts}
    return Signal(time.time_ns() // 1_000_000 - 5000 + at, verdict, "shell-injection", "high", function, **facts)


def lines(*signals: Signal) -> bytes:
    return b"".join(one.to_json().encode() + b"\n" for one in signals)


class Server:
    """``remit watch`` as a process; the fixture below ends those that a failed test leaves."""

    running: list["Server"] = []

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "remit", "watch", "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.running.append(self)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.process.stderr.read()

    def post(self, body: bytes) -> dict:
        request = urllib.request.Request(self.url + "signals", body, {"content-type": "application/x-ndjson"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def state(self) -> dict:
        with urllib.request.urlopen(self.url + "state", timeout=60) as answer:
            return json.load(answer)

    def until(self, wanted) -> dict:
        """The first state that is wanted; gives up after a generous while."""
        for _ in range(300):
            state = self.state()
            if wanted(state):
                return state
            time.sleep(0.1)
        raise AssertionError(state)

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture(autouse=True)
def _nothing_is_left_running():
    yield
    while Server.running:
        Server.running.pop().end()


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "template.yaml").write_text(TEMPLATE)
    return folder


@pytest.fixture
def server(tmp_path, app):
    running = Server("--data", str(tmp_path / "data"), "--app", str(app))
    yield running
    running.end()


def chromium() -> str | None:
    named = os.environ.get("REMIT_CHROMIUM", "")
    return named or next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@pytest.fixture
def page():
    path = chromium()
    if path is None and not os.environ.get("REMIT_REQUIRE_BROWSER"):
        pytest.skip(
            "no Chromium on PATH; install it, or set REMIT_CHROMIUM; REMIT_REQUIRE_BROWSER=1 makes this a failure"
        )
    assert path, "REMIT_REQUIRE_BROWSER is set and there is no Chromium on PATH"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        opened = browser.new_page()
        opened.problems = []
        opened.on("console", lambda message: opened.problems.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: opened.problems.append(str(error)))
        opened.on("dialog", lambda dialog: (opened.problems.append(dialog.message), dialog.dismiss()))
        opened.on(
            "request", lambda request: opened.problems.append(request.url) if "127.0.0.1" not in request.url else None
        )
        yield opened
        browser.close()


def test_an_incident_appears_without_a_reload(server, page):
    page.goto(server.url)
    page.wait_for_selector(".link.live")
    page.get_by_role("heading", name="Nothing heard yet").wait_for()
    page.evaluate("window.sameDocument = true")
    assert page.locator(".node.function.silent").count() == 2
    server.post(lines(make(0, verdict="allow")))
    page.get_by_role("heading", name="All quiet").wait_for()
    assert page.locator(".hot").count() == 0
    server.post(lines(make(1), make(2, sender="203.0.113.7")))
    page.get_by_text(
        "Someone used the HTTP API to run commands in Thumbnail 2 times; all stopped at the sink."
    ).wait_for()
    assert page.locator(".node.function.hot").count() == 1
    assert page.locator(".node.function.silent").count() == 1
    assert page.locator(".edge.hot").count() == 2
    assert page.locator(".stop").count() == 1
    assert page.locator(".edge.reach").count() == 0
    server.post(lines(make(3, verdict="alert")))
    page.get_by_text("It was not fully stopped.").wait_for()
    page.locator(".edge.reach").first.wait_for(state="attached")  # a straight line has no height
    assert page.locator(".stop").count() == 0
    assert page.title() == "(1) Remit watch"
    assert page.evaluate("window.sameDocument")
    assert page.problems == []


def test_many_incidents_leave_the_app_in_sight(server, page):
    page.goto(server.url)
    deeds = [
        Signal(
            time.time_ns() // 1_000_000 - 9000, "alert", "call-outside-remit", "low", f"F{n}", f"own{n}", sink="call"
        )
        for n in range(9)
    ]
    server.post(lines(*deeds, make(1)))
    page.get_by_role("heading", name="10 open incidents").wait_for()
    assert page.locator(".incident").count() == 4
    assert page.locator(".incident").first.inner_text().startswith("Someone used the HTTP API")
    page.get_by_role("button", name="Show 6 more").click()
    assert page.locator(".incident").count() == 10
    page.locator(".incident > button").nth(7).click()
    assert page.locator(".more").count() == 1
    assert page.problems == []


def test_what_strangers_write_stays_text(server, page):
    hostile = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
    page.goto(server.url)
    page.wait_for_selector(".link.live")
    server.post(
        lines(
            Signal(
                time.time_ns() // 1_000_000, "alert", hostile, "high", hostile, hostile, hostile, hostile, hostile, hostile,
                {hostile: hostile}, hostile, hostile, hostile, hostile,
            ),
            make(1, "javascript:alert(1)"),
            make(2, "\u202eevil\u0000"),
        )
    )  # fmt: skip
    page.locator(".story", has_text="<script>").first.wait_for()
    for button in page.locator(".incident > button").all():
        button.click()
    assert page.locator("main script, main img, main a, main [onerror]").count() == 0
    assert page.title().endswith("Remit watch")
    assert page.problems == []


def test_the_page_says_when_it_is_out_of_touch_and_comes_back(tmp_path, page):
    running = Server("--memory")
    page.goto(running.url)
    page.wait_for_selector(".link.live")
    assert running.end() == 0
    page.wait_for_selector(".link.lost")
    again = Server("--memory", "--port", running.url.rsplit(":", 1)[1].strip("/"))
    page.wait_for_selector(".link.live")
    assert again.end() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_keeps_what_it_took(tmp_path, number):
    first = Server("--data", str(tmp_path))
    assert first.post(lines(make(1), make(2)))["stored"] == 2
    assert first.end(number) == 0
    second = Server("--data", str(tmp_path))
    assert second.state()["incidents"][0]["count"] == 2
    assert second.end(number) == 0


def test_a_log_is_followed_through_rotation(tmp_path):
    log = tmp_path / "app.log"
    first, second = make(1), make(2)
    running = Server("--memory", "--log", str(log))
    with log.open("ab") as file:
        file.write(b"START RequestId: r1\n" + lines(first) + b'{"class_uid": 2004\n' + b"\xff" * 200_000 + b"\n")
    running.until(lambda state: state["total"] == 1 and state["intake"]["bad"] == 2)
    log.rename(tmp_path / "app.log.1")
    log.write_bytes(lines(first, second))
    state = running.until(lambda state: state["total"] == 2)
    assert state["intake"]["followed"] == [{"path": str(log), "note": ""}]
    assert running.end() == 0


def test_what_the_guard_sends_is_taken(server):
    """The guard's own sender against the collector: both ends of the same wire."""
    from remit_guard.signals.emit import Destination

    wrong = Destination(server.url + "signals").send(make(1).to_json(), time.monotonic())
    assert wrong is None
    assert server.state()["incidents"][0]["count"] == 1


def test_the_demo_is_played_back_as_if_it_happened_now(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build/demo").mkdir(parents=True)
    old = [
        Signal(1_700_000_000_000 + n * 3_600_000, "block", "ssrf", "high", "A", f"r{n}", "sqs", "body")
        for n in range(2)
    ]
    (tmp_path / "build/demo/signals.jsonl").write_bytes(lines(old[1], old[0]))
    running = Server("--demo")
    state = running.until(lambda state: state["total"] >= 1)
    assert state["now"] - state["incidents"][0]["first"] < 60_000
    assert state["store"]["where"] == "memory"
    assert running.end() == 0


def test_a_second_server_is_told_who_has_the_directory(server, tmp_path):
    second = subprocess.run(
        [sys.executable, "-m", "remit", "watch", "--port", "0", "--data", str(tmp_path / "data")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert second.returncode == 2
    assert f"in use by process {server.process.pid}" in second.stderr
    assert server.url in second.stderr


def test_the_terminal_asks_the_running_server(server, tmp_path):
    command = [sys.executable, "-m", "remit", "watch", "incidents", "--data", str(tmp_path / "data")]
    empty = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (empty.returncode, empty.stdout) == (3, "")
    server.post(lines(make(1), make(2)))
    running = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False, timeout=60)
    assert running.returncode == 1
    assert json.loads(running.stdout)["incidents"][0]["count"] == 2
    assert server.end() == 0
    stopped = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert stopped.returncode == 1
    assert "Someone used the HTTP API to run commands in Thumbnail 2 times" in stopped.stdout


def test_a_hundred_thousand_signals_leave_a_small_picture_and_bounded_memory(server):
    server.post(lines(make(0)))
    before = resident(server.process.pid)
    for start in range(0, 100_000, 10_000):
        part = lines(
            *(
                make(-n, f"F{n % 7000}", trace=f"t{n}", sender=f"10.{n % 7}.{n % 256}.1")
                for n in range(start + 1, start + 10_001)
            )
        )
        assert server.post(part)["stored"] == 10_000
    with urllib.request.urlopen(server.url + "state", timeout=60) as answer:
        body = answer.read()
    state = json.loads(body)
    assert state["store"]["kept"] == state["total"] == 100_001
    assert sum(one["count"] for one in state["incidents"]) == 100_001
    assert len(body) < 300_000
    assert resident(server.process.pid) - before < 700 * 1024


def resident(pid: int) -> int:
    """Kilobytes of memory a process has."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("memory can be read on Linux only")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))

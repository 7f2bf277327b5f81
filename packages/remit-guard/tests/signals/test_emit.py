import http.server
import json
import sys
import threading
from pathlib import Path

import pytest

from remit_guard.core.signal import Signal
from remit_guard.hooks.texts import Output
from remit_guard.signals.emit import Destination, Emitter, to_output


def test_the_output_is_the_process_s_own(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdout", io.StringIO())
    to_output('{"a":1}')
    assert capfd.readouterr().out == '{"a":1}\n'


def test_a_signal_starts_on_a_line_of_its_own(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Output(sys.stdout, str))
    sys.stdout.write("half ")
    to_output('{"a":1}')
    to_output('{"a":2}')
    sys.stdout.write("a line\n")
    to_output('{"a":3}')
    assert capfd.readouterr().out == 'half \n{"a":1}\n{"a":2}\na line\n{"a":3}\n'


def test_a_file_gets_one_line_a_signal(tmp_path: Path) -> None:
    lines: list[str] = []
    emitter = Emitter(Destination(str(tmp_path / "signals")), lines.append)
    for _ in range(2):
        assert emitter.send(Signal(1, "block", "sql-injection", reason="two\nlines")) is None
    written = (tmp_path / "signals").read_text().splitlines()
    assert written == lines
    assert json.loads(written[0])["reason"] == "two\nlines"


def test_a_collector_gets_it_by_http() -> None:
    got: list[bytes] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        emitter = Emitter(Destination(f"http://127.0.0.1:{server.server_port}/signals"), lambda line: None)
        assert emitter.send(Signal(1, "alert", "guard-off")) is None
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert json.loads(got[0])["rule"] == "guard-off"


@pytest.mark.parametrize("place", ["/nowhere/at/all", "http://127.0.0.1:1/signals", "http://127.0.0.1:x/"])
def test_a_failing_destination_is_told_once_and_breaks_nothing(place: str) -> None:
    lines: list[str] = []
    emitter = Emitter(Destination(place), lines.append)
    assert emitter.send(Signal(1, "alert", "guard-off"))
    assert emitter.send(Signal(1, "alert", "guard-off")) is None
    assert len(lines) == 2


def test_closed_outputs_break_nothing() -> None:
    def closed(line: str) -> None:
        raise OSError(9, "Bad file descriptor")

    assert Emitter(None, closed).send(Signal(1, "alert", "guard-off")) is None

"""Fuzzes the event readers with atheris: no input may raise, hide a leaf or take more than linear work.

    python -m bench.fuzz_events [--seconds N] [FOLDER...]

Needs ``atheris`` (not part of the locked environment; install it into one of its own). Inputs are bytes: taken as the JSON of an
event, as the body of a queue message, as a request's base64 body and as gzip data of a log event. FOLDERs hold first inputs, one
a file; JSON makes the best ones. What is counted as work are the calls and lines that Python traces, so that a loaded
machine changes nothing. Prints how many inputs ran; an input that fails is left as ``crash-*`` beside.
"""

import argparse
import base64
import contextlib
import gzip
import json
import sys
import time

import atheris

with atheris.instrument_imports(include=["remit_guard.events"]):
    from remit_guard import events
    from remit_guard.events import opened, written

#: Lines of Python a character of the event may cost at most, and a start for free.
LINES_PER_CHARACTER = 60
FREE_LINES = 20_000
#: One input in so many has its work counted: tracing is slow.
COUNTED = 16


class State:
    """What a run counts."""

    runs = 0
    began = 0.0
    until = 0.0


def _lines(event: object) -> int:
    """How many lines of the readers run for an event."""
    count = 0

    def trace(frame, kind, _):  # type: ignore[no-untyped-def]
        nonlocal count
        count += kind == "line"
        return trace if "remit_guard" in frame.f_code.co_filename else None

    sys.settrace(trace)
    try:
        events.open_event(event).fields()
    finally:
        sys.settrace(None)
    return count


def _look(event: object, size: int) -> None:
    found = events.open_event(event)
    values = set(found.leaves().values())
    found.fields()
    if found.source.name != "direct" and not found.problems:
        direct = opened.Opened(event, events.by_name("direct")).leaves().values()
        hidden = [text for text in direct if text not in values and not written.plain(text)]
        if hidden:
            raise AssertionError(f"{found.source.name} hides {hidden[:3]}")
    if State.runs % COUNTED == 0 and _lines(event) > FREE_LINES + LINES_PER_CHARACTER * size:
        raise AssertionError("more than linear work")


def one_input(data: bytes) -> None:
    """Runs one input in each of the ways it can arrive."""
    State.runs += 1
    if time.monotonic() > State.until:
        print(json.dumps({"runs": State.runs, "seconds": round(time.monotonic() - State.began)}), flush=True)
        import os

        os._exit(0)
    text = data.decode("utf-8", "replace")
    size = len(text)
    with contextlib.suppress(ValueError, RecursionError):
        _look(json.loads(text), size)
    _look({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": text}]}, size)
    body = base64.b64encode(data).decode()
    _look({"requestContext": {"http": {"method": "POST"}}, "body": body, "isBase64Encoded": True}, len(body))
    _look({"awslogs": {"data": base64.b64encode(gzip.compress(data, 1)).decode()}}, size + 64)


def main() -> None:
    """Runs until the time is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("folders", nargs="*")
    given = parser.parse_args()
    State.began = time.monotonic()
    State.until = State.began + given.seconds
    atheris.Setup([sys.argv[0], "-max_len=8192", "-rss_limit_mb=2048", *given.folders], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

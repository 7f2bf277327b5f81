"""Following a log: growth, rotation, truncation, half lines, endless lines."""

import os

import pytest

from remit.watch import tail as tail_module
from remit.watch.parse import LINE_LIMIT
from remit.watch.tail import Tail


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.log"


def add(path, data: bytes):
    with path.open("ab") as file:
        file.write(data)


def test_growth_and_half_lines(log):
    tail = Tail(log)
    assert tail.step().lines == []
    add(log, b"one\ntw")
    assert tail.step().lines == [b"one"]
    assert tail.step().lines == []
    add(log, b"o\nthree\n")
    step = tail.step()
    assert (step.lines, step.first) == ([b"two", b"three"], 2)
    tail.close()


def test_from_end_skips_what_was_there_but_nothing_of_a_later_file(log, tmp_path):
    add(log, b"old\n")
    tail = Tail(log, from_end=True)
    assert tail.step().lines == []
    add(log, b"new\n")
    assert tail.step().lines == [b"new"]
    later = Tail(tmp_path / "later.log", from_end=True)
    later.step()
    add(tmp_path / "later.log", b"first\n")
    assert later.step().lines == [b"first"]
    tail.close()
    later.close()


def test_rotation_loses_nothing(log):
    add(log, b"one\n")
    tail = Tail(log)
    tail.step()
    add(log, b"two\nunfinished")
    os.rename(log, log.with_suffix(".1"))
    assert tail.step().lines == [b"two"]
    add(log, b"three\n")
    step = tail.step()
    assert (step.lines, step.note, step.more) == ([b"unfinished"], "rotated", True)
    assert tail.step().lines == [b"three"]
    tail.close()


def test_truncation_starts_again(log):
    add(log, b"one\ntwo\npart")
    tail = Tail(log)
    tail.step()
    os.truncate(log, 0)
    add(log, b"new\n")
    step = tail.step()
    assert (step.lines, step.note) == ([b"new"], "truncated")
    tail.close()


def test_an_endless_line_takes_no_memory_and_the_next_is_read(log, monkeypatch):
    monkeypatch.setattr(tail_module, "STEP", LINE_LIMIT)
    add(log, b"x" * (5 * LINE_LIMIT) + b"\nnext\n")
    tail = Tail(log)
    lines, overlong, steps = [], 0, 0
    while True:
        step = tail.step()
        lines += step.lines
        overlong += step.overlong
        steps += 1
        if not step.more:
            break
    assert (lines, overlong) == ([b"next"], 1)
    assert steps >= 5
    tail.close()


def test_a_folder_in_place_of_a_log_is_an_error_that_names_itself(tmp_path):
    with pytest.raises(OSError):
        Tail(tmp_path).step()

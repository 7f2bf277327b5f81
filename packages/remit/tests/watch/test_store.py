"""One conformance test for every store, and what is special about the embedded engine."""

import subprocess
import sys

import pytest

from remit.app.errors import RemitError
from remit.watch import store as stores
from remit.watch.store import StoreBusy, StoreFault, open_store
from remit.watch.store.memory import MemoryStore
from remit_guard.core.signal import Signal

START = 1_793_337_620_000


def make(at: int, **facts: str) -> Signal:
    return Signal(
        START + at,
        "block",
        "shell-injection",
        "high",
        "Thumbnail",
        f"r{at}",
        evidence={"input": "a; •••\n'\"\\"},
        **facts,
    )


@pytest.fixture(params=["memory", "clickhouse"])
def store(request, tmp_path):
    if request.param == "clickhouse":
        pytest.importorskip("chdb")
    made = open_store(None if request.param == "memory" else tmp_path / "data")
    yield made
    made.close()
    made.close()


def test_conformance(store):
    assert store.count() == 0
    assert list(store.since(0)) == []
    assert list(store.since(0, 5)) == []
    first, second, third = make(3), make(1), make(2)
    again = Signal.from_dict(first.to_dict())
    assert store.add([first, second, again]) == [first, second]
    assert store.add([again, third, second]) == [third]
    assert store.add([again]) == []
    assert store.add([]) == []
    assert store.count() == 3
    assert [one.time - START for one in store.since(0)] == [1, 2, 3]
    assert [one.time - START for one in store.since(START + 2)] == [2, 3]
    assert [one.time - START for one in store.since(0, 2)] == [2, 3]
    assert [one.time - START for one in store.since(START + 3, 2)] == [3]
    assert [one.to_dict() for one in store.since(START + 3)] == [first.to_dict()]
    assert store.dropped == 0


def test_what_is_hostile_in_sql_or_json_comes_back_as_it_was(store):
    texts = ["'; DROP TABLE remit.signals; --", "\\", "a\nb\0c", "\u2028", "𝔘", "{}", "%s {x:String}", "��"]
    signals = [make(number, field=text, sender=text) for number, text in enumerate(texts)]
    store.add(signals)
    assert [(one.field, one.sender) for one in store.since(0)] == [(text, text) for text in texts]


def test_more_than_a_page(store):
    signals = [make(number // 3, field=str(number)) for number in range(12_000)]
    assert len(store.add(signals)) == 12_000
    assert store.add(signals[5000:7000]) == []
    assert store.count() == 12_000
    assert len({one.field for one in store.since(0)}) == 12_000


def test_memory_is_bounded_and_says_what_it_dropped():
    store = MemoryStore(capacity=10)
    assert len(store.add([make(number) for number in range(25)])) == 25
    assert (store.count(), store.dropped) == (10, 15)
    assert next(store.since(0)).time == START + 15


def test_a_directory_is_kept_between_openings(tmp_path):
    pytest.importorskip("chdb")
    first = open_store(tmp_path / "data")
    first.add([make(1)])
    first.close()
    second = open_store(tmp_path / "data")
    assert second.add([make(1), make(2)])[0].time == START + 2
    assert second.count() == 2
    second.close()
    with pytest.raises(StoreFault, match="closed"):
        second.count()


def test_a_directory_in_use_names_its_holder(tmp_path):
    pytest.importorskip("chdb")
    first = open_store(tmp_path)
    first.note("http://127.0.0.1:1/")
    code = f"from pathlib import Path; from remit.watch.store import open_store; open_store(Path({str(tmp_path)!r}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    first.close()
    assert "StoreBusy" in ended.stderr
    assert "in use by process" in ended.stderr
    assert "--url http://127.0.0.1:1/" in ended.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"pid": "x", "url": 1}', "\x00"])
def test_a_damaged_lock_file_is_no_fault(tmp_path, text):
    from remit.watch.store import clickhouse

    (tmp_path / clickhouse.LOCK_FILE).write_text(text)
    held = clickhouse._lock(tmp_path)
    held.seek(0)
    held.truncate()
    held.write(text)
    held.flush()
    with pytest.raises(StoreBusy, match="another process"):
        clickhouse._lock(tmp_path)
    held.close()


def test_a_missing_engine_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "chdb.session", None)
    with pytest.raises(RemitError, match=r"remit\[watch\]"):
        stores.open_store(tmp_path / "data")


def test_a_file_in_place_of_the_directory(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreFault, match="cannot be used as a data directory"):
        open_store(tmp_path / "data")

"""Signals in ClickHouse, embedded (chDB): a MergeTree table in a data directory.

Two limits of the embedded engine shape this module: a directory belongs to one process, and a process to one
directory at a time. Our own lock file stands before the engine's, because it can say who holds the directory.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from remit.app.errors import RemitError
from remit.watch.incidents import identity
from remit.watch.store import StoreBusy, StoreFault
from remit_guard.core.signal import Signal

LOCK_FILE = "remit-watch.lock"
ENGINE_FOLDER = "clickhouse"
#: Rows of one page when reading, and ids of one question: a question must stay below 256 KB of SQL.
PAGE = 5000

#: The columns that people will ask about are their own; ``line`` is the whole signal. Parts are years: by month,
#: one insert of hostile times could make more parts than the engine allows. The id is in the sorting key, so that
#: "is it there?" reads few granules.
_TABLE = """
CREATE TABLE IF NOT EXISTS remit.signals (
    time Int64, id FixedString(16),
    verdict LowCardinality(String), severity LowCardinality(String), rule LowCardinality(String),
    function LowCardinality(String), source LowCardinality(String), sink LowCardinality(String),
    sender String, trace String, invocation String, line String
) ENGINE = MergeTree
PARTITION BY toYear(fromUnixTimestamp64Milli(time, 'UTC'))
ORDER BY (time, id)
"""
_COLUMNS = ("verdict", "severity", "rule", "function", "source", "sink", "sender", "trace", "invocation")


class ClickHouseStore:
    """The store of one data directory.

    Args:
        data: the directory, made when missing, readable by its owner only.

    Raises:
        RemitError: the engine is not installed.
        StoreBusy: another process has the directory.
        StoreFault: the directory cannot be used.
    """

    def __init__(self, data: Path) -> None:
        self.where = str(data)
        self.dropped = 0
        self._data = data
        self._session: Any = None
        try:
            data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _lock(data)
        except OSError as error:
            raise StoreFault(f"{data}: cannot be used as a data directory: {error.strerror}") from error
        try:
            session = _engine()
            self._session = self._guarded(session, str(data / ENGINE_FOLDER))
            self._query("CREATE DATABASE IF NOT EXISTS remit")
            self._query(_TABLE)
        except BaseException:
            self.close()
            raise

    def note(self, url: str) -> None:
        """Writes down where this process answers, for others who find the directory locked."""
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(json.dumps({"pid": os.getpid(), "url": url}))
        self._lock.flush()

    def add(self, signals: Sequence[Signal]) -> list[Signal]:
        """See ``Store.add``."""
        named: dict[str, Signal] = {}
        for signal in signals:
            named.setdefault(identity(signal), signal)
        for name in self._known(named):
            del named[name]
        if named:
            rows = b"\n".join(msgspec.json.encode(_row(name, signal)) for name, signal in named.items())
            self._query("INSERT INTO remit.signals FORMAT JSONEachRow " + rows.decode())
        return list(named.values())

    def since(self, time: int, latest: int | None = None) -> Iterator[Signal]:
        """See ``Store.since``."""
        if latest is not None:
            where = f"time >= {time:d} ORDER BY time DESC LIMIT 1 OFFSET {max(latest - 1, 0):d}"
            edge = self._rows(f"SELECT time FROM remit.signals WHERE {where}")  # noqa: S608  (numbers only)
            time = int(edge[0]["time"]) if edge else time
        last = (time, "")
        while True:
            after = f"time >= {last[0]:d} AND (time, id) > ({last[0]:d}, '{last[1]}')"  # a number and our own hex
            rows = self._rows(f"SELECT time, id, line FROM remit.signals WHERE {after} ORDER BY time, id LIMIT {PAGE}")  # noqa: S608
            for row in rows:
                yield Signal.from_dict(msgspec.json.decode(row["line"]))
            if len(rows) < PAGE:
                return
            last = (int(rows[-1]["time"]), rows[-1]["id"])

    def count(self) -> int:
        """See ``Store.count``."""
        return int(self._rows("SELECT count() AS n FROM remit.signals")[0]["n"])

    def close(self) -> None:
        """See ``Store.close``."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._lock.close()

    def _known(self, named: "dict[str, Signal]") -> list[str]:
        """Which of these ids are stored."""
        found = []
        names = sorted(named, key=lambda name: named[name].time)
        for start in range(0, len(names), PAGE):
            part = names[start : start + PAGE]
            earliest, latest = named[part[0]].time, named[part[-1]].time
            listed = ",".join(f"'{name}'" for name in part)
            where = f"time BETWEEN {earliest:d} AND {latest:d} AND id IN ({listed})"  # numbers and our own hex digits
            found += self._rows(f"SELECT DISTINCT id FROM remit.signals WHERE {where}")  # noqa: S608
        return [row["id"] for row in found]

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        text = self._query(sql, "JSONEachRow").bytes()
        return [msgspec.json.decode(line) for line in text.splitlines() if line]

    def _query(self, sql: str, form: str = "CSV") -> Any:
        if self._session is None:
            raise StoreFault(f"{self._data}: the store is closed")
        return self._guarded(self._session.query, sql, form)

    def _guarded(self, call: Any, *args: Any) -> Any:
        try:
            return call(*args)
        except RuntimeError as error:  # the engine's own error is one
            raise StoreFault(f"{self._data}: {str(error).splitlines()[0][:300]}") from error


def _engine() -> Any:
    try:
        from chdb.session import Session
    except ImportError as error:
        raise RemitError(
            "storing signals needs the embedded database: pip install 'remit[watch]' (or use --memory)"
        ) from error
    return Session


def _lock(data: Path) -> Any:
    """The opened and locked lock file of a data directory."""
    file = (data / LOCK_FILE).open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        text = file.read(4096)
        file.close()
        raise StoreBusy(data, *_holder(text)) from None
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "url": ""}))
    file.flush()
    return file


def _holder(text: str) -> tuple[int, str]:
    """Process and address out of a lock file; what cannot be read is unknown, never a fault."""
    try:
        holder = json.loads(text)
        return int(holder["pid"]), str(holder["url"])
    except (ValueError, KeyError, TypeError):
        return 0, ""


def _row(name: str, signal: Signal) -> dict[str, Any]:
    row: dict[str, Any] = {"time": signal.time, "id": name, "line": msgspec.json.encode(signal.to_dict()).decode()}
    for column in _COLUMNS:
        row[column] = getattr(signal, column)
    return row

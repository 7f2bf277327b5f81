"""Fuzzes the detectors under coverage: no value and no text at a sink may make one fail, or take it long.

    python bench/fuzz_sinks.py [libFuzzer options, such as -max_total_time=600]

Needs atheris in the interpreter that runs it. A crash or a check slower than a second ends the run and leaves its input.
"""

import sys
import time
from pathlib import Path

import atheris  # type: ignore[import-not-found,unused-ignore]

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "packages/remit-guard/src"))

with atheris.instrument_imports():
    from remit_guard.core.source import Field
    from remit_guard.sinks import path, process, score, sql, url
    from remit_guard.sinks.provenance import Provenance

DIALECTS = ("", "sqlite", "postgresql", "mysql", "mssql", "oracle", "partiql")
SLOW_S = 1.0


def one(data: bytes) -> None:
    """One round: a value, put into a text in one of several ways, judged at every sink."""
    given = atheris.FuzzedDataProvider(data)
    dialect = DIALECTS[given.ConsumeIntInRange(0, len(DIALECTS) - 1)]
    how = given.ConsumeIntInRange(0, 3)
    before = given.ConsumeUnicode(64)
    value = given.ConsumeUnicode(512)
    after = given.ConsumeUnicode(64)
    put = (value, value.replace("'", "''"), value.strip().lower(), value[: len(value) // 2])[how]
    text = before + put + after
    known = Provenance([Field("q", value, "http-api")])
    begun = time.process_time()
    sql.inspect(text, known, dialect)
    process.inspect(text, known, shell=True)
    process.inspect([text or "x", value], known, shell=False)
    path.inspect(text, known)
    url.inspect(text, known)
    score.judge(value)
    spent = time.process_time() - begun
    if spent > SLOW_S:
        raise AssertionError(f"{spent:.2f} s")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()

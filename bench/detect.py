"""How good the sink detectors are: true and false positives on labelled rows, and what a check costs.

    python -m bench.detect --data DIR [--json] [--errors SINK]

DIR holds ``sinks.*.jsonl.gz`` (one JSON object a line: ``sink``, ``dialect``, ``query_or_command``, ``untrusted_input``,
``label``, ``technique``, ``context``, ``verbatim``, ``valid``). Figures are fractions, times microseconds.
"""

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from remit_guard.core.source import Field
from remit_guard.sinks.provenance import Provenance

Row = dict[str, Any]


def rows(folder: Path) -> Iterator[Row]:
    files = sorted(folder.glob("sinks.*.jsonl.gz"))
    if not files:
        sys.exit(f"bench.detect: {folder}: no sinks.*.jsonl.gz here")
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def provenance_of(row: Row) -> Provenance:
    return Provenance([Field("queryStringParameters.q", row["untrusted_input"], "http-api")])


def sql(row: Row) -> bool:
    from remit_guard.sinks import sql as sink

    return sink.inspect(row["query_or_command"], provenance_of(row), row["dialect"]) is not None


def shell(row: Row) -> bool:
    from remit_guard.sinks import process

    return process.inspect(row["query_or_command"], provenance_of(row), shell=True) is not None


def path(row: Row) -> bool:
    from remit_guard.sinks import path as sink

    base = row["context"].partition(":")[2]
    return sink.inspect(row["query_or_command"], provenance_of(row), base=base) is not None


def path_without_base(row: Row) -> bool:
    from remit_guard.sinks import path as sink

    return sink.inspect(row["query_or_command"], provenance_of(row)) is not None


def ssrf(row: Row) -> bool:
    from remit_guard.sinks import url

    return url.inspect(row["query_or_command"], provenance_of(row)) is not None


DETECTORS: dict[str, Callable[[Row], bool]] = {"sql": sql, "shell": shell, "path": path, "ssrf": ssrf}


def is_transformed(row: Row) -> bool:
    return str(row["technique"]).startswith("transformed")


def rate(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 5) if hits else float("nan")


def balanced(judged: list[tuple[Row, bool]]) -> float:
    attacks = [hit for row, hit in judged if row["label"] == "attack" and not is_transformed(row)]
    safe = [hit for row, hit in judged if row["label"] == "safe"]
    return round((rate(attacks) + 1 - rate(safe)) / 2, 5)


def measure(data: list[Row]) -> tuple[dict[str, float], dict[str, list[tuple[Row, bool]]]]:
    judged: dict[str, list[tuple[Row, bool]]] = defaultdict(list)
    costs: dict[str, list[float]] = defaultdict(list)
    for row in data:
        detector = DETECTORS.get(row["sink"])
        if detector is None:
            continue
        begin = time.perf_counter()
        hit = detector(row)
        costs[row["sink"]].append((time.perf_counter() - begin) * 1e6)
        judged[row["sink"]].append((row, hit))
    queries = judged["sql"]
    attacks = [(row, hit) for row, hit in queries if row["label"] == "attack"]
    figures = {
        "sql_tpr_parser": rate([hit for row, hit in attacks if row["valid"] and not is_transformed(row)]),
        "sql_tpr_structure": rate([hit for row, hit in attacks if not is_transformed(row)]),
        "sql_tpr_transformed": rate([hit for row, hit in attacks if is_transformed(row)]),
        "sql_fpr": rate([hit for row, hit in queries if row["label"] == "safe"]),
        "shell_ba": balanced(judged["shell"]),
        "path_ba": balanced(judged["path"]),
        "path_ba_without_base": balanced([(row, path_without_base(row)) for row, _ in judged["path"]]),
        "path_tpr_transformed": rate([hit for row, hit in judged["path"] if is_transformed(row)]),
        "ssrf_ba": balanced(judged["ssrf"]),
    }
    figures["sql_check_p50_us"] = check_cost([row for row, _ in queries])
    for name, values in costs.items():
        figures[f"{name}_p50_us"] = round(statistics.median(values), 1)
    return figures, judged


def check_cost(queries: list[Row]) -> float:
    """The cost of one more SQL check in an invocation whose values are already in the index."""
    from remit_guard.sinks import sql as sink

    costs = []
    for row in queries:
        provenance = provenance_of(row)
        provenance.find("SELECT 'x'")
        begin = time.perf_counter()
        sink.inspect(row["query_or_command"], provenance, row["dialect"])
        costs.append((time.perf_counter() - begin) * 1e6)
    return round(statistics.median(costs), 1) if costs else float("nan")


def errors(judged: list[tuple[Row, bool]]) -> Iterator[str]:
    for row, hit in judged:
        if hit != (row["label"] == "attack"):
            shown = {
                key: row[key] for key in ("dialect", "technique", "context", "untrusted_input", "query_or_command")
            }
            yield f"{'false alarm' if hit else 'missed'} {json.dumps(shown, ensure_ascii=False)}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.detect", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with sinks.*.jsonl.gz")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--errors", metavar="SINK", help="print each wrong row of this sink")
    options = parser.parse_args()
    data = list(rows(options.data))
    figures, judged = measure(data)
    if options.errors:
        for line in errors(judged[options.errors]):
            print(re.sub(r"\\u0000", "␀", line))
        return
    if options.json:
        print(json.dumps({"figures": figures, "rows": {name: len(found) for name, found in judged.items()}}))
        return
    for name, value in figures.items():
        print(f"{name:24} {value:10.4f}")


if __name__ == "__main__":
    main()

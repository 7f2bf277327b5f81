"""How good the sink detectors are: true and false positives on labelled rows, and what a check costs.

    python -m bench.detect --data DIR [--json] [--errors SINK] [--no-peers]

DIR holds ``sinks.*.jsonl.gz`` (one JSON object a line: ``sink``, ``dialect``, ``query_or_command``, ``untrusted_input``,
``label``, ``technique``, ``context``, ``verbatim``, ``valid``) and ``inputs.*.jsonl.gz`` (``text``, ``label``, ``cls``,
``cat``). Figures are fractions, times microseconds. Zen, libddwaf and libinjection judge the same rows in the same run, in
an environment of their own; what one has no detector for is left out of its figures.
"""

import argparse
import gzip
import json
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench._peers import PeerError, detector_python
from remit_guard.core.source import Field
from remit_guard.sinks.provenance import Provenance

Row = dict[str, Any]


def rows(folder: Path, kind: str = "sinks") -> Iterator[Row]:
    files = sorted(folder.glob(f"{kind}.*.jsonl.gz"))
    if not files:
        sys.exit(f"bench.detect: {folder}: no {kind}.*.jsonl.gz here")
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


def nosql(row: Row) -> bool:
    text, value = row["query_or_command"], row["untrusted_input"]
    if row["dialect"] == "dynamodb-partiql":
        from remit_guard.sinks import sql as sink

        return sink.inspect(text, provenance_of(row), "partiql") is not None
    if row["dialect"] == "dynamodb-filter-expression":
        from remit_guard.sinks import expression

        return expression.inspect(text.partition(": ")[2], provenance_of(row)) is not None
    from remit_guard.events import open_event
    from remit_guard.sinks import nosql as document

    event = {"q": json.loads(value)}
    known = Provenance(open_event(event).leaves())
    return document.inspect(json.loads(text), known, documents=(event,)) is not None


DETECTORS: dict[str, Callable[[Row], bool]] = {"sql": sql, "shell": shell, "path": path, "ssrf": ssrf, "nosql": nosql}
#: Categories of values that quote code, queries or attack words on purpose; the others are what people really send.
HARD = frozenset(("code", "markdown", "dev_text", "prose_hard", "benign_tech"))


def is_transformed(row: Row) -> bool:
    return str(row["technique"]).startswith("transformed")


def rate(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 5) if hits else float("nan")


def balanced(judged: list[tuple[Row, bool]]) -> float:
    attacks = [hit for row, hit in judged if row["label"] == "attack" and not is_transformed(row)]
    safe = [hit for row, hit in judged if row["label"] == "safe"]
    return round((rate(attacks) + 1 - rate(safe)) / 2, 5)


def sql_figures(queries: list[tuple[Row, bool]]) -> dict[str, float]:
    attacks = [(row, hit) for row, hit in queries if row["label"] == "attack"]
    return {
        "sql_tpr_parser": rate([hit for row, hit in attacks if row["valid"] and not is_transformed(row)]),
        "sql_tpr_structure": rate([hit for row, hit in attacks if not is_transformed(row)]),
        "sql_tpr_transformed": rate([hit for row, hit in attacks if is_transformed(row)]),
        "sql_fpr": rate([hit for row, hit in queries if row["label"] == "safe"]),
    }


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
    figures = {
        **sql_figures(queries),
        "shell_ba": balanced(judged["shell"]),
        "path_ba": balanced(judged["path"]),
        "path_ba_without_base": balanced([(row, path_without_base(row)) for row, _ in judged["path"]]),
        "path_tpr_transformed": rate([hit for row, hit in judged["path"] if is_transformed(row)]),
        "nosql_ba": balanced(judged["nosql"]),
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


def input_figures(data: list[Row], hits: list[bool]) -> dict[str, float]:
    """Class-mean detection and false positives of a judge that sees the inputs alone."""
    classes: dict[str, list[bool]] = defaultdict(list)
    for row, hit in zip(data, hits, strict=True):
        if row["label"] == "attack":
            classes[row["cls"]].append(hit)
    safe = [(row, hit) for row, hit in zip(data, hits, strict=True) if row["label"] == "safe"]
    return {
        "input_tpr_mean": round(statistics.mean(rate(found) for found in classes.values()), 5),
        "input_fpr_all": rate([hit for _, hit in safe]),
        "input_fpr_ordinary": rate([hit for row, hit in safe if row["cat"] not in HARD]),
        **{f"input_tpr_{name}": rate(found) for name, found in sorted(classes.items())},
    }


def inputs_of(data: list[Row]) -> tuple[dict[str, float], list[bool]]:
    """Our own score: its figures, what a look costs, and its answers."""
    from remit_guard.sinks import score

    score.model()
    costs: dict[bool, list[float]] = {True: [], False: []}
    hits = []
    for row in data:
        begin = time.process_time()
        hits.append(score.judge(row["text"]) is not None)
        costs[row["label"] == "safe" and row["cat"] not in HARD].append((time.process_time() - begin) * 1e6)
    figures = input_figures(data, hits)
    for ordinary, spent in costs.items():
        figures[f"input_{'ordinary' if ordinary else 'other'}_p50_us"] = round(statistics.median(spent), 1)
    return figures, hits


def peers(queries: list[Row], inputs: list[Row]) -> dict[str, dict[str, float]]:
    """The figures of the other detectors on the same rows, by their names.

    Raises:
        PeerError: they could not be installed or did not run.
    """
    given = json.dumps({"sinks": queries, "inputs": [row["text"] for row in inputs]})
    child = [detector_python(), str(Path(__file__).with_name("_detect_child.py"))]
    done = subprocess.run(child, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(done.stderr.strip()[-400:])
    found = {}
    for name, answers in json.loads(done.stdout).items():
        judged: dict[str, list[tuple[Row, bool]]] = defaultdict(list)
        for row, hit in zip(queries, answers["sinks"], strict=True):
            if hit is not None:
                judged[row["sink"]].append((row, hit))
        figures = sql_figures(judged["sql"])
        figures |= {f"{sink}_ba": balanced(judged[sink]) for sink in ("shell", "path", "nosql", "ssrf") if judged[sink]}
        if "sql_p50_us" in answers:
            figures["sql_p50_us"] = answers["sql_p50_us"]
        if "inputs" in answers:
            figures |= input_figures(inputs, answers["inputs"])
        found[name] = figures
    return found


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
    parser.add_argument("--no-peers", action="store_true", help="only our own detectors")
    options = parser.parse_args()
    data = list(rows(options.data))
    inputs = list(rows(options.data, "inputs"))
    figures, judged = measure(data)
    scored, hits = inputs_of(inputs)
    figures |= scored
    if options.errors == "input":
        for row, hit in zip(inputs, hits, strict=True):
            if hit != (row["label"] == "attack"):
                print(f"{'false alarm' if hit else 'missed'} {row['cls'] or row['cat']} {row['text'][:200]!r}")
        return
    if options.errors:
        for line in errors(judged[options.errors]):
            print(re.sub(r"\\u0000", "␀", line))
        return
    others: dict[str, dict[str, float]] = {}
    if not options.no_peers:
        try:
            others = peers(data, inputs)
        except PeerError as error:
            print(f"bench.detect: {error}", file=sys.stderr)
            sys.exit(4)
    if options.json:
        counts = {name: len(found) for name, found in judged.items()} | {"inputs": len(inputs)}
        print(json.dumps({"figures": figures, "peers": others, "rows": counts}))
        return
    for name, value in figures.items():
        beside = "  ".join(f"{peer} {found[name]:.4f}" for peer, found in others.items() if name in found)
        print(f"{name:24} {value:10.4f}  {beside}")


if __name__ == "__main__":
    main()

"""Our policy engine against an independent one, case by case.

    python -m bench.iam_oracle --oracle DIR [--second PYTHON] [--cases 4000] [--seed 1] [--show 20] [--json]

``DIR`` is a folder in which ``npm install @cloud-copilot/iam-simulate`` was run. Generated cases (from a seed) and the hand-made
ones of ``scripts/iam_oracle/cases.json`` go through both engines. ``agree`` counts equal verdicts (allowed or not),
``justified`` the differences of a kind that docs/iam-oracle.md explains with its source, ``unexplained`` all others: they
are printed on stderr, and the exit code is 1. Our *maybe* is never equal to a verdict.

``PYTHON`` is an interpreter that has ``localemu`` (``pip install --no-deps localemu``): the second oracle, for the cases
that it has a notion of (``second_*``).
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import _iam_second
from bench._iam_cases import Case, generated, ours, theirs_input
from bench._iam_justified import justified

ROOT = Path(__file__).parent.parent
HARNESS = ROOT / "scripts/iam_oracle/run.cjs"


def main() -> int:
    """Compares, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oracle", type=Path, required=True)
    parser.add_argument("--second", type=Path, help="interpreter that has localemu")
    parser.add_argument("--cases", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="how many unexplained differences to print")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.oracle / "node_modules/@cloud-copilot/iam-simulate").is_dir():
        print(f"no @cloud-copilot/iam-simulate under {options.oracle}", file=sys.stderr)
        return 3
    hand = json.loads((ROOT / "scripts/iam_oracle/cases.json").read_text())
    cases: list[Case] = [*(item["case"] for item in hand), *generated(options.seed, options.cases)]
    answers = _ask(options.oracle, cases)
    cases = [case | {"context": answer["context"]} for case, answer in zip(cases, answers, strict=True)]
    theirs = [answer["verdict"] for answer in answers]
    started = time.process_time()
    mine = [ours(case) for case in cases]
    spent = time.process_time() - started
    counts: Counter[str] = Counter()
    shown = 0
    for case, we, they in zip(cases, mine, theirs, strict=True):
        verdict = "yes" if they == "Allowed" else "no"
        if they.startswith("error"):
            counts["errors"] += 1
            if shown < options.show:
                shown += 1
                print(f"{they}: {json.dumps(case)}", file=sys.stderr)
        elif we.word == verdict:
            counts["agree"] += 1
            counts["agree_allowed"] += verdict == "yes"
        elif reason := justified(case, we.word, verdict):
            counts["justified"] += 1
            counts[f"justified: {reason}"] += 1
        else:
            counts["unexplained"] += 1
            if shown < options.show:
                shown += 1
                print(f"we {we.word} ({we.why}), they {they}: {json.dumps(case)}", file=sys.stderr)
    figures = {
        "cases": len(cases),
        "hand_made": len(hand),
        "agree": counts["agree"],
        "agree_allowed": counts["agree_allowed"],
        "justified": counts["justified"],
        "unexplained": counts["unexplained"],
        "errors": counts["errors"],
        "us_per_case": round(spent / len(cases) * 1e6),
    }
    if options.second is not None:
        figures |= _second(options.second, cases, options.show)
    kinds = {key.removeprefix("justified: "): value for key, value in counts.items() if key.startswith("justified:")}
    if options.json:
        print(json.dumps({"figures": figures, "justified": kinds}))
    else:
        print("\n".join(f"{key:14} {value}" for key, value in (figures | kinds).items()))
    return 1 if counts["unexplained"] or counts["errors"] or figures.get("second_differ") else 0


def _second(python: Path, cases: list[Case], show: int) -> dict[str, int]:
    """The figures of the second oracle; differences are printed."""
    cut = [_iam_second.cut_down(case) for case in cases if _iam_second.is_supported(case)]
    differ = allowed = 0
    for case, they in zip(cut, _iam_second.ask(python, cut), strict=True):
        we = ours(case)
        allowed += we.word == they == "yes"
        if we.word != they:
            differ += 1
            if differ <= show:
                print(f"second: we {we.word} ({we.why}), they {they}: {json.dumps(case)}", file=sys.stderr)
    agree = len(cut) - differ
    return {"second_cases": len(cut), "second_agree": agree, "second_agree_allowed": allowed, "second_differ": differ}


def _ask(oracle: Path, cases: list[Case]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(theirs_input(case)) + "\n" for case in cases)
    done = subprocess.run(
        ["node", str(HARNESS), str(oracle)], input=lines, capture_output=True, text=True, check=True, timeout=600
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    sys.exit(main())

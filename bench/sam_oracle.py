"""Remit's reading of SAM templates against what aws-sam-translator makes of them.

    python -m bench.sam_oracle --data DIR [--data DIR] [--show 20] [--json]

Every SAM template below ``DIR`` is read twice: as it stands, and as the CloudFormation template into which the translator
turns it. Both must give the same facts: resources, functions with their environment and merged Globals, roles with their
grants, triggers with who can send and what checks them, resource policies. A difference is *justified* only when it falls
under an entry of ``bench/_sam_justified.py``, each of which docs/sam-oracle.md explains and a test shows; all others are
*unexplained*: they are printed on stderr, and the exit code is 1.
"""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from bench._sam_facts import Fact, facts
from bench._sam_justified import Pair, justified
from bench._sam_translate import RefusedError, load, templates, translate
from remit.app.model import App
from remit.read.document import Document

ROOT = Path(__file__).parent.parent


class Verdict(NamedTuple):
    """What came of one template: ``refused``, ``equal`` or ``different``, with the differences by their kind."""

    path: str
    word: str
    reasons: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()


def compare(path: Path) -> Verdict:
    """Reads one template both ways."""
    ours, broken = read(path)
    try:
        template = load(path)
        made = translate(template, path.parent)
    except RefusedError as error:
        return Verdict(str(path), "refused" if broken else "refused_by_translator", (str(error),))
    if broken or ours is None:
        return Verdict(str(path), "different", (), tuple(broken) or ("not read as a template",))
    theirs = read_output(made, path.parent)
    pair = Pair(template, made, ours, theirs)
    mine, their = facts(ours), facts(theirs)
    reasons: set[str] = set()
    unexplained: list[str] = []
    for side, difference in (("-", their - mine), ("+", mine - their)):
        for fact in sorted(difference):
            reason = justified(pair, side, fact)
            if reason:
                reasons.add(reason)
            else:
                unexplained.append(_line(side, fact))
    word = "different" if unexplained else "equal"
    return Verdict(str(path), word, tuple(sorted(reasons)), tuple(unexplained))


def read(path: Path) -> tuple[App | None, list[str]]:
    """A template as Remit reads it by itself, nested templates left aside; with what it could not read."""
    from remit.read.document import Malformed, parse

    try:
        document = parse(path.read_bytes(), json=path.suffix in (".json", ".template"))
        return _built(document, path.name, path.parent), []
    except Malformed as error:
        return None, [error.why]


def read_output(made: dict[str, Any], folder: Path) -> App:
    """What the translator made, as Remit reads plain CloudFormation that may include local files."""
    from remit.read.document import parse

    return _built(parse(json.dumps(made).encode(), json=True), "template.json", folder)


def _built(document: Document, name: str, folder: Path) -> App:
    from remit.read.build import build
    from remit.read.document import Raw, parse

    def include(path: str) -> tuple[str, Raw] | None:
        file = folder / path
        return (path, parse(file.read_bytes(), json=path.endswith(".json")).root) if file.is_file() else None

    return build(document, name, folder.name, include)[0]


def _line(side: str, fact: Fact) -> str:
    return f"{side} {fact.kind} {fact.subject}: {fact.text}"


def _quiet() -> None:
    logging.disable(logging.CRITICAL)


def main() -> int:
    """Compares, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--show", type=int, default=20, help="how many unexplained differences to print")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    paths = [path for folder in options.data for path in templates(folder)]
    if not paths:
        print("no SAM templates there", file=sys.stderr)
        return 3
    started = time.monotonic()
    with ProcessPoolExecutor(options.jobs, initializer=_quiet) as pool:
        verdicts = list(pool.map(compare, paths, chunksize=8))
    words = Counter(verdict.word for verdict in verdicts)
    reasons = Counter(
        reason for verdict in verdicts if verdict.word in ("equal", "different") for reason in verdict.reasons
    )
    shown = 0
    for verdict in verdicts:
        for line in verdict.unexplained:
            shown += 1
            if shown <= options.show:
                print(f"{verdict.path}\t{line}", file=sys.stderr)
    figures = {
        "templates": len(paths),
        "refused_by_both": words["refused"],
        "refused_by_translator": words["refused_by_translator"],
        "compared": words["equal"] + words["different"],
        "equal": sum(verdict.word == "equal" and not verdict.reasons for verdict in verdicts),
        "justified": sum(verdict.word == "equal" and bool(verdict.reasons) for verdict in verdicts),
        "unexplained": words["different"],
        "unexplained_differences": sum(len(verdict.unexplained) for verdict in verdicts),
        "wall_s": round(time.monotonic() - started, 1),
    }
    if options.json:
        print(json.dumps({"figures": figures, "justified": dict(sorted(reasons.items()))}))
    else:
        print("\n".join(f"{key:26} {value}" for key, value in (figures | dict(sorted(reasons.items()))).items()))
    return 1 if figures["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())

"""How exact the derived least privilege is, against what public functions really need.

    python -m bench.lock --data functions.jsonl --repos DIR [--language python] [--misses] [--json]

One row of the data is one function: its template, the actions it needs at least, and the declared resources that cover
each. ``DIR`` holds checkouts named ``owner+name`` at the row's commit; rows whose files are absent are left out and counted.

``action_recall`` and ``action_precision`` are over all needed and derived actions of all functions, ``exact_set`` is the share
of functions with every needed action and no other. Actions a row calls optional (polling, logs) count neither way, and an
action on an unresolved resource is a derived action: it is in the lock, by name. ``resource_exact_of_resolvable``: of the
needed actions whose declared resource is narrower than ``*`` and can be known (an environment variable of the function
names it, or it is literal), the share where every resource we derived lies within the declared one. ``silent_empty``
counts functions for which the lock says neither a call nor that something is unresolved. Time is CPU time, reading
included; the packaged data is loaded before.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from remit import flow, iam, read
from remit.app.location import Location
from remit.app.model import App, Grant
from remit.app.need import FunctionRemit
from remit.app.value import Ref, Text, Value, join
from remit.iam import catalog
from remit.iam.arns import shape_of

Row = dict[str, Any]
_PEER = "iam-policy-autopilot"


@dataclass(slots=True)
class Score:
    """Sums over rows."""

    functions: int = 0
    hits: int = 0
    extra: int = 0
    missed: int = 0
    exact: int = 0
    slots: int = 0
    slots_exact: int = 0
    silent: int = 0
    seconds: float = 0.0
    absent: int = 0
    faults: int = 0
    misses: list[str] = field(default_factory=list)


def main() -> int:
    """Scores every row, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--language", help="only rows of this language")
    parser.add_argument("--misses", action="store_true", help="name what was missed, on stderr")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text().splitlines() if line.strip()]
    rows = [row for row in rows if not options.language or row["language"] == options.language]
    score = Score()
    catalog.document()
    for row in rows:
        folder = options.repos / row["repo"].replace("/", "+")
        if not (folder / row["template"]).is_file():
            score.absent += 1
            continue
        _row(score, row, folder)
    figures = _figures(score)
    notes = [f"{score.absent} of {len(rows)} rows left out: no checkout"] if score.absent else []
    if shutil.which(_PEER):
        figures["autopilot_seconds_per_function"] = _peer_seconds(rows, options.repos)
    else:
        notes.append(f"{_PEER} is not installed: not compared")
    if options.misses:
        print("\n".join(score.misses), file=sys.stderr)
    if options.json:
        print(json.dumps({"figures": figures, "notes": notes}, indent=2))
    else:
        print("\n".join([*(f"{name:32} {value:g}" for name, value in figures.items()), *notes]))
    return 0


def _row(score: Score, row: Row, folder: Path) -> None:
    score.functions += 1
    begun = time.process_time()
    found = _derived(row, folder)
    score.seconds += time.process_time() - begun
    if found is None:
        score.faults += 1
        score.misses.append(f"{row['id']}: the template has no such function, or cannot be read")
        app, remit = App("", "", ""), FunctionRemit(row["function"])
    else:
        app, remit = found
    _actions(score, row, remit)
    _slots(score, row, app, remit)
    if not remit.of("calls") and not any(item.verb in ("calls", "code") for item in remit.unresolved):
        score.silent += 1


def _derived(row: Row, folder: Path) -> tuple[App, FunctionRemit] | None:
    """The app of a row and the remit of its function; the template is read from the folder that its code lies in."""
    template = folder / row["template"]
    reading = read.load(template)
    name = _logical(row)
    function = next((found for app in reading.apps if (found := app.function(name))), None)
    if function is not None and function.code is not None and function.code.startswith(".."):
        # The code lies beside the template's folder: read from the folder that holds both.
        places = (template.parent.resolve(), (template.parent / function.code).resolve())
        reading = read.load(Path(os.path.commonpath(places)))
    for app in reading.apps:
        function = app.function(name)
        if function is not None and (reading.root / app.template).resolve() == template.resolve():
            analysis = flow.analyse(app, function, read.code_of(reading.root, function))
            return app, iam.derive(app, function, analysis)
    return None


def _logical(row: Row) -> str:
    """The id of a row's function: that of the resource which the Serverless Framework makes of its name."""
    name = str(row["function"])
    if row["framework"] != "sls":
        return name
    # https://www.serverless.com/framework/docs/providers/aws/guide/resources: normalised, and with what it is behind.
    plain = name.replace("-", "Dash").replace("_", "Underscore")
    return f"{plain[:1].upper()}{plain[1:]}LambdaFunction"


def _actions(score: Score, row: Row, remit: FunctionRemit) -> None:
    derived = {str(need.what) for need in remit.of("calls")}
    derived |= {item.what for item in remit.unresolved if item.verb == "calls" and catalog.spelled(item.what)}
    minimal, optional = set(row["minimal_actions"]), set(row["optional_actions"])
    extra, missed = derived - minimal - optional, minimal - derived
    score.hits += len(derived & minimal)
    score.extra += len(extra)
    score.missed += len(missed)
    score.exact += not extra and not missed
    if extra or missed:
        said = "; ".join(f"{item.what}: {item.why}" for item in remit.unresolved if item.verb in ("calls", "code"))
        score.misses.append(f"{row['id']}: missed {sorted(missed)} extra {sorted(extra)} [{said}]")


def _slots(score: Score, row: Row, app: App, remit: FunctionRemit) -> None:
    for action in row["minimal_actions"]:
        declared = row["minimal_resources"].get(action, [])
        if row["resource_class"].get(action) == "any" or not _is_resolvable(declared, row["env"]):
            continue
        score.slots += 1
        ours = [need.on for need in remit.of("calls") if need.what == action]
        grant = Grant("Allow", (action,), tuple(_value(app, text) for text in declared), Location(row["template"]))
        if ours and all(iam.allows([grant], action, _bare(app, on), app).allowed for on in ours):
            score.slots_exact += 1
        else:
            said = [f"{item.why}" for item in remit.unresolved if item.what == action]
            shown = [str(on) for on in ours]
            score.misses.append(f"{row['id']}: {action} on {declared}: ours {shown} unresolved {said}")


_NAME = re.compile(r"\{(?!AWS::)([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}")


def _is_resolvable(declared: list[str], env: dict[str, str]) -> bool:
    named = {name for text in declared for name, _ in _NAME.findall(text)}
    if not named:
        return True
    return bool(named & {name for text in env.values() if isinstance(text, str) for name, _ in _NAME.findall(text)})


_PART = re.compile(r"\$?\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}")


def _value(app: App, text: str) -> Value:
    """A declared resource as a value. The data writes ``{X}`` for ``Ref`` and ``GetAtt``: at the beginning it is an ARN."""
    parts: list[Value] = []
    end = 0
    for match in _PART.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        whole = match.start() == 0 and shape_of(app, match.group(1)) is not None
        parts.append(Ref(match.group(1), "Arn" if whole else match.group(2) or ""))
    parts.append(text[end:])
    return join(parts)


def _bare(app: App, value: Value) -> Value:
    """What we derived, with ``GetAtt`` written as ``Ref`` where the data does not tell them apart."""
    if isinstance(value, Ref) and shape_of(app, value.target) is None:
        return Ref(value.target)
    if isinstance(value, Text):
        return join([_bare(app, part) for part in value.parts])
    return value


def _figures(score: Score) -> dict[str, float]:
    return {
        "functions": score.functions,
        "action_recall": _share(score.hits, score.hits + score.missed),
        "action_precision": _share(score.hits, score.hits + score.extra),
        "exact_set": _share(score.exact, score.functions),
        "resource_slots_resolvable": score.slots,
        "resource_exact_of_resolvable": _share(score.slots_exact, score.slots),
        "silent_empty": score.silent,
        "not_read": score.faults,
        "seconds_per_function": _share(score.seconds, score.functions),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _peer_seconds(rows: list[Row], repos: Path) -> float:
    """Mean wall time of the peer on the same rows; whatever it answers, it is only timed here."""
    begun, count = time.monotonic(), 0
    for row in rows:
        files = [repos / row["repo"].replace("/", "+") / item["path"] for item in row["code_files"]]
        if all(file.is_file() for file in files):
            count += 1
            subprocess.run(
                [_PEER, "generate-policies", *map(str, files)], capture_output=True, check=False, timeout=120
            )
    return _share(time.monotonic() - begun, count)


if __name__ == "__main__":
    sys.exit(main())

"""How much of real repositories the app graph gets: handlers located, environment variables resolved, time.

    python -m bench.graph --data DIR [--data DIR] [--jobs 2] [--list] [--json]

``DIR`` is one repository or a folder of projects; every project is read as ``remit scan`` reads it. Which functions have
code, and whether the named handler is really defined in the file that was found, is checked on the files themselves; which
variables name a resource is read off the raw text by ``bench/_graph_raw.py``, so that what Remit fails to see still counts.
Exit code 1 when anything crashed.
"""

import argparse
import ast
import json
import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from bench._graph_raw import Mention, mentions
from remit.app.model import App, Function
from remit.app.value import Text, Unknown, refs
from remit.read import load
from remit.read.discover import SKIPPED_FOLDERS
from remit.read.files import code_of, handler_of

_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")


class Unit(NamedTuple):
    """What one project gave."""

    path: str
    counts: dict[str, int]
    forms: dict[str, int]
    unlocated: list[str]
    unresolved: list[str]
    failures: list[str]
    cpu_s: float


def units(root: Path) -> list[Path]:
    """The projects of a folder: the folder itself when it has templates at its top, else each folder in it."""
    names = sorted(os.listdir(root))
    top = ("template.", "serverless.", "cdk.json", "main.tf")
    if any(name.startswith(top) for name in names):
        return [root]
    folders = [root / name for name in names if (root / name).is_dir() and not name.startswith(".")]
    return folders or [root]


def measure(path: str) -> Unit:
    """Reads one project and checks what came of it."""
    started = time.process_time()
    root = Path(path)
    reading = load(root)
    counts: Counter[str] = Counter(templates=len(reading.apps))
    forms = Counter(app.form for app in reading.apps)
    unlocated: list[str] = []
    known: dict[Any, Any] = {}
    for app in reading.apps:
        for function in app.functions:
            counts["functions"] += 1
            if not function.language:
                counts["functions_in_other_languages"] += 1
                continue
            if not _has_local_code(function):
                continue
            if not _is_there(root, function):
                # The template names a folder or archive that the project lacks, and nothing lies where it would be.
                counts["code_not_in_project"] += 1
                unlocated.append(f"{path}/{app.template}: {app.form} {function.id}: {function.code} is not there")
                continue
            counts["functions_with_local_code"] += 1
            why = _why_unlocated(root, function, known)
            if why:
                unlocated.append(f"{path}/{app.template}: {app.form} {function.id}: {why}")
            else:
                counts["handlers_located"] += 1
    seen, resolved = _variables(reading.apps)
    unresolved: list[str] = []
    templates = {app.template for app in reading.apps}
    for mention in _mentions(root, templates):
        counts["resource_env"] += 1
        if (mention.file, mention.line, mention.name) in resolved:
            counts["resource_env_resolved"] += 1
        else:
            said = seen.get((mention.file, mention.line, mention.name), "no such variable in the graph")
            unresolved.append(f"{path}/{mention.file}:{mention.line} {mention.name}: {mention.text[:90]} -> {said}")
    if (root / "cdk.json").exists() or any(root.glob("*/cdk.json")):
        counts["cdk_projects"] += 1
        counts["cdk_not_synthesised"] += not any(app.form == "CDK" for app in reading.apps)
    failures = [f"{path}/{failure.what}: {failure.why}" for failure in reading.failures]
    return Unit(path, dict(counts), dict(forms), unlocated, unresolved, failures, time.process_time() - started)


def _has_local_code(function: Function) -> bool:
    return function.inline is not None or function.code is not None


def _is_there(root: Path, function: Function) -> bool:
    """Whether a function's code is in the project: in the template, a file or folder, or sources beside an archive."""
    if function.inline is not None:
        return True
    code = root / (function.code or ".")
    if not code.resolve().is_relative_to(root.resolve()):
        return False
    sources = (*_SCRIPTS, ".py")
    beside = code.suffix in (".zip", ".jar") and code.parent.is_dir()
    return code.exists() or (beside and any(file.suffix in sources for file in code.parent.iterdir()))


def _why_unlocated(root: Path, function: Function, known: dict[Any, Any]) -> str:
    """Why the handler is not where Remit says it is; ``""`` when it is."""
    tree = code_of(root, function, known)
    located = handler_of(tree, function)
    if located is None:
        return f"{function.handler}: no module in {function.code} ({len(tree.files)} files)"
    text = tree.files[located.file]
    if not _defines(text, located.name.partition(".")[0], located.file):
        return f"{function.handler}: {located.file} does not define {located.name}"
    return ""


def _defines(text: str, name: str, file: str) -> bool:
    """Whether a module really has a name: looked at anew, without what Remit found."""
    if file.endswith(_SCRIPTS):
        word = re.escape(name)
        return re.search(rf"\bexports?\b[^;]*?\b{word}\b|\b{word}\b[^;]*?\bexports?\b", text) is not None or (
            re.search(r"module\.exports\s*=\s*(?:require|[A-Za-z_$][\w$.]*\()|export\s+\*|__exportStar", text)
            is not None
        )
    try:
        tree = ast.parse(text.lstrip("\ufeff"))
    except (SyntaxError, ValueError):
        return re.search(rf"\b{re.escape(name)}\b", text) is not None
    return any(name in _bound(node) for node in ast.walk(tree))


def _bound(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    return set()


Place = tuple[str, int, str]


def _variables(apps: tuple[App, ...]) -> tuple[dict[Place, str], set[Place]]:
    """Every variable of the graph by its place: its value as text, and which ones name a resource of their App."""
    seen: dict[Place, str] = {}
    resolved: set[Place] = set()
    for app in apps:
        names = {str(resource.name): resource.id for resource in app.resources.values() if resource.name is not None}
        for function in app.functions:
            for name, node in function.environment.items():
                at = node.key or node.location
                place = (at.file, at.line, name)
                value = node.plain()
                seen[place] = str(value)
                known = any(ref.target in app.resources or app.function(ref.target) for ref in refs(value))
                literal = isinstance(value, str | Text) and str(value) in names
                if known or literal or (isinstance(value, Unknown) and value.why in names):
                    resolved.add(place)
    return seen, resolved


def _mentions(root: Path, templates: set[str]) -> list[Mention]:
    found = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in SKIPPED_FOLDERS or name == "cdk.out"]
        for name in files:
            path = Path(folder, name)
            file = path.relative_to(root).as_posix()
            if path.suffix == ".tf" or file in templates or name.startswith("serverless."):
                found += list(mentions(path, file))
    return found


def main() -> int:
    """Measures, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print what was not located, not resolved, not read")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    paths = [str(unit) for folder in options.data for unit in units(folder)]
    started = time.monotonic()
    with ProcessPoolExecutor(options.jobs) as pool:
        futures: dict[str, Future[Unit]] = {path: pool.submit(measure, path) for path in paths}
        errors = {path: future.exception() for path, future in futures.items()}
    wall = time.monotonic() - started
    done = [futures[path].result() for path, error in errors.items() if error is None]
    counts: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    for unit in done:
        counts.update(unit.counts)
        forms.update(unit.forms)
    crashed = {path: error for path, error in errors.items() if error is not None}
    names = ["functions", "functions_with_local_code", "handlers_located", "resource_env", "resource_env_resolved"]
    figures: dict[str, Any] = {"templates": counts["templates"], "crashed": len(crashed)}
    figures |= {name: counts[name] for name in names} | {"wall_s": round(wall, 1)}
    more = {
        "projects": len(paths),
        "templates_not_read": sum(len(unit.failures) for unit in done),
        "functions_in_other_languages": counts["functions_in_other_languages"],
        "code_not_in_project": counts["code_not_in_project"],
        "cdk_projects": counts["cdk_projects"],
        "cdk_not_synthesised": counts["cdk_not_synthesised"],
        "cpu_s": round(sum(unit.cpu_s for unit in done), 1),
        "templates_per_s": round(counts["templates"] / wall, 1),
    }
    for path, error in crashed.items():
        print(f"crashed: {path}: {type(error).__name__}: {error}", file=sys.stderr)
    if options.list:
        for unit in done:
            for title, lines in (("code", unit.unlocated), ("env", unit.unresolved), ("read", unit.failures)):
                for line in lines:
                    print(f"{title}: {line}", file=sys.stderr)
    if options.json:
        print(json.dumps({"figures": figures, "more": more, "forms": dict(forms)}))
    else:
        print("\n".join(f"{key:30} {value}" for key, value in (figures | more | dict(forms)).items()))
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())

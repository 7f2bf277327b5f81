"""Builds the secret patterns in the wheel from the Betterleaks rule catalogue (MIT; see NOTICE).

    python scripts/build_secret_rules.py betterleaks.toml

Takes id, description, expression, keywords and the entropy floor of each rule; leaves out live validation (Remit never
talks to a provider), rules about file names, and the generic ``name = value`` rule, whose job our own context rule in
``remit.read.secrets`` does with fewer false alarms.
"""

import json
import lzma
import re
import sys
import tomllib
import warnings
from pathlib import Path

TARGET = Path(__file__).parent.parent / "packages/remit/src/remit/read/data/secret_rules.json.xz"
LEFT_OUT = {"generic-api-key", "curl-auth-header", "curl-auth-user", "kubernetes-secret-yaml"}
ENTROPY_FLOOR = re.compile(r'entropy\(finding\["secret"\]\)\s*<=?\s*([0-9.]+)')


def to_python(expression: str) -> str:
    """Rewrites an RE2 expression for ``re``: flags in the middle become a group to the end of their own group."""
    expression = expression.replace(r"\z", r"\Z")
    while match := re.search(r"(?<=.)\(\?([a-z]+)\)", expression):
        start, end = match.span()
        close = _end_of_group(expression, end)
        expression = f"{expression[:start]}(?{match[1]}:{expression[end:close]}){expression[close:]}"
    return expression


def _end_of_group(expression: str, at: int) -> int:
    depth, in_class = 0, False
    while at < len(expression):
        char = expression[at]
        if char == "\\":
            at += 2
            continue
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            depth += 1
        elif char == ")":
            if depth == 0:
                return at
            depth -= 1
        at += 1
    return at


def main() -> None:
    """Reads the catalogue named on the command line and writes the data file; says what was left out."""
    catalogue = tomllib.loads(Path(sys.argv[1]).read_text())
    rules, dropped = [], []
    warnings.simplefilter("error")  # an expression that Python may one day read differently is left out
    for rule in catalogue["rules"]:
        if rule["id"] in LEFT_OUT or "regex" not in rule or "path" in rule or rule.get("skipReport"):
            dropped.append(rule["id"])
            continue
        expression = to_python(rule["regex"])
        try:
            re.compile(expression)
        except (re.error, FutureWarning) as error:
            dropped.append(f"{rule['id']} ({error})")
            continue
        floor = ENTROPY_FLOOR.search(rule.get("filter", ""))
        rules.append([rule["id"], expression, rule["keywords"], float(floor[1]) if floor else 0.0])
    TARGET.parent.mkdir(exist_ok=True)
    text = json.dumps({"source": "betterleaks, MIT", "rules": rules}, separators=(",", ":"))
    TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{len(rules)} rules, {TARGET.stat().st_size} bytes; left out: {', '.join(dropped)}\n")


if __name__ == "__main__":
    main()

"""Writes docs/rules/*.md from the docstrings of the rules, and docs/rules/README.md with one line for each.

Run it after a rule changed: ``python scripts/build_docs.py``. A test compares what is written with the docstrings.
"""

import sys
from pathlib import Path

from remit import rules

HOME = Path(__file__).parent.parent / "docs" / "rules"


def pages() -> dict[str, str]:
    """File name to text, for every page."""
    found = {f"{name}.md": page(name) for name in rules.ids()}
    return {"README.md": index(), **found}


def page(name: str) -> str:
    """The page of one rule."""
    rule = rules.load(name)
    facts = [f"severity {rule.severity.word}", f"{rule.persona.word} persona", *rule.standards]
    return f"# {rule.id}\n\n*{rule.title} · {' · '.join(facts)}*\n\n{rules.page(name).strip()}\n"


def index() -> str:
    """The list of all rules."""
    found = sorted(map(rules.load, rules.ids()), key=lambda rule: (rule.persona, -rule.severity, rule.id))
    rows = "\n".join(
        f"| [{rule.id}]({rule.id}.md) | {rule.title} | {rule.severity.word} | {rule.persona.word} |" for rule in found
    )
    return f"# Rules\n\n| rule | what is wrong | severity | persona |\n|---|---|---|---|\n{rows}\n"


def main() -> int:
    """Writes every page, and removes pages of rules that are gone; with ``--check`` only says which are not current."""
    HOME.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    if "--check" in sys.argv[1:]:
        there = {path.name: path.read_text("utf-8") for path in HOME.glob("*.md")}
        stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
        for name in stale:
            sys.stderr.write(f"docs/rules/{name} is not what its rule says: make docs\n")
        return 1 if stale else 0
    for old in HOME.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (HOME / name).write_text(text, "utf-8")
    sys.stderr.write(f"{len(wanted)} pages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

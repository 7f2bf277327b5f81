"""``remit explain``: a rule's page, as written in its own file."""

import click

from remit import rules
from remit.app.errors import RemitError
from remit.cli import _options

_EPILOG = """\b
Examples:
  remit explain                           every rule, one line each
  remit explain shell-injection
"""


@click.command("explain", epilog=_EPILOG)
@click.argument("rule", required=False)
@click.option("--no-color", is_flag=True, envvar="REMIT_NO_COLOR", help="No colours, not even on a terminal.")
def command(rule: str | None, *, no_color: bool) -> int:
    """Explain a rule: what it finds, why it matters, how to mend it."""
    colour = _options.colour_wanted(no_color=no_color)
    _options.write_result(_all(colour=colour) if rule is None else _page(rule, colour=colour), None)
    return 0


def _all(*, colour: bool) -> str:
    from remit.render._ink import Ink

    ink = Ink(colour)
    known = [rules.load(name) for name in rules.ids()]
    width = max(len(rule.id) for rule in known)
    lines = []
    for rule in sorted(known, key=lambda rule: (rule.persona, -rule.severity, rule.id)):
        persona = f"  ({rule.persona.word})" if rule.persona else ""
        severity = ink.severity(rule.severity, rule.severity.word.ljust(8))
        lines.append(f"{severity}  {rule.id:<{width}}  {rule.title}{persona}")
    lines.append(f"\n{len(known)} rules · remit explain RULE shows one")
    return "\n".join(lines) + "\n"


def _page(name: str, *, colour: bool) -> str:
    from remit.render._ink import Ink

    if name not in rules.ids():
        from difflib import get_close_matches

        begun = [known for known in rules.ids() if name and name.lower() in known]
        shared = [known for known in rules.ids() if set(name.split("-")) & set(known.split("-"))]
        close = begun or get_close_matches(name, rules.ids(), n=3, cutoff=0.6) or shared
        hint = f"; did you mean {' or '.join(close[:3])}?" if close else "; remit explain lists all rules"
        raise RemitError(f'there is no rule "{name}"{hint}')
    ink = Ink(colour)
    rule = rules.load(name)
    head = f"{ink.severity(rule.severity, rule.severity.word)}[{rule.id}]  {ink('bold', rule.title)}"
    body = "\n".join(
        ink("bold", line.removeprefix("## ")) if line.startswith("## ") else line
        for line in rules.page(name).strip().splitlines()
    )
    persona = "" if not rule.persona else f" · seen by the {rule.persona.word} persona"
    return f"{head}\n{' · '.join(rule.standards)}{persona}\n\n{body}\n"

"""Rules: one file each. The module's docstring is its documentation page, the examples in it are its tests.

A rule module defines ``RULE``. Nothing else registers it: the folder is the registry. The file is named like the
rule, with underscores: ``shell_injection.py`` holds ``shell-injection``.

The docstring's form, which ``remit explain`` prints and docs/rules/ is generated from: one sentence that says what is
wrong; then Markdown with the headings ``## What it finds``, ``## Why it matters``, ``## How to mend it``, ``## Bad``
and ``## Good``. Under the last two, each fenced block names its language and its file (three back-quotes, then
``yaml template.yaml`` or ``python app.py``); the blocks under one heading are an app. In the *bad* app this rule must
report something, in the *good* one nothing (checked for every rule by one test).
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache

from remit.app.facts import Facts
from remit.app.noun import Struct
from remit.app.report import Finding, Persona, Severity


class Rule(Struct, frozen=True):
    """One check.

    Args:
        id: kebab-case, the file's name.
        title: what is wrong, a short noun phrase.
        severity: of a typical finding; a finding may differ.
        standards: ids out of docs/standards.md, e.g. ``("CWE-78", "OWASP-S1", "SAS-01")``.
        check: facts in, findings out; pure.
        persona: the first persona that sees its findings.
    """

    id: str
    title: str
    severity: Severity
    standards: tuple[str, ...]
    check: Callable[[Facts], Iterator[Finding]]
    persona: Persona = Persona.REGULAR


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """Every rule's id, sorted; no rule is loaded."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in names if not name.startswith("_")))


def load(rule: str) -> Rule:
    """One rule by its id.

    Raises:
        KeyError: there is no such rule.
    """
    if rule not in ids():
        raise KeyError(rule)
    found: Rule = importlib.import_module(f"{__name__}.{rule.replace('-', '_')}").RULE
    return found


def page(rule: str) -> str:
    """The documentation page of a rule: its module's docstring.

    Raises:
        KeyError: there is no such rule.
    """
    if rule not in ids():
        raise KeyError(rule)
    return importlib.import_module(f"{__name__}.{rule.replace('-', '_')}").__doc__ or ""

"""One finding for all of an app's resources that lack the same thing: an auditor wants the list, not a page for each."""

from collections.abc import Iterable, Iterator

from remit.app.location import Location
from remit.app.noun import Struct
from remit.app.report import Finding, Fix, Hop, Persona, Severity


class Lack(Struct, frozen=True):
    """What a rule says of everything that lacks something.

    Args:
        rule: its id.
        one: completes the name of a single resource: ``is not recorded``.
        many: completes "and 3 more": ``are not recorded``.
        label: what the carets under the first say.
        fix: an imperative sentence.
        persona: who sees it.
        severity: how bad.
    """

    rule: str
    one: str
    many: str
    label: str
    fix: str
    persona: Persona = Persona.AUDITOR
    severity: Severity = Severity.INFO


def together(lack: Lack, lacking: Iterable[tuple[str, Location]]) -> Iterator[Finding]:
    """One finding at the first, with all others as related places; none when nothing lacks it."""
    found = list(dict.fromkeys(lacking))
    if not found:
        return
    (name, location), *rest = found
    yield Finding(
        rule=lack.rule,
        severity=lack.severity,
        confidence="high",
        message=f"{name} and {len(rest)} more {lack.many}" if rest else f"{name} {lack.one}",
        location=location,
        label=lack.label,
        related=tuple(Hop(place, f"{other} too") for other, place in rest),
        resource=name,
        fixes=(Fix(lack.fix),),
        persona=lack.persona,
        content=" ".join(other for other, _ in found),
    )

"""What there is to say about one function, beside its place in the picture."""

from remit.app.facts import Facts
from remit.app.model import Function
from remit.app.report import Finding
from remit.app.value import refs
from remit.graph.draft import Draft
from remit.graph.nouns import Card
from remit.graph.power import power
from remit.graph.uses import Use


def card(
    facts: Facts,
    function: Function,
    findings: tuple[Finding, ...],
    letters: tuple[str, ...],
    uses: tuple[Use, ...],
    draft: Draft,
) -> Card:
    """The card of one function.

    Args:
        facts: what is known about the app.
        function: one of its functions.
        findings: about this function, places as shown.
        letters: of the attack paths that end in it.
        uses: what it touches.
        draft: the picture, for places.
    """
    from remit import iam

    app = facts.app
    role = app.role_of(function)
    bare, reach, reached = draft.reach(role) if role is not None else (None, (), {})
    remit = facts.remits.get(function.id)
    needed = {str(need.what) for need in remit.of("calls")} if remit is not None else set()
    granted = -1
    if role is not None and (role.grants or not role.opaque):
        platform = {str(need.what) for need in iam.platform_needs(app, function, remit)} if remit is not None else set()
        granted = len(iam.granted(role) - (platform - needed))
    return Card(
        function=function.id,
        handler=function.handler,
        runtime=function.runtime,
        code=function.code or "",
        location=draft.place(function.location),
        language=function.language,
        role=role.id if role is not None else "",
        role_shared=len(role.functions) if role is not None else 0,
        power=power(app, bare, reach, reached),
        reach=reach,
        opaque=tuple(name for name, _ in role.opaque) if role is not None else (),
        needed=len(needed) if remit is not None else -1,
        granted=granted,
        environment=tuple((name, _meant(facts, node.plain())) for name, node in function.environment.items()),
        uses=tuple((use.node, use.verbs, draft.place(use.location) if use.location else None) for use in uses),
        unresolved=tuple(
            (f"{item.verb} {item.what}: {item.why}", draft.place(item.because))
            for item in (remit.unresolved if remit else ())
        ),
        attacks=letters,
        findings=findings,
        gap=_gap(facts, function),
    )


def _meant(facts: Facts, value: object) -> str:
    for ref in refs(value):  # type: ignore[arg-type]
        if ref.target in facts.app.resources or facts.app.function(ref.target) is not None:
            return ref.target
    return ""


def _gap(facts: Facts, function: Function) -> str:
    analysis = facts.analyses.get(function.id)
    if analysis is None:
        return "its code was not read"
    if analysis.handler is None:
        return next((skip.why for skip in analysis.skips if skip.blind), "its handler was not found")
    return ""

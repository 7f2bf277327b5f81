"""What an examination brings to light: findings, skips and failures, three different things everywhere."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.scale import Persona, Severity

__all__ = ["Edit", "Failure", "Finding", "Fix", "Hop", "Persona", "Severity", "Skip", "Suppression"]


class Skip(Struct, frozen=True):
    """Something that was not examined, with the reason. Not clean, and not an error.

    Args:
        what: the thing: a path, a function, a dependency.
        why: the reason, a clause that follows a colon.
        location: where it is, if it has a place.
        blind: ``True`` when the user must know that the result is incomplete (exit 4); ``False`` for what is left
            out by design (a function in a language that has no front yet is blind; a test folder is not).
    """

    what: str
    why: str
    location: Location | None = None
    blind: bool = False


class Failure(Struct, frozen=True):
    """Something that should have been read and could not be: always makes the result incomplete (exit 4)."""

    what: str
    why: str
    location: Location | None = None

    def __str__(self) -> str:
        where = self.location
        if where is None:
            return f"{self.what}: {self.why}"
        return f"{where.file}:{where.line}:{where.column}: {self.why}" if where.line else f"{where.file}: {self.why}"


class Edit(Struct, frozen=True):
    """Replaces a span of a file by a text."""

    location: Location
    replacement: str


class Fix(Struct, frozen=True):
    """A way to mend a finding: a title, and edits when it can be done by machine.

    Args:
        title: an imperative sentence without a full stop.
        edits: what to change; empty when only a person can do it.
        safe: ``True`` when it cannot change the behaviour of a correct program.
        command: a command that does it, or ``""``.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    command: str = ""


class Hop(Struct, frozen=True):
    """One numbered line of an attack path: a place, and what the attacker or the value does there."""

    location: Location
    text: str


class Finding(Struct, frozen=True):
    """One thing a rule found.

    Args:
        rule: id of the rule.
        severity: how bad.
        confidence: ``high``, ``medium`` or ``low``.
        message: one sentence that names this case: who can do what where.
        location: the primary place: where one would mend it.
        label: what the carets under the primary place say.
        hops: the whole way for an attack path, sender first; empty for a finding about one place.
        related: other places that matter, each with a label.
        function: logical id of the function concerned, or ``""``.
        resource: logical id of the resource concerned, or ``""``.
        reach: for a path, what the role then lets the attacker do, one short phrase each.
        fixes: ways to mend it, best first.
        persona: the first persona that sees it.
        content: the text that identifies it across line moves (fingerprints and baselines are made of it).
        notes: further facts for people, ``{"advisory": "GHSA-..."}``.
        is_path: whether it is a whole attack path: sender -> trigger -> flow -> sink -> reach.
    """

    rule: str
    severity: Severity
    confidence: str
    message: str
    location: Location
    label: str = ""
    hops: tuple[Hop, ...] = ()
    related: tuple[Hop, ...] = ()
    function: str = ""
    resource: str = ""
    reach: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    persona: Persona = Persona.REGULAR
    content: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    is_path: bool = False


class Suppression(Struct, frozen=True):
    """A person's decision to accept a finding.

    Args:
        rule: id of the rule, or ``*`` for every rule at that place.
        reason: why; never empty.
        location: where it is written.
        resource: logical id it applies to, when written in a template's metadata or in ``remit.toml``.
        file: path pattern it applies to, when written in ``remit.toml``.
        expires: ISO date after which it no longer counts, or ``""``.
    """

    rule: str
    reason: str
    location: Location
    resource: str = ""
    file: str = ""
    expires: str = ""

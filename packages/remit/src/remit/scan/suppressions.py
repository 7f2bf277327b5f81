"""Suppressions: people's decisions to accept a finding, written beside what they accept.

Three places: a comment on the line of the finding or on lines of its own right above it; the ``Metadata`` of a
resource in a template; ``[[ignore]]`` in ``remit.toml``. A reason is required: without one the finding stays, and
the run says so. After its expiry date a suppression no longer counts.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from remit.app.location import Location
from remit.app.model import App
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Failure, Finding, Suppression
from remit.scan.comments import comments
from remit.scan.report import Suppressed

ANY = "*"
_MARKS = ("#", "//", "/*", "*")
_COMMENT = re.compile(r"(?:#|//|/?\*)\s*remit:\s*ignore(?:\[([^\]\n]*)\])?[:\s]*([^\n]*)")
_UNTIL = re.compile(r"\(?\s*\buntil\s+(\d{4}-\d{2}-\d{2})\s*\)?\s*$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")

Collected = tuple[list[Suppression], list[Failure]]


def in_comments(texts: Mapping[str, str], known: Collection[str]) -> Collected:
    """Suppressions in comments of any file; text in strings never counts as one.

    Args:
        texts: source text by file.
        known: ids of all rules.

    Returns:
        The suppressions, and what is wrong with those that cannot count.
    """
    found: list[Suppression] = []
    wrong: list[Failure] = []
    for file, text in texts.items():
        if "remit:" not in text:
            continue
        for comment in comments(file, text):
            match = _COMMENT.search(comment.text) if "remit:" in comment.text else None
            if match:
                line, column = comment.line, comment.column
                location = Location(file, line, column + match.start(), line, column + match.end())
                rules = [name.strip() for name in (match.group(1) or "").split(",")]
                reason, until = _reason(match.group(2))
                _take([Suppression(rule, reason, location, "", "", until) for rule in rules], known, found, wrong)
    return found, wrong


def _reason(text: str) -> tuple[str, str]:
    text = text.rstrip().removesuffix("*/").rstrip()
    until = _UNTIL.search(text)
    if until:
        return text[: until.start()].strip(" -:("), until.group(1)
    return text.strip(" -:"), ""


def in_metadata(app: App, known: Collection[str]) -> Collected:
    """Suppressions in the ``Metadata`` of an app's resources and functions: ``remit: {ignore: [...]}``."""
    found: list[Suppression] = []
    wrong: list[Failure] = []
    for resource in app.resources.values():
        node = resource.metadata.at("remit", "ignore") if resource.metadata else None
        for entry in node.elements() if node else ():
            _take([_entry(entry, resource.id)], known, found, wrong)
    return found, wrong


def _entry(node: Node, resource: str) -> Suppression:
    def text(key: str) -> str:
        value = node.get(key)
        return value.strip() if isinstance(value, str) else ""

    return Suppression(text("rule"), text("reason"), node.location, resource, "", text("expires"))


def checked(suppressions: Iterable[Suppression], known: Collection[str]) -> Collected:
    """Sorts out suppressions that cannot count (from ``remit.toml``)."""
    found: list[Suppression] = []
    wrong: list[Failure] = []
    _take(suppressions, known, found, wrong)
    return found, wrong


def _take(
    suppressions: Iterable[Suppression], known: Collection[str], found: list[Suppression], wrong: list[Failure]
) -> None:
    for item in suppressions:
        problem = _problem(item, known)
        if problem:
            wrong.append(Failure("suppression", problem, item.location))
        else:
            found.append(item)


def _problem(item: Suppression, known: Collection[str]) -> str:
    if not item.rule:
        return "a suppression names no rule: write remit: ignore[rule-id] and the reason"
    if item.rule != ANY and item.rule not in known:
        return f'a suppression names the rule "{item.rule}", which does not exist'
    if not item.reason:
        return f"the suppression of {item.rule} gives no reason, so it does not count: write why it is acceptable"
    if item.expires and not _DATE.match(item.expires):
        return f'the suppression of {item.rule} expires on "{item.expires}": write a date like 2027-01-31'
    return ""


def apply(
    findings: Iterable[Finding], suppressions: Iterable[Suppression], texts: Mapping[str, str], today: str
) -> tuple[list[Finding], list[Suppressed]]:
    """Divides findings into live and suppressed ones.

    A finding whose only suppression has expired stays live and says so in its notes.
    """
    index = _Index(suppressions, texts)
    live, suppressed = [], []
    for finding in findings:
        expired = ""
        for item in index.of(finding):
            if item.expires and today and item.expires < today:
                expired = item.expires
                continue
            suppressed.append(Suppressed(finding, item))
            break
        else:
            notes = {**finding.notes, "suppression": f"expired on {expired}"} if expired else finding.notes
            live.append(replace(finding, notes=notes) if expired else finding)
    return live, suppressed


class _Index:
    """Suppressions by where they act."""

    def __init__(self, suppressions: Iterable[Suppression], texts: Mapping[str, str]) -> None:
        self.lines: dict[tuple[str, int], list[Suppression]] = {}
        self.others: list[Suppression] = []
        for item in suppressions:
            if item.resource or item.file:
                self.others.append(item)
                continue
            file, line = item.location.file, item.location.line
            self.lines.setdefault((file, _target(texts.get(file, ""), line)), []).append(item)

    def of(self, finding: Finding) -> Iterator[Suppression]:
        """Those that concern a finding."""
        place = finding.location
        for line in range(place.line, max(place.end_line, place.line) + 1):
            for item in self.lines.get((place.file, line), ()):
                if item.rule in (ANY, finding.rule):
                    yield item
        for item in self.others:
            if item.rule not in (ANY, finding.rule):
                continue
            if item.resource and item.resource not in (finding.resource, finding.function):
                continue
            if item.file and not fnmatchcase(place.file, item.file):
                continue
            yield item


def _target(text: str, line: int) -> int:
    """The line a comment speaks about: its own, or the line right below when it stands alone.

    More lines of comment may stand between; an empty line ends what it speaks about.
    """
    lines = text.split("\n")
    if not 0 < line <= len(lines) or not lines[line - 1].lstrip().startswith(_MARKS):
        return line
    for number in range(line + 1, len(lines) + 1):
        stripped = lines[number - 1].strip()
        if not stripped.startswith(_MARKS):
            return number if stripped else line
    return line

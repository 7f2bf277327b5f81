"""Fingerprints: what makes two findings the same one, whatever moved in between.

A fingerprint is made of rule, file, resource and content, never of line numbers. Where several findings share
all four (the same line copied twice), an ordinal in source order keeps them apart, so that a baseline never
swallows a new copy of an old flaw.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

from remit.app.report import Finding


def content_of(finding: Finding, texts: Mapping[str, str]) -> str:
    """The text that identifies a finding: what its rule says, else its source line without surrounding space."""
    if finding.content:
        return finding.content
    lines = texts.get(finding.location.file, "").splitlines()
    line = finding.location.line
    return " ".join(lines[line - 1].split()) if 0 < line <= len(lines) else finding.message


def fingerprints(findings: Iterable[Finding], texts: Mapping[str, str], root: str = "") -> list[str]:
    """One fingerprint for each finding, in the order given.

    Args:
        findings: in source order inside each file, so that ordinals are stable.
        texts: source text by file.
        root: what was scanned, as a prefix of the paths: it is no part of a fingerprint, so that it does not matter
            where one stands.

    Returns:
        Hexadecimal texts of 32 characters, all different.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    prints = []
    for finding in findings:
        key = (
            finding.rule,
            finding.location.file.removeprefix(root),
            finding.resource or finding.function,
            content_of(finding, texts),
        )
        ordinal = seen[key]
        seen[key] += 1
        prints.append(sha256("\0".join((*key, str(ordinal))).encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return prints

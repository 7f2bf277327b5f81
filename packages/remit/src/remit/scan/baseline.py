"""Baselines: findings that are known and not to be reported again, in a file beside the code.

The file is JSON, sorted, one finding a line, so that its diff can be reviewed. A finding matches when rule, file,
resource and content are the same; a second copy of a known flaw is a new finding.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from remit.app.errors import RemitError
from remit.app.report import Finding
from remit.scan.fingerprint import fingerprints

VERSION = 1


def read(path: Path) -> frozenset[str]:
    """The fingerprints in a baseline file.

    Raises:
        RemitError: it cannot be read, or is not a baseline of this version.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RemitError(f"{path}: the baseline cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RemitError(f"{path}: the baseline is not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("findings"), list):
        raise RemitError(f"{path}: not a baseline of version {VERSION}; write a new one with --write-baseline")
    entries = data["findings"]
    if not all(isinstance(entry, dict) and isinstance(entry.get("fingerprint"), str) for entry in entries):
        raise RemitError(f"{path}: a finding in the baseline has no fingerprint")
    return frozenset(entry["fingerprint"] for entry in entries)


def write(findings: Iterable[Finding], texts: Mapping[str, str], root: str = "") -> str:
    """The text of a baseline that knows these findings; its paths are relative to the scanned folder ``root``."""
    ordered = sorted(findings, key=lambda finding: (finding.location, finding.rule))
    entries = [
        {
            "rule": finding.rule,
            "file": finding.location.file.removeprefix(root),
            "resource": finding.resource or finding.function,
            "message": finding.message,
            "fingerprint": print_,
        }
        for finding, print_ in zip(ordered, fingerprints(ordered, texts, root), strict=True)
    ]
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f'{{"version": {VERSION}, "findings": [\n{lines}\n]}}\n' if entries else '{"version": 1, "findings": []}\n'


def split(
    findings: Iterable[Finding], known: frozenset[str], texts: Mapping[str, str], root: str = ""
) -> tuple[list[Finding], list[Finding]]:
    """Divides findings into new ones and known ones."""
    ordered = sorted(findings, key=lambda finding: (finding.location, finding.rule))
    new: list[Finding] = []
    old: list[Finding] = []
    for finding, print_ in zip(ordered, fingerprints(ordered, texts, root), strict=True):
        (old if print_ in known else new).append(finding)
    return new, old

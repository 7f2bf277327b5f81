"""Builds the advisory snapshot that ``remit scan`` reads, from OSV records on this machine.

    python scripts/build_advisories.py [-o FILE] [--date ISO] SOURCE...

A source is a file of OSV records, one JSON document a line (``.jsonl``), an ``all.zip`` as OSV publishes per ecosystem, or
a folder of ``.json`` records. Withdrawn records are dropped. An enumerated version is kept only where no range covers it,
so that both ways of saying "affected" are evaluated and the file stays small.
"""

import argparse
import datetime
import json
import lzma
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from remit.scan.advisories import Record, in_ranges, normalise
from remit.scan.cvss import word

TARGET = Path(__file__).parent.parent / "packages/remit/src/remit/scan/data/advisories.json.xz"
ECOSYSTEMS = ("PyPI", "npm")


def read(source: Path) -> Iterator[dict[str, Any]]:
    """Every OSV record of one source."""
    if source.is_dir():
        for path in sorted(source.rglob("*.json")):
            yield json.loads(path.read_bytes())
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))
    else:
        with source.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def compact(record: dict[str, Any]) -> Iterator[tuple[str, Record]]:
    """One entry per affected package of a record that is not withdrawn: its ecosystem and the compact record."""
    if record.get("withdrawn"):
        return
    for affected in record.get("affected", ()):
        ecosystem = affected["package"]["ecosystem"]
        if ecosystem not in ECOSYSTEMS:
            continue
        ranges = tuple(
            pair for each in affected.get("ranges", ()) if each["type"] != "GIT" for pair in spans(each["events"])
        )
        expression = (affected.get("database_specific") or {}).get("vulnerable_versions", "")
        versions = affected.get("versions", ())
        extra = tuple(version for version in versions if not in_ranges(ecosystem, version, ranges))
        yield (
            ecosystem,
            Record(
                id=record["id"],
                name=normalise(ecosystem, affected["package"]["name"]),
                aliases=tuple(record.get("aliases") or ()),
                summary=summary(record),
                severity=severity(record),
                ranges=ranges,
                expression=expression,
                versions=extra,
            ),
        )


def spans(events: Iterable[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """OSV events as (introduced, fixed, last affected) spans; an open end is two empty texts."""
    introduced = None
    for event in events:
        if "introduced" in event:
            if introduced is not None:
                yield introduced, "", ""
            introduced = event["introduced"]
        elif introduced is not None and ("fixed" in event or "last_affected" in event):
            yield introduced, event.get("fixed", ""), event.get("last_affected", "")
            introduced = None
    if introduced is not None:
        yield introduced, "", ""


def summary(record: dict[str, Any]) -> str:
    """The record's own summary, else the first sentence of its details, cut at 160 characters."""
    text = record.get("summary") or (record.get("details") or "").split(". ")[0]
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:157] + "..."


def severity(record: dict[str, Any]) -> str:
    """``critical`` to ``low`` by the record's CVSS vector, else the word its database gives, else ``""``."""
    for entry in record.get("severity") or ():
        if found := word(entry["score"]):
            return found
    given = str((record.get("database_specific") or {}).get("severity", "")).lower()
    return {"moderate": "medium"}.get(given, given)


def main() -> None:
    """Reads the sources, writes the snapshot and says what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    parser.add_argument("--date", help="the day the data was current; default: the newest change in it")
    options = parser.parse_args()
    found: dict[str, list[Record]] = {}
    newest: dict[str, str] = {}
    for source in options.sources:
        for record in read(source):
            for ecosystem, entry in compact(record):
                found.setdefault(ecosystem, []).append(entry)
                newest[ecosystem] = max(newest.get(ecosystem, ""), str(record.get("modified", ""))[:10])
    document = {
        "version": 1,
        "ecosystems": {
            ecosystem: {
                "date": options.date or newest[ecosystem] or datetime.datetime.now(datetime.UTC).date().isoformat(),
                "records": [list(entry) for entry in sorted(entries)],
            }
            for ecosystem, entries in found.items()
        },
    }
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    for ecosystem, part in document["ecosystems"].items():
        sys.stdout.write(f"{ecosystem}: {len(part['records'])} records, {part['date']}\n")
    sys.stdout.write(f"{options.output.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()

"""Which dependencies have known weaknesses: matching against an OSV snapshot, offline and fail-closed.

What this module holds to:

1. A version is affected when a range *or* the list of versions says so (the two disagree in real data).
2. Versions are compared by their ecosystem's own rules (PEP 440, node-semver), names in its normal form.
3. No data, or data older than the user accepts, is never "clean": it is a blind skip.
4. A dependency whose version is not pinned is not examined, and that is said.
"""

import datetime
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from remit.app.errors import Incomplete
from remit.app.facts import Advisory, Dependency
from remit.app.noun import Struct, field
from remit.app.report import Skip

#: Days after which a snapshot no longer counts as an answer, unless the user sets another number.
MAX_AGE_DAYS = 30

Span = tuple[str, str, str]


class Record(NamedTuple):
    """One advisory for one package, as the snapshot keeps it.

    ``ranges`` are (introduced, fixed, last affected) spans; ``expression`` is an npm range where the source has only that;
    ``versions`` are affected versions that no span covers.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    summary: str
    severity: str
    ranges: tuple[Span, ...]
    expression: str
    versions: tuple[str, ...]


class Snapshot(Struct, frozen=True):
    """Advisory data: ISO date by ecosystem, and records by ecosystem and package name."""

    dates: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, tuple[Record, ...]]] = field(default_factory=dict)


class Matched(Struct, frozen=True):
    """Advisories that apply, what could not be judged, and the age of the data in days by ecosystem that was asked."""

    advisories: tuple[Advisory, ...] = ()
    skips: tuple[Skip, ...] = ()
    ages: Mapping[str, int] = field(default_factory=dict)


def load(path: Path | None = None) -> Snapshot:
    """Reads a snapshot written by ``scripts/build_advisories.py``.

    Args:
        path: the file; without one, the snapshot that came with this version of Remit.

    Raises:
        Incomplete: the file is missing or not a snapshot; the message names it.
    """
    if path is None:
        return _packaged()
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise Incomplete(f"{path}: the advisory data cannot be read: {error.strerror}") from error
    try:
        return _unpack(packed)
    except (lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise Incomplete(f"{path}: not advisory data of this version of Remit") from error


@lru_cache(maxsize=1)
def _packaged() -> Snapshot:
    return _unpack(resources.files("remit.scan").joinpath("data/advisories.json.xz").read_bytes())


def _unpack(packed: bytes) -> Snapshot:
    document = json.loads(lzma.decompress(packed))
    dates, records = {}, {}
    for ecosystem, part in document["ecosystems"].items():
        dates[ecosystem] = str(part["date"])
        by_name: dict[str, list[Record]] = {}
        for entry in part["records"]:
            by_name.setdefault(entry[1], []).append(_record(entry))
        records[ecosystem] = {name: tuple(found) for name, found in by_name.items()}
    return Snapshot(dates, records)


def _record(entry: list[Any]) -> Record:
    id_, name, aliases, summary, severity, ranges, expression, versions = entry
    spans = tuple((introduced, fixed, last) for introduced, fixed, last in ranges)
    return Record(id_, name, tuple(aliases), summary, severity, spans, expression, tuple(versions))


def match(
    snapshot: Snapshot, dependencies: Iterable[Dependency], today: str, max_age_days: int = MAX_AGE_DAYS
) -> Matched:
    """Judges dependencies.

    Args:
        snapshot: the data.
        dependencies: what the functions ship.
        today: ISO date to judge the data's age by.
        max_age_days: oldest data that still counts.

    Returns:
        Advisories (records that share an alias count once per dependency), and a skip for everything not judged.
    """
    wanted = tuple(dependencies)
    advisories: list[Advisory] = []
    skips: list[Skip] = []
    ages: dict[str, int] = {}
    for ecosystem in sorted({dependency.ecosystem for dependency in wanted}):
        date = snapshot.dates.get(ecosystem)
        mine = [dependency for dependency in wanted if dependency.ecosystem == ecosystem]
        if date is None:
            skips.append(
                Skip(f"{len(mine)} {ecosystem} dependencies", "there is no advisory data for them", blind=True)
            )
            continue
        ages[ecosystem] = (datetime.date.fromisoformat(today) - datetime.date.fromisoformat(date)).days
        if ages[ecosystem] > max_age_days:
            why = f"the advisory data is {ages[ecosystem]} days old; more than {max_age_days} is not an answer"
            skips.append(Skip(f"new advisories for {len(mine)} {ecosystem} dependencies", why, blind=True))
        for dependency in mine:
            if not dependency.version:
                skips.append(
                    Skip(dependency.name, "its version is not pinned, so it was not judged", dependency.location)
                )
                continue
            known = snapshot.records.get(ecosystem, {}).get(normalise(ecosystem, dependency.name), ())
            try:
                advisories.extend(_applying(dependency, known))
            except ValueError:
                why = f"{dependency.version!r} is not a version of {ecosystem}"
                skips.append(Skip(dependency.name, why, dependency.location, blind=True))
    return Matched(tuple(advisories), tuple(skips), ages)


def _applying(dependency: Dependency, records: Iterable[Record]) -> Iterator[Advisory]:
    seen: set[str] = set()
    for record in records:
        names = {record.id, *record.aliases}
        if names & seen or not affects(dependency.ecosystem, dependency.version, record):
            continue
        seen |= names
        yield Advisory(
            id=record.id,
            summary=record.summary,
            dependency=dependency,
            severity=record.severity,
            fixed_in=_fixed(dependency, record),
            aliases=record.aliases,
        )


def affects(ecosystem: str, version: str, record: Record) -> bool:
    """Whether a record covers a version.

    Raises:
        ValueError: the version is none in its ecosystem.
    """
    order = _order(ecosystem)
    value = order(version)
    if in_ranges(ecosystem, version, record.ranges):
        return True
    if record.expression and _satisfies(version, record.expression):
        return True
    for listed in record.versions:
        try:
            if order(listed) == value:
                return True
        except ValueError:
            if listed == version:
                return True
    return False


def in_ranges(ecosystem: str, version: str, ranges: Iterable[Span]) -> bool:
    """Whether a version lies in one of the spans; a bound that is no version of the ecosystem never matches."""
    order = _order(ecosystem)
    for introduced, fixed, last in ranges:
        try:
            value = order(version)
            after = introduced == "0" or value >= order(introduced)
            if after and (not fixed or value < order(fixed)) and (not last or value <= order(last)):
                return True
        except ValueError:
            continue
    return False


def normalise(ecosystem: str, name: str) -> str:
    """A package name in its ecosystem's normal form (PyPI: PEP 503; npm: as it is)."""
    if ecosystem != "PyPI":
        return name
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


class _Npm:
    """An npm version that compares as node-semver does."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        import nodesemver

        # Bounds may be written short ("1.2"): node-semver itself reads them as ranges; padding gives the same order.
        parts = text.split("-", 1)[0].split("+", 1)[0].split(".")
        if len(parts) < 3 and all(part.isdigit() for part in parts):
            text = ".".join([*parts, *["0"] * (3 - len(parts))]) + text[len(".".join(parts)) :]
        try:
            nodesemver.make_semver(text, loose=True)
        except (ValueError, TypeError) as error:
            raise ValueError(text) from error
        self.text = text

    def _compare(self, other: "_Npm") -> int:
        import nodesemver

        return int(nodesemver.compare(self.text, other.text, loose=True))

    def __lt__(self, other: "_Npm") -> bool:
        return self._compare(other) < 0

    def __le__(self, other: "_Npm") -> bool:
        return self._compare(other) <= 0

    def __ge__(self, other: "_Npm") -> bool:
        return self._compare(other) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Npm) and self._compare(other) == 0

    def __hash__(self) -> int:
        return hash(self.text)


def _order(ecosystem: str):  # type: ignore[no-untyped-def]
    if ecosystem == "npm":
        return _Npm
    from packaging.version import Version  # InvalidVersion is a ValueError

    return Version


def _satisfies(version: str, expression: str) -> bool:
    import nodesemver

    try:
        return bool(nodesemver.satisfies(version, expression, loose=True))
    except (ValueError, TypeError):
        return False


def _fixed(dependency: Dependency, record: Record) -> str:
    order = _order(dependency.ecosystem)
    later = []
    for _, fixed, _ in record.ranges:
        try:
            if fixed and order(fixed) >= order(dependency.version):
                later.append((order(fixed), fixed))
        except ValueError:
            continue
    if not later:
        return ""
    best = later[0]
    for candidate in later[1:]:
        if candidate[0] < best[0]:
            best = candidate
    return str(best[1])

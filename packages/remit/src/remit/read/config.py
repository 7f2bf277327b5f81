"""``remit.toml``: what people write down about an app. Configuration, extra grants, accepted findings.

Only the tables that scanning needs are interpreted here; every other table is handed on as it is, so that each job
reads its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from remit.app.location import Location
from remit.app.report import Failure, Suppression

FILE = "remit.toml"
_MAX_BYTES = 1_000_000
_KEYS = ("rule", "reason", "resource", "file", "expires")


@dataclass(frozen=True, slots=True)
class Config:
    """The content of one ``remit.toml``.

    Args:
        ignores: the ``[[ignore]]`` entries; some may lack a reason, which whoever applies them must refuse.
        options: the ``[scan]`` table: option names as on the command line, without dashes in front.
        tables: everything, as parsed.
        failures: what is wrong with the file.
    """

    ignores: tuple[Suppression, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()


def load(root: Path) -> Config:
    """Reads ``remit.toml`` in a folder; an empty ``Config`` when there is none."""
    path = root / FILE
    if not path.is_file():
        return Config()
    try:
        if path.stat().st_size > _MAX_BYTES:
            return _failed(f"larger than {_MAX_BYTES:,} bytes")
        text = path.read_text("utf-8")
    except OSError as error:
        return _failed(f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return _failed("not UTF-8")
    return parse(text)


def parse(text: str) -> Config:
    """Interprets the text of a ``remit.toml``; what is wrong becomes a ``Failure`` in the result."""
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _failed(f"not TOML: {error}")
    except RecursionError:
        return _failed("nested too deeply")
    failures: list[Failure] = []
    options: dict[str, str] = {}
    scan = tables.get("scan", {})
    if not isinstance(scan, dict):
        failures.append(Failure(FILE, '"scan" must be a table', Location(FILE)))
        scan = {}
    for key, value in scan.items():
        if isinstance(value, str):
            options[key] = value
        else:
            failures.append(Failure(FILE, f'"scan.{key}" must be a text', Location(FILE)))
    return Config(tuple(_ignores(tables, text, failures)), options, tables, tuple(failures))


def _ignores(tables: Mapping[str, Any], text: str, failures: list[Failure]) -> list[Suppression]:
    entries = tables.get("ignore", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        failures.append(Failure(FILE, '"ignore" must be written as [[ignore]] tables', Location(FILE)))
        return []
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[ignore]]")]
    found = []
    for index, entry in enumerate(entries):
        location = Location(FILE, lines[index] if index < len(lines) else 0)
        strange = sorted(set(entry) - set(_KEYS))
        if strange:
            failures.append(Failure(FILE, f'[[ignore]] knows no "{strange[0]}"; it has {", ".join(_KEYS)}', location))
            continue
        values = {key: str(entry.get(key, "")).strip() for key in _KEYS}
        if not values["resource"] and not values["file"]:
            values["file"] = "*"
        found.append(
            Suppression(
                values["rule"], values["reason"], location, values["resource"], values["file"], values["expires"]
            )
        )
    return found


def _failed(why: str) -> Config:
    return Config(failures=(Failure(FILE, why, Location(FILE)),))

"""``remit.toml``: what people write down about an app. Configuration, extra grants, accepted findings.

Only the tables that scanning needs are interpreted here; every other table is handed on as it is, so that each job
reads its own.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.report import Failure, Suppression
from remit.read.discover import open_regular

FILE = "remit.toml"
_MAX_BYTES = 1_000_000
_KEYS = ("rule", "reason", "resource", "file", "expires")
#: The tables there are; ``functions`` holds extra grants, which the lock reads.
_TABLES = ("scan", "ignore", "functions")
_OPTIONS = ("persona", "fail-on", "baseline")


@dataclass(frozen=True, slots=True)
class Config:
    """The content of one ``remit.toml``.

    Args:
        ignores: the ``[[ignore]]`` entries; some may lack a reason, which whoever applies them must refuse.
        options: the ``[scan]`` table: option names as on the command line, without dashes in front.
        tables: everything, as parsed.
        failures: what is wrong with the file.
        unknown: tables and options that do not exist, one sentence each with its line: a setting that is not obeyed
            must not look as if it were.
    """

    ignores: tuple[Suppression, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    unknown: tuple[Failure, ...] = ()


def load(root: Path) -> Config:
    """Reads ``remit.toml`` in a folder; an empty ``Config`` when there is none.

    Raises:
        RemitError: it sets something that does not exist; the text names the nearest thing that does.
    """
    try:
        with open_regular(os.path.join(root, FILE)) as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        return _failed(f"cannot be read: {error.strerror}")
    if len(data) > _MAX_BYTES:
        return _failed(f"larger than {_MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return _failed("not UTF-8")
    found = parse(text)
    if found.unknown:
        first = found.unknown[0]
        line = f":{first.location.line}" if first.location and first.location.line else ""
        raise RemitError(f"{root / FILE}{line}: {first.why}")
    return found


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
    unknown = [_unknown(text, f"[{name}]", name, _TABLES, "[{}]") for name in tables if name not in _TABLES]
    options: dict[str, str] = {}
    scan = tables.get("scan", {})
    if not isinstance(scan, dict):
        failures.append(Failure(FILE, '"scan" must be a table', Location(FILE)))
        scan = {}
    for key, value in scan.items():
        if key not in _OPTIONS:
            unknown.append(_unknown(text, f'"{key}" in [scan]', key, _OPTIONS, '"{}"'))
        elif isinstance(value, str):
            options[key] = value
        else:
            failures.append(Failure(FILE, f'"scan.{key}" must be a text', Location(FILE)))
    ignores = tuple(_ignores(tables, text, failures))
    return Config(ignores, options, tables, tuple(failures), tuple(unknown))


def _unknown(text: str, shown: str, name: str, known: tuple[str, ...], form: str) -> Failure:
    import difflib

    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1, 0.5)
    hint = f"did you mean {form.format(near[0])}?" if near else f"there is {', '.join(map(form.format, known))}"
    written = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(name)}["']?\s*[\].=]""")
    line = next((number for number, each in enumerate(text.splitlines(), 1) if written.match(each)), 0)
    return Failure(FILE, f"{shown} is unknown: {hint}", Location(FILE, line))


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

"""Edits that fixes are made of: small, exact changes to the user's own text."""

import re
from collections.abc import Iterable

from remit.app.facts import Facts
from remit.app.flow import Flow
from remit.app.location import Location
from remit.app.report import Edit, Fix

_YAML_LOAD = re.compile(
    r"\byaml\.(load|unsafe_load|full_load)\(\s*([\w.\[\]'\"]+)\s*(?:,\s*(?:Loader\s*=\s*)?yaml\.\w+\s*)?\)"
)


def line_at(facts: Facts, location: Location) -> str:
    """The text of the first line of a location, or ``""``."""
    lines = facts.texts.get(location.file, "").split("\n")
    return lines[location.line - 1] if 0 < location.line <= len(lines) else ""


def yaml_safe_loader(facts: Facts, flow: Flow) -> tuple[Fix, ...]:
    """``yaml.load(x, Loader=...)`` becomes ``yaml.safe_load(x)``; none when the call is not written in one line."""
    line = line_at(facts, flow.location)
    match = next((found for found in _YAML_LOAD.finditer(line) if found.start() <= flow.location.column), None)
    if match is None:
        return ()
    place = flow.location
    where = Location(place.file, place.line, match.start() + 1, place.line, match.end() + 1)
    edit = Edit(where, f"yaml.safe_load({match.group(2)})")
    return (Fix("load plain values only, with yaml.safe_load", (edit,), safe=False),)


def word_in(facts: Facts, location: Location, words: Iterable[str]) -> Location:
    """The first place inside a location where one of some words is written; the location itself when there is none.

    A statement of a policy spans many lines; what is wrong in it stands on one of them.
    """
    lines = facts.texts.get(location.file, "").split("\n")
    last = max(location.end_line, location.line)
    for word in words:
        for number in range(location.line, min(last, len(lines)) + 1):
            start = lines[number - 1].find(word, location.column - 1 if number == location.line else 0)
            if word and start >= 0:
                return Location(location.file, number, start + 1, number, start + 1 + len(word))
    return location

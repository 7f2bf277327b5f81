"""Grants that people write into ``remit.toml``, merged into what was derived.

.. code-block:: toml

    [functions.CreateOrder]
    calls = [{ action = "s3:PutObject", on = "{Archive}/*", reason = "the vendored exporter does it", expires = "2027-01-31" }]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from remit.app.location import Location
from remit.app.lockfile import KEYS, understand
from remit.app.model import App
from remit.app.need import WRITTEN, Need
from remit.app.report import Failure
from remit.app.value import Ref, Value, refs

#: What a person may grant; who sends events and what is returned follow from the template.
VERBS = ("calls", "reaches", "runs", "reads", "writes", "secrets")


@dataclass(frozen=True, slots=True)
class Written:
    """What ``remit.toml`` grants.

    Args:
        needs: by function id.
        notes: grants that ended, for people.
        failures: entries that cannot count, each with its reason.
    """

    needs: Mapping[str, tuple[Need, ...]]
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


def read(app: App, tables: Mapping[str, Any], today: str, file: str) -> Written:
    """Interprets the ``[functions.*]`` tables.

    Args:
        app: whose functions may be named; references are looked up in it.
        tables: the parsed file.
        today: ISO date.
        file: its path, for messages.
    """
    needs: dict[str, tuple[Need, ...]] = {}
    notes: list[str] = []
    failures: list[Failure] = []
    functions = tables.get("functions", {})
    if not isinstance(functions, dict):
        return Written({}, (), (Failure(file, '"functions" is not a table', Location(file)),))
    for name, section in functions.items():
        if app.function(name) is None:
            # One remit.toml may serve several templates, so this is no failure.
            notes.append(f"{file}: {app.template} has no function {name}")
            continue
        found: list[Need] = []
        for item in _needs(app, name, section, today, file):
            if isinstance(item, Need):
                found.append(item)
            elif isinstance(item, Failure):
                failures.append(item)
            else:
                notes.append(item)
        needs[name] = tuple(found)
    return Written(needs, tuple(notes), tuple(failures))


def _needs(app: App, name: str, section: object, today: str, file: str) -> "Iterator[Need | Failure | str]":
    at = Location(file)
    if not isinstance(section, dict):
        yield Failure(file, f'"functions.{name}" is not a table', at)
        return
    for verb, listed in section.items():
        where = f'"functions.{name}.{verb}"'
        if verb not in VERBS:
            yield Failure(file, f"{where} is unknown; grants are {', '.join(VERBS)}", at)
        elif not isinstance(listed, list):
            yield Failure(file, f"{where} is not a list", at)
        else:
            for entry in listed:
                yield _need(app, verb, entry, where, today, at)


def _need(app: App, verb: str, entry: object, where: str, today: str, at: Location) -> "Need | Failure | str":
    what, on = KEYS[verb]
    if not isinstance(entry, dict):
        return Failure(at.file, f"{where}: an entry is not a table", at)
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in entry.items()}
    allowed = [what, *([on] if on else []), "reason", "expires"]
    strange = sorted(values.keys() - set(allowed))
    required = [key for key in allowed if key != "expires"]
    absent = [key for key in required if not isinstance(values.get(key), str) or not str(values[key]).strip()]
    if strange or absent:
        problem = f'knows no "{strange[0]}"' if strange else f'needs a "{absent[0]}"'
        return Failure(at.file, f"{where}: an entry {problem}; it has {', '.join(allowed)}", at)
    expires = values.get("expires", "")
    if expires and not _is_date(expires):
        return Failure(at.file, f'{where}: "expires" is not a date like 2027-01-31', at)
    if expires and expires < today:
        return f"{at.file}: {values[what]} of {where} ended on {expires}"
    note = values["reason"] + (f" (until {expires})" if expires else "")
    target = _resolved(app, understand(values[on], arn=True)) if on else None
    wrong = _wrong(app, verb, str(values[what]), target)
    if wrong:
        return Failure(at.file, f"{where}: {wrong}", at)
    return Need(verb, understand(values[what]), target, (at,), WRITTEN, note)


def _wrong(app: App, verb: str, what: str, target: Value) -> str:
    """What is wrong with a grant that cannot mean anything, or ``""``."""
    from remit.iam import catalog

    if verb == "calls" and "*" not in what and "?" not in what and not catalog.spelled(what):
        return f'there is no action "{what}"'
    if verb == "calls" and not catalog.expand(what):
        return f'there is no action like "{what}"'
    known = {*app.resources, *app.parameters, *(function.id for function in app.functions)}
    for ref in refs(target):
        if ref.target not in known and not ref.target.startswith("AWS::"):
            return f'{app.template} has no resource or parameter "{ref.target}"'
    return ""


def _is_date(text: object) -> bool:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _resolved(app: App, value: Value) -> Value:
    """``{X}`` alone is the ARN of a resource, but of a parameter it is just the parameter."""
    if isinstance(value, Ref) and value.target not in app.resources and app.function(value.target) is None:
        return Ref(value.target, "" if value.attribute == "Arn" else value.attribute)
    return value

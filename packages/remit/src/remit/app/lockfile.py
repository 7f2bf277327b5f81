"""``remit.lock``: the remits of an app as people review them. TOML, stable order, one fact a line.

Values are written as texts in which ``{OrdersTable}`` is a reference; for ``on`` it means the resource's ARN. Pseudo parameters
lose their prefix (``{Region}``). A literal brace is doubled. Writing and parsing are pure; docs/lock.md describes the form.
"""

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.model import App
from remit.app.need import DERIVED, OBSERVED, VERBS, WRITTEN, FunctionRemit, Need, Unresolved
from remit.app.noun import Struct, field
from remit.app.value import Choice, Ref, Text, Value, join

VERSION = 1
FILE = "remit.lock"
#: Verb -> the keys under which ``what`` and ``on`` are written.
KEYS: dict[str, tuple[str, str]] = {
    "receives": ("trigger", "from"),
    "calls": ("action", "on"),
    "reaches": ("host", ""),
    "runs": ("program", ""),
    "reads": ("path", ""),
    "writes": ("path", ""),
    "secrets": ("name", ""),
    "returns": ("what", "as"),
}
#: Verbs whose texts are for people and never hold references: ``GET /orders/{id}`` is a route.
_PLAIN = frozenset({"receives", "returns"})
_PSEUDO = {"AWS::Partition": "Partition", "AWS::Region": "Region", "AWS::AccountId": "Account"}
_BACK = {short: long for long, short in _PSEUDO.items()}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = """\
# remit.lock: what each function may do. Derived by `remit lock`; review its diff like code.
version = 1
"""


class LockError(RemitError):
    """A lock that cannot be read; the text names the line and what is wrong there. Nothing was compared: exit 4.

    Args:
        line: where, from 1.
        why: what is wrong there.
    """

    exit_code = 4

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"{FILE}:{line}: {why}")
        self.line = line
        self.why = why


class Lock(Struct, frozen=True):
    """What a lock says.

    Args:
        functions: remit by function id, in the order of the file. Each need has the one place the lock names.
    """

    functions: Mapping[str, FunctionRemit] = field(default_factory=dict)


def write(app: App, remits: Mapping[str, FunctionRemit]) -> str:
    """The lock of an app.

    Args:
        app: its functions give the headings their places; a function without a remit is written as unresolved,
            because nothing is known of it.
        remits: by function id; those of functions that the app does not have come last.

    Returns:
        The whole file; equal remits give equal bytes.
    """
    names = sorted(remits.keys() | {function.id for function in app.functions})
    sections = [_HEADER]
    for name in names:
        function = app.function(name)
        remit = remits.get(name)
        if remit is None:
            at = function.location if function else Location(app.template)
            remit = FunctionRemit(name, (), (Unresolved("code", name, "it was not analysed", at),))
        comment = ""
        if function is not None and function.code is not None:
            code = posixpath.relpath(function.code or ".", posixpath.dirname(app.template) or ".")
            comment = f"  # {code}  {function.handler}"
        sections.append("\n".join(_section(name, comment, remit)) + "\n")
    return "\n".join(sections)


def _section(name: str, comment: str, remit: FunctionRemit) -> Iterator[str]:
    key = name if _BARE.fullmatch(name) else _quoted(name)
    yield f"[functions.{key}]{_one_line(comment)}"
    for verb in VERBS:
        lines = sorted({_entry(verb, need) for need in remit.of(verb)})
        yield from _list(verb, lines)
    yield from _list("unresolved", list(dict.fromkeys(_open(item) for item in remit.unresolved)))


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)


def _list(name: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        yield f"{name} = []"
        return
    yield f"{name} = ["
    yield from (f"  {line}," for line in lines)
    yield "]"


def _entry(verb: str, need: Need) -> str:
    what, on = KEYS[verb]
    pairs = [(what, spell(need.what, plain=verb in _PLAIN))]
    if on and need.on is not None:
        pairs.append((on, spell(need.on, plain=verb in _PLAIN)))
    if need.note:
        pairs.append(("note", need.note))
    if need.provenance != DERIVED:
        pairs.append(("by", need.provenance))
    if need.because:
        pairs.append(("because", str(need.because[0])))
    return _table(pairs)


def _open(item: Unresolved) -> str:
    return _table([("verb", item.verb), ("what", item.what), ("why", item.why), ("because", str(item.because))])


def _table(pairs: list[tuple[str, str]]) -> str:
    return "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in pairs) + " }"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _quoted(text: str) -> str:
    """A TOML basic string; characters that could hide something in a review are escaped."""
    found = []
    for char in text:
        if char in _ESCAPES:
            found.append(_ESCAPES[char])
        elif char.isprintable():
            found.append(char)
        else:
            code = 0xFFFD if 0xD800 <= ord(char) <= 0xDFFF else ord(char)
            found.append(f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}")
    return '"' + "".join(found) + '"'


def spell(value: Value, *, plain: bool = False) -> str:
    """A value as the lock writes it: references in braces, ``.Arn`` left out, unknown parts ``*``.

    Args:
        value: what to write.
        plain: the text is for people, braces in it are just braces.
    """
    if isinstance(value, str):
        return value if plain else value.replace("{", "{{").replace("}", "}}")
    if isinstance(value, Ref):
        if not value.attribute or value.attribute == "Arn":
            return "{" + _PSEUDO.get(value.target, value.target) + "}"
        return str(value)
    if isinstance(value, Text):
        return "".join(spell(part, plain=plain) for part in value.parts)
    if isinstance(value, Choice):
        return " | ".join(spell(option, plain=plain) for option in value.options)
    return "*" if not isinstance(value, int | float | bool) else str(value)


_HOLE = re.compile(r"\{\{|\}\}|\{([^{}.]+)(?:\.([^{}]+))?\}")


def understand(text: str, *, arn: bool = False) -> Value:
    """The value that ``spell`` wrote.

    Args:
        text: a text of the lock.
        arn: whether ``{X}`` means the ARN of X, as under ``on``.
    """
    parts: list[Value] = []
    end = 0
    for match in _HOLE.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        if match.group(1) is None:
            parts.append(match.group()[0])
        elif match.group(1) in _BACK:
            parts.append(Ref(_BACK[match.group(1)]))
        else:
            parts.append(Ref(match.group(1), match.group(2) or ("Arn" if arn else "")))
    parts.append(text[end:])
    return join(parts)


def parse(text: str) -> Lock:
    """Reads a lock.

    Args:
        text: the file.

    Returns:
        What it says.

    Raises:
        LockError: not TOML, another version, or a part of the wrong shape; the message names the line.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        line = int(where.group(1)) if where and where.group(1) else text.count("\n") + 1
        raise LockError(line, f"not TOML: {str(error).partition(' (at')[0]}") from error
    except RecursionError as error:
        raise LockError(1, "nested too deeply") from error
    if data.get("version") != VERSION:
        raise LockError(_line(text, "version"), f"version {VERSION} is the only one this program knows")
    functions = data.get("functions", {})
    if not isinstance(functions, dict):
        raise LockError(_line(text, "functions"), '"functions" is not a table')
    return Lock({name: _function(text, name, section) for name, section in functions.items()})


def _function(text: str, name: str, section: object) -> FunctionRemit:
    if not isinstance(section, dict):
        raise LockError(_line(text, name), f'"functions.{name}" is not a table')
    unknown = sorted(section.keys() - {*VERBS, "unresolved"})
    if unknown:
        raise LockError(_line(text, name, unknown[0]), f'"{unknown[0]}" is not a verb of a remit')
    needs = [need for verb in VERBS for need in _needs(text, name, verb, section.get(verb, []))]
    entries = _entries(text, name, "unresolved", section.get("unresolved", []))
    left = [
        Unresolved(
            _string(entry, "verb", where), _string(entry, "what", where), entry.get("why", ""), _place(entry, where)
        )
        for where, entry in entries
    ]
    return FunctionRemit(name, tuple(needs), tuple(left))


def _needs(text: str, name: str, verb: str, listed: object) -> Iterator[Need]:
    what, on = KEYS[verb]
    for where, entry in _entries(text, name, verb, listed):
        said = _string(entry, what, where)
        target = entry.get(on) if on else None
        plain = verb in _PLAIN
        by = entry.get("by", DERIVED)
        if by not in (DERIVED, OBSERVED, WRITTEN):
            raise LockError(where, f'"by" is {by!r}; it can be {DERIVED}, {OBSERVED} or {WRITTEN}')
        yield Need(
            verb,
            said if plain else understand(said),
            target if plain or target is None else understand(target, arn=True),
            (_place(entry, where),),
            by,
            entry.get("note", ""),
        )


def _entries(text: str, name: str, verb: str, listed: object) -> "Iterator[tuple[int, dict[str, str]]]":
    start = _line(text, name, verb)
    if not isinstance(listed, list):
        raise LockError(start, f'"{verb}" of {name} is not a list')
    for index, entry in enumerate(listed):
        where = start + index + 1  # as written: one entry a line
        if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
            raise LockError(where, f'an entry of "{verb}" of {name} is not a table of texts')
        yield where, entry


def _string(entry: "Mapping[str, Any]", key: str, where: int) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise LockError(where, f'"{key}" is missing')
    return value


def _place(entry: "Mapping[str, Any]", where: int) -> Location:
    said = _string(entry, "because", where)
    file, _, line = said.rpartition(":")
    return Location(file, int(line)) if file and line.isdecimal() else Location(said)


def _line(text: str, *path: str) -> int:
    """The line where the last name of a path begins, as far as the usual layout tells; else 1."""
    found = 0
    lines = text.splitlines()
    for name in path:
        for index in range(found, len(lines)):
            stripped = lines[index].lstrip()
            if stripped.startswith((f"[functions.{name}]", f'[functions."{name}"]', f"{name} =", f"{name}=")):
                found = index + 1
                break
    return max(found, 1)

"""Regular expressions: made of the event, or such that a crafted text keeps them busy for hours."""

import re
import warnings
from functools import lru_cache
from typing import Any

from remit.app.flow import EVENT, FIELD
from remit.flow.machine import Arguments, Machine
from remit.flow.taint import PATTERN, Taints
from remit.flow.uses.look import Call, Name, texts
from remit.flow.values import Thing, Val

#: A regular expression: detail ``how`` is ``event`` or ``slow``, part ``pattern`` or ``text``.
REGEX = "regex"
_LONG, _ASCII = 400, frozenset(range(128))
#: From this on a repetition counts as unbounded.
_MANY = 20


def _sent(taints: Taints) -> Taints:
    return tuple(item for item in taints if item.origin.kind in (FIELD, EVENT) and PATTERN not in item.clean)


def _looked(machine: Machine, given: Arguments, pattern: "Val | None", text: "Val | None", *, whole: bool) -> None:
    if pattern is None:
        return
    taints = _sent(machine.taints(pattern, given.at))
    if taints:
        machine.use(REGEX, given.at, given.text, {"pattern": taints}, how="event")
        return
    subject = _sent(machine.taints(text, given.at)) if text is not None else ()
    for one in texts(pattern) if subject else ():
        if slow(one, whole=whole):
            machine.use(REGEX, given.at, given.text, {"text": subject}, how="slow", pattern=one)


def _function(machine: Machine, given: Arguments) -> None:
    number = 2 if given.text.endswith(("sub", "subn")) else 1
    whole = given.text.endswith("fullmatch")
    _looked(machine, given, given.get(0, "pattern"), given.get(number, "string"), whole=whole)


def _made(machine: Machine, given: Arguments) -> None:
    _looked(machine, given, given.get(0, "pattern"), None, whole=False)


def _method(machine: Machine, given: Arguments) -> None:
    """``pattern.match(text)``: which pattern, the receiver knows."""
    receiver = given.receiver
    if isinstance(receiver, Thing) and "pattern" in receiver.facts:
        # Where the pattern itself is the sender's, that was told when it was made.
        number = 1 if given.text.endswith(("sub", "subn")) else 0
        whole = given.text.endswith("fullmatch")
        subject = given.get(number, "string")
        if not _sent(machine.taints(receiver.facts["pattern"], given.at)):
            _looked(machine, given, receiver.facts["pattern"], subject, whole=whole)


def _of_text(machine: Machine, given: Arguments) -> None:
    """``text.match(/pattern/)`` of JavaScript: the receiver is the text."""
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Thing) and atom.kind == "js.RegExp" and given.receiver is not None:
            pattern = atom.facts.get("pattern")
            if pattern is not None and not _sent(machine.taints(pattern, given.at)):
                _looked(machine, given, pattern, Val((given.receiver,)), whole=False)


@lru_cache(maxsize=512)
def slow(pattern: str, *, whole: bool = False) -> bool:
    """Whether a text can be made that a regular expression needs exponentially long for.

    Args:
        pattern: as written, in the way of Python or JavaScript.
        whole: all of the text has to match.

    Returns:
        ``False`` also for what is no expression or too long to be looked at.
    """
    if len(pattern) > _LONG or not any(sign in pattern for sign in "*+{"):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", pattern)
            parsed = list(re._parser.parse(text))  # type: ignore[attr-defined]  # noqa: SLF001  (the parser of re itself)
    except (re.error, OverflowError, RecursionError):
        return False
    return _slow(parsed, follows=whole)


def _slow(items: list[Any], *, follows: bool) -> bool:
    for number, (op, value) in enumerate(items):
        after = follows or number + 1 < len(items)
        name = str(op)
        repeated = name in ("MAX_REPEAT", "MIN_REPEAT")
        if repeated and after and int(value[1]) >= _MANY and _ambiguous(_flat(value[2])):
            return True
        inner = [value[2]] if repeated else [value[3]] if name == "SUBPATTERN" else value[1] if name == "BRANCH" else []
        if any(_slow(list(part), follows=after) for part in inner):
            return True
    return False


def _flat(items: Any) -> list[Any]:
    """Without the groups that only hold together."""
    found: list[Any] = []
    for op, value in items:
        if str(op) == "SUBPATTERN":
            found.extend(_flat(value[3]))
        else:
            found.append((op, value))
    return found


def _ambiguous(items: list[Any]) -> bool:
    """Whether one text can be cut into rounds of a repetition in several ways."""
    for number, (op, value) in enumerate(items):
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT") and int(value[1]) >= _MANY:
            around = [*items[number + 1 :], *items[:number]]
            own = _first(_flat(value[2]))
            if all(_nullable(item) or _first([item]) & own for item in around):
                return True
        elif name == "BRANCH" and len(items) == 1:
            single = [_first(_flat(branch)) for branch in value[1] if len(_flat(branch)) == 1]
            if any(one & other for place, one in enumerate(single) for other in single[:place]):
                return True
    return False


def _nullable(item: Any) -> bool:
    name, value = str(item[0]), item[1]
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return int(value[0]) == 0 or all(_nullable(inner) for inner in value[2])
    if name == "SUBPATTERN":
        return all(_nullable(inner) for inner in value[3])
    if name == "BRANCH":
        return any(all(_nullable(inner) for inner in branch) for branch in value[1])
    return name in ("AT", "ASSERT", "ASSERT_NOT")


def _first(items: list[Any]) -> frozenset[int]:
    """The characters of ASCII that something may begin with."""
    found: frozenset[int] = frozenset()
    for item in items:
        found |= _characters(item)
        if not _nullable(item):
            break
    return found


_CATEGORIES = {
    "CATEGORY_DIGIT": frozenset(map(ord, "0123456789")),
    "CATEGORY_WORD": frozenset(code for code in _ASCII if chr(code).isalnum() or code == ord("_")),
    "CATEGORY_SPACE": frozenset(map(ord, " \t\n\r\f\v")),
}


def _characters(item: Any) -> frozenset[int]:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return frozenset((int(value),)) & _ASCII
    if name == "NOT_LITERAL":
        return _ASCII - {int(value)}
    if name == "ANY":
        return _ASCII - {10}
    if name == "RANGE":
        return frozenset(range(int(value[0]), min(int(value[1]), 127) + 1))
    if name == "CATEGORY":
        word = str(value)
        return _ASCII - _CATEGORIES[word.replace("NOT_", "")] if "NOT_" in word else _CATEGORIES[word]
    if name == "IN":
        negated = str(value[0][0]) == "NEGATE"
        inner = frozenset(code for part in value[negated:] for code in _characters(part))
        return _ASCII - inner if negated else inner
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _first(list(value[2]))
    if name == "SUBPATTERN":
        return _first(list(value[3]))
    if name == "BRANCH":
        return frozenset(code for branch in value[1] for code in _first(list(branch)))
    return frozenset()


CALLS: dict[str, Call] = {"re.compile": _made, "js:RegExp": _made}
for _name in ("match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"):
    CALLS[f"re.{_name}"] = _function
    CALLS[f"re.Pattern.{_name}"] = _method
for _name in ("test", "exec"):
    CALLS[f"js.RegExp.{_name}"] = _method
for _name in ("match", "matchAll", "replace", "replaceAll", "search", "split"):
    CALLS[f".{_name}"] = _of_text
NAMES: dict[str, Name] = {}
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
ALWAYS: tuple[Call, ...] = ()
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "MENTIONS", "NAMES", "REGEX", "TAINTED", "slow"]

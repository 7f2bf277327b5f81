"""The difference between two locks, as a reviewer reads it: what may a function do now that it might not before?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.lockfile import spell
from remit.app.need import VERBS, FunctionRemit, Need, Unresolved

#: Verb -> what a function does, for people.
PHRASES = {
    "receives": "is reached by",
    "calls": "may call",
    "reaches": "may reach",
    "runs": "may run",
    "reads": "may read",
    "writes": "may write",
    "secrets": "may read the secret",
    "returns": "returns",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference.

    Args:
        function: id of the function.
        sign: ``+`` for something new, ``-`` for something gone, ``~`` for another sender or note.
        phrase: ``may call``.
        what: ``dynamodb:DeleteItem on {OrdersTable}``.
        because: where code or template say so.
    """

    function: str
    sign: str
    phrase: str
    what: str
    because: Location | None


def compare(old: Mapping[str, FunctionRemit], new: Mapping[str, FunctionRemit]) -> tuple[Change, ...]:
    """What changed from one lock to the other; places alone are not a change.

    Args:
        old: what the lock says, by function.
        new: what the code says, by function.
    """
    found: list[Change] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None:
            found.append(Change(name, "+", "is a new function", "", None))
        if after is None:
            found.append(Change(name, "-", "is gone", "", None))
            continue
        found.extend(_of_function(name, before or FunctionRemit(name), after))
    return tuple(found)


def _of_function(name: str, old: FunctionRemit, new: FunctionRemit) -> Iterator[Change]:
    for verb in VERBS:
        yield from _of_verb(name, verb, _by_key(old, verb), _by_key(new, verb))
    before = {_open_key(item): item for item in old.unresolved}
    after = {_open_key(item): item for item in new.unresolved}
    for key in sorted(after.keys() - before.keys()):
        yield Change(name, "+", "has unresolved", _open_text(after[key]), after[key].because)
    for key in sorted(before.keys() - after.keys()):
        yield Change(name, "-", "has unresolved", _open_text(before[key]), before[key].because)


def _of_verb(
    name: str, verb: str, before: "dict[tuple[str, str], Need]", after: "dict[tuple[str, str], Need]"
) -> Iterator[Change]:
    gone, fresh = before.keys() - after.keys(), after.keys() - before.keys()
    moved = {what for what, _ in gone} & {what for what, _ in fresh} if verb == "receives" else set()
    for key in sorted(fresh):
        what, on = key
        if what in moved:
            was = " and ".join(sorted(item[1] for item in gone if item[0] == what))
            yield Change(name, "~", "can be called by", f"{on} with {what} (was: {was})", _place(after[key]))
        else:
            yield Change(name, "+", PHRASES[verb], _text(verb, what, on), _place(after[key]))
    for key in sorted(gone):
        if key[0] not in moved:
            yield Change(name, "-", PHRASES[verb], _text(verb, *key), _place(before[key]))


def _by_key(remit: FunctionRemit, verb: str) -> "dict[tuple[str, str], Need]":
    plain = verb in ("receives", "returns")
    found = {}
    for need in remit.of(verb):
        on = "" if need.on is None else spell(need.on, plain=plain)
        found[spell(need.what, plain=plain), on] = need
    return found


def _text(verb: str, what: str, on: str) -> str:
    if not on:
        return what
    if verb == "receives":
        return f"{what}, sent by {on}"
    # A resource of the app alone needs no braces; in a path or an ARN they tell where its name ends.
    alone = verb == "calls" and on.startswith("{") and on.endswith("}") and on.count("{") == 1
    return f"{what} on {on[1:-1]}" if alone else f"{what} on {on}"


def _place(need: Need) -> Location | None:
    return need.because[0] if need.because else None


def _open_key(item: Unresolved) -> tuple[str, str, str]:
    return item.verb, item.what, item.why


def _open_text(item: Unresolved) -> str:
    return f"{item.what}: {item.why}"

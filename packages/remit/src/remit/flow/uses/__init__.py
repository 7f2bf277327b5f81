"""Uses: facts about code that are no flows, told where the machine comes past them.

A family of uses is one module: ``CALLS`` says what to look at in calls, by the full name of what is called (things of
JavaScript begin with ``js:``, methods are ``kind.name``, those of what nobody knows ``.name``), ``NAMES`` what to look at
where a value gets a name (a variable, an attribute, a key of a mapping; ``TAINTED`` is asked whatever that name is),
``MENTIONS`` what is one by being mentioned.
Looking changes nothing: what a call gives is said by the models of libraries.
"""

from remit.app.location import Location
from remit.flow.machine import Arguments, Machine
from remit.flow.uses import answers, chance, crypto, expressions, tls, tokens, uploads
from remit.flow.uses.answers import logged
from remit.flow.uses.items import recorded
from remit.flow.uses.look import Call, Name
from remit.flow.uses.uploads import stored_under
from remit.flow.values import Atom, Val

_FAMILIES = (answers, chance, crypto, expressions, tls, tokens, uploads)
_CALLS: dict[str, tuple[Call, ...]] = {}
_NAMES: dict[str, Name] = {}
_MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
for _family in _FAMILIES:
    for _name, _look in _family.CALLS.items():
        _CALLS[_name] = (*_CALLS.get(_name, ()), _look)
    _NAMES.update(_family.NAMES)
    _MENTIONS.update(_family.MENTIONS)
_TAINTED = tuple(look for family in _FAMILIES for look in family.TAINTED)
_ALWAYS = tuple(look for family in _FAMILIES for look in family.ALWAYS)


def called(machine: Machine, name: str, given: Arguments, receiver: "Atom | None" = None) -> None:
    """Something of a library is called; a method has a receiver."""
    given.receiver = receiver
    for look in _CALLS.get(name, ()):
        look(machine, given)
    for look in _ALWAYS:
        look(machine, given)


def named(machine: Machine, name: str, value: Val, at: Location) -> None:
    """A value gets a name."""
    look = _NAMES.get(name)
    if look is not None:
        look(machine, name, value, at)
    if value.taints:
        for look in _TAINTED:
            look(machine, name, value, at)


def mentioned(machine: Machine, name: str, at: Location) -> None:
    """Something of a library is mentioned, called or not."""
    found = _MENTIONS.get(name)
    if found is not None:
        machine.use(found[0], at, name, None, **found[1])


__all__ = ["called", "logged", "mentioned", "named", "recorded", "stored_under"]

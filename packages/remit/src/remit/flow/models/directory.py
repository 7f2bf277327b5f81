"""Directories: ldap3 and python-ldap; filters, names, and what escapes values for them."""

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import ARGUMENTS, Model, Sink
from remit.flow.values import Method, Opaque, Thing, Val, text_of, unknown
from remit_guard.core.verdict import LDAP

_CONNECTION = "ldap.Connection"
_ESCAPES = Model(keeps=ARGUMENTS, cleans=frozenset((LDAP,)))
_BASE_AND_FILTER = Model((Sink(LDAP, 0, ("search_base", "base")), Sink(LDAP, 1, ("search_filter",))), "ldap.Entries")
_SCOPED = Model((Sink(LDAP, 0, ("base",)), Sink(LDAP, 2, ("filterstr",))), "ldap.Entries")

FUNCTIONS: dict[str, Model] = {
    "ldap3.Connection": Model(gives=_CONNECTION),
    "ldap3.core.connection.Connection": Model(gives=_CONNECTION),
    "ldap.initialize": Model(gives=_CONNECTION),
    "ldap.ldapobject.LDAPObject": Model(gives=_CONNECTION),
    "ldap3.utils.conv.escape_filter_chars": _ESCAPES,
    "ldap3.utils.conv.escape_bytes": _ESCAPES,
    "ldap3.utils.dn.escape_rdn": _ESCAPES,
    "ldap.filter.escape_filter_chars": _ESCAPES,
    "ldap.filter.filter_format": _ESCAPES,
    "ldap.dn.escape_dn_chars": _ESCAPES,
}
METHODS: dict[str, Model] = {
    f"{_CONNECTION}.search": _BASE_AND_FILTER,
    f"{_CONNECTION}.extend.standard.paged_search": _BASE_AND_FILTER,
}
for _name in ("search_s", "search_ext", "search_ext_s", "search_st"):
    METHODS[f"{_CONNECTION}.{_name}"] = _SCOPED


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``connection.search_s(base, scope, filter)`` of something unknown: only python-ldap has these names."""
    del frame
    if method.name not in ("search_s", "search_ext_s", "search_st", "paged_search"):
        return None
    if not isinstance(method.receiver, Opaque | Thing | Method):
        return None
    index, name = (1, "search_filter") if method.name == "paged_search" else (2, "filterstr")
    value = given.get(index, name)
    if value is not None and text_of(value) is None:
        machine.sink(LDAP, value, given.span(index, name), given.text)
    return unknown(f"{given.text}()")


__all__ = ["FUNCTIONS", "METHODS", "by_look"]

"""Directories: filters and names before ldap3 or python-ldap sends them."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def patch_ldap3(module: "Any") -> None:
    """ldap3: searches, and the names that entries are changed and compared by. Paged searches end there, too."""
    before(module.Connection, "search", _search)
    for name in ("add", "delete", "modify", "modify_dn", "compare"):
        before(module.Connection, name, _named)


def _search(_self: object, search_base: "Any" = "", search_filter: "Any" = "", *_: "Any", **__: "Any") -> None:
    _judge(search_base, "name")
    _judge(search_filter, "filter")


def _named(_self: object, dn: "Any" = "", *_: "Any", **__: "Any") -> None:
    _judge(dn, "name")


def patch_python_ldap(module: "Any") -> None:
    """python-ldap: every search ends in ``search_ext``; binding, changing and comparing go by a name."""
    before(module.SimpleLDAPObject, "search_ext", _search_ext)
    for name in ("simple_bind", "add_ext", "delete_ext", "modify_ext", "rename", "compare_ext"):
        before(module.SimpleLDAPObject, name, _named)


def _search_ext(
    _self: object, base: "Any" = "", _scope: "Any" = 0, filterstr: "Any" = "", *_: "Any", **__: "Any"
) -> None:
    _judge(base, "name")
    _judge(filterstr, "filter")


def _judge(text: "Any", kind: str) -> None:
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if isinstance(text, str) and text:
        effect("ldap", text, kind)


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "ldap3.core.connection": patch_ldap3,
    "ldap.ldapobject": patch_python_ldap,
}

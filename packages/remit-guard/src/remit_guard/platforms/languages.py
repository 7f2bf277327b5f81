"""The judges of the smaller languages: queries of document databases, filters, documents, headers, templates, archives.

Apart from the others because few functions reach these sinks: loaded when the first of them is.
"""

from remit_guard.core.verdict import ARCHIVE, EXPRESSION, GRAPHQL, HEADER, LDAP, NOSQL, TEMPLATE, XML, XPATH
from remit_guard.platforms.checks import injected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.verdict import Verdict
    from remit_guard.hooks.invocation import Invocation


def _nosql(invocation: "Invocation", query: "Any", kind: str) -> "Verdict | None":
    from remit_guard.sinks import nosql

    found = nosql.inspect(query, invocation.provenance(), kind=kind, documents=(invocation.event,))
    return injected(invocation, NOSQL, found)


def _expression(invocation: "Invocation", text: str) -> "Verdict | None":
    from remit_guard.sinks import expression

    return injected(invocation, EXPRESSION, expression.inspect(text, invocation.provenance()))


def _ldap(invocation: "Invocation", text: str, kind: str) -> "Verdict | None":
    from remit_guard.sinks import ldap

    look = ldap.inspect_name if kind == "name" else ldap.inspect
    return injected(invocation, LDAP, look(text, invocation.provenance()))


def _xpath(invocation: "Invocation", text: str) -> "Verdict | None":
    from remit_guard.sinks import xpath

    return injected(invocation, XPATH, xpath.inspect(text, invocation.provenance()))


def _xml(invocation: "Invocation", data: "bytes | str", types: bool, includes: bool) -> "Verdict | None":
    from remit_guard.sinks import xml

    found = xml.inspect(data, invocation.provenance(), types=types, includes=includes)
    return injected(invocation, XML, found)


def _header(invocation: "Invocation", value: str, name: str) -> "Verdict | None":
    from remit_guard.sinks import header

    return injected(invocation, HEADER, header.inspect(value, invocation.provenance(), name=name))


def _message(invocation: "Invocation", text: str) -> "Verdict | None":
    from remit_guard.sinks import header

    return injected(invocation, HEADER, header.inspect_message(text, invocation.provenance()))


def _graphql(invocation: "Invocation", text: str) -> "Verdict | None":
    from remit_guard.sinks import graphql

    return injected(invocation, GRAPHQL, graphql.inspect(text, invocation.provenance()))


def _template(invocation: "Invocation", source: str, engine: str = "") -> "Verdict | None":
    from remit_guard.sinks import template

    return injected(invocation, TEMPLATE, template.inspect(source, invocation.provenance(), engine=engine))


def _archive(invocation: "Invocation", members: "Any", folder: str) -> "Verdict | None":
    from remit_guard.sinks import archive

    return injected(invocation, ARCHIVE, archive.inspect(members, folder=folder))


CHECKS: "dict[str, Callable[..., Verdict | None]]" = {
    "nosql": _nosql,
    "expression": _expression,
    "ldap": _ldap,
    "xpath": _xpath,
    "xml": _xml,
    "header": _header,
    "message": _message,
    "graphql": _graphql,
    "template": _template,
    "archive": _archive,
}

"""The judge: for each kind of effect, first whether it is an injection, then whether it leaves the remit."""

import os
import sys

from remit_guard.core.policy import OFF
from remit_guard.core.verdict import (
    ARCHIVE,
    BLOCK,
    CALL,
    CALL_OUTSIDE,
    CODE,
    DESERIALIZE,
    FILE_OUTSIDE,
    GRAPHQL,
    GUARD_TAMPERING,
    HEADER,
    HOST_OUTSIDE,
    PATH,
    PROCESS,
    PROCESS_OUTSIDE,
    RESPONSE,
    RULE_OF_SINK,
    SQL,
    TEMPLATE,
    URL,
    Verdict,
)
from remit_guard.sandbox import egress, files, processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.hooks.invocation import Invocation
    from remit_guard.platforms.rest import Rest
    from remit_guard.sandbox.own_hosts import OwnHosts
    from remit_guard.sinks.injection import Injection

SEVERITY = {
    SQL: "high", PROCESS: "critical", PATH: "high", URL: "high", CODE: "critical", DESERIALIZE: "critical",
    TEMPLATE: "critical", HEADER: "medium", GRAPHQL: "medium",
}  # fmt: skip
names = egress.Names()
_hosts: "list[OwnHosts]" = []
#: Effects that a part of an event beyond its bounds is judged for.
_STRUCTURAL = frozenset(
    ("sql", "process", "file", "code", "template", "nosql", "expression", "ldap", "xpath", "xml", "graphql", "message")
)
_rests: "dict[Invocation, list[Rest]]" = {}
_channels = egress.channels(dict(os.environ))
_places = files.places(dict(os.environ))


def decide(invocation: "Invocation", kind: str, facts: "tuple[Any, ...]") -> "Verdict | None":
    """The judge that the gate asks; kinds are those the hooks name."""
    check = _CHECKS.get(kind) or _language(kind)
    verdict = check(invocation, *facts)
    if verdict is None and kind in _STRUCTURAL and any("not examined" in problem for problem in invocation.problems()):
        for view in _rest(invocation):
            verdict = check(view, *facts)
            if verdict is not None and verdict.field:
                return verdict
        return None
    return verdict


def _language(kind: str) -> "Callable[..., Verdict | None]":
    from remit_guard.platforms.languages import CHECKS

    return CHECKS[kind]


def _rest(invocation: "Invocation") -> "list[Rest]":
    """What the bounds left out of an event; made once for it."""
    known = _rests.get(invocation)
    if known is None:
        from remit_guard.platforms.rest import rest

        known = _rests[invocation] = rest(invocation)
        while len(_rests) > 1:
            del _rests[next(iter(_rests))]
    return known


def injected(invocation: "Invocation", sink: str, injection: "Injection | None") -> "Verdict | None":
    """The verdict on an injection a sink found, by the mode of its rule."""
    if injection is None:
        return None
    rule = RULE_OF_SINK[sink]
    action = invocation.policy.action(rule, sink=sink)
    if action == OFF:
        return None
    field = injection.field
    return Verdict(
        action,
        rule,
        sink,
        f"a value of {field.path} changes the structure of this {sink}",
        field.path,
        field.source,
        {"input": _hint(injection.excerpt), "structure": injection.structure},
        SEVERITY.get(sink, "high"),
        field.record,
    )


def _hint(excerpt: str) -> str:
    """The excerpt of an input, never the whole of it: a short value may be a PIN."""
    return excerpt if "•••" in excerpt or len(excerpt) < 4 else f"{excerpt[:3]}••• {len(excerpt)} chars"


def left(invocation: "Invocation", rule: str, verb: str, sink: str, what: str, severity: str) -> "Verdict | None":
    """The verdict on an effect outside the remit, by the mode of its verb."""
    action = invocation.policy.action(rule, verb, sink)
    if action == OFF:
        return None
    return Verdict(action, rule, sink, f"{what}, which the remit does not name", severity=severity)


def _process(invocation: "Invocation", program: str, argv: "list[str]") -> "Verdict | None":
    from remit_guard.sinks import process

    verdict = injected(invocation, PROCESS, process.inspect(argv or [program], invocation.provenance(), shell=False))
    remit = invocation.policy.remit
    if verdict is not None or remit is None:
        return verdict
    strange = processes.outside(program, argv, remit.runs)
    if strange is None:
        return None
    shown = strange.rpartition("/")[2]
    return left(invocation, PROCESS_OUTSIDE, "runs", PROCESS, f"starts {shown}", "high")


def _file(invocation: "Invocation", path: str, use: str) -> "Verdict | None":
    from remit_guard.sinks import path as sink

    found = sink.inspect(path, invocation.provenance())
    if found is None and use == "write" and "remit_guard.hooks.archives" in sys.modules:
        from remit_guard.hooks.archives import written_by_name

        found = written_by_name(path)
        if found is not None:
            return injected(invocation, ARCHIVE, found)
    verdict = injected(invocation, PATH, found)
    if verdict is not None:
        return verdict
    full = os.path.abspath(path)
    if files.tampers(full, use):
        action = BLOCK if use == "write" else invocation.policy.action(FILE_OUTSIDE, use + "s", PATH)
        return Verdict(action, FILE_OUTSIDE, PATH, f"opens {full} to {use} this process's own memory or environment")
    remit = invocation.policy.remit
    if remit is None:
        return None
    allowed = remit.writes if use == "write" else (*remit.reads, *remit.writes)
    if not files.outside(path, use, allowed, _places):
        return None
    return left(invocation, FILE_OUTSIDE, use + "s", PATH, f"{use}s {full}", "medium")


def _tampering(invocation: "Invocation", what: str) -> "Verdict | None":
    from remit_guard.sandbox.policy import tampering

    action = tampering(invocation.policy)
    if action == OFF:
        return None
    return Verdict(action, GUARD_TAMPERING, "", what, severity="critical")


def _native(invocation: "Invocation", library: str) -> "Verdict | None":
    remit = invocation.policy.remit
    if remit is None or library in remit.runs or "*" in remit.runs:
        return None
    return left(invocation, PROCESS_OUTSIDE, "runs", PROCESS, f"loads native code: {library}", "high")


def _sql(invocation: "Invocation", statement: object, dialect: str) -> "Verdict | None":
    from remit_guard.sinks import sql

    if not isinstance(statement, str):
        statement = statement.decode("utf-8", "replace") if isinstance(statement, bytes) else str(statement)
    return injected(invocation, SQL, sql.inspect(statement, invocation.provenance(), dialect))


def _own(invocation: "Invocation") -> "Callable[[str, int], bool]":
    """Whether the function itself names a host; made when a host inside is asked for."""
    remit = invocation.policy.remit
    reaches = remit.reaches if remit is not None else ()

    def own(host: str, port: int) -> bool:
        return hosts().names(host, port, reaches)

    return own


def hosts() -> "OwnHosts":
    """The hosts the function names; made when first asked for."""
    if not _hosts:
        from remit_guard.platforms.start import task_root
        from remit_guard.sandbox.own_hosts import OwnHosts

        _hosts.append(OwnHosts(task_root(), dict(os.environ)))
    return _hosts[0]


def _url(invocation: "Invocation", address: str) -> "Verdict | None":
    from remit_guard.sinks import url

    return injected(invocation, URL, url.inspect(address, invocation.provenance(), _own(invocation)))


def _host(invocation: "Invocation", host: str, port: "int | None") -> "Verdict | None":
    from remit_guard.sinks import addresses, url

    shown = f"[{host}]" if ":" in host else host
    suffix = f":{port}" if port else ""
    verdict = None
    if names.of(host) == {host}:  # not the answer of a resolver, which the name is judged for
        found = url.inspect(f"//{shown}{suffix}", invocation.provenance(), _own(invocation))
        verdict = injected(invocation, URL, found)
        if found is None and addresses.why_inside(host):
            hosts().learn(host, port or 0)
    remit = invocation.policy.remit
    if verdict is not None or remit is None:
        return verdict
    if any(egress.allowed(name, port, remit.reaches, _channels) for name in names.of(host)):
        return None
    known = "/".join(sorted(names.of(host)))
    return left(invocation, HOST_OUTSIDE, "reaches", URL, f"reaches {known}", "medium")


def _resolve(invocation: "Invocation", host: str, port: object) -> "Verdict | None":
    return _host(invocation, host, port if isinstance(port, int) and port else None)


def _connect(invocation: "Invocation", address: str, port: "int | None") -> "Verdict | None":
    """As for a host, and more: a name the event chose may have been resolved to somewhere inside."""
    from remit_guard.sinks import addresses
    from remit_guard.sinks.injection import Injection

    inside = addresses.why_inside(address)
    for name in names.of(address) if inside else ():
        if name != address:
            for field, value, at in invocation.provenance().holders(name):
                if _stands_alone(value, at, len(name)) and not _own(invocation)(name, port or 0):
                    found = Injection(field, f"a name that leads to {inside}, a public host expected")
                    return injected(invocation, URL, found)
    return _host(invocation, address, port)


def _stands_alone(value: str, at: int, size: int) -> bool:
    """Whether a name is a whole value, behind an ``@``, or one of a list; in a URL it may be anybody's."""
    return (at == 0 or value[at - 1] in "@,;| ") and (at + size == len(value) or value[at + size] in ":/,;| ")


def _code(invocation: "Invocation", source: str, filename: str) -> "Verdict | None":  # noqa: ARG001
    from remit_guard.sinks import code

    return injected(invocation, CODE, code.inspect(source, invocation.provenance()))


def _document(invocation: "Invocation", data: "bytes | str", kind: str) -> "Verdict | None":
    from remit_guard.sinks import deserialize

    return injected(invocation, DESERIALIZE, deserialize.inspect(data, invocation.provenance(), kind=kind))


def _answer(invocation: "Invocation", body: str, content_type: str) -> "Verdict | None":
    from remit_guard.sinks import response

    return injected(invocation, RESPONSE, response.inspect(body, content_type, invocation.provenance()))


def _call(invocation: "Invocation", service: str, signing: str, operation: str, params: "Any") -> "Verdict | None":
    from remit_guard.sandbox import calls

    remit = invocation.policy.remit
    if remit is None:
        return None
    found = calls.outside(service, signing, operation, params, remit.calls, os.environ)
    if found is None:
        return None
    action, resource = found
    what = f"calls {action}" + (f" on {resource}" if resource else "")
    return left(invocation, CALL_OUTSIDE, "calls", CALL, what, "high")


_CHECKS: "dict[str, Callable[..., Verdict | None]]" = {
    "process": _process,
    "file": _file,
    "tampering": _tampering,
    "native": _native,
    "sql": _sql,
    "url": _url,
    "resolve": _resolve,
    "connect": _connect,
    "code": _code,
    "document": _document,
    "answer": _answer,
    "call": _call,
}

"""HTTP clients: which part of the address is whose; hosts that are reached; parts of addresses."""

import re

from remit.app.location import Location
from remit.app.value import Choice, Ref, Unknown, Value, join
from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import ARGUMENTS, Model
from remit.flow.taint import HIGH, LOW
from remit.flow.values import (
    Hole,
    Known,
    Method,
    Part,
    Symbol,
    Thing,
    Val,
    known,
    literal,
    pieces,
    text_of,
    to_template,
    union,
    unknown,
)
from remit_guard.core.verdict import PATH, RESPONSE, URL

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options")
_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80, "ftp": 21}


def address(machine: Machine, value: Val, at: Location, given: Arguments, base: "Val | None" = None) -> None:
    """An address is connected to: its host is an effect; who controls which part of it decides what is a flow."""
    for atom in value.atoms:
        if isinstance(atom, Thing) and "url" in atom.facts:
            address(machine, atom.facts["url"], at, given, base)
            continue
        one = Val((atom,), value.taints)
        if isinstance(atom, Known | Symbol):
            _parts(machine, one, at, given, base)
        else:
            part = "path" if base is not None else "host"
            machine.sink(URL, Val((atom,), value.taints), at, given.text, part=part)
            if machine.taints(one, at) or base is None:
                machine.reach(to_template(one), 0, given.at)


def _parts(machine: Machine, value: Val, at: Location, given: Arguments, base: "Val | None") -> None:
    found = list(pieces(value))
    if not any(isinstance(piece, Hole) for piece in found) and value.taints and len(found) == 1:
        found = [Hole("an address", value.taints)]
    before = ""
    open_base = base is None and bool(found) and not isinstance(found[0], str)
    part = "host" if base is None else "path"
    for number, piece in enumerate(found):
        if isinstance(piece, str):
            before += piece
            part = _part_after(before, part, open_base=open_base)
        elif isinstance(piece, Hole) and piece.taints:
            # Right behind a base address of unknown end, a text may still belong to the host.
            low = LOW if part == "host" and number and open_base else HIGH
            for item in piece.taints:
                machine.flow(URL, item, at, given.text, {"part": part}, low)
            before += "x"
        else:
            before += "x"
    host, port = host_of(found)
    if base is None:
        machine.reach(host, port, given.at)


def _part_after(text: str, part: str, *, open_base: bool) -> str:
    if part in ("query", "path") or not text:
        return "query" if "?" in text else part
    rest = text
    match = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text)
    if match:
        rest = text[match.end() :]
    elif not open_base and "://" not in text:
        return part
    if "?" in rest:
        return "query"
    return "path" if "/" in rest.split("://", 1)[-1] else part


def host_of(found: "list[str | Ref | Unknown | Choice]") -> tuple[Value, int]:
    """The host of an address, symbolic where it is, and its port; ``0`` when unknown."""
    parts: list[Value] = []
    scheme = ""
    for piece in found:
        if not isinstance(piece, str):
            parts.append(Unknown(piece.why) if isinstance(piece, Unknown) else piece)
            continue
        text = piece
        if not parts and "://" in text:
            scheme, text = text.split("://", 1)
        elif parts and text.startswith("://"):
            return Unknown("an address put together from parts"), 0
        end = re.search(r"[/?#]", text)
        parts.append(text[: end.start()] if end else text)
        if end:
            break
    host = join(parts)
    port = _PORTS.get(scheme.lower(), 0)
    if isinstance(host, str):
        host = host.rsplit("@", 1)[-1]
        name, _, number = host.partition(":")
        return name, int(number) if number.isdigit() else port
    return host, port


def _get(index: int = 0) -> Model:
    def run(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
        del frame
        value = given.get(index, "url", "fullurl")
        base = None
        if receiver is not None and isinstance(receiver.receiver, Thing):
            base = receiver.receiver.facts.get("base")
        if value is not None:
            address(machine, value, given.span(index, "url"), given, base)
        return Val((Thing("http.Response"),))

    return Model(run=run)


def _request(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``urllib.request.Request(url)``: an address on its way."""
    del frame, machine
    value = given.get(0, "url") or unknown("an address")
    return Val((Thing("http.Request", {"url": value}),), value.taints)


def _session(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    base = given.keywords.get("base_url")
    if base is None:
        return Val((Thing("http.Session"),))
    address(machine, base, given.span(-1, "base_url"), given)
    del frame
    return Val((Thing("http.Session", {"base": base}),))


def _connection(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``http.client.HTTPSConnection(host)``: the argument is the host."""
    del frame
    value = given.get(0, "host") or unknown("a host")
    machine.sink(URL, value, given.span(0, "host"), given.text, part="host")
    port = literal(given.get(1, "port") or known(443 if "HTTPS" in given.text else 80))
    host = to_template(value)
    if isinstance(host, str) and ":" in host:
        host, _, number = host.partition(":")
        port = int(number) if number.isdigit() else 0
    machine.reach(host, port if isinstance(port, int) else 0, given.at)
    return Val((Thing("http.Connection"),))


def _socket(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``connect((host, port))``."""
    from remit.flow.access import index

    value = given.get(0, "address") or unknown("an address")
    host = index(machine, frame, value, known(0), given.at)
    port = literal(index(machine, frame, value, known(1), given.at))
    machine.sink(URL, host, given.span(0), given.text, part="host")
    machine.reach(to_template(host), port if isinstance(port, int) else 0, given.at)
    return Val((Thing("socket"),))


def _same(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Decoding: the same field, read."""
    del frame
    value = given.get(0, "string", "s") or unknown("a text")
    found = [
        Val((atom,))
        if isinstance(atom, Part)
        else unknown("a text", machine.taints(Val((atom,), value.taints), given.at))
        for atom in value.atoms
    ]
    return union(*found) if found else unknown("a text", value.taints)


def _quote(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``quote(x)`` leaves ``/`` alone unless told otherwise."""
    del frame
    value = given.get(0, "string") or unknown("a text")
    safe = given.get(1, "safe")
    kept = text_of(safe) if safe is not None else "/"
    whole = given.text.endswith("quote_plus") or (kept is not None and "/" not in kept)
    cleans = {RESPONSE, URL, "log", "process"} if whole else {RESPONSE, "log"}
    if whole:
        cleans.add(PATH)
    return unknown("a quoted text", taint.cleaned(machine.taints(value, given.at), frozenset(cleans)))


def _parsed(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``urlparse(url)``: remembers which variable it is of, so that a check of its host is a check of that."""
    del frame
    value = given.get(0, "url") or unknown("an address")
    taints = machine.taints(value, given.at)
    place = given.places[0] if given.places else ""
    facts = {"*": unknown("a part of an address", taints)}
    if place:
        facts["place"] = known(place)
    return Val((Thing("urllib.ParseResult", facts),), taints)


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Nothing more by name alone."""
    del machine, frame, name, given
    return None


FUNCTIONS: dict[str, Model] = {
    "urllib.request.urlopen": _get(),
    "urllib.request.urlretrieve": _get(),
    "urllib.request.Request": Model(run=_request),
    "urllib2.urlopen": _get(),
    "wget.download": _get(),
    "http.client.HTTPConnection": Model(run=_connection),
    "http.client.HTTPSConnection": Model(run=_connection),
    "socket.create_connection": Model(run=_socket),
    "socket.socket": Model(gives="socket"),
    "urllib3.PoolManager": Model(run=_session),
    "urllib3.request": _get(1),
    "aiohttp.ClientSession": Model(run=_session),
    "urllib.parse.unquote": Model(run=_same),
    "urllib.parse.unquote_plus": Model(run=_same),
    "urllib.unquote_plus": Model(run=_same),
    "urllib.parse.unquote_to_bytes": Model(run=_same),
    "urllib.parse.quote": Model(run=_quote),
    "urllib.parse.quote_plus": Model(run=_quote),
    "urllib.parse.urlencode": Model(keeps=ARGUMENTS, cleans=frozenset((URL, PATH, RESPONSE, "log"))),
    "urllib.parse.urljoin": Model(keeps=ARGUMENTS),
    "urllib.parse.urlparse": Model(run=_parsed),
    "urllib.parse.urlsplit": Model(run=_parsed),
    "urllib.parse.parse_qs": Model(keeps=ARGUMENTS),
    "urllib.parse.parse_qsl": Model(keeps=ARGUMENTS),
}
METHODS: dict[str, Model] = {
    "http.Session.request": _get(1),
    "http.Session.urlopen": _get(1),
    "http.Session.send": Model(),
    "http.Connection.request": Model(),
    "http.Connection.getresponse": Model(gives="http.Response"),
    "http.Session.mount": Model(),
    "http.Session.close": Model(),
    "socket.connect": Model(run=_socket),
    "urllib.ParseResult.geturl": Model(keeps=ARGUMENTS),
}
for _library in ("requests", "httpx"):
    for _verb in _VERBS:
        FUNCTIONS[f"{_library}.{_verb}"] = _get()
    FUNCTIONS[f"{_library}.request"] = _get(1)
    FUNCTIONS[f"{_library}.stream"] = _get(1)
for _name in ("requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient", "requests.sessions.Session"):
    FUNCTIONS[_name] = Model(run=_session)
for _verb in _VERBS:
    METHODS[f"http.Session.{_verb}"] = _get()
for _name in ("read", "json", "getheader", "raise_for_status", "decode", "text", "iter_content", "iter_lines", "close"):
    METHODS[f"http.Response.{_name}"] = Model()
__all__ = ["FUNCTIONS", "METHODS", "address", "by_name", "host_of"]

"""HTTP clients: ``fetch``, ``axios``, ``got`` and their kin; which part of the address is whose."""

from remit.app.location import Location
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import web
from remit.flow.models.model import Model
from remit.flow.values import Dictionary, Lib, Method, Opaque, Thing, Val, literal, text_of, to_template, unknown
from remit_guard.core.verdict import URL

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "del", "request", "all", "stream", "json")
_SESSION = "js.Http"
_ADDRESSES = ("url", "uri", "href")
_HOSTS = ("hostname", "host")


def _ask(machine: Machine, given: Arguments, index: int, base: "Val | None" = None) -> Val:
    """An address or an object that holds one."""
    value = given.get(index)
    options = given.get(index + 1)
    for atom in options.atoms if options is not None else ():
        if isinstance(atom, Dictionary):
            base = atom.entries.get("baseURL") or atom.entries.get("prefixUrl") or base
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary):
            _of_options(machine, given, atom, given.span(index), base)
        elif value is not None:
            web.address(machine, Val((atom,), value.taints), given.span(index), given, base)
    return Val((Thing("http.Response"),))


def _of_options(machine: Machine, given: Arguments, atom: Dictionary, at: Location, base: "Val | None") -> None:
    """``{url}``, ``{baseURL, url}`` or ``{hostname, port, path}``."""
    base = atom.entries.get("baseURL") or base
    if base is not None:
        web.address(machine, base, atom.places.get("baseURL", at), given)
    for name in _ADDRESSES:
        if name in atom.entries:
            web.address(machine, atom.entries[name], atom.places.get(name, at), given, base)
            return
    for name in _HOSTS:
        if name in atom.entries:
            host = atom.entries[name]
            machine.sink(URL, host, atom.places.get(name, at), given.text, part="host")
            port = literal(atom.entries["port"]) if "port" in atom.entries else 443 if "https" in given.text else 0
            machine.reach(to_template(host), port if isinstance(port, int) else 0, given.at)
            return
    if atom.rest is not None:
        machine.sink(URL, atom.rest, at, given.text, part="host")


def _asks(index: int = 0) -> Model:
    def run(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
        del frame
        thing = receiver.receiver if receiver is not None else None
        base = thing.facts.get("base") if isinstance(thing, Thing) else None
        return _ask(machine, given, index, base)

    return Model(run=run)


def _instance(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``axios.create({baseURL})``, ``got.extend({prefixUrl})``."""
    del frame
    facts: dict[str, Val] = {}
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Dictionary):
            base = atom.entries.get("baseURL") or atom.entries.get("prefixUrl") or atom.entries.get("baseUrl")
            if base is not None:
                facts["base"] = base
                web.address(machine, base, atom.places.get("baseURL", given.at), given)
    return Val((Thing(_SESSION, facts),))


def _request(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new Request(url)``: an address on its way."""
    del frame, machine
    value = given.get(0) or unknown("an address")
    return Val((Thing("http.Request", {"url": value}),), value.taints)


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Nothing more by name alone."""
    del machine, frame, name, given
    return None


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``page.goto(url)`` of a browser without a screen; ``httpClient.get(url)`` of something called like a client."""
    del frame
    if method.name == "goto" and given.args:
        return _ask(machine, given, 0)
    said = given.text.rpartition(".")[0].lower()
    if method.name in _VERBS and said.endswith(("axios", "httpclient", "http", "fetcher", "httpservice")) and isinstance(
        method.receiver, Opaque | Lib | Method
    ):  # fmt: skip
        start = text_of(given.args[0]) if given.args else None
        if start is None or "://" in start:
            return _ask(machine, given, 0)
    return None


_FIRST, _SECOND = _asks(), _asks(1)
FUNCTIONS: dict[str, Model] = {
    "Request": Model(run=_request), "axios.create": Model(run=_instance), "got.extend": Model(run=_instance),
    "ky.create": Model(run=_instance), "ky.extend": Model(run=_instance), "request.defaults": Model(run=_instance),
    "request-promise.defaults": Model(run=_instance), "undici.Pool": Model(run=_instance), "needle": _SECOND,
    "WebSocket": _FIRST, "ws": _FIRST, "ws.WebSocket": _FIRST, "https.Agent": Model(), "http.Agent": Model(),
    "axios.isAxiosError": Model(), "axios.isCancel": Model(), "puppeteer.launch": Model(gives="js.Browser"),
}  # fmt: skip
for _library in (
    "fetch", "node-fetch", "cross-fetch", "isomorphic-fetch", "undici", "axios", "got", "ky", "request", "request-promise",
    "request-promise-native", "superagent", "needle", "http", "https", "phin", "bent", "wretch", "follow-redirects.http",
    "follow-redirects.https", "centra", "node-fetch.default", "undici.fetch", "undici.request", "cross-fetch.fetch",
    "make-fetch-happen",
    "@vercel/fetch", "axios-retry", "urllib", "minimal-request-promise", "simple-get", "popsicle", "teeny-request", "r2",
):  # fmt: skip
    FUNCTIONS.setdefault(_library, _FIRST)
    for _verb in _VERBS:
        FUNCTIONS.setdefault(f"{_library}.{_verb}", _FIRST)
METHODS: dict[str, Model] = {f"{_SESSION}.__call__": _FIRST}
for _verb in _VERBS:
    METHODS[f"{_SESSION}.{_verb}"] = _FIRST
for _name in ("json", "text", "blob", "arrayBuffer", "buffer", "formData", "getReader", "resume", "setEncoding", "destroy", "end",
              "write", "setTimeout", "abort", "pipe", "set", "query", "send", "auth", "timeout", "retry", "accept",
              "type"):  # fmt: skip
    METHODS[f"http.Response.{_name}"] = Model(gives="http.Response") if _name in ("set", "query", "send", "auth",
    "timeout", "retry",
        "accept", "type") else Model()  # fmt: skip
__all__ = ["FUNCTIONS", "METHODS", "by_look", "by_name"]

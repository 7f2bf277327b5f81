"""Connections whose other end is not asked who it is: ``verify=False``, ``rejectUnauthorized: false``."""

from remit.app.location import Location
from remit.flow.machine import Arguments, Machine
from remit.flow.uses.look import Call, Name, is_false, texts
from remit.flow.values import Val, literal

TLS = "tls"
#: Last words of calls that take ``verify=``; a decoder of tokens takes it too, and means something else.
_CONNECTING = frozenset((
    "get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream", "Session", "Client",
    "AsyncClient", "client", "resource", "HTTPTransport", "AsyncHTTPTransport", "OAuth2Session", "fetch_token",
))  # fmt: skip


def _verify(machine: Machine, given: Arguments) -> None:
    verify = given.keywords.get("verify")
    if is_false(verify) and given.text.rpartition(".")[2] in _CONNECTING:
        machine.use(TLS, given.span(-1, "verify"), given.text, how="verify=False")
    if "CERT_NONE" in texts(given.keywords.get("cert_reqs")):
        machine.use(TLS, given.span(-1, "cert_reqs"), given.text, how="CERT_NONE")
    elif is_false(given.keywords.get("verify_ssl")):
        machine.use(TLS, given.span(-1, "verify_ssl"), given.text, how="verify_ssl=False")


def _always(machine: Machine, given: Arguments) -> None:
    if given.keywords:
        _verify(machine, given)


def _connector(machine: Machine, given: Arguments) -> None:
    """``aiohttp``: ``ssl=False``."""
    if is_false(given.keywords.get("ssl")):
        machine.use(TLS, given.span(-1, "ssl"), given.text, how="ssl=False")


def _any_host(machine: Machine, given: Arguments) -> None:
    machine.use(TLS, given.at, given.text, how="any host key is accepted")


def _session(machine: Machine, name: str, value: Val, at: Location) -> None:
    """``session.verify = False``."""
    if is_false(value):
        machine.use(TLS, at, "", how=f"{name} = False")


def _node(machine: Machine, name: str, value: Val, at: Location) -> None:
    if is_false(value):
        machine.use(TLS, at, "", how=f"{name}: false")


def _everywhere(machine: Machine, name: str, value: Val, at: Location) -> None:
    if literal(value) in ("0", 0):
        machine.use(TLS, at, "", how=f"{name} = 0")


CALLS: dict[str, Call] = {
    "aiohttp.TCPConnector": _connector,
    "aiohttp.request": _connector,
    "paramiko.AutoAddPolicy": _any_host,
    "paramiko.WarningPolicy": _any_host,
    "paramiko.client.AutoAddPolicy": _any_host,
}
NAMES: dict[str, Name] = {
    "verify": _session,
    "check_hostname": _session,
    "rejectUnauthorized": _node,
    "strictSSL": _node,
    "NODE_TLS_REJECT_UNAUTHORIZED": _everywhere,
}
MENTIONS = {
    "ssl._create_unverified_context": (TLS, {"how": "an unverified context"}),
    "ssl._create_stdlib_context": (TLS, {"how": "an unverified context"}),
    "ssl.CERT_NONE": (TLS, {"how": "CERT_NONE"}),
}
ALWAYS: tuple[Call, ...] = (_always,)
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "MENTIONS", "NAMES", "TAINTED", "TLS"]

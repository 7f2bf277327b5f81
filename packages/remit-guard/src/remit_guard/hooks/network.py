"""HTTP and name resolution: what the audit events do not say, the whole URL and the resolver's answers."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.kept import ask, keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_PORTS = {"http": 80, "https": 443}


def patch_http_client(module: "Any") -> None:
    """``http.client``: every request's URL, for urllib, requests and urllib3 end here too; redirects come again."""
    plain = module.HTTPConnection.putrequest

    def putrequest(self: "Any", method: str, url: str, *args: "Any", **kwargs: "Any") -> "Any":
        effect("url", _whole(self, url))
        return plain(self, method, url, *args, **kwargs)

    putrequest.__doc__ = plain.__doc__
    module.HTTPConnection.putrequest = putrequest


def _whole(connection: "Any", url: str) -> str:
    if "://" in url:  # to a proxy
        return url
    scheme = "https" if getattr(connection, "default_port", 80) == 443 else "http"
    host, port = str(connection.host), connection.port
    shown = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[scheme]:
        shown += f":{port}"
    return f"{scheme}://{shown}{url}"


def patch_socket(learn: "Callable[[str, str], None]") -> "Callable[[ModuleType], None]":
    """The patch of ``socket`` that tells which addresses a name was resolved to, and connects to the one that was told.

    Args:
        learn: gets each name and address.
    """

    def patch(module: "Any") -> None:
        _keep_resolvers(module)
        plain = module.getaddrinfo

        def getaddrinfo(host: "Any", *args: "Any", **kwargs: "Any") -> "Any":
            answers = plain(host, *args, **kwargs)
            if host:
                name = host.decode("idna", "replace") if isinstance(host, bytes) else str(host)
                for answer in answers:
                    learn(name, str(answer[4][0]))
            return answers

        getaddrinfo.__doc__ = plain.__doc__
        module.getaddrinfo = getaddrinfo
        _pin(module)

    return patch


def _keep_resolvers(module: "Any") -> None:
    """Has the sealed floor ask the resolver itself, so that what it learns cannot be made up."""
    inner = __import__("_socket")
    for name in ("inet_pton", "inet_ntop", "AF_INET6"):
        keep(name, getattr(inner, name))
    names = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
    kept = [keep(name, getattr(inner, name)) for name in names]
    if not all(kept):
        return

    def getaddrinfo(
        host: "Any",
        port: "Any",
        family: int = 0,
        type: int = 0,  # noqa: A002
        proto: int = 0,
        flags: int = 0,
    ) -> "Any":
        effect("resolve", host, port)
        return ask("remit_guard.resolver", "getaddrinfo", (_ascii(host), port, family, type, proto, flags))

    def gethostbyname(host: "Any") -> "Any":
        effect("resolve", host, None)
        return ask("remit_guard.resolver", "gethostbyname", (_ascii(host),))

    def gethostbyname_ex(host: "Any") -> "Any":
        effect("resolve", host, None)
        return ask("remit_guard.resolver", "gethostbyname_ex", (_ascii(host),))

    for name, patched in zip(names, (getaddrinfo, gethostbyname, gethostbyname_ex), strict=True):
        patched.__doc__ = getattr(inner, name).__doc__
        setattr(inner, name, patched)
        if name != "getaddrinfo":  # of that one, ``socket`` has a function of its own above it
            setattr(module, name, patched)


def _ascii(host: "Any") -> "Any":
    """The host as the resolver gets it: names of other alphabets in their own encoding."""
    if isinstance(host, str) and not host.isascii():
        return host.encode("idna")
    return host


def _pin(module: "Any") -> None:
    """Resolves names before a socket connects, for the socket would ask again and might be told something else."""
    base = module.socket.__base__

    def pinned(self: "Any", address: "Any") -> "Any":
        if self.family in (module.AF_INET, module.AF_INET6) and isinstance(address, tuple) and len(address) >= 2:
            host = address[0]
            if (
                isinstance(host, str | bytes)
                and host
                and host != "<broadcast>"
                and not _literal(module, self.family, host)
            ):
                return module.getaddrinfo(host, address[1], self.family, self.type, self.proto)[0][4]
        return address

    def connect(self: "Any", address: "Any", /) -> None:
        base.connect(self, pinned(self, address))

    def connect_ex(self: "Any", address: "Any", /) -> int:
        number: int = base.connect_ex(self, pinned(self, address))
        return number

    def sendto(self: "Any", data: "Any", *rest: "Any") -> int:
        count: int = base.sendto(self, data, *rest[:-1], *[pinned(self, address) for address in rest[-1:]])
        return count

    for patched in (connect, connect_ex, sendto):
        patched.__doc__ = getattr(base, patched.__name__).__doc__
        setattr(module.socket, patched.__name__, patched)


def _literal(module: "Any", family: int, host: "str | bytes") -> bool:
    try:
        text = host if isinstance(host, str) else host.decode("ascii")
        module.inet_pton(family, text.partition("%")[0])
    except (OSError, UnicodeError, ValueError):
        return False
    return True

"""HTTP and name resolution: what the audit events do not say, the whole URL and the resolver's answers."""

from remit_guard.hooks.gate import effect

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
    """The patch of ``socket`` that tells which addresses a name was resolved to.

    Args:
        learn: gets each name and address.
    """

    def patch(module: "Any") -> None:
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

    return patch

"""HTTP clients: GraphQL documents in the JSON they send, and every address a redirect leads to."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def document(sent: "Any") -> None:
    """Judges what is sent as JSON, when it is a GraphQL request or a batch of them."""
    for item in sent if isinstance(sent, list) else (sent,):
        query = item.get("query") if isinstance(item, dict) else None
        if isinstance(query, str) and "{" in query:
            effect("graphql", query)


def patch_requests(module: "Any") -> None:
    """requests: what becomes the body. Addresses and redirects are judged in ``http.client``, below."""

    def look(
        _self: object, data: "Any" = None, files: "Any" = None, json: "Any" = None, *_: "Any", **__: "Any"
    ) -> None:
        del data, files
        if json:
            document(json)

    before(module.PreparedRequest, "prepare_body", look)


def patch_httpx(module: "Any") -> None:
    """httpx: requests as they are built, and each one that is sent, redirects included."""

    def built(_self: object, *_: "Any", json: "Any" = None, **__: "Any") -> None:
        if json:
            document(json)

    def sent(_self: object, request: "Any", *_: "Any", **__: "Any") -> None:
        effect("url", str(request.url))

    for name in ("Client", "AsyncClient"):
        kind = getattr(module, name)
        before(kind, "build_request", built)
        before(kind, "_send_single_request", sent)


def patch_aiohttp(module: "Any") -> None:
    """aiohttp: what is sent as JSON."""

    def look(_self: object, *_: "Any", json: "Any" = None, **__: "Any") -> None:
        if json:
            document(json)

    before(module.ClientSession, "_request", look)


def patch_aiohttp_request(module: "Any") -> None:
    """aiohttp: each request, redirects included."""

    def look(_self: object, method: "Any" = "", url: "Any" = "", *_: "Any", **__: "Any") -> None:
        del method
        effect("url", str(url))

    before(module.ClientRequest, "__init__", look)


def patch_graphql(module: "Any") -> None:
    """graphql-core, which ``gql`` reads documents by."""

    def look(source: "Any" = None, *_: "Any", **__: "Any") -> None:
        text = source if isinstance(source, str) else getattr(source, "body", None)
        if isinstance(text, str):
            effect("graphql", text)

    before(module, "parse", look)


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "requests.models": patch_requests,
    "httpx._client": patch_httpx,
    "aiohttp.client": patch_aiohttp,
    "aiohttp.client_reqrep": patch_aiohttp_request,
    "graphql.language.parser": patch_graphql,
}

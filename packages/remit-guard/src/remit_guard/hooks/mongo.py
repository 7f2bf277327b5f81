"""MongoDB and Cosmos: filters, updates and pipelines before the driver encodes them.

PyMongo's collections, sync and async; Motor, mongoengine and Beanie end there.
"""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_FILTERS = (
    "find", "find_raw_batches", "count_documents", "delete_one", "delete_many", "replace_one", "find_one_and_delete",
    "find_one_and_replace",
)  # fmt: skip
_UPDATES = ("update_one", "update_many", "find_one_and_update")


def patch(module: "Any") -> None:
    """The collection class of one of PyMongo's modules."""
    for name in ("Collection", "AsyncCollection"):
        kind = getattr(module, name, None)
        if isinstance(kind, type) and kind.__module__ == module.__name__:
            _collection(kind)


def _collection(kind: "Any") -> None:
    for name in _FILTERS:
        before(kind, name, _filter)
    for name in _UPDATES:
        before(kind, name, _update)
    for name in ("aggregate", "aggregate_raw_batches"):
        before(kind, name, _pipeline)
    before(kind, "distinct", _distinct)
    before(kind, "bulk_write", _bulk)
    before(kind, "map_reduce", _map_reduce)


def _filter(_self: object, filter: "Any" = None, *_: "Any", **__: "Any") -> None:  # noqa: A002  (its name there)
    if filter:
        effect("nosql", filter, "filter")


def _update(_self: object, filter: "Any" = None, update: "Any" = None, *_: "Any", **__: "Any") -> None:  # noqa: A002
    if filter:
        effect("nosql", filter, "filter")
    if update:
        effect("nosql", update, "update")


def _pipeline(_self: object, pipeline: "Any" = None, *_: "Any", **__: "Any") -> None:
    if pipeline:
        effect("nosql", pipeline, "pipeline")


def _distinct(_self: object, _key: "Any" = "", filter: "Any" = None, *_: "Any", **__: "Any") -> None:  # noqa: A002
    if filter:
        effect("nosql", filter, "filter")


def _bulk(_self: object, requests: "Any" = (), *_: "Any", **__: "Any") -> None:
    for request in requests if isinstance(requests, (list, tuple)) else ():
        held = getattr(request, "_filter", None)
        if held:
            effect("nosql", held, "filter")
        change = getattr(request, "_doc", None)
        if held and change:
            effect("nosql", change, "update")


def _map_reduce(_self: object, *code: "Any", query: "Any" = None, **__: "Any") -> None:
    effect("nosql", {"$accumulator": {"init": str(code[0]), "merge": str(code[1])}} if len(code) > 1 else {}, "filter")
    if query:
        effect("nosql", query, "filter")


def patch_cosmos(module: "Any") -> None:
    """Azure Cosmos: the text of queries, whose values have parameters."""
    before(module.ContainerProxy, "query_items", _cosmos)


def _cosmos(_self: object, query: "Any" = None, *_: "Any", **__: "Any") -> None:
    if isinstance(query, dict):
        query = query.get("query")
    if isinstance(query, str):
        effect("sql", query, "cosmos")


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "pymongo.collection": patch,
    "pymongo.synchronous.collection": patch,
    "pymongo.asynchronous.collection": patch,
    "azure.cosmos.container": patch_cosmos,
    "azure.cosmos.aio._container": patch_cosmos,
}

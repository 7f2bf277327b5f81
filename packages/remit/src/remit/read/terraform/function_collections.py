"""Functions on lists, sets and mappings: elements keep their symbols and places."""

from collections.abc import Callable, Mapping
from itertools import product

from remit.app.node import Node
from remit.app.value import OTHERS, Choice, Unknown, Value
from remit.read.terraform.calls import Context, listed, mapped, open_, whole
from remit.read.terraform.known import MAX_SIZE, Wrong, text_of, truth

_DECIDED_LATER = Unknown("a condition that the deployment decides")


def _same(context: Context, node: Node) -> object:
    """Something that is equal for elements that are."""
    value = context.evaluator.literal(node)
    return (type(value) is bool, _hashable(value))


def _hashable(value: Value) -> object:
    if isinstance(value, Mapping):
        return tuple((name, _hashable(item)) for name, item in sorted(value.items()))
    if isinstance(value, tuple):
        return tuple(_hashable(item) for item in value)
    if isinstance(value, Choice):
        return Choice, tuple(_hashable(option) for option in value.options)
    return value


def _node(context: Context, items: tuple[Node, ...] | Mapping[str, Node]) -> Node:
    return context.evaluator.structure(items, context.at)


def _unique(context: Context, items: tuple[Node, ...]) -> tuple[Node, ...]:
    seen: set[object] = set()
    found = []
    for item in items:
        same = _same(context, item)
        if same not in seen:
            seen.add(same)
            found.append(item)
    return tuple(found)


def _sorted(context: Context, items: tuple[Node, ...]) -> tuple[Node, ...]:
    keyed = [(text_of(context.evaluator.literal(item)), item) for item in items]
    # What is symbolic has no order; it comes last, as it is written.
    known = sorted(((text, item) for text, item in keyed if text is not None), key=lambda pair: pair[0])
    return (*(item for _, item in known), *(item for text, item in keyed if text is None))


def _toset(context: Context, items: Node) -> Node:
    if open_(items.value):
        return items
    return _node(context, _sorted(context, _unique(context, listed(items))))


def _tolist(context: Context, items: Node) -> Node:
    return items if open_(items.value) or items.value is None else _node(context, listed(items))


def _tomap(_context: Context, entries: Node) -> Node:
    if not open_(entries.value) and entries.value is not None:
        mapped(entries)
    return entries


def _length(context: Context, items: Node) -> Value:
    value = context.evaluator.literal(items)
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping | tuple) and not (isinstance(value, Mapping) and OTHERS in value):
        return len(value)
    if isinstance(value, Mapping) or open_(value):
        return Unknown("a length that the deployment decides")
    raise Wrong("the length of a value that has none")


def _concat(context: Context, *lists: Node) -> Node:
    found: list[Node] = []
    for node in lists:
        if open_(node.value):
            # Some elements are not known; the others still are.
            found.append(Node(Unknown(f"further elements: {node.value}"), node.location))
        else:
            found += listed(node)
    return _node(context, tuple(found))


def _merge(context: Context, *maps: Node) -> Node:
    found: dict[str, Node] = {}
    for node in maps:
        if node.value is None:
            continue
        if open_(node.value):
            found[OTHERS] = Node(Unknown("further entries that the deployment decides"), node.location)
        else:
            found |= mapped(node)
    return _node(context, found)


def _flatten(context: Context, items: Node) -> Node:
    found: list[Node] = []
    pending = list(reversed(listed(items)))
    while pending:
        item = pending.pop()
        if isinstance(item.value, tuple):
            pending += reversed(item.value)
        else:
            found.append(item)
        if len(found) > MAX_SIZE or len(pending) > MAX_SIZE:
            raise Wrong("a list with far too much in it")
    return _node(context, tuple(found))


def _keys(context: Context, entries: Node) -> Node:
    found = []
    for key, _ in context.evaluator.pairs(Node(mapped(entries), entries.location)):
        found.append(key)
    return _node(context, tuple(found))


def _values(context: Context, entries: Node) -> Node:
    found = mapped(entries)
    return _node(context, tuple(found[name] for name in sorted(found)))


def _lookup(context: Context, entries: Node, key: Node, default: Node | None = None) -> Node:
    if open_(entries.value):
        unknown = Node(Unknown("an entry that the deployment decides"), context.at)
        return unknown if default is None else context.evaluator.either(unknown, default, context.at)
    node, sure = context.evaluator.entry(mapped(entries), context.evaluator.literal(key), context.at)
    if node is not None:
        return node if sure or default is None else context.evaluator.either(node, default, context.at)
    if default is None:
        raise Wrong("an entry that is not there")
    return default


def _element(context: Context, items: Node, index: Node) -> Node:
    if open_(items.value):
        return Node(Unknown("an element that the deployment decides"), context.at)
    found = listed(items)
    number = context.evaluator.literal(index)
    if not found:
        raise Wrong("an element of an empty list")
    if open_(number):
        return context.evaluator.index(items, index, context.at)
    return found[whole(number) % len(found)]


def _index(context: Context, items: Node, wanted: Node) -> Value:
    same = _same(context, wanted)
    for number, item in enumerate(listed(items)):
        if _same(context, item) == same:
            return number
    if any(open_(item.value) for item in (*listed(items), wanted)):
        return Unknown("an index that the deployment decides")
    raise Wrong("a value that is not in this list")


def _contains(context: Context, items: Node, wanted: Node) -> Value:
    from remit.read.terraform.operators import equal

    value = context.evaluator.literal(wanted)
    open_one = False
    for item in listed(items):
        same = equal(context.evaluator.literal(item), value)
        if same:
            return True
        open_one = open_one or same is None
    return _DECIDED_LATER if open_one else False


def _distinct(context: Context, items: Node) -> Node:
    return _node(context, _unique(context, listed(items)))


def _compact(context: Context, items: Node) -> Node:
    return _node(context, tuple(item for item in listed(items) if item.value not in ("", None)))


def _reverse(context: Context, items: Node) -> Node:
    return _node(context, listed(items)[::-1])


def _sort(context: Context, items: Node) -> Node:
    return _node(context, _sorted(context, listed(items)))


def _slice(context: Context, items: Node, start: Node, end: Node) -> Node:
    found = listed(items)
    first, last = (whole(context.evaluator.literal(node)) for node in (start, end))
    if not 0 <= first <= last <= len(found):
        raise Wrong("a part of a list beyond its end")
    return _node(context, found[first:last])


def _chunklist(context: Context, items: Node, size: Node) -> Node:
    found, width = listed(items), whole(context.evaluator.literal(size))
    if width < 1:
        raise Wrong("chunks without elements")
    chunks = (_node(context, found[start : start + width]) for start in range(0, len(found), width))
    return _node(context, tuple(chunks))


def _zipmap(context: Context, keys: Node, values: Node) -> Node:
    names, items = listed(keys), listed(values)
    if len(names) != len(items):
        raise Wrong("zipmap() with lists of different lengths")
    found: dict[str, Node] = {}
    for name, item in zip(names, items, strict=True):
        context.evaluator.put(found, context.evaluator.key(name), item)
    return _node(context, found)


def _matchkeys(context: Context, values: Node, keys: Node, wanted: Node) -> Node:
    allowed = {_same(context, item) for item in listed(wanted)}
    pairs = zip(listed(values), listed(keys), strict=False)
    return _node(context, tuple(value for value, key in pairs if _same(context, key) in allowed))


def _transpose(context: Context, entries: Node) -> Node:
    found: dict[str, list[Node]] = {}
    for name, items in sorted(mapped(entries).items()):
        for item in listed(items):
            found.setdefault(context.evaluator.key(item), []).append(Node(name, item.location))
    return _node(context, {name: _node(context, tuple(items)) for name, items in sorted(found.items())})


def _coalesce(_context: Context, *items: Node) -> Node:
    for item in items:
        if item.value not in (None, ""):
            return item
    raise Wrong("coalesce() of nothing")


def _coalescelist(_context: Context, *lists: Node) -> Node:
    for node in lists:
        if open_(node.value) or (node.value is not None and listed(node)):
            return node
    raise Wrong("coalescelist() of nothing")


def _one(context: Context, items: Node) -> Node:
    found = listed(items)
    if len(found) > 1:
        raise Wrong("one() of several elements")
    return found[0] if found else Node(None, context.at)


def _setproduct(context: Context, *sets: Node) -> Node:
    lists = [listed(node) for node in sets]
    count = 1
    for items in lists:
        count *= len(items)
    if count * max(len(lists), 1) > MAX_SIZE:
        raise Wrong("a product with far too many elements")
    return _node(context, tuple(_node(context, row) for row in product(*lists)))


def _setunion(context: Context, *sets: Node) -> Node:
    return _node(context, _sorted(context, _unique(context, tuple(item for node in sets for item in listed(node)))))


def _setintersection(context: Context, first: Node, *sets: Node) -> Node:
    others = [{_same(context, item) for item in listed(node)} for node in sets]
    items = tuple(item for item in listed(first) if all(_same(context, item) in other for other in others))
    return _node(context, _sorted(context, _unique(context, items)))


def _setsubtract(context: Context, first: Node, second: Node) -> Node:
    gone = {_same(context, item) for item in listed(second)}
    items = tuple(item for item in listed(first) if _same(context, item) not in gone)
    return _node(context, _sorted(context, _unique(context, items)))


def _alltrue(context: Context, items: Node) -> Value:
    return _all(context, items, stops=False)


def _anytrue(context: Context, items: Node) -> Value:
    return _all(context, items, stops=True)


def _all(context: Context, items: Node, *, stops: bool) -> Value:
    truths = [truth(context.evaluator.literal(item)) for item in listed(items) if item.value is not None]
    if stops in truths:
        return stops
    return _DECIDED_LATER if None in truths else not stops


COLLECTIONS: dict[str, Callable[..., Node | Value]] = {
    "alltrue": _alltrue,
    "anytrue": _anytrue,
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "list": lambda context, *items: _node(context, items),
    "lookup": _lookup,
    "matchkeys": _matchkeys,
    "merge": _merge,
    "one": _one,
    "reverse": _reverse,
    "setintersection": _setintersection,
    "setproduct": _setproduct,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "slice": _slice,
    "sort": _sort,
    "tolist": _tolist,
    "tomap": _tomap,
    "toset": _toset,
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
}

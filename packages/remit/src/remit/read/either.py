"""One of several: what an open condition lets a source of events be, as one declaration for each."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from math import prod

from remit.app.node import Node
from remit.app.report import Skip
from remit.app.value import Value, options
from remit.read.draft import Draft

#: Ways to combine what several properties may be; a declaration has few that name something.
_MOST = 64


def each_of(draft: Draft, properties: Node, *always: str) -> Iterator[Node]:
    """The same properties once for every resource that one of them may name.

    Who sends and what delivers depends on the resource; where an open condition decides which it is, each of them
    delivers. What names no resource stays as open as it is.

    Args:
        draft: the app so far.
        properties: of a declaration.
        always: properties that are taken apart whatever they name.
    """
    entries = properties.value
    if not isinstance(entries, Mapping):
        yield properties
        return
    open_ = {
        key: values
        for key, node in entries.items()
        if len(values := _values(node)) > 1 and (key in always or any(draft.target(value) for value in values))
    }
    if not open_:
        yield properties
        return
    if prod(map(len, open_.values())) > _MOST:
        why = f"open conditions combine in more than {_MOST} ways here; the rest was not looked at"
        draft.skips.append(Skip(", ".join(open_), why, properties.location, blind=True))
    for chosen in islice(product(*open_.values()), _MOST):
        fixed = {
            key: Node(value, entries[key].location, entries[key].key)  # type: ignore[arg-type]
            for key, value in zip(open_, chosen, strict=True)
        }
        yield Node({**entries, **fixed}, properties.location, properties.key, properties.absent, properties.entered)


def _values(node: Node) -> list[Value]:
    if isinstance(node.value, Mapping | tuple):
        return []
    return [option for option in options(node.plain()) if not isinstance(option, Mapping | tuple | None)]

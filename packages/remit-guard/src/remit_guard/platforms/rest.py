"""What the bounds of an event's walk left out, judged as one heap of untrusted text.

A sender chooses how large an event is, and must not choose thereby what is judged. So the texts of such an event are cut into
pieces that the index takes whole, escapes undone, and every effect is compared with each piece, too.
"""

from remit_guard.core.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from remit_guard.hooks.invocation import Invocation
    from remit_guard.sinks.provenance import Provenance

#: Length of one piece, and how much of it the next one repeats: no attack may lie across two.
PIECE = 128 * 1024
OVERLAP = 2 * 1024
#: An event has at most 6 MiB, inflated ones may have more: beyond this, it stays at the signal.
MAX_PIECES = 128


class Rest:
    """An invocation seen with other untrusted values.

    Args:
        invocation: the invocation.
        provenance: what it is judged by instead of its own.
    """

    def __init__(self, invocation: "Invocation", provenance: "Provenance") -> None:
        self._invocation = invocation
        self._values = provenance

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._invocation, name)

    def provenance(self) -> "Provenance":
        """The values it is judged by."""
        return self._values


def rest(invocation: "Invocation") -> "list[Rest]":
    """The views of an invocation that its left-out texts need; none when nothing was left out."""
    from remit_guard.sinks.provenance import Provenance

    source = invocation.source.name
    found: list[Rest] = []
    for text in _texts(invocation):
        for start in range(0, len(text), PIECE - OVERLAP):
            field = Field("a part that was not examined", text[start : start + PIECE], source)
            found.append(Rest(invocation, Provenance([field])))
            if len(found) == MAX_PIECES:
                return found
    return found


def _texts(invocation: "Invocation") -> "Iterator[str]":
    """The texts of the event, joined, with what JSON escapes undone."""
    from remit_guard.sinks.variants import unescaped

    texts: list[str] = []
    todo: list[Any] = [invocation.event]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            todo.extend(value)
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    known = set(texts)
    texts += [value for value in invocation.opened().leaves().values() if len(value) > OVERLAP and value not in known]
    joined = "\n".join(texts)
    yield joined
    if "\\" in joined:
        yield unescaped(joined)

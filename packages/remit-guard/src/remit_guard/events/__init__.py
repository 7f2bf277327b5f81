"""Event sources: recognise an event, open its envelopes, name every value a stranger wrote.

One module per source, each with its ``SOURCE``; a module is loaded when an event of its kind first arrives.
"""

import importlib

from remit_guard.events.shapes import NAMES, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.core.source import EventSource
    from remit_guard.events.opened import Opened

_loaded: "dict[str, EventSource]" = {}


def names() -> "tuple[str, ...]":
    """The names of all sources; ``direct`` is the last."""
    return NAMES


def by_name(name: str) -> "EventSource":
    """The source of that name.

    Args:
        name: one of ``names()``.

    Raises:
        KeyError: no such source.
    """
    source = _loaded.get(name)
    if source is None:
        if name not in NAMES:
            raise KeyError(name)
        module = importlib.import_module(f"remit_guard.events.{name.replace('-', '_')}")
        found: EventSource = module.SOURCE
        source = _loaded[name] = found
    return source


def recognise(event: "Any") -> "EventSource":
    """The source whose shape the event has, ``direct`` when there is none. Never raises on a JSON value."""
    return by_name(name_of(event))


def open_event(event: "Any") -> "Opened":
    """Opens an event: cheap, for nothing in it is read before ``Opened.fields()`` is called.

    Args:
        event: any JSON value as ``json.loads`` gives it; it is neither changed nor copied.
    """
    from remit_guard.events.opened import Opened

    return Opened(event, recognise(event))

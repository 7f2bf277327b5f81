"""What one function stores and another reads: the taint goes on across the store, with the steps of both.

A value of an event that a function writes into a table or bucket is still its sender's when another function (or the same
one, later) reads it there. The flow analysis tells, function by function, what is written from where and what is done with
what was read; here the two ends meet, by resource and attribute.
"""

import re
from collections.abc import Iterator

from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.flow import Flow, Origin, Use
from remit.app.location import Location
from remit.app.model import Function, Sender, Trigger
from remit.app.noun import Struct
from remit.app.report import Hop

#: Steps of an answer's path that are no attribute: the envelope, list elements, the plain client's types.
_ENVELOPE = frozenset(("Item", "Items", "Attributes", "Body"))
_TYPES = frozenset(("S", "N", "B", "M", "L", "SS", "NS", "BS", "BOOL"))
_PARTS = re.compile(r"\{\}|\[\]|→|[^.\[\]{}→]+")
_NAMES = {"dynamodb": "TableName", "s3": "Bucket"}


class Source(Struct, frozen=True):
    """Who wrote what was read: a trigger of the writing function, the field, and the way into the store.

    Args:
        sender: who sends to the writer.
        through: logical id of the store.
        origin: the field of the writer's event.
        hops: from that sender into the store.
    """

    sender: Sender
    through: str
    origin: Origin
    hops: tuple[Hop, ...]


def sources(facts: Facts, function: Function, flow: Flow) -> "list[Source]":
    """Who wrote what a flow begins with, widest sender first.

    Args:
        facts: the app, and what was read off the code of all of its functions.
        function: the one that reads.
        flow: of it; its origin is something stored.
    """
    store = _store(facts, function, flow.origin.location)
    if not store:
        return []
    attribute = attribute_of(flow.origin.path)
    found = [
        source
        for writer, use in _writes(facts, store)
        for origin in _written(use, attribute)
        if (source := _source(facts, writer, use, origin, store)) is not None
    ]
    return sorted(found, key=lambda source: -int(source.sender))


def attribute_of(path: str) -> str:
    """The attribute of an item in a path of an answer: ``name`` of ``Items[].name.S``; ``""`` for all of it."""
    steps = [step for step in _PARTS.findall(path) if step not in ("[]", "{}", "→")]
    while steps and steps[0] in _ENVELOPE:
        steps.pop(0)
    return steps[0] if steps and steps[0] not in _TYPES else ""


def _call_at(facts: Facts, function: Function, at: Location) -> "SdkCall | None":
    analysis = facts.analyses.get(function.id)
    return next((call for call in analysis.effects.calls if call.location == at), None) if analysis else None


def _store(facts: Facts, function: Function, at: Location) -> str:
    """The table or bucket that a call is about; ``""`` when that is not known."""
    call = _call_at(facts, function, at)
    name = _NAMES.get(call.service) if call is not None else None
    named = facts.app.resource_of(call.parameters.get(name)) if call is not None and name else None
    return named.id if named is not None else ""


def _writes(facts: Facts, store: str) -> Iterator[tuple[Function, Use]]:
    known = facts.memo.setdefault("stored", {})
    assert isinstance(known, dict)  # noqa: S101  (made one line above)
    if store not in known:
        known[store] = [
            (function, use)
            for function in facts.app.functions
            if (analysis := facts.analyses.get(function.id)) is not None
            for use in analysis.uses
            if use.kind in ("item", "object") and use.origins and _store(facts, function, use.location) == store
        ]
    yield from known[store]


def _written(use: Use, attribute: str) -> Iterator[Origin]:
    """What the sender has a say in of an attribute, in one call that writes."""
    if use.kind == "object":
        yield from use.origins.get("Body", ())
    elif use.detail["operation"] == "PutItem":
        whole = use.detail["whole"] == "yes" or not attribute
        yield from use.origins.get("Item" if whole else f"Item.{attribute}", ())
    elif use.detail["operation"] == "UpdateItem":
        update = use.detail["update"]
        # An expression with names in place of attributes does not say here which one is written.
        if not attribute or not update or "#" in update or re.search(rf"\b{re.escape(attribute)}\b", update):
            yield from use.origins.get("ExpressionAttributeValues", ())


def _source(facts: Facts, writer: Function, use: Use, origin: Origin, store: str) -> "Source | None":
    if origin.claim:
        return None
    triggers = [trigger for trigger in facts.app.triggers_of(writer.id) if not trigger.implied]
    fitting = [trigger for trigger in triggers if trigger.source == origin.source]
    trigger: Trigger | None = max(fitting, key=lambda item: item.sender, default=None)
    if trigger is None:
        return None
    what = origin.path or "the whole event"
    reason = [
        text for place, text in trigger.because if place == trigger.location and not text.startswith("attached to")
    ]
    steps = (Hop(step.location, step.text) for step in use.steps if step.location != use.location)
    return Source(
        trigger.sender,
        store,
        origin,
        (
            Hop(trigger.location, " · ".join(dict.fromkeys([trigger.name, *reason, what]))),
            *steps,
            Hop(use.location, f"{writer.id} writes it to {store}"),
        ),
    )


__all__ = ["Source", "attribute_of", "sources"]

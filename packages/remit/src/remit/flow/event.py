"""Parts of the event: which fields that a sender controls are in it."""

from collections.abc import Mapping

from remit.app.flow import EVENT, FIELD, STORED, Origin
from remit.app.location import Location
from remit.app.model import App, Authorizer, Function, Trigger
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Choice, Value
from remit.flow.taint import HIGH, MEDIUM, Taint, Taints, Trace, onward
from remit.flow.values import Part, Root, Val
from remit_guard import events
from remit_guard.core import source as notation
from remit_guard.core.source import EventSource

ANY_KEY, ANYTHING, ELEMENT = notation.ANY_KEY, notation.ANYTHING, notation.ELEMENT
#: A step into a document that was a text: everything below is its sender's.
INTO = "→"
#: A step nobody knows: an element or the value of some key.
SOME = "?"
_LONGEST = 24
#: Sources, among those whose shape nobody knows here, to whose senders nothing goes back.
_UNANSWERED = frozenset(
    (
        "kinesis", "firehose", "kafka", "rabbitmq", "activemq", "documentdb", "logs", "ses", "iot", "pipe", "step-functions",
        "config", "custom-resource", "secret-rotation", "s3-batch", "codepipeline", "codecommit",
    )
)  # fmt: skip


#: Leaves that the platform writes into events whose other leaves are their sender's: where to answer to.
_PLATFORM = {
    "ResponseURL": (),
    "inputS3Url": ("getObjectContext",),
    "outputRoute": ("getObjectContext",),
    "outputToken": ("getObjectContext",),
    "StackId": (),
    "LogicalResourceId": (),
}
#: What S3 writes into the events it sends by EventBridge; nobody else may send events of that source.
_S3_BY_EVENTBRIDGE = (("detail.object.key", ("detail", "object", "key"), False),)


def answer_of(service: str, at: Location) -> Val:
    """What a store answers: field by field what somebody put in there, like an event.

    Args:
        service: the store's, as the SDK says it.
        at: the call that reads.
    """
    root = Root(service, ((ANY_KEY, (ANYTHING,), False),), "", responds=False, vouched=False, read=at)
    return Val((Part(root, (), at),))


def root_of(source: EventSource, *, vouched: bool, name: str = "", senders: tuple[str, ...] = ()) -> Root:
    """What the analysis needs of an event source."""
    fields = tuple((spec.path, spec.steps, spec.claim) for spec in source.fields)
    return Root(name or source.name, fields, source.records or "", source.responds, vouched, senders)


def roots(app: App, function: Function) -> tuple[Root, ...]:
    """The kinds of events a function gets. Nobody attached one: direct invocation, each leaf untrusted.

    The direct invocation that every function allows to its own account counts only when there is nothing else.
    """
    triggers = app.triggers_of(function.id)
    written = [trigger for trigger in triggers if not trigger.implied] or list(triggers)
    groups: dict[tuple[str, bool], list[str]] = {}
    for trigger in written:
        senders = groups.setdefault((trigger.source, _vouches(trigger.authorizer)), [])
        if trigger.resource and trigger.resource not in senders:
            senders.append(trigger.resource)
    if not groups:
        return (root_of(events.by_name("direct"), vouched=False),)
    found = []
    for (name, vouched), senders in groups.items():
        source = events.by_name(name if name in events.names() else "direct")
        root = root_of(source, vouched=vouched, name=name, senders=tuple(senders))
        if name in _UNANSWERED and source.name == "direct":
            root = replace(root, responds=False)
        if name == "eventbridge" and all(_only_s3(item) for item in written if item.source == name):
            root = replace(root, fields=_S3_BY_EVENTBRIDGE, told=_told(written))
        found.append(root)
    return tuple(found)


def _pattern(trigger: Trigger) -> "Node | None":
    properties = trigger.properties
    if properties is None:
        return None
    for path in (("Pattern",), ("EventPattern",), ("Properties", "Pattern"), ("Properties", "EventPattern")):
        node = properties.at(*path)
        if node is not None:
            return node
    return None


def _only_s3(trigger: Trigger) -> bool:
    pattern = _pattern(trigger)
    sources = pattern.get("source") if pattern is not None else None
    return sources in (("aws.s3",), "aws.s3")


def _told(triggers: "list[Trigger]") -> tuple[tuple[tuple[str, ...], Value], ...]:
    """What the pattern of a rule says about the events that get through it: the names of their buckets."""
    names: list[Value] = []
    for trigger in triggers:
        pattern = _pattern(trigger)
        node = pattern.at("detail", "bucket", "name") if pattern is not None else None
        if trigger.source == "eventbridge":
            if node is None:
                return ()
            names.extend(item.plain() for item in node.elements())
    if any(isinstance(name, Mapping | tuple) for name in names) or not names:
        return ()
    return ((("detail", "bucket", "name"), names[0] if len(names) == 1 else Choice(tuple(names))),)


def _vouches(authorizer: Authorizer | None) -> bool:
    return authorizer is not None and authorizer.kind != "api-key"


def whole(found: tuple[Root, ...], at: Location) -> Val:
    """The event as the handler gets it."""
    return Val(tuple(Part(root, (), at) for root in found))


def below(part: Part, step: str, at: Location) -> Part:
    """What stands one step below; very deep paths end, for below a document everything is the sender's anyway."""
    if len(part.path) >= _LONGEST:
        return part
    return Part(part.root, (*part.path, step), at, part.trace)


def inside(part: Part, at: Location) -> Part:
    """The document inside a text; a second reading of the same text is the same document."""
    if part.path and part.path[-1] == INTO:
        return part
    return below(part, INTO, part.taken or at)


def moved(part: Part, at: Location, text: str) -> Part:
    """The same part after one more step of its way."""
    start = part.trace
    if start is None and part.taken is not None and not part.path:
        return part
    if start is None:
        start = _begin(part)
    return Part(part.root, part.path, part.taken, onward(start, at, text))


def _begin(part: Part) -> "Trace | None":
    if part.root.read is not None:
        return onward(None, part.root.read, f"reads {path_text(part.path)} from the store")
    return onward(None, part.taken, f"takes {path_text(part.path)} from the event") if part.taken else None


def taints(part: Part, at: Location) -> Taints:
    """The taints of a part, when it is used as it is.

    Args:
        part: the part.
        at: where it is used: the place of taking it out, if it was never taken out of anything.
    """
    taken = part.taken or at
    origin = _origin(part, taken)
    if origin is None:
        return ()
    start = part.trace
    if start is None and part.root.read is not None:
        start = onward(None, part.root.read, f"reads {origin.path or 'it'} from the store")
    if start is None:
        said = "takes the event as it is" if not part.path else f"takes {origin.path or 'a record'} from the event"
        start = onward(None, taken, said)
    return (Taint(origin, start, MEDIUM if origin.kind in (FIELD, STORED) and root_unknown(part.root) else HIGH),)


def _origin(part: Part, taken: Location) -> Origin | None:
    root, path = part.root, part.path
    if root.read is not None:
        return Origin(STORED, path_text(path), root.source, root.read)
    if path and path[-1] in _PLATFORM and path[: len(_PLATFORM[path[-1]])] == _PLATFORM[path[-1]]:
        return None
    if path in ((SOME,), (ANY_KEY,)) and any(spec[1][:1] not in ((), (ANYTHING,)) for spec in root.fields):
        # Whatever stands under any key of a request: the request, piece by piece.
        return Origin(EVENT, "", root.source, taken)
    contained: tuple[str, tuple[str, ...], bool] | None = None
    for spec in root.fields:
        relation = _relation(path, spec[1])
        if relation == FIELD:
            return Origin(FIELD, path_text(path), root.source, taken, spec[2] and root.vouched)
        if relation and (contained is None or (contained[2] and not spec[2])):
            contained = spec
    if contained is None:
        return None
    record = path[:1] == (root.records,) and bool(root.records) and len(path) <= 2
    if not path or record:
        return Origin(EVENT, path_text(path), root.source, taken)
    return Origin(
        FIELD, path_text((*path, *contained[1][len(path) :])), root.source, taken, contained[2] and root.vouched
    )


def is_text(part: Part) -> bool:
    """Whether the part is a leaf or may be one: not a container of fields."""
    return any(_relation(part.path, steps) == FIELD for _, steps, _ in part.root.fields)


def root_unknown(root: Root) -> bool:
    """Whether nobody here knows the source's shape: that its leaves are their sender's is then an assumption."""
    return root.source not in events.names()


def first_field(root: Root) -> str:
    """The field to name when the whole event goes somewhere."""
    return next((path for path, _, claim in root.fields if not claim), "")


def _relation(path: tuple[str, ...], spec: tuple[str, ...]) -> str:
    """``field`` when the path is the field or below it, ``event`` when it contains the field, else nothing."""
    for number, wanted in enumerate(spec):
        if wanted == ANYTHING:
            return FIELD if len(path) > number else EVENT
        if number >= len(path):
            return EVENT
        step = path[number]
        if step == INTO:
            # A document was read out of something above the field: nothing is known to be the platform's any more.
            return FIELD
        fits = (
            step in (wanted, SOME) or (wanted == ANY_KEY and step != ELEMENT) or (wanted == ELEMENT and step == ANY_KEY)
        )
        if not fits:
            return ""
    return FIELD


def path_text(path: tuple[str, ...]) -> str:
    """A path in the notation of ``remit_guard.core.source``; a document inside a text after an arrow."""
    text = ""
    for step in path:
        if step == INTO:
            text += INTO
        elif step in (ELEMENT, ANY_KEY):
            text += step
        elif step == SOME:
            text += ANY_KEY
        else:
            text += step if not text or text.endswith(INTO) else f".{step}"
    return text.removesuffix(INTO)

"""Event sources and the untrusted fields of their events: the one map of what a stranger can write.

The guard enforces this map, the scanner taints from it and the attacker fuzzes from it. A source is declared
once, in its own module under ``remit_guard.events``, as an ``EventSource``.

Paths are written as a developer would read them aloud: ``Records[].s3.object.key`` is the key of each record.

=========  ==========================================================
``.name``  the value under that key
``[]``     each element of a list
``{}``     each value of a mapping whose keys the sender chooses too
``.**``    every leaf below, at any depth
=========  ==========================================================
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ELEMENT = "[]"
ANY_KEY = "{}"
ANYTHING = "**"

#: How a field's text is encoded on the way, outermost first; what the application will do to read it.
#: ``url`` percent and plus; ``base64``; ``base64?`` only when the event says so; ``json`` a document inside a
#: string; ``form`` urlencoded pairs; ``event`` another event inside (SNS in SQS, S3 in SNS, ...); ``bytes`` a list of
#: byte numbers.
DECODINGS = ("url", "base64", "base64?", "json", "form", "event", "bytes")


class FieldSpec:
    """One place in an event that its sender controls.

    Args:
        path: where, in the notation of this module's docstring.
        decode: names out of ``DECODINGS``, in the order in which an application undoes them.
        claim: ``True`` for values that the sender chose but a signature vouches for (claims behind an
            authorizer); they are trusted exactly when the trigger has an authorizer.
    """

    __slots__ = ("claim", "decode", "path", "steps")

    def __init__(self, path: str, decode: "tuple[str, ...]" = (), *, claim: bool = False) -> None:
        self.path = path
        self.steps = parse_path(path)
        self.decode = decode
        self.claim = claim

    def __repr__(self) -> str:
        return f"FieldSpec({self.path!r})"


class EventSource:
    """One kind of event: how to recognise it, what strangers can write in it, how a refusal is answered.

    Args:
        name: the glossary's name of the source (``http-api``, ``sqs``, ``s3``, ...); equals its module's name
            with dashes.
        title: for people: ``an SQS message``.
        fields: every field its sender controls; in a genuine event, the platform writes the rest.
        recognise: says by shape alone whether an event is one of these; must not raise on any JSON value.
        records: path of the record list of a batch source, else ``None``.
        record_id: path inside a record (keys with dots) to what names it in a partial batch response, else ``None``.
        responds: ``True`` where the return value goes back to the sender (HTTP).
        platform: paths of single values that only the platform writes, under names no other kind of event has. The guard
            leaves them out as long as they are plain (``remit_guard.events.written``); what is named neither here nor in
            ``fields`` it takes for the sender's, for whoever can imitate a shape may add to it.
    """

    __slots__ = ("fields", "name", "platform", "recognise", "record_id", "records", "responds", "title")

    def __init__(
        self,
        name: str,
        title: str,
        fields: "tuple[FieldSpec, ...]",
        recognise: "Callable[[Any], bool]",
        records: "str | None" = None,
        record_id: "str | None" = None,
        *,
        responds: bool = False,
        platform: "tuple[str, ...]" = (),
    ) -> None:
        self.name = name
        self.title = title
        self.platform = platform
        self.fields = fields
        self.recognise = recognise
        self.records = records
        self.record_id = record_id
        self.responds = responds

    def __repr__(self) -> str:
        return f"EventSource({self.name!r})"


class Field:
    """One untrusted value found in one event.

    Args:
        path: concrete path in the event (``Records[0].s3.object.key``); a decoded inner document continues it
            after an arrow (``Records[0].body→order.id``).
        value: the text or number as the application will see it after decoding.
        source: the chain of sources it came through (``s3 via sns via sqs``).
        record: index of its record in a batch, ``-1`` when the event is not a batch.
    """

    __slots__ = ("path", "record", "source", "value")

    def __init__(self, path: str, value: object, source: str, record: int = -1) -> None:
        self.path = path
        self.value = value
        self.source = source
        self.record = record

    def __repr__(self) -> str:
        return f"Field({self.path!r})"


def parse_path(path: str) -> "tuple[str, ...]":
    """Splits a path in the notation of this module into steps: ``"a[].b"`` gives ``("a", "[]", "b")``."""
    steps = []
    for part in path.split("."):
        name = part
        marks: list[str] = []
        while name.endswith((ELEMENT, ANY_KEY)):
            marks.insert(0, name[-2:])
            name = name[:-2]
        if name:
            steps.append(name)
        steps.extend(marks)
    return tuple(steps)

"""One invocation: its event, what was decided in it, and the untrusted fields, opened when first needed."""

import marshal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.core.policy import Policy
    from remit_guard.core.source import EventSource
    from remit_guard.core.verdict import Verdict
    from remit_guard.events.opened import Opened
    from remit_guard.sinks.provenance import Provenance


class Invocation:
    """What the guard knows about the invocation in progress.

    The event is kept as bytes (2 µs for 2 KB): the function may change the event it was given, and what was
    untrusted on arrival must stay so.

    Args:
        event: the event, as the platform hands it over.
        id: the platform's request id.
        policy: what this invocation is judged by.
        trace: the platform's trace id, or ``""``.
    """

    __slots__ = (
        "_copy", "_event", "_opened", "_provenance", "blocked", "counts", "errors", "id", "policy", "told", "trace",
        "verdicts",
    )  # fmt: skip

    def __init__(self, event: object, id: str, policy: "Policy", trace: str = "") -> None:  # noqa: A002
        try:
            self._copy: bytes | None = marshal.dumps(event)  # type: ignore[arg-type]
            self._event: Any = None
        except ValueError:  # not plain JSON values: somebody calls the handler directly
            self._copy = None
            self._event = event
        self.id = id
        self.policy = policy
        self.trace = trace
        self.verdicts: list[Verdict] = []
        self.told: set[tuple[str, ...]] = set()
        self.errors: list[tuple[str, str]] = []
        self.blocked: Verdict | None = None
        #: How many signals each action and rule caused.
        self.counts: dict[tuple[str, str], int] = {}
        self._opened: Opened | None = None
        self._provenance: Provenance | None = None

    @property
    def event(self) -> "Any":
        """The event as it arrived."""
        if self._copy is not None:
            self._event = marshal.loads(self._copy)  # noqa: S302  (bytes we made ourselves)
            self._copy = None
        return self._event

    def opened(self) -> "Opened":
        """The event with its envelopes opened."""
        if self._opened is None:
            from remit_guard.events import open_event

            self._opened = open_event(self.event)
        return self._opened

    @property
    def eventful(self) -> bool:
        """Whether anything happened that its end must look at."""
        return bool(self.blocked is not None or self.counts or self.errors or self.problems())

    def problems(self) -> "list[str]":
        """What of the event could not be examined; empty when nothing had to be."""
        return self._opened.problems if self._opened is not None else []

    @property
    def source(self) -> "EventSource":
        """What kind of event it is."""
        return self.opened().source

    def provenance(self) -> "Provenance":
        """The index of untrusted values."""
        if self._provenance is None:
            from remit_guard.sinks.provenance import Provenance

            opened = self.opened()
            self._provenance = Provenance(opened.leaves(), opened.problems)
        return self._provenance

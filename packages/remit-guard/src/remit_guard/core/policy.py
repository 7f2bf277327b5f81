"""Which action a rule gets: the modes of one function's remit, and what overrides them."""

from remit_guard.core.verdict import (
    ALERT,
    BLOCK,
    CALL_OUTSIDE,
    CODE_CHANGED,
    EVENT_TOO_LARGE,
    FILE_OUTSIDE,
    GUARD_FAULT,
    GUARD_OFF,
    GUARD_TAMPERING,
    HOST_OUTSIDE,
    LOG,
    PROCESS_OUTSIDE,
    RULE_OF_SINK,
    SINKS,
    TIER_MISSING,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.remit import Remit

OFF = "off"
MODES = (OFF, ALERT, BLOCK)
SHAPED = "shaped"
AS_IS = "as-is"

#: Proven injections are blocked unless the remit says otherwise; a log line is made harmless instead of refused.
_BLOCKED = frozenset(rule for sink, rule in RULE_OF_SINK.items() if sink != LOG)
#: What a remit's modes may name: rules, sinks, verbs.
KNOWN = frozenset(RULE_OF_SINK.values()) | frozenset(SINKS) | {
    CALL_OUTSIDE, CODE_CHANGED, EVENT_TOO_LARGE, FILE_OUTSIDE, GUARD_FAULT, GUARD_OFF, GUARD_TAMPERING, HOST_OUTSIDE,
    PROCESS_OUTSIDE, TIER_MISSING,
    "calls", "reaches", "runs", "reads", "writes", "secrets", "receives", "returns", "exception-to-caller",
}  # fmt: skip


def misread(modes: "dict[str, str]") -> "list[str]":
    """What of a remit's modes means nothing, one phrase each: a typing error must not switch a protection off unseen."""
    found = [f"mode {value!r} of {name!r} is unknown" for name, value in modes.items() if value not in MODES]
    return found + [f"modes name {name!r}, which is no rule, sink or verb" for name in modes if name not in KNOWN]


class Policy:
    """What one guarded handler is judged by.

    Args:
        remit: its compiled remit; ``None`` when the build brought none: then only injections are judged.
        override: ``alert`` or ``block`` for every rule that is not off (``REMIT_MODE``), ``""`` for none.
        fail_closed: a fault of the guard refuses the effect (``REMIT_FAIL=closed``).
        function: the platform's name of the function, used where the remit names none.
    """

    __slots__ = ("fail_closed", "function", "override", "remit")

    def __init__(
        self, remit: "Remit | None" = None, override: str = "", *, fail_closed: bool = False, function: str = ""
    ) -> None:
        self.remit = remit
        self.override = override
        self.fail_closed = fail_closed
        self.function = (remit.function if remit is not None else "") or function

    @property
    def digest(self) -> str:
        """Digest of the remit, ``""`` without one."""
        return self.remit.digest if self.remit is not None else ""

    def action(self, rule: str, verb: str = "", sink: str = "") -> str:
        """What happens when this rule is violated.

        Args:
            rule: id of the rule.
            verb: the verb of the remit it belongs to (``calls``, ``reaches``, ...), or ``""``.
            sink: kind of sink, or ``""``.

        Returns:
            ``off``, ``alert`` or ``block``. A verb that was not fully resolved never blocks: the remit does not
            know all the function needs, and a guess must not break it.
        """
        modes = self.remit.modes if self.remit is not None else {}
        action = BLOCK if rule in _BLOCKED else ALERT
        for name in (rule, sink, verb):
            if modes.get(name) in MODES:
                action = modes[name]
                break
        if action == OFF:
            return OFF
        if self.override:
            action = self.override
        if action == BLOCK and verb and self.remit is not None and verb in self.remit.unresolved:
            return ALERT
        return action

    @property
    def shapes_errors(self) -> bool:
        """Whether callers get an id in place of error texts: yes, unless the remit says ``errors = "as-is"``."""
        return self.remit is None or self.remit.returns.get("errors", SHAPED) != AS_IS

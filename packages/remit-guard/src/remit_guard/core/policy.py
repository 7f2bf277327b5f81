"""Which action a rule gets: the modes of one function's remit, and what overrides them."""

from remit_guard.core.verdict import ALERT, BLOCK, LOG, RULE_OF_SINK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.remit import Remit

OFF = "off"
MODES = (OFF, ALERT, BLOCK)
SHAPED = "shaped"
AS_IS = "as-is"

#: Proven injections are blocked unless the remit says otherwise; a log line is made harmless instead of refused.
_BLOCKED = frozenset(rule for sink, rule in RULE_OF_SINK.items() if sink != LOG)


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
        action = modes.get(rule) or modes.get(sink) or modes.get(verb) or (BLOCK if rule in _BLOCKED else ALERT)
        if action == OFF or action not in MODES:
            return OFF if action == OFF else ALERT
        if self.override:
            action = self.override
        if action == BLOCK and verb and self.remit is not None and verb in self.remit.unresolved:
            return ALERT
        return action

    @property
    def shapes_errors(self) -> bool:
        """Whether callers get an id in place of error texts: yes, unless the remit says ``errors = "as-is"``."""
        return self.remit is None or self.remit.returns.get("errors", SHAPED) != AS_IS

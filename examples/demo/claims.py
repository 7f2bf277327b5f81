"""What the demo claims, each with the numbers it was computed from."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Summary:
    """Every figure of one run; ``build/demo/summary.json`` is this, and the tests read it.

    Args:
        functions, triggers: of the app.
        paths, findings: of the scan.
        remits, granted, needed: of the lock.
        benign: ordinary events sent to the app with and without the guard.
        answered: those the unguarded app served.
        disturbed: those the guarded app answered differently, or had an effect refused in.
        attacks: hostile events sent.
        succeeded_bare: those that proved to work without the guard.
        succeeded_guarded: those that proved to work with it.
        stopped: those that had no effect and left a block signal.
        carriers: hostile events by carrier.
        incidents, stages: of the signals.
        cold_bare_ms, cold_guarded_ms: init phase, median.
        event_bare_us, event_guarded_us: per invocation, median.
        faults: signals in which the guard reports a fault of its own.
        failed: the claims that do not hold.
    """

    functions: int = 0
    triggers: int = 0
    paths: int = 0
    findings: int = 0
    remits: int = 0
    granted: int = 0
    needed: int = 0
    benign: int = 0
    answered: int = 0
    disturbed: int = 0
    attacks: int = 0
    succeeded_bare: int = 0
    succeeded_guarded: int = 0
    stopped: int = 0
    carriers: dict[str, int] = field(default_factory=dict)
    incidents: int = 0
    stages: int = 0
    cold_bare_ms: float = 0.0
    cold_guarded_ms: float = 0.0
    event_bare_us: float = 0.0
    event_guarded_us: float = 0.0
    seconds: float = 0.0
    faults: int = 0
    failed: list[str] = field(default_factory=list)

    def claim(self, holds: bool, what: str) -> None:
        """Notes a claim that does not hold."""
        if not holds:
            self.failed.append(what)

    def write(self, path: Path) -> None:
        """Writes it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8")

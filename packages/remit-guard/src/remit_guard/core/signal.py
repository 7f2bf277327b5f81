"""Signals: one security-relevant fact, one JSON line, no payload.

The shape is an OCSF Detection Finding (class 2004, https://schema.ocsf.io): the required attributes of that class,
then Remit's own facts beside them. The collector in ``remit watch`` reads the same class.
"""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.core.verdict import Verdict

CLASS_UID = 2004
OCSF_VERSION = "1.3.0"
SEVERITY_ID = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
#: What a guard of this version calls itself.
PRODUCT = {"name": "remit-guard", "vendor_name": "Remit"}


class Signal:
    """One fact the guard or a collector reports.

    Args:
        time: milliseconds since the epoch.
        verdict: ``allow``, ``alert`` or ``block``.
        rule: id of the rule.
        severity: ``info`` to ``critical``.
        function: the function's name (logical id, else the platform's name).
        invocation: the platform's request id.
        source: the chain of event sources (``s3 via sns via sqs``), or ``""``.
        field: path of the untrusted field, or ``""``.
        sink: kind of sink, or ``""``.
        reason: one sentence for people.
        evidence: redacted proof.
        tier: which protection was really in place: ``hooks`` or ``kernel``.
        remit: digest of the remit it was judged by, or ``""``.
        trace: the platform's trace id, or ``""``: joins signals of one request across functions.
        sender: who sent the event where the event says so (source address, principal), or ``""``.
    """

    __slots__ = (
        "evidence", "field", "function", "invocation", "reason", "remit", "rule", "sender", "severity", "sink",
        "source", "tier", "time", "trace", "verdict",
    )  # fmt: skip

    def __init__(
        self,
        time: int,
        verdict: str,
        rule: str,
        severity: str = "info",
        function: str = "",
        invocation: str = "",
        source: str = "",
        field: str = "",
        sink: str = "",
        reason: str = "",
        evidence: "dict[str, str] | None" = None,
        tier: str = "hooks",
        remit: str = "",
        trace: str = "",
        sender: str = "",
    ) -> None:
        self.time = time
        self.verdict = verdict
        self.rule = rule
        self.severity = severity
        self.function = function
        self.invocation = invocation
        self.source = source
        self.field = field
        self.sink = sink
        self.reason = reason
        self.evidence = evidence or {}
        self.tier = tier
        self.remit = remit
        self.trace = trace
        self.sender = sender

    @classmethod
    def of(cls, verdict: "Verdict", time: int, **where: str) -> "Signal":
        """The signal of a verdict; ``where`` gives function, invocation, tier, remit, trace, sender."""
        return cls(
            time,
            verdict.action,
            verdict.rule,
            verdict.severity,
            source=verdict.source,
            field=verdict.field,
            sink=verdict.sink,
            reason=verdict.reason,
            evidence=verdict.evidence,
            **where,
        )

    def to_dict(self) -> "dict[str, Any]":
        """The OCSF-shaped mapping: required attributes of class 2004 first, then Remit's facts, empty ones left out."""
        data: dict[str, Any] = {
            "class_uid": CLASS_UID,
            "category_uid": 2,
            "type_uid": CLASS_UID * 100 + 1,
            "activity_id": 1,
            "time": self.time,
            "severity": self.severity,
            "severity_id": SEVERITY_ID[self.severity],
            "metadata": {"version": OCSF_VERSION, "product": PRODUCT},
            "finding_info": {
                "uid": f"{self.invocation or self.function}:{self.rule}:{self.field}:{self.sink}",
                "title": self.rule,
            },
        }
        for name in _FACTS:
            value = getattr(self, name)
            if value:
                data[name] = value
        return data

    def to_json(self) -> str:
        """One line of JSON, without a newline; control characters are escaped, so a line stays a line."""
        return json.dumps(self.to_dict(), separators=(",", ":"))

    @classmethod
    def from_dict(cls, data: "dict[str, Any]") -> "Signal":
        """Reads what ``to_dict`` gives.

        Raises:
            ValueError: another class, a missing time, or a fact that is not a text; the message names it.
        """
        if data.get("class_uid") != CLASS_UID:
            raise ValueError(f"class_uid is {data.get('class_uid')!r}, not {CLASS_UID}")
        time = data.get("time")
        if not isinstance(time, int) or isinstance(time, bool):
            raise ValueError("time is not a number of milliseconds")  # noqa: TRY004
        facts: dict[str, Any] = {}
        for name in (*_FACTS, "severity"):
            value = data.get(name, {} if name == "evidence" else "")
            if not isinstance(value, dict if name == "evidence" else str):
                raise ValueError(f"{name} has the wrong type")  # noqa: TRY004
            facts[name] = value
        if facts["severity"] not in SEVERITY_ID:
            raise ValueError(f"severity {facts['severity']!r} is unknown")
        if facts["verdict"] not in ("allow", "alert", "block"):
            raise ValueError(f"verdict {facts['verdict']!r} is unknown")
        facts["evidence"] = {str(key): str(value) for key, value in facts["evidence"].items()}
        return cls(time, **facts)


_FACTS = (
    "verdict", "rule", "function", "invocation", "source", "field", "sink", "reason", "evidence", "tier", "remit",
    "trace", "sender",
)  # fmt: skip

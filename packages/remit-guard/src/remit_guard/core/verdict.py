"""What the guard decided about one effect, and the names it uses for effects and decisions."""

ALLOW = "allow"
ALERT = "alert"
BLOCK = "block"

#: Kinds of sinks: places where a value becomes an effect. Scanner, guard and attacker use the same names.
SQL = "sql"
PROCESS = "process"
PATH = "path"
URL = "url"
CODE = "code"
DESERIALIZE = "deserialize"
RESPONSE = "response"
LOG = "log"
CALL = "call"
NOSQL = "nosql"
EXPRESSION = "expression"
LDAP = "ldap"
XPATH = "xpath"
XML = "xml"
HEADER = "header"
GRAPHQL = "graphql"
TEMPLATE = "template"
ARCHIVE = "archive"
SINKS = (
    SQL, PROCESS, PATH, URL, CODE, DESERIALIZE, RESPONSE, LOG, CALL, NOSQL, EXPRESSION, LDAP, XPATH, XML, HEADER,
    GRAPHQL, TEMPLATE, ARCHIVE,
)  # fmt: skip

#: The rule that a structure change at a sink violates; the scanner's rule files have the same ids.
RULE_OF_SINK = {
    SQL: "sql-injection",
    PROCESS: "shell-injection",
    PATH: "path-traversal",
    URL: "ssrf",
    CODE: "code-injection",
    DESERIALIZE: "unsafe-deserialization",
    RESPONSE: "html-injection",
    LOG: "log-injection",
    NOSQL: "nosql-injection",
    EXPRESSION: "expression-injection",
    LDAP: "ldap-injection",
    XPATH: "xpath-injection",
    XML: "xxe",
    HEADER: "header-injection",
    GRAPHQL: "graphql-injection",
    TEMPLATE: "template-injection",
    ARCHIVE: "archive-slip",
}

#: Rules only the guard can decide: an effect outside the remit, changed code, and what happened to the guard itself.
CALL_OUTSIDE = "call-outside-remit"
HOST_OUTSIDE = "host-outside-remit"
PROCESS_OUTSIDE = "process-outside-remit"
FILE_OUTSIDE = "file-outside-remit"
CODE_CHANGED = "code-changed"
GUARD_FAULT = "guard-fault"
GUARD_OFF = "guard-off"
#: Something in the process tried to undo the guard, or to get at memory behind the interpreter's back.
GUARD_TAMPERING = "guard-tampering"
#: The tier that was asked for could not be had.
TIER_MISSING = "tier-missing"
#: Not all of an event could be looked into: the sender chose its size.
EVENT_TOO_LARGE = "event-too-large"

SEVERITIES = ("info", "low", "medium", "high", "critical")


class Verdict:
    """One decision about one effect.

    Args:
        action: ``allow``, ``alert`` or ``block``.
        rule: id of the rule that decided (``shell-injection``, ``call-outside-remit``, ...).
        sink: one of ``SINKS``.
        reason: one sentence for people.
        field: path of the untrusted field that reached the sink, or ``""``.
        source: the chain of event sources it came through, or ``""``.
        evidence: small facts that prove it, with payloads redacted (``{"structure": "2 commands, 1 expected"}``).
        severity: one of ``SEVERITIES``.
        record: index of the batch record the field came from, ``-1`` when there is none.
    """

    __slots__ = ("action", "evidence", "field", "reason", "record", "rule", "severity", "sink", "source")

    def __init__(
        self,
        action: str,
        rule: str = "",
        sink: str = "",
        reason: str = "",
        field: str = "",
        source: str = "",
        evidence: "dict[str, str] | None" = None,
        severity: str = "high",
        record: int = -1,
    ) -> None:
        self.action = action
        self.rule = rule
        self.sink = sink
        self.reason = reason
        self.field = field
        self.source = source
        self.evidence = evidence or {}
        self.severity = severity
        self.record = record

    def __repr__(self) -> str:
        return f"Verdict({self.action!r}, {self.rule!r}, {self.reason!r})"


class Blocked(Exception):  # noqa: N818  (a decision, not an error of the program)
    """Raised where an effect was refused. Carries the verdict; its text names the rule and never the payload."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"remit-guard refused this {verdict.sink or 'effect'}: {verdict.rule}")
        self.verdict = verdict

"""Texts on their way out of the function: log lines made harmless and redacted."""

import os

from remit_guard.core.policy import OFF
from remit_guard.core.verdict import ALERT, LOG, RULE_OF_SINK, Verdict
from remit_guard.hooks import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.hooks.invocation import Invocation

_secrets: "list[tuple[str, ...]]" = []
#: What can begin a new line, or steer a terminal, in a log.
_CONTROLS = "\r\n\x0b\x0c\x85\u2028\u2029\x1b\x9b\x90\x9d\x08\x00\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean(text: str) -> str:
    """The text as it may be logged: control characters of untrusted values escaped, secrets replaced.

    Never raises; what the guard cannot clean is logged as it is, and told.
    """
    try:
        if not _secrets:
            from remit_guard.privacy.redact import secret_values

            _secrets.append(secret_values(os.environ))
        from remit_guard.privacy.redact import redact

        if gate.active() and not text[:-1].isprintable():
            for invocation in gate.current():
                text = _neutral(invocation, text)
        return redact(text, _secrets[0])
    except Exception as error:  # noqa: BLE001  (the boundary: a log line must not break what it reports)
        gate.tell_fault("a log line", error)
        return text


def _neutral(invocation: "Invocation", text: str) -> str:
    """The text with the control characters that came from the event written as escapes."""
    rule = RULE_OF_SINK[LOG]
    if invocation.policy.action(rule, sink=LOG) == OFF:
        return text
    from remit_guard.sinks import log

    with gate.Quiet():
        injection = log.inspect(text.rstrip("\r\n"), invocation.provenance())
        if injection is None:
            return text
        spans = invocation.provenance().find(text, words=False)
    parts: list[str] = []
    end = 0
    for span in spans:
        if span.start >= end:
            parts += [text[end : span.start], "".join(_escape(char) for char in text[span.start : span.end])]
            end = span.end
    field = injection.field
    reason = f"a value of {field.path} would have forged log lines; its control characters were escaped"
    evidence = {"structure": injection.structure, "input": injection.excerpt}
    gate.settle(invocation, Verdict(ALERT, rule, LOG, reason, field.path, field.source, evidence, "low", field.record))
    return "".join(parts) + text[end:]


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii") if char in _CONTROLS else char

"""What people read: the sentence, its ending, and what to do."""

from inline_snapshot import snapshot

from remit.watch.incidents import group
from remit.watch.story import advise, got_through, tell
from remit_guard.core.signal import Signal

START = 1_793_337_620_000


def make(
    at: int,
    rule: str,
    function: str,
    verdict: str = "block",
    source: str = "http-api",
    field: str = "body.a",
    **facts: str,
) -> Signal:
    return Signal(START + at, verdict, rule, "high", function, source=source, field=field, **facts)


def story(*signals):
    (incident,) = group(signals)
    return tell(incident)


def test_one_attempt():
    assert story(make(0, "shell-injection", "Thumbnail")) == snapshot(
        "Someone used the HTTP API to run commands in Thumbnail; stopped at the sink"
    )


def test_many_attempts_over_several_fields():
    signals = [
        make(n, "shell-injection", "Thumbnail", source="s3 via sqs", field=f"Records[{n % 3}].key") for n in range(12)
    ]
    assert story(*signals) == snapshot(
        "Someone used uploads to run commands in Thumbnail 12 times over 3 fields; all stopped at the sink"
    )


def test_two_doors_and_senders():
    assert story(
        make(0, "sql-injection", "Orders", sender="10.0.0.1"),
        make(1, "sql-injection", "Search", sender="10.0.0.2"),
        make(2, "ssrf", "Search", source="sqs", sender="10.0.0.2"),
    ) == snapshot(
        "2 senders used the HTTP API and queue messages to rewrite database queries in Orders and Search "
        "and send requests to other hosts in Search 3 times; all stopped at the sink"
    )


def test_a_wave_without_senders_does_not_claim_one_person():
    wave = [make(0, "ssrf", "A"), make(9, "sql-injection", "B", source="sqs")]
    assert story(*wave) == snapshot(
        "Attackers used the HTTP API and queue messages to send requests to other hosts in A and rewrite database "
        "queries in B 2 times; all stopped at the sink"
    )


def test_what_got_through_and_what_followed():
    signals = [
        make(0, "code-injection", "Report", "alert", invocation="r1"),
        make(1, "call-outside-remit", "Report", "alert", source="", field="", invocation="r1"),
    ]
    assert story(*signals) == snapshot(
        "Someone used the HTTP API to run code of their own in Report; "
        "then Report made cloud calls outside its remit; nothing stopped it"
    )
    (incident,) = group(signals)
    assert got_through(incident)
    assert advise(incident) == snapshot(
        (
            "Let the guard refuse it now: set REMIT_MODE=block on Report.",
            "In Report, stop evaluating text from events.",
            "If Report changed, review the new calls: remit lock --check. If not, treat its role as in hostile hands.",
        )
    )


def test_stopped_at_a_later_step():
    signals = [
        make(0, "code-injection", "Report", "alert", invocation="r1"),
        make(1, "call-outside-remit", "Report", "block", source="", field="", invocation="r1"),
    ]
    assert story(*signals).endswith("; stopped at the second step")


def test_partly_stopped():
    assert story(make(0, "ssrf", "A"), make(1, "ssrf", "A", "alert")).endswith("; 1 of 2 stopped")


def test_a_function_beyond_its_remit_without_an_attack():
    deed = make(0, "call-outside-remit", "Orders", "alert", source="", field="")
    assert story(deed) == snapshot("Orders made cloud calls outside its remit; reported, not stopped")


def test_a_failed_guard_is_a_state_and_got_nothing_through():
    fault = make(0, "guard-fault", "Orders", "alert", source="", field="")
    assert story(fault) == snapshot("Orders ran with a guard that failed")
    assert not got_through(group([fault])[0])


def test_many_functions_are_counted_and_what_was_open_is_named_first():
    signals = [
        make(n, rule, f"F{n}", sender="s")
        for n, rule in enumerate(["ssrf", "sql-injection", "path-traversal", "shell-injection"])
    ]
    signals[3].verdict = "alert"
    assert story(*signals) == snapshot(
        "Someone used the HTTP API to run commands in F3, send requests to other hosts in F0 "
        "and 2 more kinds of attack 4 times; 3 of 4 stopped; not stopped: run commands in F3"
    )


def test_a_rule_nobody_knows_yet():
    assert story(make(0, "new-rule", "A", source="kinesis")) == snapshot(
        "Someone used kinesis to break new-rule in A; stopped at the sink"
    )


def test_a_function_without_a_name():
    assert "an unnamed function" in story(make(0, "ssrf", ""))


def test_two_ways_side_by_side_are_not_one_that_was_stopped():
    signals = [make(0, "sql-injection", "Search", "alert"), make(1, "shell-injection", "Thumbnail")]
    assert story(*signals) == snapshot(
        "Attackers used the HTTP API to rewrite database queries in Search and run commands in Thumbnail 2 times; "
        "1 of 2 stopped; not stopped: rewrite database queries in Search"
    )


def test_a_forged_log_line_was_made_harmless_and_asks_for_no_blocking():
    signals = [make(0, "log-injection", "Search", "alert")]
    (incident,) = group(signals)
    assert tell(incident) == snapshot(
        "Someone used the HTTP API to forge log lines in Search; the guard made it harmless"
    )
    assert not got_through(incident)
    assert not any("REMIT_MODE" in step for step in advise(incident))


def test_a_start_that_was_refused_is_not_running():
    signals = [make(0, "code-changed", "Search", field="", source="")]
    assert story(*signals) == snapshot("Search was kept from running code that was not approved")

"""The running picture: bounded whatever a stranger sends, and the same as grouping everything."""

from remit.watch import live as live_module
from remit.watch.incidents import HOUR, group
from remit.watch.live import BUCKET, OTHER, Live
from remit_guard.core.signal import Signal

NOW = 1_793_337_620_000


def make(
    at: int,
    function: str = "Thumbnail",
    rule: str = "shell-injection",
    verdict: str = "block",
    severity: str = "high",
    **facts,
) -> Signal:
    return Signal(NOW + at, verdict, rule, severity, function, source="http-api", field="body.a", **facts)


def test_a_picture():
    live = Live()
    live.take([make(-5000), make(-4000, verdict="alert"), make(-BUCKET, verdict="allow", remit="sha256:a")], NOW)
    state = live.state(NOW)
    assert state["total"] == 3
    (incident,) = state["incidents"]
    assert incident["story"].startswith("Someone used the HTTP API to run commands in Thumbnail 2 times")
    assert incident["through"]
    assert incident["stages"][0]["what"] == "Run commands"
    assert [sum(counts[kind] for counts in state["rate"]["series"]) for kind in range(3)] == [1, 1, 1]
    assert state["heard"][0] == {
        "function": "Thumbnail", "last": NOW - 4000, "count": 3, "blocked": 1, "tier": "hooks",
        "remit": "sha256:a", "remit_before": "", "remit_since": NOW - BUCKET,
    }  # fmt: skip


def test_a_deploy_is_seen_by_its_remit_and_late_signals_do_not_undo_it():
    live = Live()
    live.take([make(-9000, remit="sha256:a"), make(-1000, remit="sha256:b"), make(-8000, remit="sha256:a")], NOW)
    (heard,) = live.state(NOW)["heard"]
    assert (heard["remit_before"], heard["remit"], heard["remit_since"]) == ("sha256:a", "sha256:b", NOW - 1000)


def test_no_signals_is_a_picture_too():
    state = Live().state(NOW)
    assert (state["total"], state["incidents"], state["heard"]) == (0, [], [])
    assert len(state["rate"]["series"]) == live_module.BUCKETS


def test_a_quiet_incident_leaves_the_page_after_its_time():
    live = Live(history=HOUR)
    live.take([make(0)], NOW)
    assert len(live.incidents(NOW + HOUR)) == 1
    assert live.incidents(NOW + HOUR + 1) == ()


def test_what_is_worse_comes_first_and_being_stopped_counts():
    live = Live()
    live.take(
        [
            make(-1, "A", "ssrf", "block", "high", sender="a"),
            make(-HOUR, "B", "sql-injection", "alert", "high", sender="b"),
            make(-2 * HOUR, "C", "path-traversal", "alert", "low", sender="c"),
        ],
        NOW,
    )
    assert [one.functions[0] for one in live.incidents(NOW)] == ["B", "A", "C"]
    live.take([make(-3 * HOUR, "D", "code-injection", "alert", "medium", sender="d")], NOW)
    assert [one.functions[0] for one in live.incidents(NOW)] == ["B", "D", "A", "C"]


def test_made_up_names_are_bounded_and_still_counted():
    live = Live()
    live.take([make(n % 1000 - 1000, f"F{n}", sender="s") for n in range(live_module.STEPS_LIMIT + 500)], NOW)
    state = live.state(NOW)
    assert state["incident_count"] == 1
    assert state["incidents"][0]["count"] == live_module.STEPS_LIMIT + 500
    assert state["incidents"][0]["stage_count"] == live_module.STEPS_LIMIT + 1
    assert len(state["incidents"][0]["stages"]) == live_module.STAGES_SHOWN
    assert len(state["heard"]) == live_module.HEARD_SHOWN
    assert any(stage.function == OTHER and stage.count == 500 for stage in live.incidents(NOW)[0].stages)


def test_the_signals_given_stay_as_they_were(monkeypatch):
    monkeypatch.setattr(live_module, "STEPS_LIMIT", 1)
    signals = [make(0, "A"), make(1, "B")]
    Live().take(signals, NOW)
    assert [signal.function for signal in signals] == ["A", "B"]


def test_links_are_bounded_and_the_page_is_told(monkeypatch):
    monkeypatch.setattr(live_module, "LINKS_LIMIT", 100)
    live = Live()
    signals = [make(n - 1000, trace=f"t{n}", invocation=f"i{n}", sender=f"s{n}") for n in range(1000)]
    for start in range(0, 1000, 50):
        live.take(signals[start : start + 50], NOW)
        assert live._grouping.links <= 100
    state = live.state(NOW)
    assert state["crowded"]
    assert sum(one["count"] for one in state["incidents"]) == 1000


def test_in_pieces_or_at_once():
    signals = [make(-n * 1000, f"F{n % 3}", sender=f"s{n % 5}") for n in range(300)]
    live = Live()
    for signal in signals:
        live.take([signal], NOW)
    assert sorted(live.incidents(NOW), key=lambda one: one.first) == list(group(signals))

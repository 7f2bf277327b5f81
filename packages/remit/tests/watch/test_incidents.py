"""Grouping: what belongs together, and the three laws of remit.watch.incidents."""

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.watch.incident import MOST
from remit.watch.incidents import HOUR, QUARTER, Grouping, concerns, group, identity, links
from remit_guard.core.signal import Signal

START = 1_793_337_620_000


def make(
    at: int = 0, rule: str = "shell-injection", function: str = "Thumbnail", verdict: str = "block", **facts: str
) -> Signal:
    facts.setdefault("source", "http-api")
    facts.setdefault("field", "body.name")
    return Signal(START + at, verdict, rule, "high", function, **facts)


def ids(signals):
    return [(one.id, one.count) for one in group(signals)]


def test_one_door_within_a_quarter_of_an_hour_is_one_incident():
    assert [one.count for one in group([make(0), make(QUARTER), make(2 * QUARTER)])] == [3]


def test_beyond_the_window_it_is_another_incident():
    assert [one.count for one in group([make(0), make(QUARTER + 1)])] == [1, 1]


def test_a_signal_between_two_incidents_makes_them_one():
    early, late = make(0), make(2 * QUARTER)
    assert len(group([early, late])) == 2
    assert len(group([early, late, make(QUARTER)])) == 1


def test_one_sender_links_different_doors_for_an_hour():
    one = make(0, sender="203.0.113.7")
    other = make(HOUR, "sql-injection", "Orders", sender="203.0.113.7", source="sqs")
    assert [incident.functions for incident in group([one, other])] == [("Thumbnail", "Orders")]


def test_a_platform_is_not_a_sender():
    one = make(0, sender="sqs.amazonaws.com")
    other = make(QUARTER, "sql-injection", "Orders", sender="sqs.amazonaws.com", source="sqs")
    assert len(group([one, other])) == 2


def test_the_same_attack_on_several_functions_is_one_incident():
    (incident,) = group([make(1, function="B"), make(0, function="A"), make(2, function="C")])
    assert incident.functions == ("A", "B", "C")


def test_what_a_hijacked_function_does_joins_the_attack_by_its_invocation():
    attack = make(0, invocation="r1", verdict="alert")
    deed = make(10, "call-outside-remit", verdict="alert", invocation="r1", source="", field="")
    elsewhere = make(20, "call-outside-remit", "Report", verdict="alert", invocation="r2", source="", field="")
    first, second = group([deed, elsewhere, attack])
    assert [stage.rule for stage in first.stages] == ["shell-injection", "call-outside-remit"]
    assert second.functions == ("Report",)


def test_a_gap_in_a_remit_does_not_chain_attacks_into_one():
    gap = [
        make(at, "call-outside-remit", verdict="alert", source="", field="") for at in range(0, 8 * QUARTER, QUARTER)
    ]
    assert sorted(one.count for one in group([*gap, make(0), make(7 * QUARTER)])) == [1, 1, 8]


def test_a_trace_links_functions_behind_each_other():
    first = make(0, trace="Root=1-a;Parent=b;Sampled=0")
    behind = make(QUARTER, "sql-injection", "Orders", trace="Root=1-a;Parent=c;Sampled=0", source="sqs")
    (incident,) = group([first, behind])
    assert [stage.function for stage in incident.stages] == ["Thumbnail", "Orders"]


def test_attacks_in_one_wave_are_one_incident_and_what_functions_do_is_not():
    shell, query = make(0), make(HOUR // 30, "sql-injection", "Orders", source="sqs")
    gap = make(1, "call-outside-remit", "Report", verdict="alert", source="", field="")
    assert [one.count for one in group([shell, query, gap])] == [2, 1]
    assert len(group([shell, make(HOUR // 30 + 1, "sql-injection", "Orders", source="sqs")])) == 2


def test_an_allowed_effect_is_no_incident():
    assert group([make(verdict="allow")]) == ()


def test_counts_and_extremes():
    (incident,) = group([make(5, verdict="alert", field="b"), make(1, field="a"), make(9, field="a")])
    assert (incident.count, incident.blocked, incident.stopped) == (3, 2, False)
    assert (incident.first, incident.last) == (START + 1, START + 9)
    assert incident.stages[0].fields == ("a", "b")
    assert incident.severity == "high"


def test_fields_and_senders_are_bounded():
    (incident,) = group([make(n, field=f"f{n:03}", sender=f"10.0.0.{n}") for n in range(100)])
    assert incident.stages[0].fields == tuple(f"f{n:03}" for n in range(MOST))
    assert incident.stages[0].more_fields
    assert len(incident.senders) == MOST
    assert incident.more_senders


def test_forgetting_drops_old_incidents_and_their_links():
    grouping = Grouping()
    grouping.add(make(0, trace="old"))
    grouping.add(make(3 * HOUR, trace="new"))
    grouping.forget(START + 2 * HOUR)
    assert [one.first for one in grouping.incidents()] == [START + 3 * HOUR]
    assert grouping.links == 4
    grouping.add(make(3 * HOUR + 1))
    assert [one.count for one in grouping.incidents()] == [2]


def test_loosening_keeps_incidents():
    grouping = Grouping()
    grouping.add(make(0))
    grouping.loosen(START + 1)
    assert grouping.links == 0
    grouping.add(make(1))
    assert [one.count for one in grouping.incidents()] == [1, 1]


def test_identity_is_that_of_a_resent_signal_and_of_no_other():
    signal = make(0, invocation="r1")
    again = Signal.from_dict(signal.to_dict())
    assert identity(again) == identity(signal)
    assert identity(make(1, invocation="r1")) != identity(signal)
    assert identity(make(0, invocation="r2")) != identity(signal)


few = st.sampled_from(["", "a", "b", "c"])
signals = st.builds(
    lambda at, rule, function, verdict, source, field, trace, sender, invocation: make(
        at * QUARTER // 3,
        rule,
        function,
        verdict,
        source=source,
        field=field,
        trace=trace,
        sender=sender,
        invocation=invocation,
    ),
    st.integers(0, 60),
    st.sampled_from(["shell-injection", "sql-injection", "call-outside-remit", "guard-fault", "new-rule"]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["block", "alert", "allow"]),
    st.sampled_from(["http-api", "sqs", "s3 via sqs", ""]),
    few,
    st.sampled_from(["", "", "", "t1", "t2"]),
    st.sampled_from(["", "", "", "s1", "s2", "x.amazonaws.com"]),
    st.sampled_from(["", "", "i1", "i2", "i3"]),
)
distinct = st.lists(signals, max_size=25, unique_by=identity)


@given(distinct, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_law_order_changes_nothing(arrived, random):
    shuffled = list(arrived)
    random.shuffle(shuffled)
    assert group(shuffled) == group(arrived)


@given(distinct)
@settings(max_examples=150)
def test_law_every_signal_is_in_exactly_one_incident(arrived):
    """Against the definition itself: connected components over all pairs of signals."""
    windows = {"trace": HOUR, "invocation": HOUR, "sender": HOUR, "wave": HOUR // 30}
    rest = [signal for signal in arrived if concerns(signal)]
    components = []
    while rest:
        component = [rest.pop()]
        for signal in component:
            near = [
                other
                for other in rest
                if any(
                    abs(other.time - signal.time) <= windows.get(link[0], QUARTER)
                    for link in set(links(signal)) & set(links(other))
                )
            ]
            component += near
            rest = [other for other in rest if other not in near]
        components.append(component)
    expected = sorted((min((s.time, identity(s)) for s in c)[1][:12], len(c)) for c in components)
    assert sorted(ids(arrived)) == expected


@given(distinct, st.lists(st.integers(0, 2), min_size=25, max_size=25))
@settings(max_examples=150)
def test_law_merging_is_associative_and_equals_grouping_the_whole(arrived, parts):
    def part(number):
        grouping = Grouping()
        for signal, where in zip(arrived, parts, strict=False):
            if where == number:
                grouping.add(signal)
        return grouping

    left = part(0)
    left.merge(part(1))
    left.merge(part(2))
    tail = part(1)
    tail.merge(part(2))
    right = part(0)
    right.merge(tail)
    back = part(2)
    back.merge(part(1))
    back.merge(part(0))
    assert left.incidents() == right.incidents() == back.incidents() == group(arrived)
    before = tail.incidents()
    part(0).merge(tail)
    assert tail.incidents() == before

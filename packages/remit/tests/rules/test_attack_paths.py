"""From a flow to an attack path: who, how, and how bad; with hand-made facts."""

import pytest

from remit import rules
from remit.app.facts import Facts
from remit.app.flow import Analysis, Flow, Origin, Step
from remit.app.location import Location
from remit.app.model import App, Function, Grant, Role, Sender, Trigger
from remit.app.noun import replace
from remit.app.report import Finding, Persona, Severity

TEMPLATE = Location("template.yaml", 1)
SINK = Location("src/lib.py", 31, 15, 31, 40)
FLOW = Flow(
    function="Thumb",
    origin=Origin("field", "Records[].s3.object.key", "s3", Location("src/app.py", 14)),
    sink="process",
    location=SINK,
    call="os.system",
    steps=(
        Step(Location("src/app.py", 14, 11, 14, 40), "takes the key"),
        Step(Location("src/app.py", 22), "passed to render"),
        Step(Location("src/app.py", 22), "passed to render"),
        Step(SINK, "joined into the command"),
    ),
)


def facts(
    *flows: Flow, sender: Sender = Sender.ANYONE, grants: tuple[Grant, ...] = (), triggers: tuple[Trigger, ...] = ()
) -> Facts:
    role = Role("ThumbRole", grants, TEMPLATE, ("Thumb",))
    function = Function("Thumb", "app.handler", "python3.13", "src", Location("template.yaml", 80), role="ThumbRole")
    why = ((Location("template.yaml", 88), "bucket Uploads is writable by everyone"),)
    trigger = Trigger(
        "Thumb", "s3", "s3:ObjectCreated on Uploads", Location("template.yaml", 84), sender, why, "Uploads"
    )
    app = App("a", "SAM", "template.yaml", (function,), triggers or (trigger,), roles={"ThumbRole": role})
    return Facts(app, {"Thumb": Analysis("Thumb", Location("src/app.py", 10), flows)}, today="2026-10-01")


def only(rule: str, known: Facts) -> Finding:
    (finding,) = rules.load(rule).check(known)
    return finding


def test_a_path_begins_with_the_sender_and_ends_at_the_sink() -> None:
    finding = only("shell-injection", facts(FLOW))
    assert finding.message == "anyone on the internet runs commands in Thumb"
    assert finding.is_path
    assert [(str(hop.location), hop.text) for hop in finding.hops] == [
        ("template.yaml:88", "bucket Uploads is writable by everyone"),
        ("template.yaml:84", "s3:ObjectCreated on Uploads · Records[].s3.object.key"),
        ("src/app.py:14", "takes the key"),
        ("src/app.py:22", "passed to render"),
        ("src/lib.py:31", "Records[].s3.object.key is part of a command"),
    ]


EVERY_BUCKET = Grant("Allow", ("s3:*",), ("*",), TEMPLATE)


@pytest.mark.parametrize(
    ("sink", "sender", "grants", "severity"),
    [
        ("process", Sender.ANYONE, (), Severity.CRITICAL),
        ("process", Sender.AUTHENTICATED, (), Severity.CRITICAL),
        ("process", Sender.ACCOUNT, (), Severity.HIGH),
        ("sql", Sender.ANYONE, (), Severity.CRITICAL),
        ("sql", Sender.AUTHENTICATED, (), Severity.HIGH),
        ("path", Sender.ANYONE, (), Severity.HIGH),
        ("path", Sender.ANYONE, (EVERY_BUCKET,), Severity.CRITICAL),
        ("url", Sender.AUTHENTICATED, (), Severity.MEDIUM),
        ("response", Sender.ANYONE, (), Severity.MEDIUM),
        ("response", Sender.PLATFORM, (), Severity.LOW),
    ],
)
def test_severity_is_exposure_times_sink_times_reach(
    sink: str, sender: Sender, grants: tuple[Grant, ...], severity: Severity
) -> None:
    rule = {
        "process": "shell-injection",
        "sql": "sql-injection",
        "path": "path-traversal",
        "url": "ssrf",
        "response": "html-injection",
    }
    assert only(rule[sink], facts(replace(FLOW, sink=sink), sender=sender, grants=grants)).severity == severity


def test_what_the_role_reaches_is_said() -> None:
    finding = only("shell-injection", facts(FLOW, grants=(EVERY_BUCKET,)))
    assert any("every bucket" in phrase for phrase in finding.reach)
    assert finding.notes["role"] == "ThumbRole"


def test_ways_to_one_sink_are_one_finding_with_the_widest_sender_first() -> None:
    route = Trigger("Thumb", "http-api", "POST /thumb", Location("template.yaml", 90), Sender.AUTHENTICATED)
    bucket = facts(FLOW).app.triggers[0]
    other = replace(FLOW, origin=Origin("field", "body.name", "http-api", Location("src/app.py", 40)))
    finding = only("shell-injection", facts(other, FLOW, triggers=(route, bucket)))
    assert finding.message.startswith("anyone on the internet")
    assert [hop.text for hop in finding.related] == ["also from body.name by POST /thumb"]


def test_sinks_in_different_places_are_different_findings() -> None:
    other = replace(FLOW, location=Location("src/lib.py", 50))
    assert len(list(rules.load("shell-injection").check(facts(FLOW, other)))) == 2


@pytest.mark.parametrize(
    ("flow", "sender", "persona"),
    [
        (FLOW, Sender.ANYONE, Persona.REGULAR),
        (FLOW, Sender.APP, Persona.REGULAR),
        (FLOW, Sender.PLATFORM, Persona.PEDANTIC),
        (replace(FLOW, confidence="low"), Sender.ANYONE, Persona.PEDANTIC),
        (replace(FLOW, confidence="medium"), Sender.ANYONE, Persona.REGULAR),
    ],
)
def test_guesses_and_harmless_senders_are_for_the_pedantic(flow: Flow, sender: Sender, persona: Persona) -> None:
    assert only("shell-injection", facts(flow, sender=sender)).persona == persona


def test_a_light_sink_that_only_the_app_itself_reaches_is_for_the_pedantic() -> None:
    assert only("ssrf", facts(replace(FLOW, sink="url"), sender=Sender.APP)).persona == Persona.PEDANTIC


def test_a_url_whose_host_is_fixed_is_no_ssrf() -> None:
    for part in ("path", "query"):
        assert not list(rules.load("ssrf").check(facts(replace(FLOW, sink="url", detail={"part": part}))))
    assert list(rules.load("ssrf").check(facts(replace(FLOW, sink="url", detail={"part": "host"}))))


def test_only_parameters_that_name_a_resource_are_a_choice_of_one() -> None:
    for parameter, count in (("TableName", 1), ("Key", 0), ("", 0)):
        flow = replace(FLOW, sink="call", detail={"parameter": parameter})
        assert len(list(rules.load("resource-choice").check(facts(flow)))) == count


def test_the_same_flaw_has_the_same_content_when_lines_move() -> None:
    moved = replace(FLOW, location=Location("src/lib.py", 99, 3), steps=())
    first, second = (only("shell-injection", facts(flow)) for flow in (FLOW, moved))
    assert first.content == second.content


POLLING = Grant("Allow", ("sqs:ReceiveMessage",), ("*",), TEMPLATE, origin="managed:AWSLambdaSQSQueueExecutionRole")


def test_what_polling_asks_of_the_role_is_no_reach() -> None:
    plain, polled, own = (
        only("shell-injection", facts(FLOW, sender=Sender.ACCOUNT, grants=grants))
        for grants in ((), (POLLING,), (replace(POLLING, origin="inline"),))
    )
    assert (polled.severity, polled.reach) == (plain.severity, ())
    assert own.severity > plain.severity
    assert own.reach == ("reads every queue",)


def test_a_route_without_a_method_takes_any() -> None:
    from remit.rules.route_without_authorizer import _method

    def named(name: str) -> Trigger:
        return Trigger("F", "http-api", name, TEMPLATE, Sender.ANYONE)

    names = ("POST /orders", "every route", "every other route", "ANY /{proxy+}", "get /x", "$default")
    assert [_method(named(name)) for name in names] == ["POST", "ANY", "ANY", "ANY", "GET", "ANY"]


def test_the_leak_of_an_exception_is_where_it_is_returned() -> None:
    flow = replace(
        FLOW, origin=Origin("exception", "error", "", Location("src/app.py", 20)), sink="response", call="return"
    )
    trigger = Trigger("Thumb", "http-api", "GET /x", TEMPLATE, Sender.ANYONE, ((TEMPLATE, "no authorizer"),))
    finding = only("exception-to-caller", facts(flow, triggers=(trigger,)))
    assert finding.location == SINK
    assert finding.hops[-1].location == SINK

"""Runs the demo: eight steps, one line each, and an exit status that says whether its claims hold."""

import compileall
import contextlib
import io
import json
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, ModuleType

from examples.demo import cost
from examples.demo.attacks import Attack, attacks
from examples.demo.canary import Canary
from examples.demo.claims import Summary
from examples.demo.events import Reply, send
from examples.demo.remits import Locked, lock
from examples.demo.screen import step
from examples.demo.traffic import ordinary
from remit.app.errors import RemitError
from remit.app.model import App
from remit.local.cloud import Bed, Prepare, Served
from remit.local.spec import FunctionSpec

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "examples" / "leaky-shop"
OUT = ROOT / "build" / "demo"
BENIGN = 300
LEAST_ATTACKS = 10
MOST_NOTES = 8
CLAIMS = {"sub": "ada", "scope": "shop"}


def main() -> int:
    """Runs it.

    Returns:
        0 when every claim holds, 1 when one does not, 2 when it could not run, 130 when it was stopped.
    """
    signal.signal(signal.SIGTERM, _stop)
    summary = Summary()
    begun = time.monotonic()
    try:
        with ExitStack() as stack:
            _run(summary, stack)
    except RemitError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ndemo: stopped; nothing is left running", file=sys.stderr)
        return 130
    summary.seconds = round(time.monotonic() - begun, 1)
    summary.write(OUT / "summary.json")
    for failed in summary.failed:
        print(f"does not hold: {failed}", file=sys.stderr)
    return 1 if summary.failed else 0


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _run(summary: Summary, stack: ExitStack) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    from remit.read import load

    with step("1", "read") as line:
        reading = load(APP)
        app = reading.apps[0]
        summary.functions, summary.triggers = len(app.functions), _triggers(app)
        line.text = f"{app.name}: {summary.functions} functions, {summary.triggers} triggers"
    _scan(summary)
    with step("3", "locked") as line:
        locked = lock(APP, _today(), OUT)
        summary.remits, summary.granted, summary.needed = len(locked.remits), locked.granted, locked.needed
        line.text = f"{summary.remits} remits; granted {summary.granted} actions, needed {summary.needed}"
        line.tail = f"→ {_shown(OUT / 'remit.lock')}"
        summary.claim(0 < summary.needed < summary.granted, "functions need fewer actions than they are granted")
    with step("4", "started") as line:
        canary = stack.enter_context(Canary())
        bare, guarded = _start(app, locked, stack)
        line.text = "the app on the real Lambda runtime, with and without the guard"
    _use(summary, bare, guarded)
    _attack(summary, bare, guarded, canary)
    _watch(summary, guarded)
    _cost(summary, bare, guarded)


def _triggers(app: App) -> int:
    return sum(not trigger.implied for trigger in app.triggers)


def _scan(summary: Summary) -> None:
    from remit.graph import Pictures, picture
    from remit.render import html
    from remit.render.graph import html as graph
    from remit.scan import Plan, survey

    with step("2", "found") as line:
        found = survey(Plan(roots=(APP,), today=_today()), line.progress)
        report = found.report
        (OUT / "report.html").write_text(html.render(report), encoding="utf-8")
        summary.findings = len(report.findings)
        summary.paths = sum(finding.is_path for finding in report.findings)
        line.text = f"{summary.paths} attack paths, {summary.findings} findings"
        line.tail = f"→ {_shown(OUT / 'report.html')}, graph.html"
        drawn = (
            picture(part.facts, part.findings, name=part.summary.name, place=part.place, texts=report.texts)
            for part in found.parts
        )
        pictures = Pictures(tuple(drawn), report.skips, report.failures, date=report.today)
        (OUT / "graph.html").write_text(graph.render(pictures), encoding="utf-8")
        summary.claim(summary.paths > 0, "the scan finds an attack path")


def _start(app: App, locked: Locked, stack: ExitStack) -> tuple[Bed, Bed]:
    """Both beds, side by side: nothing that one app does can be seen by the other."""
    import awslambdaric

    import remit_guard

    for module in (awslambdaric, remit_guard):
        _compile(module)
    beds = [Bed(app, _copy("bare"), _bare), Bed(app, _copy("guarded"), _guarded(locked))]
    with ThreadPoolExecutor(2) as pool:
        for started in [pool.submit(stack.enter_context, bed) for bed in beds]:
            started.result()
    return beds[0], beds[1]


def _copy(name: str) -> Path:
    """A copy of the code to run and to attack: what an attack leaves in its folder is not left in the sources."""
    place = OUT / "apps" / name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(APP, place, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def _compile(module: ModuleType) -> None:
    # Functions may not write byte code; without it a first cold start would measure the compiler.
    for folder in module.__path__:
        with contextlib.redirect_stdout(io.StringIO()):
            compileall.compile_dir(folder, quiet=2)


def _bare(spec: FunctionSpec) -> FunctionSpec:
    return replace(spec, environment={**spec.environment, "SHOP_OFFLINE": "1"})


def _guarded(locked: Locked) -> Prepare:
    import remit_guard

    wrapper = Path(remit_guard.__path__[0]) / "platforms" / "exec_wrapper.sh"

    def prepare(spec: FunctionSpec) -> FunctionSpec:
        spec = _bare(spec)
        variables = {**spec.environment, "REMIT_FILE": str(locked.files[spec.name])}
        return replace(spec, environment=variables, wrapper=str(wrapper))

    return prepare


def _use(summary: Summary, bare: Bed, guarded: Bed) -> None:
    """Sends the same ordinary events to both and compares what came back."""
    notes: list[str] = []
    with step("5", "used") as line:
        tokens = bare.token(CLAIMS), guarded.token(CLAIMS)
        pairs = zip(ordinary(BENIGN, tokens[0]), ordinary(BENIGN, tokens[1]), strict=True)
        for plain, watched in pairs:
            without, with_guard = send(bare, plain), send(guarded, watched)
            summary.benign += 1
            summary.answered += without.ok
            if (without.ok, without.text) != (with_guard.ok, with_guard.text):
                summary.disturbed += 1
                notes.append(
                    f"disturbed: {plain.title} gives {without.text[:200]!r}, guarded {with_guard.text[:200]!r}"
                )
            line.progress(f"{summary.benign} of {BENIGN} ordinary events")
        _settle(bare, guarded)
        refused = [item for item in _signals(guarded.served) if item["verdict"] == "block"]
        # A refusal that changed no answer (work done later, a swallowed error) disturbs too.
        summary.disturbed = max(summary.disturbed, len({item.get("invocation") for item in refused}))
        notes.extend(f"refused: {item.get('function')} {item['rule']}: {item.get('reason')}" for item in refused)
        line.text = f"{summary.benign} ordinary events"
        line.tail = f"{summary.answered} answered, {summary.disturbed} disturbed"
        summary.claim(summary.answered == summary.benign, "the app answers every ordinary event")
        summary.claim(summary.disturbed == 0, "the guard disturbs no ordinary event")
    _tell(notes)


def _settle(bare: Bed, guarded: Bed, seconds: float = 15.0) -> None:
    """Waits until the work that events caused later (invoices of orders) is done in both."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and _invoices(bare) != _invoices(guarded):
        time.sleep(0.1)


def _invoices(bed: Bed) -> int:
    events = [item.event for item in bed.served if item.function == "InvoiceFunction"]
    return sum(len(event["Records"]) for event in events if isinstance(event, dict))


def _attack(summary: Summary, bare: Bed, guarded: Bed, canary: Canary) -> None:
    """Sends hostile events to both; what counts is what happened, not what was answered."""
    notes: list[str] = []
    with step("6", "attacked") as line:
        # Names of canaries are fresh in each list, so one app's success cannot be taken for the other's.
        for plain, watched in zip(attacks(canary), attacks(canary), strict=True):
            summary.attacks += 1
            carrier = plain.event.carrier
            summary.carriers[carrier] = summary.carriers.get(carrier, 0) + 1
            worked, _ = _try(bare, plain)
            summary.succeeded_bare += worked
            through, told = _try(guarded, watched)
            summary.succeeded_guarded += through
            summary.stopped += not through and told
            if not worked or through or not told:
                notes.append(f"{plain.name}: works without the guard: {worked}, with it: {through}, told: {told}")
            line.progress(f"{summary.attacks} hostile events")
        line.text = f"{summary.attacks} events by {_listed(list(summary.carriers))}"
        line.tail = f"{summary.stopped} stopped at the sink   (without the guard: {summary.succeeded_bare} succeed)"
        summary.claim(summary.attacks >= LEAST_ATTACKS, f"at least {LEAST_ATTACKS} attacks are tried")
        summary.claim(summary.succeeded_bare == summary.attacks, "every attack works without the guard")
        summary.claim(summary.stopped == summary.attacks, "every attack is stopped with the guard, and told")
    _tell(notes)


def _try(bed: Bed, attack: Attack) -> tuple[bool, bool]:
    """Sends one; whether it worked, and whether the attacked function told of a block meanwhile."""
    before = len(bed.served)
    reply: Reply = send(bed, attack.event)
    worked = attack.worked(bed, reply)
    mine = [item for item in bed.served[before:] if item.function == attack.function]
    return worked, any(item["verdict"] == "block" for item in _signals(tuple(mine)))


def _signals(served: tuple[Served, ...]) -> list[dict[str, object]]:
    """The signals that functions wrote to their logs."""
    found = []
    for item in served:
        for text in item.invocation.logs:
            if text.startswith('{"class_uid"'):
                with contextlib.suppress(ValueError):
                    found.append(json.loads(text))
    return found


def _watch(summary: Summary, guarded: Bed) -> None:
    from remit.watch import incidents, parse, story

    with step("7", "watched") as line:
        lines = [json.dumps(item, separators=(",", ":")) for item in _signals(guarded.served)]
        (OUT / "signals.jsonl").write_text("".join(text + "\n" for text in lines), encoding="utf-8")
        batch = parse.log([text.encode() for text in lines], int(time.time() * 1000))
        found = incidents.group(batch.signals)
        summary.incidents, summary.stages = len(found), sum(len(item.stages) for item in found)
        summary.faults = sum(item.rule == "guard-fault" for item in batch.signals)
        line.text = f"{len(batch.signals)} signals, {_count(summary.incidents, 'incident')}, {summary.stages} stages"
        line.tail = "→ remit watch --demo, then open the address it prints"
        summary.claim(summary.incidents > 0, "the signals make an incident")
        summary.claim(batch.bad_count == 0, "every signal can be read")
        summary.claim(summary.faults == 0, "the guard has no fault of its own")
    for incident in found[:3]:
        print(f"             {story.tell(incident)}")


def _cost(summary: Summary, bare: Bed, guarded: Bed) -> None:
    with step("", "cost") as line:
        name = "CatalogFunction"
        cold = cost.cold(bare.function(name).spec, guarded.function(name).spec, line.progress)
        event = next(item.event for item in bare.served if item.function == name)
        warm = cost.warm(bare, guarded, name, event, line.progress)
        summary.cold_bare_ms, summary.cold_guarded_ms = round(cold[0], 1), round(cold[1], 1)
        summary.event_bare_us, summary.event_guarded_us = round(warm[0], 1), round(warm[1], 1)
        line.text = (
            f"cold start {cold[1] - cold[0]:+.0f} ms (x{cold[1] / cold[0]:.1f})"
            f" · {warm[1] - warm[0]:+.0f} µs per invocation"
        )


def _tell(notes: list[str]) -> None:
    """What a person would want to see when a claim does not hold; the first few."""
    for text in notes[:MOST_NOTES]:
        print(f"   {text}", file=sys.stderr)
    if len(notes) > MOST_NOTES:
        print(f"   and {len(notes) - MOST_NOTES} more", file=sys.stderr)


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

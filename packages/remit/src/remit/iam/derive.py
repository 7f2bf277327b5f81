"""The remit of a function, derived from what its code does and what the template says."""

from collections.abc import Iterable, Iterator

from remit.app.effect import Effects, FileAccess, Reach, Run, SdkCall, Secret
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Authorizer, Function, Trigger
from remit.app.need import VERBS, FunctionRemit, Need, Unresolved
from remit.app.noun import replace
from remit.app.value import Choice, Ref, Text, Unknown, Value, join, options
from remit.iam import calls

#: Sources whose sender sees what the function returns.
_ANSWERED = frozenset({"http-api", "rest-api", "function-url"})


def derive(app: App, function: Function, analysis: Analysis) -> FunctionRemit:
    """Everything a function needs, each need with the lines that are its reason.

    Args:
        app: the app it belongs to.
        function: the function.
        analysis: what was read off its code; parts that were not examined become unresolved entries.

    Returns:
        Needs and unresolved entries in stable order, without duplicates.
    """
    found: list[Need | Unresolved] = []
    found.extend(_receives(app, function))
    for call in analysis.effects.calls:
        found.extend(_call(app, function, call))
    found.extend(_other(analysis.effects))
    found.extend(_returns(app, function))
    found.extend(_unread(function, analysis))
    return merged(function.id, found)


def _call(app: App, function: Function, call: SdkCall) -> Iterator[Need | Unresolved]:
    if call.unresolved or not call.operation:
        what = f"{call.service or '?'}:{call.operation or '?'}"
        yield Unresolved("calls", what, call.unresolved or "the operation is not known", call.location)
        return
    because = (call.location, *call.because)
    call = _sent_by(app, function, call)
    for touched in calls.needs(app, function.id, call):
        if not touched.action:
            yield Unresolved("calls", f"{call.service}:{call.operation}", _why(touched.on), call.location)
        elif isinstance(touched.on, Unknown):
            yield Unresolved("calls", touched.action, _why(touched.on), call.location)
        else:
            yield Need("calls", touched.action, touched.on, because, note=touched.note)


#: What the analysis calls a value that the event holds.
_OF_EVENT = "a part of the event"


def _sent_by(app: App, function: Function, call: SdkCall) -> SdkCall:
    """A bucket taken out of the event is the one that sent it, where only buckets of the app send events."""
    bucket = call.parameters.get("Bucket")
    if call.service != "s3" or not isinstance(bucket, Unknown) or bucket.why != _OF_EVENT:
        return call
    told = [trigger for trigger in app.triggers_of(function.id) if not trigger.implied]
    senders = {trigger.resource for trigger in told if trigger.source == "s3" and trigger.resource in app.resources}
    if not senders or any(trigger.source != "s3" or trigger.resource not in senders for trigger in told):
        return call
    known = tuple(Ref(name) for name in sorted(senders))
    return replace(call, parameters={**call.parameters, "Bucket": known[0] if len(known) == 1 else Choice(known)})


def _why(value: Value) -> str:
    return value.why if isinstance(value, Unknown) else str(value)


def _other(effects: Effects) -> Iterator[Need | Unresolved]:
    for reach in effects.reaches:
        yield from _reach(reach)
    for run in effects.runs:
        yield from _run(run)
    for access in effects.files:
        yield from _file(access)
    for secret in effects.secrets:
        yield from _secret(secret)


def _reach(reach: Reach) -> Iterator[Need | Unresolved]:
    port = f":{reach.port}" if reach.port else ":*"
    for host in options(reach.host):
        pattern = _starred(host)
        if pattern is None or pattern in ("*", ""):
            yield Unresolved("reaches", f"?{port}", f"the host is {_said(host)}", reach.location)
        elif isinstance(pattern, str) and "*" in pattern[1:]:
            # Only whole leading labels may be open: api-*.example.com would say less than it seems to.
            yield Unresolved("reaches", f"{pattern}{port}", "part of the host is not known", reach.location)
        else:
            yield Need("reaches", join([pattern, port]), None, (reach.location, *reach.because))


def _said(value: Value) -> str:
    return f"not known: {value.why}" if isinstance(value, Unknown) else "not known"


def _starred(value: Value) -> "str | Ref | Text | None":
    """A text with ``*`` for what is unknown; ``None`` when it is not a text at all."""
    if isinstance(value, str | Ref):
        return value
    if isinstance(value, Unknown | Choice):
        return "*"
    if isinstance(value, Text):
        found = join([part if isinstance(part, str | Ref) else "*" for part in value.parts])
        return found.replace("**", "*") if isinstance(found, str) else found if isinstance(found, Ref | Text) else None
    return None


def _run(run: Run) -> Iterator[Need | Unresolved]:
    note = "through a shell" if run.shell else ""
    for program in options(run.program):
        if isinstance(program, str | Ref) and program:
            yield Need("runs", program, None, (run.location, *run.because), note=note)
        else:
            yield Unresolved("runs", str(program) or "?", f"the program is {_said(program)}", run.location)


def _file(access: FileAccess) -> Iterator[Need | Unresolved]:
    verb = "writes" if access.write else "reads"
    for path in options(access.path):
        pattern = _starred(path)
        if pattern is None or pattern == "" or str(pattern).startswith("*"):
            # A path that begins with something unknown may be anywhere.
            yield Unresolved(verb, str(pattern or "?"), f"the path is {_said(path)}", access.location)
        elif access.write or not isinstance(pattern, str) or pattern.startswith("/"):
            # A relative path read is the function's own code, which every function may read.
            yield Need(verb, pattern, None, (access.location, *access.because))


def _secret(secret: Secret) -> Iterator[Need | Unresolved]:
    for name in options(secret.name):
        if isinstance(name, str | Ref | Text) and _starred(name) not in ("*", ""):
            yield Need("secrets", _starred(name), None, (secret.location, *secret.because))
        else:
            yield Unresolved("secrets", "?", f"the name is {_said(name)}", secret.location)


def _receives(app: App, function: Function) -> Iterator[Need]:
    mine = app.triggers_of(function.id)
    told = [trigger for trigger in mine if not trigger.implied] or list(mine)
    for trigger in sorted(told, key=lambda trigger: (trigger.location, trigger.name)):
        yield Need("receives", trigger.name, sender_of(trigger), (trigger.location,))


def sender_of(trigger: Trigger) -> str:
    """Who may send, as the lock says it: what the authorizer asks for, else the widest circle."""
    if trigger.authorizer is not None:
        return _vouched(trigger.authorizer)
    return trigger.sender.phrase


def _vouched(authorizer: Authorizer) -> str:
    name = "{" + authorizer.name + "}" if authorizer.name else ""
    words = {
        "jwt": f"holders of a token for {name}" if name else "holders of a token",
        "cognito": f"users of {name}" if name else "signed-in users",
        "lambda": f"whom {name} lets in" if name else "whom a Lambda authorizer lets in",
        "iam": "AWS identities that may invoke it",
        "api-key": "holders of an API key",
    }
    return words.get(authorizer.kind, f"whom a {authorizer.kind} authorizer lets in")


def _returns(app: App, function: Function) -> Iterator[Need]:
    answered = [trigger for trigger in app.triggers_of(function.id) if trigger.source in _ANSWERED]
    if answered:
        first = min(answered, key=lambda trigger: trigger.location)
        yield Need("returns", "errors", "shaped", (first.location,))


def _unread(function: Function, analysis: Analysis) -> Iterator[Unresolved]:
    """Code nobody read may do anything: the remit says so."""
    for skip in analysis.skips:
        if skip.blind:
            yield Unresolved("code", skip.what, skip.why, skip.location or function.location)
    if analysis.handler is None and not any(skip.blind for skip in analysis.skips):
        yield Unresolved("code", function.handler or function.id, "the handler was not found", function.location)


def merged(function: str, found: Iterable["Need | Unresolved"]) -> FunctionRemit:
    """Equal needs become one with all their reasons; the order is that of the verbs, then of the text."""
    needs: dict[tuple[str, str, str, str], Need] = {}
    open_: dict[tuple[str, str, Location, str], Unresolved] = {}
    for item in found:
        if isinstance(item, Unresolved):
            open_.setdefault((item.verb, item.what, item.because, item.why), item)
            continue
        key = (item.verb, str(item.what), str(item.on), item.provenance)
        known = needs.get(key)
        because = tuple(dict.fromkeys((*(known.because if known else ()), *item.because)))
        needs[key] = Need(item.verb, item.what, item.on, because, item.provenance, item.note)
    ordered = sorted(needs.items(), key=lambda pair: (VERBS.index(pair[0][0]), *pair[0][1:]))
    left = sorted(open_.values(), key=lambda item: (item.verb, item.what, item.because, item.why))
    return FunctionRemit(function, tuple(need for _, need in ordered), tuple(left))

"""Built-in functions and the parts of the standard library that only pass values on, or prove something about them."""

from remit.flow import access, natives, taint
from remit.flow import event as events
from remit.flow.environment import read
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import foreign
from remit.flow.models.model import ARGUMENTS, FIRST, NOTHING, Model
from remit.flow.patterns import harmless
from remit.flow.taint import LOW
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Atom,
    Caught,
    Dictionary,
    Instance,
    Kind,
    Known,
    Lib,
    Method,
    ModuleValue,
    Part,
    Partial,
    Sequence,
    Symbol,
    Thing,
    Val,
    known,
    pieces,
    text_of,
    union,
    unknown,
)  # fmt: skip
from remit_guard.core.verdict import CODE, LOG, NOSQL, RESPONSE

#: Members that one dispatch is followed into.
_MOST_MEMBERS = 40


def _str(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    if not given.args:
        return known("")
    value = given.args[0]
    for atom in value.atoms:
        if isinstance(atom, Instance) and atom.kind is not None:
            for name in ("__str__", "__repr__"):
                method = access.class_member(atom.kind, name, atom)
                if method is not None:
                    from remit.flow.calls import call

                    return call(machine, frame, method, Arguments(given.at, name))
        if isinstance(atom, Thing) and "text" in atom.facts:
            return atom.facts["text"].tainted(value.taints)
    if any(isinstance(atom, Caught) for atom in value.atoms):
        return unknown("the text of an exception", taint.step(value.taints, given.at, "text of the exception"))
    if all(isinstance(atom, Part) for atom in value.atoms) and value.atoms:
        # Numbers and texts stay what they are; a container becomes its quoted form, and can bring no operators along.
        if not all(isinstance(atom, Part) and events.is_text(atom) for atom in value.atoms):
            return natives.as_text(machine, value, given.at)
        return Val(value.atoms, taint.cleaned(machine.taints(value, given.at), frozenset((NOSQL,))))
    return natives.as_text(machine, value, given.at)


def _repr(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    return natives.as_text(machine, given.args[0], given.at, quoted=True) if given.args else UNKNOWN


def _dumps(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``json.dumps``: quotes line breaks; does not escape HTML."""
    del frame
    value = given.get(0, "obj") or UNKNOWN
    return Val(
        (Thing("json.Text", {"document": value}),), natives.as_text(machine, value, given.at, quoted=True).taints
    )


def _loads(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``json.loads``: a field's text becomes a document, all of it the sender's."""
    del frame
    value = given.get(0, "s") or UNKNOWN
    found: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Part):
            found.append(Val((events.inside(atom, given.at),)))
        elif isinstance(atom, Thing) and "document" in atom.facts:
            found.append(atom.facts["document"])
        elif isinstance(atom, Known) and isinstance(atom.value, str | bytes):
            found.append(constant(machine, atom.value))
        else:
            found.append(unknown("a document", value.taints))
    return union(*found) if found else unknown("a document", value.taints)


def constant(machine: Machine, text: "str | bytes", depth: int = 0) -> Val:
    """The value of a JSON text that is known."""
    import json

    try:
        return _made(machine, json.loads(text), depth)
    except (ValueError, RecursionError):
        return unknown("a document")


def _made(machine: Machine, data: object, depth: int) -> Val:
    if isinstance(data, dict) and depth < 6:
        return Val(
            (machine.dictionary({key: _made(machine, item, depth + 1) for key, item in list(data.items())[:200]}),)
        )
    if isinstance(data, list) and depth < 6:
        return Val((machine.sequence([_made(machine, item, depth + 1) for item in data[:200]]),))
    return known(data) if isinstance(data, str | int | float | bool) or data is None else unknown("a document")


def _decoded(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Decoders that give the same field in clear."""
    del frame
    value = given.args[0] if given.args else UNKNOWN
    return _each(machine, value, given)


def _each(machine: Machine, value: Val, given: Arguments) -> Val:
    found = [
        Val((atom,))
        if isinstance(atom, Part)
        else unknown("decoded data", machine.taints(Val((atom,), value.taints), given.at))
        for atom in value.atoms
    ]
    return union(*found) if found else unknown("decoded data", value.taints)


def _getenv(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    return read(machine, given.get(0, "key") or UNKNOWN, given.get(1, "default"), given.at)


def _getattr(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    name = text_of(given.args[1]) if len(given.args) > 1 else None
    value = given.args[0] if given.args else UNKNOWN
    if name is not None:
        return access.attribute(machine, frame, value, name, given.at, calling=True)
    if len(given.args) > 1:
        names = [atom.value for atom in given.args[1].atoms if isinstance(atom, Known) and isinstance(atom.value, str)]
        if names and len(names) == len(given.args[1].atoms):
            found = [access.attribute(machine, frame, value, item, given.at, calling=True) for item in names]
            return union(*found)
        members = _dispatched(machine, frame, value, given)
        if members is not None:
            return members
        for item in machine.taints(given.args[1], given.at):
            machine.flow(CODE, item, given.span(1), given.text, {"part": "attribute"}, LOW)
    for atom in value.atoms:
        if isinstance(atom, Thing) and atom.kind in ("boto3.client", "boto3.resource", "boto3.object"):
            return Val((Thing("boto3.unresolved", atom.facts),))
    return unknown("an attribute", value.taints)


def _dispatched(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val | None:
    """``getattr(self, "do_" + name)``: any member that begins and ends so; ``None`` when none does or nothing is known."""
    name = given.args[1]
    if not all(isinstance(atom, Symbol) for atom in name.atoms):
        return None
    parts = pieces(name)
    first, last = parts[0], parts[-1]
    start, end = first if isinstance(first, str) else "", last if isinstance(last, str) else ""
    if not start and not end:
        return None
    found: list[Val] = []
    for atom in value.atoms:
        for member in _member_names(atom):
            if member.startswith(start) and member.endswith(end) and len(found) < _MOST_MEMBERS:
                found.append(access.attribute(machine, frame, Val((atom,)), member, given.at, calling=True))
    return union(*found) if found else None


def _member_names(atom: Atom) -> list[str]:
    kind = atom.kind if isinstance(atom, Instance) else atom if isinstance(atom, Kind) else None
    if kind is not None:
        return list(dict.fromkeys(name for item in kind.lineage() if isinstance(item, Kind) for name in item.members))
    if isinstance(atom, ModuleValue) and atom.module.scope is not None:
        return list(atom.module.scope.vars)
    return []


def _setattr(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    name = text_of(given.args[1]) if len(given.args) > 2 else None
    if len(given.args) > 2:
        for atom in given.args[0].atoms:
            if isinstance(atom, Instance):
                # Under a name that a sender chooses, any field may be meant.
                for key in [name] if name else [*atom.fields, *(["*"] if "*" not in atom.fields else [])]:
                    old = atom.fields.get(key)
                    atom.fields[key] = given.args[2] if old is None else union(old, given.args[2])
                machine.touched(atom)
            foreign.kept(machine, atom, name or "an attribute", given.args[2], given.at)
    return NONE


def _list(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    kind = given.text if given.text in ("list", "tuple", "set") else "list"
    if not given.args:
        return Val((machine.sequence([], None, kind),))
    value = given.args[0]
    only = value.atoms[0] if len(value.atoms) == 1 else None
    if isinstance(only, Sequence):
        return Val((machine.sequence(list(only.items), only.rest, kind),), value.taints)
    if isinstance(only, Part):
        return value
    inner = access.elements(machine, frame, value, given.at)
    return Val((machine.sequence([], inner if inner.atoms else None, kind),))


def _dict(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    if len(given.args) == 1 and not given.keywords and given.args[0].atoms == (Lib("os.environ"),):
        return given.args[0]
    made = access.merged(machine, [value for value in given.args if not _pairs(value)], given.at)
    for value in given.args:
        if _pairs(value):
            pair = access.elements(machine, frame, value, given.at)
            access.set_entry(machine, made, UNKNOWN, access.index(machine, frame, pair, known(1), given.at), given.at)
    for name, value in given.keywords.items():
        made.entries[name] = value
        made.places[name] = given.span(-1, name)
    if given.rest is not None:
        access.set_entry(machine, made, UNKNOWN, given.rest, given.at)
    return Val((made,))


def _defaultdict(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``defaultdict(list)``: a mapping that makes what is missing."""
    shifted = Arguments(
        given.at, given.text, given.args[1:], given.keywords, given.spans[1:], given.keyword_spans, given.rest
    )
    made = _dict(machine, frame, shifted, receiver)
    for atom in made.atoms:
        if isinstance(atom, Dictionary) and given.args and not _is_none(given.args[0]):
            atom.factory = given.args[0]
    return made


def _is_none(value: Val) -> bool:
    return all(isinstance(atom, Known) and atom.value is None for atom in value.atoms)


def _buffer(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``io.StringIO(text)``: what was written into it, piece after piece."""
    del frame
    first = given.get(0, "initial_value", "initial_bytes")
    items = [] if first is None or _is_none(first) else [first]
    return Val((machine.sequence(items, None, "buffer"),))


def _queue(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame, given
    return Val((machine.sequence([], None, "queue"),))


def _pairs(value: Val) -> bool:
    return any(isinstance(atom, Sequence) for atom in value.atoms)


def _enumerate(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    inner = access.elements(machine, frame, given.args[0], given.at) if given.args else UNKNOWN
    pair = machine.sequence([unknown("a number"), inner], kind="tuple")
    return Val((machine.sequence([], Val((pair,))),))


def _zip(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    items = [access.elements(machine, frame, value, given.at) for value in given.args]
    return Val((machine.sequence([], Val((machine.sequence(items, None, "tuple"),))),))


def _chain(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    items = [access.elements(machine, frame, value, given.at) for value in given.args]
    return Val((machine.sequence([], union(*items)),)) if items else Val((machine.sequence([]),))


def _same_elements(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``sorted``, ``reversed``: the same elements in another order; a key function sees each."""
    value = given.args[0] if given.args else UNKNOWN
    inner = access.elements(machine, frame, value, given.at)
    key = given.keywords.get("key")
    if key is not None:
        from remit.flow.calls import call

        call(machine, frame, key, Arguments(given.at, "key", [inner], spans=[given.at], places=[""]))
    return Val((machine.sequence([], inner if inner.atoms else None),))


def _one(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``next``, ``min``, ``max``: one of the elements."""
    if len(given.args) > 1 and not given.text.endswith("next"):
        return union(*given.args)
    found = access.elements(machine, frame, given.args[0], given.at) if given.args else UNKNOWN
    default = given.get(1, "default")
    return union(found, default) if default is not None else found


def _map(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    from remit.flow.calls import call

    if not given.args:
        return UNKNOWN
    items = [access.elements(machine, frame, value, given.at) for value in given.args[1:]]
    result = call(machine, frame, given.args[0], Arguments(given.at, "map", items, spans=[given.at] * len(items)))
    return Val((machine.sequence([], result if result.atoms else None),))


def _filter(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    from remit.flow.calls import call

    if len(given.args) < 2:
        return UNKNOWN
    inner = access.elements(machine, frame, given.args[1], given.at)
    call(machine, frame, given.args[0], Arguments(given.at, "filter", [inner], spans=[given.at]))
    return Val((machine.sequence([], inner if inner.atoms else None),))


def _reduce(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    from remit.flow.calls import call

    if len(given.args) < 2:
        return UNKNOWN
    inner = access.elements(machine, frame, given.args[1], given.at)
    start = union(inner, given.args[2]) if len(given.args) > 2 else inner
    once = call(machine, frame, given.args[0], Arguments(given.at, "reduce", [start, inner], spans=[given.at] * 2))
    return union(once, start)


def _partial(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del machine, frame
    if not given.args:
        return UNKNOWN
    return Val((Partial(given.args[0], tuple(given.args[1:]), tuple(given.keywords.items())),))


def _field(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``field(default_factory=make)`` of a data class: what ``make()`` gives, for every instance that is not told."""
    from remit.flow.calls import call

    for name in ("default_factory", "factory"):
        if name in given.keywords:
            return call(machine, frame, given.keywords[name], Arguments(given.at, name))
    return given.get(-1, "default") or (given.args[0] if given.args else UNKNOWN)


def _start(target: int, *names: str, shift: int = 1) -> Model:
    """Something that calls a function it is handed: threads, executors, timers, loops."""

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        from remit.flow.calls import call

        function = given.get(target, *names)
        if function is None:
            return UNKNOWN
        if "target" in names or "args" in given.keywords:
            inner = given.keywords.get("args")
            args = list(next((atom.items for atom in inner.atoms if isinstance(atom, Sequence)), [])) if inner else []
            keywords: dict[str, Val] = {}
            for atom in given.keywords["kwargs"].atoms if "kwargs" in given.keywords else ():
                if isinstance(atom, Dictionary):
                    keywords = {str(key): value for key, value in atom.entries.items()}
        else:
            args, keywords = given.args[target + shift :], given.keywords
        value = call(
            machine, frame, function, Arguments(given.at, given.text, args, dict(keywords), [given.at] * len(args))
        )
        return Val((Thing("future", {"result": value}),), value.taints)

    return Model(run=run)


def _executor_map(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return _map(machine, frame, given, None)


def _result(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del machine, frame, given
    thing = receiver.receiver if receiver else None
    return thing.facts.get("result", UNKNOWN) if isinstance(thing, Thing) else UNKNOWN


def _run_async(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``asyncio.run(main())``, ``gather(a(), b())``: the calls have been run already."""
    del frame
    if len(given.args) == 1:
        return given.args[0]
    return Val((machine.sequence(list(given.args), given.rest),))


def _compile(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del machine, frame
    return Val((Thing("re.Pattern", {"pattern": given.get(0, "pattern") or UNKNOWN}),))


def _match(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    if receiver is not None and isinstance(receiver.receiver, Thing):
        pattern, number = receiver.receiver.facts.get("pattern", UNKNOWN), 0
    else:
        pattern, number = given.get(0, "pattern") or UNKNOWN, 1
    subject = given.get(number, "string") or UNKNOWN
    text = text_of(pattern)
    sinks = harmless(text, given.text.rsplit(".", 1)[-1]) if text is not None else frozenset()
    groups = harmless(text, "fullmatch") if text is not None else frozenset()
    facts: dict[str, Val] = {"*": unknown("a match", taint.cleaned(machine.taints(subject, given.at), groups))}
    place = given.places[number] if number < len(given.places) else ""
    if place and sinks:
        facts["place"] = known(place)
        facts["sinks"] = known(" ".join(sorted(sinks)))
    return Val((Thing("re.Match", facts),))


def _group(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    thing = receiver.receiver if receiver else None
    value = thing.facts.get("*", UNKNOWN) if isinstance(thing, Thing) else UNKNOWN
    if given.text.endswith(("groups", "groupdict")):
        return Val((machine.sequence([], value) if given.text.endswith("groups") else machine.dictionary(rest=value),))
    del frame
    return value


def _found(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    matched = _match(machine, frame, given, receiver)
    thing = matched.atoms[0]
    assert isinstance(thing, Thing)  # noqa: S101  (made one line above)
    value = thing.facts["*"] if given.text.endswith("findall") else matched
    return Val((machine.sequence([], value),))


def _sub(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``re.sub(r"[^a-z]", "", x)``: what is left has only the characters that the negated class lets pass."""
    del frame
    if receiver is not None and isinstance(receiver.receiver, Thing):
        pattern, number = receiver.receiver.facts.get("pattern", UNKNOWN), 1
    else:
        pattern, number = given.get(0, "pattern") or UNKNOWN, 2
    subject = given.get(number, "string") or UNKNOWN
    replacement = given.get(number - 1, "repl") or UNKNOWN
    taints = taint.merge(machine.taints(subject, given.at), machine.taints(replacement, given.at))
    text, new = text_of(pattern), text_of(replacement)
    if text is not None and new is not None and text.startswith("[^") and text.rstrip("+*").endswith("]"):
        kept = "[" + text.rstrip("+*")[2:] + "*"
        together = harmless(kept, "fullmatch")
        if new:
            import re

            together &= harmless(re.escape(new), "fullmatch")
        taints = taint.cleaned(taints, together)
    return unknown("a text", taints)


def _isinstance(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del machine, frame, given
    return unknown("a comparison")


def _type(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del machine, frame
    if len(given.args) == 1:
        kinds = [atom.kind for atom in given.args[0].atoms if isinstance(atom, Instance) and atom.kind is not None]
        if kinds:
            return Val(tuple(kinds))
    return unknown("a type")


def _environ_copy(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del machine, frame, given
    return Val((Lib("os.environ"),))


def _environ_items(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    found = machine.taints(Val((Lib("os.environ"),)), given.at)
    pair = machine.sequence([unknown("the name of a variable"), unknown("any variable", found)], kind="tuple")
    return Val((machine.sequence([], Val((pair,))),))


def _hmac(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``hmac.new(key, message)``: remembers what it signs, so that a comparison of it is a check of that."""
    del machine, frame
    subject = given.get(1, "msg")
    place = given.places[1] if len(given.places) > 1 else ""
    if subject is None or not place:
        return Val((Thing("hmac"),))
    return Val((Thing("hmac", {"place": known(place), "subject": subject}),))


def _hmac_again(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del machine, frame, given
    return Val((receiver.receiver,)) if receiver is not None else UNKNOWN


def _encoded(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Base64 has no character that is dangerous anywhere; a signature stays one."""
    del machine, frame
    for atom in given.args[0].atoms if given.args else ():
        if isinstance(atom, Thing) and atom.kind == "hmac":
            return Val((atom,))
    return unknown("encoded data")


_CLEAN = Model(keeps=NOTHING)
_ARGUMENTS = Model(keeps=ARGUMENTS)
_DECODED = Model(run=_decoded)
_ESCAPED = Model(keeps=ARGUMENTS, cleans=frozenset((RESPONSE,)))
FUNCTIONS: dict[str, Model] = {
    "builtins.str": Model(run=_str),
    "builtins.repr": Model(run=_repr),
    "builtins.ascii": Model(run=_repr),
    "builtins.format": _ARGUMENTS,
    "builtins.bytes": _ARGUMENTS,
    "builtins.bytearray": _ARGUMENTS,
    "builtins.getattr": Model(run=_getattr),
    "builtins.setattr": Model(run=_setattr),
    "dataclasses.field": Model(run=_field),
    "attr.ib": Model(run=_field),
    "attr.field": Model(run=_field),
    "attrs.field": Model(run=_field),
    "pydantic.Field": Model(run=_field),
    "pydantic.fields.Field": Model(run=_field),
    "builtins.isinstance": Model(run=_isinstance),
    "builtins.issubclass": Model(run=_isinstance),
    "builtins.type": Model(run=_type),
    "builtins.enumerate": Model(run=_enumerate),
    "builtins.zip": Model(run=_zip),
    "builtins.map": Model(run=_map),
    "builtins.filter": Model(run=_filter),
    "builtins.iter": Model(keeps=FIRST),
    "builtins.super": _CLEAN,
    "builtins.dict": Model(run=_dict),
    "collections.OrderedDict": Model(run=_dict),
    "collections.defaultdict": Model(run=_defaultdict),
    "io.StringIO": Model(run=_buffer),
    "io.BytesIO": Model(run=_buffer),
    "queue.Queue": Model(run=_queue),
    "queue.LifoQueue": Model(run=_queue),
    "queue.PriorityQueue": Model(run=_queue),
    "queue.SimpleQueue": Model(run=_queue),
    "asyncio.Queue": Model(run=_queue),
    "multiprocessing.Queue": Model(run=_queue),
    "collections.ChainMap": Model(run=_dict),
    "functools.partial": Model(run=_partial),
    "functools.partialmethod": Model(run=_partial),
    "functools.reduce": Model(run=_reduce),
    "functools.wraps": Model(gives="decorator"),
    "functools.lru_cache": Model(gives="decorator"),
    "dataclasses.dataclass": Model(gives="dataclass"),
    "dataclasses.asdict": Model(keeps=FIRST),
    "itertools.chain": Model(run=_chain),
    "copy.copy": Model(keeps=FIRST),
    "copy.deepcopy": Model(keeps=FIRST),
    "typing.cast": Model(run=lambda _m, _f, given, _r: given.args[1] if len(given.args) > 1 else UNKNOWN),
    "json.dumps": Model(run=_dumps),
    "json.loads": Model(run=_loads),
    "json.load": Model(run=_loads),
    "os.getenv": Model(run=_getenv),
    "os.environ.get": Model(run=_getenv),
    "os.environ.pop": Model(run=_getenv),
    "os.environ.setdefault": Model(run=_getenv),
    "os.environ.__getitem__": Model(run=_getenv),
    "os.environ.copy": Model(run=_environ_copy),
    "os.environ.items": Model(run=_environ_items),
    "os.environ.values": Model(run=_environ_copy),
    "gzip.decompress": _DECODED,
    "zlib.decompress": _DECODED,
    "binascii.unhexlify": _DECODED,
    "codecs.decode": _DECODED,
    "html.escape": _ESCAPED,
    "cgi.escape": _ESCAPED,
    "markupsafe.escape": _ESCAPED,
    "xml.sax.saxutils.escape": _ESCAPED,
    "bleach.clean": _ESCAPED,
    "nh3.clean": _ESCAPED,
    "html.unescape": _ARGUMENTS,
    "textwrap.dedent": _ARGUMENTS,
    "decimal.Decimal": _CLEAN,
    "uuid.UUID": _CLEAN,
    "uuid.uuid4": _CLEAN,
    "hmac.new": Model(run=_hmac),
    "hmac.digest": Model(run=_hmac),
    "hmac.HMAC": Model(run=_hmac),
    "hmac.compare_digest": _CLEAN,
    "re.compile": Model(run=_compile),
    "re.sub": Model(run=_sub),
    "re.subn": Model(run=_sub),
    "re.escape": Model(keeps=ARGUMENTS, cleans=frozenset((LOG, taint.PATTERN))),
    "re.split": _ARGUMENTS,
    "asyncio.run": Model(run=_run_async),
    "asyncio.gather": Model(run=_run_async),
    "asyncio.wait_for": Model(keeps=FIRST),
    "asyncio.create_task": Model(keeps=FIRST),
    "asyncio.ensure_future": Model(keeps=FIRST),
    "asyncio.get_event_loop": Model(gives="asyncio.Loop"),
    "asyncio.new_event_loop": Model(gives="asyncio.Loop"),
    "asyncio.to_thread": _start(0, "func"),
    "threading.Thread": _start(1, "target"),
    "multiprocessing.Process": _start(1, "target"),
    "threading.Timer": _start(1, "function"),
    "concurrent.futures.ThreadPoolExecutor": Model(gives="executor"),
    "concurrent.futures.ProcessPoolExecutor": Model(gives="executor"),
    "concurrent.futures.as_completed": Model(keeps=FIRST),
    "concurrent.futures.wait": Model(keeps=FIRST),
    "multiprocessing.pool.ThreadPool": Model(gives="executor"),
    "multiprocessing.Pool": Model(gives="executor"),
    "atexit.register": _start(0, "func"),
}
for _name in ("int", "float", "bool", "complex", "len", "abs", "round", "sum", "ord", "hash", "id", "callable", "hasattr",
              "range", "all", "any", "divmod", "pow", "bin", "hex", "oct", "chr"):  # fmt: skip
    FUNCTIONS[f"builtins.{_name}"] = _CLEAN
for _name in ("list", "tuple", "set", "frozenset"):
    FUNCTIONS[f"builtins.{_name}"] = Model(run=_list)
FUNCTIONS["collections.deque"] = Model(run=_list)
for _name in ("sorted", "reversed"):
    FUNCTIONS[f"builtins.{_name}"] = Model(run=_same_elements)
for _name in ("next", "min", "max"):
    FUNCTIONS[f"builtins.{_name}"] = Model(run=_one)
for _name in (
    "b64decode",
    "urlsafe_b64decode",
    "standard_b64decode",
    "b32decode",
    "b16decode",
    "b85decode",
    "decodebytes",
):
    FUNCTIONS[f"base64.{_name}"] = _DECODED
for _name in ("b64encode", "urlsafe_b64encode", "standard_b64encode", "b32encode", "b16encode", "encodebytes"):
    FUNCTIONS[f"base64.{_name}"] = Model(run=_encoded)
for _name in (
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "blake2b",
    "blake2s",
    "sha3_256",
    "new",
    "pbkdf2_hmac",
    "scrypt",
):
    FUNCTIONS[f"hashlib.{_name}"] = Model(gives="hash")
for _name in ("match", "fullmatch", "search"):
    FUNCTIONS[f"re.{_name}"] = Model(run=_match)
for _name in ("findall", "finditer"):
    FUNCTIONS[f"re.{_name}"] = Model(run=_found)
for _name in ("time.time", "time.sleep", "time.perf_counter", "random.random", "random.randint", "random.choice",
              "secrets.token_hex", "secrets.token_urlsafe", "datetime.datetime.now", "datetime.datetime.utcnow",
              "datetime.datetime.fromisoformat", "datetime.datetime.strptime", "datetime.date.fromisoformat",
              "datetime.timedelta", "ipaddress.ip_address", "ipaddress.ip_network", "email.utils.parseaddr"):  # fmt: skip
    FUNCTIONS[_name] = _CLEAN
METHODS: dict[str, Model] = {
    "executor.submit": _start(0, "fn", "func"),
    "executor.apply_async": _start(0, "func"),
    "executor.map": Model(run=_executor_map),
    "asyncio.Loop.run_until_complete": Model(run=_run_async),
    "asyncio.Loop.run_in_executor": _start(1, "func"),
    "asyncio.Loop.create_task": Model(keeps=FIRST),
    "future.get": Model(run=_result),
    "future.result": Model(run=_result),
    "future.start": Model(),
    "future.join": Model(),
    "re.Pattern.sub": Model(run=_sub),
    "re.Pattern.subn": Model(run=_sub),
    "re.Pattern.split": _ARGUMENTS,
    "re.Match.group": Model(run=_group),
    "re.Match.groups": Model(run=_group),
    "re.Match.groupdict": Model(run=_group),
    "hmac.digest": Model(run=_hmac_again),
    "hmac.hexdigest": Model(run=_hmac_again),
    "hash.update": Model(),
    "hash.digest": Model(),
    "hash.hexdigest": Model(),
}
for _name in ("match", "fullmatch", "search"):
    METHODS[f"re.Pattern.{_name}"] = Model(run=_match)
for _name in ("findall", "finditer"):
    METHODS[f"re.Pattern.{_name}"] = Model(run=_found)
__all__ = ["FUNCTIONS", "METHODS"]

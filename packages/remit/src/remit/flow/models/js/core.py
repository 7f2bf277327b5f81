"""What every program has: ``JSON``, ``Object``, ``Promise``, timers, buffers, addresses; and what the front calls itself."""

from remit.flow import access, natives, taint
from remit.flow.javascript_natives import failure, functions_in, invoke, keys
from remit.flow.javascript_texts import REGEX, groups, text
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import plain, web
from remit.flow.models.model import ARGUMENTS, FIRST, Model, Run
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Closure,
    Dictionary,
    Instance,
    Method,
    Part,
    Sequence,
    Thing,
    Val,
    known,
    literal,
    text_of,
    union,
    unknown,
)  # fmt: skip
from remit_guard.core.verdict import CODE, LOG, PATH, PROCESS, RESPONSE, URL


def _python(name: str) -> Run:
    """A function of Python that does the same."""
    run = (plain.FUNCTIONS | web.FUNCTIONS)[name].run
    assert run is not None  # noqa: S101  (those asked for are code)
    return run


# -- objects -----------------------------------------------------------------------------------------------------------


def _keys(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return keys(machine, frame, given.get(0) or UNKNOWN, given)


def _held(machine: Machine, value: Val, given: Arguments) -> "Val | None":
    """Everything an object holds, as one value."""
    from remit.flow import event as events

    found: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Dictionary):
            found.extend([*atom.entries.values(), *([atom.rest] if atom.rest else [])])
        elif isinstance(atom, Instance):
            found.extend(atom.fields.values())
        elif isinstance(atom, Part):
            found.append(Val((events.below(atom, events.SOME, given.at),)))
        elif isinstance(atom, Sequence):
            found.extend([*atom.items, *([atom.rest] if atom.rest else [])])
        else:
            found.append(unknown("an element", machine.taints(Val((atom,), value.taints), given.at)))
    return union(*found) if found else None


def _values(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    value = given.get(0) or UNKNOWN
    only = value.atoms[0] if len(value.atoms) == 1 else None
    if isinstance(only, Dictionary):
        return Val((machine.sequence(list(only.entries.values()), only.rest),))
    return Val((machine.sequence([], _held(machine, value, given)),))


def _entries(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    value = given.get(0) or UNKNOWN
    if all(isinstance(atom, Dictionary) for atom in value.atoms) and value.atoms:
        found = access.elements(machine, frame, value, given.at)
        return Val((machine.sequence([Val((atom,)) for atom in found.atoms]),))
    names = keys(machine, frame, value, given)
    name = access.elements(machine, frame, names, given.at)
    pair = machine.sequence([name if name.atoms else UNKNOWN, _held(machine, value, given) or UNKNOWN])
    return Val((machine.sequence([], Val((pair,))),))


def _from_entries(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    made = machine.dictionary()
    value = given.get(0) or UNKNOWN
    pairs = access.elements(machine, frame, value, given.at)
    for atom in pairs.atoms:
        if isinstance(atom, Sequence) and len(atom.items) == 2:
            access.set_entry(machine, made, atom.items[0], atom.items[1], given.at)
        else:
            access.set_entry(machine, made, UNKNOWN, unknown("an entry", machine.taints(pairs, given.at)), given.at)
    return Val((made,), value.taints)


def _assign(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    target = given.get(0) or UNKNOWN
    for value in given.args[1:]:
        other = access.merged(machine, [value], given.at)
        for atom in target.atoms:
            for key, item in other.entries.items():
                if isinstance(atom, Dictionary):
                    access.set_entry(machine, atom, known(key), item, given.at)  # type: ignore[arg-type]
                elif isinstance(atom, Instance):
                    atom.fields[str(key)] = item
                    machine.touched(atom)
            if other.rest is not None and isinstance(atom, Dictionary):
                access.set_entry(machine, atom, UNKNOWN, other.rest, given.at)
            elif other.rest is not None and isinstance(atom, Instance):
                old = atom.fields.get("*")
                atom.fields["*"] = other.rest if old is None else union(old, other.rest)
                machine.touched(atom)
    return target


def _create(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    made = machine.dictionary()
    above = given.get(0)
    if above is not None and literal(above) is None and above.atoms != NONE.atoms:
        made.entries["__proto__"] = above
    return Val((made,))


def _define(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``Object.defineProperty(o, name, {get, value})``: how compilers write exports."""
    target, name, how = (given.get(number) or UNKNOWN for number in range(3))
    for atom in how.atoms:
        if isinstance(atom, Dictionary):
            value = atom.entries.get("value")
            getter = atom.entries.get("get")
            if value is None and getter is not None:
                # What it gives is asked for when it is looked at: compilers export names before they are bound.
                value = Val(tuple(
                    Closure(item.code, item.scope, item.bound, item.owner, "property", item.defaults)
                    if isinstance(item, Closure) else item for item in getter.atoms
                ))  # fmt: skip
            for held in target.atoms if value is not None else ():
                machine.language.set_attribute(
                    machine, frame, held, str(text_of(name) or "*"), value, len(target.atoms) == 1, given.at
                )
    return target


# -- promises, timers --------------------------------------------------------------------------------------------------


def _promise(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new Promise((resolve, reject) => ...)``: what it is resolved with."""
    cell = machine.sequence([], kind="promise")
    resolve = Val((Thing("js.Resolve", {"cell": Val((cell,))}),))
    reject = Val((Thing("js.Reject"),))
    machine.world += 1
    invoke(machine, frame, given.get(0), [resolve, reject], given)
    inner = [*cell.items, *([cell.rest] if cell.rest else [])]
    return union(*inner) if inner else unknown("a promise")


def _resolve(machine: Machine, _frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    thing = receiver.receiver if receiver is not None else None
    for atom in thing.facts["cell"].atoms if isinstance(thing, Thing) else ():
        if isinstance(atom, Sequence) and given.args:
            access.add(machine, atom, given.args[0])
    return NONE


def _settled(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    each = access.elements(machine, frame, given.get(0) or UNKNOWN, given.at)
    one = machine.dictionary({"status": unknown("a status"), "value": each, "reason": failure(given)})
    return Val((machine.sequence([], Val((one,))),))


def _any(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return access.elements(machine, frame, given.get(0) or UNKNOWN, given.at)


def _later(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Timers: the function runs, with the arguments behind the delay; a text in its place is code."""
    function = given.get(0)
    if function is not None and given.text.startswith("set") and not functions_in(function):
        machine.sink(CODE, function, given.span(0), given.text)
    invoke(machine, frame, function, list(given.args[2:] if given.text.startswith("set") else given.args[1:]), given)
    return unknown("a timer")


# -- values ------------------------------------------------------------------------------------------------------------


def _text(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return text(machine, given.args[0], given) if given.args else known("")


def _number(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    content = literal(given.args[0]) if given.args else None
    if isinstance(content, int | float):
        return known(content)
    return unknown("a number")


def _array(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``Array.from(xs, f)``, ``new Set(xs)``: a list of what iterating gives."""
    value = given.get(0)
    if value is None or value.atoms == NONE.atoms:
        return Val((machine.sequence([], kind="set" if "Set" in given.text else "list"),))
    only = value.atoms[0] if len(value.atoms) == 1 else None
    kind = "set" if "Set" in given.text else "list"
    function = given.get(1)
    if isinstance(only, Sequence) and only.rest is None and function is None:
        return Val((machine.sequence(list(only.items), kind=kind),), value.taints)
    each = access.elements(machine, frame, value, given.at)
    if function is not None and functions_in(function):
        each = invoke(machine, frame, function, [each if each.atoms else UNKNOWN, unknown("an index")], given)
    return Val((machine.sequence([], each if each.atoms else None, kind),))


def _array_of(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    if len(given.args) == 1 and not given.text.endswith(".of"):
        return Val((machine.sequence([], UNKNOWN),))
    return Val((machine.sequence(list(given.args), given.rest),))


def _map(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new Map(pairs)``, ``new URLSearchParams(text or object)``, ``new Headers(object)``: names to values."""
    value = given.get(0)
    if value is None or value.atoms == NONE.atoms:
        return Val((machine.dictionary(),))
    if any(isinstance(atom, Dictionary) for atom in value.atoms):
        return Val((access.merged(machine, [value], given.at),))
    if any(isinstance(atom, Sequence) for atom in value.atoms):
        return _from_entries(machine, frame, given, None)
    return Val((machine.dictionary(rest=unknown("a parameter", machine.taints(value, given.at))),))


def _address(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new URL(text, base)``: remembers which variable it is of, so that a check of its host is a check of that."""
    from remit.flow.expressions import join_texts

    value = given.get(0) or unknown("an address")
    base = given.get(1)
    whole = value
    if base is not None:
        start = text_of(value) or ""
        whole = value if "://" in start else join_texts(machine, [base, known("/"), value], given.at)
    taints = machine.taints(whole, given.at)
    facts = {"*": unknown("a part of an address", taints), "url": whole, "href": whole}
    facts["searchParams"] = Val((machine.dictionary(rest=unknown("a parameter", machine.taints(value, given.at))),))
    if given.places and given.places[0]:
        facts["place"] = known(given.places[0])
    return Val((Thing("js.URL", facts),), taints)


def _error(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """An exception the code makes: it says what it is given."""
    message = given.get(0) or known("")
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.every()))
    return Val((Thing("js.Error", {"message": message, "*": unknown("a part of an exception", taints)}),), taints)


def _regex(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    pattern, flags = given.get(0) or UNKNOWN, given.get(1) or known("")
    for atom in pattern.atoms:
        if isinstance(atom, Thing) and atom.kind == REGEX:
            return Val((atom,))
    return Val((Thing(REGEX, {"pattern": pattern, "flags": flags}),), pattern.taints)


def _executed(machine: Machine, _frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del receiver
    return union(groups(machine, given.get(0) or UNKNOWN, None, given), NONE)


def _buffer(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``Buffer.from(text, "base64")``: the same field, decoded."""
    return _python("urllib.parse.unquote")(machine, frame, given, None)


def _buffers(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    found = access.elements(machine, frame, given.get(0) or UNKNOWN, given.at)
    return natives.as_text(machine, found, given.at) if found.atoms else known("")


def _escaped(*sinks: str) -> Model:
    return Model(keeps=ARGUMENTS, cleans=frozenset(sinks))


def _typeof(_machine: Machine, _frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    return unknown("the name of a type")


def _same(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A function with another way of saying that it is done: ``util.promisify(f)``."""
    return given.args[0] if given.args else UNKNOWN


def _exit(_machine: Machine, frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    frame.dead = True
    return NONE


def _reflected(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``Reflect.get(o, name)``, ``Reflect.apply(f, this, list)``."""
    if given.text.endswith("get"):
        return access.index(machine, frame, given.get(0) or UNKNOWN, given.get(1) or UNKNOWN, given.at)
    listed = access.elements(machine, frame, given.args[-1], given.at) if given.args else UNKNOWN
    return invoke(machine, frame, given.get(0), [listed], given)


_FIRST = Model(keeps=FIRST)
_NUMBER = Model(run=_number)
_NOTHING = Model()
_WHOLE = (RESPONSE, URL, LOG, PROCESS, PATH)
FUNCTIONS: dict[str, Model] = {
    "<typeof>": Model(run=_typeof), "<regex>": Model(run=_regex), "<keys>": Model(run=_keys), "RegExp": Model(run=_regex),
    "JSON.parse": Model(run=_python("json.loads")), "JSON.stringify": Model(run=_python("json.dumps")),
    "Object.keys": Model(run=_keys), "Object.getOwnPropertyNames": Model(run=_keys), "Reflect.ownKeys": Model(run=_keys),
    "Object.values": Model(run=_values), "Object.entries": Model(run=_entries), "Object.fromEntries": Model(run=_from_entries),
    "Object.assign": Model(run=_assign), "Object.create": Model(run=_create), "Object.defineProperty": Model(run=_define),
    "Object.freeze": _FIRST, "Object.seal": _FIRST, "Object.setPrototypeOf": _FIRST, "Object": _FIRST, "Object.is": _NOTHING,
    "Object.hasOwn": _NOTHING, "Object.defineProperties": _FIRST, "structuredClone": _FIRST, "Promise": Model(run=_promise),
    "Promise.all": _FIRST, "Promise.resolve": _FIRST, "Promise.reject": _NOTHING, "Promise.allSettled": Model(run=_settled),
    "Promise.race": Model(run=_any), "Promise.any": Model(run=_any), "setTimeout": Model(run=_later),
    "setInterval": Model(run=_later), "setImmediate": Model(run=_later), "queueMicrotask": Model(run=_later),
    "process.nextTick": Model(run=_later), "process.exit": Model(run=_exit), "clearTimeout": _NOTHING,
    "clearInterval": _NOTHING, "String": Model(run=_text), "String.raw": Model(keeps=ARGUMENTS),
    "String.fromCharCode": _NOTHING, "Symbol": _NOTHING, "Array.from": Model(run=_array), "Set": Model(run=_array),
    "WeakSet": Model(run=_array), "Array": Model(run=_array_of), "Array.of": Model(run=_array_of), "Array.isArray": _NOTHING,
    "Map": Model(run=_map), "WeakMap": Model(run=_map), "URLSearchParams": Model(run=_map), "Headers": Model(run=_map),
    "FormData": Model(run=_map), "URL": Model(run=_address), "url.URL": Model(run=_address),
    "url.URLSearchParams": Model(run=_map), "url.parse": Model(run=_address), "url.format": _FIRST,
    "querystring.parse": Model(run=_map), "querystring.decode": Model(run=_map), "qs.parse": Model(run=_map),
    "querystring.stringify": _escaped(*_WHOLE), "qs.stringify": _escaped(*_WHOLE),
    "querystring.unescape": Model(run=_buffer), "querystring.escape": _escaped(*_WHOLE),
    "encodeURIComponent": _escaped(*_WHOLE), "encodeURI": _escaped(RESPONSE, LOG), "escape": _escaped(RESPONSE, LOG),
    "decodeURIComponent": Model(run=_buffer), "decodeURI": Model(run=_buffer), "unescape": Model(run=_buffer),
    "atob": Model(run=_buffer), "btoa": _escaped(*_WHOLE), "Buffer.from": Model(run=_buffer), "Buffer": Model(run=_buffer),
    "buffer.Buffer.from": Model(run=_buffer), "Buffer.concat": Model(run=_buffers), "Buffer.alloc": _NOTHING,
    "Buffer.byteLength": _NOTHING, "Buffer.isBuffer": _NOTHING, "util.promisify": Model(run=_same),
    "util.callbackify": Model(run=_same), "util.inspect": Model(run=_python("json.dumps")), "util.format": Model(keeps=ARGUMENTS),
    "util.types": _NOTHING, "Number": _NUMBER, "parseInt": _NUMBER, "parseFloat": _NUMBER, "BigInt": _NUMBER,
    "Boolean": _NUMBER, "Number.parseInt": _NUMBER, "Number.parseFloat": _NUMBER, "isNaN": _NOTHING, "isFinite": _NOTHING,
    "Number.isInteger": _NOTHING, "Number.isFinite": _NOTHING, "Number.isNaN": _NOTHING, "Number.isSafeInteger": _NOTHING,
    "Date": _NOTHING, "Date.now": _NOTHING, "Date.parse": _NOTHING, "Date.UTC": _NOTHING, "Reflect.get": Model(run=_reflected),
    "Reflect.apply": Model(run=_reflected), "crypto.randomUUID": _NOTHING, "crypto.randomBytes": _NOTHING,
    "crypto.randomInt": _NOTHING, "crypto.createHash": Model(gives="js.Hash"), "crypto.createHmac": Model(gives="js.Hash"),
    "crypto.timingSafeEqual": _NOTHING, "uuid.v4": _NOTHING, "uuid.v1": _NOTHING, "uuid.v5": _NOTHING, "uuid.validate": _NOTHING,
    "uuid": _NOTHING, "uuidv4": _NOTHING, "nanoid.nanoid": _NOTHING, "ulid.ulid": _NOTHING,
    "TextDecoder": Model(gives="js.Coder"),
    "TextEncoder": Model(gives="js.Coder"), "performance.now": _NOTHING, "Proxy": _FIRST, "WeakRef": _FIRST,
    "AbortController": Model(gives="js.Abort"), "lodash.cloneDeep": _FIRST, "<exportAll>": Model(run=_assign),
}  # fmt: skip
for _name in (
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "ReferenceError",
    "EvalError",
    "URIError",
    "AggregateError",
):
    FUNCTIONS[_name] = Model(run=_error)
METHODS: dict[str, Model] = {
    "js.Resolve.__call__": Model(run=_resolve), "js.Reject.__call__": _NOTHING,
    f"{REGEX}.test": _NOTHING, f"{REGEX}.exec": Model(run=_executed), "js.Hash.update": Model(gives="js.Hash"),
    "js.Hash.digest": _NOTHING, "js.Coder.decode": Model(run=_buffer), "js.Coder.encode": Model(run=_buffer),
    "js.URL.toString": Model(keeps=ARGUMENTS), "js.URL.toJSON": Model(keeps=ARGUMENTS), "js.Abort.abort": _NOTHING,
}  # fmt: skip
GLOBALS = frozenset(name.split(".")[0] for name in FUNCTIONS if not name.startswith("<")) - {"url", "util",
    "uuid", "uuidv4", "qs",
           "querystring", "nanoid", "ulid", "lodash", "buffer"} | {
    "console", "process", "require", "module", "exports", "Math", "Intl", "eval", "Function", "fetch", "Reflect", "Atomics",
    "NaN", "Infinity", "undefined", "awslambda", "Uint8Array", "ArrayBuffer", "Event", "EventTarget", "XMLHttpRequest",
    "Request", "Response", "WebSocket", "crypto",
}  # fmt: skip
#: Members that are known.
CONSTANTS = {"path.sep": "/", "path.delimiter": ":", "os.EOL": "\n"}
__all__ = ["CONSTANTS", "FUNCTIONS", "GLOBALS", "METHODS"]

"""The machine that runs abstract values: its state, its bounds, and what it records.

The interpreter is one machine in several modules: ``expressions``, ``statements``, ``calls``, ``access`` and the library
models work on it; each puts its functions into the tables here, so that none of them imports another in a circle.
"""

from collections.abc import Callable, Mapping
from typing import Any

from remit.app.effect import FileAccess, Reach, Run, SdkCall, Secret
from remit.app.flow import CHANCE, EVENT, EXCEPTION, FIELD, SECRET, STORED, Flow, Origin, Use
from remit.app.location import Location
from remit.app.model import Function
from remit.app.noun import Struct, field
from remit.app.report import Skip
from remit.app.value import Unknown, Value
from remit.flow import event as events
from remit.flow import ir, taint
from remit.flow.language import Language
from remit.flow.source import Source
from remit.flow.taint import Taints
from remit.flow.values import (
    NOTHING,
    Atom,
    Closure,
    Dictionary,
    Heap,
    Instance,
    Kind,
    Lib,
    Module,
    Part,
    Partial,
    Root,
    Scope,
    Sequence,
    Thing,
    Val,
)  # fmt: skip
from remit_guard.core import verdict

#: Bounds: work for one function, calls inside calls, expressions inside expressions.
MOST_WORK = 200_000
MOST_CALLS = 40
MOST_DEPTH = 220


class Exhausted(Exception):  # noqa: N818
    """The bound on work was reached; what was found until then stands."""


class Frame(Struct, eq=False):
    """One running function call, module or class body."""

    scope: Scope
    module: Module
    number: int
    code: ir.FunctionCode | None = None
    this: Val | None = None
    owner: Kind | None = None
    dead: bool = False
    refined: dict[str, frozenset[str]] = field(default_factory=dict)
    returns: list[tuple[Val, dict[str, frozenset[str]], dict[str, frozenset[str]]]] = field(default_factory=list)
    yields: Val = NOTHING
    breaks: list[list["State"]] = field(default_factory=list)
    continues: list[list["State"]] = field(default_factory=list)
    verdicts: dict[int, tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]] = field(default_factory=dict)
    caught: list[Val] = field(default_factory=list)


#: Variables and refinements at one point of the program.
State = tuple[dict[str, Val], dict[str, frozenset[str]]]


class Arguments(Struct, eq=False):
    """The arguments of one call, evaluated.

    Args:
        at: the call's place.
        text: the callee as the code names it.
        args, keywords: values; ``spans`` and ``keyword_spans`` are their places.
        rest: what ``*x`` and ``**x`` with unknown content may hold.
        places: for each argument, the variable or path it is, for refinements (``""`` when it is none).
        receiver: of a method of a library, the thing it is called on.
    """

    at: Location
    text: str
    args: list[Val] = field(default_factory=list)
    keywords: dict[str, Val] = field(default_factory=dict)
    spans: list[Location] = field(default_factory=list)
    keyword_spans: dict[str, Location] = field(default_factory=dict)
    rest: Val | None = None
    places: list[str] = field(default_factory=list)
    node: ir.Call | None = None
    receiver: Atom | None = None

    def get(self, index: int, *names: str) -> Val | None:
        """An argument by position or by one of its names; ``None`` when it is not given."""
        if 0 <= index < len(self.args):
            return self.args[index]
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.rest if index >= 0 else None

    def span(self, index: int, *names: str) -> Location:
        """The place of an argument, else of the call."""
        if 0 <= index < len(self.spans):
            return self.spans[index]
        for name in names:
            if name in self.keyword_spans:
                return self.keyword_spans[name]
        return self.at

    def every(self) -> list[Val]:
        """All values."""
        return [*self.args, *self.keywords.values(), *([self.rest] if self.rest else [])]


class Machine(Struct, eq=False):
    """Everything one analysis knows while it runs."""

    function: Function
    roots: tuple[Root, ...]
    sources: dict[str, Source]
    load: "Callable[[Machine, str, int, str], Module | None]"
    language: Language
    entry: Location | None = None
    steps: int = 0
    depth: int = 0
    branch: int = 0
    branches: int = 0
    frames: int = 0
    serial: int = 0
    world: int = 0
    mark: int = 0
    changed: bool = False
    stack: list[tuple[Location, ir.FunctionCode | None]] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    memo: dict[object, tuple[Val, Any]] = field(default_factory=dict)
    ran: set[int] = field(default_factory=set)
    escaped: list[tuple[Closure | Partial, list[Val] | None]] = field(default_factory=list)
    flows: dict[tuple[object, ...], Flow] = field(default_factory=dict)
    calls: dict[tuple[object, ...], SdkCall] = field(default_factory=dict)
    reaches: dict[tuple[object, ...], Reach] = field(default_factory=dict)
    runs: dict[tuple[object, ...], Run] = field(default_factory=dict)
    files: dict[tuple[object, ...], FileAccess] = field(default_factory=dict)
    secrets: dict[tuple[object, ...], Secret] = field(default_factory=dict)
    uses: dict[tuple[object, ...], Use] = field(default_factory=dict)
    environment: dict[str, Location] = field(default_factory=dict)
    #: Environment variables that the code sets itself.
    written: dict[str, Val] = field(default_factory=dict)
    #: Members of functions, which are objects in some languages: by code and scope.
    members: dict[tuple[int, int], Dictionary] = field(default_factory=dict)
    skips: dict[tuple[str, str], Skip] = field(default_factory=dict)
    #: Packages that are imported and not in the code; those that were told of.
    absent: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    # -- running ---------------------------------------------------------------------------------------------------

    def evaluate(self, frame: Frame, node: ir.Expr) -> Val:
        """The value of an expression.

        Raises:
            Exhausted: the bound on work is reached.
        """
        self.steps += 1
        if self.steps > MOST_WORK:
            raise Exhausted
        if self.depth > MOST_DEPTH:
            self.skip("this code", "it calls and nests deeper than the analysis follows", self.place(frame, node.at))
            return NOTHING
        self.depth += 1
        try:
            return EXPRESSIONS[type(node)](self, frame, node)
        finally:
            self.depth -= 1

    def place(self, frame: Frame, at: ir.Span) -> Location:
        """A span as a location."""
        return self.sources[frame.module.file].location(at)

    def because(self) -> tuple[Location, ...]:
        """The call sites from the handler to here, outermost first."""
        return tuple(dict.fromkeys(site for site, _ in self.stack[1:]))

    def skip(self, what: str, why: str, location: Location | None, *, blind: bool = True) -> None:
        """Notes a part that was not examined; unless told otherwise the result is incomplete without it."""
        key = (f"{location}" if location else what, why)
        self.skips.setdefault(key, Skip(f"{self.function.id}: {what}", why, location, blind=blind))

    # -- the heap --------------------------------------------------------------------------------------------------

    def new(self) -> tuple[int, int, int]:
        """Branch, serial number and frame of something new in the heap."""
        self.serial += 1
        return self.branch, self.serial, self.frames

    def sequence(self, items: list[Val], rest: Val | None = None, kind: str = "list") -> Sequence:
        """A new list."""
        return Sequence(*self.new(), kind=kind, items=items, rest=rest)

    def dictionary(
        self, entries: "Mapping[Any, Val] | None" = None, rest: Val | None = None, keys: "list[Val] | None" = None
    ) -> Dictionary:
        """A new mapping."""
        return Dictionary(
            *self.new(), entries=dict(entries) if entries is not None else {}, rest=rest, keys=list(keys or ())
        )

    def instance(self, kind: Kind) -> Instance:
        """A new instance."""
        return Instance(*self.new(), kind=kind)

    def touched(self, thing: Heap) -> None:
        """Something in the heap changed."""
        thing.version += 1
        if thing.serial <= self.mark:
            self.changed = True
        if thing.frame != self.frames:
            self.world += 1

    def certain(self, thing: Heap) -> bool:
        """Whether a change of it happens whenever it exists: then the old content is gone."""
        return thing.branch == self.branch

    # -- taints ----------------------------------------------------------------------------------------------------

    def taints(self, value: Val, at: Location) -> Taints:
        """Every taint of a value and of what it contains."""
        found = [value.taints]
        count = [0]
        self._collect(value, at, found, 0, count)
        # Looking through what is large is work, too.
        self.steps += count[0] >> 4
        return taint.merge(*found) if len(found) > 1 else value.taints

    def _collect(self, value: Val, at: Location, found: list[Taints], depth: int, count: list[int]) -> None:
        for atom in value.atoms:
            inner: list[Val] = []
            if isinstance(atom, Part):
                found.append(events.taints(atom, at))
            elif isinstance(atom, Sequence):
                inner = [*atom.items, *([atom.rest] if atom.rest else [])]
            elif isinstance(atom, Dictionary):
                inner = [*atom.entries.values(), *([atom.rest] if atom.rest else [])]
            elif isinstance(atom, Instance):
                inner = list(atom.fields.values())
            elif isinstance(atom, Thing) and atom.inner:
                inner = list(atom.inner)
            elif isinstance(atom, Lib) and atom.name == "os.environ":
                found.append(
                    (taint.Taint(Origin(SECRET, WHOLE_ENVIRONMENT, "", at), taint.Trace(None, at, _ALL_OF_IT)),)
                )
            if depth >= 5:
                continue
            for item in inner:
                count[0] += 1
                if count[0] > 300:
                    return
                if item.taints:
                    found.append(item.taints)
                self._collect(item, at, found, depth + 1, count)

    # -- what is found ---------------------------------------------------------------------------------------------

    def sink(self, kind: str, value: Val | None, at: Location, call: str, **detail: str) -> None:
        """A value arrives at a sink: each taint that is not harmless there is a flow."""
        if value is None:
            return
        for item in self.taints(value, at):
            self.flow(kind, item, at, call, detail)

    def flow(self, kind: str, item: taint.Taint, at: Location, call: str, detail: dict[str, str], low: int = 0) -> None:
        """One taint arrives at a sink."""
        origin = item.origin
        if kind in item.clean or not _matters(origin.kind, kind):
            return
        if origin.kind == EVENT and kind not in (verdict.LOG, verdict.RESPONSE):
            name = self._first_field(origin)
            origin = Origin(FIELD, name, origin.source, origin.location)
        key = (kind, at, origin.kind, origin.path, origin.source)
        confidence = max(item.confidence, low)
        known = self.flows.get(key)
        if known is not None and taint.CONFIDENCE.index(known.confidence) <= confidence:
            return
        told = tuple(
            step if step.text != JOINED else type(step)(step.location, f"joined into {_WHOLE[kind]}")
            for step in taint.steps(item.trace)
        )
        self.flows[key] = Flow(
            self.function.id, origin, kind, at, call, told, taint.CONFIDENCE[confidence], dict(detail)
        )  # fmt: skip

    def use(
        self, kind: str, at: Location, call: str, parts: "Mapping[str, Taints] | None" = None, **detail: str
    ) -> None:
        """The code uses something in a way that rules ask about; ``parts`` are the taints of its parts, by name."""
        told = {
            name: tuple(dict.fromkeys(item.origin for item in taints))
            for name, taints in (parts or {}).items() if taints
        }  # fmt: skip
        first = next((item for taints in (parts or {}).values() for item in taints), None)
        steps = taint.steps(first.trace) if first is not None else ()
        key = (kind, at, *sorted(detail.items()))
        known = self.uses.get(key)
        if known is not None:
            names = [*known.origins, *(name for name in told if name not in known.origins)]
            told = {name: tuple(dict.fromkeys((*known.origins.get(name, ()), *told.get(name, ())))) for name in names}
            steps = known.steps or steps
        self.uses[key] = Use(kind, at, call, dict(detail), told, steps)

    def _first_field(self, origin: Origin) -> str:
        root = next((root for root in self.roots if root.source == origin.source), None)
        return events.first_field(root) if root else origin.path

    def sdk(
        self, service: str, operation: str, parameters: dict[str, Value], at: Location, unresolved: str = ""
    ) -> None:
        """An SDK call happens."""
        because = self.because()
        key = (at, service, operation, repr(parameters), unresolved)
        self.calls.setdefault(key, SdkCall(service, operation, parameters, at, because, unresolved))

    def reach(self, host: Value, port: int, at: Location) -> None:
        """A host is connected to."""
        key = (at, "?", 0) if isinstance(host, Unknown) else (at, repr(host), port)
        self.reaches.setdefault(key, Reach(host, port, at, self.because()))

    def run(self, program: Value, at: Location, *, by_shell: bool) -> None:
        """A child process starts."""
        self.runs.setdefault((at, repr(program), by_shell), Run(program, by_shell, at, self.because()))

    def file(self, path: Value, at: Location, *, write: bool) -> None:
        """A file is opened."""
        self.files.setdefault((at, repr(path), write), FileAccess(path, write, at, self.because()))

    def secret(self, name: Value, at: Location) -> None:
        """A secret is read."""
        self.secrets.setdefault((at, repr(name)), Secret(name, at, self.because()))


JOINED = "joined"
#: The origin of everything in the environment at once: keys of the role and whatever else stands there.
WHOLE_ENVIRONMENT = "environment"
_ALL_OF_IT = "takes all environment variables, the role's keys among them"
_WHOLE = {
    verdict.SQL: "the query",
    verdict.PROCESS: "the command",
    verdict.PATH: "the path",
    verdict.URL: "the address",
    verdict.CODE: "the code",
    verdict.DESERIALIZE: "the data",
    verdict.RESPONSE: "the answer",
    verdict.LOG: "the log line",
    verdict.CALL: "the parameter",
    verdict.NOSQL: "the query",
    verdict.EXPRESSION: "the expression",
    verdict.LDAP: "the filter",
    verdict.XPATH: "the XPath",
    verdict.XML: "the document",
    verdict.HEADER: "the header",
    verdict.GRAPHQL: "the query",
    verdict.TEMPLATE: "the template",
    verdict.ARCHIVE: "the archive",
}


def _matters(origin: str, sink: str) -> bool:
    if origin == CHANCE:
        return False
    if origin == STORED:
        return sink not in (verdict.LOG, verdict.CALL)
    if origin == EXCEPTION:
        return sink == verdict.RESPONSE
    if origin == SECRET:
        return sink in (verdict.RESPONSE, verdict.LOG)
    return True


#: What evaluates each kind of expression; filled by the modules that do it.
EXPRESSIONS: dict[type, Callable[[Machine, Frame, Any], Val]] = {}

"""Facts: everything known about one App when the rules look at it."""

from collections.abc import Mapping
from functools import cached_property

from remit.app.flow import Analysis, Flow
from remit.app.location import Location
from remit.app.model import App, Edge, Function
from remit.app.need import FunctionRemit
from remit.app.noun import Struct, field


class Dependency(Struct, frozen=True):
    """One package a function ships: name, version, ecosystem (``PyPI`` or ``npm``) and where it is locked.

    ``version`` is ``""`` when the file does not pin it.
    """

    ecosystem: str
    name: str
    version: str
    location: Location
    function: str = ""


class Advisory(Struct, frozen=True):
    """A known weakness of a dependency, as the advisory data tells it."""

    id: str
    summary: str
    dependency: Dependency
    severity: str = ""
    fixed_in: str = ""
    aliases: tuple[str, ...] = ()


class SecretFound(Struct, frozen=True):
    """A secret written in code or template: its kind, place, and a redacted excerpt. Never the secret itself."""

    kind: str
    location: Location
    excerpt: str
    function: str = ""
    name: str = ""


class Facts(Struct, frozen=True, dict=True):
    """What rules see.

    Args:
        app: the graph.
        analyses: by function id; a function that could not be analysed is missing.
        remits: derived remits by function id.
        advisories: what the advisory data says about the dependencies.
        secrets: secrets found in the app's files.
        today: ISO date, for ends of life and expiries (rules have no clock).
        texts: source text by file, for fixes and excerpts.
    """

    app: App
    analyses: Mapping[str, Analysis] = field(default_factory=dict)
    remits: Mapping[str, FunctionRemit] = field(default_factory=dict)
    advisories: tuple[Advisory, ...] = ()
    secrets: tuple[SecretFound, ...] = ()
    today: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge of the app, those of its code included."""
        from remit.app import graph

        return graph.Following(graph.edges(self.app, self.analyses))

    @cached_property
    def memo(self) -> "dict[str, object]":
        """What rules worked out about this app and ask for again, by a name of their own."""
        return {}

    @cached_property
    def into(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that lead to each part of the app, by its logical id."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.target, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    def flows(self, sink: str, kind: str) -> "list[tuple[Function, Flow]]":
        """Flows into one kind of sink from one kind of origin, with their function."""
        found = []
        for function in self.app.functions:
            analysis = self.analyses.get(function.id)
            for flow in analysis.flows if analysis else ():
                if flow.sink == sink and flow.origin.kind == kind:
                    found.append((function, flow))
        return found

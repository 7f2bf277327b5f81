"""GraphQL: documents put together, handed to a library or sent as ``query`` in JSON."""

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import web
from remit.flow.models.model import Model, apply
from remit.flow.taint import HIGH
from remit.flow.values import Dictionary, Hole, Known, Method, Symbol, Val, pieces, unknown
from remit_guard.core.verdict import GRAPHQL

_CLIENTS = ("requests", "httpx")


def put_together(machine: Machine, value: "Val | None", given: Arguments, place: tuple[int, str]) -> None:
    """A document that is partly the application's own text, and partly a sender's."""
    if value is None or not all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return  # one that is handed on as a whole is a client's own
    parts = list(pieces(value))
    if not any(isinstance(part, str) and "{" in part for part in parts):
        return
    for part in parts:
        if isinstance(part, Hole):
            for item in part.taints:
                machine.flow(GRAPHQL, item, given.span(*place), given.text, {}, HIGH)


def _document(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    for index, name in ((0, "request_string"), (-1, "source"), (-1, "query")):
        put_together(machine, given.get(index, name), given, (index, name))
    return unknown("a GraphQL document")


def _second(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    put_together(machine, given.get(1, "source"), given, (1, "source"))
    return unknown("an answer")


def _sent(plain: Model) -> Model:
    """A request as it is modelled already, whose JSON is looked into first."""

    def run(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
        sent = given.keywords.get("json")
        for atom in sent.atoms if sent is not None else ():
            if isinstance(atom, Dictionary):
                put_together(machine, atom.entries.get("query"), given, (-1, "json"))
        return apply(machine, frame, plain, given, receiver)

    return Model(run=run)


FUNCTIONS: dict[str, Model] = {
    "gql.gql": Model(run=_document),
    "graphql.parse": Model(run=_document),
    "graphql.language.parse": Model(run=_document),
    "graphql.graphql_sync": Model(run=_second),
    "graphql.graphql": Model(run=_second),
}
METHODS: dict[str, Model] = {}
for _client in _CLIENTS:
    for _verb in ("post", "request"):
        if f"{_client}.{_verb}" in web.FUNCTIONS:
            FUNCTIONS[f"{_client}.{_verb}"] = _sent(web.FUNCTIONS[f"{_client}.{_verb}"])
for _name, _model in web.METHODS.items():
    if _name.endswith((".post", ".request")):
        METHODS[_name] = _sent(_model)

__all__ = ["FUNCTIONS", "METHODS"]

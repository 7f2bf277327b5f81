"""XML: parsers that resolve what a document declares, and XPath expressions."""

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.values import Method, Opaque, Part, Thing, Val, literal, text_of, unknown
from remit_guard.core.verdict import XML, XPATH

_DOCUMENT = "xml.Document"
_PARSER = "xml.Parser"
_CHOSEN = "chosen"
_DEFAULT = "default"
_NONE = "none"


def _parser(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``etree.XMLParser(...)``: what of a document's declarations it resolves."""
    del frame, machine
    resolves = given.keywords.get("resolve_entities")
    loads = [literal(given.keywords[name]) for name in ("load_dtd", "dtd_validation") if name in given.keywords]
    network = given.keywords.get("no_network")
    if (resolves is not None and literal(resolves) is True) or True in loads:
        kind = _CHOSEN
    elif resolves is not None and literal(resolves) in (False, "internal"):
        kind = _NONE
    elif network is not None and literal(network) is False:
        kind = _CHOSEN
    else:
        kind = _DEFAULT
    return Val((Thing(f"{_PARSER}.{kind}"),))


def _parse(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``etree.fromstring(text, parser)`` and its kin."""
    del frame
    value = given.get(0, "text", "source")
    parser = given.get(1, "parser")
    kinds = [atom.kind.rpartition(".")[2] for atom in parser.atoms if isinstance(atom, Thing)] if parser else [_DEFAULT]
    taints = machine.taints(value, given.at) if value is not None else ()
    if value is not None and (_CHOSEN in kinds or _DEFAULT in kinds):
        entities = _CHOSEN if _CHOSEN in kinds else _DEFAULT
        machine.sink(XML, value, given.span(0, "text", "source"), given.text, entities=entities)
    return Val((Thing(_DOCUMENT),), taints)


def _expression(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``tree.xpath(text, **variables)``: the text is a sink, variables are not."""
    del frame
    value = given.get(0, "_path", "path")
    if value is not None:
        machine.sink(XPATH, value, given.span(0, "_path", "path"), given.text)
    return unknown("elements of a document")


_PARSES = Model(run=_parse)
_SEARCHES = Model(run=_expression)
FUNCTIONS: dict[str, Model] = {
    "lxml.etree.XMLParser": Model(run=_parser),
    "lxml.etree.ETCompatXMLParser": Model(run=_parser),
    "lxml.etree.fromstring": _PARSES,
    "lxml.etree.XML": _PARSES,
    "lxml.etree.parse": _PARSES,
    "lxml.objectify.fromstring": _PARSES,
    "lxml.etree.XPath": _SEARCHES,
    "lxml.etree.ETXPath": _SEARCHES,
}
METHODS: dict[str, Model] = {
    f"{_DOCUMENT}.xpath": _SEARCHES,
    f"{_DOCUMENT}.getroot": Model(gives=_DOCUMENT),
}


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``something.xpath(expression)``: only documents have that."""
    if method.name != "xpath" or not isinstance(method.receiver, Opaque | Thing | Method | Part):
        return None
    value = given.get(0)
    if value is None or text_of(value) is not None:
        return None
    return _expression(machine, frame, given, method)


__all__ = ["FUNCTIONS", "METHODS", "by_look"]

"""XML: documents before a parser reads them, XPath expressions before they are run.

``defusedxml`` brings parsers of its own, which refuse what is looked for here; they are left alone. A document is judged when it
is in memory; one that is read from a file is no value of an event.
"""

import sys

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before, held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Options of lxml's parsers by which they load document types from outside.
_LOADS = ("load_dtd", "dtd_validation", "attribute_defaults")
#: Parsers that were made with one of them; numbers, for parsers cannot be referred to weakly in every version.
_MARK = "_remit_guard_loads"


def _document(data: "Any", *, types: bool = False, includes: bool = False) -> None:
    if not isinstance(data, (str, bytes, bytearray, memoryview)):
        data = held(data)
    if isinstance(data, (bytearray, memoryview)):
        data = bytes(data)
    if data:
        effect("xml", data, types, includes)


def _included() -> bool:
    """Whether the reader of inclusions of the standard library is loaded: it is a step of its own, and rare."""
    return "xml.etree.ElementInclude" in sys.modules


def _standard(data: "Any" = None, *_: "Any", **__: "Any") -> None:
    _document(data, includes=_included())


def patch_etree(module: "Any") -> None:
    """The standard library's ElementTree: it opens nothing outside, and expands."""
    for name in ("fromstring", "XML", "parse", "iterparse", "fromstringlist"):
        before(module, name, _standard)
    module.XML = module.fromstring


def patch_parsers(module: "Any") -> None:
    """SAX, minidom and pulldom."""
    for name in ("parseString", "parse"):
        before(module, name, _standard)


def patch_lxml(module: "Any") -> None:
    """lxml: libxml2 opens what entities name, out of the interpreter's sight."""
    _parser(module, "XMLParser")

    def look(data: "Any" = None, parser: "Any" = None, *_: "Any", **keywords: "Any") -> None:
        loads = bool(getattr(parser or keywords.get("parser"), _MARK, False)) or any(map(keywords.get, _LOADS))
        _document(data, types=loads, includes=True)

    for name in ("fromstring", "XML", "parse", "iterparse", "fromstringlist"):
        before(module, name, look)
    _expressions(module)


def _parser(module: "Any", name: str) -> None:
    """A parser that remembers what it was told to load."""
    base = getattr(module, name)

    def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
        base.__init__(self, *args, **kwargs)
        setattr(self, _MARK, any(map(kwargs.get, _LOADS)))

    setattr(
        module,
        name,
        type(name, (base,), {"__init__": __init__, "__doc__": base.__doc__, "__module__": base.__module__}),
    )


def _expressions(module: "Any") -> None:
    """XPath: compiled expressions, and ``element.xpath``, by the class of elements that lxml lets one choose."""
    for name in ("XPath", "ETXPath"):
        base = getattr(module, name)

        def __init__(self: "Any", path: "Any", *args: "Any", base: "Any" = base, **kwargs: "Any") -> None:  # noqa: N807
            _expression(path)
            base.__init__(self, path, *args, **kwargs)

        made = {"__init__": __init__, "__doc__": base.__doc__, "__module__": base.__module__}
        setattr(module, name, type(name, (base,), made))

    def xpath(self: "Any", _path: "Any", *args: "Any", **kwargs: "Any") -> "Any":
        _expression(_path)
        return module.ElementBase.xpath(self, _path, *args, **kwargs)

    element = type("_Element", (module.ElementBase,), {"xpath": xpath, "__module__": "lxml.etree"})
    classes = module.ElementDefaultClassLookup(element=element)
    module.set_element_class_lookup(module.ParserBasedElementClassLookup(classes))


def _expression(path: "Any") -> None:
    if isinstance(path, bytes):
        path = path.decode("utf-8", "replace")
    if isinstance(path, str):
        effect("xpath", path)


def patch_objectify(module: "Any") -> None:
    """Lxml's objectify."""

    def look(data: "Any" = None, *_: "Any", **__: "Any") -> None:
        _document(data, includes=True)

    for name in ("fromstring", "XML", "parse"):
        before(module, name, look)


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "xml.etree.ElementTree": patch_etree,
    "xml.sax": patch_parsers,
    "xml.dom.minidom": patch_parsers,
    "xml.dom.pulldom": patch_parsers,
    "lxml.etree": patch_lxml,
    "lxml.objectify": patch_objectify,
}

"""Code made of values, templates made of values, and objects made of texts."""

from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import ARGUMENTS, Model, sink
from remit.flow.values import Lib, Method, Thing, Val, text_of, unknown
from remit_guard.core.verdict import CODE, DESERIALIZE, RESPONSE


def _run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Code in a value is run: what it does is out of sight, unless it is a text that calls nothing."""
    del frame
    value = given.get(0) or unknown("code")
    machine.sink(CODE, value, given.span(0), given.text)
    _unseen(machine, given, value)
    return unknown(f"{given.text}()", machine.taints(value, given.at))


def _unseen(machine: Machine, given: Arguments, value: Val) -> None:
    content = text_of(value)
    if content is None or "(" in content:
        machine.sdk("", "", {}, given.at, f"{given.text}() runs code that was not read: it may do anything")


def _function(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new Function(a, b, body)``: every argument is code."""
    del frame
    for number, value in enumerate(given.args):
        machine.sink(CODE, value, given.span(number), given.text)
    if given.args:
        _unseen(machine, given, given.args[-1])
    return unknown("a function")


def _template(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``handlebars.compile(text)``: a template that a value is part of is code."""
    del frame
    machine.sink(CODE, given.get(0), given.span(0), given.text, template="true")
    return Val((Thing("js.Template"),))


def _rendered(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``ejs.render(text, values)``."""
    del frame
    machine.sink(CODE, given.get(0), given.span(0), given.text, template="true")
    return unknown("a rendered page")


def _yaml(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``js-yaml``: before version 4 ``load`` makes functions; later only with a schema that asks for it."""
    del frame
    value = given.get(0) or unknown("a document")
    schemas = [atom.name for item in given.args[1:] for atom in _members(item) if isinstance(atom, Lib)]
    old = _before_4(machine, given)
    if given.text.endswith("unsafeLoad") or any(name.endswith("FULL_SCHEMA") for name in schemas) or old:
        machine.sink(DESERIALIZE, value, given.span(0), given.text)
    return unknown("a document", machine.taints(value, given.at))


def _members(value: Val) -> list[object]:
    found: list[object] = []
    for atom in value.atoms:
        entries = getattr(atom, "entries", {})
        found.extend(inner for item in entries.values() for inner in item.atoms)
    return found


def _before_4(machine: Machine, given: Arguments) -> bool:
    """Whether the code ships a version whose ``load`` is the unsafe one."""
    version = getattr(machine.load, "version", None)
    said = str(version("js-yaml")) if version is not None else ""
    number = said.lstrip("^~>=v ").split(".")[0]
    return number.isdigit() and int(number) < 4 and given.text.rpartition(".")[2] in ("load", "loadAll")


def _page(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A template fills in: its values are escaped."""
    del frame
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.args))
    return unknown("a rendered page", taint.cleaned(taints, frozenset((RESPONSE,))))


_RUN, _RENDER, _COMPILE = Model(run=_run), Model(run=_rendered), Model(run=_template)
_LOAD = sink(DESERIALIZE, 0)
_PATTERN = Model(keeps=ARGUMENTS, cleans=frozenset((taint.PATTERN,)))
_ESCAPE = Model(keeps=ARGUMENTS, cleans=frozenset((RESPONSE,)))
FUNCTIONS: dict[str, Model] = {
    "eval": _RUN, "Function": Model(run=_function), "vm.runInContext": _RUN, "vm.runInNewContext": _RUN,
    "vm.runInThisContext": _RUN, "vm.Script": _RUN, "vm.compileFunction": _RUN, "vm2.VMScript": _RUN,
    "vm2.VM": Model(gives="js.Vm"),
    "vm2.NodeVM": Model(gives="js.Vm"), "safe-eval": _RUN, "static-eval": _RUN, "notevil": _RUN,
    "expr-eval.Parser.evaluate": _RUN,
    "mathjs.evaluate": Model(), "ejs.render": _RENDER, "ejs.compile": _COMPILE, "pug.render": _RENDER, "pug.compile": _COMPILE,
    "jade.render": _RENDER, "jade.compile": _COMPILE, "nunjucks.renderString": _RENDER, "nunjucks.compile": _COMPILE,
    "handlebars.compile": _COMPILE, "lodash.template": _COMPILE, "underscore.template": _COMPILE, "dot.template": _COMPILE,
    "dot.compile": _COMPILE, "eta.render": _RENDER, "eta.renderString": _RENDER, "swig.render": _RENDER, "swig.compile": _COMPILE,
    "ect.render": _RENDER, "mustache.render": Model(run=_page), "marked": Model(keeps=ARGUMENTS),
    "node-serialize.unserialize": _LOAD,
    "serialize-to-js.deserialize": _LOAD, "funcster.deepDeserialize": _LOAD, "cryo.parse": _LOAD,
    "js-yaml.load": Model(run=_yaml),
    "js-yaml.loadAll": Model(run=_yaml), "js-yaml.unsafeLoad": Model(run=_yaml), "js-yaml.safeLoad": Model(keeps=ARGUMENTS),
    "yaml.parse": Model(keeps=ARGUMENTS), "v8.deserialize": Model(keeps=ARGUMENTS),
    "php-unserialize.unserialize": Model(keeps=ARGUMENTS),
    "escape-html": _ESCAPE, "he.encode": _ESCAPE, "he.escape": _ESCAPE, "lodash.escape": _ESCAPE,
    "lodash.escapeRegExp": _PATTERN, "escape-string-regexp": _PATTERN,
    "sanitize-html": _ESCAPE, "xss": _ESCAPE, "dompurify.sanitize": _ESCAPE, "isomorphic-dompurify.sanitize": _ESCAPE,
    "validator.escape": _ESCAPE, "html-entities.encode": _ESCAPE, "entities.encodeHTML": _ESCAPE, "entities.escapeUTF8": _ESCAPE,
}  # fmt: skip
METHODS: dict[str, Model] = {
    "js.Vm.run": _RUN, "js.Template.__call__": Model(run=_page), "js.Template.render": Model(run=_page),
}  # fmt: skip
__all__ = ["FUNCTIONS", "METHODS"]

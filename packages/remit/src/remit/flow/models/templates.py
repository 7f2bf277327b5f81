"""Template engines: texts that become templates, and pages rendered from them."""

from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.values import Method, Thing, Val, literal, unknown
from remit_guard.core.verdict import RESPONSE, TEMPLATE


def _template(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    names = ("source", "text", "template_string", "template_code", "body")
    machine.sink(TEMPLATE, given.get(0, *names), given.span(0, *names), given.text)
    facts = receiver.receiver.facts if receiver and isinstance(receiver.receiver, Thing) else {}
    auto = given.keywords.get("autoescape")
    if auto is not None and literal(auto) is not False:
        facts = {**facts, "escapes": unknown("yes")}
    return Val((Thing("template.Template", facts),))


def _environment(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A template environment: with automatic escaping or not."""
    del frame, machine
    auto = given.keywords.get("autoescape")
    escapes = auto is not None and literal(auto) is not False
    return Val((Thing("template.Environment", {"escapes": unknown("yes")} if escapes else {}),))


def _get_template(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame, given, machine
    facts = receiver.receiver.facts if receiver and isinstance(receiver.receiver, Thing) else {}
    return Val((Thing("template.Template", facts),))


def _render(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.every()))
    if receiver and isinstance(receiver.receiver, Thing) and "escapes" in receiver.receiver.facts:
        taints = taint.cleaned(taints, frozenset((RESPONSE,)))
    return unknown("a rendered page", taint.step(taints, given.at, "joined into the page"))


def _render_text(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    machine.sink(TEMPLATE, given.get(0, "source"), given.span(0, "source"), given.text)
    return unknown("a rendered page")


_MADE = Model(run=_template)
FUNCTIONS: dict[str, Model] = {
    "jinja2.Template": _MADE,
    "jinja2.Environment": Model(run=_environment),
    "jinja2.environment.Environment": Model(run=_environment),
    "jinja2.environment.Template": _MADE,
    "jinja2.sandbox.SandboxedEnvironment": Model(gives="template.Sandbox"),
    "jinja2.sandbox.ImmutableSandboxedEnvironment": Model(gives="template.Sandbox"),
    "flask.render_template_string": Model(run=_render_text),
    "mako.template.Template": _MADE,
    "tornado.template.Template": _MADE,
    "django.template.Template": _MADE,
    "django.template.engines": Model(),
    "chameleon.PageTemplate": _MADE,
    "chameleon.PageTextTemplate": _MADE,
}
METHODS: dict[str, Model] = {
    "template.Environment.from_string": _MADE,
    "template.Environment.get_template": Model(run=_get_template),
    "template.Template.render": Model(run=_render),
    "template.Sandbox.from_string": Model(gives="template.Template"),
    "template.Sandbox.get_template": Model(gives="template.Template"),
}

__all__ = ["FUNCTIONS", "METHODS"]

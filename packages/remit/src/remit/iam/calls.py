"""From one SDK call to what it needs: actions on exact resources, or an honest "unresolved"."""

import re
from collections.abc import Iterator, Mapping

from remit.app.effect import SdkCall
from remit.app.model import App
from remit.app.noun import Struct
from remit.app.value import Ref, Unknown, Value, options
from remit.iam import catalog, dynamodb, resources, special
from remit.iam.arns import SHAPES, shape_of, short, spell

#: Operations that older and newer SDKs call by another service name.
_ALIASES = {
    "apigatewayv2-management": "apigatewaymanagementapi",
    "eventbridge": "events",
    "states": "stepfunctions",
    "iotdata": "iot-data",
}


class Touched(Struct, frozen=True):
    """One action on one resource.

    Args:
        action: ``dynamodb:PutItem``; ``""`` when even that is not known.
        on: the ARN in the short form, ``*`` for an action without resources, or ``Unknown`` with the reason.
        note: for people.
    """

    action: str
    on: Value
    note: str = ""


def needs(app: App, function: str, call: SdkCall) -> Iterator[Touched]:
    """What one call needs.

    Args:
        app: where references are looked up.
        function: id of the function that makes the call.
        call: the call; its service and operation are known.
    """
    service = _ALIASES.get(call.service, call.service)
    name = f"{service}.{call.operation}"
    if service == "dynamodb" and call.operation in dynamodb.OPERATIONS:
        for action, on in dynamodb.needs(app, call.operation, call.parameters):
            yield Touched(action, on)
    elif service in ("apigateway", "apigatewayv2"):
        yield from _apigateway(call.operation)
    elif name in special.RULES:
        for action, kind in special.RULES[name]:
            for on in resources.find(app, function, kind, call.parameters):
                yield Touched(_versioned(action, call.parameters), on)
    else:
        yield from _by_data(app, service, call)


def _versioned(action: str, parameters: Mapping[str, Value]) -> str:
    versioned = parameters.get("VersionId") is not None and action in special.VERSIONED
    return special.VERSIONED[action] if versioned else action


def _apigateway(operation: str) -> Iterator[Touched]:
    verb = re.match(r"[A-Z][a-z]+", operation)
    action = special.APIGATEWAY_VERBS.get(verb.group(0)) if verb else None
    if action is None:
        yield Touched("", Unknown(f"no rule says what {operation} of API Gateway needs"))
    else:
        yield Touched(f"apigateway:{action}", spell("arn:P:apigateway:R::/*", ""))


def _by_data(app: App, service: str, call: SdkCall) -> Iterator[Touched]:
    found = catalog.rules(service, call.operation)
    if not found:
        why = f"no rule says what {service}.{call.operation} needs (data of {catalog.freshness()})"
        yield Touched("", Unknown(why))
    for rule in found:
        if not _is_meant(rule, call):
            continue
        for on in _bound(app, rule, call.parameters):
            yield Touched(rule.action, on)


def _is_meant(rule: catalog.Rule, call: SdkCall) -> bool:
    """Whether a secondary action is needed here: a role is passed only when one is named, tags only when some are given."""
    name = rule.action.partition(":")[2]
    if rule.action == "iam:PassRole":
        return any(value_at(call.parameters, path) is not None for path in rule.bindings.values())
    if name != call.operation and re.match(r"(Tag|AddTags|CreateTags)", name):
        return any("tag" in parameter.lower() for parameter in call.parameters)
    return True


def _bound(app: App, rule: catalog.Rule, parameters: Mapping[str, Value]) -> Iterator[Value]:
    """The ARNs a rule's bindings give: whole ARNs first, then templates whose variables are all bound."""
    templates = catalog.templates(rule.action)
    if not templates:
        yield "*"
        return
    whole = _whole_arns(app, rule, parameters)
    if whole:
        yield from whole
        return
    best = _spelled_out(app, rule, templates, parameters)
    if best:
        yield from best
        return
    names = sorted(set(rule.bindings.values()))
    given = [path for path in names if value_at(parameters, path) is not None]
    unknown = [path for path in given if isinstance(value_at(parameters, path), Unknown)]
    if given:
        given = unknown or given
        yield Unknown(", ".join(_doubt(path, value_at(parameters, path)) for path in given))
    else:
        yield Unknown(f"{' or '.join(names)} is not given" if names else "no parameter names the resource")


def _doubt(path: str, value: Value) -> str:
    if isinstance(value, Unknown):
        return f"{path} is not known: {value.why}"
    return f"{path} does not name it" if isinstance(value, tuple | Mapping) else f"{path} is only known as {value}"


def _whole_arns(app: App, rule: catalog.Rule, parameters: Mapping[str, Value]) -> list[Value]:
    found: list[Value] = []
    for variable, path in rule.bindings.items():
        if not variable.startswith("@"):
            continue
        for value in _values(value_at(parameters, path)):
            arn = _arn(app, value)
            if arn is not None and arn not in found:
                found.append(arn)
    return found


def _arn(app: App, value: Value) -> Value | None:
    """A value that is documented to be an ARN, in the short form; ``None`` when it is not known."""
    if isinstance(value, Ref):
        return Ref(value.target, "Arn") if shape_of(app, value.target) else value
    if value is None or isinstance(value, Unknown):
        return None
    found = short(app, "role", value)  # a text that is not an ARN is a role's name: the only one that may be
    return None if isinstance(found, Unknown) else found


def _spelled_out(
    app: App, rule: catalog.Rule, templates: Mapping[str, str], parameters: Mapping[str, Value]
) -> list[Value]:
    """ARNs of the resource type that the call tells most of: all its variables if possible, and as many as possible.

    A part that no parameter of the call carries is ``*`` (``volume/*/{Volume}`` for a call that names only the volume), and
    so is what lies inside a known thing and is not known itself (``{Uploads}/*``).
    """
    best: list[Value] = []
    rank = (False, 0)
    # With something given that we do not know, a template that does not use it would only look exact.
    open_ = any(isinstance(value_at(parameters, path), Unknown) for path in rule.bindings.values())
    for template in templates.values():
        variables = [name for name in re.findall(r"\$\{(\w+)\}", template) if name not in _PSEUDO]
        values = [value_at(parameters, rule.bindings[name]) if name in rule.bindings else None for name in variables]
        if variables and (isinstance(values[0], Unknown) or not any(_is_said(value) for value in values)):
            continue
        if open_ and variables and values[0] is None:
            continue
        told = (all(_is_said(value) for value in values), sum(_is_said(value) for value in values))
        if told > rank or not best:
            rank = told
            filled: list[Value] = [value if _is_said(value) else "*" for value in values]
            best = _single(app, template, filled[0]) if len(filled) == 1 else [_fill(app, template, variables, filled)]
    return [item for item in best if not isinstance(item, Unknown)]


def _is_said(value: Value) -> bool:
    return value is not None and not isinstance(value, Unknown)


_PSEUDO = {"Partition": "P", "Region": "R", "Account": "A"}


def _single(app: App, template: str, value: Value) -> list[Value]:
    """An ARN with one variable: the resource itself, where the value names one of the app."""
    cfn = _cfn(template)
    kind = next((shape.kind for shape in SHAPES.values() if shape.arn == cfn), "")
    found: list[Value] = []
    for option in _values(value):
        if isinstance(option, Ref) and shape_of(app, option.target):
            found.append(Ref(option.target, "Arn"))
        elif kind:
            found.append(short(app, kind, option))
        elif isinstance(option, str) and option.startswith("arn:"):
            found.append(option)
        elif not isinstance(option, Unknown):
            found.append(spell(cfn, option))
    return found


def _fill(app: App, template: str, variables: list[str], values: list[Value]) -> Value:
    cfn = re.sub(r"\$\{(Partition|Region|Account)\}", lambda match: _PSEUDO[match.group(1)], template)
    if not variables:
        return spell(cfn, "")
    head, _, tail = cfn.partition("${" + variables[0] + "}")
    within = _single(app, head + "{}", values[0])
    arn = within[0] if len(within) == 1 else resources.below(spell(head, ""), values[0])
    for name, value in zip(variables[1:], values[1:], strict=True):
        between, _, tail = tail.partition("${" + name + "}")
        arn = resources.below(arn, between, value)
    return resources.below(arn, tail) if tail else arn


def _cfn(template: str) -> str:
    """The reference's template in the notation of ``arns.Shape``."""
    text = re.sub(r"\$\{(Partition|Region|Account)\}", lambda match: _PSEUDO[match.group(1)], template)
    return re.sub(r"\$\{\w+\}", "{}", text, count=1)


def value_at(parameters: Value, path: str) -> Value:
    """The value under a path of the map (``Entries[].EventBusName``); a list gives a tuple of what is in it."""
    value = parameters
    steps = path.split(".")
    for index, step in enumerate(steps):
        value = value.get(step.removesuffix("[]")) if isinstance(value, Mapping) else None
        if step.endswith("[]") and isinstance(value, tuple):
            rest = ".".join(steps[index + 1 :])
            return tuple(value_at(item, rest) if rest else item for item in value)
    return value


def _values(value: Value) -> Iterator[Value]:
    for option in options(value):
        if isinstance(option, tuple):
            for item in option:
                yield from options(item)
        else:
            yield option

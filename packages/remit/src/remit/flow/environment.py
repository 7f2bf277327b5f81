"""Names every program has, and the environment variables of a function."""

import builtins

from remit.app.location import Location
from remit.app.value import Ref
from remit.flow.machine import Machine
from remit.flow.values import Symbol, Val, known, of_template, union, unknown

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("__")) | {
    "__import__",
    "__name__",
    "__file__",
}

#: What the platform sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.
_PLATFORM = {
    "AWS_REGION": Ref("AWS::Region"),
    "AWS_DEFAULT_REGION": Ref("AWS::Region"),
}


def variable(machine: Machine, name: str, at: Location) -> Val | None:
    """The value of an environment variable as the template sets it; ``None`` when nobody sets it."""
    machine.environment.setdefault(name, at)
    own = machine.written.get(name)
    given = _given(machine, name)
    return given if own is None else own if given is None else union(own, given)


def _given(machine: Machine, name: str) -> Val | None:
    """What the template or the platform sets."""
    node = machine.function.environment.get(name)
    if node is not None:
        return of_template(node.plain())
    if name in _PLATFORM:
        return Val((Symbol(_PLATFORM[name]),))
    if name == "LAMBDA_TASK_ROOT":
        return known("/var/task")
    if name == "AWS_LAMBDA_FUNCTION_NAME":
        return Val((Symbol(Ref(machine.function.id)),))
    return None


def read(machine: Machine, name: Val, default: Val | None, at: Location) -> Val:
    """``os.environ[name]`` or ``os.environ.get(name, default)``."""
    from remit.flow.models.secrets import from_environment
    from remit.flow.values import text_of

    text = text_of(name)
    if text is None:
        return unknown("an environment variable")
    value = variable(machine, text, at)
    if value is None:
        value = default if default is not None else unknown(f"the environment variable {text}")
    return from_environment(machine, text, value, at)

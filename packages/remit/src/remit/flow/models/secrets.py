"""Secrets: from stores and from environment variables that are called like one."""

import re

from remit.app.flow import SECRET, Origin
from remit.app.location import Location
from remit.app.value import Value
from remit.flow.machine import Machine
from remit.flow.taint import Taint, Trace
from remit.flow.values import Known, Val, to_template

_NAME = re.compile(
    r"(?i)(^|_)(password|passwd|pwd|secret|secret_?key|api_?key|auth_?token|access_?token|private_?key|secret_?access_?key|token|credentials?"
    r"|connection_?string|client_?secret|signing_?key|webhook_?secret|jwt_?secret)$"
)
#: Names of things that hold a secret, not of secrets.
_HOLDER = re.compile(r"(?i)(arn|name|id|path|url|table|bucket|param(eter)?|ttl|expiry|region)$")


def looks_secret(name: str) -> bool:
    """Whether an environment variable is called like a secret rather than like the place of one."""
    return bool(_NAME.search(name)) and not _HOLDER.search(name)


def origin(name: str, at: Location) -> Taint:
    """The taint of a secret's value."""
    return Taint(Origin(SECRET, name, "", at), Trace(None, at, f"reads the secret {name}"))


def from_environment(machine: Machine, name: str, value: Val, at: Location) -> Val:
    """The value of an environment variable, a secret when it is called like one and holds no name of another thing."""
    if not looks_secret(name) or _refers(value):
        return value
    machine.secret(f"${{{name}}}", at)
    return value.tainted((origin(name, at),))


def _refers(value: Val) -> bool:
    """A dynamic reference or an ARN is the name of a secret; its value never reaches the code."""
    if not value.atoms:
        return True
    if len(value.atoms) == 1 and isinstance(value.atoms[0], Known):
        content = str(value.atoms[0].value)
        return content.startswith(("arn:", "/")) or not content
    return str(to_template(value)).endswith(("Arn}", ".Id}"))


def from_store(machine: Machine, name: Value, at: Location) -> Taint:
    """The taint of what a store hands out; the secret is noted."""
    machine.secret(name, at)
    return origin(str(name) if str(name) != "{?}" else "value", at)

"""What is granted and not needed, as rules ask for it."""

from remit.app.facts import Facts
from remit.app.model import Function


def excess_of(facts: Facts, function: Function) -> tuple[object, ...]:
    """Grants of a function's role that its code does not need."""
    from remit import iam

    remit = facts.remits.get(function.id)
    return tuple(iam.excess(facts.app, function, remit)) if remit else ()


def needs_every_resource(action: str) -> bool:
    """Whether the platform knows no narrower resource for an action than ``*``."""
    from remit.iam import catalog

    return bool(catalog.spelled(action)) and not catalog.templates(action)

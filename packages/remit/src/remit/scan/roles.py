"""Roles whose power is not known here: no rule can judge them, and that is said."""

from collections.abc import Iterator

from remit.app.model import App
from remit.app.report import Skip


def unknown_roles(app: App) -> Iterator[Skip]:
    """A note for every function that runs as a role from elsewhere, and for every role with policies from elsewhere.

    They are not blind: everything in the template was read, and what lies outside of it was never asked for.
    """
    for function in app.functions:
        # A folder without a template says nothing of roles; that is told once, of the folder.
        if app.role_of(function) is None and not function.guessed:
            yield Skip(
                function.id, "its role is not in this template: what it may do was not judged", function.location
            )
    for role in app.roles.values():
        if role.functions:
            for what, place in role.opaque:
                yield Skip(role.id, f"{what}: what it allows is not known here, and was not judged", place)

"""What a role lets an attacker do who runs as it, in short phrases: first what is worst."""

from remit.app.model import App, Role
from remit.iam.abilities import abilities, counted, reached, touched, unconditional
from remit.iam.escalation import escalations
from remit.iam.policy import allows
from remit.iam.rest import rest

__all__ = ["reach", "reached"]
#: Who may do all of this may do anything.
_ANYTHING = ("iam:PutRolePolicy", "s3:GetObject", "ec2:RunInstances")


def reach(app: App, role: Role) -> tuple[str, ...]:
    """Short phrases of what a role lets one do in this app and beyond.

    Conditions are taken as fulfilled: an attacker inside the function is where the role is meant to be used.

    Args:
        app: the app.
        role: the role.

    Returns:
        Phrases that complete "as this role one ...", worst first, without repetition; empty for a role that only writes
        its log, or has what the platform needs to run it.
    """
    sets = [unconditional(grants) for grants in (role.grants, role.boundary) if grants is not None]
    if all(allows(grants, action, "*", app).allowed for grants in sets for action in _ANYTHING):
        return ("does anything in the whole account",)
    phrases = [way.phrase for way in escalations(app, role, doubtful=True) if way.id != "swap-code"]
    changed = touched(app, role, "function", ("lambda:UpdateFunctionCode",), "")
    if changed:
        phrases.append(f"changes the code of {counted(changed, 'function')}")
    return tuple(dict.fromkeys([*phrases, *abilities(app, role), *rest(app, role)]))

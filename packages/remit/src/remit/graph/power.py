"""One badge for a role: how far somebody gets who runs as it."""

from collections.abc import Mapping

from remit.app.model import App, Role
from remit.graph.nouns import Power
from remit.iam.rest import BEGINNING, OUTSIDE

NOT_KNOWN, LOGS, OWN, SECRETS, FAR, CODE, ADMIN = range(-1, 6)


def power(app: App, role: Role | None, reach: tuple[str, ...], reached: Mapping[str, tuple[str, ...]]) -> Power:
    """The badge of a role.

    Args:
        app: the app.
        role: the role, or ``None`` when it is not in the template.
        reach: what ``iam.reach`` says of it.
        reached: what ``iam.reached`` says of it.
    """
    from remit import iam

    if role is None:
        return Power(NOT_KNOWN, "role not in the template")
    ways = iam.escalations(app, role, doubtful=True)
    found = _known(reach, reached, app, escalates=any(way.sure for way in ways), doubtful=bool(ways))
    if role.opaque and found.level < CODE:
        return (
            Power(found.level, f"{found.word}, and what is not known")
            if found.level > LOGS
            else Power(NOT_KNOWN, "role not known here")
        )
    return found


def _known(
    reach: tuple[str, ...], reached: Mapping[str, tuple[str, ...]], app: App, *, escalates: bool, doubtful: bool
) -> Power:
    if any(phrase.startswith("does anything") for phrase in reach):
        return Power(ADMIN, "admin-like")
    if escalates:
        return Power(ADMIN, "can raise itself")
    if any(phrase.startswith("changes the code") for phrase in reach):
        return Power(CODE, "can change code")
    if doubtful:
        return Power(FAR, "may raise itself (under a condition)")
    wide = [phrase.rpartition(" every ")[2] for phrase in reach if " every " in phrase]
    if wide:
        return Power(FAR, f"every {wide[0]}" if len(wide) == 1 else f"every {wide[0]} and {len(wide) - 1} more")
    kinds = {_kind(app, name) for name in reached}
    if kinds & {"secret", "parameter"}:
        return Power(SECRETS, "reads secrets")
    outside = [phrase for phrase in reach if phrase.startswith(BEGINNING)]
    if outside:
        own = f"{_own(app, reached).removesuffix(' only')} and " if reached else ""
        return Power(OWN, f"{own}{OUTSIDE if any(OUTSIDE in phrase for phrase in outside) else 'other grants'}")
    if reach:
        return Power(OWN, _own(app, reached))
    return Power(LOGS, "logs only")


def _kind(app: App, name: str) -> str:
    from remit.graph.kinds import OF_TYPE

    resource = app.resources.get(name)
    return OF_TYPE.get(resource.type, "resource") if resource else "function"


def _own(app: App, reached: Mapping[str, tuple[str, ...]]) -> str:
    names = [name for name in reached if _kind(app, name) != "key"]
    kinds = {_kind(app, name) for name in names}
    if len(kinds) == 1 and len(names) == 1:
        return f"own {kinds.pop()} only"
    if len(kinds) == 1:
        return f"{len(names)} {kinds.pop()}s only"
    return f"{len(names)} own resources"

"""Actions that do not exist: which one is probably meant?"""

from remit.iam import catalog, special


def like(pattern: str) -> str:
    """The action that an unknown one is probably a slip of: of the same service, or of a service whose name is alike.

    Args:
        pattern: an action or pattern that means no known action.

    Returns:
        An action as AWS spells it, with the pattern's last ``*`` where it has one; ``""`` when nothing is alike.
    """
    from difflib import get_close_matches

    prefix, _, name = pattern.lower().partition(":")
    called = _called(prefix, name)
    if called:
        return called
    services = catalog.document().actions
    if prefix not in services:
        nearest = get_close_matches(prefix, services, 1, 0.75)
        if not nearest:
            return ""
        prefix = nearest[0]
        if catalog.expand(f"{prefix}:{name}") and ("*" in name or catalog.spelled(f"{prefix}:{name}")):
            return catalog.spelled(f"{prefix}:{name}") or f"{prefix}:{name}"
    known = {item.lower(): item for item in services[prefix]}
    if "*" in name or "?" in name:
        return ""
    found = get_close_matches(name, known, 1, 0.8)
    return f"{prefix}:{known[found[0]]}" if found else ""


def _called(service: str, name: str) -> str:
    """The action that the API operation of this name needs, when it has none of its own."""
    for call, needed in special.RULES.items():
        if needed and call.lower() == f"{service}.{name}":
            return needed[0][0]
    calls = {operation.lower(): operation for operation in catalog.document().operations.get(service, {})}
    found = catalog.rules(service, calls[name]) if name in calls else ()
    return found[0].action if found else ""

"""``serverless-compose.yml``: several services that are deployed together and hand values to each other."""

from remit.app.location import Location
from remit.app.report import Skip
from remit.read.context import Context
from remit.read.document import place


def note(context: Context, name: str) -> None:
    """Says what of a composition is not followed.

    Args:
        context: the reading; receives the notes.
        name: the file, relative to the examined folder.
    """
    if not name.lower().endswith((".yml", ".yaml", ".json")):
        why = "a composition written as a program is not run here: what it hands to its services is not known"
        context.skips.append(Skip(name, why, Location(name), blind=True))
        return
    document = context.parse(name)
    services = document.root.under("services") if document is not None else None
    entries = services.value if services is not None and isinstance(services.value, dict) else {}
    for service, raw in entries.items():
        given = raw.under("params")
        if given is not None and isinstance(given.value, dict) and given.value:
            why = f"the parameters {', '.join(given.value)} that it is handed by {name} are not filled in"
            context.skips.append(Skip(service, why, place(name, given.key or given.span), blind=True))

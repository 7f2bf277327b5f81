"""What changes a template when it is deployed, and is not run here: macros and modules. Each is said by name."""

from remit.app.report import Skip
from remit.read.document import Raw, place
from remit.read.draft import Draft

#: Transforms that are read here, or that add nothing of which this tool speaks.
_READ = ("AWS::Serverless", "AWS::LanguageExtensions", "AWS::Include", "AWS::CodeDeployBlueGreen")
#: Makes a function that rotates a secret, in a stack of its own; AWS writes its code.
_ROTATION = "AWS::SecretsManager"


def note_macros(draft: Draft, root: Raw) -> None:
    """Adds a blind skip for every macro of the whole template, and for every module of the registry in it."""
    transform = root.under("Transform")
    listed = transform.value if transform is not None and isinstance(transform.value, list) else [transform]
    for item in listed:
        if item is None:
            continue
        name = item.text()
        named = item.under("Name")
        if not name and named is not None:
            name = named.text()
        if name.startswith(_READ):
            continue
        at = place(draft.file, item.span)
        if name.startswith(_ROTATION):
            draft.skips.append(Skip(name, "the rotation function that it adds is code of AWS", at))
        else:
            why = "a macro that may change the whole template when it is deployed; it is not run here"
            draft.skips.append(Skip(name or "Transform", why, at, blind=True))
    for declared in draft.declared.values():
        if declared.type.endswith("::MODULE"):
            why = f"what the module {declared.type} makes is not in this template"
            draft.skips.append(Skip(declared.id, why, declared.location, blind=True))

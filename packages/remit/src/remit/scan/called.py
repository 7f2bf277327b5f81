"""What people call the parts of an app: a Terraform address, a construct path, where the logical id is made by a machine."""

import re
from collections.abc import Callable

from remit.app.model import App
from remit.app.noun import replace
from remit.app.report import Finding, Hop

_WORD = re.compile(r"[A-Za-z]\w*")
#: Notes that name parts of the app.
_SAID = ("role", "gains")
Rename = Callable[[str], str]


def caller(app: App) -> Rename | None:
    """What puts the names people know into a sentence about an app; ``None`` where logical ids are those names."""
    labels = {id_: item.label for id_, item in app.resources.items() if item.label and item.label != id_}
    if not labels:
        return None
    return lambda text: _WORD.sub(lambda word: labels.get(word[0], word[0]), text)


def called(finding: Finding, rename: Rename) -> Finding:
    """A finding whose sentences say what people say; what programs read (ids, content) stays."""
    return replace(
        finding,
        message=rename(finding.message),
        label=rename(finding.label),
        hops=_hops(finding.hops, rename),
        related=_hops(finding.related, rename),
        reach=tuple(rename(phrase) for phrase in finding.reach),
        fixes=tuple(replace(fix, title=rename(fix.title)) for fix in finding.fixes),
        notes={key: rename(value) if key in _SAID else value for key, value in finding.notes.items()},
    )


def _hops(hops: tuple[Hop, ...], rename: Rename) -> tuple[Hop, ...]:
    return tuple(replace(hop, text=rename(hop.text)) for hop in hops)

"""From the app to what its guard enforces: analysed, derived, locked, compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit import flow, iam
from remit.app.model import App, Function
from remit.app.need import FunctionRemit
from remit.read import Reading, code_of

#: What the demo enforces beyond proven injections: everything outside the remit is refused, not only told.
MODES = {"calls": "block", "reaches": "block", "runs": "block", "writes": "block"}


@dataclass(frozen=True, slots=True)
class Locked:
    """The remits of an app.

    Args:
        remits: by function.
        lock: text of its remit.lock.
        files: compiled remit of each function.
        granted: actions that the roles allow, patterns spelled out; summed over functions.
        needed: those of them that the code, or the platform for it, has a use for.
    """

    remits: Mapping[str, FunctionRemit]
    lock: str
    files: Mapping[str, Path]
    granted: int
    needed: int


def lock(reading: Reading, app: App, folder: Path) -> Locked:
    """Derives and compiles every function's remit.

    Args:
        reading: what was read.
        app: the app in it.
        folder: where remit.lock and the compiled remits are written.
    """
    remits: dict[str, FunctionRemit] = {}
    files: dict[str, Path] = {}
    granted = needed = 0
    (folder / "remits").mkdir(parents=True, exist_ok=True)
    for function in app.functions:
        analysis = flow.analyse(app, function, code_of(reading.root, function))
        remit = iam.derive(app, function, analysis)
        remits[function.id] = remit
        compiled = iam.compile_remit(app, function, remit, MODES)
        files[function.id] = folder / "remits" / f"{function.id}.json"
        files[function.id].write_text(compiled.to_json(), encoding="utf-8")
        allowed = _allowed(app, function)
        unneeded = sum(item.count for item in iam.excess(app, function, remit) if item.kind == "action")
        granted += len(allowed)
        needed += len(allowed) - unneeded
    from remit.app import lockfile

    text = lockfile.write(app, remits)
    (folder / "remit.lock").write_text(text, encoding="utf-8")
    return Locked(remits, text, files, granted, needed)


def _allowed(app: App, function: Function) -> set[str]:
    """The actions a function's role allows on anything, patterns spelled out."""
    role = app.role_of(function)
    found: set[str] = set()
    for grant in role.grants if role is not None else ():
        if grant.effect == "Allow":
            for action in grant.actions:
                found |= set(iam.expand(action)) or {action}
    return found

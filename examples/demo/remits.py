"""From the app to what its guard enforces: locked, then compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit import iam
from remit.app.need import FunctionRemit
from remit.lock.report import Plan
from remit.lock.run import run

#: What the demo enforces beyond proven injections: everything outside the remit is refused, not only told.
MODES = {"calls": "block", "reaches": "block", "runs": "block", "writes": "block"}


@dataclass(frozen=True, slots=True)
class Locked:
    """The remits of an app.

    Args:
        remits: by function.
        lock: text of its remit.lock.
        files: compiled remit of each function.
        granted, needed: cloud actions, as the roles allow and the code needs them; summed over functions.
    """

    remits: Mapping[str, FunctionRemit]
    lock: str
    files: Mapping[str, Path]
    granted: int
    needed: int


def lock(root: Path, today: str, folder: Path) -> Locked:
    """Locks the one app below a folder, as ``remit lock`` does, and compiles every function's remit.

    Args:
        root: the app's folder.
        today: ISO date.
        folder: where remit.lock and the compiled remits are written.
    """
    (locked,) = run(Plan(root, today)).apps
    (folder / "remits").mkdir(parents=True, exist_ok=True)
    (folder / "remit.lock").write_text(locked.text, encoding="utf-8")
    files: dict[str, Path] = {}
    for entry in locked.functions:
        compiled = iam.compile_remit(locked.app, entry.function, entry.remit, MODES)
        files[entry.function.id] = folder / "remits" / f"{entry.function.id}.json"
        files[entry.function.id].write_text(compiled.to_json(), encoding="utf-8")
    return Locked(
        {entry.function.id: entry.remit for entry in locked.functions},
        locked.text,
        files,
        sum(entry.granted for entry in locked.functions),
        sum(entry.needed for entry in locked.functions),
    )

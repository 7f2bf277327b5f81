"""From a folder to a build plan: the app, its reviewed lock, and a compiled remit for every function.

The lock is the truth of a build: a person reviewed it. What the code needs now must all be in it, else the build would
carry a remit that breaks the function, or that nobody has seen.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from remit import flow, iam, read
from remit.app import lockfile
from remit.app.errors import Incomplete, NothingToExamine, RemitError
from remit.app.model import App, Function
from remit.app.need import DERIVED, FunctionRemit, Need
from remit.app.noun import replace
from remit.ship.build import Plan


def prepare(
    path: Path, key: Path, output: Path, *, artifacts: Path | None = None, guard: bool = True, enforce: bool = False
) -> tuple[Plan, tuple[str, ...]]:
    """Reads an app and its lock.

    Args:
        path: the app's folder, or its template.
        key: the private key to sign with.
        output: folder of the build.
        artifacts: built functions, one folder each; without it, the code folders.
        guard: whether remit-guard goes into the zips.
        enforce: whether the guard blocks what leaves the remit.

    Returns:
        The plan, and notes for the person who builds.

    Raises:
        NothingToExamine: no app there.
        Incomplete: a template could not be read, or the code says more than the lock.
        RemitError: several apps, or no lock.
    """
    reading = read.load(path)
    if reading.failures:
        raise Incomplete("; ".join(str(failure) for failure in reading.failures))
    if not reading.apps:
        raise NothingToExamine(f"{path}: no SAM or CloudFormation template here")
    if len(reading.apps) > 1:
        names = ", ".join(app.template for app in reading.apps)
        raise RemitError(f"{path}: several apps here ({names}); name the template of one")
    app = reading.apps[0]
    lock_path = (reading.root / app.template).parent / lockfile.FILE
    try:
        lock = lock_path.read_bytes()
    except OSError as error:
        raise RemitError(f"{lock_path}: {error.strerror}; write and review it first: remit lock {path}") from error
    try:
        locked = lockfile.parse(lock.decode())
    except UnicodeDecodeError as error:
        raise Incomplete(f"{lock_path}: not UTF-8 at byte {error.start}") from error
    news = [
        line for function in app.functions for line in _news(reading.root, app, function, locked.functions, artifacts)
    ]
    if news:
        shown = "\n       ".join(news[:10] + ([f"and {len(news) - 10} more"] if len(news) > 10 else []))
        raise Incomplete(
            f"{lock_path} does not say what the code says: review it again (remit lock {path})\n       {shown}"
        )
    modes = dict.fromkeys(("calls", "reaches", "runs", "writes", "reads"), "block") if enforce else {}
    remits = {
        function.id: iam.compile_remit(app, function, locked.functions[function.id], modes).to_json().encode()
        for function in app.functions
        if function.id in locked.functions
    }
    notes = tuple(
        f"{name}: {len(remit.unresolved)} unresolved lines in the lock; the guard never blocks by those verbs"
        for name, remit in locked.functions.items()
        if remit.unresolved
    ) + tuple(note for function in app.functions for note in _more(reading.root, app, function, locked.functions))
    return Plan(reading.root, app, remits, lock, key, output, artifacts, guard), notes


def _derived(root: Path, app: App, function: Function) -> FunctionRemit:
    """What the code of a function needs, through the lock's own spelling, so that both sides are what a lock can say."""
    remit = iam.derive(app, function, flow.analyse(app, function, read.code_of(root, function)))
    return lockfile.parse(lockfile.write(app, {function.id: remit})).functions[function.id]


def _news(
    root: Path, app: App, function: Function, locked: Mapping[str, FunctionRemit], artifacts: Path | None
) -> Iterator[str]:
    """What the code that will be built needs and its lock does not have, one line each."""
    if artifacts is not None:
        # What is signed is what lies there, not what it was made from.
        root, function = artifacts, replace(function, code=function.id)
    if function.code is None:
        return
    name = function.id
    if name not in locked:
        yield f"{name} is not in it"
        return
    fresh = _derived(root, app, function)
    known = {_bare(need) for need in locked[name].needs}
    for need in fresh.needs:
        if _bare(need) not in known:
            on = f" on {lockfile.spell(need.on)}" if need.on is not None else ""
            place = f"  {need.because[0]}" if need.because else ""
            yield f"{name} + {need.verb} {lockfile.spell(need.what, plain=True)}{on}{place}"
    open_lines = {(item.verb, item.what) for item in locked[name].unresolved}
    for item in fresh.unresolved:
        if (item.verb, item.what) not in open_lines:
            yield f"{name} + unresolved {item.verb} {item.what}  {item.because}"


def _more(root: Path, app: App, function: Function, locked: Mapping[str, FunctionRemit]) -> Iterator[str]:
    """Lines of a lock that nothing in the code asks for and that no person wrote down as such."""
    if function.code is None or function.id not in locked:
        return
    known = {_bare(need) for need in _derived(root, app, function).needs}
    extra = [need for need in locked[function.id].needs if need.provenance == DERIVED and _bare(need) not in known]
    if extra:
        shown = ", ".join(f"{need.verb} {lockfile.spell(need.what, plain=True)}" for need in extra[:3])
        rest = f" and {len(extra) - 3} more" if len(extra) > 3 else ""
        yield f"{function.id}: the lock allows what the code does not ask for: {shown}{rest}"


def _bare(need: Need) -> str:
    """A need without its place and origin: those may change without what the function may do."""
    return repr(replace(need, because=(), provenance="", note=""))

"""Locking from plan to report: read, analyse, derive, compare. Writing the file is the caller's last step."""

import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path

from remit import read
from remit.app import lockfile
from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.need import FunctionRemit, Unresolved
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.lock import written
from remit.lock.diff import compare
from remit.lock.report import AppLock, FunctionLock, Plan, Report
from remit.read import config

Tell = Callable[[str], None]
_MAX_LOCK = 50_000_000


def run(plan: Plan, tell: Tell | None = None) -> Report:
    """Derives the lock of every app below a root, and compares it with the one that is there.

    Args:
        plan: what to do. Nothing is written here.
        tell: called with one short line for each thing begun.

    Returns:
        The report.

    Raises:
        RemitError: the root does not exist, or one output was named for several apps.
    """
    reading = read.load(plan.root)
    if plan.output is not None and len(reading.apps) > 1:
        names = ", ".join(app.template for app in reading.apps[:3])
        raise RemitError(f"one output cannot hold the locks of {len(reading.apps)} templates ({names}, ...)")
    skips, failures = list(reading.skips), list(reading.failures)
    shared = _shared_folders(reading.apps)
    found = []
    for app in reading.apps:
        if tell:
            tell(f"locking {app.template}")
        if app.functions:
            found.append(_lock(reading.root, app, plan, shared, skips, failures))
    return Report(tuple(found), tuple(dict.fromkeys(skips)), tuple(dict.fromkeys(failures)), plan.check)


def _shared_folders(apps: tuple[App, ...]) -> frozenset[str]:
    """Folders with several templates: their locks carry the template's name."""
    folders = [posixpath.dirname(app.template) for app in apps if app.functions]
    return frozenset(folder for folder in folders if folders.count(folder) > 1)


def lock_name(template: str, *, shared: bool) -> str:
    """Path of the lock of a template, beside it."""
    folder, name = posixpath.split(template)
    file = f"{name.rpartition('.')[0] or name}.{lockfile.FILE}" if shared else lockfile.FILE
    return posixpath.join(folder, file)


def _lock(
    root: Path, app: App, plan: Plan, shared: frozenset[str], skips: list[Skip], failures: list[Failure]
) -> AppLock:
    from remit import iam

    folder = posixpath.dirname(app.template)
    path = plan.output or root / lock_name(app.template, shared=folder in shared)
    extra = _written(root, app, plan, failures)
    functions = []
    for function in app.functions:
        remit = _remit(root, app, function, skips, failures)
        remit = iam.merged(function.id, (*remit.needs, *extra.needs.get(function.id, ()), *remit.unresolved))
        functions.append(_compared(app, function, remit, folder))
    remits = {item.function.id: item.remit for item in functions}
    # Without a check the lock is made anew, and what stands there does not matter.
    old = _old(path, failures) if plan.check else None
    changes = compare(old, remits) if old is not None else ()
    return AppLock(app, path, lockfile.write(app, remits), tuple(functions), old is not None, changes, extra.notes)


def _written(root: Path, app: App, plan: Plan, failures: list[Failure]) -> written.Written:
    """The grants in ``remit.toml`` beside the template, else at the root."""
    folder = posixpath.dirname(app.template)
    place = folder if folder and (root / folder / config.FILE).is_file() else ""
    loaded = config.load(root / place)
    failures.extend(loaded.failures)
    found = written.read(app, loaded.tables, plan.today, posixpath.join(place, config.FILE))
    failures.extend(found.failures)
    return found


def _remit(root: Path, app: App, function: Function, skips: list[Skip], failures: list[Failure]) -> FunctionRemit:
    from remit import flow, iam

    tree = read.code_of(root, function)
    skips.extend(tree.skips)
    failures.extend(tree.failures)
    analysis = flow.analyse(app, function, tree)
    skips.extend(analysis.skips)
    remit = iam.derive(app, function, analysis)
    unread = [
        Unresolved("code", failure.what, failure.why, failure.location or function.location)
        for failure in tree.failures
    ]
    blind = [
        Unresolved("code", skip.what, skip.why, skip.location or function.location) for skip in tree.skips if skip.blind
    ]
    return iam.merged(function.id, (*remit.needs, *remit.unresolved, *unread, *blind))


def _compared(app: App, function: Function, remit: FunctionRemit, folder: str) -> FunctionLock:
    from remit import iam

    role = app.role_of(function)
    needed = {str(need.what) for need in remit.of("calls")}
    platform = {str(need.what) for need in iam.platform_needs(app, function, remit)}
    granted = iam.granted(role) - (platform - needed) if role is not None else frozenset()
    return FunctionLock(
        function,
        _rebased(remit, folder),
        role.id if role is not None else "",
        len(needed),
        len(granted),
        iam.excess(app, function, remit),
        iam.missing(app, function, remit),
        role.opaque if role is not None else (),
    )


def _old(path: Path, failures: list[Failure]) -> Mapping[str, FunctionRemit] | None:
    """What the lock there says; ``None`` when there is none, or when it cannot be read, which is a failure."""
    place = Location(path.as_posix())
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _MAX_LOCK:
            failures.append(Failure(str(path), f"larger than {_MAX_LOCK:,} bytes", place))
            return None
        return lockfile.parse(path.read_text("utf-8")).functions
    except OSError as error:
        failures.append(Failure(str(path), f"cannot be read: {error.strerror}", place))
    except UnicodeDecodeError:
        failures.append(Failure(str(path), "not UTF-8", place))
    except lockfile.LockError as error:
        failures.append(Failure(str(path), error.why, replace(place, line=error.line)))
    return None


def _rebased(remit: FunctionRemit, folder: str) -> FunctionRemit:
    """Places relative to the folder of the lock, so that they are the same from wherever it is made."""
    if not folder:
        return remit
    needs = (replace(need, because=tuple(_moved(place, folder) for place in need.because)) for need in remit.needs)
    left = (replace(item, because=_moved(item.because, folder)) for item in remit.unresolved)
    return FunctionRemit(remit.function, tuple(needs), tuple(left))


def _moved(place: Location, folder: str) -> Location:
    return replace(place, file=posixpath.relpath(place.file, folder))

"""Everything that is known about one folder, before any rule looks at it: this is where a scan reads files."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from remit import read
from remit.app.errors import Incomplete
from remit.app.facts import Advisory, Dependency, Facts, SecretFound
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.need import FunctionRemit
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip
from remit.read import forms
from remit.read.code import CodeTree, Inline
from remit.read.files import Key, Read
from remit.scan.report import AdvisoryData, Plan
from remit.scan.roles import unknown_roles


class Gathered(Struct):
    """What one folder gave: facts for each app, and everything that was not examined."""

    facts: list[Facts] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    inline: dict[str, Inline] = field(default_factory=dict)
    #: Folders of code that were read, so that each is read once.
    known: "dict[Key, Read]" = field(default_factory=dict)
    advisory_data: AdvisoryData | None = None


def gather(root: Path, plan: Plan) -> Gathered:
    """Reads a folder (or one template) and derives what rules need.

    Args:
        root: a folder, or a template file.
        plan: its date, and which advisory data counts.
    """
    reading = read.load(root)
    root = reading.root
    gathered = Gathered(texts=dict(reading.texts), skips=list(reading.skips), failures=list(reading.failures))
    trees: dict[tuple[object, ...], CodeTree] = {}
    for app in reading.apps:
        gathered.skips += unknown_roles(app)
        gathered.facts.append(_facts(root, app, plan, gathered, trees))
    gathered.skips = list(dict.fromkeys(gathered.skips))
    gathered.failures = list(dict.fromkeys(gathered.failures))
    return gathered


def _facts(root: Path, app: App, plan: Plan, gathered: Gathered, trees: dict[tuple[object, ...], CodeTree]) -> Facts:
    analyses: dict[str, Analysis] = {}
    if not plan.code:
        gathered.skips.append(Skip(app.template, "its code was not read, as asked", Location(app.template)))
        return Facts(app=app, remits=Remits(app, analyses), today=plan.today, texts=gathered.texts)
    from remit import flow

    engine = flow.Engine()  # shares parsed modules between the functions of the app
    for function in app.functions:
        tree = _tree(root, function, trees, gathered.known)
        gathered.skips += tree.skips
        gathered.failures += tree.failures
        gathered.texts.update(tree.files)
        gathered.inline.update(tree.inline)
        analysis = engine.analyse(app, function, tree)
        gathered.skips += analysis.skips
        analyses[function.id] = analysis
    gathered.skips += unreadable(trees.values(), analyses.values())
    return Facts(
        app=app,
        analyses=analyses,
        remits=Remits(app, analyses),
        advisories=_advisories(root, app, plan, gathered) if plan.dependencies else (),
        secrets=_secrets(app, analyses.values(), gathered),
        today=plan.today,
        texts=gathered.texts,
    )


#: Characters of code outside every handler that are looked at, to say which files are no code at all.
_MOST_OUTSIDE = 300_000


def unreadable(trees: Iterable[CodeTree], analyses: Iterable[Analysis]) -> Iterator[Skip]:
    """Python files that no handler imports and that are broken: they fail nothing, and are not passed over in silence."""
    import ast
    import warnings

    known = tuple(analyses)
    imported = {file for analysis in known for file in analysis.files}
    imported |= {skip.location.file for analysis in known for skip in analysis.skips if skip.location is not None}
    room = _MOST_OUTSIDE
    for tree in trees:
        for file, text in tree.files.items():
            if file in imported or not file.endswith(".py") or len(text) > room:
                continue
            room -= len(text)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # odd escapes are no business of a scan
                    ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                at = Location(file, getattr(error, "lineno", None) or 1)
                yield Skip(file, "not valid Python, and not part of any handler's code", at)


class Remits(Mapping[str, FunctionRemit]):
    """Derived remits by function id, each derived when it is first asked for.

    Many apps have no role that a rule must compare with the code; those never load the policy data.
    A function whose handler was not found has no remit.
    """

    def __init__(self, app: App, analyses: Mapping[str, Analysis]) -> None:
        self._app = app
        self._analyses = analyses
        self._derived: dict[str, FunctionRemit] = {}

    def __getitem__(self, function: str) -> FunctionRemit:
        if function not in self._derived:
            analysis = self._analyses[function]
            found = self._app.function(function)
            if analysis.handler is None or found is None:
                raise KeyError(function)
            from remit import iam

            self._derived[function] = iam.derive(self._app, found, analysis)
        return self._derived[function]

    def __iter__(self) -> Iterator[str]:
        return (name for name, analysis in self._analyses.items() if analysis.handler is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _tree(
    root: Path, function: Function, trees: dict[tuple[object, ...], CodeTree], known: "dict[Key, Read]"
) -> CodeTree:
    """The code of a function; functions that share a folder share one reading of it."""
    from remit.read.files import key_of

    if function.inline is not None:
        return read.code_of(root, function)
    key = key_of(function)
    if key not in trees:
        trees[key] = read.code_of(root, function, known)
    return trees[key]


def _secrets(app: App, analyses: Iterable[Analysis], gathered: Gathered) -> tuple[SecretFound, ...]:
    """Secrets in the template and in the code that belongs to the app."""
    from remit.read import secrets

    folders = [(function.id, function.code) for function in app.functions if function.code is not None]
    written = _written(app, gathered.texts)
    texts = {
        file: text
        for file, text in gathered.texts.items()
        if file not in gathered.inline and (file in written or any(_inside(file, folder) for _, folder in folders))
    }
    for analysis in analyses:
        texts.update(
            {
                file: gathered.texts[file]
                for file in analysis.files
                if file in gathered.texts and file not in gathered.inline
            }
        )
    return secrets.find(texts, folders)


def _written(app: App, texts: Iterable[str]) -> set[str]:
    """The files that an app is described in: its template, what that is put together from, what lies beside it."""
    found = {app.template, *(resource.location.file for resource in app.resources.values())}
    folder = posixpath.dirname(app.template)
    for file in texts if app.form == "Terraform" else ():
        beside = posixpath.dirname(file) == folder
        if beside and (
            forms.by_name(file) in (forms.TERRAFORM, forms.PLAN) or file.endswith((".tfvars", ".tfvars.json"))
        ):
            found.add(file)
    return found


def _inside(file: str, folder: str) -> bool:
    return folder in ("", ".") or file.startswith(folder.rstrip("/") + "/")


def _advisories(root: Path, app: App, plan: Plan, gathered: Gathered) -> tuple[Advisory, ...]:
    from remit.read import dependencies

    found = dependencies.read(root, app.functions, app.template)
    gathered.skips += found.skips
    gathered.failures += found.failures
    if not found.dependencies:
        return ()
    return _judged(found.dependencies, plan, gathered)


def _judged(found: tuple[Dependency, ...], plan: Plan, gathered: Gathered) -> tuple[Advisory, ...]:
    # Loaded only when there is something to compare: unpacking the data costs more than a small scan.
    from remit.scan import advisories

    try:
        snapshot = advisories.load(plan.advisories)
    except Incomplete as error:
        gathered.failures.append(Failure("advisory data", str(error)))
        gathered.advisory_data = AdvisoryData("", 0, len(found))
        return ()
    matched = advisories.match(snapshot, found, plan.today, plan.max_advisory_age)
    gathered.skips += matched.skips
    before = gathered.advisory_data.dependencies if gathered.advisory_data else 0
    oldest = max(matched.ages.values(), default=0)
    date = min((snapshot.dates[name] for name in matched.ages), default="")
    gathered.advisory_data = AdvisoryData(date, oldest, before + len(found))
    return matched.advisories

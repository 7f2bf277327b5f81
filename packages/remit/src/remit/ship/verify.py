"""Verify: is what lies here exactly what was built and signed?

Four questions in order, each answered for everything before the next: did a trusted key sign the statement; is each zip
the one it names; does each zip contain exactly the files its manifest lists; is the manifest the one that was signed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from remit.app.errors import NothingToExamine
from remit.ship import dsse
from remit.ship.archive import ArchiveError, digest, read
from remit.ship.manifest import STATEMENT_FILE, Built, ManifestError, Statement, read_manifest, read_statement
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to deploy: the file, and what is wrong with it."""

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome: functions that hold, and every problem; ``statement`` is ``None`` when it cannot be trusted."""

    statement: Statement | None
    functions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def verify(folder: Path, keys: Iterable[Ed25519PublicKey], template: Path | None = None) -> Verified:
    """Verifies a build.

    Args:
        folder: what ``remit ship build`` wrote.
        keys: trusted public keys.
        template: when given, the template that is about to be deployed must be the one that was built.

    Raises:
        NothingToExamine: there is no build in that folder.
    """
    path = folder / STATEMENT_FILE
    try:
        envelope = path.read_bytes()
    except FileNotFoundError as error:
        raise NothingToExamine(f"{folder}: no {STATEMENT_FILE} here (make one: remit ship build)") from error
    except OSError as error:
        return Verified(None, (), (Problem(STATEMENT_FILE, f"cannot be read: {error.strerror}"),))
    try:
        statement = read_statement(dsse.verify(envelope, tuple(keys)))
    except (dsse.EnvelopeError, ManifestError) as error:
        return Verified(None, (), (Problem(STATEMENT_FILE, str(error)),))
    problems: list[Problem] = []
    good = []
    for built in statement.functions:
        found = list(_function(folder, built))
        problems += found
        if not found:
            good.append(built.function)
    named = {built.zip for built in statement.functions}
    zips = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix.lower() == ".zip")
    problems += [Problem(name, "is not part of the signed build") for name in sorted(zips) if name not in named]
    if template is not None:
        problems += _template(template, statement)
    return Verified(statement, tuple(good), tuple(problems))


def _function(folder: Path, built: Built) -> Iterator[Problem]:
    if PurePath(built.zip).name != built.zip:
        yield Problem(built.zip, "the statement names a file outside the build")
        return
    try:
        content = (folder / built.zip).read_bytes()
    except OSError as error:
        yield Problem(built.zip, f"cannot be read: {error.strerror}")
        return
    if digest(content) != built.zip_digest:
        yield Problem(
            built.zip, f"is not the zip that was signed ({digest(content)[:12]}…, signed {built.zip_digest[:12]}…)"
        )
    try:
        files = read(content)
    except ArchiveError as error:
        yield Problem(built.zip, str(error))
        return
    inner = files.get(MANIFEST_FILE)
    if inner is None:
        yield Problem(built.zip, f"has no {MANIFEST_FILE}")
        return
    if digest(inner) != built.manifest:
        yield Problem(f"{built.zip}!{MANIFEST_FILE}", "is not the manifest that was signed")
    try:
        listed = read_manifest(inner)
    except ManifestError as error:
        yield Problem(f"{built.zip}!{MANIFEST_FILE}", str(error))
        return
    if digest(files.get(REMIT_FILE, b"")) != built.remit:
        yield Problem(f"{built.zip}!{REMIT_FILE}", "is not the remit that was signed")
    for path in sorted(listed.keys() | files.keys() - {MANIFEST_FILE}):
        if path not in files:
            yield Problem(f"{built.zip}!{path}", "is missing")
        elif path not in listed:
            yield Problem(f"{built.zip}!{path}", "was added after the build")
        elif digest(files[path]) != listed[path]:
            yield Problem(f"{built.zip}!{path}", "was changed after the build")


def _template(template: Path, statement: Statement) -> Iterator[Problem]:
    try:
        found = digest(template.read_bytes())
    except OSError as error:
        yield Problem(str(template), f"cannot be read: {error.strerror}")
        return
    if found != statement.template_digest:
        yield Problem(str(template), "is not the template that was built")

"""Finding templates: a walk over a folder that ends, whatever the folder holds."""

import errno
import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip
from remit.read.document import MAX_BYTES, too_large
from remit.read.ignored import Ignored

#: Folders that hold no sources of the app: version control, installed packages, caches, build output.
_SKIPPED_FOLDERS_WORDS = (
    ".git .hg .svn .venv venv node_modules __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache .aws-sam "
    "cdk.out .serverless .terraform .idea .vscode build dist site-packages"
)
SKIPPED_FOLDERS = frozenset(_SKIPPED_FOLDERS_WORDS.split())
#: Build output that a reader of its own looks into.
OUTPUT_FOLDERS = frozenset(("cdk.out",))
_SUFFIXES = (".yaml", ".yml", ".json", ".template")
#: Names people give templates: these are reported when they cannot be read, even if their content says nothing.
_CONVENTIONAL = re.compile(
    r"((sam|cfn|cloudformation)[-_.])?template\.(ya?ml|json)$|(sam|cfn|cloudformation)\.(ya?ml|json)$|"
    r".*[-_.](sam|cfn|cloudformation|template)\.(ya?ml|json)$|.*\.template$",
    re.IGNORECASE,
)
#: Names so plain that whatever cannot be parsed under them was meant to be a template.
_CERTAIN = re.compile(
    r"((sam|cfn|cloudformation)[-_.]?)?template\.(ya?ml|json)$|(sam|cfn|cloudformation)\.json$|(.*[-_.])?(sam|cfn|cloudformation)\.ya?ml$",
    re.IGNORECASE,
)
#: What only a template says at its top: text that has it is one, however broken the rest is.
_TEMPLATE_WORDS = re.compile(
    rb"""["']?AWSTemplateFormatVersion["']?[ \t\r\n]*:|"""
    rb"""^[ \t{]*["']?Transform["']?[ \t]*:[\s\-\["']*AWS::Serverless""",
    re.MULTILINE,
)
#: Names of configurations of the Serverless Framework; one written as a program must also say what one has to.
_SERVICE = re.compile(r"serverless([-_.][\w.-]*)?\.(ya?ml|json|[cm]?[jt]s)$", re.IGNORECASE)
_SERVICE_WORDS = re.compile(rb"""^[ \t{]*["']?service["']?[ \t]*[:,]|["']service["'][ \t\r\n]*:""", re.MULTILINE)
_PROVIDER_WORDS = re.compile(rb"\b(provider|functions)\b")
_RESOURCES = re.compile(rb"""^[ \t{]*["']?Resources["']?[ \t]*:|["']Resources["'][ \t\r\n]*:""", re.MULTILINE)
_AWS_TYPE = re.compile(rb"""["']?Type["']?[ \t]*:[ \t\r\n]*["']?[A-Za-z0-9]+::""")
#: Kinds of documents that share the name with templates: project scaffolding, charts, objects of other systems.
_OTHER = re.compile(rb"""^[ \t{]*["']?(apiVersion|\$schema|\$id)["']?[ \t]*:""", re.MULTILINE)
NOT_REGULAR = "not a regular file"
_HEAD = 256 * 1024
_MAX_FILES = 200_000


class Found(Struct):
    """What a walk found: files relative to the root, in order, with what was left out."""

    files: list[str] = field(default_factory=list)
    #: Files of every other form, by its name (``remit.read.forms``).
    others: dict[str, list[str]] = field(default_factory=dict)
    #: Folders of build output that were passed over, each with a slash at its end.
    passed: list[str] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    #: What is neither file nor folder, by name, with the reason why it was not opened.
    odd: dict[str, str] = field(default_factory=dict)


#: Decides which entries of a folder a walk leaves out: relative folder, names in it, its path -> names.
LeaveOut = Callable[[str, list[str], str], set[str]]


def _everything(_folder: str, _names: list[str], _path: str) -> set[str]:
    return set()


def walk(
    root: Path,
    found: Found,
    leave_out: LeaveOut = _everything,
    ignored: Ignored | None = None,
    skipped: frozenset[str] = SKIPPED_FOLDERS,
) -> Iterator[tuple[str, str]]:
    """Every regular file below a folder, as (path relative to root with forward slashes, absolute path).

    A symbolic link is followed when it leads to a place inside the root that the walk has not seen: loops end, and
    nothing outside the root is read.
    """
    base = os.path.realpath(root)
    seen: set[tuple[int, int]] = set()
    pending = [("", base)]
    count = 0
    while pending:
        prefix, folder = pending.pop()
        try:
            info = os.stat(folder)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            found.failures.append(
                Failure(prefix or ".", f"cannot be listed: {error.strerror}", Location(prefix or "."))
            )
            continue
        if (info.st_dev, info.st_ino) in seen:
            continue
        seen.add((info.st_dev, info.st_ino))
        folders = []
        names = [entry.name for entry in entries]
        left = leave_out(prefix, names, folder)
        if ignored is not None:
            ignored.enter(prefix, folder, names)
        for entry in entries:
            if entry.name in left:
                continue
            name = f"{prefix}{entry.name}"
            if entry.is_symlink() and not _inside(entry.path, base):
                found.skips.append(Skip(name, "a link that leads out of this folder", Location(name)))
                continue
            if _is_folder(entry):
                if entry.name in OUTPUT_FOLDERS and entry.name in skipped:
                    found.passed.append(f"{name}/")
                elif entry.name not in skipped and not (ignored and ignored.leaves_out(name, folder=True)):
                    folders.append((f"{name}/", entry.path))
                continue
            if ignored is not None and ignored.leaves_out(name, folder=False):
                continue
            if not _is_file(entry):
                # A pipe or device: opening one can block for ever. Whoever wanted it says so.
                found.odd[name] = "a link that leads nowhere" if not os.path.exists(entry.path) else NOT_REGULAR
                continue
            count += 1
            if count > _MAX_FILES:
                found.failures.append(
                    Failure(prefix or ".", f"more than {_MAX_FILES:,} files; the rest was not looked at")
                )
                return
            yield name, entry.path
        pending += reversed(folders)


def candidates(root: Path) -> Found:
    """The files below a folder that look as if a form of template, or code, were in them: one walk for all forms."""
    from remit.read.forms import by_name

    found = Found()
    ignored = Ignored(os.path.realpath(root))
    for name, path in walk(root, found, ignored=ignored):
        form = by_name(name)
        if form:
            found.others.setdefault(form, []).append(name)
        service = is_service_file(name)
        if not service and not name.lower().endswith(_SUFFIXES):
            continue
        try:
            if (service and _looks_like_service(path)) or (
                name.lower().endswith(_SUFFIXES) and looks_like_template(path)
            ):
                found.files.append(name)
        except OSError as error:
            if _CONVENTIONAL.match(os.path.basename(name)):
                found.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
            else:
                found.skips.append(Skip(name, f"cannot be read: {error.strerror}", Location(name), blind=True))
    found.skips += ignored.note()
    for name, why in found.odd.items():
        if is_service_file(name) or named_like_template(name):
            found.failures.append(Failure(name, f"cannot be read: {why}", Location(name)))
    return found


def named_like_template(name: str) -> bool:
    """Whether a file is called as people call templates."""
    return _CONVENTIONAL.match(posixpath.basename(name)) is not None


def is_service_file(name: str) -> bool:
    """Whether a file is called like a configuration of the Serverless Framework."""
    return _SERVICE.match(posixpath.basename(name)) is not None


def _looks_like_service(path: str) -> bool:
    """Whether its text names a service, and a provider or functions; what is no text counts, to be reported.

    Raises:
        OSError: it cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(_HEAD)
    if b"\0" in head:
        return path.lower().endswith(_SUFFIXES)
    program = not path.lower().endswith(_SUFFIXES)
    return (b"service" in head if program else _SERVICE_WORDS.search(head) is not None) and (
        _PROVIDER_WORDS.search(head) is not None
    )


def looks_like_template(path: str) -> bool:
    """Whether a file's text has what templates have: their version or transform, or resources with types.

    Nothing is parsed. A file that is called as templates are counts as well, unless its text shows that it is something
    else: so that a broken one is reported.

    Raises:
        OSError: it cannot be read.
    """
    name = os.path.basename(path)
    with open_regular(path) as file:
        head = file.read(_HEAD)
        # Plain searches first: most of what is looked at is large, and nothing of the kind.
        says = b"AWSTemplateFormatVersion" in head or b"AWS::Serverless" in head
        if (says and _TEMPLATE_WORDS.search(head)) or (_CERTAIN.match(name) and not _OTHER.search(head)):
            return True
        conventional = _CONVENTIONAL.match(name) is not None
        if b"Resources" not in head or _RESOURCES.search(head) is None:
            return conventional and b"\0" in head
        if conventional:
            return True
        while head:
            if _AWS_TYPE.search(head):
                return True
            if file.tell() > MAX_BYTES:
                return False
            head = head[-64:] + block if (block := file.read(_HEAD)) else b""
    return False


def read_bytes(path: str) -> bytes:
    """A file's bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is too large; the text says so.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            raise ValueError(too_large(size))
        return file.read(MAX_BYTES + 1)


def open_regular(path: str) -> BinaryIO:
    """Opens a file for reading, and never waits for the other end of a pipe.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, NOT_REGULAR, path)
    return os.fdopen(descriptor, "rb")


def _inside(path: str, base: str) -> bool:
    real = os.path.realpath(path)
    return real == base or real.startswith(base + os.sep)


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return True  # whoever opens it will say why it cannot be read


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False

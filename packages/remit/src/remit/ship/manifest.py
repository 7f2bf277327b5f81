"""What a build contains, in two forms: the manifest inside each zip, and the signed statement beside the zips.

The manifest (``.remit/manifest.json``) lists every file of one function with its digest; the guard checks its own code
against it at cold start. The statement is an in-toto Statement v1 (https://in-toto.io/Statement/v1): its subjects are the
zips, its predicate names manifest, remit and template of each function. Only the statement is signed.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from remit.ship.archive import digest
from remit_guard.core.remit import MANIFEST_FILE

STATEMENT_FILE = "remit.statement.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:remit:build:v1"
#: Whether the guard is part of a function's zip.
ABSENT, INCLUDED, STARTED = "absent", "included", "started"


class ManifestError(ValueError):
    """A manifest or statement of the wrong shape; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Built:
    """One function as the statement names it: its zip's file name and every digest (SHA-256, hexadecimal).

    ``guard`` says whether remit-guard is in the zip: ``absent``, ``included``, or ``started`` when template or code
    starts it.
    """

    function: str
    zip: str
    zip_digest: str
    manifest: str
    remit: str
    guard: str = ABSENT

    @property
    def code_sha256(self) -> str:
        """The zip's digest in the form Lambda reports it (``CodeSha256``)."""
        return base64.b64encode(bytes.fromhex(self.zip_digest)).decode()


@dataclass(frozen=True, slots=True)
class Statement:
    """What was built: the template it was built for, the lock it was built under, and each function.

    ``absent`` are functions of the template that are not part of the build.
    """

    template: str
    template_digest: str
    lock_digest: str
    tool: str
    functions: tuple[Built, ...]
    absent: tuple[str, ...] = ()


def manifest(function: str, files: Mapping[str, bytes], remit: bytes, template: bytes) -> bytes:
    """The manifest of one function's files (itself not among them), as canonical JSON."""
    document = {
        "version": 1,
        "function": function,
        "files": {path: digest(content) for path, content in files.items() if path != MANIFEST_FILE},
        "remit": "sha256:" + digest(remit),
        "template": "sha256:" + digest(template),
    }
    return _canonical(document)


def read_manifest(content: bytes) -> dict[str, str]:
    """Digest by path, as a manifest lists them.

    Raises:
        ManifestError: not a manifest of this version.
    """
    document = _json(content, "manifest")
    files = document.get("files")
    if document.get("version") != 1 or not isinstance(files, dict):
        raise ManifestError("not a manifest of version 1")
    if not all(isinstance(value, str) for value in files.values()):
        raise ManifestError("a digest in the manifest is not a text")
    return files


def write_statement(statement: Statement) -> bytes:
    """The statement as canonical JSON, ready to be signed."""
    return _canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": built.zip, "digest": {"sha256": built.zip_digest}} for built in statement.functions],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "tool": statement.tool,
                "template": {"path": statement.template, "sha256": statement.template_digest},
                "lock": {"sha256": statement.lock_digest},
                "absent": list(statement.absent),
                "functions": {
                    built.function: {
                        "zip": built.zip,
                        "codeSha256": built.code_sha256,
                        "manifest": built.manifest,
                        "remit": built.remit,
                        "guard": built.guard,
                    }
                    for built in statement.functions
                },
            },
        }
    )


def read_statement(content: bytes) -> Statement:
    """Reads what ``write_statement`` wrote.

    Raises:
        ManifestError: another type of statement, or a part is missing or of the wrong shape.
    """
    document = _json(content, "statement")
    if document.get("_type") != STATEMENT_TYPE or document.get("predicateType") != PREDICATE_TYPE:
        raise ManifestError("not a statement about a build of Remit")
    try:
        predicate = document["predicate"]
        digests = {subject["name"]: str(subject["digest"]["sha256"]) for subject in document["subject"]}
        functions = tuple(
            Built(
                str(name),
                str(each["zip"]),
                digests[each["zip"]],
                str(each["manifest"]),
                str(each["remit"]),
                str(each["guard"]),
            )
            for name, each in predicate["functions"].items()
        )
        return Statement(
            str(predicate["template"]["path"]),
            str(predicate["template"]["sha256"]),
            str(predicate["lock"]["sha256"]),
            str(predicate["tool"]),
            functions,
            tuple(str(name) for name in predicate["absent"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"the statement lacks {error}") from error


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _json(content: bytes, what: str) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"the {what} is not JSON") from error
    if not isinstance(document, dict):
        raise ManifestError(f"the {what} is not a JSON object")
    return document

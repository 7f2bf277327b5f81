"""What in a file of code looks like the handler of a function. Pure; nothing is run and nothing is imported."""

import json
import posixpath
import re
from collections.abc import Iterator

from remit.app.noun import Struct

_CONTEXT = r"_{0,2}(?:context|ctx|lambda_context|_)?"
_EVENT = r"_{0,2}(?:event|evt|events)"
_LAMBDA = re.compile(
    rf"^(?:async[ \t]+)?def[ \t]+(\w+)\(\s*{_EVENT}\b[^,()]*(?:\[[^\]]*\])?,\s*{_CONTEXT}\s*(?::[^,()]*)?(?:=[^,()]*)?,?\s*\)"
    r"|^(?:async[ \t]+)?def[ \t]+(lambda_handler)\(",
    re.MULTILINE,
)
_FRAMEWORK = re.compile(
    r"^@functions_framework\.(http|cloud_event|typed)\b[^\n]*\n(?:@[^\n]*\n)*(?:async[ \t]+)?def[ \t]+(\w+)",
    re.MULTILINE,
)
_AZURE = re.compile(
    r"^((?:@\w+\.(?:route|function_name|schedule|\w+_trigger|\w+_input|\w+_output)\((?:[^()]|\([^()]*\))*\)[^\n]*\n)+)"
    r"(?:async[ \t]+)?def[ \t]+(\w+)",
    re.MULTILINE,
)
_NODE = re.compile(
    r"^[ \t]*(?:module\.)?exports\.(\w*[hH]andler\w*)\s*="
    r"|^[ \t]*(?:module\.)?exports\.(\w+)\s*=\s*(?:async\s*)?(?:function\s*\w*\s*)?\(?\s*_?event\b"
    r"|^export\s+(?:const|let|var)\s+(\w*[hH]andler\w*)\s*[:=]"
    r"|^export\s+(?:const|let|var)\s+(\w+)\s*(?::[^=\n]+)?=\s*(?:async\s*)?\(?\s*_?event\b"
    r"|^export\s+(?:async\s+)?function\s+(\w*[hH]andler\w*)\s*\("
    r"|^export\s+(?:async\s+)?function\s+(\w+)\s*\(\s*_?event\b",
    re.MULTILINE,
)
#: Modules of command line tools export a ``handler``, too.
_COMMAND = re.compile(r"^(?:(?:module\.)?exports\.command\b|export\s+const\s+command\b)", re.MULTILINE)
_AZURE_NODE = re.compile(
    r"\bapp\.(http|get|post|put|patch|deleteRequest|timer|storageBlob|storageQueue|serviceBusQueue|serviceBusTopic|eventHub|"
    r"eventGrid|cosmosDB|generic)\(\s*['\"]([\w.-]+)['\"]"
)
_GOOGLE_NODE = re.compile(r"\b(?:functions|ff|framework)\.(http|cloudEvent)\(\s*['\"]([\w.-]+)['\"]")
_TESTS = re.compile(
    r"(^|/)(tests?|__tests__|specs?|__mocks__|mocks?|fixtures|e2e|cypress)/"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$"
)
_TEST_NAMES = re.compile(r"\.(test|spec|stories|config|d)\.[cm]?[jt]sx?$")


class Guess(Struct, frozen=True):
    """Something that looks like a handler.

    Args:
        name: what its module calls it.
        line: where it is, from 1.
        runtime: ``python``, ``nodejs``; ``azure-python``, ``google-nodejs`` for other clouds.
        why: what makes it look like one, for people.
    """

    name: str
    line: int
    runtime: str
    why: str


def is_test(file: str) -> bool:
    """Whether a path is that of a test or of something that only tests need."""
    return _TESTS.search(file) is not None or _TEST_NAMES.search(file) is not None


def guesses(file: str, text: str) -> Iterator[Guess]:
    """What looks like a handler in one file of code.

    Args:
        file: its path.
        text: its content.
    """
    found = _python(text) if file.endswith(".py") else _node(text)
    seen: set[str] = set()
    for guess in found:
        if guess.name not in seen:
            seen.add(guess.name)
            yield guess


def configured(file: str, text: str) -> tuple[str, Guess] | None:
    """The script and entry of a ``function.json`` of Azure Functions; ``None`` for any other file of that name.

    Args:
        file: its path.
        text: its content.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("bindings"), list):
        return None
    script = data.get("scriptFile")
    script = script if isinstance(script, str) and script else "__init__.py"
    entry = data.get("entryPoint")
    language = "python" if script.endswith(".py") else "nodejs" if script.endswith(("js", "ts")) else "other"
    name = entry if isinstance(entry, str) and entry else "main" if language == "python" else "module.exports"
    kinds = [item.get("type") for item in data["bindings"] if isinstance(item, dict)]
    trigger = next((kind for kind in kinds if isinstance(kind, str) and kind.lower().endswith("trigger")), "a trigger")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), script))
    return path, Guess(name, 1, f"azure-{language}", f"function.json binds it to {trigger[:60]}")


def _python(text: str) -> Iterator[Guess]:
    if "functions_framework" in text:
        for found in _FRAMEWORK.finditer(text):
            yield _guess(text, found.end(2), found[2], "google-python", f"functions_framework.{found[1]} is on it")
        return
    if "azure.functions" in text:
        for found in _AZURE.finditer(text):
            yield _guess(text, found.end(2), found[2], "azure-python", "a decorator of Azure Functions is on it")
        return
    for found in _LAMBDA.finditer(text):
        name = found[1] or found[2]
        yield _guess(text, found.start(), name, "python", "it takes an event and a context" if found[1] else "its name")


def _node(text: str) -> Iterator[Guess]:
    if "@azure/functions" in text:
        for found in _AZURE_NODE.finditer(text):
            yield _guess(text, found.start(), found[2], "azure-nodejs", f"app.{found[1]} registers it")
        return
    if "@google-cloud/functions-framework" in text:
        for found in _GOOGLE_NODE.finditer(text):
            yield _guess(text, found.start(), found[2], "google-nodejs", f"functions.{found[1]} registers it")
        return
    if _COMMAND.search(text):
        return
    for found in _NODE.finditer(text):
        name = next(group for group in found.groups() if group)
        yield _guess(text, found.start(), name, "nodejs", "it is exported like a handler")


def _guess(text: str, at: int, name: str, runtime: str, why: str) -> Guess:
    return Guess(name, text.count("\n", 0, at) + 1, runtime, why)

"""Which environment variables name a resource, read off the raw text of templates: nothing of Remit's reading is used.

A variable *names a resource* when its value, as it is written, refers to something the same file declares as a resource
(``Ref``, ``GetAtt``, ``${Name}``; in Terraform ``aws_x.name.attribute``, and attributes of modules), or is written letter by
letter like the name that a resource of the same file is given.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FUNCTION_TYPES = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_NAMES = re.compile(r"(Table|Bucket|Queue|Topic|Stream|Function|Secret|Parameter|StateMachine|EventBus|Domain)?Name$")
_HOLE = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")
_MAX_BYTES = 2_000_000


class Mention(NamedTuple):
    """One variable that names a resource: its file, the line of its key, its name, and its value as written."""

    file: str
    line: int
    name: str
    text: str


class _Text(str):
    """A text that remembers its line and the tag it was written with."""

    __slots__ = ("line", "tag")
    line: int
    tag: str


def mentions(path: Path, file: str) -> Iterator[Mention]:
    """The variables of one file that name a resource.

    Args:
        path: the file.
        file: what to call it.
    """
    if path.stat().st_size > _MAX_BYTES:
        return
    text = path.read_text("utf-8", "replace")
    if path.suffix == ".tf":
        yield from _of_terraform(text, file)
    elif path.suffix in (".yml", ".yaml", ".json", ".template") and "nvironment" in text:
        try:
            tree = _plain(yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), 0)
        except (yaml.YAMLError, ValueError):
            return
        if isinstance(tree, dict):
            yield from _of_template(tree, file)


def _plain(node: Any, depth: int) -> Any:
    """YAML nodes as mappings, lists and texts; a short tag is a mapping of its long form."""
    if node is None or depth > 100:
        return ""
    if isinstance(node, yaml.MappingNode):
        value: Any = {_key(key): _plain(item, depth + 1) for key, item in node.value}
    elif isinstance(node, yaml.SequenceNode):
        value = [_plain(item, depth + 1) for item in node.value]
    else:
        value = _Text(node.value)
        value.line, value.tag = node.start_mark.line + 1, node.tag
    if node.tag.startswith("!"):
        return {"Ref" if node.tag == "!Ref" else f"Fn::{node.tag[1:]}": value}
    return value


def _key(node: Any) -> _Text:
    key = _Text(node.value if isinstance(node.value, str) else "")
    key.line, key.tag = node.start_mark.line + 1, node.tag
    return key


def _of_template(tree: dict[Any, Any], file: str) -> Iterator[Mention]:
    service = "provider" in tree and "functions" in tree
    part = tree.get("resources") if service else tree
    parts = part if isinstance(part, list) else [part]
    resources: dict[Any, Any] = {}
    for item in parts:
        found = item.get("Resources") if isinstance(item, dict) else None
        resources.update(found if isinstance(found, dict) else {})
    names = {str(text) for item in resources.values() for text in _given_names(item)}
    for variables in _environments(tree, resources, service=service):
        for key, value in variables.items():
            if _names_one(value, {str(id_) for id_ in resources}, names):
                yield Mention(file, key.line, str(key), str(value))


def _environments(tree: dict[Any, Any], resources: dict[Any, Any], *, service: bool) -> Iterator[dict[Any, Any]]:
    if service:
        functions = tree.get("functions")
        listed = functions if isinstance(functions, list) else [functions]
        owners = [tree.get("provider"), *(item for part in listed if isinstance(part, dict) for item in part.values())]
        for owner in owners:
            found = owner.get("environment") if isinstance(owner, dict) else None
            if isinstance(found, dict):
                yield found
    shared = tree.get("Globals")
    owners = [shared.get("Function")] if isinstance(shared, dict) else []
    owners += [
        item.get("Properties")
        for item in resources.values()
        if isinstance(item, dict) and item.get("Type") in _FUNCTION_TYPES
    ]
    for owner in owners:
        block = owner.get("Environment") if isinstance(owner, dict) else None
        found = block.get("Variables") if isinstance(block, dict) else None
        if isinstance(found, dict):
            yield found


def _given_names(resource: Any) -> Iterator[str]:
    properties = resource.get("Properties") if isinstance(resource, dict) else None
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if isinstance(value, str) and len(value) > 2 and _NAMES.search(key):
            yield value


def _names_one(value: Any, ids: set[str], names: set[str]) -> bool:
    if isinstance(value, str):
        return value in names
    if isinstance(value, list):
        return any(_names_one(item, ids, set()) for item in value)
    if not isinstance(value, dict):
        return False
    for key, item in value.items():
        if key == "Ref" and str(item).partition(".")[0] in ids:
            return True
        if key == "Fn::GetAtt":
            target = item[0] if isinstance(item, list) and item else str(item).partition(".")[0]
            if str(target) in ids:
                return True
        elif key == "Fn::Sub":
            text = item[0] if isinstance(item, list) and item else item
            if any(hole in ids for hole in _HOLE.findall(str(text))):
                return True
            if isinstance(item, list) and _names_one(item[1:], ids, names):
                return True
        elif key not in ("Ref", "Condition") and _names_one(item, ids, set()):
            return True
    return False


_BLOCK = re.compile(r'^(?:resource\s+"aws_lambda_function"|module)\s+"[\w-]+"(?:\s+"[\w-]+")?\s*\{', re.MULTILINE)
_VARIABLES = re.compile(r"\b(?:variables|environment_variables)\s*=\s*(?:merge\(\s*)?\{")
_REFERENCE = re.compile(r"(?<![\w.])(?:aws_[a-z0-9_]+\.[A-Za-z_][\w-]*|module\.[A-Za-z_][\w-]*\.[A-Za-z_])")
_PAIR = re.compile(r"""^[ \t]*["']?([A-Za-z_]\w*)["']?[ \t]*[=:][ \t]*(.+)$""", re.MULTILINE)


def _of_terraform(text: str, file: str) -> Iterator[Mention]:
    for block in _BLOCK.finditer(text):
        end = _closing(text, block.end())
        for start in _VARIABLES.finditer(text, block.end(), end):
            last = _closing(text, start.end())
            for pair in _PAIR.finditer(text, start.end(), last):
                if _REFERENCE.search(pair[2].partition("#")[0]):
                    yield Mention(file, text.count("\n", 0, pair.start(1)) + 1, pair[1], pair[2].strip())


def _closing(text: str, start: int) -> int:
    """Where the brace that was opened before ``start`` is closed."""
    depth = 1
    for number in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[number], 0)
        if depth == 0:
            return number
    return len(text)

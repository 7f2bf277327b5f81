"""What a Dockerfile says about a function: its runtime, what it starts, and where its code comes from. Pure.

Only what decides these is followed: stages, ``ARG`` and ``ENV`` in paths, ``WORKDIR``, ``COPY`` and ``ADD`` (also between
stages), ``CMD`` and ``ENTRYPOINT``. What ``RUN`` does to files is not known.
"""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

#: Where Lambda's own base images keep the code.
TASK_ROOT = "/var/task"
_MAX_LINES = 5_000
_LAMBDA_BASE = re.compile(r"(?:^|/)(?:amazon/aws-)?lambda[/-](python|nodejs)(?::([\w.]+))?")
_PLAIN_BASE = re.compile(r"(?:^|/)(python|node|python3)(?::v?([\w.]+))?")
_UV_BASE = re.compile(r"/uv:python([\d.]+)")
_CLIENT = {"python": "awslambdaric", "nodejs": "aws-lambda-ric"}
_HOLE = re.compile(r"\$(?:\{(\w+)(?::?[-+][^}]*)?\}|(\w+))")
_DEFAULT = re.compile(r"\$\{(\w+):?-([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Mount:
    """One place of the build context that lands in the image.

    Args:
        target: absolute path in the image.
        source: path in the build context; ``"."`` for all of it.
        into: whether ``target`` is a folder that the source is put into under its own name (when it is a file).
    """

    target: str
    source: str
    into: bool


@dataclass(slots=True)
class Stage:
    """One ``FROM`` and what follows it.

    Args:
        base: the image it starts from, as far down as the file says.
        name: what ``AS`` calls it.
        runtime: ``python3.12``, ``nodejs20.x``; ``""`` when the base says nothing.
        managed: whether the base is one of Lambda's own, which starts handlers by itself.
        workdir: the folder it is in at its end.
        command: ``CMD`` as words.
        entrypoint: ``ENTRYPOINT`` as words.
        mounts: what it copies from the build context, in order.
        line: where it begins.
    """

    base: str
    name: str = ""
    runtime: str = ""
    managed: bool = False
    workdir: str = "/"
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    mounts: list[Mount] = field(default_factory=list)
    line: int = 0
    values: dict[str, str] = field(default_factory=dict)


def parse(text: str, target: str = "") -> Stage | None:
    """The stage a Dockerfile ends with.

    Args:
        text: the file.
        target: name or number of the stage to stop at, if not the last.

    Returns:
        The stage with what it inherits from those before it; ``None`` when there is no ``FROM``.
    """
    stages: list[Stage] = []
    arguments: dict[str, str] = {}
    for number, word, rest in _instructions(text):
        if word == "FROM":
            if stages and target and target.lower() in (stages[-1].name, str(len(stages) - 1)):
                break
            stages.append(_from(rest, stages, arguments, number))
        elif not stages:
            if word == "ARG":
                _set(arguments, rest, arguments)
        else:
            _apply(stages[-1], word, rest, stages)
    return stages[-1] if stages else None


def runtime_of(base: str) -> tuple[str, bool]:
    """The runtime of a base image, and whether it is one of Lambda's own."""
    lower = base.lower()
    for pattern, managed in ((_LAMBDA_BASE, True), (_PLAIN_BASE, False)):
        found = pattern.search(lower)
        if found:
            return _runtime(found[1], found[2] or ""), managed
    found = _UV_BASE.search(lower)
    return (f"python{found[1]}" if found else "", False)


def handler_of(stage: Stage, command: tuple[str, ...] = (), entrypoint: tuple[str, ...] = ()) -> str:
    """The handler an image runs; ``""`` when it starts something else.

    Args:
        stage: the stage the image is made of.
        command: what the template sets in place of ``CMD``.
        entrypoint: what the template sets in place of ``ENTRYPOINT``.
    """
    words = [*(entrypoint or stage.entrypoint), *(command or (() if entrypoint else stage.command))]
    runs_client = any(any(client in word for client in _CLIENT.values()) for word in words)
    starts = [word for word in words if not word.startswith("-")]
    if not words or not starts:
        return ""
    last = words[-1]
    started_by = [posixpath.basename(word) for word in starts[:-1]]
    own = stage.managed and all(name in ("lambda-entrypoint.sh", "aws-lambda-rie") for name in started_by)
    if not (own or runs_client) or "." not in last or last.startswith("/") or any(mark in last for mark in " $="):
        return ""
    return "" if last.endswith((".py", ".js", ".mjs", ".sh")) else last


def folders(stage: Stage, root: str) -> Iterator[str]:
    """Folders of the build context that may be what lies under a folder of the image; the likeliest first.

    Args:
        stage: the stage the image is made of.
        root: absolute folder in the image.
    """
    found: list[str] = []
    for mount in reversed(stage.mounts):
        source, target = mount.source, mount.target.rstrip("/") or "/"
        if target == root:
            found += [source, posixpath.dirname(source)] if mount.into else [source]
        elif root.startswith(target.rstrip("/") + "/"):
            found.append(posixpath.join(source, posixpath.relpath(root, target)))
        elif target.startswith(root.rstrip("/") + "/"):
            tail = posixpath.relpath(target, root)
            if source == tail or source.endswith("/" + tail):
                found.append(source[: len(source) - len(tail)].rstrip("/"))
            else:
                found.append(posixpath.dirname(source))
    yield from dict.fromkeys(posixpath.normpath(folder or ".") for folder in found)


def _runtime(language: str, version: str) -> str:
    number = re.match(r"\d+(\.\d+)?", version)
    if language.startswith("python"):
        return f"python{number[0] if number else '3'}"
    return f"nodejs{number[0].split('.')[0]}.x" if number else "nodejs"


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, instruction in capitals, the rest; continued lines joined, comments and here-documents left out."""
    lines = text.splitlines()[:_MAX_LINES]
    index, until = 0, ""
    while index < len(lines):
        start, line = index, lines[index].strip()
        index += 1
        if until:
            until = "" if line == until else until
            continue
        if not line or line.startswith("#"):
            continue
        while line.endswith(("\\", "`")) and index < len(lines):
            following = lines[index].strip()
            index += 1
            line = line if following.startswith("#") else f"{line[:-1]} {following}"
        word, _, rest = line.partition(" ")
        here = re.search(r"<<-?[\"']?(\w+)", rest)
        until = here[1] if here else ""
        yield start + 1, word.upper(), rest.strip()


def _from(rest: str, stages: list[Stage], arguments: dict[str, str], line: int) -> Stage:
    words = [word for word in rest.split() if not word.startswith("--")]
    base = _fill(words[0], arguments) if words else ""
    name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
    for stage in stages:
        if base.lower() == stage.name and stage.name:
            return replace(stage, name=name, mounts=list(stage.mounts), values=dict(stage.values), line=line)
    runtime, managed = runtime_of(base)
    workdir = TASK_ROOT if managed else "/"
    values = {"LAMBDA_TASK_ROOT": TASK_ROOT} if managed else {}
    return Stage(base, name, runtime, managed, workdir, line=line, values=values | {"": json.dumps(arguments)})


def _apply(stage: Stage, word: str, rest: str, stages: list[Stage]) -> None:
    if word == "WORKDIR":
        stage.workdir = posixpath.normpath(posixpath.join(stage.workdir, _fill(_unquoted(rest), stage.values)))
    elif word in ("ENV", "ARG"):
        _set(stage.values, rest, stage.values, json.loads(stage.values.get("", "{}")) if word == "ARG" else {})
    elif word == "CMD":
        stage.command = _words(rest, stage.values)
    elif word == "ENTRYPOINT":
        stage.entrypoint, stage.command = _words(rest, stage.values), ()
    elif word in ("COPY", "ADD"):
        _copy(stage, rest, stages)


def _copy(stage: Stage, rest: str, stages: list[Stage]) -> None:
    flags = re.findall(r"--(\w+)(?:=(\S+))?", rest)
    rest = re.sub(r"^(?:--\w+(?:=\S+)?\s+)+", "", rest)
    words = _listed(rest)
    words = [_fill(word, stage.values) for word in words]
    if len(words) < 2:
        return
    *sources, target = words
    into = target.endswith("/") or target in (".", "./") or len(sources) > 1
    absolute = posixpath.normpath(posixpath.join(stage.workdir, target))
    origin = dict(flags).get("from")
    for source in sources:
        if "://" in source:
            continue
        if origin:
            stage.mounts += _through(stages, origin, source, absolute, into=into)
            continue
        clean = posixpath.normpath(source.lstrip("/") or ".")
        if any(mark in posixpath.basename(clean) for mark in "*?["):
            clean = posixpath.dirname(clean) or "."
        stage.mounts.append(Mount(absolute, clean, into))


def _through(stages: list[Stage], origin: str, source: str, target: str, *, into: bool) -> Iterator[Mount]:
    """What is copied from another stage, as what that stage had copied from the build context."""
    names = [stage.name for stage in stages[:-1]]
    number = int(origin) if origin.isdecimal() and len(origin) < 4 else -1
    index = names.index(origin.lower()) if origin.lower() in names else number
    if not 0 <= index < len(names):
        return
    other = stages[index]
    wanted = posixpath.normpath(posixpath.join("/", source))
    for folder in folders(other, wanted):
        yield Mount(target, folder, into)
    # What is built somewhere else (dist) is made of what was copied nearest to it.
    if wanted.startswith(other.workdir.rstrip("/") + "/"):
        for folder in folders(other, other.workdir):
            yield Mount(target, folder, into)


def _words(rest: str, values: dict[str, str]) -> tuple[str, ...]:
    if rest.startswith("["):
        try:
            listed = json.loads(rest)
        except ValueError:
            listed = None
        if isinstance(listed, list):
            return tuple(str(word) for word in listed)
    try:
        return tuple(_fill(word, values) for word in shlex.split(rest))
    except ValueError:
        return tuple(rest.split())


def _listed(rest: str) -> list[str]:
    return list(_words(rest, {})) if rest.startswith("[") else rest.split()


def _set(values: dict[str, str], rest: str, known: dict[str, str], outer: dict[str, str] | None = None) -> None:
    pairs = re.findall(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S*)", rest)
    for name, value in pairs:
        values[name] = _fill(_unquoted(value), known)
    if not pairs and rest:
        name, _, value = rest.partition(" ")
        default = (outer or {}).get(name, "")
        if value or default:
            values[name] = _fill(_unquoted(value.strip()), known) or default


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _fill(text: str, values: dict[str, str]) -> str:
    text = _DEFAULT.sub(lambda hole: values.get(hole[1]) or hole[2], text)
    return _HOLE.sub(lambda hole: values.get(hole[1] or hole[2], hole[0]), text)[:4_000]

"""The packaged knowledge of AWS: which actions exist, what an SDK call needs, and how ARNs look.

One compressed file made by ``scripts/build_iam_data.py``; read once, when first asked for. See docs/iam-data.md for the
sources and their licences.
"""

import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from remit.app.noun import Struct

#: Beside this module; ``importlib.resources`` would cost more than reading the file.
_FILE = Path(__file__).with_name("data") / "aws.json.zz"
#: Access levels as the file abbreviates them.
LEVELS = {"L": "list", "R": "read", "W": "write", "P": "permissions", "T": "tagging"}


class Head(Struct, frozen=True):
    """The first line of the file: when it was made, and from what."""

    version: int
    date: str
    sources: tuple[str, ...]


class Document(Struct, frozen=True):
    """The rest of the file as it is: see ``scripts/build_iam_data.py`` for how each part is made."""

    actions: dict[str, dict[str, tuple[str, list[str]]]]
    arns: dict[str, dict[str, str]]
    operations: dict[str, dict[str, list[tuple[str, dict[str, str]]]]]
    dependents: dict[str, tuple[str, ...]]


class Rule(Struct, frozen=True):
    """One action an SDK operation needs.

    Args:
        action: as the service authorization reference spells it.
        bindings: which parameter names what: ARN variable, or ``@`` and resource type for a whole ARN, to the
            parameter's path (``Entries[].EventBusName``).
    """

    action: str
    bindings: Mapping[str, str]


@lru_cache(maxsize=1)
def head() -> Head:
    """When and from what the packaged file was made; the rest of it is not read."""
    with _FILE.open("rb") as file:
        return msgspec.json.decode(file.readline(), type=Head)


@lru_cache(maxsize=1)
def document() -> Document:
    """The packaged file, decoded."""
    with _FILE.open("rb") as file:
        file.readline()
        return msgspec.json.decode(zlib.decompress(file.read()), type=Document)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    actions = document().actions
    return {f"{prefix}:{name}".lower(): f"{prefix}:{name}" for prefix, names in actions.items() for name in names}


def freshness() -> str:
    """ISO date of the newest source."""
    return head().date


def spelled(action: str) -> str:
    """The action as AWS spells it, or ``""`` when there is no such action."""
    return _spellings().get(action.lower(), "")


def actions(prefix: str) -> tuple[str, ...]:
    """Every action of one service prefix (``dynamodb``), with the prefix."""
    return tuple(f"{prefix}:{name}" for name in document().actions.get(prefix, {}))


def count() -> int:
    """How many actions exist."""
    return len(_spellings())


def level(action: str) -> str:
    """``list``, ``read``, ``write``, ``permissions`` or ``tagging``; ``""`` for an action that does not exist."""
    prefix, _, name = spelled(action).partition(":")
    return LEVELS[document().actions[prefix][name][0]] if name else ""


def templates(action: str) -> dict[str, str]:
    """Resource type to ARN template of an action, required types first; empty when it only works on ``*``."""
    prefix, _, name = spelled(action).partition(":")
    if not name:
        return {}
    return {kind: document().arns[prefix][kind] for kind in document().actions[prefix][name][1]}


def service_names() -> tuple[str, ...]:
    """Every SDK client name that is known (``dynamodb``, ``stepfunctions``)."""
    return tuple(document().operations)


def rules(service: str, operation: str) -> tuple[Rule, ...]:
    """What an SDK call needs, by the data alone (hand-checked rules come first, see ``special``).

    Args:
        service: client name as botocore says it.
        operation: as the API spells it.
    """
    found = document().operations.get(service, {}).get(operation, [])
    return tuple(Rule(action, bindings) for action, bindings in found)


@lru_cache(maxsize=4096)
def expand(pattern: str) -> tuple[str, ...]:
    """Every real action that a pattern with ``*`` and ``?`` means, sorted; a pattern without them is itself.

    An exact action that the data does not know (newer than the data) stays in, so that nothing is lost in silence.
    """
    if pattern == "*":
        return tuple(sorted(_spellings().values()))
    if "*" not in pattern and "?" not in pattern:
        return (spelled(pattern) or pattern,)
    from remit.iam.match import glob

    prefix, _, name = pattern.partition(":")
    if "*" in prefix or "?" in prefix:
        return tuple(sorted(action for low, action in _spellings().items() if glob(pattern.lower(), low)))
    known = document().actions.get(prefix.lower(), {})
    return tuple(sorted(f"{prefix.lower()}:{item}" for item in known if glob(name.lower(), item.lower())))


def dependents(action: str) -> tuple[str, ...]:
    """The actions that AWS says an action depends on: without them it may fail, by what it is asked to do."""
    return document().dependents.get(spelled(action), ())

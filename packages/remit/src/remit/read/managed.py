"""AWS's managed policies, all of them: packaged data that is read when a template names one that is not common.

The file is a line of JSON (date, sources, where each chunk begins) and then the chunks: names in order, fifty to a chunk,
each unpacked for itself, so that one policy costs a fiftieth of the file. Made by ``scripts/build_managed_policies.py``.
"""

import zlib
from bisect import bisect_right
from functools import cache
from pathlib import Path

import msgspec

from remit.app.location import Location
from remit.app.node import Node
from remit.app.noun import Struct

_FILE = Path(__file__).with_name("data") / "managed_policies.zz"


class Index(Struct, frozen=True):
    """The first line of the file.

    Args:
        version: of its form.
        date: ISO date of the newest policy in it.
        sources: what it was made from, with licences.
        chunks: first name, offset and length of each chunk.
    """

    version: int
    date: str
    sources: tuple[str, ...]
    chunks: tuple[tuple[str, int, int], ...]


@cache
def index() -> Index:
    """What the packaged file holds."""
    with _FILE.open("rb") as file:
        return msgspec.json.decode(file.readline(), type=Index)


def statements(name: str, location: Location) -> Node | None:
    """The statements of a policy.

    Args:
        name: the last part of its ARN.
        location: where it is named: the place of everything in it.

    Returns:
        A list of statements as a policy document has them; ``None`` when AWS publishes no policy of that name.
    """
    place = bisect_right(index().chunks, name, key=lambda chunk: chunk[0]) - 1
    text = _chunk(place).get(name) if place >= 0 else None
    if text is None:
        return None
    allowed = [{"Effect": "Allow"} | item for item in msgspec.json.decode(text)]
    return _node(allowed, location)


@cache
def _chunk(place: int) -> dict[str, bytes]:
    _, offset, length = index().chunks[place]
    with _FILE.open("rb") as file:
        file.readline()
        file.seek(offset, 1)
        lines = zlib.decompress(file.read(length)).split(b"\n")
    pairs = (line.split(b"\t", 1) for line in lines)
    return {name.decode(): body for name, body in pairs}


def _node(value: object, location: Location) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(item, location) for key, item in value.items()}, location)
    if isinstance(value, list):
        return Node(tuple(_node(item, location) for item in value), location)
    return Node(value if isinstance(value, str | int | float | bool) else None, location)

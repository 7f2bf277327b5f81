"""Publicly known ways in which rights on an account become more rights: the table ``data/escalations.txt``."""

from functools import cache
from pathlib import Path

from remit.app.noun import Struct


class Need(Struct, frozen=True):
    """One action a method needs, and on what: a word for the resource, ``""`` for anything at all."""

    action: str
    on: str = ""


class Method(Struct, frozen=True):
    """One way up.

    Args:
        id: kebab-case.
        needs: all of them.
        phrase: what it lets the role do; completes "the role ...".
        gain: what somebody has then, as a noun.
        service: the service that runs the workload, for ways that pass it a role.
        reference: where it is described.
    """

    id: str
    needs: tuple[Need, ...]
    phrase: str
    gain: str
    service: str = ""
    reference: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions alone."""
        return tuple(need.action for need in self.needs)


_FILE = Path(__file__).with_name("data") / "escalations.txt"
_SITE = "https://pathfinding.cloud/paths/"
PASS_ROLE = "iam:PassRole"


@cache
def methods() -> tuple[Method, ...]:
    """Every method, ways that change rights themselves first."""
    blocks: dict[str, dict[str, str]] = {}
    block: dict[str, str] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        if not line.startswith(" "):
            block = blocks[line] = {}
        else:
            key, _, text = line.strip().partition(" ")
            block[key] = text
    return tuple(_method(id_, block) for id_, block in blocks.items())


def _method(id_: str, block: dict[str, str]) -> Method:
    needs = tuple(Need(action, on) for action, _, on in (word.partition("@") for word in block["needs"].split()))
    service = f"{block['through']}.amazonaws.com" if "through" in block else ""
    see = _SITE + block["see"] if "see" in block else ""
    return Method(id_, needs, f"can {block['can']}", block.get("gains", "the rights of a role"), service, see)

"""What SAM's policy templates and AWS's managed policies allow, as packaged data, read when first asked for.

Form of the data files: a line without indentation begins a policy (its name, then the names of its parameters).
Under it, indented, come statements: lines of actions (a line that begins with ``not`` lists what is *not* meant),
then ``on`` lines with one resource each, then ``if`` lines (operator, key, values). ``~`` at the start of an ARN is
``arn:${AWS::Partition}:``, ``@`` between colons is ``${AWS::Region}:${AWS::AccountId}``. ``#`` begins a comment.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(slots=True)
class Statement:
    """One statement of a packaged policy; resources and condition values are ``Fn::Sub`` texts."""

    actions: list[str] = field(default_factory=list)
    not_actions: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    conditions: dict[str, dict[str, list[str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Policy:
    """A packaged policy: the names of its parameters and its statements, all of which allow."""

    parameters: tuple[str, ...]
    statements: list[Statement] = field(default_factory=list)


#: Beside this module; ``importlib.resources`` would cost more than reading the file.
_DATA = Path(__file__).with_name("data")


@cache
def policy_templates() -> dict[str, Policy]:
    """SAM's policy templates by name."""
    return _read("policy_templates.txt")


@cache
def event_policies() -> dict[str, Policy]:
    """What SAM grants for event sources and destinations, by their kind."""
    return _read("event_policies.txt")


@cache
def managed_policies() -> dict[str, Policy]:
    """The managed policies of AWS that are known here, by name (the last part of their ARN)."""
    return _read("managed_policies.txt")


def _read(name: str) -> dict[str, Policy]:
    policies: dict[str, Policy] = {}
    current = Policy(())
    fresh = True  # whether the next line of actions begins a statement
    for line in _DATA.joinpath(name).read_text("utf-8").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if not line.startswith(" "):
            current = policies[words[0]] = Policy(tuple(words[1:]))
            fresh = True
        elif words[0] == "on":
            current.statements[-1].resources.append(_arn(words[1]))
            fresh = True
        elif words[0] == "if":
            block = current.statements[-1].conditions.setdefault(words[1], {})
            block[words[2]] = [_arn(word) for word in words[3:]]
        else:
            if fresh:
                current.statements.append(Statement())
                fresh = False
            _actions(current.statements[-1], words)
    return policies


def _actions(statement: Statement, words: list[str]) -> None:
    if words[0] == "not":
        statement.not_actions += words[1:]
    else:
        statement.actions += words


def _arn(text: str) -> str:
    if text.startswith("~"):
        text = "arn:${AWS::Partition}:" + text[1:]
    return text.replace(":@:", ":${AWS::Region}:${AWS::AccountId}:")

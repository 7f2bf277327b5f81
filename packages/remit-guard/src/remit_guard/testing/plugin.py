"""pytest fixtures for guarded functions. Registered as the plugin ``remit``; loads the guard only for tests that use them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from remit_guard.testing.events import Event
    from remit_guard.testing.library import Attack
    from remit_guard.testing.outcome import Outcome
    from remit_guard.testing.playbook import Playbook

#: The classes and how many attacks each has, so that collecting tests loads nothing of ours.
_ATTACKS = (
    ("sql", 2), ("shell", 3), ("path", 2), ("url", 1), ("template", 1), ("nosql", 2), ("pickle", 1), ("yaml", 1), ("xml", 1),
    ("code", 1), ("log", 1),
)  # fmt: skip
_CARRIERS = (
    "query", "body", "header", "rest-api", "function-url", "sqs", "sns", "sns-in-sqs", "s3", "s3-in-sns-in-sqs",
    "dynamodb", "kinesis", "kafka", "eventbridge", "logs", "direct",
)  # fmt: skip


@pytest.fixture
def playbook() -> "Iterator[Callable[..., Playbook]]":
    """Makes playbooks: ``playbook(handler) >> event << blocked("sql-injection")``; what is not asserted is played at the end."""
    from remit_guard.testing.playbook import Playbook

    made: list[Playbook] = []

    def make(handler: "Callable[[Any, Any], Any]", **options: "Any") -> Playbook:
        made.append(Playbook(handler, **options))
        return made[-1]

    yield make
    for one in made:
        if not one.played:
            one.play()


@pytest.fixture
def guarded() -> "Callable[..., Callable[[object], Outcome]]":
    """Puts the guard around a handler: ``guarded(handler, remit=..., mode=...)(event)`` gives the outcome."""
    from remit_guard.testing.playbook import Player

    def make(handler: "Callable[[Any, Any], Any]", **options: "Any") -> "Callable[[object], Outcome]":
        return Player(handler, **options).send

    return make


@pytest.fixture(
    params=[(kind, number) for kind, count in _ATTACKS for number in range(count)], ids=lambda one: f"{one[0]}-{one[1]}"
)
def attack(request: pytest.FixtureRequest, tmp_path: Path) -> "Attack":
    """Every attack in turn; narrow it with ``@pytest.mark.parametrize("attack", attacks("sql"), ids=str)``.

    Attacks on files are after ``secret.txt`` in the test's ``tmp_path``, which holds the mark.
    """
    from remit_guard.testing.library import MARK, attacks

    secret = tmp_path / "secret.txt"
    secret.write_text(MARK)
    kind, number = request.param
    found: Attack = attacks(kind, secret=str(secret))[number]
    return found


@pytest.fixture(params=_CARRIERS)
def carrier(request: pytest.FixtureRequest) -> "Callable[[str], Event]":
    """Every kind of event that can bring one value: ``carrier("ada")``; ``remit_guard.testing.events.value_of`` reads it."""
    from remit_guard.testing.events import CARRIERS

    return CARRIERS[request.param]


@pytest.fixture
def harmless() -> "list[str]":
    """Two hundred harmless values that look like trouble, always the same."""
    from remit_guard.testing.harmless import values

    return values(200)

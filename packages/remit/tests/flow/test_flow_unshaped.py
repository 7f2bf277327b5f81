"""Event sources that are known by name, but not by shape: every leaf is its sender's, and not every sender gets an answer."""

import pytest

from remit.app.location import Location
from remit.app.model import App, Function, Sender, Trigger
from remit.flow.event import roots

AT = Location("template.yaml", 1)
FUNCTION = Function("F", "app.handler", "python3.12", "src", AT)


@pytest.mark.parametrize(
    ("source", "answered"),
    [("a-source-of-next-year", True), ("unknown", True), ("sqs", False), ("http-api", True), ("schedule", False)],
)
def test_a_source_without_a_shape_is_untrusted_as_a_whole(source: str, answered: bool) -> None:
    trigger = Trigger("F", source, "x", AT, Sender.ANYONE)
    (root,) = roots(App("a", "SAM", "t", functions=(FUNCTION,), triggers=(trigger,)), FUNCTION)
    assert root.source == source
    assert root.responds is answered
    assert ("**" in [path for path, _, _ in root.fields]) is (source in ("a-source-of-next-year", "unknown"))


@pytest.mark.parametrize("source", ["kafka", "logs", "ses", "step-functions", "custom-resource"])
def test_nothing_goes_back_to_the_senders_of_records(source: str) -> None:
    trigger = Trigger("F", source, "x", AT, Sender.ANYONE)
    (root,) = roots(App("a", "SAM", "t", functions=(FUNCTION,), triggers=(trigger,)), FUNCTION)
    assert root.fields
    assert not root.responds

"""Policy documents that are written as one JSON text."""

import pytest

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Text, Value
from remit.read.policy import Notes, grants_of

AT = Location("template.yaml", 4)
QUEUE = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:*"], "Resource": "arn:aws:sqs:'


def test_a_text_is_read_like_a_mapping() -> None:
    notes: Notes = []
    (grant,) = grants_of(Node(QUEUE + '*:*:work"}]}', AT), notes)
    assert (grant.actions, grant.resources, grant.location, grant.variables) == (
        ("sqs:*",),
        ("arn:aws:sqs:*:*:work",),
        AT,
        True,
    )
    assert notes == []


def test_what_is_filled_in_stays_what_it_is() -> None:
    text = Text((QUEUE, Ref("AWS::Region"), ":1:", Ref("Name"), '"}]}'))
    (grant,) = grants_of(Node(text, AT), [])
    assert grant.resources == (Text(("arn:aws:sqs:", Ref("AWS::Region"), ":1:", Ref("Name"))),)


@pytest.mark.parametrize(
    "text",
    ["no json", '{"Statement": ', "7", '"text"', '{"a": "\ue0007\ue000"}', "[" * 5000, Text(("{", Ref("A"), "}"))],
)
def test_what_is_no_document_is_noted(text: Value) -> None:
    notes: Notes = []
    assert grants_of(Node(text, AT), notes) == []  # type: ignore[arg-type]
    assert len(notes) == 1

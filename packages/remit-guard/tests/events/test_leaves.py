"""Values without their fields, and fields on demand."""

from hypothesis import given
from hypothesis import strategies as st

from remit_guard import events
from remit_guard.core.source import Field
from remit_guard.events.leaves import ARROW, Given, path_of
from remit_guard.events.plan import BELOW, EACH, plan_of
from remit_guard.events.shapes import name_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
SHAPED = st.dictionaries(
    st.sampled_from(
        ["requestContext", "Records", "Message", "TopicArn", "MessageId", "Event", "source", "detail-type"]
    ),
    JSON,
    max_size=5,
)


def test_paths_read_as_people_write_them() -> None:
    body = ((None, "Records"), 0)
    assert path_of(body, "body") == "Records[0].body"
    assert path_of(((body, "body"), ARROW), "order") == "Records[0].body→order"
    assert path_of((None, "headers"), -3) == "headers{2}"


def test_fields_are_the_same_objects_and_in_the_order_of_the_document() -> None:
    leaves = events.open_event({"a": "x", "n": 3, "b": {"c": "y", "t": True}}).leaves()
    fields = leaves.fields()
    assert [(field.path, field.value) for field in fields] == [("a", "x"), ("n", 3), ("b.c", "y"), ("b.t", True)]
    assert leaves.values() == ["x", "y"]
    assert leaves.field(1) is fields[2]
    assert list(leaves) == fields


def test_given_fields_keep_their_identity() -> None:
    fields = [Field("n", 3, "direct"), Field("s", "text", "direct")]
    leaves = Given(iter(fields))
    assert leaves.values() == ["text"]
    assert leaves.field(0) is fields[1]
    assert leaves.fields() == fields


@given(JSON)
def test_every_text_has_one_field(event: object) -> None:
    leaves = events.open_event(event).leaves()
    texts = [field.value for field in leaves.fields() if isinstance(field.value, str)]
    assert texts == leaves.values()
    assert [leaves.field(number).value for number in range(len(texts))] == texts


def test_a_plan_enters_a_batch_and_a_mapping_once() -> None:
    (step,), platform, keys = plan_of(events.by_name("sqs"))
    assert step[:2] == ("Records", EACH)
    assert step[3], "the list of records"
    assert (platform, keys) == ((), {"Records"})
    assert "messageId" in step[4][1], "what SQS itself writes into a record"
    steps = plan_of(events.by_name("http-api"))[0]
    assert [kind for key, kind, *_ in steps if key == "requestContext"] == [BELOW]


@given(SHAPED | JSON)
def test_a_source_claims_what_is_recognised_as_its_own(event: object) -> None:
    assert events.by_name(name_of(event)).recognise(event)

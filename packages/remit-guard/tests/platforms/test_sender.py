import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.platforms.sender import sender

JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["requestContext", "http", "Records", "attributes", "sourceIp"]), inner)
    ),
)


@pytest.mark.parametrize(
    ("event", "record", "name"),
    [
        ({"requestContext": {"http": {"sourceIp": "198.51.100.7"}}}, -1, "198.51.100.7"),
        ({"requestContext": {"identity": {"sourceIp": "198.51.100.8"}}}, -1, "198.51.100.8"),
        ({"Records": [{"requestParameters": {"sourceIPAddress": "198.51.100.9"}}]}, 0, "198.51.100.9"),
        ({"Records": [{}, {"attributes": {"SenderId": "AIDA"}}]}, 1, "AIDA"),
        ({"Records": []}, 0, ""),
        ({}, -1, ""),
    ],
)
def test_sender(event: object, record: int, name: str) -> None:
    assert sender(event, record) == name


@given(JSON, st.integers(-2, 3))
def test_any_event(event: object, record: int) -> None:
    assert isinstance(sender(event, record), str)

"""Whatever stands where an argument is expected: every translation takes it without a crash."""

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.node import Node, graft
from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.read.document import Raw
from remit.read.draft import Draft
from remit.read.functions import read_functions
from remit.read.resolve import Resolver
from remit.read.roles import read_roles
from remit.read.senders import settle_senders
from remit.read.terraform.aws.data import SOURCES
from remit.read.terraform.aws.documents import definition, document
from remit.read.terraform.aws.table import KINDS, kind_of
from remit.read.terraform.instance import Instance
from remit.read.terraform.translate import lower
from remit.read.triggers import read_triggers

AT = Location("main.tf", 3, 5, 9, 1)
TYPES = sorted(KINDS)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.sampled_from(["", "x", "a/b", "*", '{"Statement": [{}]}', "{", "arn:aws:sqs:eu-west-1:1:x", "a: [1, {b: c}]"]),
    st.sampled_from(
        [Unknown("?"), Text(("a", Ref("one", "arn"))), Choice(("a", Ref("two", "id"))), Ref("one", "arn"), Ref("two")]
    ),
)
WORDS = [
    "statement",
    "principals",
    "type",
    "identifiers",
    "condition",
    "test",
    "variable",
    "values",
    "actions",
    "resources",
    "rule",
    "target",
    "policy",
    "name",
    "arn",
    "id",
    "lambda_function",
    "events",
    "grant",
    "permission",
    "grantee",
    "uri",
    "endpoints",
    "source",
    "content",
    "filename",
    "path",
    "context",
    "forward",
    "target_group",
    "lambda_action",
    "lambda",
    "sql",
    "status",
    "enabled",
    "settings",
    "method_path",
]


def nested(keys: list[str]) -> st.SearchStrategy[object]:
    """Values that nest blocks in blocks."""
    return st.recursive(
        LEAVES,
        lambda inner: (
            st.lists(inner, max_size=2).map(tuple) | st.dictionaries(st.sampled_from(keys), inner, max_size=4)
        ),
        max_leaves=8,
    )


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """An instance of any type, with its own arguments in any shape."""
    mode = draw(st.sampled_from(["resource", "resource", "data"]))
    kind = draw(
        st.sampled_from([*sorted(SOURCES), "aws_iam_policy_document", "archive_file"])
        if mode == "data"
        else st.sampled_from(TYPES)
    )
    own = [*kind_of(kind).rows, *filter(None, [kind_of(kind).into]), *WORDS] if mode == "resource" else WORDS
    arguments = draw(st.dictionaries(st.sampled_from(own), nested(own), max_size=8))
    id_ = draw(st.sampled_from(["one", "two", "three"]))
    return Instance(id_, f"{kind}.{id_}", mode, kind, _node(arguments), AT)


def _node(value: Value) -> Node:
    return graft(value, AT)


@settings(max_examples=60, deadline=None)
@given(st.lists(instances(), min_size=1, max_size=3, unique_by=lambda item: item.id))
def test_no_shape_is_too_odd(made: list[Instance]) -> None:
    draft = Draft("main.tf", "", Resolver("main.tf", Raw({}, (1, 1, 1, 1))), sam=False)
    lower(made, draft)
    read_roles(draft)
    read_functions(draft)
    read_triggers(draft)
    settle_senders(draft)
    assert set(draft.declared) <= set(draft.resources)


@given(
    st.lists(st.text(max_size=12) | st.sampled_from(['{"a": "', '"}', "[", Ref("x", "arn"), Unknown("?")]), max_size=6)
)
def test_no_text_is_too_odd(parts: list[object]) -> None:
    node = Node(Text(tuple(parts)), AT)  # type: ignore[arg-type]
    for read in (document, definition):
        assert isinstance(read(node), Node)

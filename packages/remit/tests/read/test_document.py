"""The raw loader: exact spans, one clear error for everything that is wrong, bounds against bombs."""

import json
import textwrap

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from remit.read.document import MAX_NODES, Malformed, Raw, parse


def yaml_of(text: str) -> Raw:
    return parse(textwrap.dedent(text).encode(), json=False).root


def complaint(data: str | bytes, *, as_json: bool = False) -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    with pytest.raises(Malformed) as caught:
        parse(raw, json=as_json)
    return f"{caught.value.line}:{caught.value.column}: {caught.value.why}"


def at(raw: Raw, *path: str | int) -> Raw:
    for step in path:
        raw = raw.value[step]  # type: ignore[index]
    return raw


def test_spans_of_every_style() -> None:
    root = yaml_of("""\
        plain: one
        quoted: "two words"
        flow: {a: [1, 22]}
        block:
          - x
          - y: z
        text: |
          line
          line
        after: 1
        """)
    assert {name: item.span for name, item in root.value.items()} == snapshot(  # type: ignore[union-attr]
        {
            "plain": (1, 8, 1, 11),
            "quoted": (2, 9, 2, 20),
            "flow": (3, 7, 3, 19),
            "block": (5, 3, 6, 9),
            "text": (7, 7, 9, 0),
            "after": (10, 8, 10, 9),
        }
    )
    assert at(root, "flow", "a", 1).span == (3, 15, 3, 17)
    assert at(root, "block", 1, "y").key == (6, 5, 6, 6)


def test_scalars_mean_what_cloudformation_takes_them_for() -> None:
    root = yaml_of("""\
        yes: Yes
        date: 2012-10-17
        account: 012345678901
        number: -12
        float: 1.5
        none:
        text: "true"
        200: key
        tag: !Ref Thing
        """)
    values = {name: item.value for name, item in root.value.items()}  # type: ignore[union-attr]
    assert values == {
        "yes": True,
        "date": "2012-10-17",
        "account": "012345678901",
        "number": -12,
        "float": 1.5,
        "none": None,
        "text": "true",
        "200": "key",
        "tag": "Thing",
    }
    assert at(root, "tag").tag == "Ref"


def test_aliases_and_merge_keys() -> None:
    root = yaml_of("""\
        base: &base {a: 1, b: 2}
        own:
          <<: *base
          b: 3
        same: *base
        """)
    assert at(root, "own", "a").value == 1
    assert at(root, "own", "b").value == 3
    assert at(root, "same", "b").span == at(root, "base", "b").span
    assert at(root, "same").key == (5, 1, 5, 5)


def test_a_key_written_twice_is_told_and_the_last_counts() -> None:
    for text, is_json in (("a: 1\nb: 2\na: 3\n", False), ('{"a": 1,\n"b": 2,\n"a": 3}', True)):
        document = parse(text.encode(), json=is_json)
        assert at(document.root, "a").value == 3
        (problem,) = document.problems
        assert (problem.line, problem.column, problem.why) == (3, 1, '"a" is written twice; what line 1 says is lost')


def test_complaints_about_yaml() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    assert [
        complaint("a: 1\n\tb: 2\n"),
        complaint(b"a: caf\xe9\n"),
        complaint(b"a: 1\nb: \0\n"),
        complaint("a: \x07\n"),
        complaint("a: b: c\n"),
        complaint("a: @x\n"),
        complaint("a: 'open\n"),
        complaint("a: [1\nb: 2\n"),
        complaint("a: *nothing\n"),
        complaint("a: &x [*x]\n"),
        complaint("? [a]\n: 1\n"),
        complaint("a: 1\n---\nb: 2\n"),
        complaint("a: " + "[" * 5000),
        complaint(bomb),
        complaint(b"x" * (4 * 1024 * 1024 + 1)),
        complaint("a: 1\n".encode("utf-16")),
    ] == snapshot(
        [
            "2:1: a tab is used as indentation here; YAML wants spaces",
            "1:7: the byte 0xe9 here is not UTF-8; save the file as UTF-8",
            "2:4: there is a NUL byte here; this is not a text file",
            "1:4: the character U+0007 here is not allowed in YAML",
            '1:5: a second ":" in one line, or a wrong indentation; put the value in quotes, or align it',
            "1:4: '@' cannot begin a value here; put the value in quotes",
            "2:1: the file ends inside a quoted text that was never closed",
            "2:2: a bracket or brace above is not closed, or a comma is missing",
            "1:4: the alias *nothing names nothing above",
            "1:8: the alias *x is inside the very thing it names",
            "1:3: a mapping or list is used as a key here; keys are names",
            "2:1: a second document begins here; a template is one document",
            "1:103: nested more than 100 levels deep",
            "7:10: has more than 200,000 values here once aliases are expanded; nothing more was read",
            "0:1: is 4.2 MB large; a template has at most 1 MB, and 4 MB are read here",
            "1:1: is UTF-16; templates are UTF-8",
        ]
    )


def test_complaints_about_json() -> None:
    assert [
        complaint('{"a": 1,}', as_json=True),
        complaint('{"a": 1 "b": 2}', as_json=True),
        complaint("{'a': 1}", as_json=True),
        complaint('{"a": // no\n1}', as_json=True),
        complaint('{"a": "open}', as_json=True),
        complaint('{"a": "\n"}', as_json=True),
        complaint('{"a": "\\x"}', as_json=True),
        complaint('{"a": [1, 2}', as_json=True),
        complaint('{"a": 1} 2', as_json=True),
        complaint('{"a": nope}', as_json=True),
        complaint("[" * 5000, as_json=True),
        complaint("", as_json=True),
    ] == snapshot(
        [
            "1:9: a comma stands before the closing bracket",
            '1:9: "," or "}" is expected here, not \'"\'',
            '1:2: a key in double quotes is expected here, not "\'"',
            "1:7: JSON has no comments",
            "1:7: this text is never closed",
            "1:8: a line break or tab inside a text must be written as \\n or \\t",
            "1:8: this is not an escape JSON knows",
            '1:12: "," or "]" is expected here, not \'}\'',
            "1:10: something follows the end of the document",
            "1:7: a value is expected here, not 'n'",
            "1:101: nested more than 100 levels deep",
            "1:1: the file ends too early",
        ]
    )


def test_json_spans_are_exact() -> None:
    root = parse(b'{\n\t"a": {"b": [10, "x\\ny"]},\n  "c": null\n}', json=True).root
    assert at(root, "a").key == (2, 2, 2, 5)
    assert at(root, "a", "b", 1).span == (2, 18, 2, 24)
    assert at(root, "a", "b", 1).value == "x\ny"
    assert at(root, "c").span == (3, 8, 3, 12)
    assert root.span == (1, 1, 4, 2)


def plain(raw: Raw) -> object:
    if isinstance(raw.value, dict):
        return {key: plain(item) for key, item in raw.value.items()}
    return [plain(item) for item in raw.value] if isinstance(raw.value, list) else raw.value


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_json_means_what_the_standard_library_says(value: object) -> None:
    text = json.dumps(value)
    document = parse(text.encode(), json=True)
    assert plain(document.root) == json.loads(text)
    assert not document.problems


LEAVES = st.integers(-1000, 1000) | st.booleans() | st.text("abc xyz:#-'\"\n[]{}&*!|>%@,?", max_size=12)


@given(
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc:- ", max_size=5), inner, max_size=4),
    )
)
def test_yaml_means_what_was_written(value: object) -> None:
    assert plain(parse(yaml.safe_dump(value).encode(), json=False).root) == value


@given(st.binary(max_size=200) | st.text("{}[]:,-&*!|> \n\t\"'#?%@`a1<", max_size=80).map(str.encode), st.booleans())
def test_hostile_bytes_are_read_or_refused_with_a_place(data: bytes, is_json: bool) -> None:
    try:
        size, why = parse(data, json=is_json).root.size, "read"
    except Malformed as error:
        size, why = max(1, error.line), error.why
    assert 0 < size <= MAX_NODES
    assert why


def test_the_pure_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: &x {b: [1, !Ref Q]}\nc: |\n  line\nd: *x\ne:\n  - f: 'g'\n"
    fast = parse(text, json=False).root
    monkeypatch.setattr("remit.read.yaml_document._LOADER", yaml.SafeLoader)
    assert parse(text, json=False).root == fast
    assert complaint("a: 1\n\tb: 2\n") == "2:1: a tab is used as indentation here; YAML wants spaces"
    assert complaint("a: \x07\n") == "1:4: the character U+0007 here is not allowed in YAML"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import App, Resource
from remit.app.node import Node
from remit.app.report import Finding, Severity, Suppression
from remit.scan import suppressions
from remit.scan.comments import comments as comments_of

KNOWN = ("shell-injection", "public-bucket")


def finding(line: int = 3, rule: str = "shell-injection", file: str = "app.py", resource: str = "") -> Finding:
    return Finding(rule, Severity.HIGH, "high", "m", Location(file, line, 1, line, 9), resource=resource)


def comments(text: str, file: str = "app.py") -> tuple[list[Suppression], list[str]]:
    found, wrong = suppressions.in_comments({file: text}, KNOWN)
    return found, [str(item) for item in wrong]


def live(text: str, *findings: Finding, today: str = "2026-01-01", file: str = "app.py") -> list[Finding]:
    found, _ = comments(text, file)
    return suppressions.apply(findings, found, {file: text}, today)[0]


def test_a_comment_on_the_line_accepts_the_finding() -> None:
    assert live("a\nb\nos.system(x)  # remit: ignore[shell-injection] x is a number", finding()) == []


def test_a_comment_of_its_own_speaks_of_the_line_right_below() -> None:
    assert live("a\n# remit: ignore[shell-injection] x is a number\n# more\nos.system(x)", finding(4)) == []
    assert live("a\n# remit: ignore[shell-injection] x is a number\n\nos.system(x)", finding(4)) != []
    assert live("a\n# remit: ignore[shell-injection] x is a number\nos.system(x)\nos.system(y)", finding(4)) != []


def test_javascript_comments_count_too() -> None:
    assert live("a\nb\nexec(x) // remit: ignore[shell-injection] fixed list", finding(file="a.js"), file="a.js") == []


def test_it_concerns_its_own_rule_only_unless_it_says_all() -> None:
    assert live("a\nb\nx # remit: ignore[public-bucket] because", finding()) != []
    assert live("a\nb\nx # remit: ignore[*] demonstration file", finding()) == []
    assert live("a\nb\nx # remit: ignore[public-bucket, shell-injection] because", finding()) == []


def test_without_a_reason_it_does_not_count_and_that_is_said() -> None:
    text = "a\nb\nx # remit: ignore[shell-injection]"
    assert live(text, finding()) != []
    assert comments(text)[1] == [
        "app.py:3:3: the suppression of shell-injection gives no reason, so it does not count: write why it is acceptable"
    ]


def test_a_rule_that_does_not_exist_is_said() -> None:
    assert "does not exist" in comments("x # remit: ignore[shel-injection] why")[1][0]
    assert "names no rule" in comments("x # remit: ignore why")[1][0]


def test_after_its_date_it_no_longer_counts() -> None:
    text = "a\nb\nx # remit: ignore[shell-injection] old stage only (until 2026-06-30)"
    assert live(text, finding(), today="2026-06-30") == []
    (back,) = live(text, finding(), today="2026-07-01")
    assert back.notes["suppression"] == "expired on 2026-06-30"


def test_a_date_must_be_one() -> None:
    found, wrong = suppressions.checked([Suppression("*", "why", Location("remit.toml"), expires="soon")], KNOWN)
    assert found == []
    assert len(wrong) == 1


def metadata(plain: object) -> App:
    def node(value: object) -> Node:
        if isinstance(value, dict):
            return Node({key: node(item) for key, item in value.items()}, Location("t.yaml", 2))
        if isinstance(value, list):
            return Node(tuple(node(item) for item in value), Location("t.yaml", 2))
        return Node(value, Location("t.yaml", 2))  # type: ignore[arg-type]

    resource = Resource("Docs", "AWS::S3::Bucket", node({}), Location("t.yaml", 1), metadata=node(plain))
    return App("a", "SAM", "t.yaml", resources={"Docs": resource})


def test_template_metadata_accepts_findings_of_its_resource() -> None:
    app = metadata({"remit": {"ignore": [{"rule": "public-bucket", "reason": "a website"}]}})
    found, wrong = suppressions.in_metadata(app, KNOWN)
    assert wrong == []
    mine = finding(9, "public-bucket", "t.yaml", "Docs")
    other = finding(9, "public-bucket", "t.yaml", "Other")
    assert suppressions.apply([mine, other], found, {}, "2026-01-01")[0] == [other]


def test_metadata_of_odd_shape_never_crashes_and_never_suppresses() -> None:
    for odd in (
        "x",
        ["remit"],
        {"remit": "ignore"},
        {"remit": {"ignore": "public-bucket"}},
        {"remit": {"ignore": [["x"]]}},
    ):
        found, _ = suppressions.in_metadata(metadata(odd), KNOWN)
        assert found == []


def test_remit_toml_accepts_by_resource_or_file_pattern() -> None:
    by_file = Suppression("public-bucket", "generated", Location("remit.toml", 1), file="legacy/*.yaml")
    inside, outside = finding(1, "public-bucket", "legacy/a.yaml"), finding(1, "public-bucket", "new/a.yaml")
    assert suppressions.apply([inside, outside], [by_file], {}, "")[0] == [outside]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app.py", 'a\nb\nq = "# remit: ignore[shell-injection] x"; os.system(q)'),
        ("app.py", 'a\n"""\n# remit: ignore[shell-injection] x\n"""'),
        ("a.js", "a\nb\nexec('// remit: ignore[shell-injection] x')"),
        ("a.js", "a\nb\nexec(`// remit: ignore[shell-injection] x`)"),
        ("t.yaml", "a: 1\nb: 1\nc: 'x # remit: ignore[shell-injection] x'"),
        ("t.yaml", "a: 1\nb: |\n  x # remit: ignore[shell-injection] x"),
        ("t.json", '{\n\n"# remit: ignore[shell-injection] x": 1}'),
    ],
)
def test_what_a_string_says_accepts_nothing(file: str, text: str) -> None:
    assert live(text, finding(3, file=file), file=file) != []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app.py", 'a\nq = "# no"\nos.system(q)  # remit: ignore[shell-injection] x'),
        ("app.py", "a\n# remit: ignore[shell-injection] x\nos.system(q)\ndef broken(:"),
        ("a.js", "a\nb\nexec('it\\'s', x) /* remit: ignore[shell-injection] x */"),
        ("a.ts", "a\n/* remit: ignore[shell-injection] x */\nexec(x)"),
        ("t.yaml", "a: 1\nb: 1\nc: 'x # y' # remit: ignore[shell-injection] x"),
        ("t.yml", "a: 1\n# remit: ignore[shell-injection] x\nc: | # why\n  text"),
        ("t.template", "a: 1\nb: 1\nc: d#e # remit: ignore[shell-injection] x"),
    ],
)
def test_every_kind_of_real_comment_does(file: str, text: str) -> None:
    assert live(text, finding(3, file=file), file=file) == []


@given(st.sampled_from(["a.py", "a.ts", "a.yaml", "a.json", "a.template"]), st.text("#/*'\"`\\\n\t remit:|{}[]x-"))
def test_no_text_stops_the_search_for_comments(file: str, text: str) -> None:
    lines = text.split("\n")
    for comment in comments_of(file, text):
        assert lines[comment.line - 1][comment.column - 1 :].startswith(comment.text)

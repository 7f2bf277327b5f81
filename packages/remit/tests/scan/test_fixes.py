from hypothesis import given
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.report import Edit, Finding, Fix, Severity
from remit.scan import fixes

TEXT = "Runtime: python3.8\nAuth: NONE\n"


def finding(*edits: Edit, safe: bool = True) -> Finding:
    return Finding("r", Severity.LOW, "high", "m", Location("t.yaml", 1), fixes=(Fix("mend it", edits, safe=safe),))


def edit(line: int, start: int, end: int, text: str) -> Edit:
    return Edit(Location("t.yaml", line, start, line, end), text)


def test_edits_are_applied_from_the_back() -> None:
    first, second = finding(edit(1, 10, 19, "python3.13")), finding(edit(2, 7, 11, "AWS_IAM"))
    changed, done = fixes.apply([first, second], {"t.yaml": TEXT}, "safe")
    assert changed == {"t.yaml": "Runtime: python3.13\nAuth: AWS_IAM\n"}
    assert len(done) == 2


def test_unsafe_fixes_need_all() -> None:
    item = finding(edit(1, 10, 19, "x"), safe=False)
    assert fixes.apply([item], {"t.yaml": TEXT}, "safe") == ({}, [])
    assert fixes.apply([item], {"t.yaml": TEXT}, "all")[0]


def test_overlapping_edits_wait_for_the_next_run() -> None:
    changed, done = fixes.apply(
        [finding(edit(1, 10, 19, "a")), finding(edit(1, 12, 15, "b"))], {"t.yaml": TEXT}, "safe"
    )
    assert changed["t.yaml"].startswith("Runtime: a\n")
    assert len(done) == 1


def test_an_edit_outside_of_the_file_changes_nothing() -> None:
    for bad in (edit(9, 1, 2, "x"), edit(1, 50, 60, "x"), Edit(Location("gone", 1), "x")):
        assert fixes.apply([finding(bad)], {"t.yaml": "ab\n"}, "safe") == ({}, [])


@given(st.text(), st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_offsets_stay_inside_the_text(text: str, line: int, column: int, end_line: int, end_column: int) -> None:
    span = fixes.offsets(Location("f", line, column, end_line, end_column), text)
    if span is not None:
        assert 0 <= span[0] <= span[1] <= len(text)

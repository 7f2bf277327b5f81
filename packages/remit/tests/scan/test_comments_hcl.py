"""Comments of Terraform files: where suppressions may stand."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from remit.scan import Plan, run
from remit.scan.comments import comments


def told(text: str) -> list[tuple[int, int, str, bool]]:
    return [(item.line, item.column, item.text, item.alone) for item in comments("main.tf", text)]


def test_every_kind_of_comment() -> None:
    text = "# one\nlocals {\n  a = 1 // two\n  /* three\n     four */ b = 2\n}\n"
    assert told(text) == [
        (1, 1, "# one", True),
        (3, 9, "// two", False),
        (4, 3, "/* three", True),
        (5, 1, "     four */", True),
    ]


def test_what_stands_in_texts_is_no_comment() -> None:
    assert told('a = "x # y // z"\nb = "${f("# no", { k = "}" })} # no" # yes\n') == [(2, 38, "# yes", False)]


def test_what_stands_in_a_heredoc_is_no_comment() -> None:
    assert told('a = <<-EOT\n  # no\n  "\n  EOT\nb = "c" # yes\n') == [(5, 9, "# yes", False)]
    assert told("a = <<EOT\n# never closed\n") == []


@given(st.text(alphabet='"${}\\#/*<-EOT\n a', max_size=200))
def test_any_text_is_read(text: str) -> None:
    for item in comments("main.tf", text):
        assert text.split("\n")[item.line - 1][item.column - 1 :].startswith(item.text)


def test_a_suppression_in_a_configuration(tmp_path: Path) -> None:
    block = 'resource "aws_sqs_queue" "jobs" {\n  sqs_managed_sse_enabled = false\n}\n'
    (tmp_path / "main.tf").write_text(block)
    assert [finding.rule for finding in run(Plan((tmp_path,), today="2026-10-01")).findings] == ["store-not-encrypted"]
    (tmp_path / "main.tf").write_text(
        block.replace("= false", "= false # remit: ignore[store-not-encrypted] holds nothing of value")
    )
    report = run(Plan((tmp_path,), today="2026-10-01"))
    assert not report.findings
    assert [item.finding.rule for item in report.suppressed] == ["store-not-encrypted"]

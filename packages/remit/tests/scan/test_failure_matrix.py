"""Nothing that was not examined is ever clean: each way to fail gives one clear line, exit 4, and the rest is examined."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.cli import main

GOOD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Fine:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: code/, Tracing: Active}
"""
CODE = "def handler(event, context):\n    return 'done'\n"

Scan = Callable[..., tuple[int, str, str]]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/app.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(GOOD)
    return tmp_path


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Scan:
    for name in [name for name in os.environ if name.startswith("REMIT_")]:
        monkeypatch.delenv(name)

    def call(*arguments: object, cwd: Path | None = None) -> tuple[int, str, str]:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["remit", "scan", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsysbinary.readouterr()
        return int(end.value.code or 0), captured.out.decode(), captured.err.decode()

    return call


def says(err: str, pattern: str) -> None:
    """One line, and only one, says it; and nothing looks like a traceback."""
    lines = [line for line in err.splitlines() if re.search(pattern, line)]
    assert len(lines) == 1, err
    assert "Traceback" not in err


def test_a_clean_app_is_clean(app: Path, scan: Scan) -> None:
    code, out, err = scan(app)
    assert (code, err) == (0, "")
    assert "no findings in 1 function" in out


def test_an_empty_folder_is_nothing_to_examine(tmp_path: Path, scan: Scan) -> None:
    code, _, err = scan(tmp_path)
    assert code == 3
    says(err, "nothing to examine")


def test_a_missing_path_is_usage(tmp_path: Path, scan: Scan) -> None:
    code, out, err = scan(tmp_path / "gone")
    assert (code, out) == (2, "")
    says(err, "gone: ")


def test_an_unknown_option_is_usage(app: Path, scan: Scan) -> None:
    assert scan(app, "--nothing")[0] == 2
    assert scan(app, "--format", "pdf")[0] == 2


BROKEN = {
    "unclosed": "Resources: {A: {Type: AWS::S3::Bucket",
    "tab": "Resources:\n\tA: {Type: AWS::S3::Bucket}\n",
    "duplicate-anchor-bomb": "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "Resources: {A: {Type: AWS::S3::Bucket, Properties: {Tags: *i}}}\n",
    "recursive-alias": "Resources: &r {A: {Type: AWS::S3::Bucket, Properties: *r}}\n",
    "deep": "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: " + "[" * 5000 + "]" * 5000 + "\n",
    "resources-list": "Resources:\n  - Type: AWS::S3::Bucket\nTransform: AWS::Serverless-2016-10-31\n",
    "not-utf8": "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: \xff\xfe}}}",
    "events-list": "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: ., Events: [a, b]}\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_template_is_named_and_the_rest_examined(app: Path, scan: Scan, kind: str) -> None:
    (app / "other").mkdir()
    (app / "other/template.yaml").write_bytes(BROKEN[kind].encode("latin-1"))
    code, out, err = scan(app)
    assert code == 4, (out, err)
    assert "Traceback" not in err
    assert any("other/template.yaml" in line for line in (out + err).splitlines())
    assert "1 function" in out


def test_a_broken_template_alone_is_incomplete_not_empty(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket")
    code, _, err = scan(tmp_path)
    assert code == 4
    says(err, r"template\.yaml:\d+:\d+: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_template_is_named(app: Path, scan: Scan) -> None:
    (app / "other").mkdir()
    locked = app / "other/template.yaml"
    locked.write_text(GOOD)
    locked.chmod(0)
    code, out, err = scan(app)
    locked.chmod(0o600)
    assert code == 4
    says(err, r"other/template\.yaml: cannot be read")
    assert "1 function" in out


def test_code_that_is_not_there_is_incomplete(app: Path, scan: Scan) -> None:
    (app / "template.yaml").write_text(GOOD.replace("code/", "nowhere/"))
    code, out, err = scan(app)
    assert code == 4
    assert "nowhere" in out + err


def test_broken_python_is_named_and_the_rest_examined(app: Path, scan: Scan) -> None:
    (app / "code/app.py").write_text("def handler(event, context:\n")
    code, out, err = scan(app)
    assert code == 4
    assert "app.py" in out + err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "text", ["x = 1\0\n", "\ufeffdef handler(e, c):\n    pass\n", "(" * 3000 + ")" * 3000, "-" * 90_000 + "1"]
)
def test_odd_python_never_ends_in_our_own_fault(app: Path, scan: Scan, text: str) -> None:
    (app / "code/app.py").write_text(text)
    assert scan(app)[0] in (0, 4)


def test_python_of_another_encoding_is_never_clean_in_silence(app: Path, scan: Scan) -> None:
    (app / "code/app.py").write_bytes(b"# \xff\xfe\ndef handler(event, context):\n    return 1\n")
    code, out, err = scan(app)
    assert code == 4
    assert "app.py" in out + err


def test_a_folder_that_contains_itself_ends(app: Path, scan: Scan) -> None:
    (app / "code/loop").symlink_to(app, target_is_directory=True)
    (app / "again").symlink_to(app, target_is_directory=True)
    code, out, _ = scan(app)
    assert code in (0, 4)
    assert "in 1 function" in out


def test_a_language_without_a_front_is_incomplete(app: Path, scan: Scan) -> None:
    (app / "template.yaml").write_text(GOOD.replace("python3.13", "java21"))
    code, out, _ = scan(app)
    assert code == 4
    assert "skipped" in out


def test_stale_advisory_data_is_incomplete_only_when_something_depends_on_it(app: Path, scan: Scan) -> None:
    assert scan(app, "--max-advisory-age", 0)[0] == 0
    (app / "code/requirements.txt").write_text("idna==3.10\n")
    assert scan(app, "--max-advisory-age", 0)[0] == 4
    assert scan(app, "--max-advisory-age", 100_000)[0] == 0


def test_missing_advisory_data_is_incomplete(app: Path, scan: Scan) -> None:
    (app / "code/requirements.txt").write_text("idna==3.10\n")
    code, _, err = scan(app, "--advisories", app / "none.xz")
    assert code == 4
    says(err, r"none\.xz")


def test_a_suppression_without_reason_is_incomplete(app: Path, scan: Scan) -> None:
    (app / "code/app.py").write_text(CODE + "# remit: ignore[ssrf]\n")
    code, _, err = scan(app)
    assert code == 4
    says(err, r"app\.py:3:1: .*no reason")


def test_a_broken_remit_toml_is_named(app: Path, scan: Scan) -> None:
    (app / "remit.toml").write_text("= what\n")
    code, _, err = scan(app)
    assert code == 4
    says(err, r"remit\.toml")


def test_findings_win_over_incomplete_and_both_are_said(app: Path, scan: Scan) -> None:
    (app / "template.yaml").write_text(GOOD.replace("3.13", "3.8"))
    (app / "b.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket")
    code, out, err = scan(app)
    assert code == 1
    assert "end-of-life-runtime" in out
    says(err, r"b\.yaml")
    assert scan(app, "--exit-zero")[0] == 4
    assert scan(app, "--fail-on", "high")[0] == 4
    assert scan(app, "--fail-on", "never")[0] == 4


def test_several_roots_are_one_report(app: Path, tmp_path: Path, scan: Scan) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert scan(app / "template.yaml", empty)[0] == 0


@pytest.mark.parametrize("form", ["json", "sarif", "github", "gitlab", "junit", "html"])
def test_no_format_hides_that_the_result_is_incomplete(app: Path, scan: Scan, form: str) -> None:
    (app / "b.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket")
    code, out, _ = scan(app, "--format", form)
    assert code == 4
    assert "b.yaml" in out

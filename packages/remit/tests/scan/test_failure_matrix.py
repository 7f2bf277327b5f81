"""Nothing that was not examined is ever clean: each way to fail gives one clear line, exit 4, and the rest is examined."""

import os
import re
import shutil
import subprocess
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


def unprivileged(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Runs the command as someone whom file modes bind: root gives up what lets it read everything."""
    command = [sys.executable, "-c", "from remit.cli import main; main()", *arguments]
    if os.geteuid() == 0:
        drop = "-dac_override,-dac_read_search"
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root reads everything, and there is no setpriv here")
        command = [setpriv, f"--bounding-set={drop}", f"--inh-caps={drop}", *command]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=plain, timeout=120)
    return done.returncode, done.stdout, done.stderr


LOCKED = {
    "template": ("other/template.yaml", r"other/template\.yaml: cannot be read: Permission denied"),
    "template-folder": ("other", r"other/?: cannot be listed: Permission denied"),
    "code-folder": ("code", r"code: cannot be listed: Permission denied"),
    "code-file": ("code/app.py", r"code/app\.py: cannot be read: Permission denied"),
    "requirements": ("code/requirements.txt", r"code/requirements\.txt: cannot be read: Permission denied"),
    "settings": ("remit.toml", r"remit\.toml: cannot be read: Permission denied"),
}


@pytest.mark.parametrize("kind", LOCKED)
def test_what_may_not_be_read_is_named_once_and_the_rest_examined(app: Path, kind: str) -> None:
    (app / "other").mkdir()
    (app / "other/template.yaml").write_text(GOOD.replace("code/", "../code/"))
    (app / "code/requirements.txt").write_text("")
    (app / "remit.toml").write_text("")
    locked, pattern = app / LOCKED[kind][0], LOCKED[kind][1]
    mode = locked.stat().st_mode
    locked.chmod(0)
    code, out, err = unprivileged("scan", cwd=app)
    locked.chmod(mode)
    assert code == 4, (out, err)
    says(err, pattern)
    assert "fault" not in err
    assert "function" in out


def test_advisory_data_that_may_not_be_read_is_named(app: Path) -> None:
    (app / "code/requirements.txt").write_text("requests==2.19.0\n")
    (app / "data.xz").write_bytes(b"")
    (app / "data.xz").chmod(0)
    code, _, err = unprivileged("scan", "--advisories", "data.xz", cwd=app)
    assert code == 4
    says(err, r"data\.xz: the advisory data cannot be read: Permission denied")


def test_a_root_that_may_not_be_looked_at_is_incomplete(app: Path) -> None:
    (app / "locked/app").mkdir(parents=True)
    (app / "locked").chmod(0)
    first = unprivileged("scan", "locked", cwd=app)
    second = unprivileged("scan", "locked/app", cwd=app)
    (app / "locked").chmod(0o700)
    assert (first[0], second[0]) == (4, 4), (first, second)
    says(first[2], r"cannot be listed: Permission denied")
    says(second[2], r"locked/app: cannot be read: Permission denied")


UNPARSABLE = {
    "template.yaml": "Description: x\nOutputs:\n  A: [1,2\n",
    "b.yaml": 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  A: [1,2\n',
    "deep.yaml": "Transform: AWS::Serverless-2016-10-31\nResources: " + "[" * 20_000 + "]" * 20_000 + "\n",
    "deep.json": '{"Transform": "AWS::Serverless-2016-10-31", "Resources": ' + "[" * 20_000 + "]" * 20_000 + "}",
    "list.yaml": "Transform:\n  - AWS::Serverless-2016-10-31\nResources: []\n",
    "none.yaml": "AWSTemplateFormatVersion: 2010-09-09\nDescription: no resources\n",
    "sam-template.json": "{",
    "sam.yaml": "Resources:\n\tF: x\nfoo: {",
    "net-cfn.yml": "Outputs: {",
    "net.template": "Resources:\n  A: [1,2\n",
}


@pytest.mark.parametrize("name", UNPARSABLE)
def test_whatever_says_it_is_a_template_is_reported_in_a_folder_and_alone(app: Path, scan: Scan, name: str) -> None:
    (app / "other").mkdir()
    (app / "other" / name).write_text(UNPARSABLE[name])
    for root in (app, app / "other", app / "other" / name):
        code, _, err = scan(root)
        assert code == 4, (root, err)
        says(err, rf"{re.escape(name)}:\d+:\d+: ")


@pytest.mark.parametrize(
    "text", ["apiVersion: scaffolder.example/v1\nkind: Template\n", "a: 1\n", "{{- if .Values.x }}\napiVersion: v1\n"]
)
def test_templates_of_other_systems_fail_nothing(app: Path, scan: Scan, text: str) -> None:
    (app / "other").mkdir()
    (app / "other/template.yaml").write_text(text)
    assert scan(app)[0] == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are named elsewhere")
@pytest.mark.parametrize("name", ["other/template.yaml", "code/lib.py", "code/requirements.txt", "remit.toml"])
def test_pipes_are_named_and_never_waited_for(app: Path, scan: Scan, name: str) -> None:
    (app / "other").mkdir()
    os.mkfifo(app / name)
    code, out, err = scan(app)
    assert code == 4
    says(err, rf"{re.escape(name)}: cannot be read: not a regular file")
    assert "1 function" in out


def test_a_broken_file_that_nobody_imports_is_a_remark(app: Path, scan: Scan) -> None:
    (app / "code/old.py").write_text("x = 1\nprint 'hello'\n")
    (app / "code/odd.py").write_text("x = '\\d'\n")
    code, out, err = scan(app, "-v")
    assert (code, err) == (0, "")
    assert "code/old.py:2" in out
    assert "odd.py" not in out


def test_an_unknown_setting_is_usage(app: Path, scan: Scan) -> None:
    (app / "remit.toml").write_text('[scna]\nfail-on = "high"\n')
    code, out, err = scan(app)
    assert (code, out) == (2, "")
    says(err, r"remit\.toml:1: \[scna\] is unknown: did you mean \[scan\]\?")


def test_one_empty_root_of_several_is_named(app: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "void").mkdir()
    code, _, err = scan(app, tmp_path / "void")
    assert code == 0
    says(err, r"/void: nothing to examine")


@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
def test_an_output_that_cannot_be_written_is_usage(app: Path, scan: Scan, option: str) -> None:
    code, _, err = scan(app, option, app / "no/where.txt")
    assert code == 2
    says(err, r"no/where\.txt: cannot be written: No such file")


NESTED = (
    GOOD
    + """\
  Inner:
    Type: AWS::Serverless::Application
    Properties: {Location: inner/template.yaml}
  Foreign:
    Type: AWS::Serverless::Application
    Properties: {Location: {ApplicationId: "arn:aws:serverlessrepo:us-east-1:1:applications/x", SemanticVersion: 1.0.0}}
"""
)


def test_a_nested_application_that_is_scanned_is_no_gap(app: Path, scan: Scan) -> None:
    (app / "inner").mkdir()
    (app / "inner/template.yaml").write_text(GOOD.replace("code/", "../code/"))
    (app / "template.yaml").write_text(NESTED.partition("  Foreign")[0])
    assert scan(app)[0] == 0
    assert scan(app / "template.yaml")[0] == 0
    (app / "template.yaml").write_text(NESTED)
    code, out, _ = scan(app)
    assert code == 4
    assert "Foreign" in out


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

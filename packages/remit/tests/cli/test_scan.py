import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.cli import _options, main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Old:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.8
      Handler: app.handler
      CodeUri: code
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/app.py").write_text("def handler(event, context):\n    return 1\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def remit(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    for name in [name for name in os.environ if name.startswith("REMIT_")]:
        monkeypatch.delenv(name)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["remit", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsysbinary.readouterr()
        return int(end.value.code or 0), captured.out.decode(), captured.err.decode()

    return call


def rules_of(out: str) -> list[str]:
    return sorted(finding["rule"] for finding in json.loads(out)["findings"])


def test_paths_are_relative_to_where_one_stands(app: Path, remit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {item["location"]["file"] for item in json.loads(remit("scan", "--format", "json")[1])["findings"]}
    assert files == {"template.yaml"}
    monkeypatch.chdir(app.parent)
    files = {item["location"]["file"] for item in json.loads(remit("scan", app, "--format", "json")[1])["findings"]}
    assert files == {f"{app.name}/template.yaml"}
    assert f"{app.name}/template.yaml:6" in remit("scan", app)[1]


def test_the_threshold_decides_and_exit_zero_silences(app: Path, remit: Call) -> None:
    assert remit("scan")[0] == 1
    assert remit("scan", "--fail-on", "high")[0] == 0
    assert remit("scan", "--fail-on", "never")[0] == 0
    assert remit("scan", "--exit-zero")[0] == 0


def test_options_come_from_environment_and_remit_toml(app: Path, remit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    (app / "remit.toml").write_text('[scan]\nfail-on = "high"\n')
    assert remit("scan")[0] == 0
    monkeypatch.setenv("REMIT_FAIL_ON", "low")
    assert remit("scan")[0] == 1
    assert remit("scan", "--fail-on", "critical")[0] == 0
    monkeypatch.delenv("REMIT_FAIL_ON")
    (app / "remit.toml").write_text('[scan]\nfail-on = "sometimes"\n')
    code, _, err = remit("scan")
    assert code == 2
    assert "fail-on" in err


def test_stricter_personas_see_more(app: Path, remit: Call) -> None:
    counts = [len(rules_of(remit("scan", "--format", "json", "--persona", who)[1])) for who in ("regular", "auditor")]
    assert counts[0] == 2
    assert counts[1] > counts[0]


def test_a_baseline_leaves_only_what_is_new(app: Path, remit: Call) -> None:
    assert remit("scan", "--write-baseline", "known.json")[0] == 0
    code, out, _ = remit("scan", "--baseline", "known.json")
    assert code == 0
    assert "2 in the baseline" in out
    (app / "template.yaml").write_text(
        "# moved\n" + TEMPLATE.replace("  Jobs:", "  Other: {Type: AWS::EFS::FileSystem}\n  Jobs:")
    )
    assert rules_of(remit("scan", "--baseline", "known.json", "--format", "json")[1]) == ["store-not-encrypted"]
    assert remit("scan", "--baseline", "none.json")[0] == 2


def test_a_baseline_holds_wherever_one_stands(app: Path, remit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remit("scan", "--write-baseline", "known.json")[0] == 0
    assert {item["file"] for item in json.loads((app / "known.json").read_text())["findings"]} == {"template.yaml"}
    marks = [item["fingerprint"] for item in json.loads(remit("scan", "--format", "json")[1])["findings"]]
    (app.parent / "away").mkdir(exist_ok=True)
    for place, root in ((app.parent, app.name), (app.parent / "away", str(app)), (app, "template.yaml")):
        monkeypatch.chdir(place)
        assert remit("scan", root, "--baseline", app / "known.json")[0] == 0
        found = json.loads(remit("scan", root, "--format", "json")[1])["findings"]
        assert [item["fingerprint"] for item in found] == marks


def test_columns_are_obeyed_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    widths = []
    for columns in ("60", "900", "none", "0", ""):
        monkeypatch.setenv("COLUMNS", columns)
        widths.append(_options.width())
    assert widths == [60, 140, 100, 100, 100]


def test_suppressions_in_code_inside_a_template_are_its_own_comments(app: Path, remit: Call) -> None:
    def template(first: str, last: str) -> None:
        (app / "template.yaml").write_text(
            "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n"
            "      Handler: index.handler\n      Code:\n        ZipFile: |\n          import os\n"
            f"          def handler(event, context):\n              {first}\n"
            f"              os.system(event['x']){last}\n"
        )

    template("pass", "")
    assert "shell-injection" in rules_of(remit("scan", "--format", "json")[1])
    template("pass", "  # remit: ignore[shell-injection] a bench")
    assert "shell-injection" not in rules_of(remit("scan", "--format", "json")[1])
    template("# remit: ignore[shell-injection] a bench", "")
    assert "shell-injection" not in rules_of(remit("scan", "--format", "json")[1])
    template("q = '# remit: ignore[shell-injection] a bench'", "")
    assert "shell-injection" in rules_of(remit("scan", "--format", "json")[1])


def test_fixes_are_written_once(app: Path, remit: Call) -> None:
    code, out, _ = remit("scan", "--fix=all")
    assert code == 0
    assert "fixed" in out
    text = (app / "template.yaml").read_text()
    assert text == TEMPLATE.replace("python3.8", "python3.13").replace("Enabled: false", "Enabled: true")
    remit("scan", "--fix=all")
    assert (app / "template.yaml").read_text() == text


def test_safe_fixes_leave_alone_what_may_break_something(app: Path, remit: Call) -> None:
    remit("scan", "--fix")
    assert (app / "template.yaml").read_text() == TEMPLATE


def test_windows_line_ends_survive_a_fix(app: Path, remit: Call) -> None:
    (app / "template.yaml").write_bytes(TEMPLATE.replace("\n", "\r\n").encode())
    remit("scan", "--fix=all")
    data = (app / "template.yaml").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == TEMPLATE.count("\n")


def test_suppressions_are_counted_and_shown_on_request(app: Path, remit: Call) -> None:
    (app / "template.yaml").write_text(
        TEMPLATE.replace("python3.8", "python3.8  # remit: ignore[end-of-life-runtime] moves next week").replace(
            "    Type: AWS::SQS::Queue\n",
            "    Type: AWS::SQS::Queue\n    Metadata: {remit: {ignore: [{rule: store-not-encrypted, reason: no data in it}]}}\n",
        )
    )
    code, out, _ = remit("scan", "-v")
    assert code == 0
    assert "2 suppressed" in out
    assert "moves next week" in out
    assert "no data in it" in out


def test_output_goes_to_a_file_and_talk_to_stderr(app: Path, remit: Call) -> None:
    code, out, _ = remit("scan", "--format", "sarif", "-o", "remit.sarif")
    assert (code, out) == (1, "")
    assert json.loads((app / "remit.sarif").read_text())["version"] == "2.1.0"
    code, _, err = remit("scan", "-o", app / "no/where.txt")
    assert code != 0
    assert "where.txt" in err


def test_no_secret_is_in_any_report(app: Path, remit: Call) -> None:
    secret = "Kiesel-3391-Turm-q4"
    (app / "code/app.py").write_text(
        f'DB_PASSWORD = "{secret}"\ndef handler(event, context):\n    return DB_PASSWORD\n'
    )
    for form in ("text", "json", "sarif", "github", "gitlab", "junit", "html"):
        out = remit("scan", "--format", form)[1]
        assert "secret-in-code" in out
        assert secret not in out


def test_version_and_help_load_no_scanner() -> None:
    for arguments in ("--version", "--help", "scan --help"):
        script = (
            "import sys; sys.argv = ['remit', *sys.argv[1].split()]\n"
            "from remit.cli import main\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "heavy = {'yaml', 'msgspec', 'cryptography', 'chdb', 'boto3', 'jinja2', 'asyncio', 'json'}\n"
            "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
        )
        done = subprocess.run([sys.executable, "-c", script, arguments], capture_output=True, text=True, check=True)
        assert done.stderr == "[]\n"
        assert "remit" in done.stdout


def test_a_text_report_loads_no_json_machinery_of_renderers(app: Path) -> None:
    script = (
        "import sys; sys.argv = ['remit', 'scan']\n"
        "from remit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'cryptography', 'html', 'chdb', 'boto3', 'jinja2', 'asyncio', 'rich', 'remit.render.sarif'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=app)
    assert done.stderr.splitlines()[-1] == "[]"

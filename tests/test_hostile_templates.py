"""Templates made to hurt whoever reads them: every one ends in bounded time and memory, with one line that names it.

Each is scanned by a child process that may use so much memory and processor time and no more; beside it lies a good app,
which has to be examined all the same. Nothing is timed: a child that takes too long is killed, and then the test fails.
"""

import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

MEMORY = 1_500_000_000
SECONDS = 90
GOOD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Fine: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, Tracing: Active}}
"""
SAM = "Transform: AWS::Serverless-2016-10-31\n"


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def scan(folder: Path) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    done = subprocess.run(
        [sys.executable, "-c", "from remit.cli import main; main()", "scan", str(folder), "--format", "json"],
        check=False,
        capture_output=True,
        env=environment,
        preexec_fn=_limits,
        timeout=3 * SECONDS,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    """A folder with a good app in it, and one for the hostile."""
    (tmp_path / "good").mkdir()
    (tmp_path / "good/template.yaml").write_text(GOOD)
    (tmp_path / "good/app.py").write_text("def handler(event, context):\n    return 'done'\n")
    (tmp_path / "bad").mkdir()
    return tmp_path


def examined(bed: Path) -> tuple[int, list[str], str]:
    """Scans; the good app has to be there, nothing may look like a traceback. Exit code, gaps, the whole report."""
    code, out, err = scan(bed)
    assert "Traceback" not in err, err[-2000:]
    assert code in (0, 1, 4), (code, err[-2000:])
    report = json.loads(out)
    assert "good/template.yaml" in json.dumps(report), out[:2000]
    gaps = [json.dumps(item) for key in ("failures", "skipped") for item in report.get(key, ())]
    return code, gaps, out


def refused(bed: Path, name: str) -> None:
    """The hostile file is named once, and the scan is incomplete."""
    code, gaps, _ = examined(bed)
    assert code == 4, gaps
    assert any(name in gap for gap in gaps), gaps


def _bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join([*lines, f"Resources: {{A: {{Type: AWS::S3::Bucket, Properties: {{Tags: *a{levels - 1}}}}}}}\n"])


def _bucket(properties: str) -> str:
    return f"Resources: {{A: {{Type: AWS::S3::Bucket, Properties: {properties}}}}}\n"


def _loops(depth: int, width: int) -> str:
    names = json.dumps([f"N{number}" for number in range(width)])
    inner = '{"B${L0}": {"Type": "AWS::S3::Bucket"}}'
    for level in range(depth):
        inner = f'{{"Fn::ForEach::X{level}": ["L{level}", {names}, {inner}]}}'
    return f'{{"Transform": "AWS::LanguageExtensions", "Resources": {inner}}}'


def _doubled(levels: int) -> str:
    """Texts that are put together from two of the text before."""
    text: object = "x" * 10
    for _ in range(levels):
        text = {"Fn::Join": ["", [text, "y"]]}
    anchors = ["a0: &a0 xxxxxxxxxx"]
    anchors += [f"a{n}: &a{n} {{'Fn::Join': ['', [*a{n - 1}, *a{n - 1}]]}}" for n in range(1, levels)]
    return "\n".join([*anchors, _bucket(f"{{BucketName: *a{levels - 1}}}")])


FILES: dict[str, tuple[str, bytes]] = {
    "alias bomb": ("template.yaml", _bomb(12).encode()),
    "alias that contains itself": ("template.yaml", b"Resources: &r {A: {Type: AWS::S3::Bucket, Properties: *r}}\n"),
    "lists in lists": ("template.yaml", _bucket("[" * 20_000 + "]" * 20_000).encode()),
    "objects in objects": (
        "template.json",
        b'{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_003,
    ),
    "functions in functions": (
        "template.yaml",
        _bucket("{BucketName: " + '{"Fn::Base64": ' * 5_000 + "x" + "}" * 5_000 + "}").encode(),
    ),
    "a hundred thousand resources": (
        "template.yaml",
        b"Resources:\n" + b"".join(b"  R%d: {Type: AWS::S3::Bucket}\n" % number for number in range(100_000)),
    ),
    "a hundred thousand resources, in JSON": (
        "template.json",
        json.dumps({"Resources": {f"R{n}": {"Type": "AWS::SQS::Queue"} for n in range(100_000)}}).encode(),
    ),
    "more text than a template may have": ("template.yaml", SAM.encode() + b"# " + b"x" * 8_000_000 + b"\n"),
    "bytes that are no text": ("template.yaml", SAM.encode() + b"Resources: {A: {Type: \xff\xfe\x80}}\n"),
    "two bytes for a letter": ("template.yaml", (SAM + "Resources: {A: 1}\n").encode("utf-16")),
    "zero bytes": ("template.yaml", b"Resources:\0\0\0\n"),
    "texts that double": ("template.yaml", _doubled(60).encode()),
    "service that includes itself": (
        "serverless.yml",
        b"service: s\nprovider: {name: aws}\nfunctions: ${file(./serverless.yml):functions}\ncustom: ${file(./serverless.yml)}\n",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_template_is_named_and_the_rest_examined(bed: Path, name: str) -> None:
    file, data = FILES[name]
    (bed / "bad" / file).write_bytes(data)
    refused(bed, f"bad/{file}")


#: Files that say more than they are worth, or lead in circles, without being wrong: read or refused, but in bounds.
BOUNDED: dict[str, dict[str, str]] = {
    "loops in loops": {"template.json": _loops(6, 40)},
    "conditions in a circle": {
        "template.yaml": "Conditions: {A: !Not [{Condition: B}], B: !Not [{Condition: A}]}\n"
        + _bucket("{BucketName: !If [A, a, b]}")
    },
    "a template that includes itself": {
        "template.yaml": "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: template.yaml}}\n"
        "  A: {Type: AWS::S3::Bucket, Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: template.yaml}}}}\n"
    },
    "applications that nest each other": {
        f"{one}.yaml": SAM
        + f"Resources: {{N: {{Type: AWS::Serverless::Application, Properties: {{Location: {two}.yaml}}}}}}\n"
        for one, two in (("a", "b"), ("b", "a"))
    },
    "stacks that nest themselves twice": {
        "template.yaml": SAM
        + "Resources:\n"
        + "".join(
            f"  N{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: template.yaml}}}}\n"
            for n in range(20)
        )
    },
    "variables in a circle": {
        "serverless.yml": "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "custom: {a: '${self:custom.b}', b: '${self:custom.a}'}\nfunctions: {f: {handler: '${self:custom.a}'}}\n"
    },
    "variables that double": {
        "serverless.yml": "service: s\nprovider: {name: aws, runtime: python3.12}\ncustom:\n  a0: xxxxxxxxxx\n"
        + "".join(f"  a{n}: '${{self:custom.a{n - 1}}}${{self:custom.a{n - 1}}}'\n" for n in range(1, 60))
        + "functions: {f: {handler: '${self:custom.a59}'}}\n"
    },
    "locals in a circle": {
        "main.tf": 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_sqs_queue" "q" { name = local.a }\n'
    },
    "locals that double": {
        "main.tf": 'locals {\n  a0 = "xxxxxxxxxx"\n'
        + "".join(f'  a{n} = "${{local.a{n - 1}}}${{local.a{n - 1}}}"\n' for n in range(1, 60))
        + '}\nresource "aws_sqs_queue" "q" { name = local.a59 }\n'
    },
    "lists that multiply": {
        "main.tf": "locals {\n  a0 = range(1000)\n"
        + "".join(f"  a{n} = flatten([for x in local.a{n - 1} : [for y in range(1000) : y]])\n" for n in range(1, 10))
        + '}\nresource "aws_sqs_queue" "q" { name = join("", local.a9) }\n'
    },
    "a million of each": {
        "main.tf": 'resource "aws_sqs_queue" "q" {\n  count = 100000000\n  name = "q${count.index}"\n}\n'
        'resource "aws_sqs_queue" "r" {\n  for_each = toset([for n in range(100000000) : tostring(n)])\n  name = each.key\n}\n'
    },
    "a module that uses itself": {"main.tf": 'module "a" { source = "./" }\nmodule "b" { source = "./" }\n'},
    "brackets in Terraform": {"main.tf": "locals { a = " + "[" * 20_000 + "]" * 20_000 + " }\n"},
    "a machine of machines": {
        "template.yaml": "Resources: {M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: '"
        + '{"States":{"A":{"Type":"Map","Iterator":' * 3_000
        + "{}"
        + "}}}" * 3_000
        + "'}}}\n"
    },
    "patterns that ignore slowly": {
        ".gitignore": "*a*a*a*a*a*a*a*a*a*a*a*a*b\n" * 1_500,
        "a" * 200: "",
        "template.yaml": GOOD,
    },
}


@pytest.mark.parametrize("name", BOUNDED)
def test_what_leads_in_circles_ends(bed: Path, name: str) -> None:
    for file, text in BOUNDED[name].items():
        (bed / "bad" / file).write_text(text)
    code, gaps, out = examined(bed)
    assert code == 4 or not gaps, gaps
    told = json.dumps(json.loads(out)["apps"]) + "".join(gaps)
    assert '"bad/' in told, told  # neither read nor refused would be silence


Make = Callable[[Path, Path], None]


def _link_to_template(bad: Path, outside: Path) -> None:
    (outside / "template.yaml").write_text(SAM + "Resources: {Secret: {Type: AWS::S3::Bucket}}\n")
    (bad / "template.yaml").symlink_to(outside / "template.yaml")


def _link_to_code(bad: Path, outside: Path) -> None:
    (outside / "app.py").write_text("import os\ndef handler(event, context):\n    os.system(event['secret_word'])\n")
    (bad / "code").symlink_to(outside)
    function = (
        "{Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: code}}"
    )
    (bad / "template.yaml").write_text(f"{SAM}Resources: {{F: {function}}}\n")


def _path_outside(bad: Path, outside: Path) -> None:
    (outside / "app.py").write_text("import os\ndef handler(event, context):\n    os.system(event['secret_word'])\n")
    function = (
        "{Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, "
        f"CodeUri: ../../{outside.name}}}}}"
    )
    (bad / "template.yaml").write_text(f"{SAM}Resources: {{F: {function}}}\n")


def _include_outside(bad: Path, outside: Path) -> None:
    (outside / "secret.yaml").write_text("secret_word: {Type: AWS::S3::Bucket}\n")
    include = f"Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: ../../{outside.name}/secret.yaml}}}}"
    (bad / "template.yaml").write_text(f"Resources:\n  {include}\n  A: {{Type: AWS::S3::Bucket}}\n")


@pytest.mark.parametrize("make", [_link_to_template, _link_to_code, _path_outside, _include_outside])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, make: Make) -> None:
    bed, outside = tmp_path / "bed", tmp_path / "outside"
    outside.mkdir()
    (bed / "good").mkdir(parents=True)
    (bed / "good/template.yaml").write_text(GOOD)
    (bed / "good/app.py").write_text("def handler(event, context):\n    return 'done'\n")
    (bed / "bad").mkdir()
    make(bed / "bad", outside)
    _, gaps, out = examined(bed)
    assert "secret_word" not in out
    assert '"Secret"' not in out
    assert any("bad" in gap for gap in gaps), gaps


def test_folders_in_circles_end(bed: Path) -> None:
    (bed / "bad/one").mkdir()
    (bed / "bad/one/two").symlink_to(bed / "bad")
    (bed / "bad/loop").symlink_to(bed / "bad/loop")
    code, _, _ = examined(bed)
    assert code == 0


def test_a_pipe_called_template_is_named(bed: Path) -> None:
    os.mkfifo(bed / "bad/template.yaml")
    refused(bed, "bad/template.yaml")


def test_an_archive_that_grows_is_not_unpacked(bed: Path) -> None:
    with zipfile.ZipFile(bed / "bad/code.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(20):
            archive.writestr(f"part{number}.py", b"#" * 50_000_000)
        archive.writestr("../../outside.py", "x = 1")
    function = "{Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: part0.handler, CodeUri: code.zip}}"
    (bed / "bad/template.yaml").write_text(f"{SAM}Resources: {{F: {function}}}\n")
    code, gaps, _ = examined(bed)
    assert code == 4
    assert any("bad" in gap for gap in gaps), gaps
    assert not (bed.parent / "outside.py").exists()

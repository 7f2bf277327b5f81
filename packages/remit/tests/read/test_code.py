"""Code trees: which files belong to a function, what is left out and what is said about it."""

import zipfile
from pathlib import Path

import pytest

from remit.app.location import Location
from remit.app.model import App, Function
from remit.read import load
from remit.read.code import CodeTree
from remit.read.files import MAX_FILE_BYTES, Key, Located, Read, code_of, handler_of


def write(root: Path, name: str, content: str | bytes = "x = 1\n") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def app_of(root: Path, properties: str, more: str = "") -> App:
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    write(root, "template.yaml", f"{text}    Properties: {{Handler: app.handler, {properties}}}\n{more}")
    return load(root).apps[0]


def tree_of(root: Path, properties: str, more: str = "") -> CodeTree:
    return code_of(root, app_of(root, properties, more).functions[0])


def test_a_folder_of_python(tmp_path: Path) -> None:
    for name in ("src/app.py", "src/lib/db.py", "src/README.md", "src/run.js", "other/x.py"):
        write(tmp_path, name)
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: src/")
    assert (tree.root, sorted(tree.files)) == ("src", ["src/app.py", "src/lib/db.py"])
    assert not tree.skips


def test_a_folder_of_javascript(tmp_path: Path) -> None:
    for name in ("src/app.ts", "src/lib.mjs", "src/types.d.ts", "src/x.py", "src/node_modules/a/index.js"):
        write(tmp_path, name)
    tree = tree_of(tmp_path, "Runtime: nodejs22.x, CodeUri: src")
    assert sorted(tree.files) == ["src/app.ts", "src/lib.mjs"]


def test_the_whole_root_and_its_layers(tmp_path: Path) -> None:
    for name in ("app.py", "layer/python/shared.py"):
        write(tmp_path, name)
    layer = "  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}\n"
    app = app_of(tmp_path, "Runtime: python3.12, CodeUri: ., Layers: [!Ref L, 'arn:aws:lambda:x:1:layer:y:1']", layer)
    assert app.functions[0].layers == ("layer",)
    tree = code_of(tmp_path, app.functions[0])
    assert (tree.root, sorted(tree.files)) == ("", ["app.py", "layer/python/shared.py"])


def test_installed_packages_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    for name in (
        "app.py",
        "shop/db.py",
        "shop.py",
        "jinjax/__init__.py",
        "requests/__init__.py",
        "vendor/z.py",
        "odd.py",
    ):
        write(tmp_path, f"src/{name}")
    write(
        tmp_path, "src/Jinjax-1.0.dist-info/RECORD", "jinjax/__init__.py,,\nodd.py,,\nJinjax-1.0.dist-info/RECORD,,\n"
    )
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: src")
    assert sorted(tree.files) == ["src/app.py", "src/shop.py", "src/shop/db.py"]
    (skip,) = tree.skips
    assert (skip.why, skip.blind) == ("installed packages are left out: jinjax, odd.py, requests, vendor", False)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, "src/app.py")
    write(tmp_path, "src/latin.py", "# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n".encode("latin-1"))
    write(tmp_path, "src/bad.py", b"x = 1\ny = '\xe9'\n")
    write(tmp_path, "src/nul.py", b"\0")
    write(tmp_path, "src/huge.py", b"#" * (MAX_FILE_BYTES + 1))
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: src")
    assert sorted(tree.files) == ["src/app.py", "src/latin.py"]
    assert "café" in tree.files["src/latin.py"]
    assert [str(failure) for failure in tree.failures] == [
        "src/bad.py:2:1: the byte 0xe9 is not utf-8",
        "src/nul.py:1:1: there is a NUL byte in it; this is not source code",
    ]
    assert [(skip.what, skip.blind) for skip in tree.skips] == [("src/huge.py", True)]


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ("PackageType: Image, ImageUri: x", "its code is a container image"),
        ("Runtime: python3.12, CodeUri: s3://bucket/key", "its code is not here but in a bucket"),
        ("Runtime: python3.12, CodeUri: {Bucket: b, Key: k}", "its code is not here but in a bucket"),
    ],
)
def test_code_that_is_not_here_is_a_blind_spot(tmp_path: Path, properties: str, why: str) -> None:
    app = app_of(tmp_path, properties)
    (function,) = app.functions
    assert function.code is None
    assert [(skip.what, skip.why, skip.blind) for skip in load(tmp_path).skips] == [("F", why, True)]
    assert not code_of(tmp_path, function).files


def packed(root: Path, name: str, files: dict[str, bytes]) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(root / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in files.items():
            archive.writestr(entry, data)


def test_an_archive_is_read_in_place(tmp_path: Path) -> None:
    packed(
        tmp_path,
        "build/app.zip",
        {
            "app.py": b"def handler(event, context): ...\n",
            "lib/db.py": b"x = 1\n",
            "requests/__init__.py": b"",
            "../out.py": b"x = 1\n",
            "notes.txt": b"x",
            "bomb.py": b"#" * (40 * 1024 * 1024),
            "bad.py": b"\xff",
        },
    )
    app = app_of(tmp_path, "Runtime: python3.12, CodeUri: build/app.zip")
    tree = code_of(tmp_path, app.functions[0])
    assert (tree.root, sorted(tree.files)) == ("build/app.zip", ["build/app.zip/app.py", "build/app.zip/lib/db.py"])
    assert handler_of(tree, app.functions[0]) == Located("build/app.zip/app.py", "handler", 1)
    assert [str(failure) for failure in tree.failures] == ["build/app.zip/bad.py:1:1: the byte 0xff is not utf-8"]
    assert [(skip.what, skip.why, skip.blind) for skip in tree.skips] == [
        ("build/app.zip/bomb.py", "larger than 1 MB: generated code is not read", True),
        ("build/app.zip", "installed packages are left out: requests", False),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not really",
        b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff\xff\xff" + b"\xff" * 8 + b"\0\0",
        b"PK\x05\x06" + b"\0" * 4 + b"\1\0\1\0" + b"\x40\0\0\0\0\0\0\0" + b"\0\0",
    ],
)
def test_a_broken_archive_fails_in_one_line(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, "app.zip", data)
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: app.zip")
    assert not tree.files
    assert [failure.what for failure in tree.failures] == ["app.zip"]


def test_an_archive_that_is_not_built_is_read_from_what_lies_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "src/app.py")
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: src/app.zip")
    assert sorted(tree.files) == ["src/app.py"]
    why = "its code src/app.zip is not built; what lies beside it, in src, was examined in its place"
    assert [(skip.why, skip.blind) for skip in tree.skips] == [(why, False)]
    (tmp_path / "src" / "app.py").unlink()
    tree = tree_of(tmp_path, "Runtime: python3.12, CodeUri: x/other/app.zip")
    assert [(skip.why, skip.blind) for skip in tree.skips] == [
        ("its code x/other/app.zip is not there; is it built first?", True)
    ]


@pytest.mark.parametrize(
    ("handler", "runtime", "files", "expected"),
    [
        ("app.handler", "python3.12", {"app.py": "def handler(e, c): ..."}, ("app.py", "handler", 1)),
        (
            "src/app.handler",
            "python3.12",
            {"src/app.py": "\nasync def handler(e, c): ..."},
            ("src/app.py", "handler", 2),
        ),
        ("src.app.handler", "python3.12", {"src/app.py": "handler = make()"}, ("src/app.py", "handler", 1)),
        ("pkg.handler", "python3.12", {"pkg/__init__.py": "from .x import handler"}, ("pkg/__init__.py", "handler", 1)),
        ("app.handler", "python3.12", {"other.py": ""}, None),
        ("index.handler", "nodejs20.x", {"index.mjs": "export const handler = 1"}, ("index.mjs", "handler", 1)),
        ("index.handlers.a", "nodejs20.x", {"index.js": "exports.handlers = {}"}, ("index.js", "handlers.a", 1)),
        (
            "dist/index.handler",
            "nodejs20.x",
            {"src/index.ts": "export const handler = 1"},
            ("src/index.ts", "handler", 1),
        ),
        ("dist/a.handler", "nodejs20.x", {"dist/a.js": "exports.handler = 1"}, ("dist/a.js", "handler", 1)),
        (
            "app.handler",
            "nodejs20.x",
            {"deep/app.ts": "export async function handler() {}"},
            ("deep/app.ts", "handler", 1),
        ),
        ("index.h", "nodejs20.x", {"a.ts": "export const h = 1", "b.ts": "export const hh = 1"}, ("a.ts", "h", 1)),
        ("app.handler", "nodejs20.x", {"a/app.ts": "exports.handler = 1", "b/app.ts": "exports.handler = 1"}, None),
        ("", "nodejs20.x", {"a.js": ""}, None),
    ],
)
def test_where_a_handler_is(
    tmp_path: Path, handler: str, runtime: str, files: dict[str, str], expected: tuple[str, str, int] | None
) -> None:
    for name, text in files.items():
        write(tmp_path, name, text)
    function = Function("F", handler, runtime, ".", Location("template.yaml"))
    found = handler_of(code_of(tmp_path, function), function)
    assert found == (Located(*expected) if expected else None)


@pytest.mark.parametrize(
    ("code", "handler", "runtime", "files", "expected", "root"),
    [
        ("dist/flights", "get.handler", "nodejs20.x", ["fns/flights/get.ts"], "fns/flights/get.ts", "fns/flights"),
        (
            "out/getIt/getIt.zip",
            "index.handler",
            "nodejs20.x",
            ["src/a/getIt.ts", "src/b.ts"],
            "src/a/getIt.ts",
            "src/a",
        ),
        (".build/all", "shop.api.get.run", "python3.12", ["svc/shop/api/get.py"], "svc/shop/api/get.py", "svc"),
        ("dist/a", "x.run", "nodejs20.x", ["src/a/x.ts", "src/b/x.ts", "a/x.test.ts"], "src/a/x.ts", "src/a"),
        ("dist/c", "x.run", "nodejs20.x", ["src/a/x.ts", "src/b/x.ts"], None, "dist/c"),
        ("dist", "x.run", "python3.12", ["tests/x.py"], None, "dist"),
        ("gone", "x.run", "python3.12", ["src/x.py"], None, "gone"),
    ],
)
def test_what_is_not_built_is_read_from_its_source(
    tmp_path: Path, code: str, handler: str, runtime: str, files: list[str], expected: str | None, root: str
) -> None:
    for name in files:
        write(
            tmp_path,
            f"app/{name}",
            "def run(e, c): ...\n" if name.endswith(".py") else "export const run = 1, handler = 2;\n",
        )
    function = Function("F", handler, runtime, f"app/{code}", Location("app/template.yaml"))
    tree = code_of(tmp_path, function)
    found = handler_of(tree, function)
    assert (found.file if found else None) == (f"app/{expected}" if expected else None)
    assert tree.root == f"app/{root}"
    assert [skip.blind for skip in tree.skips] == [expected is None]


def test_a_layer_that_is_packed_when_it_is_built(tmp_path: Path) -> None:
    write(tmp_path, "src/app.py")
    write(tmp_path, "layer/shared.py", "def handler(e, c): ...")
    function = Function("F", "shared.handler", "python3.12", "src", Location("template.yaml"), layers=("layer",))
    found = handler_of(code_of(tmp_path, function), function)
    assert found == Located("layer/shared.py", "handler", 1)


def test_functions_that_share_a_folder_read_it_once(tmp_path: Path) -> None:
    write(tmp_path, "src/app.py")
    known: dict[Key, Read] = {}
    functions = [Function(f"F{n}", "app.handler", "python3.12", "src", Location("t")) for n in range(3)]
    trees = [code_of(tmp_path, functions[0], known)]
    (tmp_path / "src" / "app.py").unlink()
    trees += [code_of(tmp_path, function, known) for function in functions[1:]]
    assert [sorted(tree.files) for tree in trees] == [["src/app.py"]] * 3


@pytest.mark.parametrize("code", ["../elsewhere", "missing"])
def test_folders_outside_or_absent_are_blind_spots(tmp_path: Path, code: str) -> None:
    root = tmp_path / "root"
    write(tmp_path, "elsewhere/app.py")
    tree = tree_of(root, f"Runtime: python3.12, CodeUri: {code}")
    assert not tree.files
    assert [skip.blind for skip in tree.skips] == [True]


def test_inline_code_keeps_the_templates_places(tmp_path: Path) -> None:
    write(
        tmp_path,
        "template.yaml",
        """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Code:
        ZipFile: |
          import os

          def handler(event, context):
              return os.environ
""",
    )
    (function,) = load(tmp_path).apps[0].functions
    tree = code_of(tmp_path, function)
    ((name, text),) = tree.files.items()
    assert name == "template.yaml#F/index.py"
    assert text.split("\n")[10] == "def handler(event, context):"
    assert tree.locate(Location(name, 12, 5, 12, 22)) == Location("template.yaml", 12, 15, 12, 32)
    assert tree.locate(Location("other.py", 1)) == Location("other.py", 1)

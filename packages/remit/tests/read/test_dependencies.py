import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import Function
from remit.read.dependencies import read
from remit.read.lockfiles import package_json, package_lock, requirements, uv_lock


def function(code: str, name: str = "F") -> Function:
    return Function(name, "app.handler", "python3.12", code, Location("template.yaml", 1))


def test_requirements_pins_markers_extras_hashes_and_continuations() -> None:
    text = """\
# what we need
requests[security]==2.19.0 ; python_version >= "3.8"  # pinned
Django>=3,<4
PyYAML == 5.3 \\
    --hash=sha256:0000
urllib3===1.26.0
flask==2.*
-r more.txt
--requirement=other.txt
-e .
git+https://example.com/x.git
lib @ https://example.com/lib.whl
this is not a requirement
"""
    locked = requirements.read(text, "requirements.txt")
    assert [(d.name, d.version, d.location.line) for d in locked.dependencies] == [
        ("requests", "2.19.0", 2),
        ("Django", "", 3),
        ("PyYAML", "5.3", 4),
        ("urllib3", "1.26.0", 6),
        ("flask", "", 7),
    ]
    assert locked.includes == ("more.txt", "other.txt")
    assert [skip.what for skip in locked.skips] == [".", "git+https://example.com/x.git", "lib"]
    assert [str(failure) for failure in locked.failures] == [
        "requirements.txt:13:1: not a requirement: 'this is not a requirement'"
    ]


def test_uv_lock_tells_the_registry_from_the_project() -> None:
    text = """\
version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
[[package]]
name = "requests"
version = "2.19.0"
source = { registry = "https://index.example/simple" }
"""
    locked = uv_lock.read(text, "uv.lock")
    assert [(d.name, d.version, d.location.line) for d in locked.dependencies] == [("requests", "2.19.0", 7)]
    assert [skip.what for skip in locked.skips] == ["app"]


def test_package_lock_leaves_development_out_and_resolves_aliases() -> None:
    document = {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"left": "1"}},
            "node_modules/left": {"version": "1.0.0"},
            "node_modules/left/node_modules/deep": {"version": "2.0.0"},
            "node_modules/@scope/x": {"version": "3.0.0"},
            "node_modules/alias": {"name": "real", "version": "4.0.0"},
            "node_modules/test-tool": {"version": "5.0.0", "dev": True},
            "node_modules/ours": {"resolved": "packages/ours", "link": True},
        },
    }
    locked = package_lock.read(json.dumps(document, indent=1), "package-lock.json")
    assert [(d.name, d.version) for d in locked.dependencies] == [
        ("left", "1.0.0"),
        ("deep", "2.0.0"),
        ("@scope/x", "3.0.0"),
        ("real", "4.0.0"),
    ]
    assert all(d.location.line for d in locked.dependencies)
    assert [skip.what for skip in locked.skips] == ["ours"]


def test_package_json_pins_only_exact_versions() -> None:
    locked = package_json.read('{\n "dependencies": {\n  "a": "1.2.3",\n  "b": "^1.0.0"\n }\n}', "package.json")
    assert [(d.name, d.version, d.location.line) for d in locked.dependencies] == [("a", "1.2.3", 3), ("b", "", 4)]


@pytest.mark.parametrize("reader", [uv_lock, package_lock, package_json])
@pytest.mark.parametrize("text", ["[[[", "[1]", '"x"', "\x00", '{"dependencies": 3}', "package = 3"])
def test_what_is_no_lock_is_a_failure_that_names_the_file(reader, text: str) -> None:
    locked = reader.read(text, "some.lock")
    assert locked.dependencies == ()
    assert locked.failures
    assert all(str(failure).startswith("some.lock") for failure in locked.failures)


@given(st.text(max_size=200))
def test_requirements_survive_any_text(text: str) -> None:
    requirements.read(text, "r.txt")


def test_code_beside_the_folder_of_its_template(tmp_path: Path) -> None:
    for folder in ("repo/infra", "repo/src/orders"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("outside==1.0\n")
    (tmp_path / "repo/src/requirements.txt").write_text("inside==1.0\n")
    found = read(tmp_path / "repo", (function("src/orders"), function("../build/x.zip", "G")), "infra/main.tf")
    assert [(item.name, item.function) for item in found.dependencies] == [("inside", "F")]


def test_each_functions_own_file_or_the_nearest_above_but_not_above_the_template(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("outside==1\n")
    (tmp_path / "app/src/one").mkdir(parents=True)
    (tmp_path / "app/src/two").mkdir()
    (tmp_path / "app/src/requirements.txt").write_text("shared==1.0\n")
    (tmp_path / "app/src/two/requirements.txt").write_text("own==2.0\n-r ../requirements.txt\n-r ../../../../etc/x\n")
    found = read(tmp_path, [function("app/src/one", "One"), function("app/src/two", "Two")], "app/template.yaml")
    assert {(d.name, d.function) for d in found.dependencies} >= {("shared", "One"), ("own", "Two")}
    assert "outside" not in {d.name for d in found.dependencies}
    assert [skip.blind for skip in found.skips] == [True]


def test_an_unknown_lock_and_an_unreadable_file_are_never_silent(tmp_path: Path) -> None:
    (tmp_path / "poetry.lock").write_text("")
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/requirements.txt").write_bytes(b"caf\xe9==1")
    found = read(tmp_path, [function(""), function("sub", "G")])
    assert [skip.what for skip in found.skips] == ["poetry.lock"]
    assert [str(failure) for failure in found.failures] == ["sub/requirements.txt: cannot be read: not UTF-8 at byte 3"]

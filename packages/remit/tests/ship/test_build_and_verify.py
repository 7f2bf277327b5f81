import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from remit.app.errors import NothingToExamine, RemitError
from remit.app.location import Location
from remit.app.model import App, Function
from remit.ship.build import Plan, Result, run
from remit.ship.keys import create, load_private, load_public
from remit.ship.manifest import STATEMENT_FILE
from remit.ship.verify import Verified, verify
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE, Remit


@pytest.fixture
def app(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    (root / "src/lib").mkdir(parents=True)
    (root / "template.yaml").write_text("Resources: {}\n")
    (root / "src/app.py").write_text("def handler(event, context): ...\n")
    (root / "src/lib/tool.sh").write_text("#!/bin/sh\n")
    (root / "src/lib/tool.sh").chmod(0o755)
    (root / "src/__pycache__").mkdir()
    (root / "src/__pycache__/app.pyc").write_bytes(b"x")
    return root


def plan(root: Path, output: str = "build", **changes: object) -> Plan:
    key = root.parent / "key"
    if not key.exists():
        create(key)
    function = Function("Orders", "app.handler", "python3.12", "src", Location("template.yaml", 1))
    parts = {
        "root": root,
        "app": App("app", "SAM", "template.yaml", (function,)),
        "remits": {"Orders": Remit("Orders").to_json().encode()},
        "lock": b"version = 1\n",
        "key": key,
        "output": root.parent / output,
        "guard": False,
    }
    return Plan(**{**parts, **changes})  # type: ignore[arg-type]


def check(result: Result, root: Path, template: Path | None = None) -> Verified:
    return verify(result.path.parent, [load_public(root.parent / "key.pub")], template)


def told(verified: Verified) -> list[str]:
    return [f"{problem.file}: {problem.what}" for problem in verified.problems]


def test_a_build_holds_code_remit_and_manifest_and_verifies(app: Path) -> None:
    result = run(plan(app))
    with zipfile.ZipFile(result.path.parent / "Orders.zip") as archive:
        assert archive.namelist() == [MANIFEST_FILE, REMIT_FILE, "app.py", "lib/tool.sh"]
        listed = json.loads(archive.read(MANIFEST_FILE))
    assert sorted(listed["files"]) == [REMIT_FILE, "app.py", "lib/tool.sh"]
    verified = check(result, app, app / "template.yaml")
    assert verified.problems == ()
    assert verified.functions == ("Orders",)


def test_the_same_files_give_the_same_bytes_whatever_their_times(app: Path) -> None:
    first = run(plan(app, "one")).statement.functions[0].zip_digest
    os.utime(app / "src/app.py", (1, 1))
    assert run(plan(app, "two")).statement.functions[0].zip_digest == first


def test_the_guard_comes_along_when_asked(app: Path) -> None:
    result = run(plan(app, guard=True))
    with zipfile.ZipFile(result.path.parent / "Orders.zip") as archive:
        names = archive.namelist()
    assert "remit_guard/__init__.py" in names
    assert "remit_guard/platforms/exec_wrapper.sh" in names
    assert not [name for name in names if name.endswith(".pyc")]


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_any_flipped_byte_of_a_zip_is_refused(app: Path) -> None:
    result = run(plan(app))
    path = result.path.parent / "Orders.zip"
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        flip(path, at)
        assert check(result, app).problems, f"byte {at}"
        path.write_bytes(whole)
    assert check(result, app).problems == ()


def rewrite(path: Path, change: dict[str, bytes | None]) -> None:
    """A zip put together again by an attacker who knows the format."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files.update(change)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())


def test_each_difference_is_named(app: Path) -> None:
    result = run(plan(app))
    rewrite(
        result.path.parent / "Orders.zip",
        {"app.py": b"import os", "lib/tool.sh": None, "extra.py": b"", REMIT_FILE: b"{}"},
    )
    found = told(check(result, app))
    assert found[0].startswith("Orders.zip: is not the zip that was signed")
    assert found[1:] == [
        f"Orders.zip!{REMIT_FILE}: is not the remit that was signed",
        f"Orders.zip!{REMIT_FILE}: was changed after the build",
        "Orders.zip!app.py: was changed after the build",
        "Orders.zip!extra.py: was added after the build",
        "Orders.zip!lib/tool.sh: is missing",
    ]


def test_another_key_a_foreign_zip_a_missing_zip_and_another_template(app: Path) -> None:
    result = run(plan(app))
    create(app.parent / "other")
    stranger = verify(result.path.parent, [load_public(app.parent / "other.pub")])
    assert told(stranger) == [f"{STATEMENT_FILE}: no trusted key signed it"]
    assert stranger.statement is None
    (result.path.parent / "Evil.zip").write_bytes(b"")
    (app / "template.yaml").write_text("Resources: {X: 1}\n")
    assert told(check(result, app, app / "template.yaml")) == [
        "Evil.zip: is not part of the signed build",
        f"{app}/template.yaml: is not the template that was built",
    ]
    (result.path.parent / "Orders.zip").unlink()
    assert "Orders.zip: cannot be read: No such file or directory" in told(check(result, app))


def test_a_statement_that_was_touched_proves_nothing(app: Path) -> None:
    result = run(plan(app))
    flip(result.path, 60)
    verified = check(result, app)
    assert verified.statement is None
    assert len(verified.problems) == 1


def test_nothing_there_is_not_verified(tmp_path: Path, app: Path) -> None:
    run(plan(app))
    with pytest.raises(NothingToExamine, match="make one: remit ship build"):
        verify(tmp_path, [])


def test_links_that_lead_out_are_refused(app: Path) -> None:
    (app / "src/passwd").symlink_to("/etc/passwd")
    with pytest.raises(RemitError, match=r"passwd: a link that leads out"):
        run(plan(app))
    (app / "src/passwd").unlink()
    (app / "src/loop").symlink_to(app / "src", target_is_directory=True)
    with pytest.raises(RemitError, match=r"loop: a link to a folder"):
        run(plan(app))


def test_a_function_without_code_here_is_a_blind_skip_and_alone_is_nothing(app: Path) -> None:
    remote = Function("Remote", "app.handler", "python3.12", None, Location("template.yaml", 3))
    with pytest.raises(NothingToExamine):
        run(plan(app, app=App("app", "SAM", "template.yaml", (remote,))))


def test_keys_are_never_overwritten_nor_confused(tmp_path: Path) -> None:
    public = create(tmp_path / "k")
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    with pytest.raises(RemitError, match="exists already"):
        create(tmp_path / "k")
    with pytest.raises(RemitError, match="not a public key"):
        load_public(tmp_path / "k")
    with pytest.raises(RemitError, match="not an unencrypted private key"):
        load_private(public)
    with pytest.raises(RemitError, match="cannot be read"):
        load_public(tmp_path / "none")


def test_a_build_of_the_whole_folder_holds_neither_key_nor_itself(app: Path) -> None:
    (app / "remit.lock").write_text("version = 1\n")
    (app / ".env").write_text("TOKEN=x\n")
    create(app / "remit.key")
    here = Function("Orders", "app.handler", "python3.12", ".", Location("template.yaml", 1))
    whole = plan(app, app=App("app", "SAM", "template.yaml", (here,)), key=app / "remit.key", output=app / "build/ship")
    first, second = run(whole), run(whole)
    with zipfile.ZipFile(first.path.parent / "Orders.zip") as archive:
        assert archive.namelist() == [MANIFEST_FILE, REMIT_FILE, "src/app.py", "src/lib/tool.sh"]
    assert first.statement == second.statement
    assert [Path(skip.what).name for skip in first.skips] == [".env", "remit.lock"]


def test_a_private_key_stops_the_build(app: Path) -> None:
    create(app / "src/deploy.pem")
    with pytest.raises(RemitError, match=r"deploy\.pem: a private key"):
        run(plan(app))


def test_only_what_an_earlier_build_wrote_is_deleted(app: Path) -> None:
    target = app.parent / "build"
    target.mkdir()
    (target / "backup.zip").write_bytes(b"mine")
    result = run(plan(app))
    (target / "Orders.zip").rename(target / "Old.zip")
    run(plan(app))
    assert (target / "backup.zip").read_bytes() == b"mine"
    (target / "sub").mkdir()
    (target / "sub/more.ZIP").write_bytes(b"")
    assert told(check(result, app)) == [
        f"{name}: is not part of the signed build" for name in ("Old.zip", "backup.zip", "sub/more.ZIP")
    ]


@pytest.mark.parametrize("name", ["../../evil", "a b", "", "x" * 300])
def test_no_file_is_named_after_an_odd_id(app: Path, name: str) -> None:
    odd = Function(name, "app.handler", "python3.12", "src", Location("template.yaml", 1))
    with pytest.raises(RemitError, match="not a logical id"):
        run(plan(app, app=App("app", "SAM", "template.yaml", (odd,)), remits={name: b"{}"}))


@pytest.mark.parametrize("name", [b"back\\slash.py", b"\xff.py", b"new\nline.py"])
def test_names_that_not_every_system_unpacks_are_refused(app: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(app / "src") + b"/" + name)).write_text("")
    with pytest.raises(RemitError, match="rename the file"):
        run(plan(app))


def test_the_statement_says_whether_the_guard_is_there_and_started(app: Path) -> None:
    assert run(plan(app)).statement.functions[0].guard == "absent"
    assert run(plan(app, guard=True)).statement.functions[0].guard == "included"
    (app / "src/app.py").write_text("from remit_guard import guard\n\n@guard\ndef handler(event, context): ...\n")
    assert run(plan(app, guard=True)).statement.functions[0].guard == "started"


def test_what_is_not_built_is_in_the_statement(app: Path) -> None:
    here = Function("Orders", "app.handler", "python3.12", "src", Location("template.yaml", 1))
    remote = Function("Remote", "app.handler", "python3.12", None, Location("template.yaml", 3))
    result = run(plan(app, app=App("app", "SAM", "template.yaml", (here, remote))))
    assert result.statement.absent == ("Remote",)
    verified = check(result, app)
    assert verified.statement is not None
    assert verified.statement.absent == ("Remote",)

import json
from hashlib import sha256
from pathlib import Path

import pytest

from remit_guard.integrity.manifest import Manifest, ManifestError, changed, own_files, read, unlisted


def build(root: Path, files: dict[str, str]) -> Manifest:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Manifest({path: sha256(text.encode()).hexdigest() for path, text in files.items()})


def test_read_and_pin() -> None:
    content = json.dumps({"version": 1, "function": "F", "files": {"a.py": "00"}}).encode()
    assert read(content).files == {"a.py": "00"}
    pin = sha256(content).hexdigest()
    assert read(content, f"sha256:{pin}").function == "F"
    assert read(content, pin.upper()).function == "F"
    with pytest.raises(ManifestError, match="REMIT_MANIFEST pins"):
        read(content + b" ", pin)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"version":2,"files":{}}', b'{"version":1}', b'{"version":1,"files":{"a":1}}', b"\xff"],
)
def test_what_is_no_manifest(content: bytes) -> None:
    with pytest.raises(ManifestError):
        read(content)


def test_every_changed_byte_is_found(tmp_path: Path) -> None:
    manifest = build(tmp_path, {"app.py": "x = 1\n", "lib/b.py": "", "big.bin": "y" * 400_000})
    paths = list(manifest.files)
    assert list(changed(tmp_path.as_posix(), manifest, paths)) == []
    (tmp_path / "app.py").write_text("x = 2\n")
    (tmp_path / "lib/b.py").unlink()
    (tmp_path / "big.bin").write_text("y" * 399_999 + "z")
    assert list(changed(tmp_path.as_posix(), manifest, paths)) == [
        ("app.py", "changed"),
        ("lib/b.py", "missing"),
        ("big.bin", "changed"),
    ]


def test_what_an_installer_recorded_is_not_own_code(tmp_path: Path) -> None:
    record = "dep/__init__.py,sha256=x,1\ndep-1.dist-info/RECORD,,\n"
    manifest = build(tmp_path, {"app.py": "", "dep/__init__.py": "", "dep-1.dist-info/RECORD": record})
    assert own_files(str(tmp_path), manifest) == ["app.py"]
    (tmp_path / "dep-1.dist-info/RECORD").unlink()
    assert "dep/__init__.py" in own_files(str(tmp_path), manifest)


def test_code_nobody_listed(tmp_path: Path) -> None:
    manifest = build(tmp_path, {"app.py": "", "lib/b.py": ""})
    (tmp_path / "lib/evil.so").write_text("")
    (tmp_path / "sitecustomize.py").write_text("")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".remit").mkdir()
    (tmp_path / ".remit/manifest.json").write_text("{}")
    assert list(unlisted(str(tmp_path), manifest)) == ["sitecustomize.py", "lib/evil.so"]

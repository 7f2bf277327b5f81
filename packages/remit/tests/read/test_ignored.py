"""``.gitignore`` in walks, as git itself decides it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.read import load
from remit.read.ignored import Ignored

PIECES = ["a", "b", "ab", "*", "?", "[ab]", "[!a]", "*b", "a*", "!", "\\a", "x.y"]
#: Two stars beside anything but a slash are left out: what git makes of them differs from version to version.
SEGMENTS = st.one_of(
    st.just("**"),
    st.just(""),
    st.lists(st.sampled_from(PIECES), max_size=3).map("".join).filter(lambda text: "**" not in text),
)
TEMPLATE = "Resources: {F: {Type: 'AWS::SQS::Queue'}}\n"


def write(root: Path, name: str, content: str = TEMPLATE) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_what_git_ignores_is_left_out_and_counted(tmp_path: Path) -> None:
    for name in (
        "template.yaml",
        "tmp/template.yaml",
        "a/gen.template.yaml",
        "a/keep.template.yaml",
        "b/out/x.template",
    ):
        write(tmp_path, name)
    write(tmp_path, ".gitignore", "/tmp/\n*.template.yaml\n")
    write(tmp_path, "a/.gitignore", "!keep.template.yaml\n")
    write(tmp_path, "b/.gitignore", "out\n")
    reading = load(tmp_path)
    assert [app.template for app in reading.apps] == ["template.yaml", "a/keep.template.yaml"]
    why = "leaves out 2 folders and 1 file: b/out/, tmp/, a/gen.template.yaml"
    assert [(skip.what, sorted(skip.why), skip.blind) for skip in reading.skips] == [(".gitignore", sorted(why), False)]


def test_a_template_given_by_its_path_is_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml")
    write(tmp_path, ".gitignore", "*.yaml\n")
    assert load(tmp_path).apps == ()
    assert len(load(tmp_path / "template.yaml").apps) == 1


def test_files_above_count_inside_their_repository_only(tmp_path: Path) -> None:
    write(tmp_path, "repo/app/gen/template.yaml")
    write(tmp_path, "repo/.gitignore", "gen/\n")
    assert len(load(tmp_path / "repo" / "app").apps) == 1
    (tmp_path / "repo" / ".git").mkdir()
    assert load(tmp_path / "repo" / "app").apps == ()
    assert len(load(tmp_path / "repo" / "app" / "gen" / "template.yaml").apps) == 1


def test_patterns_that_backtrack_end(tmp_path: Path) -> None:
    write(tmp_path, ".gitignore", "\n".join(["*a" * 200 + "b", "/".join(["**"] * 200) + "/x", "[" * 300]) + "\n")
    for number in range(20):
        write(tmp_path, f"{'a' * 200}{number}/template.yaml")
    assert len(load(tmp_path).apps) == 20  # matching in exponential time would never come here


@pytest.mark.skipif(shutil.which("git") is None, reason="git decides what is right here")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    patterns=st.lists(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join), min_size=1, max_size=4),
)
def test_git_agrees(tmp_path_factory: pytest.TempPathFactory, patterns: list[str]) -> None:

    root = tmp_path_factory.mktemp("repo")
    names = ["a", "b", "x.y", "ab/a", "ab/b/a", "ab/x.y", "bb/ab/a"]
    subprocess.run(
        ["git", "init", "-q", str(root)], check=True, env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root)}
    )
    for name in names:
        write(root, name, "")
    write(root, ".gitignore", "\n".join(patterns) + "\n")
    told = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root)},
    ).stdout.split()
    kept = []
    ignored = Ignored(str(root))
    ignored.enter("", str(root), [".gitignore"])
    for name in names:
        folders = name.split("/")[:-1]
        if any(ignored.leaves_out("/".join(folders[: index + 1]), folder=True) for index in range(len(folders))):
            continue
        if not ignored.leaves_out(name, folder=False):
            kept.append(name)
    assert sorted(kept) == sorted(name for name in told if not name.endswith(".gitignore"))

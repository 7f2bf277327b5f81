import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.sandbox.processes import outside, programs
from remit_guard.sandbox.scripts import commands


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("convert a.png b.png", ["convert"]),
        ("A=1 B=2 convert x | tee y && rm z", ["convert", "tee", "rm"]),
        ("echo $(id -u) `whoami`; ls", ["echo", "id", "whoami", "ls"]),
        ('echo "a $(curl x) b"', ["echo", "curl"]),
        ("if true; then foo 'x; bar'; fi", ["true", "foo"]),
        ("cat <in >out", ["cat"]),
        ("(cd /tmp; tar x)", ["cd", "tar"]),
        ("echo 'a; rm -rf /'", ["echo"]),
        ("", []),
    ],
)
def test_the_commands_of_a_script(script: str, found: list[str]) -> None:
    assert commands(script) == found


@given(st.text())
def test_any_script_is_read(script: str) -> None:
    assert isinstance(commands(script), list)


def test_a_shell_counts_as_what_it_runs() -> None:
    assert programs("/bin/sh", ["/bin/sh", "-c", "convert a b"]) == ["convert"]
    assert programs("/bin/sh", ["/bin/sh", "script.sh"]) == ["/bin/sh"]


@pytest.mark.parametrize(
    ("argv", "runs", "strange"),
    [
        (["convert", "a"], ("convert",), None),
        (["/usr/bin/convert", "a"], ("convert",), None),
        (["convert", "a"], ("/usr/bin/convert",), None),
        (["/tmp/convert", "a"], ("/usr/bin/convert",), "/tmp/convert"),
        (["curl", "x"], ("convert",), "curl"),
        (["/bin/sh", "-c", "convert a; curl x"], ("convert",), "curl"),
        (["/bin/sh", "-c", "convert a | tee b"], ("convert", "tee"), None),
        (["anything"], (), "anything"),
    ],
)
def test_outside(argv: list[str], runs: tuple[str, ...], strange: str | None) -> None:
    assert outside(argv[0], argv, runs) == strange

import pytest

from remit_guard.sandbox.files import Places, outside, tampers

WHERE = Places(("/var/task", "/opt", "/usr"), ("/tmp",))


@pytest.mark.parametrize(
    ("path", "use", "allowed", "strange"),
    [
        ("/var/task/app.py", "read", (), False),
        ("/var/task/app.py", "write", (), True),
        ("/var/task/../../etc/shadow", "read", (), True),
        ("/etc/passwd", "read", (), True),
        ("/etc/resolv.conf", "read", (), False),
        ("/tmp/x", "write", (), False),
        ("/tmp/../etc/cron.d/x", "write", (), True),
        ("/mnt/data/x", "read", ("/mnt/data",), False),
        ("/mnt/database", "read", ("/mnt/data",), True),
        ("/mnt/data/x", "write", ("*",), False),
        ("/dev/null", "write", (), False),
        ("/proc/cpuinfo", "read", (), False),
        ("/proc/self/environ", "read", (), True),
        ("/proc/self/mem", "write", ("*",), True),
    ],
)
def test_outside(path: str, use: str, allowed: tuple[str, ...], strange: bool) -> None:
    assert outside(path, use, allowed, WHERE) is strange


def test_the_process_itself_is_not_to_be_rewritten() -> None:
    assert tampers("/proc/self/mem", "write")
    assert tampers("/proc/123/environ", "read")
    assert not tampers("/proc/self/maps", "read")
    assert not tampers("/var/task/mem", "write")

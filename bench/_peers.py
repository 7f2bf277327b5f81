"""The tools we measure ourselves against, in an environment of their own that is made when first needed.

``build/bench-venv`` holds what requirements-bench.lock pins. Making it needs the package registry once; afterwards
nothing here uses the network.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = BUILD / "bench-venv"
LOCK = ROOT / "requirements-bench.lock"
#: The detectors others ship; some are under licences that keep them apart from everything else.
DETECT_VENV = BUILD / "detect-venv"
DETECT_LOCK = ROOT / "requirements-bench-detect.lock"


class PeerError(RuntimeError):
    """A peer could not be installed or did not run; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command cost.

    Args:
        cpu_s: user and system time of the process and its children, in seconds.
        wall_s: elapsed seconds.
        status: exit status.
        peak_mb: the most memory it had resident, in MiB.
    """

    cpu_s: float
    wall_s: float
    status: int
    peak_mb: float = 0.0


def venv(home: Path = VENV, lock: Path = LOCK) -> Path:
    """The peers' environment, made or renewed when the lock file asks for it.

    Args:
        home: where it is.
        lock: what is in it.

    Returns:
        Its ``bin`` folder.

    Raises:
        PeerError: it could not be made.
    """
    ready = home / f".ready-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not ready.exists():
        print(f"making build/{home.name} with the peers (a minute)", file=sys.stderr)
        uv = Path(sys.executable).with_name("uv")
        program = str(uv) if uv.exists() else "uv"
        _run([program, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)])
        sync = [
            program,
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(home / "bin" / "python"),
            str(lock),
        ]
        _run(sync)
        ready.touch()
    return home / "bin"


def detector_python() -> str:
    """The interpreter of the environment with other detectors.

    Raises:
        PeerError: the environment could not be made.
    """
    return str(venv(DETECT_VENV, DETECT_LOCK) / "python")


def peer(name: str) -> str:
    """Path of a peer's command (``bandit``, ``checkov``, ``python``).

    Raises:
        PeerError: the environment could not be made, or has no such command.
    """
    path = venv() / name
    if not path.exists():
        raise PeerError(f"{LOCK.name} does not bring {name}")
    return str(path)


def cost(argv: list[str], folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs a command once and says what it cost; its output is thrown away.

    Args:
        argv: program and arguments.
        folder: working folder.
        environment: further variables.
    """
    begun = time.perf_counter()
    child = subprocess.Popen(
        argv,
        cwd=folder,
        env={**_plain_environment(), **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)  # kibibytes, on macOS bytes
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, child.returncode, peak)


def _plain_environment() -> dict[str, str]:
    """The environment, without what would keep Python from using compiled files: every tool runs as when installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def least(argv: list[str], runs: int, folder: Path | None = None, *, allowed: tuple[int, ...] = (0,)) -> float:
    """The least CPU seconds of several runs after one that warms the caches.

    Args:
        argv: program and arguments.
        runs: how many are measured.
        folder: working folder.
        allowed: exit statuses that mean it did its work.

    Raises:
        PeerError: it ended with another status: what it cost would say nothing.
    """
    costs = [cost(argv, folder) for _ in range(runs + 1)]
    bad = next((item.status for item in costs if item.status not in allowed), None)
    if bad is not None:
        raise PeerError(f"{' '.join(argv)} ended with status {bad}")
    return min(item.cpu_s for item in costs[1:])


def _run(argv: list[str]) -> None:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PeerError(f"{argv[0]} cannot be started: {error}") from error
    if done.returncode:
        raise PeerError(f"{' '.join(argv)}: {done.stderr.strip()[-500:]}")

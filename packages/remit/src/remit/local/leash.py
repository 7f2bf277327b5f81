"""Runs a program for as long as its owner lives: ``python leash.py PROGRAM ARGS...``, with a pipe of the owner as input.

When the owner ends, however it ends, the pipe is closed, and the program is killed with everything it started. The owner
may also simply kill this process's group.
"""

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Runs the program; its exit status is ours."""
    with subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL) as child:
        threading.Thread(target=_hold, daemon=True).start()
        return child.wait()


def _hold() -> None:
    while os.read(0, 4096):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())

"""Starts the runtime client the way the managed runtime does: the handler is read here, after any wrapper has run.

It is a file, not ``-m``, because that is what an exec wrapper sees on Lambda: ``wrapper python .../bootstrap.py``; the
wrapper that the platform's documentation shows inserts interpreter options before the last argument.
"""

import os
import sys


def main() -> None:
    """Replaces this folder on the import path by the function's code and runs the client for ever."""
    from awslambdaric.__main__ import main as run

    run([sys.argv[0], os.environ["_HANDLER"]])


if __name__ == "__main__":
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    main()

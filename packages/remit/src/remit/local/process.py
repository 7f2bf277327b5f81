"""The child process: its environment, its start, and its sure end."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from remit.local import managed
from remit.local.spec import FunctionSpec

#: What Lambda reserves: a function cannot set these itself.
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def environment(spec: FunctionSpec, api: str, scratch: Path) -> dict[str, str]:
    """The variables of the child, and no others: nothing of this process leaks in.

    Args:
        spec: the function.
        api: address of the Runtime API.
        scratch: its folder for temporary files.

    Returns:
        What Lambda sets, then the function's own, then what is reserved.
    """
    given = {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in (spec.code, *spec.path)),
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        # Not Lambda's, but Lambda's /tmp is its own and its task root is read-only: so are these.
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_ACCESS_KEY_ID": spec.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    own = {name: value for name, value in spec.environment.items() if name not in RESERVED}
    if spec.wrapper:
        own["AWS_LAMBDA_EXEC_WRAPPER"] = spec.wrapper
    reserved = {
        "_HANDLER": spec.handler,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_REGION": spec.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local/[$LATEST]",
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_RUNTIME_DIR": str(runtime_folder()),
        "LAMBDA_TASK_ROOT": str(spec.code),
    }
    return {**given, **own, **reserved}


def runtime_folder() -> Path:
    """The folder of the bootstrap, as ``LAMBDA_RUNTIME_DIR`` names it."""
    return Path(managed.__file__).parent


def command(spec: FunctionSpec, variables: dict[str, str]) -> tuple[list[str], int]:
    """The command line the managed runtime would start, and its exit status when it cannot.

    Returns:
        ``(argv, 0)``, or ``([], status)`` with the status its start script ends with: 127 for a wrapper that is not
        there, 126 for one that is not executable.
    """
    argv = [spec.python or sys.executable, str(runtime_folder() / "bootstrap.py")]
    wrapper = variables.get("AWS_LAMBDA_EXEC_WRAPPER", "")
    if not wrapper:
        return argv, 0
    if not Path(wrapper).is_file():
        return [], 127
    if not os.access(wrapper, os.X_OK):
        return [], 126
    return [wrapper, *argv], 0


def start(
    argv: list[str], variables: dict[str, str], folder: Path, output: int, *, leash: bool = False
) -> "subprocess.Popen[bytes]":
    """Starts the child in a process group of its own, so that what it starts can be ended with it.

    Args:
        argv: program and arguments.
        variables: its whole environment.
        folder: its working folder.
        output: descriptor for what it writes.
        leash: ends it when this process ends in a way that leaves no time to end it. A function needs none: its
            client gives up when the Runtime API is gone.

    Raises:
        OSError: the program cannot be started.
    """
    if leash:
        argv = [sys.executable, "-I", str(Path(__file__).with_name("leash.py")), *argv]
    return subprocess.Popen(
        argv,
        cwd=folder,
        env=variables,
        stdin=subprocess.PIPE if leash else subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kills the child and everything it started, and waits for it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()

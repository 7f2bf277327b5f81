"""What to run and what came of it: plain values, no process and no socket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: Payload limits of a synchronous invocation in bytes (Lambda quotas: 6 MB request and response; the response
#: limit is enforced as 6,291,556).
MAX_REQUEST = 6 * 1024 * 1024
MAX_RESPONSE = 6_291_556

FUNCTION = "function"
TIMEOUT = "timeout"
EXIT = "exit"
INIT = "init"
SIZE = "size"


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One function to run.

    Args:
        name: its name.
        handler: ``module.function`` as the template says it.
        code: its code folder: working folder and task root of the child.
        environment: its own variables; they win over what the platform sets, except where Lambda reserves a name.
        runtime: Lambda's name of the runtime, for ``AWS_EXECUTION_ENV``; the interpreter is always ``python``.
        timeout: seconds per invocation.
        memory: megabytes, as the function is told; not enforced.
        region, account: for its ARN and credentials.
        python: the interpreter; ``""`` is the running one.
        path: further folders on the import path after the code, as layers are.
        wrapper: an executable that is given the interpreter's command line (``AWS_LAMBDA_EXEC_WRAPPER``); ``""`` takes
            the variable out of ``environment``.
        scratch: folder for its temporary files; ``None`` makes one that is removed at the end.
        init_timeout: seconds the init phase may take (10 on Lambda).
    """

    name: str
    handler: str
    code: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    runtime: str = "python3.12"
    timeout: float = 3.0
    memory: int = 128
    region: str = "eu-central-1"
    account: str = "000000000000"
    python: str = ""
    path: tuple[Path, ...] = ()
    wrapper: str = ""
    scratch: Path | None = None
    init_timeout: float = 10.0

    @property
    def arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"


@dataclass(frozen=True, slots=True)
class InvocationError:
    """Why an invocation gave no result.

    Args:
        kind: ``function`` (it raised), ``timeout``, ``exit`` (the process ended), ``init`` (it never started) or
            ``size``.
        type: error type as Lambda names it: ``ValueError``, ``Sandbox.Timedout``, ``Runtime.ExitError``.
        message: the message the caller sees.
        stack: stack trace lines, if there are any.
    """

    kind: str
    type: str
    message: str
    stack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invocation:
    """One invocation and everything that is known about it.

    Args:
        request_id: the platform's id of it.
        payload: what the handler returned, decoded from JSON; ``None`` when there is an error. A response that is not
            JSON (custom runtimes may) stays text.
        error: why there is no result.
        body: the response or error document as bytes.
        logs: lines the function wrote while it ran; those of the init phase come first in a cold invocation.
        cold: whether the init phase belongs to this invocation.
        init_ms: length of the init phase when ``cold``, else ``None``.
        duration_ms: from handing out the event to the result.
        pid: the child that served it, 0 when none did.
    """

    request_id: str
    payload: object
    error: InvocationError | None
    body: bytes
    logs: tuple[str, ...]
    cold: bool
    init_ms: float | None
    duration_ms: float
    pid: int = 0

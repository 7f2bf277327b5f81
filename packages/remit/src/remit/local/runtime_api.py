"""Runs one function the way Lambda runs it: the real ``awslambdaric`` in a child, our Runtime API before it.

>>> with LocalFunction(FunctionSpec("hello", "app.handler", Path("src"))) as function:
...     function.invoke({"name": "Ada"}).payload
"""

import contextlib
import json
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from remit.local import process, protocol
from remit.local.logs import LogPipe
from remit.local.protocol import BUSY, DEAD, FINISHING, IDLE, STARTING, Delivery, Environment, Outcome
from remit.local.server import RuntimeApi
from remit.local.spec import INIT, MAX_REQUEST, SIZE, FunctionSpec, Invocation, InvocationError

__all__ = ["FunctionSpec", "Invocation", "InvocationError", "LocalFunction"]

#: How long the child may take from its result to its next request before we stop waiting for it, in seconds.
SETTLE = 1.0


class LocalFunction:
    """One function with one execution environment: invocations queue up behind each other, as they would there.

    The environment is made on entering, and again by the next invocation after a crash or a timeout. Several functions
    may run at once, and threads may share one.
    """

    def __init__(self, spec: FunctionSpec) -> None:
        self.spec = spec
        self._turn = threading.Lock()
        self._api: RuntimeApi | None = None
        self._logs: LogPipe | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._init_ms: float | None = None
        self._cold = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The child's process id, 0 when there is none."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else 0

    @property
    def scratch(self) -> Path:
        """The folder the function sees as its temporary folder.

        Raises:
            RuntimeError: it is not running.
        """
        if self._folder is None:
            raise RuntimeError("the function is not running")
        return self.spec.scratch or self._folder / "tmp"

    def start(self) -> None:
        """Starts the server and the first environment, and waits for the end of the init phase.

        A failing init phase is not an error here: the next invocation tries again and reports it, as on Lambda.
        """
        with self._turn:
            if self._api is not None:
                return
            self._folder = Path(tempfile.mkdtemp(prefix="remit-fn-"))
            self.scratch.mkdir(parents=True, exist_ok=True)
            self._api = RuntimeApi()
            self._logs = LogPipe()
            self._launch(self._api, self._logs)

    def stop(self) -> None:
        """Ends child and server and removes the temporary folder; harmless when nothing runs."""
        with self._turn:
            if self._child is not None:
                process.end(self._child)
                self._child = None
            if self._api is not None:
                self._api.stop()
                self._api = None
            if self._logs is not None:
                self._logs.close()
                self._logs = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def invoke(self, event: object, *, request_id: str = "", trace: str = "", client_context: str = "") -> Invocation:
        """Invokes the function and waits for its end.

        Args:
            event: anything ``json`` can write; ``bytes`` are handed on as they are.
            request_id: the platform's id; made up when empty.
            trace: the trace header; made up when empty.
            client_context: JSON for ``context.client_context``.

        Returns:
            What came of it. Errors of the function, timeouts and crashes are values, not exceptions.

        Raises:
            RuntimeError: the function was not started.
            TypeError, ValueError: the event cannot be written as JSON.
        """
        body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")
        request_id = request_id or str(uuid.uuid4())
        if len(body) > MAX_REQUEST:
            return _refused(request_id, len(body))
        with self._turn:
            if self._api is None or self._logs is None:
                raise RuntimeError("the function is not running: use it in a with statement, or call start()")
            died_idle = self._api.environment.phase == DEAD and self._api.environment.init_error is None
            if self._child is None or died_idle:
                self._bury()
                self._launch(self._api, self._logs)
            return self._run(self._api, self._logs, request_id, body, trace or new_trace(), client_context)

    def _run(
        self, api: RuntimeApi, logs: LogPipe, request_id: str, body: bytes, trace: str, client_context: str
    ) -> Invocation:
        environment = api.environment
        pid = self.pid
        cold, self._cold = self._cold, False
        begun = time.monotonic()
        if environment.phase == IDLE:
            deadline = int((time.time() + self.spec.timeout) * 1000)
            delivery = Delivery(request_id, body, deadline, self.spec.arn, trace, client_context)
            outcome, duration = self._serve(api, environment, delivery)
        else:
            outcome, duration = environment.init_error or protocol.init_timed_out(self.spec.init_timeout), 0.0
        if environment.phase not in (IDLE, FINISHING):
            self._bury()  # the next invocation starts a fresh one, as on Lambda
        return Invocation(
            request_id,
            _decode(outcome.body) if outcome.error is None else None,
            outcome.error,
            outcome.body,
            logs.take(),
            cold,
            self._init_ms if cold else None,
            duration or (time.monotonic() - begun) * 1000,
            pid,
        )

    def _serve(self, api: RuntimeApi, environment: Environment, delivery: Delivery) -> tuple[Outcome, float]:
        """Hands out one event and waits for what comes of it; milliseconds beside it."""
        begun = time.monotonic()
        with api.changed:
            api.deliver(delivery)
            api.wait(lambda: environment.outcome is not None or environment.phase == DEAD, self.spec.timeout)
            duration = (time.monotonic() - begun) * 1000
            if environment.outcome is None:
                if environment.phase != DEAD:
                    environment.phase = BUSY  # whatever it does now comes too late
                    return protocol.timed_out(delivery.request_id, self.spec.timeout), duration
                environment.ended(environment.exit_status or 0)
                return environment.outcome or environment.init_error or _lost(delivery.request_id), duration
            # The invocation is over when the child asks for the next event; only then is its output complete.
            left = min(SETTLE, self.spec.timeout - duration / 1000)
            api.wait(lambda: environment.phase in (IDLE, DEAD), left)
            return environment.outcome, duration

    def _launch(self, api: RuntimeApi, logs: LogPipe) -> None:
        """Starts a child and waits for the end of its init phase, good or bad."""
        environment = api.begin()
        variables = process.environment(self.spec, api.address, self.scratch)
        argv, status = process.command(self.spec, variables)
        begun = time.monotonic()
        self._cold = True
        if status:
            environment.ended(status)
        else:
            self._child = process.start(argv, variables, self.spec.code, logs.write)
            threading.Thread(
                target=_watch, args=(self._child, api, environment), name="remit-child", daemon=True
            ).start()
            with api.changed:
                api.wait(lambda: environment.phase != STARTING, self.spec.init_timeout)
        self._init_ms = (time.monotonic() - begun) * 1000

    def _bury(self) -> None:
        """Ends a child that must not serve again; the next invocation starts a fresh one."""
        if self._child is not None:
            process.end(self._child)
            self._child = None
        if self._folder is not None and self.spec.scratch is None:
            # A fresh environment has an empty /tmp.
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch.mkdir(parents=True, exist_ok=True)


def new_trace() -> str:
    """A fresh X-Ray trace header: time and randomness, not sampled."""
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=0"


def _watch(child: "subprocess.Popen[bytes]", api: RuntimeApi, environment: Environment) -> None:
    with contextlib.suppress(ChildProcessError):
        status = child.wait()
        with api.changed:
            environment.ended(status)
            api.changed.notify_all()


def _decode(body: bytes) -> object:
    try:
        value: object = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    return value


def _refused(request_id: str, size: int) -> Invocation:
    message = f"Request must be smaller than {MAX_REQUEST} bytes for the InvokeFunction operation, this has {size}"
    error = InvocationError(SIZE, "RequestEntityTooLargeException", message)
    return Invocation(request_id, None, error, protocol.document(error), (), cold=False, init_ms=None, duration_ms=0.0)


def _lost(request_id: str) -> Outcome:
    error = InvocationError(INIT, "Runtime.ExitError", f"RequestId: {request_id} Error: the runtime was gone")
    return Outcome(protocol.document(error), error)

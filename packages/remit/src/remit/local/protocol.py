"""The Lambda Runtime API as a state machine without I/O: requests in, answers and changes of state out.

One ``Environment`` is one life of one child. The server feeds it requests, the process watcher feeds it the end of the
process, and whoever invokes reads ``phase`` and ``outcome``.

Specified at https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
"""

import json
from dataclasses import dataclass, field

from remit.local.spec import EXIT, FUNCTION, INIT, MAX_RESPONSE, SIZE, InvocationError

PREFIX = "/2018-06-01/runtime/"

STARTING = "starting"
IDLE = "idle"
BUSY = "busy"
FINISHING = "finishing"  # the result is there; the child has not asked for the next event yet
DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to the child."""

    request_id: str
    body: bytes
    deadline_ms: int
    arn: str
    trace: str
    client_context: str = ""

    def headers(self) -> dict[str, str]:
        """What ``next`` answers with, in Lambda's spelling."""
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.arn,
            "Lambda-Runtime-Trace-Id": self.trace,
        }
        if self.client_context:
            headers["Lambda-Runtime-Client-Context"] = self.client_context
        return headers


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer of the Runtime API."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation came to: a result, or an error with the document that the caller gets."""

    body: bytes
    error: InvocationError | None = None


ACCEPTED = Answer(202, b'{"status":"OK"}\n', {"Content-Type": "application/json"})


class Environment:
    """One execution environment: what the child may ask next, and what it has answered.

    Not thread-safe by itself: the caller holds a lock around every method.
    """

    __slots__ = ("delivery", "exit_status", "init_error", "outcome", "phase")

    def __init__(self) -> None:
        self.phase = STARTING
        self.delivery: Delivery | None = None
        self.outcome: Outcome | None = None
        self.init_error: Outcome | None = None
        self.exit_status: int | None = None

    def asked_for_next(self) -> None:
        """The child asks for work: its init phase or its last invocation is over."""
        if self.phase in (STARTING, FINISHING):
            self.phase = IDLE

    def hand_out(self, delivery: Delivery) -> Answer:
        """Gives the waiting child an event."""
        self.phase = BUSY
        self.delivery = delivery
        self.outcome = None
        return Answer(200, delivery.body, delivery.headers())

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Any POST of the child.

        Args:
            path: the request's path.
            body: its body.
            headers: its headers, names in lower case.

        Returns:
            The answer; refused requests change nothing.
        """
        if path == PREFIX + "init/error":
            return self._init_error(body, headers)
        parts = path.removeprefix(PREFIX).split("/")
        if not path.startswith(PREFIX) or len(parts) != 3 or parts[0] != "invocation":
            return refusal(404, "NotFound", "there is nothing at this path")
        _, request_id, what = parts
        if what not in ("response", "error"):
            return refusal(404, "NotFound", "there is nothing at this path")
        if self.delivery is None or request_id != self.delivery.request_id:
            return refusal(400, "InvalidRequestID", "Invalid request ID")
        if self.phase != BUSY:
            return refusal(403, "InvalidStateTransition", f"Transition from {self.phase} to {what} is not allowed.")
        if len(body) > MAX_RESPONSE:
            return self._too_large()
        self.phase = FINISHING
        if what == "response":
            self.outcome = Outcome(body)
        else:
            self.outcome = Outcome(body, _error(FUNCTION, body, headers))
        return ACCEPTED

    def ended(self, status: int) -> None:
        """The process has ended. An invocation in progress fails; one that has its result keeps it.

        Args:
            status: exit status, or minus the signal's number.
        """
        self.exit_status = status
        if self.phase == STARTING and self.init_error is None:
            self.init_error = _exit(status, INIT, "")
        if self.phase == BUSY and self.delivery is not None:
            self.outcome = _exit(status, EXIT, self.delivery.request_id)
        self.phase = DEAD

    def _init_error(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self.phase != STARTING:
            return refusal(403, "InvalidStateTransition", "The init phase is over.")
        self.init_error = Outcome(body, _error(INIT, body, headers))
        return ACCEPTED

    def _too_large(self) -> Answer:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
        error = InvocationError(SIZE, "Function.ResponseSizeTooLarge", message)
        self.outcome = Outcome(document(error), error)
        self.phase = FINISHING
        return refusal(413, "Function.ResponseSizeTooLarge", message)


def refusal(status: int, kind: str, message: str) -> Answer:
    """An error answer in the API's own form."""
    text = json.dumps({"errorType": kind, "errorMessage": message})
    return Answer(status, text.encode(), {"Content-Type": "application/json"})


def document(error: InvocationError) -> bytes:
    """The document that the caller of a failed invocation gets."""
    return json.dumps({"errorType": error.type, "errorMessage": error.message}).encode()


def timed_out(request_id: str, seconds: float) -> Outcome:
    """What the caller of an invocation gets that took longer than it may."""
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    error = InvocationError("timeout", "Sandbox.Timedout", message)
    return Outcome(document(error), error)


def init_timed_out(seconds: float) -> Outcome:
    """What the caller gets when the init phase did not end."""
    error = InvocationError(INIT, "Sandbox.Timedout", f"Init phase timed out after {seconds:.2f} seconds")
    return Outcome(document(error), error)


def _exit(status: int, kind: str, request_id: str) -> Outcome:
    if status < 0:
        reason = f"Runtime exited with error: signal: {_signal_name(-status)}"
    elif status:
        reason = f"Runtime exited with error: exit status {status}"
    else:
        reason = "Runtime exited without providing a reason"
    message = f"RequestId: {request_id} Error: {reason}" if request_id else f"Error: {reason}"
    error = InvocationError(kind, "Runtime.ExitError", message)
    return Outcome(document(error), error)


def _signal_name(number: int) -> str:
    # Go's names, because that is what Lambda prints.
    names = {6: "aborted", 9: "killed", 11: "segmentation fault", 15: "terminated"}
    return names.get(number, f"signal {number}")


def _error(kind: str, body: bytes, headers: dict[str, str]) -> InvocationError:
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        data = {}
    stack = data.get("stackTrace")
    name = data.get("errorType") or headers.get("lambda-runtime-function-error-type") or "Unknown"
    lines = tuple(str(line) for line in stack) if isinstance(stack, list) else ()
    return InvocationError(kind, str(name), str(data.get("errorMessage", "")), lines)

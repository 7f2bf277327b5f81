"""The Runtime API's state machine: what is allowed when, without any I/O."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.local.protocol import BUSY, DEAD, FINISHING, IDLE, STARTING, Delivery, Environment, timed_out
from remit.local.spec import MAX_RESPONSE

BASE = "/2018-06-01/runtime/"


def delivery(request_id: str = "r-1") -> Delivery:
    return Delivery(request_id, b"{}", 1_700_000_000_000, "arn:aws:lambda:eu-central-1:0:function:f", "Root=1-0-0")


def busy() -> Environment:
    environment = Environment()
    environment.asked_for_next()
    environment.hand_out(delivery())
    return environment


def test_next_ends_the_init_phase_and_carries_lambdas_headers() -> None:
    environment = Environment()
    assert environment.phase == STARTING
    environment.asked_for_next()
    assert environment.phase == IDLE
    answer = environment.hand_out(delivery())
    assert answer.status == 200
    assert answer.headers["Lambda-Runtime-Aws-Request-Id"] == "r-1"
    assert answer.headers["Lambda-Runtime-Deadline-Ms"] == "1700000000000"
    assert "Lambda-Runtime-Client-Context" not in answer.headers
    assert environment.phase == BUSY


def test_response_is_taken_once() -> None:
    environment = busy()
    assert environment.post(BASE + "invocation/r-1/response", b'"ok"', {}).status == 202
    assert environment.phase == FINISHING
    assert environment.outcome is not None
    assert environment.outcome.body == b'"ok"'
    again = environment.post(BASE + "invocation/r-1/response", b'"other"', {})
    assert again.status == 403
    assert environment.outcome.body == b'"ok"'


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("invocation/other/response", 400),
        ("invocation/r-1/nonsense", 404),
        ("invocation/r-1", 404),
        ("init/error", 403),
        ("exit/error", 404),
    ],
)
def test_what_is_refused_changes_nothing(path: str, status: int) -> None:
    environment = busy()
    answer = environment.post(BASE + path, b"{}", {})
    assert answer.status == status
    assert json.loads(answer.body)["errorType"]
    assert environment.phase == BUSY
    assert environment.outcome is None


def test_an_error_keeps_type_message_and_stack() -> None:
    environment = busy()
    body = json.dumps({"errorType": "ValueError", "errorMessage": "no", "stackTrace": ["  File a"]}).encode()
    environment.post(BASE + "invocation/r-1/error", body, {})
    assert environment.outcome is not None
    error = environment.outcome.error
    assert error is not None
    assert (error.kind, error.type, error.message, error.stack) == ("function", "ValueError", "no", ("  File a",))


def test_too_large_a_response_is_an_error_of_the_function() -> None:
    environment = busy()
    answer = environment.post(BASE + "invocation/r-1/response", b"x" * (MAX_RESPONSE + 1), {})
    assert answer.status == 413
    assert environment.outcome is not None
    assert environment.outcome.error is not None
    assert environment.outcome.error.type == "Function.ResponseSizeTooLarge"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0, "Runtime exited without providing a reason"),
        (3, "Runtime exited with error: exit status 3"),
        (-9, "Runtime exited with error: signal: killed"),
        (-11, "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_the_end_of_the_process_fails_what_it_was_doing(status: int, reason: str) -> None:
    environment = busy()
    environment.ended(status)
    assert environment.phase == DEAD
    assert environment.outcome is not None
    assert environment.outcome.error is not None
    assert environment.outcome.error.message == f"RequestId: r-1 Error: {reason}"


def test_the_end_of_the_process_after_its_result_spoils_nothing() -> None:
    environment = busy()
    environment.post(BASE + "invocation/r-1/response", b"1", {})
    environment.ended(1)
    assert environment.outcome is not None
    assert environment.outcome.error is None


def test_an_init_error_survives_the_exit_that_follows_it() -> None:
    environment = Environment()
    body = b'{"errorType":"Runtime.ImportModuleError","errorMessage":"No module named x"}'
    assert environment.post(BASE + "init/error", body, {}).status == 202
    environment.ended(1)
    assert environment.init_error is not None
    assert environment.init_error.error is not None
    assert environment.init_error.error.type == "Runtime.ImportModuleError"


def test_a_timeout_reads_like_lambdas() -> None:
    error = timed_out("r-1", 3).error
    assert error is not None
    assert error.message == "RequestId: r-1 Error: Task timed out after 3.00 seconds"


@given(path=st.text(max_size=80), body=st.binary(max_size=200), name=st.text(max_size=20))
def test_no_request_of_the_child_breaks_the_machine(path: str, body: bytes, name: str) -> None:
    for environment in (Environment(), busy()):
        for target in (path, BASE + path, BASE + "init/error", BASE + "invocation/r-1/error"):
            answer = environment.post(target, body, {"lambda-runtime-function-error-type": name})
            assert 200 <= answer.status < 500

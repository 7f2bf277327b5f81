"""The child's environment and command line."""

import sys
from pathlib import Path

import pytest

from remit.local.process import command, environment, runtime_folder
from remit.local.spec import FunctionSpec


def spec(**more: object) -> FunctionSpec:
    return FunctionSpec("shop-Orders", "orders.create.handler", Path("/code"), **more)  # type: ignore[arg-type]


def test_the_child_sees_what_lambda_sets_and_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_OWN_SECRET", "x")
    variables = environment(spec(environment={"TABLE": "t"}, memory=256), "127.0.0.1:9", Path("/s/tmp"))
    assert "OUR_OWN_SECRET" not in variables
    assert variables["TABLE"] == "t"
    assert variables["_HANDLER"] == "orders.create.handler"
    assert variables["LAMBDA_TASK_ROOT"] == "/code"
    assert variables["AWS_LAMBDA_RUNTIME_API"] == "127.0.0.1:9"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert variables["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.12"


def test_a_function_cannot_set_what_is_reserved() -> None:
    variables = environment(
        spec(environment={"_HANDLER": "evil.handler", "LAMBDA_TASK_ROOT": "/etc"}), "127.0.0.1:9", Path("/s/tmp")
    )
    assert variables["_HANDLER"] == "orders.create.handler"
    assert variables["LAMBDA_TASK_ROOT"] == "/code"


def test_the_bootstrap_is_a_file_after_the_interpreter() -> None:
    argv, status = command(spec(), {})
    assert argv == [sys.executable, str(runtime_folder() / "bootstrap.py")]
    assert status == 0


def test_a_wrapper_is_given_the_command_line(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\nexec "$@"\n')
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": str(wrapper)}
    assert command(spec(), variables) == ([], 126)
    wrapper.chmod(0o755)
    assert command(spec(), variables)[0][0] == str(wrapper)
    assert command(spec(), {"AWS_LAMBDA_EXEC_WRAPPER": str(tmp_path / "none")}) == ([], 127)

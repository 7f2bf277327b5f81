"""Every way out of the floor that Python has, tried by a child whose hooks were disarmed first.

The same child runs three times: without the guard, where each way must work (or the test shows nothing); with the guard; and
with the guard under an outer filter that refuses what classic Lambda environments refuse.
"""

import importlib.machinery
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import remit_guard

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(sys.platform != "linux", reason="the ways are those of Linux")]

SOURCES = Path(remit_guard.__file__).parent.parent
HERE = Path(__file__).parent
#: A stand-in for the profile of classic Lambda environments: facts known of it, not more.
OUTER = ("prctl", "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "ptrace",
         "process_vm_readv", "process_vm_writev", "io_uring_setup", "io_uring_enter", "io_uring_register")  # fmt: skip
CHILD = """
import json, os, sys
outer = {outer!r}
if outer:
    import ctypes
    from struct import pack
    from remit_guard.sandbox import bpf
    library = ctypes.CDLL(None, use_errno=True)
    assert library.prctl(38, 1, 0, 0, 0) == 0
    program = bpf.build(os.uname().machine, outer, sockets=False)
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
    assert library.prctl(22, 2, ctypes.byref(Program(len(program) // 8, program))) == 0
    assert library.prctl(38, 1, 0, 0, 0) == -1
    del library, Program
    from remit_guard.sandbox.kernel import forget
    forget()
import subprocess, socket
import attacks
from remit_guard import guard
from remit_guard.core.remit import Remit

def handler(event, context=None):
    return attacks.run(event["kinds"], event["where"], armed=event["armed"])

event = json.loads(sys.argv[1])
try:
    found = guard(remit=Remit("Orders"))(handler)(event)
except BaseException as error:
    found = {{"": repr(error)}}
print()
print("FOUND " + json.dumps(found))
"""
KINDS = ("process", "egress", "file", "native", "tampering")


@pytest.fixture
def where(tmp_path: Path) -> Iterator[dict[str, object]]:
    outside = Path(tempfile.mkdtemp(prefix="remit-floor-", dir=Path.home()))
    (outside / "secret").write_text("a secret")
    (outside / "victim").write_text("x")
    (tmp_path / "temp").mkdir()
    (outside / "code").mkdir()
    (outside / "code" / "attacks.py").write_text((HERE / "attacks.py").read_text())
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    folder = Path(sysconfig.get_paths()["platstdlib"]) / "lib-dynload"
    extension = next(iter(sorted(folder.glob(f"_json*{suffix}"))), None)
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen(64)
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0)
        tcp.settimeout(0)
        yield {
            "mark": str(tmp_path / "temp" / "mark"), "secret": str(outside / "secret"),
            "forbidden": str(outside / "forbidden"), "victim": str(outside / "victim"), "temp": str(tmp_path / "temp"),
            "code": str(outside / "code"), "tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1],
            "extension": str(extension or ""), "extension_name": "_json", "sockets": (tcp, udp),
        }  # fmt: skip
    shutil.rmtree(outside)


def tried(
    where: dict[str, object],
    kinds: tuple[str, ...],
    outer: tuple[str, ...] = (),
    *,
    armed: bool = False,
    **variables: str,
) -> tuple[dict[str, str], list[dict[str, object]]]:
    facts = {name: value for name, value in where.items() if name != "sockets"}
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": f"{SOURCES}:{where['code']}",
        "LAMBDA_TASK_ROOT": str(where["code"]), "TMPDIR": str(where["temp"]), "REMIT_MODE": "block", "REMIT_SEAL": "on",
        "PYTHONDONTWRITEBYTECODE": "1", **variables,
    }  # fmt: skip
    event = json.dumps({"kinds": kinds, "where": facts, "armed": armed})
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(outer=outer), event],
        env=environment, cwd=str(where["temp"]), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    answers = [json.loads(line[6:]) for line in lines if line.startswith("FOUND ")]
    assert len(answers) == 1, done.stdout[-3000:] + done.stderr[-3000:]
    return answers[0], [json.loads(line) for line in lines if line.startswith('{"class_uid"')]


def received(where: dict[str, object]) -> list[str]:
    tcp, udp = where["sockets"]  # type: ignore[misc]
    found = []
    for name, one in (("tcp", tcp), ("udp", udp)):
        try:
            one.accept() if name == "tcp" else one.recv(9)
        except BlockingIOError:
            continue
        found.append(name)
    return found


def without_reason(name: str, where: dict[str, object]) -> str:
    """Why a way cannot be tried on this machine."""
    if name == "load_extension_from_temp" and not where["extension"]:
        return "this interpreter has its extension modules built in"
    if name == "raw_packets" and os.geteuid() != 0:
        return "raw sockets need a capability"
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_guard_every_way_works(where: dict[str, object], kind: str) -> None:
    found, _ = tried(where, (kind,), REMIT_GUARD="off")
    known = {
        "kernel_sockets",
        "memory_by_thread",
        "everything_of_ours_replaced",
        "sealed_again",
        "kept_function_replaced",
    }
    known |= {"frame_in_the_middle_of_the_hook", "frames_in_the_refusal", "address_with_a_made_up_name"}
    closed = {
        name: how for name, how in found.items()
        if how != "through" and name not in known and not without_reason(name, where)
    }  # fmt: skip
    assert closed == {}
    assert len(found) >= {"process": 12, "egress": 10, "file": 10, "native": 3, "tampering": 12}[kind]


@pytest.mark.parametrize("outer", [(), OUTER], ids=["alone", "as-on-lambda"])
@pytest.mark.parametrize("kind", KINDS)
def test_with_the_floor_none_does(where: dict[str, object], kind: str, outer: tuple[str, ...]) -> None:
    found, signals = tried(where, (kind,), outer)
    assert {name: how for name, how in found.items() if how == "through"} == {}
    assert not Path(str(where["mark"])).exists()
    assert Path(str(where["victim"])).exists()
    assert received(where) == []
    rules = {signal["rule"] for signal in signals}
    wanted = {
        "process": "process-outside-remit", "egress": "host-outside-remit", "file": "file-outside-remit",
        "native": "process-outside-remit", "tampering": "guard-tampering",
    }  # fmt: skip
    assert wanted[kind] in rules
    assert [(signal["reason"], signal["evidence"]) for signal in signals if signal["rule"] == "guard-fault"] == []
    assert {signal["tier"] for signal in signals} == {"hooks"}


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_is_enforced_everything_runs_and_is_told(where: dict[str, object], kind: str) -> None:
    found, signals = tried(where, (kind,), armed=True, REMIT_MODE="alert")
    harmed = {name: how for name, how in found.items() if how.startswith(("TypeError", "Blocked", "PermissionError"))}
    refused = {"memory_of_the_process", "memory_by_thread", "raw_packets", "kernel_sockets", "sealed_again"}
    assert harmed.keys() <= refused, harmed
    assert signals
    assert {signal["verdict"] for signal in signals} <= {"alert", "block"}


@pytest.mark.parametrize("outer", [(), OUTER], ids=["alone", "as-on-lambda"])
def test_honest_code_is_not_disturbed(where: dict[str, object], outer: tuple[str, ...]) -> None:
    found, signals = tried(where, ("ordinary",), outer)
    assert found == {"ordinary": True}
    assert signals == []

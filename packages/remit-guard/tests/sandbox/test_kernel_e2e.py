"""The kernel tier: native code, the C library and raw machine code are bound; the runtime and its libraries still work."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import remit_guard
from remit.local.runtime_api import FunctionSpec, LocalFunction
from remit_guard.sandbox.probe import probe

SOURCES = Path(remit_guard.__file__).parent.parent
FOUND = probe()


def why_not() -> str:
    """Why this kernel cannot show it."""
    if sys.platform != "linux":
        return "seccomp and Landlock are Linux"
    if FOUND["landlock"] == "absent" or int(FOUND["landlock"].rpartition(" ")[2] or 0) < 4:
        return f"Landlock here: {FOUND['landlock']}; TCP rules need ABI 4"
    return ""


pytestmark = [pytest.mark.e2e, pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be shown")]

CHILD = r"""
import ctypes, json, mmap, os, socket, struct, sys
where = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
spawn = libc.posix_spawn
secret, forbidden, mark = where["secret"].encode(), where["forbidden"].encode(), where["mark"].encode()
second = ctypes.create_string_buffer(forbidden + b"2")
touch = (ctypes.c_char_p * 3)(b"touch", mark, None)
address = struct.pack("=H", 2) + struct.pack("!H", where["tcp"]) + bytes([127, 0, 0, 1]) + bytes(8)
datagram = struct.pack("=H", 2) + struct.pack("!H", where["udp"]) + bytes([127, 0, 0, 1]) + bytes(8)
machine = None
if os.uname().machine == "x86_64":
    #  mov rax, rdi; mov rdi, rsi; mov rsi, rdx; mov rdx, rcx; syscall; ret
    code = bytes.fromhex("4889f84889f74889d64889ca0f05c3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    machine = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(start)

def came():
    try:
        os.unlink(where["mark"])
        return True
    except OSError:
        return False

def in_child(work):
    child = libc.fork()
    if child == 0:
        work()
        os._exit(1)
    os.waitpid(child, 0)
    return came()

def connected(call):
    one = libc.socket(2, 1, 0)
    return one >= 0 and call(one) == 0

def sent():
    one = libc.socket(2, 2, 0)
    return one >= 0 and libc.sendto(one, b"x", 1, 0, datagram, 16) == 1

def spawned():
    number = ctypes.c_int(0)
    spawn(ctypes.byref(number), b"/bin/touch", None, None, touch, None)
    if number.value:
        os.waitpid(number.value, 0)
    return came()

def popened():
    stream = libc_popen(b"touch " + mark, b"r")
    if stream:
        libc.pclose(ctypes.c_void_p(stream))
    return came()

ways = {
    "execve": lambda: in_child(lambda: libc.execve(b"/bin/touch", touch, None)),
    "system": lambda: (libc.system(b"touch " + mark), came())[1],
    "posix_spawn": spawned,
    "popen": popened,
    "connect": lambda: connected(lambda one: libc.connect(one, address, 16)),
    "connect by number": lambda: connected(lambda one: libc.syscall(42 if machine else 203, one, address, 16)),
    "datagram": sent,
    "raw socket": lambda: libc.socket(2, 3, 1) >= 0,
    "packet socket": lambda: libc.socket(17, 3, 0) >= 0,
    "read": lambda: libc.open(secret, 0) >= 0,
    "create": lambda: libc.open(forbidden, 0o101, 0o600) >= 0,
    "rename": lambda: libc.rename(secret, where["temp"].encode() + b"/mine") == 0,
    "own memory": lambda: libc.open(b"/proc/self/mem", 2) >= 0,
    "own environment": lambda: libc.open(b"/proc/self/environ", 0) >= 0,
    "program in memory": lambda: libc.memfd_create(b"x", 0) >= 0,
    "user namespace": lambda: in_child(lambda: libc.unshare(0x10000000) == 0 and os.mkdir(where["mark"] + ".d"))
    or os.path.isdir(where["mark"] + ".d"),
    "trace": lambda: in_child(lambda: libc.ptrace(0, 0, 0, 0) == 0 and os.mkdir(where["mark"] + ".t"))
    or os.path.isdir(where["mark"] + ".t"),
}
libc_popen = libc.popen
libc_popen.restype = ctypes.c_void_p
if machine is not None:
    ways["machine code: open"] = lambda: machine(2, ctypes.cast(second, ctypes.c_void_p), 0o101, 0o600) >= 0
    ways["machine code: execve"] = lambda: in_child(
        lambda: machine(59, ctypes.cast(b"/bin/touch", ctypes.c_void_p), ctypes.cast(touch, ctypes.c_void_p), None)
    )
    ways["machine code: connect"] = lambda: connected(lambda one: machine(42, one, ctypes.cast(address, ctypes.c_void_p), 16))
    ways["machine code: x32 execve"] = lambda: in_child(
        lambda: machine(0x40000000 + 520, ctypes.cast(b"/bin/touch", ctypes.c_void_p), ctypes.cast(touch, ctypes.c_void_p), None)
    )

from remit_guard import guard
from remit_guard.core.remit import Remit

def handler(event, context=None):
    found = {name: bool(way()) for name, way in ways.items()}
    import threading
    seen = []
    thread = threading.Thread(target=lambda: seen.append(libc.open(forbidden + b"3", 0o101, 0o600) >= 0))
    thread.start()
    thread.join()
    found["in a thread"] = seen[0]
    with open(where["temp"] + "/allowed", "w") as file:
        file.write("x")
    found["allowed"] = os.path.exists(where["temp"] + "/allowed")
    try:
        open(where["secret"])
    except Exception:
        pass
    return found

try:
    answer = guard(remit=Remit("Orders", reaches=tuple(where["reaches"])))(handler)
    print("FOUND " + json.dumps(answer({})))
except BaseException as error:
    from remit_guard.core.verdict import Blocked
    print("ERROR " + repr(error))
"""


@pytest.fixture
def where(tmp_path: Path) -> Iterator[dict[str, object]]:
    outside = Path(tempfile.mkdtemp(prefix="remit-kernel-", dir=Path.home()))
    (outside / "secret").write_text("a secret")
    (tmp_path / "temp").mkdir()
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen(16)
        udp.bind(("127.0.0.1", 0))
        yield {
            "secret": str(outside / "secret"), "forbidden": str(outside / "forbidden"), "reaches": [],
            "mark": str(tmp_path / "temp" / "mark"), "temp": str(tmp_path / "temp"),
            "tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1],
        }  # fmt: skip
    shutil.rmtree(outside)


def tried(where: dict[str, object], **variables: str) -> tuple[dict[str, bool], list[dict[str, object]], str]:
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(SOURCES),
        "TMPDIR": str(where["temp"]), "REMIT_MODE": "block", "REMIT_SEAL": "off", "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(where["temp"]), **variables,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(where)],
        env=environment, cwd=str(where["temp"]), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    found = [json.loads(line[6:]) for line in lines if line.startswith("FOUND ")]
    signals = [json.loads(line) for line in lines if line.startswith('{"class_uid"')]
    return (found[0] if found else {}), signals, done.stdout[-2000:] + done.stderr[-2000:]


#: With the privileges of a plain user these fail anyway.
PRIVILEGED = {"raw socket", "packet socket", "trace", "user namespace", "machine code: x32 execve", "own memory"}


def test_without_the_tier_native_code_does_what_it_likes(where: dict[str, object]) -> None:
    found, _, log = tried(where, REMIT_GUARD="off")
    assert found, log
    assert {name for name, through in found.items() if not through} <= PRIVILEGED, log


def test_with_it_native_code_is_bound(where: dict[str, object]) -> None:
    found, signals, log = tried(where, REMIT_KERNEL="on", REMIT_MODE="block")
    # The handler's last act, a read in Python, is refused by the hooks and names the tier; so the answer is an error.
    assert not found
    assert "ERROR Blocked" in log, log
    assert [(signal["rule"], signal["tier"]) for signal in signals] == [("file-outside-remit", "kernel")], log
    where["secret"] = str(where["temp"]) + "/none"
    Path(str(where["forbidden"])).parent.joinpath("secret").write_text("x")
    found, signals, log = tried(where, REMIT_KERNEL="on")
    assert found, log
    assert {name for name, through in found.items() if through} <= {"allowed"}, log
    assert found["allowed"]
    assert signals == []


def test_alerts_bind_nothing(where: dict[str, object]) -> None:
    found, signals, log = tried(where, REMIT_KERNEL="on", REMIT_MODE="alert")
    assert found, log
    assert found["read"]
    assert found["create"]
    assert found["execve"]
    assert found["connect"]
    assert {signal["tier"] for signal in signals} == {"kernel"}


def test_what_the_kernel_does_not_grant_is_told_and_the_function_runs(where: dict[str, object]) -> None:
    child = CHILD.replace(
        "from remit_guard import guard\n",
        """
from remit_guard.sandbox import bpf
assert libc.prctl(38, 1, 0, 0, 0) == 0
program = bpf.build(os.uname().machine, ("prctl", "seccomp", "landlock_create_ruleset"), sockets=False)
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
assert libc.prctl(22, 2, ctypes.byref(Program(len(program) // 8, program))) == 0
from remit_guard import guard
""",
    )
    assert child != CHILD
    for closed in ("open", "closed"):
        environment = {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(SOURCES),
            "TMPDIR": str(where["temp"]), "REMIT_KERNEL": "on", "REMIT_FAIL": closed, "REMIT_SEAL": "off",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", child, json.dumps(where)],
            env=environment, cwd=str(where["temp"]), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        lines = done.stdout.splitlines()
        signals = [json.loads(line) for line in lines if line.startswith('{"class_uid"')]
        assert signals[0]["rule"] == "tier-missing", done.stdout + done.stderr
        assert "no_new_privs" in str(signals[0]["reason"])
        assert signals[0]["tier"] == "hooks"
        assert signals[0]["verdict"] == ("block" if closed == "closed" else "alert")
        assert any(line.startswith("FOUND ") for line in lines) == (closed == "open")


APP = """
import json, os, urllib.request

def handler(event, context):
    import boto3
    place = os.environ["AWS_ENDPOINT_URL"]
    table = boto3.client("dynamodb", region_name="eu-central-1")
    item = table.get_item(TableName="Orders", Key={"id": {"S": "1"}})["Item"]["id"]["S"]
    import socket, threading
    seen = []
    thread = threading.Thread(target=lambda: seen.append(urllib.request.urlopen(place + "/plain", timeout=5).status))
    thread.start()
    thread.join()
    with open(os.path.join(os.environ["TMPDIR"], "x"), "w") as file:
        file.write("x")
    tried = {}
    for name, act in (("file", lambda: open(event["secret"])), ("host", lambda: socket.create_connection(("127.0.0.1", 9)))):
        try:
            act()
            tried[name] = "through"
        except BaseException as error:
            tried[name] = type(error).__name__
        if not event["try"]:
            break
    return {"item": item, "status": seen, "tried": tried}

def honest(event, context):
    return handler({**event, "secret": __file__, "try": False}, context)
"""


class Cloud(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._say(b'{"Item": {"id": {"S": "1"}}}', "application/x-amz-json-1.0")

    def do_GET(self) -> None:
        self._say(b"ok", "text/plain")

    def _say(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("tier", ["hooks", "kernel"])
def test_the_runtime_and_the_sdk_work_under_either_tier(tmp_path: Path, tier: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), Cloud)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    code = tmp_path / "code"
    (code / ".remit").mkdir(parents=True)
    (code / "app.py").write_text(APP)
    from remit_guard.core.remit import Remit

    remit = Remit("Orders", calls=(("dynamodb:GetItem", "*"),), reaches=(f"127.0.0.1:{port}",))
    (code / ".remit" / "remit.json").write_text(remit.to_json())
    variables = {
        "REMIT_HANDLER": "app.honest", "REMIT_MODE": "block", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "REMIT_KERNEL": "on" if tier == "kernel" else "", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
    }  # fmt: skip
    try:
        spec = FunctionSpec("Orders", "remit_guard.platforms.aws.handler", code, variables, path=(SOURCES,))
        with LocalFunction(spec) as function:
            for _ in range(3):
                answer = function.invoke({"direct": "call"})
                assert answer.error is None, answer
                assert answer.payload == {"item": "1", "status": [200], "tried": {"file": "through"}}, answer
                assert [line for line in answer.logs if line.startswith('{"class_uid"')] == []
        variables["REMIT_HANDLER"] = "app.handler"
        with LocalFunction(spec) as function:
            answer = function.invoke({"secret": "/etc/passwd", "try": True})
            told = [json.loads(line) for line in answer.logs if line.startswith('{"class_uid"')]
            assert {signal["rule"] for signal in told} & {"file-outside-remit", "path-traversal"}, answer
            assert {signal["tier"] for signal in told} == {tier}
            assert answer.error is not None
            assert answer.error.type == "Blocked"
    finally:
        server.shutdown()
        server.server_close()

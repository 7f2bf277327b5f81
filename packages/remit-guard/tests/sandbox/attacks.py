"""What somebody tries who already runs Python inside the function. Imported in a child process, never by the tests.

Each function is one way; it gets the places it may try its luck on, and returns something true when it got through.
"""

import os
import socket
import sys
import time

ATTACKS = {}


def attack(kind):
    def add(function):
        ATTACKS[function.__name__] = (kind, function)
        return function

    return add


def came(where):
    """Whether the program left its mark."""
    for _ in range(40):
        if os.path.exists(where["mark"]):
            os.unlink(where["mark"])
            return True
        time.sleep(0.05)
    return False


# -- processes


@attack("process")
def subprocess_run(where):
    import subprocess

    subprocess.run(["touch", where["mark"]], check=False)
    return came(where)


@attack("process")
def subprocess_shell(where):
    import subprocess

    subprocess.Popen(f"touch {where['mark']}", shell=True).wait()
    return came(where)


@attack("process")
def os_system(where):
    os.system(f"touch {where['mark']}")
    return came(where)


@attack("process")
def os_popen(where):
    os.popen(f"touch {where['mark']}").close()
    return came(where)


@attack("process")
def posix_spawn(where):
    os.waitpid(os.posix_spawn("/bin/touch", ["touch", where["mark"]], os.environ), 0)
    return came(where)


@attack("process")
def posix_spawnp(where):
    os.waitpid(os.posix_spawnp("touch", ["touch", where["mark"]], os.environ), 0)
    return came(where)


@attack("process")
def spawnv(where):
    os.spawnv(os.P_WAIT, "/bin/touch", ["touch", where["mark"]])
    return came(where)


@attack("process")
def fork_and_exec(where):
    child = os.fork()
    if child == 0:
        try:
            os.execv("/bin/touch", ["touch", where["mark"]])
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    return came(where)


@attack("process")
def pty_spawn(where):
    child, _ = os.forkpty()
    if child == 0:
        try:
            os.execvp("touch", ["touch", where["mark"]])
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    return came(where)


def plain_fork_exec(function, where):
    import subprocess

    out, into = os.pipe()
    args = [[b"touch", where["mark"].encode()], (b"/bin/touch",), True, (into,), None, None]
    args += [-1, -1, -1, -1, -1, -1, out, into, False, False]
    args += [-1, None, None, None, -1, None, subprocess._USE_VFORK]
    os.waitpid(function(*args), 0)
    return came(where)


@attack("process")
def fork_exec(where):
    import _posixsubprocess

    return plain_fork_exec(_posixsubprocess.fork_exec, where)


@attack("process")
def fork_exec_out_of_the_patch(where):
    import _posixsubprocess

    patched = _posixsubprocess.fork_exec
    for cell in getattr(patched, "__closure__", None) or ():
        if type(cell.cell_contents).__name__ == "builtin_function_or_method":
            return plain_fork_exec(cell.cell_contents, where)
    return plain_fork_exec(patched, where)


@attack("process")
def fork_exec_imported_again(where):
    import importlib

    sys.meta_path[:] = [finder for finder in sys.meta_path if "remit" not in getattr(finder, "__module__", "")]
    sys.modules.pop("_posixsubprocess", None)
    return plain_fork_exec(importlib.import_module("_posixsubprocess").fork_exec, where)


@attack("process")
def fork_exec_loaded_by_hand(where):
    import _imp
    from importlib.machinery import BuiltinImporter, ModuleSpec, PathFinder

    spec = PathFinder.find_spec("_posixsubprocess")
    if spec is not None:
        module = _imp.create_dynamic(spec)
        _imp.exec_dynamic(module)
    else:
        module = _imp.create_builtin(ModuleSpec("_posixsubprocess", BuiltinImporter))
    return plain_fork_exec(module.fork_exec, where)


class Word(str):
    """A word that says something else to whoever asks it."""

    __slots__ = ()

    def __str__(self):
        return "echo"

    def rpartition(self, _):
        return ("", "", "echo")

    def __eq__(self, _):
        return True

    __hash__ = str.__hash__


@attack("process")
def a_word_that_lies(where):
    os.waitpid(os.posix_spawn(Word("/bin/touch"), [Word("touch"), where["mark"]], os.environ), 0)
    return came(where)


@attack("process")
def multiprocessing_spawn(where):
    import multiprocessing

    process = multiprocessing.get_context("spawn").Process(target=os.system, args=(f"touch {where['mark']}",))
    process.start()
    process.join()
    return came(where)


@attack("process")
def from_a_forked_child(where):
    child = os.fork()
    if child == 0:
        try:
            os.system(f"touch {where['mark']}")
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    return came(where)


# -- egress


@attack("egress")
def connect(where):
    socket.create_connection(("127.0.0.1", where["tcp"]), 2).close()
    return True


@attack("egress")
def connect_ex(where):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", where["tcp"])) == 0


@attack("egress")
def connect_by_name(where):
    import _socket

    one = _socket.socket()
    one.connect(("localhost", where["tcp"]))
    return True


@attack("egress")
def connect_over_ipv6(where):
    with socket.socket(socket.AF_INET6) as one:
        one.connect(("::ffff:127.0.0.1", where["tcp"]))
    return True


@attack("egress")
def connect_asyncio(where):
    import asyncio

    async def go():
        _, writer = await asyncio.open_connection("127.0.0.1", where["tcp"])
        writer.close()
        return True

    return asyncio.run(go())


@attack("egress")
def http(where):
    from http.client import HTTPConnection

    HTTPConnection("127.0.0.1", where["tcp"], timeout=2).connect()
    return True


@attack("egress")
def sendto(where):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("127.0.0.1", where["udp"])) == 1


@attack("egress")
def sendmsg(where):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendmsg([b"x"], [], 0, ("127.0.0.1", where["udp"])) == 1


@attack("egress")
def datagram_connected(where):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("127.0.0.1", where["udp"]))
        return one.send(b"x") == 1


@attack("egress")
def raw_packets(_):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return True


@attack("egress")
def kernel_sockets(_):
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET):
        return True


def resolved(function):
    """A name was asked for: that the resolver has no answer here makes no difference."""
    try:
        function()
    except socket.gaierror:
        return True
    return True


@attack("egress")
def resolve(_):
    return resolved(lambda: socket.getaddrinfo("c2VjcmV0.example.invalid", 80))


@attack("egress")
def resolve_old(_):
    return resolved(lambda: socket.gethostbyname("c2VjcmV0.example.invalid"))


@attack("egress")
def resolve_in_c(_):
    import _socket

    return resolved(lambda: _socket.gethostbyname_ex("c2VjcmV0.example.invalid"))


@attack("egress")
def resolve_backwards(_):
    return resolved(lambda: socket.getnameinfo(("127.0.0.1", 80), socket.NI_NAMEREQD))


@attack("egress")
def address_with_a_made_up_name(where):
    from remit_guard.platforms import checks

    checks.names.learn("api.allowed.example", "127.0.0.1")
    socket.create_connection(("127.0.0.1", where["tcp"]), 2).close()
    return True


# -- files


@attack("file")
def read(where):
    return open(where["secret"]).read()


@attack("file")
def read_by_descriptor(where):
    return os.read(os.open(where["secret"], os.O_RDONLY), 9)


@attack("file")
def read_dotted(where):
    return open("/tmp/../" + where["secret"]).read()


@attack("file")
def read_bytes_path(where):
    return open(where["secret"].encode(), "rb").read()


@attack("file")
def read_path_that_lies(where):
    class Path(str):
        __slots__ = ()

        def startswith(self, *_):
            return True

        def split(self, *_):
            return ["", "tmp", "x"]

    return open(Path(where["secret"])).read()


@attack("file")
def read_through_a_link(where):
    link = where["temp"] + "/link"
    os.symlink(where["secret"], link)
    try:
        return open(link).read()
    finally:
        os.unlink(link)


@attack("file")
def read_through_a_link_that_counts_from_its_folder(where):
    link = where["temp"] + "/link2"
    os.symlink(os.path.relpath(where["secret"], where["temp"]), link)
    try:
        return open(link).read()
    finally:
        os.unlink(link)


@attack("file")
def read_through_the_root_link(where):
    return open("/proc/self/root" + where["secret"]).read()


@attack("file")
def read_below_an_open_folder(where):
    folder = os.open(where["temp"], os.O_RDONLY)
    deep = where["temp"] + "/a/b/c/d/e/f/g/h"
    os.makedirs(deep, exist_ok=True)
    before = os.getcwd()
    os.chdir(deep)
    try:
        return os.read(os.open(os.path.relpath(where["secret"], where["temp"]), os.O_RDONLY, dir_fd=folder), 9)
    finally:
        os.chdir(before)


@attack("file")
def list_folder(where):
    return os.listdir(os.path.dirname(where["secret"]))


@attack("file")
def walk_folder(where):
    return list(os.scandir(os.path.dirname(where["secret"])))


@attack("file")
def environment_of_the_process(_):
    return open("/proc/self/environ").read()


@attack("file")
def map_of_the_memory(_):
    return open("/proc/self/maps").read()


@attack("file")
def first_process(_):
    return open("/proc/1/cmdline").read() or True


@attack("file")
def write(where):
    open(where["forbidden"], "w").close()
    return os.path.exists(where["forbidden"])


@attack("file")
def write_below_an_open_folder(where):
    folder = os.open(where["code"], os.O_RDONLY)
    before = os.getcwd()
    os.chdir(where["temp"])
    try:
        os.close(os.open("planted.py", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=folder))
        return os.path.exists(where["code"] + "/planted.py")
    finally:
        os.chdir(before)


@attack("file")
def move_out(where):
    open(where["temp"] + "/mine", "w").close()
    os.rename(where["temp"] + "/mine", where["forbidden"])
    return os.path.exists(where["forbidden"])


@attack("file")
def move_out_of_an_open_folder(where):
    open(where["temp"] + "/mine", "w").close()
    folder = os.open(where["temp"], os.O_RDONLY)
    name = os.path.relpath(where["forbidden"], where["temp"])
    os.rename("mine", name, src_dir_fd=folder, dst_dir_fd=folder)
    return os.path.exists(where["forbidden"])


@attack("file")
def link_in(where):
    os.link(where["secret"], where["temp"] + "/hard")
    return open(where["temp"] + "/hard").read()


@attack("file")
def remove(where):
    os.remove(where["victim"])
    return True


@attack("file")
def change_mode(where):
    os.chmod(where["secret"], 0o666)
    return True


@attack("file")
def make_folder(where):
    os.mkdir(where["forbidden"] + ".d")
    return True


@attack("file")
def database_file(where):
    import sqlite3

    base = sqlite3.connect(where["forbidden"] + ".db")
    base.execute("create table t (a)")
    return os.path.exists(where["forbidden"] + ".db")


# -- native code


@attack("native")
def load_library(_):
    import ctypes

    return ctypes.CDLL(None)


@attack("native")
def load_ctypes_by_hand(_):
    import _imp
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("_ctypes")
    module = _imp.create_dynamic(spec)
    _imp.exec_dynamic(module)
    return module.dlopen(None, 2)


@attack("native")
def load_extension_from_temp(where):
    import importlib.util
    from importlib.machinery import ExtensionFileLoader

    path = where["temp"] + "/_posixshmem.so"
    with open(where["extension"], "rb") as source, open(path, "wb") as target:
        target.write(source.read())
    loader = ExtensionFileLoader(where["extension_name"], path)
    spec = importlib.util.spec_from_file_location(where["extension_name"], path, loader=loader)
    return importlib.util.module_from_spec(spec)


# -- undoing the guard


@attack("tampering")
def objects(_):
    import gc

    return gc.get_objects()


@attack("tampering")
def referrers(_):
    import gc

    return gc.get_referrers(sys.audit)


@attack("tampering")
def referents(_):
    import gc

    return gc.get_referents([1])


@attack("tampering")
def trace(_):
    sys.settrace(lambda *_: None)
    sys.settrace(None)
    return True


@attack("tampering")
def profile(_):
    sys.setprofile(lambda *_: None)
    sys.setprofile(None)
    return True


@attack("tampering")
def trace_of_threads(_):
    import threading

    seen = []
    threading.settrace(lambda *_: seen.append(1))
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    threading.settrace(None)
    return seen


@attack("tampering")
def frames_of_others(_):
    return sys._current_frames()


@attack("tampering")
def code_of_a_function(_):
    def mine():
        return 1

    def other():
        return 2

    mine.__code__ = other.__code__
    return mine() == 2


@attack("tampering")
def made_byte_code(_):
    return load_library.__code__.replace(co_name="x")


@attack("tampering")
def loaded_byte_code(_):
    import marshal

    return marshal.loads(marshal.dumps(1))


@attack("tampering")
def another_interpreter(_):
    if sys.version_info >= (3, 13):
        import _interpreters as interpreters
    else:
        import _xxsubinterpreters as interpreters
    return interpreters.create() is not None


@attack("tampering")
def variable_of_the_loader(_):
    os.environ["LD_PRELOAD"] = "/tmp/x.so"
    return True


@attack("tampering")
def memory_of_the_process(_):
    return os.open("/proc/self/mem", os.O_RDWR)


@attack("tampering")
def memory_by_thread(_):
    import threading

    return os.open(f"/proc/self/task/{threading.get_native_id()}/mem", os.O_RDWR)


@attack("tampering")
def frame_in_the_middle_of_the_hook(where):
    """A collector's callback that runs while the hook does, and walks up from there."""
    import gc

    found = []

    def look(phase, _):
        try:
            frame = sys._getframe()
        except BaseException:
            return
        while frame is not None:
            if frame.f_code.co_filename.endswith("sandbox/floor.py"):
                found.append(frame)
            frame = frame.f_back

    gc.callbacks.append(look)
    gc.set_threshold(1)
    try:
        for _ in range(300):
            try:
                os.listdir(where["temp"])
                os.listdir(os.path.dirname(where["secret"]))
            except BaseException:
                continue
    finally:
        gc.set_threshold(700)
        gc.callbacks.remove(look)
    return found


@attack("tampering")
def frames_in_the_refusal(where):
    """The traceback of a refusal, every frame of it and what their variables hold."""
    try:
        with open(where["secret"]):
            return True
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.endswith("sandbox/floor.py"):
                return trace
            trace = trace.tb_next
        for other in (error.__context__, error.__cause__):
            if other is not None and other.__traceback__ is not None:
                return other
        return False


@attack("tampering")
def everything_of_ours_replaced(where):
    """Every name in every module of the guard, every built-in function, and the modules themselves."""
    import builtins
    import contextlib
    import importlib

    kept = dict(vars(builtins))
    ours = {name: (one, dict(vars(one))) for name, one in sys.modules.items() if name.startswith("remit_guard")}
    system = {name: dict(vars(sys.modules[name])) for name in ("posix", "os")}
    for name, module in list(sys.modules.items()):
        if name.startswith("remit_guard."):
            for key in list(vars(module)):
                if not key.startswith("__"):
                    value = vars(module)[key]
                    vars(module)[key] = {} if isinstance(value, dict) else (lambda *_, **__: None)
    builtins.len = builtins.isinstance = builtins.issubclass = builtins.type = lambda *_: False
    try:
        for name in [name for name in sys.modules if name.startswith("remit_guard")]:
            del sys.modules[name]
        for name in ("posix", "os"):
            module = sys.modules[name]
            for key in ("readlink", "getcwd"):
                setattr(module, key, lambda *_: "/tmp")
        with contextlib.suppress(BaseException):
            importlib.invalidate_caches()
        with open(where["secret"]) as file:
            return file.read()
    finally:  # so that the child can tell what it found
        vars(builtins).update(kept)
        for name, (module, names) in ours.items():
            sys.modules[name] = module
            vars(module).update(names)
        for name, names in system.items():
            vars(sys.modules[name]).update(names)


@attack("tampering")
def sealed_again(where):
    sys.audit("remit_guard.seal", {"actions": {}, "judged": frozenset(), "enforced": False, "reads": ("*",)})
    return open(where["secret"]).read()


@attack("tampering")
def kept_function_replaced(where):
    import _posixsubprocess

    box = []
    sys.audit("remit_guard.keep", "fork_exec", print, box)
    return any(callable(item) for item in box) or plain_fork_exec(_posixsubprocess.fork_exec, where)


def disarm():
    """What a first line of hostile code would do: the hooks of the interpreter no longer judge anything."""
    from remit_guard.hooks import audit, gate

    gate._judge.clear()
    gate._live.clear()
    gate._last.clear()
    audit._EVENTS.clear()
    gate.effect = lambda *_: None


def ordinary(where):
    """What honest code does in a sealed process; raises when any of it is disturbed."""
    import collections
    import inspect
    import logging
    import threading
    import traceback

    try:
        raise ValueError("x")
    except ValueError as error:
        name = traceback.extract_tb(error.__traceback__)[0].name
    assert name == "ordinary"
    assert inspect.currentframe() is not None
    logging.getLogger().warning("a line")
    assert collections.namedtuple("Point", "x y", defaults=(1,))(0).y == 1  # noqa: PYI024
    assert eval(compile("1 + 1", "here", "eval")) == 2
    import fractions  # not loaded yet: byte code is read

    assert fractions.Fraction(1, 2)
    with open(where["temp"] + "/mine", "w") as file:
        file.write("x")
    os.makedirs(where["temp"] + "/deep/er", exist_ok=True)
    import shutil
    import tempfile

    shutil.rmtree(where["temp"] + "/deep")
    with tempfile.TemporaryDirectory() as folder, open(folder + "/x", "w"):
        pass
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    one, two = socket.socketpair()
    one.send(b"x")
    assert two.recv(1) == b"x"
    import asyncio

    asyncio.run(asyncio.sleep(0))
    return True


def run(kinds, where, *, armed=False):
    """Tries every way of these kinds; the answer says for each whether it got through, or how it was refused."""
    found = {}
    if "ordinary" in kinds:
        return {"ordinary": ordinary(where)}
    if not armed and "remit_guard.hooks.gate" in sys.modules:
        disarm()
    for name, (kind, function) in ATTACKS.items():
        # What is refused in every mode, or breaks the hooks themselves, is no part of a run that is to go well.
        if kind in kinds and not (armed and name.startswith(("memory_", "everything_"))):
            try:
                found[name] = "through" if function(where) else "no effect"
            except BaseException as error:
                found[name] = f"{type(error).__name__}: {error}"
    return found

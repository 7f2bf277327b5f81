"""Sets the floor in place, so that nothing in the process leads to it.

An audit hook is referred to by the interpreter alone. What it consists of could still be reached, by five ways, each closed:

* by name: the hook's functions are copies whose globals and builtins exist nowhere else (``freeze``);
* by the patches: a patch holds no function of ours and not the one it replaced; it asks with ``sys.audit``, and the hook
  answers into a list (``hooks.processes``, ``hooks.network``);
* by a traceback: the hook's Python code never raises. It is the comparison of a ``max`` in C; to refuse, it returns
  ``None``, which ``functools.cmp_to_key`` cannot compare with zero: the ``TypeError`` of that has no frame of ours;
* by the collector, tracing, other threads' frames, another interpreter, native code: refused by the hook itself;
* by code that runs in the middle of it (callbacks of the collector): everything that could show it a frame is refused there.

What remains is in docs/guard.md, "Tiers".
"""

import sys

from remit_guard.core.verdict import BLOCK
from remit_guard.sandbox import floor
from remit_guard.sandbox.policy import tampering, verbs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FunctionType
    from typing import Any

    from remit_guard.core.policy import Policy

_installed: "list[bool]" = []


def freeze(function: "FunctionType", memo: "dict[int, Any] | None" = None) -> "FunctionType":
    """A copy of a function, and of all functions and containers it refers to, that shares nothing that can be changed.

    Args:
        function: written in Python.
        memo: copies made so far, by identity, so that what is shared stays shared.
    """
    kind = type(function)
    memo = {} if memo is None else memo
    if "builtins" not in memo:  # type: ignore[comparison-overlap]
        import builtins

        memo["builtins"] = dict(vars(builtins))  # type: ignore[index]
    names: set[str] = set()
    _names(function.__code__, names)
    private: dict[str, Any] = {"__builtins__": memo["builtins"], "__name__": function.__module__}  # type: ignore[index]
    closure = None
    if function.__closure__ is not None:
        cell = type(function.__closure__[0])
        closure = tuple(cell(_copy(one.cell_contents, kind, memo)) for one in function.__closure__)
    copy = kind(function.__code__, private, function.__name__, function.__defaults__, closure)
    copy.__kwdefaults__ = function.__kwdefaults__
    memo[id(function)] = copy
    for name in names & function.__globals__.keys():
        private[name] = _copy(function.__globals__[name], kind, memo)
    return copy


def _names(code: "CodeType", names: "set[str]") -> None:
    names.update(code.co_names)
    for const in code.co_consts:
        if isinstance(const, type(code)):
            _names(const, names)


def _copy(value: "Any", function: "type[FunctionType]", memo: "dict[int, Any]") -> "Any":
    if id(value) in memo:
        return memo[id(value)]
    if type(value) is function:
        return freeze(value, memo)
    if type(value) is dict:
        fresh = memo[id(value)] = {}
        for name, item in value.items():
            fresh[name] = _copy(item, function, memo)
        return fresh
    if type(value) in (list, set):
        memo[id(value)] = type(value)(_copy(item, function, memo) for item in value)
        return memo[id(value)]
    if type(value) is tuple:
        return tuple(_copy(item, function, memo) for item in value)
    return value


def install() -> bool:
    """Adds the hook, once per process. It judges nothing before the seal.

    Returns:
        Whether it is there now; ``False`` where the interpreter lacks what it is made of.
    """
    if _installed:
        return True
    from _functools import cmp_to_key, partial  # type: ignore[import-not-found]
    from os import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY

    floor._WRITES[:] = [O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND]  # noqa: SLF001
    floor.handlers.update(floor.services)
    floor.facts.update({"namespace": type(sys.implementation), "actions": {}, "judged": frozenset()})
    memo: dict[Any, Any] = {}
    decide = freeze(floor.decide, memo)  # type: ignore[arg-type]
    memo[id(floor.facts)]["home"] = decide.__globals__
    hook = partial(max, key=cmp_to_key(decide))
    floor.handlers.clear()
    floor.facts.clear()
    sys.addaudithook(hook)
    _installed.append(True)
    return True


def seal(policy: "Policy", environ: "dict[str, str]", tier: str = "hooks") -> None:
    """Sets the seal: from now on the floor keeps what the policy blocks, and nothing in the process changes that.

    Args:
        policy: of the one handler of this process.
        environ: the process environment when it started.
        tier: which protection the process has; signals name it.
    """
    if _installed:
        sys.audit("remit_guard.seal", facts(policy, environ, tier))


def facts(policy: "Policy", environ: "dict[str, str]", tier: str) -> "dict[str, Any]":
    """Everything the floor decides by, in values of its own."""
    import os

    from remit_guard.sandbox.egress import channels
    from remit_guard.sandbox.files import places

    remit = policy.remit
    done = {**verbs(policy), "tampering": tampering(policy), "memory": BLOCK}
    enforced = {verb for verb in ("runs", "reaches", "reads", "writes") if done[verb] == BLOCK}
    # Alerts of verbs are the hooks' business: the floor tells of them only what it refuses.
    done.update({verb: "off" for verb in ("runs", "reaches", "reads", "writes") if verb not in enforced})
    where = places(environ)
    commands = None
    if "reaches" in enforced:
        __import__("socket")  # what is patched must be loaded: nothing else may load it later
    if "runs" in enforced:
        __import__("_posixsubprocess")
        from remit_guard.sandbox.scripts import commands as plain

        commands = freeze(plain)  # type: ignore[arg-type]
    host, _, port = environ.get("AWS_LAMBDA_RUNTIME_API", "").rpartition(":")
    calls = remit.calls if remit is not None else ()
    loose = remit is not None and "calls" in remit.unresolved
    judged = set(enforced)
    if enforced & {"reads", "writes"}:
        judged.add("files")
    if done["tampering"] != "off":
        judged.add("tampering")
    signals = environ.get("REMIT_SIGNALS", "")
    return {
        "actions": done,
        "judged": frozenset(judged),
        "enforced": bool(enforced),
        "runs": remit.runs if remit else (),
        "reaches": remit.reaches if remit else (),
        "reads": remit.reads if remit else (),
        "writes": ((*remit.writes, signals) if signals.startswith("/") else remit.writes) if remit else (),
        "code": tuple({os.path.realpath(path) for path in where.code} | set(where.code)),
        "temp": tuple({os.path.realpath(path) for path in where.temp} | set(where.temp)),
        "services": ("*",) if loose else tuple({action.partition(":")[0].lower() for action, _ in calls}),
        "own": channels(environ),
        "runtime": (host, int(port) if port.isdigit() else -1),
        "client": _client(),
        "loaders": _loaders(),
        "commands": commands,
        "families": _families(),
        "line": _line(policy, tier),
    }


def _families() -> "tuple[int, ...]":
    """The kinds of sockets whose addresses the floor can judge."""
    inner = sys.modules.get("_socket")
    return (inner.AF_UNIX, inner.AF_INET, inner.AF_INET6) if inner is not None else ()


def _line(policy: "Policy", tier: str) -> str:
    """The part of a signal that is the same in all of a process."""
    import json

    from remit_guard.core.signal import OCSF_VERSION, PRODUCT

    same = {"metadata": {"version": OCSF_VERSION, "product": PRODUCT}, "tier": tier}
    same.update({"function": policy.function, "remit": policy.digest})
    return json.dumps({name: value for name, value in same.items() if value}, separators=(",", ":"))[1:-1] + ","


def _client() -> "frozenset[CodeType]":
    """The code of the runtime's own client."""
    module = sys.modules.get("awslambdaric.lambda_runtime_client")
    client = getattr(module, "LambdaRuntimeClient", None)
    functions = [getattr(value, "__code__", None) for value in vars(client).values()] if client is not None else []
    return frozenset(code for code in functions if code is not None)


def _loaders() -> "frozenset[CodeType]":
    """The code that may turn bytes into code: the import system's, and the guard's for events it keeps."""
    names = (
        ("_frozen_importlib_external", "_compile_bytecode"),
        ("zipimport", "_unmarshal_code"),
        ("types", "coroutine"),
    )
    found = [getattr(sys.modules.get(module), name, None) for module, name in names]
    reader = getattr(sys.modules.get("remit_guard.hooks.invocation"), "Invocation", None)
    if reader is not None:
        found.append(reader.event.fget)
    return frozenset(function.__code__ for function in found if function is not None)

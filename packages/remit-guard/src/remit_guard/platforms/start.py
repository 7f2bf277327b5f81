"""Starting the guard in a process: hooks, policy, and the way signals take. Done once, before the function's code."""

import os
import sys
import time

from remit_guard.core.policy import Policy, misread
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE, Remit
from remit_guard.core.verdict import GUARD_FAULT, GUARD_OFF, TIER_MISSING, Blocked, Verdict
from remit_guard.hooks import audit, gate, imports, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from remit_guard.hooks.invocation import Invocation
    from remit_guard.signals.emit import Emitter

#: Libraries that are patched when the function imports them, and the module of ``hooks`` that knows how.
LIBRARIES = {
    "documents": ("pickle", "yaml", "jsonpickle", "dill._dill"),
    "dbapi": (
        "psycopg2", "pymysql.cursors", "MySQLdb.cursors", "psycopg.cursor", "psycopg.cursor_async",
        "psycopg._server_cursor", "psycopg._server_cursor_async", "pg8000.dbapi", "mysql.connector.cursor",
        "mysql.connector.cursor_cext", "mysql.connector.aio.cursor", "aiomysql.cursors",
        "asyncpg.connection", "oracledb.cursor", "pytds.cursor", "snowflake.connector.cursor", "redshift_connector.cursor",
        "clickhouse_driver.client", "sqlalchemy.engine.default",
    ),
    "mongo": (
        "pymongo.collection", "pymongo.synchronous.collection", "pymongo.asynchronous.collection",
        "azure.cosmos.container", "azure.cosmos.aio._container",
    ),
    "directory": ("ldap3.core.connection", "ldap.ldapobject"),
    "markup": (
        "xml.etree.ElementTree", "xml.sax", "xml.dom.minidom", "xml.dom.pulldom", "lxml.etree", "lxml.objectify",
    ),
    "templates": (
        "jinja2.environment", "mako.template", "django.template.base", "tornado.template", "chameleon.zpt.template",
    ),
    "mail": ("smtplib", "email.message"),
    "archives": ("tarfile", "zipfile"),
    "web": ("requests.models", "httpx._client", "aiohttp.client", "aiohttp.client_reqrep", "graphql.language.parser"),
}  # fmt: skip

#: How many mistakes in remit and environment are told one by one.
MAX_TOLD = 8

#: Variables that have one of a few values.
_SWITCHES = (
    ("REMIT_FAIL", ("", "open", "closed")), ("REMIT_GUARD", ("", "on", "off")), ("REMIT_SEAL", ("", "on", "off")),
    ("REMIT_KERNEL", ("", "off", "on")),
)  # fmt: skip

_emitter: "list[Emitter]" = []


def switched_off() -> bool:
    """Whether the kill switch is set."""
    return os.environ.get("REMIT_GUARD", "").lower() == "off"


def fails_closed() -> bool:
    """Whether a fault of the guard refuses what it could not judge."""
    return os.environ.get("REMIT_FAIL", "").lower() == "closed"


def tell(invocation: "Invocation | None", verdict: Verdict) -> None:
    """Sends the signal of a verdict. Never raises: telling must not break what it tells about."""
    try:
        with gate.Quiet():
            from remit_guard.signals.emit import LIMIT

            if invocation is not None:
                kind = (verdict.action, verdict.rule)
                count = invocation.counts[kind] = invocation.counts.get(kind, 0) + 1
                if count > LIMIT:
                    return
            _send(invocation, verdict)
    except Exception as error:  # noqa: BLE001  (the boundary: the last thing that works is a line we need not build)
        line = (
            '{"class_uid":2004,"category_uid":2,"type_uid":200401,"activity_id":1,"severity":"medium","severity_id":3,'
        )
        line += f'"time":{time.time_ns() // 1_000_000},"verdict":"alert","rule":"{GUARD_FAULT}",'
        line += f'"reason":"a signal could not be told","evidence":{{"error":"{type(error).__name__}"}}}}\n'
        os.write(1, line.encode())


def tell_end(invocation: "Invocation") -> None:
    """Tells, once, how many signals of an invocation were left out."""
    from remit_guard.signals.emit import LIMIT

    more = {rule: count - LIMIT for (_, rule), count in invocation.counts.items() if count > LIMIT}
    if more:
        invocation.counts.clear()
        names = ", ".join(sorted(more))
        reason = f"{sum(more.values())} more signals of this invocation were left out ({names})"
        tell(invocation, Verdict("alert", GUARD_FAULT, reason=reason, severity="low"))


def tell_of(policy: Policy, verdict: Verdict) -> None:
    """Sends a signal that belongs to no invocation but to a handler's policy."""
    with gate.Quiet():
        _send(None, verdict, policy)


def _send(invocation: "Invocation | None", verdict: Verdict, policy: "Policy | None" = None) -> None:
    from remit_guard.core.signal import Signal
    from remit_guard.platforms.sender import sender

    if policy is None:
        policy = invocation.policy if invocation is not None else Policy(function=_function())
    now = time.time_ns() // 1_000_000
    signal = Signal.of(
        verdict,
        now,
        function=policy.function,
        invocation=invocation.id if invocation is not None else "",
        tier=_tier[0],
        remit=policy.digest,
        trace=invocation.trace if invocation is not None else "",
        sender=sender(invocation.event, verdict.record) if invocation is not None else "",
    )
    wrong = emitter().send(signal)
    if wrong is not None:
        told = Verdict(
            "alert",
            GUARD_FAULT,
            reason="signals do not reach their destination; they are on the output only",
            evidence={"error": wrong, "stage": "signals"},
            severity="medium",
        )
        emitter().send(Signal.of(told, now, function=policy.function))


def emitter() -> "Emitter":
    """The process's emitter; made when the first signal is sent."""
    if not _emitter:
        from remit_guard.signals.emit import Destination, Emitter

        place = os.environ.get("REMIT_SIGNALS", "")
        _emitter.append(Emitter(Destination(place) if place else None))
    return _emitter[0]


def _function() -> str:
    return os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")


def load_policy(remit: "Remit | str | None" = None, mode: str = "") -> Policy:
    """The policy of one handler.

    Args:
        remit: the compiled remit or its file; by default what the environment and the build say.
        mode: ``alert`` or ``block`` for every rule; ``REMIT_MODE`` goes before it.

    Returns:
        The policy; one without a remit when there is none, or none that can be read, which is told.
    """
    asked = os.environ.get("REMIT_MODE", "").lower() or mode
    override = asked if asked in ("alert", "block") else ""
    closed = fails_closed()
    if not isinstance(remit, Remit):
        remit = _read(remit)
    policy = Policy(remit, override, fail_closed=closed, function=_function())
    wrong = misread(remit.modes) if remit is not None else []
    wrong += [f"the remit has {name!r}, which this version does not know" for name in remit.unknown] if remit else []
    if asked != override:
        wrong.append(f"REMIT_MODE is {asked[:64]!r}, neither alert nor block")
    for name, right in _SWITCHES:
        if os.environ.get(name, "").lower() not in right:
            wrong.append(f"{name} is {os.environ[name][:64]!r}, not {right[2]}")
    for what in wrong[:MAX_TOLD]:
        tell_of(policy, Verdict("alert", GUARD_FAULT, reason=f"{what}; the default holds", severity="medium"))
    return policy


def _read(place: "str | None") -> "Remit | None":
    asked = place or os.environ.get("REMIT_FILE")
    path = asked or os.path.join(task_root(), REMIT_FILE)
    try:
        with open(path, "rb") as file:
            return Remit.from_json(file.read())
    except FileNotFoundError as error:
        if asked:
            _unusable(path, error)
    except (OSError, ValueError) as error:
        _unusable(path, error)
    return None


def _unusable(path: str, error: "OSError | ValueError") -> None:
    """Tells that there is no remit to judge by.

    Raises:
        Blocked: ``REMIT_FAIL=closed``.
    """
    what = error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
    closed = fails_closed()
    verdict = Verdict(
        "block" if closed else "alert",
        GUARD_FAULT,
        reason=f"the remit {path} cannot be used ({what}): only injections are judged",
        evidence={"file": path, "error": type(error).__name__, "stage": "the remit"},
        severity="medium",
    )
    tell(None, verdict)
    if closed:
        raise Blocked(verdict)


def prepare(remit: "Remit | str | None" = None, mode: str = "") -> "Policy | None":
    """Installs the guard and loads the policy.

    Returns:
        The policy; ``None`` when the guard is switched off or could not be installed, both of which are told: the
        handler then runs without it.

    Raises:
        Blocked: it could not be installed and ``REMIT_FAIL=closed``.
    """
    gate.install(_no_judge, tell)
    if switched_off():
        tell_switched_off()
        return None
    try:
        policy = load_policy(remit, mode)
        if not _installed and _seals(policy):
            from remit_guard.sandbox import seal

            if seal.install():
                gate.before_first(_seal)
        install()
        if has_manifest():
            from remit_guard.platforms.verify import verify

            verify(policy, packed=remit is None and not os.environ.get("REMIT_FILE"))
        if os.environ.get("REMIT_KERNEL", "").lower() == "on":
            _kernel(policy)
    except Blocked:
        raise
    except Exception as error:  # noqa: BLE001  (the boundary: a guard that cannot start must not stop the function)
        gate.fault(None, "the start", error, closed=fails_closed())
        return None
    return policy


def _seals(policy: Policy) -> bool:
    """Whether the floor is sealed in this process.

    ``REMIT_SEAL`` says so; else it is where the platform's runtime calls the handler and the remit enforces anything: three
    milliseconds of a cold start are for something then. What only tells needs no seal.
    """
    asked = os.environ.get("REMIT_SEAL", "").lower()
    if asked in ("on", "off") or os.name != "posix":
        return asked == "on"
    if policy.remit is None or not os.environ.get("AWS_LAMBDA_RUNTIME_API"):
        return False
    return policy.override == "block" or "block" in policy.remit.modes.values()


_tier: "list[str]" = ["hooks"]
_asked: "list[bool]" = []


def _kernel(policy: Policy) -> None:
    """Has the kernel hold the process to its remit, once; what it does not grant is told.

    Raises:
        Blocked: it was not granted as a whole and ``REMIT_FAIL=closed``.
    """
    if _asked:
        return
    _asked.append(True)
    if policy.remit is None:
        missing = ["a remit to hold the process to"]
    else:
        from remit_guard.sandbox import kernel
        from remit_guard.sandbox.policy import verbs

        enforced = frozenset(verb for verb, action in verbs(policy).items() if action == "block")
        before = "ctypes" in sys.modules
        with gate.Quiet():
            missing = kernel.apply(kernel.plan(policy.remit, dict(os.environ), enforced))
            if not before:
                kernel.forget()
    if not missing:
        _tier[:] = ["kernel"]
        return
    action = "block" if policy.fail_closed else "alert"
    verdict = Verdict(
        action, TIER_MISSING, reason="the kernel tier is not whole; missing: " + ", ".join(missing), severity="medium"
    )
    tell_of(policy, verdict)
    if policy.fail_closed:
        raise Blocked(verdict)


def _seal(invocation: "Invocation") -> None:
    """Seals the floor with the policy of the first invocation's handler."""
    from remit_guard.sandbox.seal import seal

    try:
        with gate.Quiet():
            seal(invocation.policy, dict(os.environ), _tier[0])
    except Exception as error:  # noqa: BLE001  (the boundary: the hooks still judge; that the floor is open is told)
        gate.fault(invocation, "the seal", error)


def _first(invocation: "Invocation", kind: str, facts: "tuple[object, ...]") -> "Verdict | None":
    """The judge until the first effect: loads the real one, which most cold starts need not pay for."""
    from remit_guard.platforms.checks import decide

    gate.install(decide, tell)
    return decide(invocation, kind, facts)


def task_root() -> str:
    """The folder of the function's code."""
    return os.path.abspath(os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd())


def has_manifest() -> bool:
    """Whether the build brought a manifest, or should have."""
    return bool(os.environ.get("REMIT_MANIFEST")) or os.path.exists(os.path.join(task_root(), MANIFEST_FILE))


def _no_judge(invocation: "Invocation", kind: str, facts: "tuple[object, ...]") -> None:
    """Judges nothing: in place until the real judge is loaded."""


_installed: "list[bool]" = []


def install() -> None:
    """Puts every hook in place; the second call does nothing new."""
    gate.install(_first, tell)
    if _installed:
        return
    _installed.append(True)
    imports.install(lambda stage, error: gate.fault(None, stage, error))
    audit.install()
    for name, patch in _patches():
        imports.when_imported(name, patch)
    from remit_guard.platforms.texts import clean

    if os.environ.get("AWS_LAMBDA_RUNTIME_API") and not isinstance(sys.stdout, texts.Output):
        sys.stdout = texts.Output(sys.stdout, clean)
    if sys.version_info >= (3, 12):
        from remit_guard.hooks.raised import watch

        watch(gate.failed, task_root() + "/", gate.active)


def _patches() -> "list[tuple[str, imports.Patch]]":
    """What to patch when the function imports it; each patch module loads only then."""

    def sqlite(module: "ModuleType") -> None:
        from remit_guard.hooks.sqlite import patch

        patch(module)

    def processes(module: "ModuleType") -> None:
        from remit_guard.hooks.processes import patch

        patch(module)

    def cloud(module: "ModuleType") -> None:
        from remit_guard.hooks.cloud import patch

        patch(module)

    def http_client(module: "ModuleType") -> None:
        from remit_guard.hooks.network import patch_http_client

        patch_http_client(module)

    def resolver(module: "ModuleType") -> None:
        from remit_guard.hooks.network import patch_socket
        from remit_guard.platforms.checks import names

        patch_socket(names.learn)(module)

    def logs(module: "ModuleType") -> None:
        from remit_guard.hooks.texts import patch_logging
        from remit_guard.platforms.texts import clean

        patch_logging(clean)(module)

    def imp(module: "ModuleType") -> None:
        from remit_guard.hooks.kept import patch_imp

        patch_imp(module)

    return [
        ("_imp", imp),
        ("sqlite3", sqlite),
        ("_posixsubprocess", processes),
        ("botocore.client", cloud),
        ("http.client", http_client),
        ("socket", resolver),
        ("logging", logs),
        *((name, _library(patches)) for patches, names in LIBRARIES.items() for name in names),
    ]


def _library(patches: str) -> "imports.Patch":
    """The patch of a library, whose module of ``hooks`` loads when the library does."""

    def patch(module: "ModuleType") -> None:
        loaded = __import__(f"remit_guard.hooks.{patches}", None, None, ("PATCHES",))
        loaded.PATCHES[module.__name__](module)

    return patch


def tell_switched_off() -> None:
    """The kill switch leaves a trace of its own."""
    reason = "REMIT_GUARD=off: this process runs without the guard"
    tell(None, Verdict("alert", GUARD_OFF, reason=reason, severity="medium"))

"""The one point every hook passes: is this effect part of an invocation, what is thought of it, and what follows.

Hooks call ``effect(kind, ...)``. Inside an invocation the installed judge decides; a ``Blocked`` leaves here and
thereby refuses the effect. This is also the boundary that must not fall: whatever goes wrong in a decision is told as
a guard fault and the effect goes on, unless the user asked for fail-closed.
"""

from _contextvars import ContextVar  # what the contextvars module re-exports, without loading that module
from _thread import get_ident

from remit_guard.core.verdict import GUARD_FAULT, Blocked, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from remit_guard.hooks.invocation import Invocation

    Judge = Callable[[Invocation, str, tuple[object, ...]], Verdict | None]
    Teller = Callable[[Invocation | None, Verdict], None]

#: How many errors of one invocation are remembered.
MAX_ERRORS = 64

_here: "ContextVar[Invocation | None]" = ContextVar("remit_guard_invocation", default=None)
_live: "list[Invocation]" = []
_last: "list[Invocation]" = []
_busy: "set[int]" = set()
_main = get_ident()
_judge: "list[Judge]" = []
_tell: "list[Teller]" = []
_first: "list[Callable[[Invocation], None]]" = []


def install(judge: "Judge", tell: "Teller") -> None:
    """Sets who decides and who is told.

    Args:
        judge: given the invocation, the kind of effect and its facts: the verdict, or ``None`` when nothing is
            wrong.
        tell: given the invocation and a verdict: sends the signal. Must not raise.
    """
    _judge[:] = [judge]
    _tell[:] = [tell]


def enter(invocation: "Invocation") -> object:
    """Starts an invocation; the answer goes to ``leave``."""
    if _first:
        _first.pop()(invocation)
    _live.append(invocation)
    return _here.set(invocation)


def before_first(act: "Callable[[Invocation], None]") -> None:
    """Has something done when the first invocation begins: the function's own code has been loaded by then."""
    _first[:] = [act]


def leave(invocation: "Invocation", token: object) -> None:
    """Ends an invocation. What its threads still do is judged by it until the next one starts."""
    if invocation in _live:
        _live.remove(invocation)
    _last[:] = [invocation]
    try:
        _here.reset(token)  # type: ignore[arg-type]
    except ValueError:  # ended in another context than it began (a task of its own): nothing to restore there
        _here.set(None)


def current() -> "tuple[Invocation, ...]":
    """The invocations that an effect in this thread may belong to.

    A context variable names it where the context was carried along. A thread or executor of the function starts
    with an empty context: then every live invocation is asked (on Lambda there is one at a time), and between
    invocations the last one answers for the threads it left behind. The main thread between invocations is the
    runtime itself and is nobody's.
    """
    invocation = _here.get()
    if invocation is not None:
        return (invocation,)
    if _live:
        return tuple(_live)
    if _last and get_ident() != _main:
        return (_last[0],)
    return ()


def active() -> bool:
    """Whether any effect could need judging; cheap, asked on every audit event."""
    return bool(_live or _last)


def busy() -> bool:
    """Whether this thread does the guard's own work, which is not judged."""
    return get_ident() in _busy


class Quiet:
    """``with Quiet():`` the guard's own work in this thread is not judged."""

    __slots__ = ("_mine",)

    def __enter__(self) -> None:
        ident = get_ident()
        self._mine = ident not in _busy
        _busy.add(ident)

    def __exit__(self, *_: object) -> None:
        if self._mine:
            _busy.discard(get_ident())


def effect(kind: str, *facts: object) -> None:
    """Judges one effect that is about to happen.

    Args:
        kind: what it is; a name the installed judge knows.
        facts: what is known about it.

    Raises:
        Blocked: the effect is refused.
    """
    ident = get_ident()
    if ident in _busy or not _judge:
        return
    invocations = current()
    if not invocations:
        return
    _busy.add(ident)
    try:
        for invocation in invocations:
            _one(invocation, kind, facts)
    finally:
        _busy.discard(ident)


def judge(invocation: "Invocation", kind: str, *facts: object) -> None:
    """Judges one effect of a known invocation.

    Raises:
        Blocked: the effect is refused.
    """
    with Quiet():
        _one(invocation, kind, facts)


def _one(invocation: "Invocation", kind: str, facts: "tuple[object, ...]") -> None:
    try:
        verdict = _judge[0](invocation, kind, facts)
    except Exception as error:  # noqa: BLE001  (the boundary: no fault of ours may break a healthy invocation)
        fault(invocation, kind, error)
        return
    if verdict is not None:
        settle(invocation, verdict)


def settle(invocation: "Invocation", verdict: Verdict) -> None:
    """Records and tells a verdict, once per invocation and cause, and refuses the effect when it says so.

    Raises:
        Blocked: the verdict is ``block``.
    """
    key = (verdict.rule, verdict.field, verdict.sink, verdict.reason)
    if key not in invocation.told:
        invocation.told.add(key)
        invocation.verdicts.append(verdict)
        _tell[0](invocation, verdict)
    if verdict.action == "block":
        if invocation.blocked is None:
            invocation.blocked = verdict
        raise Blocked(verdict)


def tell_only(invocation: "Invocation", verdict: Verdict) -> None:
    """Tells something that refuses nothing."""
    invocation.verdicts.append(verdict)
    _tell[0](invocation, verdict)


def failed(error: BaseException) -> None:
    """Remembers the text of an error a library raised here: it must not be what the caller reads."""
    for invocation in current():
        if len(invocation.errors) < MAX_ERRORS:
            invocation.errors.append((type(error).__name__, str(error)))


def fault(invocation: "Invocation | None", stage: str, error: BaseException, *, closed: bool = False) -> None:
    """Tells that the guard itself failed, and goes on, or refuses where the user asked for that.

    Args:
        invocation: the invocation it happened in, ``None`` outside of one.
        stage: what the guard was doing.
        error: what went wrong; only its type and place are told, its text may hold a payload.
        closed: fail closed; inside an invocation its policy says so.

    Raises:
        Blocked: ``REMIT_FAIL=closed``.
    """
    closed = closed or (invocation is not None and invocation.policy.fail_closed)
    verdict = Verdict(
        "block" if closed else "alert",
        GUARD_FAULT,
        reason=f"the guard failed while judging {stage}; the effect was {'refused' if closed else 'not judged'}",
        evidence={"error": type(error).__name__, "at": _place(error), "stage": stage},
        severity="medium",
    )
    if invocation is not None:
        settle(invocation, verdict)
    else:
        if _tell:
            _tell[0](None, verdict)
        if closed:
            raise Blocked(verdict)


def tell_fault(stage: str, error: BaseException) -> None:
    """Tells of a fault where nothing can be refused; once per invocation and stage. Never raises."""
    for invocation in current() or (None,):
        try:
            fault(invocation, stage, error)
        except Blocked:  # recorded in the invocation: its answer is refused, which is all that can be done here
            continue


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"

"""SnapStart: what must not be the same in every environment that wakes from one snapshot.

Environments start as copies of one process. What the guard learned in it (addresses of names, secrets in the environment)
may be stale by then, hooks may have been taken away by code of the init phase, the code on disk is another copy, and the
state of ``random`` is the same in all of them.
"""

import os
import sys

from remit_guard.core.verdict import GUARD_FAULT, Verdict
from remit_guard.hooks import gate, imports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.core.policy import Policy

#: What the platform says of how an environment was initialised.
INITIALISATION = "AWS_LAMBDA_INITIALIZATION_TYPE"
SNAP_START = "snap-start"
_registered: "list[bool]" = []


def register(policy: "Policy", *, packed: bool = True) -> None:
    """Has ``restored`` called after each restore; tells it when that cannot be had.

    Args:
        policy: what code that is not as built is judged by.
        packed: whether the remit came out of the build.
    """
    if _registered:
        return
    _registered.append(True)
    from importlib import import_module

    try:
        # The runtime client's own dependency, which it loads only after the function's code; SnapStart pays no cold start.
        hooks: Any = import_module("snapshot_restore_py")
    except ImportError:
        reason = "the runtime has no restore hooks: after a restore the guard is as it was in the snapshot"
        from remit_guard.platforms.start import tell_of

        tell_of(policy, Verdict("alert", GUARD_FAULT, reason=reason, severity="medium"))
        return
    hooks.register_after_restore(restored, policy, packed=packed)


def restored(policy: "Policy", *, packed: bool = True) -> None:
    """Makes the guard of a restored environment its own.

    Args:
        policy: as for ``register``.
        packed: as there.

    Raises:
        Blocked: the code is not as built, and that is refused.
    """
    from remit_guard.platforms import start

    with gate.Quiet():
        _forget()
        missing = _missing()
    if missing:
        reason = f"after a restore these hooks were missing and were put back: {', '.join(missing)}"
        start.tell_of(policy, Verdict("alert", GUARD_FAULT, reason=reason, severity="high"))
    if start.has_manifest():
        from remit_guard.platforms.verify import verify

        verify(policy, packed=packed and not os.environ.get("REMIT_FILE"))


def _forget() -> None:
    """Drops what was learned before the snapshot, and gives ``random`` a state of its own."""
    checks: Any = sys.modules.get("remit_guard.platforms.checks")
    if checks is not None:
        checks.names._hosts.clear()  # noqa: SLF001  (as are these)
        checks._hosts.clear()  # noqa: SLF001  (the guard's own)
    texts: Any = sys.modules.get("remit_guard.platforms.texts")
    if texts is not None:
        texts._secrets.clear()  # noqa: SLF001  (the guard's own; made again from the environment of now)
    random: Any = sys.modules.get("random")
    if random is not None:
        random.seed()


def _missing() -> "list[str]":
    """Hooks that are no longer in place; each is put back."""
    found = []
    if imports.Watcher not in sys.meta_path:
        sys.meta_path.insert(0, imports.Watcher)
        found.append("imports")
    logging: Any = sys.modules.get("logging")
    if logging is not None and not getattr(logging.LogRecord.getMessage, "_remit_guarded", False):
        from remit_guard.hooks.texts import patch_logging
        from remit_guard.platforms.texts import clean

        patch_logging(clean)(logging)
        found.append("logging")
    if not gate._judge:  # noqa: SLF001  (the guard's own)
        from remit_guard.platforms import start

        start.install()
        found.append("judge")
    return found

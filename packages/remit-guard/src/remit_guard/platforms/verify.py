"""The build against its manifest, at cold start and as third-party modules are imported."""

import os

from remit_guard.core.policy import OFF
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE
from remit_guard.core.verdict import ALERT, BLOCK, CODE_CHANGED, GUARD_FAULT, Blocked, Verdict
from remit_guard.hooks import gate, imports
from remit_guard.platforms import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.policy import Policy
    from remit_guard.integrity.manifest import Manifest

#: How many files are named one by one; beyond that a build is simply another one.
MAX_NAMED = 20


def verify(policy: "Policy", *, packed: bool = True) -> None:
    """Checks the function's own code, and has the rest checked on import.

    The remit lies beside the code: who could change one could change the other. So its modes are believed only when the
    manifest vouches for it; otherwise they are dropped, and with a pinned manifest the start is refused.

    Args:
        policy: says whether changed code is told or refused; loses modes that nothing vouches for.
        packed: whether its remit came out of the build, and not from a place the environment or the code names.

    Raises:
        Blocked: the code is not as built and the mode of ``code-changed`` is ``block``, or the remit is not as built and
            the manifest is pinned.
    """
    from remit_guard.integrity import manifest as manifests

    root = start.task_root()
    pinned = os.environ.get("REMIT_MANIFEST", "")
    packed = packed and policy.remit is not None
    try:
        with open(os.path.join(root, MANIFEST_FILE), "rb") as file:
            manifest = manifests.read(file.read(), pinned)
    except (OSError, manifests.ManifestError) as error:
        what = str(error) if isinstance(error, manifests.ManifestError) else f"cannot be read ({type(error).__name__})"
        _settle(policy, _distrusted(policy, pinned) if packed else policy.action(CODE_CHANGED), [(MANIFEST_FILE, what)])
        return
    if packed and policy.remit and manifest.function and policy.remit.function not in ("", manifest.function):
        reason = f"the remit is of {policy.remit.function}, the build of {manifest.function}: another function's remit"
        start.tell_of(policy, Verdict(ALERT, GUARD_FAULT, reason=reason, severity="medium"))
    if packed and policy.digest != "sha256:" + manifest.files.get(REMIT_FILE, "").lower():
        action = _distrusted(policy, pinned)
    else:
        action = policy.action(CODE_CHANGED)
    if action == OFF:
        return
    own = manifests.own_files(root, manifest)
    wrong = list(manifests.changed(root, manifest, own))
    wrong += [(found, "not in the manifest") for found in manifests.unlisted(root, manifest)]
    checked = {os.path.join(root, found) for found in own}
    if len(own) < len(manifest.files):
        imports.verify_with(lambda name, origin: _module(policy, action, root, manifest, checked, name, origin))
    _settle(policy, action, wrong)


def _distrusted(policy: "Policy", pinned: str) -> str:
    """What happens when nothing vouches for the remit: its modes are dropped; who pins a manifest wants no other code."""
    if policy.remit is not None:
        policy.remit.modes = {}
    action = policy.action(CODE_CHANGED)
    return action if policy.override or not pinned else BLOCK


def _module(
    policy: "Policy", action: str, root: str, manifest: "Manifest", checked: "set[str]", name: str, origin: str
) -> None:
    """One module about to run: its file as built? Modules outside the task root are the platform's."""
    from remit_guard.integrity.manifest import changed

    full = os.path.abspath(origin)
    if full in checked or not full.startswith(root + "/"):
        return
    checked.add(full)
    path = full[len(root) + 1 :]
    with gate.Quiet():
        if path not in manifest.files:
            wrong = [(path, f"not in the manifest (imported as {name})")]
        else:
            wrong = list(changed(root, manifest, [path]))
    _settle(policy, action, wrong)


def _settle(policy: "Policy", action: str, wrong: "list[tuple[str, str]]") -> None:
    verdict = None
    for path, what in wrong[:MAX_NAMED]:
        verdict = Verdict(
            action, CODE_CHANGED, reason=f"{path}: {what}", evidence={"file": path, "state": what}, severity="critical"
        )
        start.tell_of(policy, verdict)
    if len(wrong) > MAX_NAMED:
        reason = f"{len(wrong) - MAX_NAMED} more files are not as built"
        start.tell_of(policy, Verdict(action, CODE_CHANGED, reason=reason, severity="critical"))
    if verdict is not None and action == BLOCK:
        raise Blocked(verdict)

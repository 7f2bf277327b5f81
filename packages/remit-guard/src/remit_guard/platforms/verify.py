"""The build against its manifest, at cold start and as third-party modules are imported."""

import os

from remit_guard.core.policy import OFF
from remit_guard.core.remit import MANIFEST_FILE
from remit_guard.core.verdict import BLOCK, CODE_CHANGED, Blocked, Verdict
from remit_guard.hooks import gate, imports
from remit_guard.platforms import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.policy import Policy
    from remit_guard.integrity.manifest import Manifest

#: How many files are named one by one; beyond that a build is simply another one.
MAX_NAMED = 20


def verify(policy: "Policy") -> None:
    """Checks the function's own code, and has the rest checked on import.

    Args:
        policy: says whether changed code is told or refused.

    Raises:
        Blocked: the code is not as built and the mode of ``code-changed`` is ``block``.
    """
    action = policy.action(CODE_CHANGED)
    root = start.task_root()
    pinned = os.environ.get("REMIT_MANIFEST", "")
    path = os.path.join(root, MANIFEST_FILE)
    if action == OFF:
        return
    from remit_guard.integrity import manifest as manifests

    try:
        with open(path, "rb") as file:
            manifest = manifests.read(file.read(), pinned)
    except (OSError, manifests.ManifestError) as error:
        what = str(error) if isinstance(error, manifests.ManifestError) else f"cannot be read ({type(error).__name__})"
        _settle(policy, action, [(MANIFEST_FILE, what)])
        return
    own = manifests.own_files(root, manifest)
    wrong = list(manifests.changed(root, manifest, own))
    wrong += [(found, "not in the manifest") for found in manifests.unlisted(root, manifest)]
    checked = {os.path.join(root, found) for found in own}
    if len(own) < len(manifest.files):
        imports.verify_with(lambda name, origin: _module(policy, action, root, manifest, checked, name, origin))
    _settle(policy, action, wrong)


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

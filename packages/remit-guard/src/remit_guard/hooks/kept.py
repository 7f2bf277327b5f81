"""Patches that keep nothing: what they replaced is handed to the sealed floor, and asked for there.

A patch in Python holds the function it replaces, and whoever holds the patch takes it from there. These hold neither that nor
anything of the guard: they ask with an audit event, which only the floor's hook understands, and find the answer in a list.
"""

from sys import audit

from remit_guard.hooks.gate import Quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def keep(name: str, function: object) -> bool:
    """Hands a function to the floor.

    Args:
        name: what it will be asked for by.
        function: the one that a patch is about to replace.

    Returns:
        Whether there is a floor, and it has it.
    """
    box: list[bool] = []
    audit("remit_guard.keep", name, function, box)
    return bool(box)


def ask(event: str, *facts: object) -> "Any":
    """Has the floor call a function it keeps.

    Args:
        event: the service of the floor.
        facts: its arguments.

    Returns:
        What the function returned.

    Raises:
        PermissionError: the floor refused.
        BaseException: what the function raised.
    """
    box: list[tuple[bool, Any]] = []
    with Quiet():  # the hooks have judged it; what the kept function does is this one effect
        audit(event, *facts, box)
    if not box:
        raise PermissionError(1, "remit-guard refused this: it is outside the function's remit")
    done, value = box[0]
    if not done:
        raise value
    return value


def patch_imp(module: "ModuleType") -> None:
    """``_imp.create_builtin``: raises no event, and a fresh copy of a built-in module has none of our patches."""
    if not keep("create_builtin", module.create_builtin):
        return

    def create_builtin(spec: "Any") -> "Any":
        return ask("remit_guard.builtin", spec)

    module.create_builtin = create_builtin  # type: ignore[attr-defined]

"""Which errors were raised in an invocation, so that their texts can be recognised in its answer.

From Python 3.12 on the interpreter tells about every raise (``sys.monitoring``), at a cost only when something is
raised. Python 3.11 has no such thing at a bearable price: there only the libraries the guard patches report theirs.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    Seen = Callable[[BaseException], None]

#: Tool ids 0, 1, 2 and 5 have their uses (debugger, coverage, profiler, optimizer); 4 is free by convention.
_TOOL = 4
#: Raised to steer, never shown to a caller.
_CONTROL = (StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt, SystemExit)


def watch(seen: "Seen", root: str, active: "Callable[[], bool]") -> bool:
    """Has every error told that was not written for the caller.

    A ``raise`` in the function's own code is a message somebody wrote, perhaps to be shown; what the interpreter or
    a library raises is not.

    Args:
        seen: gets each error.
        root: the task root: code below it, outside ``site-packages``, is the function's own.
        active: whether anything is to be told now.

    Returns:
        Whether this interpreter can do so.
    """
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return False
    try:
        monitoring.use_tool_id(_TOOL, "remit-guard")
    except ValueError:  # taken: by us in an earlier call, or by another tool, and then we do without
        return bool(monitoring.get_tool(_TOOL) == "remit-guard")
    from opcode import opmap

    written = opmap["RAISE_VARARGS"]

    def on_raise(code: "CodeType", offset: int, error: BaseException) -> None:
        if not active() or isinstance(error, _CONTROL):
            return
        place = code.co_filename
        own = place.startswith(root) and "site-packages" not in place
        if not (own and code.co_code[offset] == written):
            seen(error)

    monitoring.register_callback(_TOOL, monitoring.events.RAISE, on_raise)
    monitoring.set_events(_TOOL, monitoring.events.RAISE)
    return True

"""Flow: what the code of a function does with what strangers send, and what it does to the world.

One abstract interpretation of the code reachable from the handler yields both: flows from the typed fields of the event
to sinks, and effects (SDK calls, hosts, processes, files, secrets). A front per language lowers source to the IR in
``ir``; the machine runs it on abstract values; tables in ``models`` say what libraries do.

Invariants:

1. Nothing is examined silently in part: a module that does not parse, a handler that is not found, a bound that is
   reached is a blind ``Skip``.
2. The analysis ends: work, call depth, nesting, heap and text sizes are bounded.
3. No I/O: texts in, values out.
"""

from remit.app.flow import Analysis
from remit.app.model import App, Function
from remit.flow.engine import Engine
from remit.read.code import CodeTree

__all__ = ["Engine", "analyse"]


def analyse(app: App, function: Function, tree: CodeTree) -> Analysis:
    """Reads flows and effects off the code of one function; use an ``Engine`` for all functions of an app.

    Args:
        app: the app the function belongs to: its triggers say who sends what.
        function: the function; its environment says what variables refer to.
        tree: its code files.

    Returns:
        What was found; whatever could not be examined is a blind skip.
    """
    return Engine().analyse(app, function, tree)

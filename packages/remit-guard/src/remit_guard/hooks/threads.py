"""Threads belong to the request that started them: needed where several requests run in one process at once.

Without this, a thread starts with an empty context and is judged by every request in progress (``gate.current``): nothing is
missed, but one request's attack could be found in another's harmless effect.
"""

from remit_guard.hooks.gate import _here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MARK = "_remit_guarded"


def patch_threading(module: "Any") -> None:
    """``threading.Thread``: the new thread's context names the invocation of the one that starts it."""
    plain = module.Thread.start
    if getattr(plain, _MARK, False):
        return

    def start(self: "Any") -> "Any":
        invocation = _here.get()
        target = getattr(self, "_target", None)
        if invocation is not None and getattr(target, "__module__", "") != "concurrent.futures.thread":
            run = self.run

            def carried() -> None:
                del self.run  # no cycle is left behind
                _here.set(invocation)
                run()

            self.run = carried
        return plain(self)

    setattr(start, _MARK, True)
    start.__doc__ = plain.__doc__
    module.Thread.start = start


def patch_executor(module: "Any") -> None:
    """``ThreadPoolExecutor``: its threads outlive requests, so each piece of work names its own."""
    plain = module.ThreadPoolExecutor.submit
    if getattr(plain, _MARK, False):
        return

    def submit(self: "Any", fn: "Any", /, *args: "Any", **kwargs: "Any") -> "Any":
        invocation = _here.get()
        if invocation is None:
            return plain(self, fn, *args, **kwargs)

        def carried(*args: "Any", **kwargs: "Any") -> "Any":
            token = _here.set(invocation)
            try:
                return fn(*args, **kwargs)
            finally:
                _here.reset(token)

        return plain(self, carried, *args, **kwargs)

    setattr(submit, _MARK, True)
    submit.__doc__ = plain.__doc__
    module.ThreadPoolExecutor.submit = submit

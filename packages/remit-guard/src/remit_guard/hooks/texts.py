"""What leaves as text for the log: log records, their traces, and what is printed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Clean = Callable[[str], str]

_MARK = "_remit_guarded"


def patch_logging(clean: "Clean") -> "Callable[[Any], None]":
    """The patch of ``logging`` that cleans each message and each formatted trace.

    Args:
        clean: gets a text and gives it back without what must not be logged. Must not raise.
    """

    def patch(module: "Any") -> None:
        message = module.LogRecord.getMessage
        trace = module.Formatter.formatException
        if getattr(message, _MARK, False):
            return

        def getMessage(self: "Any") -> str:  # noqa: N802  (its name in logging)
            return clean(message(self))

        def formatException(self: "Any", ei: "Any") -> str:  # noqa: N802
            return clean(trace(self, ei))

        setattr(getMessage, _MARK, True)
        module.LogRecord.getMessage = getMessage
        module.Formatter.formatException = formatException

    return patch


class Output:
    """An output stream whose texts are cleaned on the way.

    Args:
        stream: the stream that really writes.
        clean: as for ``patch_logging``.
    """

    def __init__(self, stream: "Any", clean: "Clean") -> None:
        self._stream = stream
        self._clean = clean
        #: Whether the last text written ended inside a line.
        self.midline = False

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._stream, name)

    def write(self, text: str) -> "Any":
        """Writes the text, cleaned."""
        if not isinstance(text, str) or not text:
            return self._stream.write(text)
        shown = self._clean(text) if len(text) > 1 else text
        self.midline = text[-1] != "\n"  # after cleaning, which may have told something on a line of its own
        return self._stream.write(shown)

    def writelines(self, lines: "Any") -> None:
        """Writes the texts, cleaned."""
        for line in lines:
            self.write(line)

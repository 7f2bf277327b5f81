"""Error shaping: a caller gets an id where the code would have shown an exception's text or trace."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Shorter texts are too common to say that a body quotes an error.
MIN_TEXT = 12
#: What only an interpreter writes; a body that holds one shows a trace.
TRACE = "Traceback (most recent call last)"
_TRACES = (TRACE, '  File "/', '\\n  File \\"/', 'File \\"/')
#: What only the interpreter's and the drivers' own messages say; looked for in failing answers only.
_WORDINGS = (
    "object has no attribute '", "object is not subscriptable", "object is not iterable", "object is not callable",
    "invalid literal for int() with base", "could not convert string to float", "list index out of range",
    "string indices must be integers", "[Errno ", "Expecting value: line ", "Expecting property name enclosed",
    "unsupported operand type(s)", "missing 1 required positional argument", "no such table: ", "no such column: ",
    ": syntax error", "UNIQUE constraint failed: ", "incorrect number of bindings", "unrecognized token: ",
    "syntax error at or near", "You have an error in your SQL syntax", "An error occurred (", "Parameter validation failed",
    "duplicate key value violates", "division by zero", "codec can't decode byte", "psycopg2.", "sqlite3.", "botocore.",
    "No module named '", "KeyError(", "ValueError(", "TypeError(", "Could not connect to the endpoint URL",
)  # fmt: skip


def shows_error(body: str, seen: "Iterable[tuple[str, str]]", status: int) -> str:
    """What of an error an answer shows.

    Args:
        body: the answer's body.
        seen: type name and text of errors that were raised in this invocation and were not written for the caller.
        status: the answer's HTTP status.

    Returns:
        ``trace``, the name of the error's type, ``message`` for a typical wording, or ``""`` when it shows none.
    """
    if any(mark in body for mark in _TRACES):
        return "trace"
    for kind, text in seen:
        if len(text) >= MIN_TEXT and (text in body or _escaped(text) in body):
            return kind
        if f"{kind}: {text}" in body or f"{kind}({text!r})" in body:
            return kind
    if status >= 400 and any(wording in body for wording in _WORDINGS):
        return "message"
    return ""


def _escaped(text: str) -> str:
    """The text as it stands inside a JSON string."""
    if text.isascii() and '"' not in text and "\\" not in text and text.isprintable():
        return text
    from json import dumps

    return dumps(text)[1:-1]

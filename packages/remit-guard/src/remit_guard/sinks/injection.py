"""What a detector answers: which field changed the structure of what, with nothing of the payload but its outline."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.source import Field

#: How many characters of an input an excerpt may show.
SHOWN = 8


class Injection:
    """An untrusted value that changed the structure of what a sink executes.

    Args:
        field: the field the value came from.
        structure: what changed, in words: ``2 commands, 1 expected``.
        excerpt: the outline of the input, safe to log.
    """

    __slots__ = ("excerpt", "field", "structure")

    def __init__(self, field: "Field", structure: str, excerpt: str = "") -> None:
        self.field = field
        self.structure = structure
        self.excerpt = excerpt or outline(str(field.value))

    def __repr__(self) -> str:
        return f"Injection({self.field!r}, {self.structure!r})"


def outline(text: str) -> str:
    """The first few characters and the length of a text; control characters are written as escapes."""
    shown = text[:SHOWN].encode("unicode_escape").decode("ascii") if not text[:SHOWN].isprintable() else text[:SHOWN]
    return shown if len(text) <= SHOWN else f"{shown}••• {len(text)} chars"


def expected(count: int, what: str, one: int = 1) -> str:
    """The usual wording: ``expected(2, "command")`` is ``2 commands, 1 expected``."""
    return f"{count} {what}{'' if count == 1 else 's'}, {one} expected"

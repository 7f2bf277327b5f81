"""The one module through which reports become JSON; ``msgspec`` is loaded here and nowhere else in ``render``."""

from typing import Any

import msgspec


def dumps(data: Any, *, pretty: bool = True) -> str:
    """JSON text of plain data, ending with a newline.

    Args:
        data: mappings, lists, texts, numbers.
        pretty: two spaces of indentation, else one line.
    """
    encoded = msgspec.json.encode(data)
    return (msgspec.json.format(encoded, indent=2) if pretty else encoded).decode("utf-8") + "\n"

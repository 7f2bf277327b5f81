"""Markup in small pieces; everything that comes from a template goes through here and is escaped."""

import re
import zlib
from html import escape

from remit.render._excerpt import clean

_ODD = re.compile(r"[^A-Za-z0-9_.]+")


def text(value: str) -> str:
    """Text for an element or an attribute: no control characters, no markup."""
    return escape(clean(value), quote=True)


def dom(prefix: str, id_: str) -> str:
    """An id for the page: readable, the same every time, and different for different things."""
    plain = _ODD.sub("-", id_)
    mark = f"-{zlib.crc32(id_.encode('utf-8', 'replace')):08x}" if plain.replace("-", ":", 1) != id_ else ""
    return f"{prefix}{plain[:80]}{mark}"


def tag(name: str, content: str = "", **attributes: object) -> str:
    """One element. Attribute names lose a final underscore, others become dashes; ``content`` is markup already.

    Args:
        name: of the element.
        content: markup inside it.
        attributes: their values are escaped; those that are ``None`` or ``""`` are left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(_number(value))}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{given}>{content}</{name}>"


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)


def use(icon: str, x: float, y: float, size: float = 16, class_: str = "icon") -> str:
    """One of our drawings at a place."""
    return tag("use", href=f"#i-{icon}", x=x, y=y, width=size, height=size, class_=class_)


def words(content: str, x: float, y: float, class_: str = "", anchor: str = "") -> str:
    """One line of text at a place; ``content`` is plain text."""
    return tag("text", text(content), x=x, y=y, class_=class_, text_anchor=anchor)

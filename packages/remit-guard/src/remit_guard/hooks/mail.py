"""Mail: headers as they are set, and messages as they are sent."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ADDRESSES = frozenset(("to", "cc", "bcc", "from", "reply-to", "sender"))
#: How much of a message is its head, at most.
_MAX_HEAD = 64 * 1024


def header(name: str, value: "Any") -> None:
    """Judges one header; most hold neither a line break nor several addresses and cost a search for them."""
    if not isinstance(value, str):
        value = str(value)
    if (
        "\n" in value
        or "\r" in value
        or "\0" in value
        or (("," in value or ";" in value) and name.lower() in _ADDRESSES)
    ):
        effect("header", value, name)


def message(data: "Any") -> None:
    """Judges the head of a message that was put together."""
    if isinstance(data, (bytes, bytearray)):
        data = bytes(data[:_MAX_HEAD]).decode("utf-8", "replace")
    if isinstance(data, str):
        effect("message", data[:_MAX_HEAD])


def patch_smtplib(module: "Any") -> None:
    """``SMTP.sendmail``, which ``send_message`` calls as well."""

    def look(
        _self: object, from_addr: "Any" = "", to_addrs: "Any" = (), msg: "Any" = "", *_: "Any", **__: "Any"
    ) -> None:
        header("From", from_addr)
        for address in [to_addrs] if isinstance(to_addrs, str) else to_addrs:
            header("To", address)
        message(msg)

    before(module.SMTP, "sendmail", look)


def patch_message(module: "Any") -> None:
    """``message["Subject"] = value`` and ``add_header`` of ``email``, old and new policies alike."""

    def look(_self: object, name: "Any" = "", value: "Any" = "", *_: "Any", **__: "Any") -> None:
        if isinstance(value, str):
            header(str(name), value)

    before(module.Message, "__setitem__", look)
    before(module.Message, "add_header", look)


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "smtplib": patch_smtplib,
    "email.message": patch_message,
}

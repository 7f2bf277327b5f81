"""What the platform writes into events: ids, addresses, ARNs, times. Such a value is left out, as long as it is plain.

Nobody but the platform writes these places in a genuine event, but an imitated one reaches a function, too: through an
integration that hands a body on as it is, an IoT rule, an input path, an invocation by hand. So a value there is
believed for what it cannot do: with these characters it opens no literal, starts no command, option or comment, leaves
no folder and names no scheme. Everything else becomes a field like those the sender is known to write.
"""

import re

#: Characters of ids, ARNs, addresses and times.
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/+-\0"
#: What these characters can mean together: a comment, a way up, an authority, a root, an option; and an assignment.
_TELLING = ("--", "..", "//", ":/", "\0/", "\0-", "\0.", "\0+", "=")
_VALUE = re.compile(
    r"(?!.*(?:--|\.\.|//|:/))(?:[A-Za-z0-9_:][A-Za-z0-9_.:/+-]*={0,2}|={1,2}"
    r"|[A-Z]{3,7} /[A-Za-z0-9_./{}+-]*|\$(?:default|connect|disconnect|LATEST)"  # a route, a stage
    r"|[A-Za-z0-9.-]+:\d+(?:,[A-Za-z0-9.-]+:\d+)*"  # brokers
    r"|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\Z"  # the time of a request
)


def plain(text: str) -> bool:
    """Whether one value is plain."""
    return not text or _VALUE.match(text) is not None


def all_plain(rows: "list[list[object]]") -> bool:
    """Whether all values of some lists are plain, told at once; ``False`` may also mean that they have to be looked at."""
    texts = [value for values in rows for value in values if value is not None]
    try:
        joined = "\0".join(["", *texts, ""])  # type: ignore[list-item]
    except TypeError:  # not all of them are texts
        return False
    if joined.count("\0") != len(texts) + 1:
        return False
    joined = joined.replace("=\0", "\0").replace("=\0", "\0")
    return (
        joined.isascii()
        and not joined.encode().translate(None, _PLAIN)
        and not any([sign in joined for sign in _TELLING])  # noqa: C419  (faster than a generator)
    )

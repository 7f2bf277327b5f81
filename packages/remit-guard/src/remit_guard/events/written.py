"""What the platform writes into events: ids, addresses, ARNs, times. Such a value is left out, as long as it is plain.

Nobody but the platform writes these places in a genuine event, but an imitated one reaches a function, too: through an
integration that hands a body on as it is, an IoT rule, an input path, an invocation by hand. So a value there is
believed for what it cannot do: with these characters it opens no literal, starts no command, option or comment, leaves
no folder and names no scheme. Everything else becomes a field like those the sender is known to write.
"""

import re

#: Characters of ids, ARNs, addresses and times.
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/+-\0"
#: What these characters can mean together, by the one of them that is rarest: a way up, an authority, a root; a comment,
#: an option.
_TELLING = ((b".", (b"..",)), (b"/", (b"//", b":/", b"\0/")), (b"-", (b"--", b"\0-")))
_VALUE = re.compile(
    r"(?!.*(?:--|\.\.|//|:/))(?:[A-Za-z0-9_.:+][A-Za-z0-9_.:/+-]*={0,2}|={1,2}"
    r"|[A-Z]{3,7} /[A-Za-z0-9_./{}+-]*|\$(?:default|connect|disconnect|LATEST)"  # a route, a stage
    r"|[A-Za-z0-9.-]+:\d+(?:,[A-Za-z0-9.-]+:\d+)*"  # brokers
    r"|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\Z"  # the time of a request
)


def plain(text: str) -> bool:
    """Whether one value is plain."""
    return not text or _VALUE.match(text) is not None


def all_plain(rows: "list[str]", count: int) -> bool:
    """Whether all of some values are plain, told without a loop over them; ``False`` may mean that they must be looked at.

    Args:
        rows: the values, in rows of some with NUL between them.
        count: how many they are.
    """
    joined = "\0".join(["", *rows, ""])
    if joined.count("\0") != count + 1 or not joined.isascii():
        return False
    if "=" in joined:
        joined = joined.replace("=\0", "\0").replace("=\0", "\0")
    data = joined.encode()
    if data.translate(None, _PLAIN):
        return False
    for char, signs in _TELLING:
        if char in data:
            for sign in signs:
                if sign in data:
                    return False
    return True

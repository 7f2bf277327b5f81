"""The untrusted values of one invocation in every form an application may have given them, in lower case.

It is built in front of the first effect of every invocation, so whatever can be asked of all values at once (are there
escapes, is there anything that looks encoded) is asked of one joined text and not of each.
"""

import re

from remit_guard.sinks.variants import (
    MAX_DECODED,
    has_entity,
    may_be_binary,
    variants,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from remit_guard.core.source import Field
    from remit_guard.events.leaves import Leaves

#: Characters one of which every value has that is written in an encoding other than base64 and hex.
_TRIGGERS = "%+\\"
#: What encoded words are made of as ``a``; values apart, and their padding, stay what they are; the rest is a blank.
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_MASK = bytes(97 if code in _ALPHABET else code if code in b"\0=" else 32 for code in range(256))
#: Sixteen characters of an encoding in a row, in a masked text; written out so that the search skips.
_ENCODED = re.compile("a" * 16 + "a*+={0,2}+")
_SHORTEST_ENCODED = 6
#: How many encoded words inside longer values are tried in one event.
MAX_ENCODED = 4096


class Index:
    """All forms of all values.

    Args:
        leaves: the untrusted values.
        problems: where to say what was not looked into.
    """

    __slots__ = ("_how", "_leaves", "_of", "forms", "values")

    def __init__(self, leaves: "Leaves", problems: "list[str]") -> None:
        self._leaves = leaves
        #: The values as they are, by number.
        self.values = leaves.values()
        self._how: dict[int, str] = {}
        lows, joined = _lowered_all(self.values)
        count = len(lows)
        first = dict(zip(reversed(lows), range(count - 1, -1, -1), strict=True))
        if len(first) == count:
            self.forms: list[str] = lows
            self._of: Sequence[int] = range(count)
        else:
            self.forms = list(first)
            self.forms.reverse()
            self._of = [first[form] for form in self.forms]
        self._complete(first, _decoded(self.values, joined, leaves.documents, problems))

    def _complete(self, first: "dict[str, int]", decoded: "list[tuple[int, str, str]]") -> None:
        """Adds what values were decoded to, and every form without the blanks around it."""
        forms = self.forms
        of: list[int] | None = None
        for number, text, how in decoded:
            low = lowered(text)
            if low not in first:
                of = of or list(self._of)
                first[low] = number
                self._how[len(forms)] = how
                forms.append(low)
                of.append(number)
        trimmed = list(map(str.strip, forms))
        if trimmed != forms:
            of = of or list(self._of)
            for place, text in enumerate(trimmed):
                if text not in first:
                    first[text] = of[place]
                    if place in self._how:
                        self._how[len(forms)] = self._how[place]
                    forms.append(text)
                    of.append(of[place])
        if of is not None:
            self._of = of

    def leaf(self, place: int) -> int:
        """The number of the value that a form is one of."""
        return self._of[place]

    def field(self, place: int) -> "Field":
        """The field that a form is a value of."""
        return self._leaves.field(self._of[place])

    def field_of(self, number: int) -> "Field":
        """The field of a value."""
        return self._leaves.field(number)

    def variant(self, place: int) -> str:
        """The decodings a form went through."""
        return self._how.get(place, "verbatim")


def lowered(text: str) -> str:
    """Lower case with every character at its old place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _lowered_all(values: "list[str]") -> "tuple[list[str], str]":
    """Every value in lower case, and all as one text with NUL between them and nowhere else."""
    joined = "\0".join(values)
    if joined.isascii():
        lows = joined.lower().split("\0")
        if len(lows) == len(values):
            return lows, joined
    if joined.count("\0") != len(values) - 1:
        joined = "\0".join([value.replace("\0", " ") for value in values])
    return [lowered(value) for value in values], joined


def _decoded(
    values: "list[str]", joined: str, documents: "frozenset[int]", problems: "list[str]"
) -> "list[tuple[int, str, str]]":
    """What values may have been decoded to: number of the value, text and name of each form besides the value itself.

    A JSON document is left out, for the values in it stand in the index themselves, out of their escapes.
    """
    if len(joined) > MAX_DECODED:
        long = sum(1 for value in values if len(value) > MAX_DECODED)
        if long:
            problems.append(
                f"{long} values longer than {MAX_DECODED} characters were compared as they are, not decoded"
            )
    wanted: set[int] = set()
    for char in _TRIGGERS:
        if char in joined:
            wanted.update([number for number, value in enumerate(values) if char in value])
    if "&" in joined and has_entity(joined):
        wanted.update([number for number, value in enumerate(values) if "&" in value])
    if not joined.isascii():
        wanted.update([number for number, value in enumerate(values) if not value.isascii()])
    masked = joined.encode("ascii", "replace").translate(_MASK).decode("ascii")
    masks = masked.split("\0")
    for number in [number for number, mask in enumerate(masks) if " " not in mask and len(mask) >= _SHORTEST_ENCODED]:
        if number not in wanted and "=" not in masks[number].rstrip("=") and may_be_binary(values[number]):
            wanted.add(number)
    wanted -= documents
    found = [(number, text, how) for number in sorted(wanted) for text, how in variants(values[number])[1:]]
    found += _inside(values, joined, masked, documents, problems)
    return found


def _inside(
    values: "list[str]", joined: str, masked: str, documents: "frozenset[int]", problems: "list[str]"
) -> "list[tuple[int, str, str]]":
    """What encoded words inside longer values may have been decoded to: an application cuts them out."""
    found: list[tuple[int, str, str]] = []
    number = reached = count = 0
    for match in _ENCODED.finditer(masked):
        start, end = match.span()
        number += masked.count("\0", reached, start)
        reached = start
        size = len(values[number])
        if end - start == size or size > MAX_DECODED or number in documents:
            continue
        count += 1
        if count > MAX_ENCODED:
            problems.append(f"more than {MAX_ENCODED} encoded words inside values: the rest was not decoded")
            break
        word = joined[start:end]
        if may_be_binary(word):
            found += [(number, text, how) for text, how in variants(word)[1:]]
    return found

"""How much room a text takes, without a browser: from above, for the widest of the usual system fonts."""

import unicodedata

_NARROW = frozenset("ijlI.,:;'|!/\\ ")
_SLIM = frozenset('frt()[]-`"')
_WIDE = frozenset("mMwW@%—…")
#: Advance of one letter of any fixed-width system font, in em.
MONO = 0.605


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that a text takes at a font size, at most.

    Args:
        text: one line.
        size: font size in pixels.
        bold: whether it is set in bold type.
    """
    return sum(map(_letter, text)) * size * (1.07 if bold else 1.0)


def _letter(char: str) -> float:
    if char in _NARROW:
        return 0.40
    if char in _SLIM:
        return 0.47
    if char in _WIDE:
        return 0.98
    if char.isascii():
        return 0.70 if char.isupper() else 0.62
    if unicodedata.combining(char):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(char) in "WF" else 0.78


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut in the middle where it does not fit: names differ at both ends."""
    if width(text, size, bold=bold) <= room:
        return text
    letters = list(text)
    while len(letters) > 3 and width("".join(letters) + "…", size, bold=bold) > room:
        letters.pop(len(letters) * 3 // 5)
    middle = (len(letters) + 1) * 3 // 5
    return "".join(letters[:middle]) + "…" + "".join(letters[middle:])


def fit_mono(text: str, room: float, size: float) -> str:
    """A text in fixed-width type, its end cut where it does not fit."""
    most = max(int(room / (size * MONO)), 4)
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    if wide <= most:
        return text
    kept, used = [], 1
    for char in text:
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > most:
            break
        kept.append(char)
    return "".join(kept) + "…"

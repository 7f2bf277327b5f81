"""How much a value looks like an attack, for events whose sinks are out of sight.

Where a sink is visible the sink decides (``sql``, ``process``, ``path``, ...). What is here only says that a value has the
shape of an attack: which structures it holds (``score_shapes``) and how its tokens follow each other (``score_tokens``),
weighed by a linear model whose weights are data, made by ``bench/train_score.py``. It is for Signals, never a reason to
refuse an event by itself.
"""

import re

from remit_guard.sinks import score_shapes, score_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

#: Words, numbers, names, dates: nothing any language takes for more than one token after another.
_PLAIN = re.compile(r"[^\W_]+(?:[ -][^\W_]+|, [^\W_]+)*\.?\Z")
#: Plain values with one of these may still be SQL or a command; long unbroken ones may be encoded.
_WORDY = re.compile(
    r"\b(?:select|union|or|and|having|order|waitfor|exec|drop|like|between|sleep|null|cat|ls|ping|net|dir|id|whoami)\b",
    re.IGNORECASE,
)
_MAX_PLAIN = 64
_MAX_WORD = 15
_MAX_JOINED = 256
#: The reasons a suspicion names.
_MAX_REASONS = 4
#: Words with one mark between them, as in addresses, times, host names: no language takes such for an instruction, unless
#: one of the words is one that matters.
_JOINED = re.compile(r"\+?[^\W_]+(?:(?:, |\. |://| - |[ .,:@_/?-])[^\W_]+)*[.,?!]?\Z")
_SPLIT = re.compile(r"[^\W_]+")


class Suspicion:
    """A value that has the shape of an attack.

    Args:
        score: by how much it is over the threshold, log-odds; 0 where one structure was enough.
        reasons: the structures that weighed most, heaviest first; tokens where there is no structure.
    """

    __slots__ = ("reasons", "score")

    def __init__(self, score: float, reasons: "tuple[str, ...]") -> None:
        self.score = score
        self.reasons = reasons

    def __repr__(self) -> str:
        return f"Suspicion({self.score:.2f}, {self.reasons!r})"


class Model:
    """The weights.

    Args:
        text: the data file: threshold, words, then a weight and a feature a line.
    """

    __slots__ = ("threshold", "weights", "words")

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self.threshold = float(lines[0])
        self.words = frozenset(lines[1].split(" "))
        self.weights: dict[str, float] = {}
        for line in lines[2:]:
            weight, _, feature = line.partition(" ")
            if feature:
                self.weights[feature] = int(weight) / 100


_loaded: "list[Model]" = []


def model() -> Model:
    """The weights that came with the package, read on first use."""
    if not _loaded:
        from importlib.resources import files

        data = files("remit_guard.sinks").joinpath("score_weights.txt")
        _loaded.append(Model(data.read_text("utf-8")))
    return _loaded[0]


def is_plain(value: str) -> bool:
    """Whether a value consists of a few ordinary words or numbers, so that no model need look at it."""
    return (
        len(value) <= _MAX_PLAIN
        and _PLAIN.match(value) is not None
        and (len(value) <= _MAX_WORD or " " in value)
        and _WORDY.search(value) is None
    )


def features(value: str, words: "Container[str]") -> "set[str]":
    """What the model weighs: names of structures begin with ``!``, all else are tokens, pairs and triples of them.

    Args:
        value: any text.
        words: the words that tokens keep.
    """
    text, how = score_tokens.decoded(value)
    tokens = score_tokens.tokens(text, words)
    shapes = how | score_shapes.shapes(text, value)
    found = score_tokens.grams(tokens) | shapes
    size = len(tokens).bit_length() - 1
    length = "s" if size <= 3 else "m" if size <= 5 else "l"
    found.update([shape + length for shape in shapes])
    found.add(f"!len{min(size, 9)}")
    if len(shapes) == 1:
        found.add("!only" + next(iter(shapes)))
    elif not shapes:
        found.add("!none" + length)
    return found


def _is_ordinary(value: str, known: Model) -> bool:
    """Whether no word of a joined value matters, and no number can be an address."""
    low = value.lower()
    words = _SPLIT.findall(low)
    if not low.isascii() or not known.words.isdisjoint(words):
        return False
    return max(map(len, words)) <= _MAX_WORD and not (words[-1].isdigit() and "." in low)


def judge(value: str) -> "Suspicion | None":
    """Whether a value has the shape of an attack.

    Args:
        value: an untrusted text of any length; of long ones the beginning and the end are read.

    Returns:
        The suspicion, or ``None``.
    """
    if is_plain(value):
        return None
    known = model()
    if len(value) <= _MAX_JOINED and _JOINED.match(value) and _is_ordinary(value, known):
        return None
    weights = known.weights
    found = features(value, known.words)
    score = sum([weights[feature] for feature in found if feature in weights]) - known.threshold
    enough = found & score_shapes.ENOUGH
    if enough and score <= 0:
        return Suspicion(0.0, tuple(sorted(enough)))
    if score <= 0:
        return None
    heavy = sorted((-weights[feature], feature) for feature in found if weights.get(feature, 0) > 0)
    named = [feature for _, feature in heavy if feature[0] == "!" and len(feature) > 1 and " " not in feature]
    return Suspicion(score, tuple((named or [feature for _, feature in heavy])[:_MAX_REASONS]))

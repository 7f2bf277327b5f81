"""Secrets written into code and templates: by their own shape, or by the name they are given.

Two passes over each text. *Shape*: the 370 provider formats of the Betterleaks catalogue (MIT), each tried only where
one of its keywords stands. *Name*: a literal given to something called password, token, secret or key, if it looks like
a real value and not like a name, a reference or a placeholder. What is found is never kept: a finding has the kind, the
place and an excerpt with the middle removed.
"""

import json
import lzma
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources

from remit.app.facts import SecretFound
from remit.app.location import Location

#: A longer line is generated or minified; names mean nothing there, shapes are still tried.
LONGEST_NAMED_LINE = 500

_NAMED = re.compile(
    r"""(?ix)
    (?P<name> [\w.-]{0,60}? (?: password | passwd | passphrase | secret | token | credential | api[_-]?key
        | access[_-]?key | private[_-]?key | auth[_-]?key | account[_-]?key | signing[_-]?key | encryption[_-]?key
        | webhook[_-]?key | license[_-]?key | master[_-]?key | client[_-]?secret | jwt[_-]?key ) (?: [_-]?value )? )
    ["']? [ \t]* (?: := | => | [:=] ) [ \t]*
    (?: (?P<prefix> [bru]{0,2} ) (?P<quote> ["'`] ) (?P<quoted> (?: (?! (?P=quote) ) [^\n\\] | \\. ){6,200} ) (?P=quote)
      | (?P<bare> [^\s"'`,;#(){}\[\]<>|&!$*]{6,200} ) (?= \s* (?: $ | \# ) ) )
    """,
    re.MULTILINE,
)
#: A cheap first look, on lower-case text: only lines with one of these are read with the expression above.
_NAME_HINT = re.compile(
    r"passw|passphrase|secret|token|credential|(?:api|access|private|auth|account|signing|encryption|webhook|license|master|jwt)[_-]?key"
)
_URL_PASSWORD = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s:/@'\"]{1,60}):(?P<secret>[^\s:/@'\"]{3,100})@[^\s'\"]+"
)
_ASCII_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
#: Words that mark a value as made up.
_PLACEHOLDER = re.compile(
    r"(?i)example|sample|dummy|change[_-]?me|placeholder|replace|your[_-]|insert|redacted|todo|fake|not[_-]?real|"
    r"test|foo|bar$|xxx|\.\.\.|\*\*\*|none|null|undefined|secret$|^password|^passw0rd|^token|^secret|localhost|default"
)
_REFERENCE = re.compile(
    r"[${}<>]|\{\{|^(?:arn:|https?:|s3:|ssm:|/|\./|!|@|process\.|os\.|env[.:]|vault:|file:)|^[\w.]+\(|::"
)
_UUID = re.compile(r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_WORDS = re.compile(r"^[A-Za-z]+(?:[ _./:-]+[A-Za-z0-9]+)*$|^[a-z]+(?:[A-Z][a-z]+)*$")


def find(texts: Mapping[str, str], functions: Iterable[tuple[str, str]] = ()) -> tuple[SecretFound, ...]:
    """Finds secrets in files.

    Args:
        texts: text by path (relative to the scanned root): templates and source files, no lock files.
        functions: pairs of function id and code folder, to say whose file it is; the longest folder wins.

    Returns:
        Findings in order of file and place; one per place, the shape's kind before the name's.
    """
    owners = sorted(functions, key=lambda pair: -len(pair[1]))
    found: list[SecretFound] = []
    for file in sorted(texts):
        owner = next((id_ for id_, folder in owners if file.startswith(folder.rstrip("/") + "/")), "")
        found.extend(_in_text(file, texts[file], owner))
    return tuple(found)


def _in_text(file: str, text: str, owner: str) -> Iterator[SecretFound]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    taken: list[tuple[int, int]] = []
    lowered = text.lower() if text.isascii() else text.translate(_ASCII_LOWER)  # same length as the text
    hits = sorted([*_shaped(text, lowered), *_named(text, lowered)], key=lambda hit: (hit[1], hit[0] == "named"))
    for kind, start, end, name in hits:
        if any(start < other_end and end > other_start for other_start, other_end in taken):
            continue
        taken.append((start, end))
        line = bisect_right(starts, start)
        column = start - starts[line - 1] + 1
        last = bisect_right(starts, end - 1)
        location = Location(file, line, column, last, end - starts[last - 1] + 1)
        shown = "hard-coded value" if kind == "named" else kind
        yield SecretFound(shown, location, redact(text[start:end]), owner, name)


def _shaped(text: str, lowered: str) -> Iterator[tuple[str, int, int, str]]:
    for kind, expression, keywords, floor in _catalogue():
        if not any(keyword in lowered for keyword in keywords):
            continue
        for match in _compiled(expression).finditer(text):
            group = next((index for index in range(1, (match.re.groups or 0) + 1) if match[index]), 0)
            start, end = match.span(group)
            value = text[start:end]
            if entropy(value) > floor and not value.upper().endswith("EXAMPLE") and not _REFERENCE.search(value[:8]):
                yield kind, start, end, ""


def _named(text: str, lowered: str) -> Iterator[tuple[str, int, int, str]]:
    done = 0
    for hint in _NAME_HINT.finditer(lowered):
        if hint.start() < done:
            continue
        start, done = text.rfind("\n", 0, hint.start()) + 1, text.find("\n", hint.start())
        done = len(text) if done < 0 else done
        if done - start > LONGEST_NAMED_LINE:
            continue
        for match in _NAMED.finditer(text, start, done):
            group = "quoted" if match["quoted"] is not None else "bare"
            if looks_real(match[group], quoted=group == "quoted"):
                yield "named", *match.span(group), match["name"]
    for match in _URL_PASSWORD.finditer(text):
        secret = match["secret"]
        if not _REFERENCE.search(secret) and not _PLACEHOLDER.search(secret) and secret not in ("pass", match["user"]):
            start, end = match.span("secret")
            yield "password-in-url", start, end, ""


def looks_real(value: str, *, quoted: bool = True) -> bool:
    """Whether a literal that is *called* a secret is one: not a reference, a placeholder, a plain word or a name.

    Args:
        value: the literal.
        quoted: whether it stood in quotes; bare words in YAML are judged more strictly.
    """
    if len(value) < 8 or " " in value.strip() or _REFERENCE.search(value) or _PLACEHOLDER.search(value):
        return False
    if _UUID.match(value) or len(set(value)) < 5:
        return False
    digits = sum(char.isdigit() for char in value)
    if _WORDS.match(value) and digits < 3:
        return False  # my-app/db-credentials, AccessTokenSecret: the name of a secret, not a secret
    if value.replace(".", "").replace("-", "").isdigit():
        return False
    return entropy(value) >= (2.8 if quoted else 3.2)


def redact(secret: str) -> str:
    """The first and last characters with the middle removed; nothing of a short value."""
    return f"{secret[:3]}•••{secret[-2:]}" if len(secret) > 12 else "•••"


def entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


@lru_cache(maxsize=1)
def _catalogue() -> tuple[tuple[str, str, tuple[str, ...], float], ...]:
    packed = resources.files("remit.read").joinpath("data/secret_rules.json.xz").read_bytes()
    rules = json.loads(lzma.decompress(packed))["rules"]
    return tuple((kind, expression, tuple(keywords), floor) for kind, expression, keywords, floor in rules)


@lru_cache(maxsize=512)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)

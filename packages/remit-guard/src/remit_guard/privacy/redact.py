"""Redaction: cards, e-mail addresses, tokens, keys and passwords replaced by what they are.

A candidate pass first: for each kind a literal or a single character that every match contains. Most log lines hold
none of them and cost a few searches in C. Only then the pattern of that kind runs, each linear in the text.
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Longer texts are redacted in their first part and cut, which is said: nobody reads a megabyte of log.
MAX_TEXT = 256 * 1024
#: The least length of an environment secret that is looked for.
MIN_SECRET = 8

_SECRET_NAME = re.compile(
    r"passw(?:or)?d|passphrase|secret|token|api[_-]?key|apikey|private[_-]?key|credential|access[_-]?key|conn(?:ection)?"
    r"[_-]?str|dsn$|auth(?:orization)?$|signing[_-]?key|encryption[_-]?key",
    re.IGNORECASE,
)
#: Names that contain such a word and hold none: how a secret is called is not the secret.
_NO_SECRET = re.compile(
    r"(?:_|-)?(?:name|arn|id|url|uri|path|file|ttl|region|table|bucket|prefix|header)$", re.IGNORECASE
)
_HOLDS_SECRETS = frozenset({"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})

_PAIR_WORDS = (
    "passw", "pwd", "secret", "token", "api_key", "apikey", "api-key", "authorization", "cookie", "credential",
    "private_key", "access_key", "cvv", "cvc",
)  # fmt: skip
_PAIR = re.compile(
    r"""(?P<key>[\w.-]{0,40}(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|credentials?"""
    r"""|private_key|access_key|cvv2?|cvc)[\w-]{0,20})(?P<quote>\\{0,4}["']?)(?P<sep>\s{0,4}[:=]\s{0,4})"""
    r"""(?P<value>(?:Bearer |Basic )?(?:\\{0,4}"(?:[^"\\\n]|\\[^"\n]){0,2048}\\{0,4}"|'[^'\n]{0,2048}'|[^\s"'&;,}\])\\]+))""",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]*+")
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/-]{12,}=*", re.IGNORECASE)
_AWS_KEY = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b")
#: Keys of well-known services, by the prefixes they publish (GitHub, GitLab, Stripe, Slack).
_ISSUED = re.compile(
    r"(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,64}|[srp]k_(?:live|test)_[A-Za-z0-9]{16,255}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255})"
)
_ISSUED_STARTS = ("gh", "github_pat_", "glpat-", "k_live_", "k_test_", "xox")
_PRIVATE = re.compile(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.{0,8192}?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|\Z)", re.DOTALL
)
_URL_PASSWORD = re.compile(r"(://[^\s/:@]{1,64}):[^\s/@]{1,128}@")
_DIGITS = re.compile(r"(?<![\w.-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\w-]|\.\d)")

#: What counts tokens, of language models mostly, and is none.
_COUNT = re.compile(r"tokens$|^(?:max|min|num|total)_", re.IGNORECASE)


def secret_values(environ: "Mapping[str, str]") -> "tuple[str, ...]":
    """Values of environment variables that are secrets by name, longest first.

    Args:
        environ: the environment when the function started.
    """
    found = {
        value
        for name, value in environ.items()
        if len(value) >= MIN_SECRET
        and (name in _HOLDS_SECRETS or (_SECRET_NAME.search(name) and not _NO_SECRET.search(name)))
        and not value.startswith(("arn:", "http://", "https://", "{{resolve:"))
    }
    return tuple(sorted(found, key=len, reverse=True))


def redact(text: str, secrets: "tuple[str, ...]" = ()) -> str:
    """The text with everything confidential replaced by ``[redacted KIND]``.

    Args:
        text: a log line, a trace, anything for people to read.
        secrets: exact values to hide as well (``secret_values``).

    Returns:
        The same text object when nothing was found.
    """
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]}… [cut: {len(text)} characters]"
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, "[redacted secret]")
    if "-----BEGIN" in text:
        text = _PRIVATE.sub("[redacted private key]", text)
    if "AKIA" in text or "ASIA" in text or "ABIA" in text or "ACCA" in text:
        text = _AWS_KEY.sub("[redacted AWS key]", text)
    if any(start in text for start in _ISSUED_STARTS):
        text = _ISSUED.sub("[redacted token]", text)
    if "=" in text or ":" in text:
        lower = text.lower()
        if any(word in lower for word in _PAIR_WORDS):
            text = _PAIR.sub(_pair, text)
    if "earer " in text or "asic " in text or "EARER " in text:
        text = _BEARER.sub(r"\1 [redacted token]", text)
    if "eyJ" in text:
        text = _JWT.sub("[redacted token]", text)
    if "@" in text:
        text = _URL_PASSWORD.sub(r"\1:[redacted password]@", text)
        text = _EMAIL.sub("[redacted email]", text)
    if len(text) >= 13:
        text = _DIGITS.sub(_card, text)
    return text


def _pair(match: "re.Match[str]") -> str:
    value = match.group("value")
    bare = value.strip("\\\"'")
    if not bare or bare in ("None", "null", "true", "false", "True", "False", "***") or bare.startswith("[redacted"):
        return match.group()
    quote = match.group("quote")
    if bare.isdigit() and len(bare) < 8 and _COUNT.search(match.group("key")):
        return match.group()
    if not quote and _prose(match.group("key"), match.group("sep"), bare, value):
        return match.group()
    mark = value[: len(value) - len(value.lstrip("\\\"'"))]
    return f"{match.group('key')}{quote}{match.group('sep')}{mark}[redacted]{mark}"


def _prose(key: str, separator: str, bare: str, value: str) -> bool:
    """Whether this is a sentence ("Invalid token: expected a name") and no pair: what follows looks written, not made."""
    if ": " not in separator or value[0] in "\"'\\" or "authorization" in key.lower():
        return False
    return len(bare) < 8 or not any(char.isdigit() for char in bare)


def _card(match: "re.Match[str]") -> str:
    digits = [int(char) for char in match.group() if char.isdigit()]
    return "[redacted card]" if 13 <= len(digits) <= 19 and luhn(digits) else match.group()


def luhn(digits: "list[int]") -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        total += digit if position % 2 == 0 else (digit * 2 if digit < 5 else digit * 2 - 9)
    return total % 10 == 0

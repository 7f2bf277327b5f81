"""SQL: does an untrusted value stay one literal, one number, one name?

A value that was put into a query is harmless exactly when the database reads all of it as part of one token (or as a list of
numbers, or of sort columns). Otherwise the value closed a literal, added an operator, a comment, a statement. To tell that
from a value that merely equals a piece of the query's own text, the value is taken out and a plain word put in its place: a
query with a real hole stays a query.
"""

import re
from bisect import bisect_right

from remit_guard.sinks import sql_tokens as lexer
from remit_guard.sinks.injection import Injection, expected
from remit_guard.sinks.sql_tokens import (
    BAD,
    COMMENT,
    MARK,
    MYSQL,
    NAME,
    NUMBER,
    OPERATOR,
    PARAMETER,
    POSTGRESQL,
    SQLITE,
    STRING,
    WORD,
    Token,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance, Span

#: What callers may call a dialect, by the library or the server.
_DIALECTS = {
    "sqlite": SQLITE, "sqlite3": SQLITE, "postgresql": POSTGRESQL, "postgres": POSTGRESQL, "psycopg": POSTGRESQL,
    "psycopg2": POSTGRESQL, "asyncpg": POSTGRESQL, "redshift": POSTGRESQL, "mysql": MYSQL, "mariadb": MYSQL,
    "pymysql": MYSQL, "aiomysql": MYSQL, "mysqlclient": MYSQL,
}  # fmt: skip
#: A query in which nothing quotes, escapes or comments but pairs of apostrophes, none of them doubled.
_PLAIN_QUERY = re.compile(r"""(?:[^'"`\\$#\[\-/]++|-(?!-)|/(?!\*)|'[^'"`\\]*+'(?!'))*+\Z""")
#: What stands for the untrusted value when it is taken out.
_PLAIN = "q"
_NUMBERS = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:\s*,\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+))*\s*\Z")
_COLUMNS = re.compile(
    r"\s*[^\W\d]\w*(?:\.\w+)?(?:\s+(?:asc|desc))?(?:\s*,\s*[^\W\d]\w*(?:\.\w+)?(?:\s+(?:asc|desc))?)*\s*\Z",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"\s(?:asc|desc)\b", re.IGNORECASE)
#: What a remark in a query hardly has.
_CODE = re.compile(
    r"""['"()=?;<>]|%s|:\w|\b(?:and|or|where|order|limit|group|union|select|offset|set|values|having|join)\b""",
    re.IGNORECASE,
)
#: Words after which an operand is expected; any other word is taken for an operand itself.
_EXPECTS = frozenset(
    (
        "select", "from", "where", "and", "or", "not", "in", "like", "ilike", "glob", "regexp", "rlike", "between",
        "is", "set", "values", "by", "having", "on", "limit", "offset", "when", "then", "else", "case", "join",
        "into", "update", "table", "distinct", "all", "any", "some", "exists", "union", "intersect", "except",
        "returning", "using", "div", "mod", "xor", "interval", "as", "match", "escape", "call", "index", "only",
        "top", "collate", "similar", "to", "over", "partition", "binary",
    )
)  # fmt: skip

#: How often one query is read with something taken out, and how many places are judged; beyond, we fail closed.
_MAX_READINGS = 10
_MAX_CROSSING = 96
#: The least length of a part of a value that counts where no literal was left.
_MIN_BARE = 8


def inspect(query: str, provenance: "Provenance", dialect: str = "") -> "Injection | None":
    """Decides whether untrusted values changed the structure of a query.

    Args:
        query: the text as the driver got it, before parameters are bound.
        provenance: the untrusted values of this invocation.
        dialect: the database or its driver (``sqlite``, ``psycopg2``, ``mysql``, ...). Where it is unknown, the query is read
            by the standard's rules and by MySQL's, and must be harmless in both.

    Returns:
        The injection, or ``None``.
    """
    spans = provenance.find(query, words=False)
    if not spans:
        return None
    if _in_plain_literals(query, spans):
        return None
    known = _DIALECTS.get(dialect.lower())
    for name in (known,) if known else (POSTGRESQL, MYSQL):
        found = _Reading(query, name).judge(spans)
        if found is not None:
            return found
    return None


def _in_plain_literals(query: str, spans: "list[Span]") -> bool:
    """Whether every value lies in a literal of a query so plain that all dialects read it alike.

    Nothing in such a query ends a literal but the next apostrophe, so whether a place lies in one is a matter of counting;
    most queries need no lexer then.
    """
    if not _PLAIN_QUERY.match(query):
        return False
    return all("'" not in query[span.start : span.end] and query.count("'", 0, span.start) % 2 for span in spans)


class _Reading:
    """One query read in one dialect."""

    __slots__ = ("_left", "_pairs", "dialect", "query", "readable", "starts", "tokens")

    def __init__(self, query: str, dialect: str) -> None:
        self.query = query
        self.dialect = dialect
        self.tokens = lexer.tokens(query, dialect)
        self.starts = [token[1] for token in self.tokens]
        self.readable = not self.tokens or self.tokens[-1][0] != BAD
        self._left = _MAX_READINGS
        self._pairs: dict[int, frozenset[int]] = {}

    def judge(self, spans: "list[Span]") -> "Injection | None":
        contained: list[Span] = []
        crossing: list[Span] = []
        for span in spans:
            (contained if self._contained(span.start, span.end) else crossing).append(span)
        crossing.sort(key=_wholes_first)
        for span in crossing[:_MAX_CROSSING]:
            if not _explained(span, contained) and not self._listed(span) and self._is_hole(span, spans):
                return Injection(span.field, self._difference(span))
        if len(crossing) > _MAX_CROSSING:
            return Injection(crossing[0].field, f"more than {_MAX_CROSSING} places where it meets the structure")
        return None

    def _covered(self, start: int, end: int) -> "list[Token]":
        """The tokens a stretch touches."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [token for token in self.tokens[first : bisect_right(self.starts, end - 1)] if token[2] > start]

    def _contained(self, start: int, end: int) -> bool:
        """Whether a stretch stays inside one token and leaves its end to the query's own text."""
        query = self.query
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_right(self.starts, end - 1) - 1
        if first <= last and self.tokens[first][2] <= start:
            first += 1
        if first != last:
            return first > last
        token = self.tokens[first]
        kind = token[0]
        if kind == BAD:
            return False
        if kind not in (STRING, NAME, COMMENT):
            return kind not in (OPERATOR, MARK)
        first, last = lexer.content(query, token)
        if start < first or end > last:
            return False
        return not (end == last or query[end - 1] in "'\"`\\") or not self._straddles(token, first, start, end)

    def _inside(self, position: int) -> bool:
        covered = self._covered(position, position + 1)
        return bool(covered) and covered[0][0] in (STRING, NAME, COMMENT, BAD)

    def _straddles(self, token: Token, first: int, start: int, end: int) -> bool:
        """Whether the last character of a value escapes the character of the query's own that follows it.

        The quote after ``O'`` may be the application's doubling or the query's own delimiter: it is the latter when the
        query without the value reads well with it, and not without it.
        """
        if token[0] == COMMENT or self.query[token[2] - 1] == "$" or end - 1 not in self._escapes(token, first):
            return False
        if self.readable and not self.query[start:end].strip("'\"`\\"):
            return False  # equal to what applications escape with; what it may let in is another value
        if self._left < 2:
            return True
        start = end - 1
        if self.query[end] not in "'\"`\\" or not self._reads(start, end, inside=True):
            return False
        return self.query[start] != self.query[end] or not self._reads(start, end + 1)

    def _escapes(self, token: Token, first: int) -> "frozenset[int]":
        """Where in a literal two characters stand for one: doubled quotes and, where they escape, backslashes."""
        found = self._pairs.get(first)
        if found is None:
            quote = re.escape(self.query[token[2] - 1])
            backslash = lexer.backslashes(self.query, token, self.dialect)
            pattern = rf"\\.|{quote}{quote}|[^\\{quote}]+|." if backslash else rf"{quote}{quote}|[^{quote}]+|."
            matches = re.compile(pattern, re.DOTALL).finditer(self.query, first, token[2] - 1)
            found = frozenset(match.start() for match in matches if match[0][0] in "\\" + quote and len(match[0]) == 2)
            self._pairs[first] = found
        return found

    def _reads(self, start: int, end: int, *, inside: bool = False) -> bool:
        """Whether the query can be read once a stretch is replaced by a plain word (that lies in a literal)."""
        self._left -= 1
        if self._left < 0:
            return True
        without = _Reading(self.query[:start] + _PLAIN + self.query[end:], self.dialect)
        return without.readable and (not inside or without._inside(start))

    def _listed(self, span: "Span") -> bool:
        """What a value may be besides one token: a signed number, numbers in ``IN (...)``, columns of a sort order."""
        text = self.query[span.start : span.end]
        if _NUMBERS.match(text):
            return "," not in text or self._in_list(span.start)
        if not _COLUMNS.match(text):
            return False
        before = self._before(span.start)
        if before is None:
            return False
        heads = ("by",) if _ORDERED.search(text) else ("by", "select", "distinct")
        return self._word(before) in heads or (before[0] == MARK and self._heads(before, heads))

    def _heads(self, token: Token, heads: "tuple[str, ...]") -> bool:
        """Whether a comma belongs to a list behind one of these words: ORDER BY, GROUP BY, SELECT."""
        position = self.tokens.index(token)
        while position >= 0 and self.tokens[position][0] in (WORD, MARK, NUMBER, NAME):
            word = self._word(self.tokens[position])
            if word in heads:
                return True
            if word in _EXPECTS or self.query[self.tokens[position][1]] in "();":
                return False
            position -= 1
        return False

    def _before(self, position: int) -> "Token | None":
        first = bisect_right(self.starts, position - 1) - 1
        while first >= 0 and (self.tokens[first][2] > position or self.tokens[first][0] == COMMENT):
            first -= 1
        return self.tokens[first] if first >= 0 else None

    def _after(self, position: int) -> "Token | None":
        first = bisect_right(self.starts, position - 1)
        return self.tokens[first] if first < len(self.tokens) else None

    def _word(self, token: "Token | None") -> str:
        return self.query[token[1] : token[2]].lower() if token is not None and token[0] == WORD else ""

    def _in_list(self, position: int) -> bool:
        """Whether a place is inside ``IN (...)``."""
        token = self._before(position)
        first = self.tokens.index(token) if token is not None else -1
        while first >= 0 and (self.tokens[first][0] in (NUMBER, PARAMETER) or self._text(first) == ","):
            first -= 1
        return first > 0 and self._text(first) == "(" and self._word(self.tokens[first - 1]) == "in"

    def _text(self, number: int) -> str:
        return self.query[self.tokens[number][1] : self.tokens[number][2]]

    def _is_hole(self, span: "Span", spans: "list[Span]") -> bool:
        """Whether the value really was put in, and is not a piece of the query's own text that happens to be equal."""
        if self.readable and not self.query[span.start : span.end].strip("'\"` "):
            return False  # quotes alone: they matter when they leave the query without an end
        if self._is_template(span):
            return False
        if span.part and not self._grows_from_hole(span):
            return False
        covered = self._covered(span.start, span.end)
        if not self.query[span.start : span.end].strip("- \t") and covered and covered[-1][0] == COMMENT:
            return self._hides(span.end)  # dashes begin every comment, the query's own too
        if any(token[0] == COMMENT and token[1] >= span.start for token in covered):
            return True  # it hides what follows, so taking it out alone need not leave a readable query
        inside = self._strictly_inside(span.start)
        return self._reads(span.start, span.end, inside=inside) or not self.readable or self._together(span, spans)

    def _hides(self, position: int) -> bool:
        """Whether the comment around a place holds something that reads like a query, and not like a remark."""
        token = self._covered(position - 1, position)[-1]
        return token[0] == COMMENT and _CODE.search(self.query, position, token[2]) is not None

    def _grows_from_hole(self, span: "Span") -> bool:
        """Whether a part of a value can have been put in where it is: it leaves a literal, or stands for an operand.

        Texts that quote some SQL share phrases with every query; whole literals and phrases behind an operand are such.
        """
        covered = self._covered(span.start, span.end)
        value = span.field.value
        if span.variant == "verbatim" and isinstance(value, str) and self.query[span.start : span.end] not in value:
            return False
        if covered[0][0] == BAD:
            return True
        if len(covered) > 2 and any(token[0] == COMMENT and token[1] > span.start for token in covered):
            return True
        if self._strictly_inside(span.start):
            return len(covered) > 3 or covered[-1][0] == COMMENT or self.query[covered[-1][1]] == ";"
        text = self.query[span.start : span.end]
        start, end = span.end - len(text.lstrip()), span.start + len(text.rstrip())
        if len(covered) < 2 or end - start < _MIN_BARE or (covered[0][1], covered[-1][2]) != (start, end):
            return False
        before = self._before(start)
        return before is not None and not self._operand(before)

    def _strictly_inside(self, position: int) -> bool:
        covered = self._covered(position, position + 1)
        return bool(covered) and covered[0][1] < position and covered[0][0] in (STRING, NAME)

    def _together(self, span: "Span", spans: "list[Span]") -> bool:
        """Values put in at several places: taken out at all of them, each must lie inside a literal.

        One value may end a literal early so that another, further on, is read as code; neither does harm alone.
        """
        same = [other for other in spans if not other.part and (other.field is span.field or self._has_quote(other))]
        if len(same) < 2:
            return False
        pieces: list[str] = []
        places: list[int] = []
        position = size = 0
        for other in sorted(same, key=_start):
            if other.start < position:
                continue
            pieces += (self.query[position : other.start], _PLAIN)
            size += other.start - position
            places.append(size)
            size += len(_PLAIN)
            position = other.end
        reading = _Reading("".join(pieces) + self.query[position:], self.dialect)
        return reading.readable and all(reading._inside(place) and not reading._alone(place) for place in places)

    def _has_quote(self, span: "Span") -> bool:
        return any(char in "'\"`\\" for char in self.query[span.start : span.end])

    def _alone(self, position: int) -> bool:
        covered = self._covered(position, position + 1)
        return not covered or covered[0][0] in (COMMENT, BAD)

    def _is_template(self, span: "Span") -> bool:
        """Whether the value stands where no value can stand: behind a complete operand, or before one.

        Only words, numbers, stars and commas, and single marks and operators, are given this benefit: a longer value with
        quotes, operators, brackets, comments or semicolons changes the structure wherever it stands.
        """
        start, end = span.start, span.end
        covered = self._covered(start, end)
        if not covered or (covered[0][1] < start and covered[0][0] != WORD):
            return False
        single = len(covered) == 1 and covered[0][0] in (OPERATOR, MARK)
        for token in covered:
            text = self.query[token[1] : token[2]]
            if not single and token[0] not in (WORD, NUMBER, PARAMETER) and text not in ("*", ",", "."):
                return False
        before, after = self._before(covered[0][1]), self._after(end)
        if before is None:
            return after is not None
        if single and self.query[covered[0][1] : covered[0][2]] == "*":
            return True
        return self._operand(before) or (after is not None and self._operand(after) and not self._word(after))

    def _operand(self, token: Token) -> bool:
        kind = token[0]
        if kind == WORD:
            return self._word(token) not in _EXPECTS and self._word(token) not in ("asc", "desc")
        return kind in (STRING, NUMBER, PARAMETER, NAME) or self.query[token[1] : token[2]] in (")", "*", "]")

    def _difference(self, span: "Span") -> str:
        """What the value added, in words."""
        without = lexer.tokens(self.query[: span.start] + _PLAIN + self.query[span.end :], self.dialect)
        now = _statements(self.query, self.tokens)
        if now > 1 and any(self.query[token[1]] == ";" for token in self._covered(span.start, span.end)):
            return expected(now, "statement")
        if self.tokens and self.tokens[-1][0] == BAD:
            return "a literal without its end"
        if _count(self.tokens, COMMENT) > _count(without, COMMENT):
            return "a comment that hides the rest of the query"
        extra = len(self.tokens) - len(without) + 1
        return expected(extra, "token") if extra > 1 else "a literal ends elsewhere"


def _wholes_first(span: "Span") -> bool:
    return span.part


def _start(span: "Span") -> int:
    return span.start


def _explained(span: "Span", contained: "list[Span]") -> bool:
    """Whether a crossing span only looks like the value, which in truth is elsewhere, inside a literal.

    So it is when it overlaps a place where the same value is contained (``''`` in ``''''``), and, for a part, when the same
    part of the value is also in a contained place: an escaped text that quotes some SQL equals parts of the query's own. One
    or two characters are explained by any longer value around them.
    """
    for other in contained:
        if other.field is not span.field:
            if span.end - span.start <= 2 and other.start <= span.start and span.end < other.end:
                return True
            continue
        if not span.part:
            if other.variant == span.variant and other.start < span.end and span.start < other.end:
                return True
        elif other.at <= span.at + 1 and span.at + span.end - span.start <= other.at + other.end - other.start + 1:
            return True
    return False


def _count(tokens: "list[Token]", kind: str) -> int:
    return sum(1 for token in tokens if token[0] == kind)


def _statements(query: str, tokens: "list[Token]") -> int:
    """How many statements there are; a semicolon at the very end starts none."""
    ends = [i for i, token in enumerate(tokens) if token[0] == MARK and query[token[1] : token[2]] == ";"]
    return 1 + sum(1 for i in ends if i + 1 < len(tokens))

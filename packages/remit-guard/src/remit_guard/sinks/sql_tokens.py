"""SQL in tokens with their places: SQLite, PostgreSQL and MySQL.

A token is ``(kind, start, end)``; blanks are left out. The lexers follow the databases' own rules where those decide what
a quote means (backslashes, dollar quotes, nested comments, MySQL's executable comments); what they do not know becomes an
operator. Text that cannot be a token, such as a literal without its end, is one last token of kind ``BAD``.
"""

import re

STRING = "string"
NAME = "quoted name"
NUMBER = "number"
WORD = "word"
OPERATOR = "operator"
MARK = "mark"
COMMENT = "comment"
PARAMETER = "parameter"
BAD = "bad"

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
MYSQL = "mysql"

Token = tuple[str, int, int]

#: Possessive quantifiers (``*+``) keep every pattern linear on hostile text.
_SINGLE = r"'(?:[^']++|'')*+'"
_DOUBLE = r'"(?:[^"]++|"")*+"'
_BACKTICK = r"`(?:[^`]++|``)*+`"
_SINGLE_ESCAPED = r"'(?:[^'\\]++|''|\\.)*+'"
_DOUBLE_ESCAPED = r'"(?:[^"\\]++|""|\\.)*+"'
_TAIL = r"""
    (?P<NUMBER>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<WORD>[^\W\d][\w$]*)
  | (?P<BAD>['"`]|/\*)
  | (?P<MARK>[(),;])
  | (?P<OPERATOR>::|:=|->>|->|\#>>|\|\||&&|<=>|<>|!=|<=|>=|==|<<|>>|[^\s])
"""
_SPACE = r"[\s\x00\ufeff]+"
_PATTERNS = {
    SQLITE: rf"""
    (?P<STRING>[xX]?{_SINGLE})
  | (?P<NAME>{_DOUBLE}|{_BACKTICK}|\[[^\]]*\])
  | (?P<OPEN>\[)
  | (?P<COMMENT>--[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))
  | (?P<PARAMETER>\?\d*|[:@$][A-Za-z_]\w*|%s|%\([A-Za-z_]\w*\)s)
  | {_TAIL}""",
    POSTGRESQL: rf"""
    (?P<STRING>[eE]{_SINGLE_ESCAPED}(?:\s*[\n\r]\s*{_SINGLE_ESCAPED})*+|(?:[bBxXnN]|[uU]&)?{_SINGLE}
     |(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag))
  | (?P<NAME>(?:[uU]&)?{_DOUBLE})
  | (?P<COMMENT>--[^\n\r]*)
  | (?P<OPEN>[eEbBxXnN]'|[uU]&['"])
  | (?P<PARAMETER>\$\d+|%s|%\([A-Za-z_]\w*\)s|(?<!:):(?![eEbBxXnN]')[A-Za-z_][\w$]*|\?)
  | {_TAIL}""",
    MYSQL: rf"""
    (?P<STRING>(?:[bBxXnN]|_\w+\s*)?{_SINGLE_ESCAPED}|{_DOUBLE_ESCAPED})
  | (?P<NAME>{_BACKTICK})
  | (?P<COMMENT>\#[^\n]*|--(?=[\s\x00-\x1f]|\Z)[^\n]*|/\*(?!!)(?:[^*]++|\*(?!/))*+\*/)
  | (?P<MARK_OPEN>/\*!\d*|\*/)
  | (?P<PARAMETER>\?|%s|%\([A-Za-z_]\w*\)s|:[A-Za-z_]\w*)
  | {_TAIL}""",
}
_KINDS = {
    "STRING": STRING, "NAME": NAME, "COMMENT": COMMENT, "PARAMETER": PARAMETER, "NUMBER": NUMBER, "WORD": WORD,
    "BAD": BAD, "OPEN": BAD, "MARK": MARK, "MARK_OPEN": MARK, "OPERATOR": OPERATOR, "tag": STRING,
}  # fmt: skip
_compiled: dict[str, re.Pattern[str]] = {}
_NESTED = re.compile(r"/\*|\*/")


def tokens(query: str, dialect: str) -> list[Token]:
    """The tokens of a query in one dialect (``sqlite``, ``postgresql``, ``mysql``); never raises, linear in its length."""
    pattern = _compiled.get(dialect)
    if pattern is None:
        pattern = _compiled[dialect] = re.compile(f"{_SPACE}|" + _PATTERNS[dialect], re.VERBOSE | re.DOTALL)
    found: list[Token] = []
    kinds = _KINDS
    position, size = 0, len(query)
    while position < size:
        for match in pattern.finditer(query, position):
            group = match.lastgroup
            if group is None:  # a blank
                continue
            start, end = match.span()
            if group not in ("BAD", "OPEN"):
                found.append((kinds[group], start, end))
                continue
            position = _nested(query, start) if dialect == POSTGRESQL and query[start] == "/" else 0
            if not position:
                found.append((BAD, start, size))
                return found
            found.append((COMMENT, start, position))
            break
        else:
            break
    return found


def _nested(query: str, start: int) -> int:
    """The end of a PostgreSQL comment, which may hold comments; 0 when it has none."""
    depth = 0
    for match in _NESTED.finditer(query, start):
        depth += 1 if match[0] == "/*" else -1
        if not depth:
            return match.end()
    return 0


def content(query: str, token: Token) -> tuple[int, int]:
    """Where the text inside a token's delimiters starts and ends."""
    kind, start, end = token
    if kind == COMMENT:
        if query.startswith("/*", start):
            return start + 2, end - 2 if query.endswith("*/", start + 2, end) else end
        return start + (1 if query[start] == "#" else 2), end
    if kind == STRING and query[end - 1] == "$":
        tag = query.index("$", start + 1) + 1 - start
        return start + tag, end - tag
    if kind in (STRING, NAME):
        opening = start
        while query[opening] not in "'\"`[":
            opening += 1
        return opening + 1, end - 1
    return start, end


def backslashes(query: str, token: Token, dialect: str) -> bool:
    """Whether a backslash escapes inside this literal."""
    if token[0] != STRING or query[token[2] - 1] == "$":
        return False
    return dialect == MYSQL or (dialect == POSTGRESQL and query[token[1]] in "eE")

"""POSIX shell in segments with their places, as ``sh`` and ``bash`` read a command line.

A segment is ``(kind, start, end, quote)``: ``quote`` numbers the double-quoted string a segment lies in, 0 outside. Expansions
inside double quotes and commands inside substitutions are segments too, so whatever is active has a segment of an active
kind. Text that cannot be read (a quote without its end) ends in one segment of kind ``BAD``.
"""

import re

WORD = "word"
SINGLE = "single"
DOUBLE = "double"
ESCAPED = "escaped"
DELIMITER = "delimiter"
SPACE = "space"
OPERATOR = "operator"
EXPANSION = "expansion"
GLOB = "glob"
COMMENT = "comment"
BAD = "bad"

Segment = tuple[str, int, int, int]

_BARE = re.compile(
    r"""(?P<space>[ \t]+|\\\n)
      | (?P<comment>(?<![^\s;&|()])\#[^\n]*)
      | (?P<operator>&&|\|\||;;|<<<|<<-?|>>|<&|>&|<>|>\||[;&|<>()\n])
      | (?P<single>\$?'(?:[^'])*+')
      | (?P<badquote>\$?')
      | (?P<open>\$?")
      | (?P<substitution>\$\(\(?|`|\$\{)
      | (?P<expansion>\$(?:[A-Za-z_]\w*|[0-9@*\#?$!-]))
      | (?P<escaped>\\.)
      | (?P<glob>[*?\[\]]|\{(?=[^\s{}]*(?:,|\.\.)[^\s{}]*\})|(?<![^\s])~)
      | (?P<word>[^\s;&|<>()'"`$\\*?\[\]{~\#]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_DOUBLE = re.compile(
    r"""(?P<close>")
      | (?P<substitution>\$\(\(?|`|\$\{)
      | (?P<expansion>\$(?:[A-Za-z_]\w*|[0-9@*\#?$!-]))
      | (?P<escaped>\\["\\$`\n])
      | (?P<double>[^"\\$`]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSE = {"$(": ")", "$((": ")", "`": "`", "${": "}"}
_KINDS = {"space": SPACE, "comment": COMMENT, "operator": OPERATOR, "single": SINGLE, "expansion": EXPANSION,
          "escaped": ESCAPED, "glob": GLOB, "word": WORD, "double": DOUBLE}  # fmt: skip


def segments(command: str) -> list[Segment]:
    """The segments of a command line; never raises, linear in its length."""
    found: list[Segment] = []
    #: What is open: the closing text and the number of the double-quoted string around it.
    stack: list[tuple[str, int]] = []
    quotes = inside = position = 0
    size = len(command)
    while position < size:
        pattern = _DOUBLE if inside else _BARE
        match = pattern.match(command, position)
        if match is None:
            break
        group, end = match.lastgroup or "", match.end()
        text = match[0]
        if not inside and stack and text[0] == stack[-1][0] and group != "single":
            inside = stack.pop()[1]
            found.append((EXPANSION, position, position + 1, 0))
            end = position + 1
        elif group == "badquote":
            found.append((BAD, position, size, 0))
            return found
        elif group == "open":
            quotes += 1
            stack.append(('"', 0))
            inside = quotes
            found.append((DELIMITER, position, end, inside))
        elif group == "close":
            found.append((DELIMITER, position, end, inside))
            stack.pop()
            inside = 0
        elif group == "substitution":
            stack.append((_CLOSE[text], inside))
            inside = 0
            found.append((EXPANSION, position, end, 0))
        else:
            if group == "operator" and text == "(":
                stack.append((")", 0))
            found.append((_KINDS[group], position, end, inside))
        position = end
    if any(closing == '"' for closing, _ in stack):
        start = next((start for kind, start, _, _ in reversed(found) if kind == DELIMITER), 0)
        found.append((BAD, start, size, 0))
    return found


def words(command: str, found: list[Segment]) -> list[tuple[str, int, int, bool]]:
    """The words of a command line with their quotes removed: text, start, end, and whether it begins a command."""
    result: list[tuple[str, int, int, bool]] = []
    parts: list[str] = []
    start = end = -1
    first = True
    for kind, begin, finish, _ in [*found, (SPACE, len(command), len(command), 0)]:
        if kind in (SPACE, OPERATOR, COMMENT, BAD):
            if start >= 0:
                result.append(("".join(parts), start, end, first))
                first = False
                start, parts = -1, []
            if kind == OPERATOR and command[begin] in ";&|(\n":
                first = True
            continue
        if start < 0:
            start = begin
        end = finish
        if kind == SINGLE:
            parts.append(command[begin + (2 if command[begin] == "$" else 1) : finish - 1])
        elif kind == ESCAPED:
            parts.append(command[begin + 1 : finish])
        elif kind != DELIMITER:
            parts.append(command[begin:finish])
    return result

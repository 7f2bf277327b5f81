"""Where the comments of a file are: text inside strings is data, whatever it looks like, and decides nothing."""

import io
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

_SCRIPTS = ("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx")
#: What a script is made of as far as comments matter: strings first, since they may hold what looks like a comment.
_SCRIPT = re.compile(
    r"'(?:\\.|[^'\\\n])*'?|\"(?:\\.|[^\"\\\n])*\"?|`(?:\\.|[^`\\])*`?|(?P<line>//[^\n]*)|(?P<block>/\*.*?(?:\*/|\Z))",
    re.DOTALL,
)

_INNER = r"\"(?:\\.|[^\"\\])*+\""
_BRACES = rf"\{{(?:[^{{}}\"]|{_INNER})*+\}}"
#: What Terraform's language is made of: heredocs, texts with expressions in them, then comments.
_HCL = re.compile(
    r"<<-?(?P<mark>\w+)[^\n]*\n.*?(?:^[ \t]*(?P=mark)[ \t]*$|\Z)|"
    rf"\"(?:\\.|[^\"\\$\n]|\$(?!\{{)|\$\{{(?:[^{{}}\"]|{_INNER}|{_BRACES})*+\}})*+\"?|"
    r"(?P<line>(?:#|//)[^\n]*)|(?P<block>/\*.*?(?:\*/|\Z))",
    re.DOTALL | re.MULTILINE,
)


class Comment(NamedTuple):
    """One comment: its line and column from 1, its text with the mark, and whether it stands alone on its line."""

    line: int
    column: int
    text: str
    alone: bool


def comments(file: str, text: str) -> Iterator[Comment]:
    """The comments of a file, in order, by the rules of the language that its name tells.

    Args:
        file: its name.
        text: its content. Of a broken file, the comments before the place where it breaks are found.
    """
    suffix = file.rpartition(".")[2].lower()
    if suffix == "py":
        return _python(text)
    if suffix in _SCRIPTS:
        return _script(text, _SCRIPT)
    if suffix in ("tf", "tofu", "tfvars", "hcl"):
        return _script(text, _HCL)
    if suffix in ("yaml", "yml") or (suffix == "template" and not text.lstrip().startswith("{")):
        return _yaml(text)
    return iter(())


def _python(text: str) -> Iterator[Comment]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield Comment(line, column + 1, token.string, not token.line[:column].strip())
    except (tokenize.TokenError, SyntaxError):
        return


def _script(text: str, pattern: re.Pattern[str]) -> Iterator[Comment]:
    for match in pattern.finditer(text):
        if match["line"] is None and match["block"] is None:
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        alone = not text[start : match.start()].strip()
        first = text.count("\n", 0, match.start()) + 1
        for offset, piece in enumerate(match.group().split("\n")):
            yield Comment(first + offset, match.start() - start + 1 if offset == 0 else 1, piece, alone or offset > 0)


def _yaml(text: str) -> Iterator[Comment]:
    """A ``#`` at the start of a line or after a space, unless it stands inside a scalar."""
    import yaml

    taken: dict[int, list[tuple[int, int]]] = {}
    last = (0, 0)
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for token in yaml.scan(text, Loader=loader):
            start, end = token.start_mark, token.end_mark
            last = (end.line, end.column)
            if isinstance(token, yaml.ScalarToken):
                _take(taken, (start.line, start.column), (end.line, end.column), block=token.style in ("|", ">"))
    except yaml.YAMLError:
        text = "\n".join(text.split("\n")[: last[0]])
    for number, line in enumerate(text.split("\n")):
        for match in re.finditer(r"(?:^|(?<=\s))#", line):
            if not any(begin <= match.start() < end for begin, end in taken.get(number, ())):
                alone = not line[: match.start()].strip()
                yield Comment(number + 1, match.start() + 1, line[match.start() :].rstrip("\r"), alone)
                break


_END = 1 << 30


def _take(
    taken: dict[int, list[tuple[int, int]]], start: tuple[int, int], end: tuple[int, int], *, block: bool
) -> None:
    """Marks what a scalar covers. The line with a block scalar's ``|`` may still end in a comment."""
    for line in range(start[0], end[0] + 1):
        begin = start[1] if line == start[0] else 0
        until = end[1] if line == end[0] else _END
        if block and line == start[0]:
            until = begin + 1
        taken.setdefault(line, []).append((begin, until))

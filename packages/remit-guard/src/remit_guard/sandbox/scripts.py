"""The programs a shell script runs, as far as its text says."""

from remit_guard.sinks.shell_tokens import COMMENT, DELIMITER, ESCAPED, EXPANSION, OPERATOR, SINGLE, SPACE, segments

#: First characters of the operators after which a command starts; redirections are no such operators.
_STARTS = (";", "&", "|", "(", "\n", "")
#: Reserved words after which a command still starts.
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec", "fi", "done", "}"}
)


def commands(script: str) -> "list[str]":
    """First words of the simple commands in a shell script, those inside substitutions too; assignments skipped."""
    found: list[str] = []
    word = ""
    expecting = True
    for kind, start, end, _ in [*segments(script), (OPERATOR, 0, 0, 0)]:
        text = script[start:end]
        opens = kind == EXPANSION and text in ("$(", "`")
        if opens or kind in (OPERATOR, SPACE, COMMENT):
            if word and expecting and word not in _KEYWORDS and not _assigns(word):
                found.append(word)
                expecting = False
            word = ""
            if opens or (kind == OPERATOR and text[:1] in _STARTS):
                expecting = True
        elif kind == SINGLE:
            word += text.strip("$'")
        elif kind == ESCAPED:
            word += text[1:]
        elif kind != DELIMITER and not (kind == EXPANSION and text == ")"):
            word += text
    return found


def _assigns(word: str) -> bool:
    return "=" in word and word.split("=", 1)[0].isidentifier()

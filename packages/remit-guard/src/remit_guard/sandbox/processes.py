"""Programs: is everything that is about to run named in ``runs``?"""

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
#: First characters of the operators after which a command starts; redirections are no such operators.
_STARTS = (";", "&", "|", "(", "\n", "")
#: Reserved words after which a command still starts.
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec", "fi", "done", "}"}
)


def programs(program: str, argv: "list[str]") -> "list[str]":
    """The programs that starting this one runs, as far as its words say.

    Args:
        program: the executable.
        argv: its words, with its name first.

    Returns:
        The executable; for a shell with ``-c`` the commands of its script instead.
    """
    if _name(program) in _SHELLS and "-c" in argv[1:-1]:
        return commands(argv[argv.index("-c", 1) + 1])
    return [program] if program else []


def commands(script: str) -> "list[str]":
    """First words of the simple commands in a shell script, those inside substitutions too; assignments skipped."""
    from remit_guard.sinks import shell_tokens as tokens

    found: list[str] = []
    word = ""
    expecting = True
    for kind, start, end, _ in [*tokens.segments(script), (tokens.OPERATOR, 0, 0, 0)]:
        text = script[start:end]
        opens = kind == tokens.EXPANSION and text in ("$(", "`")
        if opens or kind in (tokens.OPERATOR, tokens.SPACE, tokens.COMMENT):
            if word and expecting and word not in _KEYWORDS and not _assigns(word):
                found.append(word)
                expecting = False
            word = ""
            if opens or (kind == tokens.OPERATOR and text[:1] in _STARTS):
                expecting = True
        elif kind == tokens.SINGLE:
            word += text.strip("$'")
        elif kind == tokens.ESCAPED:
            word += text[1:]
        elif kind != tokens.DELIMITER and not (kind == tokens.EXPANSION and text == ")"):
            word += text
    return found


def _assigns(word: str) -> bool:
    return "=" in word and word.split("=", 1)[0].isidentifier()


def outside(program: str, argv: "list[str]", runs: "tuple[str, ...]") -> "str | None":
    """The first program that ``runs`` does not allow, ``None`` when all are allowed.

    A name in ``runs`` allows that program wherever it lies; an absolute path allows only that file (a bare name the
    system will look up is compared with the path's last part).
    """
    for found in programs(program, argv):
        if not any(_matches(found, allowed) for allowed in runs):
            return found
    return None


def _matches(found: str, allowed: str) -> bool:
    if allowed == "*" or found == allowed:
        return True
    if "/" not in allowed or "/" not in found:
        return _name(found) == _name(allowed)
    return False


def _name(path: str) -> str:
    return path.rpartition("/")[2]

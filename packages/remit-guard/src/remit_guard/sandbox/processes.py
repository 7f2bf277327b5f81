"""Programs: is everything that is about to run named in ``runs``?"""

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_SEPARATORS = frozenset({";", "&&", "||", "|", "&", "\n", "(", "{", "!", "then", "do", "else", "|&"})


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
    """First words of the simple commands in a shell script; quotes respected, assignments skipped."""
    found: list[str] = []
    expecting = True
    for word in _words(script):
        if word in _SEPARATORS:
            expecting = True
        elif expecting and "=" in word and word.split("=", 1)[0].isidentifier():
            continue
        elif expecting:
            found.append(word)
            expecting = False
    return found


def _words(script: str) -> "list[str]":
    """Words and control operators; a command substitution counts as a separator, so its commands are seen too."""
    words: list[str] = []
    word = ""
    quote = ""
    index = 0
    while index < len(script):
        char = script[index]
        if quote == "'":
            quote, word = ("", word) if char == "'" else (quote, word + char)
        elif char == "\\" and index + 1 < len(script):
            index += 1
            word += script[index]
        elif script.startswith("$(", index) or char == "`":
            words += [word, ";"] if word else [";"]
            word = ""
            index += char == "$"
        elif quote:
            quote, word = ("", word) if char == quote else (quote, word + char)
        elif char in "'\"":
            quote = char
        elif char in ";&|\n(){}" or char.isspace():
            if word:
                words.append(word)
                word = ""
            if not char.isspace() or char == "\n":
                words.append(char if char not in ")}" else ";")
        else:
            word += char
        index += 1
    if word:
        words.append(word)
    return words


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

"""Processes: does an untrusted value stay one word of one command?

A command line is read as the shell reads it. A value is harmless inside one quoted string or as one plain word; it is an
injection when it ends a quote, adds a word, an operator, an expansion or a pattern. In an argument list there is no shell to
fool, unless the list starts one; what remains is a value that the program takes for an option.
"""

import re
from bisect import bisect_right

from remit_guard.sinks import shell_tokens as lexer
from remit_guard.sinks.injection import Injection, expected
from remit_guard.sinks.provenance import ALTERED
from remit_guard.sinks.provenance import ESCAPED as ESCAPED_VALUE
from remit_guard.sinks.shell_tokens import (
    BAD,
    COMMENT,
    DELIMITER,
    DOUBLE,
    ESCAPED,
    EXPANSION,
    GLOB,
    OPERATOR,
    SINGLE,
    SPACE,
    WORD,
    Segment,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from remit_guard.sinks.provenance import Provenance, Span

_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "busybox", "fish"))
_INTERPRETERS = {"-c": ("python", "php"), "-e": ("perl", "ruby", "node", "php"), "-r": ("php",), "--eval": ("node",)}
#: Programs with options that run code, read or write files of the caller's choice (https://gtfobins.github.io).
_OBEDIENT = frozenset(
    (
        "tar", "zip", "unzip", "7z", "rsync", "scp", "sftp", "ssh", "git", "hg", "svn", "curl", "wget", "find",
        "xargs", "sed", "awk", "gawk", "sort", "split", "tee", "man", "less", "more", "vim", "nano", "ffmpeg",
        "ffprobe", "convert", "magick", "identify", "mogrify", "gs", "pdftex", "pdflatex", "wkhtmltopdf",
        "chromium", "google-chrome", "exiftool", "psql", "mysql", "mysqldump", "sqlite3", "mongo", "node", "python",
        "python3", "perl", "ruby", "php", "java", "docker", "kubectl", "aws", "sendmail", "mail", "openssl", "nmap",
        "tcpdump", "dig", "env", "nice", "timeout", "watch", "xdg-open", "pip", "pip3", "npm", "make", "gcc",
        "file", "chmod", "chown", "cp", "mv", "ln", "dd", "rm",
    )
)  # fmt: skip
#: Options that run code or choose files, whatever the program.
_COMMANDING = re.compile(
    r"-{1,2}(?:checkpoint-action|to-command|use-compress-program|rsh|upload-pack|receive-pack|exec|execdir|ext-diff|"
    r"o?ProxyCommand|config|init-file|rcfile|eval|post-file|output|pager|open-files-in-pager|unzip-command|load)(?:[=\s]|\Z)|"
    r"-o\s?ProxyCommand",
    re.IGNORECASE,
)

#: How often one command is read with something taken out (beyond, we fail closed), and how many places are judged.
_MAX_READINGS = 16
_MAX_CROSSING = 96
#: How many segments (escapes, mostly) one contained value may have.
_MAX_SEGMENTS = 2000
#: How many quoted words are compared with the values.
_MAX_QUOTED = 32
#: The least length of a part of a value that counts.
_MIN_PART = 8
#: Programs that do nothing with an argument but print it or look for it.
_INERT = frozenset(
    (
        "echo", "printf", "grep", "egrep", "fgrep", "rg", "logger", "test", "[", "expr", "basename", "dirname",
        "true", "false",
    )
)  # fmt: skip
#: Options whose value follows as the next word, in most programs that have them.
_TAKES_VALUE = frozenset(("-i", "-m", "--message", "-n", "-p", "-u", "-H", "--title", "-C", "-t", "-e"))


def inspect(command: "str | Sequence[str]", provenance: "Provenance", *, shell: bool) -> "Injection | None":
    """Decides whether untrusted values changed what a new process does.

    Args:
        command: a command line or an argument list, as ``subprocess`` takes them.
        provenance: the untrusted values of this invocation.
        shell: whether a shell reads the command (``shell=True``, ``os.system``, ``os.popen``).

    Returns:
        The injection, or ``None``.
    """
    if isinstance(command, str):
        return _line(command, provenance) if shell else _arguments(command.split(), provenance)
    words = [str(word) for word in command]
    if shell:  # the list's first element is the script, the rest are its parameters
        return _line(words[0], provenance) if words else None
    return _arguments(words, provenance)


def _name(program: str) -> str:
    return program.rsplit("/", 1)[-1].lower()


def _arguments(words: "list[str]", provenance: "Provenance") -> "Injection | None":
    if not words:
        return None
    found = _script(words, provenance)
    if found is not None:
        return found
    for span in provenance.find(words[0]):
        if not span.part and (span.start, span.end) == (0, len(words[0])) and "/" in words[0]:
            return Injection(span.field, "the program itself comes from the input")
    program = _name(words[0])
    for number, word in enumerate(words[1:], 1):
        if word == "--":
            break
        found = _option(program, word, provenance, words[number - 1])
        if found is not None:
            return found
    return None


def _script(words: "list[str]", provenance: "Provenance") -> "Injection | None":
    """Looks into scripts that an argument list hands to a shell or an interpreter, also behind ``env`` and the like."""
    for number, word in enumerate(words[:-1]):
        name = _name(word)
        if name in _SHELLS:
            for option, script in zip(words[number + 1 :], words[number + 2 :], strict=False):
                if option.startswith("-") and not option.startswith("--") and "c" in option:
                    return _line(script, provenance)
        for option, programs in _INTERPRETERS.items():
            if name.startswith(programs) and option in words[number + 1 : -1]:
                from remit_guard.sinks import code

                script = words[words.index(option, number + 1) + 1]
                return code.inspect(
                    script, provenance, language="python" if name.startswith("python") else "javascript"
                )
    return None


def _option(program: str, word: str, provenance: "Provenance", previous: str = "") -> "Injection | None":
    """A whole argument from the input that begins with a dash."""
    if word[:1] != "-" or not word.lstrip("-")[:1].isalpha():
        return None
    if program in _INERT or (program not in _OBEDIENT and not _COMMANDING.match(word)):
        return None
    if previous in _TAKES_VALUE or (program == "tar" and re.fullmatch("-?[a-zA-Z]*f", previous)):
        return None
    for span in provenance.find(word):
        if span.start == 0 and span.end > 2 and not (span.part and span.end < len(word)):
            return Injection(span.field, f"an option of {program}, a value expected")
    return None


def _line(command: str, provenance: "Provenance") -> "Injection | None":
    spans = provenance.find(command)
    if not spans:
        return None
    reading = _Reading(command)
    found = reading.judge([span for span in spans if not command[span.start : span.end].isalnum()], provenance)
    if found is not None:
        return found
    program = previous = ""
    careful = False
    for word, start, end, begins in reading.words():
        if begins:
            program, careful = _name(word), False
        elif word == "--":
            careful = True
        elif word[:1] == "-" and not careful and any(span.start < end and start < span.end for span in spans):
            found = _option(program, word, provenance, previous)
            if found is not None:
                return found
        previous = word
    return None


class _Reading:
    """One command line as the shell reads it."""

    __slots__ = ("_left", "_words", "command", "readable", "segments", "starts")

    def __init__(self, command: str) -> None:
        self.command = command
        self.segments = lexer.segments(command)
        self.starts = [segment[1] for segment in self.segments]
        self.readable = not self.segments or self.segments[-1][0] != BAD
        self._left = _MAX_READINGS
        self._words: list[tuple[str, int, int, bool]] | None = None

    def words(self) -> "list[tuple[str, int, int, bool]]":
        if self._words is None:
            self._words = lexer.words(self.command, self.segments)
        return self._words

    def judge(self, spans: "list[Span]", provenance: "Provenance") -> "Injection | None":
        contained: list[Span] = []
        crossing: list[Span] = []
        for span in spans:
            (contained if self._contained(span.start, span.end) else crossing).append(span)
        if not crossing:
            return None
        quoted = self._quoted(provenance)
        crossing = [span for span in crossing if not self._is_quoted(span, quoted)]
        crossing.sort(key=_wholes_first)
        for span in crossing[:_MAX_CROSSING]:
            if self._explained(span, contained) or not self._is_hole(span) or self._is_phrase(span):
                continue
            return Injection(span.field, self._difference(span))
        if len(crossing) > _MAX_CROSSING:
            return Injection(crossing[0].field, f"more than {_MAX_CROSSING} places where it meets the structure")
        return None

    def _covered(self, start: int, end: int) -> "list[Segment]":
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [found for found in self.segments[first : bisect_right(self.starts, end - 1)] if found[2] > start]

    def _contained(self, start: int, end: int) -> bool:
        text = self.command[start:end]
        if not self._covered(start, start + 1) or self._covered(start, start + 1)[0][0] == SPACE:
            start += len(text) - len(text.lstrip(" \t"))
        if end > start and self._covered(end - 1, end)[0][0] == SPACE:
            end = start + len(self.command[start:end].rstrip(" \t"))
        if bisect_right(self.starts, end - 1) - bisect_right(self.starts, start) > _MAX_SEGMENTS:
            return False
        covered = self._covered(start, end)
        if not covered:
            return True
        kinds = {found[0] for found in covered}
        if len(covered) == 1 and kinds == {SINGLE}:
            begin, finish = covered[0][1], covered[0][2]
            return (
                begin + (2 if self.command[begin] == "$" else 1) <= start
                and end <= finish - 1
                and (self.command[begin] != "$" or self.command[end - 1] != "\\")
            )
        if covered[-1][0] == ESCAPED and covered[-1][2] > end:
            return False
        if len({found[3] for found in covered}) != 1:
            return False
        return kinds <= ({DOUBLE, ESCAPED} if covered[0][3] else {WORD, ESCAPED}) or kinds == {COMMENT}

    def _quoted(self, provenance: "Provenance") -> "set[int]":
        """Fields whose whole value is one word after the shell removed the quotes: the application quoted them."""
        found: set[int] = set()
        quoted = 0
        for word, start, end, _ in self.words():
            if self.command[start:end] != word and quoted < _MAX_QUOTED:
                quoted += 1
                for span in provenance.find(word, words=False):
                    if not span.part and not span.variant.endswith((ALTERED, ESCAPED_VALUE)):
                        found.add(id(span.field))
        return found

    def _is_quoted(self, span: "Span", quoted: "set[int]") -> bool:
        """Whether a span is a piece of a word that the application quoted as a whole."""
        if id(span.field) not in quoted:
            return False
        if span.part or not self.command[span.start : span.end].strip("'\"\\ "):
            return True
        covered = self._covered(span.start, span.end)
        return len(covered) == 1 and covered[0][0] == SINGLE

    def _explained(self, span: "Span", contained: "list[Span]") -> bool:
        for other in contained:
            if other.field is not span.field:
                continue
            if not span.part:
                if other.start < span.end and span.start < other.end:
                    return True
            elif other.at <= span.at + 1 and span.at + span.end - span.start <= other.at + other.end - other.start + 1:
                return True
        return False

    def _is_phrase(self, span: "Span") -> bool:
        """Whether a part of a value is too little to tell it from a phrase that commands share."""
        if not span.part:
            return False
        text = self.command[span.start : span.end]
        value = span.field.value
        if span.variant == "verbatim" and isinstance(value, str) and text not in value:
            return True
        return len(text.strip()) < _MIN_PART

    def _is_hole(self, span: "Span") -> bool:
        """Whether the value was put in, and is not a piece of the command's own text that happens to be equal."""
        start, end = span.start, span.end
        text = self.command[start:end]
        covered = self._covered(start, end)
        kinds = {found[0] for found in covered}
        if kinds <= {WORD, SPACE}:
            return not span.part and self._plausible(start, end)
        if self.readable and not text.strip("'\" "):
            return False
        if kinds == {DELIMITER} or (span.part and kinds <= {WORD, SPACE, DELIMITER, SINGLE, DOUBLE}):
            return not self.readable
        if len(covered) == 1 and kinds == {OPERATOR} and self.readable:
            return covered[0][1] == 0 or self.command[end:].strip() == ""
        self._left -= 1
        if self._left < 0:
            return True
        without = _Reading(self.command[:start] + "q" + self.command[end:])
        return without.readable or not self.readable or bool(kinds & {EXPANSION, OPERATOR})

    def _plausible(self, start: int, end: int) -> bool:
        """Words of the input among the command's own words: not at its beginning, unless they are all of it."""
        own = self.command[:start].strip()
        return bool(own) or not self.command[end:].strip()

    def _difference(self, span: "Span") -> str:
        without = _Reading(self.command[: span.start] + "q" + self.command[span.end :])
        now, then = _commands(self), _commands(without)
        if now > then:
            return expected(now, "command", then)
        if not self.readable:
            return "a quote without its end"
        kinds = {found[0] for found in self._covered(span.start, span.end)}
        if EXPANSION in kinds:
            return "an expansion, a plain word expected"
        if OPERATOR in kinds:
            return "a redirection, a plain word expected"
        if GLOB in kinds:
            return "a pattern, a plain word expected"
        return expected(max(len(self.words()) - len(without.words()) + 1, 2), "word")


def _wholes_first(span: "Span") -> bool:
    return span.part


def _commands(reading: "_Reading") -> int:
    begun = sum(1 for word in reading.words() if word[3])
    return begun + sum(
        1 for kind, start, end, _ in reading.segments if kind == EXPANSION and reading.command[start:end] in ("$(", "`")
    )

r"""Attacks for tests of your own functions: few per class, harmless, and only ever on this machine.

Each does nothing but what proves it: it prints a mark, reads a file that you name or asks an address that you name. They are
examples of a class, not a scanner's list: a function that holds against them is not thereby proven safe, but what the guard
blocks here it blocks by the structure that changes, not by the wording.

>>> from remit_guard.testing.library import attacks
>>> [attack.rule for attack in attacks("sql")][0]
'sql-injection'
"""

import base64
from dataclasses import dataclass

#: What an attack that prints makes appear.
MARK = "CANARY-5f1d"


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        kind: its class, one of ``KINDS``.
        rules: the rules that may stop it; the first is the one that usually does.
        value: what the event carries.
        why: what it changes, for people.
    """

    kind: str
    rules: "tuple[str, ...]"
    value: str
    why: str

    @property
    def rule(self) -> str:
        """The rule that usually stops it."""
        return self.rules[0]

    def __str__(self) -> str:
        return f"{self.kind}: {self.why}"


_PRINT = f"echo {MARK}"
#: ``subprocess.check_output(["sh", "-c", "echo MARK"])`` as a pickle of protocol 0, written by hand.
_PICKLE = f"csubprocess\ncheck_output\n((lp0\nVsh\naV-c\naV{_PRINT}\natR."


def _table(secret: str, inside: str) -> "tuple[Attack, ...]":
    shell = ("shell-injection",)
    code = ("code-injection", "template-injection")
    xxe = ("xxe", "unsafe-deserialization")
    nosql = ("nosql-injection",)
    path = ("path-traversal",)
    pickled = ("unsafe-deserialization",)
    return (
        Attack("sql", ("sql-injection",), "x' or '1'='1", "the condition is always true"),
        Attack("sql", ("sql-injection",), "x' union select secret from users --", "a second query"),
        Attack("shell", shell, f"a.png; {_PRINT}", "a second command"),
        Attack("shell", shell, f"$({_PRINT})", "a command inside the command"),
        Attack("shell", shell, f"a.png | {_PRINT}", "a pipe"),
        Attack("path", path, "../" + secret.rpartition("/")[2], "a file beside the folder"),
        Attack("path", path, secret, "an absolute path"),
        Attack("url", ("ssrf",), inside, "an address inside"),
        Attack(
            "template",
            ("template-injection", "code-injection"),
            "{{ cycler.__init__.__globals__.os.popen('" + _PRINT + "').read() }}",
            "an expression of the template language",
        ),
        Attack("nosql", nosql, '{"$ne": ""}', "an operator in place of a value"),
        Attack("nosql", nosql, '{"$regex": ".*"}', "a pattern in place of a value"),
        Attack("pickle", pickled, base64.b64encode(_PICKLE.encode()).decode(), "a pickle that calls a program"),
        Attack(
            "yaml", pickled, f'!!python/object/apply:subprocess.check_output [["sh", "-c", "{_PRINT}"]]', "a YAML tag"
        ),
        Attack("xml", xxe, f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a>&x;</a>', "an external entity"),
        Attack("code", code, f"__import__('os').popen('{_PRINT}').read()", "an expression of Python"),
        Attack("log", ("log-injection",), f"ada\n{MARK} login of admin", "a line of its own"),
    )


#: The classes.
KINDS = (
    "sql", "shell", "path", "url", "template", "nosql", "pickle", "yaml", "xml", "code", "log",
)  # fmt: skip


def attacks(
    kind: str = "", *, secret: str = "/etc/passwd", inside: str = "http://127.0.0.1:1/"
) -> "tuple[Attack, ...]":
    """The attacks of one class, or all.

    Args:
        kind: one of ``KINDS``, ``""`` for all.
        secret: absolute path of the file that attacks on files are after.
        inside: the address that attacks on requests are after.

    Raises:
        KeyError: no such class.
    """
    if kind and kind not in KINDS:
        raise KeyError(kind)
    return tuple(attack for attack in _table(secret, inside) if kind in ("", attack.kind))

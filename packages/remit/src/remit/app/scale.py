"""The two scales that findings are sorted by; apart from them because ``--help`` needs nothing else."""

from enum import IntEnum


class Severity(IntEnum):
    """How bad it is when true; compare with ``<``."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """``critical``, ``high``, ..."""
        return self.name.lower()


class Persona(IntEnum):
    """Who is asking: how many findings that may not matter one accepts."""

    REGULAR = 0
    PEDANTIC = 1
    AUDITOR = 2

    @property
    def word(self) -> str:
        """``regular``, ``pedantic`` or ``auditor``."""
        return self.name.lower()

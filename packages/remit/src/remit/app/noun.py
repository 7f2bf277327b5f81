"""What the tool's nouns are made of: ``class Hop(Struct, frozen=True)``.

A ``Struct`` of msgspec is what a frozen, slotted data class is (fields, equality, hash, order, repr, patterns), made
in C: defining one costs a fortieth, creating one a tenth. The tool has some two hundred and a taint analysis
creates hundreds of thousands, so both are felt (docs/decisions/0006-nouns-are-structs.md).
"""

from msgspec import Struct, field
from msgspec.structs import replace

__all__ = ["Struct", "field", "replace"]

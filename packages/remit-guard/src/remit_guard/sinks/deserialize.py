"""Deserialisation: does untrusted data say what code to run?

Pickle, YAML, jsonpickle and marshal documents can name functions, classes and files. Plain data in them is harmless; a
document that came from an event and names more than data is an injection.
"""

import re

from remit_guard.sinks.injection import Injection, outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.source import Field
    from remit_guard.sinks.provenance import Provenance

#: Opcodes that import, call or build (https://github.com/python/cpython/blob/main/Lib/pickletools.py).
_ACTIVE = frozenset(
    ("GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD", "EXT1", "EXT2", "EXT4", "PERSID",
     "BINPERSID")
)  # fmt: skip
_TAG = re.compile(r"(?:(?<=[\s\[{,:-])|\A)!(?:<([^>\s]+)>|([^\s,\[\]{}]*))")
_SAFE_TAGS = frozenset(
    (
        "str", "int", "float", "bool", "null", "map", "seq", "timestamp", "binary", "set", "omap", "pairs", "merge",
        "value", "yaml",
    )
)  # fmt: skip
_TAG_HANDLE = re.compile(r"^%TAG\s", re.MULTILINE)
_JSONPICKLE = re.compile(
    r'"(?:py\\?/|\\u0070y/)(?:object|type|reduce|repr|function|module|newargs|newargsex|initargs|newobj|class|ref|iterator|'
    r'b64|id|mod|property|method|bytes)"'
)


def inspect(data: "bytes | str", provenance: "Provenance", *, kind: str) -> "Injection | None":
    """Decides whether a document from the input does more than carry data.

    Args:
        data: what is about to be read.
        provenance: the untrusted values of this invocation.
        kind: ``pickle``, ``yaml``, ``jsonpickle`` or ``marshal``.

    Returns:
        The injection, or ``None``: also when the data did not come from the event.

    Raises:
        KeyError: another kind.
    """
    structure = _READERS[kind](data)
    if not structure:
        return None
    field = _origin(data, provenance)
    return Injection(field, structure, outline(str(field.value))) if field is not None else None


def _origin(data: "bytes | str", provenance: "Provenance") -> "Field | None":
    """The field a document came from, whole or in large part."""
    if isinstance(data, str):
        for span in provenance.find(data):
            if span.end - span.start >= min(len(data.strip()), 16):
                return span.field
        return None
    found = provenance.find_bytes(data)
    if found is None:
        text = _text_of(data)
        return _origin(text, provenance) if text.isprintable() or "\n" in text else None
    return found


def _pickle(data: "bytes | str") -> str:
    import pickletools

    raw = data.encode("latin-1", "replace") if isinstance(data, str) else data
    try:
        for opcode, argument, _ in pickletools.genops(raw):
            if opcode.name in _ACTIVE:
                name = f" ({argument})" if opcode.name in ("GLOBAL", "INST") else ""
                return f"the opcode {opcode.name}{name}, plain data expected"
    except (ValueError, IndexError, KeyError, OverflowError, MemoryError, AttributeError):
        return "a pickle that cannot be read"
    return ""


def _yaml(data: "bytes | str") -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    if _TAG_HANDLE.search(text):
        return "a tag handle, plain data expected"
    for match in _TAG.finditer(text):
        tag = match[1] or match[2].removeprefix("!").removeprefix("tag:yaml.org,2002:")
        tag = tag.removeprefix("tag:yaml.org,2002:")
        if "python" in tag.lower() or "/" in tag or ((match[2] or "").startswith("!") and tag not in _SAFE_TAGS):
            return f"the tag !!{tag[:40]}, plain data expected"
    return ""


def _jsonpickle(data: "bytes | str") -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    match = _JSONPICKLE.search(text)
    return f"the key {match[0]}, plain data expected" if match else ""


def _marshal(data: "bytes | str") -> str:
    return "marshalled data, which may hold code" if data else ""


def _text_of(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(data) > 1 and 0 in data[:2]):
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else
                           "utf-16-le" if data[1] == 0 else "utf-16-be", "replace")  # fmt: skip
    return data.decode("utf-8", "replace")


_READERS = {"pickle": _pickle, "yaml": _yaml, "jsonpickle": _jsonpickle, "marshal": _marshal}

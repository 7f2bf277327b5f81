"""Template text to a tree that keeps every position: the raw form, before anything is resolved.

Templates are untrusted input. What is refused here, each with one clear sentence and a place: files that are too
large, aliases that expand to too much, nesting that is too deep, bytes that are not UTF-8, NUL bytes, tabs as
indentation, duplicate keys, several documents in one file.
"""

from remit.app.location import Location
from remit.app.noun import Struct

#: CloudFormation takes at most 1 MB (from S3); generous room for comments and for templates that are packaged later.
MAX_BYTES = 4 * 1024 * 1024
#: Nodes after aliases are expanded. CloudFormation's 500 resources have far fewer.
MAX_NODES = 200_000
#: Levels of nesting. Deep enough for a state machine inside a template, shallow enough for recursion.
MAX_DEPTH = 100


class Malformed(Exception):  # noqa: N818
    """The text is not a document we can read: what is wrong and where.

    Args:
        why: a clause that names what is wrong.
        line: from 1; 0 for the file as a whole.
        column: from 1.
    """

    def __init__(self, why: str, line: int = 0, column: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


#: line, column, end line, end column; all from 1, the end column after the last character (0: end of the line).
Span = tuple[int, int, int, int]

Scalar = str | int | float | bool | None


class Raw(Struct):
    """One value as written.

    Args:
        value: a scalar, a mapping or a list.
        span: where it stands.
        tag: a local tag without its ``!`` (``Ref``, ``Sub``, ``GetAtt``), else ``""``.
        key: where its key stands, when it is the value of a mapping.
        size: number of nodes in it after alias expansion.
    """

    value: "Scalar | dict[str, Raw] | list[Raw]"
    span: Span
    tag: str = ""
    key: Span | None = None
    size: int = 1

    def under(self, key: str) -> "Raw | None":
        """The value under a key, or ``None``."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self) -> str:
        """The scalar as text; ``""`` for anything structured."""
        return "" if isinstance(self.value, dict | list) or self.value is None else str(self.value)


def place(file: str, span: Span) -> Location:
    """A span as a location in a file."""
    return Location(file, *span)


class Document(Struct):
    """One document that was read.

    Args:
        root: its tree.
        text: the decoded text of the file.
        problems: what is wrong with it although it could be read: keys written twice (the last one counts, as it
            does when the template is deployed).
    """

    root: Raw
    text: str
    problems: "list[Malformed]"


def parse(data: bytes, *, json: bool) -> Document:
    """Reads one document.

    Args:
        data: the file's bytes.
        json: whether it is JSON; else YAML.

    Raises:
        Malformed: it cannot be read, with the place.
    """
    text = decode(data)
    if json:
        from remit.read.json_document import parse_json

        root, problems = parse_json(text)
        return Document(root, text, problems)
    from remit.read.yaml_document import parse_yaml

    root, problems = parse_yaml(text)
    return Document(root, text, problems)


def decode(data: bytes) -> str:
    """Bytes to text.

    Raises:
        Malformed: too large, a NUL byte, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(too_large(len(data)))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Malformed("is UTF-16; templates are UTF-8", 1)
    nul = data.find(b"\0")
    if nul >= 0:
        raise Malformed("there is a NUL byte here; this is not a text file", *_at(data, nul))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"the byte 0x{data[error.start]:02x} here is not UTF-8; save the file as UTF-8"
        raise Malformed(why, *_at(data, error.start)) from None


def too_large(size: int) -> str:
    """The sentence for a file of ``size`` bytes."""
    return f"is {size / 1e6:.1f} MB large; a template has at most 1 MB, and {MAX_BYTES // 1048576} MB are read here"


def twice(name: str, first: "Raw", again: Span) -> Malformed:
    """The complaint about a key that is written a second time."""
    line = first.key[0] if first.key else first.span[0]
    return Malformed(f'"{name}" is written twice; what line {line} says is lost', *again[:2])


def _at(data: bytes, offset: int) -> tuple[int, int]:
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1

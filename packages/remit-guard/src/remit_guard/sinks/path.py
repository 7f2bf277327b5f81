"""Files: does an untrusted value stay below the directory it was put into?

POSIX rules: only ``/`` separates, percent-encoding and backslashes mean nothing to the kernel. A value leaves its directory when
it is absolute and replaces what stood before it, or when its ``..`` segments lead above it.
"""

from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance, Span

#: Where functions keep data: an absolute path of the input's choice is taken for harmless here when no base is known.
_DATA = ("/tmp", "/mnt")  # noqa: S108


def inspect(path: str, provenance: "Provenance", *, base: str = "") -> "Injection | None":
    """Decides whether untrusted values lead a path out of its directory.

    Args:
        path: as it is given to the operating system.
        provenance: the untrusted values of this invocation.
        base: the directory it must stay in; where there is none, the text before the value says which was meant.

    Returns:
        The injection, or ``None``.
    """
    spans = provenance.find(path)
    if not spans:
        return None
    for span in spans:
        if "\0" in path[span.start : span.end]:
            return Injection(span.field, "a NUL character, which ends the name early")
    ends = path.startswith("/") and _ends_with_another(path, spans)
    resolved = _resolve(path)
    if base and _below(resolved, _resolve(base)):
        return None
    for span in spans:
        structure = _judge(path, resolved, span, base, ends=ends)
        if structure:
            return Injection(span.field, structure)
    return _stripped(path, spans) if ".." in path.split("/") else None


def _ends_with_another(path: str, spans: "list[Span]") -> bool:
    """Whether an absolute path begins with one value and ends with another one: ``/etc`` and ``passwd``."""
    first = [span.end for span in spans if span.start == 0 and not span.part]
    return bool(first) and any(span.end == len(path) and span.start >= min(first) for span in spans if not span.part)


def _judge(path: str, resolved: str, span: "Span", base: str, *, ends: bool) -> str:
    own = path[: span.start]
    text = path[span.start : span.end]
    if not own:
        if path.startswith("/"):
            # The root, or one folder below it, at the start of a path is what every absolute path has: "GET /". It counts
            # where what follows is the input's as well.
            if span.end < len(path) and (span.part or (text.strip("/").count("/") < 1 and not ends)):
                return ""
            return "" if not base and _below(resolved, *_DATA) else "an absolute path, a name expected"
        return "a path above the working directory" if resolved.startswith("..") and _climbs(text) else ""
    if not own.strip("/") and span.end == len(path) and not span.part and "/" in text.strip("/"):
        # Behind a lone slash, which may be a value as well: the whole path is the input's choice.
        return (
            "" if _below(resolved, *_DATA, "/dev", *((base,) if base else ())) else "an absolute path, a name expected"
        )
    if not _climbs(text) and not (own.endswith(".") and text.startswith(".")):
        return ""
    meant = own if text.startswith("/") or own.endswith("/") else own.rpartition("/")[0]
    if _below(resolved, _resolve(base or meant or ".")):
        return ""
    return "a path above its directory"


def _stripped(path: str, spans: "list[Span]") -> "Injection | None":
    """``..`` that appeared because the application removed something from between its dots."""
    last = path.rfind("/..")
    for span in spans:
        value = span.field.value
        if span.part and isinstance(value, str) and ".." in value and span.end > last + 3 and _climbs_out(path, span):
            return Injection(span.field, "a path above its directory")
    return None


def _climbs_out(path: str, span: "Span") -> bool:
    first = path.find("..")
    return first < span.end and not _below(_resolve(path), _resolve(path[:first]))


def _climbs(text: str) -> bool:
    return ".." in text.split("/")


def _resolve(path: str) -> str:
    """The path without ``.``, ``..`` and doubled slashes; a relative one keeps leading ``..``."""
    parts: list[str] = []
    absolute = path.startswith("/")
    for part in path.split("/"):
        if part == "..":
            if parts and parts[-1] != "..":
                parts.pop()
            elif not absolute:
                parts.append(part)
        elif part not in ("", "."):
            parts.append(part)
    return ("/" if absolute else "") + "/".join(parts)


def _below(path: str, *bases: str) -> bool:
    for base in bases:
        if path == base or path.startswith(base.rstrip("/") + "/") or (base == "" and not path.startswith(("/", ".."))):
            return True
    return False

"""The compiled remit of one function: what the guard loads from inside the build and decides by.

The tool writes it with ``to_json`` (``remit lock`` and ``remit ship build``), the guard reads it with
``from_json``. ``remit.lock`` is the form that people review; this is the form that machines enforce.
"""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1
#: Where a build keeps it, relative to the task root.
REMIT_FILE = ".remit/remit.json"
MANIFEST_FILE = ".remit/manifest.json"

OFF = "off"


class RemitError(ValueError):
    """A compiled remit that cannot be used; the text says what is wrong with it."""


class Remit:
    """Everything one function may do, in the six verbs.

    Args:
        function: its name in the template (logical id).
        receives: names of the event sources its triggers deliver (``http-api``, ``sqs``, ...).
        calls: ``[action, resource]`` pairs; action like ``dynamodb:PutItem``; resource an ARN pattern with ``*``
            or a plain name the guard matches against the call's parameters; ``*`` means any.
        reaches: ``host:port`` patterns; ``*`` in the leading label is allowed.
        runs: program names or absolute paths.
        reads: file path prefixes outside the code and the runtime.
        writes: file path prefixes.
        secrets: names or ARN patterns.
        returns: how errors are shaped: ``{"errors": "shaped"}`` or ``{"errors": "as-is"}``.
        modes: per verb or rule id ``off``, ``alert`` or ``block``; what is not named has the defaults of
            docs/guard.md: a proven injection is blocked, what leaves the remit is alerted.
        unresolved: verbs with something that could not be resolved: the guard never blocks by such a verb.
        digest: ``sha256:...`` of this remit's JSON, as signals name it.
        unknown: names in that JSON that this version does not know.
    """

    __slots__ = (
        "calls", "digest", "function", "modes", "reaches", "reads", "receives", "returns", "runs", "secrets",
        "unknown", "unresolved", "writes",
    )  # fmt: skip

    def __init__(
        self,
        function: str = "",
        receives: "tuple[str, ...]" = (),
        calls: "tuple[tuple[str, str], ...]" = (),
        reaches: "tuple[str, ...]" = (),
        runs: "tuple[str, ...]" = (),
        reads: "tuple[str, ...]" = (),
        writes: "tuple[str, ...]" = (),
        secrets: "tuple[str, ...]" = (),
        returns: "dict[str, str] | None" = None,
        modes: "dict[str, str] | None" = None,
        unresolved: "tuple[str, ...]" = (),
        digest: str = "",
        unknown: "tuple[str, ...]" = (),
    ) -> None:
        self.function = function
        self.receives = receives
        self.calls = calls
        self.reaches = reaches
        self.runs = runs
        self.reads = reads
        self.writes = writes
        self.secrets = secrets
        self.returns = returns or {}
        self.modes = modes or {}
        self.unresolved = unresolved
        self.digest = digest
        self.unknown = unknown

    def to_json(self) -> str:
        """The canonical JSON text: sorted keys, no spaces, ends with a newline; equal remits give equal bytes."""
        data: dict[str, Any] = {"version": VERSION, "function": self.function}
        for name in ("receives", "reaches", "runs", "reads", "writes", "secrets", "unresolved"):
            data[name] = list(getattr(self, name))
        data["calls"] = [list(pair) for pair in self.calls]
        data["returns"] = self.returns
        data["modes"] = self.modes
        return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: "str | bytes") -> "Remit":
        """Reads what ``to_json`` wrote.

        Args:
            text: the JSON document.

        Returns:
            The remit, with ``digest`` computed from the text as it is.

        Raises:
            RemitError: not JSON, another version, or a part of the wrong shape; the message names the part.
        """
        try:
            data = json.loads(text)
        except ValueError as error:
            raise RemitError(f"not JSON: {error}") from error
        except RecursionError as error:
            raise RemitError("nested too deep to be a remit") from error
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise RemitError(f"not a remit of version {VERSION}")
        try:
            return cls(
                function=_text(data, "function"),
                calls=_pairs(data),
                returns=_map(data, "returns"),
                modes=_map(data, "modes"),
                digest=_digest(text),
                unknown=tuple(sorted(str(name)[:64] for name in data.keys() - _NAMES))[:8],
                **{name: _texts(data, name) for name in _LISTS},
            )
        except TypeError as error:
            raise RemitError(str(error)) from error


_LISTS = ("receives", "reaches", "runs", "reads", "writes", "secrets", "unresolved")
_NAMES = {"version", "function", "calls", "returns", "modes", *_LISTS}


def _digest(text: "str | bytes") -> str:
    from remit_guard.core.digest import sha256_hex

    return "sha256:" + sha256_hex(text.encode() if isinstance(text, str) else text)


def _text(data: "dict[str, Any]", name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f'"{name}" is not a text')
    return value


def _texts(data: "dict[str, Any]", name: str) -> "tuple[str, ...]":
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f'"{name}" is not a list of texts')
    return tuple(value)


def _map(data: "dict[str, Any]", name: str) -> "dict[str, str]":
    value = data.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise TypeError(f'"{name}" is not a mapping of texts')
    return value


def _pairs(data: "dict[str, Any]") -> "tuple[tuple[str, str], ...]":
    value = data.get("calls", [])
    if not isinstance(value, list):
        raise TypeError('"calls" is not a list')
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(item, str) for item in pair)):
            raise TypeError('"calls" holds something other than [action, resource] pairs')
    return tuple((pair[0], pair[1]) for pair in value)

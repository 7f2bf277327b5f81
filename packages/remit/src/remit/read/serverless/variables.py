"""Variables of the Serverless Framework, filled in as far as files tell: what only a deployment knows stays a symbol.

``${sls:stage}``, ``${opt:stage, ...}`` and ``${self:provider.stage}`` are one symbol, ``{stage}``, because a lock must
hold for every stage; where a variable *selects* (``custom.${sls:stage}.table``), the stage deployed by default does.
"""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from remit.app.location import Location
from remit.app.node import Node
from remit.app.report import Failure
from remit.app.value import Choice, Ref, Text, Unknown, Value, is_known, join, settle
from remit.read.document import Raw, Scalar, place
from remit.read.serverless.constructs import output
from remit.read.serverless.filled import Filled
from remit.read.serverless.syntax import Literal, Lookup, Parts, Tangled, Variable, parts

STAGE = Ref("stage")
REGION = Ref("AWS::Region")
DEFAULT_STAGE = "dev"
DEFAULT_REGION = "us-east-1"

#: Levels of nesting and of variables that lead to variables, together; each costs a few frames of the stack.
_MAX_DEPTH = 130
#: Values made; a small configuration can name a large part of itself again and again.
_MAX_VALUES = 300_000
_MAX_TEXT = 200_000
_MAX_PARTS = 200
_MAX_TOLD = 20
_CIRCLE = "this variable leads back to itself"


class Outside(Exception):  # noqa: N818
    """A variable refers to a file outside the examined folder: nothing of it is read; the text says so."""


#: Reads a file below the root by its path as written: its path and its tree; ``None`` when there is none, ``Unknown``
#: with the reason when it cannot be read; raises ``Outside``.
ReadFile = Callable[[str], "tuple[str, Raw] | Unknown | None"]


@dataclass(slots=True)
class Told:
    """What filling in brought to light besides the values."""

    parameters: dict[str, Node] = field(default_factory=dict)
    defaults: dict[str, Value] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unresolved: dict[str, Location] = field(default_factory=dict)
    #: Parameters that are nothing at all unless they are given: their fallback is ``null``.
    nullable: set[str] = field(default_factory=set)


#: What ``Raw`` holds.
Tree = Scalar | dict[str, Raw] | list[Raw]
#: What a look-up gives: a tree, a symbolic value, or ``None`` when there is nothing and the next fallback counts.
Result = Filled | Ref | Unknown | Text | Choice | None


class Variables:
    """Fills in the variables of one configuration.

    Args:
        file: its path relative to the root.
        root: its tree.
        read: reads files it refers to.
    """

    def __init__(self, file: str, root: Raw, read: ReadFile) -> None:
        self.file = file
        self.root = root
        self.told = Told()
        self._read = read
        self._files: dict[str, tuple[str, Raw] | Unknown | None] = {}
        self._done: dict[tuple[int, str], Filled] = {}
        self._kept: list[Raw] = []  # what ``_done`` knows by id must stay alive
        self._open: set[int] = set()
        self._depth = 0
        self._left = _MAX_VALUES
        self._selecting: dict[str, Value] = {}
        stage, region = self._provider("stage"), self._provider("region")
        self.told = Told()
        self._done.clear()
        self._files.clear()
        self._selecting = {
            STAGE.target: DEFAULT_STAGE if stage is None else stage,
            REGION.target: DEFAULT_REGION if region is None else region,
        }
        self.told.defaults[STAGE.target] = self._selecting[STAGE.target]
        at = root.under("provider") or root
        self.told.parameters[STAGE.target] = Node(str(self._selecting[STAGE.target]), place(file, at.key or at.span))

    def _provider(self, name: str) -> str | None:
        """What ``provider.stage`` or ``provider.region`` is without options on the command line; ``None`` if open."""
        found = self._self(f"provider.{name}", as_written=True)
        value = found.meaning or found.value if isinstance(found, Filled) else found
        settled = settle(value, self.told.defaults) if isinstance(value, str | Ref | Text) else None
        return settled if isinstance(settled, str) else None

    def filled(self) -> Filled:
        """The whole configuration."""
        return self.fill(self.root, self.file)

    def fill(self, raw: Raw, file: str) -> Filled:
        """One value with everything in it looked up."""
        known = self._done.get((id(raw), file))
        if known is not None:
            return Filled(known.value, known.span, known.tag, raw.key, known.size, known.file, file, known.meaning)
        self._left -= 1
        if self._left < 0:
            return self._broken(raw, file, "the variables of this configuration expand to far too much")
        if self._depth >= _MAX_DEPTH:
            return self._broken(raw, file, "variables lead to variables too often; nothing deeper was read")
        if id(raw) in self._open:
            return self._broken(raw, file, _CIRCLE)
        self._open.add(id(raw))
        self._depth += 1
        try:
            done = self._filled(raw, file)
        finally:
            self._depth -= 1
            self._open.discard(id(raw))
        self._done[id(raw), file] = done
        self._kept.append(raw)
        return done

    def _filled(self, raw: Raw, file: str) -> Filled:
        value = raw.value
        if isinstance(value, dict):
            return self._as(raw, file, dict[str, Raw]({name: self.fill(item, file) for name, item in value.items()}))
        if isinstance(value, list):
            return self._as(raw, file, list[Raw](self.fill(item, file) for item in value))
        if not isinstance(value, str) or "${" not in value:
            return self._as(raw, file, value)
        try:
            pieces = parts(value)
        except Tangled:
            return self._broken(raw, file, "the braces of this text are nested too often")
        if all(isinstance(piece, str) for piece in pieces):
            return self._as(raw, file, "".join(map(str, pieces)))
        at = place(file, raw.span)
        if len(pieces) == 1 and isinstance(pieces[0], Variable):
            found = self._variable(pieces[0], at)
            if isinstance(found, Filled) and isinstance(found.value, dict | list):
                return Filled(found.value, found.span, found.tag, raw.key, found.size, found.file, file, None)
            if isinstance(found, Filled) and found.tag:
                return Filled(found.value, found.span, found.tag, raw.key, 1, found.file, file, found.meaning)
            return self._as(raw, file, _plain(found))
        return self._as(raw, file, self._text(pieces, at))

    def _as(self, raw: Raw, file: str, value: "Tree | Value") -> Filled:
        if isinstance(value, Ref | Unknown | Text):
            return Filled(str(value), raw.span, raw.tag, raw.key, 1, file, file, value)
        if isinstance(value, Choice | tuple) or (isinstance(value, Mapping) and not isinstance(value, dict)):
            symbol = join([value])
            meaning = Unknown(symbol) if isinstance(symbol, str) else symbol
            return Filled(str(meaning), raw.span, raw.tag, raw.key, 1, file, file, meaning)
        return Filled(value, raw.span, raw.tag, raw.key, 1, file, file)

    def _broken(self, raw: Raw, file: str, why: str) -> Filled:
        at = place(file, raw.span)
        known = [failure for failure in self.told.failures if failure.why == why]
        # A bound that was hit once is hit everywhere: one line says it. Circles are told apart by their places.
        if not known or (why == _CIRCLE and len(known) < _MAX_TOLD and all(item.location != at for item in known)):
            self.told.failures.append(Failure(file, why, at))
        return self._as(raw, file, Unknown(why))

    def _text(self, pieces: Parts, at: Location) -> Value:
        found: list[Value] = []
        for piece in pieces:
            value = piece if isinstance(piece, str) else _plain(self._variable(piece, at))
            found.append(Unknown("a structure inside a text") if isinstance(value, dict | list) else value)
        text = join(found)
        if sum(len(part) for part in _parts_of(text) if isinstance(part, str)) > _MAX_TEXT:
            return Unknown("a text that is too long")
        return Unknown("a text of too many parts") if len(_parts_of(text)) > _MAX_PARTS else text

    # One variable

    def _variable(self, variable: Variable, at: Location) -> Result:
        """The first choice that is there; an option that may be given on the command line has the rest as default."""
        for index, choice in enumerate(variable.choices):
            if isinstance(choice, Literal):
                return Filled(choice.value, _span(at), file=at.file)
            if isinstance(choice, Variable):
                found = self._variable(choice, at)
            else:
                rest = Variable(variable.choices[index + 1 :], variable.text)
                found = self._look(choice, rest, at)
            if found is not None:
                return found
        if not variable.choices:
            return None
        why = f"{variable.text} has no value here"
        self.told.unresolved.setdefault(why, at)
        return Unknown(why)

    def _look(self, lookup: Lookup, rest: Variable, at: Location) -> Result:
        if lookup.source == "":
            value = self._text(lookup.address, at)
            return self._as(Raw("", _span(at)), at.file, value)
        if lookup.source == "self":
            return self._select(lookup.address, at, self._self)
        if lookup.source == "file":
            return self._file(lookup, at)
        address = self._text(lookup.address, at)
        if lookup.source in ("opt", "env"):
            return self._given(lookup.source, address, rest, at)
        if lookup.source == "param":
            return self._param(address, rest, at)
        if lookup.source == "sls":
            return STAGE if address == "stage" else Unknown(f"sls:{address}, which each deployment makes")
        if lookup.source == "aws":
            return REGION if address == "region" else Ref("AWS::AccountId") if address == "accountId" else None
        if lookup.source == "strToBool":
            return self._boolean(lookup.params, at)
        return self._construct(address) if lookup.source == "construct" else _outside(lookup.source, address)

    def _construct(self, address: Value) -> Result:
        name, _, attribute = address.partition(".") if isinstance(address, str) else ("", "", "")
        found = self._self(f"constructs.{name}.type")
        known = output(str(found.value), name, attribute) if isinstance(found, Filled) else None
        return known if isinstance(known, Ref) else _outside("construct", address)

    def _given(self, source: str, address: Value, rest: Variable, at: Location) -> Result:
        """An option of the command line, or a variable of the environment: a parameter, with the rest as default."""
        if not isinstance(address, str):
            return Unknown(f"{source}:{address}")
        for known in (STAGE, REGION) if source == "opt" else ():
            short = known.target.rsplit(":", 1)[-1].lower()
            if address in (short, short[0]):
                # While the defaults of these two are looked for, the fallback is what counts.
                return known if self._selecting else self._variable(rest, at)
        return self._parameter(f"{source}:{address}", rest, at)

    def _parameter(self, name: str, rest: Variable, at: Location) -> Result:
        default = self._variable(rest, at) if rest.choices else None
        if isinstance(default, Filled):
            if isinstance(default.value, dict | list | bool | int | float) or default.tag:
                return default  # a switch or a structure, not a part of a name
            default = default.meaning or Filled(default.value, default.span)
        name = name.replace(".", "_")
        value = _plain(default) if default is not None else None
        if rest.choices and value is None:
            self.told.nullable.add(name)
        value = settle(value, self.told.defaults) if isinstance(value, str | Ref | Text) else value
        known = self.told.defaults.get(name)
        if isinstance(value, str) and name not in self.told.parameters:
            self.told.defaults[name] = value
            self.told.parameters[name] = Node(value, at)
        elif known != value or known is None:
            # No default, or another one elsewhere: then it is not known what it is without being given.
            self.told.defaults.pop(name, None)
            self.told.parameters[name] = Node(Unknown(f"{name}, which is given when it is deployed"), at)
        return Ref(name)

    def _param(self, address: Value, rest: Variable, at: Location) -> Result:
        """``params`` of this stage, else those of every stage; both may be overridden from outside."""
        if not isinstance(address, str):
            return Unknown(f"param:{address}")
        stage = self._selecting.get(STAGE.target, DEFAULT_STAGE)
        for path in (
            f"params.{stage}.{address}",
            f"stages.{stage}.params.{address}",
            f"params.default.{address}",
            f"stages.default.params.{address}",
        ):
            found = self._self(path)
            if isinstance(found, Filled) and isinstance(found.value, str) and found.meaning is None:
                return self._parameter(f"param:{address}", Variable((Literal(found.value), *rest.choices), ""), at)
            if found is not None:
                return found
        return self._parameter(f"param:{address}", rest, at)

    def _boolean(self, given: Parts, at: Location) -> Result:
        value = settle(self._text(given, at), self._selecting)
        words = {"true": True, "1": True, "false": False, "0": False}
        word = words.get(value.strip("'\"").lower()) if isinstance(value, str) else None
        return Unknown("strToBool of what is not known here") if word is None else Filled(word, _span(at), file=at.file)

    # Paths

    def _select(self, address: Parts, at: Location, find: Callable[[str], Result]) -> Result:
        """What stands under an address; one that depends on the stage is taken for the default stage."""
        written = self._text(address, at)
        settled = settle(written, {**self.told.defaults, **self._selecting})
        if isinstance(settled, str):
            return find(settled)
        return Unknown(f"an entry that {written} selects" if not is_known(written) else f"the entry {written}")

    def _self(self, path: str, *, as_written: bool = False) -> Result:
        if not as_written and path in ("provider.stage", "provider.region"):
            return STAGE if path.endswith("stage") else REGION
        if not path:
            return Unknown("the whole configuration")
        if path in ("service", "service.name"):
            service = self.root.under("service")
            path = "service.name" if service is not None and isinstance(service.value, dict) else "service"
        return self._walk(self.root, self.file, path.split("."))

    def _file(self, lookup: Lookup, at: Location) -> Result:
        path = settle(self._text(lookup.params, at), {**self.told.defaults, **self._selecting})
        if not isinstance(path, str):
            return Unknown(f"the file {path}")
        path = posixpath.normpath(path.strip())
        if path.endswith((".js", ".cjs", ".mjs", ".ts")):
            return Unknown(f"what {path} computes")
        if path not in self._files:
            try:
                self._files[path] = self._read(path)
            except Outside as error:
                self._files[path] = Unknown(str(error))
                self.told.failures.append(Failure(at.file, str(error), at))
        content = self._files[path]
        if content is None or isinstance(content, Unknown):
            return content
        file, root = content
        return self._select(
            lookup.address, at, lambda address: self._walk(root, file, address.split(".") if address else [])
        )

    def _walk(self, raw: Raw, file: str, path: list[str]) -> Result:
        """Follows a path; only what lies on it is looked up on the way."""
        for step in path:
            value = raw.value
            if isinstance(value, str) and "${" in value:
                found = self.fill(raw, file)
                raw, file = found, found.file
                value = found.value
                if found.meaning is not None:
                    return found.meaning
            following: Raw | None = None
            if isinstance(value, dict):
                following = value.get(step)
            elif isinstance(value, list) and step.isdecimal() and len(step) < 6 and int(step) < len(value):
                following = value[int(step)]
            if following is None:
                return None
            raw = following
            file = raw.file if isinstance(raw, Filled) and raw.file else file
        if isinstance(raw, Filled):
            return raw if raw.value is not None else None
        done = self.fill(raw, file)
        return None if done.value is None else done


def _plain(found: Result) -> "Tree | Value":
    if isinstance(found, Filled):
        return found.meaning if found.meaning is not None else found.value
    return found


def _parts_of(value: Value) -> tuple[Value, ...]:
    return value.parts if isinstance(value, Text) else (value,)


def _span(at: Location) -> tuple[int, int, int, int]:
    return at.line, at.column, at.end_line, at.end_column


def _outside(source: str, address: Value) -> Unknown:
    words = {
        "ssm": "the SSM parameter {}",
        "cf": "the output {} of another stack",
        "s3": "the object {} of a bucket",
        "output": "the output {} of another service",
        "construct": "{}, which a construct of serverless-lift makes",
        "git": "{} of the repository's state",
    }
    return Unknown(words.get(source, source + ":{}, which is looked up when it is deployed").format(address))

"""A configuration whose variables are filled in, and the resolver that reads CloudFormation's functions in it."""

from collections.abc import Callable

from remit.app.location import Location
from remit.app.node import Node, graft
from remit.app.value import Choice, Ref, Text, Unknown, Value, join
from remit.read.document import Raw, place
from remit.read.resolve import Include, Resolver, substitute


class Filled(Raw):
    """One value after its variables were looked up.

    Args:
        file: the file it stands in: a configuration is put together from several.
        key_file: the file its key stands in.
        meaning: what a text means in which something stayed symbolic; else ``None``.
    """

    file: str = ""
    key_file: str = ""
    meaning: "Ref | Unknown | Text | Choice | None" = None


class FilledResolver(Resolver):
    """Resolves CloudFormation's functions in a configuration that comes from several files.

    Args:
        file: the configuration.
        root: its raw CloudFormation: ``Parameters``, ``Mappings``, ``Conditions``, ``Resources``.
        include: reads local files that it includes.
        pseudo: whether ``#{AWS::Region}`` is filled in too, as the plugin serverless-pseudo-parameters does.
    """

    def __init__(self, file: str, root: Raw, include: Include | None = None, *, pseudo: bool = False) -> None:
        super().__init__(file, root, include)
        self._pseudo = pseudo

    def node(self, raw: Raw) -> Node | None:
        """The meaning of one value; ``None`` when it is ``AWS::NoValue``."""
        if isinstance(raw, Filled) and raw.meaning is not None and not raw.tag:
            return graft(_each_text(raw.meaning, self._sharp), self._at(raw), self._key(raw))
        if self._pseudo and isinstance(raw.value, str) and not raw.tag and "#{" in raw.value:
            return graft(self._sharp(raw.value), self._at(raw), self._key(raw))
        return super().node(raw)

    def _sharp(self, text: str) -> Value:
        return substitute(text.replace("#{", "${"), {}) if self._pseudo and "#{" in text else text

    def _sub(self, raw: Raw, argument: Raw) -> Node:
        text, names = (argument if raw.tag == "" else raw), {}
        if isinstance(text.value, list) and text.value:
            given = text.value[1] if len(text.value) > 1 else None
            if given is not None and isinstance(given.value, dict):
                names = {name: self._plain(item) for name, item in given.value.items()}
            text = text.value[0]
        meaning = text.meaning if isinstance(text, Filled) and text.meaning is not None else text.text()
        return self._result(raw, _each_text(meaning, lambda part: substitute(part, names)))

    def _at(self, raw: Raw) -> Location:
        return place(raw.file if isinstance(raw, Filled) and raw.file else self.file, raw.span)

    def _key(self, raw: Raw) -> Location | None:
        if raw.key is None:
            return None
        return place(raw.key_file if isinstance(raw, Filled) and raw.key_file else self.file, raw.key)


def _each_text(value: Value, change: "Callable[[str], Value]") -> Value:
    """A text with every literal part changed."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return join([change(part) if isinstance(part, str) else part for part in parts])

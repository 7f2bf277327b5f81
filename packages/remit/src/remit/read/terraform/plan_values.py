"""Values of a plan or state as nodes: literal where they are known, references where only the deployment knows."""

import re
from collections.abc import Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Unknown, Value, join
from remit.read.document import Raw, place
from remit.read.terraform.plan_config import Place, Resolver, chosen

#: Attributes that name a resource beyond doubt, so that the same text elsewhere means this resource.
IDENTITIES = ("arn", "invoke_arn", "qualified_arn", "execution_arn", "stream_arn", "url", "function_url")
#: Arguments by which people name a resource: its ``id`` says nothing new where it is the same.
_NAMES = ("name", "bucket", "function_name", "key", "identifier", "cluster_identifier", "email", "domain")


class Identities:
    """Texts that are ARNs, URLs or ids of resources in here."""

    def __init__(self) -> None:
        self._known: dict[str, Ref] = {}
        self._ids: dict[str, Ref | None] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, id_: str, values: Raw) -> None:
        """Notes what one resource is called by."""
        for name in IDENTITIES:
            raw = values.under(name)
            text = raw.text() if raw is not None else ""
            if ":" in text:
                self._known.setdefault(text, Ref(id_, name))
        raw = values.under("id")
        text = raw.text() if raw is not None else ""
        names = {given.text() for name in _NAMES if (given := values.under(name)) is not None}
        if text and text not in names and text not in self._known:
            self._ids[text] = None if text in self._ids else Ref(id_, "id")

    def value(self, text: str, own: str) -> Value:
        """A text with what it says of other resources as references.

        Args:
            text: the text.
            own: the resource it belongs to: what that says about itself stays as it is.
        """
        found = self._ids.get(text)
        if found is not None:
            return text if found.target == own else found
        if ":" not in text or not self._known:
            return text
        if self._pattern is None:
            longest = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile("(" + "|".join(map(re.escape, longest)) + r")(?![\w-])")
        pieces: list[Value] = []
        for index, piece in enumerate(self._pattern.split(text)):
            ref = self._known[piece] if index % 2 else None
            pieces.append(piece if ref is None or ref.target == own else ref)
        return join(pieces)


class Values:
    """Turns the values of one resource into nodes.

    Args:
        file: the plan, for positions.
        resolver: follows references of the configuration.
        identities: what known texts refer to.
    """

    def __init__(self, file: str, resolver: Resolver, identities: Identities) -> None:
        self.file = file
        self.resolver = resolver
        self.identities = identities
        self._own = ""
        self._index = ""
        self._place = Place("", None)

    def arguments(
        self, own: str, index: str, where: Place, values: Raw, unknown: Raw | None, config: Raw | None
    ) -> Node:
        """All arguments of one resource.

        Args:
            own: its logical id.
            index: its index, ``""`` for none.
            where: its module.
            values: what is known.
            unknown: what is only known after apply: the same shape, with ``true`` for it.
            config: its expressions.
        """
        self._own, self._index, self._place = own, index, where
        found = self._node(values, unknown, config)
        return found if isinstance(found.value, Mapping) else Node({}, found.location)

    def _node(self, raw: Raw | None, unknown: Raw | None, config: Raw | None) -> Node:
        if raw is None or (unknown is not None and unknown.value is True):
            return self._open(raw, unknown, config)
        at, key = self._at(raw), place(self.file, raw.key) if raw.key else None
        value = raw.value
        if isinstance(value, dict):
            names = dict.fromkeys((*value, *(unknown.value if unknown and isinstance(unknown.value, dict) else ())))
            entries = {name: self._node(value.get(name), _under(unknown, name), _inner(config, name)) for name in names}
            return Node({name: node for name, node in entries.items() if node.value is not None}, at, key)
        if isinstance(value, list):
            items = (self._node(item, _item(unknown, i), _element(config, i)) for i, item in enumerate(value))
            return Node(tuple(items), at, key)
        if isinstance(value, str) and value:
            text = self._text(value, config)
            return Node(text if not isinstance(text, Mapping | tuple) else value, at, key)
        return Node(value, at, key)

    def _open(self, raw: Raw | None, unknown: Raw | None, config: Raw | None) -> Node:
        """What is only known after apply: what its expression refers to, as far as that is not known itself."""
        where = raw or unknown
        at = self._at(where) if where is not None else Location(self.file)
        key = place(self.file, where.key) if where is not None and where.key else None
        if unknown is None or unknown.value is False or unknown.value in ([], {}):
            return Node(None, at, key)
        if isinstance(unknown.value, dict):
            entries = {name: self._open(None, item, _inner(config, name)) for name, item in unknown.value.items()}
            return Node({name: node for name, node in entries.items() if node.value is not None}, at, key)
        if isinstance(unknown.value, list):
            items = tuple(self._open(None, item, _element(config, i)) for i, item in enumerate(unknown.value))
            return Node(items, at, key)
        if config is None:
            # Nobody wrote it: it is computed, and says nothing about other resources.
            return Node(None, at, key)
        told = list(self.resolver.targets(config, self._place, self._index))
        known = self.resolver.known.values
        news = [item for item in told if not (isinstance(item, Ref) and (item.target, item.attribute) in known)]
        value = chosen(news or told)
        return Node(value if not isinstance(value, Mapping | tuple) else Unknown("only known after apply"), at, key)

    def _text(self, text: str, config: Raw | None) -> Value:
        """A known text: a reference where the expression names what says the same."""
        if config is not None:
            for item in self.resolver.targets(config, self._place, self._index):
                if isinstance(item, Ref) and self.resolver.known.values.get((item.target, item.attribute)) == text:
                    return item
        return self.identities.value(text, self._own)

    def _at(self, raw: Raw) -> Location:
        return place(self.file, raw.span)


def _under(raw: Raw | None, name: str) -> Raw | None:
    if raw is not None and raw.value is True:
        return raw
    return raw.under(name) if raw is not None else None


def _item(raw: Raw | None, index: int) -> Raw | None:
    if raw is not None and raw.value is True:
        return raw
    listed = raw.value if raw is not None and isinstance(raw.value, list) else []
    return listed[index] if index < len(listed) else None


def _inner(config: Raw | None, name: str) -> Raw | None:
    """The expression under a name; one that says nothing about its parts counts for each of them."""
    if config is None:
        return None
    if isinstance(config.value, dict) and ("references" in config.value or "constant_value" in config.value):
        return config
    return config.under(name)


def _element(config: Raw | None, index: int) -> Raw | None:
    if config is None or not isinstance(config.value, list):
        return config
    return config.value[index] if index < len(config.value) else config.value[0] if config.value else None

"""``Fn::ForEach``: loops of a template unrolled before anything else is read, positions kept. Pure.

What ``AWS::LanguageExtensions`` does: a loop stands among the keys of a mapping (resources, properties, outputs,
conditions), goes over a list, and writes its body once for each element with ``${Name}`` and ``&{Name}`` (letters and
digits only) filled in. Loops may stand inside loops.
"""

import re
from collections.abc import Callable

from remit.read.document import MAX_NODES, Malformed, Raw

PREFIX = "Fn::ForEach::"
_MAX_DEPTH = 5  # the transform takes no more
_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]")

#: The elements of a loop's list; ``None`` when only the deployment knows them.
Elements = Callable[[Raw], "list[str] | None"]


def unrolled(root: Raw, elements: Elements) -> Raw:
    """A template without its loops; a loop whose list is not known stays as it is.

    Args:
        root: the template.
        elements: what is in a loop's list.

    Raises:
        Malformed: the loops make more than anybody could deploy, or a loop has the wrong shape.
    """
    return _Unroller(elements).of(root, {}, 0)


class _Unroller:
    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._left = MAX_NODES

    def of(self, raw: Raw, names: dict[str, str], depth: int) -> Raw:
        """A value with loops unrolled and names filled in."""
        self._left -= 1
        if self._left < 0:
            raise Malformed("the loops of this template (Fn::ForEach) expand to far too much", *raw.span[:2])
        value = raw.value
        if isinstance(value, dict):
            return self._mapping(raw, value, names, depth)
        if isinstance(value, list):
            items = [self.of(item, names, depth) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return raw if same else Raw(items, raw.span, raw.tag, raw.key, raw.size)
        if names and isinstance(value, str):
            if raw.tag == "Ref" and value in names:
                return Raw(names[value], raw.span, "", raw.key)
            text = _filled(value, names)
            return raw if text == value else Raw(text, raw.span, raw.tag, raw.key)
        return raw

    def _mapping(self, raw: Raw, value: dict[str, Raw], names: dict[str, str], depth: int) -> Raw:
        if names and len(value) == 1 and "Ref" in value and value["Ref"].text() in names:
            return Raw(names[value["Ref"].text()], raw.span, "", raw.key)
        entries: dict[str, Raw] = {}
        changed = False
        for key, item in value.items():
            if key.startswith(PREFIX):
                made = self._loop(key, item, names, depth)
                changed = changed or made is not None
                entries |= {key: item} if made is None else made
                continue
            name, inner = _filled(key, names), self.of(item, names, depth)
            changed = changed or inner is not item or name != key
            entries[name] = inner
        return Raw(entries, raw.span, raw.tag, raw.key, raw.size) if changed else raw

    def _loop(self, key: str, raw: Raw, names: dict[str, str], depth: int) -> dict[str, Raw] | None:
        items = raw.value
        shape = isinstance(items, list) and len(items) == 3 and isinstance(items[2].value, dict)
        if not shape or not isinstance(items, list) or not items[0].text():
            raise Malformed(f'"{key}" is not a loop: it needs a name, a list and a mapping', *raw.span[:2])
        if depth >= _MAX_DEPTH:
            raise Malformed(f"loops are nested more than {_MAX_DEPTH} deep here", *raw.span[:2])
        name, body = items[0].text(), items[2]
        listed = self._elements(self.of(items[1], names, depth))
        if listed is None:
            return None
        made: dict[str, Raw] = {}
        for element in listed:
            copy = self.of(body, names | {name: element}, depth + 1)
            if isinstance(copy.value, dict):
                made |= copy.value
        return made


def _filled(text: str, names: dict[str, str]) -> str:
    if "{" not in text:
        return text
    for name, value in names.items():
        text = text.replace("${" + name + "}", value).replace("&{" + name + "}", _NOT_ALNUM.sub("", value))
    return text

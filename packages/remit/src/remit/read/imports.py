"""What one template exports and another one imports, when both are here: the resource itself crosses the border.

The importing App then has the resource among its own (its place stays in the other file), so that an environment variable
names a table, a grant reaches it and a trigger listens to it. A function of another template stays that one's; triggers
that are attached to it from here are handed over.
"""

import posixpath
from functools import partial

from remit.app.model import App, Trigger
from remit.app.node import Node
from remit.app.noun import Struct, field, replace
from remit.app.value import Ref, Text, Value, refs
from remit.read.build import declared_of, resource_of
from remit.read.context import Context
from remit.read.document import Malformed
from remit.read.draft import Declared, Draft
from remit.read.rebind import rebind

_MARK = "::from::"
_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
#: Resources that one App may borrow.
_MAX_BORROWED = 500
_MIN_LITERAL = 3


class Lent(Struct):
    """A trigger that one App attaches to a function of another.

    Args:
        file: the template that declares the function.
        function: its id there.
        trigger: as the other App sees it.
    """

    file: str
    function: str
    trigger: Trigger


class Exports(Struct):
    """What the templates of one reading export; looked through when the first import asks.

    Args:
        context: the reading.
        files: every template in it.
    """

    context: Context
    files: list[str]
    drafts: dict[str, Draft] = field(default_factory=dict)
    _looked: bool = False

    def find(self, name: Value, asking: str) -> Value | None:
        """The value that is exported under a name, its references marked with the template they belong to.

        Args:
            name: as the import says it.
            asking: the template that imports.
        """
        self._look()
        skeleton = _skeleton(name)
        found = [
            (file, value)
            for file, draft in self.drafts.items()
            if file != asking
            for output, value in draft.exports.items()
            if value == name or (skeleton and _skeleton(value) == skeleton)
            for value in (draft.outputs[output],)
        ]
        if len(found) != 1:
            return None  # none, or several: which one is meant shows only when it is deployed
        file, value = found[0]
        return _marked(value, file, self.drafts[file])

    def _look(self) -> None:
        from remit.read.discover import read_bytes

        if self._looked:
            return
        self._looked = True
        for name in self.files:
            try:
                data = read_bytes(self.context.path(name))
            except (OSError, ValueError):
                continue
            if b"Export" not in data:
                continue
            quiet = Context(self.context.folder)  # whoever reads it as a template says what is wrong with it
            document = quiet.parse(name)
            try:
                if document is not None and document.root.under("Outputs") is not None:
                    self.drafts[name] = declared_of(document, name, quiet.includer(name))
            except Malformed:
                continue


def borrow(draft: Draft, exports: Exports) -> None:
    """Adds what a draft imports, with everything it refers to, under names that are free.

    Args:
        draft: what one template declares.
        exports: where imports were looked up.
    """
    names: dict[str, str] = {}
    pending = [target for item in draft.declared.values() for target in _borrowed(item)]
    while pending and len(names) < _MAX_BORROWED:
        target = pending.pop(0)
        if target in names:
            continue
        id_, _, file = target.partition(_MARK)
        other = exports.drafts[file]
        source = other.declared.get(id_)
        own = _free(draft, file, id_)
        names[target] = own
        draft.origins[own] = id_
        if source is None:  # a parameter
            default = other.resolver.parameters.get(id_)
            if default is not None:
                draft.resolver.parameters[own] = default
                if id_ in other.resolver.defaults:
                    draft.resolver.defaults[own] = other.resolver.defaults[id_]
            continue
        copy = Declared(own, source.type, source.properties, source.location, source.metadata, foreign=file)
        if source.type in _FUNCTIONS:
            name = source.properties.at("FunctionName")
            entries = {"FunctionName": name} if name is not None else {}
            copy.properties = Node(entries, source.properties.location)
        rebind(copy, partial(_mark, file=file, draft=other))
        draft.declared[own] = copy
        pending += _borrowed(copy)
    if not names:
        return
    for item in draft.declared.values():
        rebind(item, lambda ref: Ref(names[ref.target], ref.attribute) if ref.target in names else None)
        old = draft.resources.get(item.id)
        label = old.label if old is not None else f"{item.foreign}#{item.id}"
        draft.resources[item.id] = replace(resource_of(item), implied=old is not None and old.implied, label=label)


def handed_over(apps: list[App], lent: list[Lent]) -> list[App]:
    """The Apps with the triggers that others attach to their functions."""
    result = list(apps)
    for item in lent:
        for index, app in enumerate(result):
            function = app.function(item.function)
            if function is None or function.location.file != item.file:
                continue
            own = [trigger for trigger in app.triggers if not (trigger.implied and trigger.function == function.id)]
            known = {(trigger.function, trigger.name, trigger.location) for trigger in own}
            trigger = replace(item.trigger, function=function.id, resource="")
            if (trigger.function, trigger.name, trigger.location) not in known:
                result[index] = replace(app, triggers=(*own, trigger))
    return result


def _marked(value: Value, file: str, draft: Draft) -> Value:
    from remit.read.rebind import rebound_value

    return rebound_value(value, lambda ref: _mark(ref, file, draft))


def _mark(ref: Ref, file: str, draft: Draft) -> Ref | None:
    if ref.target in draft.declared or ref.target in draft.resolver.parameters:
        return Ref(f"{ref.target}{_MARK}{file}", ref.attribute)
    return None


def _borrowed(item: Declared) -> list[str]:
    return [ref.target for ref in refs(item.properties.plain()) if _MARK in ref.target]


def _free(draft: Draft, file: str, name: str) -> str:
    stem = "".join(char for char in posixpath.basename(file).split(".")[0].title() if char.isalnum())
    own, number = name, 1
    while own in draft.declared or own in draft.resolver.parameters:
        own, number = f"{stem}{name}{number if number > 1 else ''}", number + 1
    return own


def _skeleton(value: Value) -> str:
    """A name with a star for everything that is not literal; ``""`` when too little is."""
    parts = value.parts if isinstance(value, Text) else (value,)
    literal = "".join(part for part in parts if isinstance(part, str))
    if len(literal) < _MIN_LITERAL:
        return ""
    return "".join(part if isinstance(part, str) else "*" for part in parts)

"""Modules, ``count`` and ``for_each`` expanded: from what a root module declares to the instances it makes."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.report import Failure, Skip
from remit.app.value import OTHERS, Ref, Unknown, Value, options
from remit.read.terraform import remote
from remit.read.terraform.blocks import META, contents, of_type, with_texts
from remit.read.terraform.calls import Context
from remit.read.terraform.constraints import conform
from remit.read.terraform.evaluate import Evaluator
from remit.read.terraform.function_files import content, rendered
from remit.read.terraform.functions import Functions
from remit.read.terraform.instance import Instance
from remit.read.terraform.known import Wrong, text_of
from remit.read.terraform.module import Declaration, Module, local_folder
from remit.read.terraform.sources import Sources
from remit.read.terraform.syntax import Expr
from remit.read.terraform.things import NOTHING, PSEUDO, SAM_METADATA, Called, Frame, ModuleThing, Thing

#: Bounds on what ``count``, ``for_each`` and module calls make.
MAX_EACH = 1_000
MAX_THINGS = 10_000
MAX_MODULES = 1_000
MAX_CHAIN = 12
_WORKSPACE = "terraform.workspace"
_NOT_A_WORD = re.compile(r"\W+", re.ASCII)
_MODULE = re.compile(r"(?:(?<=\.)|^)module\.")
_CYCLE = Unknown("a value that depends on itself")
#: Makes one instance: its suffix in the address, the names bound in it, whether it may not be made -> a reference to it;
#: ``None`` when it is too many.
Make = Callable[[str, Mapping[str, Node], bool], Node | None]
_SURE = False


class Expansion:
    """Everything one root module makes.

    Args:
        sources: its files.
        skips: gets what is not looked at.
        failures: gets what should be there and is not.
    """

    def __init__(self, sources: Sources, skips: list[Skip], failures: list[Failure]) -> None:
        self.sources = sources
        self.skips = skips
        self.failures = failures
        self.functions = Functions(sources)
        self.evaluator = Evaluator(self._look, self._attribute, self.functions)
        self.parameters: dict[str, Node] = {}
        self.things: dict[tuple[str, tuple[str, str, str]], list[Thing]] = {}
        self._ids: set[str] = set()
        self._modules = 0
        self._count = 0
        self._listed: dict[str, Mapping[str, str]] = {}

    def instances(self, called: Called) -> Iterator[Instance]:
        """Every instance of a module and of those it calls, in the order in which they are declared."""
        for key, declaration in called.module.resources.items():
            self._resource(called, key)
            for thing in self.things.get((called.path, key), ()):
                if declaration.type not in NOTHING or declaration.name.startswith(SAM_METADATA):
                    yield self._instance(thing)
        for name in called.module.calls:
            node = self._call(called, name)
            for item in _inside(node):
                inner = self.evaluator.things.get(item.target)
                if isinstance(inner, ModuleThing) and inner.called is not None:
                    yield from self.instances(inner.called)

    def _instance(self, thing: Thing) -> Instance:
        declaration, frame = thing.declaration, thing.frame
        found = contents(self.evaluator, declaration.body, frame)
        if "environment" in found:
            found["environment"] = with_texts(self.evaluator, found["environment"], "variables")
        at = frame.at(declaration.at)
        mode, type_ = declaration.mode, declaration.type
        folder = frame.called.module.folder
        return Instance(thing.id, thing.address, mode, type_, Node(found, at), at, folder, thing.optional)

    # What names mean

    def _look(self, kind: str, name: str, frame: Frame) -> Node | None:
        called = frame.called
        if kind == "var":
            return self._variable(called, name)
        if kind == "local":
            return self._local(called, name)
        if kind == "module":
            return self._call(called, name) if name in called.module.calls else None
        if kind in ("data", "resource"):
            type_, _, own = name.partition(".")
            key = (kind, type_, own)
            return self._resource(called, key) if key in called.module.resources else None
        return self._word(kind, name, called)

    def _word(self, kind: str, name: str, called: Called) -> Node | None:
        here = Location(called.module.files[0] if called.module.files else "")
        if kind == "path":
            if name not in ("module", "root", "cwd"):
                return None
            return Node(_relative(called.module.folder, called.base) if name == "module" else ".", here)
        if kind == "terraform" and name == "workspace":
            self.parameters.setdefault(_WORKSPACE, Node("default", here))
            return Node(Ref(_WORKSPACE), here)
        return None

    def _variable(self, called: Called, name: str) -> Node | None:
        declaration = called.module.variables.get(name)
        if declaration is None:
            return None
        key = ("var", name)
        if key in called.values:
            return called.values[key]
        if key in called.busy:
            return Node(_CYCLE, declaration.location())
        called.busy.add(key)
        frame = Frame(called, declaration.file, {})
        node = self._given(called, declaration, frame)
        called.busy.discard(key)
        called.values[key] = conform(node, declaration.body.expr("type"), self.evaluator, frame)
        return called.values[key]

    def _given(self, called: Called, declaration: Declaration, frame: Frame) -> Node:
        name = declaration.name
        default = declaration.body.expr("default")
        passed = called.inputs.get(name)
        node = self.evaluator.safe(*passed) if passed is not None else called.given.get(name)
        if node is not None and (node.value is not None or default is None):
            return node
        at = frame.at(declaration.at)
        if default is not None and (node is None or _is_false(declaration.body.expr("nullable"))):
            return self.evaluator.safe(default, frame)
        if node is not None:
            return node
        if called.path:
            return Node(Unknown(f"the variable {name}, which is not given"), at)
        self.parameters[name] = Node(Unknown(f"the variable {name} has no default"), at)
        return Node(Ref(name), at)

    def _local(self, called: Called, name: str) -> Node | None:
        local = called.module.locals.get(name)
        if local is None:
            return None
        return self._once(called, ("local", name), local.argument.value, Frame(called, local.file, {}))

    def _once(self, called: Called, key: tuple[str, str], expr: Expr, frame: Frame) -> Node:
        found = called.values.get(key)
        if found is not None:
            return found
        if key in called.busy:
            return Node(_CYCLE, frame.at(expr.at))
        called.busy.add(key)
        node = self.evaluator.safe(expr, frame)
        called.busy.discard(key)
        called.values[key] = node
        return node

    # Resources

    def _resource(self, called: Called, key: tuple[str, str, str]) -> Node:
        found = called.resources.get(key)
        if found is not None:
            return found
        declaration = called.module.resources[key]
        frame = Frame(called, declaration.file, {})
        at = frame.at(declaration.at)
        called.resources[key] = Node(_CYCLE, at)
        mode, type_, name = key
        address = ".".join(part for part in (called.path, "data" if mode == "data" else "", type_, name) if part)
        things = self.things.setdefault((called.path, key), [])

        def make(suffix: str, names: Mapping[str, Node], optional: bool) -> Node | None:
            self._count += 1
            if self._count > MAX_THINGS:
                return None
            inner = Frame(called, declaration.file, names)
            unsure = optional or called.optional
            thing = Thing(self._id(address + suffix), address + suffix, declaration, inner, unsure)
            self.evaluator.things[thing.id] = thing
            things.append(thing)
            return Node(Ref(thing.id), at)

        node = self._each(declaration, frame, address, make)
        called.resources[key] = node
        return node

    def _each(self, declaration: Declaration, frame: Frame, address: str, make: Make) -> Node:
        """One node for what a block makes: a reference, a tuple of them, or a mapping of them by key."""
        at = frame.at(declaration.at)
        count, each = declaration.body.expr("count"), declaration.body.expr("for_each")
        if count is not None:
            return self._counted(self.evaluator.safe(count, frame), address, at, make)
        if each is not None:
            return self._keyed(self.evaluator.safe(each, frame), address, at, make)
        node = make("", {}, _SURE)
        return node if node is not None else self._too_many(address, at)

    def _counted(self, node: Node, address: str, at: Location, make: Make) -> Node:
        numbers = [_whole(option) for option in options(self.evaluator.literal(node))]
        known = [number for number in numbers if number is not None]
        # Only the deployment knows how many: one, or as many as it may be at most.
        told = bool(known) and len(known) == len(numbers) and not node.absent
        count = max(known) if told else max([*known, 1])
        least = min(known) if told else 0
        found: list[Node] = []
        for number in range(min(count, MAX_EACH)):
            index = Node({"index": Node(number, node.location)}, node.location)
            made = make(f"[{number}]", {"count": index}, number >= least)
            if made is None:
                break
            found.append(made)
        if len(found) < count:
            self._too_many(address, at)
        return Node(tuple(found), at)

    def _keyed(self, node: Node, address: str, at: Location, make: Make) -> Node:
        found: dict[str, Node] = {}
        for key, value in self._keys(node):
            unsure = node.absent or value.absent or isinstance(value.value, Unknown)
            name = self.evaluator.key(key)
            said = name if name != OTHERS else ""
            inside = Node(value.value, value.location, value.key)  # there, where the resource is
            each = Node({"key": key, "value": inside}, value.location)
            made = make(f'["{said}"]' if said else "", {"each": each}, unsure) if len(found) < MAX_EACH else None
            if made is None:
                self._too_many(address, at)
                break
            found[name] = made
        return Node(found, at)

    def _keys(self, node: Node) -> Iterator[tuple[Node, Node]]:
        value = node.value
        if isinstance(value, Mapping):
            yield from self.evaluator.pairs(node)
        elif isinstance(value, tuple):
            for item in value:
                if not isinstance(item.value, Mapping | tuple):
                    yield item, item
        elif value is not None:
            # Only the deployment knows which: one that stands for all of them.
            unknown = Node(Unknown("an element of what the deployment decides"), node.location)
            yield unknown, unknown

    def _too_many(self, address: str, at: Location) -> Node:
        why = f"makes more than {MAX_EACH:,} of these, or the app more than {MAX_THINGS:,}; the rest was not looked at"
        self.skips.append(Skip(address, why, at, blind=True))
        return Node(Unknown("one of far too many"), at)

    def _id(self, address: str) -> str:
        # The word "module" before each name of a module says nothing; the rest is what makes the address its own.
        stem = _NOT_A_WORD.sub("_", _MODULE.sub("", address)).strip("_")[:200]
        name, number = stem, 1
        while name in self._ids:
            number += 1
            name = f"{stem}_{number}"
        self._ids.add(name)
        return name

    # Attributes

    def _attribute(self, thing: Thing | ModuleThing, name: str, at: Location) -> Node:
        if isinstance(thing, ModuleThing):
            return self._output(thing, name, at)
        declaration = thing.declaration
        if declaration.mode == "data":
            found = self._of_data(thing, name, at)
            if found is not None:
                return found
        if thing.owns(name) and declaration.type not in NOTHING:
            return Node(Ref(thing.id, name), at)
        node = self._configured(thing, name)
        if node is not None:
            return node
        if declaration.type in NOTHING:
            why = f"{name} of {thing.address}, which only a run of Terraform knows"
            return Node(Unknown(why), at)
        return Node(Ref(thing.id, name), at)

    def _configured(self, thing: Thing, name: str) -> Node | None:
        """What the configuration says an attribute is; ``None`` when it says nothing."""
        if name in META or name in thing.busy:
            return None
        if name in thing.values:
            node = thing.values[name]
            return None if node.value is None else node
        expr = thing.declaration.body.expr(name)
        thing.busy.add(name)
        if expr is not None:
            node = self.evaluator.safe(expr, thing.frame)
        else:
            blocks = of_type(self.evaluator, thing.declaration.body, name, thing.frame)
            node = Node(blocks or None, thing.frame.at(thing.declaration.at))
        thing.busy.discard(name)
        thing.values[name] = node
        return None if node.value is None else node

    def _of_data(self, thing: Thing, name: str, at: Location) -> Node | None:
        type_ = thing.declaration.type
        pseudo = PSEUDO.get(type_, {}).get(name)
        if pseudo is not None and not (type_ == "aws_region" and thing.declaration.body.arguments):
            return Node(pseudo, at)  # type: ignore[arg-type]
        context = Context(self.evaluator, thing.frame, at, self.functions)
        try:
            if type_ == "local_file" and name == "content":
                filename = self._configured(thing, "filename")
                return Node(content(context, filename), at) if filename is not None else None
            if type_ == "template_file" and name == "rendered":
                template, given = self._configured(thing, "template"), self._configured(thing, "vars")
                if template is not None and isinstance(template.value, str):
                    return rendered(context, template.value, given or Node({}, at))
        except Wrong as error:
            return Node(Unknown(error.why), at)
        return None

    def _output(self, thing: ModuleThing, name: str, at: Location) -> Node:
        called = thing.called
        if called is None:
            return Node(Unknown(f"{name} of a module that {thing.why}"), at)
        declaration = called.module.outputs.get(name)
        expr = declaration.body.expr("value") if declaration is not None else None
        if declaration is None or expr is None:
            if called.shown is not None:
                return Node(Unknown(f"the output {name} of {thing.id}"), at)
            raise Wrong(f'the module has no output "{name}"')
        return self._once(called, ("output", name), expr, Frame(called, declaration.file, {}))

    # Modules

    def _call(self, called: Called, name: str) -> Node:
        found = called.calls.get(name)
        if found is not None:
            return found
        declaration = called.module.calls[name]
        frame = Frame(called, declaration.file, {})
        at = frame.at(declaration.at)
        called.calls[name] = Node(_CYCLE, at)
        address = f"{called.path}.module.{name}".lstrip(".")
        source = self.evaluator.literal(self.evaluator.safe(expr, frame)) if (expr := _source(declaration)) else ""
        module, shown, why = self._source(called, declaration, source, address, at)

        def make(suffix: str, names: Mapping[str, Node], optional: bool) -> Node | None:
            self._modules += 1
            if self._modules > MAX_MODULES:
                return None
            inner = Frame(called, declaration.file, names)
            inputs = {
                argument.name: (argument.value, inner)
                for argument in declaration.body.arguments.values()
                if argument.name not in META and argument.name not in ("source", "version")
            }
            path = address + suffix
            child = None
            if module is not None:
                chain = (*called.chain, _identity(called))
                unsure = optional or called.optional
                child = Called(module, path, called.base, inputs, shown=shown, chain=chain, optional=unsure)
                if shown is not None:
                    self.skips += remote.not_modelled(module, inputs, path, at)
            thing = ModuleThing(path, child, why)
            self.evaluator.things[path] = thing
            return Node(Ref(path), at)

        called.calls[name] = self._each(declaration, frame, address, make)
        return called.calls[name]

    def _source(
        self, called: Called, declaration: Declaration, source: Value, address: str, at: Location
    ) -> tuple[Module | None, Location | None, str]:
        """The module that is called, where its text is said to stand if it is not the user's, and why it is not here."""
        if not isinstance(source, str) or not source:
            return None, None, self._blind(address, "has a source that only a run of Terraform knows", at)
        folder = local_folder(called.module.folder, source)
        if folder is None:
            return self._remote(called, source, address, at)
        if called.shown is None and (folder == ".." or folder.startswith("../")):
            why = f"lies outside the examined folder ({source}); start from a folder that holds both"
            return None, None, self._blind(address, why, at)
        if folder in (*called.chain, called.module.folder) or len(called.chain) >= MAX_CHAIN:
            return None, None, self._blind(address, f"calls itself, or is nested too deeply ({source})", at)
        module = self.sources.module(folder)
        if module is None:
            self.failures.append(Failure(declaration.file, f"there is no module in {source}", at))
            return None, None, f"is not in {source}"
        return module, called.shown, ""

    def _remote(
        self, called: Called, source: str, address: str, at: Location
    ) -> tuple[Module | None, Location | None, str]:
        module = remote.model(source)
        if module is not None:
            return module, at, ""
        folder = self._copies(called.base).get(address.replace("module.", ""))
        if folder is not None and folder not in called.chain and len(called.chain) < MAX_CHAIN:
            module = self.sources.module(folder)
            if module is not None:
                return module, None, ""
        why = f"comes from {source[:120]}, which is not here; what it makes was not examined"
        return None, None, self._blind(address, why, at)

    def _copies(self, base: str) -> Mapping[str, str]:
        if base not in self._listed:
            self._listed[base] = remote.copies(self.sources, base)
        return self._listed[base]

    def _blind(self, address: str, why: str, at: Location) -> str:
        self.skips.append(Skip(address, why, at, blind=True))
        return why


def _inside(node: Node) -> Iterator[Ref]:
    value = node.value
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else (node,)
    for item in items:
        if isinstance(item.value, Ref):
            yield item.value


def _identity(called: Called) -> str:
    return called.module.folder


def _source(declaration: Declaration) -> Expr | None:
    return declaration.body.expr("source")


def _whole(value: Value) -> int | None:
    text = text_of(value)
    return int(text) if text is not None and text.isdecimal() and len(text) < 12 else 0 if text is not None else None


def _is_false(expr: Expr | None) -> bool:
    return getattr(expr, "value", None) is False


def _relative(folder: str, base: str) -> str:
    return posixpath.relpath(folder or ".", base or ".")

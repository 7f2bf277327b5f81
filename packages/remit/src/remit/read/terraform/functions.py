"""Terraform's functions: which there are, and how one is called.

``PLAIN`` functions work on literal values; given anything symbolic they say ``Unknown`` with their own name. The others
work on nodes: they keep symbols, places and structure.
"""

from collections.abc import Callable

from remit.app.location import Location
from remit.app.node import Node, graft
from remit.app.value import Unknown, Value
from remit.read.terraform.calls import Context
from remit.read.terraform.evaluate import Evaluator, Open, bounded_text
from remit.read.terraform.function_collections import COLLECTIONS
from remit.read.terraform.function_files import FILES
from remit.read.terraform.function_numbers import NUMBERS
from remit.read.terraform.function_structures import STRUCTURES
from remit.read.terraform.function_texts import SYMBOLIC, TEXTS
from remit.read.terraform.known import MAX_TEXT, Wrong, is_literal
from remit.read.terraform.patterns import cost
from remit.read.terraform.sources import Sources
from remit.read.terraform.syntax import Call
from remit.read.terraform.things import Frame

PLAIN: dict[str, Callable[..., Value]] = {**TEXTS, **NUMBERS}
NODES: dict[str, Callable[..., Node | Value]] = {**COLLECTIONS, **STRUCTURES, **SYMBOLIC, **FILES}
#: What only a run of Terraform knows: a clock, a die, a key.
_AT_RUN = frozenset(("timestamp", "plantimestamp", "uuid", "uuidv5", "bcrypt", "rsadecrypt", "terraform_remote_state"))
#: Functions that may run a pattern, and how many of its steps weigh as much as one expression.
_SEARCH = frozenset(("regex", "regexall", "replace"))
_STEPS_OF_SEARCH = 500
#: What these give stands in the file that they read.
_FILES = frozenset(("file", "templatefile"))


class Functions:
    """Calls functions.

    Args:
        sources: the files that some of them read.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        #: Functions that were called and are not known here.
        self.missing: set[str] = set()

    def __call__(self, evaluator: Evaluator, expr: Call, frame: Frame) -> Node:
        """The value of one call.

        Raises:
            Wrong: Terraform would refuse it.
        """
        at = frame.at(expr.at)
        name = expr.name.removeprefix("core::")
        if name == "try":
            return self._try(evaluator, expr, frame)
        if name == "can":
            return self._can(evaluator, expr, frame)
        arguments = [evaluator.value(argument, frame) for argument in expr.arguments]
        if expr.spread and arguments:
            last = arguments.pop()
            if not isinstance(last.value, tuple):
                return Node(Unknown(f"{name}(...) of what the deployment decides"), at)
            arguments += last.value
        plain = PLAIN.get(name)
        if plain is not None:
            return self._plain(evaluator, name, plain, arguments, at)
        function = NODES.get(name)
        if function is None:
            if name in _AT_RUN:
                return Node(Unknown(f"{name}(), which only a run of Terraform knows"), at)
            self.missing.add(name)
            return Node(Unknown(f"the function {name}, which is not known here"), at)
        _check(name, function, len(arguments), 1)
        try:
            result = function(Context(evaluator, frame, at, self), *arguments)
        except Open as error:
            return Node(Unknown(f"{name}({error.why})"), at)
        return self._placed(evaluator, result, at) if name not in _FILES else result  # type: ignore[return-value]

    def _plain(
        self, evaluator: Evaluator, name: str, function: Callable[..., Value], arguments: list[Node], at: Location
    ) -> Node:
        values = [evaluator.literal(argument) for argument in arguments]
        _check(name, function, len(values), 0)
        if not all(is_literal(value) for value in values):
            return Node(Unknown(f"{name}() of what the deployment decides"), at)
        if name in _SEARCH and isinstance(values[0], str) and isinstance(values[1], str):
            pattern, text = (values[1], values[0]) if name == "replace" else (values[0], values[1])
            evaluator.spend(cost(pattern, text) // _STEPS_OF_SEARCH if len(text) < MAX_TEXT else 0, at)
        return self._placed(evaluator, function(*values), at)

    def _placed(self, evaluator: Evaluator, result: Node | Value, at: Location) -> Node:
        node = Node(result.value, at) if isinstance(result, Node) else graft(result, at)
        if isinstance(node.value, dict | tuple):
            evaluator.sizes.bounded(node.value)
        elif isinstance(node.value, str):
            bounded_text(node.value)
        return node

    def _try(self, evaluator: Evaluator, expr: Call, frame: Frame) -> Node:
        for argument in expr.arguments:
            try:
                node = evaluator.value(argument, frame)
            except Wrong:
                continue
            return evaluator.moved(node, frame.at(expr.at), frame)
        raise Wrong("none of the arguments of try() has a value")

    def _can(self, evaluator: Evaluator, expr: Call, frame: Frame) -> Node:
        says: bool | Unknown = True
        try:
            node = evaluator.value(expr.arguments[0], frame) if expr.arguments else None
        except Wrong:
            says = False
        else:
            if node is None or isinstance(node.value, Unknown):
                says = Unknown("whether something can be said")
        return Node(says, frame.at(expr.at))


def _check(name: str, function: Callable[..., object], count: int, extra: int) -> None:
    """Whether a function takes that many arguments.

    Raises:
        Wrong: it does not.
    """
    code = function.__code__
    most = code.co_argcount - extra
    least = most - len(function.__defaults__ or ())
    if count < least or (count > most and not code.co_flags & 0x04):
        raise Wrong(f"{name}() with {count} arguments")

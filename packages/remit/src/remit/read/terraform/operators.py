"""Arithmetic, comparison and logic, where an operand may be open."""

from collections.abc import Callable, Mapping
from math import isfinite

from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.read.terraform.known import Wrong, is_literal, truth

_OPEN = Unknown("a condition that the deployment decides")
_LARGEST = 1e300


def unary(operator: str, value: Value) -> Value:
    """``!a`` or ``-a``.

    Raises:
        Wrong: the operand has the wrong kind.
    """
    if operator == "!":
        decided = truth(value)
        return _OPEN if decided is None else not decided
    number = _number(value)
    return Unknown("a number that the deployment decides") if number is None else -number


def logical(operator: str, one: bool | None, two: bool | None) -> Value:
    """``&&`` and ``||`` with an open operand."""
    decides = operator == "||"
    if decides in (one, two):
        return decides
    return _OPEN if one is None or two is None else not decides


def binary(operator: str, left: Value, right: Value) -> Value:
    """Comparison and arithmetic.

    Raises:
        Wrong: the operands have the wrong kind, or the result is no number.
    """
    if operator in ("==", "!="):
        same = equal(left, right)
        return _OPEN if same is None else same == (operator == "==")
    one, two = _number(left), _number(right)
    if one is None or two is None:
        return Unknown("a number that the deployment decides") if operator in _ARITHMETIC else _OPEN
    if operator in _COMPARE:
        return _COMPARE[operator](one, two)
    calculate = _ARITHMETIC.get(operator)
    if calculate is None:
        raise Wrong(f"{operator} is not an operator")
    try:
        result = calculate(one, two)
    except (ZeroDivisionError, OverflowError, ValueError):
        raise Wrong(f"{operator} has no result here") from None
    if abs(result) > _LARGEST:
        raise Wrong("a number that is too large")
    return int(result) if isinstance(result, float) and result.is_integer() and abs(result) < 1e15 else result


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are the same; ``None`` when that is open."""
    if is_literal(left) and is_literal(right):
        if isinstance(left, bool) != isinstance(right, bool):
            return False
        return left == right
    for one, other in ((left, right), (right, left)):
        # What names a resource, and a text, is something; a parameter may be nothing.
        if one is None and isinstance(other, Text | Mapping | tuple):
            return False
        if one is None and isinstance(other, Ref) and (other.attribute or other.target.startswith("AWS::")):
            return False
        if isinstance(one, Mapping | tuple) and not one and isinstance(other, Mapping | tuple) and other:
            return False
    if isinstance(left, Choice) or isinstance(right, Choice):
        return None
    if left == right and isinstance(left, Ref):
        return True
    return None


def _number(value: Value) -> float | None:
    if isinstance(value, bool) or value is None or isinstance(value, Mapping | tuple):
        raise Wrong("a calculation with something that is no number")
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        try:
            return int(value) if len(value) < 40 else float(value)
        except ValueError:
            pass
        try:
            number = float(value)
        except ValueError:
            raise Wrong("a calculation with a text that is no number") from None
        if not isfinite(number):
            raise Wrong("a calculation with a text that is no number")
        return number
    return None


def _remainder(one: float, two: float) -> float:
    rest = abs(one) % abs(two)
    return -rest if one < 0 else rest


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, two: one + two,
    "-": lambda one, two: one - two,
    "*": lambda one, two: one * two,
    "/": lambda one, two: one / two,
    "%": _remainder,
}

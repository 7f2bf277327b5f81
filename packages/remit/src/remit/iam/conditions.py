"""The ``Condition`` block: is it fulfilled by a request? Yes, maybe, or no.

Every operator, every key. All tests of a block must hold, and of each test one value (none, for a negative operator).
*Maybe* is answered where the request or the policy holds something unknown, and where AWS calls the result undefined: an
operator for one value on a key that has several, of which only some match; a negative operator on a policy variable
that has no value.

Source: IAM user guide, "Condition operators", "Single-valued vs. multivalued context keys", "Set operators".
"""

from collections.abc import Mapping

from remit.app.noun import Struct
from remit.app.value import Choice, Ref, Text, Unknown, Value, options
from remit.iam.arns import long
from remit.iam.match import SOFT, WORD, Answer, Token
from remit.iam.operators import MATCHES, OPPOSITES, TEXTS
from remit.iam.request import Situation
from remit.iam.variables import compare, is_plain, pattern, subject

_EVERY, _SOME = "forallvalues:", "foranyvalue:"
_FIELDS = 6
#: A value of a policy ready for comparing: tokens, a text, ``None`` for an unresolvable variable, or something unknown.
Prepared = tuple[Token, ...] | str | Unknown | None


class Operator(Struct, frozen=True):
    """A condition operator taken apart.

    Args:
        name: positive form in lower case: ``stringlike``.
        negative: whether it stood as its opposite.
        quantifier: ``forallvalues:``, ``foranyvalue:`` or ``""``.
        if_exists: whether an absent key fulfils it.
    """

    name: str
    negative: bool = False
    quantifier: str = ""
    if_exists: bool = False


def operator_of(text: str) -> Operator | None:
    """Takes an operator apart; ``None`` when there is no such operator. Case does not matter."""
    low = text.strip().lower()
    quantifier = next((prefix for prefix in (_EVERY, _SOME) if low.startswith(prefix)), "")
    low = low[len(quantifier) :]
    if_exists = low.endswith("ifexists")
    low = low.removesuffix("ifexists")
    name = OPPOSITES.get(low, low)
    if name == "null":
        return None if if_exists or quantifier else Operator(name)
    if name not in MATCHES and name not in TEXTS:
        return None
    return Operator(name, name != low, quantifier, if_exists)


def fulfilled(conditions: Value, asked: Situation, *, variables: bool = True) -> Answer:
    """Whether a condition block holds for a request.

    Args:
        conditions: operator to condition key to value or values, as ``Grant.conditions`` has it; ``None`` for none.
        asked: the request.
        variables: whether there are policy variables in it.
    """
    if conditions is None:
        return Answer.YES
    if not isinstance(conditions, Mapping):
        return Answer.MAYBE
    worst = Answer.YES
    for text, tests in conditions.items():
        operator = operator_of(text)
        if operator is None or not isinstance(tests, Mapping):
            worst = min(worst, Answer.MAYBE)
            continue
        for key, wanted in tests.items():
            worst = min(worst, _test(operator, wanted, asked.get(key), asked, variables=variables))
            if worst is Answer.NO:
                return worst
    return worst


def _test(operator: Operator, wanted: Value, given: Value, asked: Situation, *, variables: bool) -> Answer:
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    if operator.name == "null":
        return _null(values, given)
    if isinstance(given, Unknown):
        return Answer.MAYBE
    if given is None:
        return _absent(operator)
    prepared = [item for value in values for item in _prepared(operator, value, asked, variables=variables)]
    answers = [_one(operator, prepared, item, asked) for item in (given if isinstance(given, tuple) else (given,))]
    if operator.quantifier == _SOME:
        return max(answers)
    if operator.quantifier == _EVERY or len(set(answers)) == 1:
        return min(answers)
    return Answer.MAYBE


def _null(values: tuple[Value, ...], given: Value) -> Answer:
    if isinstance(given, Unknown) or not all(isinstance(value, str | bool) for value in values):
        return Answer.MAYBE
    absent = "true" if given is None else "false"
    return _sure(any(str(value).strip().lower() == absent for value in values))


def _absent(operator: Operator) -> Answer:
    """What a test of a key answers that the request does not have."""
    if operator.if_exists or operator.quantifier == _EVERY:
        return Answer.YES
    return _sure(operator.negative and operator.quantifier != _SOME)


def _prepared(operator: Operator, value: Value, asked: Situation, *, variables: bool) -> list[Prepared]:
    found: list[Prepared] = []
    for option in options(value):
        if isinstance(option, bool | int | float):
            option = str(option).lower()
        if not isinstance(option, str | Ref | Text | Choice):
            found.append(Unknown("a value of a condition"))
        elif operator.name in TEXTS:
            text = option if isinstance(option, str) else long(asked.app, option)
            wild = operator.name in ("stringlike", "arnlike", "arnequals")
            found.append(pattern(text, asked, wild=wild, variables=variables))
        else:
            found.append(option if isinstance(option, str) else Unknown("a value of a condition"))
    return found


def _one(operator: Operator, prepared: list[Prepared], given: Value, asked: Situation) -> Answer:
    """One value of the request against all values of the policy."""
    best = Answer.NO
    for wanted in prepared:
        best = max(best, _pair(operator, wanted, given, asked))
    if not operator.negative:
        return best
    if best is Answer.NO and None in prepared:
        return Answer.MAYBE  # "this might cause the entire statement to be invalid": it is not written when
    return Answer(Answer.YES - best)


def _pair(operator: Operator, wanted: Prepared, given: Value, asked: Situation) -> Answer:
    if isinstance(given, bool | int | float):
        given = str(given).lower()
    if wanted is None:
        return Answer.NO
    if isinstance(wanted, Unknown) or not isinstance(given, str | Ref | Text):
        return Answer.MAYBE
    if isinstance(wanted, str):
        return _sure(MATCHES[operator.name](wanted, given)) if isinstance(given, str) else Answer.MAYBE
    tokens = subject(given if isinstance(given, str) else long(asked.app, given), asked)
    if operator.name.startswith("arn"):
        return _arn(wanted, tokens)
    if operator.name.endswith("ignorecase"):
        return compare(_lower(wanted), _lower(tokens))
    return compare(wanted, tokens)


def _arn(wanted: tuple[Token, ...], given: tuple[Token, ...]) -> Answer:
    """ARNs are compared in six fields, each for itself; what is no ARN matches nothing."""
    if not is_plain(given) or any(token[0] in (SOFT, WORD, "hard") for token in wanted if not isinstance(token, str)):
        return compare(wanted, given)
    left, right = _fields(wanted), _fields(given)
    if len(left) < _FIELDS or len(right) < _FIELDS:
        return Answer.NO
    return min(compare(mine, theirs) for mine, theirs in zip(left, right, strict=True))


def _fields(found: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    fields: list[list[Token]] = [[]]
    for token in found:
        if token == ":" and len(fields) < _FIELDS:
            fields.append([])
        else:
            fields[-1].append(token)
    return [tuple(field) for field in fields]


def _lower(found: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(token.lower() if isinstance(token, str) else token for token in found)


def _sure(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO

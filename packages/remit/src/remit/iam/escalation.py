"""Ways in which a role can make itself, or something it controls, stronger: by the account's rules and by this app's parts."""

from collections.abc import Iterator, Mapping

from remit.app.model import App, Role
from remit.app.noun import Struct
from remit.app.value import Ref, Text, Value
from remit.iam import catalog
from remit.iam.arns import long
from remit.iam.judge import Judge
from remit.iam.match import Answer
from remit.iam.methods import PASS_ROLE, Method, Need, methods
from remit.iam.stronger import gain, trusts

_ASSUME = "sts:AssumeRole"


class Step(Struct, frozen=True):
    """One step of a way up.

    Args:
        text: for people, without a subject: ``replaces the code of Admin``.
        action: what the role is allowed for it; ``""`` for a step that happens by itself.
        on: on which resource.
    """

    text: str
    action: str = ""
    on: Value = None


class Escalation(Struct, frozen=True):
    """One way up that a role really has.

    Args:
        id: of the method.
        actions: all that are used.
        phrase: completes "the role ...".
        gain: what somebody has then, as a noun.
        targets: roles and functions of the app that are won; empty when it is the account that gives way.
        steps: the way, in order.
        reference: where the method is described, if anywhere.
        sure: whether it hangs on no condition and no value that is only known at deployment.
    """

    id: str
    actions: tuple[str, ...]
    phrase: str
    gain: str
    targets: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    reference: str = ""
    sure: bool = True


def escalations(app: App, role: Role, *, doubtful: bool = False) -> tuple[Escalation, ...]:
    """The ways in which a role can come to more rights than it has: what it can run as or make itself, on some resource.

    Deny, conditions (which service a role may be passed to) and the role's permissions boundary count. Feeding what runs
    as a stronger role is not among them: that is ``moves``.

    Args:
        app: the app.
        role: the role.
        doubtful: whether to tell those as well that hang on a condition or on a value that is only known at deployment.
    """
    judge = Judge(app, role)
    found = list(_by_methods(judge))
    if judge.speaks_of(_ASSUME):
        found += _assumed(judge)
    from remit.iam.inside import controls

    found += controls(judge)
    return tuple(way for way in found if way.sure or doubtful)


def _by_methods(judge: Judge) -> Iterator[Escalation]:
    spoken: dict[str, bool] = {}

    def is_spoken_of(action: str) -> bool:
        if action not in spoken:
            spoken[action] = judge.speaks_of(action)
        return spoken[action]

    for method in methods():
        if all(is_spoken_of(need.action) for need in method.needs):
            yield from _held(judge, method)


def _held(judge: Judge, method: Method) -> Iterator[Escalation]:
    """The method as the role holds it: once, with the resources it holds it on."""
    context: Mapping[str, Value] = {"iam:PassedToService": method.service} if method.service else {}
    groups: dict[str, list[Need]] = {}
    for place, need in enumerate(method.needs):
        groups.setdefault(need.on or str(place), []).append(need)
    steps: list[Step] = []
    sure = Answer.YES
    passed: Value = "*"
    for needs in groups.values():
        answer, on = _best(judge, method, needs, context)
        if answer is Answer.NO:
            return
        sure = min(sure, answer)
        steps += [Step(f"{need.action} on {_shown(on)}", need.action, on) for need in needs]
        if needs[0].action == PASS_ROLE:
            passed = on
    role = _role_of(judge.app, passed)
    won = gain(judge.app, judge.role, [role]) if role is not None else _rights(method, passed)
    yield Escalation(
        method.id, method.actions, method.phrase, won, (role.id,) if role is not None else (), tuple(steps),
        method.reference, sure is Answer.YES,
    )  # fmt: skip


def _best(judge: Judge, method: Method, needs: list[Need], context: Mapping[str, Value]) -> tuple[Answer, Value]:
    """The resource on which all the needs are met most surely: every one, else one that a statement names."""
    best: tuple[Answer, Value] = (Answer.NO, None)
    for on in _candidates(judge, needs):
        answer = min(judge.may(need.action, on, context) for need in needs)
        if answer <= best[0]:
            continue
        if not _is_worth(judge, method, needs[0], on):
            continue
        best = (answer, on)
        if answer is Answer.YES:
            break
    return best


def _candidates(judge: Judge, needs: list[Need]) -> Iterator[Value]:
    yield "*"
    fitting = [item for item in judge.mentioned(needs[0].action) if item != "*" and _fits(judge, needs[0].action, item)]
    if needs[0].on == "role":
        yield from (item for item in fitting if _role_of(judge.app, item) is not None)
    yield from fitting


def _fits(judge: Judge, action: str, resource: Value) -> bool:
    """Whether a resource can be one that the action works on: a bucket named beside ``iam:PassRole`` is no role."""
    templates = catalog.templates(action)
    spelled = long(judge.app, resource)
    first = spelled.parts if isinstance(spelled, Text) else (spelled,)
    fields = "".join(part if isinstance(part, str) else "\0" for part in first).split(":", 5)
    if not templates or len(fields) < 6:
        return True
    for template in templates.values():
        wanted = template.split(":", 5)
        kind = wanted[5].partition("/")[0] if "/" in wanted[5] else ""
        own = fields[5].partition("/")[0]
        if fields[2] in (wanted[2], "*", "\0") and (
            not kind or "$" in kind or "*" in own or "\0" in own or own == kind
        ):
            return True
    return False


def _role_of(app: App, value: Value) -> Role | None:
    """The role of the app that a value names, if it names one."""
    if isinstance(value, Ref) and value.target in app.roles:
        return app.roles[value.target]
    spelled = long(app, value)
    return next((role for name, role in app.roles.items() if long(app, Ref(name, "Arn")) == spelled), None)


def _is_worth(judge: Judge, method: Method, need: Need, on: Value) -> bool:
    """Whether a role or function of the app wins anything: it is stronger, and the service may run as it."""
    if need.on == "function" and isinstance(on, Ref):
        function = judge.app.function(on.target)
        role = judge.app.role_of(function) if function is not None else None
        return role is None or judge.is_beaten_by(role)
    if need.action != PASS_ROLE:
        return True
    role = _role_of(judge.app, on)
    return role is None or (trusts(role, method.service) and judge.is_beaten_by(role))


def _rights(method: Method, passed: Value) -> str:
    if not method.service:
        return method.gain
    if passed == "*":
        return f"the rights of every role that trusts {method.service}"
    return f"the rights of {_shown(passed)}"


def _shown(value: Value) -> str:
    if value == "*":
        return "everything"
    return value.target if isinstance(value, Ref) else str(value)


def _assumed(judge: Judge) -> Iterator[Escalation]:
    """Roles that the role may become: every one, or those of the app that let it."""
    whole = judge.may(_ASSUME, "*")
    if whole is not Answer.NO:
        step = Step("becomes any role that lets it", _ASSUME, "*")
        gained = "the rights of every role that trusts this account"
        yield Escalation(
            "assume-role", (_ASSUME,), "can become other roles", gained, (), (step,), "", whole is Answer.YES
        )
        return
    for on in judge.mentioned(_ASSUME):
        role = _role_of(judge.app, on)
        answer = judge.may(_ASSUME, on)
        if role is None or answer is Answer.NO or not judge.is_beaten_by(role):
            continue
        gained = gain(judge.app, judge.role, [role])
        step = Step(f"becomes {role.id}", _ASSUME, on)
        yield Escalation(
            "assume-role", (_ASSUME,), f"can become {role.id}", gained, (role.id,), (step,), "", answer is Answer.YES
        )

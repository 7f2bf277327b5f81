"""One request against every policy that has a say in it, as AWS evaluates them.

An explicit Deny anywhere wins. Then what a principal may do is what its identity policies allow, within its permissions
boundary, its session policy and the service control policies; or what the resource's own policy allows it. Between accounts
both sides must allow. Roles (who may assume them) and KMS keys are ruled by their own policy: identity policies count only
as far as that policy lets the account decide.

Source: IAM user guide, "Policy evaluation logic", "Policy evaluation for requests within a single account",
"Cross-account policy evaluation logic"; KMS developer guide, "Key policies".
"""

from collections.abc import Iterable

from remit.app.model import App, Grant
from remit.app.noun import Struct, field
from remit.app.value import Text, Value, options
from remit.iam import catalog
from remit.iam.arns import long
from remit.iam.conditions import fulfilled
from remit.iam.match import STAR, Answer, tokens
from remit.iam.policy import DENY, Decision, completed, names
from remit.iam.principals import Named, speaks_to
from remit.iam.request import FEDERATED, ROOT, SESSION, STRANGERS, USER, Policies, Request, Situation, situation
from remit.iam.variables import compare, is_hard, pattern

#: Actions on a role that its trust policy rules.
_TRUST = frozenset(
    f"sts:{name}".lower()
    for name in ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "TagSession", "SetSourceIdentity")
)
_YES, _MAYBE, _NO = Answer.YES, Answer.MAYBE, Answer.NO


class _Side(Struct):
    """What one set of policies says: the surest Allow (by how it names the principal) and the surest Deny."""

    name: str
    allow: dict[Named, tuple[Answer, Grant | None]] = field(default_factory=dict)
    deny: tuple[Answer, Grant | None] = (_NO, None)

    def allowed(self, *how: Named) -> tuple[Answer, Grant | None]:
        """The surest Allow, of those that name the principal in one of these ways (any way when none is given)."""
        best: tuple[Answer, Grant | None] = (_NO, None)
        for named, found in self.allow.items():
            if (not how or named in how) and found[0] > best[0]:
                best = found
        return best


def evaluate(request: Request, policies: Policies, app: App | None = None) -> Decision:
    """Decides one request.

    Args:
        request: who asks for what.
        policies: everything that has a say.
        app: where references are looked up.

    Returns:
        The decision: *maybe* where it hangs on something unknown; ``grant`` is the statement that decided, ``policy`` the
        set it is from.
    """
    asked = situation(request, app)
    sides = _sides(policies, asked)
    denied = max((side.deny[0] for side in sides.values()), default=_NO)
    doubt = None
    for side in sides.values():
        answer, grant = side.deny
        if answer is _YES:
            return Decision(_NO, grant, f"{_worded(side.name)} denies it", side.name)
        if answer is denied:
            doubt = doubt or (side.name, grant)
    found = _core(asked, policies, sides)
    if found.answer is not _NO:
        found = _limited(found, [side for name, side in sides.items() if name.startswith("scp")])
    if found.answer is not _NO and denied is _MAYBE and doubt:
        return Decision(_MAYBE, doubt[1], f"{_worded(doubt[0])} may deny it", doubt[0])
    return found


def _sides(policies: Policies, asked: Situation) -> dict[str, _Side]:
    """What each set says. A stranger has no identity here, so only the resource's side speaks."""
    sides: dict[str, tuple[Iterable[Grant] | None, bool]] = {
        "resource": (policies.resource, True),
        "rcp": (policies.rcps, False),
    }
    if asked.who.kind not in STRANGERS:
        sides |= {
            "identity": (policies.identity, False),
            "boundary": (policies.boundary, False),
            "session": (policies.session, False),
        }
        if not _is_linked(asked):
            sides |= {f"scp {level}": (grants, False) for level, grants in enumerate(policies.scps, 1)}
    bounded = "boundary" in sides and policies.boundary is not None
    return {
        name: _read(name, grants, asked, by_principal=named, bounded=bounded)
        for name, (grants, named) in sides.items()
        if grants is not None
    }


def _is_linked(asked: Situation) -> bool:
    """Service-linked roles are outside service control policies."""
    return isinstance(asked.who.arn, str) and ":role/aws-service-role/" in asked.who.arn


def _read(name: str, grants: Iterable[Grant], asked: Situation, *, by_principal: bool, bounded: bool) -> _Side:
    side = _Side(name)
    for grant in grants:
        answer, named = speaks_to(grant, asked, bounded=bounded) if by_principal else (_YES, Named.SELF)
        answer = min(answer, _applies(grant, asked)) if answer else answer
        if not answer:
            continue
        answer = min(answer, fulfilled(grant.conditions, asked, variables=grant.variables))
        if grant.effect == DENY:
            side.deny = max(side.deny, (answer, grant), key=lambda pair: pair[0])
        elif answer > side.allow.get(named, (_NO, None))[0]:
            side.allow[named] = (answer, grant)
    return side


def _applies(grant: Grant, asked: Situation) -> Answer:
    """Whether action and resource of a statement are those of the request."""
    if not names(grant, asked.request.action):
        return _NO
    if not grant.resources and not grant.not_resources:
        return _YES  # trust policies and the policies of some services name no resource: it is their own
    worst = _YES
    for option in options(asked.request.resource):
        if grant.not_resources:
            answer = _outside(grant.not_resources, option, asked, variables=grant.variables)
        else:
            answer = _within(grant.resources, option, asked, variables=grant.variables)
        worst = min(worst, answer)
    return worst


def _outside(patterns: tuple[Value, ...], resource: Value, asked: Situation, *, variables: bool) -> Answer:
    """Whether a resource is covered by none of the patterns; maybe, when a policy variable in them has no value."""
    inside = _within(patterns, resource, asked, variables=variables)
    filled = (pattern(option, asked, variables=variables) for stated in patterns for option in options(stated))
    blank = any(item is None for item in filled)
    return _MAYBE if blank and inside is _NO else Answer(_YES - inside)


def _within(patterns: tuple[Value, ...], resource: Value, asked: Situation, *, variables: bool) -> Answer:
    """Whether a resource is covered by any of the patterns."""
    best = _NO
    for stated in patterns:
        found = [_covers(option, resource, asked, variables=variables) for option in options(stated)]
        answer = found[0] if len(set(found)) == 1 else _MAYBE
        best = max(best, answer)
        if best is _YES:
            break
    return best


def _covers(stated: Value, resource: Value, asked: Situation, *, variables: bool) -> Answer:
    if not (isinstance(stated, str) and isinstance(resource, str)):
        stated, resource = long(asked.app, stated), long(asked.app, resource)
    wanted = pattern(stated, asked, variables=variables)
    if wanted is None:
        return _NO
    first = stated.parts[0] if isinstance(stated, Text) else stated
    if isinstance(first, str) and first.startswith("arn:"):
        wanted = completed(wanted)
    given = tokens(resource, lambda ref: is_hard(ref, asked), subject=True)
    if given == (STAR,) and catalog.spelled(asked.request.action) and not catalog.templates(asked.request.action):
        return _YES if set(wanted) == {STAR} else _NO  # an action without resources: "*" is its name, not "any of them"
    return compare(wanted, given)


def _core(asked: Situation, policies: Policies, sides: dict[str, _Side]) -> Decision:
    """The decision without Deny and without the organization's limits."""
    resource = sides.get("resource", _Side("resource"))
    if asked.who.kind in STRANGERS:
        return _decision("resource", resource.allowed())
    limits = [sides[name] for name in ("boundary", "session") if name in sides]
    own = _decision("identity", sides["identity"].allowed())
    if asked.who.kind == ROOT:
        own = Decision(_YES, None, "the account's root user may do anything in it", "identity")
    own = _limited(own, limits)
    if not asked.same_account:
        theirs = _decision("resource", resource.allowed())
        return theirs if theirs.answer < own.answer else own
    if _is_ruled(asked):
        own = _ruled(asked, policies, resource, own)
    best = own
    for direct in _direct(asked, resource, sides):
        if direct.answer > best.answer:
            best = direct
    return best


def _direct(asked: Situation, resource: _Side, sides: dict[str, _Side]) -> Iterable[Decision]:
    """What a policy of the same account's resource grants by itself, within the limits that apply to how it names who asks."""
    session = [sides["session"]] if "session" in sides else []
    boundary = [sides["boundary"]] if "boundary" in sides else []
    itself = [] if asked.who.kind in (SESSION, FEDERATED, USER, ROOT) else session + boundary
    yield _limited(_decision("resource", resource.allowed(Named.SELF)), itself)
    yield _limited(_decision("resource", resource.allowed(Named.ROLE)), session + boundary)
    yield _limited(_decision("resource", resource.allowed(Named.EVERYONE)), session)


def _is_ruled(asked: Situation) -> bool:
    """Whether the resource's own policy must allow, even within the account: a role that is assumed, a KMS key."""
    action = asked.request.action.lower()
    return action in _TRUST or (action.startswith("kms:") and "key" in catalog.templates(action))


def _ruled(asked: Situation, policies: Policies, resource: _Side, own: Decision) -> Decision:
    if policies.resource is None and asked.request.action.lower() not in _TRUST:
        return own  # a key always has a policy, and the one that is made for it lets the account decide
    delegated = _decision("resource", resource.allowed())
    return delegated if delegated.answer < own.answer else own


def _limited(found: Decision, limits: Iterable[_Side]) -> Decision:
    """A decision within limits: each must allow as well."""
    for side in limits:
        answer, grant = side.allowed()
        if answer < found.answer:
            why = f"{_worded(side.name)} does not allow it" if answer is _NO else _doubt(side.name, grant)
            found = Decision(answer, grant, why, side.name)
    return found


def _decision(name: str, found: tuple[Answer, Grant | None]) -> Decision:
    answer, grant = found
    if answer is _YES:
        return Decision(answer, grant, "", name)
    if answer is _MAYBE:
        return Decision(answer, grant, _doubt(name, grant), name)
    return Decision(_NO, None, f"no statement of {_worded(name)} allows it", name)


def _doubt(name: str, grant: Grant | None) -> str:
    if grant is not None and grant.conditions:
        return f"{_worded(name)} allows it under a condition"
    return f"{_worded(name)} allows it depending on a value that is only known at deployment"


_WORDS = {
    "identity": "the identity policy",
    "resource": "the resource's policy",
    "boundary": "the permissions boundary",
    "session": "the session policy",
    "rcp": "a resource control policy",
}


def _worded(name: str) -> str:
    return _WORDS.get(name, "a service control policy")

"""One role's rights as questions are asked about them many times: its statements, and the boundary around them."""

from collections.abc import Mapping

from remit.app.model import App, Grant, Role
from remit.app.noun import replace
from remit.app.value import Ref, Value, join, options
from remit.iam.abilities import unconditional
from remit.iam.arns import ACCOUNT, PARTITION
from remit.iam.evaluate import evaluate
from remit.iam.match import Answer
from remit.iam.policy import DENY, allows, names
from remit.iam.request import Policies, Request
from remit.iam.stronger import is_stronger

_NOTHING: Mapping[str, Value] = {}


class Judge:
    """Decides what a role may do, by its own statements within its permissions boundary.

    Args:
        app: the app.
        role: one of its roles.
    """

    __slots__ = ("_beaten", "_free", "_policies", "_principal", "app", "role")

    def __init__(self, app: App, role: Role) -> None:
        self.app, self.role = app, role
        self._principal: Value = Ref(role.id, "Arn")
        self._beaten: dict[str, bool] = {}
        self._free = unconditional(role.grants)
        self._policies = Policies(role.grants, boundary=role.boundary)

    def speaks_of(self, action: str) -> bool:
        """Whether any statement allows an action on something: quick, and no decision."""
        return any(grant.effect != DENY and names(grant, action) for grant in self.role.grants)

    def may(self, action: str, resource: Value, context: Mapping[str, Value] = _NOTHING) -> Answer:
        """Whether the role may do something to a resource, all of it where it has wildcards.

        *Maybe* only where it hangs on a condition that ``context`` does not decide, or on the boundary.
        """
        if not allows(self._free, action, resource, self.app).allowed:
            return Answer.NO
        request = Request(self._principal, action, resource, context, open=True)
        policies = self._policies
        if action.lower().startswith("sts:assumerole"):
            policies = replace(policies, resource=self._trust(resource))
        return evaluate(request, policies, self.app).answer

    def _trust(self, resource: Value) -> tuple[Grant, ...]:
        """Who may become a role: as its trust policy says, else whoever the account lets."""
        target = self.app.roles.get(resource.target) if isinstance(resource, Ref) else None
        if target is not None and target.trust is not None:
            return target.trust
        account = join(["arn:", PARTITION, ":iam::", ACCOUNT, ":root"])
        return (Grant("Allow", ("sts:*",), ("*",), self.role.location, principals=(account,)),)

    def is_beaten_by(self, other: Role) -> bool:
        """Whether another role of the app is stronger; compared once."""
        if other.id not in self._beaten:
            self._beaten[other.id] = is_stronger(self.app, other, self.role)
        return self._beaten[other.id]

    def mentioned(self, action: str) -> tuple[Value, ...]:
        """The resources that statements allowing an action name, each once."""
        found: list[Value] = []  # not a set: a hostile template has mappings here
        for grant in self.role.grants:
            if grant.effect != DENY and names(grant, action):
                found += [item for stated in grant.resources for item in options(stated) if item not in found]
        return tuple(found)

"""One request as AWS judges it: who asks, for which action, on what, under which circumstances.

Sources: IAM user guide, "The request context", "AWS JSON policy elements: Principal", "AWS global condition context keys".
"""

from collections.abc import Mapping

from remit.app.model import App, Grant
from remit.app.noun import Struct, field
from remit.app.value import Text, Unknown, Value, is_known, join
from remit.iam.arns import ACCOUNT, long

ANONYMOUS, ROOT, USER, ROLE, SESSION, FEDERATED, SERVICE, PROVIDER, SYMBOLIC = (
    "anonymous", "root", "user", "role", "session", "federated-user", "service", "provider", "symbolic",
)  # fmt: skip
#: Who has no identity policies here, and is judged by the resource's policy alone.
STRANGERS = frozenset({ANONYMOUS, SERVICE, PROVIDER})
_TYPES = {
    ANONYMOUS: "Anonymous",
    ROOT: "Account",
    USER: "User",
    ROLE: "AssumedRole",
    SESSION: "AssumedRole",
    FEDERATED: "FederatedUser",
}


class Request(Struct, frozen=True):
    """One request.

    Args:
        principal: ARN of a user, role, role session, federated user or account root; a service
            (``s3.amazonaws.com``) or identity provider; ``""`` for an unsigned request; or a reference to a role of the app.
        action: one action, without wildcards.
        resource: ARN; a wildcard or unknown part in it asks for all of them; ``*`` for an action without resources.
        context: condition key to text, or tuple of texts for a key with several values; ``Unknown`` for a key that may be
            anything or absent. What follows from principal and resource (``aws:PrincipalArn``, ``aws:ResourceAccount``,
            ...) need not be given.
        account: account that owns the resource, where the ARN does not say it (S3); ``""`` is the principal's own.
        open: whether keys that are not in the context are unknown; otherwise they are absent.
    """

    principal: Value
    action: str
    resource: Value = "*"
    context: Mapping[str, Value] = field(default_factory=dict)
    account: str = ""
    open: bool = False


class Policies(Struct, frozen=True):
    """Every policy that has a say in one request; each a set of statements.

    Args:
        identity: what is attached to the principal and its groups.
        resource: what is attached to the resource; ``None`` when nothing is.
        boundary: the principal's permissions boundary; ``None`` when it has none.
        session: the policies the session was made with; ``None`` when there were none.
        scps: service control policies, one set per level of the organization from its root to the account: each level
            must allow.
        rcps: resource control policies of all levels together: they only take away.
    """

    identity: tuple[Grant, ...] = ()
    resource: tuple[Grant, ...] | None = None
    boundary: tuple[Grant, ...] | None = None
    session: tuple[Grant, ...] | None = None
    scps: tuple[tuple[Grant, ...], ...] = ()
    rcps: tuple[Grant, ...] = ()


class Principal(Struct, frozen=True):
    """Who asks.

    Args:
        kind: one of the words of this module.
        arn: as it was given.
        account: twelve digits, a reference, or ``""``.
        name: of the user or role, without path; ``""`` for others.
        partition: ``aws`` if nothing says otherwise.
    """

    kind: str
    arn: Value
    account: Value = ""
    name: str = ""
    partition: str = "aws"


def principal_of(value: Value) -> Principal:
    """Reads a principal as a request names it."""
    if not isinstance(value, str):
        return Principal(SYMBOLIC, value, ACCOUNT)
    if value in ("", "*"):
        return Principal(ANONYMOUS, "")
    fields = value.split(":", 5)
    if len(fields) < 6:
        return Principal(SERVICE if value.endswith((".amazonaws.com", ".amazonaws.com.cn")) else PROVIDER, value)
    _, partition, service, _, account, what = fields
    kind, _, rest = what.partition("/")
    name = rest.rsplit("/", 1)[-1]
    if service == "sts" and kind == "assumed-role":
        return Principal(SESSION, value, account, rest.split("/", 1)[0], partition)
    kinds = {"root": ROOT, "user": USER, "role": ROLE, "federated-user": FEDERATED}
    return Principal(kinds.get(kind, PROVIDER), value, account, name, partition)


class Situation(Struct, frozen=True):
    """A request with everything that follows from it, ready to be compared with statements.

    Args:
        request: as asked.
        who: its principal.
        owner: account of the resource; the principal's where nothing says it.
        facts: condition key in lower case to value.
        app: where references are looked up.
    """

    request: Request
    who: Principal
    owner: Value
    facts: Mapping[str, Value]
    app: App | None = None

    def get(self, key: str) -> Value:
        """The value of a condition key, ``None`` when it is absent, ``Unknown`` when it may be anything."""
        found = self.facts.get(key.lower())
        if found is None and self.request.open:
            return Unknown(f"the value of {key}")
        return None if found == () else found

    @property
    def same_account(self) -> bool:
        """Whether principal and resource may be of one account: nothing says otherwise."""
        mine, theirs = self.who.account, self.owner
        return mine == theirs or not (isinstance(mine, str) and isinstance(theirs, str))


def situation(request: Request, app: App | None = None) -> Situation:
    """Works out what a request implies."""
    who = principal_of(request.principal)
    region, named = _place(long(app, request.resource))
    owner = request.account or named or who.account
    facts = _implied(who, owner, region)
    facts.update({key.lower(): value for key, value in request.context.items()})
    return Situation(request, who, owner, facts, app)


def _place(resource: Value) -> tuple[Value, Value]:
    """Region and account that an ARN names; empty where it names none, or where a wildcard stands for them."""
    fields: list[list[Value]] = [[]]
    for part in resource.parts if isinstance(resource, Text) else (resource,):
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        first, *rest = part.split(":")
        fields[-1].append(first)
        fields += [[text] for text in rest]
    if len(fields) < 6 or fields[0] != ["arn"]:
        return "", ""
    region, account = join(fields[3]), join(fields[4])
    return _single(region), _single(account)


def _single(value: Value) -> Value:
    if isinstance(value, str):
        return "" if "*" in value or "?" in value else value
    return value if is_known(value) else ""


def _implied(who: Principal, owner: Value, region: Value) -> dict[str, Value]:
    facts: dict[str, Value] = {"aws:principalisawsservice": "true" if who.kind == SERVICE else "false"}
    if who.kind in _TYPES:
        facts["aws:principaltype"] = _TYPES[who.kind]
    if who.kind == SERVICE:
        facts["aws:principalservicename"] = who.arn
    elif who.kind not in (ANONYMOUS, PROVIDER):
        facts["aws:principalarn"] = role_arn(who) or who.arn
        facts["aws:principalaccount"] = who.account
    if who.kind == USER:
        facts["aws:username"] = who.name
    if owner != "":
        facts["aws:resourceaccount"] = owner
    if region != "":
        facts["aws:requestedregion"] = region
    return facts


def role_arn(who: Principal) -> str:
    """ARN of the role of a session (its path is not in the session's ARN); ``""`` for others."""
    return f"arn:{who.partition}:iam::{who.account}:role/{who.name}" if who.kind == SESSION else ""

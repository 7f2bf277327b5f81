"""Triggers of Cognito user pools: what people type in before and while they sign in."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.value import Value, refs
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import Who, attach, entries, place_of

TYPES = ("AWS::Cognito::UserPool",)
#: Of these, only the events of people who have an account already; the others run before anybody is signed in.
_AFTERWARDS = (
    "PostAuthentication",
    "PostConfirmation",
    "PreTokenGeneration",
    "PreTokenGenerationConfig",
    "CustomEmailSender",
    "CustomSMSSender",
    "CustomMessage",
)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """One trigger for each function of the pool's ``LambdaConfig``."""
    for kind, node in entries(item.properties.at("LambdaConfig")):
        value = node.get("LambdaArn") if node.at("LambdaArn") else node.plain()
        who = pool_sender(draft, item.id, kind)
        yield from attach(draft, value, node, "cognito", f"{kind} of {item.id}", who, item.id)


def pool_sender(draft: Draft, pool: str, kind: str) -> Who:
    """Who makes a pool call a function: everyone, unless it is called for users only and nobody can become one.

    Args:
        draft: the app so far.
        pool: logical id, ``""`` for a pool outside this template.
        kind: which of the pool's triggers (``PreSignUp``).
    """
    if pool and sign_up(draft, pool) is None and kind in (*_AFTERWARDS, "PreSignUp"):
        return Sender.AUTHENTICATED, "only users that an administrator made"
    return Sender.ANYONE, "whoever signs up or signs in"


def sign_up(draft: Draft, pool: str) -> Location | None:
    """Where a pool of this template lets everyone make an account; ``None`` when only an administrator does."""
    properties = draft.declared[pool].properties
    closed = properties.at("AdminCreateUserConfig", "AllowAdminCreateUserOnly")
    if closed is not None and draft.truth(closed):
        return None
    return place_of(closed) if closed is not None else draft.declared[pool].location


def open_pool(draft: Draft, *values: Value) -> tuple[tuple[Location, str], ...]:
    """What to add to "any signed-in user" when a pool that values name lets everyone sign up.

    Args:
        draft: the app so far.
        values: ARNs of pools, issuers of tokens.
    """
    for value in values:
        for ref in refs(value):
            pool = draft.declared.get(ref.target)
            if pool is not None and pool.type == "AWS::Cognito::UserPool":
                where = sign_up(draft, pool.id)
                return ((where, f"anyone can sign up to {pool.id}"),) if where is not None else ()
    return ()

"""What the statements of a resource policy leave to strangers: everybody who is not of this account or organisation.

Two questions, and both are answered on the safe side. An *Allow* lets strangers in unless its conditions certainly keep
every one of them out; a *Deny* keeps strangers out only if it certainly holds for every one of them, on everything the Allow
gives. A stranger chooses the headers of a request, the tags and names in an account of their own, and sends no key
that only certain requests carry.

Source: IAM user guide, "Policy evaluation logic", "Condition operators" (what an absent key means for each) and "Global
condition context keys".
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from remit.app.model import Grant, Sender
from remit.app.value import Choice, Ref, Text, Unknown, Value, options

#: Keys whose value a stranger cannot choose, when the policy names one that is not theirs.
_TEXTS = frozenset(
    (
        "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpce", "aws:sourcevpc",
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:userid", "s3:dataaccesspointaccount",
        "kms:calleraccount", "sns:endpoint", "aws:principalserviceprefix", "lambda:sourcefunctionarn",
    )
)  # fmt: skip
_ARNS = frozenset(("aws:sourcearn", "aws:principalarn", "s3:dataaccesspointarn"))
_ADDRESSES = frozenset(("aws:sourceip", "aws:vpcsourceip"))
_POSITIVE = frozenset(("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"))
_NEGATIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequals",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}
#: A block of addresses wider than this is no network of somebody's own.
_WIDEST_IPV4, _WIDEST_IPV6 = 8, 16


def keeps_out(conditions: Value) -> bool:
    """Whether an Allow under these conditions lets no stranger in.

    One test that no stranger passes is enough. It must be one that fails for a request without the key: ``…IfExists`` and
    ``ForAllValues`` pass then.
    """
    if isinstance(conditions, Choice):
        return all(keeps_out(option) for option in conditions.options)
    if not isinstance(conditions, Mapping):
        return False
    for operator, block in conditions.items():
        word = operator.lower().removeprefix("foranyvalue:")
        if word in _POSITIVE and all(_any_named(option, word) for option in options(block)):
            return True
    return False


def holds_for_strangers(conditions: Value) -> bool:
    """Whether a Deny under these conditions holds for every stranger.

    All of its tests must: each says "not one of ours". A request without the key passes such a test.
    """
    if conditions is None:
        return True
    if isinstance(conditions, Choice):
        return all(holds_for_strangers(option) for option in conditions.options)
    if not isinstance(conditions, Mapping):
        return False
    for operator, block in conditions.items():
        turned = _NEGATIVE.get(operator.lower().removesuffix("ifexists"))
        if turned is None or not isinstance(block, Mapping):
            return False
        if not all(_names_ours(key, value, turned) for key, value in block.items()):
            return False
    return True


def _any_named(block: Value, operator: str) -> bool:
    return isinstance(block, Mapping) and any(_names_ours(key, value, operator) for key, value in block.items())


def _names_ours(key: str, value: Value, operator: str) -> bool:
    """Whether every value that a condition lists for a key is one that strangers cannot have."""
    name = key.lower()
    listed = [option for item in (value if isinstance(value, tuple) else (value,)) for option in options(item)]
    if name in _ADDRESSES:
        return operator == "ipaddress" and own_networks(listed)
    if not listed or any(item is None for item in listed):
        return False
    if name in _ARNS:
        return all(_own_arn(item) for item in listed)
    return name in _TEXTS and all(_own_text(item) for item in listed)


def shape(value: Value) -> str:
    """A text in which each symbolic part is one letter that no pattern means: for looking at its form only."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else "\ue000" for part in parts)


def _own_text(value: Value) -> bool:
    """Whether a text is not a pattern that anything meets: its first piece names somebody."""
    return isinstance(value, str | Text | Ref | Unknown) and shape(value).split("/")[0].strip("*?") != ""


def _own_arn(value: Value) -> bool:
    """Whether an ARN names an account, or a bucket: no two accounts can have buckets of one name."""
    if not isinstance(value, str | Text):
        return isinstance(value, Ref | Unknown)
    text = shape(value)
    pieces = text.split(":", 5)
    if len(pieces) < 6 or pieces[0] != "arn":
        return text.startswith("\ue000") or not set(text) & {
            "*",
            "?",
        }  # the ARN of something here, or one that nothing has
    account, thing = pieces[4], pieces[5]
    alone = pieces[2] == "s3" and thing.split("/")[0].strip("*?") != ""
    return account.strip("*?") != "" or alone


def own_networks(listed: Sequence[Value]) -> bool:
    """Whether a list of addresses names networks of somebody, and not, alone or together, most of the internet."""
    if not listed or any(item is None for item in listed):
        return False
    four: list[ipaddress.IPv4Network] = []
    six: list[ipaddress.IPv6Network] = []
    for item in listed:
        if not isinstance(item, str):
            continue  # named by a parameter or made elsewhere: somebody's
        try:
            network = ipaddress.ip_network(item.strip(), strict=False)
        except ValueError:
            continue  # matches nothing
        if isinstance(network, ipaddress.IPv4Network):
            four.append(network)
        else:
            six.append(network)
    wide = any(network.prefixlen < _WIDEST_IPV4 for network in ipaddress.collapse_addresses(four))
    return not wide and all(network.prefixlen >= _WIDEST_IPV6 for network in ipaddress.collapse_addresses(six))


def circle_of(principal: Value) -> Sender | None:
    """The widest circle a principal lets in from outside; ``None`` for one of this account."""
    found: Sender | None = None
    for option in options(principal):
        one = _circle(option)
        if one is not None and (found is None or one > found):
            found = one
    return found


def _circle(principal: Value) -> Sender | None:
    if principal == "*":
        return Sender.ANYONE
    if isinstance(principal, str):
        if principal.endswith(".amazonaws.com"):
            # A service acts for whoever asks it to: without a condition on the source, for every account.
            return Sender.OTHER_ACCOUNT
        return Sender.OTHER_ACCOUNT if principal.isdecimal() or principal.startswith("arn:") else None
    if isinstance(principal, Text) and not any(part == Ref("AWS::AccountId") for part in principal.parts):
        return Sender.OTHER_ACCOUNT
    return None


Part = Callable[[Value], str | None]


def let_in(
    grants: Iterable[Grant], actions: tuple[str, ...], given: Part, taken: Part | None = None
) -> tuple[Sender, Grant] | None:
    """The widest circle of strangers whom a policy lets do one of some things, and the statement that does.

    Args:
        grants: all statements of the policy.
        actions: what is asked about, as IAM writes it; one of them is enough.
        given: the part of the resource that a statement's resource may mean, as a pattern (``*`` for all of it); ``None`` when
            it means something else.
        taken: the part that it certainly means, asked of Denies; ``given`` when the two are the same.

    Returns:
        The circle and the Allow, or ``None`` when nobody from outside is let in.
    """
    listed = list(grants)
    denies = [grant for grant in listed if grant.effect == "Deny" and refuses_strangers(grant)]
    widest: tuple[Sender, Grant] | None = None
    for grant in listed:
        if grant.effect != "Allow" or keeps_out(grant.conditions):
            continue
        circles = [circle for principal in grant.principals if (circle := circle_of(principal)) is not None]
        sender = max(circles, default=None)
        if sender is None or (widest is not None and sender <= widest[0]):
            continue
        if any(
            _left_over(grant, action, part, denies, taken or given)
            for action in actions
            for part in _parts(grant, given)
        ):
            widest = (sender, grant)
    return widest


def refuses_strangers(deny: Grant) -> bool:
    """Whether a Deny holds for every stranger, whatever it is about."""
    return ("*" in deny.principals or bool(deny.not_principals)) and holds_for_strangers(deny.conditions)


def _parts(grant: Grant, given: Part) -> list[str]:
    if grant.not_resources or not grant.resources:
        return ["*"]
    return [part for value in grant.resources if (part := given(value)) is not None]


def _left_over(allow: Grant, action: str, part: str, denies: list[Grant], taken: Part) -> bool:
    """Whether an Allow covers an action, and no Deny takes all of it back."""
    return names(allow, action) and not any(
        names(deny, action) and not deny.not_resources and _takes(deny, part, taken) for deny in denies
    )


def _takes(deny: Grant, part: str, taken: Part) -> bool:
    held = [taken(value) for value in deny.resources]
    return not held or any(one is not None and covers(one, part) for one in held)


def names(grant: Grant, action: str) -> bool:
    """Whether a statement is about an action: by a pattern, or by naming others in ``NotAction``."""
    wanted = action.lower()
    hit = any(fnmatchcase(wanted, pattern.lower()) for pattern in grant.actions or grant.not_actions)
    return not hit if grant.not_actions else hit


def covers(wide: str, narrow: str) -> bool:
    """Whether everything that one pattern means another means as well; a symbol is only known to equal itself."""
    # Read as plain text, the narrow one's wildcards are met by a ``*`` only.
    return fnmatchcase(narrow.replace("*", "\ue001\ue001"), wide.replace("[", "[[]"))

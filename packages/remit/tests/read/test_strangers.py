"""What a policy leaves to strangers: never less than it may be."""

import pytest

from remit.app.location import Location
from remit.app.model import Grant, Sender
from remit.app.value import Choice, Ref, Text
from remit.read.strangers import covers, holds_for_strangers, keeps_out, let_in, own_networks

HERE = Location("t.yaml", 1)


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringEquals": {"aws:SourceAccount": "111111111111"}},
        {"StringEquals": {"aws:SourceAccount": Ref("AWS::AccountId")}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:uploads"}},
        {"ArnEquals": {"aws:SourceArn": Ref("Topic")}},
        {"ArnLike": {"aws:SourceArn": Text(("arn:aws:events:*:", Ref("AWS::AccountId"), ":rule/*"))}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ("o-1/*",)}},
        {"IpAddress": {"aws:SourceIp": ("10.0.0.0/8", "192.0.2.7")}},
        {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:Referer": "x"}},
    ],
)
def test_an_allow_that_lets_no_stranger_in(conditions: object) -> None:
    assert keeps_out(conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "conditions",
    [
        None,
        {},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}},
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": ("o-1/*",)}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/uploader"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"}},
        {"IpAddress": {"aws:SourceIp": ("0.0.0.0/1", "128.0.0.0/1")}},
        {"IpAddress": {"aws:SourceIp": "::/0"}},
        {"StringLike": {"aws:PrincipalAccount": "*"}},
        {"StringEquals": {"aws:Referer": "https://shop.example/"}},
        {"StringEquals": {"aws:PrincipalTag/team": "a"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"Null": {"aws:PrincipalArn": "true"}},
        Choice(({"StringEquals": {"aws:SourceAccount": "1"}}, None)),
        {"StringEquals": {"aws:SourceAccount": Choice(("1", None))}},
        {"StringEquals": {"aws:SourceAccount": ()}},
    ],
)
def test_an_allow_that_some_stranger_meets(conditions: object) -> None:
    assert not keeps_out(conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        (None, True),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, False),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:UserAgent": "x"}}, False),
        ({"StringNotLike": {"aws:Referer": "https://shop.example/*"}}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgPaths": "o-1/*"}}, False),
        (Choice(({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, {"Bool": {"a": "b"}})), False),
    ],
)
def test_a_deny_that_holds_for_every_stranger(conditions: object, holds: bool) -> None:
    assert holds_for_strangers(conditions) is holds  # type: ignore[arg-type]


def grant(effect: str, resource: str, *actions: str, conditions: object = None, who: str = "*") -> Grant:
    return Grant(effect, actions, (resource,), HERE, conditions=conditions, principals=(who,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("grants", "sender"),
    [
        ([grant("Allow", "*", "s3:Put*")], Sender.ANYONE),
        ([grant("Allow", "*", "s3:*"), grant("Deny", "*", "s3:PutObject")], None),
        ([grant("Allow", "*", "s3:PutObject"), grant("Deny", "private/*", "s3:PutObject")], Sender.ANYONE),
        ([grant("Allow", "private/a", "s3:PutObject"), grant("Deny", "private/*", "s3:*")], None),
        ([grant("Allow", "*", "s3:PutObject"), grant("Deny", "*", "s3:DeleteObject")], Sender.ANYONE),
        ([grant("Allow", "*", "s3:PutObject"), grant("Deny", "*", "s3:*", who="111111111111")], Sender.ANYONE),
        ([grant("Allow", "*", "s3:PutObject", who="222222222222")], Sender.OTHER_ACCOUNT),
        ([grant("Allow", "*", "s3:GetObject")], None),
        ([grant("Deny", "*", "s3:PutObject")], None),
    ],
)
def test_who_is_let_in(grants: list[Grant], sender: Sender | None) -> None:
    found = let_in(grants, ("s3:PutObject",), lambda value: value if isinstance(value, str) else None)
    assert (found[0] if found else None) is sender


def test_patterns_cover_by_their_stars_only() -> None:
    assert covers("a/*", "a/b*")
    assert covers("*", "a?[x]")
    assert not covers("a?", "a*")
    assert not covers("a/b", "a/*")


def test_networks_that_are_nobodys_own() -> None:
    assert own_networks(["10.0.0.0/8"])
    assert own_networks([Ref("OfficeNetwork")])
    assert not own_networks([f"{number}.0.0.0/8" for number in range(256)])
    assert not own_networks([])
    assert not own_networks(["10.0.0.0/8", None])

"""Everyone on the internet can read, list or change the objects of a bucket.

## What it finds

A bucket policy or access list that allows everyone to write, delete or list; or to read a bucket that functions of this
app write to. A bucket with a website configuration that is only read is for the pedantic persona: websites are public.

## Why it matters

What an app stores is seldom meant for all. A listing hands out the names of every object; a writable bucket lets
strangers replace what others download.

## How to mend it

Take the statement out, keep all four public access blocks on, and serve public files through a CDN with an origin
access control. Hand out single objects with pre-signed URLs.

## Bad

```yaml template.yaml
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: [s3:ListBucket, s3:GetObject]
            Resource: [!GetAtt Uploads.Arn, !Sub "${Uploads.Arn}/*"]
```

## Good

```yaml template.yaml
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: !Sub "${Uploads.Arn}/*"
            Condition: {Bool: {"aws:SecureTransport": false}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import possible
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._mend import word_in
from remit.rules._public import everyone, matches
from remit.rules._template import of_type, place

_STORING = ("PutObject", "CopyObject", "UploadFile", "UploadFileobj")
_ACLS = {"PublicRead": ("read and list",), "PublicReadWrite": ("read and list", "write")}
_ABILITIES = (
    ("write", ("s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy")),
    ("list", ("s3:ListBucket",)),
    ("read", ("s3:GetObject",)),
)


def _check(facts: Facts) -> Iterator[Finding]:
    for bucket in of_type(facts, "AWS::S3::Bucket"):
        started = any(trigger.resource == bucket.id for trigger in facts.app.triggers)
        for location, abilities in _openings(facts, bucket):
            if abilities == ["write"] and started:
                continue  # public-event-source says what that means
            yield _finding(facts, bucket, location, abilities)


def _openings(facts: Facts, bucket: Resource) -> Iterator[tuple[Location, list[str]]]:
    acls = [acl for acl in possible(bucket.properties.at("AccessControl")) if isinstance(acl, str) and acl in _ACLS]
    block = bucket.properties.at("PublicAccessBlockConfiguration")
    if acls and not (block and block.get("IgnorePublicAcls") is True):
        yield (
            place(bucket.properties.at("AccessControl"), bucket.location),
            list(dict.fromkeys(word for acl in acls for word in _ACLS[acl])),
        )
    if block and block.get("RestrictPublicBuckets") is True:
        return
    for grant in facts.app.policies.get(bucket.id, ()):
        if everyone(grant):
            abilities = [word for word, actions in _ABILITIES if any(matches(grant, action) for action in actions)]
            if abilities:
                written = [action for _, actions in _ABILITIES for action in actions if matches(grant, action)]
                yield word_in(facts, grant.location, (*written, *grant.actions)), abilities


def _finding(facts: Facts, bucket: Resource, location: Location, abilities: list[str]) -> Finding:
    website = bucket.properties.at("WebsiteConfiguration") is not None
    # Who writes an app's data into a bucket that everyone reads?
    written = any(
        call.operation in _STORING and _named(facts, call.parameters.get("Bucket")) == bucket.id
        for analysis in facts.analyses.values()
        for call in analysis.effects.calls
    )
    writes = "write" in abilities
    lists = any("list" in word for word in abilities) and not website
    regular = writes or lists or written
    return Finding(
        rule="public-bucket",
        severity=Severity.HIGH if writes else Severity.MEDIUM if regular else Severity.LOW,
        confidence="high",
        message=f"anyone on the internet can {' and '.join(abilities)} in {bucket.id}",
        location=location,
        label=f"everyone may {' and '.join(abilities)}",
        resource=bucket.id,
        fixes=(Fix("take the statement out, and turn on all four public access blocks"),),
        persona=Persona.REGULAR if regular else Persona.PEDANTIC,
        content=f"{bucket.id} {' '.join(abilities)}",
    )


def _named(facts: Facts, value: object) -> str:
    found = facts.app.resource_of(value) if value is not None else None  # type: ignore[arg-type]
    return found.id if found else ""


RULE = Rule("public-bucket", "bucket open to everybody", Severity.HIGH, ("CWE-732", "OWASP-S5", "SAS-03"), _check)

"""A value from the event becomes part of a directory filter, so its sender can rewrite the search.

## What it finds

A field of an event that is put into the text of an LDAP search filter or a distinguished name by formatting or
concatenation, on its way to `ldap3` or `python-ldap`. Values that went through `escape_filter_chars`, `escape_rdn` or
`filter_format` are not reported.

## Why it matters

`*)(uid=*` in place of a name turns a search for one person into one for all; where the search decides who may sign in, it
signs anyone in.

## How to mend it

Escape each value where it goes in: `ldap3.utils.conv.escape_filter_chars(value)`, for names
`ldap3.utils.dn.escape_rdn(value)`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Find:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /people}}
```

```python app.py
import json
import os

from ldap3 import Connection, Server


def handler(event, context):
    name = json.loads(event["body"])["name"]
    directory = Connection(Server(os.environ["DIRECTORY"]), auto_bind=True)
    directory.search("ou=people,dc=example,dc=org", f"(&(objectClass=person)(uid={name}))")
    return {"statusCode": 200, "body": str(len(directory.entries))}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Find:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /people}}
```

```python app.py
import json
import os

from ldap3 import Connection, Server
from ldap3.utils.conv import escape_filter_chars


def handler(event, context):
    name = escape_filter_chars(json.loads(event["body"])["name"])
    directory = Connection(Server(os.environ["DIRECTORY"]), auto_bind=True)
    directory.search("ou=people,dc=example,dc=org", f"(&(objectClass=person)(uid={name}))")
    return {"statusCode": 200, "body": str(len(directory.entries))}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="ldap-injection",
    sink="ldap",
    weight=Severity.HIGH,
    does=lambda _flow: "rewrites a directory search of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the filter",
    fixes=lambda _facts, _flow: (Fix("escape the value with escape_filter_chars where it goes into the filter"),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "ldap-injection",
    "directory filter made of event data",
    Severity.HIGH,
    ("CWE-90", "OWASP-S1", "SAS-01"),
    _check,
)

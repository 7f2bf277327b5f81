"""A token is read without a look at its signature, so that anyone can write what it says.

## What it finds

A token of the event whose claims are read with `verify_signature: False`, `get_unverified_claims`, `jwt.decode` of
jsonwebtoken, `jwtDecode`, `decodeJwt`, or by hand with base64, in a function that verifies no token at all. Where an
authorizer in front of every route has verified the caller already, only the pedantic persona is told.

## Why it matters

A token is three texts with dots between them. Only its signature says who wrote it: without a look at that, the caller
decides who they are and what they may do.

## How to mend it

Verify it with the key of who issues it, and say which algorithms you accept. Or let an authorizer of the API do it, and
read the claims out of `requestContext.authorizer`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: orders
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: profile
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /profile}}
```

```text orders/requirements.txt
pyjwt==2.10.1
```

```python orders/app.py
import jwt

def handler(event, context):
    token = event["headers"]["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    return {"statusCode": 200, "body": "hello " + claims["sub"]}
```

```javascript profile/app.js
exports.handler = async (event) => {
  const token = event.headers.authorization.split(" ")[1];
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  return { statusCode: 200, body: JSON.stringify({ user: claims.sub }) };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: orders
      Environment: {Variables: {KEYS: https://login.example/.well-known/jwks.json}}
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: profile
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /profile}}
```

```text orders/requirements.txt
pyjwt==2.10.1
```

```python orders/app.py
import os
import jwt

keys = jwt.PyJWKClient(os.environ["KEYS"])

def handler(event, context):
    token = event["headers"]["authorization"].removeprefix("Bearer ")
    key = keys.get_signing_key_from_jwt(token).key
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="orders")
    return {"statusCode": 200, "body": "hello " + claims["sub"]}
```

```json profile/package.json
{"dependencies": {"aws-jwt-verify": "5.1.0"}}
```

```javascript profile/app.js
const { CognitoJwtVerifier } = require("aws-jwt-verify");
const verifier = CognitoJwtVerifier.create({ userPoolId: "eu-west-1_abc", tokenUse: "id", clientId: "shop" });

exports.handler = async (event) => {
  const token = event.headers.authorization.split(" ")[1];
  const claims = await verifier.verify(token);
  return { statusCode: 200, body: JSON.stringify({ user: claims.sub }) };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Function, Sender
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, is_script, places, routes, sender_of

_ID = "token-not-verified"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "token"):
        function, use = place.function, place.use
        origins = use.origins.get("token", ())
        if use.detail["verified"] != "no" or not origins or _verifies(facts, function):
            continue
        vouched = _vouched(facts, function)
        severity = Severity.HIGH if sender_of(facts, function) == Sender.ANYONE else Severity.MEDIUM
        tool = "jsonwebtoken's verify, or aws-jwt-verify," if is_script(use) else "jwt.decode with the issuer's key"
        words = Words(
            f"{function.id} trusts a token that nobody verified",
            "the claims are read, the signature is not looked at",
            f"verify it: {tool} and the algorithms you accept",
        )
        yield finding(
            facts, place, _ID, Severity.LOW if vouched else severity, words,
            persona=Persona.PEDANTIC if vouched else Persona.REGULAR, origin=origins[0],
        )  # fmt: skip


def _verifies(facts: Facts, function: Function) -> bool:
    """Whether the function looks at the signature of what it is sent somewhere else."""
    uses = facts.analyses[function.id].uses
    return any(use.kind == "token" and use.detail["verified"] == "yes" for use in uses)


def _vouched(facts: Facts, function: Function) -> bool:
    """Whether an authorizer has verified every caller on the web before."""
    found = routes(facts, function)
    return bool(found) and all(item.authorizer is not None and item.authorizer.kind != "api-key" for item in found)


RULE = Rule(_ID, "token read but not verified", Severity.HIGH, ("CWE-347", "OWASP-S2", "SAS-02"), _check)

"""A connection is encrypted, and nobody looks at whom it is encrypted for.

## What it finds

`verify=False` of requests, httpx and boto3, `ssl._create_unverified_context`, `ssl.CERT_NONE`, `cert_reqs="CERT_NONE"`,
`ssl=False` of aiohttp, host keys of SSH that are accepted as they come; in JavaScript `rejectUnauthorized: false`,
`strictSSL: false` and `NODE_TLS_REJECT_UNAUTHORIZED=0`, in the code or in the environment that the template sets.

## Why it matters

Without a look at the certificate anyone on the way can answer in the place of the other side: read the tokens and data
that the function sends, and send back what they like.

## How to mend it

Take the option out. For a private authority, hand its certificate over: `verify="ca.pem"`, `ca: fs.readFileSync("ca.pem")`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: pay}
  Refund:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: refund}
```

```python pay/app.py
import requests

def handler(event, context):
    return requests.post("https://pay.example/charge", json={"amount": 5}, verify=False).status_code
```

```javascript refund/app.js
const https = require("https");
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

exports.handler = async () => {
  https.get("https://pay.example/refunds", { agent });
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: pay}
  Refund:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: refund}
```

```python pay/app.py
import requests

def handler(event, context):
    return requests.post("https://pay.example/charge", json={"amount": 5}, verify="ca.pem").status_code
```

```javascript refund/app.js
const fs = require("fs");
const https = require("https");
const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync("ca.pem") });

exports.handler = async () => {
  https.get("https://pay.example/refunds", { agent });
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, is_script, places

_ID = "tls-verification-off"
_SWITCH = "NODE_TLS_REJECT_UNAUTHORIZED"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "tls"):
        how = place.use.detail["how"]
        ca = "ca: fs.readFileSync(...)" if is_script(place.use) else 'verify="ca.pem"'
        words = Words(
            f"{place.function.id} talks to whoever answers: {how}",
            "certificates are not looked at" if "host key" not in how else "any host key is accepted",
            f"take it out; for a private authority hand its certificate over ({ca})",
        )
        yield finding(facts, place, _ID, Severity.MEDIUM, words)
    for function in facts.app.functions:
        node = function.environment.get(_SWITCH)
        if node is not None and str(node.plain()) == "0":
            yield Finding(
                rule=_ID,
                severity=Severity.MEDIUM,
                confidence="high",
                message=f"{function.id} talks to whoever answers: {_SWITCH} is 0 for all of it",
                location=node.location,
                label="certificates are not looked at",
                function=function.id,
                fixes=(Fix(f"take {_SWITCH} out of the environment"),),
            )


RULE = Rule(_ID, "certificates not verified", Severity.MEDIUM, ("CWE-295", "OWASP-S3", "SAS-03"), _check)

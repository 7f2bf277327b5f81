"""Facts about code that are no flows: what is told of, and what looks like it and is not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.flow import Analysis
from remit.flow.uses.expressions import slow

PYTHON = "import json\n{before}\ndef handler(event, context):\n    body = json.loads(event['body'])\n    {code}\n"
SCRIPT = "{before}\nexports.handler = async (event) => {{\n  const body = JSON.parse(event.body);\n  {code}\n}};\n"
Told = Callable[..., list[str]]


@pytest.fixture
def told(study: Callable[..., Analysis]) -> Told:
    """Kinds of uses in one line of a handler, with what is told of them."""

    def tell(code: str, before: str = "", *, script: bool = False) -> list[str]:
        text = (SCRIPT if script else PYTHON).format(code=code, before=before)
        analysis = study(
            text, name="app.js" if script else "app.py", runtime="nodejs22.x" if script else "python3.12"
        )  # fmt: skip
        return [f"{use.kind} {' '.join(use.detail.values())}".strip() for use in analysis.uses]

    return tell


JWT = "import jwt"


@pytest.mark.parametrize(
    ("code", "before", "wanted"),
    [
        ("requests.get('https://a.example', verify=False)", "import requests", ["tls verify=False"]),
        ("requests.get('https://a.example', verify='ca.pem')", "import requests", []),
        ("s = requests.Session(); s.verify = False", "import requests", ["tls verify = False"]),
        ("ssl._create_default_https_context = ssl._create_unverified_context", "import ssl", ["tls an unverified context"]),
        ("c = ssl.create_default_context(); c.verify_mode = ssl.CERT_NONE", "import ssl", ["tls CERT_NONE"]),
        ("jwt.decode(body['t'], options={'verify_signature': False})", JWT, ["token no"]),
        ("jwt.decode(body['t'], KEY, algorithms=['RS256'])", JWT + "\nKEY = open('k').read()", ["token yes"]),
        ("jwt.decode(body['t'], 'secret', algorithms=['HS256'])", JWT, ["token yes", "token-key literal 6"]),
        ("jwt.decode(body['t'], 'k', algorithms=['HS256', 'none'])", JWT, ["token yes", "token-key none"]),
        ("jwt.encode(body, os.environ['KEY'])", JWT + "\nimport os", []),
        ("jwt.encode(body, os.environ.get('KEY', 'x'))", JWT + "\nimport os", ["token-key literal 1"]),
        ("base64.b64decode(body['token'].split('.')[1])", "import base64", ["token no"]),
        ("base64.b64decode(body['file'].split('.')[1])", "import base64", []),
        ("base64.b64decode(event['headers']['authorization'].split(' ')[1])", "import base64", []),
        ("token = random.randint(1, 9)", "import random", ["random token"]),
        ("otp = '%06d' % random.randint(1, 9)", "import random", ["random otp"]),
        ("item = {'resetCode': f'{random.random():.6f}'}", "import random", ["random resetCode"]),
        ("next_token = random.randint(1, 9)", "import random", []),
        ("delay = random.random()", "import random", []),
        ("token = secrets.token_hex(8)", "import secrets", []),
        ("hashlib.md5(body['password'].encode())", "import hashlib", ["hash md5"]),
        ("hashlib.md5(body['file'].encode())", "import hashlib", []),
        ("hmac.new(b'k', b'x', 'sha256')", "import hmac", ["cipher key hmac.new"]),
        ("hmac.new(KEY, b'x', 'sha256')", "import hmac, os\nKEY = os.environ['KEY'].encode()", []),
        ("AES.new(KEY, AES.MODE_ECB)", "from Crypto.Cipher import AES\nKEY = open('k').read()", ["cipher cipher MODE_ECB"]),
        ("re.search(body['q'], 'abc')", "import re", ["regex event"]),
        ("re.search(re.escape(body['q']), 'abc')", "import re", []),
        ("P.match(body['x'])", "import re\nP = re.compile(r'^(a+)+$')", ["regex slow ^(a+)+$"]),
        ("P.match(body['x'])", "import re\nP = re.compile(r'^(a+b)+$')", []),
        ("P.match('constant')", "import re\nP = re.compile(r'^(a+)+$')", []),
        ("print('mail', body['email'])", "", ["personal personal data"]),
        ("print('order', body['id'])", "", []),
        ("print('of', body['email'][:2], '***', body['cardNumber'][-4:])", "", []),
        ("print('of', body['email'][1:])", "", ["personal personal data"]),
        ("print(event['headers']['authorization'])", "", ["personal token"]),
        ("return {'headers': {'Access-Control-Allow-Origin': event['headers']['origin']}}", "", ["cors"]),
        ("o = event['headers']['origin']; return {'headers': {'Access-Control-Allow-Origin': o if o in A else 'x'}}",
         "A = ('https://a.example',)", []),
        ("t.put_item(Item={'id': 1, **body})", "import boto3\nt = boto3.resource('dynamodb').Table('t')",
         ["item PutItem no  yes"]),
        ("t.get_item(Key={'id': body['id']})", "import boto3\nt = boto3.resource('dynamodb').Table('t')",
         ["item GetItem no  no"]),
    ],
)  # fmt: skip
def test_python(told: Told, code: str, before: str, wanted: list[str]) -> None:
    assert told(code, before) == wanted


NODE_JWT = "const jwt = require('jsonwebtoken'); const crypto = require('crypto');"


@pytest.mark.parametrize(
    ("code", "before", "wanted"),
    [
        ("https.get('https://a.example', { rejectUnauthorized: false })", "const https = require('https')",
         ["tls rejectUnauthorized: false"]),
        ("https.get('https://a.example', { rejectUnauthorized: true })", "const https = require('https')", []),
        ("", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'", ["tls NODE_TLS_REJECT_UNAUTHORIZED = 0"]),
        ("jwt.decode(body.t)", NODE_JWT, ["token no"]),
        ("jwt.verify(body.t, process.env.KEY)", NODE_JWT, ["token yes"]),
        ("jwt.verify(body.t, null)", NODE_JWT, ["token no"]),
        ("jwt.sign({}, process.env.KEY || 'dev')", NODE_JWT, ["token-key literal 3"]),
        ("jwtDecode(body.t)", "import { jwtDecode } from 'jwt-decode'", ["token no"]),
        ("jwtDecode(body.t, { header: true })", "import { jwtDecode } from 'jwt-decode'", []),
        ("JSON.parse(atob(body.token.split('.')[1]))", "", ["token no"]),
        ("const token = Math.random().toString(36).slice(2)", "", ["random token"]),
        ("const id = make()", "const makePassword = () => 'a' + Math.random(); const make = makePassword;",
         ["random makePassword"]),
        ("const token = 'abc'[Math.floor(Math.random() * 3)]", "", ["random token"]),
        ("const sample = Math.random() < 0.5", "", []),
        ("const token = crypto.randomUUID()", NODE_JWT, []),
        ("crypto.createHash('md5').update(body.password)", NODE_JWT, ["hash a fast hash"]),
        ("crypto.createHash('md5').update(event.body)", NODE_JWT, []),
        ("crypto.createHmac('sha256', process.env.KEY).update(body.password)", NODE_JWT, []),
        ("crypto.createCipheriv('des-ede3', process.env.KEY, null)", NODE_JWT, ["cipher cipher des-ede3"]),
        ("crypto.createHmac('sha256', 'k')", NODE_JWT, ["cipher key crypto.createHmac"]),
        ("new RegExp(body.q).test('abc')", "", ["regex event"]),
        ("new RegExp(_.escapeRegExp(body.q)).test('abc')", "const _ = require('lodash')", []),
        ("/^(a+)+$/.test(body.x)", "", ["regex slow ^(a+)+$"]),
        ("body.x.match(/^(a+)+$/)", "", ["regex slow ^(a+)+$"]),
        ("console.log(`of ${body.phoneNumber}`)", "", ["personal personal data"]),
        ("console.log(body.phoneNumber.substring(0, 2), body.phone.substr(0, 3))", "", []),
        ("all[body.a][body.b] = 1", "const all = {}", ["prototype"]),
        ("all[body.a] = 1; all.x[body.b] = 1; all[body.a].x = 1", "const all = {}", []),
        ("merge({}, body)", ("function merge(a, b) { for (const k in b) { if (typeof b[k] === 'object') merge(a[k], b[k]);"
          " else a[k] = b[k]; } }"), ["prototype"]),
        ("merge({}, body)", ("function merge(a, b) { for (const k in b) { if (k === '__proto__') continue;"
          " if (typeof b[k] === 'object') merge(a[k], b[k]); else a[k] = b[k]; } }"), []),
        ("res.setHeader('Access-Control-Allow-Origin', event.headers.origin)", "", ["cors"]),
    ],
)  # fmt: skip
def test_javascript(told: Told, code: str, before: str, wanted: list[str]) -> None:
    assert told(code, before, script=True) == wanted


def test_a_verified_claim_is_told_as_one_and_an_unverified_is_its_senders(study: Callable[..., Analysis]) -> None:
    code = """
        import jwt, os
        def handler(event, context):
            token = event["headers"]["authorization"]
            claims = jwt.decode(token, os.environ["KEY"], algorithms=["RS256"])
            os.system("echo " + claims["sub"])
            os.system("echo " + jwt.decode(token, options={"verify_signature": False})["sub"])
    """
    flows = [flow for flow in study(code).flows if flow.sink == "process"]
    assert [flow.origin.claim for flow in flows] == [True, False]
    assert any("nobody looks at its signature" in step.text for step in flows[1].steps)


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(\w+\s?)*$", r"(?:x+x+)+y", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_expressions_of_exponential_time(pattern: str) -> None:
    assert slow(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"(\w+\.)*\w+$", r"^[\w.]+@([\w-]+\.)+[\w-]{2,4}$", r"(a|b)*c", r"(a+)+", r"[", r"(?<n>a)+b", r"^(-[a-z]+)*$"],
)
def test_expressions_that_are_fast_or_none(pattern: str) -> None:
    assert not slow(pattern)


@given(st.text(alphabet="ab(|)*+?[]^$.\\w{}1,<>:=!", max_size=30))
def test_any_text_is_looked_at_in_bounds(pattern: str) -> None:
    assert slow(pattern) in (True, False)

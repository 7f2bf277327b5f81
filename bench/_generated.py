"""Apps of any size that look like apps: functions of five kinds, each with a handler, a module of its own and wiring.

Nothing repeats exactly (names, tables, fields differ), so that no tool gains by knowing one function from another. Of
the five kinds, three have a flaw that begins in the event, one has it behind a check, one is clean.
"""

from pathlib import Path

_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Timeout: 10
    Environment:
      Variables: {STAGE: live}
Resources:
"""

_FUNCTION = """\
  Fn@:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/fn@/
      Handler: app.handler
      Environment:
        Variables:
          TABLE: !Ref Table@
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Table@}
      Events:
        In:
"""
_TABLE = """\
  Table@:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
_QUEUE = """\
  Queue@:
    Type: AWS::SQS::Queue
"""
_HTTP = """\
          Type: HttpApi
          Properties: {Method: POST, Path: /orders@}
"""
_SQS = """\
          Type: SQS
          Properties: {Queue: !GetAtt Queue@.Arn}
"""

_STORE = '''\
"""What function @ knows about its table."""
import os
import time
from decimal import Decimal

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


class Missing(Exception):
    """No such item."""


class Store@:
    """Items of kind @, with their prices."""

    def __init__(self, target=table, limit=25):
        self.target = target
        self.limit = limit
        self.seen = {}

    def get(self, key):
        if key in self.seen:
            return self.seen[key]
        item = self.target.get_item(Key={"id": str(key)}).get("Item")
        if item is None:
            raise Missing(key)
        self.seen[key] = item
        return item

    def put(self, key, fields):
        item = {"id": str(key), "at@": int(time.time())}
        for name, value in fields.items():
            if isinstance(value, float):
                value = Decimal(str(value))
            elif isinstance(value, dict):
                value = {inner: str(part) for inner, part in value.items()}
            item[name] = value
        self.target.put_item(Item=item)
        return item

    def total(self, keys):
        amount = 0
        for key in keys[: self.limit]:
            try:
                item = self.get(key)
            except Missing:
                continue
            amount += int(item.get("price@", 0)) * int(item.get("count", 1))
        return amount
'''

_HTTP_TOP = """\
import json

from store import Missing, Store@

store = Store@()


def answer(status, body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}


def handler(event, context):
    payload = json.loads(event.get("body") or "{}")
    key = payload.get("id@", "")
    try:
        item = store.get(key)
    except Missing:
        return answer(404, {"message": "not found"})
    amount = store.total(payload.get("items", []))
"""
_KINDS: tuple[tuple[str, str], ...] = (
    (
        _HTTP,
        "import os\n"
        + _HTTP_TOP
        + """\
    name = payload.get("file@") or "report"
    command = f"convert /opt/art/{name}.svg /tmp/{name}.png"
    if amount > 10 and item:
        os.system(command)
    return answer(200, {"amount": amount})
""",
    ),
    (
        _HTTP,
        "import sqlite3\n"
        + _HTTP_TOP
        + """\
    where = []
    for field in ("city", "street@", "name"):
        value = payload.get(field)
        if value:
            where.append("%s = '%s'" % (field, value))
    rows = sqlite3.connect("/tmp/a.db").cursor()
    rows.execute("SELECT * FROM people@ WHERE " + " AND ".join(where))
    return answer(200, {"rows": rows.fetchall(), "amount": amount, "item": item["id"]})
""",
    ),
    (
        _SQS,
        """\
import json
import urllib.request

from store import Store@

store = Store@()


def parse(record):
    body = json.loads(record["body"])
    return body.get("callback@"), body.get("items") or []


def handler(event, context):
    failed = []
    for record in event["Records"]:
        callback, items = parse(record)
        try:
            amount = store.total(items)
            store.put(record["messageId"], {"amount": amount, "note": {"by": "@"}})
            urllib.request.urlopen(callback, timeout=3)
        except ValueError:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
""",
    ),
    (
        _HTTP,
        "import os.path\nimport re\n"
        + _HTTP_TOP
        + """\
    name = payload.get("name@", "")
    if not re.fullmatch(r"[a-z0-9]{1,40}", name):
        return answer(400, {"message": "bad name"})
    with open(os.path.join("/opt/pages", name), encoding="utf-8") as page:
        text = page.read()
    return answer(200, {"text": text, "amount": amount, "item": item["id"]})
""",
    ),
    (
        _HTTP,
        _HTTP_TOP
        + """\
    quantity = int(payload.get("quantity@", 1))
    parts = {name: str(value)[:80] for name, value in payload.get("parts", {}).items()}
    saved = store.put(key, {"quantity": quantity, "parts": parts})
    return answer(200, {"amount": amount, "saved": saved["id"], "before": item.get("id")})
""",
    ),
)


def write(folder: Path, functions: int) -> int:
    """Writes an app.

    Args:
        folder: an empty folder.
        functions: how many it has.

    Returns:
        Lines of code and template.
    """
    template = [_HEAD]
    lines = 0
    for number in range(functions):
        trigger, handler = _KINDS[number % len(_KINDS)]
        template += [_FUNCTION, trigger, _TABLE, _QUEUE if trigger is _SQS else ""]
        template[-4:] = [part.replace("@", str(number)) for part in template[-4:]]
        code = folder / "src" / f"fn{number}"
        code.mkdir(parents=True)
        for name, text in (("app.py", handler), ("store.py", _STORE)):
            (code / name).write_text(text.replace("@", str(number)))
            lines += text.count("\n")
    text = "".join(template)
    (folder / "template.yaml").write_text(text)
    return lines + text.count("\n")

"""What every HTTP handler needs: reading the request, writing the answer."""

import base64
import json


def query(event):
    return event.get("queryStringParameters") or {}


def json_body(event):
    body = event.get("body") or "{}"
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    return json.loads(body)


def answer(status, data):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(data)}

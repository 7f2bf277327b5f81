"""Settles payments from the queue with the bank; what fails goes back to the queue, one by one."""

import json
import os
import urllib.request

import boto3

from lib import checks
from lib.answers import Refused, note

BANK = "https://api.bank.example/settlements"

table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])
secrets = boto3.client("secretsmanager")
_key = None


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            settle(json.loads(record["body"])["id"])
        except (Refused, ValueError, KeyError, OSError):
            note("not settled", message=record["messageId"])
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def settle(number):
    number = checks.identifier(number)
    request = urllib.request.Request(
        BANK, data=json.dumps({"id": number}).encode(), headers={"authorization": "Bearer " + key()}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        settled = response.status == 202
    if settled:
        table.update_item(
            Key={"id": number},
            UpdateExpression="SET #state = :settled",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":settled": "settled"},
        )


def key():
    global _key
    if _key is None:
        _key = secrets.get_secret_value(SecretId=os.environ["BANK_KEY"])["SecretString"]
    return _key

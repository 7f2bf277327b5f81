"""POST /payments: stores a payment of the signed-in customer and queues its settlement."""

import json
import os
import uuid

import boto3

from lib import checks
from lib.answers import Refused, answer, failed, note

table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])
sqs = boto3.client("sqs")


def handler(event, context):
    try:
        cents, iban = checks.payment(event)
        owner = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
        payment = {"id": uuid.uuid4().hex, "owner": owner, "cents": cents, "iban": iban, "state": "accepted"}
        table.put_item(Item=payment, ConditionExpression="attribute_not_exists(id)")
        sqs.send_message(QueueUrl=os.environ["SETTLEMENT_QUEUE"], MessageBody=json.dumps({"id": payment["id"]}))
        note("accepted", id=payment["id"])
        return answer(201, {"id": payment["id"]})
    except Refused as refusal:
        return answer(400, {"message": refusal.args[0]})
    except Exception:
        return failed(context.aws_request_id)

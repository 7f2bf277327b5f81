"""GET /payments/{id}: shows a payment to its owner and to nobody else."""

import os

import boto3

from lib import checks
from lib.answers import Refused, answer, failed

table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])


def handler(event, context):
    try:
        number = checks.identifier(event["pathParameters"]["id"])
        owner = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
        payment = table.get_item(Key={"id": number}).get("Item")
        if payment is None or payment["owner"] != owner:
            return answer(404, {"message": "no such payment"})
        return answer(200, {"id": payment["id"], "cents": int(payment["cents"]), "state": payment["state"]})
    except Refused as refusal:
        return answer(404, {"message": refusal.args[0]})
    except Exception:
        return failed(context.aws_request_id)

"""Sending work to other parts of the shop."""

import json
import os

import boto3

_sqs = boto3.client("sqs")


def request_invoice(order):
    message = {"order": order["id"], "customer": order["customer"], "layout": order.get("layout", "plain.txt")}
    _sqs.send_message(QueueUrl=os.environ["INVOICE_QUEUE"], MessageBody=json.dumps(message))

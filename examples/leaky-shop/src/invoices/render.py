"""Writes an invoice for every order that waits in the queue."""

import json

from lib import documents


def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        text = documents.layout(order["layout"])
        text = text.replace("{order}", str(order["order"])).replace("{customer}", str(order["customer"]))
        documents.store(f"invoices/{order['order']}.txt", text)
    return {"batchItemFailures": []}

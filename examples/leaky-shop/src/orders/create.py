"""POST /orders and GET /orders/{id}."""

import json
import os
import traceback
import uuid

import boto3

from lib.http import answer, json_body
from lib.queue import request_invoice

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    print("request", json.dumps(event))
    try:
        if event["routeKey"].startswith("GET"):
            return show(event["pathParameters"]["id"])
        return create(json_body(event))
    except Exception:
        return answer(500, {"message": "order failed", "detail": traceback.format_exc()})


def create(wanted):
    order = {
        "id": uuid.uuid4().hex,
        "customer": wanted["customer"],
        "items": [{"product": int(item["product"]), "count": int(item["count"])} for item in wanted["items"]],
        "layout": wanted.get("layout", "plain.txt"),
    }
    table.put_item(Item=order)
    request_invoice(order)
    return answer(201, {"id": order["id"]})


def show(number):
    found = table.get_item(Key={"id": number}).get("Item")
    if found is None:
        return answer(404, {"message": "no such order"})
    return answer(200, {"id": found["id"], "customer": found["customer"], "count": len(found["items"])})

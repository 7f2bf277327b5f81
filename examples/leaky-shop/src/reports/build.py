"""Computes the figures that the back office asks for by topic: {"name": "revenue", "orders": "12", "price": "3.50"}."""

import json

from lib import documents


def handler(event, context):
    results = {}
    for record in event["Records"]:
        wanted = json.loads(record["Sns"]["Message"])
        results[wanted["name"]] = compute(wanted["orders"], wanted["price"])
    documents.store("reports/latest.json", json.dumps(results))
    return results


def compute(orders, price):
    return eval(f"round({orders} * {price}, 2)")

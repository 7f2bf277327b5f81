"""Computes the figures that the back office asks for by topic: {"name": ..., "formula": "orders * price", "values": {...}}."""

import json

from lib import documents


def handler(event, context):
    results = {}
    for record in event["Records"]:
        wanted = json.loads(record["Sns"]["Message"])
        results[wanted["name"]] = compute(wanted["formula"], wanted.get("values", {}))
    documents.store("reports/latest.json", json.dumps(results))
    return results


def compute(formula, values):
    return eval(formula, {}, dict(values))

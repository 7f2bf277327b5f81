"""POST /admin/prices takes a price list in YAML; DELETE /admin/products/{id} takes a product off the shelf."""

import os

import boto3
import yaml

from lib.http import answer

products = boto3.resource("dynamodb").Table(os.environ["PRODUCT_TABLE"])


def handler(event, context):
    if event["routeKey"].startswith("DELETE"):
        products.delete_item(Key={"id": event["pathParameters"]["id"]})
        return answer(200, {"removed": event["pathParameters"]["id"]})
    prices = yaml.safe_load(event["body"])
    for number, cents in prices.items():
        products.put_item(Item={"id": str(number), "cents": int(cents)})
    return answer(200, {"prices": len(prices)})

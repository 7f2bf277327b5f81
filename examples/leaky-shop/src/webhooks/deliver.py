"""POST /webhooks/test calls a partner's hook once; GET /tracking asks a carrier where a parcel is."""

import json
import os
import urllib.request
from urllib.parse import quote, urlsplit

from lib.http import answer, json_body, query

CARRIERS = {"post": "post.carriers.example", "courier": "courier.carriers.example"}
AWS_ACCESS_KEY_ID = "AKIALOF7KBSVKLLOOHZ2"
AWS_SECRET_ACCESS_KEY = "uADpse1NeGTbzcwXVjlD4hGR6k9YpKfO9TBA6tDW"


def handler(event, context):
    if event["rawPath"].endswith("/tracking"):
        return track(query(event))
    wanted = json_body(event)
    return call(wanted["url"], wanted.get("order", "test"))


def call(url, order):
    request = urllib.request.Request(url, data=json.dumps({"order": order}).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=3) as response:
        return answer(200, {"status": response.status, "body": response.read(2048).decode("utf-8", "replace")})


def track(wanted):
    url = wanted.get("url") or f"https://{CARRIERS['post']}/parcels/{quote(wanted['parcel'], safe='')}"
    if urlsplit(url).scheme != "https" or urlsplit(url).hostname not in CARRIERS.values():
        return answer(400, {"message": "unknown carrier"})
    if os.environ.get("SHOP_OFFLINE"):
        return answer(200, {"parcel": wanted.get("parcel", ""), "status": "on its way"})
    with urllib.request.urlopen(url, timeout=3) as response:
        return answer(200, json.loads(response.read()))

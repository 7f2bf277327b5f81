"""POST /login greets a customer and starts a cart; GET /cart shows it."""

from lib import sessions
from lib.http import answer, json_body


def handler(event, context):
    if event["routeKey"] == "POST /login":
        return login(json_body(event))
    for cookie in event.get("cookies", []):
        name, _, value = cookie.partition("=")
        if name == "cart":
            return answer(200, {"cart": sessions.unpack(value)})
    return answer(200, {"cart": []})


def login(wanted):
    name = wanted.get("name", "guest")
    page = "<html><body><h1>Welcome back, " + name + "</h1></body></html>"
    return {
        "statusCode": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "cookies": ["cart=" + sessions.pack([])],
        "body": page,
    }

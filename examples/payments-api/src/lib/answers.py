"""Answers to callers and lines for the log: what went wrong is in the log, the caller gets an id."""

import json
import logging

log = logging.getLogger()
log.setLevel(logging.INFO)


class Refused(Exception):
    """The request is not acceptable; the text is safe to show."""


def answer(status, data):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", "x-content-type-options": "nosniff"},
        "body": json.dumps(data),
    }


def note(what, **facts):
    """One line of JSON, so that nothing a caller writes can start a line of its own."""
    log.info(json.dumps({"what": what, **facts}))


def failed(request_id):
    log.exception("request failed")
    return answer(500, {"message": "internal error", "id": request_id})

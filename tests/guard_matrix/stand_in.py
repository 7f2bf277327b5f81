"""Servers the matrix talks to: a web server that says the mark, and as much of MongoDB's wire protocol as ``find`` needs.

No MongoDB can be installed here: this stand-in answers the real driver and matches documents by the real meaning of the
operators that the attacks use, so that an injection succeeds against it for the reason it would succeed there.
"""

import re
import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import bson

from remit_guard.testing.library import MARK

PEOPLE = ({"name": "ada", "secret": MARK},)
OP_MSG = 2013


class Web(BaseHTTPRequestHandler):
    """Answers everything with the mark."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(MARK.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Mongo(socketserver.StreamRequestHandler):
    """One connection of the driver."""

    def handle(self) -> None:
        while True:
            head = self.rfile.read(16)
            if len(head) < 16:
                return
            length, request, _, kind = struct.unpack("<iiii", head)
            body = self.rfile.read(length - 16)
            assert kind == OP_MSG, kind
            flags = struct.unpack("<I", body[:4])[0]
            size = struct.unpack("<i", body[5:9])[0]
            answer = bson.encode(self.answer(bson.decode(body[5 : 5 + size])))
            if not flags & 2:  # moreToCome: nobody waits for an answer
                data = struct.pack("<I", 0) + b"\0" + answer
                self.wfile.write(struct.pack("<iiii", 16 + len(data), 0, request, OP_MSG) + data)

    def answer(self, command: "dict[str, Any]") -> "dict[str, Any]":
        if "find" in command:
            found = [dict(one) for one in PEOPLE if matches(one, command["filter"])]
            return {"ok": 1, "cursor": {"id": 0, "ns": "shop.users", "firstBatch": found}}
        return {
            "ok": 1, "isWritablePrimary": True, "ismaster": True, "minWireVersion": 0, "maxWireVersion": 21,
            "maxBsonObjectSize": 16_777_216, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000,
            "logicalSessionTimeoutMinutes": 30, "readOnly": False, "helloOk": True,
        }  # fmt: skip


def matches(person: "dict[str, str]", wanted: "dict[str, Any]") -> bool:
    """Whether a document matches a filter of equality, ``$ne`` and ``$regex``."""
    for name, condition in wanted.items():
        value = person.get(name)
        if isinstance(condition, dict) and any(str(key).startswith("$") for key in condition):
            if "$ne" in condition and value == condition["$ne"]:
                return False
            if "$regex" in condition and not re.search(condition["$regex"], value or ""):
                return False
        elif value != condition:
            return False
    return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def running() -> "Iterator[tuple[str, str]]":
    """Both servers, for as long as the block runs: the addresses of the web server and of the database."""
    web, mongo = ThreadingHTTPServer(("127.0.0.1", 0), Web), Server(("127.0.0.1", 0), Mongo)
    web.daemon_threads = True
    for server in (web, mongo):
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{web.server_address[1]}/", f"mongodb://127.0.0.1:{mongo.server_address[1]}/"
    finally:
        for server in (web, mongo):
            server.shutdown()
            server.server_close()

"""The handler of the matrix. What to do with the event's value is told out of band, in the client context."""

import asyncio
import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import effects

from remit_guard.testing._read import values_of


def handler(event, context):
    told = context.client_context.custom
    values = [DECODINGS[told.get("decoding", "")](value) for value in values_of(event)]
    if told["effect"] == "properly":
        if "requestContext" not in event:
            return [effects.properly(value, program=bool(told.get("program"))) for value in values]
        (value,) = values
        done = effects.properly(value, program=bool(told.get("program")))
        return {"statusCode": 200, "headers": {"content-type": "text/html"}, "body": done["html"]}
    effect = effects.VULNERABLE[told["effect"]]
    done = [WAYS[told.get("way", "")](effect, value) for value in values]
    return {"statusCode": 200, "body": json.dumps(done, default=str)}


def in_a_thread(effect, value):
    """Errors of the thread go the way of threads: nowhere."""
    done = []
    thread = threading.Thread(target=lambda: done.append(effect(value)))
    thread.start()
    thread.join()
    return done


def in_an_executor(effect, value):
    with ThreadPoolExecutor(2) as pool:
        return pool.submit(effect, value).result()


def in_a_task(effect, value):
    async def task():
        return effect(value)

    async def main():
        return await asyncio.gather(asyncio.create_task(task()))

    return asyncio.run(main())


def off_the_loop(effect, value):
    async def main():
        return await asyncio.get_running_loop().run_in_executor(None, effect, value)

    return asyncio.run(main())


def swallowed(effect, value):
    try:
        return effect(value)
    except Exception:
        return "nothing to see"


WAYS = {
    "": lambda effect, value: effect(value),
    "thread": in_a_thread,
    "executor": in_an_executor,
    "task": in_a_task,
    "off-the-loop": off_the_loop,
    "swallowed": swallowed,
}
DECODINGS = {
    "": lambda value: value,
    "base64": lambda value: base64.b64decode(value).decode(),
    "url": unquote,
    "json": lambda value: json.loads(value)["inner"],
    "base64-json": lambda value: json.loads(base64.b64decode(value))["inner"],
}

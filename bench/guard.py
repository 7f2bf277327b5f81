"""What the guard costs inside a function: cold start and per invocation, under the real runtime client.

    python -m bench.guard [--json] [--runs N]

``import_ms`` is everything the handler redirect does before the function's own code runs (imports, hooks, policy), over
a process that holds the runtime client: CPU time, least of N; Powertools' data classes are imported in the same loop.
Byte code is there, as in an installed layer; ``*_uncompiled_ms`` is the same without it, as in a zip of sources.
``*_us_added`` is CPU time per invocation through the runtime client's own ``handle_event_request`` with the socket left
out, guarded less bare, medians of batches, least of N; ``http_sql`` is a handler that runs a query with a value of the
event, so that the event is opened, indexed and judged at the sink. ``first_us`` is that opening and indexing with one
benign SQL check alone, ``first_sqs_us`` the same for the batch; ``check_us_*`` is one more benign check at each sink in the
same invocation, of a text not seen before. ``cold_ms_*`` is wall time of the whole init phase
under a Runtime API.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import remit_guard
from bench._peers import PeerError, peer
from remit.local.runtime_api import FunctionSpec, LocalFunction
from remit_guard.events import open_event
from remit_guard.sinks import code, log, path, process, sql, url
from remit_guard.sinks.provenance import Provenance

PACKAGE = Path(remit_guard.__file__).parent

APP = """\
import json
import sqlite3

base = sqlite3.connect(":memory:")
base.execute("create table t (a text)")

def plain(event, context):
    return {"statusCode": 200, "body": "ok"}

def batch(event, context):
    return {"batchItemFailures": []}

def query(event, context):
    name = json.loads(event["body"])["customer"]["name"]
    rows = base.execute(f"select a from t where a = '{name}'").fetchall()
    return {"statusCode": 200, "body": json.dumps(rows)}
"""

CLIENT = "import awslambdaric.bootstrap, awslambdaric.lambda_runtime_client, awslambdaric.lambda_config\n"
IMPORT = (
    "import time, sys\n" + CLIENT + "begun = time.process_time()\n{what}\n"
    "sys.stdout.write(str((time.process_time() - begun) * 1000))\n"
)
OURS = "import remit_guard.platforms.aws\nfrom remit_guard.platforms.start import prepare\nassert prepare() is not None"
THEIRS = "from aws_lambda_powertools.utilities import data_classes"

#: Runs in a child: batches of invocations through the runtime client, one number a batch.
LOOP = (
    "import json, os, sys, time\n"
    + CLIENT
    + """
from awslambdaric import bootstrap
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

class Client:
    marshaller = LambdaMarshaller()
    def post_invocation_result(self, *args): self.last = args[1]
    def post_invocation_error(self, *args): sys.exit(str(args))

client, sink = Client(), bootstrap.StandardLogSink()
handler = bootstrap._get_handler(sys.argv[1])
event = open(sys.argv[2], "rb").read()
arn = "arn:aws:lambda:eu-central-1:000000000000:function:f"
best = []
for _ in range(25):
    begun = time.process_time()
    for number in range(200):
        bootstrap.handle_event_request(client, handler, str(number), event, "application/json", None, None, arn, 0, None, sink)
    best.append((time.process_time() - begun) / 200 * 1e6)
sys.stdout.write(str(sorted(best)[len(best) // 2]))
"""
)


def http_event() -> dict[str, object]:
    """An HTTP API event of 2 KB, with the headers a browser and the gateway really send."""
    event: dict[str, object] = {
        "version": "2.0",
        "routeKey": "POST /orders",
        "rawPath": "/orders",
        "rawQueryString": "lang=en&page=2",
        "cookies": ["session=8e1b5f0c2d7a4", "theme=dark"],
        "headers": {
            "accept": "application/json, text/plain, */*",
            "accept-encoding": "gzip, deflate, br",
            "accept-language": "en-GB,en;q=0.9,de;q=0.8",
            "content-type": "application/json",
            "host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "origin": "https://shop.example.com",
            "referer": "https://shop.example.com/basket?step=2",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
            "x-amzn-trace-id": "Root=1-6731a1b2-0123456789abcdef01234567",
            "x-forwarded-for": "198.51.100.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": {"lang": "en", "page": "2"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "a1b2c3d4e5",
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "http": {
                "method": "POST", "path": "/orders", "protocol": "HTTP/1.1", "sourceIp": "198.51.100.7",
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /orders",
            "stage": "$default",
            "time": "10/Nov/2025:10:00:00 +0000",
            "timeEpoch": 1762768800000,
        },
        "isBase64Encoded": False,
    }  # fmt: skip
    items = [{"sku": f"SKU-{number:04}", "quantity": number % 3 + 1} for number in range(6)]
    body = {"customer": {"name": "Ada O. Lovelace", "email": "ada@example.org"}, "items": items, "note": ""}
    body["note"] = "leave it with the neighbour, please. " * 20
    room = 2048 - len(json.dumps({**event, "body": json.dumps({**body, "note": ""})}))
    body["note"] = str(body["note"])[: max(room, 0)]
    return {**event, "body": json.dumps(body)}


def sqs_event() -> dict[str, object]:
    """Ten queue messages of about 650 bytes each."""
    records = []
    for number in range(10):
        attributes = {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1762768800000",
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1762768800001",
        }
        records.append(
            {
                "messageId": f"059f36b4-87a3-44ab-83d2-6619{number:08}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": json.dumps({"order": number, "customer": "Ada Lovelace", "note": "please ring twice " * 8}),
                "attributes": attributes,
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:orders",
                "awsRegion": "eu-central-1",
            }
        )
    return {"Records": records}


def _child(python: str, argv: list[str], folder: Path, environment: dict[str, str]) -> float:
    # Byte code is kept, as an installed layer keeps it: without it every figure would be the compiler's.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    clean.update({"PYTHONPYCACHEPREFIX": str(folder / "pyc"), **environment})
    done = subprocess.run([python, *argv], cwd=folder, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(f"{python} {argv[0]}: {done.stderr.strip()[-400:] or done.stdout[-400:]}")
    return float(done.stdout)


def imports(folder: Path, runs: int) -> dict[str, float]:
    """Import cost of the guard and of Powertools over the runtime client, milliseconds of CPU."""
    ours, theirs = [], []
    environment = {"PYTHONPATH": str(PACKAGE.parent)}
    for _ in range(runs + 1):
        ours.append(_child(sys.executable, ["-c", IMPORT.format(what=OURS)], folder, environment))
        theirs.append(_child(peer("python"), ["-c", IMPORT.format(what=THEIRS)], folder, {}))
    never = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(folder / "none")}
    raw = [_child(sys.executable, ["-c", IMPORT.format(what=OURS)], folder, {**environment, **never}) for _ in range(3)]
    raw_theirs = [_child(peer("python"), ["-c", IMPORT.format(what=THEIRS)], folder, never) for _ in range(3)]
    return {
        "import_ms": min(ours[1:]),
        "powertools_data_classes_import_ms": min(theirs[1:]),
        "import_uncompiled_ms": min(raw),
        "powertools_data_classes_import_uncompiled_ms": min(raw_theirs),
    }


def invocations(folder: Path, runs: int) -> dict[str, float]:
    """Microseconds of CPU that the guard adds to an invocation."""
    (folder / "http.json").write_text(json.dumps(http_event()))
    (folder / "sqs.json").write_text(json.dumps(sqs_event()))
    cases = {"http": ("plain", "http.json"), "sqs": ("batch", "sqs.json"), "http_sql": ("query", "http.json")}
    spent: dict[tuple[str, bool], list[float]] = {}
    for _ in range(runs):
        for name, (handler, event) in cases.items():
            for guarded in (False, True):
                environment = {
                    "PYTHONPATH": f"{folder}{os.pathsep}{PACKAGE.parent}", "REMIT_HANDLER": f"app.{handler}",
                    "LAMBDA_TASK_ROOT": str(folder),
                }  # fmt: skip
                target = "remit_guard.platforms.aws.handler" if guarded else f"app.{handler}"
                value = _child(sys.executable, ["-c", LOOP, target, event], folder, environment)
                spent.setdefault((name, guarded), []).append(value)
    figures = {}
    for name in cases:
        figures[f"{name}_us_bare"] = min(spent[name, False])
        figures[f"{name}_us_added"] = min(spent[name, True]) - min(spent[name, False])
    return figures


def checks() -> dict[str, float]:
    """Microseconds of CPU of benign checks at each sink, without hooks: the first of an invocation, and each one more."""
    name, sku = "Ada O. Lovelace", "SKU-0001"
    sinks: dict[str, Callable[[str, Provenance], object]] = {
        "sql": lambda mark, known: sql.inspect(f"select a from t{mark} where a = '{name}'", known, "sqlite"),
        "sql_bound": lambda mark, known: sql.inspect(
            f"select a, b from t{mark} where a = ? and b > ?", known, "sqlite"
        ),
        "sql_escaped": lambda mark, known: sql.inspect(
            f"select /* {mark} */ a from t where a = '{name}' and b = 'O''Brien'", known, "postgresql"
        ),
        "process": lambda mark, known: process.inspect(["convert", f"{mark}-{sku}.png", "out.png"], known, shell=False),
        "shell": lambda mark, known: process.inspect(f"convert {mark}-'{sku}.png' out.png", known, shell=True),
        "path": lambda mark, known: path.inspect(f"/tmp/{mark}/{sku}.png", known),
        "url": lambda mark, known: url.inspect(f"https://api.example.com/{mark}/{sku}?lang=en", known),
        "code": lambda mark, known: code.inspect(f"f({mark}, '{name}')", known),
        "log": lambda mark, known: log.inspect(f"{mark} order of {name} for {sku}", known),
    }
    opened = [json.loads(json.dumps(event())) for event in (http_event, sqs_event)]
    events = dict(zip(("first_us", "first_sqs_us"), opened, strict=True))

    def first(event: object) -> None:
        found = open_event(event)
        sinks["sql"]("", Provenance(found.leaves(), found.problems))

    figures = {figure: _least(lambda _, event=event: first(event)) for figure, event in events.items()}
    for sink, check in sinks.items():
        found = open_event(events["first_us"])
        known = Provenance(found.leaves(), found.problems)
        if check("a", known) is not None:
            raise PeerError(f"{sink}: a benign value was refused")
        figures[f"check_us_{sink}"] = _least(lambda mark, check=check, known=known: check(f"m{mark}", known))
    return figures


def _least(work: Callable[[int], object], rounds: int = 15, times: int = 300) -> float:
    """CPU microseconds of one call, least of some rounds; each call gets a number of its own."""
    best = float("inf")
    for number in range(rounds):
        begun = time.process_time()
        for mark in range(number * times, (number + 1) * times):
            work(mark)
        best = min(best, (time.process_time() - begun) / times * 1e6)
    return best


def cold(folder: Path, runs: int) -> dict[str, float]:
    """Milliseconds of wall time of the init phase: bare, and what the guard adds."""
    (folder / "empty.py").write_text("def handler(event, context):\n    return None\n")
    keep = {"PYTHONPYCACHEPREFIX": str(folder / "pyc"), "PYTHONDONTWRITEBYTECODE": ""}
    guarded = {**keep, "REMIT_HANDLER": "empty.handler"}
    best = {"bare": float("inf"), "guard": float("inf")}
    for _ in range(runs + 1):
        for name, handler, variables in (
            ("bare", "empty.handler", keep),
            ("guard", "remit_guard.platforms.aws.handler", guarded),
        ):
            spec = FunctionSpec("bench", handler, folder, variables, path=(PACKAGE.parent,))
            with LocalFunction(spec) as function:
                outcome = function.invoke({})
                if outcome.error is not None or outcome.init_ms is None:
                    raise PeerError(f"{name}: {outcome.error}")
                best[name] = min(best[name], outcome.init_ms)
    return {"cold_ms_bare": best["bare"], "cold_ms_added": best["guard"] - best["bare"]}


def measure(runs: int) -> dict[str, float]:
    """All figures, by name.

    Raises:
        PeerError: the peer could not be had, or something did not do its work.
    """
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as name:
        folder = Path(name)
        (folder / "app.py").write_text(APP)
        figures = {**imports(folder, runs), **invocations(folder, max(2, runs // 3))}
        figures |= {**checks(), **cold(folder, runs)}
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    figures["package_bytes"] = sum(path.stat().st_size for path in files)
    figures["dependencies"] = len(requires("remit-guard") or [])
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="bench.guard", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--runs", type=int, default=9, help="how often each is measured (default 9)")
    options = parser.parse_args()
    try:
        figures = measure(max(1, options.runs))
    except PeerError as error:
        print(f"bench.guard: {error}", file=sys.stderr)
        return 4
    if options.json:
        print(json.dumps({"figures": figures}))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value:>12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

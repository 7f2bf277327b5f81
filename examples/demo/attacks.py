"""Hostile events, each with a proof that it worked: data that must not come out, a file that must not be there.

The proof looks at effects, never at what the guard says.
"""

import base64
import json
import pickle
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from examples.demo.canary import Canary
from examples.demo.events import Event, Reply
from remit.local.cloud import Bed

Proof = Callable[[Bed, Reply], bool]

#: What nobody outside should ever read: password hashes, an unannounced product, the schema; the environment's keys.
CATALOG_SECRETS = ("pbkdf2$", "Unannounced robot", "CREATE TABLE customers")
FILE_SECRETS = ("AWS_SECRET_ACCESS_KEY", "root:x:0:0", "import ", "def handler")


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile event: a name, the event, and the proof of its success."""

    name: str
    function: str
    event: Event
    worked: Proof


def attacks(canary: Canary) -> Iterator[Attack]:
    """All of them, fresh names of canaries in each call."""
    yield from _sql()
    yield from _shell()
    yield from _path()
    yield from _ssrf(canary)
    yield from _code()
    yield from _pickle()


def _sql() -> Iterator[Attack]:
    terms = (
        "' UNION SELECT id, email, password FROM customers--",
        "' UNION ALL SELECT id, email || ':' || password, 0 FROM customers /*",
        "'/**/uNiOn/**/sElEcT/**/1,email,password/**/FROM/**/customers--",
        "'\nUNION\nSELECT\n1,email,password\nFROM customers\n--",
        "' OR 1=1--",
        "' OR visible=0 --",
        "' OR name LIKE '%robot",
        "zz' OR 'a'<'b",
        "' UNION SELECT 1, sql, 3 FROM sqlite_master--",
        "' UNION SELECT 1, group_concat(password), 3 FROM customers--",
        "' UNION SELECT 1, (SELECT password FROM customers LIMIT 1), 3--",
        "'OR(1)--",
    )
    for term in terms:
        event = Event("HTTP", "GET /products?q=" + quote(term, safe=""))
        yield Attack(f"sql: {term[:40]!r}", "CatalogFunction", event, _says(*CATALOG_SECRETS))


def _shell() -> Iterator[Attack]:
    # The key cannot bring a slash (the app turns it into a dash), so the canary is dropped in a folder reached by name.
    shapes = (
        "a.jpg;cd $TMPDIR;touch {name};#.jpg",
        "a.jpg|(cd $TMPDIR&&touch {name})",
        "a.jpg&&cd $TMPDIR&&touch {name}",
        "$(cd $TMPDIR;touch {name}).jpg",
        "`cd $TMPDIR;touch {name}`.jpg",
        "a.jpg\ncd $TMPDIR\ntouch {name}\n",
        "a.jpg & cd $TMPDIR; touch {name}; wait; #.jpg",
        "a.jpg;cd${IFS}$TMPDIR;touch${IFS}{name};.jpg",
        "a.jpg;cd ~;$(echo dG91Y2g= | base64 -d) {name};.jpg",
        "a.jpg;cd ~;{{touch,{name}}};t''ouch {name};.jpg",
    )
    for shape in shapes:
        name = "pwned-" + secrets.token_hex(4)
        key = shape.replace("{name}", name).replace("{{", "{").replace("}}", "}")
        event = Event("S3", "UploadBucket", body="JPEG " + name, key=key)
        yield Attack(f"shell: {key[:40]!r}", "ThumbnailFunction", event, _left("ThumbnailFunction", name))


def _path() -> Iterator[Attack]:
    layouts = (
        "../lib/db.py",
        "../orders/create.py",
        "./../lib//sessions.py",
        "/proc/self/environ",
        "../../../../../../../../../../../../proc/self/environ",
        "/etc/passwd",
        "../../../../../../../../../../../../etc/./passwd",
        "../layouts/../lib/documents.py",
    )
    for number, layout in enumerate(layouts):
        order = secrets.token_hex(6)
        body = json.dumps({"order": order, "customer": "mallory", "layout": layout})
        if number % 4 == 3:
            # The long way: an order by HTTP, whose layout reaches the invoice function in a message of the shop's own.
            body = json.dumps({"customer": order, "items": [], "layout": layout})
            event = Event("HTTP", "POST /orders", body, headers=(("content-type", "application/json"),))
        else:
            event = Event("SQS", "InvoiceQueue", body)
        yield Attack(f"path: {layout[-40:]!r}", "InvoiceFunction", event, _document(order))


def _ssrf(canary: Canary) -> Iterator[Attack]:
    port = canary.port
    hosts = (
        f"127.0.0.1:{port}", f"localhost:{port}", f"2130706433:{port}", f"0x7f.1:{port}", f"0177.0.0.1:{port}",
        f"127.1:{port}", f"127.0.1:{port}", f"0.0.0.0:{port}",
    )  # fmt: skip
    urls = [f"http://{host}/latest/meta-data/{secrets.token_hex(4)}" for host in hosts]
    urls.append("file:///proc/self/environ")
    for url in urls:
        body = json.dumps({"url": url, "order": "1"})
        event = Event("HTTP", "POST /webhooks/test", body, headers=(("content-type", "application/json"),))
        yield Attack(f"ssrf: {url[:40]!r}", "WebhookFunction", event, _says(canary.treasure, "AWS_SECRET_ACCESS_KEY"))


def _code() -> Iterator[Attack]:
    # The app evaluates ``round(ORDERS * PRICE, 2)``: the prize is put between a closed and an opened bracket.
    names = ["pwned-" + secrets.token_hex(4) for _ in range(2)]
    popen = "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'Popen'][0]"
    prizes = (
        (f"__import__('os').system('touch $TMPDIR/{names[0]}')", _left("ReportFunction", names[0])),
        (f"{popen}('touch $TMPDIR/{names[1]}', shell=True).wait()", _left("ReportFunction", names[1])),
        ("__import__('os').environ['AWS_SECRET_ACCESS_KEY']", _returns("local")),
        ("open('/proc/self/environ').read()", _says("AWS_SECRET_ACCESS_KEY")),
    )
    for prize, proof in prizes:
        message = {"name": "revenue", "orders": f"0) or {prize} or (1", "price": "1"}
        event = Event("SNS", "ReportTopic", json.dumps(message))
        yield Attack(f"code: {prize[:40]!r}", "ReportFunction", event, proof)


class _Run:
    """Pickles into a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def _pickle() -> Iterator[Attack]:
    import os
    import subprocess

    names = ["pwned-" + secrets.token_hex(4) for _ in range(3)]
    payloads = (
        (names[0], _Run(os.system, f"touch $TMPDIR/{names[0]}")),
        (names[1], _Run(subprocess.call, ["sh", "-c", f"touch $TMPDIR/{names[1]}"])),
        (names[2], _Run(eval, f"__import__('os').system('touch $TMPDIR/{names[2]}')")),
    )
    for name, payload in payloads:
        cookie = base64.urlsafe_b64encode(pickle.dumps([payload])).decode()
        event = Event("HTTP", "GET /cart", headers=(("cookie", f"cart={cookie}"),))
        yield Attack(f"pickle: {payload.call[0].__name__}", "AccountFunction", event, _left("AccountFunction", name))


def _says(*secret: str) -> Proof:
    return lambda _, reply: any(text in reply.text for text in secret)


def _returns(secret: str) -> Proof:
    return lambda _, reply: f'"{secret}"' in reply.text


def _left(function: str, name: str) -> Proof:
    return lambda bed, _: (bed.function(function).scratch / name).exists()


def _document(order: str) -> Proof:
    """Whether a stored invoice holds what no layout holds. The order's number, or the customer's name, tells it apart."""

    def proof(bed: Bed, _: Reply) -> bool:
        thing = bed.plan.thing("DocumentBucket")
        if thing is None:
            return False
        s3 = bed.client("s3")
        found = bed.wait(lambda item: item.function == "InvoiceFunction" and order in json.dumps(item.event), 20.0)
        if found is None or not isinstance(found.event, dict):
            return False
        for record in found.event["Records"]:
            number = json.loads(record["body"])["order"]
            listing = s3.list_objects_v2(Bucket=thing.name, Prefix=f"invoices/{number}.txt").get("Contents", [])
            for item in listing:
                text = s3.get_object(Bucket=thing.name, Key=item["Key"])["Body"].read().decode("utf-8", "replace")
                if any(secret in text for secret in FILE_SECRETS):
                    return True
        return False

    return proof

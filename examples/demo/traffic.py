"""Ordinary events: what customers really send, including much that looks dangerous and is not.

Where the app never lets a value near a sink, the value may say what it likes: a customer may be called ``; rm -rf /``.
"""

import base64
import json
import pickle
import random
from collections.abc import Callable, Iterator
from urllib.parse import quote

from examples.demo.events import Event

SEARCHES = (
    "kettle", "Kettle", "tea", "garden chair", "RAKE", "", "%", "_", "100% cotton", "select a kettle", "union jack mug",
    "drop leaf table", "where to sit", "chair -- cheap", "order by phone", "and/or", "insert coin", "créme brûlée", "急須",
    "a;b", "(new)", "50% off or more", "null", "table", "update 2026", "like new", "; delete", "/* soon */", "exec chair",
)  # fmt: skip
CATEGORIES = ("kitchen", "garden", "garden' OR '1'='1", "'; DROP TABLE products; --", "O'Brien's", "café", "\\", "%27")
NAMES = (
    "Ada Lovelace", "O'Brien & Sons", "; rm -rf /", "$(whoami)", "<b>Tom</b>", "../../etc/passwd", "Robert'); DROP TABLE--",
    "{{7*7}}", "김철수", "A/B testing GmbH", "http://example.org", "`id`", "null", "Zoë 😀", "x" * 200, "tab\there",
)  # fmt: skip
GREETED = ("Ada", "Grace Hopper", "Zoë", "Jean-Luc", "김철수", "Miles O Brien", "A. Turing", "ada@shop.example")
PARCELS = ("JD0146", "1Z999AA1", "RR 123 DE", "../../admin", "http://127.0.0.1/", "a?b=c#d", "ü", "00340434")
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5", "Shop-App/7 (iPhone; iOS 19)", "() { :; }; echo")

Make = Callable[[random.Random], Event]


def ordinary(count: int, token: str, seed: int = 20) -> Iterator[Event]:
    """Ordinary events, the same for the same seed.

    Args:
        count: how many.
        token: a bearer token for the routes that want one.
        seed: of the choice.
    """
    chance = random.Random(seed)
    makers: list[tuple[Make, int]] = [
        (_search, 22), (_category, 10), (_product, 10), (_order, 14), (_track, 8), (_login, 6), (_cart, 6),
        (lambda c: _prices(c, token), 4), (_remove, 2), (_photo, 8), (_invoice, 7), (_report, 3),
    ]  # fmt: skip
    kinds = [make for make, weight in makers for _ in range(weight)]
    for number in range(count):
        # Every kind at least once, then by weight.
        make = makers[number][0] if number < len(makers) else chance.choice(kinds)
        yield make(chance)


def _get(path: str, chance: random.Random, *headers: tuple[str, str]) -> Event:
    return Event("HTTP", "GET " + path, headers=(("user-agent", chance.choice(AGENTS)), *headers))


def _post(path: str, data: object, chance: random.Random) -> Event:
    kind = (("content-type", "application/json"), ("user-agent", chance.choice(AGENTS)))
    return Event("HTTP", "POST " + path, json.dumps(data), headers=kind)


def _search(chance: random.Random) -> Event:
    limit = f"&limit={chance.randint(1, 50)}" if chance.random() < 0.3 else ""
    return _get(f"/products?q={quote(chance.choice(SEARCHES), safe='')}{limit}", chance)


def _category(chance: random.Random) -> Event:
    return _get(f"/products?category={quote(chance.choice(CATEGORIES), safe='')}", chance)


def _product(chance: random.Random) -> Event:
    return _get(f"/products/{chance.randint(1, 5)}", chance)


def _order(chance: random.Random) -> Event:
    items = [{"product": chance.randint(1, 5), "count": chance.randint(1, 9)} for _ in range(chance.randint(1, 3))]
    layout = chance.choice(("plain.txt", "fancy.txt"))
    return _post("/orders", {"customer": chance.choice(NAMES), "items": items, "layout": layout}, chance)


def _track(chance: random.Random) -> Event:
    return _get(f"/tracking?parcel={quote(chance.choice(PARCELS), safe='')}", chance)


def _login(chance: random.Random) -> Event:
    return _post("/login", {"name": chance.choice(GREETED)}, chance)


def _cart(chance: random.Random) -> Event:
    cart = [{"product": chance.randint(1, 5), "note": chance.choice(NAMES)} for _ in range(chance.randint(0, 3))]
    cookie = "cart=" + base64.urlsafe_b64encode(pickle.dumps(cart)).decode()
    return _get("/cart", chance, ("cookie", f"theme=dark; {cookie}"))


def _prices(chance: random.Random, token: str) -> Event:
    lines = "".join(f"{number}: {chance.randint(100, 9999)}\n" for number in range(1, chance.randint(2, 5)))
    headers = (("content-type", "application/yaml"), ("authorization", "Bearer " + token))
    return Event("HTTP", "POST /admin/prices", lines, headers=headers)


def _remove(chance: random.Random) -> Event:
    return Event("HTTP", f"DELETE /admin/products/{chance.randint(10, 99)}")


def _photo(chance: random.Random) -> Event:
    folder = chance.choice(("photos/2026", "Ferien_Süd", "a-b/c.d", "rm-rf", "select", "..tmp", "@home"))
    name = f"{folder}/IMG_{chance.randint(1, 99999):05}.{chance.choice(('jpg', 'jpeg', 'PNG'))}"
    return Event("S3", "UploadBucket", body=f"JPEG {chance.random()} " * chance.randint(1, 4000), key=name)


def _invoice(chance: random.Random) -> Event:
    order = {
        "order": f"{chance.getrandbits(64):016x}",
        "customer": chance.choice(NAMES),
        "layout": chance.choice(("plain.txt", "fancy.txt")),
    }
    return Event("SQS", "InvoiceQueue", json.dumps(order))


def _report(chance: random.Random) -> Event:
    price = f"{chance.randint(1, 99)}.{chance.randint(0, 99):02}"
    return Event(
        "SNS", "ReportTopic", json.dumps({"name": "revenue", "orders": str(chance.randint(1, 500)), "price": price})
    )

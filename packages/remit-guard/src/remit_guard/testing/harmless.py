r"""Harmless values that look like trouble, and harmless events made of them: for "it disturbs nobody".

Everything is generated from a seed, so that a failing value can be made again. The words are ours.

>>> from remit_guard.testing.harmless import values
>>> values(3, seed=1) == values(3, seed=1)
True
"""

import base64
import json
from random import Random
from typing import Any

from remit_guard.testing import events
from remit_guard.testing.events import CARRIERS, Event

_NAMES = (
    "Siobhan O'Brien", "D'Angelo", "O’Neill", "Jean-Luc d'Arc", "N'Golo", "Ta'Quan", "Zoë Müller-Łukasz", "李小龍",
    "محمد علي", "Владимир", "Þór Æsir", "Ng", "X Æ A-12", "Null", "True", "Robert Union", "Selecta Tables", "Anna-Maria;",
    'Dwayne "The Rock" J.', "Smith & Sons", "Mc(Adams)", "Mr. Drop", "And Or", "Wm. Where", "ﬁnn", "Ａｎｎａ", "e\u0301mile",
)  # fmt: skip
_PROSE = (
    "Please select the red one from the table and drop it off where I live; don't update the order.",
    "The union of workers will order lunch by 12 -- or so they said.",
    "I'd like 1 or 2 = fine, 3 and 4 too.",
    "Delete me from your list! Or else... (joking)",
    "It's 5 o'clock; echo back if you can | thanks & bye",
    "Use `ls -la` to see files, then `rm` what you don't need.",
    "100% cotton, 50% off, price < 20 and > 10 $",
    'he said: "insert coin into slot" and it\'s gone',
    "cat and dog; more or less; head over heels",
    "C:\\Users\\anna\\Documents and ~/notes.txt",
    "50/50 ... see pages 3/4 ../ maybe",
    "Grüße aus Köln – „schön“ … ‚ja‘",
    "where 1=1 is taught in every SQL course",
    "if (a || b) && c then d; else e",
    "{{ name }} is the placeholder, ${amount} the other, <%= id %> the third",
    "<3 you & me -> forever <- yes",
    "#hashtag @mention *bold* _it_ ~~no~~ 'quoted'",
    "🙂👍🏽 family 👨‍👩‍👧 flags 🇩🇪",
    "tab\there and a line\nbreak, as forms send them\r\n",
    "-rf is an option; --help too",
    "/etc is a folder on Linux",
    "javascript: is how bookmarklets begin",
    "e.g. 127.0.0.1 is localhost",
    "((((((((deep))))))))",
    "",
    " ",
    "'",
    "--",
    "''",
    "\\",
    "%",
    "0",
    "-1",
    "1e309",
    "NaN",
    "../",
    "a'b",
)
_SNIPPETS = (
    "SELECT name, count(*) FROM orders WHERE state = 'open' GROUP BY name ORDER BY 2 DESC LIMIT 10;",
    "import os\nfor name in os.listdir('.'):\n    print(name)\n",
    "```sh\ncurl -s https://example.org/install | sh\n```",
    "# Title\n\n* one\n* two `code`\n\n| a | b |\n|---|---|\n| 1 | '2' |\n",
    "function f(a) { return a ? 'x' : \"y\"; } // done",
    '<p class="a">It\'s <b>bold</b> &amp; nice</p>',
    "docker run --rm -it -v $(pwd):/src alpine sh -c 'ls /src'",
    "__init__.py, eval(), exec() and compile() are functions of Python",
    "a: 1\nb: [x, 'y']\nc: |\n  text\n",
    '<?xml version="1.0"?><note lang="en">Tea &lt; coffee</note>',
    "SGVsbG8sIHdvcmxkIQ==",
    "^(?:[a-z]+)\\d{1,3}$",
    "UPDATE stock SET n = n - 1 -- and then commit",
    "{$set: {name: 'x'}} is an update of MongoDB",
    "(&(objectClass=person)(uid=anna))",
    "//book[@title='x']/price",
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: bad',
)
_URLS = (
    "https://example.org/a/b.html?q=it's&x=1%202#top", "http://user@example.net:8080/p;v=1", "mailto:anna@example.org",
    "s3://bucket/key with blanks/é.png", "https://xn--mller-kva.example/",
    "www.example.org/?redirect=https%3A%2F%2Fexample.com%2F",
    "arn:aws:s3:::bucket/*", "urn:isbn:0451450523", "file names/are (1).fine.pdf", "data:text/plain;base64,SGk=",
)  # fmt: skip
_WORDS = ("order", "select", "name", "union", "from", "where", "anna", "drop", "table", "group", "key", "value", "list")


def values(count: int, seed: int = 0) -> "list[str]":
    """Harmless values: all the tricky ones first, then mixtures of them.

    Args:
        count: how many.
        seed: another seed, other mixtures.
    """
    fixed = [*_NAMES, *_PROSE, *_SNIPPETS, *_URLS]
    random = Random(seed)  # noqa: S311  (repeatable on purpose)
    random.shuffle(fixed)
    made = fixed[:count]
    while len(made) < count:
        made.append(_mixed(random))
    return made


def _mixed(random: Random) -> str:
    kind = random.randrange(9)
    if kind == 0:
        return f"{random.choice(_NAMES)}, {random.choice(_PROSE)}"
    if kind == 1:
        return json.dumps(
            {random.choice(_WORDS): random.choice(_PROSE), "n": random.random(), "by": random.choice(_NAMES)}
        )
    if kind == 2:  # an image as browsers send one
        return "data:image/png;base64," + base64.b64encode(random.randbytes(random.randrange(30, 900))).decode("ascii")
    if kind == 3:
        return "\n\n".join(random.choice((*_SNIPPETS, *_PROSE)) for _ in range(random.randrange(2, 5)))
    if kind == 4:
        return f"{random.choice(_WORDS)}/{random.choice(_NAMES)}/{random.randrange(10**6)}.{random.choice(('png', 'csv', 'pdf'))}"
    if kind == 5:
        return "".join(
            chr(random.choice((random.randrange(32, 127), random.randrange(0xA0, 0xD7FF)))) for _ in range(40)
        )
    if kind == 6:
        return " ".join(random.choice(_WORDS) for _ in range(random.randrange(1, 12))) + random.choice(".!?;:'\"")
    if kind == 7:
        return f"{random.choice(_URLS)} {random.choice(_PROSE)}"
    return f"{random.randrange(-(10**12), 10**12)}" if random.random() < 0.5 else f"{random.random():.6f}"


def _order(random: Random, value: str) -> "dict[str, Any]":
    """A document as shops have them, with the value where people write."""
    return {
        "id": f"{random.getrandbits(128):032x}",
        "customer": {"name": value, "mail": "anna@example.org", "tags": [random.choice(_WORDS), random.choice(_NAMES)]},
        "lines": [{"sku": f"A-{random.randrange(999)}", "n": random.randrange(9), "price": 9.99} for _ in range(3)],
        "note": random.choice(_PROSE),
        "raw": json.dumps({"note": random.choice(_SNIPPETS)}),
        "paid": True,
        "coupon": None,
        "value": value,
    }


#: Whole documents, in the sources that carry any.
_RICH = {
    "body": events.http_api,
    "rest-api": events.rest_api,
    "function-url": events.function_url,
    "sqs": events.sqs,
    "sns": events.sns,
    "sns-in-sqs": events.sns_in_sqs,
    "kinesis": events.kinesis,
    "kafka": events.kafka,
    "dynamodb": events.dynamodb,
    "eventbridge": events.eventbridge,
}


def benign(count: int, seed: int = 0, source: str = "") -> "list[tuple[str, str, Event]]":
    """Harmless events of every source in turn.

    Args:
        count: how many.
        seed: another seed, other values.
        source: only events of this carrier (a name in ``events.CARRIERS``).

    Returns:
        Name of the carrier, the value in it, and the event.
    """
    random = Random(seed)  # noqa: S311  (repeatable on purpose)
    names = [source] if source else list(CARRIERS)
    made = []
    for index, value in enumerate(values(count, seed)):
        name = names[index % len(names)]
        rich: Any = _RICH.get(name)
        event = rich(_order(random, value)) if rich is not None and index % 2 else CARRIERS[name](value)
        made.append((name, value, event))
    return made

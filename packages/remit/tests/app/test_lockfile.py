"""remit.lock: what is written is what is read, and what is broken is named with its line."""

import contextlib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from remit.app.location import Location
from remit.app.lockfile import LockError, parse, spell, understand, write
from remit.app.model import App, Function
from remit.app.need import OBSERVED, WRITTEN, FunctionRemit, Need, Unresolved
from remit.app.value import Choice, Ref, Text, Unknown, Value

T = Location("template.yaml", 71)
APP = App(
    "shop", "SAM", "template.yaml",
    (
        Function("CreateOrder", "create.handler", "python3.12", "src/orders", T),
        Function("Unread", "x.y", "", None, Location("template.yaml", 90)),
    ),
)  # fmt: skip
REMIT = FunctionRemit(
    "CreateOrder",
    (
        Need("receives", "POST /orders/{id}", "holders of a token for {Issuer}", (T,)),
        Need("calls", "dynamodb:PutItem", Ref("OrdersTable", "Arn"), (Location("src/orders/create.py", 37), T)),
        Need(
            "calls",
            "s3:PutObject",
            Text((Ref("Uploads", "Arn"), "/in/*")),
            (Location("src/orders/create.py", 40),),
            OBSERVED,
        ),
        Need("reaches", "api.example:443", None, (Location("src/lib/pay.py", 20),)),
        Need("runs", "convert", None, (Location("remit.toml", 3),), WRITTEN, "the exporter (until 2027-01-31)"),
        Need("secrets", Ref("PaymentKey"), None, (Location("src/lib/pay.py", 9),)),
    ),
    (Unresolved("reaches", "?:443", 'the host is not known: "x"', Location("src/lib/pay.py", 21)),),
)


def test_the_form() -> None:
    assert write(APP, {"CreateOrder": REMIT}) == snapshot("""\
# remit.lock: what each function may do. Derived by `remit lock`; review its diff like code.
version = 1

[functions.CreateOrder]  # src/orders  create.handler
receives = [
  { trigger = "POST /orders/{id}", from = "holders of a token for {Issuer}", because = "template.yaml:71" },
]
calls = [
  { action = "dynamodb:PutItem", on = "{OrdersTable}", because = "src/orders/create.py:37" },
  { action = "s3:PutObject", on = "{Uploads}/in/*", by = "observed", because = "src/orders/create.py:40" },
]
reaches = [
  { host = "api.example:443", because = "src/lib/pay.py:20" },
]
runs = [
  { program = "convert", note = "the exporter (until 2027-01-31)", by = "written", because = "remit.toml:3" },
]
reads = []
writes = []
secrets = [
  { name = "{PaymentKey}", because = "src/lib/pay.py:9" },
]
returns = []
unresolved = [
  { verb = "reaches", what = "?:443", why = "the host is not known: \\"x\\"", because = "src/lib/pay.py:21" },
]

[functions.Unread]
receives = []
calls = []
reaches = []
runs = []
reads = []
writes = []
secrets = []
returns = []
unresolved = [
  { verb = "code", what = "Unread", why = "it was not analysed", because = "template.yaml:90" },
]
""")


def test_what_is_written_can_be_read_and_written_again() -> None:
    text = write(APP, {"CreateOrder": REMIT})
    again = parse(text).functions
    assert write(APP, again) == text
    need = again["CreateOrder"].of("calls")[0]
    assert (need.what, need.on, need.because) == (
        "dynamodb:PutItem",
        Ref("OrdersTable", "Arn"),
        (Location("src/orders/create.py", 37),),
    )
    assert again["CreateOrder"].of("receives")[0].on == "holders of a token for {Issuer}"
    assert again["CreateOrder"].unresolved == REMIT.unresolved


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "remit.lock:1: version 1 is the only one this program knows"),
        ("version = 2\n", "remit.lock:1: version 1 is the only one this program knows"),
        ("version = 1\n<<<<<<< ours\n", "remit.lock:2: not TOML: Invalid statement"),
        ("version = 1\n[functions.F]\ncalls = [", "remit.lock:3: not TOML: Invalid value"),
        ("version = 1\nfunctions = 3\n", 'remit.lock:2: "functions" is not a table'),
        ("version = 1\n[functions.F]\nclals = []\n", 'remit.lock:3: "clals" is not a verb of a remit'),
        ("version = 1\n[functions.F]\ncalls = 3\n", 'remit.lock:3: "calls" of F is not a list'),
        (
            'version = 1\n[functions.F]\nruns = []\ncalls = [\n  { action = "a:b", because = "x:1" },\n  { on = "x" },\n]\n',
            'remit.lock:6: "action" is missing',
        ),
        ('version = 1\n[functions.F]\nruns = [\n  { program = "x" },\n]\n', 'remit.lock:4: "because" is missing'),
        ("version = 1\n[functions.F]\nruns = [\n  { program = 3 },\n]\n",
         'remit.lock:4: an entry of "runs" of F is not a table of texts'),
        (
            'version = 1\n[functions.F]\nruns = [\n  { program = "x", by = "me", because = "x:1" },\n]\n',
            "remit.lock:4: \"by\" is 'me'; it can be derived, observed or written",
        ),
    ],
)  # fmt: skip
def test_a_broken_lock_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(LockError) as caught:
        parse(text)
    assert str(caught.value) == message
    assert caught.value.exit_code == 4


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
TEXTS = st.text(max_size=20)
PARTS = st.one_of(TEXTS.filter(bool), st.builds(Ref, NAMES), st.builds(Ref, NAMES, NAMES))


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_values_survive(parts: list[str | Ref]) -> None:
    from remit.app.value import join

    value = join(list(parts))
    if any(isinstance(part, Ref) and part.attribute == "Arn" for part in parts):
        return
    assert understand(spell(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Ref("T", "Arn"), "{T}"),
        (Ref("AWS::Region"), "{Region}"),
        (Text(("arn:", Ref("AWS::Partition"), ":x:", Ref("AWS::AccountId"))), "arn:{Partition}:x:{Account}"),
        (Text(("a{", Ref("T"), "}")), "a{{{T}}}"),
        (Choice(("a", Ref("B"))), "a | {B}"),
        (Unknown("x"), "*"),
        (443, "443"),
    ],
)
def test_spelling(value: Value, text: str) -> None:
    assert spell(value) == text


@given(NAMES | TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_names_hold_the_lock_is_toml_and_one_entry_is_one_line(
    name: str, what: str, why: str, file: str
) -> None:
    need = Need("runs", what, None, (Location(file, 3),), note=why)
    remit = FunctionRemit(name, (need,), (Unresolved("runs", what, why, Location(file, 1)),))
    text = write(App("a", "SAM", "t.yaml"), {name: remit})
    section = tomllib.loads(text)["functions"][name]
    assert len(section["runs"]) == 1
    assert len(text.splitlines()) == len(text.rstrip("\n").split("\n"))
    assert parse(text).functions[name].of("runs")[0].note == why


@given(st.text())
def test_hostile_text_is_a_lock_error_or_a_lock(text: str) -> None:
    with contextlib.suppress(LockError):
        parse(text)

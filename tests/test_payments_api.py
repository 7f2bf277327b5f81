"""payments-api really runs: the good example is an app, not a template that only looks good."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.local.cloud import Bed
from remit.local.ministack import CloudError, locate
from remit.read import load

pytestmark = pytest.mark.e2e

APP = Path(__file__).resolve().parent.parent / "examples" / "payments-api"
PAYMENT = json.dumps({"cents": 1200, "iban": "DE02120300000000202051"})


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    try:
        locate()
    except CloudError:
        pytest.skip("the local cloud is not installed: make setup")
    (app,) = load(APP).apps
    with Bed(app, APP) as running:
        yield running


def signed_in(bed: Bed, who: str) -> dict[str, str]:
    return {"authorization": "Bearer " + bed.token({"sub": who}), "content-type": "application/json"}


def test_a_payment_is_shown_to_its_owner_and_to_nobody_else(bed: Bed) -> None:
    assert bed.request("POST", "/payments", PAYMENT).status == 401
    ada, bob = signed_in(bed, "ada"), signed_in(bed, "bob")
    made = bed.request("POST", "/payments", PAYMENT, ada)
    assert made.status == 201, made.body
    number = json.loads(made.body)["id"]
    shown = bed.request("GET", f"/payments/{number}", headers=ada)
    assert json.loads(shown.body) == {"id": number, "cents": 1200, "state": "accepted"}
    assert bed.request("GET", f"/payments/{number}", headers=bob).status == 404
    # No bank on this machine: the message goes back to the queue, the function does not fail.
    settled = bed.wait(lambda served: served.function == "SettlePayments", 30)
    assert settled is not None
    assert settled.invocation.error is None
    assert settled.invocation.payload["batchItemFailures"]  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"cents": -1, "iban": "DE02120300000000202051"}', '{"cents": 1, "iban": "../x"}', "1" * 5000],
)
def test_what_is_not_a_payment_is_refused_without_a_word_too_many(bed: Bed, body: str) -> None:
    answer = bed.request("POST", "/payments", body, signed_in(bed, "ada"))
    assert answer.status == 400
    assert b"Traceback" not in answer.body


def test_a_statement_is_summed_up(bed: Bed) -> None:
    bucket = bed.plan.thing("StatementBucket")
    assert bucket is not None
    bed.client("s3").put_object(Bucket=bucket.name, Key="2026/11 a.csv", Body=b"x,100\n' OR 1=1,250\nbroken\n")
    read = bed.wait(lambda served: served.function == "ReadStatements", 30)
    assert read is not None
    assert read.invocation.error is None
    assert any('"cents": 350' in line for line in read.invocation.logs), read.invocation.logs

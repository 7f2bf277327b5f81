"""Reads bank statements (CSV: reference, cents) that arrive in the bucket and sums them up."""

import csv
import io
import sqlite3
from urllib.parse import unquote_plus

import boto3

from lib.answers import note

LARGEST = 5_000_000

s3 = boto3.client("s3")


def handler(event, context):
    for record in event.get("Records", []):
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        text = s3.get_object(Bucket=bucket, Key=key)["Body"].read(LARGEST).decode("utf-8", "replace")
        rows = [(row[0], int(row[1])) for row in csv.reader(io.StringIO(text)) if len(row) == 2 and row[1].isdigit()]
        note("statement", key=key, rows=len(rows), cents=total(rows))


def total(rows, reference="%"):
    with sqlite3.connect(":memory:") as ledger:
        ledger.execute("CREATE TABLE entries (reference TEXT, cents INTEGER)")
        ledger.executemany("INSERT INTO entries VALUES (?, ?)", rows)
        (cents,) = ledger.execute("SELECT coalesce(sum(cents), 0) FROM entries WHERE reference LIKE ?", (reference,)).fetchone()
    return cents

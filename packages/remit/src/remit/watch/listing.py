"""Incidents for the terminal: out of a data directory, or from a running server."""

import http.client
import json
import os
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from remit.app.errors import Incomplete, NothingToExamine, RemitError
from remit.watch.hub import now_ms
from remit.watch.live import Live, told
from remit.watch.store import open_store

#: Version of the JSON that ``render_json`` gives; it grows when a part changes its meaning.
VERSION = 1
_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_ANSWER_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listing:
    """Incidents as ``remit.watch.live.told`` gives them, worst first.

    Args:
        where: what was asked.
        kept: how many signals there are; 0 means that nothing is known.
        incidents: each with its words.
        count: how many there are, should fewer be listed.
        now: when they were listed, milliseconds since the epoch.
    """

    where: str
    kept: int
    incidents: list[dict[str, Any]]
    count: int
    now: int


def parse_since(text: str) -> int:
    """``30m``, ``24h`` or ``7d`` in milliseconds.

    Raises:
        RemitError: anything else.
    """
    found = re.fullmatch(r"([1-9]\d{0,4})([mhd])", text)
    if found is None:
        raise RemitError(f"--since {text}: a number and m, h or d is wanted, such as 24h")
    return int(found[1]) * _UNITS[found[2]]


def from_store(data: Path, span: int) -> Listing:
    """Incidents of the last ``span`` milliseconds in a data directory.

    Raises:
        NothingToExamine: there is no such directory.
        StoreBusy: a running server has it.
        RemitError: the engine is missing, or the directory cannot be read.
    """
    if not data.is_dir():
        raise NothingToExamine(f"{data}: no signals are kept there; `remit watch` would make it")
    now = now_ms()
    store = open_store(data)
    try:
        live = Live(span)
        live.take(store.since(now - span), now)
        found = live.incidents(now)
        return Listing(str(data), store.count(), [told(incident) for incident in found], len(found), now)
    finally:
        store.close()


def ask(url: str, span: int) -> Listing:
    """Incidents of a running server, those of the last ``span`` milliseconds among what it still shows.

    Raises:
        RemitError: not an address.
        Incomplete: it does not answer, or not as ``remit watch`` does.
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise RemitError(f"--url {url}: an address such as http://127.0.0.1:7373 is wanted")
    target = urllib.parse.urlunsplit((parts.scheme, parts.netloc, "/state", "", ""))
    request = urllib.request.Request(target)  # noqa: S310  (the scheme was checked)
    token = os.environ.get("REMIT_WATCH_TOKEN", "")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    # No proxy: signals are not to pass through a third party on their way to this terminal.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            state = json.loads(answer.read(_ANSWER_LIMIT))
        now, kept = int(state["now"]), int(state["store"]["kept"])
        found = [incident for incident in state["incidents"] if incident["last"] >= now - span]
        count = len(found) if len(found) < len(state["incidents"]) else int(state["incident_count"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        raise Incomplete(f"{url}: no answer of a running `remit watch`: {error}") from error
    return Listing(url, kept, found, count, now)


def render_json(listing: Listing) -> str:
    """The listing as one JSON document."""
    document = {
        "version": VERSION,
        "where": listing.where,
        "signals": listing.kept,
        "now": listing.now,
        "count": listing.count,
        "incidents": listing.incidents,
    }
    return json.dumps(document, indent=2)


def render_text(listing: Listing) -> str:
    """The listing for people; every text of a stranger without control characters."""
    if not listing.incidents:
        return "" if not listing.kept else f"all quiet: no incident in {listing.kept:,} signals\n"
    lines = []
    for incident in listing.incidents:
        when = datetime.fromtimestamp(incident["first"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        lines.append(f"{incident['severity']}[{incident['id']}]  {incident['story']}")
        senders = ", ".join(incident["senders"][:3])
        lines.append(
            f"   {when}   {incident['count']:,} signal{'' if incident['count'] == 1 else 's'}"
            + (f"   from {senders}" if senders else "")
        )
        for number, stage in enumerate(incident["stages"], 1):
            held = f"{stage['blocked']:,} of {stage['count']:,} stopped"
            field = f"   {stage['fields'][0]}" if stage["fields"] else ""
            source = f"   {stage['source']}" if stage["source"] else ""
            lines.append(f"   {number:>2}  {stage['function']}   {stage['rule']}{source}{field}   {held}")
        if incident["stage_count"] > len(incident["stages"]):
            lines.append(f"       and {incident['stage_count'] - len(incident['stages']):,} more steps")
        for advice in incident["advice"]:
            lines.append(f"   do  {advice}")
        lines.append("")
    if listing.count > len(listing.incidents):
        lines.append(f"the first {len(listing.incidents)} of {listing.count:,} incidents")
    return "".join(_clean(line) + "\n" for line in lines)


def _clean(line: str) -> str:
    """A line that stays one line and cannot steer a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in line)

"""A lock report as JSON, for machines; ``version`` changes when a key changes its meaning."""

import json
from typing import Any

from remit.app.lockfile import spell
from remit.app.need import FunctionRemit
from remit.app.report import Failure, Skip
from remit.lock.report import AppLock, FunctionLock, Report

VERSION = 1


def render(report: Report) -> str:
    """The report as one JSON document."""
    data = {
        "version": VERSION,
        "apps": [_app(item) for item in report.apps],
        "skips": [_gap(skip) | {"blind": skip.blind} for skip in report.skips],
        "failures": [_gap(failure) for failure in report.failures],
        "exit_code": report.exit_code,
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _gap(item: "Skip | Failure") -> dict[str, Any]:
    return {"what": item.what, "why": item.why, "location": str(item.location) if item.location else None}


def _app(item: AppLock) -> dict[str, Any]:
    return {
        "template": item.app.template,
        "lock": item.path.as_posix(),
        "existed": item.existed,
        "functions": {entry.function.id: _function(entry) for entry in item.functions},
        "changes": [
            {
                "function": change.function,
                "sign": change.sign,
                "phrase": change.phrase,
                "what": change.what,
                "because": str(change.because) if change.because else None,
            }
            for change in item.changes
        ],
        "notes": list(item.notes),
    }


def _function(entry: FunctionLock) -> dict[str, Any]:
    return {
        "role": entry.role or None,
        "incomplete": entry.incomplete,
        "needed": entry.needed,
        "granted": entry.granted,
        "not_known": [{"policy": what, "location": str(place)} for what, place in entry.opaque],
        "needs": _needs(entry.remit),
        "unresolved": [
            {"verb": item.verb, "what": item.what, "why": item.why, "because": str(item.because)}
            for item in entry.remit.unresolved
        ],
        "excess": [
            {
                "kind": item.kind,
                "action": item.action,
                "count": item.count,
                "resources": [spell(value) for value in item.grant.resources],
                "needed": [spell(value) for value in item.needed],
                "location": str(item.grant.location),
                "origin": item.grant.origin,
            }
            for item in entry.excess
        ],
        "missing": [
            {
                "action": spell(item.need.what),
                "on": spell(item.need.on),
                "answer": item.decision.word,
                "why": item.decision.why,
                "because": str(item.need.because[0]),
            }
            for item in entry.missing
        ],
    }


def _needs(remit: FunctionRemit) -> list[dict[str, Any]]:
    return [
        {
            "verb": need.verb,
            "what": spell(need.what, plain=need.verb in ("receives", "returns")),
            "on": None if need.on is None else spell(need.on, plain=need.verb in ("receives", "returns")),
            "because": [str(place) for place in need.because],
            "provenance": need.provenance,
            "note": need.note,
        }
        for need in remit.needs
    ]

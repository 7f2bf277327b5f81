"""What the guard costs here: the init phase and an invocation, with and without it, in turns."""

import json
import statistics
from collections.abc import Callable

from remit.local.cloud import Bed
from remit.local.runtime_api import LocalFunction
from remit.local.spec import FunctionSpec

STARTS = 5
INVOCATIONS = 200


def cold(bare: FunctionSpec, guarded: FunctionSpec, tell: Callable[[str], None]) -> tuple[float, float]:
    """Median init phase in milliseconds, without and with the guard; started in turns, so that both see the same load."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(STARTS):
        tell(f"cold start {number + 1} of {STARTS}")
        for spec, kept in zip((bare, guarded), times, strict=True):
            with LocalFunction(spec) as function:
                kept.append(function.invoke({"version": "0"}).init_ms or 0.0)
    return statistics.median(times[0]), statistics.median(times[1])


def warm(bare: Bed, guarded: Bed, function: str, event: object, tell: Callable[[str], None]) -> tuple[float, float]:
    """Median duration of an invocation in microseconds, without and with the guard, in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    body = json.dumps(event).encode()
    for number in range(INVOCATIONS):
        tell(f"invocation {number + 1} of {INVOCATIONS}")
        for bed, kept in zip((bare, guarded), times, strict=True):
            kept.append(bed.function(function).invoke(body).duration_ms * 1000)
    return statistics.median(times[0]), statistics.median(times[1])

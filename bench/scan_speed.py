"""What a scan costs, and how that grows: generated apps of 26, 260 and 2600 functions; checkov on the first.

    python -m bench.scan_speed [--json] [--largest N]

CPU seconds of the process with its children and its peak memory, with everything on (``--persona auditor``), as the least
of several runs after one that warms the caches; the largest app is run once. ``growth_N`` is the cost per function of
the app of N functions over that of the app of 26: 1.0 or less is linear.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import _generated
from bench._peers import Cost, PeerError, cost, peer

SIZES = (26, 260, 2600)


def measure(largest: int) -> dict[str, float]:
    """The figures, by name.

    Raises:
        PeerError: a tool could not be had or did not do its work.
    """
    remit = str(Path(sys.executable).with_name("remit"))
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as folder:
        for size in SIZES:
            if size > largest:
                continue
            app = Path(folder, str(size))
            app.mkdir()
            figures[f"lines_{size}"] = _generated.write(app, size)
            spent = _least([remit, "scan", "--persona", "auditor", str(app)], 5 if size == SIZES[0] else 1)
            figures[f"cpu_s_{size}"] = spent.cpu_s
            figures[f"peak_mb_{size}"] = spent.peak_mb
            figures[f"growth_{size}"] = (spent.cpu_s / size) / (figures[f"cpu_s_{SIZES[0]}"] / SIZES[0])
        first = str(Path(folder, str(SIZES[0])))
        spent = _least([peer("checkov"), "--quiet", "--compact", "--skip-download", "-d", first], 1)
    figures["checkov_cpu_s_26"] = spent.cpu_s
    figures["checkov_peak_mb_26"] = spent.peak_mb
    figures["checkov_ratio_26"] = spent.cpu_s / figures["cpu_s_26"]
    return {name: round(value, 3) for name, value in figures.items()}


def _least(argv: list[str], runs: int) -> Cost:
    # Exit 1 is "findings" for both tools: the work was done.
    costs = [cost(argv) for _ in range(runs + (runs > 1))][runs > 1 :]
    bad = next((item.status for item in costs if item.status not in (0, 1)), None)
    if bad is not None:
        raise PeerError(f"{' '.join(argv)} ended with status {bad}")
    return min(costs, key=lambda item: item.cpu_s)


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.scan_speed", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--largest", type=int, default=SIZES[-1], metavar="N", help="leave out apps above N functions")
    options = parser.parse_args()
    try:
        figures = measure(max(SIZES[0], options.largest))
    except PeerError as error:
        print(f"bench.scan_speed: {error}", file=sys.stderr)
        return 4
    if options.json:
        print(json.dumps({"figures": figures}))
        return 0
    print("functions   lines  CPU s  peak MB  per function, against 26")
    for size in SIZES:
        if f"cpu_s_{size}" in figures:
            lines, cpu, peak = (figures[f"{name}_{size}"] for name in ("lines", "cpu_s", "peak_mb"))
            print(f"{size:9}  {lines:6.0f} {cpu:6.2f} {peak:8.0f}  {figures[f'growth_{size}']:.2f}")
    print(f"checkov, 26 functions: {figures['checkov_cpu_s_26']:.2f} CPU s, {figures['checkov_peak_mb_26']:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

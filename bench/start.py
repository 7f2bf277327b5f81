"""What it costs to start: ``--version`` against bandit, one tiny template against checkov. CPU seconds, least of N.

    python -m bench.start [--json] [--runs N]

CPU seconds of the process with its children, because wall time on a shared machine measures the neighbours. Both tools run
in the same loop of the same run, offline, after one run that warms the caches.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench._peers import PeerError, least, peer

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src/
      Events:
        Get:
          Type: HttpApi
          Properties: {Path: /hello, Method: GET}
"""
CODE = """\
def handler(event, context):
    return {"statusCode": 200, "body": "hello"}
"""


def measure(runs: int) -> dict[str, float]:
    """The figures, by name.

    Raises:
        PeerError: a tool could not be had or did not do its work.
    """
    remit = str(Path(sys.executable).with_name("remit"))
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as folder:
        app = Path(folder)
        (app / "src").mkdir()
        (app / "src" / "app.py").write_text(CODE)
        (app / "template.yaml").write_text(TEMPLATE)
        figures = {
            "version_cpu_s": least([remit, "--version"], runs),
            "bandit_version_cpu_s": least([peer("bandit"), "--version"], runs),
            # Exit 1 is "findings" for both tools, 4 "advisory data is stale" for ours: the work was done.
            "tiny_cpu_s": least([remit, "scan", str(app)], runs, allowed=(0, 1, 4)),
            "checkov_tiny_cpu_s": least(
                [peer("checkov"), "--quiet", "--compact", "--skip-download", "-d", str(app)],
                max(2, runs // 3),
                allowed=(0, 1),
            ),
        }
    figures["version_ratio"] = figures["version_cpu_s"] / figures["bandit_version_cpu_s"]
    figures["tiny_ratio"] = figures["tiny_cpu_s"] / figures["checkov_tiny_cpu_s"]
    return {name: round(value, 4) for name, value in figures.items()}


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="measured runs per command (default 9)")
    options = parser.parse_args()
    try:
        figures = measure(max(1, options.runs))
    except PeerError as error:
        print(f"bench.start: {error}", file=sys.stderr)
        return 4
    if options.json:
        print(json.dumps({"figures": figures}))
        return 0
    print("CPU seconds, least of several runs")
    print(f"  --version      remit {figures['version_cpu_s']:.3f}   bandit  {figures['bandit_version_cpu_s']:.3f}")
    print(f"  tiny template  remit {figures['tiny_cpu_s']:.3f}   checkov {figures['checkov_tiny_cpu_s']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

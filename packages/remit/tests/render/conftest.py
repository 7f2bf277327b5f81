"""One report with everything in it, for every renderer."""

import pytest

from remit.app.location import Location
from remit.app.report import Edit, Failure, Finding, Fix, Hop, Persona, Severity, Skip, Suppression
from remit.scan.report import AdvisoryData, AppSummary, Report, Suppressed

HANDLER = """import os

def handler(event, context):
    name = event["Records"][0]["s3"]["object"]["key"]
    os.system(f"convert {name} out.png")
"""
TEMPLATE = """Resources:
  Thumb:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.8
"""


@pytest.fixture
def attack() -> Finding:
    sink = Location("app.py", 5, 15, 5, 40)
    return Finding(
        rule="shell-injection",
        severity=Severity.CRITICAL,
        confidence="high",
        message="anyone on the internet runs commands in Thumb",
        location=sink,
        label="the key is part of a command",
        hops=(
            Hop(Location("template.yaml", 2), "bucket Uploads is writable by everyone"),
            Hop(Location("app.py", 4, 12, 4, 54), "takes the key"),
            Hop(sink, "the key is part of a command"),
        ),
        related=(Hop(Location("app.py", 4), "also from another field"),),
        function="Thumb",
        reach=("reads and writes every bucket", "invokes 8 functions"),
        fixes=(Fix("pass a list to subprocess.run, without a shell"),),
        notes={"role": "ThumbRole"},
        content="os.system <- s3:Records[].s3.object.key",
        is_path=True,
    )


@pytest.fixture
def runtime() -> Finding:
    place = Location("template.yaml", 5, 16, 5, 25)
    return Finding(
        rule="end-of-life-runtime",
        severity=Severity.MEDIUM,
        confidence="medium",
        message="Thumb runs on python3.8",
        location=place,
        label="no security updates any more",
        function="Thumb",
        fixes=(Fix("move to python3.13", (Edit(place, "python3.13"),)),),
    )


@pytest.fixture
def report(attack: Finding, runtime: Finding) -> Report:
    accepted = Suppression("no-tracing", "traced elsewhere", Location("template.yaml", 3))
    quiet = Finding(
        "no-tracing", Severity.INFO, "high", "no traces", Location("template.yaml", 3), persona=Persona.AUDITOR
    )
    return Report(
        findings=(attack, runtime),
        suppressed=(Suppressed(quiet, accepted),),
        baselined=(Finding("public-bucket", Severity.HIGH, "high", "Docs is public", Location("template.yaml", 1)),),
        skips=(
            Skip("src/gen.py", "generated, 41,000 lines", Location("src/gen.py")),
            Skip("Resize", "Rust is not read yet", Location("template.yaml", 4), blind=True),
        ),
        failures=(Failure("b.yaml", "a mapping is not closed", Location("b.yaml", 3, 7)),),
        apps=(AppSummary("shop", "SAM", "template.yaml", 1, 1, 2, 1),),
        texts={"app.py": HANDLER, "template.yaml": TEMPLATE},
        base="/srv/shop",
        hidden=2,
        advisory_data=AdvisoryData("2026-10-01", 3, 4),
        today="2026-10-04",
        cpu=0.25,
    )


@pytest.fixture
def clean() -> Report:
    return Report(apps=(AppSummary("shop", "SAM", "template.yaml", 3, 1, 2, 1),), today="2026-10-04")

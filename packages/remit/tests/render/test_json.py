import json
from pathlib import Path

import jsonschema

from remit.app.noun import replace
from remit.render import json as render
from remit.scan.report import Report

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/schema/scan-1.json").read_text())


def test_reports_follow_the_published_schema(report: Report, clean: Report) -> None:
    for each in (report, clean, Report()):
        jsonschema.validate(json.loads(render.render(each)), SCHEMA, jsonschema.Draft202012Validator)


def test_every_outcome_is_there(report: Report) -> None:
    data = json.loads(render.render(report))
    assert data["counts"] == {
        "functions": 1, "findings": 2, "paths": 1, "suppressed": 1, "baselined": 1, "hidden": 2, "skipped": 2, "failures": 1,
    }  # fmt: skip
    assert data["exit_code"] == 1
    assert data["complete"] is False
    assert [finding["rule"] for finding in data["findings"]] == ["shell-injection", "end-of-life-runtime"]
    assert data["findings"][0]["fingerprint"] != data["findings"][1]["fingerprint"]


def test_the_schema_refuses_a_report_without_failures(report: Report) -> None:
    data = json.loads(render.render(report))
    del data["failures"]
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(data))


def test_how_old_the_knowledge_of_aws_is(clean: Report) -> None:
    assert json.loads(render.render(clean))["aws_data"] is None
    old = replace(clean, today="2027-09-28", aws_data="2026-09-26")
    data = json.loads(render.render(old))
    assert data["aws_data"] == {"date": "2026-09-26", "days": 367, "stale": True}
    jsonschema.validate(data, SCHEMA, jsonschema.Draft202012Validator)

import json
import uuid

from remit.render import gitlab
from remit.scan.report import Report


def test_vulnerabilities_carry_what_the_format_requires(report: Report) -> None:
    data = json.loads(gitlab.render(report))
    assert data["scan"]["type"] == "sast"
    assert data["scan"]["status"] == "failure"
    for found in data["vulnerabilities"]:
        uuid.UUID(found["id"])
        assert found["identifiers"][0]["type"] == "remit_rule"
        assert found["severity"] in {"Critical", "High", "Medium", "Low", "Info"}
        assert found["location"]["start_line"] >= 1
    first = data["vulnerabilities"][0]
    assert {
        "type": "cwe",
        "name": "CWE-78",
        "value": "78",
        "url": "https://cwe.mitre.org/data/definitions/78.html",
    } in first["identifiers"]


def test_ids_are_stable_between_runs(report: Report) -> None:
    assert gitlab.render(report) == gitlab.render(report)


def test_a_clean_run_is_a_success(clean: Report) -> None:
    data = json.loads(gitlab.render(clean))
    assert data["scan"]["status"] == "success"
    assert data["vulnerabilities"] == []

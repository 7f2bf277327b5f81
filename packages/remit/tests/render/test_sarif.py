import json

from remit.app.location import Location
from remit.app.noun import replace
from remit.app.report import Finding
from remit.render import sarif
from remit.scan.report import Report


def run_of(report: Report) -> dict:
    log = json.loads(sarif.render(report))
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_a_path_is_a_code_flow_in_the_order_of_the_attack(report: Report) -> None:
    result = run_of(report)["results"][0]
    places = result["codeFlows"][0]["threadFlows"][0]["locations"]
    uris = [place["location"]["physicalLocation"]["artifactLocation"]["uri"] for place in places]
    assert uris == ["template.yaml", "app.py", "app.py"]
    assert places[-1]["location"]["physicalLocation"]["region"] == {
        "startLine": 5, "startColumn": 15, "endColumn": 40,
    }  # fmt: skip
    assert result["level"] == "error"
    assert result["properties"]["security-severity"] == "9.5"


def test_accepted_findings_are_suppressions_and_known_ones_unchanged(report: Report) -> None:
    results = run_of(report)["results"]
    live = [result for result in results if "suppressions" not in result and "baselineState" not in result]
    assert [result["ruleId"] for result in live] == ["shell-injection", "end-of-life-runtime"]
    accepted = next(result for result in results if "suppressions" in result)
    assert accepted["suppressions"][0]["justification"] == "traced elsewhere"
    assert [result["ruleId"] for result in results if result.get("baselineState") == "unchanged"] == ["public-bucket"]


def test_what_was_not_read_makes_the_run_unsuccessful(report: Report, clean: Report) -> None:
    invocation = run_of(report)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["error", "note", "warning"]
    assert run_of(clean)["invocations"][0]["executionSuccessful"] is True


def test_rules_are_indexed_and_tagged_as_code_hosts_want_them(report: Report) -> None:
    run = run_of(report)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    shell = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "shell-injection")
    assert "external/cwe/cwe-078" in shell["properties"]["tags"]


def test_uris_are_relative_and_escaped(report: Report, attack: Finding) -> None:
    finding = replace(attack, location=Location("./my app/ä#1.py", 5), hops=())
    result = run_of(replace(report, findings=(finding,)))["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20app/%C3%A4%231.py"


def test_too_many_results_are_cut_and_it_is_said(report: Report, attack: Finding) -> None:
    many = tuple(replace(attack, location=Location("app.py", line)) for line in range(1, sarif.MAX_RESULTS + 10))
    run = run_of(replace(report, findings=many))
    assert len(run["results"]) == sarif.MAX_RESULTS
    assert any("left out" in note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"])


def test_a_fix_by_machine_is_an_artifact_change(report: Report) -> None:
    fix = run_of(report)["results"][1]["fixes"][0]
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "python3.13"


def test_fingerprints_are_all_different(report: Report, attack: Finding) -> None:
    twice = run_of(replace(report, findings=(attack, attack)))["results"]
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in twice}) == len(twice)

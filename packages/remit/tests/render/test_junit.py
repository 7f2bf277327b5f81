from xml.etree import ElementTree as ET

from remit.app.noun import replace
from remit.app.report import Finding
from remit.render import junit
from remit.scan.report import Report


def suite(report: Report) -> ET.Element:
    found = ET.fromstring(junit.render(report)).find("testsuite")
    assert found is not None
    return found


def test_failures_errors_and_skips_are_three_things(report: Report) -> None:
    root = suite(report)
    assert [root.get(name) for name in ("failures", "errors", "skipped")] == ["2", "1", "3"]
    assert len(root.findall("testcase/failure")) == 2
    assert len(root.findall("testcase/error")) == 1
    assert len(root.findall("testcase/skipped")) == 3


def test_a_clean_app_is_one_passed_case(clean: Report) -> None:
    root = suite(clean)
    assert root.get("tests") == "1"
    assert not list(root.iter("failure"))


def test_what_xml_cannot_say_is_replaced(report: Report, attack: Finding) -> None:
    evil = replace(attack, message="a\x00b\x1b<&\"'\ud800]]>")
    failure = suite(replace(report, findings=(evil,))).find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "a\ufffdb\ufffd<&\"'\ufffd]]>"

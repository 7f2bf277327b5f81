"""Locking a folder: written beside the template, compared with code and role."""

from pathlib import Path

import pytest

from remit.app.errors import RemitError
from remit.app.lockfile import parse
from remit.lock import Plan, Report, run, text
from remit.lock.run import lock_name

TODAY = "2026-06-01"
TEMPLATE_CUT = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: 'AWS::Serverless::Function\n"


def locked(root: Path, *, check: bool = False) -> Report:
    report = run(Plan(root, TODAY, check))
    if not check:
        for item in report.apps:
            item.path.write_text(item.text)
    return report


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_role_that_grants_what_the_code_needs(shop: Path) -> None:
    report = locked(shop)
    (item,) = report.apps
    (function,) = item.functions
    assert item.path == shop / "remit.lock"
    assert (function.needed, function.granted, function.excess, function.missing) == (1, 1, (), ())
    assert report.exit_code == 0
    assert locked(shop, check=True).exit_code == 0
    (need,) = parse((shop / "remit.lock").read_text()).functions["Create"].of("calls")
    assert (need.what, str(need.because[0])) == ("dynamodb:PutItem", "src/app.py:8")


def test_a_check_without_a_lock_differs(shop: Path) -> None:
    assert locked(shop, check=True).exit_code == 1


def test_code_that_needs_more_than_the_lock_and_the_role(shop: Path) -> None:
    locked(shop)
    edit(shop / "src" / "app.py", "    return", '    table.delete_item(Key={"id": "1"})\n    return')
    report = locked(shop, check=True)
    (item,) = report.apps
    assert [(change.sign, change.phrase, change.what) for change in item.changes] == [
        ("+", "may call", "dynamodb:DeleteItem on Orders")
    ]
    assert str(item.changes[0].because) == "src/app.py:9"
    assert [missing.need.what for missing in item.functions[0].refused] == ["dynamodb:DeleteItem"]
    assert report.exit_code == 1
    locked(shop)  # the lock is brought up to date; the role still lacks it
    report = locked(shop, check=True)
    assert report.apps[0].changes == ()
    assert report.exit_code == 1


def test_a_role_that_grants_more_than_the_lock(shop: Path) -> None:
    locked(shop)
    edit(shop / "template.yaml", "Action: dynamodb:PutItem", "Action: ['dynamodb:PutItem', 'dynamodb:Scan']")
    report = locked(shop, check=True)
    assert report.apps[0].changes == ()
    assert [item.action for item in report.apps[0].functions[0].excess] == ["dynamodb:Scan"]
    assert report.exit_code == 1


def test_another_sender_is_a_change_and_moved_lines_are_none(shop: Path) -> None:
    locked(shop)
    edit(shop / "src" / "app.py", "import os\n", "import os\n\n\n")
    assert locked(shop, check=True).exit_code == 0
    edit(
        shop / "template.yaml",
        "Properties: {Path: /orders, Method: post}",
        "Properties: {Path: /orders, Method: post, Auth: {Authorizer: AWS_IAM}}",
    )
    (change,) = locked(shop, check=True).apps[0].changes
    assert (change.sign, change.phrase) == ("~", "can be called by")
    assert change.what.endswith("(was: anyone on the internet)")


def test_a_broken_lock_is_a_failure_of_a_check_and_is_made_anew_otherwise(shop: Path) -> None:
    lock = shop / "remit.lock"
    lock.write_text("version = 1\n<<<<<<< ours\n")
    report = locked(shop, check=True)
    (failure,) = report.failures
    assert str(failure) == f"{lock}:2:1: not TOML: Invalid statement"
    assert report.exit_code == 1
    assert locked(shop).exit_code == 0
    assert locked(shop, check=True).exit_code == 0


@pytest.mark.parametrize(
    ("file", "content", "exit_code"),
    [
        ("src/app.py", "def handler(:\n", 4),
        ("template.yaml", TEMPLATE_CUT, 4),
        ("template.yaml", "Resources: {T: {Type: 'AWS::SQS::Queue'}}\n", 3),
    ],
)
def test_what_was_not_read_is_never_clean(shop: Path, file: str, content: str, exit_code: int) -> None:
    (shop / file).write_text(content)
    report = locked(shop)
    assert report.exit_code == exit_code
    if file.endswith("py"):
        assert 'verb = "code"' in (shop / "remit.lock").read_text()
        assert report.apps[0].functions[0].incomplete


def test_no_template_and_no_folder(tmp_path: Path) -> None:
    assert locked(tmp_path).exit_code == 3
    with pytest.raises(RemitError):
        locked(tmp_path / "nowhere")


def test_written_grants_are_merged_with_their_reason(shop: Path) -> None:
    (shop / "remit.toml").write_text(
        '[functions.Create]\n'
        'calls = [{ action = "dynamodb:Scan", on = "{Orders}", reason = "the exporter", expires = 2026-12-31 }]\n'
        'runs = [{ program = "tar", reason = "once", expires = "2026-01-01" }]\n'
    )  # fmt: skip
    report = locked(shop)
    text = (shop / "remit.lock").read_text()
    line = (
        '{ action = "dynamodb:Scan", on = "{Orders}", note = "the exporter (until 2026-12-31)", '
        'by = "written", because = "remit.toml" }'
    )
    assert line in text
    assert "runs = []" in text
    assert report.apps[0].notes == ('remit.toml: tar of "functions.Create.runs" ended on 2026-01-01',)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('calls = [{ action = "a:b", on = "*" }]', 'an entry needs a "reason"'),
        ('calls = [{ action = "a:b", reason = "r" }]', 'an entry needs a "on"'),
        ('calls = [{ action = "a:b", on = "*", reason = " " }]', 'an entry needs a "reason"'),
        ('runs = [{ program = "x", reason = "r", until = "x" }]', 'an entry knows no "until"'),
        ('runs = [{ program = "x", reason = "r", expires = "soon" }]', '"expires" is not a date like 2027-01-31'),
        ("runs = 3", "is not a list"),
        ("receives = []", "is unknown"),
    ],
)
def test_a_wrong_grant_never_counts_in_silence(shop: Path, entry: str, why: str) -> None:
    (shop / "remit.toml").write_text(f"[functions.Create]\n{entry}\n")
    report = locked(shop)
    assert why in str(report.failures[0])
    assert report.exit_code == 4


def test_places_are_relative_to_the_lock_wherever_it_is_made_from(shop: Path, tmp_path: Path) -> None:
    inner = tmp_path / "services" / "orders"
    inner.mkdir(parents=True)
    for name in ("template.yaml", "src"):
        (shop / name).rename(inner / name)
    (from_above,) = locked(tmp_path).apps
    (from_inside,) = locked(inner).apps
    assert from_above.path == inner / "remit.lock"
    assert from_above.text == from_inside.text


def test_two_templates_in_one_folder_have_two_locks(shop: Path) -> None:
    (shop / "other.yaml").write_text((shop / "template.yaml").read_text())
    assert sorted(item.path.name for item in locked(shop).apps) == ["other.remit.lock", "template.remit.lock"]
    assert lock_name("a/template.yaml", shared=False) == "a/remit.lock"
    with pytest.raises(RemitError, match="one output cannot hold"):
        run(Plan(shop, TODAY, output=shop / "x.lock"))


def test_a_policy_nobody_knows_is_told(shop: Path) -> None:
    edit(
        shop / "template.yaml",
        "      Policies:\n",
        "      Policies:\n        - NoSuchTemplate: {}\n        - NoSuchPolicy\n",
    )
    report = locked(shop)
    (entry,) = report.apps[0].functions
    assert [what for what, _ in entry.opaque] == [
        "the policy template NoSuchTemplate, which is not known",
        "NoSuchPolicy",
    ]
    said = text.render(report)
    assert "grants 1 and what is not known\n" in said
    assert "? not known     NoSuchPolicy " in said


def test_a_role_outside_the_template_is_called_by_its_name(shop: Path) -> None:
    edit(
        shop / "template.yaml",
        "      Policies:\n",
        "      Role: !Sub arn:aws:iam::${AWS::AccountId}:role/team/existing\n      Policies:\n",
    )
    (entry,) = locked(shop).apps[0].functions
    assert entry.opaque[0][0] == "the role existing, which is not in this template"
    assert [item.decision.why for item in entry.missing] == ["the content of the role existing is not known here"]


def test_an_object_of_a_bucket_keeps_its_braces(shop: Path) -> None:
    locked(shop)
    edit(
        shop / "src" / "app.py",
        "    return",
        '    boto3.client("s3").get_object(Bucket=os.environ["TABLE"], Key="config.json")\n    return',
    )
    edit(shop / "template.yaml", "AWS::DynamoDB::Table", "AWS::S3::Bucket")
    said = text.render(locked(shop, check=True))
    assert "+ may call s3:GetObject on {Orders}/config.json" in said
    assert "granted 1 action, needed 2" in said


@pytest.mark.parametrize(
    ("grant", "why"),
    [
        ('action = "s3:PutNonsense", on = "{Orders}"', 'there is no action "s3:PutNonsense"'),
        ('action = "nothing:*", on = "{Orders}"', 'there is no action like "nothing:*"'),
        ('action = "s3:PutObject", on = "{Zz}/*"', 'template.yaml has no resource or parameter "Zz"'),
        ('action = "s3:PutObject", on = "{Orders}/*"', ""),
        ('action = "s3:Put*", on = "arn:{Partition}:s3:::x/*"', ""),
    ],
)
def test_a_written_grant_that_means_nothing_is_a_failure(shop: Path, grant: str, why: str) -> None:
    (shop / "remit.toml").write_text(f'[functions.Create]\ncalls = [{{ {grant}, reason = "x" }}]\n')
    report = locked(shop)
    assert [failure.why for failure in report.failures] == ([f'"functions.Create.calls": {why}'] if why else [])
    assert report.exit_code == (4 if why else 0)

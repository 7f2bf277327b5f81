"""Findings speak of parts of an app as people do."""

from pathlib import Path

from remit.scan import Plan, run

MAIN = """\
resource "aws_sqs_queue" "jobs" {}
resource "aws_sqs_queue_policy" "open" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs.arn }]
  })
}
"""


def test_a_terraform_address_is_said_and_the_id_stays_for_programs(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    report = run(Plan((tmp_path,), today="2026-10-01", max_advisory_age=100_000))
    (finding,) = report.findings
    assert finding.message == "every account can read the queue aws_sqs_queue.jobs"
    assert finding.resource == "aws_sqs_queue_jobs"
    assert finding.content == "aws_sqs_queue_jobs read"


def test_logical_ids_of_templates_stay_as_they_are(tmp_path: Path) -> None:
    properties = "{Policies: {PasswordPolicy: {MinimumLength: 6}}}"
    (tmp_path / "template.yaml").write_text(
        f"Resources:\n  Users: {{Type: AWS::Cognito::UserPool, Properties: {properties}}}\n"
    )
    (finding,) = run(Plan((tmp_path,), today="2026-10-01", max_advisory_age=100_000)).findings
    assert finding.message == "Users takes passwords of 6 characters"

"""A bucket that a configuration only looks up, with a policy and notifications that it writes."""

from pathlib import Path

from remit.app.model import Sender
from remit.read import load

CONFIGURATION = """
data "aws_s3_bucket" "uploads" { bucket = "uploads" }
resource "aws_s3_bucket_policy" "open" {
  bucket = data.aws_s3_bucket.uploads.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:PutObject", Resource = "*" }] })
}
resource "aws_lambda_function" "thumbs" {
  function_name = "thumbs"
  role          = "arn:aws:iam::111111111111:role/thumbs"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "app.zip"
}
resource "aws_s3_bucket_notification" "told" {
  bucket = data.aws_s3_bucket.uploads.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbs.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
"""


def test_its_events_come_from_whom_the_policy_lets_in(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    (trigger,) = load(tmp_path).apps[0].triggers
    assert (trigger.source, trigger.name, trigger.sender) == ("s3", "s3:ObjectCreated on uploads", Sender.ANYONE)

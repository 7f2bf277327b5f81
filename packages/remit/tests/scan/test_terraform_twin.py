"""The leaky shop, written in Terraform: the same code and the same wiring must give the same findings as its SAM template."""

import json
import shutil
from pathlib import Path

import pytest

from remit.app.report import Finding, Persona
from remit.scan import Plan, run
from remit.scan.report import Report

SHOP = Path(__file__).parents[4] / "examples/leaky-shop"
TODAY = "2026-10-01"

MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/build/code.zip"
}

data "aws_caller_identity" "here" {}
data "aws_region" "here" {}
data "aws_partition" "here" {}

locals {
  runtime = "python3.12"
  account = data.aws_caller_identity.here.account_id
  own     = toset(["catalog", "orders", "thumbnail", "webhook", "account", "admin"])
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "own" {
  for_each           = local.own
  name               = "leaky-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  for_each   = local.own
  role       = aws_iam_role.own[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# --- functions ---

resource "aws_lambda_function" "catalog" {
  function_name = "leaky-catalog"
  filename      = data.archive_file.code.output_path
  handler       = "catalog.search.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["catalog"].arn
}

resource "aws_lambda_function" "orders" {
  function_name = "leaky-order-api"
  filename      = data.archive_file.code.output_path
  handler       = "orders.create.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["orders"].arn
  environment {
    variables = {
      ORDERS_TABLE     = aws_dynamodb_table.orders.name
      INVOICE_QUEUE    = aws_sqs_queue.invoices.url
      PAYMENT_PASSWORD = "Kranich-4711-Wolke"
    }
  }
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.own["orders"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*", Resource = "*" },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.invoices.arn },
    ]
  })
}

resource "aws_lambda_function" "thumbnail" {
  function_name = "leaky-thumbnail"
  filename      = data.archive_file.code.output_path
  handler       = "thumbs.handler.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["thumbnail"].arn
  environment {
    variables = { THUMBNAIL_BUCKET = aws_s3_bucket.thumbnails.bucket }
  }
}

resource "aws_iam_role_policy" "thumbnail" {
  role   = aws_iam_role.own["thumbnail"].id
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["s3:*", "lambda:InvokeFunction", "lambda:UpdateFunctionCode"],
          "Resource": "*"
        }
      ]
    }
  JSON
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnail.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_function" "invoice" {
  function_name = "leaky-invoice"
  filename      = data.archive_file.code.output_path
  handler       = "invoices.render.handler"
  runtime       = local.runtime
  role          = aws_iam_role.back_office.arn
  environment {
    variables = { DOCUMENT_BUCKET = aws_s3_bucket.documents.bucket }
  }
}

resource "aws_lambda_event_source_mapping" "invoice" {
  event_source_arn = aws_sqs_queue.invoices.arn
  function_name    = aws_lambda_function.invoice.arn
  batch_size       = 5
}

resource "aws_lambda_function" "webhook" {
  function_name = "leaky-webhook"
  filename      = data.archive_file.code.output_path
  handler       = "webhooks.deliver.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["webhook"].arn
}

resource "aws_lambda_function" "report" {
  function_name = "leaky-report"
  filename      = data.archive_file.code.output_path
  handler       = "reports.build.handler"
  runtime       = "python3.8"
  role          = aws_iam_role.back_office.arn
  environment {
    variables = { DOCUMENT_BUCKET = aws_s3_bucket.documents.bucket }
  }
}

resource "aws_sns_topic_subscription" "report" {
  topic_arn = aws_sns_topic.reports.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.report.arn
}

resource "aws_lambda_function" "account" {
  function_name = "leaky-account"
  filename      = data.archive_file.code.output_path
  handler       = "accounts.login.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["account"].arn
}

resource "aws_lambda_function" "admin" {
  function_name = "leaky-admin"
  filename      = data.archive_file.code.output_path
  handler       = "admin.products.handler"
  runtime       = local.runtime
  role          = aws_iam_role.own["admin"].arn
  environment {
    variables = { PRODUCT_TABLE = aws_dynamodb_table.products.name }
  }
}

data "aws_iam_policy_document" "admin" {
  statement {
    actions = [
      "dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:Query",
      "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:BatchGetItem", "dynamodb:DescribeTable",
      "dynamodb:ConditionCheckItem",
    ]
    resources = [aws_dynamodb_table.products.arn, "${aws_dynamodb_table.products.arn}/index/*"]
  }
}

resource "aws_iam_policy" "admin" {
  policy = data.aws_iam_policy_document.admin.json
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.own["admin"].name
  policy_arn = aws_iam_policy.admin.arn
}

# --- the API ---

resource "aws_apigatewayv2_api" "shop" {
  name          = "leaky-shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "customers" {
  api_id           = aws_apigatewayv2_api.shop.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "customers"
  jwt_configuration {
    issuer   = "https://login.leaky-shop.example/"
    audience = ["shop"]
  }
}

locals {
  routes = {
    "GET /products"             = { function = "catalog", safe = false }
    "GET /products/{id}"        = { function = "catalog", safe = false }
    "POST /orders"              = { function = "orders", safe = false }
    "GET /orders/{id}"          = { function = "orders", safe = true }
    "POST /webhooks/test"       = { function = "webhook", safe = false }
    "GET /tracking"             = { function = "webhook", safe = false }
    "POST /login"               = { function = "account", safe = false }
    "GET /cart"                 = { function = "account", safe = false }
    "POST /admin/prices"        = { function = "admin", safe = true }
    "DELETE /admin/products/{id}" = { function = "admin", safe = false }
  }
  arns = {
    catalog = aws_lambda_function.catalog.invoke_arn
    orders  = aws_lambda_function.orders.invoke_arn
    webhook = aws_lambda_function.webhook.invoke_arn
    account = aws_lambda_function.account.invoke_arn
    admin   = aws_lambda_function.admin.invoke_arn
  }
}

resource "aws_apigatewayv2_integration" "shop" {
  for_each               = local.arns
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "shop" {
  for_each           = local.routes
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.shop[each.value.function].id}"
  authorization_type = each.value.safe ? "JWT" : "NONE"
  authorizer_id      = each.value.safe ? aws_apigatewayv2_authorizer.customers.id : null
}

# --- what they work on ---

resource "aws_dynamodb_table" "orders" {
  name         = "leaky-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "products" {
  name         = "leaky-products"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  server_side_encryption { enabled = true }
}

resource "aws_sqs_queue" "invoices" {
  name                       = "leaky-invoices"
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 60
}

resource "aws_sns_topic" "reports" {
  name              = "leaky-reports"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_s3_bucket" "uploads" {
  bucket = "leaky-uploads"
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CustomersUploadPhotos"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.uploads.arn}/*"
    }]
  })
}

resource "aws_s3_bucket" "thumbnails" {
  bucket = "leaky-thumbnails"
}

resource "aws_s3_bucket" "documents" {
  bucket = "leaky-documents"
}

resource "aws_s3_bucket" "website" {
  bucket = "leaky-website"
}

resource "aws_s3_bucket_website_configuration" "website" {
  bucket = aws_s3_bucket.website.id
  index_document { suffix = "index.html" }
}

resource "aws_s3_bucket_public_access_block" "website" {
  bucket                  = aws_s3_bucket.website.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = false
}

data "aws_iam_policy_document" "website" {
  statement {
    sid       = "EveryoneReadsThePages"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.website.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "website" {
  bucket = aws_s3_bucket.website.id
  policy = data.aws_iam_policy_document.website.json
}

resource "aws_iam_role" "back_office" {
  name               = "back-office"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  inline_policy {
    name = "back-office"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "arn:${data.aws_partition.here.partition}:logs:${data.aws_region.here.name}:${local.account}:*"
        },
        {
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
          Resource = aws_sqs_queue.invoices.arn
        },
        {
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
          Resource = "${aws_s3_bucket.documents.arn}/*"
        },
      ]
    })
  }
}
"""


def _name(id_: str) -> str:
    """A logical id without what the form adds to it."""
    return id_.removeprefix("aws_lambda_function_").removesuffix("Function").lower()


def _key(finding: Finding) -> tuple[str, str, str, str]:
    in_code = finding.location.file.partition("src/")[2]
    where = f"{in_code}:{finding.location.line}" if in_code else ""
    return finding.rule, finding.severity.word, _name(finding.function), where


@pytest.mark.e2e
def test_the_shop_in_terraform_has_the_same_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sam, twin = tmp_path / "sam", tmp_path / "twin"
    for folder in (sam, twin):
        shutil.copytree(SHOP / "src", folder / "src")
    shutil.copy(SHOP / "template.yaml", sam)
    (twin / "main.tf").write_text(MAIN)
    monkeypatch.chdir(tmp_path)
    one, two = (run(Plan((folder,), today=TODAY, persona=Persona.PEDANTIC)) for folder in (sam, twin))
    assert not two.failures
    assert {skip.what for skip in two.skips if skip.blind} == {skip.what for skip in one.skips if skip.blind}
    assert sorted(map(_key, two.findings)) == sorted(map(_key, one.findings))
    paths = {finding.rule: finding.reach for finding in one.findings if finding.is_path}
    assert {finding.rule: len(finding.reach) for finding in two.findings if finding.is_path} == {
        rule: len(reach) for rule, reach in paths.items()
    }
    assert _written(twin, two) == _written(sam, one)


def _written(folder: Path, report: Report) -> tuple[str, ...]:
    """What stands in the template where a grant is said to be too wide."""
    found = []
    for finding in report.findings:
        at = finding.location
        if finding.rule == "wildcard-grant" and at.file.startswith(folder.name):
            line = (folder.parent / at.file).read_text().split("\n")[at.line - 1]
            found.append(line[at.column - 1 : at.end_column - 1])
    return tuple(found)


def test_secrets_in_every_file_of_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  name = "jobs"\n}\n')
    (tmp_path / "provider.tf").write_text('provider "x" {\n  password = "Kranich-4711-Wolke"\n}\n')
    (tmp_path / "terraform.tfvars").write_text('db_password = "Reiher-1932-Sturm"\n')
    state = {"password": "Amsel-8821-Regen"}
    (tmp_path / "terraform.tfstate").write_text(
        json.dumps({"terraform_version": "1.9.0", "resources": [state]}, indent=1)
    )
    report = run(Plan((tmp_path,), today=TODAY))
    found = [finding for finding in report.findings if finding.rule == "secret-in-code"]
    places = {at.file for finding in found for at in (finding.location, *(hop.location for hop in finding.related))}
    assert {Path(file).name for file in places} == {"provider.tf", "terraform.tfvars", "terraform.tfstate"}

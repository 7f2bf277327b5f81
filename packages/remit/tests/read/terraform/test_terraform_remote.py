"""Modules from elsewhere: their models, local copies, and what is said of the others."""

from importlib.resources import files

import pytest

from remit.app.model import Sender
from remit.app.value import Ref
from remit.read.terraform.hcl import parse_hcl
from remit.read.terraform.remote import model

LAMBDA = """
    module "fn" {
      source = "terraform-aws-modules/lambda/aws"
      version = "~> 7.0"
      function_name = "orders"
      handler = "app.handler"
      runtime = "python3.12"
      source_path = "${path.module}/src"
      environment_variables = { TABLE = module.table.dynamodb_table_id }
      attach_policy_statements = true
      policy_statements = {
        table = {
          effect = "Allow"
          actions = ["dynamodb:PutItem"]
          resources = [module.table.dynamodb_table_arn]
          condition = {
            mine = { test = "ForAllValues:StringEquals", variable = "dynamodb:LeadingKeys", values = ["a"] }
          }
        }
      }
      attach_policy = true
      policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
      allowed_triggers = {
        api = { service = "apigateway", source_arn = "${module.api.api_execution_arn}/*/*" }
      }
      event_source_mapping = { jobs = { event_source_arn = module.jobs.queue_arn } }
    }
    module "table" {
      source = "terraform-aws-modules/dynamodb-table/aws"
      name = "orders"
      hash_key = "id"
      attributes = [{ name = "id", type = "S" }]
    }
    module "jobs" {
      source = "terraform-aws-modules/sqs/aws"
      name = "jobs"
      create_dlq = true
    }
    module "api" {
      source = "terraform-aws-modules/apigateway-v2/aws"
      name = "api"
      authorizers = {
        users = {
          authorizer_type = "JWT"
          identity_sources = ["$request.header.Authorization"]
          jwt_configuration = { audience = ["a"], issuer = "https://issuer.example" }
        }
      }
      routes = {
        "POST /orders" = { authorizer_key = "users", integration = { uri = module.fn.lambda_function_arn } }
        "GET /open" = { integration = { uri = module.fn.lambda_function_arn, payload_format_version = "2.0" } }
      }
    }
"""


def test_a_whole_app_of_modelled_modules(app):
    found = app(LAMBDA, {"src/app.py": "def handler(event, context): pass\n"})
    (function,) = found.functions
    assert (function.handler, function.runtime, function.code) == ("app.handler", "python3.12", "src")
    assert function.location.file == "main.tf"
    assert function.environment["TABLE"].value == Ref("table_aws_dynamodb_table_this_0")
    assert function.environment["TABLE"].location.line == 9
    role = found.role_of(function)
    assert role is not None
    assert {grant.actions for grant in role.grants if grant.origin == "inline"} == {
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
        ("dynamodb:PutItem",),
    }
    (grant,) = [grant for grant in role.grants if grant.actions == ("dynamodb:PutItem",)]
    assert grant.resources == (Ref("table_aws_dynamodb_table_this_0", "Arn"),)
    assert grant.conditions == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ("a",)}}
    assert any("AmazonS3ReadOnlyAccess" in grant.origin for grant in role.grants)
    told = {(trigger.source, trigger.name): trigger for trigger in found.triggers}
    assert told["http-api", "GET /open"].sender == Sender.ANYONE
    # Without a version of its own an integration sends events of the first version.
    assert told["rest-api", "POST /orders"].sender == Sender.AUTHENTICATED
    assert told["rest-api", "POST /orders"].authorizer.kind == "jwt"
    assert [name for source, name in told if source == "sqs"] == ["messages of jobs_aws_sqs_queue_this_0"]


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/lambda/aws",
        "registry.terraform.io/terraform-aws-modules/lambda/aws",
        "git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7.2.0",
        "github.com/terraform-aws-modules/terraform-aws-lambda?ref=abc",
        "git@github.com:terraform-aws-modules/terraform-aws-lambda.git",
        "DataDog/lambda-datadog/aws",
        "terraform-aws-modules/s3-bucket/aws//modules/notification",
    ],
)
def test_sources_that_have_a_model(source):
    assert model(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "someone/lambda/aws",
        "terraform-aws-modules/lambda/google",
        "terraform-aws-modules/lambda/aws//modules/docker-build",
        "terraform-aws-modules/../aws",
        "github.com/someone/terraform-aws-lambda",
        "git::https://example.com/terraform-aws-modules/terraform-aws-lambda.git",
    ],
)
def test_sources_that_have_none(source):
    assert model(source) is None


def models():
    place = files("remit.read.terraform") / "models"
    return [item for folder in place.iterdir() for item in folder.iterdir() if item.name.endswith(".hcl")]


@pytest.mark.parametrize("place", models(), ids=lambda place: place.name)
def test_every_model_is_sound(place, expand):
    text = place.read_text(encoding="utf-8")
    parsed = parse_hcl(text)
    assert not parsed.problems
    # Evaluated as a root module that is given nothing: no reference in it leads nowhere.
    found = expand(text)
    for item in found.instances:
        assert "declared nowhere" not in repr(item.attributes)
    for name in found.called.module.locals:
        assert "declared nowhere" not in repr(found.local(name))
    for output in found.called.module.outputs.values():
        from remit.read.terraform.things import Frame

        node = found.expansion.evaluator.safe(output.body.expr("value"), Frame(found.called, output.file, {}))
        assert "declared nowhere" not in repr(node)
    assert not found.expansion.functions.missing


def test_a_function_is_what_its_inputs_say_and_no_more(expand):
    found = expand("""
        module "fn" {
          source = "terraform-aws-modules/lambda/aws"
          function_name = "f"
          create_role = false
          lambda_role = "arn:aws:iam::123456789012:role/r"
          create_lambda_function_url = true
          image_uri = "x"
          package_type = "Image"
        }
        module "off" {
          source = "terraform-aws-modules/lambda/aws"
          create = false
        }
        module "layer" {
          source = "terraform-aws-modules/lambda/aws"
          create_layer = true
          layer_name = "l"
          source_path = [{ path = "layer", prefix_in_zip = "python" }]
        }
        locals { x = module.off.lambda_function_arn }
    """)
    assert found.addresses() == [
        "module.fn.aws_lambda_function.this[0]",
        "module.fn.aws_cloudwatch_log_group.lambda[0]",
        "module.fn.aws_lambda_function_url.this[0]",
        "module.layer.data.archive_file.code[0]",
        "module.layer.aws_lambda_layer_version.this[0]",
    ]
    assert (
        found.one("module.fn.aws_lambda_function.this[0]").attributes.get("role") == "arn:aws:iam::123456789012:role/r"
    )
    assert found.one("module.layer.data.archive_file.code[0]").attributes.get("source_dir") == "layer"
    assert found.local("x").value == ""
    assert not found.skips


def test_inputs_that_a_model_does_not_know_are_named(expand):
    found = expand("""
        module "fn" {
          source = "terraform-aws-modules/lambda/aws"
          function_name = "f"
          tags = {}
          brand_new_input = true
        }
    """)
    (skip,) = found.skips
    assert skip.blind
    assert skip.why == "what its inputs brand_new_input change was not examined"


def test_older_spellings_of_routes(app):
    found = app(
        """
        module "fn" {
          source = "terraform-aws-modules/lambda/aws"
          function_name = "f"
          handler = "app.handler"
          runtime = "python3.12"
          source_path = "src"
        }
        module "api" {
          source = "terraform-aws-modules/apigateway-v2/aws"
          version = "1.0"
          integrations = { "GET /old" = { lambda_arn = module.fn.lambda_function_arn } }
        }
        """,
        {"src/app.py": ""},
    )
    assert "GET /old" in {trigger.name for trigger in found.triggers}


def test_buckets_and_who_is_told(app):
    found = app(
        """
        module "fn" {
          source = "terraform-aws-modules/lambda/aws"
          function_name = "f"
          handler = "app.handler"
          runtime = "python3.12"
          source_path = "src"
        }
        module "bucket" {
          source = "terraform-aws-modules/s3-bucket/aws"
          bucket = "uploads"
        }
        module "told" {
          source = "terraform-aws-modules/s3-bucket/aws//modules/notification"
          bucket = module.bucket.s3_bucket_id
          lambda_notifications = {
            f = {
              function_arn = module.fn.lambda_function_arn
              function_name = module.fn.lambda_function_name
              events = ["s3:ObjectCreated:*"]
            }
          }
        }
        """,
        {"src/app.py": ""},
    )
    assert [trigger.source for trigger in found.triggers] == ["s3"]


def test_roles_and_policies_of_modules(app):
    found = app(
        """
        module "policy" {
          source = "terraform-aws-modules/iam/aws//modules/iam-policy"
          name = "write"
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:PutItem", Resource = "*" }] })
        }
        module "role" {
          source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
          create_role = true
          role_name = "fn"
          role_requires_mfa = false
          trusted_role_services = ["lambda.amazonaws.com"]
          custom_role_policy_arns = [module.policy.arn]
          attach_readonly_policy = true
        }
        module "fn" {
          source = "terraform-aws-modules/lambda/aws"
          function_name = "f"
          handler = "app.handler"
          runtime = "python3.12"
          source_path = "src"
          create_role = false
          lambda_role = module.role.iam_role_arn
          vpc_subnet_ids = module.vpc.private_subnets
          vpc_security_group_ids = [module.group.security_group_id]
        }
        module "vpc" {
          source = "terraform-aws-modules/vpc/aws"
          cidr = "10.0.0.0/16"
          enable_nat_gateway = true
        }
        module "group" {
          source = "terraform-aws-modules/security-group/aws"
          name = "g"
        }
        module "live" {
          source = "terraform-aws-modules/lambda/aws//modules/alias"
          name = "live"
          function_name = module.fn.lambda_function_name
          allowed_triggers = { bus = { principal = "events.amazonaws.com", source_arn = "arn:aws:events:*:*:rule/x" } }
        }
        module "secret" {
          source = "terraform-aws-modules/secrets-manager/aws"
          name = "key"
        }
        """,
        {"src/app.py": ""},
    )
    (function,) = found.functions
    role = found.role_of(function)
    assert role is not None
    assert ("dynamodb:PutItem",) in {grant.actions for grant in role.grants}
    assert any("ReadOnlyAccess" in grant.origin for grant in role.grants)
    assert {"live_aws_lambda_alias_this_0", "secret_aws_secretsmanager_secret_this_0"} <= set(found.resources)


def test_a_local_copy_is_read(expand, tmp_path):
    found = expand(
        'module "net" { source = "someone/net/aws" }\nlocals { x = module.net.o }\n',
        {
            ".terraform/modules/modules.json": """{"Modules": [
                {"Key": "", "Source": "", "Dir": "."},
                {"Key": "net", "Source": "registry/someone/net/aws", "Dir": ".terraform/modules/net"},
                {"Key": "out", "Source": "x", "Dir": "../../elsewhere"}]}""",
            ".terraform/modules/net/main.tf": 'resource "aws_x" "x" {}\noutput "o" { value = 1 }\n',
        },
    )
    assert found.addresses() == ["module.net.aws_x.x"]
    assert found.local("x").value == 1
    assert not found.skips


@pytest.mark.parametrize("text", ["{", "[]", '{"Modules": 3}', '{"Modules": [1, {"Key": "net"}]}'])
def test_a_broken_list_of_copies_is_no_copy(expand, text):
    found = expand('module "net" { source = "someone/net/aws" }', {".terraform/modules/modules.json": text})
    assert [skip.blind for skip in found.skips] == [True]

"""Whole folders: which modules are roots, Apps with positions, and everything hostile."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.app.model import Sender
from remit.app.value import Ref
from remit.read import load
from remit.read.files import code_of
from remit.read.terraform.reading import read_terraform

SHOP = """
    variable "stage" { default = "dev" }

    locals {
      functions = {
        orders = { handler = "orders.handler", timeout = 10 }
        mail = { handler = "mail.handler" }
      }
    }

    data "archive_file" "code" {
      for_each = local.functions
      type = "zip"
      source_dir = "${path.module}/src/${each.key}"
      output_path = "build/${each.key}.zip"
    }

    resource "aws_iam_role" "function" {
      for_each = local.functions
      name = "${var.stage}-${each.key}"
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "orders" {
      role = aws_iam_role.function["orders"].id
      policy = jsonencode({
        Statement = [
          {
            Effect = "Allow"
            Action = ["dynamodb:PutItem"]
            Resource = aws_dynamodb_table.orders.arn
          }
        ]
      })
    }

    data "aws_iam_policy_document" "mail" {
      statement {
        actions = ["ses:SendEmail"]
        resources = ["arn:aws:ses:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:identity/*"]
      }
    }

    resource "aws_iam_role_policy" "mail" {
      role = aws_iam_role.function["mail"].name
      policy = data.aws_iam_policy_document.mail.json
    }

    data "aws_region" "here" {}
    data "aws_caller_identity" "me" {}

    resource "aws_lambda_function" "this" {
      for_each = local.functions
      function_name = "${var.stage}-${each.key}"
      role = aws_iam_role.function[each.key].arn
      handler = each.value.handler
      runtime = "python3.12"
      timeout = lookup(each.value, "timeout", 3)
      filename = data.archive_file.code[each.key].output_path
      environment {
        variables = merge({ STAGE = var.stage }, each.key == "orders" ? { TABLE = aws_dynamodb_table.orders.name } : {})
      }
    }

    resource "aws_dynamodb_table" "orders" {
      name = "${var.stage}-orders"
      hash_key = "id"
      attribute {
        name = "id"
        type = "S"
      }
    }

    resource "aws_sqs_queue" "mail" {}

    resource "aws_lambda_event_source_mapping" "mail" {
      event_source_arn = aws_sqs_queue.mail.arn
      function_name = aws_lambda_function.this["mail"].arn
    }

    resource "aws_lambda_function_url" "orders" {
      function_name = aws_lambda_function.this["orders"].function_name
      authorization_type = "NONE"
    }
"""
CODE = {
    "src/orders/orders.py": "def handler(event, context):\n    return {}\n",
    "src/mail/mail.py": "def handler(event, context):\n    return {}\n",
}


def test_a_whole_app(app, tmp_path):
    found = app(SHOP, CODE)
    assert (found.form, found.template, found.name) == ("Terraform", "main.tf", tmp_path.name)
    mail, orders = found.functions
    assert [function.id for function in found.functions] == [
        "aws_lambda_function_this_mail",
        "aws_lambda_function_this_orders",
    ]
    assert (orders.handler, orders.runtime, orders.timeout, orders.code) == (
        "orders.handler",
        "python3.12",
        10,
        "src/orders",
    )
    assert mail.timeout == 3
    assert list(code_of(tmp_path, orders).files) == ["src/orders/orders.py"]
    assert orders.environment["TABLE"].value == Ref("aws_dynamodb_table_orders")
    assert set(mail.environment) == {"STAGE"}
    assert mail.environment["STAGE"].value == "dev"
    role = found.role_of(orders)
    assert role is not None
    (grant,) = role.grants
    assert (grant.actions, grant.resources) == (("dynamodb:PutItem",), (Ref("aws_dynamodb_table_orders", "Arn"),))
    text = textwrap.dedent(SHOP).splitlines()
    assert "{" in text[grant.location.line - 1]
    assert "Effect" in text[grant.location.line]
    assert found.role_of(mail).grants[0].actions == ("ses:SendEmail",)
    told = {trigger.function: (trigger.source, trigger.sender) for trigger in found.triggers}
    assert told["aws_lambda_function_this_orders"] == ("function-url", Sender.ANYONE)
    assert told["aws_lambda_function_this_mail"][0] == "sqs"
    assert found.resources["aws_dynamodb_table_orders"].label == "aws_dynamodb_table.orders"


def test_variables_take_what_files_give_them_in_order(app):
    found = app(
        """
        variable "a" { default = 1 }
        variable "b" {}
        variable "c" { default = 1 }
        variable "d" { default = 1 }
        variable "e" {}
        resource "aws_lambda_function" "f" {
          function_name = "f"
          role = "r"
          handler = "a.b"
          runtime = "python3.12"
          filename = "x.zip"
          environment { variables = { V = "${var.a}${var.b}${var.c}${var.d}-${var.e}" } }
        }
        """,
        {
            "terraform.tfvars": "a = 2\nb = 2\nc = 2\n",
            "b.auto.tfvars": "b = 4\n",
            "a.auto.tfvars": "b = 3\nc = 3\n",
            "prod.tfvars": "d = 9\ne = 9\n",
            "x.auto.tfvars.json": '{"d": "${1 + 1}", "nobody": 1}',
        },
    )
    assert str(found.functions[0].environment["V"].value) == "2432-{e}"
    assert list(found.parameters) == ["e"]
    assert "has no default" in found.parameters["e"].value.why


def test_roots_are_what_nobody_calls(read):
    module = 'resource "aws_sqs_queue" "q" {}\n'
    reading = read(
        {
            "envs/dev/main.tf": 'module "q" { source = "../../modules/used" }\n' + module,
            "envs/prod/main.tf": 'module "q" { source = "../../modules/used" }\n' + module,
            "modules/used/main.tf": module,
            "modules/alone/main.tf": module,
            "cycle/a/main.tf": 'module "b" { source = "../b" }\n' + module,
            "cycle/b/main.tf": 'module "a" { source = "../a" }\n' + module,
            "empty/main.tf": "terraform {}\n",
        }
    )
    assert sorted(app.template for app in reading.apps) == [
        "cycle/a/main.tf",
        "envs/dev/main.tf",
        "envs/prod/main.tf",
        "modules/alone/main.tf",
    ]
    assert {app.name for app in reading.apps} == {"a", "dev", "prod", "alone"}
    assert [skip.what for skip in reading.skips if skip.blind] == ["module.b.module.a"]
    assert not reading.failures


def test_an_app_is_called_after_the_folder_that_names_it(read):
    module = 'resource "aws_sqs_queue" "q" {}\n'
    reading = read({"orders/infra/main.tf": module, "mail/deploy/terraform/x.tf": module})
    assert {(app.name, app.template) for app in reading.apps} == {
        ("orders", "orders/infra/main.tf"),
        ("mail", "mail/deploy/terraform/x.tf"),
    }


def test_what_other_tools_make_of_modules_is_said_not_to_be_read(read):
    reading = read(
        {
            "live/prod/terragrunt.hcl": 'terraform {\n  source = "../../modules/q"\n}\ninputs = { name = "x" }\n',
            "modules/q/main.tf": 'variable "name" {}\nresource "aws_sqs_queue" "q" { name = var.name }\n',
        }
    )
    assert [(skip.what, skip.blind) for skip in reading.skips] == [("live/prod/terragrunt.hcl", True)]
    assert [app.template for app in reading.apps] == ["modules/q/main.tf"]


def test_one_file_given_is_its_whole_module(tmp_path):
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    (tmp_path / "more.tf").write_text('resource "aws_sqs_queue" "r" {}\n')
    (app,) = load(tmp_path / "main.tf").apps
    assert set(app.resources) == {"aws_sqs_queue_q", "aws_sqs_queue_r"}


def test_what_is_wrong_costs_only_itself(read):
    reading = read(
        {"a.tf": 'resource "aws_sqs_queue" "q" {\n  name = "x\n}\n', "b.tf": 'resource "aws_sqs_queue" "r" {}\n'}
    )
    (app,) = reading.apps
    assert "aws_sqs_queue_r" in app.resources
    assert {failure.location.file for failure in reading.failures} == {"a.tf"}
    assert all(failure.location.line for failure in reading.failures)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a = \xff\n", "not UTF-8"),
        (b"a = \0\n", "NUL byte"),
        (b"\xff\xfea", "UTF-16"),
        (b"#" * (5 * 1024 * 1024), "MB large"),
        (b"#" * (2 * 1024 * 1024), "MB large"),
    ],
)
def test_files_that_are_no_text(read, data, why):
    reading = read({"bad.tf": data, "good.tf": 'resource "aws_sqs_queue" "q" {}\n'})
    assert [app.template for app in reading.apps] == ["good.tf"]
    (failure,) = reading.failures
    assert failure.what == "bad.tf"
    assert why in failure.why


def test_links_that_lead_out_are_not_read(read, tmp_path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "main.tf").write_text('resource "aws_sqs_queue" "secret" {}\n')
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/link").symlink_to(outside)
    (tmp_path / "linked.tf").symlink_to(outside / "main.tf")
    reading = read({"main.tf": 'module "m" { source = "./modules/link" }\nresource "aws_sqs_queue" "q" {}\n'})
    assert all("secret" not in resource for app in reading.apps for resource in app.resources)
    assert not any("secret" in text for text in reading.texts.values())
    assert reading.failures or any(skip.blind for skip in reading.skips)


def test_code_outside_of_the_folder_is_not_read(read, tmp_path):
    reading = read(
        {
            "main.tf": """
                data "archive_file" "z" {
                  source_dir = "${path.module}/../../../etc"
                  output_path = "z.zip"
                  type = "zip"
                }
                resource "aws_lambda_function" "f" {
                  function_name = "f"
                  role = "r"
                  handler = "a.b"
                  runtime = "python3.12"
                  filename = data.archive_file.z.output_path
                }
            """
        }
    )
    (app,) = reading.apps
    tree = code_of(tmp_path, app.functions[0])
    assert not tree.files
    assert any(skip.blind for skip in tree.skips)


@pytest.mark.parametrize(
    "text",
    [
        "resource \"aws_sqs_queue\" \"q\" {\n  count = 100000\n}\n" * 1,
        "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  count = 100000\n}}\n' for n in range(40)),
        "locals {\n" + "\n".join(f"  l{n} = [for a in local.l{n + 1} : [for b in local.l{n + 1} : b]]" for n in range(9))
        + "\n  l9 = range(500)\n}\nresource \"aws_x\" \"x\" {\n  a = local.l0\n}\n",
        "locals {\n  big = setproduct(range(500), range(500), range(500))\n}\nresource \"aws_x\" \"x\" {\n  a = local.big\n}\n",
        'resource "aws_x" "x" {\n  a = <<EOT\n' + "x ${1 + 1}\n" * 3_000 + "EOT\n}\n",
        'resource "aws_x" "x" {\n  a = ' + "[" * 3_000 + "]" * 3_000 + "\n}\n",
        'resource "aws_x" "x" {\n  a = ' + " + ".join(["1"] * 5_000) + "\n}\n",
        'resource "aws_x" "x" {\n  a = ' + " ? 1 : ".join(["false"] * 3_000) + "\n}\n",
        'module "m" {\n  source = "./"\n  count = 100000\n}\nresource "aws_x" "x" {}\n',
        'resource "aws_x" "x" {\n  for_each = { for n in range(2000) : n => n }\n  a = [for o in aws_x.x : o.arn]\n}\n',
        'variable "v" {}\nlocals {\n' + "\n".join(f'  c{n} = var.v == "{n}" ? "{n}" : local.c{n + 1}' for n in range(60))
        + '\n  c60 = "end"\n}\nresource "aws_x" "x" {\n  a = local.c0\n}\n',
        'resource "aws_x" "x" {\n  a = regexall("(a|aa)+$", "' + "a" * 200 + '!")\n}\n',
        'resource "aws_x" "x" {\n  b = regex("a*a*a*a*a*a*b", "' + "a" * 500 + '")\n}\n',
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_hostile_configurations_end(read, text, monkeypatch):
    monkeypatch.setattr("remit.read.terraform.evaluate.MAX_STEPS", 20_000)
    reading = read({"main.tf": text})
    blind = [skip for skip in reading.skips if skip.blind]
    assert reading.apps or reading.failures or blind


def test_modules_that_multiply_end(read):
    files = {"main.tf": 'resource "aws_x" "x" {}\n' + 'module "a" {\n  source = "./m0"\n  count = 50\n}\n'}
    for level in range(11):
        files[f"m{level}/main.tf"] = f'module "b" {{\n  source = "../m{level + 1}"\n  count = 50\n}}\n'
    files["m11/main.tf"] = 'resource "aws_sqs_queue" "q" {}\n'
    reading = read(files)
    assert any(skip.blind for skip in reading.skips)


PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        '"',
        "${",
        "%{",
        "~}",
        "<<EOT\n",
        "EOT\n",
        "\n",
        "=",
        "=>",
        "...",
        ".",
        "[*]",
        ".*",
        "?",
        ":",
        ",",
        "for x in ",
        "if ",
        "else",
        "endif }",
        "endfor }",
        "null",
        "true",
        "1",
        "-",
        "!",
        "&&",
        "var.open",
        "local.a",
        "each.value",
        "count.index",
        "module.m",
        "module.m.o",
        "aws_sqs_queue.q",
        "aws_sqs_queue.q[0].arn",
        "data.aws_region.r.name",
        "self.x",
        "count = 3\n",
        "for_each = ",
        'dynamic "b" {\n',
        "content {\n",
        "locals {\n",
        "jsonencode(",
        "merge(",
        "try(",
        'file("main.tf")',
        'templatefile("main.tf", {})',
        'fileset(".", "**")',
        "setproduct(",
        "range(9)",
        "lookup(",
        'format("%s%d", ',
        'regex("(a", ',
        'join(",", ',
        "toset(",
        "flatten(",
        "jsondecode(",
        "cidrsubnet(",
        "é😀",
        "\\u00",
        "\\",
        "\t",
        "/*",
        "//",
        "#",
    ]
)
BASE = textwrap.dedent(SHOP)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(0, len(BASE)), st.integers(0, 60), st.lists(PIECES, max_size=6)), max_size=8)
)
def test_whatever_is_written_nothing_is_raised(tmp_path_factory, edits):
    text = BASE
    for start, length, pieces in edits:
        text = text[:start] + "".join(pieces) + text[start + length :]
    _quiet(tmp_path_factory.mktemp("m"), text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=25))
def test_whatever_expression_is_written_nothing_is_raised(tmp_path_factory, pieces):
    head = 'variable "open" {}\nresource "aws_sqs_queue" "q" {}\nmodule "m" {\n  source = "./"\n}\n'
    text = head + 'resource "aws_lambda_function" "f" {\n  handler = ' + " ".join(pieces) + "\n}\n"
    _quiet(tmp_path_factory.mktemp("m"), text)


def _quiet(folder: Path, text: str) -> None:
    (folder / "main.tf").write_text(text)
    skips, failures = [], []
    apps = read_terraform(folder, ["main.tf"], {}, skips, failures)
    assert isinstance(apps, list)
    for app in apps:
        for resource in app.resources.values():
            resource.properties.plain()

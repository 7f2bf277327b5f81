"""Modules, count, for_each, dynamic blocks: which instances there are, and what is in them."""

import pytest

from remit.app.value import Choice, Ref, Text, Unknown


def test_count_and_for_each_make_instances(expand):
    found = expand("""
        resource "aws_sqs_queue" "one" {}
        resource "aws_sqs_queue" "counted" { count = 2 }
        resource "aws_sqs_queue" "none" { count = 0 }
        resource "aws_sqs_queue" "keyed" {
          for_each = { "a/b" = 1, c = 2 }
          name = "${each.key}-${each.value}"
        }
        resource "aws_sqs_queue" "set" {
          for_each = toset(["x"])
          name = each.value
        }
    """)
    assert [(item.address, item.id) for item in found.instances] == [
        ("aws_sqs_queue.one", "aws_sqs_queue_one"),
        ("aws_sqs_queue.counted[0]", "aws_sqs_queue_counted_0"),
        ("aws_sqs_queue.counted[1]", "aws_sqs_queue_counted_1"),
        ('aws_sqs_queue.keyed["a/b"]', "aws_sqs_queue_keyed_a_b"),
        ('aws_sqs_queue.keyed["c"]', "aws_sqs_queue_keyed_c"),
        ('aws_sqs_queue.set["x"]', "aws_sqs_queue_set_x"),
    ]
    assert [item.attributes.get("name") for item in found.instances[3:]] == ["a/b-1", "c-2", "x"]


def test_ids_are_unique_also_where_keys_look_alike(expand):
    found = expand('resource "aws_sqs_queue" "q" { for_each = toset(["a-b", "a_b", "a.b"]) }')
    assert len({item.id for item in found.instances}) == 3


def test_what_only_the_deployment_knows_is_one_instance(expand):
    found = expand("""
        variable "number" {}
        variable "names" {}
        resource "aws_sqs_queue" "counted" {
          count = var.number
          name = "q${count.index}"
        }
        resource "aws_sqs_queue" "keyed" {
          for_each = toset(var.names)
          name = "q"
          tags = { k = each.key }
        }
        locals {
          first = aws_sqs_queue.counted[0].arn
          any = aws_sqs_queue.keyed["x"].arn
          all = [for k, v in aws_sqs_queue.keyed : v.arn]
        }
    """)
    assert found.addresses() == ["aws_sqs_queue.counted[0]", "aws_sqs_queue.keyed"]
    assert isinstance(found.instances[1].attributes.get("tags", "k"), Unknown)
    keyed = Ref("aws_sqs_queue_keyed", "arn")
    assert found.local("first").value == Ref("aws_sqs_queue_counted_0", "arn")
    assert (found.local("any").value, found.local("all").plain()) == (keyed, (keyed,))


def test_keys_that_are_symbols_make_instances_of_their_own(expand):
    found = expand("""
        variable "env" {}
        resource "aws_sqs_queue" "q" {
          for_each = toset(["${var.env}-a", "${var.env}-b"])
          name = each.key
        }
        locals { x = aws_sqs_queue.q["${var.env}-b"].arn }
    """)
    assert [(item.id, item.address, item.attributes.get("name")) for item in found.instances] == [
        ("aws_sqs_queue_q_env_a", 'aws_sqs_queue.q["{env}-a"]', Text((Ref("env"), "-a"))),
        ("aws_sqs_queue_q_env_b", 'aws_sqs_queue.q["{env}-b"]', Text((Ref("env"), "-b"))),
    ]
    assert found.local("x").value == Ref("aws_sqs_queue_q_env_b", "arn")


def test_an_open_switch_makes_what_it_may_make(expand):
    found = expand("""
        variable "create" {}
        resource "aws_sqs_queue" "q" { count = var.create ? 2 : 0 }
        resource "aws_sqs_queue" "e" { for_each = var.create ? { a = 1, b = 2 } : {} }
    """)
    assert len(found.instances) == 4


def test_blocks_are_tuples_also_when_written_once(expand):
    found = expand("""
        variable "open" {}
        resource "aws_x" "x" {
          tags = null
          lifecycle { ignore_changes = all }
          provider = aws.other
          one { a = 1 }
          many { a = 1 }
          many { a = 2 }
          dynamic "made" {
            for_each = { k = "v", l = "w" }
            content {
              key = made.key
              inner { value = made.value }
            }
          }
          dynamic "named" {
            for_each = [1]
            iterator = item
            content { value = item.value }
          }
          dynamic "none" {
            for_each = []
            content { value = 1 }
          }
          dynamic "unknown" {
            for_each = var.open
            content {
              fixed = 1
              value = unknown.value
            }
          }
        }
    """)
    (item,) = found.instances
    plain = item.attributes.plain()
    unknown = plain.pop("unknown")
    assert plain == {
        "one": ({"a": 1},),
        "many": ({"a": 1}, {"a": 2}),
        "made": ({"key": "k", "inner": ({"value": "v"},)}, {"key": "l", "inner": ({"value": "w"},)}),
        "named": ({"value": 1},),
    }
    assert unknown[0]["fixed"] == 1
    assert isinstance(unknown[0]["value"], Unknown)


def test_attributes_and_blocks_have_their_places(expand):
    (item,) = expand('resource "aws_x" "x" {\n  name = "n"\n  block {\n    a = 1\n  }\n}\n').instances
    attributes = item.attributes
    assert item.location.line == 1
    assert (attributes.at("name").key.line, attributes.at("name").location.column) == (2, 10)
    assert attributes.at("block", 0).location.line == 3
    assert attributes.at("block", 0, "a").location.line == 4


def test_a_structure_that_becomes_json_keeps_its_places(expand):
    (item,) = expand(
        'resource "aws_x" "x" {\n  policy = jsonencode({\n    Statement = [{\n      Action = "s3:*"\n    }]\n  })\n}\n'
    ).instances
    assert item.attributes.at("policy", "Statement", 0, "Action").location.line == 4


def test_the_environment_of_a_function_is_made_of_texts(expand):
    found = expand("""
        resource "aws_lambda_function" "f" {
          environment {
            variables = { A = jsonencode({ queue = aws_sqs_queue.q.url }), B = jsonencode([1, true]), C = 3 }
          }
        }
        resource "aws_sqs_queue" "q" {}
    """)
    variables = found.instances[0].attributes.at("environment", 0, "variables")
    assert variables.plain() == {
        "A": Text(('{"queue":"', Ref("aws_sqs_queue_q", "url"), '"}')),
        "B": "[1,true]",
        "C": 3,
    }
    assert variables.at("A").key.line == 4


def test_modules_are_expanded_with_their_variables_and_outputs(expand):
    found = expand(
        """
        variable "stage" { default = "dev" }
        module "orders" {
          source = "./modules/queue"
          name = "orders-${var.stage}"
        }
        module "many" {
          source = "./modules/queue"
          for_each = toset(["a", "b"])
          name = each.key
        }
        module "counted" {
          source = "./modules/queue"
          count = 1
          name = "c"
        }
        locals {
          one = module.orders.arn
          keyed = module.many["b"].arn
          all = [for name, made in module.many : made.arn]
          index = module.counted[0].whole.url
          path = module.orders.path
          missing = module.orders.nothing
        }
        """,
        {
            "modules/queue/main.tf": """
                variable "name" {}
                variable "size" { default = 3 }
                resource "aws_sqs_queue" "this" {
                  name = var.name
                  max = var.size
                }
                output "arn" { value = aws_sqs_queue.this.arn }
                output "whole" { value = aws_sqs_queue.this }
                output "path" { value = path.module }
            """
        },
    )
    assert found.addresses() == [
        "module.orders.aws_sqs_queue.this",
        'module.many["a"].aws_sqs_queue.this',
        'module.many["b"].aws_sqs_queue.this',
        "module.counted[0].aws_sqs_queue.this",
    ]
    first = found.instances[0]
    assert (first.id, first.folder) == ("orders_aws_sqs_queue_this", "modules/queue")
    assert first.attributes.plain() == {"name": "orders-dev", "max": 3}
    assert first.location.file == "modules/queue/main.tf"
    assert found.local("one").value == Ref("orders_aws_sqs_queue_this", "arn")
    assert found.local("keyed").value == Ref("many_b_aws_sqs_queue_this", "arn")
    assert found.local("all").plain() == tuple(Ref(f"many_{n}_aws_sqs_queue_this", "arn") for n in "ab")
    assert found.local("index").value == Ref("counted_0_aws_sqs_queue_this", "url")
    assert found.local("path").value == "modules/queue"
    assert 'no output "nothing"' in found.local("missing").value.why


def test_whole_resources_and_modules_can_be_passed_on(expand):
    found = expand(
        """
        resource "aws_sqs_queue" "q" {}
        module "a" {
          source = "./a"
          queue = aws_sqs_queue.q
          others = { x = aws_sqs_queue.q }
        }
        locals { x = module.a.all }
        """,
        {
            "a/main.tf": """
                variable "queue" {}
                variable "others" { default = {} }
                output "all" { value = [var.queue.arn, var.others["x"].url] }
            """
        },
    )
    assert found.local("x").plain() == (Ref("aws_sqs_queue_q", "arn"), Ref("aws_sqs_queue_q", "url"))


def test_modules_in_modules_and_their_folders(expand):
    found = expand(
        'module "a" { source = "../shared/a" }',
        {
            "app/main.tf": 'module "a" {\n  source = "../shared/a"\n}\n',
            "shared/a/main.tf": 'module "b" {\n  source = "./b"\n  name = "n"\n}\n',
            "shared/a/b/main.tf": """
                variable "name" {}
                resource "archive_file" "f" { source_dir = "${path.module}/src" }
                resource "aws_x" "x" { p = [path.module, path.root, path.cwd, var.name] }
            """,
        },
        root="app",
    )
    archive, other = found.instances
    assert archive.attributes.get("source_dir") == "../shared/a/b/src"
    assert other.attributes.get("p") == ("../shared/a/b", ".", ".", "n")
    assert other.address == "module.a.module.b.aws_x.x"


def test_a_null_input_takes_the_default_only_where_null_is_no_value(expand):
    found = expand(
        'module "m" {\n  source = "./m"\n  a = null\n  b = null\n}\nlocals { x = module.m.o }\n',
        {
            "m/main.tf": """
                variable "a" { default = 1 }
                variable "b" {
                  default = 2
                  nullable = false
                }
                output "o" { value = [var.a, var.b] }
            """
        },
    )
    assert found.local("x").plain() == (None, 2)


def test_what_a_module_is_not_given_is_unknown(expand):
    found = expand(
        'module "m" { source = "./m" }\nlocals { x = module.m.o }\n',
        {"m/main.tf": 'variable "a" {}\noutput "o" { value = var.a }\n'},
    )
    assert "is not given" in found.local("x").value.why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("./", "calls itself"),
        ("../../elsewhere", "outside the examined folder"),
        ("hashicorp/consul/aws", "hashicorp/consul/aws, which is not here"),
        ("git::https://example.com/x.git?ref=1", "which is not here"),
        ("s3::https://example.com/x.zip", "which is not here"),
    ],
)
def test_a_module_that_is_not_read_is_said_so(expand, source, why):
    found = expand(f'module "m" {{ source = "{source}" }}\nlocals {{ x = module.m.o }}\n')
    (skip,) = found.skips
    assert skip.blind
    assert (skip.what, skip.location.line) == ("module.m", 1)
    assert why in skip.why
    assert isinstance(found.local("x").value, Unknown)


def test_a_folder_without_a_module_is_a_failure(expand):
    found = expand('module "m" { source = "./nothing" }')
    assert [str(failure) for failure in found.failures] == ["main.tf:1:1: there is no module in ./nothing"]


def test_modules_that_call_each_other_end(expand):
    found = expand(
        'module "a" { source = "./a" }',
        {
            "a/main.tf": 'resource "aws_x" "a" {}\nmodule "b" { source = "../b" }',
            "b/main.tf": 'resource "aws_x" "b" {}\nmodule "a" { source = "../a" }',
        },
    )
    assert found.addresses() == ["module.a.aws_x.a", "module.a.module.b.aws_x.b"]
    assert [skip.what for skip in found.skips] == ["module.a.module.b.module.a"]


def test_a_hundred_thousand_instances_are_some_and_a_skip(expand):
    found = expand('resource "aws_sqs_queue" "q" { count = 100000 }')
    assert len(found.instances) == 1_000
    (skip,) = found.skips
    assert skip.blind
    assert skip.what == "aws_sqs_queue.q"


def test_an_empty_count_names_no_instance(expand):
    found = expand("""
        resource "aws_sqs_queue" "q" { count = false ? 1 : 0 }
        locals {
          a = try(aws_sqs_queue.q[0].arn, "none")
          b = one(aws_sqs_queue.q[*].arn)
          c = length(aws_sqs_queue.q) > 0 ? 1 : 2
        }
    """)
    assert [found.local(name).plain() for name in "abc"] == ["none", None, 2]


def test_overrides_change_what_other_files_say(expand):
    found = expand(
        'resource "aws_x" "x" {\n  a = 1\n  b = 1\n  block {\n    c = 1\n  }\n}\n',
        {"x_override.tf": 'resource "aws_x" "x" {\n  b = 2\n  block {\n    c = 2\n  }\n}\n'},
    )
    (item,) = found.instances
    assert item.attributes.plain() == {"a": 1, "b": 2, "block": ({"c": 2},)}


def test_opentofu_reads_its_own_file_in_place_of_the_other(expand):
    found = expand('resource "aws_x" "tf" {}', {"main.tofu": 'resource "aws_x" "tofu" {}'})
    assert found.addresses() == ["aws_x.tofu"]


def test_json_makes_the_same_instances(expand):
    found = expand(
        "",
        {
            "cdk.tf.json": """{"resource": {"aws_lambda_function": {"f": {
                "function_name": "f-${var.s}", "environment": {"variables": {"Q": "${aws_sqs_queue.q.url}"}},
                "dynamic": {"vpc_config": [{"for_each": [1], "content": {"subnet_ids": ["s"]}}]}}},
                "aws_sqs_queue": {"q": {"name": "q"}}},
                "variable": {"s": {"default": "dev"}}}"""
        },
    )
    function = found.one("aws_lambda_function.f").attributes
    assert function.plain() == {
        "function_name": "f-dev",
        "environment": ({"variables": {"Q": Ref("aws_sqs_queue_q", "url")}},),
        "vpc_config": ({"subnet_ids": ("s",)},),
    }
    assert function.at("function_name").location.file == "cdk.tf.json"


def test_what_runs_something_is_no_instance(expand):
    found = expand("""
        resource "null_resource" "n" {}
        resource "terraform_data" "t" { input = "i" }
        locals { x = terraform_data.t.input }
    """)
    assert found.instances == []
    assert found.local("x").value == "i"


def test_old_template_files(expand):
    found = expand(
        """
        data "template_file" "t" {
          template = file("p.tpl")
          vars = { who = "you" }
        }
        data "local_file" "l" { filename = "p.tpl" }
        locals {
          x = data.template_file.t.rendered
          y = data.local_file.l.content
        }
        """,
        {"p.tpl": "hi ${who}"},
    )
    assert (found.local("x").value, found.local("y").value) == ("hi you", "hi ${who}")


def test_an_archive_is_named_by_reference(expand):
    found = expand("""
        data "archive_file" "z" {
          source_dir = "src"
          output_path = "z.zip"
        }
        resource "aws_lambda_function" "f" {
          filename = data.archive_file.z.output_path
          s3_key = aws_s3_object.o.key
          s3_bucket = aws_s3_object.o.bucket
          memory_size = var.big ? 1024 : 128
        }
        variable "big" {}
        resource "aws_s3_object" "o" {
          bucket = aws_s3_bucket.b.id
          key = "k"
        }
        resource "aws_s3_bucket" "b" { bucket = "b" }
    """)
    assert found.one("aws_lambda_function.f").attributes.plain() == {
        "filename": Ref("data_archive_file_z", "output_path"),
        "s3_key": Ref("aws_s3_object_o", "key"),
        "s3_bucket": Ref("aws_s3_bucket_b", "id"),
        "memory_size": Choice((1024, 128)),
    }

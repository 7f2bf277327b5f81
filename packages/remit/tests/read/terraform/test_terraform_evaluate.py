"""Expressions: references, conditions, loops, templates, positions; and what is open stays open."""

import pytest

from remit.app.value import Choice, Ref, Text, Unknown

REST = """
    variable "open" {}
    variable "flag" {}
    variable "given" { default = "dev" }
    resource "aws_sqs_queue" "q" {
      name = "jobs"
      visibility_timeout_seconds = 30
      redrive { arn = "x" }
    }
    resource "aws_sqs_queue" "many" {
      count = 2
      name = "m${count.index}"
    }
    resource "aws_sqs_queue" "each" {
      for_each = { a = 1, b = 2 }
      name = each.key
    }
    resource "null_resource" "n" {}
    data "aws_caller_identity" "me" {}
    data "aws_region" "here" {}
    data "aws_partition" "p" {}
    data "aws_sqs_queue" "old" { name = "old" }
    data "aws_iam_policy_document" "d" {}
"""


def q(attribute: str, of: str = "aws_sqs_queue_q") -> Ref:
    return Ref(of, attribute)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2 % 3", 5),
        ("7 % -3", 1),
        ("-7 % 3", -1),
        ('"1" + 1', 2),
        ('1 == 1 && "a" != "b"', True),
        ("!(1 > 2)", True),
        ('true == "true"', False),
        ('var.given == "dev" ? 1 : 2', 1),
        ("false ? 1 : true ? 2 : 3", 2),
        ('"${var.given}-x"', "dev-x"),
        ('"${1.0}${true}"', "1true"),
        ("[for x in [1, 2, 3] : x * 2 if x > 1]", (4, 6)),
        ("{for k, v in {a = 1, b = 2} : v => k}", {"1": "a", "2": "b"}),
        ('{for x in ["a", "bb", "c"] : length(x) => x...}', {"1": ("a", "c"), "2": ("bb",)}),
        ('[for i, x in ["a", "b"] : "${i}${x}"]', ("0a", "1b")),
        ("[{a = 1}, {a = 2}][*].a", (1, 2)),
        ("[{a = 1}, {a = 2}].*.a", (1, 2)),
        ("null[*]", ()),
        ("{a = 1}[*].a", (1,)),
        ('{a = {b = [1, 2]}}["a"].b[1]', 2),
        ('"%{ for x in [1, 2] }${x},%{ endfor }%{ if true }y%{ endif }"', "1,2,y"),
        ("(true || var.flag)", True),
        ("(false && var.flag)", False),
        ('contains(["dev"], var.given)', True),
        ("aws_sqs_queue.q.visibility_timeout_seconds", 30),
        ("aws_sqs_queue.q.redrive[0].arn", "x"),
        ('aws_sqs_queue.q.name == "jobs"', True),
        ("{ (aws_sqs_queue.q.name) = 1 }", {"jobs": 1}),
        ("path.module", "."),
        ("length(aws_sqs_queue.many)", 2),
        ("[for k, v in aws_sqs_queue.each : k]", ("a", "b")),
        ("data.aws_sqs_queue.old.name", "old"),
        ("aws_sqs_queue.q.arn == null", False),
    ],
)
def test_what_the_configuration_decides(value, text, expected):
    assert value(text, REST) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.open", Ref("open")),
        ("var.open.part", Ref("open", "part")),
        ('"${var.open}-x"', Text((Ref("open"), "-x"))),
        ("aws_sqs_queue.q.arn", q("arn")),
        ("aws_sqs_queue.q.name", q("name")),
        ('"${aws_sqs_queue.q.arn}/*"', Text((q("arn"), "/*"))),
        ("aws_sqs_queue.many[1].arn", q("arn", "aws_sqs_queue_many_1")),
        ("aws_sqs_queue.many[*].arn", tuple(q("arn", f"aws_sqs_queue_many_{n}") for n in (0, 1))),
        ("aws_sqs_queue.many.*.arn", tuple(q("arn", f"aws_sqs_queue_many_{n}") for n in (0, 1))),
        ("aws_sqs_queue.many.1.arn", q("arn", "aws_sqs_queue_many_1")),
        ('aws_sqs_queue.each["b"].url', q("url", "aws_sqs_queue_each_b")),
        ("values(aws_sqs_queue.each)[*].arn", tuple(q("arn", f"aws_sqs_queue_each_{n}") for n in "ab")),
        ("{for k, v in aws_sqs_queue.each : k => v.arn}", {n: q("arn", f"aws_sqs_queue_each_{n}") for n in "ab"}),
        ("data.aws_caller_identity.me.account_id", Ref("AWS::AccountId")),
        ("data.aws_region.here.name", Ref("AWS::Region")),
        ("data.aws_region.here.region", Ref("AWS::Region")),
        ("data.aws_partition.p.partition", Ref("AWS::Partition")),
        ("data.aws_partition.p.dns_suffix", Ref("AWS::URLSuffix")),
        ("data.aws_iam_policy_document.d.json", Ref("data_aws_iam_policy_document_d", "json")),
        ("data.aws_sqs_queue.old.url", Ref("data_aws_sqs_queue_old", "url")),
        ("terraform.workspace", Ref("terraform.workspace")),
        ("var.flag ? 1 : 2", Choice((1, 2))),
        ("var.flag ? 1 : 1", 1),
        ("var.flag ? 1 : null", Choice((1, None))),
        ("var.flag ? {a = 1} : {b = 2}", {"a": Choice((1, None)), "b": Choice((2, None))}),
        ("var.flag ? [1] : [2]", (1, 2)),
        ("var.flag ? {a = 1}.b : 2", 2),
        ('{p = "a", q = "b"}[var.open]', Choice(("a", "b"))),
        ('"x%{ if var.flag }1%{ else }2%{ endif }"', Text(("x", Choice(("1", "2"))))),
        ("{(var.open) = 1}", {"{open}": 1}),
        ('{ "${var.open}-a" = 1, "${var.open}-b" = 2 }["${var.open}-b"]', 2),
        ('{ "${var.open}-a" = 1, "${var.open}-b" = 2 }["x"]', Choice((1, 2))),
        ('[for k, v in { "${var.open}-a" = 1 } : k]', (Text((Ref("open"), "-a")),)),
        ('{(uuid()) = 1}["k"]', 1),
        ('lookup({ "${var.open}-a" = 1 }, "${var.open}-a", 2)', 1),
        ('lookup({ "${var.open}-a" = 1 }, "b", 2)', Choice((1, 2))),
        ('{(var.open) = 1}["k"]', 1),
        ("(var.flag ? {a = 1} : {a = 2}).a", Choice((1, 2))),
    ],
)
def test_what_stays_symbolic(value, text, expected):
    assert value(text, REST) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("var.nothing", "var.nothing is declared nowhere"),
        ("local.nothing", "local.nothing is declared nowhere"),
        ("aws_sqs_queue.nothing.arn", "aws_sqs_queue.nothing is declared nowhere"),
        ("module.nothing.x", "module.nothing is declared nowhere"),
        ("each.key", "each.key is declared nowhere"),
        ("nothing", "nothing is declared nowhere"),
        ("{a = 1}.b", 'there is no "b" in this value'),
        ("[1][3]", "there is no element 3"),
        ("null.a", '"a" of a value that has no attributes'),
        ('"a" + 1', "a text that is no number"),
        ("1 / 0", "has no result"),
        ("true + 1", "no number"),
        ('"a" ? 1 : 2', "neither true nor false"),
        ('"a${null}"', "null in a text"),
        ("[for x in 1 : x]", "no elements"),
        ("[for x in var.open : x]", "the elements of {open}"),
        ("var.flag > 1", "the deployment decides"),
        ("!var.flag", "the deployment decides"),
        ('var.open == "a"', "the deployment decides"),
        ("null_resource.n.id", "which only a run of Terraform knows"),
    ],
)
def test_what_is_unknown_says_why(value, text, why):
    found = value(text, REST)
    assert isinstance(found, Unknown), found
    assert why in found.why


def test_a_value_through_a_local_stands_where_it_is_used_and_what_is_in_it_where_it_is_written(expand):
    found = expand('locals {\n  a = {\n    b = "c"\n  }\n  x = local.a\n  y = local.a.b\n}\n')
    whole, part = found.local("x"), found.local("y")
    assert (whole.location.line, whole.at("b").location.line, whole.at("b").key.line) == (5, 3, 3)
    assert part.location.line == 6


def test_locals_that_lead_to_each_other_end(value):
    found = value("local.y", "locals {\n  y = local.z\n  z = local.y\n}")
    assert isinstance(found, Unknown)
    assert "depends on itself" in found.why


def test_a_resource_that_leads_to_itself_ends(value):
    rest = 'resource "aws_sqs_queue" "a" { delay_seconds = aws_sqs_queue.a.delay_seconds }'
    assert value("aws_sqs_queue.a.delay_seconds", rest) == Ref("aws_sqs_queue_a", "delay_seconds")
    rest = 'resource "aws_sqs_queue" "a" { count = length(aws_sqs_queue.a) }'
    assert value("length(aws_sqs_queue.a)", rest) == 1


def test_types_convert_and_fill_in(value):
    rest = """
        variable "n" {
          type = number
          default = "3"
        }
        variable "s" {
          type = string
          default = 4
        }
        variable "b" {
          type = bool
          default = "true"
        }
        variable "o" {
          type = map(object({
            name = string
            timeout = optional(number, 30)
            more = optional(object({ deep = optional(string, "d") }), {})
            nothing = optional(string)
          }))
          default = { a = { name = "n" }, b = { name = "m", timeout = "5" } }
        }
    """
    assert value("[var.n, var.s, var.b]", rest) == (3, "4", True)
    assert value("var.o.a", rest) == {"name": "n", "timeout": 30, "more": {"deep": "d"}, "nothing": None}
    assert value("var.o.b.timeout", rest) == 5


def test_billions_of_values_are_not_made(value):
    lines = "\n".join(f"  l{n} = [local.l{n + 1}, local.l{n + 1}, local.l{n + 1}]" for n in range(40))
    found = value("local.l0", f'locals {{\n{lines}\n  l40 = "x"\n}}')
    assert isinstance(found, Unknown) or "far too much" in repr(found)


def test_texts_do_not_grow_without_bound(value):
    lines = "\n".join(f'  l{n} = "${{local.l{n + 1}}}${{local.l{n + 1}}}"' for n in range(40))
    found = value("local.l0", f'locals {{\n{lines}\n  l40 = "xxxxxxxx"\n}}')
    assert isinstance(found, Unknown | Text)


def test_long_chains_end(value):
    lines = "\n".join(f"  l{n} = local.l{n + 1}" for n in range(3000))
    found = value("local.l0", f"locals {{\n{lines}\n  l3000 = 1\n}}")
    assert isinstance(found, Unknown)
    assert "nested too deeply" in found.why


def test_structures_built_one_on_the_other_do_not_get_too_deep(expand):
    lines = "\n".join(f"  l{n} = [local.l{n - 1}]" for n in range(1, 500))
    found = expand(f"locals {{\n  l0 = 1\n{lines}\n}}\n")
    for n in range(500):
        node = found.local(f"l{n}")
    assert "far too much" in repr(node.plain())

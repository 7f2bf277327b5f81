"""Every family of functions, on literals and on what only the deployment knows."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from remit.app.value import Choice, Ref, Text, Unknown
from remit.read.terraform.functions import NODES, PLAIN

#: A queue, whose ARN only the deployment knows, and a variable that is not given.
REST = 'resource "aws_sqs_queue" "q" { name = "jobs" }\nvariable "open" {}\n'
Q = Ref("aws_sqs_queue_q", "arn")

CASES = [
    # texts
    ('upper("aB")', "AB"),
    ('lower("aB")', "ab"),
    ('title("hello world")', "Hello World"),
    ('trim("?!hi!?", "!?")', "hi"),
    ('trimprefix("ab", "a")', "b"),
    ('trimsuffix("ab", "b")', "a"),
    ('trimspace("  a\\n")', "a"),
    ('chomp("a\\r\\n")', "a"),
    ('indent(2, "a\\nb")', "a\n  b"),
    ('strrev("abc")', "cba"),
    ('startswith("abc", "ab")', True),
    ('endswith("abc", "ab")', False),
    ('strcontains("abc", "b")', True),
    ('substr("hello", 1, 3)', "ell"),
    ('substr("hello", -3, -1)', "llo"),
    ('replace("a-b-c", "-", "_")', "a_b_c"),
    ('replace("a1b22", "/[0-9]+/", "#")', "a#b#"),
    ('replace("ab", "/(a)(b)/", "$2${1}")'.replace("${1}", "$1"), "ba"),
    ('regex("[a-z]+", "12ab")', "ab"),
    ('regex("(\\\\d)(\\\\w)", "1a")', ("1", "a")),
    ('regex("(?P<n>\\\\d)", "1a")', {"n": "1"}),
    ('regexall("[a-z]", "a1b")', ("a", "b")),
    ('length("abc")', 3),
    ('urlencode("a b/c")', "a+b%2Fc"),
    ('base64encode("a")', "YQ=="),
    ('base64decode("YQ==")', "a"),
    ('sha256("a")', sha256(b"a").hexdigest()),
    ('base64sha256("a")', b64encode(sha256(b"a").digest()).decode()),
    ('md5("")', "d41d8cd98f00b204e9800998ecf8427e"),
    # format
    ('format("%s-%d", "a", 3)', "a-3"),
    ('format("%05d|%-4s|%4s|%%", 42, "a", "b")', "00042|a   |   b|%"),
    ('format("%.2f", 1.005)', "1.00"),
    ('format("%q", "a\\"b")', '"a\\"b"'),
    ('format("%[2]s%[1]s", "a", "b")', "ba"),
    ('format("%v %v", true, 1.5)', "true 1.5"),
    ('format("%x", 255)', "ff"),
    ('formatlist("%s-%s", ["a", "b"], "c")', ("a-c", "b-c")),
    # numbers
    ("abs(-2)", 2),
    ("ceil(1.2)", 2),
    ("floor(-1.2)", -2),
    ("signum(-3)", -1),
    ("max(1, 3, 2)", 3),
    ("min([1, 3]...)", 1),
    ("sum([1, 2.5])", 3.5),
    ("pow(2, 10)", 1024),
    ("log(8, 2)", 3.0),
    ('parseint("ff", 16)', 255),
    ("range(3)", (0, 1, 2)),
    ("range(4, 0, -2)", (4, 2)),
    ('cidrsubnet("10.0.0.0/16", 8, 2)', "10.0.2.0/24"),
    ('cidrhost("10.0.0.0/24", 5)', "10.0.0.5"),
    ('cidrnetmask("10.0.0.0/20")', "255.255.240.0"),
    ('cidrsubnets("10.0.0.0/16", 4, 8)', ("10.0.0.0/20", "10.0.16.0/24")),
    ('timeadd("2024-01-01T00:00:00Z", "1h30m")', "2024-01-01T01:30:00Z"),
    # lists, sets and mappings
    ("concat([1], [2, 3])", (1, 2, 3)),
    ("merge({a = 1, b = 1}, {b = 2})", {"a": 1, "b": 2}),
    ("merge([{a = 1}, {b = 2}]...)", {"a": 1, "b": 2}),
    ('lookup({a = 1}, "a", 2)', 1),
    ('lookup({a = 1}, "b", 2)', 2),
    ('element(["a", "b"], 3)', "b"),
    ('toset(["b", "a", "b"])', ("a", "b")),
    ('tolist(["b", "a"])', ("b", "a")),
    ("tomap({a = 1})", {"a": 1}),
    ('coalesce(null, "", 2)', 2),
    ("coalescelist([], [1])", (1,)),
    ("length({a = 1})", 1),
    ("keys({b = 1, a = 2})", ("a", "b")),
    ("values({b = 1, a = 2})", (2, 1)),
    ("flatten([[1, [2]], 3])", (1, 2, 3)),
    ("distinct([1, 2, 1])", (1, 2)),
    ('contains(["a"], "a")', True),
    ('contains(["a"], "b")', False),
    ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
    ('setproduct(["a", "b"], [1])', (("a", 1), ("b", 1))),
    ('setunion(["a"], ["b", "a"])', ("a", "b")),
    ('setintersection(["a", "b"], ["b"])', ("b",)),
    ('setsubtract(["a", "b"], ["b"])', ("a",)),
    ('compact(["a", "", null])', ("a",)),
    ('sort(["b", "a"])', ("a", "b")),
    ("reverse([1, 2])", (2, 1)),
    ("slice([1, 2, 3], 1, 2)", (2,)),
    ("chunklist([1, 2, 3], 2)", ((1, 2), (3,))),
    ('index(["a", "b"], "b")', 1),
    ('matchkeys(["x", "y"], ["a", "b"], ["b"])', ("y",)),
    ('transpose({a = ["x", "y"], b = ["x"]})', {"x": ("a", "b"), "y": ("a",)}),
    ("one([])", None),
    ("one([1])", 1),
    ("alltrue([true, false])", False),
    ("anytrue([true, false])", True),
    # conversions and structures
    ("tostring(1)", "1"),
    ('tonumber("1.5")', 1.5),
    ('tobool("true")', True),
    ('jsondecode("{\\"a\\": [1, null]}")', {"a": (1, None)}),
    ('yamldecode("a: [1, x]")', {"a": (1, "x")}),
    ('csvdecode("a,b\\n1,2")', ({"a": "1", "b": "2"},)),
    ('"${jsonencode({a = [1, true, null]})}!"', '{"a":[1,true,null]}!'),
    ('sensitive("a")', "a"),
    ('nonsensitive("a")', "a"),
    # what fails
    ("try(null.a, 1)", 1),
    ("try({a = 1}.b, {a = 1}.a)", 1),
    ('try(tonumber("x"), "y")', "y"),
    ("can({a = 1}.b)", False),
    ("can({a = 1}.a)", True),
    # paths
    ('basename("a/b.py")', "b.py"),
    ('dirname("a/b.py")', "a"),
    ('abspath("./a/../b")', "b"),
    ('pathexpand("~/a")', "~/a"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_literal_values(value, text, expected):
    found = value(text)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


SYMBOLIC = [
    ('join(",", [aws_sqs_queue.q.arn, "x"])', Text((Q, ",x"))),
    ('format("%s/*", aws_sqs_queue.q.arn)', Text((Q, "/*"))),
    ('formatlist("%s/*", [aws_sqs_queue.q.arn])', (Text((Q, "/*")),)),
    ("concat([aws_sqs_queue.q.arn], [1])", (Q, 1)),
    ("distinct([aws_sqs_queue.q.arn, aws_sqs_queue.q.arn])", (Q,)),
    ("flatten([[aws_sqs_queue.q.arn]])", (Q,)),
    ("toset([aws_sqs_queue.q.arn])", (Q,)),
    ('compact([aws_sqs_queue.q.arn, ""])', (Q,)),
    ("coalesce(null, aws_sqs_queue.q.arn)", Q),
    ('coalesce(aws_sqs_queue.q.arn, "x")', Q),
    ("merge({a = aws_sqs_queue.q.arn}, {b = 1})", {"a": Q, "b": 1}),
    ("try(aws_sqs_queue.q.arn, 1)", Q),
    ("tostring(aws_sqs_queue.q.arn)", Q),
    ("one([aws_sqs_queue.q.arn])", Q),
    ('element(split(":", "a:${aws_sqs_queue.q.name}"), 1)', Ref("aws_sqs_queue_q", "name")),
    # The name is in the configuration: what needs its letters gets them.
    ("upper(aws_sqs_queue.q.name)", "JOBS"),
    ('replace(aws_sqs_queue.q.name, "j", "x")', "xobs"),
    ("length(aws_sqs_queue.q.name)", 4),
    ('lookup(var.open, "a", "b")', Choice((Unknown("an entry that the deployment decides"), "b"))),
    ("jsondecode(jsonencode({a = aws_sqs_queue.q.arn})).a", Q),
    ('jsondecode("{\\"a\\": \\"${aws_sqs_queue.q.arn}\\"}").a', Q),
    ('"${jsonencode({a = aws_sqs_queue.q.arn})}"', {"a": Q}),
    ('"x${jsonencode([aws_sqs_queue.q.arn])}"', Text(('x["', Q, '"]'))),
]


@pytest.mark.parametrize(("text", "expected"), SYMBOLIC)
def test_symbols_stay(value, text, expected):
    assert value(text, REST) == expected


UNKNOWN = [
    ("sha256(var.open)", "sha256"),
    ("upper(aws_sqs_queue.q.arn)", "upper"),
    ("timestamp()", "timestamp"),
    ("uuid()", "uuid"),
    ("frobnicate(1)", "frobnicate, which is not known here"),
    ('filebase64sha256("x.zip")', "digest of x.zip"),
    ('filemd5("x.zip")', "digest"),
    ('filebase64("x.zip")', "base64"),
    ('file("../../../etc/passwd")', "outside"),
    ('file("/etc/passwd")', "outside"),
    ('file("nothing.txt")', "cannot be read"),
    ('templatefile("/etc/passwd", {})', "outside"),
    ("length(var.open)", "length"),
    ("keys(var.open)", "elements of {open}"),
    ("flatten(var.open)", "elements of {open}"),
    ("jsondecode(var.open)", "the deployment makes"),
    ('split(",", var.open)[0]', "the deployment decides"),
    ("max(1, var.open)", "max"),
    ('regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")', "run for ever"),
    ('regex("x", "y")', "does not match"),
    ("upper()", "with 0 arguments"),
    ('upper("a", "b")', "with 2 arguments"),
    ("sum([])", "no numbers"),
    ("pow(10, 1000)", "too large"),
    ("range(1, 1000000)", "too many"),
    ('tonumber("x")', "no number"),
    ("element([], 0)", "empty list"),
    ("coalesce(null)", "nothing"),
    ("one([1, 2])", "several"),
    ('cidrsubnet("10.0.0.0/16", 20, 2)', "not in this network"),
    ('cidrsubnet("x", 1, 2)', "no network"),
    ('jsondecode("{")', "not JSON"),
    ('yamldecode("a: [")', "not YAML"),
    ('base64decode("%")', "base64"),
    ('format("%s")', "too few"),
    ("merge(1)", "not a mapping"),
    ("concat({a = 1}, 1)", "not a list"),
]


@pytest.mark.parametrize(("text", "why"), UNKNOWN)
def test_what_cannot_be_known_says_why(value, text, why):
    found = value(text, REST)
    assert isinstance(found, Unknown), found
    assert why in found.why


def test_merging_something_open_keeps_what_is_known(value):
    found = value("merge({a = 1}, var.open)", REST)
    assert found["a"] == 1
    assert isinstance(found["*"], Unknown)
    assert isinstance(value('merge({a = 1}, var.open)["b"]', REST), Unknown)


def test_concatenating_something_open_keeps_what_is_known(value):
    first, second = value("concat([1], var.open)", REST)
    assert first == 1
    assert isinstance(second, Unknown)


FILES = {"src/a.py": "A = 1\n", "src/deep/b.py": "", "src/c.txt": "c", "t.tpl": "hi ${name}%{ if loud }!%{ endif }\n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('file("src/a.py")', "A = 1\n"),
        ('file("${path.module}/src/a.py")', "A = 1\n"),
        ('fileexists("src/a.py")', True),
        ('fileexists("src/z.py")', False),
        ('fileset("src", "*.py")', ("a.py",)),
        ('fileset(path.module, "src/**/*.py")', ("src/a.py", "src/deep/b.py")),
        ('fileset("src", "*.{py,txt}")', ("a.py", "c.txt")),
        ('templatefile("t.tpl", {name = "you", loud = true})', "hi you!\n"),
        ('templatestring("a ${b}", {b = 1})'.replace("${", "$${"), "a 1"),
    ],
)
def test_files_of_the_folder(value, text, expected):
    assert value(text, files=FILES) == expected


def test_a_template_sees_only_its_own_variables(value):
    files = {"t.tpl": "${var.secret}"}
    found = value('templatefile("t.tpl", {})', 'variable "secret" { default = "s" }', files)
    assert isinstance(found, Unknown)


def test_what_a_file_says_stands_in_that_file(expand):
    node = expand('locals {\n  x = file("src/a.py")\n}\n', FILES).local("x")
    assert (node.location.file, node.location.line, node.location.end_line) == ("src/a.py", 1, 2)


def test_what_a_template_says_stands_in_its_file_line_by_line(app):
    found = app(
        """
        resource "aws_iam_role" "r" {
          name = "r"
          assume_role_policy = local.trust
          inline_policy {
            name = "p"
            policy = templatefile("${path.module}/policy.json.tpl", { table = aws_dynamodb_table.t.arn })
          }
        }
        resource "aws_dynamodb_table" "t" {}
        locals {
          trust = templatefile("trust.tpl", { many = ["a", "b"] })
        }
        """,
        {
            "policy.json.tpl": """{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "dynamodb:GetItem",
      "Resource": "${table}/*"
    }
  ]
}
""",
            "trust.tpl": '%{ for x in many }"${x}"\n%{ endfor }',
        },
    )
    (grant,) = found.roles["aws_iam_role_r"].grants
    assert grant.actions == ("dynamodb:GetItem",)
    assert (grant.location.file, grant.location.line) == ("policy.json.tpl", 3)


def test_a_link_out_of_the_folder_is_not_followed(value, tmp_path):
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("s")
    (tmp_path / "link.txt").symlink_to(secret)
    found = value('file("link.txt")')
    assert isinstance(found, Unknown)
    assert "outside" in found.why


def test_files_are_read_once_and_not_without_end(expand, monkeypatch):
    monkeypatch.setattr("remit.read.terraform.sources._MAX_READ", 2)
    found = expand(
        'locals {\n  x = [for n in ["a", "a", "b", "c"] : file("${n}.txt")]\n}\n',
        {"a.txt": "A", "b.txt": "B", "c.txt": "C"},
    )
    *read, last = found.local("x").plain()
    assert read == ["A", "A", "B"]
    assert "too many files" in last.why


def test_a_file_that_is_no_text(value):
    found = value('file("x.bin")', files={"x.bin": b"\xff\xfe\x00"})
    assert isinstance(found, Unknown)


def test_every_function_is_tried_here():
    told = " ".join(text for text, _ in [*CASES, *SYMBOLIC, *UNKNOWN])
    told += " fileset fileexists templatefile templatestring file"
    missing = {name for name in {**PLAIN, **NODES} if not re.search(rf"\b{re.escape(name)}\b", told)}
    # Old names, and what only says that something is a digest or a date.
    assert missing <= {
        "base64gzip", "base64sha512", "defaults", "ephemeralasnull", "filebase64sha512", "filesha1", "filesha256",
        "filesha512", "formatdate", "issensitive", "list", "map", "provider::aws::arn_parse", "sha1", "sha512", "type",
        "yamlencode",
    }  # fmt: skip

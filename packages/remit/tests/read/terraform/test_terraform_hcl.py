"""Text to syntax: structure, positions, templates, what is wrong."""

import pytest

from remit.read.terraform.hcl import MAX_DEPTH, number, parse_hcl, parse_template
from remit.read.terraform.syntax import (
    Binary,
    Broken,
    Conditional,
    ForPart,
    IfPart,
    Literal,
    Name,
    Object,
    Template,
    Unary,
)
from remit.read.terraform.tfjson import parse_tfjson


def expression(text: str):
    parsed = parse_hcl(f"x = {text}\n")
    assert not parsed.problems, parsed.problems
    return parsed.body.arguments["x"].value


def literal(text: str):
    found = expression(text)
    assert isinstance(found, Literal), found
    return found.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a"', "a"),
        ('""', ""),
        (r'"a\n\t\"\\b"', 'a\n\t"\\b'),
        (r'"A\U0001F600"', "A\U0001f600"),
        ('"$${x} %%{y}"', "${x} %{y}"),
        ('"50% $5 {}"', "50% $5 {}"),
        ("12", 12),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
    ],
)
def test_literals(text, expected):
    assert literal(text) == expected
    assert type(literal(text)) is type(expected)


def test_numbers_that_are_whole_are_whole():
    assert (number("2.0"), number("1e30"), number("0.5"), number("-")) == (2, 1e30, 0.5, 0)


def test_heredocs_keep_their_text():
    assert literal("<<EOT\n  a\n    b\\n\nEOT") == "  a\n    b\\n\n"


def test_indented_heredocs_lose_the_smallest_indentation():
    assert literal("<<-EOT\n    a\n      b\n\n    c\n    EOT") == "a\n  b\n\nc\n"


def test_an_indented_heredoc_with_holes():
    found = expression("<<-EOT\n    a ${b}\n      ${c} d\n    EOT")
    assert isinstance(found, Template)
    assert [part.value if isinstance(part, Literal) else part.name for part in found.parts] == [
        "a ",
        "b",
        "\n  ",
        "c",
        " d\n",
    ]


def test_a_hole_alone_is_not_a_text_but_in_a_heredoc_it_is():
    assert len(expression('"${a}"').parts) == 1
    assert len(expression("<<E\n${a}\nE").parts) == 2


def test_strip_marks():
    parts = expression('"a  ${~ b ~}  c"').parts
    assert [part.value for part in parts if isinstance(part, Literal)] == ["a", "c"]


def test_directives():
    parts = expression('"%{ if a }x%{ else }y%{ endif }%{ for k, v in m }${k}%{ endfor }"').parts
    first, second = parts
    assert isinstance(first, IfPart)
    assert (first.then[0].value, first.otherwise[0].value) == ("x", "y")
    assert isinstance(second, ForPart)
    assert (second.key, second.name) == ("k", "v")


def test_operators_bind_as_they_should():
    found = expression("(a || b) && c")
    assert isinstance(found, Binary)
    assert found.operator == "&&"
    assert isinstance(found.left, Binary)
    found = expression("a ? b : c ? d : e")
    assert isinstance(found, Conditional)
    assert isinstance(found.otherwise, Conditional)
    assert isinstance(expression("(a ? b : c) ? d : e").condition, Conditional)
    assert isinstance(expression("a ? b ? c : d : e").then, Conditional)
    assert expression("a || b ? c : d ? e : f").otherwise.condition.name == "d"


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 * 2 + 3", "((1 * 2) + 3)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("8 / 4 / 2", "((8 / 4) / 2)"),
        ("1 < 2 == true", "((1 < 2) == true)"),
        ("a && b || c && d", "((a && b) || (c && d))"),
        ("a == 1 && b != 2", "((a == 1) && (b != 2))"),
        ("!a && b", "(!a && b)"),
        ("-a + b", "(-a + b)"),
        ("!a == b", "(!a == b)"),
        ("1 + 2 > 3 - 4", "((1 + 2) > (3 - 4))"),
    ],
)
def test_precedence(text, grouped):
    def shown(value) -> str:
        if isinstance(value, Binary):
            return f"({shown(value.left)} {value.operator} {shown(value.right)})"
        if isinstance(value, Unary):
            return f"{value.operator}{shown(value.operand)}"
        return str(value.value).lower() if isinstance(value, Literal) else value.name

    assert shown(expression(text)) == grouped


def test_keys_of_objects():
    found = expression('{ a = 1, "b" = 2, (c) = 3, d : 4 }')
    assert isinstance(found, Object)
    keys = [item.key for item in found.items]
    assert [key.value for key in keys if isinstance(key, Literal)] == ["a", "b", "d"]
    assert isinstance(keys[2], Name)


def test_positions_are_those_of_the_file():
    body = parse_hcl('# c\nresource "aws_sqs_queue" "q" {\n  name = "a-${var.b}"\n}\n').body
    (block,) = body.blocks
    assert (block.type, block.labels, block.at) == ("resource", ("aws_sqs_queue", "q"), (2, 1, 2, 29))
    argument = block.body.arguments["name"]
    assert (argument.key, argument.value.at) == ((3, 3, 3, 7), (3, 10, 3, 22))


def test_columns_count_characters_not_bytes():
    argument = parse_hcl('é = "ü${a}" \n').body.arguments["é"]
    assert argument.value.at == (1, 5, 1, 12)


def test_what_is_wrong_has_a_place_and_costs_only_itself():
    parsed = parse_hcl('a = 1\nresource "x" "y" {\n  b = [1, 2\n  c = 3\n}\nd = 4\n')
    assert parsed.problems
    assert all(problem.line for problem in parsed.problems)
    assert parsed.body.arguments["a"].value.value == 1


def test_a_missing_brace_is_named():
    parsed = parse_hcl('resource "x" "y" {\n  a = 1\n')
    assert [(problem.line, problem.why) for problem in parsed.problems] == [(3, '"}" is missing here')]
    assert parsed.body.blocks[0].body.arguments["a"].value.value == 1


def test_an_argument_written_twice_is_a_problem():
    (problem,) = parse_hcl("a = 1\na = 2\n").problems
    assert (problem.line, problem.why) == (2, '"a" is written twice')


@pytest.mark.parametrize("text", ["[" * 5000 + "]" * 5000, "(" * 5000 + "1" + ")" * 5000, "!" * 5000 + "a"])
def test_deep_nesting_ends(text):
    assert parse_hcl(f"x = {text}\n").problems


def test_deep_blocks_end():
    parsed = parse_hcl("a {\n" * 3000 + "}\n" * 3000)
    assert "nested too deeply to be read" in [problem.why for problem in parsed.problems]
    assert MAX_DEPTH < 100


def test_deep_directives_end():
    text = '"' + "%{ if a }" * 2000 + "%{ endif }" * 2000 + '"'
    assert parse_hcl(f"x = {text}\n").body is not None


def test_no_hcl_at_all_is_a_few_problems():
    parsed = parse_hcl("<html>\n  <b>not HCL</b>\n</html>\n" * 50)
    assert 1 <= len(parsed.problems) <= 5


def test_a_template_outside_of_hcl():
    at = (7, 1, 7, 2)
    assert parse_template("a $${b}", at).value == "a ${b}"
    found = parse_template("a ${b}\nc", at)
    assert found.at == at
    assert [getattr(part, "value", None) for part in found.parts] == ["a ", None, "\nc"]
    assert all(part.at == at for part in found.parts)


def test_json_says_the_same():
    parsed = parse_tfjson(
        '{"resource": {"aws_sqs_queue": {"q": {"name": "a-${var.b}"}}}, "variable": {"b": {"default": 1}},'
        ' "locals": {"l": [true]}, "module": {"m": [{"source": "./m"}]}, "terraform": {"x": 1}}'
    )
    blocks = {block.type: block for block in parsed.body.blocks}
    assert blocks["resource"].labels == ("aws_sqs_queue", "q")
    name = blocks["resource"].body.arguments["name"]
    assert isinstance(name.value, Template)
    assert name.key == (1, 39, 1, 45)
    assert blocks["module"].body.arguments["source"].value.value == "./m"
    assert set(blocks) == {"resource", "variable", "locals", "module"}


def test_a_broken_template_in_json_is_a_problem_with_a_place():
    parsed = parse_tfjson('{"locals": {"l": "${a +}"}}')
    (problem,) = parsed.problems
    assert problem.line == 1
    assert isinstance(parsed.body.blocks[0].body.arguments["l"].value, Broken)

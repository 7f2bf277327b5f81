"""Code: source texts and templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import code, template
from remit_guard.sinks.provenance import Provenance


def judge(source, value, language="python"):
    if language == "template":
        return template.inspect(source, Provenance([Field("body→expr", value, "http-api")]))
    return code.inspect(source, Provenance([Field("body→expr", value, "http-api")]), language=language)


@pytest.mark.parametrize(
    "value",
    [
        "__import__('os').system('id')",
        "1+1",
        "open('/etc/passwd').read()",
        "x",
        "[c for c in ().__class__.__base__.__subclasses__()]",
        "1 if True else 2",
        "lambda: 0",
        "f'{x}'",
        "a.b",
    ],
)
def test_a_whole_source_from_the_input(value):
    assert (judge(value, value) is not None) == (len(value) > 2 or not value.isalnum())


@pytest.mark.parametrize("value", ["42", "-3.5", "'text'", '"text"', "true", "None", "{}", "[]", " () "])
def test_a_literal_is_a_value(value):
    assert judge(value, value) is None


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("total = int('{}')", "1'); import os; ('"),
        ("x = {} * 2", "1; import os"),
        ("x = '''{}'''", "''' + id + '''"),
        ("x = f'hello {}'", "{os.environ}"),
        ("x = 'a{}' + 'b'", "\\"),
        ("# {}\nrun()", "a\nimport os"),
    ],
)
def test_breaking_out_of_a_literal(source, value):
    assert judge(source.replace("{}", value), value) is not None


def test_the_end_of_a_name_is_a_coincidence():
    assert judge("def root(context, missing=missing, name=name): pass", "Ng,") is None
    assert judge("total = get_x;import os", "x;import os") is not None


@pytest.mark.parametrize("value", ["hello world", "it is 1 + 1", "import os", "a; b", "# x", "{x}"])
def test_text_inside_a_literal(value):
    assert judge(f"greet('{value}')", value) is None
    assert judge(f'x = """{value}"""', value) is None


def test_javascript():
    assert judge("this.name == 'a' || true || ''", "a' || true || '", "javascript") is not None
    assert judge("this.name == 'Ann'", "Ann", "javascript") is None
    assert judge("f(`x ${1+1}`)", "${1+1}", "javascript") is not None


@pytest.mark.parametrize("value", ["{{7*7}}", "{% import os %}", "${7*7}", "<%= 7 %>", "#{7*7}", "{{config.items()}}"])
def test_a_template_expression(value):
    assert judge(f"Hello {value}!", value, "template") is not None


@pytest.mark.parametrize("value", ["Ann", "a { b }", "100 %", "price: $5", "<b>x</b>", "a | b"])
def test_template_text(value):
    assert judge("Hello " + value + ", {{ name }}", value, "template") is None


def test_inside_the_templates_own_expression():
    assert judge("{{ x|default('a') ~ cycler.__init__ ~ ('') }}", "a') ~ cycler.__init__ ~ ('", "template") is not None
    assert judge("{{ greet('Ann Lee') }}", "Ann Lee", "template") is None


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["python", "javascript", "template"]))
def test_never_raises(source, value, language):
    judge(source, value, language)
    judge(source + value, value, language)


@pytest.mark.parametrize("piece", ["'", '"""', "\\", "{{", "1_", "f'", "/*", "`"])
def test_long_sources(piece):
    value = piece * (12000 // len(piece))
    judge("x = " + value, value)
    judge("x = " + value, value, "javascript")
    judge("x = " + value, value, "template")

"""Bounds: whatever is not examined is said to be, and the analysis always ends."""
# ruff: noqa: E501  (programs under test stand on one line)

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.app.location import Location


def blind(analysis):
    assert all(skip.blind for skip in analysis.skips)
    return [(skip.why, skip.location) for skip in analysis.skips]


def test_a_module_that_is_no_python(study):
    found = study("def handler(event, context):\n    return (\n")
    [(why, place)] = blind(found)
    assert "not valid Python" in why
    assert (place.file, place.line) == ("src/app.py", 2)
    assert found.handler is None


def test_a_broken_helper_does_not_hide_the_rest(study):
    code = "import os, helper\ndef handler(event, context):\n    os.system(event['rawPath'])\n"
    found = study(code, files={"helper.py": "def f(:\n"})
    assert [flow.sink for flow in found.flows] == ["process"]
    assert [place.file for _, place in blind(found)] == ["src/helper.py"]


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        ("other.handler", 'the module of "other.handler" is not among its code files'),
        ("app.nothing", '"nothing" is not defined in src/app.py'),
        ("handler", '"handler" names no module and function'),
    ],
)
def test_a_handler_that_is_not_there(study, handler, why):
    assert [reason for reason, _ in blind(study("def handler(e, c): pass\n", handler=handler))] == [why]


def test_a_handler_nobody_can_follow(study):
    found = study("from lib import make\nhandler = make('a')\n")
    whys = [why for why, _ in blind(found)]
    assert whys[0] == '"handler" is made in a way the analysis does not follow'
    assert whys[1].startswith("lib is neither among the code files nor among the packages that are asked for")


def test_a_language_without_a_front(study):
    found = study("exports.handler = () => 1\n", runtime="java21")
    assert blind(found) == [("java21 has no front yet", Location("template.yaml", 1))]


def test_endless_and_mutual_recursion_end(flows):
    code = """
    import os
    def one(a):
        return two(a + '!')
    def two(a):
        return one(a) if a else a
    def handler(event, context):
        os.system(one(event['rawPath']))
    """
    assert flows(code) == ["process<-rawPath"]


def test_calls_that_double_at_each_level_are_summarised(study):
    levels = "".join(f"def f{n}(a):\n    return f{n + 1}(a) + f{n + 1}(a)\n" for n in range(25))
    code = f"import os\n{levels}def f25(a):\n    return a\ndef handler(event, context):\n    os.system(f0(event['rawPath']))\n"
    found = study(code)
    assert [flow.sink for flow in found.flows] == ["process"]
    assert not found.skips


def test_more_ways_than_can_be_followed_is_said(study):
    levels = "".join(
        f"def f{n}(a):\n    b = [a]\n    b.append(f{n + 1}(b))\n    c = [b]\n    c.append(f{n + 1}(c))\n    return c\n"
        for n in range(25)
    )
    code = f"{levels}def f25(a):\n    return a\ndef handler(event, context):\n    print(f0(event))\n"
    found = study(code)
    assert any("follows" in why for why, _ in blind(found))


def test_a_chain_of_calls_deeper_than_is_followed_is_said(study):
    levels = "".join(f"def f{n}(a):\n    return f{n + 1}(a)\n" for n in range(100))
    code = f"import os\n{levels}def f100(a):\n    return a\ndef handler(event, context):\n    os.system(f0(event['rawPath']))\n"
    found = study(code)
    assert [why for why, _ in blind(found)] == ["it is deeper than the analysis follows"]
    assert [(flow.sink, flow.confidence) for flow in found.flows] == [("process", "medium")]


HUGE = {
    "parentheses": "x = " + "(" * 500 + "1" + ")" * 500,
    "lists": "x = " + "[" * 90 + "]" * 90,
    "additions": "x = " + " + ".join(["'a'"] * 5000),
    "attributes": "x = a" + ".b" * 5000,
    "elif": "if a:\n    pass\n" + "".join(f"elif a == {n}:\n    pass\n" for n in range(3000)),
    "comparisons": "x = " + " < ".join(["1"] * 3000),
    "ands": "x = " + " and ".join(["a"] * 3000),
    "a table": "x = {" + ", ".join(f"'{n}': {n}" for n in range(20000)) + "}",
    "nested blocks": "".join(" " * n + "if a:\n" for n in range(95)) + " " * 95 + "x = 1",
    "null": "x = '\0'",
    "a surrogate": "x = '\ud800'",
}


@pytest.mark.parametrize("name", HUGE)
def test_hostile_code_ends_without_a_traceback(study, name):
    found = study(f"{HUGE[name]}\ndef handler(event, context):\n    pass\n")
    assert found.handler is not None or blind(found)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.sampled_from(
            [
                "x = event", "x = x['a']", "y = [x, y]", "y.append(y)", "x = y", "z = {'a': x, **z}", "z['b'] = z", "x = z",
                "def f(a, *b, **c): return f(b, a, **c)", "x = f(x, y, z=z)", "class A:\n  def __init__(self, v): self.v = v\n  def m(self): return self.v",
                "x = A(x)", "x = x.m()", "x.v = x", "for x in y: y = [y]", "while x: x = x.a", "print(x, y, z)",
                "x = f'{x}{y}'", "x = x + x", "lambda: x", "x = [q for q in x for q in q]", "exec(x)", "import os; os.system(x)",
                "try: x()\nexcept Exception as e: x = e", "with x as y: pass", "x, *y = z", "return x", "global x", "yield x",
                "match x:\n  case {'a': y} | [y, *_]: pass\n  case _: x = y", "if x in y: x = x.get('a')", "del x", "raise x",
            ]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_order_of_statements_is_survived(study, lines):
    block = "\n".join("    " + row for line in lines for row in line.split("\n"))
    found = study(f"y = []\nz = {{}}\ndef handler(event, context):\n{block}\n    pass\n")
    assert found.handler is not None or blind(found)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_said_not_to_be(study, text):
    found = study(f"{text}\ndef handler(event, context):\n    pass\n")
    assert found.handler is not None or blind(found)

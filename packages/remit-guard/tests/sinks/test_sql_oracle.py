"""Our reading of SQL against that of a database, and against what PostgreSQL's own scanner was found to read differently."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import sql, sql_tokens
from remit_guard.sinks.provenance import Provenance

PIECES = st.lists(
    st.sampled_from(
        ["'", "''", "\\", "--", "/*", "*/", "\n", "\r", '"', "`", "[", "]", "a", " ", ";", "#", "$$", "x'41'", "?", "é"]
    ),
    max_size=8,
).map("".join)


@given(PIECES)
@settings(max_examples=300)
def test_what_is_one_literal_for_sqlite_is_one_for_us(value: str) -> None:
    query = f"select '{value}' as z"
    database = sqlite3.connect(":memory:")
    try:
        cursor = database.execute(query)
        if [column[0] for column in cursor.description] != ["z"]:
            return
        read = cursor.fetchone()[0]
    except (sqlite3.Error, sqlite3.Warning):
        return
    finally:
        database.close()
    tokens = sql_tokens.tokens(query, "sqlite")
    assert tokens[-1][0] != sql_tokens.BAD
    if len(tokens) == 4:
        kind, start, end = tokens[1]
        assert kind == sql_tokens.STRING
        assert query[start + 1 : end - 1].replace("''", "'") == read


def kinds(query: str, dialect: str = "postgresql") -> list[str]:
    return [query[start:end] for _, start, end in sql_tokens.tokens(query, dialect)]


def test_a_parameter_may_touch_a_dollar_quote() -> None:
    assert kinds("select $1$a$ ' $a$") == ["select", "$1", "$a$ ' $a$"]


def test_a_dollar_in_a_name_begins_no_literal() -> None:
    assert kinds("select a$b$ + 'x' + a$b$") == ["select", "a$b$", "+", "'x'", "+", "a$b$"]


def test_an_escaping_literal_goes_on_in_the_next_line() -> None:
    assert kinds("select e'' \n '\\'a' and 1") == ["select", "e'' \n '\\'a'", "and", "1"]


def test_an_escaping_literal_without_end_is_no_plain_one() -> None:
    assert sql_tokens.tokens("select e'\\'", "postgresql")[-1][0] == sql_tokens.BAD


def test_a_slice_is_no_parameter_in_front_of_a_literal() -> None:
    assert kinds("select a[1:e'\\'x']")[-2:] == ["e'\\'x'", "]"]


def test_a_bracket_without_end_is_bad_for_sqlite() -> None:
    assert sql_tokens.tokens("select [a", "sqlite")[-1][0] == sql_tokens.BAD


ATTACK = "x' or 1=1 union select name from users -- "
ALTERED = {
    "blanks taken out": (ATTACK, ATTACK.replace(" ", "")),
    "blanks for tabs": (ATTACK, ATTACK.replace(" ", "\t")),
    "blanks for comments": (ATTACK, ATTACK.replace(" ", "/**/")),
    "comments for blanks": (ATTACK.replace(" ", "/**/"), ATTACK),
    "runs of blanks made one": (ATTACK.replace(" ", "   "), ATTACK),
    "lines joined": (ATTACK.replace(" ", "\n"), ATTACK),
    "control characters taken out": (ATTACK.replace("'", "\x01'\x02").replace(" ", " \x03"), ATTACK),
    "double quotes taken out": (ATTACK.replace("or", 'o"r').replace("union", 'un"ion').replace("select", 'sel"ect'), ATTACK),
    "a list joined": ("x',or,1=1,--", "x' or 1=1 --"),
    "accents taken off": (ATTACK.replace("o", "ö").replace("e", "é"), ATTACK),
}  # fmt: skip


def judged(value: str, text: str) -> bool:
    known = Provenance([Field("q", value, "http-api")])
    return sql.inspect(f"select id from t where a = '{text}' and b = 2", known, "postgresql") is not None


@pytest.mark.parametrize("name", ALTERED)
def test_a_value_is_found_after_characters_were_taken_out_or_put_in(name: str) -> None:
    assert judged(*ALTERED[name])


@pytest.mark.parametrize(
    "value", ["O'Brien, and O'Neill + sons", "it's a \"big\" shop; isn't it?", "d'Artagnan | d'Orsay", "\\ 'n' \\ roll"]
)
def test_its_escaped_form_is_no_attack(value: str) -> None:
    assert not judged(value, value.replace("'", "''"))


def test_a_value_without_its_quotes_is_no_attack() -> None:
    assert not judged("O'Brien, and O'Neill + sons", "OBrien, and ONeill + sons")

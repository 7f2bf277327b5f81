"""SQL: attacks of our own making in every place of a query, harmless values in the same places, and hostile lengths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import sql, sql_tokens
from remit_guard.sinks.provenance import Provenance

DIALECTS = ("sqlite", "postgresql", "mysql")


def judge(query: str, *values: str, dialect: str = "sqlite"):
    fields = [Field(f"queryStringParameters.f{number}", value, "http-api") for number, value in enumerate(values)]
    return sql.inspect(query, Provenance(fields), dialect)


QUOTED = "SELECT id FROM orders WHERE shop = 7 AND note = '{}' ORDER BY id"
BARE = "SELECT id FROM orders WHERE total > {} AND shop = 7"
SORTED = "SELECT id FROM orders ORDER BY {} LIMIT 10"
GLUED = "SELECT id FROM orders_{} WHERE shop = 7"
SEARCH = "SELECT id FROM orders WHERE note LIKE '%{}%' AND shop = 7"
COMMENTED = "SELECT id /* page {} */ FROM orders"

ATTACKS = [
    (QUOTED, "x' OR 'a'='a"),
    (QUOTED, "x'; DELETE FROM orders; --"),
    (QUOTED, "'||(SELECT token FROM sessions)||'"),
    (QUOTED, "x' UNION ALL SELECT token FROM sessions -- "),
    (QUOTED, "x')) --"),
    (QUOTED, "x'"),
    (QUOTED, "'; ATTACH DATABASE '/tmp/x.php' AS y; --"),
    (QUOTED, "x'/**/OR/**/1/**/IN/**/(1)/**/OR/**/'"),
    (QUOTED, "x'\nOR\n1"),
    (QUOTED, "' IS NOT NULL OR note = '"),
    (BARE, "0 OR 1=1"),
    (BARE, "0 OR true"),
    (BARE, "(SELECT max(id) FROM sessions)"),
    (BARE, "0; DROP TABLE orders"),
    (BARE, "0 --"),
    (BARE, "sleep(5)"),
    (BARE, "CASE WHEN 1 THEN 0 ELSE 9 END"),
    (BARE, "'a' || 'b'"),
    (SORTED, "id; DROP TABLE orders"),
    (SORTED, "(CASE WHEN (SELECT 1) THEN id ELSE note END)"),
    (SORTED, "id LIMIT 1 OFFSET 5 --"),
    (SORTED, "id, (SELECT token FROM sessions)"),
    (GLUED, "x; DROP TABLE sessions"),
    (GLUED, "x UNION SELECT token FROM sessions"),
    (SEARCH, "%' OR note LIKE '%"),
    (SEARCH, "' ESCAPE 'x' OR '1"),
    (COMMENTED, "1 */ , token /*"),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("query", "value"), ATTACKS)
def test_a_value_that_changes_the_structure_is_an_injection(query, value, dialect):
    found = judge(query.format(value), value, dialect=dialect)
    assert found is not None
    assert found.field.value == value


BENIGN = [
    "Ann", "O Brien", "x y z", "50%", "a-b", "2026-11-22", "where is my order", "select committee", "union square",
    "drop off; then leave", "1 or 2 boxes", "say \"hello\"", "50 -- 60", "/* note */", "# first", "a=b", "(see page 4)",
    "C:\\dir", "naïve café ☕", "あ", "😀 ok", "order by phone", "null", "true", "--", ";", "0x41", "$1", "?", ":name", "%s",
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("value", BENIGN)
@pytest.mark.parametrize("query", [QUOTED, SEARCH])
def test_a_value_inside_a_literal_is_harmless(query, value, dialect):
    if value.endswith("\\"):
        pytest.skip("ends the literal where a backslash escapes")
    assert judge(query.format(value), value, dialect=dialect) is None


@pytest.mark.parametrize(
    "value", [value for _, value in ATTACKS] + BENIGN + ["O'Brien", "'", "''", "it''s", "\\'", "\\"]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_escaped_value_is_harmless(value, dialect):
    doubled = value.replace("'", "''")
    if dialect == "mysql":
        doubled = value.replace("\\", "\\\\").replace("'", "\\'")
    assert judge(QUOTED.format(doubled), value, dialect=dialect) is None


@pytest.mark.parametrize(
    "value",
    [value for _, value in ATTACKS] + BENIGN + ["FROM orders", "shop", "SELECT", "ORDER BY id", "=", "*", ",", "'"],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_bound_value_is_harmless_whatever_the_query_says(value, dialect):
    assert judge("SELECT id FROM orders WHERE note = ? AND shop = 7 ORDER BY id", value, dialect=dialect) is None
    assert judge("INSERT INTO orders (id, note) VALUES (%s, %s)", value, dialect=dialect) is None


@pytest.mark.parametrize("value", ["7", "-7", "3.14", "1e9", "+5"])
def test_a_number_is_harmless_where_a_number_belongs(value):
    assert judge(BARE.format(value), value) is None


def test_lists_are_harmless_where_lists_belong():
    assert judge("SELECT 1 FROM t WHERE id IN (4,8,15)", "4,8,15") is None
    assert judge(SORTED.format("created_at DESC, id"), "created_at DESC, id") is None
    assert judge(BARE.format("4,8"), "4,8") is not None


def test_a_quote_doubled_for_the_standard_breaks_out_of_mysql():
    value = "\\' OR 1=1 -- "
    query = QUOTED.format(value.replace("'", "''"))
    assert judge(query, value, dialect="mysql") is not None
    assert judge(query, value, dialect="sqlite") is None
    assert judge(query, value, dialect="") is not None


def test_a_trailing_backslash_swallows_the_delimiter_in_mysql():
    query = "SELECT 1 FROM u WHERE name = '{}' AND pass = '{}'"
    first, second = "\\", " OR 1=1 -- "
    assert judge(query.format(first, second), first, second, dialect="mysql") is not None
    assert judge(query.format(first, "x"), first, dialect="mysql") is not None


def test_two_values_that_are_harmless_alone():
    query = "SELECT 1 FROM u WHERE name = '{}' AND pass = '{}'"
    assert judge(query.format("'", " OR 1=1 -- "), "'", " OR 1=1 -- ") is not None


@pytest.mark.parametrize(
    ("sent", "used"),
    [
        ("eCcgT1IgJ2EnPSdh", "x' OR 'a'='a"),
        ("x%27%20OR%20%27a%27%3D%27a", "x' OR 'a'='a"),
        ("x%2527%2520OR%2520%2527a%2527%253D%2527a", "x' OR 'a'='a"),
        ("x&#39; OR &#x27;a&apos;=&apos;a", "x' OR 'a'='a"),
        ("x\\u0027 OR \\u0027a\\u0027=\\u0027a", "x' OR 'a'='a"),
        ("7827204f52202761273d2761", "x' OR 'a'='a"),
        ("x＇ OR ＇a＇=＇a", "x' OR 'a'='a"),
        ("x’ OR ’a’=’a", "x' OR 'a'='a"),
        ("  x' or 'a'='a  ", "X' OR 'A'='A"),
        ("tag,x' OR 'a'='a,tag", "x' OR 'a'='a"),
        ("x'<> OR 'a'='a' -- ", "x' OR 'a'='a' -- "),
        ("x' UNION SELECT token FROM sessions -- and then some more that is cut", "x' UNION SELECT token FROM sess"),
    ],
)
def test_a_transformed_value_is_still_recognised(sent, used):
    assert judge(QUOTED.format(used), sent) is not None


@pytest.mark.parametrize(
    ("dialect", "query", "value"),
    [
        ("postgresql", "SELECT $tag${}$tag$", "x$tag$; DROP TABLE t; --"),
        ("postgresql", "SELECT E'{}'", "' OR 1=1 --"),
        ("postgresql", "SELECT 1 /* {} */", "a */ ; DROP TABLE t /*"),
        ("mysql", 'SELECT "{}"', '" OR 1=1 -- '),
        ("mysql", "SELECT 1 WHERE a = '{}'", "'/*!50000OR*/1=1#"),
        ("mysql", "SELECT `{}` FROM t", "a`, b FROM u -- "),
        ("sqlite", "SELECT [{}] FROM t", "a], token FROM u --"),
    ],
)
def test_quotes_of_each_dialect(dialect, query, value):
    assert judge(query.format(value), value, dialect=dialect) is not None


def test_the_answer_names_structure_and_shows_little_of_the_value():
    value = "4111-1111; DROP TABLE orders"
    found = judge(BARE.format(value), value)
    assert found is not None
    assert found.structure == "2 statements, 1 expected"
    assert found.excerpt == "4111-111••• 28 chars"


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(DIALECTS))
def test_never_raises_and_never_blames_an_absent_value(query, value, dialect):
    found = judge(query, value, dialect=dialect)
    if found is not None:
        assert len(value) > 0


@given(st.text(alphabet="'\"`\\$/*-#;()[] aE1\n", max_size=60), st.sampled_from(DIALECTS))
def test_tokens_are_in_order_and_lose_only_blanks(query, dialect):
    position = 0
    for _, start, end in sql_tokens.tokens(query, dialect):
        assert position <= start < end <= len(query)
        assert not query[position:start].strip(" \n")
        position = end
    assert not query[position:].strip(" \n")


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_what_sqlite_reads_as_one_literal_is_harmless(value):
    import sqlite3

    literal = "'" + value.replace("'", "''") + "'"
    query = f"SELECT {literal} AS x WHERE 1"
    assert sqlite3.connect(":memory:").execute(query).fetchone() == (value,)
    assert judge(query, value) is None


@pytest.mark.parametrize(
    "piece", ["'", "''", "\\'", "/*", "*/", "--", "$$", "$a$", "(", "[", '"', "x' or ", "a,", "' '", "/*!"]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_work_grows_with_length_not_with_its_square(piece, dialect):
    value = piece * (16384 // len(piece))
    assert len(sql_tokens.tokens(QUOTED.format(value), dialect)) <= len(value) + 20
    judge(QUOTED.format(value), value, dialect=dialect)


def test_a_lone_backslash_is_what_applications_escape_with():
    assert judge(QUOTED.format("O\\'Brien"), "\\", "O'Brien", dialect="mysql") is None
    query = "SELECT 1 FROM u WHERE name = '{}' AND pass = '{}'"
    assert judge(query.format("\\", " OR '1'='1"), "\\", " OR '1'='1", dialect="mysql") is not None


@pytest.mark.parametrize("value", ["-", "--"])
def test_dashes_that_only_resemble_the_beginning_of_a_comment(value):
    assert judge("select id from users where name = ? -- by name", value) is None
    assert judge("select id   -- the key\n , name from users where name = ?", value) is None


def test_dashes_that_hide_a_condition():
    assert judge("select id from users where owner = 1 -- and secret = 0", "--") is not None


@pytest.mark.parametrize("value", ["id,name", "id, name", "u.id, u.name"])
def test_a_list_of_columns_is_no_change(value):
    assert judge(f"select {value} from users u where id = ?", value) is None
    assert judge(f"select distinct {value} from users u", value) is None
    assert judge(f"select 1, {value} from users u", value) is None


@pytest.mark.parametrize("value", ["id,name from secrets", "id,(select 1)", "id,name desc", "id,1=1"])
def test_what_is_more_than_a_list_of_columns(value):
    assert judge(f"select {value} from users u where id = ?", value) is not None


def test_a_list_of_columns_elsewhere():
    assert judge("select 1 from a where x = id, name", "id, name") is not None

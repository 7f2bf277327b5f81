"""SQL: drivers of the DB-API family, asyncpg, SQLAlchemy; and whatever looks like a connection or a cursor."""

import re

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import network
from remit.flow.models.model import ARGUMENTS, Model, Sink, sink
from remit.flow.taint import HIGH, MEDIUM
from remit.flow.values import Lib, Method, Opaque, Thing, Val, text_of, to_template, unknown
from remit_guard.core.verdict import PATH, SQL

_CONNECTION = "db.Connection"
_CURSOR = "db.Cursor"
_ENGINE = "sqlalchemy.Engine"
_DRIVERS = (
    "psycopg2", "psycopg", "pymysql", "mysql.connector", "MySQLdb", "pyodbc", "oracledb", "cx_Oracle", "pymssql", "pg8000",
    "snowflake.connector", "redshift_connector", "mariadb", "psycopg2cffi", "aurora_data_api", "duckdb", "aiomysql",
    "aiosqlite", "clickhouse_driver", "vertica_python", "databricks.sql", "trino.dbapi", "pyathena",
)  # fmt: skip

_ROWS = Model((Sink(SQL, 0, ("sql", "query", "operation", "statement")),), "db.Rows")
_CURSOR_ROWS = Model((Sink(SQL, 0, ("sql", "query", "operation", "statement")),), _CURSOR)
_MANY = ("execute", "executemany", "executescript", "execute_async", "mogrify", "execute_batch", "copy_expert")


def _raw(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``text(query)``: SQL as it stands, wherever it is executed."""
    del frame
    value = given.get(0, "text") or unknown("a query")
    machine.sink(SQL, value, given.span(0, "text"), given.text)
    return Val((Thing("sqlalchemy.Text"),))


def _file(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A database that is a file."""
    del frame
    value = given.get(0, "database")
    machine.sink(PATH, value, given.span(0, "database"), given.text)
    if value is not None and text_of(value) not in ("", ":memory:"):
        machine.file(to_template(value), given.at, write=True)
    return Val((Thing(_CONNECTION),))


FUNCTIONS: dict[str, Model] = {
    "sqlite3.connect": Model(run=_file),
    "duckdb.connect": Model(run=_file),
    "aiosqlite.connect": Model(run=_file),
    "asyncpg.connect": network.driver(_CONNECTION, "asyncpg"),
    "asyncpg.create_pool": network.driver(_CONNECTION, "asyncpg"),
    "psycopg_pool.ConnectionPool": network.driver(_CONNECTION, "psycopg"),
    "psycopg_pool.AsyncConnectionPool": network.driver(_CONNECTION, "psycopg"),
    "sqlalchemy.text": Model(run=_raw),
    "sqlalchemy.sql.text": Model(run=_raw),
    "sqlalchemy.sql.expression.text": Model(run=_raw),
    "sqlalchemy.literal_column": Model(run=_raw),
    "sqlalchemy.orm.sessionmaker": Model(gives="sqlalchemy.Maker"),
    "sqlalchemy.orm.Session": Model(gives=_CONNECTION),
    "psycopg2.extras.execute_values": sink(SQL, 1, "sql"),
    "psycopg2.extras.execute_batch": sink(SQL, 1, "sql"),
    "psycopg2.sql.SQL": Model((Sink(SQL, 0, ("string",)),), "db.Composed"),
    "psycopg2.sql.Identifier": Model(gives="db.Composed"),
    "psycopg2.sql.Literal": Model(gives="db.Composed"),
    "psycopg.sql.SQL": Model((Sink(SQL, 0, ("string",)),), "db.Composed"),
    "psycopg.sql.Identifier": Model(gives="db.Composed"),
    "psycopg.sql.Literal": Model(gives="db.Composed"),
    "psycopg2.extensions.quote_ident": Model(keeps=ARGUMENTS, cleans=frozenset((SQL,))),
    "pandas.read_sql": sink(SQL, 0, "sql"),
    "pandas.read_sql_query": sink(SQL, 0, "sql"),
    "awswrangler.athena.read_sql_query": sink(SQL, 0, "sql"),
    "pymysql.converters.escape_string": Model(keeps=ARGUMENTS, cleans=frozenset((SQL,))),
}
#: Drivers of a file in the file system, or of an AWS service: no host of their own.
_HOSTLESS = ("duckdb", "aiosqlite", "pyathena", "aurora_data_api")
for _driver in _DRIVERS:
    _made = Model(gives=_CONNECTION) if _driver in _HOSTLESS else network.driver(_CONNECTION, _driver)
    for _name in ("connect", "Connection", "connection.connect", "create_pool", "connect_async", "pool.MySQLConnectionPool",
                  "pooling.MySQLConnectionPool", "AsyncConnection.connect", "Connection.connect"):  # fmt: skip
        FUNCTIONS.setdefault(f"{_driver}.{_name}", _made)
    FUNCTIONS[f"{_driver}.pool.SimpleConnectionPool"] = network.driver(_CONNECTION, _driver, 2)
    FUNCTIONS[f"{_driver}.pool.ThreadedConnectionPool"] = network.driver(_CONNECTION, _driver, 2)

METHODS: dict[str, Model] = {}
for _name in _MANY:
    METHODS[f"{_CURSOR}.{_name}"] = _CURSOR_ROWS
    METHODS[f"{_CONNECTION}.{_name}"] = _CURSOR_ROWS
for _name in ("fetch", "fetchrow", "fetchval", "query", "exec_driver_sql", "prepare"):
    METHODS[f"{_CONNECTION}.{_name}"] = _ROWS
for _name in (
    "cursor",
    "getconn",
    "acquire",
    "connect",
    "begin",
    "connection",
    "get_connection",
    "transaction",
    "__call__",
):
    METHODS[f"{_CONNECTION}.{_name}"] = Model(gives=_CONNECTION if _name != "cursor" else _CURSOR)
    METHODS[f"{_ENGINE}.{_name}"] = Model(gives=_CONNECTION)
METHODS[f"{_ENGINE}.execute"] = _ROWS
METHODS["sqlalchemy.Maker.__call__"] = Model(gives=_CONNECTION)
for _name in ("fetchone", "fetchall", "fetchmany", "scalar", "scalars", "all", "first", "mappings", "close", "commit"):
    for _kind in (_CURSOR, _CONNECTION, "db.Rows"):
        METHODS.setdefault(f"{_kind}.{_name}", Model())
METHODS["db.Composed.format"] = Model(gives="db.Composed")
METHODS["db.Composed.join"] = Model(gives="db.Composed")
METHODS["sqlalchemy.Text.bindparams"] = Model(gives="sqlalchemy.Text")

_LOOKS = re.compile(
    r"(?i)(^|[._])(cur|curs|cursor|conn|connection|con|cnx|db|database|engine|session|pool|tx|transaction)(\d*|\(\)|_\w+)*$"
)


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """A driver nobody listed: ``something.connect(...)`` of a library whose name speaks of a database."""
    del frame
    if name.endswith(".connect") and re.search(r"(?i)sql|db|oracle|postgres|maria|athena|trino|presto|hive", name):
        return Val((Thing(_CONNECTION),))
    head, _, last = name.rpartition(".")
    if last in _MANY and _LOOKS.search(head):
        _perhaps(machine, given, MEDIUM)
        return Val((Thing("db.Perhaps"),))
    return None


def _perhaps(machine: Machine, given: Arguments, confidence: int) -> None:
    value = given.get(0, "sql", "query", "statement")
    if value is not None:
        at = given.span(0, "sql", "query", "statement")
        for item in machine.taints(value, at):
            machine.flow(SQL, item, at, given.text, {}, confidence)


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``.execute(...)`` and the like on something unknown that is called like a connection or a cursor."""
    del frame
    receiver = method.receiver
    if method.name == "cursor" and not given.args:
        return Val((Thing("db.Perhaps"),))
    if method.name not in _MANY:
        return None
    perhaps = isinstance(receiver, Thing) and receiver.kind in ("db.Perhaps", "wrapped")
    said = given.text.rsplit(".", 1)[0]
    why = receiver.why if isinstance(receiver, Opaque) else receiver.name if isinstance(receiver, Lib | Method) else ""
    if not (perhaps or _LOOKS.search(said) or (why and _LOOKS.search(why))):
        return None
    _perhaps(machine, given, HIGH if perhaps else MEDIUM)
    return Val((Thing("db.Perhaps"),))


__all__ = ["FUNCTIONS", "METHODS", "by_look", "by_name"]

"""Other DB-API drivers: their cursors' statements are judged before the driver sees them.

Where a driver's cursor is a Python class its methods are replaced; where it is a C type (psycopg2) ``connect`` hands
out a subclass through the driver's own ``cursor_factory``.
"""

from remit_guard.hooks.gate import effect, failed
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

#: Module whose import starts the patch, where its cursor class is in it, and how its SQL is read.
PYTHON_CURSORS = {
    "aiomysql.cursors": ("Cursor", "mysql"),
    "mysql.connector.cursor_cext": ("CMySQLCursor", "mysql"),
    "mysql.connector.aio.cursor": ("MySQLCursor", "mysql"),
    "oracledb.cursor": ("Cursor", "oracle"),
    "pytds.cursor": ("Cursor", "mssql"),
    "snowflake.connector.cursor": ("SnowflakeCursor", ""),
    "redshift_connector.cursor": ("Cursor", "postgresql"),
    "clickhouse_driver.client": ("Client", ""),
    "pymysql.cursors": ("Cursor", "mysql"),
    "MySQLdb.cursors": ("BaseCursor", "mysql"),
    "psycopg.cursor": ("Cursor", "postgresql"),
    "psycopg.cursor_async": ("AsyncCursor", "postgresql"),
    "psycopg._server_cursor": ("ServerCursor", "postgresql"),
    "psycopg._server_cursor_async": ("AsyncServerCursor", "postgresql"),
    "pg8000.dbapi": ("Cursor", "postgresql"),
    "mysql.connector.cursor": ("MySQLCursor", "mysql"),
}
_METHODS = ("execute", "executemany", "callproc")


def patch_cursor(name: str) -> "Callable[[ModuleType], None]":
    """The patch for one of ``PYTHON_CURSORS``."""
    attribute, dialect = PYTHON_CURSORS[name]

    def patch(module: "ModuleType") -> None:
        cursor = getattr(module, attribute)
        for method in _METHODS[:2]:
            plain = getattr(cursor, method, None)
            if plain is not None:
                setattr(cursor, method, judged(plain, dialect))

    return patch


#: Methods of asyncpg's connections that take a statement, and of SQLAlchemy's dialects, which get it as their second argument.
_ASYNCPG = ("execute", "executemany", "fetch", "fetchval", "fetchrow", "fetchmany", "prepare", "cursor")
_DO = ("do_execute", "do_executemany", "do_execute_no_params")


def patch_asyncpg(module: "Any") -> None:
    """asyncpg: connections; those of a pool are the same class behind a proxy."""
    for name in _ASYNCPG:
        plain = getattr(module.Connection, name, None)
        if plain is not None:
            setattr(module.Connection, name, judged(plain, "postgresql"))


def patch_sqlalchemy(module: "Any") -> None:
    """SQLAlchemy: what its dialects hand to any driver, those that cannot be patched themselves included (pyodbc)."""

    def look(self: "Any", _cursor: "Any" = None, statement: "Any" = None, *_: "Any", **__: "Any") -> None:
        if isinstance(statement, str):
            effect("sql", statement, getattr(self, "name", ""))

    for name in _DO:
        before(module.DefaultDialect, name, look)


def judged(plain: "Any", dialect: str) -> "Any":
    """A cursor's method whose first argument is judged as a statement."""

    def run(self: object, statement: "Any" = None, *args: "Any", **kwargs: "Any") -> "Any":
        if isinstance(statement, str | bytes):  # composed objects quote what they hold themselves
            effect("sql", statement, dialect)
        try:
            return plain(self, statement, *args, **kwargs)
        except Exception as error:
            failed(error)
            raise

    run.__name__ = plain.__name__
    run.__doc__ = plain.__doc__
    return run


def patch_psycopg2(module: "Any") -> None:
    """psycopg2: every connection gets a judged cursor class unless the caller brings one, which is judged too."""
    plain = module.connect
    made: dict[type, type] = {}

    def guarded(base: type) -> type:
        if base not in made:
            methods = {name: judged(getattr(base, name), "postgresql") for name in _METHODS[:2]}
            made[base] = type(base.__name__, (base,), methods)
        return made[base]

    def connect(*args: "Any", **kwargs: "Any") -> "Any":
        connection = plain(*args, **kwargs)
        connection.cursor_factory = guarded(connection.cursor_factory or module.extensions.cursor)
        return connection

    connect.__doc__ = plain.__doc__
    module.connect = connect


def patch_oracledb(module: "Any") -> None:
    """oracledb: cursors of both kinds."""
    for name in ("Cursor", "AsyncCursor"):
        kind = getattr(module, name, None)
        for method in _METHODS[:2] if kind is not None else ():
            setattr(kind, method, judged(getattr(kind, method), "oracle"))


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    **{name: patch_cursor(name) for name in PYTHON_CURSORS},
    "psycopg2": patch_psycopg2,
    "asyncpg.connection": patch_asyncpg,
    "sqlalchemy.engine.default": patch_sqlalchemy,
    "oracledb.cursor": patch_oracledb,
}

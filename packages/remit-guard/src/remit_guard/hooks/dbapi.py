"""Other DB-API drivers: their cursors' statements are judged before the driver sees them.

Where a driver's cursor is a Python class its methods are replaced; where it is a C type (psycopg2) ``connect`` hands
out a subclass through the driver's own ``cursor_factory``.
"""

from remit_guard.hooks.gate import effect, failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

#: Module whose import starts the patch, where its cursor class is in it, and how its SQL is read.
PYTHON_CURSORS = {
    "pymysql.cursors": ("Cursor", "mysql"),
    "MySQLdb.cursors": ("BaseCursor", "mysql"),
    "psycopg.cursor": ("Cursor", "postgresql"),
    "psycopg.cursor_async": ("AsyncCursor", "postgresql"),
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

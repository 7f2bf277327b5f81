"""sqlite3: its classes are C types, so connections and cursors become subclasses; ``isinstance`` still holds."""

from remit_guard.hooks.gate import effect, failed
from remit_guard.hooks.imports import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from types import ModuleType
    from typing import Any

_made: "dict[type, type]" = {}
#: Class attribute that marks our subclasses.
_MARK = "_remit_guarded"


def patch(module: "ModuleType") -> None:
    """Makes every connection opened through the module from now on a guarded one."""
    cursor = guarded_cursor(module.Cursor)
    connection = guarded_connection(module.Connection, cursor)
    connect = module.connect

    def guarded_connect(*args: "Any", **kwargs: "Any") -> "sqlite3.Connection":
        if len(args) > 5:
            args = (*args[:5], guarded_connection(args[5], cursor), *args[6:])
        else:
            kwargs["factory"] = guarded_connection(kwargs.get("factory") or connection, cursor)
        made: sqlite3.Connection = connect(*args, **kwargs)
        return made

    guarded_connect.__name__ = "connect"
    guarded_connect.__doc__ = connect.__doc__
    places: tuple[Any, ...] = (module, getattr(module, "dbapi2", None))
    for place in places:
        if place is not None:
            place.connect = guarded_connect
            place.Connection = connection
            place.Cursor = cursor
    replace(connect, guarded_connect)


def guarded_cursor(base: type) -> type:
    """A subclass of a cursor class whose statements are judged; the class itself when it is one already."""
    if getattr(base, _MARK, False):
        return base
    if base not in _made:
        _made[base] = _subclass(base, _STATEMENTS)
    return _made[base]


def guarded_connection(base: "Any", cursor: type) -> "Any":
    """The same for a connection class, whose cursors are guarded too; a factory that is no class is left alone."""
    if not isinstance(base, type) or getattr(base, _MARK, False):
        return base
    if base not in _made:
        # Its own execute methods need judging too: since CPython 3.11 they make their cursor in C, past cursor().
        made = _subclass(base, _STATEMENTS)
        plain = base.cursor  # type: ignore[attr-defined]

        def open_cursor(self: object, factory: "Any" = cursor) -> "Any":
            return plain(self, guarded_cursor(factory) if isinstance(factory, type) else factory)

        made.cursor = open_cursor  # type: ignore[attr-defined]
        _made[base] = made
    return _made[base]


_STATEMENTS = ("execute", "executemany", "executescript")


def _subclass(base: type, methods: "tuple[str, ...]") -> type:
    names: dict[str, Any] = {_MARK: True, "__doc__": base.__doc__, "__module__": base.__module__}
    for method in methods:
        names[method] = _judged(getattr(base, method))
    return type(base.__name__, (base,), names)


def _judged(plain: "Any") -> "Any":
    def run(self: object, statement: "Any", *args: "Any") -> "Any":
        effect("sql", statement, "sqlite")
        try:
            return plain(self, statement, *args)
        except Exception as error:
            failed(error)
            raise

    run.__name__ = plain.__name__
    run.__doc__ = plain.__doc__
    return run

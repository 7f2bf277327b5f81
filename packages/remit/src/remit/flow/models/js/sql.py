"""SQL: drivers, query builders and mappers of objects; and whatever looks like a connection."""

import re

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import network
from remit.flow.models.model import ARGUMENTS, Model, sink
from remit.flow.taint import HIGH, MEDIUM
from remit.flow.values import Dictionary, Lib, Method, Opaque, Sequence, Thing, Val, text_of, to_template, unknown
from remit_guard.core.verdict import PATH, SQL

_CONNECTION = "js.Db"
#: Parameters of a query that is an object.
_TEXTS = ("sql", "text", "query", "sqlText", "statement")
_MANY = ("query", "execute", "raw", "exec", "run", "all", "each", "prepare")
_PORTS = (("pg", 5432), ("postgres", 5432), ("mysql", 3306), ("maria", 3306), ("mssql", 1433), ("tedious", 1433),
("oracle", 1521),
          ("redshift", 5439), ("snowflake", 443))  # fmt: skip


def _query(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    _asked(machine, given, HIGH)
    return Val((Thing("js.Rows"),))


def _asked(machine: Machine, given: Arguments, confidence: int) -> None:
    """The text of a query: the first argument, or in the object that is it; a tagged template binds its values."""
    value = given.get(0)
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary):
            for name in _TEXTS:
                if name in atom.entries:
                    _flows(machine, given, atom.entries[name], atom.places.get(name, given.span(0)), confidence)
        elif not isinstance(atom, Sequence) and value is not None:
            _flows(machine, given, Val((atom,), value.taints), given.span(0), confidence)


def _flows(machine: Machine, given: Arguments, value: Val, at: object, confidence: int) -> None:
    from remit.app.location import Location

    place = at if isinstance(at, Location) else given.at
    for item in machine.taints(value, place):
        machine.flow(SQL, item, place, given.text, {}, confidence)


def _connected(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A connection or a pool: an address, or an object with the host."""
    del frame
    port = next((number for word, number in _PORTS if word in given.text.lower()), 0)
    for value in given.args[:4]:
        for atom in value.atoms:
            if isinstance(atom, Dictionary):
                _of_settings(machine, given, atom, port)
            elif "://" in str(to_template(Val((atom,)))):
                network.connect(machine, given, Val((atom,)), None, port)
    return Val((Thing(_CONNECTION),))


def _of_settings(machine: Machine, given: Arguments, atom: Dictionary, port: int) -> None:
    for name in ("connectionString", "host", "server", "connection", "config", "url", "uri"):
        value = atom.entries.get(name)
        if value is None:
            continue
        inner = [item for item in value.atoms if isinstance(item, Dictionary)]
        for item in inner:
            _of_settings(machine, given, item, port)
        if not inner:
            network.connect(machine, given, value, atom.entries.get("port"), port)
        return


def _file(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A database that is a file."""
    del frame
    value = given.get(0)
    machine.sink(PATH, value, given.span(0), given.text)
    if value is not None and text_of(value) not in ("", ":memory:"):
        machine.file(to_template(value), given.at, write=True)
    return Val((Thing(_CONNECTION),))


def _connection(_machine: Machine, _frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    return Val((Thing(_CONNECTION),))


def _builder(_machine: Machine, _frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    """``db("table")``: more is put to the query."""
    return Val((Thing(_CONNECTION),))


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """Builders answer with themselves; parts of a query that are taken as they are."""
    del frame
    if thing.kind != _CONNECTION:
        return None
    if name.lower().endswith("raw") or name in ("unsafe", "literal", "__dangerous__rawValue"):
        _asked(machine, given, HIGH)
    elif name in (
        "where",
        "andWhere",
        "orWhere",
        "having",
        "orderBy",
        "addOrderBy",
        "innerJoin",
        "leftJoin",
        "addSelect",
    ):
        # With values of its own a condition is a text; with a name and a value it is bound.
        value = given.get(0)
        if value is not None and (
            len(given.args) < 2 or any(isinstance(atom, Dictionary) for atom in given.args[1].atoms)
        ):
            _asked(machine, given, MEDIUM)
    return Val((thing,))


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Functions of a driver that connect, by their names."""
    package, _, last = name.partition(".")
    if package in _DRIVERS and re.match(r"(create|connect|new)|Pool|Client|Connection|DataSource|Sequelize", last):
        return _connected(machine, frame, given, None)
    head, _, last = name.rpartition(".")
    if last in ("query", "execute", "raw") and _LOOKS.search(head):
        _asked(machine, given, MEDIUM)
        return Val((Thing("js.Rows"),))
    return None


_LOOKS = re.compile(
    r"(?i)(^|[._])(conn|connection|cnx|db|database|pool|client|knex|sequelize|mysql|pg|postgres|sql|tx|transaction|manager"
    r"|repository|repo|prisma|dataSource|session)(\d*|\(\)|_\w+)*$"
)


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``.query(...)`` on something unknown that is called like a connection."""
    del frame
    receiver = method.receiver
    said = given.text.rsplit(".", 1)[0]
    why = receiver.why if isinstance(receiver, Opaque) else receiver.name if isinstance(receiver, Lib | Method) else ""
    if method.name in ("$queryRawUnsafe", "$executeRawUnsafe", "queryRawUnsafe"):
        _asked(machine, given, HIGH)
        return unknown("rows")
    if method.name not in ("query", "execute", "raw") or isinstance(receiver, Thing):
        return None
    if not (_LOOKS.search(said) or (why and _LOOKS.search(why))):
        return None
    value = given.get(0)
    if value is not None and not any(isinstance(atom, Dictionary) for atom in value.atoms):
        _asked(machine, given, MEDIUM)
    return Val((Thing("js.Rows"),))


_DRIVERS = frozenset((
    "mysql", "mysql2", "mysql2/promise", "pg", "pg-pool", "mssql", "oracledb", "mariadb", "sequelize", "typeorm",
    "serverless-mysql",
    "serverless-postgres", "tedious", "snowflake-sdk", "promise-mysql", "knex", "postgres", "pg-promise",
    "@neondatabase/serverless",
    "data-api-client", "better-sqlite3", "sqlite3", "sqlite", "@databases/pg", "@databases/mysql", "slonik", "kysely", "redshift",
))  # fmt: skip
_CONNECT = Model(run=_connected)
_CLEAN = Model(keeps=ARGUMENTS, cleans=frozenset((SQL,)))
FUNCTIONS: dict[str, Model] = {
    "sqlite3.Database": Model(run=_file), "sqlite3.cached.Database": Model(run=_file), "better-sqlite3": Model(run=_file),
    "sqlite.open": Model(run=_connection), "sqlite3.verbose": Model(keeps="first"), "mysql.escape": _CLEAN,
    "mysql2.escape": _CLEAN, "mysql.escapeId": _CLEAN, "mysql.format": _CLEAN, "mysql2.format": _CLEAN,
    "sqlstring.escape": _CLEAN,
    "sqlstring.format": _CLEAN, "pg-format": Model(run=lambda machine, _frame, given, _receiver: _formatted(machine, given)),
    "mssql.query": Model(run=_query), "mssql.Request": Model(run=_connection), "sequelize.literal": sink(SQL, 0),
    "sequelize.Sequelize.literal": sink(SQL, 0), "@prisma/client.Prisma.raw": sink(SQL, 0),
    "@prisma/client.PrismaClient": Model(gives="js.Prisma"), "typeorm.getConnection": Model(run=_connection),
    "typeorm.getManager": Model(run=_connection), "typeorm.getRepository": Model(run=_connection),
}  # fmt: skip
for _driver in _DRIVERS:
    FUNCTIONS.setdefault(_driver, _CONNECT)
METHODS: dict[str, Model] = {
    f"{_CONNECTION}.__call__": Model(run=_builder), f"{_CONNECTION}.escape": _CLEAN, f"{_CONNECTION}.escapeId": _CLEAN,
    f"{_CONNECTION}.format": _CLEAN, "js.Prisma.$queryRawUnsafe": sink(SQL, 0), "js.Prisma.$executeRawUnsafe": sink(SQL, 0),
    "js.Prisma.$queryRaw": Model(run=_query), "js.Prisma.$executeRaw": Model(run=_query),
}  # fmt: skip
for _name in _MANY:
    METHODS[f"{_CONNECTION}.{_name}"] = Model(run=_query)
for _name in (
    "connect",
    "getConnection",
    "acquire",
    "transaction",
    "promise",
    "request",
    "createQueryBuilder",
    "getRepository",
):
    METHODS[f"{_CONNECTION}.{_name}"] = Model(run=_connection)
for _name in (
    "end",
    "release",
    "close",
    "destroy",
    "then",
    "on",
    "input",
    "fetch",
    "authenticate",
    "sync",
    "quit",
    "commit",
    "rollback",
):
    METHODS[f"{_CONNECTION}.{_name}"] = Model()
for _name in ("get", "all", "run", "iterate", "finalize", "bind", "pluck"):
    METHODS[f"js.Rows.{_name}"] = Model(gives="js.Rows")


def _formatted(machine: Machine, given: Arguments) -> Val:
    """``format("... %L", value)``: quoted, but not what stands for ``%s``."""
    from remit.flow import taint

    template = text_of(given.args[0]) if given.args else None
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.args))
    if template is not None and "%s" not in template:
        taints = taint.cleaned(taints, frozenset((SQL,)))
    return unknown("a query", taints)


__all__ = ["FUNCTIONS", "METHODS", "by_look", "by_method", "by_name"]

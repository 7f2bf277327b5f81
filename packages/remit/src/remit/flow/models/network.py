"""Connections that are no HTTP request: databases, caches, queues, mail, files, shells; each names a host somewhere."""

import re
from collections.abc import Iterator

from remit.app.value import Text, Unknown, Value, join
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model, Run, sink
from remit.flow.models.web import host_of
from remit.flow.values import (
    Dictionary,
    Known,
    Method,
    Sequence,
    Symbol,
    Thing,
    Val,
    known,
    literal,
    pieces,
    text_of,
    to_template,
    unknown,
)
from remit_guard.core.verdict import CODE

#: Schemes of addresses that lead to no host.
_LOCAL = re.compile(r"^(sqlite|duckdb|unix|file|memory|inproc)([+:].*)?:", re.IGNORECASE)
#: Ports of the schemes that addresses of databases and queues have.
_PORTS = {
    "postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521, "redis": 6379,
    "rediss": 6379, "mongodb": 27017, "mongodb+srv": 27017, "amqp": 5672, "amqps": 5671, "ldap": 389, "ldaps": 636,
    "bolt": 7687, "neo4j": 7687, "neo4j+s": 7687, "clickhouse": 9000, "https": 443, "http": 80, "ws": 80, "wss": 443,
    "valkey": 6379, "mqtt": 1883, "nats": 4222, "snowflake": 443, "redshift": 5439, "memcached": 11211,
}  # fmt: skip


def connect(machine: Machine, given: Arguments, host: Val, port: "Val | None", usual: int) -> None:
    """A connection to a host, or to what an address or ``host:port`` in its place says."""
    number = literal(port) if port is not None else usual
    for target, own in _targets(host, usual):
        machine.reach(target, own or (number if isinstance(number, int) else 0), given.at)


def _targets(value: Val, usual: int) -> Iterator[tuple[Value, int]]:
    """Hosts in a value: a text, a ``(host, port)`` pair, a list of them, mappings with ``host`` and ``port``."""
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            second = atom.items[1] if atom.kind == "tuple" and len(atom.items) == 2 else None
            if second is not None and isinstance(literal(second), int):
                yield to_template(atom.items[0]), int(str(literal(second)))
                continue
            for item in [*atom.items, *([atom.rest] if atom.rest else [])]:
                yield from _targets(item, usual)
        elif isinstance(atom, Dictionary):
            named = next((atom.entries[key] for key in ("host", "Host", "hostname") if key in atom.entries), atom.rest)
            port = atom.entries.get("port")
            number = literal(port) if port is not None else 0
            target = to_template(named) if named is not None else Unknown("it is not given")
            yield target, number if isinstance(number, int) else 0
        elif isinstance(atom, Known | Symbol):
            one = Val((atom,))
            if text_of(one) is not None or isinstance(atom, Symbol):
                yield from _of_text(one)
            else:
                yield Unknown("it is no text"), 0
        else:
            yield to_template(Val((atom,))), 0


def _of_text(value: Val) -> Iterator[tuple[Value, int]]:
    content = text_of(value)
    if content is not None and (_LOCAL.match(content) or content.startswith("/")):
        return
    if content is not None and "," in content:
        # Several hosts in one address: mongodb://a,b/db, or a list of brokers.
        scheme, mark, rest = content.rpartition("://")
        for item in re.split(r"[/?]", rest, maxsplit=1)[0].rpartition("@")[2].split(","):
            yield from _of_text(known(f"{scheme}{mark}{item.strip()}"))
        return
    start = str(next((part for part in pieces(value) if isinstance(part, str)), ""))
    spoken = re.match(r"([a-zA-Z0-9+.-]+)://", start)
    host, port = host_of(list(pieces(value)))
    host, own = _bare(host)
    base = spoken[1].lower() if spoken else ""
    if host != "":
        yield host, own or port or _PORTS.get(base, _PORTS.get(base.partition("+")[0], 0))


def _bare(host: Value) -> tuple[Value, int]:
    """A host without the user before it and the port behind it."""
    if not isinstance(host, Text):
        return host, 0
    parts = list(host.parts)
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, str) and "@" in part:
            parts = [part.rpartition("@")[2], *parts[index + 1 :]]
            break
    last = parts[-1]
    number = 0
    if isinstance(last, str) and (match := re.search(r":(\d*)$", last)):
        parts[-1], number = last[: match.start()], int(match[1] or 0)
    elif len(parts) > 1 and isinstance(parts[-2], str) and parts[-2].endswith(":"):
        # The port is a setting, too: it is not known here which.
        parts[-2:] = [parts[-2][:-1]]
    return join([part for part in parts if part != ""]), number


def _reaches(gives: str, *names: str, port: int = 0, index: int = 0, default: str = "") -> Model:
    """A function or class that connects: ``names`` are those of the argument with the host, the first is at ``index``."""
    return Model(run=_reaching(gives, names, port, index, default))


def _reaching(gives: str, names: tuple[str, ...], port: int, index: int, default: str) -> Run:
    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        # By keyword first: in most drivers the host is not the first of the positions.
        host = next((given.keywords[name] for name in names if name in given.keywords), None)
        if host is None:
            host = given.get(index)
        if host is None and gives in _LATER:
            return Val((Thing(gives),))
        if host is None:
            host = known(default) if default else unknown("it is not given here")
        number = given.keywords.get("port")
        if number is None and 0 <= index < len(given.args) - 1:
            following = given.args[index + 1]
            number = following if isinstance(literal(following), int) else None
        connect(machine, given, host, number, port)
        return Val((Thing(gives),)) if gives else unknown(f"{given.text}()")

    return run


#: Made without a host, they connect when they are told to.
_LATER = frozenset(("smtplib.SMTP", "ftplib.FTP", "telnetlib.Telnet"))


def driver(gives: str, name: str, index: int = 0) -> Model:
    """``connect`` of a database driver: ``host=``, a text of settings, or an address; else what is at ``index``."""
    port = next((number for word, number in _DRIVERS if word in name.lower()), 0)

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        names = ("host", "server", "hostname", "server_hostname", "dsn", "conninfo", "account", "uri", "url")
        key = next((item for item in names if item in given.keywords), "")
        host = given.keywords.get(key) if key else given.get(index)
        if key == "account" and host is not None:
            host = known(f"{text_of(host)}.snowflakecomputing.com") if text_of(host) else host
        if host is not None and text_of(host) is not None:
            host = known(_of_settings(text_of(host) or ""))
        connect(machine, given, host or unknown("it is not given here"), given.keywords.get("port"), port)
        return Val((Thing(gives),))

    return Model(run=run)


_DRIVERS = (
    ("psycopg", 5432), ("asyncpg", 5432), ("pg8000", 5432), ("redshift", 5439), ("mysql", 3306), ("maria", 3306),
    ("pymssql", 1433), ("oracle", 1521), ("snowflake", 443), ("databricks", 443), ("clickhouse", 9000), ("vertica", 5433),
    ("trino", 8080), ("aurora", 443),
)  # fmt: skip
_SETTING = re.compile(r"(?i)(?:^|[\s;])(?:host|server|hostname|data source|addr)\s*=\s*(?:tcp:)?'?([^\s;,']+)")


def _of_settings(text: str) -> str:
    """The host in ``host=a port=1`` or ``Server=a;Port=1``; the text itself when it is no such list."""
    found = _SETTING.search(text)
    if found is None:
        return text
    port = re.search(r"(?i)(?:^|[\s;])port\s*=\s*(\d+)", text)
    return f"{found[1]}:{port[1]}" if port and ":" not in found[1] else found[1]


def _of_mapping(key: str, port: int) -> Model:
    """A client whose settings are one mapping."""

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        settings = given.get(0, "conf") or unknown("its settings")
        for atom in settings.atoms:
            held = atom.entries.get(key, atom.rest) if isinstance(atom, Dictionary) else None
            connect(machine, given, held or unknown("its settings are not known"), None, port)
        return Val((Thing("client"),))

    return Model(run=run)


def _service(*hosts: str) -> Model:
    """A client of one company's service: always the same host, unless another is given."""

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        base = given.keywords.get("base_url") or given.keywords.get("host") or given.keywords.get("api_base")
        if base is not None and literal(base) is None and base.atoms == (Known(None),):
            base = None
        for host in hosts if base is None else ():
            machine.reach(host, 443, given.at)
        if base is not None:
            connect(machine, given, base, None, 443)
        return unknown(f"{given.text}()")

    return Model(run=run)


def _connects(index: int, *names: str, port: int = 0) -> Model:
    """A method ``connect(host, port)``."""
    return _reaches("", *names, port=port, index=index)


def client_endpoint(machine: Machine, given: Arguments, value: Val) -> bool:
    """The ``endpoint_url`` of an SDK client: the host it names is reached.

    Returns:
        Whether all calls go to a host that is not AWS: no permission of the role is needed for them.
    """
    away: list[bool] = []
    for atom in value.atoms:
        content = text_of(Val((atom,)))
        if atom == Known(None) or content == "":
            away.append(False)
            continue
        hosts = list(_targets(Val((atom,)), 0))
        ours = bool(hosts) and all(isinstance(host, str) and _AWS.search(host) for host, _ in hosts)
        away.append(content is not None and not ours)
        if not ours:
            for host, port in hosts:
                machine.reach(host, port, given.at)
    return bool(away) and all(away)


_AWS = re.compile(r"(?i)(^|\.)(amazonaws\.com(\.cn)?|api\.aws|on\.aws)$")

FUNCTIONS: dict[str, Model] = {
    "sqlalchemy.create_engine": _reaches("sqlalchemy.Engine", "url"),
    "sqlalchemy.engine.create_engine": _reaches("sqlalchemy.Engine", "url"),
    "sqlalchemy.ext.asyncio.create_async_engine": _reaches("sqlalchemy.Engine", "url"),
    "sqlmodel.create_engine": _reaches("sqlalchemy.Engine", "url"),
    "databases.Database": _reaches("db.Connection", "url"),
    "pymongo.MongoClient": _reaches("client", "host", port=27017, default="localhost"),
    "pymongo.mongo_client.MongoClient": _reaches("client", "host", port=27017, default="localhost"),
    "mongoengine.connect": _reaches("client", "host", port=27017, index=5, default="localhost"),
    "motor.motor_asyncio.AsyncIOMotorClient": _reaches("client", "host", port=27017, default="localhost"),
    "opensearchpy.OpenSearch": _reaches("client", "hosts", port=9200, default="localhost"),
    "opensearchpy.AsyncOpenSearch": _reaches("client", "hosts", port=9200, default="localhost"),
    "elasticsearch.Elasticsearch": _reaches("client", "hosts", port=9200, default="localhost"),
    "elasticsearch.AsyncElasticsearch": _reaches("client", "hosts", port=9200, default="localhost"),
    "cassandra.cluster.Cluster": _reaches("client", "contact_points", port=9042, default="127.0.0.1"),
    "neo4j.GraphDatabase.driver": _reaches("client", "uri", port=7687),
    "influxdb_client.InfluxDBClient": _reaches("client", "url", port=8086),
    "pymemcache.client.base.Client": _reaches("client", "server", port=11211),
    "pymemcache.client.Client": _reaches("client", "server", port=11211),
    "pymemcache.Client": _reaches("client", "server", port=11211),
    "kafka.KafkaProducer": _reaches("client", "bootstrap_servers", port=9092, index=-1, default="localhost"),
    "kafka.KafkaConsumer": _reaches("client", "bootstrap_servers", port=9092, index=-1, default="localhost"),
    "confluent_kafka.Producer": _of_mapping("bootstrap.servers", 9092),
    "confluent_kafka.Consumer": _of_mapping("bootstrap.servers", 9092),
    "pika.ConnectionParameters": _reaches("client", "host", port=5672, default="localhost"),
    "pika.URLParameters": _reaches("client", "url", port=5672),
    "ldap3.Server": _reaches("client", "host", port=389),
    "ldap.initialize": _reaches("client", "uri", port=389),
    "grpc.insecure_channel": _reaches("client", "target"),
    "grpc.secure_channel": _reaches("client", "target"),
    "grpc.aio.insecure_channel": _reaches("client", "target"),
    "grpc.aio.secure_channel": _reaches("client", "target"),
    "hvac.Client": _reaches("client", "url", port=8200, default="localhost"),
    "smtplib.SMTP": _reaches("smtplib.SMTP", "host", port=25),
    "smtplib.SMTP_SSL": _reaches("smtplib.SMTP", "host", port=465),
    "smtplib.LMTP": _reaches("smtplib.SMTP", "host", port=2003),
    "aiosmtplib.send": _reaches("client", "hostname", port=25, index=-1, default="localhost"),
    "aiosmtplib.SMTP": _reaches("client", "hostname", port=25, default="localhost"),
    "ftplib.FTP": _reaches("ftplib.FTP", "host", port=21),
    "ftplib.FTP_TLS": _reaches("ftplib.FTP", "host", port=21),
    "imaplib.IMAP4": _reaches("client", "host", port=143, default="localhost"),
    "imaplib.IMAP4_SSL": _reaches("client", "host", port=993, default="localhost"),
    "poplib.POP3": _reaches("client", "host", port=110),
    "poplib.POP3_SSL": _reaches("client", "host", port=995),
    "nntplib.NNTP": _reaches("client", "host", port=119),
    "telnetlib.Telnet": _reaches("telnetlib.Telnet", "host", port=23),
    "paramiko.SSHClient": Model(gives="paramiko.SSHClient"),
    "paramiko.client.SSHClient": Model(gives="paramiko.SSHClient"),
    "paramiko.Transport": _reaches("client", "sock", port=22),
    "pysftp.Connection": _reaches("client", "host", port=22),
    "fabric.Connection": _reaches("fabric.Connection", "host", port=22),
    "asyncssh.connect": _reaches("client", "host", port=22),
    "xmlrpc.client.ServerProxy": _reaches("client", "uri"),
    "xmlrpc.client.Server": _reaches("client", "uri"),
    "jsonrpclib.Server": _reaches("client", "uri"),
    "zeep.Client": _reaches("client", "wsdl"),
    "suds.client.Client": _reaches("client", "url"),
    "asyncio.open_connection": _reaches("client", "host"),
    "asyncio.streams.open_connection": _reaches("client", "host"),
    "websockets.connect": _reaches("client", "uri"),
    "websockets.client.connect": _reaches("client", "uri"),
    "websockets.sync.client.connect": _reaches("client", "uri"),
    "websocket.create_connection": _reaches("client", "url"),
    "websocket.WebSocketApp": _reaches("client", "url"),
    "urllib3.connection_from_url": _reaches("http.Connection", "url"),
    "urllib3.HTTPConnectionPool": _reaches("http.Connection", "host", port=80),
    "urllib3.HTTPSConnectionPool": _reaches("http.Connection", "host", port=443),
    "nats.connect": _reaches("client", "servers", port=4222),
    "gql.transport.requests.RequestsHTTPTransport": _reaches("client", "url"),
    "gql.transport.aiohttp.AIOHTTPTransport": _reaches("client", "url"),
    "sentry_sdk.init": _reaches("", "dsn", port=443),
    "slack_sdk.WebClient": _service("slack.com", "www.slack.com"),
    "slack_sdk.web.WebClient": _service("slack.com", "www.slack.com"),
    "slack_sdk.webhook.WebhookClient": _reaches("client", "url"),
    "slack_sdk.WebhookClient": _reaches("client", "url"),
    "twilio.rest.Client": _service("api.twilio.com"),
    "sendgrid.SendGridAPIClient": _service("api.sendgrid.com"),
    "openai.OpenAI": _service("api.openai.com"),
    "openai.AsyncOpenAI": _service("api.openai.com"),
    "anthropic.Anthropic": _service("api.anthropic.com"),
    "anthropic.AsyncAnthropic": _service("api.anthropic.com"),
}
METHODS: dict[str, Model] = {
    "client.eval": sink(CODE, 0, "script"),  # Lua of redis
    "smtplib.SMTP.connect": _connects(0, "host", port=25),
    "ftplib.FTP.connect": _connects(0, "host", port=21),
    "telnetlib.Telnet.open": _connects(0, "host", port=23),
    "paramiko.SSHClient.connect": _connects(0, "hostname", port=22),
    "mqtt.Client.connect": _connects(0, "host", port=1883),
}
FUNCTIONS["paho.mqtt.client.Client"] = Model(gives="mqtt.Client")
for _name in ("Redis", "StrictRedis", "RedisCluster", "cluster.RedisCluster", "asyncio.Redis", "ConnectionPool",
              "asyncio.RedisCluster", "client.Redis", "asyncio.client.Redis", "BlockingConnectionPool"):  # fmt: skip
    for _package in ("redis", "valkey"):
        _class = _name.replace("Redis", "Valkey") if _package == "valkey" else _name
        FUNCTIONS[f"{_package}.{_class}"] = _reaches("client", "host", port=6379, default="localhost")
        FUNCTIONS[f"{_package}.{_class}.from_url"] = _reaches("client", "url", port=6379)
for _package in ("redis", "redis.asyncio", "valkey", "redis.utils"):
    FUNCTIONS[f"{_package}.from_url"] = _reaches("client", "url", port=6379)


__all__ = ["FUNCTIONS", "METHODS", "client_endpoint", "connect", "driver"]

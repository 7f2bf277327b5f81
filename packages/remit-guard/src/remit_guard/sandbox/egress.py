"""Hosts: is the other end named in ``reaches``, or one of the runtime's own channels?"""

#: Variables in which the platform names its own endpoints: the Runtime API, the X-Ray daemon, credentials. Beside them
#: ``AWS_ENDPOINT_URL`` and its kin, in which the SDK is told where services are.
CHANNELS = ("AWS_LAMBDA_RUNTIME_API", "AWS_XRAY_DAEMON_ADDRESS", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "REMIT_SIGNALS")


def channels(environ: "dict[str, str]") -> "frozenset[str]":
    """``host:port`` of the runtime's own channels, as the environment names them.

    Args:
        environ: the process environment when the function started.
    """
    found = set()
    for name in (*CHANNELS, *[name for name in environ if name.startswith("AWS_ENDPOINT_URL")]):
        place = environ.get(name, "")
        if "://" in place:
            scheme, _, rest = place.partition("://")
            place = rest.partition("/")[0]
            if ":" not in place and place:
                place += ":443" if scheme == "https" else ":80"
        if place and not place.startswith("/"):
            found.add(place)
    return frozenset(found)


class Names:
    """Which names the function's addresses had: answers of the resolver.

    Remembered so that a connect can be judged by the name the function asked for. Bounded: the oldest are forgotten.
    """

    __slots__ = ("_hosts", "limit")

    def __init__(self, limit: int = 1024) -> None:
        self._hosts: dict[str, set[str]] = {}
        self.limit = limit

    def learn(self, host: str, address: str) -> None:
        """Remembers that the resolver gave this address for this name."""
        if address not in self._hosts and len(self._hosts) >= self.limit:
            del self._hosts[next(iter(self._hosts))]
        self._hosts.setdefault(address, set()).add(host.lower().rstrip("."))

    def of(self, address: str) -> "set[str]":
        """The names this address was given for; the address itself when nobody asked for it by name."""
        return self._hosts.get(address) or {address}


def allowed(host: str, port: "int | None", reaches: "tuple[str, ...]", own: "frozenset[str]") -> bool:
    """Whether a host may be reached.

    Args:
        host: a name or an address.
        port: the port, ``None`` when it is not known yet (a name is being resolved).
        reaches: ``host:port`` patterns; a leading ``*.`` stands for one or more labels; without a port, any port.
        own: the runtime's channels.
    """
    host = host.lower().rstrip(".")
    return any(_fits(host, port, pattern) for pattern in (*reaches, *own))


def _fits(host: str, port: "int | None", pattern: str) -> bool:
    name, _, wanted = pattern.rpartition(":") if pattern.rpartition(":")[2].isdigit() else (pattern, "", "")
    if wanted and port is not None and int(wanted) != port:
        return False
    name = name.strip("[]").lower()
    if name.startswith("*."):
        return host.endswith(name[1:]) and len(host) > len(name) - 1
    return name in ("*", host)


#: Suffixes of the cloud's own interfaces, and IAM prefixes whose hosts have another name.
_CLOUD = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_HOSTS = {
    "cloudwatch": "monitoring", "ses": "email", "mobiletargeting": "pinpoint", "dynamodb": "ddb",
    "aws-marketplace": "marketplace",
}  # fmt: skip
#: Labels of a host that say where, not what.
_WHERE = ("dualstack", "vpce", "fips")


def of_cloud(host: str, services: "tuple[str, ...]") -> bool:
    """Whether a host is the interface of a cloud service that the remit calls.

    Args:
        host: a name, in lower case or not.
        services: IAM prefixes of the actions in ``calls``; ``*`` for any.
    """
    host = host.lower().rstrip(".")
    for suffix in _CLOUD:
        if host.endswith(suffix) and services:
            labels = host[: -len(suffix)].split(".")
            while len(labels) > 1 and (labels[-1] in _WHERE or _region(labels[-1])):
                labels.pop()
            return "*" in services or _serves(labels[-1], (*services, "sts"))
    return False


def _region(label: str) -> bool:
    parts = label.split("-")
    return len(parts) >= 3 and parts[-1].isdigit() and len(parts[0]) == 2


def _serves(label: str, services: "tuple[str, ...]") -> bool:
    for service in services:
        for name in (service, _HOSTS.get(service, service)):
            if label.startswith(name) or name in label.split("-"):
                return True
    return label == "queue" and "sqs" in services

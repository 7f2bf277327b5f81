"""Is an address one that is spoken to without encryption, and where does it lead?"""

import ipaddress
import re

from remit.app.location import Location
from remit.app.noun import Struct
from remit.app.report import Persona
from remit.app.value import Text, Value, options

#: Schemes without encryption, with what people call them.
_SCHEMES = {
    "http": "plain HTTP", "ws": "an unencrypted socket", "ftp": "FTP", "rtmp": "RTMP", "telnet": "telnet", "smtp": "plain SMTP",
    "ldap": "plain LDAP", "redis": "Redis without TLS", "amqp": "AMQP without TLS", "mqtt": "MQTT without TLS",
    "stomp": "STOMP without TLS", "memcached": "memcached without TLS",
}  # fmt: skip
#: Those whose addresses are hosts on the internet as often as not; all others are mostly in a network of one's own.
_PUBLIC = ("http", "ws", "ftp", "rtmp", "telnet", "smtp")
#: Settings in the address of a database that turn encryption off.
_OFF = re.compile(
    r"(?i)[?&;](sslmode=disable|ssl=(false|0|disabled?)|tls=false|usessl=false|encrypt=(false|no|optional))\b"
)
_ADDRESS = re.compile(r"^([a-z][a-z0-9+]*)://(?:[^/@\s]*@)?(\[[^\]]+\]|[^/:?#\s]*)", re.IGNORECASE)
#: Names that nobody on the internet answers to, and those that are identifiers rather than addresses.
_INSIDE = (
    ".local",
    ".internal",
    ".localhost",
    ".lan",
    ".svc",
    ".cluster",
    ".test",
    ".invalid",
    ".home.arpa",
    ".consul",
)
_NAMES = (
    "www.w3.org",
    "schemas.",
    "xmlns.",
    "schema.org",
    "json-schema.org",
    "purl.org",
    "localstack",
    "acs.amazonaws.com",
)


class Plain(Struct, frozen=True):
    """One place that speaks without encryption.

    Args:
        name: logical id of what it belongs to.
        said: the finding's sentence.
        location: where it is written.
        persona: who sees it.
        function: logical id of the function, or ``""``.
    """

    name: str
    said: str
    location: Location
    persona: Persona
    function: str = ""


def plain_address(value: Value) -> tuple[str, Persona] | None:
    """What an address without encryption is called, and who should see it; ``None`` for every other value."""
    for option in options(value):
        text = option
        if isinstance(option, Text):
            text = "".join(part if isinstance(part, str) else "\0" for part in option.parts)
        found = _of_text(text) if isinstance(text, str) else None
        if found is not None:
            return found
    return None


def _of_text(text: str) -> tuple[str, Persona] | None:
    match = _ADDRESS.match(text.strip())
    if match is None:
        return None
    scheme, host = match[1].lower(), match[2].lower()
    if _OFF.search(text):
        return "a database address that turns encryption off", Persona.REGULAR
    if scheme not in _SCHEMES or host.startswith(_NAMES) or _is_here(host):
        return None
    public = scheme in _PUBLIC and "\0" not in host and _is_public(host)
    return _SCHEMES[scheme], Persona.REGULAR if public else Persona.PEDANTIC


def _is_here(host: str) -> bool:
    """This machine itself: the extension of a layer, the service of credentials."""
    return host in ("localhost", "127.0.0.1", "[::1]", "0.0.0.0", "", "host.docker.internal", "169.254.169.254")  # noqa: S104


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." in host and not host.endswith(_INSIDE)

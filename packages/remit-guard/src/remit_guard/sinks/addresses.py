"""Internet addresses in every spelling that clients understand, and which of them lie inside.

``inet_aton`` reads one to four parts in decimal, octal or hexadecimal; browsers and libraries also fold full-width digits and
ideographic dots; IPv6 carries IPv4 in four forms. What resolves inside by name is listed where it is public knowledge; other
names are a matter for the check at connect time.
"""

import re

#: First address, last address: what is not on the public internet (https://www.iana.org/assignments/iana-ipv4-special-registry).
_INSIDE = tuple(
    (base, base + (1 << (32 - bits)) - 1)
    for base, bits in (
        (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12),
        (0xC0000000, 24), (0xC0A80000, 16), (0xC6120000, 15), (0xE0000000, 3),
    )
)  # fmt: skip
#: Azure's platform address is public by number and inside by meaning.
_PLATFORM = frozenset((0xA83F8110,))
_PART = re.compile(r"0[xX][0-9a-fA-F]*\Z|[0-9]+\Z")
_INNER_SUFFIXES = (
    ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".private",
    ".svc", ".consul",
)  # fmt: skip
#: Public names that answer with loopback or with whatever address is written in them.
_ANSWERS_INSIDE = (
    "nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "fuf.me", "yoogle.com",
    "rbndr.us", "1u.ms", "localdomain.pw", "local.sisteminha.com", "readme.localtest.me", "spoofed.burpcollaborator.net",
    "traefik.me", "backname.io",
)  # fmt: skip
_INNER_NAMES = frozenset(("localhost", "ip6-localhost", "ip6-loopback", "metadata", "instance-data", "broadcasthost"))


def number(host: str) -> "int | None":
    """The IPv4 address a host means to ``inet_aton``; ``None`` when it is a name or something else."""
    parts = host.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    values = []
    for part in parts:
        if not _PART.match(part) or len(part) > 40:
            return None
        values.append(_value(part))
    if any(value is None for value in values):
        return None
    result = 0
    for position, value in enumerate(values):
        if position == len(values) - 1:
            room = 8 * (5 - len(values))
            return result << room | (value or 0) & ((1 << room) - 1)
        result = result << 8 | (value or 0) & 0xFF
    return result


def _value(part: str) -> "int | None":
    try:
        if part[:2] in ("0x", "0X"):
            return int(part[2:] or "0", 16)
        return int(part, 8) if part[0] == "0" and len(part) > 1 else int(part)
    except ValueError:
        return int(part) if part.isdigit() else None


def is_inside(value: int) -> bool:
    """Whether an IPv4 address is private, loopback, link-local, reserved or the platform's own."""
    return value in _PLATFORM or any(first <= value <= last for first, last in _INSIDE)


def folded(host: str) -> str:
    """A host as resolvers see it: percent-decoded, compatibility characters folded, lower case, no trailing dot."""
    if "%" in host:
        from remit_guard.events.decode import percent

        host = percent(host, plus=False)
    if not host.isascii():
        from unicodedata import normalize

        host = normalize("NFKC", host.replace("\u3002", ".").replace("\uff61", ".")).replace("\u3002", ".")
    return "".join(host.lower().split()).rstrip(".")


def why_inside(host: str, *, names: bool = True) -> str:
    """Why a host lies inside, in words; ``""`` when nothing says so.

    Args:
        host: an address or a name, in any spelling, brackets around IPv6 allowed.
        names: whether names without a dot count as inside; off where the text may not be a host at all.
    """
    host = folded(host)
    if host.startswith("[") or host.count(":") > 1:
        return _why_six(host.strip("[]"))
    value = number(host)
    if value is not None:
        return "an address inside the network" if is_inside(value) else ""
    if host in _INNER_NAMES or host.endswith(_INNER_SUFFIXES):
        return "a name inside the network"
    if any(host == name or host.endswith("." + name) for name in _ANSWERS_INSIDE):
        return "a public name that resolves inside"
    if names and host and "." not in host and re.fullmatch(r"[a-z0-9_-]+", host):
        return "a name inside the network"
    return ""


def _why_six(host: str) -> str:
    from ipaddress import AddressValueError, IPv6Address

    try:
        address = IPv6Address(host.partition("%")[0])
    except AddressValueError:
        return "an address that cannot be read"
    value = int(address)
    embedded = None
    if value >> 32 in (0, 0xFFFF, 0xFFFF0000) and value > 1:
        embedded = value & 0xFFFFFFFF
    elif value >> 112 == 0x2002:
        embedded = value >> 80 & 0xFFFFFFFF
    elif value >> 32 == 0x64FF9B << 64:
        embedded = value & 0xFFFFFFFF
    if embedded is not None:
        return "an address inside the network" if is_inside(embedded) else ""
    return "" if address.is_global else "an address inside the network"

"""Functions on numbers, networks and dates: literal values in, literal values out."""

import math
import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network

from remit.app.value import Value
from remit.read.terraform.calls import whole, word
from remit.read.terraform.known import Wrong

_MOST = 2_000


def _real(value: Value) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        number = float(word(value))
    except ValueError:
        raise Wrong("a value that is not a number") from None
    if not math.isfinite(number):
        raise Wrong("a value that is not a number")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _flat(values: tuple[Value, ...]) -> list[float]:
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    if not values:
        raise Wrong("no numbers")
    return [_real(value) for value in values]


def _abs(value: Value) -> Value:
    return abs(_real(value))


def _ceil(value: Value) -> Value:
    return math.ceil(_real(value))


def _floor(value: Value) -> Value:
    return math.floor(_real(value))


def _signum(value: Value) -> Value:
    number = _real(value)
    return (number > 0) - (number < 0)


def _max(*values: Value) -> Value:
    return max(_flat(values))


def _min(*values: Value) -> Value:
    return min(_flat(values))


def _sum(values: Value) -> Value:
    if not isinstance(values, tuple):
        raise Wrong("a value that is not a list")
    return sum(_flat(values))


def _log(value: Value, base: Value) -> Value:
    try:
        return math.log(_real(value), _real(base))
    except (ValueError, ZeroDivisionError):
        raise Wrong("a logarithm that does not exist") from None


def _pow(value: Value, power: Value) -> Value:
    try:
        result = float(_real(value)) ** float(_real(power))
    except (OverflowError, ZeroDivisionError):
        raise Wrong("a power that is too large") from None
    if isinstance(result, complex) or not math.isfinite(result):
        raise Wrong("a power that does not exist")
    return int(result) if result.is_integer() and abs(result) < 1e15 else result


def _parseint(text: Value, base: Value) -> Value:
    radix, digits = whole(base), word(text)
    if not 2 <= radix <= 36 or len(digits) > 60:
        raise Wrong("a base that is not between 2 and 36")
    try:
        return int(digits, radix)
    except ValueError:
        raise Wrong("a text that is no number in this base") from None


def _range(*values: Value) -> Value:
    numbers = [_real(value) for value in values]
    if len(numbers) == 1:
        numbers.insert(0, 0)
    if len(numbers) not in (2, 3):
        raise Wrong("range() takes one to three numbers")
    first, last = numbers[:2]
    step = numbers[2] if len(numbers) == 3 else (1 if first <= last else -1)
    if step == 0 or (last - first) / step > _MOST:
        raise Wrong("a range with far too many numbers")
    found: list[Value] = []
    while (first < last) if step > 0 else (first > last):
        found.append(first)
        first += step
    return tuple(found)


def _network(prefix: Value) -> IPv4Network | IPv6Network:
    try:
        return ip_network(word(prefix), strict=False)
    except ValueError:
        raise Wrong("a text that is no network") from None


def _cidrhost(prefix: Value, number: Value) -> Value:
    network, index = _network(prefix), whole(number)
    if not -network.num_addresses <= index < network.num_addresses:
        raise Wrong("a host that is not in this network")
    return str(network[index])


def _cidrnetmask(prefix: Value) -> Value:
    return str(_network(prefix).netmask)


def _subnet(network: IPv4Network | IPv6Network, bits: int, number: int) -> str:
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen or not 0 <= number < 1 << bits:
        raise Wrong("a subnet that is not in this network")
    start = int(network.network_address) + (number << (network.max_prefixlen - length))
    return str(type(network)((start, length)))


def _cidrsubnet(prefix: Value, bits: Value, number: Value) -> Value:
    return _subnet(_network(prefix), whole(bits), whole(number))


def _cidrsubnets(prefix: Value, *bits: Value) -> Value:
    network = _network(prefix)
    found: list[Value] = []
    start = int(network.network_address)
    end = start + network.num_addresses
    for value in bits:
        length = network.prefixlen + whole(value)
        if not network.prefixlen < length <= network.max_prefixlen:
            raise Wrong("a subnet that is not in this network")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > end:
            raise Wrong("a network that is too small for its subnets")
        found.append(str(type(network)((start, length))))
        start += size
    return tuple(found)


_DURATION = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:h|ms|m|s|us|ns))+")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def _timeadd(moment: Value, duration: Value) -> Value:
    from datetime import UTC, datetime, timedelta

    text = word(duration)
    if not _DURATION.fullmatch(text) or len(text) > 60:
        raise Wrong("a text that is no duration")
    seconds = sum(float(value) * _UNITS[unit] for value, unit in re.findall(r"([0-9.]+)(h|ms|m|s|us|ns)", text))
    try:
        start = datetime.fromisoformat(word(moment))
        changed = start + timedelta(seconds=-seconds if text.startswith("-") else seconds)
    except (ValueError, OverflowError):
        raise Wrong("a text that is no time") from None
    return changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


NUMBERS: dict[str, Callable[..., Value]] = {
    "abs": _abs,
    "ceil": _ceil,
    "floor": _floor,
    "signum": _signum,
    "max": _max,
    "min": _min,
    "sum": _sum,
    "log": _log,
    "pow": _pow,
    "parseint": _parseint,
    "range": _range,
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
    "timeadd": _timeadd,
}

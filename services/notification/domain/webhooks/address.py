"""Where a webhook may lead: an address written plainly, a host whose every IP address is open to the whole internet."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from shared.kernel import FieldError, Refused

LONGEST = 2000
DEFAULT_PORTS = {"https": 443, "http": 80}
# Ports of web servers. Everything else (mail, databases, brokers) has no business with a POST of ours.
WEB_PORTS = frozenset({80, 443, *range(8000, 9000)})
# What `is_global` of Python 3.11 lets through: protocol assignments (a cloud's metadata and Teredo among them), 6to4,
# the address at which another cloud answers its machines, documentation.
CLOSED = tuple(
    ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "2002::/16", "3fff::/20")
)
UNICAST6, NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is let through: http (`insecure`); http, inner addresses, any port (`private`: trials, a closed network)."""

    insecure: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A read address: where to connect, and the host as it is named to the server."""

    url: str
    scheme: str
    host: str
    port: int


def _wrong(code: str, message: str, remedy: str) -> Refused:
    error = FieldError("/url", code, message, remedy)
    return Refused("invalid-webhook", "Вебхук не принят", f"{message} {remedy}", errors=[error])


def read_url(url: str, rules: Rules) -> Target:
    """The target of an address; Refused with what is wrong with it and how to mend it."""
    parts, port = _split(url)
    allowed = ("https", "http") if rules.insecure or rules.private else ("https",)
    if parts.scheme not in allowed:
        raise _wrong("url-not-https", "Адрес должен начинаться с https://.", "Настройте на приёмнике TLS.")
    if parts.username is not None or parts.password is not None:
        raise _wrong("url-with-credentials", "В адресе имя или пароль.", "Уберите их: запросы подписаны секретом.")
    if parts.fragment:
        raise _wrong("url-with-fragment", "В адресе часть после #.", "Уберите её: серверу она не передаётся.")
    found = port or DEFAULT_PORTS[parts.scheme]
    if not rules.private and found not in WEB_PORTS:
        raise _wrong("port-not-allowed", f"Порт {found} не разрешён.", "Можно 443, 80 и от 8000 до 8999.")
    return Target(url, parts.scheme, parts.hostname or "", found)


def _split(url: str) -> tuple[SplitResult, int | None]:
    """The parts of an address and its port; Refused for what no two programs would read alike."""
    plain = url.isascii() and url.isprintable() and not {" ", "\\"} & set(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port, plain = urlsplit(""), None, False
    if not plain or len(url) > LONGEST or not parts.hostname or "%" in parts.hostname:
        remedy = f"Вид: https://host/path, только ASCII (имя на кириллице — в виде xn--…), до {LONGEST} знаков."
        raise _wrong("invalid-url", "Адрес не читается.", remedy)
    return parts, port


def is_open(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when it is wrapped into another."""
    found = ip_address(address)
    inner = _wrapped(found) if isinstance(found, IPv6Address) else None
    if inner is not None:
        return is_open(str(inner))
    if found.version == UNICAST6.version and found not in UNICAST6:
        return False
    usable = found.is_global and not found.is_multicast and not found.is_reserved
    return usable and not any(found in network for network in CLOSED)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that is meant: mapped, or translated by NAT64."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address.ipv4_mapped


def pinned(addresses: Iterable[str], rules: Rules) -> str | None:
    """The address to connect to: the first, if all of them are open; None where one is not (or there is none)."""
    found = list(addresses)
    if not found or not (rules.private or all(is_open(one) for one in found)):
        return None
    return found[0]


def refused_host(host: str) -> Refused:
    """The refusal of a host with an address inside of some network."""
    remedy = "Нужен адрес, открытый из интернета; внутренние, петлевые и служебные не принимаются."
    return _wrong("address-not-allowed", f"Узел {host} ведёт на закрытый адрес.", remedy)


def unresolved_host(host: str) -> Refused:
    """The refusal of a host that has no address."""
    return _wrong("host-not-resolved", f"У узла {host} не нашлось адреса.", "Проверьте имя узла и записи DNS.")

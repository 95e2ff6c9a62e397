"""Which addresses are ever spoken to: pinned to one IP, never the cloud's metadata, in any spelling."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

DEFAULT_PORTS = {"http": 80, "https": 443, "grpc": 80, "grpcs": 443}
_GRPC_SCHEMES = frozenset({"grpc", "grpcs"})
_IN_PATHS = "/%:@!$&'()*+,;=-._~"
"""What a path may hold as it is (RFC 3986); the rest is percent-encoded."""
_TLS_SCHEMES = frozenset({"https", "grpcs"})
_MAX_URL = 2048
_EXAMPLE = "write http://127.0.0.1:8000"

_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "169.254.0.0/16",  # IPv4 link-local; 169.254.169.254 hands out the machine's credentials
        "fe80::/10",  # IPv6 link-local
        "100.100.100.200/32",  # Alibaba Cloud's metadata, inside a shared range
        "192.0.0.192/32",  # Oracle Cloud's metadata
        "fd00:ec2::254/128",  # the metadata address of AWS over IPv6; inside a private range, so named
        "0.0.0.0/8",  # "this host": Linux connects it to loopback, past a check for 127.0.0.0/8
        "::/128",
        "224.0.0.0/4",
        "ff00::/8",
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
_PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A checked target: the name for its headers and certificate, and the one address to connect to."""

    scheme: str
    host: str
    port: int
    address: str
    """The IP address found when it was checked. Connecting to it, not to the name again, leaves a name
    server no second answer to give (DNS rebinding)."""
    base: str = ""
    """Path before every path of the protocol, without a slash at its end: `/triton` behind an ingress."""

    @property
    def tls(self) -> bool:
        """Whether the scheme asks for TLS."""
        return self.scheme in _TLS_SCHEMES

    @property
    def shown(self) -> str:
        """Host, port and base, as people are told where a server is."""
        return f"{self.authority}{self.base}"

    @property
    def authority(self) -> str:
        """Host and port as a `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def base_path(url: str, parts: SplitResult) -> str:
    """Return what stands before every path; nothing of an address is dropped in silence."""
    if parts.query or parts.fragment:
        raise InputError(
            "the target address ends before `?` and `#`: they are not sent",
            hint="leave out what follows the path",
        )
    base = quote(parts.path.rstrip("/"), safe=_IN_PATHS)
    if base and parts.scheme.lower() in _GRPC_SCHEMES:
        raise InputError(
            "gRPC has no path before its methods",
            hint=Reason("write {address}", f"{parts.scheme.lower()}://{parts.netloc}"),
        )
    return base


def pinned_address(host: str, port: int, resolve: Resolver = system_resolver) -> str:
    """Return the one IP address that `host` stands for, whatever its spelling.

    Every address that the name has is checked, so a name with a good and a bad one does not slip through.

    Raises:
        InputError: The name is not found, or an address of it is link-local, metadata, multicast or reserved.
    """
    try:
        found = [ipaddress.ip_address(text.split("%", 1)[0]) for text in resolve(host, port)]
    except (OSError, UnicodeError, ValueError) as error:
        reason = reason_of(error)
        raise InputError(
            Reason("{host}: name not found: {reason}", host, reason), hint="check the spelling of the host"
        ) from error
    if not found:
        raise InputError(Reason("{host}: name not found", host), hint="check the spelling of the host")
    for address in found:
        refuse_reserved(host, address)
    # IPv4 first: `localhost` often has both, and model servers commonly listen on IPv4 alone.
    return str(min(found, key=lambda address: address.version))


def refuse_reserved(host: str, address: IpAddress) -> None:
    """Raise InputError when an address is one that nothing may ever be sent to, in any of its spellings."""
    if is_refused(address):
        raise InputError(
            Reason(
                "{host}: nothing is ever sent to link-local, metadata and reserved addresses",
                shown_host(host, address),
            ),
            hint="the cloud's metadata service answers there; give the server's own address",
        )


def is_refused(address: IpAddress) -> bool:
    """Say whether an address is link-local, metadata, multicast or reserved, in any of its spellings."""
    plain = unwrapped(address)
    return any(plain in network for network in _REFUSED_NETWORKS if network.version == plain.version)


def unwrapped(address: IpAddress) -> IpAddress:
    """Return the IPv4 address inside an IPv4-mapped, 6to4, Teredo, NAT64 or IPv4-compatible IPv6 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is not None:
        return inner
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_private(address: IpAddress) -> bool:
    """Say whether an address is one of a private network."""
    return any(address in network for network in _PRIVATE_NETWORKS if network.version == address.version)


def split_address(url: str, default_scheme: str) -> tuple[SplitResult, int]:
    """Take an address apart; its port is that of the scheme where none is written.

    Raises:
        InputError: It is none, or holds what is never sent: blanks, a user name, a password.
    """
    if len(url) > _MAX_URL or not url.isprintable() or any(c.isspace() for c in url) or "\\" in url:
        raise InputError("the target address is too long, or holds blanks or characters that do not show")
    text = url if "://" in url else f"{default_scheme}://{url}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # its text, and whatever is said of a mistyped address, may hold a password
        raise InputError(
            "the target is not an address: its port or its brackets are wrong", hint=_EXAMPLE
        ) from None
    if parts.scheme.lower() not in DEFAULT_PORTS:
        raise InputError("the scheme of the target must be http, https, grpc or grpcs", hint=_EXAMPLE)
    if not parts.hostname:
        raise InputError("the target address has no host", hint=_EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise InputError("a target address must not hold a user name or a password")
    if port == 0:
        raise InputError("the port of the target must be from 1 to 65535, got 0")
    return parts, port or DEFAULT_PORTS[parts.scheme.lower()]


def shown_host(host: str, address: IpAddress) -> str:
    """Return a host with the address that it stands for."""
    return host if host == str(address) else f"{host} ({address})"

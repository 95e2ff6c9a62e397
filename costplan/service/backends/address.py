"""The address of a remote server, as an operator writes it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from costplan.messages.errors import InputError
from costplan.messages.text import visible


@dataclass(frozen=True, slots=True)
class Address:
    """Where a remote server listens."""

    host: str
    port: int
    tls: bool

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str, schemes: tuple[str, str], default_port: int) -> Address:
    """Read `host`, `host:port` or `scheme://host:port`.

    Args:
        text: What the operator wrote.
        schemes: The plain scheme and the one with TLS.
        default_port: Taken when the text names none.

    Raises:
        InputError: It is no such address, or names a link-local one, where clouds keep their metadata.
    """
    full = text if "://" in text else f"{schemes[0]}://{text}"
    try:
        parts = urlsplit(full)
        host, port = parts.hostname or "", parts.port or default_port
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme not in schemes or parts.path not in ("", "/") or parts.username is not None:
        raise InputError(
            f"--backend-address: `{visible(text[:100])}` is not host:port",
            hint=f"for example 10.0.0.5:{default_port} or {schemes[1]}://models.example:{default_port}",
        )
    if _is_link_local(host):
        raise InputError(f"--backend-address: {host} is a link-local address")
    return Address(host, port, parts.scheme == schemes[1])


def _is_link_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_link_local
    except ValueError:
        return False

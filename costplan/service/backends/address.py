"""The address of a remote server, as an operator writes it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from costplan.messages.errors import InputError
from costplan.network.shown import shown_address
from costplan.service.reserved import refuse_reserved


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
        parts, host, port = urlsplit(""), "", 0
    beyond = parts.path.rstrip("/") + parts.query + parts.fragment
    if not host or parts.scheme not in schemes or beyond or "@" in full or shown_address(full) is None:
        raise InputError(
            "--backend-address is not host:port",  # nothing of it is shown: it may hold a password
            hint=f"for example 10.0.0.5:{default_port} or {schemes[1]}://models.example:{default_port}",
        )
    refuse_reserved("--backend-address", host, port)
    return Address(host, port, parts.scheme == schemes[1])

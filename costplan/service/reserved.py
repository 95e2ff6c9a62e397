"""Addresses that the service never talks to: where clouds hand out the credentials of a machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from costplan.messages.errors import InputError
from costplan.network.addresses import is_refused


def refuse_reserved(option: str, host: str, port: int) -> None:
    """Refuse a host that is, or resolves to, a link-local, metadata or reserved address.

    A name that is not found is let through: it may be there later, and then cannot be reached otherwise.

    Raises:
        InputError: It is one, in any of its spellings.
    """
    if any(is_refused(ipaddress.ip_address(text.partition("%")[0])) for text in _resolved(host, port)):
        raise InputError(f"{option} is a link-local, metadata or reserved address")


def _resolved(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]

"""Which addresses a load may be sent to: a stranger only when confirmed."""

from __future__ import annotations

import ipaddress

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.network.addresses import (
    Endpoint,
    IpAddress,
    Resolver,
    base_path,
    is_private,
    pinned_address,
    shown_host,
    split_address,
    system_resolver,
    unwrapped,
)


def check_target(
    url: str,
    *,
    is_explicit: bool = False,
    allow_public: bool = False,
    default_scheme: str = "http",
    resolve: Resolver = system_resolver,
) -> Endpoint:
    """Check a target's address and pin it.

    Args:
        url: `http://host:port/base`, or `host:port` with `default_scheme`.
        is_explicit: The user wrote this address; a private network is then allowed.
        allow_public: The user confirmed that load may be sent to a public host.
        default_scheme: One of http, https, grpc, grpcs.
        resolve: From host and port to addresses.

    Raises:
        InputError: Scheme, form or address is refused, or the name is not found.
    """
    parts, port = split_address(url, default_scheme)
    host = parts.hostname or ""
    address = pinned_address(host, port, resolve)
    _check_reach(host, ipaddress.ip_address(address), is_explicit, allow_public)
    return Endpoint(parts.scheme.lower(), host, port, address, base_path(url, parts))


def _check_reach(host: str, address: IpAddress, is_explicit: bool, allow_public: bool) -> None:
    plain = unwrapped(address)
    if plain.is_loopback:
        return
    if is_private(plain):
        if not is_explicit:
            raise InputError(
                Reason(
                    "{host}: a private address is only load-tested when it is given explicitly",
                    shown_host(host, address),
                ),
                hint="name it with --target",
            )
        return
    if not allow_public:
        raise InputError(
            Reason(
                "{host}: a public host; load may cost others money or look like an attack",
                shown_host(host, address),
            ),
            hint="confirm with --allow-public-target when the host is yours",
        )

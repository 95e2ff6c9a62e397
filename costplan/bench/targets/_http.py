"""Requests as bytes, for connections that stay open under load."""

from __future__ import annotations

from collections.abc import Mapping

from costplan.network.addresses import Endpoint


def build_request(endpoint: Endpoint, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return a whole POST request for a connection that stays open."""
    lines = [f"POST {endpoint.base}{path} HTTP/1.1", f"Host: {endpoint.authority}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("ascii") + body

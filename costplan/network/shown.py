"""What may be shown of the address of a server."""

from __future__ import annotations

import re

_WELL_FORMED = re.compile(
    r"""(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?
    (?:[^@/?\#\s]*@)?                                       # user and password
    (?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\])
    (?P<port>:[0-9]{1,5})?
    (?:[/?\#][^@\s]*)?                                      # what follows may hold keys""",
    re.VERBOSE,
)
_SCHEMES = frozenset({"grpc", "grpcs", "http", "https", "postgres", "postgresql", "clickhouse", "s3"})


def shown_address(text: str) -> str | None:
    """Return what of an address may be shown: scheme, host and port; None where nothing may.

    A password can stand anywhere in an address that is mistyped: as its scheme, its host or its port. So only
    one that is well formed is shown, and of it never what stands before `@`, in the path or after it.

    Example: `http://u:secret@db.example:80/x?key=y` -> `http://db.example:80`.
    """
    found = _WELL_FORMED.fullmatch(text)
    if found is None:
        return None
    scheme = found["scheme"]
    if scheme is None:
        return f"{found['host']}{found['port'] or ''}"
    return f"{scheme}://{found['host']}{found['port'] or ''}" if scheme.lower() in _SCHEMES else None

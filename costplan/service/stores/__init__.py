"""Where records of predictions are kept; the scheme of an address chooses the store."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from costplan.errors import InputError, did_you_mean
from costplan.service.records import Store

STORES = {
    "sqlite": "costplan.service.stores.sqlite:SqliteStore",
    "postgresql": "costplan.service.stores.postgresql:PostgresqlStore",
    "s3": "costplan.service.stores.s3:S3Store",
}
"""Scheme -> module and class; imported only when chosen, because drivers are heavy."""


def make_store(address: str) -> Store | None:
    """Return the store that `address` names; None for `none`.

    Raises:
        InputError: The scheme is unknown or the address lacks a part.
    """
    if address == "none":
        return None
    scheme = (
        address.partition("://")[0].replace("postgres", "postgresql").replace("postgresqlql", "postgresql")
    )
    if scheme not in STORES or "://" not in address:
        raise InputError(
            f"--record: unknown kind of store `{scheme[:40]}`",
            hint=did_you_mean(scheme, STORES) or f"one of none, {', '.join(f'{name}://' for name in STORES)}",
        )
    module, name = STORES[scheme].split(":")
    return cast(Store, getattr(import_module(module), name)(address))

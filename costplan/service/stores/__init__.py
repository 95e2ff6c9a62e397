"""Where records of predictions are kept; the scheme of an address chooses the store."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from costplan.messages.errors import InputError, MissingExtraError, did_you_mean
from costplan.service.records import Store

STORES = {
    "sqlite": "costplan.service.stores.sqlite:SqliteStore",
    "postgresql": "costplan.service.stores.postgresql:PostgresqlStore",
    "s3": "costplan.service.stores.s3:S3Store",
}
"""Scheme -> module and class; imported only when chosen, because drivers are heavy."""

_OTHER_NAMES = {"postgres": "postgresql"}


def make_store(address: str) -> Store | None:
    """Return the store that `address` names; None for `none`.

    Raises:
        InputError: The scheme is unknown or the address lacks a part.
    """
    if address == "none":
        return None
    # Nothing of the address is shown, whatever is wrong with it: a password can stand where a scheme should.
    scheme, found, _ = address.partition("://")
    scheme = _OTHER_NAMES.get(scheme, scheme)
    if not found or scheme not in STORES:
        raise InputError(
            "--record: unknown kind of store: the address begins with none of those that are there",
            hint=did_you_mean(scheme, STORES) or f"one of none, {', '.join(f'{name}://' for name in STORES)}",
        )
    module, name = STORES[scheme].split(":")
    try:
        made = getattr(import_module(module), name)(address)
    except ModuleNotFoundError:
        raise MissingExtraError(f"--record {scheme}://", "bench") from None
    return cast(Store, made)

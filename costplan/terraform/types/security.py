"""Keys and secrets."""

from __future__ import annotations

from costplan.terraform.mapped import Mapped, Priced
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading


def symmetric_key(one: Planned, reading: Reading) -> Mapped:
    """A key has a version at least; rotation adds more."""
    use = {"sku": "kms.key_versions", "quantity": "1", "unit": "version*month"}
    return Priced(({"kind": "metered", "service": "kms", "uses": [use]},))


def secret_version(one: Planned, reading: Reading) -> Mapped:
    """A version of a secret."""
    return Priced(({"kind": "lockbox", "versions": "1"},))

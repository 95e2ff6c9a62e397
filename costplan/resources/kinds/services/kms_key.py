"""Key Management Service: versions of keys, and operations with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly, Whole

SERVICE = "kms"
METERS = {
    "symmetric": ("versions", "operations"),
    "hsm": ("hsm-versions", "hsm-operations"),
    "asymmetric": ("asymmetric-versions", "asymmetric-operations"),
    "heavy": ("asymmetric-versions", "heavy-operations"),
}
"""Sort of a key -> the meters of its versions, and of operations with it."""


def _billed(versions: str, operations: str) -> Mapping[str, Billed]:
    return {
        "versions": Billed(versions, "version*hour"),
        "operations": Billed(operations, "operation"),
    }


BILLED = {sort: _billed(*meters) for sort, meters in METERS.items()}


class KmsKey(StatedAmounts):
    """A key, or several of one sort."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED["symmetric"]
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, *BILLED.values())
    example: ClassVar[str] = "{kind: kms-key, versions: 2, operations: 100K/month}"

    kind: Literal["kms-key"]
    role: Role = "other"
    algorithm: Literal["symmetric", "hsm", "asymmetric", "heavy"] = "symmetric"
    """Sort of the keys, each with its own prices: `hsm` is symmetric in a hardware module, `heavy` is RSA of
    3072 bits and more, `asymmetric` all other pairs."""
    versions: Whole = 1
    """Versions that are kept, of all the keys together: each rotation adds one, and none goes by itself."""
    operations: Monthly | None = None
    """Encryptions, decryptions and new data keys in a month; none when left out."""

    def amounts(self) -> Mapping[str, Billed]:
        """Those of its sort."""
        return BILLED[self.algorithm]

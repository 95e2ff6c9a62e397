"""Key Management Service: versions of keys, and operations with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly, Whole

SERVICE = "kms"
SYMMETRIC = {
    "versions": Billed("versions", "version*hour"),
    "operations": Billed("operations", "operation"),
}
ASYMMETRIC = {
    "versions": Billed("asymmetric-versions", "version*hour"),
    "operations": Billed("asymmetric-operations", "operation"),
}


class KmsKey(StatedAmounts):
    """A key, or several of one sort."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = SYMMETRIC
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, SYMMETRIC, ASYMMETRIC)
    example: ClassVar[str] = "{kind: kms-key, versions: 2, operations: 100K/month}"

    kind: Literal["kms-key"]
    role: Role = "other"
    algorithm: Literal["symmetric", "asymmetric"] = "symmetric"
    """Sort of the keys: each has its own prices."""
    versions: Whole = 1
    """Versions that are kept, of all the keys together: each rotation adds one, and none goes by itself."""
    operations: Monthly | None = None
    """Encryptions, decryptions and new data keys in a month; none when left out."""

    def amounts(self) -> Mapping[str, Billed]:
        """Those of its sort."""
        return SYMMETRIC if self.algorithm == "symmetric" else ASYMMETRIC

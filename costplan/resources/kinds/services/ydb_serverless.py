"""Managed Service for YDB, serverless: request units and stored data. Its automatic backups are free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly, Size

SERVICE = "ydb-serverless"
BILLED = {"request_units": Billed("request-units", "RU"), "storage": Billed("storage", "GB*hour")}


class YdbServerless(StatedAmounts):
    """A database that is paid for by its use."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: ydb-serverless, request_units: 20M/month, storage: 5 GB}"

    kind: Literal["ydb-serverless"]
    role: Role = "database"
    request_units: Monthly
    """Request units in a month: a query costs one or more."""
    storage: Size
    """Stored data with its indexes."""

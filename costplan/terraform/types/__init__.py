"""Types of resources. A new type is one function in the file of its group and one line here."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from costplan.terraform.mapped import Mapped
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading

Mapper = Callable[[Planned, Reading], Mapped]

TYPES: dict[str, str] = {
    "yandex_compute_disk": "compute:compute_disk",
    "yandex_compute_instance": "compute:compute_instance",
    "yandex_compute_instance_group": "compute:compute_instance_group",
    "yandex_vpc_address": "network:vpc_address",
    "yandex_vpc_gateway": "network:vpc_gateway",
}
"""Type in Terraform -> module and function that map it to resources of a scenario."""


@lru_cache(maxsize=1000)
def mapper_of(kind: str) -> Mapper | None:
    """Return the function that maps a type; None where there is none."""
    if kind not in TYPES:
        return None
    module, _, function = TYPES[kind].partition(":")
    found: Mapper = getattr(import_module(f"{__name__}.{module}"), function)
    return found


@lru_cache(maxsize=1000)
def is_free(kind: str) -> bool:
    """Say whether nothing is charged for a type, or what it is part of is charged instead."""
    return any(fnmatchcase(kind, pattern) for pattern in free_types())


@lru_cache(maxsize=1)
def free_types() -> dict[str, str]:
    """Return the types that cost nothing of their own, with `*` for any name -> why."""
    with (Path(__file__).parent.parent / "free_types.csv").open(encoding="utf-8", newline="") as file:
        return {row["type"]: row["why"] for row in csv.DictReader(file)}

"""Disks and database storage: a type, and a size in the steps that are sold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from costplan.catalog.model import DiskType, Service
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason, either
from costplan.messages.text import listed
from costplan.quantities.money import plain
from costplan.quantities.quantity import Quantity
from costplan.resources.catalog_defaults import DEFAULT, unknown_name
from costplan.resources.contract import Problem, Usage, gigabytes
from costplan.source.fields import Model, Name, Size


class Disk(Model):
    """A disk that is paid for from creation to deletion, whether its machine runs or not."""

    catalog_defaults: ClassVar[Mapping[str, str]] = {"type": "disk-type"}

    type: Name = DEFAULT
    """Type of disk: `network-hdd`, `network-ssd`, `network-ssd-nonreplicated` ...; `default` is the one that
    the catalog names."""
    size: Size
    """Size of one disk."""


def find_disk_type(service: Service, name: str) -> DiskType | None:
    """Return a disk type by name, or None."""
    return next((found for found in service.disk_types if found.name == name), None)


def _sold_as(service: Service, name: str, platform: str) -> DiskType | None:
    """Return the disk type that a name means on a platform, or None."""
    named = (one for one in service.disk_types if one.in_place_of == name and platform in one.on_platforms)
    return next(named, None) or find_disk_type(service, name)


def disk_problems(
    service: Service, disk: Disk, field: Sequence[str | int], hosts: int = 1, platform: str = ""
) -> Iterator[Problem]:
    """Say why a disk is not sold, with the nearest size that is."""
    found = _sold_as(service, disk.type, platform)
    if found is None:
        names = [kind.name for kind in service.disk_types]
        hint = did_you_mean(disk.type, names) or Reason("sold: {names}", listed(names))
        yield Problem([*field, "type"], unknown_name(disk.type, "disk type", service), hint)
        return
    yield from _size_problems(found, gigabytes(disk.size).value, [*field, "size"])
    if hosts < found.min_hosts:
        yield Problem(
            [*field, "type"],
            Reason(
                "{name} needs at least {min_hosts} hosts, got {hosts}",
                found.name,
                found.min_hosts,
                str(hosts),
            ),
            Reason("take {count} hosts or another type of storage", found.min_hosts),
        )


def _size_problems(found: DiskType, size_gb: Fraction, field: Sequence[str | int]) -> Iterator[Problem]:
    shown = f"{float(size_gb):g} GB"
    step = Fraction(found.step_gb)
    if size_gb < Fraction(found.min_gb):
        yield Problem(
            field, Reason("{name} starts at {min_gb} GB, got {shown}", found.name, plain(found.min_gb), shown)
        )
    elif found.max_gb is not None and size_gb > Fraction(found.max_gb):
        yield Problem(
            field, Reason("{name} ends at {max_gb} GB, got {shown}", found.name, plain(found.max_gb), shown)
        )
    elif size_gb % step:
        below = size_gb // step * step
        nearest = [size for size in (below, below + step) if size]
        yield Problem(
            field,
            Reason(
                "{name} is sold in steps of {step_gb} GB, got {shown}",
                found.name,
                plain(found.step_gb),
                shown,
            ),
            Reason("nearest: {near}", either(f"{float(size):g} GB" for size in nearest)),
        )


def disk_usage(service: Service, disk: Disk, hours: Quantity) -> Usage:
    """Give the usage of a disk that was checked before, in a catalog that sells such a service.

    Args:
        service: As the catalog has it; empty where it does not, and the disk then has no price.
        disk: One of them.
        hours: Disk hours over all such disks.
    """
    found = find_disk_type(service, disk.type)
    sku = found.sku if found is not None else f"{service.service}.disk"
    return Usage(service.service, sku, gigabytes(disk.size) * hours, "GB*hour")

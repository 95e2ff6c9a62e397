"""Refuse a layer that would not be read whole: what it changes must be there below, or be said to be new.

A contract price that is silently not used makes a wrong bill. So every file of a layer must be one that is
read, and every code and name in it must mean something.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from costplan.catalog.bounds import Bounds
from costplan.catalog.bounds_files import SECTIONS
from costplan.catalog.model import KnownMissing, Service, Sku
from costplan.catalog.store import INDEX_FILE, Catalog, configured_skus
from costplan.messages.errors import FAULTS_SHOWN, CatalogError, Fault, did_you_mean
from costplan.messages.reason import Reason
from costplan.source.reader import Mapping, locate

NOTES = (".md", ".txt")
"""Endings of files that may lie beside the prices."""
MOST_FILES = 10_000
"""Files that are looked at; a folder with more is no folder of prices."""


def check_overlays(catalog: Catalog) -> None:
    """Refuse a catalog whose upper layers hold something that nothing reads.

    Args:
        catalog: With its layers, the lowest first.

    Raises:
        CatalogError: With every fault that was found.
    """
    faults: list[Fault] = []
    for number, folder in enumerate(catalog.folders):
        if number:
            faults += islice(_layer_faults(catalog, number, folder), FAULTS_SHOWN + 1)
    if faults:
        raise CatalogError(faults)


def check_files(folder: Path) -> None:
    """Refuse a catalog's folder with files that are not read.

    Raises:
        CatalogError: With every such file.
    """
    faults = list(islice(_unread_files(folder), FAULTS_SHOWN + 1))
    if faults:
        raise CatalogError(faults)


def _layer_faults(catalog: Catalog, number: int, folder: Path) -> Iterator[Fault]:
    yield from _unread_files(folder)
    names = sorted(path.stem for path in folder.glob("*.yaml") if path.name != INDEX_FILE)
    bounds = [
        (model, path) for model, section in SECTIONS.items() for path in folder.glob(f"{section}/*.yaml")
    ]
    if not names and not bounds and not (folder / INDEX_FILE).is_file():
        hint = "prices stand in files named after the catalog's services, such as compute.yaml"
        yield Fault(Reason("{folder}: holds no prices: there is no SERVICE.yaml in it", folder), hint=hint)
    below = catalog.below(number)
    for name in names:
        service, document = catalog.layer(folder, name)
        yield from _service_faults(service, document.node, below)
    for model, path in sorted(bounds, key=lambda found: str(found[1])):
        yield from _bounds_faults(Catalog.below(catalog, number + 1), below, model, path)


def _unread_files(folder: Path) -> Iterator[Fault]:
    read = {".", *SECTIONS.values()}
    for path in islice(_files(folder), MOST_FILES):
        place = path.parent.relative_to(folder).as_posix()
        if path.suffix == ".yaml" and place in read:
            continue
        hint = None
        if path.suffix.lower() in {".yml", ".yaml"}:
            hint = Reason("name it {stem}.yaml, in `{name}` itself", path.stem, folder.name)
        yield Fault(
            Reason("{path}: is not read: prices stand in SERVICE.yaml, notes may end in .md or .txt", path),
            hint=hint,
        )


def _files(folder: Path) -> Iterator[Path]:
    """Give every file below a folder but notes and hidden ones; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and not name.lower().endswith(NOTES):
                yield Path(place, name)


def _service_faults(service: Service, node: Mapping, below: Catalog) -> Iterator[Fault]:
    if service.service not in below.service_names:
        if not service.new:
            mark, path = locate(node, ["service"])
            hint = did_you_mean(service.service, below.service_names)
            message = Reason("the catalog below has no service `{service}`", service.service)
            yield Fault(message, mark, path, hint or "`new: true` beside it makes it a service of your own")
        return
    if not service.defaults and not any(_named(service)):
        mark, path = locate(node, [])
        yield Fault("changes nothing: it holds no `skus`, other rows or `defaults`", mark, path)
    known = _known(below.service(service.service))
    adds = set(service.adds)
    for field, place, name in _named(service):
        if name in known[field] or name in adds:
            continue
        mark, path = locate(node, [field, *place])
        hint = did_you_mean(name, known[field]) or Reason("`adds: [{name}]` says that it is new", name)
        yield Fault(
            Reason("`{service}` has no `{name}` below to replace", service.service, name), mark, path, hint
        )


def _named(service: Service) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Give field, place in it, and name of every row of a service that replaces one below."""
    for meter in service.meters:
        yield "meters", (meter,), meter
    for field, key in (
        ("skus", "code"), ("known_missing", "code"), ("commitments", "covers"), ("platforms", "name"),
        ("disk_types", "name"), ("presets", "name"), ("rules", "name"),
    ):  # fmt: skip
        for position, row in enumerate(getattr(service, field)):
            yield field, (position, key), getattr(row, key)


def _known(service: Service) -> dict[str, set[str]]:
    rows: list[Sku | KnownMissing] = [*service.skus, *service.known_missing]
    codes = configured_skus(service) | set(service.meters.values())
    codes |= {code for row in rows for code in (row.code, *row.former_codes)}
    names = {
        field: {row.name for row in getattr(service, field)}
        for field in ("platforms", "disk_types", "presets", "rules")
    }
    return {
        "skus": codes,
        "known_missing": codes,
        "commitments": codes,
        "meters": set(service.meters),
        **names,
    }


def _bounds_faults(catalog: Catalog, below: Catalog, model: type[Bounds], path: Path) -> Iterator[Fault]:
    """Quotas and limits replace those of their code; they are read, and so checked, with the layers below."""
    section = SECTIONS[model]
    lower = below.bounds(model, path.stem)
    if lower is None:
        hint = did_you_mean(path.stem, below.bounded_services)
        yield Fault(
            Reason("{path}: the catalog below has no {section} of `{stem}`", path, section, path.stem),
            hint=hint,
        )
        return
    known = {row.code for row in getattr(lower, section)}
    for row in getattr(catalog.bounds(model, path.stem), section):
        if row.code not in known:
            message = Reason("{path}: `{stem}` has no `{code}` below to replace", path, path.stem, row.code)
            yield Fault(message, hint=did_you_mean(row.code, known))

"""Read a service's quotas or limits from the layers of a catalog: a folder for each, a file per service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from costplan.catalog.bounds import Bounds, ServiceLimits, ServiceQuotas
from costplan.messages.errors import CatalogError, Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.source.fields import validate
from costplan.source.parse_cache import Document, read_document
from costplan.source.reader import locate

SECTIONS: dict[type[Bounds], str] = {ServiceQuotas: "quotas", ServiceLimits: "limits"}
"""What the folder is called, and the list of rows in its files."""

B = TypeVar("B", bound=Bounds)


def bounds_files(folder: Path) -> Iterator[Path]:
    """Give the files of quotas and limits in a catalog's folder, sorted."""
    for section in sorted(SECTIONS.values()):
        yield from sorted(folder.glob(f"{section}/*.yaml"))


def read_bounds(folders: Sequence[Path], model: type[B], service: str) -> B | None:
    """Read what all layers say of a service; a row replaces that of the same code in a layer below.

    Returns:
        None where no layer has a file of it.

    Raises:
        CatalogError: A file cannot be read or is not right.
    """
    section = SECTIONS[model]
    paths = [folder / section / f"{service}.yaml" for folder in folders]
    layers = [_read(path, model, service) for path in paths if path.is_file()]
    merged: B | None = None
    for layer in layers:
        merged = layer if merged is None else _layered(merged, layer, section)
    return merged


def _read(path: Path, model: type[B], service: str) -> B:
    document = read_document(path)
    try:
        bounds = validate(model, document.plain, lambda: document.node)
    except InputError as error:
        raise CatalogError(error.faults) from None
    assert bounds is not None
    faults = list(_faults(bounds, SECTIONS[model], service, document))
    if faults:
        raise CatalogError(faults)
    return bounds


def _faults(bounds: Bounds, section: str, service: str, document: Document) -> Iterator[Fault]:
    if bounds.service != service:
        mark = document.node.entries["service"].mark
        yield Fault(Reason("must be `{name}`, the name of its file", service), mark, "service")
    for position, row in enumerate(getattr(bounds, section)):
        if row.page not in bounds.sources:
            mark, path = locate(document.node, [section, position, "from"])
            hint = did_you_mean(row.page, bounds.sources)
            yield Fault(Reason("`{page}` is none of the `sources`", row.page), mark, path, hint)


def _layered(lower: B, upper: B, section: str) -> B:
    """Lay rows over those of the same code, each with its own page."""
    rows: tuple[Any, ...] = getattr(upper, section)
    replaced = {row.code for row in rows}
    names = {name: _free(name, upper.sources) for name in lower.sources}
    kept = tuple(
        row.model_copy(update={"page": names[row.page]})
        for row in getattr(lower, section)
        if row.code not in replaced
    )
    sources = {names[name]: page for name, page in lower.sources.items()} | dict(upper.sources)
    return lower.model_copy(update={"sources": sources, section: (*kept, *rows)})


def _free(name: str, taken: dict[str, Any]) -> str:
    while name in taken:
        name = f"{name}-below"
    return name

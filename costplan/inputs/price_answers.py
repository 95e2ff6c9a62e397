"""Saved answers of the price API, and the overlay that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from costplan.analysis.inventory.price_import import PriceImport, price_import
from costplan.catalog.billing.answer import HOW, read_pages
from costplan.catalog.store import INDEX_FILE, default_catalog
from costplan.datafiles import data_folder
from costplan.inputs.bundles import Layers
from costplan.inputs.scenarios import catalog_opener
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import read_file
from costplan.source.json_text import read_json
from costplan.source.reader import CATALOG_LIMIT_BYTES


def imported_prices(
    files: Sequence[Path], layers: Layers, checked: date
) -> tuple[PriceImport, Mapping[str, str]]:
    """Read all pages of an answer, and compare them with the catalog.

    Returns:
        The comparison, and the overlay's files: name -> text.

    Raises:
        InputError: A file cannot be read, or is no answer of the price API.
    """
    pages = []
    for path in files:
        shown = visible(str(path))
        pages.append((shown, read_json(read_file(path, shown, CATALOG_LIMIT_BYTES), shown, HOW)))
    catalog = catalog_opener(*layers)(default_catalog())
    return price_import(catalog, read_pages(pages), checked)


def refuse_catalog(folder: Path) -> None:
    """Refuse to write an import where a whole catalog lies, the shipped one before all.

    Raises:
        InputError: It is such a folder.
    """
    shipped = data_folder("catalogs").resolve()
    where = folder.resolve()
    if where == shipped or shipped in where.parents or (folder / INDEX_FILE).exists():
        raise InputError(
            Reason("`{path}` is a catalog: an import is an overlay of its own", visible(str(folder))),
            hint="-o my-prices/",
        )

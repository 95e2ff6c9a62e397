"""What a scenario was made of, for those who want to see it whole: its files, and the results it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.measurement.files import load_measurement, shipped_measurement
from costplan.messages.text import visible
from costplan.scenario.document.files import Document, project_root, safe_path
from costplan.scenario.document.layers import layers_of
from costplan.scenario.document.measured import is_file
from costplan.scenario.document.two_sources import MEASURED
from costplan.source.reader import Mapping, Node, Scalar

if TYPE_CHECKING:
    from costplan.measurement.model import Measurement


@dataclass(frozen=True, slots=True)
class Original:
    """A file, letter by letter."""

    name: str
    text: str


def originals(document: Document) -> list[Original]:
    """Return the text of a document and of those that it extends; the name is as messages show it.

    Raises:
        InputError: One of them cannot be read.
    """
    return [Original(layer.shown_as, layer.node.place[0].text) for layer in layers_of(document)]


def measurements_of(document: Document) -> dict[str, Measurement]:
    """Return the results that a document, or one that it extends, takes figures from, by name.

    Those of variants are among them.

    Raises:
        InputError: A file cannot be read, or is no result.
    """
    root = project_root(document.path)
    found: dict[str, Measurement] = {}
    for layer in layers_of(document):
        folder = layer.path.parent if layer.path is not None else root
        for scalar in _named(layer.node):
            name = scalar.value or ""
            if name not in found:
                found[name] = _load(name, scalar, folder, root)
    return found


def _named(node: Node) -> Iterator[Scalar]:
    """Find what names a result file: `measured` without a `value` beside it."""
    if not isinstance(node, Mapping):
        return
    file = node.entries.get(MEASURED)
    if isinstance(file, Scalar) and "value" not in node.entries:
        yield file
    for value in node.entries.values():
        yield from _named(value)


def _load(name: str, scalar: Scalar, folder: Path, root: Path) -> Measurement:
    if not is_file(name):
        return load_measurement(shipped_measurement(name), f"measurements/{name}.json")
    return load_measurement(safe_path(name, folder, root, scalar.mark, at=MEASURED), visible(name))

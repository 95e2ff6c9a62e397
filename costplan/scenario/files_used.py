"""What a scenario was made of, for those who want to see it whole: its files, and the results it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from costplan.measurement.files import load_measurement
from costplan.scenario.document.files import Document
from costplan.scenario.document.layers import layers_of
from costplan.scenario.document.measured import result_files
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping

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


def written_as(scenario: LoadedScenario) -> Original:
    """Return the file that a loaded scenario stands in, without those that it extends."""
    assert isinstance(scenario.node, Mapping)
    source = scenario.node.place[0]
    return Original(source.file, source.text)


def measurements_of(scenario: LoadedScenario) -> dict[str, Measurement]:
    """Return the results that values of a design, or of its variants, come from, by name.

    What it extends may name others, whose figures it has replaced.

    Raises:
        InputError: A file cannot be read, or is no result.
    """
    files = {found.name: found for found in result_files(scenario.node)}
    return {name: load_measurement(found.path, found.shown_as) for name, found in files.items()}

"""From a measurement to what the user sees: costs, the document, the picture."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from costplan.analysis.serving.assumed_speed import assumed_speeds
from costplan.analysis.serving.candidates import candidates_of
from costplan.analysis.serving.cost import DEFAULT_UTILISATION, CostQuestion, ServingCandidate, with_costs
from costplan.catalog.store import default_catalog
from costplan.cli.bench.kept import kept_file
from costplan.cli.language import translator
from costplan.cli.output import check_places, draw, show
from costplan.cli.paths import shown_path
from costplan.cli.places import form_of, is_screen
from costplan.cli.streams import has_terminal, say
from costplan.inputs.scenarios import catalog_opener
from costplan.inputs.values import currency_of, day_of
from costplan.measurement.files import (
    load_calibration,
    load_measurement,
    reference_calibrations,
    shipped_measurement,
)
from costplan.measurement.model import Measurement
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.quantities.money import quantized
from costplan.quantities.units import parse_share
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario


class CostWords(NamedTuple):
    """Options about prices, as the user wrote them."""

    scenario: str | None
    instances: str | None
    utilisation: str | None
    assume_same_speed: bool
    calibration: Sequence[Path]
    currency: str | None
    as_of: str | None
    catalog: Path | None
    overlay: Sequence[Path]
    assume: Sequence[str] = ()


def priced(measurement: Measurement, words: CostWords) -> Measurement:
    """Add the cost table.

    Raises:
        InputError: A machine, a currency or a date is wrong.
    """
    return with_costs(measurement, *cost_question(words))


def cost_question(words: CostWords) -> tuple[list[ServingCandidate], CostQuestion]:
    """Check the options about prices, before anything is measured."""
    open_catalog = catalog_opener(words.catalog, words.overlay)
    scenario: LoadedScenario | None = None
    if words.scenario is not None:
        scenario = load_scenario(words.scenario, open_catalog)
    catalog = scenario.catalog if scenario is not None else open_catalog(default_catalog())
    references = reference_calibrations()
    for path in words.calibration:
        reference = load_calibration(path)
        references[reference.platform] = reference
    default_currency = scenario.currency if scenario is not None else catalog.default_currency
    default_day = scenario.model.as_of if scenario is not None else None
    candidates = candidates_of(words.instances, scenario, catalog)
    question = CostQuestion(
        catalog=catalog,
        currency=currency_of(words.currency, catalog) or default_currency,
        day=day_of(words.as_of) or default_day or catalog.index.as_of,
        utilisation=utilisation_of(words.utilisation),
        assume_same_speed=words.assume_same_speed,
        references=references,
        assumed_speeds=assumed_speeds(words.assume, candidates),
    )
    return candidates, question


def utilisation_of(text: str | None) -> Decimal:
    """Read --utilisation: a share above 0 and at most 1."""
    if text is None:
        return DEFAULT_UTILISATION
    try:
        share: Fraction = parse_share(text)
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option="--utilisation", why=error)) from None
    if share <= 0:
        raise InputError("--utilisation: must be above 0")
    return quantized(share)


def read_result(file: Path) -> Measurement:
    """Read a result, a journal, a run that is kept or a shipped measurement by its name.

    Raises:
        InputError: It is none of these.
    """
    if not file.exists() and file.parent == Path() and not file.suffix:
        kept = kept_file(str(file))
        if kept is not None:
            return read_result(kept)
        return load_measurement(shipped_measurement(str(file)), f"measurements/{file}.json")
    if _begins_as_journal(file):
        from costplan.cli.extras import needs_extra

        with needs_extra():
            from costplan.bench.document import measurement_of_journal

            return measurement_of_journal(file)
    return load_measurement(file)


def _begins_as_journal(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(11) == b'{"journal":'
    except OSError:
        return False


def write_result(
    measurement: Measurement,
    form: str | None,
    output: Path | None,
    plot: Path | None,
    *,
    force: bool,
    is_detailed: bool = False,
    kept: Path | None = None,
) -> None:
    """Write the document and the picture; beside a file named by its ending the screen shows the table.

    Args:
        is_detailed: Whether the table has all that is known.
        kept: The file of samples, from which a short answer can be shown in full.
    """
    check_places(form, output, plot, force=force)
    draw(measurement, plot, force=force)
    show(measurement, form, output, force=force, is_detailed=is_detailed)
    is_beside = form is None and output is not None and not is_screen(output)
    if is_beside:
        show(measurement, is_detailed=is_detailed)
    has_answer = is_beside or (is_screen(output) and form_of(form, output) == "table")
    if has_answer and not is_detailed:
        _name_details(output if is_beside and output and output.suffix == ".json" else kept)


def _name_details(file: Path | None) -> None:
    """Say where the rest of a short answer is."""
    words = translator()
    if file is not None:
        say(words("details: costplan bench show -v {file}", file=shown_path(file)) + "\n")
    elif has_terminal():
        say(words("details: -v") + "\n")

"""From a command line to all that a report is written from."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from costplan._version import __version__
from costplan.analysis.bill.compare import compare
from costplan.analysis.bill.documents import Comparison
from costplan.analysis.curve.documents import Curve
from costplan.analysis.plan.within_budget import budget_total, cure_of
from costplan.analysis.timeline.documents import Timeline
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.cli.report.forecast import common_curve_of, curve_of, timeline_of
from costplan.cli.report.options import ReportOptions
from costplan.cli.report.uncertainty import uncertainty_of
from costplan.inputs.scenarios import account_of, catalog_opener, price_design
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import plain
from costplan.quantities.quantity import Quantity
from costplan.report.report_data import NoPlan, ReportData, SourceText, Stage, Varied
from costplan.scenario.document.files import Document
from costplan.scenario.document.usage_file import open_with_usage
from costplan.scenario.document.variants import split_reference
from costplan.scenario.files_used import measurements_of, originals, written_as
from costplan.scenario.load import apply_changes, is_account
from costplan.scenario.load_many import number_duplicates, side_by_side
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.variant_faults import why_left_out
from costplan.source.reader import Mapping

if TYPE_CHECKING:
    from costplan.measurement.model import Measurement
    from costplan.scenario.account.loaded import LoadedAccount

MOST_SCENARIOS = 12
"""Tables and charts of more designs side by side are not read."""


class _Reading:
    """One scenario, read once and priced in several ways."""

    def __init__(self, reference: str, words: ReportOptions, open_catalog: Callable[[str], Catalog]) -> None:
        self.reference = reference
        name, self.chosen = split_reference(reference)
        changes = words.changes
        self.document: Document
        self.whole: Mapping
        self.document, self.whole = open_with_usage(name, changes.workload, changes.requests)
        self.words, self.open_catalog = words, open_catalog

    def design(self) -> LoadedScenario | LoadedAccount:
        """Load it, or all designs of an account."""
        if not is_account(self.whole):
            return self.loaded()
        return account_of(self.document, self.whole, self.open_catalog, self.chosen, self.words.changes)

    def loaded(self, *more: str) -> LoadedScenario:
        """Load it with more variants."""
        changes = self.words.changes
        return apply_changes(
            self.whole,
            self.open_catalog,
            (*self.chosen, *more),
            sets=changes.changes or (),
            requests=changes.requests,
            quotas=changes.quotas or (),
        )

    def priced(self, loaded: LoadedScenario | LoadedAccount) -> Estimate:
        """Price it as the command line says."""
        prices = self.words.prices
        return price_design(
            loaded, currency=currency_of(prices.currency, loaded.catalog), as_of=day_of(prices.as_of)
        )


def build_report_data(words: ReportOptions, say: Callable[[str], None]) -> ReportData:
    """Read and price all that the report needs.

    Args:
        say: Takes a few words about what is being done.

    Raises:
        InputError: A scenario, an option or a measurement is wrong.
    """
    if len(words.references) > MOST_SCENARIOS:
        raise InputError(
            Reason(
                "a report is of at most {most} scenarios, got {references}",
                MOST_SCENARIOS,
                str(len(words.references)),
            )
        )
    if sum(reference.partition(":")[0] == "-" for reference in words.references) > 1:
        raise InputError("standard input (`-`) can be read once only", hint="save it to a file")
    open_catalog = catalog_opener(*words.layers)
    readings = [_Reading(reference, words, open_catalog) for reference in words.references]
    following = iter(readings)
    loaded = side_by_side(words.references, lambda _: next(following).design())
    bills = [reading.priced(scenario) for reading, scenario in zip(readings, loaded, strict=True)]
    comparison = compare(bills)
    stages = []
    names = number_duplicates([scenario.name for scenario in loaded])
    for reading, scenario, bill, name in zip(readings, loaded, bills, names, strict=True):
        say(Reason("pricing {name}", name))
        stages.append(_stage(name, reading, scenario, bill, bills))
    say(Reason("looking ahead"))
    ahead = _ahead(words, loaded, stages, comparison)
    return ReportData(
        stages=stages,
        comparison=comparison,
        day=words.day,
        version=__version__,
        command=command_of(words, comparison.catalog.as_of),
        measurements=_measurements(list(_scenarios(loaded)), comparison.currency, comparison.catalog.as_of),
        **ahead,
    )


class _Ahead(TypedDict):
    curve: Curve | None
    common_curve: Curve | None
    timeline: Timeline | None
    no_timeline: NoPlan


def _ahead(
    words: ReportOptions,
    designs: Sequence[LoadedScenario | LoadedAccount],
    stages: Sequence[Stage],
    comparison: Comparison,
) -> _Ahead:
    """Set the designs on one axis of loads and plan the months ahead; an account has no one load."""
    loaded = [one for one in designs if isinstance(one, LoadedScenario)]
    if len(loaded) < len(designs):
        return {"curve": None, "common_curve": None, "timeline": None, "no_timeline": "input"}
    money = comparison.currency
    day = comparison.catalog.as_of
    curve = curve_of(loaded, [stage.monthly_requests for stage in stages], money, day)
    is_stated = words.changes.requests is not None
    common = common_curve_of(loaded, curve, money, day)
    timeline, no_timeline = timeline_of(loaded, curve, money, day, is_stated=is_stated)
    return {"curve": curve, "common_curve": common, "timeline": timeline, "no_timeline": no_timeline}


def _scenarios(designs: Sequence[LoadedScenario | LoadedAccount]) -> Iterator[LoadedScenario]:
    """Give all scenarios, those of accounts among them."""
    for one in designs:
        yield from [one] if isinstance(one, LoadedScenario) else one.designs.values()


def _account_stage(name: str, reading: _Reading, account: LoadedAccount, bill: Estimate) -> Stage:
    """Return what is known of an account: nothing that asks one load."""
    texts = [*originals(reading.document), *(written_as(one) for one in account.designs.values())]
    measured = [found for one in account.designs.values() for found in measurements_of(one)]
    return Stage(
        name=name,
        estimate=bill,
        scenario=account.first,
        account=account,
        texts=[SourceText(found.name, found.text) for found in texts],
        measurements=list(dict.fromkeys(measured)),
    )


def _stage(
    name: str,
    reading: _Reading,
    scenario: LoadedScenario | LoadedAccount,
    bill: Estimate,
    bills: Sequence[Estimate],
) -> Stage:
    if not isinstance(scenario, LoadedScenario):
        return _account_stage(name, reading, scenario, bill)
    own = bill.workload["monthly_requests"]
    loads = [other.workload["monthly_requests"] or Decimal(0) for other in bills]
    if any(other.designs for other in bills):
        loads = []  # an account's load is none of one design
    at_loads = [bill if load == own else _at_load(reading, scenario, load) for load in loads]
    varied = list(_variants(reading, scenario))
    findings = uncertainty_of(scenario, bill.currency, bill.catalog.as_of)
    return Stage(
        name=name,
        estimate=bill,
        scenario=scenario,
        texts=[SourceText(found.name, found.text) for found in originals(reading.document)],
        variants=[found for found in varied if isinstance(found, Varied)],
        left_out=[found for found in varied if not isinstance(found, Varied)],
        at_loads=at_loads,
        at_rest=_at_load(reading, scenario, Decimal(0)),
        measurements=list(measurements_of(scenario)),
        ranges=findings.ranges,
        uncertainty=findings.uncertainty,
        sensitivity=findings.sensitivity,
        cure=cure_of(scenario, bill.catalog.as_of) if _is_over(bill) else None,
        plan_command=_plan_command(reading, scenario),
    )


def _is_over(bill: Estimate) -> bool:
    return bill.budget is not None and not bill.budget.total.within


def _variants(reading: _Reading, scenario: LoadedScenario) -> Iterator[Varied | tuple[str, Reason]]:
    """Price each further variant; one that cannot stand alone is left out, with the reason.

    One that cannot go with those that are applied, or with other values, says nothing of the file.
    """
    for name, variant in scenario.model.variants.items():
        if name in scenario.applied_variants:
            continue
        try:
            loaded = reading.loaded(name)
        except InputError as error:
            if not scenario.applied_variants and not reading.words.changes.changes:
                yield name, why_left_out(error)
            continue
        yield Varied(name, variant.title, len(variant.set), reading.priced(loaded))


def _at_load(reading: _Reading, scenario: LoadedScenario, load: Decimal) -> Estimate:
    """Price a design at another load; a budget is for its own."""
    return reading.priced(scenario.without_budget().at_load(Quantity(load)))


def _measurements(
    loaded: Sequence[LoadedScenario], currency: Currency | str, day: date
) -> list[tuple[str, Measurement]]:
    """Return each measurement once, with its cost on the machines of the first scenario that names it."""
    from costplan.analysis.serving.candidates import candidates_of
    from costplan.analysis.serving.cost import CostQuestion, with_costs
    from costplan.measurement.files import reference_calibrations

    found: dict[str, Measurement] = {}
    references = None
    for scenario in loaded:
        for name, measurement in measurements_of(scenario).items():
            if name in found:
                continue
            references = reference_calibrations() if references is None else references
            question = CostQuestion(scenario.catalog, currency, day, references=references)
            candidates = candidates_of(None, scenario, scenario.catalog)
            found[name] = with_costs(measurement, candidates, question)
    return list(found.items())


def _plan_command(reading: _Reading, scenario: LoadedScenario) -> str:
    """Write the command line that looks for a design within the budget."""
    budget = scenario.model.budget
    most = f"{plain(budget_total(budget))}{budget.currency}" if budget is not None else None
    given = _options([*_inputs(reading.words), ("--budget", most)])
    return shlex.join(["costplan", "plan", reading.reference, *given])


def command_of(words: ReportOptions, as_of: date) -> str:
    """Write the command line that makes the report again, with the days that were left open."""
    given = _options(
        [
            ("--currency", words.prices.currency),
            ("--as-of", as_of),
            *_inputs(words),
            ("--lang", words.language if words.language != "en" else None),
            ("--date", words.day),
        ]
    )
    return shlex.join(["costplan", "report", *words.references, *given])


Given = list[tuple[str, object]]
"""Options with their values."""


def _inputs(words: ReportOptions) -> Given:
    layers, changes = words.layers, words.changes
    return [
        ("--requests", changes.requests),
        *(("--set", change) for change in changes.changes or ()),
        ("--catalog", layers.catalog),
        *(("--overlay", folder) for folder in layers.overlay or ()),
    ]


def _options(options: Given) -> list[str]:
    """Write those that have a value."""
    return [part for name, value in options if value is not None for part in (name, str(value))]

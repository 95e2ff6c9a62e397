"""Views of the catalog, the scenarios, the installation."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.inventory.configuration import Configuration
from costplan.analysis.inventory.health import Health
from costplan.analysis.inventory.price_list import ListedRate, PriceHistory, PriceList, Verification
from costplan.analysis.inventory.quota_list import ListedBound, QuotaList
from costplan.analysis.inventory.scenario_list import ScenarioList
from costplan.messages.text import in_language
from costplan.output.views.view import Cell, Column, Row, Table, View, cells, spanning
from costplan.quantities.money import plain

WORDS = ("flag", "state")
"""Units of values that are words: `yes`, `up`."""


def price_list_view(prices: PriceList) -> View:
    """A row per SKU."""
    rows = [
        Row(
            cells(
                Cell(sku.code, "strong"),
                sku.name,
                sku.unit,
                _rates(sku.rates) if sku.rates else Cell("unpriced", "bad"),
                Cell(sku.provenance, "warn" if sku.provenance == "unverified" else "faint"),
            )
        )
        for sku in prices.skus
    ]
    columns = [
        Column("SKU", folds=True),
        Column("Name", folds=True),
        Column("Unit"),
        Column(f"{prices.currency}", right=True, folds=True),
        Column("Provenance"),
    ]
    facts = [
        f"{len(prices.skus)} SKUs of {prices.catalog.name}, {prices.catalog.region}, "
        f"as of {prices.catalog.as_of}"
    ]
    return View("Prices", facts, [Table(columns, rows)])


def _rates(rates: Sequence[ListedRate]) -> str:
    """Write graduated rates: `0; from 100: 1.42`."""
    first = plain(rates[0].unit_price)
    return "; ".join(
        [first, *(f"from {plain(rate.start_quantity)}: {plain(rate.unit_price)}" for rate in rates[1:])]
    )


def price_history_view(history: PriceHistory) -> View:
    """A row per version and currency, the newest first, with its source below it."""
    rows = []
    for version in reversed(history.versions):
        end = f" to {version.effective_until}" if version.effective_until else ""
        about = "" if version.start_known else "on or before "
        rows.append(
            Row(
                cells(
                    f"{about}{version.effective_from}{end}", Cell(version.currency, "strong"),
                    _rates(version.rates), version.unit, version.provenance, str(version.checked),
                ),
                rule=True,
            )
        )  # fmt: skip
        details = [version.source, version.rule, version.note]
        rows += [spanning(f"  {text}") for text in details if text]
    columns = [
        Column("In force from"),
        Column(""),
        Column("Price", folds=True),
        Column("Unit"),
        Column("Provenance"),
        Column("Checked"),
    ]
    facts = [f"{history.service}; {history.unit}" + (f"; id {history.id}" if history.id else "")]
    notes = [Cell(f"unpriced: {history.known_missing}", "bad")] if history.known_missing else []
    return View(f"{history.code}: {history.name}", facts, [Table(columns, rows)], notes)


def _bound_cells(row: ListedBound) -> list[Cell]:
    unit = "" if row.unit in WORDS else f" {row.unit}"
    value = Cell("not published", "faint") if row.value is None else f"{row.value}{unit}"
    provenance = Cell(row.provenance, "warn" if row.provenance == "unverified" else "faint")
    return cells(Cell(row.code, "strong"), row.name, row.kind, value, row.scope, row.as_of, provenance)


def quota_list_view(found: QuotaList) -> View:
    """A row per quota or limit, with its id and what is to know of it below."""
    rows = []
    for row in found.bounds:
        rows.append(Row(_bound_cells(row), rule=True))
        rows += [spanning(f"  {text}") for text in (row.id, row.note) if text]
    columns = [
        Column("Code", folds=True), Column("What", folds=True), Column("Kind"), Column("Value", folds=True),
        Column("Per"), Column("As of"), Column("Provenance"),
    ]  # fmt: skip
    quotas = sum(row.kind == "quota" for row in found.bounds)
    facts = [
        f"{quotas} quotas (raised on request) and {len(found.bounds) - quotas} limits (not raised) of "
        f"{found.catalog.name}"
    ]
    return View("Quotas and limits", facts, [Table(columns, rows)])


def verification_view(verification: Verification) -> View:
    """What is wrong, or that nothing is."""
    rows = [
        Row(cells(found.service, found.where, Cell(found.message, "bad"))) for found in verification.findings
    ]
    columns = [Column("Service"), Column("Where", folds=True), Column("What is wrong", folds=True)]
    count = len(verification.findings)
    verdict = f"{count} finding{'s' if count != 1 else ''}" if count else "nothing is wrong"
    facts = [
        f"{verification.services} services, {verification.skus} SKUs, "
        f"{verification.versions} price versions, "
        f"{verification.known_missing} known to be missing; {verification.quotas} quotas, "
        f"{verification.limits} limits; sha256 {verification.catalog.sha256}"
    ]
    return View(f"{verification.catalog.name}: {verdict}", facts, [Table(columns, rows)])


def scenario_list_view(scenarios: ScenarioList) -> View:
    """A row per scenario, its variants below it."""
    rows = []
    for found in scenarios.scenarios:
        rows.append(Row(cells(Cell(found.scenario, "strong"), in_language(found.title)), rule=True))
        rows += [
            Row(cells(f"  {found.scenario}:{name}", in_language(title), tone="faint"))
            for name, title in found.variants.items()
        ]
    columns = [Column("Scenario"), Column("", folds=True)]
    return View("Scenarios", ["estimate one: costplan estimate stage2"], [Table(columns, rows)])


def health_view(health: Health) -> View:
    """A row per library, then the prices' age."""
    rows = [
        Row(
            cells(
                part.extra, part.name,
                Cell(part.version, "plain") if part.version else Cell("missing", "bad"),
            )
        )
        for part in health.parts
    ]  # fmt: skip
    columns = [Column("For"), Column("Library"), Column("Version")]
    facts = [
        f"costplan {health.costplan}, Python {health.python}, {health.system}",
        f"prices: {health.catalog} as of {health.prices_as_of}, {health.age_days} days old"
        + (" (old)" if health.prices_are_old else ""),
    ]
    return View(
        "Doctor", facts, [Table(columns, rows)], [Cell(f"hint: {hint}", "warn") for hint in health.hints]
    )


def configuration_view(configuration: Configuration) -> View:
    """A row per setting: its value and who says so."""
    rows = [
        Row(cells(Cell(found.name, "strong"), ", ".join(found.value) or "-", found.origin, found.about))
        for found in configuration.settings
    ]
    columns = [
        Column("Setting"), Column("Value", folds=True), Column("From"), Column("What it is", folds=True),
    ]  # fmt: skip
    file = configuration.file or "none; costplan.toml or [tool.costplan] in pyproject.toml would be one"
    facts = [
        f"file: {file}",
        "an option goes before the variable COSTPLAN_..., that before the file, that before the default",
    ]
    return View("Settings", facts, [Table(columns, rows)])

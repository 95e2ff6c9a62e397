"""Views of the catalog, the scenarios, the installation."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.inventory.configuration import Configuration
from costplan.analysis.inventory.health import Health
from costplan.analysis.inventory.price_changes import PriceChange, PriceChanges
from costplan.analysis.inventory.price_list import (
    ListedRate,
    ListedVersion,
    PriceHistory,
    PriceList,
    Verification,
)
from costplan.analysis.inventory.quota_list import ListedBound, QuotaList
from costplan.analysis.inventory.scenario_list import ScenarioList
from costplan.language.terms import BOUND_KINDS, BOUND_SCOPES, BOUND_UNITS, BOUND_VALUES, PROVENANCE
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, Row, Table, View, cells, row_of, spanning
from costplan.quantities.money import rounded

WORDS = ("flag", "state")
"""Units of values that are words: `yes`, `up`."""


def price_list_view(prices: PriceList, words: Translator) -> View:
    """A row per SKU."""
    rows = [
        row_of(
            Cell(sku.code, "strong"),
            words.price_name(sku.name),
            words.plain_unit(sku.unit),
            rates_text(sku.rates, words) if sku.rates else Cell(words("unpriced"), "bad"),
            _provenance(sku.provenance, words),
        )
        for sku in prices.skus
    ]
    columns = [
        Column("SKU", folds=True),
        Column(words("Name"), folds=True),
        Column(words("Unit")),
        Column(f"{prices.currency}", right=True, folds=True),
        Column(words("Provenance")),
    ]
    facts = [
        words(
            "{count} SKUs of {catalog}, {region}, as of {day}",
            count=len(prices.skus),
            catalog=prices.catalog.name,
            region=prices.catalog.region,
            day=prices.catalog.as_of,
        )
    ]
    return View(words("Prices"), facts, [Table(columns, rows)])


def _provenance(word: str, words: Translator) -> Cell:
    return Cell(words.term(word, PROVENANCE), "warn" if word == "unverified" else "faint")


def rates_text(rates: Sequence[ListedRate], words: Translator) -> str:
    """Write graduated rates: `0; from 100: 1.42`."""
    further = [
        words(
            "from {start}: {price}", start=words.exact(one.start_quantity), price=words.exact(one.unit_price)
        )
        for one in rates[1:]
    ]
    return "; ".join([words.exact(rates[0].unit_price), *further])


def price_changes_view(changes: PriceChanges, words: Translator) -> View:
    """A row per SKU whose price is known on the first day and another on the second."""
    compared = [one for one in changes.changes if one.before]
    rows = [
        row_of(
            Cell(one.code, "strong"), words.price_name(one.name), words.plain_unit(one.unit),
            rates_text(one.before, words), rates_text(one.after, words) if one.after else Cell("-", "faint"),
            _change(one, words),
        )
        for one in compared
    ]  # fmt: skip
    columns = [
        Column("SKU", folds=True), Column(words("Name"), folds=True), Column(words("Unit")),
        Column(str(changes.start), right=True, folds=True), Column(str(changes.end), right=True, folds=True),
        Column(words("Change"), right=True),
    ]  # fmt: skip
    if changes.first_priced != changes.start:
        return View(_no_first_day(changes, words), [], [])
    days = {"start": changes.start, "end": changes.end}
    changed = words.many(
        "{count} price changed from {start} to {end}, in {currency}",
        "{count} prices changed from {start} to {end}, in {currency}",
        len(compared),
        currency=changes.currency,
        **days,
    )
    first = len(changes.changes) - len(compared)
    notes = [
        words.many(
            "for {count} more price the catalog has no price of {start}; CSV and JSON list it",
            "for {count} more prices the catalog has no price of {start}; CSV and JSON list them",
            first,
            start=changes.start,
        )
    ]
    return View(changed, [], [Table(columns, rows)], [Cell(note, "faint") for note in notes if first])


def _no_first_day(changes: PriceChanges, words: Translator) -> str:
    """Say that there is nothing to compare with, which is not the same as that nothing changed."""
    message = "the catalog has no price in {currency}"
    if changes.first_priced is not None:
        message = "the catalog has no price of {start} in {currency}; its first ones are of {first}"
    return words(message, currency=changes.currency, start=changes.start, first=changes.first_priced)


def _change(one: PriceChange, words: Translator) -> Cell:
    if one.percent is not None:
        share = words.exact_percent(rounded(abs(one.percent), 1) / 100)
        return Cell(f"+{share}", "warn") if one.percent > 0 else Cell(f"-{share}")
    if not one.after:
        return Cell(words("no price any more"), "faint")
    was_free = not any(rate.unit_price for rate in one.before)
    return Cell(words("was free") if was_free else words("other tiers"), "faint")


def price_history_view(history: PriceHistory, words: Translator) -> View:
    """A row per version and currency, the newest first, with its source below it."""
    rows = []
    for version in reversed(history.versions):
        rows.append(
            row_of(
                _in_force(version, words), Cell(version.currency, "strong"),
                rates_text(version.rates, words), words.plain_unit(version.unit),
                words.term(version.provenance, PROVENANCE), str(version.checked), rule=True,
            )
        )  # fmt: skip
        details = [version.source, version.rule, version.note]
        rows += [spanning(f"  {words.reason(text)}") for text in details if text]
    columns = [
        Column(words("In force from")),
        Column(""),
        Column(words("Price"), folds=True),
        Column(words("Unit")),
        Column(words("Provenance")),
        Column(words("Checked")),
    ]
    facts = [
        f"{history.service}; {words.plain_unit(history.unit)}" + (f"; id {history.id}" if history.id else "")
    ]
    notes = (
        [Cell(words("unpriced: {reason}", reason=words.reason(history.known_missing)), "bad")]
        if history.known_missing
        else []
    )
    return View(f"{history.code}: {words.price_name(history.name)}", facts, [Table(columns, rows)], notes)


def _in_force(version: ListedVersion, words: Translator) -> str:
    start, end = version.effective_from, version.effective_until
    message = (
        ("{start} to {end}" if end else "{start}")
        if version.start_known
        else ("on or before {start} to {end}" if end else "on or before {start}")
    )
    return words(message, start=start, end=end)


def _bound_cells(row: ListedBound, words: Translator) -> list[Cell]:
    value = Cell(words("not published"), "faint") if row.value is None else _bound_value(row, words)
    kind, origin = words.term(row.kind, BOUND_KINDS), _provenance(row.provenance, words)
    scope = words.term(row.scope, BOUND_SCOPES)
    return cells(Cell(row.code, "strong"), words.reason(row.name), kind, value, scope, row.as_of, origin)


def _bound_value(row: ListedBound, words: Translator) -> str:
    """Write a number as the language does, a word in it, and a list of shapes as it is."""
    value = row.value or ""
    if row.unit in WORDS:
        return words.term(value, BOUND_VALUES)
    shown = words.figure(value) if value.replace(".", "", 1).isdigit() else value
    return f"{shown} {words.term(row.unit or '', BOUND_UNITS)}".rstrip()


def quota_list_view(found: QuotaList, words: Translator) -> View:
    """A row per quota or limit, with its id and what is to know of it below."""
    rows = []
    for row in found.bounds:
        rows.append(Row(_bound_cells(row, words), rule=True))
        rows += [spanning(f"  {text}") for text in (row.id, row.note) if text]
    columns = [
        Column(words("Code"), folds=True), Column(words("What"), folds=True), Column(words("Kind")),
        Column(words("Value"), folds=True), Column(words("Per")), Column(words("As of")),
        Column(words("Provenance")),
    ]  # fmt: skip
    quotas = sum(row.kind == "quota" for row in found.bounds)
    facts = [
        words(
            "{quotas} quotas (raised on request) and {limits} limits (not raised) of {catalog}",
            quotas=quotas,
            limits=len(found.bounds) - quotas,
            catalog=found.catalog.name,
        )
    ]
    return View(words("Quotas and limits"), facts, [Table(columns, rows)])


def verification_view(verification: Verification, words: Translator) -> View:
    """What is wrong, or that nothing is."""
    rows = [
        row_of(found.service, found.where, Cell(words.reason(found.message), "bad"))
        for found in verification.findings
    ]
    columns = [
        Column(words("Service")),
        Column(words("Where"), folds=True),
        Column(words("What is wrong"), folds=True),
    ]
    count = len(verification.findings)
    verdict = words.many("{count} finding", "{count} findings", count) if count else words("nothing is wrong")
    facts = [
        words(
            "{services} services, {skus} SKUs, {versions} price versions, {missing} known to be missing; "
            "{quotas} quotas, {limits} limits; sha256 {sha256}",
            services=verification.services,
            skus=verification.skus,
            versions=verification.versions,
            missing=verification.known_missing,
            quotas=verification.quotas,
            limits=verification.limits,
            sha256=verification.catalog.sha256,
        )
    ]
    return View(f"{verification.catalog.name}: {verdict}", facts, [Table(columns, rows)])


def scenario_list_view(scenarios: ScenarioList, words: Translator) -> View:
    """A row per scenario, its variants below it."""
    rows = []
    for found in scenarios.scenarios:
        rows.append(row_of(Cell(found.scenario, "strong"), words.title(found.title), rule=True))
        rows += [
            row_of(f"  {found.scenario}:{name}", words.title(title), tone="faint")
            for name, title in found.variants.items()
        ]
    columns = [Column(words("Scenario")), Column("", folds=True)]
    facts = [words("estimate one: {command}", command="costplan estimate stage2")]
    return View(words("Scenarios"), facts, [Table(columns, rows)])


def health_view(health: Health, words: Translator) -> View:
    """A row per library, then the prices' age."""
    rows = [
        row_of(
            words.reason(part.extra), part.name,
            Cell(part.version, "plain") if part.version else Cell(words("missing"), "bad"),
        )
        for part in health.parts
    ]  # fmt: skip
    columns = [Column(words("For")), Column(words("Library")), Column(words("Version"))]
    facts = [
        f"costplan {health.costplan}, Python {health.python}, {health.system}",
        words.many(
            "prices: {catalog} as of {day}, {count} day old",
            "prices: {catalog} as of {day}, {count} days old",
            health.age_days,
            catalog=health.catalog,
            day=health.prices_as_of,
        )
        + (f" ({words('old')})" if health.prices_are_old else ""),
    ]
    notes = [Cell(words("hint: {hint}", hint=words.reason(hint)), "warn") for hint in health.hints]
    return View(words("Doctor"), facts, [Table(columns, rows)], notes)


def configuration_view(configuration: Configuration, words: Translator) -> View:
    """A row per setting: its value and who says so."""
    rows = [
        row_of(
            Cell(found.name, "strong"),
            ", ".join(found.value) or "-",
            words.reason(found.origin),
            words.reason(found.about),
        )
        for found in configuration.settings
    ]
    columns = [
        Column(words("Setting")),
        Column(words("Value"), folds=True),
        Column(words("From")),
        Column(words("What it is"), folds=True),
    ]
    file = configuration.file or words(
        "none; costplan.toml or [tool.costplan] in pyproject.toml would be one"
    )
    facts = [
        words("file: {file}", file=file),
        words(
            "an option goes before the variable COSTPLAN_..., that before the file, that before the default"
        ),
    ]
    return View(words("Settings"), facts, [Table(columns, rows)])

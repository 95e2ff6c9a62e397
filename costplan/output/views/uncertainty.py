"""The view of an estimate with how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.uncertainty.documents import (
    BudgetChance,
    Simulated,
    Spread,
    UncertainEstimate,
    UncertainNumber,
    Uncertainty,
)
from costplan.language.terms import DISTRIBUTIONS, NEEDS
from costplan.language.translator import Translator
from costplan.output.views.estimate import estimate_view
from costplan.output.views.feasibility_notes import chance_kept
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of
from costplan.quantities.shown import significant

DIGITS = 4
"""Significant digits of a simulated amount."""
LIKELY = Decimal("0.5")
"""A budget that holds in fewer draws is marked as one that does not."""
NOTHING = Cell("")


def uncertain_estimate_view(document: UncertainEstimate, words: Translator) -> View:
    """The bill as without `--uncertain`, then what it may be, what may hold, and from which ranges."""
    view = estimate_view(document, words)
    found = document.uncertainty
    rows = [bill_row(document.currency, found, words), *budget_rows(found, words)]
    heading = words.many(
        "How sure: {draws} draws of {count} input, seed {seed}",
        "How sure: {draws} draws of {count} inputs, seed {seed}",
        len(found.inputs),
        draws=words.number(Decimal(found.draws)),
        seed=found.seed,
    )
    tables = [
        replace(spread_table(rows, words), heading=heading),
        _needs_table(document, found, words),
        inputs_table(found.inputs, words),
    ]
    return replace(view, tables=[*view.tables, *tables], notes=[*view.notes, *_notes(found, words)])


def spread_table(rows: Sequence[Row], words: Translator) -> Table:
    """What costs may be, and how probable it is that their budgets hold: of `bill_row` and `budget_rows`."""
    headings = ("P10", "P50", "P90", words("Mean"), words("Holds in"))
    columns = [Column(words("Per month"), folds=True), *(Column(name, right=True) for name in headings)]
    return Table(columns, rows)


def bill_row(currency: str, found: Uncertainty, words: Translator) -> Row:
    """What the bill may be."""
    more = "+" if found.unpriced else ""
    label = Cell(words("bill, {currency}", currency=f"{currency}{more}"), "strong")
    return Row([label, *_spread_cells(found.bill, more, words), NOTHING])


def budget_rows(found: Uncertainty, words: Translator) -> Iterator[Row]:
    """What each part of the budget may cost, and how probable it is that it holds."""
    for number, chance in enumerate(found.budget):
        limit = words(
            "{name}, {currency}: at most {budget}",
            name=chance.name,
            currency=chance.currency,
            budget=words.amount(chance.budget),
        )
        more = "+" if chance.unpriced else ""
        texts = [Cell(limit), *_spread_cells(chance.cost, more, words), _budget_cell(chance, words)]
        yield Row(texts, rule=number == 0)


def _spread_cells(spread: Spread, more: str, words: Translator) -> list[Cell]:
    figures = (spread.p10, spread.p50, spread.p90, spread.mean)
    return [Cell(about(figure.value, words) + more) for figure in figures]


def _budget_cell(chance: BudgetChance, words: Translator) -> Cell:
    text = chance_text(chance.probability, words)
    if chance.unpriced:
        return Cell(words("at most {amount}", amount=text), "warn")
    return Cell(text, "good" if chance.probability.value >= LIKELY else "bad")


def _needs_table(document: UncertainEstimate, found: Uncertainty, words: Translator) -> Table:
    rows = [
        row_of(
            f"{need.resource}: {words.term(need.what, NEEDS)}",
            words.reason(need.reason),
            chance_text(need.probability, words),
        )
        for need in found.needs
    ]
    if found.needs_met is not None:
        chance = chance_kept(chance_text(found.needs_met, words), document.unknowns, document.caveats, words)
        rows.append(row_of(words("all at once"), "", Cell(chance, "strong"), rule=True))
    columns = [
        Column(words("Must be enough")),
        Column(words("Else"), folds=True),
        Column(words("Holds in"), right=True),
    ]
    return Table(columns, rows, words("Whether it works"))


def inputs_table(inputs: Sequence[UncertainNumber], words: Translator) -> Table:
    """The inputs with a range."""
    rows = [
        row_of(
            one.path, _distribution(one.distribution, words), one.low, one.likely or "", one.high, one.value
        )
        for one in inputs
    ]
    headings = (words("Low"), words("Likely"), words("High"), words("In the bill"))
    columns = [Column(words("Uncertain input"), folds=True), Column(words("Distribution"))]
    columns += [Column(heading, right=True) for heading in headings]
    return Table(columns, rows, words("What is uncertain"))


def _distribution(name: str, words: Translator) -> str:
    """Write a distribution: as scenarios do in English, so that it can be typed, else in words."""
    return name if words.language == "en" else words.term(name, DISTRIBUTIONS)


def _notes(found: Uncertainty, words: Translator) -> Iterator[Cell]:
    if found.unpriced:
        said = words.many(
            "{count} cost component without a price: what is spread out here is a lower bound",
            "{count} cost components without a price: what is spread out here is a lower bound",
            found.unpriced,
        )
        yield Cell(said, "bad")
    chance = chance_text(found.above_stated, words)
    yield Cell(words("more than the bill at stated values: {chance}", chance=chance), "warn")
    yield from (Cell(text, "warn") for text in assumed_ranges(found.inputs, words))
    for pair in found.correlations:
        between = words(" and ").join(pair.between)
        yield Cell(words("correlated {rho}: {paths}", rho=words.exact(pair.rho), paths=between), "faint")
    idle = [one.path for one in found.inputs if not one.has_effect]
    if idle:
        yield Cell(words("changes nothing here: {paths}", paths=", ".join(idle)), "warn")
    if any(one.distribution in ("normal", "lognormal") for one in found.inputs):
        said = words("low and high of normal and lognormal inputs are their P10 and P90")
        yield Cell(said, "faint")
    yield Cell(errors_text(found, words), "faint")


def assumed_ranges(inputs: Iterable[UncertainNumber], words: Translator) -> Iterator[str]:
    """Say which ranges somebody assumed, and why."""
    for one in inputs:
        if one.range_reason:
            why = words.reason(one.range_reason)
            yield words("range of {path} assumed: {why}", path=one.path, why=why)


def errors_text(found: Uncertainty, words: Translator) -> str:
    """Say the largest error of a percentile, as a part of it, and of a probability."""
    spreads = [found.bill, *(chance.cost for chance in found.budget)]
    figures = [figure for spread in spreads for figure in (spread.p10, spread.p50, spread.p90)]
    largest = max(((f.error / f.value if f.value else Decimal(0)) for f in figures), default=Decimal(0))
    chances = [*(c.probability for c in found.budget), *(n.probability for n in found.needs)]
    message = (
        "standard error: at most {error} of a percentile, and {chance} in a probability, "
        "from {scrambles} independent scrambles"
        if chances
        else "standard error: at most {error} of a percentile, from {scrambles} independent scrambles"
    )
    return words(
        message,
        error=words.about_percent(largest),
        chance=words.about_percent(max((one.error for one in chances), default=Decimal(0))),
        scrambles=found.scrambles,
    )


def about(amount: Decimal, words: Translator) -> str:
    """Write an amount to four significant digits: `11,750`, `7.358`."""
    if not amount:
        return "0"
    return words.number(Decimal(significant(amount, DIGITS)))


def chance_text(probability: Simulated, words: Translator) -> str:
    """Write a probability; one that no draw speaks against is not called certain."""
    share = probability.value * 100
    if share in (0, 100):
        return words("no draw") if share == 0 else words("all draws")
    if share < Decimal("0.1"):
        return f"<{words.percents_of(Decimal('0.1'))}"
    return f">{words.percents_of(Decimal('99.9'))}" if share > Decimal("99.9") else words.percents_of(share)

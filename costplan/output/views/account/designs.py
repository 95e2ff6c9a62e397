"""The designs of an account: what each has of the bill, what sharing it changes, and the discount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.language.translator import Translator
from costplan.output.views.rounding import rounding_row
from costplan.output.views.view import Cell, Column, Row, Table, row_of
from costplan.pricing.estimate import DesignCost, Estimate
from costplan.quantities.money import EXACT, exact_sum


def designs_table(estimate: Estimate, words: Translator) -> Table:
    """A row per design: its part of the bill, what it would cost alone, and the difference."""
    missing = {part.resource.partition(".")[0] for part in estimate.unpriced}
    rows = [_row(one, "+" if one.name in missing else "", words) for one in estimate.designs]
    costs = [one.monthly_cost for one in estimate.designs]
    rows += rounding_row(costs, estimate.total.monthly_cost, words, at=2)
    alone = exact_sum([one.cost_alone for one in estimate.designs])
    more = "+" if estimate.unpriced else ""
    whole = [
        words("Total"),
        words.amount(estimate.total.monthly_cost) + more,
        words.amount(alone) + more,
        _signed(estimate.total.monthly_cost, alone, words),
        "",
    ]
    columns = [
        Column(words("Design"), folds=True),
        Column(words("{currency}/month", currency=estimate.currency), right=True),
        Column(words("Alone"), right=True),
        Column(words("Sharing"), right=True),
        Column(words("Requests"), right=True, is_minor=True),
    ]
    return Table(columns, [*rows, Row([Cell(text) for text in whole], rule=True, is_total=True)])


def _row(one: DesignCost, more: str, words: Translator) -> Row:
    name = one.name if one.name == one.scenario else f"{one.name} ({one.scenario})"
    return row_of(
        name,
        words.amount(one.monthly_cost) + more,
        words.amount(one.cost_alone) + more,
        _signed(one.monthly_cost, one.cost_alone, words),
        words.requests(one.monthly_requests, 3),
    )


def _signed(cost: Decimal, alone: Decimal, words: Translator) -> str:
    """Write what sharing adds, as both amounts are shown."""
    sign = "+" if cost > alone else ""
    return f"{sign}{words.difference(cost, alone)}"


def sharing_notes(estimate: Estimate, words: Translator) -> Iterator[Cell]:
    """Say what one account for all changes."""
    if len(estimate.designs) < 2:
        return
    delta = exact_sum([one.delta_to_alone for one in estimate.designs])
    if not delta:
        yield Cell(words("sharing the account changes nothing: no free volume or tier is shared"), "faint")
        return
    alone = EXACT.subtract(estimate.total.monthly_cost, delta)
    message = "sharing the account: {change} {currency} a month; free volumes count once, tiers over the sum"
    change = _signed(estimate.total.monthly_cost, alone, words)
    yield Cell(words(message, change=change, currency=estimate.currency), "faint")


def discount_notes(estimate: Estimate, words: Translator) -> Iterator[Cell]:
    """Say what the discount takes off, of which services, and where it stands."""
    found = estimate.discount
    if found is None:
        return
    if not found.is_in_force:
        message = "the discount holds from {day} on, not yet at these prices ({source})"
        yield Cell(words(message, day=found.effective_from, source=found.source), "warn")
        return
    own = [one for one in found.services if one.share != found.share]
    parts = ", ".join(f"{one.service} {words.exact_percent(one.share)}" for one in own)
    if found.share is not None:
        others = words("{share} of all others", share=words.exact_percent(found.share))
        parts = f"{parts}, {others}" if parts else words.exact_percent(found.share)
    amount = words.amount(-found.monthly_amount)
    message = "discount: {amount} {currency} a month, inside all amounts: {shares} ({source})"
    said = words(message, amount=amount, currency=estimate.currency, shares=parts, source=found.source)
    yield Cell(said, "faint")

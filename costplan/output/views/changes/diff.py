"""The view of a diff: the answer first, what changed most on top, the small together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from costplan.analysis.diff.documents import Cause, Diff, DiffSide, LineDiff, ResourceDiff
from costplan.language.terms import CHANGES, DIFF_CAUSES
from costplan.language.translator import Translator
from costplan.output.views.changes.notes import diff_notes
from costplan.output.views.compare import monthly_prices_text, slo_text
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of
from costplan.quantities.money import EXACT, exact_sum, rounded
from costplan.quantities.shown import ShownNumber, rounding

SHOWN = 10
"""Most resources that have rows of their own; of one or two more it is no shorter to say how many."""
LEAST_FOLDED = 3
MANY_TIMES = 10
"""From so many times as much on nobody reads percents."""


def diff_view(diff: Diff, words: Translator) -> View:
    """What one bill is against another: a row for each resource that changed, its lines below it."""
    if not diff.changed:
        return View(_headline(diff, words), [words("nothing changed")], [])
    shown, folded = top_rows(diff.resources)
    rows = [row for one in shown for row in _rows(one, words)]
    if folded:
        rows.append(_folded_row(folded, diff.currency, words))
    tables = [Table(_columns(diff, words), [*rows, *_foot(diff, words)])] if rows else []
    return View(
        title=_headline(diff, words),
        facts=list(_facts(diff, words)),
        tables=tables,
        notes=list(diff_notes(diff, words)),
        sheet=words("Diff"),
        details=_details(folded, diff, words) if folded else None,
    )


def top_rows(
    resources: Sequence[ResourceDiff], most: int = SHOWN
) -> tuple[Sequence[ResourceDiff], Sequence[ResourceDiff]]:
    """Split resources into those that are shown and those that are only counted."""
    if len(resources) < most + LEAST_FOLDED:
        return resources, ()
    return resources[:most], resources[most:]


def signed(amount: Decimal, words: Translator) -> ShownNumber:
    """Write a change of an amount: `+120.00`, `-38,000.00`."""
    shown = words.amount(amount)
    return ShownNumber(f"+{shown}", amount) if amount > 0 else shown


def change_text(ratio: Decimal, words: Translator) -> str:
    """Write by how much a total is another: `+12.3%`, `-56.1%`, `+<0.1%`, `152x`."""
    if ratio >= MANY_TIMES:
        return words.times(ratio)
    change = EXACT.subtract(ratio, Decimal(1))
    percent = EXACT.multiply(abs(change), Decimal(100))
    sign = "+" if change > 0 else "-" if change < 0 else ""
    small = Decimal("0.05")
    shown = words.percents_of(rounded(percent, 1) if not change or percent >= small else Decimal("0.1"))
    return f"{sign}{'<' if change and percent < small else ''}{shown}"


def ratio_of(diff: Diff) -> Decimal | None:
    """Return how many times as much the new total is; None where one of them is a lower bound, or was 0."""
    return None if diff.old.unpriced or diff.new.unpriced else diff.ratio


def _headline(diff: Diff, words: Translator) -> str:
    """Say what came to what: `stage2 -> stage2:preemptible: 68,606.84 -> 30,167.24 RUB a month (-56.0%)`."""
    names = " -> ".join(dict.fromkeys(words.reason(one.source) for one in (diff.old, diff.new)))
    if not diff.delta and diff.old.unpriced == diff.new.unpriced:
        return words(
            "{names}: {cost} {currency} a month, as before",
            names=names,
            cost=total_text(diff.new, words),
            currency=diff.currency,
        )
    ratio = ratio_of(diff)
    by: str = signed(diff.delta, words) if ratio is None else change_text(ratio, words)
    if diff.unpriced:
        known = words("as far as prices are known")
        by = f"{by}, {known}" if diff.delta else known
    return words(
        "{names}: {old} -> {new} {currency} a month ({change})",
        names=names,
        old=total_text(diff.old, words),
        new=total_text(diff.new, words),
        currency=diff.currency,
        change=by,
    )


def total_text(side: DiffSide, words: Translator) -> str:
    """Write a total, with `+` where something without a price is not in it."""
    return cost_text(side.total.monthly_cost, side.unpriced, words)


def cost_text(cost: Decimal, unpriced: int, words: Translator) -> ShownNumber:
    """Write a cost, with `+` where it is a lower bound."""
    return words.amount(cost) + ("+" if unpriced else "")


def _facts(diff: Diff, words: Translator) -> Iterator[str]:
    days = [str(diff.old.as_of), str(diff.new.as_of)]
    yield monthly_prices_text(diff.currency, diff.vat, " -> ".join(dict.fromkeys(days)), words)
    if diff.causes:
        yield words("why: {causes}", causes=_causes(diff.causes, words))
    if verdicts := list(_verdicts(diff.old, diff.new, words)):
        yield "; ".join(verdicts)
    if diff.old.slo != diff.new.slo:
        slos = [slo_text(side.slo, words) for side in (diff.old, diff.new)]
        yield f"SLO: {slos[0]} -> {slos[1]}"
    requests = [side.monthly_requests for side in (diff.old, diff.new)]
    if requests[0] != requests[1]:
        shown = [words.requests(one, 3) for one in requests]
        yield words("requests a month: {old} -> {new}", old=shown[0], new=shown[1])
    if diff.cost_per_million_delta:
        amounts = [
            cost_text(side.cost_per_million_requests or Decimal(0), side.unpriced, words)
            for side in (diff.old, diff.new)
        ]
        yield words("per million requests: {old} -> {new}", old=amounts[0], new=amounts[1])


def _verdicts(old: DiffSide, new: DiffSide, words: Translator) -> Iterator[str]:
    """Say whether the design works, and its budget holds, where that was otherwise before."""
    has_load = old.monthly_requests or new.monthly_requests
    if old.verdict != new.verdict and has_load:
        said = {
            "kept": words("works at this load, as it did not before"),
            "broken": words("does not work at this load"),
            "unknown": words("not known any more whether it works at this load"),
        }
        if (old.verdict, new.verdict) == ("unknown", "kept"):
            said["kept"] = words("known to work at this load")
        yield said[new.verdict]
    if old.within_budget is not None and new.within_budget is not None:
        if old.within_budget and not new.within_budget:
            yield words("over the budget")
        elif new.within_budget and not old.within_budget:
            yield words("within the budget again")


def _causes(causes: Iterable[Cause], words: Translator) -> str:
    return "; ".join(f"{_cause(one, words)} {signed(one.delta, words)}" for one in causes)


def _cause(one: Cause, words: Translator) -> str:
    return words.term(one.rule or one.what, DIFF_CAUSES)


def _columns(diff: Diff, words: Translator) -> list[Column]:
    return [
        Column(words("Resource"), folds=True),
        Column(words("What changed"), folds=True),
        Column(words("Before"), right=True, is_minor=True),
        Column(words("After"), right=True, is_minor=True),
        Column(words("{currency}/month", currency=diff.currency), right=True),
    ]


def _rows(one: ResourceDiff, words: Translator) -> Iterator[Row]:
    yield row_of(
        Cell(_named(one), "strong"),
        what_changed(one, words),
        cost_text(one.old_cost, one.old_unpriced, words) if one.old_name else "-",
        cost_text(one.new_cost, one.new_unpriced, words) if one.change != "removed" else "-",
        signed(one.delta, words),
    )
    yield from (_line_row(line, words) for line in one.lines if one.change in ("changed", "moved"))


def _named(one: ResourceDiff) -> str:
    return f"{one.called_before} -> {one.called}" if one.called_before else one.called


def what_changed(one: ResourceDiff, words: Translator) -> str:
    """Name what became of it, or the causes; with their parts where there are several."""
    kinds = f"{one.old_kind} -> {one.kind}" if one.old_kind else ""
    if one.change != "changed" or not one.causes:
        return kinds or words.term(one.change, CHANGES)
    causes = _cause(one.causes[0], words) if len(one.causes) == 1 else _causes(one.causes, words)
    return f"{kinds}; {causes}" if kinds else causes


def _line_row(line: LineDiff, words: Translator) -> Row:
    return row_of(
        Cell(f"  {words.price_name(line.name)}", "faint"),
        _line_change(line, words),
        words.amount(line.old_cost) if line.old_quantity is not None else "-",
        words.amount(line.new_cost) if line.new_quantity is not None else "-",
        signed(line.delta, words),
        tone="faint",
    )


def _line_change(line: LineDiff, words: Translator) -> str:
    """Say what is other: `720 -> 1,440 core·hour; price 1.19 -> 1.3`."""
    quantities = [one for one in (line.old_quantity, line.new_quantity) if one is not None]
    shown = [words.usage(one, line.unit) for one in quantities]
    if line.change != "changed":
        if any(one.what == "price" for one in line.causes):
            is_gone = line.change == "removed"
            message = "no price any more: {quantity}" if is_gone else "has a price now: {quantity}"
            return words(message, quantity=shown[0])
        return f"{words.term(line.change, CHANGES)}: {shown[0]}"
    said = [" -> ".join(shown)] if quantities[0] != quantities[-1] else []
    prices = line.old_unit_price, line.new_unit_price
    causes = [one for one in line.causes if (one.what, one.rule) != ("quantity", "")]
    if causes and prices[0] != prices[1] and None not in prices:  # else only more of it is in a higher tier
        old, new = _told_apart(*prices, words)
        said.append(words("price {old} -> {new}", old=old, new=new))
    names = ", ".join(_cause(one, words) for one in causes if one.what != "price")
    return "; ".join(said) + (f" ({names})" if names else "")


def _told_apart(old: Decimal | None, new: Decimal | None, words: Translator) -> tuple[str, str]:
    """Write two prices with as many digits as it takes to see that they differ."""
    for digits in range(4, 20):
        shown = [words.significant(one or Decimal(0), digits) for one in (old, new)]
        if shown[0] != shown[1]:
            break
    return shown[0], shown[1]


def _folded_row(folded: Sequence[ResourceDiff], currency: str, words: Translator) -> Row:
    delta = exact_sum([one.delta for one in folded])
    said = words.many("and {count} more", "and {count} more", len(folded))
    return row_of(said, words("together"), "", "", signed(delta, words), tone="faint")


def _foot(diff: Diff, words: Translator) -> Iterator[Row]:
    parts = [one.delta for one in diff.resources]
    rest = rounding(parts, diff.delta) if len(parts) <= SHOWN else Decimal(0)
    if rest:
        yield row_of(words("rounding"), "", "", "", words.all_digits(rest), tone="faint", is_total=True)
    yield Row(
        [
            Cell(words("total"), "strong"),
            Cell(""),
            Cell(total_text(diff.old, words)),
            Cell(total_text(diff.new, words)),
            Cell(signed(diff.delta, words), "strong"),
        ],
        rule=True,
        is_total=True,
    )


def _details(folded: Sequence[ResourceDiff], diff: Diff, words: Translator) -> View:
    rows = [row for one in folded for row in _rows(one, words)]
    return View(words("The smaller changes"), [], [Table(_columns(diff, words), rows)])

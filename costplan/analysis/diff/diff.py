"""Compare two bills: resource by resource, line by line, with the cause of each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.diff.causes import sum_of_causes
from costplan.analysis.diff.documents import DIFF_SCHEMA, Change, Diff, DiffSide, LineDiff, ResourceDiff
from costplan.analysis.diff.findings import (
    assumption_changes,
    feasibility_changes,
    terraform_notes,
    unpriced_changes,
)
from costplan.analysis.diff.line_diff import Bill, line_diff
from costplan.analysis.diff.lines import line_pairs
from costplan.analysis.diff.pairs import Member, ResourcePair, resource_pairs
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.catalog_stamp import joined_stamps
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import EXACT, exact_sum, quantized

NOTHING = Decimal(0)


def diff_estimates(
    old: Estimate,
    new: Estimate,
    *,
    sources: tuple[str, str] | None = None,
    moves: Mapping[str, str] | None = None,
    notes: Iterable[str] = (),
) -> Diff:
    """Compare two bills of one currency.

    Args:
        old: The bill before.
        new: The bill after.
        sources: What the two are called; their names when left out.
        moves: Address after -> address before, where a plan of Terraform states moves.
        notes: What goes with the comparison.

    Raises:
        InputError: The currencies differ.
    """
    if old.currency != new.currency:
        raise InputError(
            Reason("the two are in different currencies: {old} and {new}", old.currency, new.currency),
            hint="there is no exchange rate; estimate both with one --currency",
        )
    bills = Bill.of(old), Bill.of(new)
    pairs = list(resource_pairs(old, new, moves or {}))
    renamed = {first.name: second.name for first, second in pairs if first and second}
    found = [one for pair in pairs if (one := _resource_diff(pair, *bills, moves or {})) is not None]
    resources = tuple(sorted(found, key=lambda one: (-abs(one.delta), one.name)))
    named = sources or (old.name, new.name)
    sides = _side(old, named[0]), _side(new, named[1])
    stamp = joined_stamps([new.catalog, old.catalog])
    made = Diff(
        schema=DIFF_SCHEMA,
        currency=new.currency,
        vat=new.vat,
        catalog=replace(stamp, assumed_prices=()),
        old=sides[0],
        new=sides[1],
        changed=False,
        delta=EXACT.subtract(new.total.monthly_cost, old.total.monthly_cost),
        ratio=_ratio(new.total.monthly_cost, old.total.monthly_cost),
        causes=sum_of_causes(cause for one in resources for cause in one.causes),
        resources=resources,
        unpriced=tuple(unpriced_changes(old, new, renamed)),
        assumptions=tuple(assumption_changes(old, new, renamed)),
        feasibility=tuple(feasibility_changes(old, new, renamed)),
        cost_per_million_delta=_difference(*(one.cost_per_million_requests for one in (old, new))),
        notes=(*terraform_notes(old, new), *notes),
    )
    return replace(made, changed=_is_changed(made))


def _is_changed(made: Diff) -> bool:
    listed = made.resources, made.unpriced, made.assumptions, made.feasibility
    sides = [
        (
            one.verdict,
            one.slo,
            one.within_budget,
            one.monthly_requests,
            one.cost_per_million_requests,
        )
        for one in (made.old, made.new)
    ]
    return any(listed) or sides[0] != sides[1]


def _resource_diff(pair: ResourcePair, old: Bill, new: Bill, moves: Mapping[str, str]) -> ResourceDiff | None:
    """Compare a resource with itself; None where it is as it was."""
    first, second = pair
    lines = tuple(_line_diffs(first, second, old, new))
    before = _name_before(first, second, moves) if first is not None and second is not None else ""
    is_moved = bool(before)
    if first is not None and second is not None and not lines and not is_moved:
        return None
    shown = second or first
    assert shown is not None
    costs = [one.resource.monthly_cost if one is not None else NOTHING for one in (first, second)]
    kinds = [one.resource.kind if one is not None else "" for one in (first, second)]
    return ResourceDiff(
        name=shown.name,
        old_name=first.name if first is not None else "",
        change=_change(first, second, is_moved=is_moved),
        kind=shown.resource.kind,
        role=shown.resource.role,
        old_cost=costs[0],
        new_cost=costs[1],
        delta=EXACT.subtract(costs[1], costs[0]),
        causes=sum_of_causes(cause for line in lines for cause in line.causes),
        lines=lines,
        address=shown.address,
        old_address=before if shown.address else "",
        old_kind=kinds[0] if all(kinds) and kinds[0] != kinds[1] else "",
        old_unpriced=len(first.unpriced) if first is not None else 0,
        new_unpriced=len(second.unpriced) if second is not None else 0,
    )


def _line_diffs(first: Member | None, second: Member | None, old: Bill, new: Bill) -> list[LineDiff]:
    pairs = line_pairs(first.lines if first else (), second.lines if second else ())
    unpriced = {sku for one in (first, second) if one is not None for sku, _ in one.unpriced}
    found = [one for pair in pairs if (one := line_diff(pair, old, new, unpriced)) is not None]
    return sorted(found, key=lambda one: (-abs(one.delta), one.service, one.sku, one.name))


def _name_before(first: Member, second: Member, moves: Mapping[str, str]) -> str:
    """Return how it was called where that is other: by its address where both have one, else by its name.

    A plan of Terraform has what it moves at the new address already in what is there before it.
    """
    if first.address and second.address:
        before = moves.get(second.address, first.address)
        return before if before != second.address else ""
    return first.name if first.name != second.name else ""


def _change(first: Member | None, second: Member | None, *, is_moved: bool) -> Change:
    if first is None:
        return "added"
    if second is None:
        return "removed"
    return "moved" if is_moved and first.content == second.content else "changed"


def _side(estimate: Estimate, source: str) -> DiffSide:
    lines = [line for resource in estimate.resources for line in resource.line_items]
    budget = estimate.budget
    return DiffSide(
        source=source,
        name=estimate.name,
        scenario=estimate.scenario,
        title=estimate.title,
        variants=estimate.variants,
        as_of=estimate.catalog.as_of,
        catalog=estimate.catalog.name,
        catalog_sha256=estimate.catalog.sha256,
        vat_rate=estimate.total.vat_rate,
        hours_per_month=estimate.hours_per_month,
        monthly_requests=estimate.workload.get("monthly_requests") or NOTHING,
        total=estimate.total,
        cost_per_million_requests=estimate.cost_per_million_requests,
        verdict=estimate.verdict,
        slo=estimate.slo,
        resources=len(estimate.resources),
        unpriced=len(estimate.unpriced),
        assumed_cost=exact_sum(
            [one.monthly_cost for one in lines if "assumed" in (one.provenance, one.quantity_provenance)]
        ),
        within_budget=budget.total.within if budget is not None else None,
    )


def _ratio(new: Decimal, old: Decimal) -> Decimal | None:
    return quantized(EXACT.divide(new, old)) if old else None


def _difference(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    return None if old is None or new is None else EXACT.subtract(new, old)

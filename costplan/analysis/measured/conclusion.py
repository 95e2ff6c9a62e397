"""Which of the measurements is cheaper under the SLO, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from costplan.analysis.measured.contender import Contender
from costplan.analysis.measured.costs import cheaper
from costplan.analysis.measured.documents import ComparedResult, Conclusion, Outcome, Ratio
from costplan.measurement.model import CostRow

_RANKS = {"measured": 0, "scaled": 1, "assumed": 2}
"""Bases of a cost, the surest first."""


_UNJUDGED = ("TOO-FEW-SAMPLES", "INVALID", "NOT-MEASURED")
"""Verdicts of runs that say nothing of an SLO when they found no capacity."""


class _Priced(NamedTuple):
    one: Contender
    row: CostRow
    cost: Decimal


def conclusion_of(contenders: Sequence[Contender], results: Sequence[ComparedResult]) -> Conclusion:
    """Compare the cheapest with the next, on the machine where that is best known and cheapest.

    Where each was measured on a machine of the catalog, but not on the same, each counts on its own.
    """
    if any(difference.breaks for result in results for difference in result.differences):
        return Conclusion("not-comparable")
    unknown = next((one for one in contenders if one.capacity() is None and not _was_judged(one)), None)
    if unknown is not None:
        return Conclusion("no-capacity", than=unknown.name)
    keeping = [one for one in contenders if one.capacity() is not None]
    if len(keeping) < 2:
        name = keeping[0].name if keeping else ""
        return Conclusion("one-keeps-slo" if keeping else "none-keeps-slo", cheaper=name)
    priced = _on_their_own_machines(keeping) or _on_one_machine(keeping)
    if priced is None:
        return Conclusion("no-price")
    best, next_best = sorted(priced, key=lambda found: found.cost)[:2]
    ratio = cheaper(best.one, next_best.one, best.row.instance, next_best.row.instance)
    return Conclusion(
        outcome=_outcome(ratio),
        cheaper=best.one.name,
        than=next_best.one.name,
        instance=best.row.instance,
        other_instance=next_best.row.instance,
        ratio=ratio,
        is_claim=best.row.is_claim and next_best.row.is_claim,
    )


def _was_judged(one: Contender) -> bool:
    """Say whether a missing capacity means that no rate keeps the SLO, and not that the run went wrong."""
    found = one.measured
    return found.verdict not in _UNJUDGED and found.capacity.verdict not in _UNJUDGED


def _outcome(ratio: Ratio | None) -> Outcome:
    if ratio is None or ratio.low is None:
        return "no-interval"
    return "cheaper" if ratio.is_above_one else "no-difference"


def _on_one_machine(contenders: Sequence[Contender]) -> list[_Priced] | None:
    """Return all costs on the machine where they rest on the surest basis, of those the cheapest one.

    What is billed by the call counts only where no machine is priced: its cost is that of requests one by
    one, not that of the capacity.
    """
    found: list[list[_Priced]] = []
    for row in contenders[0].measured.cost:
        rows = [_priced(one, row.instance) for one in contenders]
        known = [one for one in rows if one is not None]
        if len(known) == len(rows):
            found.append(known)
    return min(found, key=_preference, default=None)


def _preference(priced: Sequence[_Priced]) -> tuple[bool, int, Decimal]:
    is_by_call = any(found.row.hourly_cost is None for found in priced)
    return is_by_call, max(_rank(found.row) for found in priced), min(found.cost for found in priced)


def _on_their_own_machines(contenders: Sequence[Contender]) -> list[_Priced] | None:
    """Return the cheapest cost of each on a machine like its own; None where one has none."""
    best: list[_Priced] = []
    for one in contenders:
        rows = (_priced(one, row.instance) for row in one.measured.cost if row.basis == "measured")
        found = min((row for row in rows if row is not None), key=lambda row: row.cost, default=None)
        if found is None:
            return None
        best.append(found)
    return best if len({found.row.instance for found in best}) > 1 else None


def _priced(one: Contender, instance: str) -> _Priced | None:
    row = one.row(instance)
    if row is None or row.cost_per_million_requests is None:
        return None
    return _Priced(one, row, row.cost_per_million_requests)


def _rank(row: CostRow) -> int:
    return _RANKS[row.basis] if row.basis is not None else len(_RANKS)

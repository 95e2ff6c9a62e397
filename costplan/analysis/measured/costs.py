"""What a million requests cost with each measurement, machine by machine, and how many times as cheap."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.measured.contender import Contender
from costplan.analysis.measured.documents import ComparedCost, ComparedMachine, Ratio
from costplan.analysis.measured.ratios import ratio_of

_SAME = 1e-6
"""Factors that differ by less are the same: rates are rounded when they are written."""


def compared_machines(contenders: Sequence[Contender]) -> tuple[ComparedMachine, ...]:
    """Return a row per machine that any of the measurements is priced on."""
    rows = [row for one in contenders for row in one.measured.cost]
    hourly = {row.instance: row.hourly_cost for row in rows}
    return tuple(
        ComparedMachine(name, cost, tuple(_cost(one, contenders[0], name) for one in contenders))
        for name, cost in hourly.items()
    )


def cheaper(
    one: Contender, than: Contender, instance: str, other_instance: str | None = None
) -> Ratio | None:
    """Return the cost of `than` over that of `one`, on one machine or each on its own."""
    other = other_instance or instance
    is_same = instance == other and _is_same_speed(one, than, instance)
    return ratio_of(than.cost(other, is_same_speed=is_same), one.cost(instance, is_same_speed=is_same))


def _cost(one: Contender, first: Contender, instance: str) -> ComparedCost:
    row = one.row(instance)
    if row is None:
        return ComparedCost(one.name, None, False, None, None, None, None)
    return ComparedCost(
        name=one.name,
        basis=row.basis,
        is_claim=row.is_claim,
        cost_per_million_requests=row.cost_per_million_requests,
        low=row.low,
        high=row.high,
        cheaper=None if one is first else cheaper(one, first, instance),
    )


def _is_same_speed(one: Contender, other: Contender, instance: str) -> bool:
    """Say whether both were taken to a machine by one factor: what it is then does not matter."""
    factors = one.speed(instance), other.speed(instance)
    if factors[0] is None or factors[1] is None:
        return False
    return abs(float(factors[0] / factors[1]) - 1) < _SAME

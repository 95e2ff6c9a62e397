"""Designs over the load on one axis: each line of their costs, where they cross, who wins where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from costplan.analysis.curve.cheapest import cheapest_ranges
from costplan.analysis.curve.crossovers import Change, order_changes, refine_on_bills
from costplan.analysis.curve.design_curve import DesignCurve
from costplan.analysis.curve.documents import (
    CURVE_SCHEMA,
    Crossover,
    CrossoverSide,
    Curve,
    CurvePoint,
    CurveSegment,
    ScenarioCurve,
)
from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.curve.step_causes import Causes, step_causes
from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.bill_formula import LOAD
from costplan.pricing.catalog_stamp import at_any_load, joined_stamps
from costplan.pricing.stated_slo import stated_slo
from costplan.quantities.money import quantized
from costplan.scenario.load_many import number_duplicates
from costplan.scenario.loaded import LoadedScenario

MOST_REQUESTS = 10**12
"""Highest load of a curve: more requests a month than there are."""
MOST_POINTS = 100_000
"""Most sampled loads."""
USUAL_POINTS = 61
"""Sampled loads: ten to each power of ten between a thousand and a billion."""
MOST_CROSSOVERS = 200
"""Crossovers that are looked at with the bills of both sides, some milliseconds each."""
MOST_BENDS = 1000
"""Bends of one cost that become points of a chart; more lie closer than a chart can show."""


def curve(
    scenarios: Sequence[LoadedScenario],
    first: int,
    last: int,
    *,
    points: int = USUAL_POINTS,
    currency: Currency | None = None,
    as_of: date | None = None,
) -> Curve:
    """Set scenarios on one axis of loads.

    Args:
        scenarios: At least one; all in one currency, unless `currency` names it.
        first: Fewest requests a month.
        last: Most requests a month.
        points: Loads that are sampled for a chart, besides both sides of each step.
        currency: Another currency than the scenarios' own.
        as_of: Another day than the scenarios', or the catalog's, own.

    Raises:
        InputError: The range is none, the currencies differ, or a scenario cannot be priced.
    """
    _check_range(first, last, points)
    currencies = {currency or scenario.currency for scenario in scenarios}
    if len(currencies) > 1:
        listed = ", ".join(sorted(currencies))
        raise InputError(
            Reason("the scenarios are in different currencies: {currencies}", listed),
            hint="name one with --currency RUB",
        )
    designs = [
        DesignCurve(PricedDesign(scenario, currency, as_of), name, first, last)
        for scenario, name in zip(
            scenarios, number_duplicates([scenario.name for scenario in scenarios]), strict=True
        )
    ]
    loads = sampled_loads(first, last, points)
    changes = _settled_changes(designs)
    known = [found for found in changes if not any(design.formula.unpriced for design in found[1:])]
    causes = {design.name: step_causes(design, design.cost.starts[1:]) for design in designs}
    bill = designs[0].design.estimate_at(first)
    return Curve(
        schema=CURVE_SCHEMA,
        currency=bill.currency,
        vat=bill.vat,
        catalog=at_any_load(joined_stamps([design.design.estimate_at(first).catalog for design in designs])),
        start=first,
        end=last,
        scenarios=tuple(_scenario_curve(design, causes[design.name], loads) for design in designs),
        crossovers=tuple(_crossover(*found, causes) for found in known[:MOST_CROSSOVERS]),
        crossovers_left_out=max(0, len(known) - MOST_CROSSOVERS),
        cheapest=tuple(cheapest_ranges(designs, [change.load for change, _, _ in changes])),
    )


def _check_range(first: int, last: int, points: int) -> None:
    hint = "give a range like --from 1K --to 1B"
    if first < 1:
        raise InputError(Reason("a curve starts at 1 request a month or more, got {first}", first), hint=hint)
    if last > MOST_REQUESTS:
        raise InputError(
            Reason("a curve ends at {most} requests a month, got {last}", MOST_REQUESTS, last),
            hint=hint,
        )
    if first >= last:
        raise InputError(
            Reason("a curve runs from fewer requests to more, got {first} to {last}", first, last), hint=hint
        )
    if not 2 <= points <= MOST_POINTS:
        raise InputError(Reason("a curve is sampled at 2 to {most} loads, got {points}", MOST_POINTS, points))


def sampled_loads(first: int, last: int, points: int) -> list[int]:
    """Return whole loads in even steps of their logarithm, both ends among them, each once."""
    ratio = (last / first) ** (1 / (points - 1))
    inner = (round(first * ratio**number) for number in range(1, points - 1))
    return sorted({first, *(min(max(load, first), last) for load in inner), last})


def _scenario_curve(design: DesignCurve, causes: Causes, loads: Sequence[int]) -> ScenarioCurve:
    starts = sorted({*design.cost.starts, *(turn for turn in design.turns if turn <= design.last)})
    return ScenarioCurve(
        scenario=design.name,
        title=design.design.scenario.title,
        unpriced=design.formula.unpriced,
        segments=tuple(_segments(design, starts, causes)),
        infeasible=design.infeasible,
        points=tuple(_points(design, starts, loads)),
        slo=stated_slo(design.design.scenario.model.workload.slo),
        unsized=tuple(one.resource for one in design.formula.unknowns if one.what == "no-capacity"),
        unknowns=design.formula.unknowns,
        caveats=design.formula.caveats,
        not_billed=design.formula.not_billed,
        quota_raises=design.quota_raises,
    )


def _segments(design: DesignCurve, starts: Sequence[int], causes: Causes) -> Iterator[CurveSegment]:
    for start, following in pairwise([*starts, design.last + 1]):
        yield CurveSegment(
            start=start,
            end=following - 1,
            cost_at_start=quantized(design.cost(start)),
            cost_at_end=quantized(design.cost(following - 1)),
            cost_per_further_million=quantized(design.cost.slope(design.cost.piece_at(start)) * 1_000_000),
            cause=causes.get(start, ()),
            feasible=design.is_feasible(start),
        )


SAMPLED = Decimal("1e-8")
"""Digits of a cost between two bends, which is worked out in floats."""


def _points(design: DesignCurve, starts: Sequence[int], loads: Sequence[int]) -> Iterator[CurvePoint]:
    """Give both sides of each bend, exactly, and the sampled loads, all of them in one go."""
    from costplan.formulas.to_arrays import compile_grid

    [totals] = compile_grid([design.formula.total])({LOAD: loads})
    costs = dict(zip(loads, (Decimal(float(total)).quantize(SAMPLED) for total in totals), strict=True))
    apart = -(-len(starts) // MOST_BENDS)
    for start in starts[1::apart]:
        costs |= {load: quantized(design.cost(load)) for load in (start - 1, start)}
    for load in sorted(costs):
        million = quantized(Fraction(costs[load]) * 1_000_000 / load)
        yield CurvePoint(load, costs[load], million, design.is_feasible(load))


Found = tuple[Change, DesignCurve, DesignCurve]


def _settled_changes(designs: Sequence[DesignCurve]) -> list[Found]:
    """Find all changes of order and settle the first of them by the bills.

    Of a design without all of its prices it is not known where others cross it: such changes matter only
    where there is no other design, and nobody is told of them.
    """
    found = [
        (change, one, two)
        for one, two in combinations(designs, 2)
        for change in order_changes(one.cost, two.cost)
    ]
    found.sort(key=lambda item: (bool(item[1].formula.unpriced or item[2].formula.unpriced), item[0].load))
    return [
        (_settled(change, one, two) if number < MOST_CROSSOVERS else change, one, two)
        for number, (change, one, two) in enumerate(found)
    ]


def _settled(change: Change, one: DesignCurve, two: DesignCurve) -> Change:
    def is_after(load: int) -> bool:
        difference = one.cost_at(load) - two.cost_at(load)
        return difference > 0 if change.rises else difference < 0

    own = one.cost.piece_at(change.load), two.cost.piece_at(change.load)
    low = max(one.cost.starts[own[0]], two.cost.starts[own[1]])
    high = min(one.cost.end_of(own[0]), two.cost.end_of(own[1]))
    return Change(refine_on_bills(change, max(low - 1, one.first), high, is_after), change.rises, change.kind)


def _crossover(change: Change, one: DesignCurve, two: DesignCurve, causes: Mapping[str, Causes]) -> Crossover:
    before, after = (one, two) if change.rises else (two, one)
    made = [
        Reason("{scenario}: {cause}", scenario=design.name, cause=cause)
        for design in (one, two)
        for cause in causes[design.name].get(change.load, ())
        if change.kind == "step"
    ]
    return Crossover(
        cheaper_before=before.name,
        cheaper_after=after.name,
        kind=change.kind,
        cause=tuple(made),
        before=_side(change.load - 1, one, two),
        after=_side(change.load, one, two),
    )


def _side(load: int, *designs: DesignCurve) -> CrossoverSide:
    obstacles = {design.name: design.obstacles(load) for design in designs}
    return CrossoverSide(
        monthly_requests=load,
        costs={design.name: design.cost_at(load) for design in designs},
        obstacles={name: found for name, found in obstacles.items() if found},
    )

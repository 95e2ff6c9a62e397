"""Curves agree with the exact engine: at every sampled load, and at every crossing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from amounts import cases
from growing_scenarios import Growing, at_load, filled, full_loads, loaded
from independent import read_catalog
from steep_scenarios import Steep

from costplan.analysis.curve.curve import curve
from costplan.analysis.curve.documents import Curve
from costplan.catalog.store import Catalog
from costplan.formulas.to_arrays import compile_grid
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

CATALOGS = Path(__file__).parents[2] / "catalogs"
SCENARIOS = cases(30, 150)
MILLIONTH = Fraction(1, 10**8)
"""Of a kopeck, the smallest unit."""


LARGE = 10**8
"""Roubles: above, a float's last digit is coarser than the bound."""


def bills_of_the_grid(scenario: LoadedScenario, loads: Sequence[int], seed: int) -> list[Fraction]:
    """Return the exact bills at some loads, once those of the grid are seen to be the same."""
    bill = bill_formula(with_variable_load(scenario))
    [totals] = compile_grid([bill.total])({LOAD: np.array(loads)})
    bills = [Fraction(price_scenario(at_load(scenario, load)).total.monthly_cost) for load in loads]
    for load, total, exact in zip(loads, totals, bills, strict=True):
        digits = Fraction(4 * float(np.spacing(total))) if exact > LARGE else 0
        assert abs(Fraction(float(total)) - exact) <= max(MILLIONTH * bill.lines, digits), (seed, load)
    return bills


def test_the_grid_gives_the_bill_at_every_sampled_load(tmp_path: Path) -> None:
    """To a millionth of a kopeck for each line; above 100 million, to the last digits that a float has.

    A scenario whose bill is above that at every load is compared too, but stands for no other: its seed goes
    on to the next scenario that it makes.
    """
    catalog, shipped = read_catalog(CATALOGS / "yandex-cloud"), Catalog.shipped()
    large = compared = 0
    for seed in range(SCENARIOS):
        maker, random = Growing(seed, catalog), Random(seed)
        bills: list[Fraction] = []
        while not any(exact <= LARGE for exact in bills):
            document = maker.scenario()
            # Most of the cases at loads whose bills a float holds to the bound; some at any load.
            loads = [int(10 ** random.uniform(3, most)) for most in (9, 9, 9, 7, 7, 7, 7)]
            loads += full_loads(document, random)[:3]
            bills = bills_of_the_grid(loaded(document, shipped, tmp_path), loads, seed)
        large += sum(exact > LARGE for exact in bills)
        compared += len(bills)
    assert compared > 3 * SCENARIOS
    assert large < compared / 20


Change = tuple[int, bool]
"""First load of a new order of two costs, and whether the first of them now costs more."""
Difference = Callable[[int], Decimal]


def changes_at(loads: Sequence[int], difference: Difference) -> list[Change]:
    """Walk over loads; equality keeps the order."""
    order, found = 0, []
    for load in loads:
        cost = difference(load)
        sign = (cost > 0) - (cost < 0)
        if sign and sign != order and (order or load > loads[0]):
            found.append((load, sign > 0))
        order = sign or order
    return found


def crossovers_of(found: Curve) -> list[Change]:
    first = found.scenarios[0].scenario
    return [(one.after.monthly_requests, one.cheaper_before == first) for one in found.crossovers]


LAST = 160
POOL = 24
PAIRS = 200


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[LoadedScenario, list[Estimate]]]:
    """Scenarios with their bills at every single load from 1 to `LAST`, from the exact engine."""
    folder, catalog = tmp_path_factory.mktemp("steep"), Catalog.shipped()
    scenarios = [loaded(Steep(seed).scenario(), catalog, folder) for seed in range(POOL)]
    return [(one, [price_scenario(at_load(one, load)) for load in range(1, LAST + 1)]) for one in scenarios]


def test_crossovers_of_200_generated_pairs_are_those_of_brute_force(
    pool: list[tuple[LoadedScenario, list[Estimate]]],
) -> None:
    """Every load is priced by the engine: no crossing is missed or made up, each is right to a request."""
    pairs = Random(7).sample(list(combinations(pool, 2)), k=PAIRS)
    kinds = []
    for (one, bills), (two, others) in pairs:
        found = curve([one, two], 1, LAST, points=2)
        costs = [[bill.total.monthly_cost for bill in each] for each in (bills, others)]
        assert crossovers_of(found) == changes_at(
            range(1, LAST + 1), lambda load, costs=costs: costs[0][load - 1] - costs[1][load - 1]
        )
        for change in found.crossovers:
            kinds.append(change.kind)
            for side in (change.before, change.after):
                place = side.monthly_requests - 1
                assert list(side.costs.values()) == [costs[0][place], costs[1][place]]
                unmet = [bool(bills[place].unmet), bool(others[place].unmet)]
                assert [name in side.obstacles for name in side.costs] == unmet
    assert kinds.count("step") > 20
    assert kinds.count("crossing") > 20


def test_the_cheapest_design_that_meets_its_requirements_is_that_of_brute_force(
    pool: list[tuple[LoadedScenario, list[Estimate]]],
) -> None:
    for number in range(POOL - 3):
        several = pool[number : number + 3]
        found = curve([scenario for scenario, _ in several], 1, LAST, points=2)
        names = [one.scenario for one in found.scenarios]
        winners = [one.scenario for one in found.cheapest for _ in range(one.start, one.end + 1)]
        for load, winner in enumerate(winners, start=1):
            bills = {name: each[load - 1] for name, (_, each) in zip(names, several, strict=True)}
            costs = {name: bill.total.monthly_cost for name, bill in bills.items() if not bill.unmet}
            assert costs[winner] == min(costs.values()) if costs else winner is None
        assert len(winners) == LAST


def test_every_line_of_a_curve_ends_in_the_bills_of_its_ends(
    pool: list[tuple[LoadedScenario, list[Estimate]]],
) -> None:
    """And bends nowhere between: twice the middle is both neighbours."""
    for scenario, bills in pool:
        [one] = curve([scenario], 1, LAST, points=2).scenarios
        costs = [bill.total.monthly_cost for bill in bills]
        starts = {line.start for line in one.segments}
        for line in one.segments:
            assert abs(line.cost_at_start - costs[line.start - 1]) < Decimal("1e-9")
            assert abs(line.cost_at_end - costs[line.end - 1]) < Decimal("1e-9")
            assert {bool(bills[load - 1].unmet) for load in range(line.start, line.end + 1)} == {
                not line.feasible
            }
        for load in range(2, LAST):
            bend = costs[load - 2] + costs[load] - 2 * costs[load - 1]
            assert abs(bend) < Decimal("1e-9") or starts & {load, load + 1}


def dense(loads: Sequence[int], difference: Difference) -> list[Change]:
    """Walk over some loads, and halve the way wherever two neighbours differ in order."""
    found = []
    for change, dearer in changes_at(loads, difference):
        low = max(load for load in loads if load < change)
        high = change
        while high - low > 1:
            middle = (low + high) // 2
            if (difference(middle) > 0) is dearer and difference(middle):
                high = middle
            else:
                low = middle
        found.append((high, dearer))
    return found


def log_grid(count: int) -> set[int]:
    return {round(10 ** (3 + 6 * number / count)) for number in range(count + 1)}


def engine_difference(one: LoadedScenario, two: LoadedScenario) -> Difference:
    costs: dict[int, Decimal] = {}

    def difference(load: int) -> Decimal:
        if load not in costs:
            first, second = (price_scenario(at_load(each, load)).total.monthly_cost for each in (one, two))
            costs[load] = first - second
        return costs[load]

    return difference


STAGES = ("stage1", "stage2", "stage3", "stage2:lean")


@pytest.mark.parametrize("pair", list(combinations(STAGES, 2)), ids="-".join)
def test_crossovers_of_shipped_stages_are_those_of_a_dense_search(pair: tuple[str, str]) -> None:
    one, two = (load_scenario(name, lambda _: Catalog.shipped()) for name in pair)
    found = crossovers_of(curve([one, two], 10**3, 10**9))
    # Steps of machines lie close together from 100 million requests on: there it looks at every per cent.
    grid = log_grid(36) | {load for load in log_grid(1440) if load >= 10**8}
    assert found == dense(sorted(grid), engine_difference(one, two))


def priced(document: dict[str, Any], catalog: Catalog, folder: Path) -> dict[str, Any]:
    """Take away the resources that lack a price: where a lower bound crosses another cost is not known."""
    document = {key: value for key, value in document.items() if key != "as_of"}  # most prices are of today
    scenario = loaded(document, catalog, folder)
    lacking = {part.resource for part in price_scenario(scenario).unpriced}
    kept = {name: made for name, made in document["resources"].items() if name not in lacking}
    for made in kept.values():
        if "talks_to" in made:
            made["talks_to"] = [name for name in made["talks_to"] if name in kept]
    # A stand-in for a SKU that no resource uses any more is refused; without the others, what is kept would
    # lack a price.
    used = {code for name in kept for code in scenario.resources[name].usable_skus(scenario.context)}
    prices = {code: made for code, made in document.get("prices", {}).items() if code in used}
    return {**document, "resources": kept, "prices": prices}


def test_crossovers_of_generated_scenarios_are_those_of_a_dense_search(tmp_path: Path) -> None:
    """Over six powers of ten; the loads that fill one more machine are worked out by hand.

    A fixed cost makes any two cost the same at a load drawn by chance, so that there is something to find.
    """
    catalog, shipped = read_catalog(CATALOGS / "yandex-cloud"), Catalog.shipped()
    crossed = []
    for seed in range(0, SCENARIOS // 3, 2):
        documents = [Growing(seed + n, catalog, 200_000, 2_000_000).scenario() for n in range(2)]
        documents = [priced(document, shipped, tmp_path) for document in documents]
        if not all(document["resources"] for document in documents):
            continue
        one, two = (loaded(document, shipped, tmp_path) for document in documents)
        apart = engine_difference(one, two)(int(10 ** Random(seed).uniform(4, 8.5)))
        amounts = {"RUB": f"{abs(apart):.2f}"}
        filler = {"kind": "fixed-cost", "role": "other", "amounts": amounts, "source": "a test"}
        documents[apart > 0]["resources"]["filler"] = filler
        one, two = (loaded(document, shipped, tmp_path) for document in documents)
        full = {load for document in documents for load in filled(document)}
        loads = sorted(log_grid(12) | full | {load + 1 for load in full if load < 10**9})
        curves = curve([one, two], 10**3, 10**9, points=2)
        assert [each.unpriced for each in curves.scenarios] == [0, 0], seed
        found = crossovers_of(curves)
        assert found == dense(loads, engine_difference(one, two)), seed
        crossed.append(len(found))
    assert sum(crossed) > len(crossed) / 2

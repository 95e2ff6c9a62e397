"""Curves agree with the exact engine: at every sampled load, and at every crossing."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
from growing_scenarios import Growing, at_load, full_loads, loaded
from independent import read_catalog

from costplan.analysis.grid import compile_grid
from costplan.catalog.store import Catalog
from costplan.pricing.bill_formula import LOAD, bill_formula, with_varying_load
from costplan.pricing.engine import price_scenario

CATALOGS = Path(__file__).parents[2] / "catalogs"
SCENARIOS = int(os.environ.get("COSTPLAN_SCENARIOS", "150"))
MILLIONTH = Fraction(1, 10**8)
"""Of a kopeck, the smallest unit."""


def test_the_grid_gives_the_bill_at_every_sampled_load(tmp_path: Path) -> None:
    """To a millionth of a kopeck for each line; above 100 million, to the last digits that a float has."""
    catalog, shipped = read_catalog(CATALOGS / "yandex-cloud"), Catalog.shipped()
    large = compared = 0
    for seed in range(SCENARIOS):
        document = Growing(seed, catalog).scenario()
        scenario = loaded(document, shipped, tmp_path)
        random = Random(seed)
        loads = [int(10 ** random.uniform(3, 9)) for _ in range(3)] + full_loads(document, random)[:3]
        bill = bill_formula(with_varying_load(scenario))
        [totals] = compile_grid([bill.total])({LOAD: np.array(loads)})
        for load, total in zip(loads, totals, strict=True):
            exact = Fraction(price_scenario(at_load(scenario, load)).total.monthly_cost)
            digits = Fraction(4 * float(np.spacing(total))) if exact > 10**8 else 0
            assert abs(Fraction(float(total)) - exact) <= max(MILLIONTH * bill.lines, digits), (seed, load)
            large += exact > 10**8
            compared += 1
    assert compared > 3 * SCENARIOS
    assert large < compared / 20

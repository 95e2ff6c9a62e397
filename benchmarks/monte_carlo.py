"""Draws of stage 3 against the same lines written by hand: `python benchmarks/monte_carlo.py`.

Five inputs of the shipped stage get distributions; its measured capacity has one. On one side costplan:
scrambled Sobol points, inverse distributions, the bill's formula. On the other plain NumPy: random numbers of
the same distributions, and the lines of the bill that they move, each written out with its tiers and nodes.
Both are made anew in each round, in turn; published is the ratio of the two times, the median of the rounds.
The two bills must be the same in every draw. The limit is 3.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.uncertainty.draws import Sampler, rounded_draws
from costplan.analysis.uncertainty.simulation import simulate, spread
from costplan.analysis.uncertainty.uncertainty import sampler_of, with_uncertain_variables
from costplan.capacity.arrivals import PROFILES
from costplan.catalog.store import Catalog
from costplan.pricing.bill_formula import bill_formula
from costplan.pricing.engine import price_scenario
from costplan.quantities.formula import Formula
from costplan.scenario.load import load_scenario

Floats = NDArray[np.float64]

ROUNDS = 15
DRAWS = 100_000
LIMIT = 3.0
AGREE = 2e-3
"""Part by which percentiles of random draws may differ from those of Sobol points."""
GB = 2**30
HOURS = 720
SETS = (
    "workload.monthly_requests={value: 50M, uncertain: {distribution: lognormal, low: 20M, high: 150M}}",
    "workload.response_size={value: 2 KB, uncertain: {low: 1 KB, high: 20 KB}}",
    "resources.elk.disks[0].size={value: 200 GB, uncertain: {low: 100 GB, likely: 200 GB, high: 900 GB}}",
    "resources.clickhouse.hosts.storage.size="
    "{value: 100 GB, uncertain: {distribution: triangular, low: 50 GB, likely: 100 GB, high: 400 GB}}",
    "resources.dns.queries={value: 5M, uncertain: {distribution: normal, low: 4M, high: 6M}}",
)
REQUESTS, SIZE = "workload.monthly_requests", "workload.response_size"
ELK, EVENTS = "resources.elk.disks[0].size", "resources.clickhouse.hosts.storage.size"
QUERIES = "resources.dns.queries"
BACKEND = "resources.backend.capacity.requests_per_second"
NODES = {"backend": (1336.0, 3, 3 / 60), "inference": (3262.1, 2, 10 / 60)}
"""Requests per second of one node, fewest nodes, hours until one serves."""
PLANNED, PEAK, SPARE = 0.6, 2, 1


# By hand, as somebody would write it who has the stage and the price list before him.


class ByHand:
    """The lines of stage 3 that its uncertain inputs move, and the sum of all others."""

    def __init__(self) -> None:
        bill = price_scenario(load_scenario("stage3", lambda _: Catalog.shipped()))
        cost, unit = {}, {}
        for resource in bill.resources:
            for line in resource.line_items:
                cost[resource.name] = cost.get(resource.name, 0.0) + float(line.monthly_cost)
                unit[resource.name, line.sku] = float(line.slices[-1].unit_price) if line.slices else 0.0
                if line.name.startswith(("Incoming traffic", "Disk", "Storage network")):
                    unit[resource.name, line.name.split()[0]] = float(line.slices[-1].unit_price)
        self.node_hour = {
            name: cost[name] / (720 * count) for name, count in (("backend", 3), ("inference", 2))
        }
        self.disk, self.storage = unit["elk", "Disk"], unit["clickhouse", "Storage"]
        self.traffic = unit["balancer", "Incoming"]
        self.query = (cost["dns"] - 42.624) / 5e6
        moved = (
            cost["backend"] + cost["inference"] + 200 * HOURS * self.disk + 2 * 100 * HOURS * self.storage
            + 50e6 * 20 * 1024 / GB * self.traffic + 5e6 * self.query
        )  # fmt: skip
        self.rest = sum(cost.values()) - moved
        week = PROFILES["consumer-evening"]
        self.levels = sorted(set(week))
        shares = np.array(self.levels) / sum(week) * len(week) / HOURS / 3600
        self.peaks = (shares * PEAK)[:, None]
        hours = Counter(week)
        self.hours = np.array([hours[level] for level in self.levels]) * HOURS / len(week)
        rises = Counter((a, b) for a, b in zip(week, (*week[1:], week[0]), strict=True) if a < b)
        self.rises = [
            (self.levels.index(a), self.levels.index(b), times * HOURS / len(week))
            for (a, b), times in rises.items()
        ]

    def nodes(self, requests: Floats, capacity: Floats | float, least: int, delay: float) -> Floats:
        """Return node-hours: what serves each hour of the week, and what starts ahead of it."""
        ran = np.maximum(np.ceil(self.peaks * (requests / (PLANNED * capacity))) + SPARE, least)
        total = self.hours @ ran
        for before, after, times in self.rises:
            total += np.maximum(ran[after] - ran[before], 0) * (times * delay)
        return total

    def bill(self, values: Mapping[str, Floats]) -> Floats:
        """Return the bill of each draw."""
        requests = values[REQUESTS]
        total = self.rest + values[ELK] / GB * (HOURS * self.disk)
        total += values[EVENTS] / GB * (2 * HOURS * self.storage)
        total += values[QUERIES] * self.query
        total += requests * (20 * 1024 / GB * self.traffic)
        total += np.maximum(requests * values[SIZE] / GB - 100, 0) * 1.42
        for name, (capacity, least, delay) in NODES.items():
            own = values[BACKEND] if name == "backend" else capacity
            total += self.nodes(requests, own, least, delay) * self.node_hour[name]
        return total

    def draws(self, seed: int) -> dict[str, Floats]:
        """Return random numbers of the same distributions."""
        random = np.random.default_rng(seed)
        middle, width = np.log(20e6 * 150e6) / 2, np.log(150 / 20) / 2 / Z90
        return {
            REQUESTS: random.lognormal(middle, width, DRAWS),
            SIZE: random.uniform(1024, 20 * 1024, DRAWS),
            ELK: (100 + 800 * random.beta(1.5, 4.5, DRAWS)) * GB,
            EVENTS: random.triangular(50, 100, 400, DRAWS) * GB,
            QUERIES: random.normal(5e6, 1e6 / Z90, DRAWS),
            BACKEND: random.uniform(1336.0, 1678.25, DRAWS),
        }


Z90 = statistics.NormalDist().inv_cdf(0.9)


def main() -> int:
    """Measure in turn and print the ratios.

    Returns:
        1 when the ratio is above the limit.
    """
    started = time.perf_counter()
    scenario = load_scenario("stage3", lambda _: Catalog.shipped(), sets=SETS)
    sampler = sampler_of(scenario, 1)
    total = bill_formula(with_uncertain_variables(scenario, sampler.inputs)).total
    noting = time.perf_counter() - started
    hand = ByHand()
    draws = rounded_draws(DRAWS)
    check(hand, sampler, total)
    ours, theirs = [], []
    for seed in range(ROUNDS):
        started = time.perf_counter()
        found = spread(simulate([total], sampler, draws)[0])
        between = time.perf_counter()
        percentiles = np.quantile(hand.bill(hand.draws(seed)), (0.1, 0.5, 0.9))
        theirs.append(time.perf_counter() - between)
        ours.append(between - started)
        for figure, percentile in zip((found.p10, found.p50, found.p90), percentiles, strict=True):
            assert abs(float(figure.value) / percentile - 1) < AGREE, (figure, percentile)
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    ratio = statistics.median(ratios)
    inputs = len(sampler.inputs)
    print(f"by hand:  {statistics.median(theirs) * 1e3:.1f} ms for {DRAWS:,} draws of {inputs} inputs")
    print(f"costplan: {statistics.median(ours) * 1e3:.1f} ms for {draws:,}, with its standard errors")
    print(f"ratio: {ratio:.2f} (rounds {ratios[0]:.2f} to {ratios[-1]:.2f}), the limit is {LIMIT}")
    print(f"once, before that: {noting * 1e3:.0f} ms to load the stage and to note its formula")
    return int(ratio > LIMIT)


def check(hand: ByHand, sampler: Sampler, total: Formula) -> None:
    """Both must give the same bill in every draw."""
    values = [block for scramble in sampler.blocks(1 << 13) for block in scramble]
    drawn = {path: np.concatenate([block[path] for block in values]) for path in values[0]}
    found = simulate([total], sampler, 1 << 13)[0].ravel()
    worst = float(np.abs(hand.bill(drawn) / found - 1).max())
    assert worst < 1e-9, f"the bills differ by {worst:.2g}"


if __name__ == "__main__":
    sys.exit(main())

"""Pricing 10,000 loads of three stages in one go, against the same closed form written by hand in NumPy.

The hand-written form knows these three stages only: their tiers, their machines, the hours of their weeks.
Prices are read from the catalog, capacities from the scenarios, all else is written out. Both must agree at
every load before anything is timed. All parts run in turn, in one process; ratios of medians of CPU seconds.

Run with the project's environment: `python benchmarks/curve_grid.py`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.curve.design_curve import DesignCurve
from costplan.capacity.arrivals import PROFILES
from costplan.catalog.store import Catalog
from costplan.formulas.to_arrays import compile_grid
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.variables import changed

LOADS = np.logspace(3, 9, 10_000).round()
ROUNDS = 61
ENGINE_LOADS = 4
"""The exact engine is looped over so many loads in each round."""

Floats = NDArray[np.float64]
Closed = Callable[[Floats], Floats]
Tiers = Sequence[tuple[float, float]]

CATALOG = Catalog.shipped()
KB, GB = 2.0**10, 2.0**30
HOURS, WEEKS = 720.0, 720 / 168
PEAK, USE = 2.0, 0.6
"""Peak factor and planned utilisation of all stages."""


def tiers(service: str, sku: str) -> Tiers:
    """Return from which quantity each price of a SKU holds, in roubles."""
    price = CATALOG.price(service, sku, "RUB", CATALOG.index.as_of)
    assert not isinstance(price, str), price
    return [(float(rate.start_quantity), float(rate.unit_price)) for rate in price.rates]


def price(service: str, sku: str) -> float:
    """Return the price of a SKU without tiers."""
    [(_, found)] = tiers(service, sku)
    return found


def paid(quantity: Floats, prices: Tiers) -> Floats:
    """Price a quantity over graduated rates."""
    cost = quantity * prices[0][1]
    for (_, below), (start, above) in pairwise(prices):
        cost += np.maximum(quantity - start, 0.0) * (above - below)
    return cost


def stage1(scenario: LoadedScenario) -> Closed:
    """A request: 0.1 s of a core and of 1 GB; 20 KB stored, 0.5 KB logged for 3 days, 2 KB sent."""
    api, logs, store = "serverless-containers", "cloud-logging", "object-storage"
    cpu = tiers(api, "serverless.containers.compute.cpu")
    ram = tiers(api, "serverless.containers.compute.memory")
    calls, egress = tiers(api, "serverless.containers.invocations"), tiers("vpc", "network.egress.inet")
    space, puts = tiers(store, "storage.bucket.used_space.standard"), tiers(store, "storage.api.put.standard")
    written, kept = tiers(logs, "logging.write"), tiers(logs, "logging.storage")

    def cost(n: Floats) -> Floats:
        hours, logged = n * (0.1 / 3600), n * (0.5 * KB / GB)
        return (
            paid(hours, cpu)
            + paid(hours, ram)
            + paid(n / 1e6, calls)
            + paid(200 / 1024 + n * (20 * KB / GB), space)
            + paid(n / 1e3, puts)
            + paid(logged, written)
            + paid(logged * 72, kept)
            + paid(n * (2 * KB / GB), egress)
        )

    return cost


def cpu_hour(cores: int, memory: int, disk: int) -> float:
    """Return the price of an hour of a machine with a network SSD."""
    sums = cores * price("compute", "compute.vm.cpu.c100.v3") + memory * price("compute", "compute.vm.ram.v3")
    return sums + disk * price("compute", "nbs.network-nvme.allocated")


def gpu_hour(cores: int, memory: int, disk: int) -> float:
    """Return the price of an hour of a machine with one T4 and a network SSD."""
    cost = price("compute", "compute_gpu.vm.gpu.standard.v3-t4")
    cost += cores * price("compute", "compute_gpu.vm.cpu.c100.standard.v3-t4")
    cost += memory * price("compute", "compute_gpu.vm.ram.standard.v3-t4")
    return cost + disk * price("compute", "nbs.network-nvme.allocated")


def capacity(scenario: LoadedScenario, resource: str) -> float:
    """Return the measured requests per second of one machine."""
    return float(scenario.resources[resource].capacity.requests_per_second.value)  # type: ignore[attr-defined]


def stage2(scenario: LoadedScenario) -> Closed:
    """An API machine and a GPU machine, as many as the busiest hour needs; 2 KB sent."""
    api = cpu_hour(2, 4, 20) * HOURS + price("vpc", "network.public_fips") * HOURS
    gpu = gpu_hour(4, 16, 50) * HOURS
    egress = tiers("vpc", "network.egress.inet")
    week = PROFILES["office-hours"]
    busiest = max(week) / sum(week) / WEEKS / 3600 * PEAK
    of_api, of_gpu = (busiest / (capacity(scenario, name) * USE) for name in ("api", "inference"))

    def cost(n: Floats) -> Floats:
        machines = np.maximum(np.ceil(n * of_api), 1.0) * api + np.maximum(np.ceil(n * of_gpu), 1.0) * gpu
        return machines + paid(n * (2 * KB / GB), egress)

    return cost


def stage3(scenario: LoadedScenario) -> Closed:
    """Nodes that follow the hours of the week, one to spare; 20 KB taken in and 2 KB sent."""
    week = PROFILES["consumer-evening"]
    levels = sorted(set(week))
    place = {weight: number for number, weight in enumerate(levels)}
    hours = np.array([week.count(weight) * WEEKS for weight in levels])
    shares = np.array(levels)[:, None] / sum(week) / WEEKS / 3600 * PEAK
    rises = [(place[a], place[b]) for a, b in pairwise([*week, week[0]]) if b > a]
    pairs = sorted(set(rises))
    times = np.array([rises.count(pair) * WEEKS for pair in pairs])
    before, after = [low for low, _ in pairs], [high for _, high in pairs]
    groups = [
        (shares / (capacity(scenario, "backend") * USE), 3.0, cpu_hour(2, 8, 64), 3 / 60),
        (shares / (capacity(scenario, "inference") * USE), 2.0, gpu_hour(4, 16, 64), 10 / 60),
    ]
    ingress = price("network-load-balancer", "nlb.vip_bytes.ingress")
    egress = tiers("vpc", "network.egress.inet")

    def cost(n: Floats) -> Floats:
        total = n * (20 * KB / GB * ingress) + paid(n * (2 * KB / GB), egress)
        for per_request, least, hourly, delay in groups:
            ran = np.maximum(np.ceil(per_request * n) + 1.0, least)
            starting = np.maximum(ran[after] - ran[before], 0.0)
            total += (hourly * hours) @ ran + (hourly * delay * times) @ starting
        return total

    return cost


def engine_cost(scenario: LoadedScenario, load: float) -> float:
    """Return the monthly cost at a load, from the exact engine."""
    at_load = changed(scenario, LOAD, lambda _: Quantity(int(load)))
    return float(price_scenario(at_load).total.monthly_cost)


def by_hand(scenarios: Sequence[LoadedScenario]) -> list[Closed]:
    """Return the closed forms with what does not follow the load: from the bill of one single load."""
    forms: list[Closed] = []
    for scenario, made in zip(scenarios, (stage1, stage2, stage3), strict=True):
        varies = made(scenario)
        first = np.array([1000.0])
        rest = engine_cost(scenario, 1000.0) - float(varies(first)[0])
        forms.append(lambda n, varies=varies, rest=rest: varies(n) + rest)
    return forms


def keep_memory() -> None:
    """Let the allocator keep what is freed, so that no part pays for taking memory from the system each time.

    glibc raises the size from which it does so to that of the largest array that was freed, up to 32 MB.
    """
    array = np.ones(3_900_000)
    del array


def medians(parts: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Time parts in turn and return the median CPU seconds of each; a busy machine lengthens them little."""
    spent: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            started = time.process_time()
            part()
            spent[name].append(time.process_time() - started)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    """Check that all agree, then print ratios."""
    scenarios = [load_scenario(name, lambda _: CATALOG) for name in ("stage1", "stage2", "stage3")]
    formulas = [bill_formula(with_variable_load(scenario)).total for scenario in scenarios]
    grid, forms = compile_grid(formulas), by_hand(scenarios)
    for name, ours, form in zip(("stage1", "stage2", "stage3"), grid({LOAD: LOADS}), forms, strict=True):
        apart = float(np.max(np.abs(ours - form(LOADS))))
        print(f"{name}: the two differ by {apart:.1g} roubles at most, over {len(LOADS):,} loads")
        assert apart < 1e-6
    few = LOADS[:: len(LOADS) // ENGINE_LOADS]
    keep_memory()
    found = medians(
        {
            "grid": lambda: grid({LOAD: LOADS}),
            "hand": lambda: [form(LOADS) for form in forms],
            "engine": lambda: [engine_cost(scenario, load) for scenario in scenarios for load in few],
            "formula": lambda: [bill_formula(with_variable_load(scenario)) for scenario in scenarios],
            "compile": lambda: compile_grid(formulas),
            "pieces": lambda: [DesignCurve(scenario, "", 10**3, 10**9) for scenario in scenarios],
        }
    )
    engine = found["engine"] / len(few) * len(LOADS)
    print(f"grid over hand-written NumPy: {found['grid'] / found['hand']:.2f} (aim: 3)")
    print(f"loop over the exact engine over grid: {engine / found['grid']:,.0f} (aim: 100)")
    whole = found["formula"] + found["compile"] + found["grid"]
    print(f"the same, noting the formulas and compiling them included: {engine / whole:,.0f}")
    parts = {
        "noting the formulas": found["formula"],
        "compiling them": found["compile"],
        "the exact pieces, beyond noting": found["pieces"] - found["formula"],
    }
    for name, seconds in parts.items():
        print(f"{name}, in evaluations of the grid: {seconds / found['grid']:.1f}")


if __name__ == "__main__":
    main()

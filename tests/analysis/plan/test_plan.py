"""Planning: the chosen design is the cheapest of all, by brute force with the exact engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from costplan.analysis.curve.most_requests import most_requests
from costplan.analysis.plan.candidates import Start
from costplan.analysis.plan.demands import Demands, zone_overrides
from costplan.analysis.plan.dimensions import with_changes
from costplan.analysis.plan.documents import Plan, PlanOptions
from costplan.analysis.plan.option_costs import Option, Pricing, tier_cost
from costplan.analysis.plan.plan import make_plan
from costplan.analysis.plan.search import cheapest
from costplan.catalog.model import Rate
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.quantities.quantity import Quantity
from costplan.scenario.choices import open_choices
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

D = Decimal


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


def loaded(folder: Path, text: str, sets: Sequence[str] = ()) -> LoadedScenario:
    path = folder / "made.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(str(path), catalog, sets=sets)


def quiet(what: str, done: int, whole: int) -> None:
    """Progress that nobody sees."""


def planned(
    *starts: LoadedScenario, over: Sequence[str] = (), terms: tuple[str, ...] = (), **demands: Any
) -> tuple[Plan, LoadedScenario | None]:
    wanted = Demands(**demands)
    first = starts[0]
    wishes = PlanOptions(
        monthly_requests=D(0), slo=None, budget=wanted.budget, zones=wanted.zones, quotas={},
        preemptible_allowed=True, shorter_hours_allowed=False, commitments=terms,
    )  # fmt: skip
    pricing = Pricing(first.currency, first.catalog.index.as_of, {"": terms})
    return make_plan([Start(s, open_choices(s, over)) for s in starts], wishes, wanted, pricing, quiet)


def row(plan: Plan, name: str) -> Any:
    return next(found for found in plan.considered if found.name == name)


# Brute force


class Drawn:
    """A scenario of a few resources, with values to choose from for some of their fields."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.values: dict[str, list[str]] = {}
        self.resources: dict[str, dict[str, str]] = {}
        makers: list[Callable[[str], None]] = [self.machine, self.container, self.bucket, self.nodes]
        for number in range(self.random.randint(1, 3)):
            self.random.choice(makers)(f"r{number}")
        if self.random.random() < 0.15:
            self.values["workload.request_duration"] = ["20 ms", "40 ms"]

    def opened(self, path: str, values: Sequence[str], chance: float = 0.6) -> str:
        picked = self.random.sample(list(values), k=min(len(values), 2))
        whole = len(list(product(*self.values.values()))) * len(picked)
        if self.random.random() < chance and whole <= 16:
            self.values[path] = picked
        return picked[0]

    def machine(self, name: str) -> None:
        at = f"resources.{name}"
        self.resources[name] = {
            "kind": "compute-instance", "role": "compute",
            "platform": self.opened(f"{at}.platform", ["standard-v2", "standard-v3"]),
            "vcpu": self.opened(f"{at}.vcpu", ["2", "4", "6"]),
            "memory": self.opened(f"{at}.memory", ["4 GB", "8 GB", "7 GB"]),
            "core_fraction": self.opened(f"{at}.core_fraction", ["50", "100"]),
            "preemptible": self.opened(f"{at}.preemptible", ["true", "false"]),
        }  # fmt: skip
        if self.random.random() < 0.5:
            most = f", max_replicas: {self.random.randint(1, 3)}" if self.random.random() < 0.5 else ""
            rate = self.random.choice([1, 3, 10])
            self.resources[name]["capacity"] = f"{{requests_per_second: {rate}{most}}}"

    def nodes(self, name: str) -> None:
        at = f"resources.{name}"
        self.resources[name] = {
            "kind": "kubernetes-node-group", "role": "compute", "vcpu": "2", "memory": "8 GB",
            "nodes": self.opened(f"{at}.nodes", ["1", "2", "3"]),
            "disk": "{size: 64 GB}",
            "capacity": "{requests_per_second: 5}",
        }  # fmt: skip

    def container(self, name: str) -> None:
        at = f"resources.{name}"
        self.resources[name] = {
            "kind": "serverless-container", "role": "inference",
            "vcpu": self.opened(f"{at}.vcpu", ["0.2", "0.5", "1"]),
            "memory": self.opened(f"{at}.memory", ["128 MB", "512 MB", "2 GB"]),
        }  # fmt: skip

    def bucket(self, name: str) -> None:
        at = f"resources.{name}"
        self.resources[name] = {
            "kind": "object-storage", "role": "storage",
            "size": self.opened(f"{at}.size", ["200 MB", "900 MB", "5 GB"]),
            "get_requests": self.opened(f"{at}.get_requests", ["10K", "200K"]),
        }  # fmt: skip

    def text(self) -> str:
        lines = ["scenario: made", "title: Made", f"currency: {self.random.choice(['RUB', 'USD'])}"]
        requests = self.random.choice(["100K", "5M", "20M"])
        lines += [f"workload: {{monthly_requests: {requests}, request_duration: 30 ms, response_size: 1 KB}}"]
        lines += ["resources:"]
        for name, fields in self.resources.items():
            lines += [f"  {name}:", *(f"    {key}: {value}" for key, value in fields.items())]
        lines += ["choose:" if self.values else "choose: {}"]
        lines += [f"  {path}: [{', '.join(values)}]" for path, values in self.values.items()]
        return "\n".join(lines) + "\n"

    def all_designs(self, folder: Path) -> Iterator[tuple[dict[str, str], LoadedScenario]]:
        """Each combination that is valid, loaded as a user would with --set."""
        for combination in product(*self.values.values()):
            sets = dict(zip(self.values, combination, strict=True))
            try:
                yield sets, loaded(folder, self.text_fixed, [f"{p}={v}" for p, v in sets.items()])
            except InputError:
                continue

    @property
    def text_fixed(self) -> str:
        if not hasattr(self, "_text"):
            self._text = self.text()
        return self._text


def brute_force(drawn: Drawn, folder: Path, **demands: Any) -> list[tuple[Decimal, dict[str, str]]]:
    """Price every combination with the engine; return those that may win, the cheapest first.

    Of each resource only designs of which it is known that it serves, where there are any.
    """
    found = []
    unknown: list[set[str]] = []
    for sets, scenario in drawn.all_designs(folder):
        bill = price_scenario(scenario)
        if bill.unmet or bill.unpriced:
            continue
        machines = sum(_machines(resource, scenario) for resource in scenario.resources.values())
        if machines <= demands.get("machines", 10**9):
            found.append((bill.total.monthly_cost, sets))
            unknown.append({one.resource for one in bill.unknowns})
    unavoidable = set.intersection(*unknown) if unknown else set()
    known = [pair for pair, names in zip(found, unknown, strict=True) if names == unavoidable]
    return sorted(known or found, key=lambda pair: pair[0])


def _machines(resource: Any, scenario: LoadedScenario) -> int:
    """Machines at the mean rate (arrivals are even here), at 60 % of what one serves; at least as stated."""
    if resource.kind not in ("compute-instance", "kubernetes-node-group"):
        return 0
    stated = (resource.count if resource.kind == "compute-instance" else resource.nodes).max
    if resource.capacity is None:
        return int(stated)
    rate = scenario.model.workload.monthly_requests.value / (720 * 3600)
    needed = rate / (resource.capacity.requests_per_second.value * Fraction(3, 5))
    return max(int(stated), int(-(-needed // 1)))


@pytest.mark.parametrize("seed", range(120))
def test_the_chosen_design_is_the_cheapest_of_all_combinations(seed: int, tmp_path: Path) -> None:
    drawn = Drawn(seed)
    base = loaded(tmp_path, drawn.text_fixed) if _is_valid(drawn, tmp_path) else None
    if base is None or not drawn.values:
        return
    best = brute_force(drawn, tmp_path)
    plan, design = planned(base)
    if not best:
        assert plan.chosen is None or row(plan, plan.chosen).unpriced
        return
    assert design is not None
    assert plan.considered[0].verdict == "chosen"
    assert plan.considered[0].monthly_cost == best[0][0]
    assert price_scenario(design).total.monthly_cost == best[0][0]
    assert all(search.proved for search in plan.search)
    eligible = sorted(found.monthly_cost for found in plan.considered if not found.misses)
    assert eligible == [cost for cost, _ in best]


def _is_valid(drawn: Drawn, folder: Path) -> bool:
    try:
        loaded(folder, drawn.text_fixed)
    except InputError:
        return False
    return True


NODES = """
scenario: made
title: Made
workload: {monthly_requests: 0}
resources:
  pool:
    kind: kubernetes-node-group
    role: compute
    vcpu: 2
    memory: 8 GB
    nodes: {min: 1, max: 4, average: 2}
    disk: {size: 64 GB}
"""


@pytest.mark.parametrize(("limit", "is_enough"), [(7, False), (8, True)])
def test_a_range_of_nodes_takes_its_maximum_of_a_quota(tmp_path: Path, limit: int, is_enough: bool) -> None:
    """At most 4 nodes of 2 vCPU run at the same time, whatever their mean is."""
    plan, _ = planned(loaded(tmp_path, NODES), quotas={"vcpu": Fraction(limit)})
    assert (plan.chosen is not None) == is_enough


def test_most_of_the_drawn_scenarios_say_something(tmp_path: Path) -> None:
    """Guard of the test above: enough are valid, have several designs, tiers that are shared, and misses."""
    valid = [drawn for drawn in map(Drawn, range(120)) if _is_valid(drawn, tmp_path)]
    several = [drawn for drawn in valid if len(list(product(*drawn.values.values()))) > 1]
    assert len(several) >= 75
    shared = [d for d in several if [r["kind"] for r in d.resources.values()].count("object-storage") > 1]
    assert shared


@pytest.mark.parametrize("seed", range(120, 150))
def test_a_quota_of_machines_is_kept_as_brute_force_keeps_it(seed: int, tmp_path: Path) -> None:
    drawn = Drawn(seed)
    if not _is_valid(drawn, tmp_path) or not drawn.values:
        return
    base = loaded(tmp_path, drawn.text_fixed)
    best = brute_force(drawn, tmp_path, machines=3)
    plan, _ = planned(base, quotas={"machines": Fraction(3)})
    chosen = [found for found in plan.considered if found.verdict == "chosen" and not found.unpriced]
    assert [found.monthly_cost for found in chosen] == [cost for cost, _ in best[:1]]


@pytest.mark.parametrize("seed", range(150, 180))
def test_designs_within_the_quotas_are_those_of_which_the_engine_says_so(seed: int, tmp_path: Path) -> None:
    """Two machines of 2 or 4 vCPU: some of the draws need more, some no more than the account has."""
    drawn = Drawn(seed)
    if not _is_valid(drawn, tmp_path) or not drawn.values:
        return
    text = drawn.text_fixed + "quotas: {machines: 2, vcpu: 6}\n"
    raised: Counter[tuple[Decimal, tuple[str, ...]]] = Counter()
    for sets, _ in drawn.all_designs(tmp_path):
        bill = price_scenario(loaded(tmp_path, text, [f"{path}={value}" for path, value in sets.items()]))
        raised[bill.total.monthly_cost, tuple(sorted(map(str, bill.quota_raises)))] += not bill.unmet
    base = loaded(tmp_path, text)
    plan, _ = planned(base)
    able = [one for one in plan.considered if not any(m.what in ("replicas", "slo") for m in one.misses)]
    found = Counter((one.monthly_cost, tuple(sorted(map(str, one.quota_raises)))) for one in able)
    assert found == +raised or (plan.not_listed and found <= raised)
    within, design = planned(base, within_quotas=True)
    if design is not None:
        assert price_scenario(design).quota_raises == ()
    for one in within.considered:
        assert bool(one.quota_raises) == any(miss.what == "quota" for miss in one.misses)


# The search by itself


def option(cost: Decimal, tiers: Mapping[Any, Decimal], machines: int) -> Option:
    return Option((), cost, tiers, 0, (), {"machines": Fraction(machines)}, ())


def rates(*pairs: tuple[str, str]) -> list[Rate]:
    return [Rate(start_quantity=start, unit_price=price) for start, price in pairs]


FREE_THEN_PAID = rates(("0", "0"), ("10", "2"))
CHEAPER_IN_BULK = rates(("0", "3"), ("20", "1"), ("50", "0.5"))
UP_AND_DOWN = rates(("0", "0"), ("5", "4"), ("30", "1"))


def drawn_blocks(random: Random, tiered: Mapping[Any, Any]) -> list[list[Option]]:
    def one() -> Option:
        keys = [key for key in tiered if random.random() < 0.7]
        tiers = {key: D(random.randint(0, 400)) / 10 for key in keys}
        return option(D(random.randint(0, 9000)) / 100, tiers, random.randint(0, 3))

    return [[one() for _ in range(random.randint(1, 4))] for _ in range(random.randint(1, 4))]


def least(blocks: Sequence[Sequence[Option]], tiered: Mapping[Any, Any], most: int | None) -> Decimal | None:
    """The cheapest cost, by looking at every combination; tiers are cut by hand."""
    costs = []
    for design in product(*blocks):
        if most is not None and sum(o.uses["machines"] for o in design) > most:
            continue
        cost = sum((o.cost for o in design), D(0))
        for key, prices in tiered.items():
            quantity = sum((o.tiers.get(key, D(0)) for o in design), D(0))
            starts = [rate.start_quantity for rate in prices]
            ends = [*starts[1:], quantity]
            for start, end, rate in zip(starts, ends, prices, strict=True):
                cost += max(min(quantity, end) - start, D(0)) * rate.unit_price
        costs.append(cost)
    return min(costs, default=None)


TIERED = [
    {},
    {("s", "free"): FREE_THEN_PAID},
    {("s", "bulk"): CHEAPER_IN_BULK},
    {("s", "both"): UP_AND_DOWN, ("s", "bulk"): CHEAPER_IN_BULK},
]


@pytest.mark.parametrize("most", [5_000, 0], ids=["enumerated", "programmed"])
@pytest.mark.parametrize("tiered", TIERED, ids=["flat", "free", "bulk", "several"])
def test_each_way_to_search_finds_what_looking_at_all_finds(most: int, tiered: Mapping[Any, Any]) -> None:
    pytest.importorskip("scipy")
    methods = set()
    for seed in range(40):
        random = Random(seed)
        blocks = drawn_blocks(random, tiered)
        limit = random.choice([None, 2, 4, 6])
        quotas = {} if limit is None else {"machines": Fraction(limit)}
        found = cheapest(blocks, tiered, quotas, quiet, most=most)
        wanted = least(blocks, tiered, limit)
        methods.add(found.method)
        assert found.proved
        if wanted is None:
            assert found.best is None
            continue
        assert found.best is not None
        cost = sum((o.cost for o in found.best), D(0))
        for key, prices in tiered.items():
            cost += tier_cost(sum((o.tiers.get(key, D(0)) for o in found.best), D(0)), prices)
        assert abs(cost - wanted) < D("1e-6")
        assert limit is None or sum(o.uses["machines"] for o in found.best) <= limit
    assert methods == ({"enumeration"} if most else {"integer-programme"})


def test_blocks_that_share_nothing_are_chosen_one_by_one() -> None:
    """12 blocks of 4 make 16 million designs; none of them needs to be looked at together."""
    random = Random(5)
    blocks = [[option(D(random.randint(1, 999)), {}, 1) for _ in range(4)] for _ in range(12)]
    found = cheapest(blocks, {}, {"machines": Fraction(12)}, quiet)
    assert found.method == "separable"
    assert found.best is not None
    assert [o.cost for o in found.best] == [min(o.cost for o in block) for block in blocks]


def test_a_quota_that_may_bind_couples_blocks() -> None:
    pytest.importorskip("scipy")
    small, large = option(D(10), {}, 1), option(D(3), {}, 2)
    blocks = [[large, small] for _ in range(14)]
    found = cheapest(blocks, {}, {"machines": Fraction(20)}, quiet)
    assert found.method == "integer-programme"
    assert found.best is not None
    # 14 machines at least; the 6 that are left make 6 of the blocks large, which are cheaper.
    assert sum(o.cost for o in found.best) == 6 * 3 + 8 * 10


def test_a_search_that_is_interrupted_ends_with_the_best_so_far() -> None:
    blocks = [[option(D(cost), {}, 0) for cost in (9, 7, 8, 1)]]

    def stops(what: str, done: int, whole: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    found = cheapest(blocks, {}, {}, stops)
    assert found.stopped
    assert not found.proved
    assert found.best is not None
    assert found.best[0].cost == 7


# Demands

STAGE2 = "stage2"


def stage(name: str = STAGE2, **options: Any) -> LoadedScenario:
    return load_scenario(name, catalog, **options)


def test_variants_and_unions_of_those_that_touch_different_paths_are_designs() -> None:
    plan, _ = planned(stage())
    assert {found.name for found in plan.considered} == {
        "stage2", "stage2:preemptible", "stage2:office-hours", "stage2:lean",
        "stage2:preemptible+office-hours", "stage2:office-hours+lean",
    }  # fmt: skip


def test_fewer_hours_are_another_service_unless_they_are_accepted() -> None:
    strict, _ = planned(stage())
    assert row(strict, "stage2:office-hours").misses[0].what == "shorter-hours"
    assert strict.chosen == "stage2:lean"
    lax, _ = planned(stage(), allows_shorter_hours=True)
    assert lax.chosen == "stage2:office-hours+lean"


def test_hours_that_a_choice_states_are_the_service_that_is_asked_for() -> None:
    plan, design = planned(stage("stage2:lean"), over=["resources.inference.hours=24x7,100 h"])
    assert design is not None
    assert design.resources["inference"].hours.value == 100  # type: ignore[attr-defined]
    assert plan.chosen == "stage2:lean, inference.hours=100 h"


def test_without_preemptible_machines_the_design_as_written_is_left() -> None:
    plan, _ = planned(stage(), allows_preemptible=False)
    assert plan.chosen == "stage2"
    assert {m.what for m in row(plan, "stage2:lean").misses} == {"preemptible"}


def test_a_scenario_that_leaves_nothing_open_is_tried_with_preemptible_machines(tmp_path: Path) -> None:
    text = (
        "scenario: made\ntitle: Made\nworkload: {monthly_requests: 0}\nresources:\n"
        "  a: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB}\n"
        "  b: {kind: compute-instance, role: compute, platform: standard-v1, vcpu: 2, memory: 4 GB}\n"
        "  s: {kind: object-storage, role: storage, size: 5 GB}\n"
    )
    plan, _ = planned(loaded(tmp_path, text))
    assert plan.search[0].designs == 4
    # The preemptible price of standard-v1 is not known: cheaper it may be, but that is not known either.
    assert plan.chosen == "made, a.preemptible=true"


def test_a_design_with_a_missing_price_is_shown_and_not_chosen() -> None:
    plan, _ = planned(stage("stage3"))
    found = row(plan, "stage3:managed-opensearch")
    assert found.unpriced > 0
    assert [miss.what for miss in found.misses] == ["unpriced"]
    assert plan.chosen == "stage3:lean"


def test_a_design_with_a_missing_price_is_chosen_where_there_is_no_other() -> None:
    plan, _ = planned(stage("stage3:managed-opensearch"), allows_preemptible=False)
    assert plan.chosen is not None
    assert plan.considered[0].unpriced > 0
    assert "managed-opensearch" in plan.chosen


def test_combinations_that_are_not_sold_are_dropped_with_their_reason(tmp_path: Path) -> None:
    """A T4 machine is sold with 4 vCPU and 16 GB or 8 and 32; 4 with 32 and 8 with 16 are not."""
    over = ["resources.inference.vcpu=4,8", "resources.inference.memory=16 GB,32 GB"]
    plan, _ = planned(stage("stage2:office-hours+lean"), over=over)
    assert plan.search[0].designs == 2
    assert plan.search[0].dropped == 2
    assert all("is not sold with" in reason for reason in plan.search[0].dropped_reasons)


def test_the_reason_that_a_design_loses_is_told_with_its_numbers() -> None:
    plan, _ = planned(stage(), budget=D(40_000))
    assert plan.currency == "RUB"
    over = row(plan, "stage2")
    assert over.misses[0].what == "budget"
    assert over.misses[0].needed == price_scenario(stage()).total.monthly_cost
    dearer = row(plan, "stage2:preemptible")
    costs = [price_scenario(stage(f"stage2:{v}")).total.monthly_cost for v in ("preemptible", "lean")]
    assert dearer.dearer_by == costs[0] - costs[1]
    assert not dearer.near_best


def test_designs_within_five_percent_are_named(tmp_path: Path) -> None:
    """Two buckets of 100 and 104 GB differ by 4 %, one of 120 GB by more; the first GB is free."""
    text = (
        "scenario: made\ntitle: Made\nworkload: {monthly_requests: 0}\nresources:\n"
        "  s: {kind: object-storage, role: storage, size: 101 GB}\n"
        "choose: {resources.s.size: [101 GB, 105 GB, 121 GB]}\n"
    )
    plan, _ = planned(loaded(tmp_path, text))
    assert [found.near_best for found in plan.considered] == [False, True, False]


def test_zones_put_one_of_all_that_serves_into_each() -> None:
    base = stage()
    changed = with_changes(base, zone_overrides(base, 3))
    counts = {name: str(getattr(resource, "count", None)) for name, resource in changed.resources.items()}
    assert (counts["api"], counts["inference"], counts["ci"]) == ("3", "3", "1")
    assert changed.resources["database"].hosts.count == 3  # type: ignore[attr-defined]
    plan, _ = planned(changed, zones=3, allows_preemptible=False)
    assert plan.chosen is None
    [miss] = row(plan, "stage2").misses
    assert (miss.what, miss.needed, miss.available) == ("availability", D(3), D(1))
    assert miss.reason == "inference: standard-v3-t4 is sold in ru-central1-d only, not in 3 zones"
    measured = "resources.inference.capacity={measured: digits-triton-grpc, max_replicas: 1}"
    plain = stage(sets=["resources.inference.platform=standard-v3", "resources.inference.gpu=0", measured])
    on_cpus = with_changes(plain, zone_overrides(plain, 3))
    assert planned(on_cpus, zones=3, allows_preemptible=False)[0].chosen == "stage2"


def test_a_basic_master_misses_several_zones() -> None:
    plan, _ = planned(stage("stage3"), zones=3)
    assert any("basic master" in miss.reason for miss in row(plan, "stage3:lean").misses)


def test_a_quota_is_counted_over_all_machines() -> None:
    """Stage 2 has machines with 2 + 4 + 2 + 2 vCPU; lean has one of 2 less."""
    for limit, possible in ((7, False), (8, True)):
        plan, _ = planned(stage(), quotas={"vcpu": Fraction(limit)})
        assert (plan.chosen is not None) == possible
    assert not any(m.what == "quota" for m in row(plan, "stage2:lean").misses)
    missed = next(m for m in row(plan, "stage2").misses if m.what == "quota")
    assert (missed.needed, missed.available) == (10, 8)


def test_an_infeasible_slo_names_what_would_be_possible() -> None:
    scenario = stage(sets=["workload.slo=p99 <= 1 us"])
    plan, design = planned(scenario)
    assert plan.chosen is None
    assert design is None
    assert [found.what for found in plan.nearest] == ["slo"]
    assert "a request alone takes" in plan.nearest[0].needed


def test_an_impossible_budget_says_how_much_is_missing() -> None:
    cheapest_allowed = price_scenario(stage("stage2:lean")).total.monthly_cost
    plan, _ = planned(stage(), budget=D(1000))
    assert plan.chosen is None
    [nearest] = plan.nearest
    assert nearest.what == "budget"
    assert nearest.design == "stage2:lean"
    assert nearest.needed == f"raise the budget by {cheapest_allowed - 1000:,.2f} RUB"


def test_several_scenarios_are_planned_at_one_load_only() -> None:
    with pytest.raises(InputError, match="different loads"):
        planned(stage("stage1"), stage("stage2"))
    plan, _ = planned(*(stage(name, requests="5M") for name in ("stage1", "stage2")))
    assert plan.chosen is not None
    assert plan.chosen.startswith("stage1")
    assert len(plan.search) == 2


def test_steps_from_the_chosen_design_cost_what_the_engine_says() -> None:
    plan, design = planned(stage())
    assert design is not None
    steps = {step.what: step for step in plan.steps}
    regular = steps["machines that are not stopped: inference"]
    lean_but_for_that = [
        "resources.api.core_fraction=50", "resources.monitoring=~", "resources.api.disks[0].size=40 GB",
        "resources.api.talks_to=[inference, database]", "resources.inference.talks_to=[models]",
    ]  # fmt: skip
    changed = stage(sets=lean_but_for_that)
    assert regular.monthly_cost == price_scenario(changed).total.monthly_cost
    assert regular.more == regular.monthly_cost - plan.considered[0].monthly_cost


# The most requests within a budget

CLIMBING = """\
scenario: made
title: Made
workload: {monthly_requests: 100K, request_duration: 30 ms, response_size: 100 KB}
resources:
  a: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB, capacity: {requests_per_second: 2, MOST}}
  n: {kind: network, role: network}
  c: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
"""


@pytest.mark.parametrize("budget", ["3000", "4000", "9999.99", "30000", "123456.7"])
def test_one_request_more_than_the_most_breaks_the_budget(tmp_path: Path, budget: str) -> None:
    scenario = loaded(tmp_path, CLIMBING.replace(", MOST", ""))
    day = scenario.catalog.index.as_of
    most, ends = most_requests(scenario, D(budget), "RUB", day)
    assert most is not None
    assert ends == "budget"
    assert price_scenario(scenario.at_load(Quantity(most))).total.monthly_cost <= D(budget)
    assert price_scenario(scenario.at_load(Quantity(most + 1))).total.monthly_cost > D(budget)


def test_a_need_may_end_the_load_before_the_budget_does(tmp_path: Path) -> None:
    """Two machines at 2 requests per second and 60 %: 2.4 requests per second for 720 hours."""
    scenario = loaded(tmp_path, CLIMBING.replace("MOST", "max_replicas: 2"))
    most, ends = most_requests(scenario, D(10**6), "RUB", scenario.catalog.index.as_of)
    assert most == Fraction(24, 10) * 720 * 3600
    assert ends == "a: needs more than 2 machines"


def test_a_budget_below_the_idle_cost_serves_nobody(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, CLIMBING.replace(", MOST", ""))
    assert most_requests(scenario, D(1), "RUB", scenario.catalog.index.as_of)[0] is None


def test_an_slo_that_a_capacity_was_not_measured_at_is_not_taken_as_kept() -> None:
    """The measurements kept p99 <= 100 ms: nothing says whether half of that would be kept."""
    measured = "resources.inference.capacity={measured: digits-triton-grpc, max_replicas: 1}"
    looser, _ = planned(stage(sets=["workload.slo=p99 <= 150 ms", measured]))
    assert looser.chosen == "stage2:lean"
    for slo, short in (("p99 <= 50 ms", D("0.1")), ("p99.9 <= 100 ms", D("0.999"))):
        plan, _ = planned(stage(sets=[f"workload.slo={slo}", measured]))
        assert plan.chosen is None
        missed = row(plan, "stage2:lean").misses
        assert {(miss.what, miss.needed) for miss in missed} == {("slo", short)}
        assert "its capacity was measured at p99 <= 100 ms" in plan.nearest[0].needed


def test_an_infeasible_large_space_says_what_each_demand_alone_would_give() -> None:
    """With 9 vCPU no design serves: stage 2 has 10 at least; and a budget is not even asked for."""
    over = [
        "resources.api.vcpu=2,4,6,8", "resources.api.memory=[4 GB, 8 GB, 16 GB]",
        "resources.ci.vcpu=2,4,6,8", "resources.ci.memory=[4 GB, 8 GB, 16 GB]",
        "resources.monitoring.memory=[2 GB, 4 GB, 6 GB, 8 GB]", "resources.inference.preemptible=true,false",
        "resources.secrets.versions=1,2,3,4,5", "resources.registry.size=[1 GB, 10 GB]",
    ]  # fmt: skip
    bare = load_scenario("stage2", catalog, sets=["variants=~"])
    plan, _ = planned(bare, over=over, quotas={"vcpu": Fraction(9)})
    assert plan.search[0].designs > 5_000
    assert plan.chosen is None
    assert [found.what for found in plan.nearest] == ["quota"]
    assert plan.nearest[0].needed == "raise a quota: needs 10 vcpu, the quota is 9"
    open_, design = planned(bare, over=over, quotas={"vcpu": Fraction(12)})
    assert design is not None
    # Separable by hand: the smallest of everything; all that is open is priced by size.
    smallest = ["resources.inference.preemptible=true", "resources.monitoring.memory=2 GB",
                "resources.secrets.versions=1", "resources.registry.size=1 GB"]  # fmt: skip
    assert open_.considered[0].monthly_cost == price_scenario(stage(sets=smallest)).total.monthly_cost


AUTO = """\
scenario: made
title: Made
workload: {monthly_requests: 5M, request_duration: {value: 1 ms, assumed: a guess}}
resources:
  a:
    kind: compute-instance
    role: compute
    vcpu: 2
    memory: 4 GB
    count: 5
    capacity: {requests_per_second: 2, utilisation: 100%}
    choose: {replicas: auto}
choose:
  workload.request_duration: [{value: 2 ms, assumed: "half the core"}]
"""


def test_replicas_that_are_auto_follow_the_capacity(tmp_path: Path) -> None:
    """5M requests in 720 hours are 1.93 per second: one machine of 2 is enough, where 5 are stated."""
    base = loaded(tmp_path, AUTO)
    plan, design = planned(base)
    assert design is not None
    assert plan.considered[0].monthly_cost == price_scenario(base).total.monthly_cost / 5


def test_what_is_left_open_says_nothing_of_the_scenario_as_it_stands(tmp_path: Path) -> None:
    assert [origin.reason for origin in loaded(tmp_path, AUTO).origins] == ["a guess"]

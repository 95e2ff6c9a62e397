"""A kind that comes later, made of nothing but the contract: plans, curves, quotas and the page know it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from costplan.analysis.curve.design_curve import DesignCurve
from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.plan.candidates import Start
from costplan.analysis.plan.demands import Demands
from costplan.analysis.plan.documents import Plan, PlanOptions
from costplan.analysis.plan.option_costs import Pricing
from costplan.analysis.plan.plan import make_plan
from costplan.capacity.model import Capacity
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.engine import price_scenario
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.report.whatif import gpu_machines, with_hours
from costplan.resources.contract import Constraint, PricingContext, QuotaUse, Resource, StatedCost, Usage
from costplan.resources.deployment import Deployment, MachineType, Replicas
from costplan.resources.kinds import KINDS
from costplan.scenario.choices import open_choices
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.source.fields import Flag, Hours, Whole

CORE = "compute.vm.cpu.c100.v3"


class Accelerator(Resource):
    """Boxes with 2 cores and a GPU, of which each serves its capacity."""

    catalog_service: ClassVar[str] = "compute"

    kind: Literal["accelerator"]
    boxes: Whole = 1
    hours: Hours | None = None
    preemptible: Flag = False
    capacity: Capacity

    def deployment(self, catalog: Catalog) -> Deployment:
        return Deployment(
            capacity=self.capacity,
            hours=self.hours,
            preemptible=self.preemptible,
            replicas=Replicas("machine", Quantity(self.boxes), ("boxes",)),
            machine=MachineType(
                self.catalog_service, "gpu-standard-v3", 100, 2, Quantity(8 * BYTES_PER_GB), gpus=1
            ),
        )

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        yield Usage(self.catalog_service, CORE, (self.hours or context.month) * (2 * self.boxes), "core*hour")

    def most_replicas(self, context: PricingContext) -> Quantity:
        return Quantity(self.boxes)

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """Requests arrive evenly, all through the month."""
        assert self.capacity.requests_per_second is not None
        served = self.capacity.requests_per_second * self.boxes * (720 * 3600)
        yield Constraint("replicas", context.workload.monthly_requests, served, Reason("needs more boxes"))

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        for quota in context.catalog.quotas(self.catalog_service):
            if quota.code == "compute-vcpu":
                yield QuotaUse(quota, Quantity(2 * self.boxes))


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line in the registry."""
    monkeypatch.setitem(KINDS, "accelerator", "accelerator:Accelerator")
    monkeypatch.setitem(sys.modules, "costplan.resources.kinds.accelerator", sys.modules[__name__])


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


def loaded(folder: Path, requests: int, more: str = "") -> LoadedScenario:
    """Each box serves 1 request a second: 2,592,000 in a month of 720 h."""
    path = folder / "made.yaml"
    path.write_text(
        "scenario: made\ntitle: Made\n"
        f"workload: {{monthly_requests: {requests}, response_size: 1 KB}}\n"
        "resources:\n  it:\n    kind: accelerator\n    role: inference\n"
        f"    capacity: {{requests_per_second: 1, utilisation: 100%}}\n{more}",
        encoding="utf-8",
    )
    return load_scenario(str(path), catalog)


def core_price() -> Decimal:
    found = catalog().price("compute", CORE, "RUB", catalog().index.as_of)
    assert not isinstance(found, str)
    return found.rates[-1].unit_price


def planned(scenario: LoadedScenario, over: str, **demands: int) -> Plan:
    wanted = Demands(**demands)  # type: ignore[arg-type]
    wishes = PlanOptions(
        monthly_requests=Decimal(0), slo=None, budget=None, zones=wanted.zones, quotas={},
        preemptible_allowed=True, shorter_hours_allowed=False, commitments=(),
    )  # fmt: skip
    pricing = Pricing("RUB", scenario.catalog.index.as_of, {})
    start = Start(scenario, open_choices(scenario, [over] if over else []))
    return make_plan([start], wishes, wanted, pricing, lambda what, done, whole: None)[0]


def test_its_bill_is_its_usage(tmp_path: Path) -> None:
    bill = price_scenario(loaded(tmp_path, 1_000_000, "    boxes: 3\n"))
    assert bill.total.monthly_cost == 3 * 2 * 720 * core_price()


def test_a_curve_knows_where_it_ends(tmp_path: Path) -> None:
    curve = DesignCurve(PricedDesign(loaded(tmp_path, 1_000_000, "    boxes: 2\n")), "it", 1, 10_000_000)
    [end] = curve.infeasible
    assert (end.start, end.end) == (2 * 2_592_000 + 1, 10_000_000)
    assert str(end.obstacle.reason) == "needs more boxes"


def test_a_plan_takes_as_many_as_the_load_needs(tmp_path: Path) -> None:
    """5 million requests are more than one box serves, and less than two."""
    plan = planned(loaded(tmp_path, 5_000_000), "resources.it.replicas=1,2,3")
    [chosen] = [row for row in plan.considered if row.verdict == "chosen"]
    assert chosen.monthly_cost == 2 * 2 * 720 * core_price()


def test_a_plan_puts_one_into_each_zone(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, 1_000_000)
    assert list(scenario.resources["it"].zone_changes(2, catalog())) == [(("boxes",), "2")]
    plan = planned(scenario, "resources.it.replicas=1,2", zones=2)
    said = {row.name: [miss.reason for miss in row.misses] for row in plan.considered}
    assert any("it: 1 machine for 2 zones" in reasons for reasons in said.values())


def test_only_what_follows_the_load_can_be_left_to_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`auto` needs a `capacity`"):
        open_choices(loaded(tmp_path, 1_000_000), ["resources.it.replicas=auto"])


def test_its_quotas_are_summed_with_those_of_others(tmp_path: Path) -> None:
    [quota] = [one for one in catalog().quotas("compute") if one.code == "compute-vcpu"]
    assert quota.number is not None
    boxes = int(quota.number) // 2 + 1
    bill = price_scenario(loaded(tmp_path, 1_000_000, f"    boxes: {boxes}\n"))
    assert [raised.needed for raised in bill.quota_raises] == [2 * boxes]


def test_sizes_that_it_does_not_bill_are_told(tmp_path: Path) -> None:
    assert "response_size" in str(price_scenario(loaded(tmp_path, 1_000_000)).not_billed)


def test_the_page_moves_its_hours(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, 1_000_000)
    assert list(gpu_machines(scenario)) == ["it"]
    half = with_hours(scenario, Fraction(360))
    assert price_scenario(half, as_of=date(2026, 11, 1)).total.monthly_cost == 2 * 360 * core_price()

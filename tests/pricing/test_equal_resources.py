"""Resources that are written alike are worked out once, and no answer is another for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.resources.contract import PricingContext, StatedCost, Usage
from costplan.resources.kinds.compute_instance import ComputeInstance
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

SHIPPED = Catalog.shipped()
MACHINE = "kind: compute-instance, vcpu: 2, memory: 4 GB, disks: [{type: network-ssd, size: 20 GB}]"
OTHER = "kind: compute-instance, vcpu: 4, memory: 4 GB, disks: [{type: network-ssd, size: 20 GB}]"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(*resources: str) -> LoadedScenario:
    lines = "".join(f"  r{number}: {{{text}}}\n" for number, text in enumerate(resources))
    head = "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M}\nresources:\n"
    Path("mine.yaml").write_text(head + lines, "utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED)


def costs(bill: Estimate) -> list[Decimal]:
    return [resource.monthly_cost for resource in bill.resources]


def test_what_is_written_alike_is_one_object_and_what_is_not_is_another() -> None:
    first, second, third, fourth = loaded(
        MACHINE, OTHER, MACHINE, f"{MACHINE}, role: other"
    ).resources.values()
    assert first is third
    assert len({id(first), id(second), id(fourth)}) == 3


@pytest.mark.parametrize("count", [2, 40])
def test_a_fleet_is_asked_as_often_as_one_machine(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()
    own = ComputeInstance.usage

    def counting(self: ComputeInstance, context: PricingContext) -> Iterator[Usage | StatedCost]:
        asked["usage"] += 1
        return own(self, context)

    monkeypatch.setattr(ComputeInstance, "usage", counting)
    price_scenario(loaded(MACHINE))
    alone = asked["usage"]
    price_scenario(loaded(*[MACHINE] * count))
    assert asked["usage"] == 2 * alone


def test_each_of_a_fleet_costs_what_it_costs_alone() -> None:
    [alone], [other] = costs(price_scenario(loaded(MACHINE))), costs(price_scenario(loaded(OTHER)))
    bill = price_scenario(loaded(MACHINE, OTHER, MACHINE, MACHINE))
    assert costs(bill) == [alone, other, alone, alone]
    assert [resource.name for resource in bill.resources] == ["r0", "r1", "r2", "r3"]
    assert bill.total.monthly_cost == 3 * alone + other
    assert bill.split.overhead == bill.total.monthly_cost


def test_tiers_are_shared_among_equal_resources() -> None:
    """The first 5 core-hours of a month are free for the whole account, once."""
    container = "kind: serverless-container, vcpu: 1, memory: 1 GB, duration: 36 s"
    bill = price_scenario(loaded(container, container))
    for resource in bill.resources:
        [cores] = [line for line in resource.line_items if line.unit == "core*hour"]
        # 1M x 36 s are 10,000 core-hours of each; half of the 5 free ones is for each.
        assert cores.quantity == 10_000
        assert [piece.quantity for piece in cores.slices] == [Decimal("2.5"), Decimal("9997.5")]


def test_a_reason_stands_at_its_own_place() -> None:
    assumed = "kind: compute-instance, vcpu: 2, memory: {value: 4 GB, assumed: as it is today}"
    bill = price_scenario(loaded(assumed, assumed))
    paths = [{path for line in one.line_items for path in line.assumptions} for one in bill.resources]
    assert paths == [{"resources.r0.memory"}, {"resources.r1.memory"}]


def test_what_a_kind_assumes_stands_at_each_resource() -> None:
    """A node group that scales is priced at its most nodes, which the kind says itself."""
    nodes = "kind: kubernetes-node-group, vcpu: 2, memory: 4 GB, nodes: {min: 1, max: 3}, disk: {size: 64 GB}"
    bill = price_scenario(loaded(nodes, nodes))
    assert {found.path for found in bill.assumptions} == {"resources.r0.nodes", "resources.r1.nodes"}
    assert {path for line in bill.resources[1].line_items for path in line.assumptions} == {
        "resources.r1.nodes"
    }


def test_quotas_count_the_whole_fleet() -> None:
    found = price_scenario(loaded(*["kind: compute-instance, vcpu: 20, memory: 40 GB"] * 3)).quota_raises
    assert {one.code: int(one.needed) for one in found}["compute.instanceCores.count"] == 60


def test_each_wrong_resource_is_named_at_its_own_line() -> None:
    with pytest.raises(InputError) as refused:
        loaded(
            "kind: compute-instance, vcpu: 3, memory: 4 GB",
            MACHINE,
            "kind: compute-instance, vcpu: 3, memory: 4 GB",
        )
    assert [(fault.path, fault.mark.line if fault.mark else None) for fault in refused.value.faults] == [
        ("resources.r0.vcpu", 5),
        ("resources.r2.vcpu", 7),
    ]


def test_each_resource_that_misses_a_number_is_named() -> None:
    with pytest.raises(InputError) as refused:
        price_scenario(loaded("kind: network", MACHINE, "kind: network"))
    assert [fault.path for fault in refused.value.faults] == ["resources.r0", "resources.r2"]

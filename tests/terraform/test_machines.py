"""Machines, disks and addresses of plans: bills worked out by hand from the prices of 2026-10-06."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

CORE, GB, SSD, HDD = Decimal("1.24"), Decimal("0.33"), Decimal("0.0199"), Decimal("0.0048")
"""RUB an hour: standard-v3 in full, its memory, and a GB of either network disk."""
CASCADE_LAKE_20 = Decimal("0.1897"), Decimal("0.083")
"""A fifth of a core of standard-v2, preemptible, and its memory."""
ADDRESS, KEPT = Decimal("0.26352"), Decimal("0.34038")
HOURS = 720


def estimate(folder: Path, document: dict[str, Any]) -> Estimate:
    return price_scenario(load_scenario(plans.written(folder, document), Catalog.shipped))


def costs(found: Estimate) -> dict[str, Decimal]:
    return {one.name: one.monthly_cost for one in found.resources}


def statuses(found: Estimate) -> dict[str, str]:
    assert found.terraform is not None
    assert found.terraform.count == len(found.terraform.resources) == sum(found.terraform.counts.values())
    return {one.address: one.status for one in found.terraform.resources}


def test_a_machine_costs_its_cores_memory_and_disk(tmp_path: Path) -> None:
    found = estimate(tmp_path, plans.plan(plans.machine()))
    assert costs(found) == {"vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD)}
    assert statuses(found) == {"yandex_compute_instance.vm": "priced"}
    assert found.unpriced == ()


def test_count_and_for_each_in_nested_modules(tmp_path: Path) -> None:
    addresses = (
        "yandex_compute_instance.vm[0]",
        "yandex_compute_instance.vm[1]",
        'module.shop["a.b"].yandex_compute_instance.vm',
        'module.shop["a.b"].module.inner[0].yandex_compute_instance.api["blue"]',
    )
    found = estimate(tmp_path, plans.plan(*map(plans.machine, addresses)))
    assert list(statuses(found)) == list(addresses)
    assert list(costs(found)) == ["vm-0", "vm-1", "shop-a-b-vm", "shop-a-b-inner-0-api-blue"]
    assert found.total.gross == 4 * HOURS * (2 * CORE + 4 * GB + 20 * SSD)


def test_names_that_would_be_alike_have_their_types_in_them(tmp_path: Path) -> None:
    disk = plans.resource("yandex_compute_disk.app", {"type": "network-ssd", "size": 10})
    found = estimate(tmp_path, plans.plan(plans.machine("yandex_compute_instance.app"), disk))
    assert list(costs(found)) == ["app-compute-instance", "app-compute-disk"]


def test_an_unset_platform_is_the_oldest(tmp_path: Path) -> None:
    """The trap: the provider's default is standard-v1, not the newest; it has no price any more."""
    found = estimate(tmp_path, plans.plan(plans.machine(platform_id=None)))
    assert {one.sku for one in found.unpriced} == {"compute.vm.cpu.c100.v1", "compute.vm.ram.v1"}
    assert statuses(found) == {"yandex_compute_instance.vm": "priced"}
    assert found.terraform is not None
    assert found.terraform.resources[0].unpriced == ("compute.vm.cpu.c100.v1", "compute.vm.ram.v1")
    assert costs(found) == {"vm": HOURS * 20 * SSD}


def test_an_unset_boot_disk_is_as_large_as_its_image(tmp_path: Path) -> None:
    """The trap: the size is unknown until apply, and not 0."""
    image = plans.resource(
        "data.yandex_compute_image.ubuntu",
        {"id": "fd8x", "image_id": "fd8x", "min_disk_size": 8},
        mode="data",
    )
    machine = plans.machine(
        boot_disk=[{"initialize_params": [{"type": "network-hdd", "image_id": "fd8x"}]}],
        unknown={"boot_disk": [{"initialize_params": [{"size": True}]}]},
    )
    found = estimate(tmp_path, plans.plan(machine, prior=[image]))
    assert costs(found)["vm"] == HOURS * (2 * CORE + 4 * GB + 8 * HDD)
    [row] = found.terraform.resources if found.terraform else ()
    assert row.status == "unknown-until-apply"
    assert row.assumed == ("boot_disk.initialize_params.size",)
    [disk] = [line for line in found.resources[0].line_items if line.sku == "nbs.network-hdd.allocated"]
    assert disk.quantity_provenance == "assumed"


def test_a_system_that_is_paid_for_by_itself_is_named_without_a_price(tmp_path: Path) -> None:
    """The use of Windows is charged for each core, and no price of it is known."""
    values = {"id": "fd8w", "image_id": "fd8w", "min_disk_size": 50, "os_type": "windows"}
    image = plans.resource("data.yandex_compute_image.server", values, mode="data")
    disk = {"type": "network-ssd", "size": 60, "image_id": "fd8w"}
    machine = plans.machine(boot_disk=[{"initialize_params": [disk]}])
    found = estimate(tmp_path, plans.plan(machine, prior=[image]))
    assert costs(found)["vm"] == HOURS * (2 * CORE + 4 * GB + 60 * SSD)
    [missing] = found.unpriced
    assert str(missing.reason).startswith("boot_disk.initialize_params.image_id:")
    image["values"]["os_type"] = "linux"
    assert estimate(tmp_path, plans.plan(machine, prior=[image])).unpriced == ()


def test_the_image_is_found_by_reference_where_its_id_is_unknown(tmp_path: Path) -> None:
    image = plans.resource("data.yandex_compute_image.ubuntu", {"min_disk_size": 12}, mode="data")
    machine = plans.machine(
        boot_disk=[{"initialize_params": [{"type": "network-hdd"}]}],
        unknown={"boot_disk": [{"initialize_params": [{"size": True, "image_id": True}]}]},
        references={
            "boot_disk": [
                {
                    "initialize_params": [
                        {
                            "image_id": [
                                "data.yandex_compute_image.ubuntu.id",
                                "data.yandex_compute_image.ubuntu",
                            ]
                        }
                    ]
                }
            ]
        },
    )
    found = estimate(tmp_path, plans.plan(machine, prior=[image]))
    assert costs(found)["vm"] == HOURS * (2 * CORE + 4 * GB + 12 * HDD)


def test_a_boot_disk_of_unknown_size_without_its_image_is_unpriced(tmp_path: Path) -> None:
    machine = plans.machine(
        boot_disk=[{"initialize_params": [{"type": "network-hdd"}]}],
        unknown={"boot_disk": [{"initialize_params": [{"size": True, "image_id": True}]}]},
    )
    found = estimate(tmp_path, plans.plan(machine))
    assert costs(found)["vm"] == HOURS * (2 * CORE + 4 * GB)
    assert [(one.resource, one.name) for one in found.unpriced] == [
        ("vm", "boot_disk.initialize_params.size")
    ]
    assert statuses(found) == {"yandex_compute_instance.vm": "unknown-until-apply"}


def test_a_disk_of_its_own_is_billed_once(tmp_path: Path) -> None:
    """The trap: `initialize_params` is absent, and the disk is in the plan by itself."""
    disk = plans.resource("yandex_compute_disk.data", {"type": "network-ssd", "size": 50})
    boot = plans.resource("yandex_compute_disk.boot", {"type": "network-hdd", "size": 30})
    machine = plans.machine(
        boot_disk=[{"auto_delete": True}],
        secondary_disk=[{"auto_delete": False}],
        unknown={
            "boot_disk": [{"disk_id": True, "initialize_params": True}],
            "secondary_disk": [{"disk_id": True}],
        },
        references={
            "boot_disk": [{"disk_id": ["yandex_compute_disk.boot.id", "yandex_compute_disk.boot"]}],
            "secondary_disk": [{"disk_id": ["yandex_compute_disk.data.id", "yandex_compute_disk.data"]}],
        },
    )
    found = estimate(tmp_path, plans.plan(machine, disk, boot))
    assert costs(found) == {
        "vm": HOURS * (2 * CORE + 4 * GB),
        "data": HOURS * 50 * SSD,
        "boot": HOURS * 30 * HDD,
    }
    assert set(statuses(found).values()) == {"priced"}


def test_a_disk_without_a_size_has_150_gigabytes(tmp_path: Path) -> None:
    disk = plans.resource("yandex_compute_disk.data", {"type": "network-hdd", "size": 150})
    silent = plans.resource("yandex_compute_disk.other", {})
    found = estimate(tmp_path, plans.plan(disk, silent))
    assert costs(found) == {"data": HOURS * 150 * HDD, "other": HOURS * 150 * HDD}


def address(name: str) -> dict[str, Any]:
    return plans.resource(
        f"yandex_vpc_address.{name}",
        {"external_ipv4_address": [{"zone_id": "ru-central1-a"}]},
        unknown={"external_ipv4_address": [{"address": True, "ddos_protection_provider": True}]},
    )


def with_address(name: str, reference: str) -> dict[str, Any]:
    return plans.machine(
        f"yandex_compute_instance.{name}",
        network_interface=[{"nat": True}],
        unknown={"network_interface": [{"nat_ip_address": True}]},
        references={
            "network_interface": [{"nat": True, "nat_ip_address": [f"{reference}.external", reference]}]
        },
    )


def test_an_address_in_nat_ip_address_is_billed_once(tmp_path: Path) -> None:
    """The trap: both the address and the machine's NAT would count it."""
    found = estimate(tmp_path, plans.plan(with_address("vm", "yandex_vpc_address.front"), address("front")))
    assert costs(found) == {
        "vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD),
        "front": HOURS * ADDRESS,
    }


def test_an_address_reaches_a_machine_through_variables_and_outputs_of_modules(tmp_path: Path) -> None:
    inside = with_address("vm", "var.ip")
    inside["address"] = "module.app.yandex_compute_instance.vm"
    lonely = address("lonely")
    held = address("front")
    held["address"] = "module.net.yandex_vpc_address.front"
    calls = {
        "app": {"inputs": {"ip": ["module.net.address", "module.net"]}},
        "net": {"outputs": {"address": ["yandex_vpc_address.front.external", "yandex_vpc_address.front"]}},
    }
    found = estimate(tmp_path, plans.plan(inside, held, lonely, calls=calls))
    assert costs(found) == {
        "app-vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD),
        "net-front": HOURS * ADDRESS,
        "lonely": HOURS * (ADDRESS + KEPT),
    }


def test_an_address_that_only_a_record_names_is_kept_for_nothing(tmp_path: Path) -> None:
    record = plans.resource(
        "yandex_dns_recordset.www",
        {},
        references={"data": ["yandex_vpc_address.front.x", "yandex_vpc_address.front"]},
    )
    found = estimate(tmp_path, plans.plan(address("front"), record))
    assert costs(found) == {"front": HOURS * (ADDRESS + KEPT)}
    assert statuses(found)["yandex_dns_recordset.www"] == "free"


def test_a_machine_takes_the_address_of_its_own_number(tmp_path: Path) -> None:
    by_number = "yandex_vpc_address.front[count.index]"
    machine = with_address("vm", by_number)
    machine["address"] = "yandex_compute_instance.vm[0]"
    machine["references"]["network_interface"][0]["nat_ip_address"] = [
        "yandex_vpc_address.front",
        "count.index",
    ]
    found = estimate(tmp_path, plans.plan(machine, address("front[0]"), address("front[1]")))
    assert costs(found)["front-0"] == HOURS * ADDRESS
    assert costs(found)["front-1"] == HOURS * (ADDRESS + KEPT)


def test_a_machine_with_dynamic_interfaces_takes_an_address_of_its_module(tmp_path: Path) -> None:
    """Terraform writes no expression of a `dynamic` block: which address it has, nothing in a plan says."""
    inside = plans.machine(
        "module.app.yandex_compute_instance.vm",
        network_interface=[{"nat": False}, {"nat": True}],
        unknown={"network_interface": [{"nat_ip_address": True}, {"nat_ip_address": True}]},
        references={"boot_disk": [{"device_name": "boot"}]},
    )
    own, other = address("front"), address("lonely")
    own["address"] = "module.app.yandex_vpc_address.front"
    found = estimate(tmp_path, plans.plan(other, inside, own))
    assert costs(found) == {
        "app-vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD),
        "app-front": HOURS * ADDRESS,
        "lonely": HOURS * (ADDRESS + KEPT),
    }


def test_a_written_interface_without_an_address_takes_none_of_the_file(tmp_path: Path) -> None:
    machine = plans.machine(
        network_interface=[{"nat": True}],
        unknown={"network_interface": [{"nat_ip_address": True}]},
        references={"network_interface": [{"nat": True}]},
    )
    found = estimate(tmp_path, plans.plan(machine, address("lonely")))
    assert costs(found) == {
        "vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD + ADDRESS),
        "lonely": HOURS * (ADDRESS + KEPT),
    }


def test_addresses_of_a_state_are_linked_by_their_values(tmp_path: Path) -> None:
    held = plans.resource("yandex_vpc_address.front", {"external_ipv4_address": [{"address": "10.1.2.3"}]})
    machine = plans.machine(network_interface=[{"nat": True, "nat_ip_address": "10.1.2.3"}])
    own = plans.machine(
        "yandex_compute_instance.own", network_interface=[{"nat": True, "nat_ip_address": "10.9.9.9"}]
    )
    found = estimate(tmp_path, plans.state(machine, own, held))
    assert costs(found) == {
        "vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD),
        "own": HOURS * (2 * CORE + 4 * GB + 20 * SSD + ADDRESS),
        "front": HOURS * ADDRESS,
    }


def group(**scale: Any) -> dict[str, Any]:
    template = {
        "platform_id": "standard-v3",
        "resources": [{"cores": 2, "memory": 4, "core_fraction": 100, "gpus": None}],
        "boot_disk": [{"initialize_params": [{"type": "network-hdd", "size": 15}]}],
        "network_interface": [{"nat": True}],
        "scheduling_policy": [{"preemptible": False}],
        "secondary_disk": [{"initialize_params": [{"type": "network-ssd", "size": 8}]}],
    }
    return plans.resource(
        "yandex_compute_instance_group.web",
        {
            "instance_template": [template],
            "allocation_policy": [{"zones": ["ru-central1-a", "ru-central1-b"]}],
            "scale_policy": [scale],
        },
    )


ONE_OF_GROUP = HOURS * (2 * CORE + 4 * GB + 15 * HDD + 8 * SSD + ADDRESS)


def test_a_fixed_group(tmp_path: Path) -> None:
    found = estimate(tmp_path, plans.plan(group(fixed_scale=[{"size": 3}])))
    assert costs(found) == {"web": 3 * ONE_OF_GROUP}


def test_an_autoscaled_group_begins_with_its_initial_size_and_no_less_than_its_zones_ask(
    tmp_path: Path,
) -> None:
    """The trap: the provider's name is `initial_size`, and the floor is per zone."""
    scale = {"initial_size": 2, "min_zone_size": 0, "max_size": 6, "measurement_duration": 60}
    found = estimate(tmp_path, plans.plan(group(auto_scale=[scale])))
    assert costs(found) == {"web": 2 * ONE_OF_GROUP}
    assert statuses(found) == {"yandex_compute_instance_group.web": "unknown-until-apply"}
    found = estimate(tmp_path, plans.plan(group(auto_scale=[scale | {"min_zone_size": 2}])))
    assert costs(found) == {"web": 2 * 2 * ONE_OF_GROUP}


@pytest.mark.parametrize(("least", "machines"), [(1, 4), (3, 6)])
def test_with_a_capacity_an_autoscaled_group_follows_the_load_between_its_bounds(
    least: int, machines: int, tmp_path: Path
) -> None:
    """259.2M requests make 100 a second, of which a machine takes 60 % of 50: 4, or 2 zones of 3 each."""
    scale = {"initial_size": 5, "min_zone_size": least, "max_size": 9}
    path = plans.written(tmp_path, plans.plan(group(auto_scale=[scale])))
    usage = tmp_path / "usage.yaml"
    usage.write_text(
        "workload: {monthly_requests: 259.2M}\nusage:\n  yandex_compute_instance_group.web:\n"
        "    capacity: {requests_per_second: 50, scaling: autoscaled}\n"
    )
    found = price_scenario(load_scenario(path, Catalog.shipped, workload=usage))
    assert costs(found) == {"web": machines * ONE_OF_GROUP}
    assert statuses(found) == {"yandex_compute_instance_group.web": "priced"}
    assert found.assumptions == ()


@pytest.mark.parametrize(
    ("entry", "machines", "status"),
    [
        ("count: 4", 4, "priced"),
        ("capacity: {requests_per_second: 50}", 2, "unknown-until-apply"),
        ("preemptible: false", 2, "unknown-until-apply"),
    ],
)
def test_what_an_entry_of_usage_says_is_assumed_no_more(
    entry: str, machines: int, status: str, tmp_path: Path
) -> None:
    """A fixed capacity for 1 request leaves the mean, which is assumed; a stated number does not."""
    one = group(auto_scale=[{"initial_size": 2, "min_zone_size": 1, "max_size": 6}])
    path = plans.written(tmp_path, plans.plan(one))
    usage = tmp_path / "usage.yaml"
    usage.write_text(
        f"workload: {{monthly_requests: 1}}\nusage: {{yandex_compute_instance_group.web: {{{entry}}}}}\n"
    )
    found = price_scenario(load_scenario(path, Catalog.shipped, workload=usage))
    assert costs(found) == {"web": machines * ONE_OF_GROUP}
    assert statuses(found) == {"yandex_compute_instance_group.web": status}


def test_a_group_whose_largest_size_is_not_known_is_billed_all_the_same(tmp_path: Path) -> None:
    one = group(auto_scale=[{"initial_size": 2, "min_zone_size": 1}])
    one["unknown"] = {"scale_policy": [{"auto_scale": [{"max_size": True}]}]}
    assert costs(estimate(tmp_path, plans.plan(one))) == {"web": 2 * ONE_OF_GROUP}


def test_a_state_knows_how_many_machines_an_autoscaled_group_has(tmp_path: Path) -> None:
    one = group(auto_scale=[{"initial_size": 2, "min_zone_size": 1, "max_size": 6}])
    one["values"]["instances"] = [{"name": f"web-{number}"} for number in range(5)]
    found = estimate(tmp_path, plans.state(one))
    assert costs(found) == {"web": 5 * ONE_OF_GROUP}
    assert statuses(found) == {"yandex_compute_instance_group.web": "priced"}


def test_what_a_group_says_in_its_template_counts_and_target_groups_cost_nothing(tmp_path: Path) -> None:
    """The trap: preemptible stands in the template; a balancer of the group is only a group of targets."""
    one = group(fixed_scale=[{"size": 2}])
    template = one["values"]["instance_template"][0]
    template |= {
        "platform_id": "standard-v2",
        "resources": [{"cores": 2, "memory": 1, "core_fraction": 20}],
        "scheduling_policy": [{"preemptible": True}],
        "network_interface": [{"nat": False}],
        "secondary_disk": [{"disk_id": "own"}],
    }
    one["values"] |= {"load_balancer": [{"target_group_name": "a"}], "application_load_balancer": [{}]}
    found = estimate(tmp_path, plans.plan(one))
    core, gigabyte = CASCADE_LAKE_20
    assert costs(found) == {"web": 2 * HOURS * (2 * core + gigabyte + 15 * HDD)}


def test_cores_of_an_accelerated_network_are_in_no_amount(tmp_path: Path) -> None:
    """It adds billed cores by a rule that no kind knows: said so, and never left out in silence."""
    one = group(fixed_scale=[{"size": 1}])
    one["values"]["instance_template"][0]["network_settings"] = [{"type": "SOFTWARE_ACCELERATED"}]
    machine = plans.machine(network_acceleration_type="software_accelerated")
    plain = plans.machine("yandex_compute_instance.plain", network_acceleration_type="standard")
    found = estimate(tmp_path, plans.plan(machine, plain, one))
    assert {one.resource: str(one.reason).partition(":")[0] for one in found.unpriced} == {
        "vm": "network_acceleration_type",
        "web": "instance_template.network_settings.type",
    }
    assert costs(found)["vm"] == costs(found)["plain"]


def test_sensitive_values_are_read_as_unknown(tmp_path: Path) -> None:
    machine = plans.machine(sensitive={"resources": [{"memory": True}]})
    found = estimate(tmp_path, plans.plan(machine))
    assert statuses(found) == {"yandex_compute_instance.vm": "unknown-until-apply"}
    assert costs(found) == {}
    assert [one.reason for one in found.unpriced] == [
        "resources.memory: unknown until apply, or without a price"
    ]


def test_a_machine_that_is_not_sold_is_not_supported_and_breaks_nothing(tmp_path: Path) -> None:
    odd = plans.machine("yandex_compute_instance.odd", platform_id="standard-v99")
    found = estimate(tmp_path, plans.plan(plans.machine(), odd))
    assert costs(found) == {"vm": HOURS * (2 * CORE + 4 * GB + 20 * SSD)}
    assert statuses(found)["yandex_compute_instance.odd"] == "not-supported"
    assert found.terraform is not None
    assert [one.resources for one in found.terraform.resources] == [("vm",), ()]
    assert len(found.unpriced) == 1
    assert "standard-v99" in found.unpriced[0].reason


def test_free_types_and_types_of_nobody(tmp_path: Path) -> None:
    free = ("yandex_vpc_network", "yandex_vpc_subnet", "yandex_iam_service_account", "random_password")
    others = [plans.resource(f"{kind}.it", {}) for kind in free]
    unknown = plans.resource("yandex_something_new.it", {})
    found = estimate(tmp_path, plans.plan(*others, unknown))
    assert statuses(found) == {
        **{f"{kind}.it": "free" for kind in free},
        "yandex_something_new.it": "not-supported",
    }
    assert found.total.gross == 0
    assert len(found.unpriced) == 1


def test_only_free_resources_cost_nothing(tmp_path: Path) -> None:
    found = estimate(tmp_path, plans.plan(plans.resource("yandex_vpc_network.it", {})))
    assert found.total.gross == 0
    assert found.unpriced == ()


def test_keys_with_dots_are_followed_through_modules(tmp_path: Path) -> None:
    machine = with_address("vm", 'module.net["a.b"].address')
    machine["references"]["network_interface"][0]["nat_ip_address"] = [
        'module.net["a.b"].address',
        'module.net["a.b"]',
    ]
    held = address("front")
    held["address"] = 'module.net["a.b"].yandex_vpc_address.front["x.y"]'
    calls = {"net": {"outputs": {"address": ['yandex_vpc_address.front["x.y"].external']}}}
    found = estimate(tmp_path, plans.plan(machine, held, calls=calls))
    assert costs(found)["net-a-b-front-x-y"] == HOURS * ADDRESS
    assert costs(found)["vm"] == HOURS * (2 * CORE + 4 * GB + 20 * SSD)


def test_a_scenario_may_extend_a_plan(tmp_path: Path) -> None:
    plans.written(tmp_path, plans.plan(plans.machine()))
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "scenario: shop\ntitle: Shop\nextends: ./plan.json\nresources: {vm: {vcpu: 4, memory: 8 GB}}\n"
    )
    found = price_scenario(load_scenario(str(shop), Catalog.shipped))
    assert costs(found) == {"vm": HOURS * (4 * CORE + 8 * GB + 20 * SSD)}
    assert statuses(found) == {"yandex_compute_instance.vm": "priced"}


def test_platforms_of_an_old_list_are_priced_as_of_it_and_unpriced_today(tmp_path: Path) -> None:
    """Their only known list is of December 2025: four vCPU and 8 GB on AMD Zen 3 and on the fast Zen 4."""
    for platform, core, gb in (("amd-v1", "1.134", "0.3024"), ("highfreq-v4a", "2.29", "0.42")):
        skus = {f"compute.vm.cpu.c100.{platform}", f"compute.vm.ram.{platform}"}
        resources = [{"cores": 4, "memory": 8, "core_fraction": 100, "gpus": None}]
        document = plans.plan(plans.machine(platform_id=platform, resources=resources))
        loaded = load_scenario(plans.written(tmp_path, document), Catalog.shipped)
        [then] = price_scenario(loaded, as_of=date(2025, 12, 15)).resources
        found = {line.sku: line.monthly_cost for line in then.line_items if line.sku in skus}
        assert sum(found.values()) == HOURS * (4 * Decimal(core) + 8 * Decimal(gb))
        assert {one.sku for one in price_scenario(loaded).unpriced} == skus

"""What no plan knows: taken from a workload or from a file of usage, or left out with words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import plans
import pytest
from command_line import Ended, costplan

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

CONTAINER = plans.resource(
    "yandex_serverless_container.api",
    {"memory": 1024, "cores": 1, "core_fraction": 100, "provision_policy": []},
)
BUCKET = plans.resource("yandex_storage_bucket.media", {"default_storage_class": "STANDARD"})
GATEWAY = plans.resource("yandex_api_gateway.front", {})


def estimate(folder: Path, usage: str, *resources: dict[str, Any], requests: str | None = None) -> Estimate:
    path = plans.written(folder, plans.plan(*resources))
    workload = folder / "usage.yaml"
    workload.write_text(usage, encoding="utf-8")
    loaded = load_scenario(path, Catalog.shipped, workload=workload if usage else None, requests=requests)
    return price_scenario(loaded)


def statuses(found: Estimate) -> list[str]:
    assert found.terraform is not None
    return [one.status for one in found.terraform.resources]


def test_without_usage_nothing_is_billed_and_the_total_is_a_lower_bound(tmp_path: Path) -> None:
    found = estimate(tmp_path, "", CONTAINER, BUCKET)
    assert statuses(found) == ["usage-based", "usage-based"]
    assert found.total.gross == 0
    assert [(one.resource, one.reason) for one in found.unpriced] == [
        ("yandex_serverless_container.api", "usage-based: requests, duration not in the file"),
        (
            "yandex_storage_bucket.media",
            "usage-based: size, put_requests, get_requests, egress not in the file",
        ),
    ]


WORKLOAD = "{monthly_requests: 1M/month, request_duration: 200 ms}"


def test_a_workload_gives_the_calls_of_the_one_container(tmp_path: Path) -> None:
    """It is the bill of the scenario that somebody would write: 1M calls of 200 ms on a core and 1 GB."""
    found = estimate(tmp_path, f"workload: {WORKLOAD}", CONTAINER, GATEWAY)
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        f"scenario: shop\ntitle: Shop\nworkload: {WORKLOAD}\nresources:\n"
        "  api: {kind: serverless-container, vcpu: 1, memory: 1 GB}\n  front: {kind: api-gateway}\n"
    )
    same = price_scenario(load_scenario(str(shop), Catalog.shipped))
    assert statuses(found) == ["priced", "priced"]
    assert found.total == same.total
    assert found.total.gross > 0
    whole = estimate(tmp_path, shop.read_text(), CONTAINER, GATEWAY)
    assert whole.total == same.total


def test_of_two_containers_nobody_knows_which_takes_the_calls(tmp_path: Path) -> None:
    other = plans.resource("yandex_function.job", {"memory": 128})
    found = estimate(tmp_path, f"workload: {WORKLOAD}", CONTAINER, other)
    assert statuses(found) == ["usage-based", "usage-based"]
    usage = f"workload: {WORKLOAD}\nusage:\n  yandex_function.job: {{requests: 10K/month, duration: 1 s}}\n"
    found = estimate(tmp_path, usage, CONTAINER, other)
    assert statuses(found) == ["priced", "priced"]


def test_usage_of_a_bucket(tmp_path: Path) -> None:
    found = estimate(tmp_path, "usage:\n  yandex_storage_bucket.media: {size: 101 GB, egress: ~}\n", BUCKET)
    assert statuses(found) == ["priced"]
    [one] = found.terraform.resources if found.terraform else ()
    assert one.usage == ("put_requests", "get_requests", "egress")
    [line] = found.resources[0].line_items
    assert (line.quantity, line.unit) == (101, "GB*month")


def test_usage_may_say_anything_of_a_resource(tmp_path: Path) -> None:
    usage = "usage:\n  yandex_compute_instance.vm: {hours: 360 h, role: inference}\n"
    found = estimate(tmp_path, usage, plans.machine())
    cores = next(line for line in found.resources[0].line_items if line.unit == "core*hour")
    assert cores.quantity == 2 * 360
    assert found.resources[0].role == "inference"


def test_the_requests_of_the_command_line_count_as_stated(tmp_path: Path) -> None:
    assert statuses(estimate(tmp_path, "", GATEWAY, requests="1M")) == ["priced"]


def test_answers_on_their_way_out_are_billed_by_a_resource_beside(tmp_path: Path) -> None:
    usage = "workload: {monthly_requests: 1M/month, response_size: 1 MB}"
    found = estimate(tmp_path, usage, plans.machine())
    assert [one.name for one in found.resources] == ["vm", "internet-traffic"]
    assert found.not_billed == ()


def test_instances_that_are_kept_ready_are_billed_without_calls(tmp_path: Path) -> None:
    ready = plans.resource(
        "yandex_serverless_container.api",
        {"memory": 1024, "cores": 1, "core_fraction": 100, "provision_policy": [{"min_instances": 2}]},
    )
    found = estimate(tmp_path, "", ready)
    assert statuses(found) == ["priced"]
    assert found.total.gross > 0


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ("usage: {yandex_storage_bucket.x: {size: 1 GB}}", "no resource `yandex_storage_bucket.x`"),
        ("usage: {yandex_storage_bucket.media: 5}", "must be a mapping of keys of the resource"),
        ("usage: {yandex_storage_bucket.media: {sise: 5 GB}}", "unknown key"),
        ("usages: {}", "unknown key"),
        ("workload: [1]", "must be a mapping"),
    ],
)
def test_mistakes_in_usage_are_named(tmp_path: Path, usage: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace(".", r"\.")) as raised:
        estimate(tmp_path, usage, BUCKET)
    assert raised.value.faults[0].mark is not None
    assert "usage.yaml" in str(raised.value.faults[0].mark)


def test_a_scenario_takes_the_workload_of_another_and_no_usage_by_address(tmp_path: Path) -> None:
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "scenario: shop\ntitle: Shop\nworkload: {monthly_requests: 1M}\n"
        "resources:\n  front: {kind: api-gateway}\n"
    )
    other = tmp_path / "other.yaml"
    other.write_text("workload: {monthly_requests: 3M}")
    loaded = load_scenario(str(shop), Catalog.shipped, workload=other)
    assert loaded.model.workload.monthly_requests.value == 3_000_000
    other.write_text("usage: {a.b: {size: 1 GB}}")
    with pytest.raises(InputError, match="is for a plan of Terraform"):
        load_scenario(str(shop), Catalog.shipped, workload=other)


def test_the_library_takes_a_plan_and_its_usage(tmp_path: Path) -> None:
    import costplan

    path = plans.written(tmp_path, plans.plan(BUCKET))
    usage = tmp_path / "usage.yaml"
    usage.write_text("usage:\n  yandex_storage_bucket.media: {size: 101 GB}\n")
    found = costplan.estimate(costplan.load_scenario(path, workload=usage))
    assert statuses(found) == ["priced"]


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return partial(costplan, capsys)


def test_the_answer_says_what_makes_a_form_for_usage(run: Run) -> None:
    plans.written(Path(), plans.plan(plans.resource("yandex_storage_bucket.b", {})), "a b.json")
    said = run("estimate", "a b.json").out
    assert said.count("`costplan terraform usage 'a b.json' -o usage.yaml` makes a form for it") == 1
    plans.written(Path(), plans.plan(plans.machine()))
    assert "terraform usage" not in run("estimate", "plan.json").out


def test_traffic_that_nobody_stated_makes_no_line_of_0(run: Run) -> None:
    address = plans.resource("yandex_vpc_address.a", {"external_ipv4_address": [{}]})
    plans.written(Path(), plans.plan(address))
    said = run("estimate", "plan.json").out
    assert "Public IP address" in said
    assert "Egress" not in said


def test_what_has_a_price_in_part_says_so(run: Run) -> None:
    plans.written(
        Path(), plans.plan(plans.machine(platform_id=None), plans.machine("yandex_compute_instance.b"))
    )
    assert "2 resources: 2 priced (1 in part)\n" in run("estimate", "plan.json").out


def test_a_path_may_name_a_resource_by_its_address(run: Run) -> None:
    address = 'module.m["a.b"].yandex_compute_disk.data["x=y"]'
    plans.written(Path(), plans.plan(plans.resource(address, {"size": 10})))
    both = [
        run("estimate", "plan.json", "--set", f"resources.{name}.disk.size=20 GB", "-f", "json")
        for name in (address, "m-a-b-data-x-y")
    ]
    assert both[0].code == 0, both[0].err
    assert both[0].out == both[1].out

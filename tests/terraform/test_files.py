"""Files made of a plan: a scenario of the same bill, a form for usage, a plan without secrets."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import plans
import pytest
from command_line import Ended, costplan

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

Capsys = pytest.CaptureFixture[str]
Run = Callable[..., Ended]
SECRET = "hunter2"
SHOP = "scenario: shop\ntitle: S\nworkload: {monthly_requests: 1}\nresources:\n  d: {kind: dns}\n"
BUCKET = plans.resource(
    "yandex_storage_bucket.media", {"default_storage_class": "COLD", "secret_key": SECRET}
)
FUNCTION = plans.resource(
    'module.jobs["a"].yandex_function.mail', {"memory": 256, "environment": {"PASSWORD": SECRET}}
)


@pytest.fixture
def run(capsys: Capsys) -> Run:
    return partial(costplan, capsys)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def bill(reference: str, workload: str | None = None) -> Estimate:
    loaded = load_scenario(reference, Catalog.shipped, workload=Path(workload) if workload else None)
    found = price_scenario(loaded)
    assert found.terraform is not None
    return replace(found, scenario="", title={}, terraform=replace(found.terraform, file=""))


def drawn(seed: int) -> dict[str, Any]:
    """Draw a plan: machines, disks, addresses, a database, things that hang on usage, in modules."""
    at = random.Random(seed)
    found: list[dict[str, Any]] = []
    for number in range(at.randint(1, 12)):
        module = at.choice(["", "module.a.", 'module.b["x"].module.c[1].'])
        kind = at.choice(
            ["machine", "disk", "address", "bucket", "function", "network", "db", "odd", "group"]
        )
        name = f"{module}yandex_{{}}.r{at.choice('abc')}{number}"
        if kind == "machine":
            size = at.choice([{"size": at.randint(10, 99)}, {}])
            found.append(
                plans.machine(
                    name.format("compute_instance"),
                    boot_disk=[{"initialize_params": [{"type": "network-hdd"} | size]}],
                    network_interface=[{"nat": at.random() < 0.5, "nat_ip_address": None}],
                    unknown={"boot_disk": [{"initialize_params": [{} if size else {"size": True}]}]},
                )
            )
        elif kind == "disk":
            disk = {"size": at.randint(1, 500), "type": at.choice(["network-hdd", "network-ssd"])}
            found.append(plans.resource(name.format("compute_disk"), disk))
        elif kind == "address":
            found.append(plans.resource(name.format("vpc_address"), {"external_ipv4_address": [{}, {}][:1]}))
        elif kind == "bucket":
            found.append(plans.resource(name.format("storage_bucket"), {"default_storage_class": "ICE"}))
        elif kind == "function":
            found.append(plans.resource(name.format("function"), {"memory": 128 * at.randint(1, 8)}))
        elif kind == "network":
            found.append(plans.resource(name.format("vpc_network"), {}))
        elif kind == "db":
            resources = {"resource_preset_id": "s2.micro", "disk_type_id": "network-ssd", "disk_size": 20}
            hosts = [{"zone": "a", "assign_public_ip": False}] * at.randint(1, 3)
            values = {"config": [{"resources": [resources]}], "host": hosts}
            found.append(plans.resource(name.format("mdb_postgresql_cluster"), values))
        elif kind == "odd":
            found.append(plans.resource(name.format("brand_new_thing"), {}))
        else:
            nodes = {
                "instance_template": [
                    {"platform_id": "standard-v2", "resources": [{"cores": 2, "memory": 4, "gpus": 0}]}
                ],
                "scale_policy": [{"auto_scale": [{"min": 1, "max": 5, "initial": at.randint(1, 5)}]}],
            }
            found.append(plans.resource(name.format("kubernetes_node_group"), nodes))
    return plans.plan(*found)


@pytest.mark.parametrize("seed", range(40))
def test_the_scenario_of_a_plan_has_its_bill_to_the_last_digit(seed: int, run: Run) -> None:
    plans.written(Path(), drawn(seed))
    if seed % 2:
        Path("usage.yaml").write_text(
            "workload: {monthly_requests: 3M, request_duration: 70 ms, response_size: 9 KB}"
        )
    usage = ["--workload", "usage.yaml"] if seed % 2 else []
    assert run("terraform", "scenario", "plan.json", "-o", "shop.yaml", *usage).code == 0
    assert bill("shop.yaml") == bill("plan.json", "usage.yaml" if seed % 2 else None)


@pytest.mark.parametrize("seed", range(40))
def test_the_redacted_plan_has_the_same_bill(seed: int, run: Run) -> None:
    plans.written(Path(), drawn(seed))
    assert run("terraform", "redact", "plan.json", "-o", "small.json").code == 0
    assert bill("small.json") == bill("plan.json")


def test_a_redacted_plan_holds_no_secret_and_keeps_links(run: Run) -> None:
    address = plans.resource("yandex_vpc_address.front", {"external_ipv4_address": [{"zone_id": SECRET}]})
    machine = plans.machine(
        metadata={"user-data": SECRET},
        network_interface=[{"nat": True, "subnet_id": SECRET}],
        unknown={"network_interface": [{"nat_ip_address": True}]},
        references={
            "network_interface": [
                {"nat_ip_address": ["yandex_vpc_address.front.x", "yandex_vpc_address.front"]}
            ],
            "metadata": SECRET,
        },
        sensitive={"metadata": True},
    )
    document = plans.plan(machine, address, BUCKET, FUNCTION)
    document["variables"] = {"password": {"value": SECRET}}
    document["configuration"]["provider_config"] = {
        "yandex": {"expressions": {"token": {"constant_value": SECRET}}}
    }
    document["planned_values"]["outputs"] = {"password": {"sensitive": True, "value": SECRET}}
    plans.written(Path(), document)
    assert run("terraform", "redact", "plan.json", "-o", "small.json").code == 0
    text = Path("small.json").read_text()
    assert SECRET not in text
    assert bill("small.json") == bill("plan.json")
    for line in (["estimate", "plan.json", "-f", "json"], ["terraform", "scenario", "plan.json"]):
        assert SECRET not in run(*line).out


def test_a_sensitive_price_attribute_is_in_no_file(run: Run) -> None:
    known = {"cores": 2, "memory": 77777, "core_fraction": 100}
    machine = plans.machine(resources=[known], sensitive={"resources": [{"memory": True}]})
    plans.written(Path(), plans.plan(machine, BUCKET))
    for line in (
        ["terraform", "redact", "plan.json"],
        ["terraform", "scenario", "plan.json"],
        ["estimate", "plan.json", "-f", "json"],
    ):
        assert "77777" not in run(*line).out


def test_a_form_for_usage_is_filled_in_and_grows_with_the_plan(run: Run) -> None:
    plans.written(Path(), plans.plan(plans.machine(), BUCKET))
    assert run("terraform", "usage", "plan.json", "-o", "usage.yaml").code == 0
    form = Path("usage.yaml").read_text()
    assert "  yandex_storage_bucket.media:\n    size: ~  # 100 GB\n" in form
    assert bill("plan.json", "usage.yaml") == bill("plan.json")
    mine = form.replace("size: ~  # 100 GB", "size: 7 GB  # mine")
    Path("usage.yaml").write_text(mine)
    plans.written(Path(), plans.plan(BUCKET, FUNCTION))
    assert run("terraform", "usage", "plan.json", "-o", "usage.yaml").code == 0
    grown = Path("usage.yaml").read_text()
    assert [line for line in grown.split("\n") if line not in mine.split("\n")] == [
        '  "module.jobs[\\"a\\"].yandex_function.mail":  # new',
        "    requests: ~  # 1M/month",
        "    duration: ~  # 150 ms",
    ]
    assert [line for line in mine.split("\n") if line not in grown.split("\n")] == []
    assert bill("plan.json", "usage.yaml").total.gross > 0
    again = run("terraform", "usage", "plan.json", "-o", "usage.yaml")
    assert "nothing new" in again.err
    assert Path("usage.yaml").read_text() == grown
    assert run("terraform", "usage", "plan.json", "-o", "other.yaml").code == 0
    assert run("terraform", "usage", "plan.json", "-o", "usage.yaml", "--force").code == 0
    assert Path("usage.yaml").read_text() == Path("other.yaml").read_text()
    Path("usage.yaml").write_text(grown)
    plans.written(Path(), plans.plan(FUNCTION))
    gone = run("terraform", "usage", "plan.json", "-o", "usage.yaml")
    assert "yandex_storage_bucket.media is in usage.yaml, and no longer in the plan" in gone.err
    assert Path("usage.yaml").read_text() == grown


def test_the_form_asks_for_all_that_the_bill_says_is_in_no_amount(run: Run) -> None:
    zone = plans.resource("yandex_dns_zone.site", {"zone": "example.com."})
    plans.written(Path(), plans.plan(zone, BUCKET))
    said = run("estimate", "plan.json").out
    assert "not in the file, and in no amount: queries (yandex_dns_zone.site)" in said
    assert "whatever the load" not in said
    assert run("terraform", "usage", "plan.json", "-o", "usage.yaml").code == 0
    form = Path("usage.yaml").read_text()
    # What has no amount at all without it stands first.
    assert form.index("yandex_storage_bucket.media:") < form.index(
        "  yandex_dns_zone.site:\n    queries: ~  # 1M"
    )
    filled = form.replace("queries: ~", "queries: 1M/month").replace("egress: ~", "egress: 0 B")
    Path("usage.yaml").write_text(
        filled.replace("requests: ~", "requests: 0").replace("size: ~", "size: 1 GB")
    )
    stated = run("estimate", "plan.json", "--workload", "usage.yaml").out
    assert "Authoritative queries" in stated
    assert "in no amount" not in stated


def test_a_file_of_usage_whose_entries_share_a_line_is_not_touched(run: Run) -> None:
    plans.written(Path(), plans.plan(BUCKET, FUNCTION))
    text = "usage: {yandex_storage_bucket.media: {size: 1 GB}}\n"
    Path("usage.yaml").write_text(text)
    ended = run("terraform", "usage", "plan.json", "-o", "usage.yaml")
    assert ended.code == 2
    assert "on a line of its own" in ended.err
    assert Path("usage.yaml").read_text() == text


def test_a_scenario_is_no_plan(run: Run) -> None:
    Path("shop.yaml").write_text(SHOP)
    for word in ("usage", "scenario", "redact"):
        ended = run("terraform", word, "shop.yaml")
        assert ended.code == 2, word


def test_answers_name_addresses_and_classes(run: Run) -> None:
    plans.written(Path(), plans.plan(plans.machine(), BUCKET, plans.resource("yandex_vpc_network.n", {})))
    table = run("estimate", "plan.json").out
    assert "3 resources: 1 priced, 1 free, 1 usage-based\n" in table
    assert "yandex_compute_instance.vm" in table
    assert "3 resources: 1 priced, 1 free, 1 usage-based" in run("estimate", "plan.json", "-f", "md").out
    assert run("estimate", "plan.json", "--strict").code == 1
    assert run("check", "plan.json", "--max", "9999").code == 1
    said = json.loads(run("estimate", "plan.json", "-f", "json").out)
    assert said["terraform"]["counts"] == {
        "priced": 1, "free": 1, "usage-based": 1, "unknown-until-apply": 0, "not-supported": 0
    }  # fmt: skip
    assert "standard-v3" in run("explain", "plan.json", "yandex_compute_instance.vm").out
    csv = run("estimate", "plan.json", "-f", "csv").out
    assert "yandex_storage_bucket.media" in csv


COMMANDS = {
    "estimate": (),
    "compare": ("stage1",),
    "explain": (),
    "check": ("--max", "9999"),
    "curve": (),
    "timeline": ("--growth", "10%"),
    "report": ("-o", "report.md"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_plan(command: str, run: Run) -> None:
    plans.written(Path(), plans.plan(plans.machine(), BUCKET, FUNCTION))
    ended = run(command, "plan.json", *COMMANDS[command])
    assert ended.code in (0, 1), ended.err

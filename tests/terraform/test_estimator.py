"""Where the field's estimator is wrong: its figure worked out by hand beside the right one, which is ours.

It is terraform-yc-modules/terraform-yc-cost-estimation@7a74a71. Its figures here are of the provider's month
of 720 hours, so that one mistake stands alone; `docs/terraform-estimator.md` has what it printed.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from design_bills import (
    ADDRESS,
    AS_OF,
    BALANCER,
    BILLS,
    CORE,
    CORE_20,
    DB_ADDRESS,
    DB_HDD,
    DB_SSD,
    GATEWAY,
    HDD,
    HOURS,
    KAFKA_CORE,
    KAFKA_RAM,
    KAFKA_V2_CORE,
    KAFKA_V2_RAM,
    KEY,
    NOTHING,
    PG_CORE,
    PG_RAM,
    RAM,
    SECRET,
    SSD,
    UNIT,
    V2_CHEAP_CORE,
    V2_CHEAP_RAM,
    V2_CORE,
    V2_RAM,
    ZONE,
    total_of,
)
from terraform_stub.runs import DESIGNS, document_of
from test_designs import classes, costs, estimate

from costplan.catalog.store import Catalog
from costplan.cli.run import run
from costplan.messages.errors import ExitCode
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario

Capsys = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "terraform-estimator.md"
ITS_HOURS = 24 * 31

WORKERS = "yandex_compute_instance_group.workers"
GROUPS = 'yandex_compute_instance_group.group["{}"]'
CLASSES = 'yandex_mdb_postgresql_cluster.cluster["{}"]'
ONE_OF_GROUP = HOURS * (2 * CORE + 4 * RAM + 20 * SSD)

MISTAKES = {
    # mistake: (design, address, its figure, ours)
    "the size of a boot disk is not stated: 0 GB": (
        "boot-disks",
        "yandex_compute_instance.of_image",
        HOURS * (2 * CORE_20 + 4 * RAM),
        HOURS * (2 * CORE_20 + 4 * RAM + 8 * HDD),
    ),
    "the boot disk of a group is looked for one level too high: none": (
        "group-fixed",
        WORKERS,
        3 * HOURS * (4 * V2_CHEAP_CORE + 8 * V2_CHEAP_RAM + 8 * HDD + ADDRESS),
        3 * HOURS * (4 * V2_CHEAP_CORE + 8 * V2_CHEAP_RAM + 15 * SSD + 8 * HDD + ADDRESS),
    ),
    "a group on a platform other than standard-v3: addresses only": (
        "group-fixed",
        WORKERS,
        3 * HOURS * ADDRESS,
        3 * HOURS * (4 * V2_CHEAP_CORE + 8 * V2_CHEAP_RAM + 15 * SSD + 8 * HDD + ADDRESS),
    ),
    "whether a group may be stopped is looked for one level too high: the full price": (
        "group-fixed",
        WORKERS,
        3 * HOURS * (4 * V2_CORE + 8 * V2_RAM + 15 * SSD + 8 * HDD + ADDRESS),
        3 * HOURS * (4 * V2_CHEAP_CORE + 8 * V2_CHEAP_RAM + 15 * SSD + 8 * HDD + ADDRESS),
    ),
    "the floor of zones is not read: only the size to begin with": (
        "group-auto",
        GROUPS.format("api"),
        2 * ONE_OF_GROUP,
        6 * ONE_OF_GROUP,
    ),
    "an address in nat_ip_address: with the machine and by itself": (
        "addresses",
        "yandex_compute_instance.front",
        HOURS * (2 * CORE + 2 * RAM + 15 * HDD + ADDRESS),
        HOURS * (2 * CORE + 2 * RAM + 15 * HDD),
    ),
    "a class s3f is taken for s3: the ordinary price": (
        "host-classes",
        CLASSES.format("fast"),
        HOURS * (2 * PG_CORE + 8 * PG_RAM + 20 * DB_SSD),
        NOTHING,  # and not supported, with its reason
    ),
    "a class b3 is of no platform: 0": (
        "host-classes",
        CLASSES.format("half"),
        NOTHING,
        HOURS * (2 * Decimal("1.0892") + 4 * PG_RAM + 20 * DB_SSD),
    ),
    "a class s4a is of no platform: 0": (
        "host-classes",
        CLASSES.format("amd"),
        NOTHING,
        HOURS * (2 * Decimal("1.8792") + 8 * Decimal("0.5072") + 20 * DB_SSD),
    ),
    "brokers per zone are taken for all brokers, and ZooKeeper is none": (
        "kafka",
        "yandex_mdb_kafka_cluster.bus",
        HOURS * 2 * (2 * KAFKA_V2_CORE + 8 * KAFKA_V2_RAM + 32 * DB_HDD),
        HOURS * 6 * (2 * KAFKA_V2_CORE + 8 * KAFKA_V2_RAM + 32 * DB_HDD)
        + HOURS * 3 * (2 * Decimal("0.807") + 4 * Decimal("0.3228") + 10 * DB_SSD),
    ),
    "a broker b3 is of no platform: its disk and its address only": (
        "kafka",
        "yandex_mdb_kafka_cluster.small",
        HOURS * (10 * DB_SSD + DB_ADDRESS),
        HOURS * (2 * Decimal("1.0541") + 4 * KAFKA_RAM + 10 * DB_SSD + DB_ADDRESS),
    ),
    "a file storage is billed as a disk": (
        "services",
        "yandex_compute_filesystem.shared",
        HOURS * 100 * SSD,
        HOURS * 100 * Decimal("0.0229"),
    ),
    "masters have a fixed fee only, which is 0": (
        "masters",
        "yandex_kubernetes_cluster.zonal",
        NOTHING,
        HOURS * (2 * Decimal("1.76") + 8 * Decimal("0.46")),
    ),
    "a master of three places is none": (
        "masters",
        "yandex_kubernetes_cluster.places",
        NOTHING,
        3 * HOURS * (4 * Decimal("1.76") + 16 * Decimal("0.46")),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_not_made(mistake: str) -> None:
    design, address, its, ours = MISTAKES[mistake]
    assert costs(design)[address] == ours != its


ITS_TOTALS: dict[str, Decimal | str] = {
    # What it printed for a month of 744 hours, or the error that it printed; each follows from its mistakes.
    # Modules are not read: one machine, an address with it, and the two addresses of the root.
    "addresses": ITS_HOURS * (2 * CORE + 2 * RAM + 15 * HDD + 3 * ADDRESS),
    "applied": NOTHING,
    "balancers": ITS_HOURS * 2 * ADDRESS,
    "boot-disks": "'initialize_params'",
    # All but the disk in a module.
    "changed": ITS_HOURS
    * ((2 * CORE + 2 * RAM + 10 * HDD) + (4 * CORE + 8 * RAM + 20 * SSD) + 100 * HDD + 40 * SSD),
    "clickhouse-v1": total_of("clickhouse-v1") / HOURS * ITS_HOURS,
    "clickhouse-v2": NOTHING,
    "databases": NOTHING,
    "deep-modules": NOTHING,
    "default-platform": ITS_HOURS * 10 * HDD,
    "dynamic-nodes": NOTHING,
    "gpu-nodes": "'boot_disk'",
    "group-auto": "'initial'",
    "group-fixed": ITS_HOURS * 3 * ADDRESS,
    # One of four.
    "host-classes": ITS_HOURS * (2 * PG_CORE + 4 * PG_RAM + 20 * DB_SSD),
    "kafka": ITS_HOURS
    * (
        2 * (2 * KAFKA_V2_CORE + 8 * KAFKA_V2_RAM + 32 * DB_HDD)
        + (2 + 1) * (2 * KAFKA_CORE + 8 * KAFKA_RAM + 10 * DB_SSD)
        + 10 * DB_SSD
        + DB_ADDRESS
    ),
    "masters": NOTHING,
    "opensearch": "'NoneType' object has no attribute 'get'",
    # Six disks, and two machines of six.
    "platforms": ITS_HOURS * (2 * V2_CORE + 4 * V2_RAM + 2 * V2_CHEAP_CORE + 4 * V2_CHEAP_RAM + 6 * 10 * HDD),
    # One of two equal clusters.
    "postgresql": ITS_HOURS * (total_of("postgresql") / HOURS / 2),
    "redis": NOTHING,
    # The memory is read all the same, though the plan marks it.
    "secrets": total_of("secrets") / HOURS * ITS_HOURS + ITS_HOURS * (2 * CORE + 6 * RAM + 10 * HDD),
    "services": ITS_HOURS * 100 * SSD,
    "site": NOTHING,
}


def test_its_answers_are_those_of_the_page() -> None:
    """The rows of the page: design, resources, its answer, ours, why."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert [row[0].strip("`") for row in rows] == list(BILLS)
    for name, resources, its, ours, _ in rows:
        design = name.strip("`")
        assert int(resources) == len(BILLS[design])
        printed = ITS_TOTALS[design]
        assert its == (f"{printed:,.2f}" if isinstance(printed, Decimal) else f"`Error: {printed}`")
        mark = "+" if estimate(design).unpriced else ""
        assert ours == f"{total_of(design):,.2f}{mark}"


def test_child_modules_are_read() -> None:
    """Its answer is 0 RUB for whole clusters, and for six machines."""
    for design, least in (("deep-modules", 6), ("dynamic-nodes", 3)):
        assert ITS_TOTALS[design] == 0
        assert sum(cost > 0 for cost in costs(design).values()) == least


def test_clickhouse_of_the_second_type_is_read() -> None:
    assert ITS_TOTALS["clickhouse-v2"] == 0
    assert all(cost > 0 for cost in costs("clickhouse-v2").values())


@pytest.mark.parametrize("design", [name for name, its in ITS_TOTALS.items() if isinstance(its, str)])
def test_what_it_stops_at_is_priced(design: str, capsys: Capsys) -> None:
    """It prints an error on standard output, and its exit code is 0."""
    assert (
        run(["estimate", str(document_of(DESIGNS / design)), "-f", "json", "--as-of", AS_OF]) == ExitCode.DONE
    )
    answer = json.loads(capsys.readouterr().out)
    assert Decimal(answer["total"]["gross"]) == total_of(design)


def test_an_error_is_no_answer(tmp_path: Path, capsys: Capsys) -> None:
    cut = tmp_path / "plan.json"
    cut.write_text(document_of(DESIGNS / "kafka").read_text()[:3000])
    assert run(["estimate", str(cut)]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert "the JSON is cut off" in said.err


def test_memory_has_the_sku_of_its_own_platform() -> None:
    """It bills memory of a standard-v2 that may be stopped by the SKU of standard-v3."""
    [cheap] = [one for one in estimate("platforms").resources if one.name == "cheap"]
    skus = {line.sku for line in cheap.line_items}
    assert "compute.vm.ram.v2.preemptible" in skus
    assert "compute.vm.ram.v3.preemptible" not in skus


def test_what_has_no_price_is_not_0() -> None:
    """It bills highfreq-v3, and platforms that it does not know, at 0."""
    missing = {one.sku for one in estimate("platforms").unpriced}
    for platform in ("highfreq-v3", "v4a", "amd-v1", "highfreq-v4a"):
        assert {f"compute.vm.cpu.c100.{platform}", f"compute.vm.ram.{platform}"} <= missing
    section = estimate("platforms").terraform
    assert section is not None
    parts = {one.address: one.unpriced for one in section.resources}
    assert parts['yandex_compute_instance.machine["highfreq-v3"]'] == (
        "compute.vm.cpu.c100.highfreq-v3",
        "compute.vm.ram.highfreq-v3",
    )


def test_an_empty_key_of_a_place_is_no_place(tmp_path: Path) -> None:
    """It takes any master with a key `zonal` for a zonal one; plans and states may have it, and empty."""
    document = json.loads(document_of(DESIGNS / "masters").read_text(encoding="utf-8"))
    for row in document["planned_values"]["root_module"]["resources"]:
        row["values"]["master"][0] = {"zonal": [], "regional": []} | row["values"]["master"][0]
    for row in document["resource_changes"]:
        marks = row["change"]["after_unknown"]["master"][0]
        row["change"]["after_unknown"]["master"][0] = {
            key: mark for key, mark in marks.items() if key not in ("zonal", "regional")
        }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    found = price_scenario(load_scenario(str(path), Catalog.shipped, sets=(f"as_of={AS_OF}",)))
    assert found.total.gross == total_of("masters")


def test_a_month_has_720_hours() -> None:
    """Its month has 744, and the one in its log 720."""
    assert estimate("clickhouse-v1").hours_per_month == HOURS
    assert estimate("clickhouse-v1").total.gross == ITS_TOTALS["clickhouse-v1"] * HOURS / ITS_HOURS


def test_nothing_is_left_out_without_a_word() -> None:
    """It says nothing of balancers, a gateway, a zone, a key, a secret, and of all that is billed by use."""
    fixed = HOURS * (GATEWAY + BALANCER + ADDRESS + 4 * UNIT + ADDRESS + ZONE + KEY + SECRET)
    assert ITS_TOTALS["site"] == 0
    assert total_of("site") == estimate("site").total.gross == fixed
    said = {one.resource for one in estimate("site").unpriced}
    usage = {address for address, status in classes("site").items() if status == "usage-based"}
    assert usage <= said
    assert len(usage) == 5

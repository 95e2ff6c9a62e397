"""Sums that the provider's documentation prints come out to the last digit at that example's unit prices.

Shapes, presets and billing rules are those of the shipped catalog; prices are laid over it.
Sources: Yandex Cloud documentation, the pricing page of each service (yandex-cloud/docs: en/*/pricing.md and
en/_pricing_examples).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_bills import Desk, cost, service, sku, tiers

from costplan.quantities.money import rounded

HOURS = 720


def usd(code: str, unit: str, price: str, free: str | None = None) -> dict[str, Any]:
    """A SKU of a price in USD above a free volume."""
    return sku(code, unit, {"USD": price if free is None else tiers(("0", "0"), (free, price))})


def total(folder: Path, resource: str, *services: dict[str, Any], more: str = "") -> Decimal:
    bill = Desk(folder, *services, shipped=True).bill(
        f"{more}resources:\n  example: {resource}\n", currency="USD"
    )
    assert not bill.unpriced
    return bill.total.monthly_cost


CONTAINERS = service(
    "serverless-containers",
    usd("serverless.containers.compute.memory", "GB*hour", "0.0256", "10"),
    usd("serverless.containers.compute.cpu", "core*hour", "0.0384", "5"),
    usd("serverless.containers.invocations", "1M invocations", "0.128", "1"),
)


@pytest.mark.parametrize("reading", ["", ", run_time_rounding: as-example", ", run_time_rounding: total"])
@pytest.mark.parametrize(("cores", "printed"), [("0.2", "7.168"), ("1", "11.008")], ids=["20 %", "100 %"])
def test_a_container_of_150_ms_costs_what_the_example_prints(
    tmp_path: Path, cores: str, printed: str, reading: str
) -> None:
    """The text rounds the total, which here is whole tenths of a second: 3M x 0.15 s = 450,000 s = 125 h."""
    container = (
        f"{{kind: serverless-container, role: inference, vcpu: {cores}, memory: 2 GB, requests: 3M,"
        f" duration: 150 ms{reading}}}"
    )
    # 0.0256 x (2 x 150 / 3,600,000 x 3,000,000 - 10) + 0.0384 x (cores x 125 - 5) + 0.128 x 2
    expected = Decimal("0.0256") * 240 + Decimal("0.0384") * (Decimal(cores) * 125 - 5) + Decimal("0.128") * 2
    assert total(tmp_path, container, CONTAINERS) == expected == Decimal(printed)


def test_the_run_time_of_a_month_is_rounded_up_once(tmp_path: Path) -> None:
    """Three calls of 150 ms are 450 ms, billed as 500 ms; each rounded by itself they would be 600 ms."""
    container = (
        "{kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB, requests: 3, duration: 150 ms}"
    )
    more = "free_tier: false\n"
    per_second = (Decimal("0.0256") + Decimal("0.0384")) / 3600
    expected = Decimal("0.5") * per_second + Decimal("0.128") * 3 / 1_000_000
    assert rounded(total(tmp_path, container, CONTAINERS, more=more), 12) == rounded(expected, 12)


def test_a_container_of_150_ms_is_billed_as_200_ms_where_each_call_is_rounded(tmp_path: Path) -> None:
    container = (
        "{kind: serverless-container, role: inference, vcpu: 0.2, memory: 2 GB, requests: 3.6M,"
        " duration: 150 ms, run_time_rounding: per-call}"
    )
    # 200 ms x 3.6M = 200 h
    memory, cores = Decimal("0.0256") * (2 * 200 - 10), Decimal("0.0384") * (40 - 5)
    assert total(tmp_path, container, CONTAINERS) == memory + cores + Decimal("0.128") * Decimal("2.6")


def test_a_function_of_512_mb_and_800_ms_called_ten_million_times(tmp_path: Path) -> None:
    functions = service(
        "cloud-functions",
        usd("serverless.functions.compute.memory", "GB*hour", "0.04376", "10"),
        usd("serverless.functions.invocations", "1M invocations", "0.128", "1"),
    )
    function = "{kind: cloud-function, role: compute, memory: 512 MB, requests: 10M, duration: 800 ms}"
    # 0.04376 x (0.5 x 800 / 3,600,000 x 10,000,000 - 10) + 0.128 x 9 = 49.336622222...
    found = total(tmp_path, function, functions)
    assert rounded(found, 10) == Decimal("49.3366222222")


def test_a_thousand_calls_above_the_free_million_are_charged_by_their_number(tmp_path: Path) -> None:
    functions = service(
        "cloud-functions",
        usd("serverless.functions.compute.memory", "GB*hour", "0"),
        usd("serverless.functions.invocations", "1M invocations", "16", "1"),
    )
    function = "{kind: cloud-function, role: compute, memory: 128 MB, requests: 1001000, duration: 1 ms}"
    assert total(tmp_path, function, functions) == Decimal("0.016")


@pytest.mark.parametrize(
    ("fraction", "core", "printed"), [(5, "0.002476", "4.035600"), (100, "0.008996", "8.730000")]
)
def test_a_machine_of_one_core_for_thirty_days(
    tmp_path: Path, fraction: int, core: str, printed: str
) -> None:
    skus = {"cpu": "core", "ram": "memory"}
    shapes = [{"vcpu": ["1"], "memory_per_vcpu": ["1"]}]
    share = {"fraction": str(fraction), "on_demand": skus, "shapes": shapes}
    broadwell = {"name": "standard-v1", "title": "Broadwell", "source": "s", "fractions": [share]}
    prices = service(
        "compute", usd("core", "core*hour", core), usd("memory", "GB*hour", "0.003129"), platforms=[broadwell]
    )
    machine = (
        f"{{kind: compute-instance, role: compute, platform: standard-v1, core_fraction: {fraction},"
        " vcpu: 1, memory: 1 GB}"
    )
    assert (
        total(tmp_path, machine, prices) == (Decimal(core) + Decimal("0.003129")) * HOURS == Decimal(printed)
    )


@pytest.mark.parametrize(("hours", "number"), [("24x7", 720), ("24 h", 24), ("1 min", Decimal(1) / 60)])
def test_a_machine_of_two_cores_and_two_gigabytes(tmp_path: Path, hours: str, number: Decimal) -> None:
    prices = service(
        "compute",
        usd("compute.vm.cpu.c100.v3", "core*hour", "0.0102"),
        usd("compute.vm.ram.v3", "GB*hour", "0.0027"),
    )
    machine = f"{{kind: compute-instance, role: compute, vcpu: 2, memory: 2 GB, hours: {hours}}}"
    found = total(tmp_path, machine, prices)
    assert rounded(found, 12) == rounded(number * (2 * Decimal("0.0102") + 2 * Decimal("0.0027")), 12)


@pytest.mark.parametrize(("used", "printed"), [("23 GB", "0.355674"), ("1 GB", "0"), ("0.5 GB", "0")])
def test_stored_volume_above_the_first_free_gigabyte(tmp_path: Path, used: str, printed: str) -> None:
    storage = service(
        "object-storage", usd("storage.bucket.used_space.standard", "GB*month", "0.016167", "1")
    )
    assert total(tmp_path, f"{{kind: object-storage, role: storage, size: {used}}}", storage) == Decimal(
        printed
    )


def test_get_operations_are_charged_by_their_actual_number(tmp_path: Path) -> None:
    storage = service(
        "object-storage",
        usd("storage.bucket.used_space.standard", "GB*month", "0"),
        usd("storage.api.get.standard", "10000 requests", "0.003129", "1"),
    )
    bucket = "{kind: object-storage, role: storage, get_requests: 24500}"
    assert total(tmp_path, bucket, storage) == Decimal("0.00453705")


def test_traffic_out_of_a_bucket_above_the_free_volume(tmp_path: Path) -> None:
    storage = service(
        "object-storage",
        usd("storage.bucket.used_space.standard", "GB*month", "0"),
        usd("storage.api.network.inet.egress", "GB", "0.016167", "10"),
    )
    assert total(tmp_path, "{kind: object-storage, role: storage, egress: 283 GB}", storage) == Decimal(
        "4.413591"
    )


def test_fifteen_gigabytes_for_eleven_and_a_half_hours_are_billed_as_for_twelve(tmp_path: Path) -> None:
    price = Decimal("0.0252")
    expected = price * 15 * 12 / 24 / 30
    images = service("container-registry", usd("cr.bucket.used_space.standard", "GB*month", str(price)))
    registry = "{kind: container-registry, role: storage, size: 15 GB, hours: 11.5 h}"
    assert total(tmp_path, registry, images) == expected
    (tmp_path / "bucket").mkdir()
    storage = service("object-storage", usd("storage.bucket.used_space.cold", "GB*month", str(price)))
    bucket = "{kind: object-storage, role: storage, storage_class: cold, size: 15 GB, hours: 11.5 h}"
    assert total(tmp_path / "bucket", bucket, storage) == expected


@pytest.mark.parametrize(("master", "printed"), [("basic", 5184), ("highly-available", 15552)])
def test_a_kubernetes_master_of_two_cores_and_eight_gigabytes(
    tmp_path: Path, master: str, printed: int
) -> None:
    scenario = f"resources: {{master: {{kind: kubernetes-cluster, role: compute, master: {master}}}}}\n"
    bill = Desk(tmp_path, shipped=True).bill(scenario, day="2026-06-18")
    hosts = 1 if master == "basic" else 3
    assert cost(bill, "master") == hosts * (2 * Decimal("1.76") + 8 * Decimal("0.46")) * HOURS == printed


def test_a_load_balancer_of_eight_resource_units(tmp_path: Path) -> None:
    balancer = service(
        "application-load-balancer",
        usd("alb.resource_unit", "RU*hour", "0.01776"),
        rules=[
            {
                "name": "new-connections-per-second",
                "value": "200",
                "unit": "u",
                "note": "of 2022",
                "source": "s",
            }
        ],
    )
    example = (
        "{kind: application-load-balancer, role: network, requests_per_second: 6000,"
        " active_connections: 30000,"
        " new_connections_per_second: 500, megabytes_per_second: 20, public_addresses: 0}"
    )
    # max(6000 / 1000, 30000 / 4000 ~ 8, 500 / 200 ~ 3, 20 / 22 ~ 1, 2) x 0.01776 x 720
    assert total(tmp_path, example, balancer) == Decimal("102.2976")


def test_requests_to_a_gateway_above_the_free_hundred_thousand(tmp_path: Path) -> None:
    gateway = service("api-gateway", usd("serverless.api-gateway.requests", "1M requests", "0.96", "0.1"))
    assert total(tmp_path, "{kind: api-gateway, role: network, requests: 10M}", gateway) == Decimal("9.504")


def test_fifty_thousand_authoritative_queries(tmp_path: Path) -> None:
    names = service(
        "cloud-dns",
        usd("dns.zones.v1", "zone*hour", "0"),
        usd("dns.queries.authoritative", "1M queries", "0.256410"),
    )
    assert total(tmp_path, "{kind: dns, role: network, queries: 50000}", names) == Decimal("0.0128205")


def test_three_secrets_of_five_versions_read_twenty_thousand_times(tmp_path: Path) -> None:
    secrets = service(
        "lockbox",
        usd("lockbox.secret_versions", "version*hour", "0.00017"),
        usd("lockbox.operations", "10000 operations", "0.024"),
    )
    found = total(tmp_path, "{kind: lockbox, role: other, versions: 15, operations: 20000}", secrets)
    assert found == 3 * 5 * HOURS * Decimal("0.00017") + 2 * Decimal("0.024")


@pytest.mark.parametrize(
    ("interval", "millions"), [("1 min", [Decimal("0.864")]), ("1 s", [Decimal(50), Decimal("1.84")])]
)
def test_twenty_metrics_written_for_thirty_days(
    tmp_path: Path, interval: str, millions: list[Decimal]
) -> None:
    prices = [Decimal("0.08"), Decimal("0.05")]
    written = sku("monitoring.metrics.write", "1M values", {"USD": tiers(("0", "0.08"), ("50", "0.05"))})
    metrics = f"{{kind: monitoring, role: monitoring, metrics: 20, interval: {interval}}}"
    found = total(tmp_path, metrics, service("monitoring", written))
    assert found == sum(part * price for part, price in zip(millions, prices, strict=False))


def cluster_prices(name: str, short: str, kind: str) -> dict[str, Any]:
    return service(
        name,
        usd(f"mdb.cluster.{kind}.v3.cpu.c100", "core*hour", "0.0137"),
        usd(f"mdb.cluster.{kind}.v3.ram", "GB*hour", "0.0037"),
        usd(f"mdb.zk.{kind}.v3.cpu.c50", "core*hour", "0.0056"),
        usd(f"mdb.zk.{kind}.v3.ram", "GB*hour", "0.0029"),
        usd(f"mdb.cluster.network-hdd.{short}", "GB*month", "0.0256"),
        usd(f"mdb.cluster.network-nvme.{short}", "GB*month", "0.1046"),
    )


THREE_HOSTS = 3 * (2 * Decimal("0.0137") + 8 * Decimal("0.0037"))
THREE_ZOOKEEPERS = 3 * (2 * Decimal("0.0056") + 4 * Decimal("0.0029"))


def test_three_kafka_brokers_with_three_zookeeper_hosts_and_the_storage_of_both(tmp_path: Path) -> None:
    kafka = (
        "{kind: managed-kafka, role: database, hosts: {preset: s3-c2-m8, count: 3,"
        " storage: {type: network-hdd, size: 100 GB}}}"
    )
    storage = 3 * 100 * Decimal("0.0256") + 3 * 10 * Decimal("0.1046")
    found = total(tmp_path, kafka, cluster_prices("managed-kafka", "kafka", "kafka"))
    assert found == HOURS * (THREE_HOSTS + THREE_ZOOKEEPERS) + storage


def test_kafka_brokers_alone_or_with_kraft_have_no_zookeeper_hosts(tmp_path: Path) -> None:
    desk = Desk(tmp_path, cluster_prices("managed-kafka", "kafka", "kafka"), shipped=True)
    hosts = "hosts: {preset: s3-c2-m8, count: 3, storage: {type: network-hdd, size: 100 GB}}"
    bill = desk.bill(f"""\
currency: USD
resources:
  kraft: {{kind: managed-kafka, role: database, coordination: kraft, {hosts}}}
  single: {{kind: managed-kafka, role: database, {hosts.replace("count: 3", "count: 1")}}}
""")
    assert cost(bill, "kraft") == 3 * cost(bill, "single") == HOURS * THREE_HOSTS + 300 * Decimal("0.0256")


def test_three_clickhouse_hosts_with_three_zookeeper_hosts(tmp_path: Path) -> None:
    clickhouse = (
        "{kind: managed-clickhouse, role: database, hosts: {preset: s3-c2-m8, count: 3,"
        " storage: {type: network-hdd, size: 100 GB}}}"
    )
    prices = cluster_prices("managed-clickhouse", "ch", "clickhouse")
    # The printed sum takes the 100 GB of storage once; the storage here is that of each host.
    assert total(tmp_path, clickhouse, prices) == HOURS * (THREE_HOSTS + THREE_ZOOKEEPERS) + 300 * Decimal(
        "0.0256"
    )


def test_two_clickhouse_hosts_of_2022_with_their_zookeeper_hosts(tmp_path: Path) -> None:
    prices = service(
        "managed-clickhouse",
        usd("mdb.cluster.clickhouse.v2.cpu.c100", "core*hour", "0.01376"),
        usd("mdb.cluster.clickhouse.v2.ram", "GB*hour", "0.00376"),
        usd("mdb.zk.clickhouse.v2.cpu.c50", "core*hour", "0.0056"),
        usd("mdb.zk.clickhouse.v2.ram", "GB*hour", "0.00224"),
        usd("mdb.cluster.network-hdd.ch", "GB*month", "0.0256"),
    )
    clickhouse = (
        "{kind: managed-clickhouse, role: database, zookeeper_preset: zookeeper-b2-medium,"
        " hosts: {preset: s2-micro, count: 2, storage: {type: network-hdd, size: 50 GB}}}"
    )
    hosts = 2 * (2 * Decimal("0.01376") + 8 * Decimal("0.00376"))
    zookeepers = 3 * (2 * Decimal("0.0056") + 4 * Decimal("0.00224"))
    assert total(tmp_path, clickhouse, prices) == HOURS * (hosts + zookeepers) + 100 * Decimal("0.0256")


def test_three_postgresql_hosts(tmp_path: Path) -> None:
    postgresql = (
        "{kind: managed-postgresql, role: database, hosts: {preset: s3-c2-m8, count: 3,"
        " storage: {type: network-hdd, size: 100 GB}}}"
    )
    prices = cluster_prices("managed-postgresql", "pg", "pg")
    assert total(tmp_path, postgresql, prices) == HOURS * THREE_HOSTS + 300 * Decimal("0.0256")


def test_backups_are_free_up_to_the_storage_of_every_group_of_hosts(tmp_path: Path) -> None:
    prices = service(
        "managed-opensearch",
        usd("mdb.cluster.opensearch.v3.cpu.c100", "core*hour", "0"),
        usd("mdb.cluster.opensearch.v3.ram", "GB*hour", "0"),
        usd("mdb.cluster.network-nvme.opensearch", "GB*month", "0"),
        usd("mdb.cluster.backup.opensearch", "GB*hour", "0.01"),
    )
    group = "{{preset: s3-c2-m8, count: {}, storage: {{size: {} GB}}}}"
    search = (
        f"{{kind: managed-opensearch, role: logs, hosts: {group.format(3, 100)},"
        f" managers: {group.format(3, 10)}, dashboards: {group.format(1, 10)}, backup_size: 341 GB}}"
    )
    assert total(tmp_path, search, prices) == (341 - 3 * 100 - 3 * 10 - 10) * HOURS * Decimal("0.01")


@pytest.mark.parametrize(("day", "price"), [("2026-07-29", "158.11"), ("2026-07-30", "21.09")])
def test_a_preemptible_t4i_became_cheaper_on_its_day(tmp_path: Path, day: str, price: str) -> None:
    bill = Desk(tmp_path, shipped=True).bill(
        """\
resources:
  gpu:
    {kind: compute-instance, role: inference, platform: standard-v3-t4i, vcpu: 4, memory: 16 GB,
     preemptible: true}
""",
        day=day,
    )
    [card] = [item for item in bill.resources[0].line_items if ".gpu." in item.sku]
    assert card.monthly_cost == HOURS * Decimal(price)

"""Quotas and limits of the provider in the verdict on a design, at loads worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.analysis.curve.curve import curve
from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

SHIPPED = Catalog.shipped()
MONTH = 720 * 3600
"""Seconds."""

T4 = "compute.instanceT4Gpus.count"
CONTAINERS = "serverless.containers"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(*resources: str, workload: str = "monthly_requests: 1M", quotas: str = "") -> LoadedScenario:
    lines = "".join(f"  r{number}: {{role: other, {text}}}\n" for number, text in enumerate(resources))
    Path("mine.yaml").write_text(
        f"scenario: mine\ntitle: Mine\nworkload: {{{workload}}}\nresources:\n{lines}{quotas}\n", "utf-8"
    )
    return load_scenario("./mine.yaml", lambda _: SHIPPED)


def priced(*resources: str, workload: str = "monthly_requests: 1M", quotas: str = "") -> Estimate:
    return price_scenario(loaded(*resources, workload=workload, quotas=quotas))


def raises(
    *resources: str, workload: str = "monthly_requests: 1M", quotas: str = ""
) -> dict[str, tuple[int, int]]:
    """Return the quotas to be raised, from what to what."""
    found = priced(*resources, workload=workload, quotas=quotas).quota_raises
    return {one.code: (int(one.available), int(one.needed)) for one in found}


T4_MACHINE = "kind: compute-instance, platform: standard-v3-t4, vcpu: 4, memory: 16 GB"
MACHINE = "kind: compute-instance, vcpu: 8, memory: 32 GB"
CONTAINER = "kind: serverless-container, vcpu: 1, memory: 2 GB"


def test_a_t4_needs_two_raised_quotas_on_a_fresh_cloud_and_is_not_infeasible() -> None:
    bill = priced(T4_MACHINE)
    assert bill.unmet == ()
    assert [str(one) for one in bill.quota_raises] == [
        f"needs a raised quota {T4} from 0 to 1",
        f"needs a raised quota {T4}.ru-central1-d from 0 to 1",
    ]


def test_a_quota_that_is_stated_takes_the_place_of_the_default() -> None:
    assert raises(T4_MACHINE, quotas="quotas: {gpu: 1}") == {}
    assert raises(T4_MACHINE, quotas=f"quotas: {{{T4}: 1}}") == {f"{T4}.ru-central1-d": (0, 1)}
    assert raises(MACHINE, quotas="quotas: {vcpu: 4}") == {"compute.instanceCores.count": (4, 8)}


@pytest.mark.parametrize(
    ("platform", "shape", "key"),
    [
        ("gpu-standard-v2", "vcpu: 8, memory: 48 GB", "compute.instanceGpus.count"),
        ("gpu-standard-v3", "vcpu: 28, memory: 119 GB", "compute.instanceA100Gpus.count"),
        ("gpu-standard-v3i", "vcpu: 18, memory: 144 GB", "compute.instanceV3IGpus.count"),
        ("standard-v3-t4i", "vcpu: 4, memory: 16 GB", "compute.instanceT4IGpus.count"),
        ("gpu-standard-v4", "vcpu: 22, memory: 220 GB", None),
    ],
)
def test_each_gpu_has_its_own_quota_and_of_an_unknown_one_nothing_is_computed(
    platform: str, shape: str, key: str | None
) -> None:
    found = raises(f"kind: compute-instance, platform: {platform}, {shape}", quotas="quotas: {memory: 1 TB}")
    assert found == ({key: (0, 1)} if key is not None else {})


def test_what_all_machines_take_adds_up_over_the_account() -> None:
    # 3 x 8 vCPU + 2 x 8 vCPU = 40 of 32; 5 x 32 GB = 160 of 128 GB; 5 machines of 12.
    nodes = "kind: kubernetes-node-group, vcpu: 8, memory: 32 GB, nodes: 2, disk: {size: 64 GB}"
    machines = f"{MACHINE}, count: 3, disks: [{{size: 40 GB}}], public_address: static"
    assert raises(machines, nodes) == {
        "compute.instanceCores.count": (32, 40),
        "compute.instanceMemory.size": (128, 160),
        "compute.ssdDisks.size": (200, 248),  # 3 x 40 + 2 x 64
        "vpc.externalStaticAddresses.count": (2, 3),
    }


def test_a_range_of_nodes_may_grow_to_its_end() -> None:
    nodes = "kind: kubernetes-node-group, vcpu: 2, memory: 8 GB, nodes: {min: 1, max: 20}, disk: {size: 1 GB}"
    # 20 machines of 12, 40 vCPU of 32, 160 GB of memory of 128.
    assert raises(nodes) == {
        "compute.instances.count": (12, 20),
        "compute.instanceCores.count": (32, 40),
        "compute.instanceMemory.size": (128, 160),
    }


def test_managed_databases_share_one_pool() -> None:
    postgresql = (
        "kind: managed-postgresql, hosts: {platform: ice-lake, vcpu: 16, memory: 64 GB, count: 3,"
        " storage: {type: network-ssd, size: 1000 GB}}"
    )
    kafka = (
        "kind: managed-kafka, coordination: kraft, hosts: {platform: ice-lake, vcpu: 8, memory: 32 GB,"
        " count: 3, storage: {type: network-ssd, size: 500 GB}}"
    )
    # 3 x 16 + 3 x 8 = 72 vCPU of 64; 192 + 96 = 288 GB of 512; 3,000 + 1,500 = 4,500 GB of 4,096.
    assert raises(postgresql, kafka) == {"mdb.cpu.count": (64, 72), "mdb.ssd.size": (4096, 4500)}


@pytest.mark.parametrize(
    ("shape", "rate", "key", "needed"),
    [
        # In flight: 34/s x 0.3 s = 10.2; 11 instances of 2 GB are 22 GB, of 1 vCPU 11 vCPU.
        ("vcpu: 1, memory: 2 GB", "34 req/s", "Request.count", (10, 11)),
        ("vcpu: 1, memory: 2 GB", "34 req/s", "Instances.count", (10, 11)),
        ("vcpu: 1, memory: 2 GB", "34 req/s", "Memory.size", (20, 22)),
        ("vcpu: 1, memory: 2 GB", "34 req/s", "Cpu.count", (10, 11)),
        # 17/s x 0.3 s = 5.1 in flight: 6 instances of 4 GB and 2 vCPU.
        ("vcpu: 2, memory: 4 GB", "17 req/s", "Memory.size", (20, 24)),
        ("vcpu: 2, memory: 4 GB", "17 req/s", "Cpu.count", (10, 12)),
        ("vcpu: 4, memory: 8 GB", "7 req/s", "Memory.size", (20, 24)),  # 2.1 in flight: 3 instances
        ("vcpu: 1, memory: 3 GB", "21 req/s", "Memory.size", (20, 21)),  # 6.3 in flight: 7 instances
    ],
)
def test_calls_in_flight_and_their_instances_have_quotas_in_the_one_zone_that_is_sure(
    shape: str, rate: str, key: str, needed: tuple[int, int]
) -> None:
    workload = f"monthly_requests: {rate}, request_duration: 300 ms"
    found = raises(f"kind: serverless-container, {shape}", workload=workload)
    assert found[f"{CONTAINERS}{key}"] == needed


@pytest.mark.parametrize(
    ("shape", "most"),
    [
        ("vcpu: 1, memory: 2 GB", 10),
        ("vcpu: 2, memory: 4 GB", 5),
        ("vcpu: 4, memory: 8 GB", 2),
        ("vcpu: 1, memory: 3 GB", 6),
        ("vcpu: 1, memory: 512 MB", 10),
    ],
)
def test_the_load_from_which_a_quota_must_be_raised_is_exact(shape: str, most: int) -> None:
    # `most` instances of a zone work on calls of 0.3 s: most / 0.3 a second, a month of 2,592,000 s.
    scenario = loaded(
        f"kind: serverless-container, {shape}", workload="monthly_requests: 1M, request_duration: 300 ms"
    )
    last = most * MONTH * 10 // 3
    found = curve([scenario], 1000, 10**9).scenarios[0]
    assert min(one.start for one in found.quota_raises) == last + 1
    assert found.infeasible == ()


def test_the_busiest_hour_counts_not_the_mean() -> None:
    workload = "monthly_requests: 20 req/s, request_duration: 300 ms, arrivals: {peak_factor: 2}"
    assert raises(CONTAINER, workload=workload)[f"{CONTAINERS}Request.count"] == (10, 12)  # 2 x 20 x 0.3


def test_instances_that_are_kept_ready_count_and_have_a_quota_of_their_own() -> None:
    workload = "monthly_requests: 1K, request_duration: 300 ms"
    # Eleven of 2 GB are 22 GB, of 1 vCPU 11 vCPU.
    assert raises(f"{CONTAINER}, provisioned_instances: 11", workload=workload) == {
        f"{CONTAINERS}WorkersProvisioned.count": (2, 11),
        f"{CONTAINERS}Instances.count": (10, 11),
        f"{CONTAINERS}Memory.size": (20, 22),
        f"{CONTAINERS}Cpu.count": (10, 11),
    }


def test_functions_have_their_own_zone() -> None:
    workload = "monthly_requests: 34 req/s, request_duration: 300 ms"
    assert raises("kind: cloud-function, memory: 2 GB", workload=workload) == {
        "functions-instances-per-zone": (10, 11),
        "functions-calls-per-zone": (10, 11),
        "functions-memory-per-zone": (20, 22),
    }


@pytest.mark.parametrize(
    ("resource", "workload", "said"),
    [
        (CONTAINER, "request_size: 3.5 MB", ""),
        (CONTAINER, "request_size: 3.6 MB", "size of a request: 3.6 MB is above the provider's limit of 3.5"),
        (CONTAINER, "response_size: 4 MB", "size of an answer: 4 MB is above the provider's limit of 3.5 MB"),
        ("kind: cloud-function, memory: 1 GB", "request_size: 4 MB", "size of a request: 4 MB is above"),
        ("kind: api-gateway", "response_size: 2.5 MB", ""),
        ("kind: api-gateway", "response_size: 2.6 MB", "size of an answer: 2.6 MB is above the provider's"),
        (CONTAINER, "request_size: 1 MB, response_size: 1 MB", ""),
        (f"{CONTAINER}, requests: 1K", "response_size: 4 MB", ""),
        (
            f"{CONTAINER}, duration: 2 h",
            "request_size: 1 KB",
            "time of a call: 7,200 s is above the provider's",
        ),
    ],
)
def test_a_limit_breaks_a_design(resource: str, workload: str, said: str) -> None:
    bill = priced(resource, workload=f"monthly_requests: 1K, request_duration: 100 ms, {workload}")
    assert [one.what for one in bill.unmet] == (["limit"] if said else [])
    assert said in " ".join(map(str, bill.unmet))
    assert (bill.verdict == "broken") == bool(said)


def test_records_of_a_second_and_their_retention_have_quotas() -> None:
    workload = "monthly_requests: 1001 req/s, log_size: 1 KB, log_retention: 40 days"
    bill = priced("kind: logging", workload=workload)
    assert [str(one) for one in bill.quota_raises] == [
        "r0: needs a raised quota logging.retentionDays.count from 31 days to 40 days",
        "needs a raised quota logging.write.rate from 1,000 records/s to 1,001 records/s",
    ]
    assert raises("kind: logging, written: 9 TB, retention: 3 days", workload="monthly_requests: 9M") == {}


def test_a_bucket_holds_what_requests_leave_in_the_steady_state() -> None:
    # 3 M requests a month leave 1 MB each for half a month: 3,000,000 / 2 / 1,024 = 1,464.8 GB, and 100 GB.
    workload = "monthly_requests: 3M, stored_size: 1 MB, retention: 15 days"
    bucket = "kind: object-storage, keeps_requests: true, size: 100 GB"
    assert raises(bucket, workload=workload) == {"storage.volume.size": (1024, 1565)}


def test_addresses_and_balancers() -> None:
    found = raises(
        "kind: network, egress: 1 GB, addresses: 4, reserved_addresses: 3",
        "kind: network-load-balancer, ingress: 1 GB, count: 3, public_addresses: 3",
        *["kind: application-load-balancer, public_addresses: 0"] * 5,
    )
    assert found == {
        "vpc.externalAddresses.count": (8, 10),
        "vpc.externalStaticAddresses.count": (2, 3),
        "ylb.networkLoadBalancers.count": (2, 3),
        "alb-balancers": (4, 5),
    }
    bill = priced("kind: network, egress: 1 GB, nat_gateways: 21")
    assert str(bill.unmet[0]) == "r0: NAT gateways: 21 is above the provider's limit of 20"


@pytest.mark.parametrize(
    ("units", "workload", "is_enough"),
    [
        # A unit carries 1,000 requests and 22 MB a second: 45.06 answers of 500 KB.
        (2, "monthly_requests: 2000 req/s", True),
        (2, "monthly_requests: 2001 req/s", False),
        (1, "monthly_requests: 45 req/s, response_size: 500 KB", True),
        (1, "monthly_requests: 46 req/s, response_size: 500 KB", False),
        (1, "monthly_requests: 46 req/s, request_size: 250 KB, response_size: 250 KB", False),
        (2, "monthly_requests: 46 req/s, response_size: 500 KB, arrivals: {peak_factor: 2}", False),
    ],
)
def test_stated_resource_units_carry_so_much_in_the_busiest_minutes(
    units: int, workload: str, is_enough: bool
) -> None:
    bill = priced(f"kind: application-load-balancer, resource_units: {units}", workload=workload)
    said = [] if is_enough else [f"r0: needs more than {units} resource units"]
    assert list(map(str, bill.unmet)) == said


@pytest.mark.parametrize(
    ("disk", "vcpu", "seconds"),
    [
        # A 60 GB network SSD is two units of 15 MB/s: 4,096 MB in 136.5 s.
        ("type: network-ssd, size: 60 GB", 2, 136.5),
        ("type: network-ssd, size: 64 GB", 2, 136.5),
        # 320 GB are ten units, 150 MB/s, of which two cores let through 90: 45.5 s; four cores all: 27.3 s.
        ("type: network-ssd, size: 320 GB", 2, 45.5),
        ("type: network-ssd, size: 320 GB", 4, 27.3),
        # 1,024 GB would be 480 MB/s; a disk has 450 at most, and eight cores 360: 11.4 s.
        ("type: network-ssd, size: 1024 GB", 8, 11.4),
        ("type: network-hdd, size: 256 GB", 2, 136.5),  # one unit of 30 MB/s
        ("type: network-ssd-nonreplicated, size: 93 GB", 4, 37.2),  # one unit of 110 MB/s
    ],
)
def test_a_replica_does_not_serve_before_its_model_is_read(disk: str, vcpu: int, seconds: float) -> None:
    def said(delay: float) -> list[str]:
        capacity = f"{{requests_per_second: 1, scaling: autoscaled, scale_up_delay: {delay:.1f} s}}"
        machine = f"kind: compute-instance, vcpu: {vcpu}, memory: {4 * vcpu} GB, disks: [{{{disk}}}]"
        bill = priced(f"{machine}, model_size: 4 GB, capacity: {capacity}", workload="monthly_requests: 1K")
        return [str(one) for one in bill.unmet if one.what == "limit"]

    assert said(seconds + 0.1) == []
    (found,) = said(seconds - 0.1)
    assert "r0: reads 4 GB from its disk in " in found


def test_a_catalog_without_quotas_says_nothing_of_them(tmp_path: Path) -> None:
    from shutil import copytree, rmtree

    bare = tmp_path / "bare"
    copytree(SHIPPED.folders[0], bare)
    rmtree(bare / "quotas")
    rmtree(bare / "limits")
    loaded(T4_MACHINE)
    bill = price_scenario(load_scenario("./mine.yaml", lambda _: Catalog([bare])))
    assert (bill.quota_raises, bill.unmet) == ((), ())

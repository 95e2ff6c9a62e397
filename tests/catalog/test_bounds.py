"""Quotas and limits of the shipped catalog are what the provider's pages state; overlays replace them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from costplan.catalog.bounds import ServiceQuotas
from costplan.catalog.store import Catalog
from costplan.catalog.verify import verify
from costplan.messages.errors import CatalogError

D = Decimal


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return Catalog.shipped()


def test_all_rows_are_there_each_code_once(shipped: Catalog) -> None:
    quotas = [row for name in shipped.bounded_services for row in shipped.quotas(name)]
    limits = [row for name in shipped.bounded_services for row in shipped.limits(name)]
    assert (len(quotas), len(limits)) == (123, 171)
    assert len({row.code for row in (*quotas, *limits)}) == 123 + 171


def test_the_folders_of_quotas_and_limits_are_no_services(shipped: Catalog) -> None:
    assert {"quotas", "limits"}.isdisjoint(shipped.service_names)
    assert set(shipped.bounded_services) <= set(shipped.service_names)


@pytest.mark.parametrize(
    ("service", "id_", "value", "unit", "scope"),
    [
        ("compute", "compute.instanceT4Gpus.count", "0", "GPU", "cloud"),
        ("compute", "compute.instanceT4Gpus.count.ru-central1-d", "0", "GPU", "zone"),
        ("compute", "compute.instanceT4IGpus.count", "0", "GPU", "cloud"),
        ("compute", "compute.instances.count", "12", "count", "cloud"),
        ("compute", "compute.instanceCores.count", "32", "vCPU", "cloud"),
        ("compute", "compute.instanceMemory.size", "128", "GB", "cloud"),
        ("compute", "compute.ssdDisks.size", "200", "GB", "cloud"),
        ("serverless-containers", "serverless.containersMemory.size", "20", "GB", "zone"),
        ("serverless-containers", "serverless.containersRequest.count", "10", "count", "zone"),
        ("serverless-containers", "serverless.containersWorkersProvisioned.count", "2", "count", "cloud"),
        ("managed-kafka", "mdb.cpu.count", "64", "vCPU", "cloud"),
        ("cloud-logging", "logging.write.rate", "1000", "records/s", "cloud"),
        ("vpc", "vpc.externalStaticAddresses.count", "2", "count", "cloud"),
    ],
)
def test_quotas_as_the_provider_states_them(
    shipped: Catalog, service: str, id_: str, value: str, unit: str, scope: str
) -> None:
    row = next(row for row in shipped.quotas(service) if row.id == id_)
    assert (row.value, row.unit, row.scope) == (D(value), unit, scope)


def test_values_are_numbers_shapes_words_or_not_published(shipped: Catalog) -> None:
    assert shipped.limit("api-gateway", "api-gateway-body").value == D("2.5")  # type: ignore[union-attr]
    shapes = shipped.limit("compute", "compute-gpu-shapes-standard-v3-t4")
    assert shapes is not None
    assert shapes.value == ("1:16:4:16", "1:16:8:32", "1:16:16:64", "1:16:32:128")
    assert shipped.limit("compute", "compute-platform-gpu-t4-zone-d").value is True  # type: ignore[union-attr]
    assert shipped.limit("compute", "compute-platform-gpu-t4-zone-e").value is False  # type: ignore[union-attr]
    assert shipped.limit("compute", "zone-ru-central1-c").value == "down"  # type: ignore[union-attr]
    pods = shipped.limit("managed-kubernetes", "kubernetes-pods-per-node")
    assert pods is not None
    assert (pods.value, pods.unit, pods.number) == (None, None, None)


def test_quotas_are_part_of_the_hash(shipped: Catalog, tmp_path: Path) -> None:
    assert overlaid(tmp_path, OVERLAY).sha256 != shipped.sha256


OVERLAY = """\
service: vpc
sources: {vpc-limits: {source: my own cloud, as_of: 2026-11-28, confidence: third-party}}
quotas:
  - {code: vpc-addresses, id: vpc.externalAddresses.count, name: public addresses, scope: cloud,
     value: 20, unit: count, from: vpc-limits}
"""


def overlaid(folder: Path, text: str) -> Catalog:
    (folder / "quotas").mkdir()
    (folder / "quotas" / "vpc.yaml").write_text(text, encoding="utf-8")
    return Catalog.shipped("yandex-cloud", folder)


def test_an_overlay_replaces_a_quota_of_the_same_code_and_keeps_the_others(tmp_path: Path) -> None:
    bounds = overlaid(tmp_path, OVERLAY).bounds(ServiceQuotas, "vpc")
    assert bounds is not None
    rows = {row.code: row for row in bounds.quotas}
    assert len(rows) == 8
    assert rows["vpc-addresses"].value == D(20)
    assert bounds.sources[rows["vpc-addresses"].page].source == "my own cloud"
    kept = rows["vpc-networks"]
    assert kept.value == D(2)
    assert bounds.sources[kept.page].source.endswith("vpc-limits.md")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("service: vpc", "service: dns", "must be `vpc`, the name of its file"),
        ("from: vpc-limits", "from: vpc-limit", "`vpc-limit` is none of the `sources`"),
        ("value: 20, unit: count, ", "value: 20, ", "needs both `value` and `unit`, or neither"),
        ("value: 20", "value: many", "is not a number: `many`"),
        ("as_of: 2026-11-28", "as_of: yesterday", "must be a year, a month or a day"),
        ("value: 20", "values: 20", "did you mean `value`?"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    catalog = overlaid(tmp_path, OVERLAY.replace(old, new))
    with pytest.raises(CatalogError) as refused:
        catalog.quotas("vpc")
    assert message in str(refused.value)
    assert "vpc.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: vpc-addresses", "code: compute-vcpu", "the code is in compute too"),
        ("unit: count", "unit: pieces", "has the unknown unit pieces"),
        ("source: my own cloud", "source: ' '", "has no source"),
        ("as_of: 2026-11-28", "as_of: 2017", "is dated 2017"),
        ("as_of: 2026-11-28", "as_of: 2031-01-01", "is dated 2031-01-01"),
        ("value: 20, unit: count", "value: yes, unit: flag", "is a quota without a number"),
        ("value: 20, unit: count", "value: yes, unit: count", "has a value that is not a count"),
        (
            "unit: count, from",
            "unit: count, platforms: [v9], from",
            "counts `v9`, which the service does not",
        ),
        ("vpc.externalAddresses.count", "compute.disks.count", "something else of compute.disks.count"),
    ],
)
def test_verify_finds_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    findings = verify(overlaid(tmp_path, OVERLAY.replace(old, new)))
    assert message in " ".join(found.message for found in findings)


def test_the_shipped_rows_have_nothing_wrong(shipped: Catalog) -> None:
    assert verify(shipped) == []

"""Classes of database hosts: as many as the provider's pages and lists have, each with its shape and SKUs."""

from __future__ import annotations

from datetime import date

import pytest

from costplan.catalog.store import Catalog
from costplan.resources.parts.machine import find_fraction, find_platform
from costplan.resources.parts.presets import find_preset

DAY = date(2026, 11, 29)
COORDINATORS = ("zookeeper-", "keeper-", "kraft-")
LISTED = {
    # Intel classes, classes on AMD Zen 4, the first and the last.
    "managed-postgresql": (66, 49, "b1-medium", "m4af-c80-m640"),
    "managed-clickhouse": (75, 50, "b1-medium", "m4af-c80-m640"),
    "managed-kafka": (63, 0, "s1-nano", "m3-c80-m640"),
    "managed-opensearch": (48, 0, "m2-micro", "m3-c80-m640"),
    "managed-valkey": (49, 30, "hm1-nano", "hm4af-c80-m960"),
    "managed-mysql": (68, 50, "b1-medium", "m4af-c80-m640"),
    "managed-storedoc": (67, 51, "b1-medium", "m4af-c80-m640"),
    "managed-greenplum": (10, 32, "s2-medium", "m4af-c80-m640"),
    "managed-spqr": (62, 0, "b1-medium", "c3-c96-m192"),
    "managed-ydb": (5, 0, "medium", "xlarge"),
}
"""Counted by hand in the provider's pages of host classes."""
OURS = {"managed-postgresql": ("b3-c1-m4",), "managed-opensearch": ("b2-medium",)}
"""Classes that a page does not have; the catalog says where they come from."""


def presets(service: str) -> list[str]:
    """Return the classes of hosts that hold data."""
    found = [one.name for one in Catalog.shipped().service(service).presets]
    return [name for name in found if not name.startswith(COORDINATORS) and name not in OURS.get(service, ())]


@pytest.mark.parametrize("service", LISTED)
def test_there_are_as_many_classes_as_the_provider_lists(service: str) -> None:
    intel, amd, first, last = LISTED[service]
    names = presets(service)
    on_amd = [name for name in names if "a-" in name or "af-" in name]
    assert (len(names) - len(on_amd), len(on_amd), names[0], names[-1]) == (intel, amd, first, last)


@pytest.mark.parametrize(
    ("service", "name", "platform", "fraction", "vcpu", "memory"),
    [
        ("managed-postgresql", "b1-medium", "broadwell", 50, 2, 4),
        ("managed-postgresql", "s2-micro", "cascade-lake", 100, 2, 8),
        ("managed-postgresql", "m2-5xlarge", "cascade-lake", 100, 40, 320),
        ("managed-postgresql", "s3-c96-m576", "ice-lake", 100, 96, 576),
        ("managed-postgresql", "c3-c12-m24", "ice-lake", 100, 12, 24),
        ("managed-postgresql", "c4a-c256-m512", "zen-4", 100, 256, 512),
        ("managed-clickhouse", "m1-3xlarge", "broadwell", 100, 24, 192),
        ("managed-clickhouse", "s4af-c80-m320", "zen-4-highfreq", 100, 80, 320),
        ("managed-kafka", "s1-nano", "broadwell", 100, 1, 4),
        ("managed-opensearch", "b3-c1-m4", "ice-lake", 50, 2, 4),
        ("managed-valkey", "hm1-nano", "broadwell", 100, 2, 8),
        ("managed-valkey", "hm3-c6-m78", "ice-lake", 100, 6, 78),
        ("managed-mysql", "m2-9xlarge", "cascade-lake", 100, 80, 640),
        ("managed-storedoc", "s4a-c12-m48", "zen-4", 100, 12, 48),
        ("managed-greenplum", "i2-5xlarge", "cascade-lake", 100, 40, 320),
        ("managed-spqr", "m3-c40-m320", "ice-lake", 100, 40, 320),
        ("managed-ydb", "medium-m96", "cascade-lake", 100, 8, 96),
        ("managed-valkey", "hm4af-c2-m20", "zen-4-highfreq", 100, 2, 20),
    ],
)
def test_a_class_has_the_shape_of_the_page(
    service: str, name: str, platform: str, fraction: int, vcpu: int, memory: int
) -> None:
    found = find_preset(Catalog.shipped(), service, name)
    assert found is not None
    assert (found.platform, found.fraction, found.vcpu, found.memory_gb) == (platform, fraction, vcpu, memory)


UNPRICED = {
    "managed-postgresql": (),
    "managed-clickhouse": (),
    "managed-kafka": ("b1", "s1", "m1"),
    "managed-opensearch": ("s2", "m2", "b3", "s3", "m3"),
    "managed-spqr": (),
}
"""Families without a price: Kafka on Broadwell; no list of 2026 has hosts of OpenSearch."""
WITHOUT_A_LIST = ("managed-valkey", "managed-mysql", "managed-storedoc", "managed-greenplum", "managed-ydb")
"""Services of which no price of 2026 is known."""


@pytest.mark.parametrize("service", LISTED)
def test_which_classes_have_no_price_is_known(service: str) -> None:
    catalog = Catalog.shipped()
    sold = catalog.service(service)
    without = set()
    for name in presets(service):
        preset = find_preset(catalog, service, name)
        assert preset is not None
        assert preset.platform is not None
        platform = find_platform(sold, preset.platform)
        assert platform is not None
        fraction = find_fraction(platform, preset.fraction)
        assert fraction is not None
        skus = (fraction.on_demand.cpu, fraction.on_demand.ram)
        if any(isinstance(catalog.price(service, sku, "RUB", DAY), str) for sku in skus):
            without.add(name)
    all_of_them = service in WITHOUT_A_LIST
    assert without == {
        name for name in presets(service) if all_of_them or name.split("-")[0] in UNPRICED[service]
    }

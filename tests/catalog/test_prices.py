"""The shipped catalog holds together, and its prices are those that the provider's documents state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
import yaml

from costplan.catalog.model import (
    CatalogIndex,
    Commitment,
    CurrencyRules,
    KnownMissing,
    Platform,
    PricingVersion,
    Rate,
    Service,
    Sku,
    term_in_words,
)

FOLDER = Path(__file__).parents[2] / "catalogs" / "yandex-cloud"
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "catalog")
TODAY = date(2026, 10, 6)
"""The day of the newest prices in the catalog."""
COLLECTED = date(2026, 11, 29)
"""The day on which the catalog's sources were collected."""
HOURS = 720
"""The provider's month."""
VAT_CHANGES = (date(2019, 1, 1), date(2026, 1, 1))
D = Decimal
Currency = Literal["RUB", "USD", "KZT"]


@cache
def read(path: Path) -> Service:
    # All scalars as text: prices must not pass through float.
    return Service.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))


@cache
def index() -> CatalogIndex:
    text = (FOLDER / "catalog.yaml").read_text(encoding="utf-8")
    return CatalogIndex.model_validate(yaml.load(text, Loader=yaml.BaseLoader))


def currency(name: Currency) -> CurrencyRules:
    return next(rules for rules in index().currencies if rules.currency == name)


@cache
def skus() -> dict[str, Sku]:
    return {sku.code: sku for path in FILES for sku in read(path).skus}


def all_missing() -> Iterator[KnownMissing]:
    for path in FILES:
        yield from read(path).known_missing


def all_versions() -> Iterator[tuple[Sku, PricingVersion]]:
    for sku in skus().values():
        for version in sku.prices:
            yield sku, version


def version_on(code: str, day: date, name: Currency = "RUB") -> PricingVersion | None:
    """Return the version of a SKU that states a currency and holds on a day."""
    begun = [v for v in skus()[code].prices if v.effective_from <= day and name in v.rates]
    return begun[-1] if begun and begun[-1].holds_on(day) else None


def rates_on(code: str, day: date = TODAY, name: Currency = "RUB") -> Sequence[Rate]:
    version = version_on(code, day, name)
    assert version is not None, f"{code} has no {name} price on {day}"
    return version.rates[name]


def price(code: str, day: date = TODAY, name: Currency = "RUB") -> Decimal:
    """Return the price of a SKU that has one rate only."""
    (rate,) = rates_on(code, day, name)
    return rate.unit_price


def usd(rub: Decimal) -> Decimal:
    """Derive a USD price of 2026 by the catalog's own rule."""
    rule = currency("USD").derivations[-1]
    assert rule.factor is not None
    return (rub * rule.factor).quantize(Decimal(1).scaleb(-rule.decimals), ROUND_HALF_UP)


def cost(rates: Sequence[Rate], quantity: Decimal) -> Decimal:
    """Price a quantity over graduated rates."""
    ends = [*(rate.start_quantity for rate in rates[1:]), max(quantity, rates[-1].start_quantity)]
    return sum(
        (
            rate.unit_price * max(min(quantity, end) - rate.start_quantity, Decimal(0))
            for rate, end in zip(rates, ends, strict=True)
        ),
        Decimal(0),
    )


# The files hold together.


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_named_after_its_service_and_tells_editors_its_schema(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../../docs/schemas/catalog.json"
    assert lines[1].startswith("# ")
    assert read(path).service == path.stem


def test_no_code_and_no_id_is_used_twice() -> None:
    every = [sku for path in FILES for sku in read(path).skus]
    codes = Counter([sku.code for sku in every] + [missing.code for missing in all_missing()])
    ids = Counter(sku.id for sku in every if sku.id)
    assert [code for code, times in (codes | ids).items() if times > 1] == []


def test_rates_start_at_zero_and_ascend() -> None:
    for sku, version in all_versions():
        for rates in version.rates.values():
            starts = [rate.start_quantity for rate in rates]
            assert starts[0] == 0, sku.code
            assert all(a < b for a, b in pairwise(starts)), sku.code


def test_versions_come_oldest_first_and_end_before_the_next_begins() -> None:
    for sku in skus().values():
        for earlier, later in pairwise(sku.prices):
            assert earlier.effective_from < later.effective_from, sku.code
            end = earlier.effective_until or later.effective_from
            assert end <= later.effective_from, sku.code


def test_versions_of_another_unit_price_the_same_thing() -> None:
    for sku, version in all_versions():
        sku.unit_of(version).factor_from(sku.unit_of(sku.prices[-1]))


def test_every_price_is_sourced_and_was_checked_by_the_day_of_collection() -> None:
    for sku, version in all_versions():
        assert version.source.strip(), sku.code
        assert version.checked <= COLLECTED, sku.code


def test_the_catalog_is_as_of_its_newest_prices() -> None:
    assert index().as_of == TODAY == max(version.effective_from for _, version in all_versions())


def test_a_paid_price_with_vat_ends_with_the_change_of_vat() -> None:
    for sku in skus().values():
        with_vat = [v for v in sku.prices if "RUB" in v.rates]
        successors = [version.effective_from for version in with_vat[1:]] + [date.max] * bool(with_vat)
        for version, successor in zip(with_vat, successors, strict=True):
            if all(rate.unit_price == 0 for rate in version.rates["RUB"]):
                continue
            end = min(version.effective_until or date.max, successor)
            crossed = [day for day in VAT_CHANGES if version.effective_from < day < end]
            assert crossed == [], (sku.code, version.effective_from)


def test_a_price_is_never_all_zero_unless_its_source_or_name_says_so() -> None:
    free = {
        sku.code
        for sku, version in all_versions()
        if all(rate.unit_price == 0 for rates in version.rates.values() for rate in rates)
    }
    assert free == {
        "network.egress.nat",
        "network.ingress.inet",
        "storage.api.network.inet.ingress",
        "mk8s.master.zonal.small",
        "mk8s.master.regional.small",
        "mk8s.master.master_host_resources.cpu",
        "mk8s.master.master_host_resources.ram",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_configuration_can_ask_for_is_sold_or_known_to_be_missing(path: Path) -> None:
    service = read(path)
    known = {sku.code for sku in service.skus} | {missing.code for missing in service.known_missing}
    asked = {disk.sku for disk in service.disk_types}
    for platform in service.platforms:
        for fraction in platform.fractions:
            for parts in (fraction.on_demand, fraction.preemptible):
                asked |= {code for code in (parts.cpu, parts.ram, parts.gpu) if code} if parts else set()
    assert asked <= known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_presets_are_machines_that_are_sold(path: Path) -> None:
    service = read(path)
    platforms = {platform.name: platform for platform in service.platforms}
    for preset in service.presets:
        if preset.platform is not None:
            found = platforms[preset.platform]
            assert sells(found, preset.fraction, preset.vcpu, preset.memory_gb), preset.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_names_within_a_service_are_unique(path: Path) -> None:
    service = read(path)
    for named in (service.platforms, service.disk_types, service.presets, service.rules):
        names = [item.name for item in named]
        assert len(names) == len(set(names))


# Which machines are sold.


def compute_platform(name: str) -> Platform:
    return next(found for found in read(FOLDER / "compute.yaml").platforms if found.name == name)


def sells(platform: Platform, fraction: int, vcpu: int, memory: Decimal, gpu: int = 0) -> bool:
    return any(
        vcpu in shape.vcpu
        and gpu == shape.gpu
        and memory in (shape.memory or tuple(per * vcpu for per in shape.memory_per_vcpu))
        for found in platform.fractions
        if found.fraction == fraction
        for shape in found.shapes
    )


@pytest.mark.parametrize(
    ("name", "fraction", "vcpu", "memory", "gpu", "sold"),
    [
        pytest.param("standard-v3", 100, 2, "2", 0, True, id="smallest whole cores"),
        pytest.param("standard-v3", 100, 3, "6", 0, False, id="3 vCPU"),
        pytest.param("standard-v3", 100, 24, "312", 0, True, id="24 vCPU reach 13 GB each"),
        pytest.param("standard-v3", 100, 24, "336", 0, False, id="24 vCPU do not reach 14 GB each"),
        pytest.param("standard-v3", 100, 36, "576", 0, True, id="36 vCPU reach 16 GB each"),
        pytest.param("standard-v3", 100, 96, "576", 0, True, id="96 vCPU reach 6 GB each"),
        pytest.param("standard-v3", 100, 96, "672", 0, False, id="96 vCPU do not reach 7 GB each"),
        pytest.param("standard-v3", 20, 2, "1", 0, True, id="20% with half a GB per vCPU"),
        pytest.param("standard-v3", 5, 2, "1", 0, False, id="no 5% on standard-v3"),
        pytest.param("standard-v2", 5, 2, "0.5", 0, True, id="5% with a quarter GB per vCPU"),
        pytest.param("standard-v2", 5, 2, "5", 0, False, id="5% ends at 2 GB per vCPU"),
        pytest.param("standard-v2", 100, 80, "1280", 0, True, id="largest standard-v2"),
        pytest.param("standard-v3-t4", 100, 4, "16", 1, True, id="smallest T4"),
        pytest.param("standard-v3-t4", 100, 6, "24", 1, False, id="T4 with 6 vCPU"),
        pytest.param("standard-v3-t4", 100, 4, "32", 1, False, id="T4 with too much memory"),
        pytest.param("gpu-standard-v1", 100, 8, "96", 1, True, id="V100 on Broadwell"),
        pytest.param("gpu-standard-v2", 100, 64, "384", 8, True, id="eight V100 on Cascade Lake"),
        pytest.param("gpu-standard-v3", 100, 28, "119", 1, True, id="A100"),
        pytest.param("gpu-standard-v3i", 100, 180, "1440", 8, True, id="Gen2 cluster"),
        pytest.param("gpu-standard-v4", 100, 22, "220", 1, True, id="Platform V4"),
        pytest.param("amd-v1", 100, 128, "768", 0, True, id="largest AMD Zen 3"),
        pytest.param("amd-v1", 100, 6, "24", 0, False, id="no 6 vCPU on AMD Zen 3"),
        pytest.param("amd-v1", 20, 4, "6", 0, True, id="20% of AMD Zen 3 ends at 1.5 GB per vCPU"),
        pytest.param("amd-v1", 20, 4, "8", 0, False, id="and not at 2 GB"),
        pytest.param("standard-v4a", 50, 2, "1", 0, True, id="half cores of AMD Zen 4 with half a GB"),
        pytest.param("standard-v4a", 20, 2, "8", 0, False, id="20% of AMD Zen 4 ends at 2 GB per vCPU"),
        pytest.param("highfreq-v4a", 100, 80, "960", 0, True, id="largest compute-optimized AMD Zen 4"),
        pytest.param("highfreq-v4a", 100, 64, "256", 0, False, id="no 64 vCPU on it"),
    ],
)
def test_machine_is_sold_as_documented(
    name: str, fraction: int, vcpu: int, memory: str, gpu: int, sold: bool
) -> None:
    assert sells(compute_platform(name), fraction, vcpu, D(memory), gpu) is sold


@pytest.mark.parametrize(
    ("service", "disk", "step", "hosts"),
    [
        ("compute", "network-ssd", 1, 1),
        ("compute", "network-ssd-nonreplicated", 93, 1),
        ("compute", "network-ssd-io-m3", 93, 1),
        ("managed-postgresql", "network-ssd-nonreplicated", 93, 3),
        ("managed-postgresql", "local-ssd", 368, 3),
        ("managed-postgresql", "local-ssd-cascade-lake", 100, 3),
        ("managed-clickhouse", "network-ssd-io-m3", 93, 1),
    ],
)
def test_storage_is_sold_in_its_steps(service: str, disk: str, step: int, hosts: int) -> None:
    found = next(kind for kind in read(FOLDER / f"{service}.yaml").disk_types if kind.name == disk)
    assert found.step_gb == step
    assert found.min_hosts == hosts


# Currencies.


def test_usd_of_2026_is_the_rouble_price_over_122() -> None:
    rule = currency("USD").derivations[-1]
    assert rule.effective_from == date(2026, 1, 1)
    assert rule.factor == (1 / D("122")).quantize(D("1e-8"), ROUND_HALF_UP) == D("0.00819672")
    assert currency("USD").vat == "excluded"
    # Pairs that the provider's documentation prints.
    assert usd(D("1.24")) == D("0.0101639328")
    assert usd(D("6.48")) == D("0.0531147456")
    assert usd(D("18.97")) == D("0.1554917784")
    assert usd(D("0.015494")) == D("0.0001270000")


def test_vat_inside_rouble_prices_changes_with_the_law() -> None:
    rates = [(found.effective_from, found.rate) for found in currency("RUB").vat_rates]
    assert rates == [
        (date(2004, 1, 1), D("0.18")),
        (date(2019, 1, 1), D("0.20")),
        (date(2026, 1, 1), D("0.22")),
    ]
    assert currency("KZT").vat == "included"


def test_quoted_tenge_of_2026_are_five_times_the_roubles() -> None:
    pairs = 0
    for sku, version in all_versions():
        if "KZT" in version.rates and version.effective_from.year == 2026:
            pairs += 1
            for rub, kzt in zip(version.rates["RUB"], version.rates["KZT"], strict=True):
                assert kzt.unit_price == rub.unit_price * 5, sku.code
    assert pairs == 15


def test_quoted_dollars_of_2022_to_2024_are_the_roubles_over_125() -> None:
    rounded_in_the_example = {
        "storage.bucket.used_space.ice",
        "storage.api.get.standard",
        "storage.api.network.inet.egress",
    }
    pairs = 0
    for sku, version in all_versions():
        if {"RUB", "USD"} <= set(version.rates) and 2022 <= version.effective_from.year <= 2024:
            if sku.code in rounded_in_the_example:
                continue
            pairs += 1
            for rub, dollars in zip(version.rates["RUB"], version.rates["USD"], strict=True):
                derived = (rub.unit_price / 125).quantize(D("1e-6"), ROUND_HALF_UP)
                assert derived == dollars.unit_price, sku.code
    assert pairs == 18


def test_quoted_dollars_of_2021_are_the_roubles_over_78_cut_at_six_decimals() -> None:
    assert price("compute.vm.cpu.c100.v2", date(2021, 6, 1)) == D("0.7476")
    assert price("compute.vm.cpu.c100.v2", date(2021, 6, 1), "USD") == D("0.009584")
    # 0.1020 / 78 = 0.0013077: the list cuts, so the quoted price stays beside the rule.
    assert price("compute.vm.cpu.c5.v2", date(2021, 6, 1), "USD") == D("0.001307")


# Prices, worked out by hand.


def test_smallest_t4_machine_costs_57448_roubles_a_month() -> None:
    gpu = price("compute_gpu.vm.gpu.standard.v3-t4")
    cpu = price("compute_gpu.vm.cpu.c100.standard.v3-t4")
    ram = price("compute_gpu.vm.ram.standard.v3-t4")
    assert gpu == D("70.27")
    assert (gpu + 4 * cpu + 16 * ram) * HOURS == (D("70.27") + 4 * D("1.15") + 16 * D("0.3074")) * HOURS
    assert (gpu + 4 * cpu + 16 * ram) * HOURS == D("57447.648")
    assert (usd(gpu) + 4 * usd(cpu) + 16 * usd(ram)) * HOURS == D("470.882284992")


def test_preemptible_t4_machine_costs_a_quarter() -> None:
    hour = (
        price("compute_gpu.vm.gpu.standard.v3-t4.preemptible")
        + 4 * price("compute_gpu.vm.cpu.c100.standard.v3-t4.preemptible")
        + 16 * price("compute_gpu.vm.ram.standard.v3-t4.preemptible")
    )
    assert hour == D("17.56") + 4 * D("0.3184") + 16 * D("0.0768")


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("compute.vm.cpu.c100.v3", date(2022, 4, 12), None),
        ("compute.vm.cpu.c100.v3", date(2022, 5, 1), "1.05"),
        ("compute.vm.cpu.c100.v3", date(2025, 10, 15), "1.12"),
        ("compute.vm.cpu.c100.v3", date(2026, 2, 1), None),
        ("compute.vm.cpu.c100.v3", date(2026, 4, 30), "1.1529"),
        ("compute.vm.cpu.c100.v3", date(2026, 5, 1), "1.24"),
        ("compute.vm.cpu.c100.v2", date(2021, 5, 1), "0.7476"),
        ("compute.vm.cpu.c100.v2", date(2022, 5, 1), "1.19"),
        ("compute.vm.ram.v2", date(2022, 5, 1), None),
        ("compute.vm.ram.v2", TODAY, "0.3676"),
        ("compute.vm.cpu.c100.v1", date(2022, 5, 1), "1.12"),
        ("compute.vm.cpu.c100.v1", TODAY, None),
        ("compute_gpu.vm.gpu.standard.v3-t4", date(2022, 5, 1), "64.00"),
        ("compute_gpu.vm.gpu.standard.v3-t4", date(2026, 2, 1), None),
        ("compute_gpu.vm.gpu.standard.v3-t4i.preemptible", date(2026, 7, 29), "158.11"),
        ("compute_gpu.vm.gpu.standard.v3-t4i.preemptible", date(2026, 7, 30), "21.09"),
        ("compute_gpu.vm.gpu.gpu-standard.v3i", date(2024, 6, 1), "1667.30"),
        ("compute_gpu.vm.gpu.gpu-standard.v3i", date(2026, 1, 22), None),
        ("compute_gpu.vm.gpu.gpu-standard.v3i", date(2026, 4, 30), "745.21"),
        ("compute_gpu.vm.gpu.gpu-standard.v3i", TODAY, "757.63"),
        ("compute_gpu.vm.ram.gpu-standard.v3i", date(2026, 1, 22), None),
        ("compute_gpu.vm.ram.gpu-standard.v3i", date(2026, 1, 23), "0.28"),
        ("compute_gpu.vm.ram.gpu-standard.v4.preemptible", date(2026, 5, 1), "0.2846"),
        ("network.public_fips", date(2021, 6, 1), "0.1524"),
        ("network.public_fips", date(2025, 10, 15), "0.2592"),
        ("network.public_fips", date(2026, 1, 1), "0.26352"),
        ("mdb.cluster.opensearch.v3-compute.cpu.c100", date(2025, 12, 31), "2.69"),
        ("mdb.cluster.opensearch.v3-compute.cpu.c100", date(2026, 1, 1), None),
        ("mk8s.master.regional.small", date(2025, 10, 15), "9.504"),
        ("mk8s.master.regional.small", TODAY, "0"),
        ("gitlab.instance.standard.cpu", date(2025, 10, 15), "2.35"),
        ("gitlab.instance.advanced.ram", date(2025, 10, 15), "0.90"),
        ("gitlab.instance.standard.cpu", TODAY, None),
        ("mk8s.master.master_host_resources.cpu", date(2026, 6, 17), "0"),
        ("mk8s.master.master_host_resources.cpu", date(2026, 6, 18), "1.76"),
        ("mk8s.master.master_host_resources.ram", date(2026, 6, 18), "0.46"),
        ("mdb.cluster.pg.v2.cpu.c5", TODAY, "1.0892"),
        ("mdb.cluster.pg.v1.cpu.c20", date(2026, 6, 16), "1.0892"),
        ("mdb.cluster.kafka.ui", date(2026, 1, 1), "4270"),
        ("mdb.cluster.kafka.v2.cpu.c50", date(2026, 2, 9), "1.1858"),
        ("mdb.cluster.kafka.v2.cpu.c100", date(2026, 4, 30), None),
        ("mdb.cluster.kafka.v2.cpu.c100", date(2026, 5, 1), "1.93"),
        ("mdb.cluster.clickhouse.v1.cpu.c20", date(2026, 2, 9), "1.1525"),
        ("mdb.cluster.clickhouse.v2.cpu.c50", date(2026, 2, 8), None),
        ("mdb.cluster.clickhouse.v2.cpu.c50", date(2026, 2, 9), "1.1525"),
        ("mdb.cluster.clickhouse.v2.cpu.c5", date(2026, 2, 9), "1.1525"),
        ("storage.bucket.used_space.cold", date(2018, 6, 1), "0.66"),
        ("storage.bucket.used_space.cold", date(2019, 1, 1), None),
    ],
)
def test_price_on_a_day(code: str, day: date, expected: str | None) -> None:
    version = version_on(code, day)
    found = None if version is None else [rate.unit_price for rate in version.rates["RUB"]]
    assert found == (None if expected is None else [D(expected)])


def test_rounded_dollar_quote_of_the_t4_gives_way_to_the_list_of_may() -> None:
    assert price("compute_gpu.vm.gpu.standard.v3-t4", date(2026, 4, 30), "USD") == D("0.576")
    assert "USD" not in skus()["compute_gpu.vm.gpu.standard.v3-t4"].prices[-1].rates


def test_dollars_of_the_first_gigabytes_of_storage_are_those_of_the_list_they_were_printed_in() -> None:
    standard = "storage.bucket.used_space.standard"
    assert [rate.unit_price for rate in rates_on(standard, date(2021, 6, 1), "USD")] == [0, D("0.016167")]
    assert (D("1.261") / 78).quantize(D("1e-6"), ROUND_HALF_UP) == D("0.016167")
    assert "USD" not in next(v for v in skus()[standard].prices if v.effective_from.year == 2022).rates


@pytest.mark.parametrize(
    "code",
    [
        "vpc.gateway.shared_egress_gateway.v1",
        "serverless.functions.provisioned.running",
        "serverless.functions.provisioned.idle",
    ],
)
def test_price_that_a_second_source_confirmed_names_it(code: str) -> None:
    version = version_on(code, TODAY)
    assert version is not None
    assert version.confidence == "third-party"
    assert "yandex.cloud/ru/docs/" in version.source


def test_an_inactive_address_costs_the_active_rate_and_the_surcharge() -> None:
    total = price("network.public_fips") + price("network.public_fips.deallocated")
    assert total == D("0.26352") + D("0.34038") == price("network.public_fips.inactive") == D("0.6039")


def test_first_hundred_gigabytes_of_egress_are_free() -> None:
    rates = rates_on("network.egress.inet")
    assert cost(rates, D("100")) == 0
    assert cost(rates, D("250")) == 150 * D("1.42")
    assert cost(rates_on("network.egress.inet", date(2026, 4, 1)), D("250")) == 150 * D("1.68")


def test_object_storage_egress_has_five_tiers() -> None:
    rates = rates_on("storage.api.network.inet.egress")
    assert [rate.start_quantity for rate in rates] == [0, 100, 1024, 51200, 102400]
    assert cost(rates, D("2000")) == 924 * D("1.67994") + 976 * D("1.40544")
    assert cost(rates, D("110000")) == (
        924 * D("1.67994") + 50176 * D("1.40544") + 51200 * D("1.3176") + 7600 * D("1.2627")
    )


def test_object_storage_has_a_free_first_gigabyte_and_free_first_operations() -> None:
    assert skus()["storage.bucket.used_space.standard"].pricing_unit == "GB*month"
    assert cost(rates_on("storage.bucket.used_space.standard"), D("100")) == 99 * D("0.0033") * HOURS
    # 25,000 writes are 25 thousands, of which 10 are free; 250,000 reads are 25 ten-thousands.
    assert cost(rates_on("storage.api.put.standard"), D("25")) == 15 * D("0.5692")
    assert cost(rates_on("storage.api.get.standard"), D("25")) == 15 * D("0.46")
    assert cost(rates_on("storage.api.put.ice"), D("25")) == 25 * D("2.79")


def test_serverless_volumes_above_the_free_ones() -> None:
    assert cost(rates_on("serverless.containers.compute.cpu"), D("6")) == D("5.69")
    assert cost(rates_on("serverless.containers.compute.memory"), D("11")) == D("3.79")
    assert cost(rates_on("serverless.containers.invocations"), D("5")) == 4 * D("18.97")
    assert cost(rates_on("serverless.functions.compute.memory"), D("11")) == D("6.48")
    assert cost(rates_on("serverless.functions.invocations", date(2022, 6, 1)), D("1.001")) == D("0.016")
    assert cost(rates_on("serverless.api-gateway.requests"), D("1.1")) == D("142.3")
    old = rates_on("serverless.containers.compute.cpu", date(2025, 10, 15), "USD")
    assert cost(old, D("6")) == D("0.038400")


def test_six_scans_of_each_sort_were_free_and_no_price_of_2026_is_known() -> None:
    day = date(2025, 10, 15)
    assert cost(rates_on("cr.image.scan.initial", day), D("10")) == 4 * D("13.20")
    assert cost(rates_on("cr.image.scan.followup", day), D("10")) == 4 * D("7.20")
    assert version_on("cr.image.scan.initial", TODAY) is None


def test_provisioned_containers_are_derived_from_the_old_lists_and_meet_the_note_of_october() -> None:
    prefix, thousandth = "serverless.containers.compute.", D("0.001")
    dollars = {"idle": D("0.008846"), "busy": D("0.016923")}
    # The vCPU prices are printed in both currencies: 1.03 / 0.013205 and 1.98 / 0.025385 are 78.
    assert (D("1.03") / D("0.013205")).quantize(D(1)) == (D("1.98") / D("0.025385")).quantize(D(1)) == 78
    old = {name: (usd_price * 78).quantize(D("0.01")) for name, usd_price in dollars.items()}
    assert old == {"idle": D("0.69"), "busy": D("1.32")}
    idle_cpu, idle_ram = price(prefix + "provision_enabled.cpu"), price(prefix + "provision_enabled.memory")
    assert idle_cpu == (D("1.03") * D("5.69") / D("4.80")).quantize(thousandth)
    assert idle_ram == (old["idle"] * D("3.79") / D("3.20")).quantize(thousandth)
    busy_cpu = price(prefix + "provisioned_request.cpu")
    busy_ram = price(prefix + "provisioned_request.memory")
    assert busy_cpu == (D("1.98") * D("5.69") / D("4.80")).quantize(thousandth)
    assert busy_ram == (old["busy"] * D("3.79") / D("3.20")).quantize(thousandth)
    assert abs(HOURS * (idle_cpu + idle_ram / 2) - 1170) < 4


def test_letters_cost_less_the_more_are_sent() -> None:
    # 300 thousand: 2 free, then 8, 40, 50, 150 and 50 thousand.
    rates = rates_on("postbox.emails")
    assert cost(rates, D("300")) == 8 * 80 + 40 * 70 + 50 * 60 + 150 * D("39.65") + 50 * 29


def test_tokens_requests_and_configurations_of_ai_services() -> None:
    assert price("ai-studio.yandexgpt-pro-5.1.input") == 800
    assert price("ai-studio.yandexgpt-pro-5.1.async.input") == 410
    assert price("ai-studio.alice-ai-llm.output") == 1200
    assert price("ai-studio.embeddings") == D("0.0101") * 1000
    assert price("ai-studio.image.alice-ai-art") == D("2.23")
    assert version_on("ai-studio.image.yandex-art", TODAY) is None
    assert price("datasphere.gt4.1") * 100 == 16848
    assert price("datasphere.g2.1") == D("542.88")


def test_sharded_postgresql_costs_what_postgresql_does() -> None:
    for code in ("v3.cpu.c100", "v3.ram", "v1.cpu.c5", "v4-highfreq.ram"):
        assert price(f"mdb.cluster.spqr.{code}") == price(f"mdb.cluster.pg.{code}")


def test_postgresql_host_of_two_cores_costs_5627_roubles_a_month() -> None:
    hour = 2 * price("mdb.cluster.pg.v3.cpu.c100") + 8 * price("mdb.cluster.pg.v3.ram")
    assert hour * HOURS == (2 * D("1.8792") + 8 * D("0.5072")) * HOURS == D("5627.52")
    assert price("mdb.cluster.network-hdd.pg", date(2025, 10, 15)) == D("0.0048")


def test_commitment_takes_the_documented_share_off() -> None:
    regular = price("mdb.cluster.pg.v3.cpu.c100")
    six_months = price("v1.commitment.selfcheckout.m6.mdb.pg.cpu.c100.v3")
    year = price("v1.commitment.selfcheckout.y1.mdb.pg.cpu.c100.v3")
    assert (1 - six_months / regular).quantize(D("0.001")) == D("0.154")
    assert (1 - year / regular).quantize(D("0.001")) == D("0.223")


def test_zookeeper_hosts_of_a_clickhouse_cluster() -> None:
    service = read(FOLDER / "managed-clickhouse.yaml")
    rules = {rule.name: rule.value for rule in service.rules}
    preset = next(found for found in service.presets if found.name == "zookeeper-b2-medium")
    assert rules["zookeeper-hosts"] == 3
    assert (preset.fraction, preset.vcpu, preset.memory_gb) == (50, 2, D("4"))
    host = 2 * price("mdb.zk.clickhouse.v2.cpu.c50") + 4 * price("mdb.zk.clickhouse.v2.ram")
    assert 3 * host * HOURS == 3 * (2 * D("0.8992") + 4 * D("0.3689")) * HOURS
    # The worked example of 2022: class b2.
    day = date(2022, 6, 1)
    old = 2 * price("mdb.zk.clickhouse.legacy.cpu.c50", day) + 4 * price("mdb.zk.clickhouse.legacy.ram", day)
    assert old == 2 * D("0.70") + 4 * D("0.28")


def test_the_provider_s_example_of_a_kafka_cluster_costs_23335_roubles_a_month() -> None:
    """Three s3-c2-m8 with 100 GB of HDD, three ZooKeeper b3-c1-m4 with 10 GB of SSD: 23,334.912 RUB."""
    brokers = 3 * (2 * price("mdb.cluster.kafka.v3.cpu.c100") + 8 * price("mdb.cluster.kafka.v3.ram"))
    keepers = 3 * (2 * price("mdb.zk.kafka.v3.cpu.c50") + 4 * price("mdb.zk.kafka.v3.ram"))
    hdd, ssd = price("mdb.cluster.network-hdd.kafka"), price("mdb.cluster.network-nvme.kafka")
    assert HOURS * (brokers + keepers + 300 * hdd + 30 * ssd) == D("23334.912")
    assert price("mdb.cluster.network-hdd.kafka", name="KZT") * HOURS == D("18.72")
    assert price("mdb.cluster.network-nvme.kafka", name="KZT") * HOURS == D("78.48")


def test_storage_by_the_month_and_by_the_hour_are_the_same_price() -> None:
    old = version_on("mdb.cluster.network-hdd.ch", date(2022, 6, 1))
    assert old is not None
    assert old.pricing_unit == "GB*month"
    assert old.rates["RUB"][0].unit_price == D("3.20")
    # Quoted in tenge by the month: 18.72 and 78.48.
    assert price("mdb.cluster.network-hdd.ch", name="KZT") * HOURS == D("18.72")
    assert price("mdb.cluster.network-nvme.ch", name="KZT") * HOURS == D("78.48")


def test_kubernetes_master_costs_5184_roubles_a_month_and_three_times_that_when_highly_available() -> None:
    service = read(FOLDER / "managed-kubernetes.yaml")
    preset = next(found for found in service.presets if found.name == "s-c2-m8")
    hour = preset.vcpu * price("mk8s.master.master_host_resources.cpu") + preset.memory_gb * price(
        "mk8s.master.master_host_resources.ram"
    )
    rules = {rule.name: rule.value for rule in service.rules}
    assert hour == 2 * D("1.76") + 8 * D("0.46") == D("7.20")
    assert hour * rules["basic-master-hosts"] * HOURS == 5184
    assert hour * rules["highly-available-master-hosts"] * HOURS == 15552
    assert price("mk8s.master.zonal.small") == 0


def test_logs_and_metrics_have_their_free_volumes() -> None:
    assert cost(rates_on("logging.write"), D("105")) == 100 * D("25.55046")
    # One GB*month is 720 GB*hours.
    assert cost(rates_on("logging.storage"), D("1720")) == 1000 * D("0.015494")
    assert cost(rates_on("monitoring.metrics.read"), D("60")) == 50 * D("7.686") + 10 * D("4.6116")
    assert cost(rates_on("prometheus.remote_write"), D("10100")) == 9950 * D("2.3058") + 100 * D("0.6588")


def test_load_balancers() -> None:
    assert price("nlb.balancer.active") == D("0.8564")
    assert price("alb.resource_unit") == D("2.63")
    rules = {rule.name: rule for rule in read(FOLDER / "application-load-balancer.yaml").rules}
    assert rules["minimum-units-per-zone"].value == 2
    assert rules["new-connections-per-second"].value == 300
    assert rules["new-connections-per-second"].reading("text-of-2022").value == 200


@pytest.mark.parametrize(
    ("service", "own"), [("serverless-containers", "total"), ("cloud-functions", "per-call")]
)
def test_rounding_of_run_time_has_all_readings(service: str, own: str) -> None:
    """ "The total container time ... is rounded up"; "execution time for each function call"."""
    rules = {rule.name: rule for rule in read(FOLDER / f"{service}.yaml").rules}
    rule = rules["run-time-rounding"]
    assert rule.unit == "ms"
    assert rule.reading().name == own
    assert (rule.reading("total").value, rule.reading("total").applies_to) == (100, "total")
    assert (rule.reading("per-call").value, rule.reading("per-call").applies_to) == (100, "call")
    assert rule.reading("unrounded").value == rule.reading("as-example").value == 0


# What is not known stays unknown.


@pytest.mark.parametrize(
    "code",
    [
        "compute.vm.cpu.c100.highfreq-v3",
        "compute.vm.cpu.c100.v4a",
        "mdb.cluster.opensearch.v3.cpu.c100",
        "mdb.cluster.opensearch.v2.ram",
        "storage.bucket.intelligent.monitoring",
        "gitlab.instance.cpu",
    ],
)
def test_price_that_was_not_found_is_known_to_be_missing(code: str) -> None:
    assert code in {missing.code for missing in all_missing()}
    assert code not in skus()


@pytest.mark.parametrize(
    "code",
    [
        "monitoring.metrics.read",
        "prometheus.remote_write",
        "speechkit.synthesis.v3",
        "compute_gpu.cluster.interconnect",
    ],
)
def test_price_without_a_recorded_source_says_so(code: str) -> None:
    version = version_on(code, TODAY)
    assert version is not None
    assert version.confidence == "unverified"


def test_prices_read_from_a_neighbouring_page_are_derived_and_give_the_rule() -> None:
    version = version_on("mdb.cluster.backup.pg", TODAY)
    assert version is not None
    assert version.confidence == "derived"
    assert version.rule is not None
    assert "Sharded PostgreSQL" in version.rule


COMMITMENTS = [(path.stem, found) for path in FILES for found in read(path).commitments]


@pytest.mark.parametrize(("service", "found"), COMMITMENTS, ids=lambda value: getattr(value, "covers", value))
def test_a_commitment_covers_what_its_own_name_says(service: str, found: Commitment) -> None:
    """The committed SKU is called like the one it covers, with its term behind; both are known by name."""
    owner = read(FOLDER / f"{service}.yaml")
    names = {entry.code: entry.name for entry in (*owner.skus, *owner.known_missing)}
    covered = names[found.covers].lower().replace(",", "").split()
    for term, code in found.terms.items():
        name, _, ending = names[code].rpartition(", CVoS ")
        assert ending == {"m6": "6 months", "y1": "1 year"}[term] == term_in_words(term)
        assert set(name.lower().replace(",", "").split()) - {"clickhouse", "host"} <= set(covered)
        assert code.startswith(f"v1.commitment.selfcheckout.{term}.")


def test_a_commitment_is_cheaper_than_what_it_covers() -> None:
    sold = [(f.covers, code) for _, f in COMMITMENTS for code in f.terms.values() if code in skus()]
    assert len(sold) > 20
    for covers, code in sold:
        assert price(code) < price(covers), code

"""A bill worked out by hand over catalogs of a few prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from small_bills import Desk, cost, line, service, sku, tiers

from costplan.messages.errors import CatalogError, InputError
from costplan.pricing.estimate import Assumption
from costplan.quantities.units import HOURS_PER_MONTH

DNS = service(
    "cloud-dns",
    sku("dns.zones.v1", "zone*hour", "0.05"),
    sku("dns.queries.authoritative", "1M queries", "40"),
)
LOCKBOX = service(
    "lockbox",
    sku("lockbox.secret_versions", "version*hour", "0.02"),
    sku("lockbox.operations", "10000 operations", "4"),
)
EGRESS = sku("network.egress.inet", "GB", tiers(("0", "0"), ("100", "1.5"), ("1000", "1.25")))
ADDRESS = sku("network.public_fips", "ip*hour", "0.25")
VPC = service("vpc", EGRESS, ADDRESS)
REGISTRY = service(
    "container-registry",
    sku("cr.bucket.used_space.standard", "GB*month", "3"),
    rules=[{"name": "metering-unit", "value": "1", "unit": "hour", "note": "n", "source": "s"}],
)
LOGS = service("cloud-logging", sku("logging.write", "GB", "25"), sku("logging.storage", "GB*hour", "0.015"))


def test_a_resource_costs_the_sum_of_its_lines_and_the_bill_the_sum_of_resources(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS, LOCKBOX).bill("""\
resources:
  names: {kind: dns, role: network, zones: 3, queries: 2M}
  keys: {kind: lockbox, role: other, versions: 7, operations: 15000}
""")
    names = 3 * HOURS_PER_MONTH * Decimal("0.05") + 2 * Decimal(40)
    keys = 7 * HOURS_PER_MONTH * Decimal("0.02") + Decimal("1.5") * 4
    assert cost(bill, "names") == names
    assert cost(bill, "keys") == keys
    assert bill.total.monthly_cost == bill.total.gross == names + keys
    assert [resource.name for resource in bill.resources] == ["names", "keys"]
    assert [item.sku for item in bill.resources[0].line_items] == [
        "dns.zones.v1",
        "dns.queries.authoritative",
    ]


def test_a_line_says_where_all_its_numbers_come_from(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path,
        service(
            "cloud-dns",
            sku("dns.zones.v1", "zone*hour", "0.05", confidence="derived", rule="half", note="see there"),
            sku("dns.queries.authoritative", "1M queries", "40"),
        ),
    )
    bill = desk.bill("""\
resources:
  names: {kind: dns, role: network, zones: 2, queries: {value: 1M, assumed: a guess}}
""")
    zones, queries = bill.resources[0].line_items
    assert (zones.sku, zones.name, zones.service) == ("dns.zones.v1", "dns.zones.v1", "cloud-dns")
    assert (zones.quantity, zones.unit) == (2 * HOURS_PER_MONTH, "zone*hour")
    assert (zones.provenance, zones.rule, zones.note) == ("derived", "half", "see there")
    assert (zones.source, zones.effective_from, zones.checked) == (
        "the test",
        date(2026, 1, 1),
        date(2026, 1, 2),
    )
    assert (zones.quantity_provenance, zones.assumptions, zones.taxed) == ("stated", (), True)
    assert (queries.quantity_provenance, queries.assumptions) == ("assumed", ("resources.names.queries",))
    assert bill.assumptions == (Assumption("resources.names.queries", "assumed", "a guess"),)


def test_the_bill_carries_the_scenario_the_catalog_and_the_workload(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DNS)
    bill = desk.bill("""\
description: {en: Why, ru: Зачем}
as_of: 2026-03-01
hours_per_month: 744
free_tier: false
workload: {monthly_requests: 1/s, request_duration: 150 ms, response_size: 2 KB}
resources:
  names: {kind: dns, role: network, title: Names, note: for the site, runs: [bind], talks_to: [names]}
""")
    assert (bill.schema, bill.scenario, bill.title) == ("costplan/estimate/1", "small", {"en": "Small"})
    assert (bill.currency, bill.vat, bill.free_tier, bill.variants) == ("RUB", "included", False, ())
    assert (bill.catalog.name, bill.catalog.region, bill.catalog.as_of) == (
        "yandex-cloud",
        "here",
        date(2026, 3, 1),
    )
    assert bill.catalog.sha256 == desk.catalog.sha256
    assert bill.hours_per_month == 744
    assert bill.workload == {
        "monthly_requests": 744 * 3600, "request_duration": Decimal("0.15"), "request_cpu_time": None,
        "request_size": None,
        "response_size": 2048, "log_size": None, "log_retention": None, "stored_size": None,
        "retention": None,
    }  # fmt: skip
    assert bill.rationale == {"en": "Why", "ru": "Зачем"}
    [names] = bill.resources
    assert (names.kind, names.role, names.title, names.note) == (
        "dns",
        "network",
        {"en": "Names"},
        {"en": "for the site"},
    )
    assert (names.runs, names.talks_to) == (("bind",), ("names",))
    assert bill.budget is None


def test_resources_without_title_note_and_description_have_empty_ones(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill("resources: {names: {kind: dns, role: network}}\n")
    assert (bill.rationale, bill.resources[0].title, bill.resources[0].note) == ({}, {}, {})


def test_the_free_volume_is_used_once_per_account_and_shared_in_proportion(tmp_path: Path) -> None:
    bill = Desk(tmp_path, VPC).bill("""\
resources:
  small: {kind: network, role: network, egress: 50 GB}
  large: {kind: network, role: network, egress: 150 GB}
""")
    assert bill.total.monthly_cost == (50 + 150 - 100) * Decimal("1.5")
    assert cost(bill, "small") == (50 - 25) * Decimal("1.5")
    assert cost(bill, "large") == (150 - 75) * Decimal("1.5")
    assert [(own.start, own.quantity) for own in line(bill, "small", "network.egress.inet").slices] == [
        (0, 25),
        (100, 25),
    ]


def test_the_order_of_resources_does_not_matter(tmp_path: Path) -> None:
    desk = Desk(tmp_path, VPC)
    parts = [
        f"  {name}: {{kind: network, role: network, egress: {size} GB}}\n"
        for name, size in (("b", 70), ("a", 70), ("c", 7))
    ]
    one, other = desk.bill("resources:\n" + "".join(parts)), desk.bill("resources:\n" + "".join(parts[::-1]))
    assert {own.name: own for own in one.resources} == {own.name: own for own in other.resources}
    assert one.total == other.total


def test_two_uses_of_one_sku_by_one_resource_are_two_lines(tmp_path: Path) -> None:
    disks = [{"name": "network-ssd", "title": "t", "sku": "disk", "source": "s"}]
    shapes = [{"vcpu": ["2"], "memory_per_vcpu": ["1"]}]
    platform = {
        "name": "standard-v3", "title": "t", "source": "s",
        "fractions": [{"fraction": "100", "on_demand": {"cpu": "cpu", "ram": "ram"}, "shapes": shapes}],
    }  # fmt: skip
    compute = service(
        "compute", sku("cpu", "core*hour", "1"), sku("ram", "GB*hour", "2"),
        sku("disk", "GB*month", tiers(("0", "0"), ("10", "8"))), platforms=[platform], disk_types=disks,
        defaults={"platform": "standard-v3", "disk-type": "network-ssd"},
    )  # fmt: skip
    bill = Desk(tmp_path, compute).bill("""\
resources:
  vm:
    {kind: compute-instance, role: compute, vcpu: 2, memory: 2 GB, hours: 24 h,
     disks: [{size: 30 GB}, {size: 10 GB}]}
""")
    large, small = [item for item in bill.resources[0].line_items if item.sku == "disk"]
    assert (large.quantity, small.quantity) == (30, 10)
    assert large.monthly_cost == (30 - Decimal("7.5")) * 8
    assert small.monthly_cost == (10 - Decimal("2.5")) * 8
    assert cost(bill, "vm") == 24 * 2 * 1 + 24 * 2 * 2 + (40 - 10) * 8


def test_an_account_without_its_free_volume_pays_from_the_first_unit(tmp_path: Path) -> None:
    bill = Desk(tmp_path, VPC).bill("""\
free_tier: false
resources: {net: {kind: network, role: network, egress: 1100 GB}}
""")
    assert bill.total.monthly_cost == 1000 * Decimal("1.5") + 100 * Decimal("1.25")
    assert [own.start for own in line(bill, "net", "network.egress.inet").slices] == [0, 1000]


def test_nothing_used_costs_nothing_and_has_no_cost_per_request(tmp_path: Path) -> None:
    bill = Desk(tmp_path, VPC).bill("resources: {net: {kind: network, role: network, egress: 0 B}}\n")
    assert bill.total.monthly_cost == 0
    assert bill.cost_per_million_requests is None
    assert [(own.quantity, own.cost) for own in line(bill, "net", "network.egress.inet").slices] == [(0, 0)]


def test_requests_of_nothing_stated_are_not_those_of_the_workload(tmp_path: Path) -> None:
    gateway = service("api-gateway", sku("serverless.api-gateway.requests", "1M requests", "100"))
    bill = Desk(tmp_path, gateway).bill("""\
workload: {monthly_requests: 3M}
resources:
  quiet: {kind: api-gateway, role: network, requests: 0}
  busy: {kind: api-gateway, role: network}
""")
    assert cost(bill, "quiet") == 0
    assert cost(bill, "busy") == 300
    assert bill.cost_per_million_requests == 100


def test_cost_per_million_requests_keeps_twelve_decimals(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill("""\
workload: {monthly_requests: 7M}
resources: {names: {kind: dns, role: network, queries: 0.25M, zones: 0}}
""")
    assert bill.cost_per_million_requests == Decimal("1.428571428571")  # 10 / 7


def test_a_price_per_month_is_one_of_720_hours_in_a_month_of_744(tmp_path: Path) -> None:
    desk = Desk(tmp_path, REGISTRY)
    scenario = (
        "hours_per_month: 744\nresources: {images: {kind: container-registry, role: storage, size: 15 GB}}\n"
    )
    bill = desk.bill(scenario)
    assert line(bill, "images", "cr.bucket.used_space.standard").quantity == Decimal("15.5")  # 15 * 744 / 720
    assert bill.total.monthly_cost == Decimal("15.5") * 3


def test_what_is_kept_for_a_time_costs_the_same_in_a_longer_month(tmp_path: Path) -> None:
    desk = Desk(tmp_path, LOGS)
    resources = "resources: {logs: {kind: logging, role: logs, written: 6 GB, retention: 15 days}}\n"
    short, long = desk.bill(resources), desk.bill("hours_per_month: 744\n" + resources)
    assert line(short, "logs", "logging.storage").quantity == 6 * 15 * 24
    assert long.total == short.total


def test_a_version_priced_per_month_is_billed_in_its_own_unit(tmp_path: Path) -> None:
    storage = sku("cr.bucket.used_space.standard", "GB*hour", "0.004")
    storage["prices"].insert(
        0,
        dict(
            storage["prices"][0], effective_from="2020-01-01", pricing_unit="GB*month", rates={"RUB": "2.5"}
        ),
    )
    desk = Desk(tmp_path, {**REGISTRY, "skus": [storage]})
    scenario = "resources: {images: {kind: container-registry, role: storage, size: 8 GB}}\n"
    old, new = desk.bill(scenario, day="2025-12-31"), desk.bill(scenario, day="2026-01-01")
    assert line(old, "images", "cr.bucket.used_space.standard").unit == "GB*month"
    assert old.total.monthly_cost == 8 * Decimal("2.5")
    assert line(new, "images", "cr.bucket.used_space.standard").unit == "GB*hour"
    assert new.total.monthly_cost == 8 * HOURS_PER_MONTH * Decimal("0.004")


def test_a_unit_of_another_thing_is_a_fault_of_the_catalog_that_names_the_unit_of_its_version(
    tmp_path: Path,
) -> None:
    wrong = sku("dns.zones.v1", "zone*hour", "1", pricing_unit="GB*month")
    with pytest.raises(CatalogError) as caught:
        Desk(tmp_path, service("cloud-dns", wrong)).bill("resources: {names: {kind: dns, role: network}}\n")
    assert "SKU `dns.zones.v1` is priced per GB*month, but `names` uses it in zone*hour" in str(caught.value)


def test_a_missing_price_is_unpriced_and_never_nothing(tmp_path: Path) -> None:
    known = [{"code": "dns.queries.authoritative", "name": "q", "reason": "nobody knows"}]
    desk = Desk(tmp_path, service("cloud-dns", sku("dns.zones.v1", "zone*hour", "0.05"), known_missing=known))
    bill = desk.bill("resources: {names: {kind: dns, role: network, queries: 5}}\n")
    [missing] = bill.unpriced
    assert (missing.resource, missing.sku, missing.reason) == (
        "names",
        "dns.queries.authoritative",
        "nobody knows",
    )
    assert (missing.quantity, missing.unit, missing.name) == (5, "query", "q")
    assert [item.sku for item in bill.resources[0].line_items] == ["dns.zones.v1"]


def test_an_unknown_sku_is_unpriced_with_the_name_of_the_catalog(tmp_path: Path) -> None:
    bill = Desk(tmp_path, service("cloud-dns")).bill("resources: {names: {kind: dns, role: network}}\n")
    assert bill.unpriced[0].reason == "SKU `dns.zones.v1` is not in catalog `yandex-cloud`"
    assert bill.resources[0].line_items == ()
    assert cost(bill, "names") == 0


def test_before_every_price_all_is_unpriced(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill(
        "resources: {names: {kind: dns, role: network, queries: 1}}\n", day="1999-01-01"
    )
    assert [part.reason for part in bill.unpriced] == ["no price is known before 2026-01-01"] * 2
    assert bill.total.monthly_cost == 0
    assert bill.total.vat_rate is None


def test_quantities_of_unpriced_parts_are_rounded_to_twelve_decimals(tmp_path: Path) -> None:
    bill = Desk(tmp_path, service("cloud-dns")).bill("""\
hours_per_month: 700
resources: {names: {kind: dns, role: network, queries: 0.001/day}}
""")
    assert bill.unpriced[1].quantity == Decimal("0.029166666667")  # 0.001 * 700 / 24


def test_the_providers_vat_is_inside_and_net_and_vat_make_gross(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill("resources: {names: {kind: dns, role: network, zones: 1}}\n")
    gross = HOURS_PER_MONTH * Decimal("0.05")
    assert bill.total.vat_rate == Decimal("0.22")
    assert bill.total.net == Decimal("29.508196721311")  # 36 / 1.22
    assert bill.total.net + bill.total.vat == bill.total.gross == gross


def test_prices_without_vat_are_net_and_gross_alike(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill(
        "resources: {names: {kind: dns, role: network, zones: 1}}\n", currency="USD"
    )
    assert bill.vat == "excluded"
    assert bill.total.net == bill.total.gross == HOURS_PER_MONTH * Decimal("0.0005")
    assert (bill.total.vat, bill.total.vat_rate) == (0, None)


FIXED = """\
resources:
  names: {kind: dns, role: network, zones: 1}
  people: {kind: fixed-cost, role: other, amounts: {RUB: 1000.5}, source: the contract, vat: none}
  licence: {kind: fixed-cost, role: other, amounts: {RUB: 122, USD: 1.5}, source: an offer}
"""


def test_a_fixed_cost_is_a_line_of_its_own_and_labour_carries_no_vat(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill(FIXED)
    people = line(bill, "people", "fixed-cost")
    assert (people.quantity, people.unit, people.service, people.name) == (1, "month", "", "the contract")
    assert (people.provenance, people.quantity_provenance, people.source) == (
        "stated",
        "stated",
        "the contract",
    )
    assert [(own.start, own.quantity, own.unit_price, own.cost) for own in people.slices] == [
        (0, 1, Decimal("1000.5"), Decimal("1000.5"))
    ]
    assert (people.taxed, line(bill, "licence", "fixed-cost").taxed) == (False, True)
    taxed = HOURS_PER_MONTH * Decimal("0.05") + 122
    assert bill.total.gross == taxed + Decimal("1000.5")
    assert bill.total.vat == taxed - Decimal("129.508196721311")  # 158 / 1.22
    assert bill.total.net == Decimal("129.508196721311") + Decimal("1000.5")


def test_a_fixed_cost_in_another_currency_is_unpriced(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DNS)
    bill = desk.bill(FIXED, currency="USD")
    [missing] = bill.unpriced
    assert (missing.resource, missing.sku, missing.unit, missing.quantity) == (
        "people",
        "fixed-cost",
        "month",
        1,
    )
    assert missing.reason == "stated in RUB only; there is no exchange rate"
    assert missing.name == "the contract"
    assert cost(bill, "licence") == Decimal("1.5")
    kzt = desk.bill(FIXED, currency="KZT")
    assert kzt.unpriced[-1].reason == "stated in RUB, USD only; there is no exchange rate"


BUDGET = """\
budget:
  currency: USD
  parts:
    - {name: Names, amount: 0.36, resources: [names]}
    - {name: Rest, amount: 0, resources: [keys, more]}
resources:
  names: {kind: dns, role: network, zones: 1}
  keys: {kind: lockbox, role: other, versions: 1}
  more: {kind: dns, role: network, zones: 1, queries: 1M}
  loose: {kind: network, role: network, egress: 1 GB}
"""


def test_a_budget_is_compared_in_its_own_currency(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS, LOCKBOX, service("vpc")).bill(BUDGET)
    report = bill.budget
    assert report is not None
    assert (bill.currency, report.currency, report.vat) == ("RUB", "USD", "excluded")
    names, rest = report.lines
    assert (names.name, names.budget, names.resources) == ("Names", Decimal("0.36"), ("names",))
    assert (names.cost, names.ratio, names.within, names.unpriced) == (Decimal("0.36"), 1, True, 0)
    keys, more = HOURS_PER_MONTH * Decimal("0.0002"), HOURS_PER_MONTH * Decimal("0.0005") + Decimal("0.4")
    assert (rest.cost, rest.ratio, rest.within) == (keys + more, None, False)
    assert report.not_budgeted == ("loose",)


def test_the_total_of_a_budget_is_the_sum_of_its_parts_unless_it_is_given(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DNS, LOCKBOX, service("vpc"))
    total = desk.bill(BUDGET).budget
    assert total is not None
    assert (total.total.name, total.total.budget) == ("total", Decimal("0.36"))
    assert total.total.resources == ("names", "keys", "more", "loose")
    cost_usd = HOURS_PER_MONTH * (2 * Decimal("0.0005") + Decimal("0.0002")) + Decimal("0.4")
    assert total.total.cost == cost_usd
    assert total.total.ratio == Decimal("3.511111111111")  # 1.264 / 0.36
    assert (total.total.within, total.total.unpriced) == (False, 1)
    given = desk.bill(BUDGET.replace("  parts:", "  total: 5\n  parts:")).budget
    assert given is not None
    assert (given.total.budget, given.total.within) == (5, True)


def test_a_budget_of_the_bills_own_currency_takes_the_bill(tmp_path: Path) -> None:
    bill = Desk(tmp_path, DNS).bill("""\
budget: {currency: RUB, total: 36}
resources: {names: {kind: dns, role: network, zones: 1}}
""")
    assert bill.budget is not None
    assert (bill.budget.lines, bill.budget.vat) == ((), "included")
    assert (bill.budget.total.cost, bill.budget.total.within, bill.budget.total.ratio) == (36, True, 1)


def test_the_currency_and_the_day_of_the_scenario_give_way_to_the_callers(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DNS)
    scenario = "currency: USD\nas_of: 2026-02-02\nresources: {names: {kind: dns, role: network}}\n"
    own, other = desk.bill(scenario), desk.bill(scenario, currency="RUB", day="2026-03-03")
    assert (own.currency, own.catalog.as_of) == ("USD", date(2026, 2, 2))
    assert (other.currency, other.catalog.as_of) == ("RUB", date(2026, 3, 3))
    assert desk.bill("resources: {names: {kind: dns, role: network}}\n").catalog.as_of == date(2026, 6, 1)


def test_a_bill_names_the_variants_that_were_applied(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DNS)
    scenario = """\
resources: {names: {kind: dns, role: network, zones: 1}}
variants: {more: {title: More, set: {resources.names.zones: 2}}}
"""
    bill = desk.bill(scenario, variants=["more"])
    assert bill.variants == ("more",)
    assert bill.total.gross == 2 * desk.bill(scenario).total.gross


def test_every_input_that_a_resource_lacks_is_named_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, VPC, LOGS)
    with pytest.raises(InputError) as caught:
        desk.bill("""\
resources:
  net: {kind: network, role: network}
  logs: {kind: logging, role: logs}
""")
    assert [(fault.path, fault.message.partition(":")[0]) for fault in caught.value.faults] == [
        ("resources.net", "needs `workload.response_size`"),
        ("resources.logs", "needs `workload.log_size`"),
    ]
    assert caught.value.faults[0].message == (
        "needs `workload.response_size`: traffic out is computed from it; or give `egress` here"
    )
    assert caught.value.faults[0].mark is not None
    assert caught.value.faults[0].mark.line == 5


def test_a_line_that_rests_on_a_guess_and_a_trial_is_assumed_and_names_both(tmp_path: Path) -> None:
    bill = Desk(tmp_path, VPC).bill("""\
workload:
  monthly_requests: {value: 5M, assumed: a guess}
  response_size: {value: 2 KB, measured: a trial}
resources:
  net: {kind: network, role: network}
  out: {kind: network, role: network, egress: {value: 1 GB, measured: a meter}}
""")
    net = line(bill, "net", "network.egress.inet")
    assert net.quantity_provenance == "assumed"
    assert net.assumptions == ("workload.monthly_requests", "workload.response_size")
    assert line(bill, "out", "network.egress.inet").quantity_provenance == "measured"
    assert bill.assumptions == (
        Assumption("workload.monthly_requests", "assumed", "a guess"),
        Assumption("workload.response_size", "measured", "a trial"),
        Assumption("resources.out.egress", "measured", "a meter"),
    )


def test_an_assumption_that_a_kind_makes_itself_is_placed_in_the_document(tmp_path: Path) -> None:
    bill = Desk(tmp_path, shipped=True).bill("""\
resources:
  workers:
    {kind: kubernetes-node-group, role: compute, vcpu: 2, memory: 4 GB, nodes: {min: 1, max: 4},
     disk: {size: 30 GB}}
""")
    reason = "no average is given for 1 to 4 nodes; priced at the maximum"
    assert bill.assumptions == (Assumption("resources.workers.nodes", "assumed", reason),)
    cpu = line(bill, "workers", "compute.vm.cpu.c100.v3")
    assert cpu.quantity == 4 * 2 * HOURS_PER_MONTH
    assert cpu.assumptions == ("resources.workers.nodes",)


def test_inputs_at_their_limits_still_multiply_out_to_the_last_digit(tmp_path: Path) -> None:
    stored = sku("logging.storage", "GB*hour", tiers(("0", "0"), ("7", "999999999999.999999999999")))
    desk = Desk(tmp_path, service("cloud-logging", sku("logging.write", "GB", "0.000000000001"), stored))
    bill = desk.bill("""\
workload:
  monthly_requests: 999999999999.999999999999B/s
  log_size: 999999999999.999999999999 PB
  log_retention: 999999999999.999999999999 years
resources:
  one: {kind: logging, role: logs}
  other: {kind: logging, role: logs, written: 0.000001 B, retention: 0.3 h}
""")
    lines = [item for resource in bill.resources for item in resource.line_items]
    for item in lines:
        assert sum((Fraction(own.quantity) for own in item.slices), Fraction(0)) == Fraction(item.quantity)
        assert sum((Fraction(own.cost) for own in item.slices), Fraction(0)) == Fraction(item.monthly_cost)
        for own in item.slices:
            assert own.quantity >= 0
            assert Fraction(own.quantity) * Fraction(own.unit_price) == Fraction(own.cost)
    whole = sum((Fraction(item.quantity) for item in lines if item.sku == "logging.storage"), Fraction(0))
    cost_of_storage = sum(
        (Fraction(i.monthly_cost) for i in lines if i.sku == "logging.storage"), Fraction(0)
    )
    assert cost_of_storage == (whole - 7) * Fraction("999999999999.999999999999")
    assert len(str(bill.total.gross).replace(".", "")) > 80
    assert Fraction(bill.total.net) + Fraction(bill.total.vat) == Fraction(bill.total.gross)

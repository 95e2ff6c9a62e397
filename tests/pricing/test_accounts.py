"""An account's bill, by hand: free volumes once, tiers over the sum, and nothing else changes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from accounts import AccountDesk
from small_bills import cost, service, sku, tiers

from costplan.catalog.store import Catalog
from costplan.inputs.scenarios import price_design
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.document.files import shipped_scenarios
from costplan.scenario.document.variants import with_variants
from costplan.scenario.load import load_scenario
from costplan.scenario.load_design import load_design

VPC = service("vpc", sku("network.egress.inet", "GB", tiers(("0", "0"), ("100", "1.5"), ("1000", "1.25"))))
DNS = service(
    "cloud-dns",
    sku("dns.queries.authoritative", "1M queries", "40"),
    known_missing=[{"code": "dns.exports", "name": "Exports", "reason": "not found"}],
)
METERED = "resources:\n  names: {{kind: metered, role: network, service: cloud-dns, uses: [{{{use}}}]}}\n"


@pytest.fixture
def desk(tmp_path: Path) -> AccountDesk:
    return AccountDesk(tmp_path, VPC, DNS)


def shares(bill: Estimate) -> dict[str, Decimal]:
    return {one.name: one.monthly_cost for one in bill.designs}


def test_two_designs_inside_the_free_volume_alone_are_over_it_together(desk: AccountDesk) -> None:
    desk.egress("shop", 80)
    desk.egress("search", 60)
    bill = desk.account("designs: {shop: ./shop.yaml, search: ./search.yaml}\n")
    # 140 GB together, 100 of them free: 40 x 1.5 = 60, in the proportion of 80 to 60.
    assert bill.total.monthly_cost == 60
    [shop, search] = bill.designs
    assert (shop.cost_alone, search.cost_alone) == (0, 0)
    assert shop.monthly_cost + search.monthly_cost == 60
    assert round(shop.monthly_cost, 6) == round(Decimal(60) * 80 / 140, 6)
    assert shop.delta_to_alone == shop.monthly_cost
    assert [one.name for one in bill.resources] == ["shop.net", "search.net"]


def test_tiers_count_over_the_sum(desk: AccountDesk) -> None:
    desk.egress("shop", 700)
    desk.egress("search", 500)
    bill = desk.account("designs: {shop: ./shop.yaml, search: ./search.yaml}\n")
    # 1,200 GB: 100 free, 900 x 1.5 = 1,350, 200 x 1.25 = 250.
    assert bill.total.monthly_cost == 1600
    # Alone 600 x 1.5 = 900 and 400 x 1.5 = 600.
    assert [one.cost_alone for one in bill.designs] == [900, 600]
    assert sum(one.delta_to_alone for one in bill.designs) == 100


def test_what_has_no_tiers_is_not_touched_by_sharing(desk: AccountDesk) -> None:
    for name, queries in (("one", 2), ("two", 3)):
        use = f"sku: dns.queries.authoritative, quantity: {queries}M, unit: queries"
        desk.design(name, METERED.format(use=use))
    bill = desk.account("designs: {one: ./one.yaml, two: ./two.yaml}\n")
    assert cost(bill, "one.names") == 2 * 40
    assert cost(bill, "two.names") == 3 * 40
    assert all(one.delta_to_alone == 0 for one in bill.designs)


def test_each_design_turns_its_own_workload_into_usage(desk: AccountDesk) -> None:
    for name, requests in (("shop", "1M"), ("search", "3M")):
        workload = f"workload: {{monthly_requests: {requests}, response_size: 102.4 KB}}\n"
        desk.design(name, f"{workload}resources:\n  net: {{kind: network, role: network}}\n")
    bill = desk.account("designs: {shop: ./shop.yaml, search: ./search.yaml}\n")
    # A request is 1/10,240 GB: 97.65625 GB and 292.96875 GB; (390.625 - 100) x 1.5 = 435.9375.
    assert bill.total.monthly_cost == Decimal("435.9375")
    assert bill.workload["monthly_requests"] == 4_000_000
    assert bill.cost_per_million_requests is None


def test_the_order_of_designs_changes_no_amount(desk: AccountDesk) -> None:
    for name, size in (("a", 77), ("b", 131), ("c", 1013)):
        desk.egress(name, size)
    one = desk.account("designs: {a: ./a.yaml, b: ./b.yaml, c: ./c.yaml}\n")
    other = desk.account("designs: {c: ./c.yaml, a: ./a.yaml, b: ./b.yaml}\n")
    assert shares(one) == shares(other)
    assert one.total == other.total


def test_the_same_design_twice_uses_twice_as_much(desk: AccountDesk) -> None:
    desk.egress("shop", 80)
    bill = desk.account("designs: {blue: ./shop.yaml, green: ./shop.yaml}\n")
    # 160 GB less 100 free at 1.5, in equal halves.
    assert shares(bill) == {"blue": 45, "green": 45}


def test_an_account_whose_free_volume_is_used_up_pays_from_the_first_unit(desk: AccountDesk) -> None:
    desk.egress("shop", 80)
    assert desk.account(
        "designs: {shop: ./shop.yaml}\nfree_tier: false\n"
    ).total.monthly_cost == 80 * Decimal("1.5")


def test_a_design_may_get_other_requests_and_changes(desk: AccountDesk) -> None:
    desk.egress("shop", 80)
    bill = desk.account("""\
designs:
  shop: ./shop.yaml
  search: {scenario: ./shop.yaml, requests: 7M, set: {resources.net.egress: 200 GB}}
""")
    assert bill.total.monthly_cost == (80 + 200 - 100) * Decimal("1.5")
    assert [one.monthly_requests for one in bill.designs] == [0, 7_000_000]


def test_the_command_line_changes_the_account(desk: AccountDesk) -> None:
    desk.egress("shop", 80)
    bill = desk.account("designs: {shop: {scenario: ./shop.yaml}}\n", "free_tier=false")
    assert bill.total.monthly_cost == 120
    assert [str(one.path) for one in bill.differences] == ["free_tier"]


def test_the_budget_is_the_accounts_and_its_parts_name_designs(desk: AccountDesk) -> None:
    desk.egress("shop", 180, "budget: 1 RUB\n")
    desk.egress("search", 120)
    bill = desk.account("""\
designs: {shop: ./shop.yaml, search: ./search.yaml}
budget: {currency: RUB, parts: [{name: sales, amount: 200, resources: [shop]}]}
""")
    assert bill.budget is not None
    [part] = bill.budget.lines
    # (300 - 100) x 1.5 = 300, of which 180/300 are the shop's.
    assert (part.cost, part.budget, part.within, part.resources) == (180, 200, True, ("shop.net",))
    assert (bill.budget.total.cost, bill.budget.total.budget) == (300, 200)
    assert bill.budget.not_budgeted == ("search.net",)


def test_the_budget_may_be_in_another_currency(desk: AccountDesk) -> None:
    desk.egress("shop", 300)
    bill = desk.account("designs: {shop: ./shop.yaml}\nbudget: 5 USD\n")
    assert bill.budget is not None
    # 200 GB at 1.5 RUB x 0.01.
    assert bill.budget.total.cost == 200 * Decimal("0.015")
    assert bill.currency == "RUB"


def test_stand_ins_of_designs_do_not_mix(desk: AccountDesk) -> None:
    for name, price in (("one", "2"), ("two", "3")):
        stated = f"prices: {{dns.exports: {{value: {price} RUB, unit: zone*hour, reason: said}}}}\n"
        desk.design(name, stated + METERED.format(use="sku: dns.exports, quantity: 10, unit: zone*hour"))
    bill = desk.account("designs: {one: ./one.yaml, two: ./two.yaml}\n")
    assert shares(bill) == {"one": 20, "two": 30}
    found = {
        one.value: (one.monthly_cost, [user.resource for user in one.used_by])
        for one in bill.catalog.assumed_prices
    }
    assert found == {2: (20, ["one.names"]), 3: (30, ["two.names"])}


@pytest.mark.parametrize("reference", [one for name in shipped_scenarios() for one in with_variants(name)])
@pytest.mark.parametrize("currency", ["RUB", "USD"])
def test_an_account_of_one_design_costs_what_the_design_costs(
    tmp_path: Path, reference: str, currency: str
) -> None:
    path = tmp_path / "account.yaml"
    path.write_text(f"account: one\ndesigns: {{only: '{reference}'}}\n", encoding="utf-8")
    alone = price_scenario(load_scenario(reference, Catalog.shipped), currency=currency)
    bill = price_design(load_design(str(path), Catalog.shipped), currency=currency)
    assert bill.total == alone.total
    assert bill.split == alone.split
    for own, other in zip(bill.resources, alone.resources, strict=True):
        assert own.name == f"only.{other.name}"
        assert [one.slices for one in own.line_items] == [one.slices for one in other.line_items]
        assert own.monthly_cost == other.monthly_cost
    assert [one.quantity for one in bill.unpriced] == [one.quantity for one in alone.unpriced]
    assert (bill.verdict, len(bill.unmet), len(bill.unknowns)) == (
        alone.verdict,
        len(alone.unmet),
        len(alone.unknowns),
    )
    [design] = bill.designs
    assert (design.monthly_cost, design.delta_to_alone) == (alone.total.monthly_cost, 0)


def test_quotas_are_of_the_account_and_uses_add_up(tmp_path: Path) -> None:
    path = tmp_path / "account.yaml"
    vm = "kind: compute-instance, role: other, vcpu: 2, memory: 4 GB, count: 10"
    (tmp_path / "vm.yaml").write_text(
        f"scenario: vm\ntitle: vm\nworkload: {{monthly_requests: 0}}\nresources:\n  vm: {{{vm}}}\n"
    )
    path.write_text("account: a\ndesigns: {one: ./vm.yaml, two: ./vm.yaml}\nquotas: {vcpu: 30}\n")
    bill = price_design(load_design(str(path), Catalog.shipped))
    found = [one for one in bill.quota_raises if one.code.startswith("compute.instanceCores.")]
    # 2 x 10 machines of 2 cores each, where one design alone needs 20 of 30.
    assert [(one.needed, one.available) for one in found] == [(40, 30)]


REFUSED = {
    "designs: {}\n": ("account.yaml:2:10", "names no design"),
    "designs: {shop: ./missing.yaml}\n": ("account.yaml:2:17", "cannot read `./missing.yaml`"),
    "designs: {shop: ./account.yaml}\n": ("account.yaml:2:17", "is an account itself"),
    "designs: {shop: ../outside.yaml}\n": ("account.yaml:2:17", "must be a path inside the project"),
    "designs: {shop: nowhere}\n": ("account.yaml:2:17", "there is no scenario `nowhere`"),
    "designs: {shop: '-'}\n": ("account.yaml:2:17", "not standard input"),
    "designs: {shop.eu: ./shop.yaml}\n": ("account.yaml:2:11", "is not a name"),
    "designs: {shop: ./shop.yaml, usd: ./usd.yaml}\n": ("account.yaml:2:35", "is billed in USD, but `shop`"),
    "designs: {shop: ./shop.yaml, long: ./long.yaml}\n": ("account.yaml:2:36", "has a month of 744 h"),
    "designs: {shop: ./shop.yaml, late: ./late.yaml}\n": ("account.yaml:2:36", "has prices of 2026-05-01"),
    "designs: {shop: ./shop.yaml, used: ./used.yaml}\n": ("account.yaml:2:36", "has `free_tier: false`"),
    "designs: {shop: {scenario: ./shop.yaml, requests: many}}\n": ("account.yaml:2:17", "many"),
    "designs: {shop: {scenario: ./shop.yaml, set: {resources.web.size: 1}}}\n": (
        "account.yaml:2",
        "there is no `resources.web`",
    ),
    "designs: {shop: ./shop.yaml}\nbudget: {currency: RUB, parts: [{name: a, amount: 1, resources: [shp]}]}\n": (  # noqa: E501
        "account.yaml:3",
        "there is no design `shp`",
    ),
    "designs: {shop: ./shop.yaml}\ndesings: {}\n": ("account.yaml:3", "unknown key"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_account_can_be_is_refused_at_its_place(desk: AccountDesk, text: str) -> None:
    desk.egress("shop", 80)
    desk.egress("usd", 80, "currency: USD\n")
    desk.egress("long", 80, "hours_per_month: 744\n")
    desk.egress("late", 80, "as_of: 2026-05-01\n")
    desk.egress("used", 80, "free_tier: false\n")
    place, said = REFUSED[text]
    with pytest.raises(InputError) as caught:
        desk.account(text)
    assert place in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("currency: USD\n", "1.2"), ("as_of: 2026-06-01\n", "120"), ("free_tier: false\n", "240")],
)
def test_what_designs_differ_in_the_account_may_decide(desk: AccountDesk, stated: str, expected: str) -> None:
    desk.egress("shop", 80)
    desk.egress("usd", 80, "currency: USD\n" if "currency" in stated else "")
    desk.egress("late", 20, "as_of: 2026-05-01\n" if "as_of" in stated else "")
    desk.egress("used", 20, "free_tier: false\n" if "free_tier" in stated else "")
    designs = "designs: {shop: ./shop.yaml, usd: ./usd.yaml, late: ./late.yaml}\n"
    if "free_tier" in stated:
        designs = "designs: {shop: ./shop.yaml, usd: ./usd.yaml}\n"
        desk.egress("usd", 80, "free_tier: false\n")
    # 180 GB less 100 at 1.5 RUB or 0.015 USD; 160 GB at 1.5 RUB where no volume is free.
    assert desk.account(designs + stated).total.monthly_cost == Decimal(expected)

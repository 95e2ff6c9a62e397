"""Discounts and contract prices of an account, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from accounts import AccountDesk
from small_bills import cost, line, service, sku, tiers

from costplan.analysis.bill.explain import explain
from costplan.catalog.store import Catalog
from costplan.inputs.scenarios import price_design
from costplan.messages.errors import CatalogError, InputError
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import quantized
from costplan.scenario.document.files import shipped_scenarios
from costplan.scenario.load_design import load_design

VPC = service("vpc", sku("network.egress.inet", "GB", tiers(("0", "0"), ("100", "1.5"))))
LOCKBOX = service(
    "lockbox",
    sku("lockbox.secret_versions", "version*hour", "0.02"),
    sku("lockbox.operations", "10000 operations", "4"),
)
SHOP = """\
resources:
  net: {kind: network, role: network, egress: 300 GB}
  keys: {kind: lockbox, role: other, versions: 10, operations: 15000}
  people: {kind: fixed-cost, role: other, amounts: {RUB: 1000}, vat: none, source: contract}
"""
# 200 GB x 1.5 = 300; 7,200 x 0.02 = 144 and 1.5 x 4 = 6; 1,000 of people.
DESIGNS = "designs: {shop: ./shop.yaml}\n"


@pytest.fixture
def desk(tmp_path: Path) -> AccountDesk:
    desk = AccountDesk(tmp_path, VPC, LOCKBOX)
    desk.design("shop", SHOP)
    return desk


def off(bill: Estimate, resource: str) -> Decimal:
    return line(bill, resource, "discount").monthly_cost


def test_a_discount_is_taken_off_the_providers_prices_and_nothing_else(desk: AccountDesk) -> None:
    bill = desk.account(f"{DESIGNS}discount: 15%\n")
    assert off(bill, "shop.net") == Decimal("-45")
    assert off(bill, "shop.keys") == Decimal("-22.5")
    assert cost(bill, "shop.net") == 255
    assert cost(bill, "shop.keys") == Decimal("127.5")
    assert cost(bill, "shop.people") == 1000
    assert bill.total.monthly_cost == Decimal("1382.5")
    assert bill.discount is not None
    assert bill.discount.monthly_amount == Decimal("67.5")
    assert bill.discount.share == Decimal("0.15")
    found = {one.service: (one.cost_before, one.monthly_amount) for one in bill.discount.services}
    assert found == {"lockbox": (150, Decimal("22.5")), "vpc": (300, 45)}
    assert bill.discount.source.endswith("account.yaml:3:11")


def test_a_service_has_its_own_share_in_place_of_the_others(desk: AccountDesk) -> None:
    bill = desk.account(f"{DESIGNS}discount: {{all: 10%, services: {{vpc: 50%}}}}\n")
    assert (off(bill, "shop.net"), off(bill, "shop.keys")) == (-150, -15)
    bill = desk.account(f"{DESIGNS}discount: {{all: 10%, services: {{vpc: 0%}}}}\n")
    assert cost(bill, "shop.net") == 300
    bill = desk.account(f"{DESIGNS}discount: {{services: {{vpc: 12.5%}}}}\n")
    assert (cost(bill, "shop.net"), cost(bill, "shop.keys")) == (Decimal("262.5"), 150)


@pytest.mark.parametrize(("day", "total"), [("2026-09-30", "1450"), ("2026-10-01", "1382.5")])
def test_a_discount_holds_from_its_day_on(desk: AccountDesk, day: str, total: str) -> None:
    bill = desk.account(f"{DESIGNS}discount: {{from: 2026-10-01, all: 15%}}\n", day=day)
    assert bill.total.monthly_cost == Decimal(total)
    assert bill.discount is not None
    assert bill.discount.is_in_force == (day == "2026-10-01")


def test_lines_resources_designs_and_purposes_add_up_to_the_total(desk: AccountDesk) -> None:
    desk.egress("search", 41)
    bill = desk.account(f"{DESIGNS.replace('}', ', search: ./search.yaml}')}discount: 33.3%\n")
    total = bill.total.monthly_cost
    assert sum(item.monthly_cost for one in bill.resources for item in one.line_items) == total
    assert sum(one.monthly_cost for one in bill.resources) == total
    assert sum(one.monthly_cost for one in bill.designs) == total
    split = bill.split
    assert split.useful + split.headroom + split.idle + split.overhead == total
    for one in bill.resources:
        for item in one.line_items:
            assert sum(piece.cost for piece in item.slices) == item.monthly_cost


def test_vat_is_inside_what_is_left(desk: AccountDesk) -> None:
    bill = desk.account(f"{DESIGNS}discount: 15%\n")
    # What people cost has no VAT inside; of 450 less 15% the rest is net at 22%.
    assert bill.total.vat == Decimal("382.5") - quantized(Fraction("382.5") / Fraction("1.22"))
    assert bill.total.net + bill.total.vat == bill.total.gross == Decimal("1382.5")


def test_budgets_count_what_is_left_and_alone_has_the_same_discount(desk: AccountDesk) -> None:
    budget = "budget: {currency: RUB, parts: [{name: all, amount: 1382.5, resources: [shop]}]}\n"
    bill = desk.account(f"{DESIGNS}discount: 15%\n{budget}")
    assert bill.budget is not None
    assert (bill.budget.total.cost, bill.budget.total.within) == (Decimal("1382.5"), True)
    [design] = bill.designs
    assert design.delta_to_alone == 0


def test_an_explanation_takes_the_discount_apart(desk: AccountDesk) -> None:
    bill = desk.account(f"{DESIGNS}discount: 15%\n")
    found = explain(bill, "discount").lines
    assert [(one.resource, one.line.quantity, one.line.slices[0].unit_price) for one in found] == [
        ("shop.net", 300, Decimal("-0.15")),
        ("shop.keys", 150, Decimal("-0.15")),
    ]
    assert [one.account_quantity for one in found] == [300, 150]  # no tiers over the sum of discounts


def test_contract_prices_lie_below_what_the_command_line_lays_over(tmp_path: Path) -> None:
    desk = AccountDesk(tmp_path, VPC, LOCKBOX)
    desk.design("shop", SHOP)
    for folder, price in (("contract", "1"), ("offer", "0.5")):
        (tmp_path / folder).mkdir()
        rates = tiers(("0", "0"), ("100", price))
        written = {"service": "vpc", "title": "vpc", "skus": [sku("network.egress.inet", "GB", rates)]}
        (tmp_path / folder / "vpc.yaml").write_text(yaml.safe_dump(written))
    text = f"{DESIGNS}prices: ./contract\n"
    assert cost(desk.account(text), "shop.net") == 200
    desk.catalog = Catalog([*desk.catalog.folders, tmp_path / "offer"])
    assert cost(desk.account(text), "shop.net") == 100


REFUSED = {
    "discount: 115%\n": ("account.yaml:3:11", "115%"),
    "discount: -5%\n": ("account.yaml:3:11", "-5"),
    "discount: {from: 2026-10-01}\n": ("account.yaml:3:", "needs `all` or `services`"),
    "discount: {all: 5%, services: {vcp: 5%}}\n": ("account.yaml:3:32", "no service `vcp`"),
    "discount: {al: 5%}\n": ("account.yaml:3:12", "unknown key"),
    "prices: ./nowhere\n": ("account.yaml:3:9", "cannot read `./nowhere`"),
    "prices: ./shop.yaml\n": ("account.yaml:3:9", "is not a folder"),
    "prices: ../other\n": ("account.yaml:3:9", "inside the project"),
    "prices: ./empty\n": ("empty", "holds no prices"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_discount_and_no_folder_of_prices_is_refused(desk: AccountDesk, text: str) -> None:
    (desk.folder / "empty").mkdir()
    place, said = REFUSED[text]
    with pytest.raises((InputError, CatalogError)) as caught:
        desk.account(DESIGNS + text)
    assert place in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("reference", shipped_scenarios())
def test_a_discount_of_everything_by_a_tenth(tmp_path: Path, reference: str) -> None:
    def total(text: str) -> Decimal:
        path = tmp_path / "account.yaml"
        path.write_text(f"account: a\ndesigns: {{one: {reference}}}\n{text}")
        return price_design(load_design(str(path), Catalog.shipped)).total.monthly_cost

    # The shipped stages state no costs of their own, so all is the provider's.
    assert total("discount: 10%\n") == total("") * Decimal("0.9")

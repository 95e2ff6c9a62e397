"""Two bills compared: what belongs together, what became of it, and that all adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costplan.analysis.diff.diff import diff_estimates
from costplan.analysis.diff.documents import Diff
from costplan.catalog.store import Catalog
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.scenarios import loaded_designs, price_design
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.pricing.tiers import Slice
from costplan.quantities.money import exact_sum
from costplan.scenario.load import load_scenario

D = Decimal
DISK = "{{kind: compute-disk, role: storage, disk: {{type: network-hdd, size: {size} GB}}}}"


def fee(amount: str, role: str = "other") -> str:
    return f"{{kind: fixed-cost, role: {role}, amounts: {{RUB: {amount}}}, source: offer}}"


def bill(folder: Path, resources: dict[str, str], *sets: str, requests: str = "1M") -> Estimate:
    rows = "".join(f"  {name}: {text}\n" for name, text in resources.items()) or "  {}\n"
    path = folder / "shop.yaml"
    path.write_text(
        f"scenario: shop\ntitle: Shop\nworkload: {{monthly_requests: {requests}}}\nresources:\n{rows}",
        encoding="utf-8",
    )
    return price_scenario(load_scenario(str(path), Catalog.shipped, sets=sets))


def adds_up(diff: Diff) -> bool:
    by_resource = exact_sum([one.delta for one in diff.resources])
    by_cause = exact_sum([one.delta for one in diff.causes])
    lines = all(
        one.delta == exact_sum([line.delta for line in one.lines])
        and all(line.delta == exact_sum([cause.delta for cause in line.causes]) for line in one.lines)
        for one in diff.resources
    )
    return lines and by_resource == by_cause == diff.delta


def test_the_same_bill_has_no_diff(tmp_path: Path) -> None:
    one = bill(tmp_path, {"a": fee("10")})
    found = diff_estimates(one, one)
    assert not found.changed
    assert (found.delta, found.ratio) == (0, 1)
    assert not any((found.resources, found.causes, found.unpriced, found.assumptions, found.feasibility))


def test_added_removed_and_changed(tmp_path: Path) -> None:
    old = bill(tmp_path, {"kept": fee("5"), "gone": fee("10"), "grown": fee("100")})
    new = bill(tmp_path, {"kept": fee("5"), "new": fee("30"), "grown": fee("120")})
    found = diff_estimates(old, new)
    assert adds_up(found)
    assert [(one.name, one.old_name, one.change, one.delta) for one in found.resources] == [
        ("new", "", "added", D(30)),
        ("grown", "grown", "changed", D(20)),
        ("gone", "gone", "removed", D(-10)),
    ]
    assert [(one.what, one.delta) for one in found.causes] == [("quantity", D(20)), ("price", D(20))]
    assert (found.delta, found.ratio) == (D(40), quarter(155, 115))


def quarter(new: int, old: int) -> Decimal:
    return (D(new) / D(old)).quantize(D("1e-12"))


def test_a_rename_is_a_move(tmp_path: Path) -> None:
    disk = DISK.format(size=100)
    old = bill(tmp_path, {"a": disk, "b": fee("1")})
    new = bill(tmp_path, {"c": disk, "b": fee("1")})
    found = diff_estimates(old, new)
    assert [(one.name, one.old_name, one.change, one.delta) for one in found.resources] == [
        ("c", "a", "moved", D(0))
    ]
    assert found.changed
    assert not found.causes


def test_a_rename_with_another_size_is_a_delete_and_an_add(tmp_path: Path) -> None:
    old = bill(tmp_path, {"a": DISK.format(size=100)})
    new = bill(tmp_path, {"c": DISK.format(size=200)})
    assert {(one.name, one.change) for one in diff_estimates(old, new).resources} == {
        ("a", "removed"),
        ("c", "added"),
    }


def test_another_sku_in_the_place_of_one_is_a_change_of_price(tmp_path: Path) -> None:
    old = bill(tmp_path, {"a": DISK.format(size=100)})
    new = bill(tmp_path, {"a": DISK.format(size=100)}, "resources.a.disk.type=network-ssd")
    [only] = diff_estimates(old, new).resources
    [line] = only.lines
    assert (line.change, line.old_sku) == ("changed", old.resources[0].line_items[0].sku)
    assert line.old_quantity == line.new_quantity
    assert [one.what for one in only.causes] == ["sku"]


def test_hours_of_the_month_are_a_rule(tmp_path: Path) -> None:
    old = bill(tmp_path, {"a": DISK.format(size=100)})
    new = bill(tmp_path, {"a": DISK.format(size=100)}, "hours_per_month=744")
    found = diff_estimates(old, new)
    assert [(one.what, one.rule) for one in found.causes] == [("rule", "month-hours")]
    assert adds_up(found)


def test_a_discount_of_an_account_is_a_cause(tmp_path: Path) -> None:
    """A disk of 100 GB costs so much; 10% less, then 20% less."""
    bill(tmp_path, {"a": DISK.format(size=100)})
    bills = []
    for share in ("10%", "20%"):
        path = tmp_path / "account.yaml"
        path.write_text(f"account: all\ndesigns: {{shop: shop.yaml}}\ndiscount: {share}\n", encoding="utf-8")
        [one] = loaded_designs([str(path)], Layers(), Changes())
        bills.append(price_design(one))
    found = diff_estimates(*bills)
    assert adds_up(found)
    whole = bills[0].total.monthly_cost / D("0.9")
    assert [(one.what, one.delta) for one in found.causes] == [("discount", -whole / 10)]


def test_requests_change_the_cost_of_a_million(tmp_path: Path) -> None:
    old, new = (bill(tmp_path, {"a": fee("10")}, requests=count) for count in ("1M", "2M"))
    found = diff_estimates(old, new)
    assert found.changed
    assert not found.resources
    assert found.cost_per_million_delta == D(-5)


def test_a_part_that_loses_its_price_is_said(tmp_path: Path) -> None:
    path = {"a": "{kind: fixed-cost, role: other, amounts: {RUB: 7, USD: 1}, source: offer}"}
    old = bill(tmp_path, path)
    new = bill(tmp_path, {"a": "{kind: fixed-cost, role: other, amounts: {USD: 1}, source: offer}"})
    found = diff_estimates(old, new)
    assert [(one.resource, one.sku, one.change) for one in found.unpriced] == [("a", "fixed-cost", "added")]
    assert [(one.what, one.delta) for one in found.causes] == [("price", D(-7))]


def test_an_slo_that_is_no_longer_kept_is_said() -> None:
    path = "stage1"
    old = price_scenario(load_scenario(path, Catalog.shipped))
    new = price_scenario(load_scenario(path, Catalog.shipped, sets=["workload.slo=p99 <= 100 ms"]))
    found = diff_estimates(old, new)
    assert (found.old.verdict, found.new.verdict) == ("kept", "broken")
    assert [(one.what, one.change) for one in found.feasibility] == [("slo", "broken")]
    back = diff_estimates(new, old)
    assert [(one.what, one.change) for one in back.feasibility] == [("slo", "mended")]


def test_another_rule_between_currencies_is_the_currency_s_doing(tmp_path: Path) -> None:
    """The same version of a price, converted by another rule: 10 a unit becomes 12."""
    old = with_line(bill(tmp_path, {"a": fee("20")}), "10", rule="RUB price / 120")
    new = with_line(bill(tmp_path, {"a": fee("20")}), "12", rule="RUB price / 100")
    found = diff_estimates(old, new)
    assert [(one.what, one.delta) for one in found.causes] == [("currency", D(4))]
    later = with_line(bill(tmp_path, {"a": fee("20")}), "12", rule="x", effective_from=date(2026, 5, 1))
    assert [one.what for one in diff_estimates(old, later).causes] == ["price"]


def test_a_free_tier_that_is_used_up_is_the_tier_s_doing(tmp_path: Path) -> None:
    old = with_line(bill(tmp_path, {"a": fee("20")}), "0")
    new = replace(with_line(bill(tmp_path, {"a": fee("20")}), "3"), free_tier=False)
    assert [(one.what, one.delta) for one in diff_estimates(old, new).causes] == [("tier", D(6))]


def with_line(of: Estimate, price: str, **fields: Any) -> Estimate:
    """Return a bill of two units of one SKU at a price."""
    [resource] = of.resources
    cost = 2 * D(price)
    line = replace(
        resource.line_items[0], sku="sku", service="service", quantity=D(2), unit="GB",
        slices=(Slice(D(0), D(2), D(price), cost),), monthly_cost=cost,
        **{"effective_from": date(2026, 1, 1)} | fields,
    )  # fmt: skip
    total = replace(of.total, monthly_cost=cost)
    return replace(of, resources=(replace(resource, line_items=(line,), monthly_cost=cost),), total=total)


def test_currencies_do_not_compare(tmp_path: Path) -> None:
    old = bill(tmp_path, {"a": fee("10")})
    new = bill(tmp_path, {"a": fee("10")}, "currency=USD")
    with pytest.raises(InputError, match="different currencies: RUB and USD"):
        diff_estimates(old, new)

"""Budgets and limits against a bill."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from costplan.analysis.bill.check import check
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario

D = Decimal


WORKS = ["sizes billed", "enough capacity", "SLO kept", "provider's limits kept"]
"""The rules that ask whether the bill has all, and whether the design works."""


def bill(folder: Path, fee: str = "RUB: 1500", budget: str = "") -> Estimate:
    path = folder / "check.yaml"
    path.write_text(
        f"scenario: check\ntitle: Check\nworkload: {{monthly_requests: 1}}\n{budget}resources:\n"
        f"  fee: {{kind: fixed-cost, role: other, amounts: {{{fee}}}, source: offer}}\n",
        encoding="utf-8",
    )
    return price_scenario(load_scenario(str(path), Catalog.shipped))


@pytest.mark.parametrize(("limit", "passed"), [("1500", True), ("1499.999999999999", False), ("2000", True)])
def test_a_cost_that_equals_its_limit_holds(tmp_path: Path, limit: str, passed: bool) -> None:
    checks = check(bill(tmp_path), limit=D(limit))
    assert checks.passed is passed
    assert [one.rule for one in checks.checks] == ["monthly cost", "prices known", *WORKS]


def test_without_a_budget_a_requirement_or_a_price_to_find_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is nothing to check"):
        check(bill(tmp_path))


def test_without_a_budget_the_requirements_are_checked() -> None:
    checks = check(price_scenario(load_scenario("stage1", Catalog.shipped, sets=["budget=~"])))
    assert checks.passed
    [budget, known, *works] = checks.checks
    assert (budget.rule, budget.is_warning) == ("budget", True)
    assert budget.detail == "none is stated: whatever the bill comes to passes"
    assert [known.rule, *(one.rule for one in works)] == ["prices known", *WORKS]


def test_without_a_budget_an_slo_that_is_not_kept_fails() -> None:
    # A request that takes 3 s is answered later than the 2 s that stage 1 states for 95 of 100.
    slow = ["budget=~", "workload.request_duration=3 s"]
    checks = check(price_scenario(load_scenario("stage1", Catalog.shipped, sets=slow)))
    assert [one.rule for one in checks.checks if not one.passed] == ["SLO kept"]


def test_parts_need_a_budget() -> None:
    without = price_scenario(load_scenario("stage1", Catalog.shipped, sets=["budget=~"]))
    with pytest.raises(InputError, match="there are no parts to check"):
        check(without, parts=True)


BUDGET = "budget: {currency: RUB, total: 2000, parts: [{name: Fee, amount: 1000, resources: [fee]}]}\n"


def test_a_part_may_fail_while_the_total_holds(tmp_path: Path) -> None:
    estimate = bill(tmp_path, budget=BUDGET)
    assert check(estimate).passed
    parts = check(estimate, parts=True)
    assert not parts.passed
    assert [(one.rule, one.passed) for one in parts.checks] == [
        ("budget total", True),
        ("budget: Fee", False),
        ("prices known", True),
        *((rule, True) for rule in WORKS),
    ]
    assert parts.checks[1].detail == "1,500.00 of 1,000.00 RUB; over by 500.00"


def test_a_missing_price_fails_unless_it_is_allowed(tmp_path: Path) -> None:
    estimate = bill(tmp_path, fee="USD: 10", budget=BUDGET)
    assert not check(estimate).passed
    assert check(estimate, allow_unpriced=True).passed
    [total, known, *_] = check(estimate).checks
    assert total.detail == "0.00 of 2,000.00 RUB; at least: 1 without a price"
    assert known.detail == "1 without a price: fixed-cost"


def test_a_price_that_only_the_budget_lacks_fails_and_is_named(tmp_path: Path) -> None:
    """1,500 roubles against a budget in dollars, in which the fee has no price."""
    budget = "budget: {currency: USD, total: 2000, parts: [{name: Fee, amount: 1000, resources: [fee]}]}\n"
    estimate = bill(tmp_path, budget=budget)
    assert estimate.unpriced == ()
    [total, known, *_] = check(estimate).checks
    assert total.detail == "0.00 of 2,000.00 USD; at least: 1 without a price"
    assert (known.passed, known.detail) == (False, "1 without a price in USD: fee (fixed-cost)")
    assert not check(estimate).passed
    assert check(estimate, allow_unpriced=True).passed


def test_prices_of_two_currencies_are_told_apart(tmp_path: Path) -> None:
    budget = "budget: {currency: USD, total: 2000}\n"
    [_, known, *_] = check(bill(tmp_path, fee="KZT: 10", budget=budget)).checks
    assert known.detail == "1 without a price: fixed-cost; 1 without a price in USD: fee (fixed-cost)"


def test_an_slo_is_not_called_kept_where_capacity_is_not_enough() -> None:
    """At 200M requests the one machine of the API is overloaded: how long its queue grows, nobody knows."""
    lean = load_scenario("stage2:lean", Catalog.shipped).at_load(Quantity(200_000_000))
    rules = {one.rule: one for one in check(price_scenario(lean)).checks}
    assert not rules["enough capacity"].passed
    assert rules["SLO kept"].is_warning
    assert rules["SLO kept"].detail == "not known, as there is not enough capacity"

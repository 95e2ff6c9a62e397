"""Rules about money, each kept, broken and unknown; figures are worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from policies import TODAY, fees, only_result, policy_of, subjects, write

from costplan.analysis.policy.documents import PolicyResult
from costplan.analysis.policy.subject import Subject

D = Decimal


def design(folder: Path, name: str = "shop", more: str = "", requests: str = "1M", **amounts: str) -> Subject:
    [found] = subjects(write(folder / f"{name}.yaml", fees(name, more, requests, **amounts)))
    return found


def asked(folder: Path, rule: str, subject: Subject, today: date = TODAY) -> PolicyResult:
    return only_result(policy_of(folder, f"  - {{name: one, {rule}}}\n"), subject, today)


def test_a_cost_up_to_its_limit_is_kept_and_one_above_it_is_broken(tmp_path: Path) -> None:
    shop = design(tmp_path, a="900 RUB", b="600 RUB")  # 1,500 in all
    kept = asked(tmp_path, "max_cost: 1500 RUB", shop)
    assert (kept.status, kept.fails, kept.limit, kept.value, kept.unit, kept.currency) == (
        "passed", False, D(1500), D(1500), "money", "RUB",
    )  # fmt: skip
    broken = asked(tmp_path, "max_cost: 1499.99 RUB", shop)
    assert (broken.status, broken.fails) == ("broken", True)
    assert broken.reason == "1,500.00 of at most 1,499.99 RUB; over by 0.01"


def test_a_cost_of_a_role_or_of_resources_is_that_of_their_sum(tmp_path: Path) -> None:
    shop = design(tmp_path, a="database 900 RUB", b="database 600 RUB", web="compute 5000 RUB")
    assert asked(tmp_path, "max_cost: 1500 RUB, roles: [database]", shop).value == D(1500)
    assert asked(tmp_path, "max_cost: 1 RUB, resources: [w*]", shop).value == D(5000)
    assert asked(tmp_path, "max_cost: 1 RUB, roles: [database], resources: [b, web]", shop).value == D(600)
    none = asked(tmp_path, "max_cost: 1 RUB, roles: [logs]", shop)
    assert (none.status, none.value) == ("passed", D(0))


def test_a_broken_cost_says_where_its_resources_stand(tmp_path: Path) -> None:
    shop = design(tmp_path, a="database 900 RUB", web="compute 5000 RUB")
    whole = asked(tmp_path, "max_cost: 1 RUB", shop)
    assert [(place.resource, place.line) for place in whole.places] == [("", 1)]
    part = asked(tmp_path, "max_cost: 1 RUB, roles: [compute]", shop)
    assert [(place.resource, place.line) for place in part.places] == [("web", 6)]
    assert (part.file, part.line) == (part.places[0].file, 6)
    assert part.policy_line == 3


def test_a_lower_bound_breaks_a_limit_and_does_not_keep_one(tmp_path: Path) -> None:
    shop = design(tmp_path, a="900 RUB", b="6 USD")  # the second has no price in roubles
    open_ = asked(tmp_path, "max_cost: 900 RUB", shop)
    assert (open_.status, open_.fails) == ("unknown", True)
    assert open_.reason == "900.00 of at most 900.00 RUB; at least: 1 without a price"
    told = asked(tmp_path, "max_cost: 900 RUB, when_unknown: warn", shop)
    assert (told.status, told.fails) == ("unknown", False)
    warned = asked(tmp_path, "max_cost: 900 RUB, level: warn", shop)
    assert (warned.status, warned.fails) == ("unknown", False)
    assert asked(tmp_path, "max_cost: 899 RUB", shop).status == "broken"
    # What has no price is of another role: the limit of this one can be said.
    roles = design(tmp_path, "other", a="database 900 RUB", b="logs 6 USD")
    assert asked(tmp_path, "max_cost: 900 RUB, roles: [database]", roles).status == "passed"


def test_an_amount_in_another_currency_is_that_of_its_own_price_list(tmp_path: Path) -> None:
    both = "a: {kind: fixed-cost, role: other, amounts: {RUB: 900, USD: 11}, source: offer}"
    path = write(
        tmp_path / "both.yaml",
        f"scenario: both\ntitle: Both\nworkload: {{monthly_requests: 1}}\nresources:\n  {both}\n",
    )
    [shop] = subjects(path)
    broken = asked(tmp_path, "max_cost: 10 USD", shop)
    assert (broken.status, broken.value, broken.currency) == ("broken", D(11), "USD")
    unknown = asked(tmp_path, "max_cost: 10 EUR", shop)
    assert (unknown.status, unknown.fails) == ("unknown", True)
    assert unknown.reason == "there are no prices in EUR, and no exchange rate"


def test_the_cost_per_million_is_the_cost_over_the_requests(tmp_path: Path) -> None:
    shop = design(tmp_path, requests="2M", a="900 RUB")  # 900 / 2 = 450
    assert asked(tmp_path, "max_cost_per_million: 450 RUB", shop).status == "passed"
    broken = asked(tmp_path, "max_cost_per_million: 449 RUB", shop)
    assert (broken.status, broken.value) == ("broken", D(450))
    idle = asked(tmp_path, "max_cost_per_million: 449 RUB", design(tmp_path, "idle", requests="0", a="9 RUB"))
    assert idle.status == "unknown"


def changed(folder: Path, before: dict[str, str], now: dict[str, str]) -> Subject:
    base = write(folder / "before.yaml", fees("shop", **before))
    [found] = subjects(write(folder / "now.yaml", fees("shop", **now)), bases=(base,))
    return found


@pytest.mark.parametrize(
    ("now", "limit", "status", "value"),
    [
        ("1100 RUB", "10%", "passed", "0.1"),
        ("1100.01 RUB", "10%", "broken", "0.10001"),
        ("3500 RUB", "250%", "passed", "2.5"),
        ("800 RUB", "0%", "passed", "-0.2"),
        ("1100 RUB", "100 RUB", "passed", "100"),
        ("1100.5 RUB", "100 RUB", "broken", "100.5"),
        ("800 RUB", "0 RUB", "passed", "-200"),
    ],
)
def test_an_increase_is_held_against_a_share_or_an_amount(
    tmp_path: Path, now: str, limit: str, status: str, value: str
) -> None:
    shop = changed(tmp_path, {"a": "1000 RUB"}, {"a": now})
    found = asked(tmp_path, f"max_increase: {limit}", shop)
    assert (found.status, found.value) == (status, D(value))


def test_an_increase_says_both_costs(tmp_path: Path) -> None:
    shop = changed(tmp_path, {"a": "1000 RUB"}, {"a": "1250 RUB"})
    assert asked(tmp_path, "max_increase: 10%", shop).reason == (
        "from 1,000.00 to 1,250.00 RUB, 250.00 more; that is 25%, of at most 10% more"
    )
    assert asked(tmp_path, "max_increase: 100 RUB", shop).reason == (
        "from 1,000.00 to 1,250.00 RUB, 250.00 more; at most 100.00 RUB more"
    )


def test_an_increase_from_nothing_is_above_any_share(tmp_path: Path) -> None:
    shop = changed(tmp_path, {"a": "0 RUB"}, {"a": "1 RUB"})
    found = asked(tmp_path, "max_increase: 900%", shop)
    assert (found.status, found.value) == ("broken", None)


def test_an_increase_of_a_role_is_that_of_its_resources(tmp_path: Path) -> None:
    shop = changed(
        tmp_path,
        {"db": "database 1000 RUB", "web": "compute 10 RUB"},
        {"db": "database 1000 RUB", "web": "compute 99 RUB"},
    )
    assert asked(tmp_path, "max_increase: 0%, roles: [database]", shop).status == "passed"
    assert asked(tmp_path, "max_increase: 0%, roles: [compute]", shop).value == D("8.9")  # 89 / 10


def test_without_a_design_before_an_increase_cannot_be_said(tmp_path: Path) -> None:
    found = asked(tmp_path, "max_increase: 10%", design(tmp_path, a="9 RUB"))
    assert (found.status, found.fails) == ("unknown", True)
    assert found.reason == "nothing says what it cost before: name that with --base or --from"


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        # 100 more at least: what has no price now may only add to it.
        ({"a": "1000 RUB"}, {"a": "1100 RUB", "b": "1 USD"}, "broken"),
        ({"a": "1000 RUB"}, {"a": "1000 RUB", "b": "1 USD"}, "unknown"),
        # 100 more at most: what had no price before may only take from it.
        ({"a": "1000 RUB", "b": "1 USD"}, {"a": "1100 RUB"}, "unknown"),
        ({"a": "1000 RUB", "b": "1 USD"}, {"a": "1000 RUB"}, "passed"),
        ({"a": "1000 RUB", "b": "1 USD"}, {"a": "1100 RUB", "b": "1 USD"}, "unknown"),
    ],
)
def test_missing_prices_leave_an_increase_open_where_they_could_change_it(
    tmp_path: Path, before: dict[str, str], now: dict[str, str], status: str
) -> None:
    shop = changed(tmp_path, before, now)
    assert asked(tmp_path, "max_increase: 99 RUB", shop).status == status
    assert asked(tmp_path, "max_increase: 9.9%", shop).status == status


def test_the_assumed_share_is_that_of_the_cost(tmp_path: Path) -> None:
    """300 roubles are stated, and 100 are assumed: a quarter."""
    more = (
        "  a: {kind: fixed-cost, role: other, amounts: {RUB: {value: 100, assumed: a guess}}, source: offer}"
    )
    store = design(tmp_path, more=more, fee="300 RUB")
    assert asked(tmp_path, "max_assumed: 25%", store).status == "passed"
    broken = asked(tmp_path, "max_assumed: 24%", store)
    assert (broken.status, broken.value, broken.unit) == ("broken", D("0.25"), "share")
    assert [place.resource for place in broken.places] == ["a"]
    assert asked(tmp_path, "max_assumed: 0%, resources: [fee]", store).status == "passed"


def test_an_assumed_quantity_is_as_unsure_as_an_assumed_price(tmp_path: Path) -> None:
    """Of 400 versions of keys, at one price each, 100 are assumed: a quarter, whatever the price is."""
    keys = "{{kind: metered, role: other, service: kms, uses: [{{sku: kms.key_versions, quantity: {}}}]}}"
    more = f"  a: {keys.format('300')}\n  b: {keys.format('{value: 100, assumed: a guess}')}"
    store = design(tmp_path, more=more)
    broken = asked(tmp_path, "max_assumed: 24.99%", store)
    assert (broken.status, broken.value) == ("broken", D("0.25"))
    assert asked(tmp_path, "max_assumed: 25%", store).status == "passed"


def test_what_has_no_price_leaves_the_assumed_share_open(tmp_path: Path) -> None:
    shop = design(tmp_path, a="900 RUB", b="6 USD")
    assert asked(tmp_path, "max_assumed: 50%", shop).status == "unknown"


def test_missing_prices_are_counted(tmp_path: Path) -> None:
    shop = design(tmp_path, a="900 RUB", b="6 USD", c="database 7 USD")
    assert asked(tmp_path, "max_unpriced: 2", shop).status == "passed"
    broken = asked(tmp_path, "max_unpriced: 1", shop)
    assert (broken.status, broken.value, broken.unit) == ("broken", D(2), "count")
    assert [place.resource for place in broken.places] == ["b", "c"]
    assert asked(tmp_path, "max_unpriced: 0, roles: [compute]", shop).status == "passed"
    assert asked(tmp_path, "max_unpriced: 0, roles: [database]", shop).value == D(1)


@pytest.mark.parametrize(("limit", "status"), [("31 days", "passed"), ("30 days", "broken")])
def test_prices_that_were_looked_up_too_long_ago_break_the_rule(
    tmp_path: Path, limit: str, status: str
) -> None:
    """The oldest of the function's prices is known from the catalog; 31 days later it is 31 days old."""
    path = write(
        tmp_path / "f.yaml",
        """\
        scenario: f
        title: A function
        workload: {monthly_requests: 1M, request_duration: 100 ms}
        resources:
          api: {kind: cloud-function, role: inference, memory: 128 MB}
          fee: {kind: fixed-cost, role: other, amounts: {RUB: 1}, source: offer}
        """,
    )
    [shop] = subjects(path)
    checked = [line.checked for one in shop.estimate.resources for line in one.line_items]
    oldest = min(day for day in checked if day is not None)
    later = date.fromordinal(oldest.toordinal() + 31)
    found = asked(tmp_path, f"max_price_age: {limit}", shop, later)
    assert (found.status, found.value, found.unit) == (status, D(31), "days")
    if status == "broken":
        assert [place.resource for place in found.places] == ["api"]


def test_a_limit_takes_only_the_resources_it_names_where_a_price_is_old(tmp_path: Path) -> None:
    [stage1] = subjects("stage1")
    found = asked(tmp_path, "max_price_age: 0 days, roles: [database]", stage1, date(2100, 1, 1))
    # There is no database, so no price in use: then the catalog's own day counts.
    assert found.value == D((date(2100, 1, 1) - (stage1.estimate.catalog.newest or TODAY)).days)

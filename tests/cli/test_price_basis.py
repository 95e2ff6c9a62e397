"""What prices rest on is said by every command: how new they are, services that end, stand-ins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]

SCENARIO = """
scenario: mine
title: Mine
workload: {monthly_requests: 1M, growth: 10%/month, slo: p99 <= 1 s}
budget: {currency: USD, total: 100}
resources:
  vm: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB,
       capacity: {requests_per_second: {value: 100, uncertain: {low: 90, high: 110}}}}
  images: {kind: REGISTRY, role: ci-cd, size: 10 GB}
PRICES
"""
STAND_IN = "prices: {cloud-registry.storage: {value: 0.01, currency: RUB, reason: a guess}}"
PRICING = (
    "estimate mine.yaml", "estimate mine.yaml --uncertain --draws 8", "compare mine.yaml",
    "compare mine.yaml stage1 --uncertain --draws 8", "explain mine.yaml", "check mine.yaml",
    "check mine.yaml --probability 10% --draws 8", "curve mine.yaml", "plan mine.yaml", "timeline mine.yaml",
    "sensitivity mine.yaml", "report mine.yaml --md -o -",
)  # fmt: skip


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "1000")

    def write(registry: str = "cloud-registry", prices: str = "") -> None:
        text = SCENARIO.replace("REGISTRY", registry).replace("PRICES", prices)
        (tmp_path / "mine.yaml").write_text(text)

    return write


def said(capsys: Capsys, line: str, *more: str) -> str:
    ended = costplan(capsys, *line.split(), *more)
    assert ended.code in {0, 1}, ended.err
    return " ".join((ended.out + ended.err).split())


def bill(capsys: Capsys, *more: str) -> Any:
    ended = costplan(capsys, "estimate", "mine.yaml", "-f", "json", *more)
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


# How new


@pytest.mark.parametrize("line", [*PRICING, "catalog list --match egress"])
def test_a_day_after_the_newest_prices_is_said(capsys: Capsys, mine: Any, line: str) -> None:
    mine()
    late = said(capsys, line, "--as-of", "2030-01-01")
    assert "newest known are of 2026-10-06" in late
    assert "newest known" not in said(capsys, line, "--as-of", "2026-10-06")


def test_a_layer_of_later_prices_is_newer(capsys: Capsys, mine: Any, tmp_path: Path) -> None:
    mine()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kms.yaml").write_text(
        "service: kms\ntitle: KMS\nskus:\n  - code: kms.key_versions\n    name: Keys\n"
        "    pricing_unit: version*hour\n    prices:\n      - {effective_from: 2027-02-01, source: offer, "
        "checked: 2027-01-15, confidence: list, rates: {RUB: 1}}\n"
    )
    found = bill(capsys, "--overlay", "own", "--as-of", "2027-01-20")["catalog"]
    assert found["newest"] == "2027-02-01"
    assert "newest known" not in said(capsys, "estimate mine.yaml --overlay own --as-of 2027-02-01")


@pytest.mark.parametrize("line", ["timeline mine.yaml", "estimate mine.yaml", "report mine.yaml -o r.html"])
def test_a_day_that_no_calendar_of_plans_has_is_refused(
    capsys: Capsys, mine: Any, tmp_path: Path, line: str
) -> None:
    mine()
    ended = costplan(capsys, *line.split(), "--as-of", "9999-12-31")
    assert (ended.code, "at most in 2100" in ended.err) == (2, True)
    text = (tmp_path / "mine.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(text + "as_of: 9999-12-31\n")
    ended = costplan(capsys, *line.split())
    assert (ended.code, "as_of: must be at most in 2100" in ended.err) == (2, True)


def test_lines_without_any_price_are_rows_of_an_explanation(capsys: Capsys, mine: Any) -> None:
    mine()
    ended = costplan(capsys, "explain", "mine.yaml", "-f", "csv", "--as-of", "2010-01-01")
    assert ended.code == 0, ended.err
    heading, *rows = ended.out.splitlines()
    assert heading == "resource,sku,provenance,reason"
    assert [row.split(",")[:3] for row in rows] == [
        ["vm", "compute.vm.cpu.c100.v3", "unpriced"],
        ["vm", "compute.vm.ram.v3", "unpriced"],
        ["images", "cloud-registry.storage", "unpriced"],
    ]


# Services that end


@pytest.mark.parametrize("line", PRICING)
def test_a_service_that_ends_is_said(capsys: Capsys, mine: Any, line: str) -> None:
    mine("container-registry")
    found = said(capsys, line)
    assert "Container Registry ends on 2026-12-14" in found
    assert "cloud-registry" in found
    assert "Container Registry is off since 2026-12-14" in said(capsys, line, "--as-of", "2026-12-14")
    mine()
    assert "Container Registry ends" not in said(capsys, line)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-10-12", "ending"), ("2026-10-13", "closed-to-new"), ("2026-11-09", "closed-to-new"),
        ("2026-11-10", "read-only"), ("2026-12-13", "read-only"), ("2026-12-14", "ended"),
    ],
)  # fmt: skip
def test_the_bill_says_how_far_the_end_has_come(capsys: Capsys, mine: Any, day: str, state: str) -> None:
    mine("container-registry")
    [ending] = bill(capsys, "--as-of", day)["catalog"]["ending"]
    assert (ending["state"], ending["ends"], ending["successor"]) == (state, "2026-12-14", "cloud-registry")
    assert ending["used_by"] == [{"scenario": "mine", "resource": "images"}]


def test_check_refuses_a_service_that_ends_unless_it_is_allowed(capsys: Capsys, mine: Any) -> None:
    mine("container-registry")
    ended = costplan(capsys, "check", "mine.yaml")
    assert ended.code == 1
    assert "FAILS services last images: Container Registry ends on 2026-12-14" in " ".join(ended.out.split())
    allowed = costplan(capsys, "check", "mine.yaml", "--allow-ending")
    assert allowed.code == 0
    assert "Container Registry ends on 2026-12-14" in allowed.out


def test_a_plan_says_which_of_its_months_rely_on_a_service_that_is_off(capsys: Capsys, mine: Any) -> None:
    """From 2026-11 on for four months: December ends after the 14th, so three of them."""
    mine("container-registry")
    line = "timeline mine.yaml --start 2026-11 --months 4"
    assert "Container Registry is off in 3 months of the plan that rely on it: 2026-12 to 2027-02" in said(
        capsys, line
    )
    ended = costplan(capsys, *line.split(), "-f", "json")
    months = json.loads(ended.out)["months"]
    assert [month["ended"] for month in months] == [[], *[["container-registry"]] * 3]
    assert "is off in" not in said(capsys, "timeline mine.yaml --start 2026-10 --months 2")


# Stand-ins


def test_without_a_stand_in_a_missing_price_is_never_0(capsys: Capsys, mine: Any) -> None:
    mine()
    found = bill(capsys)
    assert [part["sku"] for part in found["unpriced"]] == ["cloud-registry.storage"]
    assert costplan(capsys, "check", "mine.yaml").code == 1


def test_a_stand_in_is_used_and_said_where_it_counts(capsys: Capsys, mine: Any) -> None:
    """10 GB x 720 h x 0.01 = 72 RUB; in USD 0.01 x 0.00819672 = 0.0000819672, x 7,200 = 0.59016384."""
    mine(prices=STAND_IN)
    found = bill(capsys)
    [line] = found["resources"][1]["line_items"]
    assert (line["monthly_cost"], line["provenance"], line["source"]) == ("72", "assumed", "a guess")
    assert (line["effective_from"], found["unpriced"]) == (None, [])
    assert found["budget"]["total"]["assumed_cost"] == "0.59016384"
    [price] = found["catalog"]["assumed_prices"]
    assert (price["state"], price["unit"], price["monthly_cost"]) == ("used", "GB*hour", "72")
    shown = said(capsys, "estimate mine.yaml")
    assert "Total [s]" in shown
    assert "within [s]" in shown
    assert "cloud-registry.storage at 0.01 RUB per GB*hour (images): a guess; 72.00 RUB of the total" in shown
    checked = said(capsys, "check mine.yaml --max 5000")
    assert "of 100.00 USD; 0.59 of it at assumed prices" in checked
    assert "72.00 of it at assumed prices" in checked
    assert "every price is known but cloud-registry.storage, assumed" in checked


@pytest.mark.parametrize("line", PRICING)
def test_every_command_names_the_stand_in(capsys: Capsys, mine: Any, line: str) -> None:
    mine(prices=STAND_IN)
    shown = said(capsys, line)
    assert "cloud-registry.storage" in shown
    assert "a guess" in shown
    assert "curve" not in line or "of the total rest on it" not in shown


def test_in_a_currency_that_does_not_follow_the_line_stays_unpriced(capsys: Capsys, mine: Any) -> None:
    mine(prices=STAND_IN.replace("RUB", "USD"))
    [part] = bill(capsys)["unpriced"]
    assert "the stand-in is in USD, from which no RUB price follows" in part["reason"]
    usd = bill(capsys, "--currency", "USD")
    assert usd["unpriced"] == []
    assert usd["resources"][1]["monthly_cost"] == "72"


def test_a_price_that_the_catalog_has_is_taken_and_the_stand_in_named(capsys: Capsys, mine: Any) -> None:
    price = "{value: 9, currency: RUB, reason: mine}"
    mine("container-registry", f"prices: {{cr.bucket.used_space.standard: {price}}}")
    assert "stand-in not used: cr.bucket.used_space.standard at 9 RUB: the catalog has a price" in said(
        capsys, "estimate mine.yaml"
    )
    [line] = bill(capsys)["resources"][1]["line_items"]
    assert (line["provenance"], line["monthly_cost"]) == ("third-party", "32.94")  # 7,200 x 0.004575
    before = bill(capsys, "--as-of", "2026-01-01")["resources"][1]["line_items"]
    assert [one["provenance"] for one in before] == ["assumed"]


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        (STAND_IN.replace("storage", "storag"), "did you mean `cloud-registry.storage`?"),
        (STAND_IN.replace("0.01", "0"), "must be above 0"),
        (STAND_IN.replace("0.01", "-1"), 'prices["cloud-registry.storage"].value'),
        (STAND_IN.replace(", reason: a guess", ""), "missing `reason`"),
        (STAND_IN.replace("currency: RUB, ", ""), "missing `currency`"),
        (STAND_IN.replace("a guess", "a guess, unit: core*hour"), "is priced per core*hour"),
        (STAND_IN.replace("a guess", "a guess, unit: moons"), 'prices["cloud-registry.storage"].unit'),
        (STAND_IN.replace("cloud-registry.storage", "alb.resource_unit"), "no resource uses a SKU"),
    ],
)
def test_a_stand_in_that_cannot_be_used_is_refused(
    capsys: Capsys, mine: Any, prices: str, message: str
) -> None:
    mine(prices=prices)
    ended = costplan(capsys, "estimate", "mine.yaml")
    assert ended.code == 2
    assert message in ended.err


def test_a_variant_without_the_resource_says_that_its_stand_in_is_not_used(capsys: Capsys, mine: Any) -> None:
    mine(prices=STAND_IN + "\nvariants: {bare: {title: Bare, set: {resources.images: ~}}}")
    shown = said(capsys, "estimate mine.yaml:bare")
    assert "stand-in not used: cloud-registry.storage at 0.01 RUB: no resource uses it" in shown
    assert "[s]" not in shown


@pytest.mark.parametrize(("stage", "gigabytes"), [("stage1", 1), ("stage2", 10), ("stage3", 50)])
def test_the_stages_rest_on_the_predecessors_price(capsys: Capsys, stage: str, gigabytes: int) -> None:
    ended = costplan(capsys, "estimate", stage, "-f", "json")
    found = json.loads(ended.out)
    assert found["unpriced"] == []
    assert found["catalog"]["ending"] == []
    [price] = found["catalog"]["assumed_prices"]
    assert price["monthly_cost"] == str(gigabytes * 720 * 4575 / 10**6).rstrip("0").rstrip(".")

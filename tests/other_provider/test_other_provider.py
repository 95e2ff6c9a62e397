"""Another provider, with its own currency and VAT, is data: three services in YAML and a scenario, no Python.

A month of 720 hours of `shop.yaml`, in EUR with 19 % VAT inside:

    machine  2 cores x 720 h x 0.0119 = 17.136       preemptible: x 0.00595 = 8.568
             4 GB x 720 h x 0.00119   =  3.4272
             20 GB x 0.0714           =  1.428
             720 h of an address x 0.00595 = 4.284   together 26.2752, preemptible 17.7072
    objects  100 GB x 0.0238 = 2.38, (60 + 40) thousand calls x 0.00595 = 0.595: 2.975
    traffic  600 GB, 100 of them free: 500 x 0.0119 = 5.95
    all      35.2002, without VAT 35.2002 / 1.19 = 29.58; preemptible 26.6322, without VAT 22.38
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import Ended, costplan

from costplan.analysis.serving.candidates import candidates_of
from costplan.catalog.store import Catalog

FOLDER = Path(__file__).parent
SHOP = str(FOLDER / "shop.yaml")
WHOLE, SPOT = Decimal("35.2002"), Decimal("26.6322")


class Shop:
    """Runs commands over the prices of the other provider."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: str) -> Ended:
        return costplan(self._capsys, *arguments, "--catalog", str(FOLDER / "prices"))

    def document(self, *arguments: str) -> Any:
        ended = self.run(*arguments, "--format", "json")
        assert ended.code == 0, ended.err
        return json.loads(ended.out)


@pytest.fixture
def shop(capsys: pytest.CaptureFixture[str]) -> Shop:
    return Shop(capsys)


def test_a_bill_is_in_its_currency_with_its_vat(shop: Shop) -> None:
    bill = shop.document("estimate", SHOP)
    lines = {
        (resource["name"], line["sku"], Decimal(line["quantity"])): Decimal(line["monthly_cost"])
        for resource in bill["resources"]
        for line in resource["line_items"]
    }
    assert lines == {
        ("api", "acme.cpu", Decimal(1440)): Decimal("17.136"),
        ("api", "acme.ram", Decimal(2880)): Decimal("3.4272"),
        ("api", "acme.ssd", Decimal(20)): Decimal("1.428"),
        ("api", "acme.address", Decimal(720)): Decimal("4.284"),
        ("pictures", "acme.objects", Decimal(100)): Decimal("2.38"),
        ("pictures", "acme.calls", Decimal(60)): Decimal("0.357"),
        ("pictures", "acme.calls", Decimal(40)): Decimal("0.238"),
        ("network", "acme.out", Decimal(600)): Decimal("5.95"),
    }
    total = {key: Decimal(bill["total"][key]) for key in ("net", "vat", "gross", "vat_rate")}
    expected = {"net": "29.58", "vat": "5.6202", "gross": "35.2002", "vat_rate": "0.19"}
    assert total == {key: Decimal(value) for key, value in expected.items()}
    assert (bill["currency"], bill["vat"], bill["catalog"]["region"]) == ("EUR", "included", "nowhere-1")


def test_variants_are_compared(shop: Shop) -> None:
    found = shop.document("compare", SHOP, f"{SHOP}:spot")
    assert [Decimal(one["total"]["gross"]) for one in found["scenarios"]] == [WHOLE, SPOT]


def test_rules_are_checked_against_a_budget_in_its_currency(shop: Shop) -> None:
    assert shop.run("check", SHOP).code == 0
    assert shop.run("check", SHOP, "--max", "35.21 EUR").code == 0
    assert shop.run("check", SHOP, "--max", "35.20 EUR").code == 1


def test_a_curve_knows_how_many_machines_a_load_takes(shop: Shop) -> None:
    """One machine serves 10 requests a second; 50,000,000 a month are 19.3 a second: two of them."""
    one = WHOLE - Decimal("26.2752")
    bill = shop.document("estimate", SHOP, "--requests", "50M")
    assert Decimal(bill["total"]["gross"]) == one + 2 * Decimal("26.2752")
    curve = shop.document("curve", SHOP, f"{SHOP}:spot", "--from", "1M", "--to", "50M")
    assert curve["currency"] == "EUR"


def test_months_ahead_are_paid_by_their_hours(shop: Shop) -> None:
    """A year has 8,760 hours: machine and stored objects cost by the hour, calls and traffic by the month."""
    by_hour = (Decimal("26.2752") + Decimal("2.38")) / 720 * 8760
    by_month = 12 * (Decimal("0.595") + Decimal("5.95"))
    plan = shop.document("timeline", SHOP, "--months", "12", "--start", "2026-07")
    assert plan["currency"] == "EUR"
    assert abs(Decimal(plan["total_spend"]) - (by_hour + by_month)) < Decimal("0.000001")


def test_a_plan_takes_what_the_scenario_leaves_open(shop: Shop) -> None:
    found = shop.document("plan", SHOP)
    assert found["chosen"] == "shop, api.preemptible=true"
    assert Decimal(found["considered"][0]["monthly_cost"]) == SPOT
    kept = shop.document("plan", SHOP, "--no-preemptible")
    assert Decimal(kept["considered"][0]["monthly_cost"]) == WHOLE


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_report_shows_amounts_with_the_sign_of_the_currency(shop: Shop, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"shop.{form}"
    assert shop.run("report", SHOP, f"{SHOP}:spot", f"--{form}", "-o", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert "€35.20" in text
    assert "€26.63" in text


def test_a_measurement_is_priced_on_machines_that_the_catalog_names() -> None:
    """It names one: a core of a1 with 2 GB."""
    found = candidates_of(None, None, Catalog([FOLDER / "prices"]))
    assert [one.name for one in found] == ["a1 1x2"]


def test_the_catalog_shows_and_verifies_itself(shop: Shop) -> None:
    listed = shop.document("catalog", "list", "--service", "compute")
    assert [one["code"] for one in listed["skus"]] == ["acme.cpu", "acme.cpu.spot", "acme.ram", "acme.ssd"]
    assert "0.00595" in shop.run("catalog", "show", "acme.address").out
    assert shop.document("catalog", "verify")["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "option"), [(("--currency", "RUB"), "--currency"), (("--max", "9RUB"), "--currency")]
)
def test_a_currency_of_another_provider_is_refused(
    shop: Shop, arguments: tuple[str, str], option: str
) -> None:
    ended = shop.run("check", SHOP, *arguments)
    assert (ended.code, ended.err.splitlines()[0]) == (2, f"{option}: `RUB` is not one of EUR")


def test_what_a_scenario_leaves_out_is_what_its_catalog_names(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    text = (FOLDER / "shop.yaml").read_text(encoding="utf-8")
    assert "    platform: a1\n" in text
    short = text.replace("    platform: a1\n", "").replace("type: block-ssd, ", "")
    path.write_text(short, encoding="utf-8")
    bill = shop.document("estimate", str(path))
    assert Decimal(bill["total"]["gross"]) == WHOLE
    for stated in ("default", '{value: default, assumed: "as everybody"}'):
        path.write_text(text.replace("platform: a1", f"platform: {stated}"), encoding="utf-8")
        assert Decimal(shop.document("estimate", str(path))["total"]["gross"]) == WHOLE


def test_a_catalog_that_names_no_default_asks_for_what_it_sells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices"
    shutil.copytree(FOLDER / "prices", prices)
    compute = prices / "compute.yaml"
    text = compute.read_text(encoding="utf-8")
    compute.write_text(text.replace("defaults: {platform: a1, disk-type: block-ssd}\n", ""), encoding="utf-8")
    path = tmp_path / "short.yaml"
    short = (FOLDER / "shop.yaml").read_text(encoding="utf-8").replace("    platform: a1\n", "")
    path.write_text(short.replace("type: block-ssd, ", ""), encoding="utf-8")
    ended = costplan(capsys, "estimate", str(path), "--catalog", str(prices))
    assert ended.code == 2
    assert (
        "resources.api: names no platform, and the catalog has no default one of Acme Machines" in ended.err
    )
    assert "hint: sold: a1" in ended.err
    assert "names no disk type, and the catalog has no default one of Acme Machines" in ended.err
    compute.write_text(text.replace("disk-type: block-ssd}", "disk-type: block-hdd}"), encoding="utf-8")
    ended = costplan(capsys, "catalog", "verify", "--catalog", str(prices))
    assert "`block-hdd` is not among the `disk_types` of the service" in ended.out


def test_terms_of_commitments_are_the_catalog_s(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two cores for three years at half the price: 1,440 h x (0.0119 - 0.00595) = 8.568 less a month."""
    ended = shop.run("plan", SHOP, "--commit", "y1")
    assert (ended.code, ended.err) == (2, "--commit: the catalog sells no commitments\n")
    prices = tmp_path / "prices"
    shutil.copytree(FOLDER / "prices", prices)
    for name, line in (
        ("catalog.yaml", "commitment_terms: [y3]"),
        ("compute.yaml", "commitments: [{covers: acme.cpu, terms: {y3: acme.cpu.spot}}]"),
    ):
        path = prices / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    line = ("plan", SHOP, "--no-preemptible", "--catalog", str(prices))
    found = json.loads(costplan(capsys, *line, "--commit", "y3", "--format", "json").out)
    [committing] = found["commitments"]
    assert (committing["term"], Decimal(committing["monthly_saving"])) == ("y3", Decimal("8.568"))
    assert "3 years" in costplan(capsys, *line).out
    assert "`y1` is not one of none, y3" in costplan(capsys, *line, "--commit", "y1").err
    wrong = (prices / "catalog.yaml").read_text(encoding="utf-8").replace("[y3]", "[y1]")
    (prices / "catalog.yaml").write_text(wrong, encoding="utf-8")
    ended = costplan(capsys, "catalog", "verify", "--catalog", str(prices))
    assert "the term `y3` is not among `commitment_terms` of the catalog" in ended.out


def test_what_it_does_not_sell_is_unpriced(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "more.yaml"
    more = """\
  db:
    kind: managed-postgresql
    role: database
    hosts: {preset: small, storage: {type: block-ssd, size: 10 GB}}
  archive: {kind: object-storage, role: storage, storage_class: cold, size: 1 GB}
"""
    text = (FOLDER / "shop.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("variants:", f"{more}variants:"), encoding="utf-8")
    bill = shop.document("estimate", str(path))
    assert Decimal(bill["total"]["gross"]) == WHOLE
    assert {(one["sku"], one["reason"]) for one in bill["unpriced"]} == {
        ("managed-postgresql.hosts", "catalog `acme` has no service `managed-postgresql`"),
        ("managed-postgresql.disk", "catalog `acme` has no service `managed-postgresql`"),
        ("object-storage.volume-cold", "Acme has one class of storage"),
    }

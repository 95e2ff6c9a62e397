"""A reader adds up what is shown: columns give their totals, shares 100 %, in tables and in the report."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from independent import read_catalog
from scenario_maker import Maker

from costplan.analysis.bill.compare import compare
from costplan.catalog.store import Catalog
from costplan.datafiles import data_folder
from costplan.language.translator import ENGLISH, Translator
from costplan.output.views.budget import budget_table
from costplan.output.views.compare import comparison_view
from costplan.output.views.estimate import estimate_view, resource_table
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.shown import rounding, whole_percents
from costplan.report.blocks import Row
from costplan.report.source_book import SourceBook
from costplan.report.tables.bill import line_table
from costplan.report.tables.viewed import viewed
from costplan.scenario.load import load_scenario

CATALOG = Catalog.shipped()
SEEDS = range(120)


@cache
def texts() -> dict[str, Any]:
    return read_catalog(data_folder("catalogs") / "yandex-cloud")


def priced(seed: int, folder: Path) -> Estimate:
    path = folder / "made.yaml"
    path.write_text(yaml.safe_dump(Maker(seed, texts()).scenario(), sort_keys=False), encoding="utf-8")
    return price_scenario(load_scenario(str(path), lambda _: CATALOG))


def number(text: str, language: str = "en") -> Decimal:
    """Read an amount as a person does: `1,234.50+`, `at least 1,234.50`, `1 234,50`; a blank is nothing."""
    mark = "," if language == "ru" else "."
    digits = re.sub(rf"[^\d{mark}-]", "", text).replace(mark, ".")
    return Decimal(digits) if re.search(r"\d", digits) else Decimal(0)


def written(cell: Any) -> str:
    text = cell.text
    return text if isinstance(text, str) else "".join(span.text for span in text)


def as_invoices_round(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_of_an_estimate_add_up_as_shown(seed: int, tmp_path: Path) -> None:
    estimate = priced(seed, tmp_path)
    rows = [[written(cell) for cell in row.cells] for row in estimate_view(estimate, ENGLISH).tables[0].rows]
    names = [row[0] for row in rows]
    end = names.index("Net")
    owner, resources, lines = "", {}, {}
    for row in rows[:end]:
        if row[0].startswith("  "):
            lines.setdefault(owner, []).append(number(row[3]))
        else:
            owner = row[0]
            assert owner not in resources
            resources[owner] = number(row[3])
    for name, parts in lines.items():
        assert sum(parts) == resources[name], name
    total = number(next(row[3] for row in rows if row[0].startswith("Total")))
    assert sum(resources.values()) == total
    if total >= Decimal("0.01"):
        assert total == as_invoices_round(estimate.total.gross)
    net, vat = (rows[end + step][3] for step in (0, 1))
    if estimate.total.vat_rate is not None:
        assert number(net) + number(vat) == total
    shares = [row[4] for row in rows[:end] if row[4] and row[4] != "-"]
    if estimate.total.gross:
        assert sum(int(share.rstrip("%")) for share in shares if share != "<1%") == 100


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_columns_of_a_comparison_add_up_as_shown(seed: int, tmp_path: Path) -> None:
    estimates = [priced(one, tmp_path) for one in (seed, seed + 1, seed + 2)]
    estimates = [one for one in estimates if one.currency == estimates[0].currency]
    rows = [
        [cell.text for cell in row.cells]
        for row in comparison_view(compare(estimates), ENGLISH).tables[0].rows
    ]
    end, total = [row[0] for row in rows].index("net"), [row[0] for row in rows].index("total")
    for column, estimate in enumerate(estimates, start=1):
        assert sum(number(row[column]) for row in rows[:end]) == number(rows[total][column])
        assert rows[total][column].rstrip("+") == ENGLISH.amount(estimate.total.gross)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("seed", SEEDS[::4])
def test_columns_of_a_report_s_bill_add_up_as_shown(seed: int, language: str, tmp_path: Path) -> None:
    estimate, words = priced(seed, tmp_path), Translator(language)
    stage: Any = SimpleNamespace(name="made", estimate=estimate)
    table = viewed(resource_table(estimate, words), words)
    amounts = [
        (written(row.cells[0]).removesuffix(" [s]"), number(written(row.cells[2]), language))
        for row in table.foot
    ]
    foot = dict(amounts)
    parts = sum(number(written(row.cells[2]), language) for row in table.groups[0])
    assert parts + foot.get(words("rounding"), 0) == foot[words("Total")]
    if estimate.total.vat_rate is not None:
        vat = amounts[list(foot).index(words("Total")) - 1][1]
        assert foot[words("Net")] + vat == foot[words("Total")]
    for head, *lines in filter(None, line_table(stage, SourceBook([estimate]), words).groups):
        costs = [number(written(row.cells[3]), language) for row in lines]
        assert sum(costs) == number(written(head.cells[3]), language)


def budget_rows(rows: list[Row] | Any) -> tuple[Decimal, Decimal]:
    costs = [number(written(row.cells[2])) for row in rows]
    return sum(costs[:-1], Decimal(0)), costs[-1]


@pytest.mark.parametrize("name", ["stage1", "stage2", "stage3", "stage2:lean"])
@pytest.mark.parametrize("currency", ["RUB", "USD"])
def test_parts_of_a_budget_add_up_to_what_all_costs(name: str, currency: str) -> None:
    estimate = price_scenario(load_scenario(name, lambda _: CATALOG), currency=currency)
    parts, total = budget_rows(estimate_view(estimate, ENGLISH).tables[1].rows)
    assert parts == total
    assert estimate.budget is not None
    table = viewed(budget_table(estimate.budget, ENGLISH), ENGLISH)
    parts, total = budget_rows([*table.groups[0], *table.foot])
    assert parts == total


def test_a_rounding_is_what_the_lines_lack() -> None:
    third = Decimal("3.335")  # shown as 3.34, three of them as 10.01 (10.005)
    assert rounding([third] * 3, third * 3) == Decimal("10.01") - 3 * Decimal("3.34") == Decimal("-0.01")
    assert rounding([Decimal("1.5"), Decimal("2.25")], Decimal("3.75")) == 0


def test_a_rounding_keeps_the_digits_of_tiny_lines() -> None:
    parts = [Decimal("0.00123"), Decimal("2.5")]  # shown as 0.0012 and 2.50; their sum, 2.50123, as 2.50
    assert rounding(parts, sum(parts, Decimal(0))) == Decimal("2.50") - Decimal("0.0012") - Decimal("2.50")


def test_shares_add_up_by_their_largest_remainders() -> None:
    parts = [Decimal("42.6"), Decimal("0.7"), Decimal("56.7")]  # each rounded by itself: 43, 1, 57
    assert whole_percents(parts, Decimal(100)) == [42, 1, 57]
    assert ENGLISH.shares([Decimal(1), Decimal(1), Decimal(1)], Decimal(3)) == ["34%", "33%", "33%"]
    assert ENGLISH.shares([Decimal("99.9"), Decimal("0.1")], Decimal(100)) == ["100%", "<1%"]
    assert ENGLISH.shares([Decimal(0)], Decimal(0)) == ["-"]
    assert ENGLISH.shares([Decimal(25)], Decimal(100)) == ["25%"], "a part alone is its own share"

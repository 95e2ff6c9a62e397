"""`costplan catalog diff`: what prices did between two days, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costplan.analysis.inventory.price_changes import price_changes
from costplan.catalog.store import Catalog
from costplan.language.translator import ENGLISH, Translator
from costplan.messages.errors import InputError
from costplan.output.views.catalog import price_changes_view

INDEX = """\
catalog: mine
title: Mine
region: here
as_of: 2026-10-06
currencies: [{currency: RUB, vat: included}, {currency: USD, vat: excluded}]
"""
OLD, NEW = date(2026, 1, 1), date(2026, 6, 1)


def version(start: str, rates: str, more: str = "") -> str:
    return (
        f"{{effective_from: {start}, source: page, checked: {start}, confidence: list, "
        f"rates: {{RUB: {rates}}}{more}}}"
    )


def sku(code: str, *prices: str) -> str:
    return f"  - {{code: {code}, name: One, pricing_unit: GB, prices: [{', '.join(prices)}]}}\n"


def tiers(*pairs: tuple[int, str]) -> str:
    return "[" + ", ".join(f"{{start_quantity: {at}, unit_price: {price}}}" for at, price in pairs) + "]"


SKUS = (
    sku("a.raised", version("2025-01-01", "20"), version("2026-05-01", "25"))
    + sku("a.lowered", version("2025-01-01", "40"), version("2026-05-01", "30"))
    + sku(
        "a.all-tiers",
        version("2025-01-01", tiers((0, "0"), (10, "8"), (99, "4"))),
        version("2026-05-01", tiers((0, "0"), (10, "10"), (99, "5"))),
    )
    + sku(
        "a.one-tier",
        version("2025-01-01", tiers((0, "8"), (99, "4"))),
        version("2026-05-01", tiers((0, "8"), (99, "5"))),
    )
    + sku("a.tiers", version("2025-01-01", "8"), version("2026-05-01", tiers((0, "8"), (99, "5"))))
    + sku("a.was-free", version("2025-01-01", "0", ", free: true"), version("2026-05-01", "5"))
    + sku("a.first", version("2026-05-01", "5"))
    + sku("a.gone", version("2025-01-01", "5", ", effective_until: 2026-05-01"))
    + sku("a.same", version("2025-01-01", "5"))
    + sku("a.said-again", version("2025-01-01", "5"), version("2026-05-01", "5"))
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    (tmp_path / "catalog.yaml").write_text(INDEX, encoding="utf-8")
    (tmp_path / "one.yaml").write_text(f"service: one\ntitle: One\nskus:\n{SKUS}", encoding="utf-8")
    return Catalog([tmp_path])


def test_each_change_is_said_with_its_share(catalog: Catalog) -> None:
    found = price_changes(catalog, None, "RUB", OLD, NEW)
    assert {one.code: (one.what, one.percent) for one in found.changes} == {
        "a.raised": ("raised", Decimal(25)),  # 20 -> 25: 5 of 20
        "a.lowered": ("lowered", Decimal(-25)),  # 40 -> 30: 10 of 40
        "a.all-tiers": ("raised", Decimal(25)),  # 8 -> 10 and 4 -> 5: a quarter each, and free stays free
        "a.one-tier": ("changed", None),
        "a.tiers": ("changed", None),
        "a.was-free": ("changed", None),
        "a.first": ("first", None),
        "a.gone": ("gone", None),
    }
    assert found.unchanged == 2


def test_the_other_way_round_is_no_way(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="--from: must be before --to, got 2026-06-01 and 2026-01-01"):
        price_changes(catalog, None, "RUB", NEW, OLD)


def test_another_currency_has_no_prices_to_change(catalog: Catalog) -> None:
    assert price_changes(catalog, None, "USD", OLD, NEW).changes == ()


def test_a_price_without_an_earlier_one_is_counted_not_called_a_rise(catalog: Catalog) -> None:
    view = price_changes_view(price_changes(catalog, None, "RUB", OLD, NEW), ENGLISH)
    assert view.title == "7 prices changed from 2026-01-01 to 2026-06-01, in RUB"
    rows = {row.cells[0].text: row.cells[-1].text for row in view.tables[0].rows}
    assert rows == {
        "a.raised": "+25%", "a.lowered": "-25%", "a.all-tiers": "+25%", "a.one-tier": "other tiers",
        "a.tiers": "other tiers", "a.was-free": "was free", "a.gone": "no price any more",
    }  # fmt: skip
    assert [note.text for note in view.notes] == [
        "for 1 more price the catalog has no price of 2026-01-01; CSV and JSON list it"
    ]


def test_a_day_before_all_prices_is_said_not_called_a_day_without_changes(catalog: Catalog) -> None:
    early = price_changes_view(price_changes(catalog, None, "RUB", date(2020, 1, 1), NEW), ENGLISH)
    assert early.title == "the catalog has no price of 2020-01-01 in RUB; its first ones are of 2025-01-01"
    assert (list(early.tables), list(early.notes)) == ([], [])
    day_before = price_changes(catalog, None, "RUB", date(2024, 12, 31), NEW)
    assert "no price of 2024-12-31" in price_changes_view(day_before, ENGLISH).title
    first_day = price_changes(catalog, None, "RUB", date(2025, 1, 1), date(2025, 1, 2))
    assert price_changes_view(first_day, ENGLISH).title.startswith("0 prices changed")
    none = price_changes_view(price_changes(catalog, None, "USD", OLD, NEW), ENGLISH)
    assert none.title == "the catalog has no price in USD"


def test_a_change_has_a_blank_before_its_percent_in_russian(catalog: Catalog) -> None:
    view = price_changes_view(price_changes(catalog, None, "RUB", OLD, NEW), Translator("ru"))
    changes = {row.cells[0].text: row.cells[-1].text for row in view.tables[0].rows}
    assert (changes["a.raised"], changes["a.lowered"]) == ("+25\u00a0%", "-25\u00a0%")

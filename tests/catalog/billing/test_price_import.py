"""Answers of the price API beside the catalog: what is the same, what differs, what is refused, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from price_answers import EGRESS, ICE_LAKE, MIDNIGHT, of_catalog, page, row, vcpu, version
from yaml import safe_load

from costplan.analysis.inventory.price_import import ImportedRow, PriceImport, price_import
from costplan.catalog.billing.answer import read_pages
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError

DAY = date(2026, 11, 29)
FREE = (("0", "0"), ("100", "1.42"))
UNKNOWN = "dn2zzzzzzzzzzzzzzzzz"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.shipped()


def imported(catalog: Catalog, *pages: Any) -> tuple[PriceImport, Mapping[str, str]]:
    return price_import(catalog, read_pages([("skus.json", one) for one in pages]), DAY)


def only(catalog: Catalog, *pages: Any) -> ImportedRow:
    [found] = imported(catalog, *pages)[0].rows
    return found


def test_an_answer_with_the_catalogs_own_prices_shows_no_difference(catalog: Catalog) -> None:
    rows = list(of_catalog(catalog))
    found, files = imported(catalog, page(*rows))
    assert len(rows) > 150
    assert found.counts == {"same": len(rows), "changed": 0, "unknown": 0, "refused": 0}
    assert (found.count, dict(files), found.files) == (len(rows), {}, ())


def test_versions_count_by_their_time_and_not_by_their_place(catalog: Catalog) -> None:
    late, early = (
        version(f"2026-09-30{MIDNIGHT}", ("0", "2")),
        version(f"2026-04-30{MIDNIGHT}", ("0", "1.24")),
    )
    for order in ((late, early), (early, late)):
        [change] = only(catalog, page(row(ICE_LAKE, "core*hour", *order))).changes
        assert (change.effective_from, change.before[0].unit_price, change.after[0].unit_price) == (
            date(2026, 10, 1),
            Decimal("1.24"),
            2,
        )
        # 2 / 1.24 is 61.290322580645... % more.
        assert change.percent is not None
        assert round(change.percent, 6) == Decimal("61.290323")


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("2026-04-30T21:00:00Z", "2026-05-01"),
        ("2026-04-30T20:59:59Z", "2026-04-30"),
        ("2026-04-30T21:00:00.123456789Z", "2026-05-01"),
        ("2026-05-01T00:00:00+03:00", "2026-05-01"),
    ],
)
def test_a_day_begins_in_moscow(catalog: Catalog, time: str, day: str) -> None:
    _, files = imported(catalog, page(vcpu("9", time)))
    [sku] = safe_load(files["compute.yaml"])["skus"]
    assert date.fromisoformat(day) in [one["effective_from"] for one in sku["prices"]]


def test_a_contracts_price_holds_from_its_day_on(catalog: Catalog) -> None:
    prices = [
        version(f"2026-04-30{MIDNIGHT}", ("0", "1.24")),
        version(f"2026-08-31{MIDNIGHT}", ("0", "1.00"), kind="CONTRACT_PRICE"),
        version(f"2026-10-31{MIDNIGHT}", ("0", "1.30")),  # the list's, which the contract is not touched by
    ]
    found = only(catalog, page(row(ICE_LAKE, "core*hour", *prices)))
    assert found.is_contract
    assert [(one.effective_from, one.after[0].unit_price) for one in found.changes] == [(date(2026, 9, 1), 1)]


def test_older_prices_and_other_currencies_stay(catalog: Catalog) -> None:
    _, files = imported(catalog, page(vcpu("2", f"2026-09-30{MIDNIGHT}")))
    whole = safe_load(files["compute.yaml"])
    assert (whole["service"], len(whole["skus"])) == ("compute", 1)
    [sku] = whole["skus"]
    own = catalog.sku("compute", sku["code"])
    assert own is not None
    assert [one["effective_from"] for one in sku["prices"]] == [
        *(one.effective_from for one in own.prices),
        date(2026, 10, 1),
    ]
    assert sku["prices"][-1] == {
        "effective_from": date(2026, 10, 1),
        "source": "price API, list price, skus.json",
        "checked": DAY,
        "confidence": "list",
        "rates": {"RUB": "2"},
    }
    assert "&" not in files["compute.yaml"]


def test_tiers_and_a_free_volume_are_taken_as_they_are(catalog: Catalog) -> None:
    same = row(EGRESS, "gbyte", version(f"2026-04-30{MIDNIGHT}", *FREE))
    assert only(catalog, page(same)).status == "same"
    more = row(EGRESS, "gbyte", version(f"2026-04-30{MIDNIGHT}", ("0", "0"), ("200", "1.42")))
    [change] = only(catalog, page(more)).changes
    assert [one.start_quantity for one in change.after] == [0, 200]
    assert change.percent is None


def test_another_unit_that_measures_the_same_is_a_price_in_that_unit(catalog: Catalog) -> None:
    # 1.24 an hour is 892.8 a month of 720 hours; it is said to be another price, in its own unit.
    monthly = row(ICE_LAKE, "core*month", version(f"2026-04-30{MIDNIGHT}", ("0", "892.8")))
    _, files = imported(catalog, page(monthly))
    [sku] = safe_load(files["compute.yaml"])["skus"]
    assert sku["pricing_unit"] == "core*hour"
    assert sku["prices"][-1]["pricing_unit"] == "core*month"


def test_a_price_that_the_catalog_lacks_is_a_new_one(catalog: Catalog) -> None:
    missing = next(
        (name, one)
        for name in catalog.service_names
        for one in catalog.service(name).known_missing
        if one.id is not None and one.code.endswith("cpu.c100")
    )
    service, sku = missing
    found, files = imported(
        catalog, page(row(sku.id or "", "core*hour", version(f"2026-04-30{MIDNIGHT}", ("0", "2"))))
    )
    [one] = found.rows
    assert (one.status, one.service, one.code) == ("changed", service, sku.code)
    [written] = safe_load(files[f"{service}.yaml"])["skus"]
    assert (written["code"], written["pricing_unit"]) == (sku.code, "core*hour")
    assert one.changes[0].before == ()


def test_what_the_catalog_does_not_know_is_listed_with_its_name(catalog: Catalog) -> None:
    found, files = imported(
        catalog,
        page(row(UNKNOWN, "no*unit", version("never", ("0", "x")), name="Something new"), vcpu("1.24")),
    )
    assert [(one.status, one.name) for one in found.rows if one.id == UNKNOWN] == [
        ("unknown", "Something new")
    ]
    assert found.counts == {"same": 1, "changed": 0, "unknown": 1, "refused": 0}
    assert not files


def test_several_pages_are_one_answer(catalog: Catalog) -> None:
    one, other = (
        page(vcpu("1.24"), token="next"),
        page(row(EGRESS, "gbyte", version(f"2026-04-30{MIDNIGHT}", *FREE))),
    )
    for pages in ([one, other], [[one, other]]):
        found, _ = imported(catalog, *pages)
        assert (found.counts["same"], found.count, found.is_cut) == (2, 2, False)
    assert imported(catalog, one)[0].is_cut
    assert imported(catalog, vcpu("1.24"))[0].counts["same"] == 1  # the answer about one SKU


TIME = f"2026-04-30{MIDNIGHT}"
GOOD = version(TIME, ("0", "1.24"))


def unfit(**changed: Any) -> dict[str, Any]:
    """Return a row whose one version is changed."""
    return row(ICE_LAKE, "core*hour", {**GOOD, **changed})


REFUSED: dict[str, tuple[Any, str]] = {
    "unknown unit": (row(ICE_LAKE, "tbyte*hour", GOOD), "the unit `tbyte*hour` is not known"),
    "other measure": (
        row(ICE_LAKE, "gbyte*hour", GOOD),
        "`gbyte*hour`, which does not measure what core",
    ),
    "bare hour": (row(ICE_LAKE, "hour", GOOD), "per `hour`, which does not measure what core*hour does"),
    "no versions": (row(ICE_LAKE, "core*hour"), "has no `pricingVersions`"),
    "type": (unfit(type="GIFT"), "the unknown type `GIFT`"),
    "no type": (unfit(type=None), "the unknown type `None`"),
    "time": (unfit(effectiveTime="yesterday"), "`yesterday`"),
    "no such day": (unfit(effectiveTime="2026-02-30T21:00:00Z"), "no time of the calendar"),
    "end of time": (unfit(effectiveTime="9999-12-31T23:00:00Z"), "no time of the calendar"),
    "negative": (vcpu("-1"), "must not be negative"),
    "not finite": (vcpu("Infinity"), "must be a finite number"),
    "no number": (vcpu("1,24"), "is not a number"),
    "no price": (vcpu(""), "is not a number"),
    "starts above 0": (row(ICE_LAKE, "core*hour", version(TIME, ("5", "1"))), "ascend from 0, got 5"),
    "starts equal": (
        row(ICE_LAKE, "core*hour", version(TIME, ("0", "1"), ("9", "2"), ("9", "3"))),
        "got 0, 9, 9",
    ),
    "no rates": (unfit(pricingExpressions=[{"rates": [], "currency": "RUB"}]), "has no `rates`"),
    "two expressions": (
        unfit(pricingExpressions=GOOD["pricingExpressions"] * 2),
        "must have one of `pricingExpressions`",
    ),
    "same time": (row(ICE_LAKE, "core*hour", GOOD, GOOD), "two versions begin at 2026-04-30T21:00:00"),
    "no object": ("a text", "is no object"),
    "no name": ({**vcpu("1"), "name": None}, "its `name` is no text"),
    "hidden": ({**vcpu("1"), "name": "a\x1b[31m"}, "its `name` is no text"),
    "id": ({**vcpu("1"), "id": "../../etc"}, "its id is none of the provider"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_row_that_cannot_be_read_is_refused_and_the_others_are_not(catalog: Catalog, what: str) -> None:
    bad, said = REFUSED[what]
    other = row(EGRESS, "gbyte", version(TIME, *FREE))
    found, files = imported(catalog, page(bad, other))
    assert found.counts == {"same": 1, "changed": 0, "unknown": 0, "refused": 1}
    [refused] = [one for one in found.rows if one.status == "refused"]
    assert said in refused.reason
    assert not files


def test_an_id_that_is_there_twice_is_refused_both_times(catalog: Catalog) -> None:
    found, _ = imported(catalog, page(vcpu("1.24")), page(vcpu("1.24")))
    assert found.counts == {"same": 0, "changed": 0, "unknown": 0, "refused": 2}
    assert "is there 2 times" in found.rows[0].reason


WRONG: dict[str, tuple[Any, str]] = {
    "a list of numbers": ([1, 2], "it has no list `skus`"),
    "a number": ("7", "it has no list `skus`"),
    "another document": ({"prices": []}, "it has no list `skus`"),
    "nothing in it": (page(), "holds no SKU"),
    "two currencies": (page(vcpu("1"), vcpu("1", currency="USD")), "in RUB, USD"),
    "a currency that is not there": (page(vcpu("1", currency="EUR")), "in EUR"),
    "no currency": (
        page({**row(ICE_LAKE, "core*hour"), "pricingVersions": [{"type": 1}]}),
        "names a currency",
    ),
    "a page in the list": ([page(vcpu("1")), {"error": 1}], "it has no list `skus`"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_answer_in_one_currency_is_refused_whole(catalog: Catalog, what: str) -> None:
    document, said = WRONG[what]
    with pytest.raises(InputError) as caught:
        imported(catalog, document)
    assert said in str(caught.value)


def test_prices_in_dollars_lie_beside_those_in_roubles(catalog: Catalog) -> None:
    # The catalog derives 1.24 x 0.00819672 = 0.0101639328; that price is the same, another one is not.
    assert only(catalog, page(vcpu("0.0101639328", currency="USD"))).status == "same"
    _, files = imported(catalog, page(vcpu("0.01", currency="USD")))
    [sku] = safe_load(files["compute.yaml"])["skus"]
    assert sku["prices"][-1]["rates"] == {"RUB": "1.24", "USD": "0.01"}


def test_a_price_goes_on_over_later_days_of_another_currency(catalog: Catalog) -> None:
    # In roubles the vCPU has prices of 2026-03-18 and 2026-05-01; the answer has one in dollars, of March.
    row_of_march = vcpu("0.01", f"2026-03-17{MIDNIGHT}", currency="USD")
    found, files = imported(catalog, page(row_of_march))
    [one] = found.rows
    assert [(change.effective_from, change.after[0].unit_price) for change in one.changes] == [
        (date(2026, 3, 18), Decimal("0.01")),
        (date(2026, 5, 1), Decimal("0.01")),
    ]
    [sku] = safe_load(files["compute.yaml"])["skus"]
    assert [(one["effective_from"], one["rates"]) for one in sku["prices"][-2:]] == [
        (date(2026, 3, 18), {"RUB": "1.1529", "USD": "0.01"}),
        (date(2026, 5, 1), {"RUB": "1.24", "USD": "0.01"}),
    ]


def test_days_that_only_the_catalog_has_are_not_the_answers(catalog: Catalog) -> None:
    # One price from 2026-03-18 on: the catalog's later one, of 2026-05-01, is not there any more.
    found, files = imported(catalog, page(vcpu("1.1529", f"2026-03-17{MIDNIGHT}")))
    [change] = found.rows[0].changes
    assert (change.effective_from, change.before[0].unit_price) == (date(2026, 5, 1), Decimal("1.24"))
    [sku] = safe_load(files["compute.yaml"])["skus"]
    assert sku["prices"][-1]["effective_from"] == date(2026, 3, 18)


def puts(catalog: Catalog, *prices: str) -> PriceImport:
    """Import PUT and POST operations, which are one SKU of the catalog, at these prices."""
    sku = catalog.sku("object-storage", "storage.api.put.standard")
    assert sku is not None
    ids = (sku.id or "", *sku.billing_ids)
    rows = [
        row(one, "1000 requests", version(TIME, ("0", "0"), ("10", price)))
        for one, price in zip(ids, prices, strict=False)
    ]
    return imported(catalog, page(*rows))[0]


def test_several_billing_skus_are_one_here_where_their_prices_are(catalog: Catalog) -> None:
    same = puts(catalog, "0.5692", "0.5692")
    assert (same.counts["same"], {one.code for one in same.rows}) == (2, {"storage.api.put.standard"})
    dearer = puts(catalog, "0.6", "0.6")
    assert (dearer.counts["changed"], dearer.files) == (2, ("object-storage.yaml",))
    unlike = puts(catalog, "0.6", "0.7")
    assert (unlike.counts["refused"], unlike.files) == (2, ())
    assert "are one SKU here, and have different prices" in unlike.rows[0].reason

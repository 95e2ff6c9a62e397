"""`costplan catalog verify`: each thing that it looks for, in a catalog that has it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from costplan import resources
from costplan.catalog.defaults import LISTS, wrong_defaults
from costplan.catalog.store import Catalog
from costplan.catalog.verify import verify
from costplan.messages.errors import CatalogError

INDEX = """\
catalog: mine
title: Mine
region: here
as_of: 2026-10-06
currencies: [{currency: RUB, vat: included}, {currency: USD, vat: excluded}]
"""
VERSION = "{effective_from: 2026-05-01, source: page, checked: 2026-05-01, confidence: list, rates: {RUB: 1}}"


def sku(code: str, prices: str = VERSION, unit: str = "core*hour", more: str = "") -> str:
    return f"  - {{code: {code}, name: One, pricing_unit: {unit}, prices: [{prices}]{more}}}\n"


def catalog(folder: Path, **services: str) -> Catalog:
    (folder / "catalog.yaml").write_text(INDEX, encoding="utf-8")
    for name, body in services.items():
        text = f"service: {name}\ntitle: {name}\n{body}"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Catalog([folder])


def findings(folder: Path, asked: tuple[tuple[str, str], ...] = (), **services: str) -> list[str]:
    found = verify(catalog(folder, **services), asked)
    return [f"{finding.service}: {finding.where}: {finding.message}" for finding in found]


def test_a_sound_catalog_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, (("one", "storage"),), one="meters: {storage: a.b}\nskus:\n" + sku("a.b")) == []


def test_what_is_free_on_purpose_or_above_nothing_is_no_finding(tmp_path: Path) -> None:
    free = VERSION.replace("rates: {RUB: 1}", "free: true, rates: {RUB: 0}")
    tier = VERSION.replace(
        "{RUB: 1}", "{RUB: [{start_quantity: 0, unit_price: 0}, {start_quantity: 9, unit_price: 1}]}"
    )
    assert findings(tmp_path, one="skus:\n" + sku("a.b", free) + sku("a.c", tier)) == []


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        (VERSION.replace("source: page", "source: ' '"), "has no source"),
        (VERSION.replace("effective_from: 2026", "effective_from: 2016"), "before the provider opened"),
        (VERSION.replace("checked: 2026", "checked: 2036"), "was checked in the future, on 2036-05-01"),
        (
            VERSION.replace(
                "{RUB: 1}", "{RUB: [{start_quantity: 0, unit_price: 1}, {start_quantity: 9, unit_price: 0}]}"
            ),
            "RUB: the last rate of several is free",
        ),
        (VERSION.replace("rates:", "pricing_unit: GB, rates:"), "is priced per GB, which does not measure"),
        (VERSION.replace("RUB: 1", "RUB: 0"), "RUB: the price is 0; `free: true` says"),
        (VERSION.replace("RUB: 1", "RUB: 1, USD: 0.00"), "USD: the price is 0; `free: true` says"),
        (VERSION.replace("rates:", "free: true, rates:"), "RUB: is said to be free, and has a price"),
    ],
    ids=["source", "past", "future", "free-last", "unit", "nothing", "nothing-in-usd", "free-with-a-price"],
)
def test_a_doubtful_price_is_a_finding(tmp_path: Path, prices: str, message: str) -> None:
    [found] = findings(tmp_path, one="skus:\n" + sku("a.b", prices))
    assert message in found


def test_a_code_that_two_services_sell_is_a_finding(tmp_path: Path) -> None:
    [found] = findings(tmp_path, one="skus:\n" + sku("a.b"), two="skus:\n" + sku("a.b"))
    assert found == "two: a.b: the code is in one too"


def test_an_id_that_two_skus_have_is_a_finding(tmp_path: Path) -> None:
    more = ", id: dn2abcdefghij"
    [found] = findings(tmp_path, one="skus:\n" + sku("a.b", more=more) + sku("a.c", more=more))
    assert found == "one: a.c: the id dn2abcdefghij belongs to a.b too"


def test_a_price_that_is_there_and_known_to_be_missing_is_a_finding(tmp_path: Path) -> None:
    body = "skus:\n" + sku("a.b") + "known_missing: [{code: a.b, name: One, reason: not found}]\n"
    assert findings(tmp_path, one=body) == ["one: a.b: is listed as known-missing and has prices"]


def test_a_sku_that_is_asked_for_in_vain_is_a_finding(tmp_path: Path) -> None:
    body = "skus:\n" + sku("a.b") + "disk_types: [{name: ssd, title: SSD, sku: a.disk, source: page}]\n"
    body += "meters: {storage: a.b, egress: a.c}\n"
    assert findings(tmp_path, (("one", "storage"), ("one", "address")), one=body) == [
        "one: a.disk: a valid configuration needs this SKU, which is missing",
        "one: a.c: the meter `egress` is billed by this SKU, which is not there",
        "one: address: a resource kind names this meter, which the catalog does not have",
    ]


def test_a_service_that_a_catalog_does_not_have_is_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, (("two", "storage"),), one="skus:\n" + sku("a.b")) == []


def test_a_sku_that_is_known_to_be_missing_is_not_asked_for_in_vain(tmp_path: Path) -> None:
    body = "meters: {storage: a.b}\n"
    body += "known_missing: [{code: a.b, name: One, reason: not found}]\n"
    assert findings(tmp_path, (("one", "storage"),), one=body) == []


def test_a_meter_that_is_known_to_be_missing_is_not_named_in_vain(tmp_path: Path) -> None:
    body = "known_missing: [{code: one.storage, name: Storage, reason: not sold}]\n"
    assert findings(tmp_path, (("one", "storage"),), one=body) == []


def test_a_name_that_stands_twice_is_a_finding(tmp_path: Path) -> None:
    preset = "{name: small, vcpu: 2, memory_gb: 4, source: page}"
    assert findings(tmp_path, one=f"presets: [{preset}, {preset}]\n") == ["one: small: appears 2 times"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("skus:\n" + sku("a.b", f"{VERSION}, {VERSION}"), "versions must ascend by `effective_from`"),
        (
            "skus:\n"
            + sku("a.b", VERSION.replace("{RUB: 1}", "{RUB: [{start_quantity: 5, unit_price: 1}]}")),
            "starts must ascend from 0, got 5",
        ),
        ("skus:\n" + sku("a.b", unit="croe*hour"), "counts the unknown thing `croe`"),
        ("skus:\n" + sku("a.b", VERSION.replace("RUB: 1", "RUB: -1")), "must not be negative"),
        ("skus:\n" + sku("a.b", VERSION.replace("list", "derived")), "a derived price needs its `rule`"),
        ("service: other\n", "duplicate key `service`"),
    ],
    ids=["same-date-twice", "tiers", "unit", "negative", "no-rule", "duplicate-key"],
)
def test_a_catalog_that_cannot_be_priced_from_is_refused(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CatalogError if "duplicate" not in message else Exception, match=message):
        verify(catalog(tmp_path, one=body))


@pytest.mark.parametrize(
    ("defaults", "said"),
    [
        ({"platform": "network-ssd"}, ["`network-ssd` is not among the `platforms` of the service"]),
        (
            {"disk-type": "network-sdd"},
            ["`network-sdd` is not among the `disk_types` of the service: did you mean `network-ssd`?"],
        ),
        ({"platfrom": "standard-v3"}, ["no kind of resource asks for it: did you mean `platform`?"]),
        ({"platform": "standard-v3", "disk-type": "network-ssd"}, []),
    ],
)
def test_a_default_is_one_of_its_own_list(defaults: dict[str, str], said: list[str]) -> None:
    sold = Catalog.shipped().service("compute").model_copy(update={"defaults": defaults})
    assert list(wrong_defaults(sold)) == list(zip(defaults, said, strict=False))


def test_a_wrong_default_is_a_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, one="defaults: {preset: big}\nskus:\n" + sku("a.b")) == [
        "one: defaults: preset: `big` is not among the `presets` of the service"
    ]


def test_the_keys_of_defaults_are_those_that_kinds_ask_for() -> None:
    names = [found.name for found in walk_packages(resources.__path__, "costplan.resources.")]
    kinds = [value for name in names for value in vars(import_module(name)).values()]
    asked = {key for kind in kinds for key in getattr(kind, "catalog_defaults", {}).values()}
    assert asked == set(LISTS)

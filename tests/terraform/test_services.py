"""Smaller services: what a plan knows of each, the entry of its usage, and the bill once that is stated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.terraform_files import redacted_text, scenario_text, usage_text

HOURS = 720
SNAPSHOT = IMAGE = Decimal("0.0051")
VERSION, OPERATIONS = Decimal("0.00439"), Decimal("3.16") / 10_000


def estimate(folder: Path, resource: dict[str, Any], usage: str = "") -> Estimate:
    path = plans.written(folder, plans.plan(resource))
    form = folder / "usage.yaml"
    form.write_text(f"usage:\n  {resource['address']}: {{{usage}}}\n", encoding="utf-8")
    return price_scenario(load_scenario(path, Catalog.shipped, workload=form if usage else None))


def status(found: Estimate) -> str:
    assert found.terraform is not None
    [one] = found.terraform.resources
    return one.status


USED = [
    ("yandex_compute_snapshot", {}, ["size"], "size: 30 GB", 30 * HOURS * SNAPSHOT),
    ("yandex_compute_snapshot_schedule", {}, ["size"], "size: 200 GB", 200 * HOURS * SNAPSHOT),
    ("yandex_compute_image", {}, ["size"], "size: 4 GB", 4 * HOURS * IMAGE),
    (
        "yandex_ydb_database_serverless",
        {},
        ["request_units", "storage"],
        "request_units: 3M/month, storage: 2 GB",
        (3 - 1) * Decimal("24.64") + (2 - 1) * HOURS * Decimal("0.0342"),
    ),
    (
        "yandex_datatransfer_transfer",
        {"type": "SNAPSHOT_ONLY", "runtime": [{"yc_runtime": [{"job_count": 3}]}]},
        ["hours", "rows"],
        "hours: 10 h, rows: 150M",
        3 * 10 * (2 * Decimal("1.51") + 4 * Decimal("0.4035")) + 50 * Decimal("3.11"),
    ),
    (
        "yandex_cdn_resource",
        {"shielding": "1"},
        ["traffic", "requests"],
        "traffic: 250 GB, requests: 1M/month",
        150 + 100 * Decimal("1.054") + 3843,
    ),
]
"""Type, its values, what is asked about it, an answer, and the bill by hand."""


@pytest.mark.parametrize(("kind", "values", "asked", "usage", "cost"), USED)
def test_what_is_used_gets_an_entry_and_its_price(
    kind: str, values: dict[str, Any], asked: list[str], usage: str, cost: Decimal, tmp_path: Path
) -> None:
    resource = plans.resource(f"{kind}.it", values)
    assert status(estimate(tmp_path, resource)) == "usage-based"
    form, count, _ = usage_text(plans.written(tmp_path, plans.plan(resource)), None)
    assert count == 1
    assert [line.split(":")[0].strip() for line in form.splitlines() if line.startswith("    ")] == asked
    found = estimate(tmp_path, resource, usage)
    assert status(found) == "priced"
    assert found.total.monthly_cost == cost
    assert found.unpriced == ()


@pytest.mark.parametrize(("kind", "values", "asked", "usage", "cost"), USED)
def test_the_scenario_and_the_plan_without_secrets_have_the_same_bill(
    kind: str, values: dict[str, Any], asked: list[str], usage: str, cost: Decimal, tmp_path: Path
) -> None:
    assert asked
    resource = plans.resource(f"{kind}.it", values)
    path = plans.written(tmp_path, plans.plan(resource))
    form = tmp_path / "usage.yaml"
    form.write_text(f"usage:\n  {resource['address']}: {{{usage}}}\n", encoding="utf-8")
    shop = tmp_path / "shop.yaml"
    shop.write_text(scenario_text(path, shop, form), encoding="utf-8")
    assert price_scenario(load_scenario(str(shop), Catalog.shipped)).total.monthly_cost == cost
    small = tmp_path / "small.json"
    small.write_text(redacted_text(path), encoding="utf-8")
    found = price_scenario(load_scenario(str(small), Catalog.shipped, workload=form))
    assert found.total.monthly_cost == cost


@pytest.mark.parametrize(
    ("kind", "values", "usage", "skus"),
    [
        ("yandex_message_queue", {}, "requests: 5M/month", ["mq.requests"]),
        ("yandex_audit_trails_trail", {}, "events: 1M/month", ["audit-trails.events"]),
        ("yandex_smartcaptcha_captcha", {}, "requests: 1M/month", ["smartcaptcha.requests"]),
        ("yandex_sws_security_profile", {}, "requests: 1M/month", ["sws.requests"]),
        (
            "yandex_sws_security_profile",
            {"security_rule": [{"name": "waf", "waf": [{"mode": "FULL", "waf_profile_id": "x"}]}]},
            "requests: 1M/month",
            ["sws.requests", "sws.waf.requests"],
        ),
    ],
)
def test_what_has_no_price_is_named_and_never_nothing(
    kind: str, values: dict[str, Any], usage: str, skus: list[str], tmp_path: Path
) -> None:
    resource = plans.resource(f"{kind}.it", values)
    assert status(estimate(tmp_path, resource)) == "usage-based"
    found = estimate(tmp_path, resource, usage)
    assert status(found) == "not-supported"
    assert [one.sku for one in found.unpriced] == skus


def test_rules_that_are_not_known_leave_the_requests_to_be_stated(tmp_path: Path) -> None:
    profile = plans.resource("yandex_sws_security_profile.it", {}, unknown={"security_rule": True})
    assert status(estimate(tmp_path, profile)) == "usage-based"
    found = estimate(tmp_path, profile, "requests: 1M/month")
    assert "security_rule" in [str(one.reason).partition(":")[0] for one in found.unpriced]


def test_a_state_knows_the_volume_of_snapshots_and_images(tmp_path: Path) -> None:
    found = estimate(tmp_path, plans.resource("yandex_compute_snapshot.it", {"storage_size": 7}))
    assert (status(found), found.total.monthly_cost) == ("priced", 7 * HOURS * SNAPSHOT)
    found = estimate(tmp_path, plans.resource("yandex_compute_image.it", {"size": 3}))
    assert (status(found), found.total.monthly_cost) == ("priced", 3 * HOURS * IMAGE)


def test_a_key_has_one_version_and_with_a_rotation_nobody_knows_how_many(tmp_path: Path) -> None:
    key = plans.resource("yandex_kms_symmetric_key.it", {"rotation_period": None})
    assert estimate(tmp_path, key).total.monthly_cost == HOURS * VERSION
    rotated = plans.resource("yandex_kms_symmetric_key.it", {"rotation_period": "8760h"})
    found = estimate(tmp_path, rotated)
    assert found.total.monthly_cost == HOURS * VERSION
    assert found.terraform is not None
    assert found.terraform.resources[0].usage == ("versions", "operations")
    found = estimate(tmp_path, rotated, "versions: 4, operations: 50K/month")
    assert found.total.monthly_cost == 4 * HOURS * VERSION + 50_000 * OPERATIONS
    module = plans.resource("yandex_kms_symmetric_key.it", {"default_algorithm": "AES_256_HSM"})
    assert [one.sku for one in estimate(tmp_path, module).unpriced] == ["kms.storage.v1.hsm"]


@pytest.mark.parametrize(
    ("values", "price"),
    [
        ({"signature_algorithm": "ECDSA_NIST_P256_SHA_256"}, Decimal("5.76")),
        ({"signature_algorithm": "RSA_4096_SIGN_PSS_SHA_512"}, Decimal("14.40")),
        ({"encryption_algorithm": "RSA_2048_ENC_OAEP_SHA_256"}, Decimal("5.76")),
        ({"encryption_algorithm": "RSA_3072_ENC_OAEP_SHA_256"}, Decimal("14.40")),
    ],
)
def test_a_pair_of_keys_had_a_price_until_2026(
    values: dict[str, str], price: Decimal, tmp_path: Path
) -> None:
    use = next(iter(values)).partition("_")[0]
    pair = plans.resource(f"yandex_kms_asymmetric_{use}_key.it", values)
    assert [one.sku for one in estimate(tmp_path, pair).unpriced] == ["kms.storage.asymmetric.v1"]
    path = plans.written(tmp_path, plans.plan(pair))
    usage = tmp_path / "usage.yaml"
    usage.write_text(f"usage:\n  {pair['address']}: {{operations: 50K/month}}\n")
    loaded = load_scenario(path, Catalog.shipped, workload=usage)
    found = price_scenario(loaded, as_of=date(2025, 6, 1))
    assert found.total.monthly_cost == Decimal("2.88") + 5 * price


GITLAB = {"resource_preset_id": "s2.micro", "disk_size": 30, "approval_rules_id": "STANDARD"}


def test_an_instance_of_gitlab_had_a_price_until_2026(tmp_path: Path) -> None:
    """By the list before: 2 cores at 2.35 and 8 GB at 0.63 an hour; storage was never found."""
    path = plans.written(tmp_path, plans.plan(plans.resource("yandex_gitlab_instance.it", GITLAB)))
    found = price_scenario(load_scenario(path, Catalog.shipped), as_of=date(2025, 6, 1))
    assert found.total.monthly_cost == HOURS * (2 * Decimal("2.35") + 8 * Decimal("0.63"))
    assert [one.sku for one in found.unpriced] == ["gitlab.instance.disk"]
    found = price_scenario(load_scenario(path, Catalog.shipped))
    assert found.total.monthly_cost == 0
    assert [one.sku for one in found.unpriced] == [
        "gitlab.instance.standard.cpu", "gitlab.instance.standard.ram", "gitlab.instance.disk",
    ]  # fmt: skip


def test_without_approval_rules_an_instance_has_the_prices_of_the_basic_configuration(tmp_path: Path) -> None:
    for rules in ("NONE", "BASIC", None):
        resource = plans.resource("yandex_gitlab_instance.it", GITLAB | {"approval_rules_id": rules})
        found = estimate(tmp_path, resource)
        assert [one.sku for one in found.unpriced][:2] == ["gitlab.instance.cpu", "gitlab.instance.ram"]
    odd = plans.resource("yandex_gitlab_instance.it", GITLAB | {"approval_rules_id": "ULTIMATE"})
    assert status(estimate(tmp_path, odd)) == "not-supported"


def test_capacity_that_is_kept_for_a_serverless_database_is_in_no_amount(tmp_path: Path) -> None:
    values = {"serverless_database": [{"provisioned_rcu_limit": 10, "storage_size_limit": 50}]}
    resource = plans.resource("yandex_ydb_database_serverless.it", values)
    found = estimate(tmp_path, resource, "request_units: 1M, storage: 1 GB")
    assert status(found) == "unknown-until-apply"
    assert found.terraform is not None
    assert found.terraform.resources[0].unpriced == ("serverless_database.provisioned_rcu_limit",)

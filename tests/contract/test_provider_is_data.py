"""What a provider sells is data: no module knows a platform, a disk type, a host class, a term or a SKU."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.scenario.load import load_scenario

ROOT = Path(__file__).parents[2] / "costplan"
MODULES = sorted(
    path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in ("service", "bench")
)
"""The reference service and the bench know where they run."""


def names_of_the_provider() -> set[str]:
    catalog = Catalog.shipped()
    found = {catalog.index.catalog, catalog.index.region, *catalog.index.commitment_terms}
    for service in map(catalog.service, catalog.service_names):
        found |= {one.name for one in (*service.platforms, *service.disk_types, *service.presets)}
        found |= {sku.code for sku in (*service.skus, *service.known_missing)}
    return found


def texts(path: Path) -> Iterator[str]:
    """Give the texts of a module's code; examples inside longer texts are none of them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_module_knows_what_the_provider_sells() -> None:
    names = names_of_the_provider()
    assert {"yandex-cloud", "standard-v3", "network-ssd", "s-c2-m8", "zookeeper-b3-c1-m4", "y1"} <= names
    found = {(path.relative_to(ROOT).as_posix(), text) for path in MODULES for text in texts(path)}
    assert {(path, text) for path, text in found if text in names} == set()


@pytest.mark.parametrize(("disk", "counted"), [("network-hdd", 0), ("network-ssd", 2 * 100)])
def test_which_storage_a_quota_counts_says_the_catalog(disk: str, counted: int, tmp_path: Path) -> None:
    path = tmp_path / "db.yaml"
    path.write_text(
        "scenario: db\ntitle: Database\nworkload: {monthly_requests: 1M}\nresources:\n"
        "  db: {kind: managed-postgresql, hosts: {preset: s3-c2-m8, count: 2,\n"
        f"    storage: {{type: {disk}, size: 100 GB}}}}}}\n"
    )
    loaded = load_scenario(str(path), lambda name: Catalog.shipped(name))
    uses = {use.quota.code: use.quantity.value for use in loaded.resources["db"].quota_uses(loaded.context)}
    assert uses["postgresql-ssd"] == counted
    assert uses["postgresql-vcpu"] == 2 * 2

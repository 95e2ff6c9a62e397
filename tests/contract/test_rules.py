"""Every rule of the catalog is read by some kind: a rule that nothing applies would only look applied."""

from __future__ import annotations

from pathlib import Path

import pytest
from kind_examples import EXAMPLES, scenario_file

from costplan.catalog.model import Rule
from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario

GOLDEN = Path(__file__).parents[1] / "golden"


class WatchedCatalog(Catalog):
    """The shipped catalog, noting which rules are asked for."""

    read: set[tuple[str, str]]

    def rule(self, service: str, name: str) -> Rule | None:
        self.read.add((service, name))
        return super().rule(service, name)


@pytest.fixture(scope="module")
def watched() -> WatchedCatalog:
    catalog = WatchedCatalog([*Catalog.shipped().folders])
    catalog.read = set()
    return catalog


def test_pricing_reads_every_rule(watched: WatchedCatalog, tmp_path: Path) -> None:
    bills = [path for path in sorted(GOLDEN.glob("*/*.yaml")) if not path.name.endswith(".bill.yaml")]
    for number, kind in enumerate(EXAMPLES):
        (tmp_path / str(number)).mkdir()
        bills.append(scenario_file(tmp_path / str(number), kind))
    for path in bills:
        price_scenario(load_scenario(str(path), lambda _: watched))
    known = {(name, rule.name) for name in watched.service_names for rule in watched.service(name).rules}
    assert known - watched.read == set()


def test_the_watch_sees_what_is_read(watched: WatchedCatalog, tmp_path: Path) -> None:
    watched.read.clear()
    price_scenario(load_scenario(str(scenario_file(tmp_path, "kubernetes-cluster")), lambda _: watched))
    assert watched.read == {("managed-kubernetes", "basic-master-hosts")}

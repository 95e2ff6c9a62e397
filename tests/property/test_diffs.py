"""What must hold for every diff: causes add up exactly, and the other order has them with turned signs."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from amounts import cases
from independent import read_catalog
from scenario_maker import CURRENCIES, DAYS, Maker

from costplan.analysis.diff.diff import diff_estimates
from costplan.analysis.diff.documents import Cause, Diff
from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

CATALOG_FOLDER = Path(__file__).parents[2] / "catalogs" / "yandex-cloud"
TEXTS = read_catalog(CATALOG_FOLDER)
CATALOG = Catalog([CATALOG_FOLDER])
PAIRS = cases(100, 1000, "COSTPLAN_PAIRS")
"""The half of them are one design with something changed, the other half two that have nothing in common."""


def changed(seed: int, scenario: dict[str, Any]) -> dict[str, Any]:
    """Return a design with a few things other: resources, names, load, length of the month, free tier."""
    random, maker = Random(seed), Maker(seed, TEXTS)
    made = deepcopy(scenario)
    made.pop("prices", None)  # stand-ins, which must be used
    resources = made["resources"]
    for name in list(resources):
        chance = random.random()
        if chance < 0.15:
            del resources[name]
        elif chance < 0.3:
            resources[f"{name}-renamed"] = resources.pop(name)
        elif chance < 0.5:
            resources[name] = maker.resource(resources[name]["kind"])
    for number in range(random.randint(0 if resources else 1, 2)):
        resources[f"n{number}"] = maker.resource(
            random.choice(["dns", "network", "object-storage", "metered"])
        )
    if random.random() < 0.4:
        made["workload"] = maker.scenario()["workload"]
    if random.random() < 0.4:
        made["hours_per_month"] = random.choice(["744", "672", "730.5"])
    if random.random() < 0.2:
        made["free_tier"] = random.choice(["false", "true"])
    return made


def priced(scenario: dict[str, Any], folder: Path, currency: Any, day: str) -> Estimate:
    path = folder / "made.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in scenario.items() if k != "budget"}, sort_keys=False))
    loaded = load_scenario(str(path), lambda _: CATALOG)
    return price_scenario(loaded, currency=currency, as_of=date.fromisoformat(day))


def two_bills(seed: int, folder: Path) -> tuple[Estimate, Estimate]:
    random = Random(seed)
    old = Maker(seed, TEXTS).scenario()
    new = changed(seed, old) if seed % 2 else Maker(seed + 1_000_000, TEXTS).scenario()
    currency, first = random.choice(CURRENCIES), random.choice(DAYS)
    last = first if random.random() < 0.5 else random.choice(DAYS)
    return priced(old, folder, currency, first), priced(new, folder, currency, last)


def parts(causes: tuple[Cause, ...], sign: int = 1) -> dict[tuple[str, str], Fraction]:
    return {(one.what, one.rule): sign * Fraction(one.delta) for one in causes}


def total(of: Iterable[Any]) -> Fraction:
    return sum((Fraction(one.delta) for one in of), Fraction(0))


def check_sums(diff: Diff, old: Estimate, new: Estimate) -> None:
    change = Fraction(new.total.monthly_cost) - Fraction(old.total.monthly_cost)
    assert change == Fraction(diff.delta) == total(diff.resources) == total(diff.causes)
    for one in diff.resources:
        assert Fraction(one.new_cost) - Fraction(one.old_cost) == Fraction(one.delta)
        assert total(one.lines) == total(one.causes) == Fraction(one.delta)
        for line in one.lines:
            assert Fraction(line.new_cost) - Fraction(line.old_cost) == Fraction(line.delta)
            assert total(line.causes) == Fraction(line.delta)


def check_turned(diff: Diff, back: Diff) -> None:
    turned = {"added": "removed", "removed": "added"}
    assert Fraction(back.delta) == -Fraction(diff.delta)
    assert parts(back.causes) == parts(diff.causes, -1)
    others = {(one.name, one.old_name): one for one in back.resources}
    assert len(others) == len(diff.resources) == len(back.resources)
    for one in diff.resources:
        old_name = one.name if one.change == "removed" else one.old_name
        key = (one.name, "") if one.change == "removed" else (old_name or one.name, one.name)
        other = others[key]
        assert other.change == turned.get(one.change, one.change)
        assert parts(other.causes) == parts(one.causes, -1)
        turned_lines = sorted(-Fraction(line.delta) for line in one.lines)
        assert sorted(Fraction(line.delta) for line in other.lines) == turned_lines


@pytest.mark.parametrize("block", range(10))
def test_causes_add_up_to_the_change_and_turn_with_the_order(block: int, tmp_path: Path) -> None:
    for seed in range(block, PAIRS, 10):
        old, new = two_bills(seed, tmp_path)
        diff = diff_estimates(old, new)
        check_sums(diff, old, new)
        check_turned(diff, diff_estimates(new, old))
        for one in (old, new):
            same = diff_estimates(one, one)
            assert (same.changed, same.delta, same.resources, same.causes) == (False, 0, (), ())


def test_the_pairs_show_every_cause(tmp_path: Path) -> None:
    """A generator that never makes a cause would hold nothing of it."""
    seen: set[tuple[str, str]] = set()
    changes: set[str] = set()
    for seed in range(60):
        diff = diff_estimates(*two_bills(seed, tmp_path))
        seen |= {(one.what, one.rule) for one in diff.causes}
        changes |= {one.change for one in diff.resources}
    assert changes == {"added", "removed", "changed", "moved"}
    assert seen >= {("quantity", ""), ("price", ""), ("sku", ""), ("tier", ""), ("rule", "month-hours")}
    assert ("rule", "vat") in seen

"""What is made of the designs' plans has the bill of the plans, and nothing that must not be shown."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from command_line import costplan
from design_bills import AS_OF, BILLS, CORE, HDD, HOURS, RAM, SSD, UNKNOWN, USAGE, total_of
from terraform_stub.runs import DESIGNS, document_of

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

Capsys = pytest.CaptureFixture[str]
SECRET = "only-of-the-tests"
"""Every password and token of the designs."""
ANSWERS = (("estimate", "-f", "json"), ("estimate", "-f", "md"), ("estimate", "-f", "csv"), ("estimate",))


def bill(path: str) -> Estimate:
    found = price_scenario(load_scenario(path, Catalog.shipped, sets=(f"as_of={AS_OF}",)))
    assert found.terraform is not None
    return replace(found, scenario="", title={}, terraform=replace(found.terraform, file=""))


@pytest.mark.parametrize("design", BILLS)
def test_files_of_a_plan(design: str, tmp_path: Path, capsys: Capsys) -> None:
    run = partial(costplan, capsys)
    plan = str(document_of(DESIGNS / design))
    small, shop, usage = (str(tmp_path / name) for name in ("small.json", "shop.yaml", "usage.yaml"))
    expected = bill(plan)
    assert run("terraform", "redact", plan, "-o", small).code == 0
    assert bill(small) == expected
    assert run("terraform", "scenario", plan, "-o", shop).code == 0
    of_scenario = bill(shop)
    assert of_scenario.total == expected.total
    assert of_scenario.unpriced == expected.unpriced
    run("terraform", "usage", plan, "-o", usage)
    asked = Path(usage).read_text(encoding="utf-8") if Path(usage).exists() else ""
    for address, (status, _) in BILLS[design].items():
        assert status != USAGE or f"  {address}:" in asked
    for path in (small, shop, usage):
        assert not Path(path).exists() or SECRET not in Path(path).read_text(encoding="utf-8")


def test_no_answer_has_a_secret(capsys: Capsys) -> None:
    run = partial(costplan, capsys)
    for design in ("secrets", "opensearch", "site"):
        plan = document_of(DESIGNS / design)
        assert SECRET in plan.read_text(encoding="utf-8")
        for command, *options in ANSWERS:
            ended = run(command, str(plan), *options)
            assert ended.code == 0
            assert SECRET not in ended.out + ended.err


def test_a_price_that_hangs_on_a_secret_is_unknown() -> None:
    found = bill(str(document_of(DESIGNS / "secrets")))
    assert found.terraform is not None
    [hidden] = [row for row in found.terraform.resources if row.address == "yandex_compute_instance.hidden"]
    assert hidden.status == UNKNOWN
    assert hidden.unpriced == ("resources.memory",)


def test_what_a_plan_changes(capsys: Capsys) -> None:
    """A machine grows, a disk goes, one comes; one that is replaced and one that moves cost what they did."""
    plan = str(document_of(DESIGNS / "changed"))
    ended = costplan(capsys, "diff", plan, "-f", "json")
    assert ended.code == 0
    found = json.loads(ended.out)
    deltas = {row["name"]: Decimal(row["delta"]) for row in found["resources"] if Decimal(row["delta"]) != 0}
    assert deltas == {
        "grown": HOURS * (2 * CORE + 4 * RAM),
        "removed": -HOURS * 50 * SSD,
        "added": HOURS * 100 * HDD,
    }
    assert Decimal(found["delta"]) == sum(deltas.values())
    before = HOURS * (
        (2 * CORE + 2 * RAM + 10 * HDD) + (2 * CORE + 4 * RAM + 20 * SSD) + (50 + 40 + 60) * SSD
    )
    assert total_of("changed") - before == sum(deltas.values())

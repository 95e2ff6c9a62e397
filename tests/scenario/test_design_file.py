"""A design written as a scenario file loads again, and costs the same to the last digit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.scenario.export import design_document
from costplan.scenario.load import load_scenario


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


@pytest.mark.parametrize(
    ("reference", "sets"),
    [
        ("stage1:half-core+archive", ()),
        ("stage2:lean+office-hours", ()),
        (
            "stage2",
            ("resources.api.disks[0].size=93 GB", "resources.secrets=~", "workload.monthly_requests=7M"),
        ),
        ("stage2", ("workload.slo=p95 <= 50 ms", "resources.inference.hours=9-18 mon-fri")),
        ("stage3:managed-opensearch+embedded-keeper", ()),
        ("stage3", ('resources.elk.note="a: b # c, [d]"', "resources.clickhouse.hosts.count=4")),
    ],
)
def test_a_design_loads_and_prices_as_it_did(
    reference: str, sets: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    design = load_scenario(reference, catalog, sets=sets)
    file = tmp_path / "chosen.yaml"
    file.write_text(design_document(design, reference.partition(":")[0], file, "words"), encoding="utf-8")
    again = load_scenario(str(file), catalog)
    assert again.model.scenario == "chosen"
    one, other = price_scenario(design), price_scenario(again)
    assert other.total == one.total
    assert other.resources == one.resources
    assert other.budget == one.budget
    assert other.unmet == one.unmet
    assert again.model.workload == design.model.workload


BASE = """\
scenario: shop
extends: stage2
resources:
  monitoring: ~
  api: {memory: 8 GB}
"""


def test_a_design_of_a_file_extends_that_file_wherever_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "mine" / "shop.yaml").write_text(
        BASE.replace("  api:", "  inference: {talks_to: [models]}\n  api:").replace(
            "{memory: 8 GB}", "{memory: 8 GB, talks_to: [inference, database]}"
        )
    )
    design = load_scenario("mine/shop.yaml", catalog, sets=["resources.inference.preemptible=true"])
    file = Path("out/chosen.yaml")
    text = design_document(design, "mine/shop.yaml", file, "words")
    file.write_text(text, encoding="utf-8")
    assert "extends: ../mine/shop.yaml\n" in text
    assert price_scenario(load_scenario(str(file), catalog)).total == price_scenario(design).total


def test_a_design_from_standard_input_stands_alone(tmp_path: Path) -> None:
    design = load_scenario("stage3:lean", catalog)
    file = tmp_path / "alone.yaml"
    file.write_text(design_document(design, "-", file, "two\nlines"), encoding="utf-8")
    again = load_scenario(str(file), catalog)
    assert price_scenario(again).total == price_scenario(design).total
    assert "extends" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "scenario"), [("cheap-one", "cheap-one"), ("Design 1", "stage1-plan")])
def test_the_file_gives_the_scenario_its_name_where_it_is_one(
    name: str, scenario: str, tmp_path: Path
) -> None:
    design = load_scenario("stage1", catalog)
    text = design_document(design, "stage1", tmp_path / f"{name}.yaml", "words")
    assert f"\nscenario: {scenario}\n" in text

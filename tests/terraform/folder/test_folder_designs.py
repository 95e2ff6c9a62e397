"""A folder read without Terraform is the bill of its plan, to the last digit and in every class."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

DESIGNS = Path(__file__).parent.parent / "designs"
PLANNED = sorted(plan.parent.name for plan in DESIGNS.glob("*/plan.json"))
UNLIKE = {"boot-disks"}
"""Designs with an image that Terraform looks up, and nobody else: the plan knows its size."""


def bill(reference: Path) -> Estimate:
    found = price_scenario(load_scenario(str(reference), Catalog.shipped))
    assert found.terraform is not None
    section = replace(found.terraform, file="", without_terraform=False)
    return replace(found, scenario="", title={}, terraform=section)


@pytest.mark.parametrize("name", [name for name in PLANNED if name not in UNLIKE])
def test_the_folder_of_a_design_is_its_plan(name: str) -> None:
    folder, plan = bill(DESIGNS / name), bill(DESIGNS / name / "plan.json")
    assert folder.total == plan.total
    assert folder.terraform == plan.terraform
    assert {one.name: one for one in folder.resources} == {one.name: one for one in plan.resources}


def test_an_image_is_not_looked_up_and_its_disk_is_in_no_amount() -> None:
    """The plan takes the 8 GB of the image's smallest disk as the server's default."""
    name = "yandex_compute_instance.of_image"
    folder, plan = bill(DESIGNS / "boot-disks"), bill(DESIGNS / "boot-disks" / "plan.json")
    assert folder.terraform is not None
    assert plan.terraform is not None
    assert folder.terraform.counts == plan.terraform.counts
    rows = [{one.address: one for one in section.resources} for section in (folder.terraform, plan.terraform)]
    assert [address for address in rows[0] if rows[0][address] != rows[1][address]] == [name]
    assert rows[0][name].unpriced == ("boot_disk.initialize_params.size",)
    assert "boot_disk.initialize_params.size" in rows[1][name].assumed

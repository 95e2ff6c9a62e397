"""Designs that Terraform itself planned: class and bill of every resource, as worked out by hand."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import lru_cache

import pytest
from design_bills import AS_OF, BILLS, NOTHING, UNPRICED, total_of
from terraform_stub.runs import DESIGNS, designs, document_of

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario


@lru_cache
def estimate(design: str) -> Estimate:
    document = document_of(DESIGNS / design)
    return price_scenario(load_scenario(str(document), Catalog.shipped, sets=(f"as_of={AS_OF}",)))


def classes(design: str) -> dict[str, str]:
    section = estimate(design).terraform
    assert section is not None
    return {row.address: row.status for row in section.resources}


def costs(design: str) -> dict[str, Decimal]:
    """Return the bill of each resource of the file, with what comes with it."""
    found = estimate(design)
    by_name = {one.name: one.monthly_cost for one in found.resources}
    assert found.terraform is not None
    return {
        row.address: sum((by_name[name] for name in row.resources), NOTHING)
        for row in found.terraform.resources
    }


def test_every_design_was_worked_out() -> None:
    assert [design.name for design in designs()] == list(BILLS)


@pytest.mark.parametrize("design", BILLS)
def test_the_class_of_every_resource(design: str) -> None:
    assert classes(design) == {address: status for address, (status, _) in BILLS[design].items()}


@pytest.mark.parametrize("design", BILLS)
def test_the_bill_of_every_resource(design: str) -> None:
    assert costs(design) == {address: cost for address, (_, cost) in BILLS[design].items()}
    assert estimate(design).total.gross == total_of(design)


@pytest.mark.parametrize("design", BILLS)
def test_the_classes_add_up_to_the_resources(design: str) -> None:
    section = estimate(design).terraform
    assert section is not None
    assert section.count == len(BILLS[design]) == sum(section.counts.values())
    expected = Counter(status for status, _ in BILLS[design].values())
    assert {status: count for status, count in section.counts.items() if count} == dict(expected)


@pytest.mark.parametrize("design", UNPRICED)
def test_what_has_no_price_is_counted_all_the_same(design: str) -> None:
    found: dict[str, Counter[str]] = {}
    for one in estimate(design).unpriced:
        if one.unit:
            found.setdefault(one.resource, Counter())[one.sku] += int(one.quantity)
    assert found == UNPRICED[design]


@pytest.mark.parametrize("design", BILLS)
def test_what_is_in_no_amount_is_said(design: str) -> None:
    """A resource that costs nothing is free, or the answer says what is missing and is a lower bound."""
    found = estimate(design)
    assert found.terraform is not None
    missing = {one.resource for one in found.unpriced}
    for row in found.terraform.resources:
        if costs(design)[row.address] == 0 and row.status != "free":
            assert missing & {row.address, *row.resources}, row.address


def test_lines_of_an_assumed_number_of_machines_are_assumed() -> None:
    """How many machines an autoscaled group has the load decides, and every line of it hangs on that."""
    lines = [line for one in estimate("group-auto").resources for line in one.line_items]
    assert len(lines) == 6
    assert {line.quantity_provenance for line in lines} == {"assumed"}
    fixed = [line for one in estimate("group-fixed").resources for line in one.line_items]
    assert {line.quantity_provenance for line in fixed} == {"stated"}

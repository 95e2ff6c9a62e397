"""The length of the month moves everything that is counted by the day or the hour."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario


@pytest.mark.parametrize("written", ["600", "{value: 600, assumed: a short month}"], ids=["bare", "assumed"])
def test_requests_per_day_and_hours_follow_the_stated_month(tmp_path: Path, written: str) -> None:
    path = tmp_path / "month.yaml"
    path.write_text(
        f"""\
scenario: month
title: A month of 600 hours
hours_per_month: {written}
workload: {{monthly_requests: 40/day, response_size: 0 B}}
resources:
  net: {{kind: network, role: network, addresses: 2}}
""",
        encoding="utf-8",
    )
    bill = price_scenario(load_scenario(str(path), Catalog.shipped))
    assert bill.workload["monthly_requests"] == 40 * Decimal(600) / 24
    [address] = [line for line in bill.resources[0].line_items if line.sku == "network.public_fips"]
    assert address.quantity == 2 * 600

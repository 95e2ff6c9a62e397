"""What a bill carries beside its amounts: where a price is from, which rule rounds, notes, the verdict."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.feasibility import feasibility
from costplan.scenario.load import load_scenario

CATALOG = Catalog.shipped()


def open_catalog(_: str) -> Catalog:
    return CATALOG


NOTED = """\
scenario: noted
extends: stage1
title: Noted
resources:
  storage: {note: kept by the auditors}
"""


def test_a_price_that_a_scenario_states_has_no_day_of_a_list() -> None:
    """The registry of stage 2 is priced by a stand-in; its machine by the prices of 2026-05-01."""
    bill = price_scenario(load_scenario("stage2", open_catalog))
    lines = {found.name: found.line_items for found in bill.resources}
    [stated] = lines["registry"]
    assert (stated.provenance, stated.effective_from, stated.checked) == ("assumed", None, None)
    assert stated.start_known
    listed = lines["api"][0]
    assert (listed.provenance, listed.effective_from) == ("third-party", date(2026, 5, 1))
    assert listed.checked is not None


def test_a_line_that_a_rule_rounds_says_which_reading_was_taken() -> None:
    bill = price_scenario(load_scenario("stage1", open_catalog))
    [api] = [found for found in bill.resources if found.name == "api"]
    readings = {line.sku.rpartition(".")[2]: line.metering for line in api.line_items}
    assert readings["invocations"] is None
    for metered in ("cpu", "memory"):
        found = readings[metered]
        assert found is not None
        assert (found.rule, found.reading, str(found.value), found.unit) == (
            "run-time-rounding", "total", "100", "ms",
        )  # fmt: skip


def test_the_verdict_of_a_bill_is_that_of_its_scenario() -> None:
    for name in ("stage1", "stage2", "stage3:preemptible"):
        scenario = load_scenario(name, open_catalog)
        bill, works = price_scenario(scenario), feasibility(scenario)
        assert (bill.verdict, bill.unmet, bill.quota_raises) == (
            works.verdict,
            works.unmet,
            works.quota_raises,
        )
        assert (bill.unknowns, bill.caveats) == (works.unknowns, works.caveats)
    assert works.caveats, "machines that may be stopped are said"
    assert works.quota_raises, "no T4 before it is asked for"


def test_a_note_holds_of_what_it_was_written_of(tmp_path: Path) -> None:
    """A change takes the note of its resource away, unless the note is the change."""
    (tmp_path / "noted.yaml").write_text(NOTED, encoding="utf-8")

    def notes(*sets: str) -> dict[str, dict[str, str]]:
        scenario = load_scenario(str(tmp_path / "noted.yaml"), open_catalog, sets=sets)
        return {found.name: dict(found.note) for found in price_scenario(scenario).resources if found.note}

    said = {"storage": {"en": "kept by the auditors"}}
    assert notes() == said
    assert notes("resources.api.memory=2 GB") == said
    assert notes("resources.storage.size=10 GB") == {}
    anew = notes("resources.storage.size=10 GB", "resources.storage.note=anew")
    assert anew == {"storage": {"en": "anew"}}

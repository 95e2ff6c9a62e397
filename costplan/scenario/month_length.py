"""A scenario in a month of another length: what is metered by the hour follows, what is counted stays."""

from __future__ import annotations

from fractions import Fraction

from costplan.scenario.load import build_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, Scalar

KEY = "hours_per_month"


def states_month(scenario: LoadedScenario) -> bool:
    """Say whether a scenario states how long its months are: then they are not those of the calendar."""
    return isinstance(scenario.node, Mapping) and KEY in scenario.node.entries


def in_month_of(scenario: LoadedScenario, hours: int) -> LoadedScenario:
    """Return a scenario in a month of so many hours.

    Schedules and shares of a month follow it; a stated number of hours stays, and is the whole of a month
    that has fewer. Requests stay as many as they were read.
    """
    found: LoadedScenario = scenario.remembered(("month", hours), lambda: _in_month_of(scenario, hours))
    return found


def _in_month_of(scenario: LoadedScenario, hours: int) -> LoadedScenario:
    node = scenario.node
    assert isinstance(node, Mapping)
    entries = {**node.entries, KEY: Scalar(str(hours), node.place)}
    document = Mapping(entries, {**node.key_places, KEY: node.place}, node.place)
    longest = Fraction(scenario.model.hours_per_month)
    found = build_scenario(
        document, lambda _: scenario.catalog, scenario.applied_variants, longest_hours=longest
    )
    kept = {"scenario": scenario.model.scenario, "workload": scenario.model.workload}
    return found.with_model(**kept)

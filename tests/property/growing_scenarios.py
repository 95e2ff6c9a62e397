"""Scenarios made by chance whose machines grow with the load, in many steps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from scenario_maker import Maker

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

GROWING = ("compute-instance", "kubernetes-node-group")


class Growing(Maker):
    """Makes scenarios with at least one resource that has a capacity.

    Args:
        slowest: Fewest requests per second that one machine serves, in thousandths.
        fastest: Most.
    """

    def __init__(self, seed: int, catalog: dict[str, Any], slowest: int = 1, fastest: int = 20_000) -> None:
        super().__init__(seed, catalog)
        self._range = slowest, fastest

    def scenario(self) -> dict[str, Any]:
        made = super().scenario()
        made["currency"] = "RUB"
        made.pop("budget", None)
        made["resources"]["grows"] = self.resource(self.one(GROWING))
        for resource in made["resources"].values():
            if resource["kind"] in GROWING and (resource is made["resources"]["grows"] or self.maybe()):
                resource["capacity"] = self.capacity()
                if resource.get("hours") in ("0 h", "0%", "0 days", "0.000 h", "0.00%"):
                    del resource["hours"]
        return made

    def capacity(self) -> dict[str, Any]:
        thousandths = self.random.randint(*self._range)
        made = {"requests_per_second": f"{thousandths // 1000}.{thousandths % 1000:03d}"}
        return made | self.plain(utilisation=lambda: f"{self.random.randint(5, 100)}%")


def loaded(document: Mapping[str, Any], catalog: Catalog, folder: Path) -> LoadedScenario:
    path = folder / "generated.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load_scenario(str(path), lambda _: catalog)


def at_load(scenario: LoadedScenario, requests: int) -> LoadedScenario:
    workload = scenario.model.workload.model_copy(update={"monthly_requests": Quantity(requests)})
    return replace(scenario, model=scenario.model.model_copy(update={"workload": workload}))


def full_loads(document: Mapping[str, Any], random: Random) -> list[int]:
    """Return whole numbers of requests that fill whole machines to the last one, where there are such."""
    found = []
    for one in _per_machine(document):
        found.append(one * one.denominator * random.randint(1, 50))
    return [int(load) for load in found if 1 <= load <= 10**9]


def filled(document: Mapping[str, Any]) -> set[int]:
    """Return the last load of each number of machines, between a thousand and a billion requests."""
    return {
        int(one * machines)
        for one in _per_machine(document)
        for machines in range(1, int(10**9 / one) + 1)
        if one * machines >= 10**3
    }


def _per_machine(document: Mapping[str, Any]) -> Iterator[Fraction]:
    """Give the requests a month that one machine serves, by hand, where it runs all the month."""
    month = Fraction(str(document.get("hours_per_month", "720"))) * 3600
    for resource in document["resources"].values():
        if "capacity" in resource and "hours" not in resource:
            capacity = resource["capacity"]
            share = Fraction(capacity.get("utilisation", "60%").rstrip("%")) / 100
            yield month * Fraction(capacity["requests_per_second"]) * share

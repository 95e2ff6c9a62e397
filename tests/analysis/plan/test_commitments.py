"""Commitments: as many units as are used for longer than the ratio of the prices, and no guessed price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import pytest

from costplan.analysis.plan.commitments import (
    CommitmentLine,
    commitment_lines,
    saving_of,
    units_to_commit,
)
from costplan.catalog.store import Catalog
from costplan.resources.deployment import Level
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

D = Decimal
MONTH = 720


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


def loaded(folder: Path, resources: str, workload: str = "monthly_requests: 0") -> LoadedScenario:
    path = folder / "made.yaml"
    path.write_text(
        f"scenario: made\ntitle: Made\nworkload: {{{workload}}}\nresources:\n{resources}", encoding="utf-8"
    )
    return load_scenario(str(path), catalog)


def lines(scenario: LoadedScenario, *terms: str) -> list[CommitmentLine]:
    return commitment_lines(scenario, "RUB", catalog().index.as_of, terms or ("m6", "y1"))


def one(scenario: LoadedScenario, term: str, words: str) -> CommitmentLine:
    [found] = [line for line in lines(scenario, term) if words in line.name]
    return found


def price(service: str, code: str) -> Decimal:
    found = catalog().price(service, code, "RUB", catalog().index.as_of)
    assert not isinstance(found, str)
    return found.rates[0].unit_price


@pytest.mark.parametrize("seed", range(100))
def test_the_committed_units_cost_the_least_of_all_numbers(seed: int) -> None:
    """Each whole number of units is tried: what is committed costs every hour, the rest the list price."""
    random = Random(seed)
    left, levels = MONTH, []
    while left > 0 and random.random() < 0.9:
        hours = random.randint(1, left)
        levels.append(Level(Fraction(random.randint(0, 12)), Fraction(hours)))
        left -= hours
    ratio = Fraction(random.randint(1, 99), 100)

    def cost(units: int) -> Fraction:
        above = sum((max(level.units - units, Fraction(0)) * level.hours for level in levels), Fraction(0))
        return ratio * units * MONTH + above

    chosen = units_to_commit(levels, ratio, Fraction(MONTH))
    assert chosen.denominator == 1
    assert cost(int(chosen)) == min(cost(units) for units in range(14))


POSTGRESQL = """\
  base:
    kind: managed-postgresql
    role: database
    hosts: {preset: s3-c2-m8, count: 2, storage: {type: network-ssd, size: 20 GB}}
"""


@pytest.mark.parametrize("term", ["m6", "y1"])
def test_what_runs_all_month_is_committed_whole_and_saves_the_difference(tmp_path: Path, term: str) -> None:
    found = one(loaded(tmp_path, POSTGRESQL), term, "vCPU")
    listed = price("managed-postgresql", "mdb.cluster.pg.v3.cpu.c100")
    committed = price("managed-postgresql", f"v1.commitment.selfcheckout.{term}.mdb.pg.cpu.c100.v3")
    assert found.commit == found.used == 4
    assert found.monthly_saving == (listed - committed) * 4 * MONTH
    assert found.break_even is not None
    assert abs(found.break_even - committed / listed) < D("1e-11")


def test_what_runs_for_too_few_hours_is_not_committed(tmp_path: Path) -> None:
    """The 6-month price of a host's vCPU is 85 % of the list price: 600 h of 720 are 83 %, 620 h are 86 %."""
    for hours, commit in ((600, 0), (620, 4)):
        scenario = loaded(tmp_path, POSTGRESQL + f"    hours: {hours} h\n")
        found = one(scenario, "m6", "vCPU")
        listed = price("managed-postgresql", "mdb.cluster.pg.v3.cpu.c100")
        committed = price("managed-postgresql", "v1.commitment.selfcheckout.m6.mdb.pg.cpu.c100.v3")
        assert found.commit == commit
        assert found.monthly_saving == (listed * hours - committed * MONTH) * commit
    assert (D(600) / 720, D(620) / 720) < (committed / listed, D(1))


MACHINE = "  api: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB%s}\n"


def test_a_price_that_is_not_known_is_said_and_never_computed(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, MACHINE % "")
    for term, words in (("m6", "6 months"), ("y1", "1 year")):
        found = one(scenario, term, "vCPU")
        assert found.committed_price is None
        assert found.monthly_saving == 0
        assert found.reason.startswith(f"no price for {words} is known for standard-v3 Intel Ice Lake")
    assert one(scenario, "y1", "RAM").committed_price == D("0.28")


@pytest.mark.parametrize(
    "more",
    [", preemptible: true", ", core_fraction: 20", ", platform: standard-v3-t4, gpu: 1"],
    ids=["preemptible", "share-of-a-core", "gpu"],
)
def test_what_no_commitment_covers_has_no_line_for_its_cores(tmp_path: Path, more: str) -> None:
    text = MACHINE % more
    if "t4" in more:
        text = text.replace("vcpu: 2, memory: 4 GB", "vcpu: 4, memory: 16 GB")
    assert not [line for line in lines(loaded(tmp_path, text)) if "vCPU" in line.name]


def test_zookeeper_hosts_are_not_committed(tmp_path: Path) -> None:
    text = """\
  events:
    kind: managed-clickhouse
    role: database
    hosts: {preset: s3-c2-m8, count: 2, storage: {type: network-ssd, size: 20 GB}}
"""
    skus = {line.sku for line in lines(loaded(tmp_path, text))}
    assert skus == {"mdb.cluster.clickhouse.v3.cpu.c100", "mdb.cluster.clickhouse.v3.ram"}


WEIGHTS = ", ".join(["4"] * 24 + ["1"] * 144)
"""One day of the week has four times the requests of each other."""


def test_machines_that_follow_the_week_are_committed_as_far_as_they_mostly_run(tmp_path: Path) -> None:
    """A day of 40 requests per second at 10 a machine, six days of 10: 4 machines for 1/7, else 1.

    A week has 10 * (4 + 6) * 24 * 3600 requests, a month of 720 h as many for 720/168 weeks. The RAM of a
    year costs 85 % of the list price: one machine, which always runs, is committed, three are not.
    """
    requests = Fraction(10 * 10 * 24 * 3600) * 720 / 168
    scenario = loaded(
        tmp_path,
        MACHINE % ", capacity: {requests_per_second: 10, utilisation: 100%, scaling: autoscaled}",
        f"monthly_requests: {int(requests)}, arrivals: {{weights: [{WEIGHTS}]}}",
    )
    levels = scenario.resources["api"].running_time(scenario.context).levels
    assert [(level.units, level.hours) for level in levels] == [
        (4, Fraction(720, 7)),
        (1, 720 * Fraction(6, 7)),
    ]
    found = one(scenario, "y1", "RAM")
    assert (found.used, found.commit) == (16, 4)
    listed = price("compute", "compute.vm.ram.v3")
    assert found.monthly_saving == (listed - D("0.28")) * 4 * MONTH


def test_the_saving_counts_only_terms_that_are_allowed(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, POSTGRESQL)
    day = catalog().index.as_of
    by_term = {term: sum(line.monthly_saving for line in lines(scenario, term)) for term in ("m6", "y1")}
    assert saving_of(scenario, "RUB", day, {"": ()}) == 0
    assert saving_of(scenario, "RUB", day, {"": ("m6",)}) == by_term["m6"]
    assert saving_of(scenario, "RUB", day, {"base": ("m6", "y1")}) == by_term["y1"]
    assert saving_of(scenario, "RUB", day, {"other": ("m6", "y1")}) == 0

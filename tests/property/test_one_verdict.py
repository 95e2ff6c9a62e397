"""Every command gives the same verdict on whether a design works.

60 scenarios by hand, 200 in continuous integration; set COSTPLAN_SCENARIOS to 10000 for more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from amounts import cases
from serving_scenarios import text

from costplan.analysis.bill.check import check
from costplan.analysis.bill.compare import compare
from costplan.analysis.curve.curve import curve
from costplan.analysis.plan.candidates import Start
from costplan.analysis.plan.demands import Demands
from costplan.analysis.plan.documents import Considered, PlanOptions
from costplan.analysis.plan.option_costs import Pricing
from costplan.analysis.plan.plan import make_plan
from costplan.analysis.timeline.timeline import Horizon, timeline
from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.choices import OpenChoices
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

SCENARIOS = cases(60, 200)
RULES = ("enough capacity", "SLO kept", "provider's limits kept")


def test_estimate_check_compare_curve_timeline_and_plan_agree(tmp_path: Path) -> None:
    catalog = Catalog.shipped()
    seen: Counter[str] = Counter()
    for seed in range(SCENARIOS):
        for scenario in _designs(seed, tmp_path, catalog):
            bill = price_scenario(scenario)
            seen[bill.verdict] += 1
            for command, verdict in _verdicts(scenario, bill):
                assert verdict == bill.verdict, (seed, scenario.name, command, bill.unmet, bill.unknowns)
    assert {"kept", "broken", "unknown"} == set(seen), "the scenarios say something"
    assert min(seen.values()) >= SCENARIOS // 10, seen


def _designs(seed: int, folder: Path, catalog: Catalog) -> Iterator[LoadedScenario]:
    path = folder / "made.yaml"
    path.write_text(text(seed), encoding="utf-8")
    own = load_scenario(str(path), lambda _: catalog)
    yield own
    if own.model.variants:
        yield load_scenario(f"{path}:other", lambda _: catalog)


def _verdicts(scenario: LoadedScenario, bill: Estimate) -> Iterator[tuple[str, str]]:
    yield "check", _checked(bill)
    [column] = compare([bill]).scenarios
    yield "compare", column.verdict
    requests = int(bill.workload["monthly_requests"] or 0)
    if requests:
        yield "curve", _on_the_curve(scenario, requests)
    months = timeline([scenario], Horizon(months=1, growth=Fraction(0)))
    yield "timeline", months.months[0].stages[0].verdict
    assert (months.months[0].stage is None) == (bill.verdict == "broken")
    yield "plan", _planned(scenario, bill)


def _checked(bill: Estimate) -> str:
    found = [one for one in check(bill, limit=Decimal(10**12)).checks if one.rule in RULES]
    if not all(one.passed for one in found):
        return "broken"
    return "unknown" if any(one.is_warning for one in found) else "kept"


def _on_the_curve(scenario: LoadedScenario, requests: int) -> str:
    found = curve([scenario], max(1, requests - 1), requests + 1, points=2)
    [line] = found.scenarios
    broken = any(one.start <= requests <= one.end for one in line.infeasible)
    verdict = "broken" if broken else "unknown" if line.unknowns else "kept"
    [best] = [one for one in found.cheapest if one.start <= requests <= one.end]
    assert best.verdict == verdict
    assert (best.scenario is None) == broken
    return verdict


def _planned(scenario: LoadedScenario, bill: Estimate) -> str:
    requests = bill.workload["monthly_requests"] or Decimal(0)
    wishes = PlanOptions(requests, None, None, 1, {}, True, True, ())
    pricing = Pricing("RUB", scenario.catalog.index.as_of, {})
    plan, _ = make_plan([Start(scenario, OpenChoices((), {}))], wishes, Demands(), pricing, lambda *_: None)
    row = _as_written(plan.considered, scenario)
    broken = {miss.what for miss in row.misses} & {"replicas", "slo", "limit"}
    assert not (broken and row.verdict == "chosen")
    return "broken" if broken else "unknown" if row.unknowns else "kept"


def _as_written(rows: tuple[Considered, ...], scenario: LoadedScenario) -> Considered:
    own = scenario.applied_variants
    return next(row for row in rows if not row.changes and row.variants == own)

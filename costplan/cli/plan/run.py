"""Run `costplan plan`: load, search, answer, write the chosen design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from costplan.analysis.plan.demands import Demands, zone_overrides
from costplan.analysis.plan.dimensions import with_changes
from costplan.analysis.plan.documents import Plan, PlanOptions
from costplan.analysis.plan.option_costs import Pricing
from costplan.analysis.plan.plan import Start, make_plan
from costplan.catalog.price import Currency
from costplan.cli.commands.compare import STAGES
from costplan.cli.inputs import currency_of, day_of, loaded_scenarios
from costplan.cli.options import Answer, Changes, Layers, Prices
from costplan.cli.output import check_places, show, write
from costplan.cli.places import SCENARIO_ENDINGS
from costplan.cli.plan.request import PlanRequest, budget_of, quotas_of, slo_override, terms_of, zones_of
from costplan.cli.report.progress import ReportProgress
from costplan.messages.errors import ExitCode, InputError
from costplan.messages.reason import Reason
from costplan.quantities.money import plain, quantized
from costplan.scenario.choices import open_choices
from costplan.scenario.export import design_document
from costplan.scenario.loaded import LoadedScenario

QUIET_S = 2.0
"""Shorter searches show no progress."""


def run(
    references: Sequence[str],
    asked: PlanRequest,
    answer: Answer,
    changes: Changes,
    prices: Prices,
    layers: Layers,
) -> int | None:
    """Plan and answer."""
    check_places(answer.form, answer.path, force=answer.force, others=SCENARIO_ENDINGS)
    found = loaded_scenarios(list(references) or STAGES, layers, changes, asked.variants)
    progress = SearchProgress()
    with progress:
        plan, design = plan_of(found, asked, prices, progress.step)
    _answer(plan, design, references or STAGES, answer)
    if any(search.stopped_early for search in plan.search):
        return ExitCode.INTERRUPTED
    return None if plan.chosen is not None else ExitCode.NO


def plan_of(
    found: Sequence[LoadedScenario],
    asked: PlanRequest,
    prices: Prices,
    progress: Callable[[str, int, int], None],
) -> tuple[Plan, LoadedScenario | None]:
    """Plan over loaded scenarios.

    Returns:
        The answer, and the chosen design.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    budget = budget_of(asked.budget)
    terms = terms_of(asked.commit)
    catalog = found[0].catalog
    of_budget = currency_of(budget[1], catalog, "--budget") if budget else None
    currency = _currency(currency_of(prices.currency, catalog), of_budget)
    zones = zones_of(asked.zones)
    quotas = quotas_of(asked.quotas)
    starts = [_start(one, asked, zones, _meant_for(one, asked.over, found)) for one in found]
    first = starts[0].scenario
    pricing = Pricing(
        currency or first.currency,
        day_of(prices.as_of) or first.model.as_of or first.catalog.index.as_of,
        {"": terms},
    )
    demands = Demands(
        budget=budget[0] if budget else None,
        quotas=quotas,
        zones=zones,
        allows_preemptible=asked.allow_preemptible or not (asked.no_preemptible or zones > 1),
        allows_shorter_hours=asked.allow_shorter_hours,
        within_quotas=asked.within_quotas,
    )
    return make_plan(starts, _wishes(starts, demands, terms), demands, pricing, progress)


def _currency(asked: Currency | None, budget: Currency | None) -> Currency | None:
    if asked is not None and budget is not None and asked != budget:
        raise InputError(
            f"the budget is in {budget} and the plan in {asked}: there is no exchange rate",
            hint=f"leave --currency out, or give the budget in {asked}",
        )
    return budget or asked


def _start(scenario: LoadedScenario, asked: PlanRequest, zones: int, over: Sequence[str]) -> Start:
    overrides = [*slo_override(asked.slo), *(zone_overrides(scenario, zones) if zones > 1 else ())]
    changed = with_changes(scenario, overrides)
    return Start(changed, open_choices(changed, over))


def _meant_for(scenario: LoadedScenario, over: Sequence[str], others: Sequence[LoadedScenario]) -> list[str]:
    """Leave out what only another of several scenarios has; what none has is a mistake."""

    def has(one: LoadedScenario, text: str) -> bool:
        top, _, rest = text.partition("=")[0].strip().partition(".")
        return top != "resources" or rest.partition(".")[0] in one.resources

    return [text for text in over if has(scenario, text) or not any(has(other, text) for other in others)]


def _wishes(starts: Sequence[Start], demands: Demands, terms: tuple[str, ...]) -> PlanOptions:
    workload = starts[0].scenario.model.workload
    promises = {_promise(start.scenario) for start in starts}
    promise = promises.pop() if len(promises) == 1 else Reason("each its own promise")
    return PlanOptions(
        monthly_requests=quantized(workload.monthly_requests.value),
        slo=promise,
        budget=demands.budget,
        zones=demands.zones,
        quotas={name: quantized(limit) for name, limit in demands.quotas.items()},
        preemptible_allowed=demands.allows_preemptible,
        shorter_hours_allowed=demands.allows_shorter_hours,
        within_quotas=demands.within_quotas,
        commitments=terms,
    )


def _promise(scenario: LoadedScenario) -> str | None:
    slo = scenario.model.workload.slo
    if slo is None:
        return None
    percentile, milliseconds = (
        plain(quantized(part)) for part in (slo.percentile.value * 100, slo.latency.value * 1000)
    )
    return f"p{percentile} <= {milliseconds} ms"


def _answer(plan: Plan, design: LoadedScenario | None, references: Sequence[str], answer: Answer) -> None:
    form, path, force = answer
    if path is not None and path.suffix.lower() in SCENARIO_ENDINGS:
        show(plan, form, None, force)
        if design is not None:
            names = {reference.partition(":")[0]: reference for reference in references}
            base = next((n for n in names if Path(n).stem == design.model.scenario), next(iter(names)))
            write(design_document(design, base, path, plan.chosen or ""), path, force=force)
        return
    show(plan, form, path, force)


class SearchProgress(ReportProgress):
    """Shows how far a search is once it has taken a while."""

    def __init__(self) -> None:
        super().__init__()
        import time

        self._clock = time.monotonic
        self._begun = self._shown = self._clock()

    def step(self, what: str, done: int, whole: int) -> None:
        """Show a step, at most five times per second."""
        if not self.is_shown:
            return
        now = self._clock()
        if now - self._begun > QUIET_S and now - self._shown > 0.2:
            self._shown = now
            self(f"{what}: {done:,} of {whole:,}; Ctrl-C ends with the best so far")

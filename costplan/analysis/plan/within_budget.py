"""What keeps a budget that a design breaks: what `costplan plan` takes within it, by the same search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod

from costplan.analysis.plan.candidates import Start
from costplan.analysis.plan.demands import Demands
from costplan.analysis.plan.option_costs import Pricing
from costplan.analysis.plan.plan import chosen_of, searched
from costplan.messages.errors import InputError, MissingExtraError
from costplan.quantities.money import exact_sum
from costplan.scenario.choices import open_choices
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import Budget

MOST_TRIED = 2_000
"""Combinations of variants and choices beyond which a search is left to `costplan plan`."""


@dataclass(frozen=True, slots=True)
class Cure:
    """The cheapest design of a scenario that meets SLO, limits and its budget."""

    name: str
    """As `costplan plan` names it: `stage2:lean`, `shop, api.vcpu=2`."""
    titles: tuple[dict[str, str], ...]
    """Of its variants."""
    cost: Decimal
    """A month, in the budget's currency."""
    scenario: LoadedScenario


@dataclass(frozen=True, slots=True)
class CureSearch:
    """What became of the search for a cure."""

    cure: Cure | None
    """None where no design keeps the budget, or none was looked for."""
    is_whole: bool
    """Whether every design was looked at."""


def budget_total(budget: Budget) -> Decimal:
    """Return the budget of the whole design."""
    return budget.total if budget.total is not None else exact_sum([part.amount for part in budget.parts])


def cure_of(scenario: LoadedScenario, day: date) -> CureSearch:
    """Search as `costplan plan SCENARIO --budget` does, where there is little enough to look at."""
    budget = scenario.model.budget
    if budget is None:
        return CureSearch(None, False)
    try:
        start = Start(scenario, open_choices(scenario))
        if _tried(start) > MOST_TRIED:
            return CureSearch(None, False)
        demands = Demands(budget=budget_total(budget))
        outcome = searched(start, demands, Pricing(budget.currency, day, {"": ()}), lambda *_: None)
    except (InputError, MissingExtraError):
        return CureSearch(None, False)
    found = chosen_of([outcome.best] if outcome.best is not None else [], demands)
    if found is None:
        return CureSearch(None, not outcome.found.stopped)
    if found.unpriced:
        return CureSearch(None, False)
    applied = (*scenario.applied_variants, *found.variants)
    titles = tuple(scenario.model.variants[name].title for name in applied if name in scenario.model.variants)
    return CureSearch(Cure(found.name, titles, found.cost, found.scenario()), True)


def _tried(start: Start) -> int:
    choices: int = prod(len(choice.values) for choice in start.open.choices)
    variants: int = 2 ** len(start.scenario.model.variants)
    return choices * variants

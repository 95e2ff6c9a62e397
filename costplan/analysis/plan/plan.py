"""The cheapest design that meets the demands: searched, priced again exactly, and why the others lose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Literal

from costplan.analysis.curve.most_requests import most_requests
from costplan.analysis.plan.advice import default_choices, nearest, notes_of, steps_of
from costplan.analysis.plan.candidates import DesignCandidate, PlanOutcome, Start
from costplan.analysis.plan.commitments import commitment_lines, saving_of
from costplan.analysis.plan.demands import Demands, quota_miss
from costplan.analysis.plan.design_space import Progress, Space, design_space
from costplan.analysis.plan.dimensions import compatible
from costplan.analysis.plan.documents import (
    PLAN_SCHEMA,
    Base,
    Committing,
    Considered,
    Plan,
    PlanOptions,
    PlanViolation,
    Search,
)
from costplan.analysis.plan.option_costs import Option, Pricing, cost_of
from costplan.analysis.plan.search import MAX_ENUMERATED, Design, Found, cheapest, designs_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.catalog_stamp import joined_stamps
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import BudgetReport, Estimate
from costplan.pricing.feasibility import Violation, raise_of
from costplan.pricing.not_billed import not_billed
from costplan.quantities.money import EXACT, plain, quantized
from costplan.scenario.document.overrides import dotted, shown_value
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import Budget

MAX_LISTED = 100
"""Most designs that the document lists."""
LOADS_LISTED = 12
"""Of how many designs the most requests are worked out: each takes a part of a second."""
NEAR = Decimal("1.05")
"""Designs within 5 % of the best are named: other reasons than money may decide between them."""


def make_plan(
    starts: Sequence[Start], options: PlanOptions, demands: Demands, pricing: Pricing, progress: Progress
) -> tuple[Plan, LoadedScenario | None]:
    """Plan over one scenario or several at one load.

    Args:
        starts: Scenarios with the requested load, SLO and zones applied.
        options: For the document.
        demands: What the search obeys.
        pricing: Currency, day and terms of commitments.
        progress: Told what is done.

    Returns:
        The document, and the chosen design.

    Raises:
        InputError: A choice is wrong, or the scenarios' loads differ.
    """
    loads = {start.scenario.model.workload.monthly_requests.value for start in starts}
    if len(loads) > 1:
        raise InputError("the scenarios have different loads", hint="plan at one load: --requests 5M")
    outcomes = [searched(start, demands, pricing, progress) for start in starts]
    chosen = chosen_of([outcome.best for outcome in outcomes if outcome.best is not None], demands)
    everything = _listed([c for o in outcomes for c in o.candidates], chosen)
    rows = [_row(candidate, chosen) for candidate in everything[:MAX_LISTED]]
    if demands.budget is not None:
        rows = _with_loads(rows, everything, demands.budget, pricing, progress)
    design = chosen.scenario() if chosen is not None else None
    bill = _priced(design, demands, pricing) if design is not None else None
    first = _priced(starts[0].scenario, demands, pricing)
    if chosen is not None:
        pricing = chosen.space.pricing
    assert chosen is None or bill is None or _agrees(chosen, bill, design, pricing)
    return Plan(
        schema=PLAN_SCHEMA,
        currency=pricing.currency,
        vat=first.vat,
        catalog=joined_stamps([first.catalog, *([bill.catalog] if bill is not None else [])]),
        wishes=options,
        bases=tuple(_base(start.scenario, demands, pricing) for start in starts),
        search=tuple(map(_search, outcomes)),
        chosen=chosen.name if chosen else None,
        considered=tuple(rows),
        not_listed=max(0, len(everything) - MAX_LISTED),
        budget=bill.budget if bill is not None else None,
        steps=tuple(steps_of(design, chosen.cost, demands, pricing)) if design and chosen else (),
        nearest=tuple(nearest(rows, pricing.currency)) if chosen is None else (),
        commitments=tuple(_committing(design, pricing)) if design is not None else (),
        notes=tuple(notes_of(design)) if design and chosen else tuple(_left_out(starts)),
    ), design


def _agrees(chosen: DesignCandidate, bill: Estimate, design: LoadedScenario | None, pricing: Pricing) -> bool:
    """Say whether the engine prices the chosen design as the search did."""
    assert design is not None
    saving = saving_of(design, pricing.currency, pricing.day, pricing.terms)
    return EXACT.subtract(bill.total.monthly_cost, saving) == chosen.cost


def searched(start: Start, demands: Demands, pricing: Pricing, progress: Progress) -> PlanOutcome:
    base = start.scenario
    variants = compatible(base, list(base.model.variants))
    choices = start.open.choices
    if not choices and not variants and not base.applied_variants:
        choices = tuple(default_choices(base))
    terms = {**pricing.terms, **start.open.terms}
    space = design_space(base, choices, variants, demands, replace(pricing, terms=terms), progress)
    found = Found(None, "enumeration", True)
    for blocks in _by_preference(space):
        found = cheapest(blocks, space.rates, _limits(space, demands), progress)
        if found.best is not None or found.stopped:
            break
    outcome = PlanOutcome(space, found, None)
    if found.best is not None:
        outcome.best = _candidate(space, found.best, demands)
    outcome.candidates = list(_considered(space, found, demands))
    if found.best is None and space.size > MAX_ENUMERATED:
        outcome.candidates += _but_for_one(space, demands, progress)
    return outcome


def _by_preference(space: Space) -> Iterator[list[list[Option]]]:
    """Give what may be chosen, the best known first; the same order as `pricing.feasibility.preference`."""
    allowed = [[option for option in block if not option.misses] for block in space.blocks]
    complete = [[option for option in block if not option.unpriced] for block in allowed]
    yield [_known(block) for block in complete]
    yield complete
    yield [_known(block) for block in allowed]
    yield allowed


def _known(block: Sequence[Option]) -> list[Option]:
    """Return the options of which it is known that they work; all where it is known of none."""
    return [option for option in block if not option.unknowns] or list(block)


def _is_known_to_work(option: Option) -> bool:
    """Say whether nothing leaves open if an option works: one of its block that does is not chosen then."""
    return not (option.misses or option.unknowns or option.unpriced)


def _but_for_one(space: Space, demands: Demands, progress: Progress) -> Iterator[DesignCandidate]:
    """Give the cheapest designs of a large space that miss one demand alone."""
    kinds = {miss.what for block in space.blocks for option in block for miss in option.misses}
    limits = _limits(space, demands)
    for kind in sorted(kinds | ({"quota"} if limits else set())):
        allowed = [[o for o in block if {m.what for m in o.misses} <= {kind}] for block in space.blocks]
        found = cheapest(allowed, space.rates, {} if kind == "quota" else limits, progress)
        if found.best is not None:
            yield _candidate(space, found.best, demands)


def _candidate(space: Space, design: Design, demands: Demands) -> DesignCandidate:
    cost = cost_of(design, space.rates)
    misses = [miss for option in design for miss in option.misses]
    for name, limit in demands.quotas.items():
        used = _used(design, name)
        if used > limit:
            needed, available = quantized(used), quantized(limit)
            misses.append(
                PlanViolation(
                    "quota",
                    Reason(
                        "needs {needed} {name}, the quota is {available}",
                        plain(needed),
                        name,
                        plain(available),
                    ),
                    needed,
                    available,
                )
            )
    if demands.within_quotas:
        misses += map(quota_miss, _account_raises(space, design))
    if demands.budget is not None and cost > demands.budget:
        misses.append(PlanViolation("budget", Reason("over the budget"), cost, demands.budget))
    if any(option.unpriced for option in design):
        misses.append(PlanViolation("unpriced", Reason("prices are missing: the cost is a lower bound")))
    for option, block in zip(design, space.blocks, strict=True):
        if option.unknowns and any(map(_is_known_to_work, block)):
            misses += [PlanViolation("unknown", str(one), resource=one.resource) for one in option.unknowns]
    return DesignCandidate(space, design, cost, tuple(misses))


def _limits(space: Space, demands: Demands) -> dict[str, Fraction]:
    """Return the most that designs may take of each quota."""
    return {**demands.quotas, **(space.allowed() if demands.within_quotas else {})}


def _used(design: Design, name: str) -> Fraction:
    return sum((option.uses.get(name, Fraction(0)) for option in design), Fraction(0))


def _account_raises(space: Space, design: Design) -> Iterator[Violation]:
    """Give the account's quotas that must be raised for a design."""
    for key, most in space.allowed().items():
        used = _used(design, key)
        if used > most:
            yield raise_of("", key, space.account[key].quota.unit or "", used, most)


def _considered(space: Space, found: Found, demands: Demands) -> Iterator[DesignCandidate]:
    """Give all designs of a small space; of a large one, those that differ from the best in one block."""
    if space.size <= MAX_ENUMERATED:
        for design in designs_of(space.blocks):
            yield _candidate(space, design, demands)
        return
    first = found.best or tuple(block[0] for block in space.blocks)
    yield _candidate(space, first, demands)
    for position, block in enumerate(space.blocks):
        for option in islice(block, MAX_ENUMERATED):
            if option is not first[position]:
                neighbour = (*first[:position], option, *first[position + 1 :])
                yield _candidate(space, neighbour, demands)


def chosen_of(best: Sequence[DesignCandidate], demands: Demands) -> DesignCandidate | None:
    """Take the cheapest of those that are known best: their prices, and that they work."""
    first = min((candidate.rank for candidate in best), default=0)
    allowed = [
        candidate
        for candidate in best
        if candidate.rank == first and (demands.budget is None or candidate.cost <= demands.budget)
    ]
    return min(allowed, key=lambda candidate: candidate.cost, default=None)


def _listed(candidates: Sequence[DesignCandidate], chosen: DesignCandidate | None) -> list[DesignCandidate]:
    """Put the chosen design first, then those that meet all demands, the cheapest first."""

    def order(candidate: DesignCandidate) -> tuple[bool, bool, Decimal, int]:
        is_chosen = chosen is not None and candidate.design == chosen.design
        changes = sum(len(option.alternatives) for option in candidate.design)
        return not is_chosen, bool(candidate.misses), candidate.cost, changes

    return sorted(candidates, key=order)


def _row(candidate: DesignCandidate, chosen: DesignCandidate | None) -> Considered:
    is_chosen = chosen is not None and candidate.design == chosen.design
    difference = EXACT.subtract(candidate.cost, chosen.cost) if chosen is not None else None
    near = chosen is not None and not candidate.misses and candidate.cost <= EXACT.multiply(chosen.cost, NEAR)
    changes = {
        dotted(override.path): shown_value(override.value)
        for option in candidate.design
        for alternative in option.alternatives
        if alternative.variant is None
        for override in alternative.overrides
    }
    return Considered(
        name=candidate.name,
        scenario=candidate.space.base.model.scenario,
        variants=(*candidate.space.base.applied_variants, *candidate.variants),
        changes=changes,
        monthly_cost=candidate.cost,
        dearer_by=difference,
        verdict="chosen" if is_chosen else _verdict(candidate.misses),
        misses=candidate.misses,
        near_best=near and not is_chosen,
        preemptible=tuple(name for option in candidate.design for name in option.preemptible),
        unpriced=candidate.unpriced,
        unknowns=candidate.unknowns,
        caveats=tuple(caveat for option in candidate.design for caveat in option.caveats),
        quota_raises=(
            *(raised for option in candidate.design for raised in option.own_raises),
            *_account_raises(candidate.space, candidate.design),
        ),
    )


def _verdict(misses: Sequence[PlanViolation]) -> Literal["dearer", "cannot", "unknown"]:
    if not misses:
        return "dearer"
    return "unknown" if all(miss.what == "unknown" for miss in misses) else "cannot"


def _with_loads(
    rows: Sequence[Considered],
    candidates: Sequence[DesignCandidate],
    budget: Decimal,
    pricing: Pricing,
    progress: Progress,
) -> list[Considered]:
    """Work out the most requests of the first designs."""
    found = list(rows)
    try:
        for number, candidate in enumerate(candidates[: min(LOADS_LISTED, len(rows))]):
            progress(Reason("most requests within the budget"), number, LOADS_LISTED)
            most, ends = most_requests(candidate.scenario(), budget, pricing.currency, pricing.day)
            found[number] = replace(rows[number], most_requests=most, most_requests_ends=ends)
    except KeyboardInterrupt:
        return found
    return found


def _priced(scenario: LoadedScenario, demands: Demands, pricing: Pricing) -> Estimate:
    """Price a scenario; a budget that was asked for takes the place of the scenario's own total."""
    own = scenario.model.budget
    if demands.budget is not None:
        parts = own.parts if own is not None and own.currency == pricing.currency else ()
        budget = Budget.model_construct(currency=pricing.currency, parts=parts, total=demands.budget)
        scenario = scenario.with_model(budget=budget)
    return price_scenario(scenario, currency=pricing.currency, as_of=pricing.day)


def _left_out(starts: Sequence[Start]) -> Iterator[str]:
    """Say what workloads state and no resource bills, each once."""
    yield from dict.fromkeys(str(one) for start in starts for one in not_billed(start.scenario))


def _base(scenario: LoadedScenario, demands: Demands, pricing: Pricing) -> Base:
    bill = _priced(scenario, demands, pricing)
    budget: BudgetReport | None = bill.budget
    return Base(
        scenario.name, bill.title, bill.total.monthly_cost, len(bill.unpriced), budget, bill.not_billed
    )


def _search(outcome: PlanOutcome) -> Search:
    space, found = outcome.space, outcome.found
    return Search(
        method=found.method,
        designs=space.size,
        dropped=space.dropped.total(),
        dropped_reasons=dict(space.dropped.most_common(10)),
        proved=found.proved and not space.stopped and not found.stopped,
        stopped_early=space.stopped or found.stopped,
    )


def _committing(design: LoadedScenario, pricing: Pricing) -> Iterator[Committing]:
    lines = commitment_lines(design, pricing.currency, pricing.day)
    allowed = {term for terms in pricing.terms.values() for term in terms}
    for term in design.catalog.index.commitment_terms:
        own = tuple(line for line in lines if line.term == term)
        if own:
            saving = sum((line.monthly_saving for line in own), Decimal(0))
            yield Committing(term, saving, term in allowed, own)

"""What a plan is asked for: its options as they were written, read and carried out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.plan.candidates import Start
from costplan.analysis.plan.demands import QUOTAS, Demands, zone_overrides
from costplan.analysis.plan.dimensions import with_changes
from costplan.analysis.plan.documents import Plan, PlanOptions
from costplan.analysis.plan.option_costs import Pricing
from costplan.analysis.plan.plan import make_plan
from costplan.catalog.price import Currency
from costplan.inputs.bundles import Prices
from costplan.inputs.values import currency_of, day_of, money_of, one_of, slo_of
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.pricing.stated_slo import stated_slo
from costplan.quantities.money import parse_decimal, quantized
from costplan.quantities.units import BYTES_PER_GB, parse_size
from costplan.scenario.choices import NO_COMMITMENT, open_choices
from costplan.scenario.document.overrides import Override
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import scalar_from_text

MAX_ZONES = 10


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The options as they were written."""

    over: tuple[str, ...] = ()
    slo: str | None = None
    budget: str | None = None
    zones: str | None = None
    quotas: tuple[str, ...] = ()
    no_preemptible: bool = False
    allow_preemptible: bool = False
    allow_shorter_hours: bool = False
    commit: str | None = None
    variants: tuple[str, ...] = ()
    within_quotas: bool = False


def plan_of(
    found: Sequence[LoadedScenario],
    request: PlanRequest,
    prices: Prices,
    progress: Callable[[str, int, int], None],
) -> tuple[Plan, LoadedScenario | None]:
    """Plan over loaded scenarios.

    Returns:
        The answer, and the chosen design.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    budget = budget_of(request.budget)
    catalog = found[0].catalog
    terms = terms_of(request.commit, catalog.index.commitment_terms)
    of_budget = currency_of(budget[1], catalog, "--budget") if budget else None
    currency = _currency(currency_of(prices.currency, catalog), of_budget)
    zones = zones_of(request.zones)
    quotas = quotas_of(request.quotas)
    starts = [_start(one, request, zones, _meant_for(one, request.over, found)) for one in found]
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
        allows_preemptible=request.allow_preemptible or not (request.no_preemptible or zones > 1),
        allows_shorter_hours=request.allow_shorter_hours,
        within_quotas=request.within_quotas,
    )
    return make_plan(starts, _wishes(starts, demands, terms), demands, pricing, progress)


def _currency(asked: Currency | None, budget: Currency | None) -> Currency | None:
    if asked is not None and budget is not None and asked != budget:
        raise InputError(
            Reason(
                "the budget is in {budget} and the plan in {asked}: there is no exchange rate", budget, asked
            ),
            hint=Reason("leave --currency out, or give the budget in {asked}", asked),
        )
    return budget or asked


def _start(scenario: LoadedScenario, request: PlanRequest, zones: int, over: Sequence[str]) -> Start:
    overrides = [*slo_override(request.slo), *(zone_overrides(scenario, zones) if zones > 1 else ())]
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
    slos = {_slo(start.scenario) for start in starts}
    slo = slos.pop() if len(slos) == 1 else Reason("each its own SLO")
    return PlanOptions(
        monthly_requests=quantized(workload.monthly_requests.value),
        slo=slo,
        budget=demands.budget,
        zones=demands.zones,
        quotas={name: quantized(limit) for name, limit in demands.quotas.items()},
        preemptible_allowed=demands.allows_preemptible,
        shorter_hours_allowed=demands.allows_shorter_hours,
        within_quotas=demands.within_quotas,
        commitments=terms,
    )


def _slo(scenario: LoadedScenario) -> str | None:
    stated = stated_slo(scenario.model.workload.slo)
    return str(stated) if stated is not None else None


def budget_of(text: str | None) -> tuple[Decimal, Currency] | None:
    """Read `235USD`.

    Raises:
        InputError: It is no amount with one of the catalog's currencies.
    """
    if text is None:
        return None
    money = money_of("--budget", text)
    return money.amount, money.currency


def slo_override(text: str | None) -> list[Override]:
    """Read `p99 <= 100 ms` as a change to the workload.

    Raises:
        InputError: It is not an SLO.
    """
    if text is None:
        return []
    slo_of(text)
    return [
        Override(("workload", "slo"), scalar_from_text(f'"{text}"', f"--slo {visible(text[:60])}"), "--slo")
    ]


def zones_of(text: str | None) -> int:
    """Read a number of zones.

    Raises:
        InputError: It is not from 1 to `MAX_ZONES`.
    """
    if text is None:
        return 1
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= MAX_ZONES:
        shown = visible(text[:40])
        raise InputError(
            Reason("--zones: must be from 1 to {most}, got `{shown}`", MAX_ZONES, shown), hint="--zones 3"
        )
    return int(text)


def quotas_of(texts: Sequence[str]) -> dict[str, Fraction]:
    """Read what no design may exceed; the quotas of the account are another matter.

    Raises:
        InputError: There is no such quota, or its value is no number.
    """
    found: dict[str, Fraction] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        shown = f"--quota {visible(text[:60])}"
        if not equals:
            raise InputError(Reason("{option}: must be name=most", shown), hint="--quota gpu=2")
        if name not in QUOTAS:
            hint = did_you_mean(name, QUOTAS) or Reason("known: {names}", listed(QUOTAS))
            raise InputError(
                Reason("{option}: there is no quota `{name}`", shown, visible(name[:40])), hint=hint
            )
        read: Callable[[str], Fraction] = _memory if name == "memory" else _count
        try:
            found[name] = read(value)
        except ValueError as error:
            raise InputError(Reason("{option}: {why}", option=shown, why=error)) from None
    return found


def _count(text: str) -> Fraction:
    return Fraction(parse_decimal(text))


def _memory(text: str) -> Fraction:
    return parse_size(text) / BYTES_PER_GB


def terms_of(text: str | None, terms: Sequence[str]) -> tuple[str, ...]:
    """Read `y1`, `m6,y1` or `none`; the terms are the catalog's.

    Raises:
        InputError: It is none of them.
    """
    words = [word.strip() for word in (NO_COMMITMENT if text is None else text).split(",")]
    known = (NO_COMMITMENT, *terms)
    if not terms and words != [NO_COMMITMENT]:
        raise InputError("--commit: the catalog sells no commitments")
    found = [one_of("--commit", word, known) for word in words]
    return tuple(term for term in terms if term in found)

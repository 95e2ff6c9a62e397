"""The designs that a scenario leaves open, in blocks of resources that can be chosen one by one.

A block is a set of resources that some choice or variant touches together; blocks do not know each other, so
the costs of their options add up, but for SKUs with tiers, whose quantities do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import prod

from costplan.analysis.plan.demands import Demands, machines_of, misses_of, own_raises, preemptible_of
from costplan.analysis.plan.dimensions import (
    Alternative,
    Dimension,
    choice_dimension,
    clash,
    groups_of,
    variant_dimensions,
    with_changes,
    without_choices,
)
from costplan.analysis.plan.documents import PlanViolation
from costplan.analysis.plan.option_costs import Option, Pricing, block_costs
from costplan.catalog.model import Rate
from costplan.messages.errors import Fault, InputError, Refusal
from costplan.messages.reason import Reason, join_reasons
from costplan.pricing.components import SkuKey
from costplan.pricing.feasibility import Feasibility, account_uses, feasibility
from costplan.quantities.money import EXACT
from costplan.resources.contract import QuotaUse
from costplan.scenario.choices import Choice
from costplan.scenario.load import CheckedResources
from costplan.scenario.loaded import LoadedScenario

MOST_KEPT = 2_000
"""Resources that are remembered from one design to the next: those that a choice leaves alone come again."""
MAX_OPTIONS = 20_000
"""Most combinations of one block, each of which is put together and checked: some minutes."""
Progress = Callable[[str, int, int], None]
"""What is done, how many, of how many."""


@dataclass(slots=True)
class Space:
    """All designs of one scenario."""

    base: LoadedScenario
    pricing: Pricing
    blocks: list[list[Option]] = field(default_factory=list)
    rates: dict[SkuKey, Sequence[Rate]] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    """Reason -> combinations that are not sold."""
    stopped: bool = False
    """Whether there are combinations that were not looked at."""

    account: dict[str, QuotaUse] = field(default_factory=dict)
    """The account's quotas that any option takes of, by key."""

    def account_uses(self, part: LoadedScenario) -> dict[str, Fraction]:
        """Return what a part takes of the account's quotas, in their units."""
        found = {use.quota.key: use for use in account_uses(part)}
        self.account |= found
        return {key: use.quantity.value for key, use in found.items()}

    def allowed(self) -> dict[str, Fraction]:
        """Return what the account may use of each quota that is known."""
        context = self.base.context
        allowed = {key: context.allowed(use.quota) for key, use in self.account.items()}
        return {key: most for key, most in allowed.items() if most is not None}

    @property
    def size(self) -> int:
        """Number of designs."""
        return prod(len(block) for block in self.blocks)


def design_space(
    base: LoadedScenario,
    choices: Sequence[Choice],
    variants: Sequence[str],
    demands: Demands,
    pricing: Pricing,
    progress: Progress,
) -> Space:
    """Put together and price every option of every block.

    Raises:
        InputError: A choice leads nowhere, there are too many combinations, or none of a block is valid.
    """
    dimensions = [*variant_dimensions(base, variants), *(choice_dimension(base, c) for c in choices)]
    space = Space(base, pricing)
    groups = groups_of(dimensions, list(base.resources))
    for names, group in groups:
        count = prod(len(dimension.alternatives) for dimension in group)
        if count > MAX_OPTIONS:
            raise _too_many(names, group, count)
    done, whole = 0, sum(prod(len(d.alternatives) for d in group) for _, group in groups)
    for names, group in groups:
        builder = _Block(space, names, group, demands)
        for combination in product(*(dimension.alternatives for dimension in group)):
            done += 1
            try:
                progress(Reason("designs of {name}", base.name), done, whole)
                builder.add(combination)
            except KeyboardInterrupt:
                space.stopped = True
            if space.stopped and builder.options:
                break
        space.blocks.append(builder.finished())
    return space


def _too_many(names: Sequence[str], group: Sequence[Dimension], count: int) -> InputError:
    shown = ", ".join(names[:3])
    marks = [a.mark for dimension in group for a in dimension.alternatives if a.mark is not None]
    fault = Fault(
        Reason("{count} combinations of what may be chosen together for {shown} are too many", count, shown),
        marks[0].mark if marks else None,
        "choose",
        Reason("at most {most} of resources that depend on each other; leave values out", MAX_OPTIONS),
    )
    return InputError(fault)


class _Block:
    """Tries the combinations of one block."""

    def __init__(
        self,
        space: Space,
        names: Sequence[str],
        dimensions: Sequence[Dimension],
        demands: Demands,
    ) -> None:
        self._space, self._names, self._demands = space, names, demands
        self._base = without_choices(space.base)
        self._checked: CheckedResources = {}
        self._worked: set[tuple[int, int]] = set()
        """Alternatives of which a combination works, by their dimension and their place in it."""
        self._errors: dict[tuple[int, int], InputError] = {}
        self._wrong: InputError | None = None
        """The first that is no refusal of the provider."""
        self._dimensions = dimensions
        self.options: list[Option] = []

    def add(self, combination: Sequence[Alternative]) -> None:
        """Try one combination; what is not sold is counted with its reason."""
        changing = tuple(alternative for alternative in combination if alternative.overrides)
        overrides = tuple(one for alternative in changing for one in alternative.overrides)
        if clash(self._base, overrides):
            return
        if len(self._checked) > MOST_KEPT:
            self._checked.clear()
        try:
            scenario = with_changes(self._base, overrides, checked=self._checked)
            option = self._priced(scenario, changing)
        except InputError as error:
            self._space.dropped[_reason(error)] += 1
            if not all(isinstance(fault, Refusal) for fault in error.faults):
                self._wrong = self._wrong or error
                for place in self._places(combination):
                    self._errors.setdefault(place, error)
            return
        self._worked |= set(self._places(combination))
        self.options.append(option)

    def _places(self, combination: Sequence[Alternative]) -> Iterator[tuple[int, int]]:
        """Give where the alternatives stand that change something."""
        for number, (dimension, chosen) in enumerate(zip(self._dimensions, combination, strict=True)):
            if chosen.overrides:
                yield number, dimension.alternatives.index(chosen)

    def _misses(
        self, part: LoadedScenario, changing: tuple[Alternative, ...], works: Feasibility
    ) -> Iterator[PlanViolation]:
        hours = _chosen_hours(changing)
        return misses_of(part, self._space.base, self._demands, by_choice=hours, works=works)

    def finished(self) -> list[Option]:
        """Return the options.

        Raises:
            InputError: A value is wrong in every combination, or no combination is sold.
        """
        for place in sorted(self._errors.keys() - self._worked):
            raise self._errors[place]
        if not self.options and self._wrong is not None:
            raise self._wrong
        if not self.options:
            reasons = [f"{reason} ({count})" for reason, count in self._space.dropped.most_common(3)]
            shown = ", ".join(self._names[:3])
            raise InputError(
                Reason("no combination for {shown} is sold: {reasons}", shown, join_reasons(reasons))
            )
        return self.options

    def _priced(self, scenario: LoadedScenario, changing: tuple[Alternative, ...]) -> Option:
        own = {name: found for name, found in scenario.resources.items() if name in self._names}
        part = replace(scenario, resources=own)
        costs = block_costs(part, self._space.pricing)
        self._space.rates |= costs.rates
        works = feasibility(part)
        return Option(
            alternatives=changing,
            cost=EXACT.subtract(costs.flat, costs.saving),
            tiers=costs.tiers,
            unpriced=costs.unpriced,
            misses=tuple(self._misses(part, changing, works)),
            uses={**machines_of(part), **self._space.account_uses(part)},
            preemptible=tuple(preemptible_of(part)),
            unknowns=tuple(one for one in works.unknowns if one.resource),
            caveats=tuple(one for one in works.caveats if one.resource),
            own_raises=own_raises(works),
        )


def _chosen_hours(changing: Sequence[Alternative]) -> frozenset[str]:
    """Return the resources whose hours a choice states: those are then the service that is asked for."""
    return frozenset(
        override.path[1]
        for alternative in changing
        if alternative.variant is None
        for override in alternative.overrides
        if override.path[-1] == "hours"
    )


def _reason(error: InputError) -> str:
    return error.faults[0].message

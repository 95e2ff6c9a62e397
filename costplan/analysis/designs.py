"""The designs that a scenario leaves open, in blocks of resources that can be chosen one by one.

A block is a set of resources that some choice or variant touches together; blocks do not know each other, so
the costs of their options add up, but for SKUs with tiers, whose quantities do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod

from costplan.analysis.commitments import Terms, saving_of
from costplan.analysis.demands import Demands, machines_of, misses_of, preemptible_of
from costplan.analysis.plan_documents import Miss
from costplan.catalog.model import Rate
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.errors import Fault, InputError, Refusal
from costplan.money import EXACT, exact_sum
from costplan.pricing.engine import SkuKey, components_of
from costplan.pricing.tiers import split_into_tiers, without_free_tier
from costplan.scenario.choices import Choice
from costplan.scenario.compose import Override, dotted, with_overrides
from costplan.scenario.load import variant_overrides, varied
from costplan.scenario.loaded import LoadedScenario
from costplan.source import Mapping as MappingNode
from costplan.source import Node, Scalar, to_plain

MAX_OPTIONS = 20_000
"""Most combinations of one block, each of which is put together and checked: some minutes."""
OpenCatalog = Callable[[str], Catalog]
Progress = Callable[[str, int, int], None]
"""What is done, how many, of how many."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value of a choice, or a variant; without overrides it is the scenario as written."""

    label: str
    overrides: tuple[Override, ...] = ()
    variant: str | None = None
    mark: Node | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """Alternatives of which a design has one."""

    alternatives: tuple[Alternative, ...]
    touches: frozenset[str] | None
    """Names of resources; None for something that all depend on."""


@dataclass(frozen=True, slots=True)
class Option:
    """What one block may be, priced."""

    alternatives: tuple[Alternative, ...]
    """Those that change something."""
    cost: Decimal
    """Of SKUs with one price, less what commitments save."""
    tiers: Mapping[SkuKey, Decimal]
    """Quantities of SKUs with graduated prices, which add up over the blocks."""
    unpriced: int
    misses: tuple[Miss, ...]
    uses: Mapping[str, Fraction]
    """Of each quota."""
    preemptible: tuple[str, ...]

    @property
    def overrides(self) -> tuple[Override, ...]:
        """All changes to the scenario."""
        return tuple(one for alternative in self.alternatives for one in alternative.overrides)


@dataclass(frozen=True, slots=True)
class Pricing:
    """How options are priced."""

    currency: Currency
    day: date
    terms: Terms


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
    dimensions = [*_variant_dimensions(base, variants), *(_choice_dimension(base, c) for c in choices)]
    space = Space(base, pricing)
    groups = _groups(dimensions, list(base.resources))
    for names, group in groups:
        count = prod(len(dimension.alternatives) for dimension in group)
        if count > MAX_OPTIONS:
            raise _too_many(names, group, count)
    done, whole = 0, sum(prod(len(d.alternatives) for d in group) for _, group in groups)
    for names, group in groups:
        builder = _Block(space, names, group, demands)
        for combination in product(*(dimension.alternatives for dimension in group)):
            progress(f"designs of {base.name}", done, whole)
            done += 1
            try:
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
        f"{count:,} combinations of what may be chosen together for {shown} are too many",
        marks[0].mark if marks else None,
        "choose",
        f"at most {MAX_OPTIONS:,} of resources that depend on each other; leave values out",
    )
    return InputError(fault)


def _variant_dimensions(base: LoadedScenario, variants: Sequence[str]) -> Iterator[Dimension]:
    assert isinstance(base.node, MappingNode)
    for name in variants:
        overrides = tuple(variant_overrides(base.node, name))
        here = Alternative("")
        yield Dimension((here, Alternative(name, overrides, name)), _touched(overrides))


def _choice_dimension(base: LoadedScenario, choice: Choice) -> Dimension:
    now = _value_at(base.node, choice.path)
    where = dotted(choice.path).removeprefix("resources.")
    alternatives = []
    for node in choice.values:
        change = Override(choice.path, node, choice.origin)
        is_now = to_plain(node) == to_plain(now) if now is not None else _changes_nothing(base, change)
        overrides = () if is_now else (change,)
        alternatives.append(Alternative(f"{where}={shown_value(node)}", overrides, mark=node))
    return Dimension(tuple(alternatives), _touched([Override(choice.path, choice.values[0], choice.origin)]))


def _changes_nothing(base: LoadedScenario, change: Override) -> bool:
    """Say whether a value is the one that a field has when it is left out."""
    try:
        changed = with_changes(base, [change])
    except InputError:
        return False
    return changed.resources == base.resources and changed.model.workload == base.model.workload


def shown_value(node: Node) -> str:
    """Write a value in a line: `true`, `{...}`."""
    if isinstance(node, Scalar):
        return node.value if node.value is not None else "~"
    if isinstance(node, MappingNode) and "value" in node.entries:
        return shown_value(node.entries["value"])
    return "{...}" if isinstance(node, MappingNode) else f"[{', '.join(map(shown_value, node.items))}]"


def _value_at(node: Node, path: Sequence[str]) -> Node | None:
    for step in path:
        if isinstance(node, MappingNode):
            if step not in node.entries:
                return None
            node = node.entries[step]
        elif not isinstance(node, Scalar) and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            return None
    return node


def _touched(overrides: Sequence[Override]) -> frozenset[str] | None:
    if any(override.path[0] != "resources" or len(override.path) < 2 for override in overrides):
        return None
    return frozenset(override.path[1] for override in overrides)


def _groups(dimensions: Sequence[Dimension], names: Sequence[str]) -> list[tuple[list[str], list[Dimension]]]:
    """Join the resources that a dimension touches together; the rest is a block without choice."""
    if any(dimension.touches is None for dimension in dimensions):
        return [(list(names), list(dimensions))]
    owner = {name: number for number, name in enumerate(names)}
    for dimension in dimensions:
        joined = {owner.setdefault(name, len(owner)) for name in dimension.touches or ()}
        first = min(joined)
        owner = {name: first if number in joined else number for name, number in owner.items()}
    groups: list[tuple[list[str], list[Dimension]]] = []
    rest: list[str] = []
    for number in dict.fromkeys(owner.values()):
        members = [name for name in owner if owner[name] == number]
        own = [d for d in dimensions if d.touches and d.touches & set(members)]
        if own:
            groups.append((members, own))
        else:
            rest += members
    return [*groups, (rest, [])] if rest else groups


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
        self._worked: set[int] = set()
        self._errors: dict[int, InputError] = {}
        self._dimensions = dimensions
        self.options: list[Option] = []

    def add(self, combination: Sequence[Alternative]) -> None:
        """Try one combination; what is not sold is counted with its reason."""
        changing = tuple(alternative for alternative in combination if alternative.overrides)
        overrides = tuple(one for alternative in changing for one in alternative.overrides)
        base = self._space.base
        if _clash(base, overrides):
            return
        try:
            scenario = with_changes(base, overrides)
            option = self._priced(scenario, changing)
        except InputError as error:
            self._space.dropped[_reason(error)] += 1
            if not all(isinstance(fault, Refusal) for fault in error.faults):
                for alternative in changing:
                    self._errors.setdefault(id(alternative), error)
            return
        self._worked |= {id(alternative) for alternative in changing}
        self.options.append(option)

    def finished(self) -> list[Option]:
        """Return the options.

        Raises:
            InputError: A value is wrong in every combination, or no combination is sold.
        """
        for dimension in self._dimensions:
            for alternative in dimension.alternatives:
                if id(alternative) in self._errors and id(alternative) not in self._worked:
                    raise self._errors[id(alternative)]
        if not self.options:
            reasons = [f"{reason} ({count})" for reason, count in self._space.dropped.most_common(3)]
            shown = ", ".join(self._names[:3])
            raise InputError(f"no combination for {shown} is sold: {'; '.join(reasons)}")
        return self.options

    def _priced(self, scenario: LoadedScenario, changing: tuple[Alternative, ...]) -> Option:
        own = {name: found for name, found in scenario.resources.items() if name in self._names}
        part = replace(scenario, resources=own)
        costs = block_costs(part, self._space.pricing)
        self._space.rates |= costs.rates
        return Option(
            alternatives=changing,
            cost=EXACT.subtract(costs.flat, costs.saving),
            tiers=costs.tiers,
            unpriced=costs.unpriced,
            misses=tuple(misses_of(part, self._space.base, self._demands, by_choice=_chosen_hours(changing))),
            uses=machines_of(part),
            preemptible=tuple(preemptible_of(part)),
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


def _clash(base: LoadedScenario, overrides: Sequence[Override]) -> bool:
    """Say whether changes touch each other: such a combination is no design of its own."""
    paths = [override.path for override in overrides]
    return any(
        one[: len(other)] == other
        for position, other in enumerate(paths)
        for number, one in enumerate(paths)
        if number != position
    )


def _reason(error: InputError) -> str:
    return error.faults[0].message


def with_changes(
    base: LoadedScenario, overrides: Sequence[Override], variants: Sequence[str] = ()
) -> LoadedScenario:
    """Return a scenario with overrides, checked.

    Args:
        base: The scenario.
        overrides: That do not touch each other.
        variants: Names of those that are among the overrides.

    Raises:
        InputError: It is not valid so.
    """
    if not overrides:
        return base
    assert isinstance(base.node, MappingNode)
    changed = varied(base.node, lambda _: base.catalog, overrides=overrides)
    return replace(changed, applied_variants=(*base.applied_variants, *variants))


@dataclass(frozen=True, slots=True)
class BlockCosts:
    """What a part of a scenario costs, as far as that does not depend on the other parts."""

    flat: Decimal
    tiers: dict[SkuKey, Decimal]
    rates: dict[SkuKey, Sequence[Rate]]
    unpriced: int
    saving: Decimal


def block_costs(part: LoadedScenario, pricing: Pricing) -> BlockCosts:
    """Price a part of a scenario exactly as the engine does."""
    components, charges = components_of(part, pricing.currency, pricing.day)
    flat: list[Decimal] = []
    tiers: dict[SkuKey, Decimal] = {}
    rates: dict[SkuKey, Sequence[Rate]] = {}
    for one in components:
        if one.price is None:
            continue
        own = one.price.rates if part.model.free_tier else without_free_tier(one.price.rates)
        if len(own) == 1:
            flat.append(EXACT.multiply(one.quantity, own[0].unit_price))
        else:
            tiers[one.key] = EXACT.add(tiers.get(one.key, Decimal(0)), one.quantity)
            rates[one.key] = own
    stated = [charge.amounts.get(pricing.currency) for _, charge in charges]
    flat += [amount for amount in stated if amount is not None]
    unpriced = sum(1 for one in components if one.price is None) + stated.count(None)
    saving = saving_of(part, pricing.currency, pricing.day, pricing.terms)
    return BlockCosts(exact_sum(flat), tiers, rates, unpriced, saving)


def tier_cost(quantity: Decimal, rates: Sequence[Rate]) -> Decimal:
    """Return what an account's quantity of one SKU costs."""
    return exact_sum([piece.cost for piece in split_into_tiers(quantity, rates)])


def cost_of(options: Sequence[Option], rates: Mapping[SkuKey, Sequence[Rate]]) -> Decimal:
    """Return the exact monthly cost of one option of each block."""
    sums: dict[SkuKey, list[Decimal]] = {}
    for option in options:
        for key, quantity in option.tiers.items():
            sums.setdefault(key, []).append(quantity)
    tiers = [tier_cost(exact_sum(parts), rates[key]) for key, parts in sums.items()]
    return exact_sum([*(option.cost for option in options), *tiers])


def compatible(base: LoadedScenario, variants: Sequence[str]) -> list[str]:
    """Return the variants that can still be laid over a scenario to which some were applied."""
    assert isinstance(base.node, MappingNode)
    taken = [o for name in base.applied_variants for o in variant_overrides(base.node, name)]
    found = []
    for name in variants:
        own = list(variant_overrides(base.node, name))
        try:
            with_overrides(base.node, own)
        except InputError:
            continue
        if name not in base.applied_variants and not _clash(base, [*taken, *own]):
            found.append(name)
    return found

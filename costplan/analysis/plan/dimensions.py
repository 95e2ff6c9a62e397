"""What a scenario leaves open as dimensions of a search: variants and choices, and which belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from costplan.messages.errors import InputError
from costplan.scenario.choices import Choice
from costplan.scenario.document.overrides import Override, dotted, shown_value, value_at, with_overrides
from costplan.scenario.document.variants import variant_overrides
from costplan.scenario.load import CheckedResources, apply_changes
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import Node, to_plain


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


def variant_dimensions(base: LoadedScenario, variants: Sequence[str]) -> Iterator[Dimension]:
    assert isinstance(base.node, MappingNode)
    for name in variants:
        overrides = tuple(variant_overrides(base.node, name))
        here = Alternative("")
        yield Dimension((here, Alternative(name, overrides, name)), _touched(overrides))


def choice_dimension(base: LoadedScenario, choice: Choice) -> Dimension:
    now = value_at(base.node, choice.path)
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


def _touched(overrides: Sequence[Override]) -> frozenset[str] | None:
    if any(override.path[0] != "resources" or len(override.path) < 2 for override in overrides):
        return None
    return frozenset(override.path[1] for override in overrides)


def groups_of(
    dimensions: Sequence[Dimension], names: Sequence[str]
) -> list[tuple[list[str], list[Dimension]]]:
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


def clash(base: LoadedScenario, overrides: Sequence[Override]) -> bool:
    """Say whether changes touch each other: such a combination is no design of its own."""
    paths = [override.path for override in overrides]
    return any(
        one[: len(other)] == other
        for position, other in enumerate(paths)
        for number, one in enumerate(paths)
        if number != position
    )


def with_changes(
    base: LoadedScenario,
    overrides: Sequence[Override],
    variants: Sequence[str] = (),
    checked: CheckedResources | None = None,
) -> LoadedScenario:
    """Return a scenario with overrides, checked.

    Args:
        base: The scenario.
        overrides: That do not touch each other.
        variants: Names of those that are among the overrides.
        checked: Resources that were checked for other designs of the same scenario.

    Raises:
        InputError: It is not valid so.
    """
    if not overrides:
        return base
    assert isinstance(base.node, MappingNode)
    changed = apply_changes(base.node, lambda _: base.catalog, overrides=overrides, checked=checked)
    return replace(
        changed,
        applied_variants=(*base.applied_variants, *variants),
        differences=(*base.differences, *changed.differences),
    )


def without_choices(base: LoadedScenario) -> LoadedScenario:
    """Return a scenario whose text holds nothing that is left open: neither variants nor `choose`.

    They were checked when it was loaded. With a hundred values in them, reading them anew for each of ten
    thousand designs takes longer than the designs.
    """
    assert isinstance(base.node, MappingNode)
    node = without_keys(base.node, "variants", "choose")
    resources = node.entries.get("resources")
    if isinstance(resources, MappingNode):
        own = {
            name: without_keys(one, "choose") if isinstance(one, MappingNode) else one
            for name, one in resources.entries.items()
        }
        entries = {**node.entries, "resources": replace(resources, entries=own)}
        node = replace(node, entries=entries)
    return replace(base, node=node)


def without_keys(node: MappingNode, *keys: str) -> MappingNode:
    """Return a mapping without some of its entries."""
    kept = {key: value for key, value in node.entries.items() if key not in keys}
    return node if len(kept) == len(node.entries) else replace(node, entries=kept)


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
        if name not in base.applied_variants and not clash(base, [*taken, *own]):
            found.append(name)
    return found

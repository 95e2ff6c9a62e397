"""What happens where a cost bends or jumps: a machine more, a tier of a price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.curve.design_curve import DesignCurve
from costplan.formulas.piecewise import PiecewiseLinear
from costplan.messages.reason import Reason
from costplan.pricing.estimate import LineItem
from costplan.quantities.formula import (
    Atom,
    Ceiling,
    CountBelow,
    Formula,
    PositivePart,
    Product,
    Quotient,
    atoms_of,
)
from costplan.quantities.money import plain, quantized
from costplan.quantities.pricing_units import pricing_unit

MOST_TIERS = 100
"""Tier edges that are looked up; a design has about one for each of its SKUs."""

Causes = dict[int, tuple[Reason, ...]]
"""By load."""


def step_causes(design: DesignCurve, loads: Sequence[int]) -> Causes:
    """Say what changes at loads where a design's cost begins another line."""
    wanted = set(loads)
    found: dict[int, dict[Reason, None]] = {}
    for name, formula in design.formula.resources.items():
        for load, cause in _counts(name, formula, design.builder.atoms, wanted):
            found.setdefault(load, {})[cause] = None
    edges = sorted(_zeros(design.formula.total, design.builder.atoms) & wanted - found.keys())
    for load in edges[:MOST_TIERS]:
        for cause in _tiers(*map(design.design.lines_at, (load - 1, load))):
            found.setdefault(load, {})[cause] = None
    return {load: tuple(causes) for load, causes in found.items()}


Functions = Mapping[Atom, PiecewiseLinear]


def _counts(
    resource: str, formula: Formula, functions: Functions, wanted: set[int]
) -> Iterable[tuple[int, Reason]]:
    """Give the loads at which one of a resource's counts of whole things changes."""
    # A cost shared with other resources is a product, and holds their counts too.
    own = Formula(
        formula.constant,
        {atom: weight for atom, weight in formula.terms.items() if not isinstance(atom, Product | Quotient)},
    )
    counts = [atom for atom in atoms_of([own]) if _is_count(atom) and atom in functions]
    message = (
        "{resource}: {before} -> {after} at times" if len(counts) > 1 else "{resource}: {before} -> {after}"
    )
    for atom in counts:
        function = functions[atom]
        for load in function.starts[1:]:
            if load in wanted:
                yield load, _change(message, resource, function(load - 1), function(load))


def _change(message: str, resource: str, before: Fraction, after: Fraction) -> Reason:
    counts = {"before": Decimal(plain(quantized(before))), "after": Decimal(plain(quantized(after)))}
    return Reason(message, resource=resource, **counts)


def _is_count(atom: Atom) -> bool:
    """Whether an atom counts whole things; the crumbs of a fine rounding are none."""
    return isinstance(atom, CountBelow) or (isinstance(atom, Ceiling) and not atom.fine)


def _zeros(total: Formula, functions: Functions) -> set[int]:
    """Return the loads at which a tier of the account's bill begins or ends."""
    found = set()
    for atom in total.terms:
        if isinstance(atom, PositivePart):
            function = functions[atom]
            found |= {load for load in function.starts[1:] if not function(load - 1) or not function(load)}
    return found


Lines = Mapping[str, Sequence[LineItem]]
"""Of a bill, by resource."""


def _tiers(before: Lines, after: Lines) -> Iterable[Reason]:
    """Name the prices of which a bill reaches another tier than the one before."""
    old = {_key(resource, line): line for resource, lines in before.items() for line in lines}
    for resource, lines in after.items():
        for line in lines:
            earlier = old.get(_key(resource, line))
            if earlier is not None and len(earlier.slices) != len(line.slices):
                edge = max(piece.start for piece in (*earlier.slices, *line.slices))
                quantity = _amount(edge, line.unit)
                yield Reason(
                    "{resource}: {line} above {quantity}",
                    resource=resource,
                    line=line.name,
                    quantity=quantity,
                )


def _key(resource: str, line: LineItem) -> tuple[str, str, str]:
    return resource, line.service, line.sku


def _amount(quantity: Decimal, unit: str) -> str:
    """Write `10` of `1000 requests` as `10,000 requests`."""
    if not unit[:1].isdigit():
        return f"{plain(quantity)} {unit}"
    return f"{quantity * pricing_unit(unit).count:,f} {unit.partition(' ')[2]}"

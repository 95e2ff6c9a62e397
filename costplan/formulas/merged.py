"""Formulas in which what is the same is one atom, up to a factor.

Each level of a week's load divides its own share by the same capacity: `w1 * load / (u * capacity)`,
`w2 * load / (u * capacity)`, ... Taken apart, thirteen quotients are one, times thirteen numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from costplan.quantities.formula import (
    Atom,
    Ceiling,
    CountBelow,
    Formula,
    PositivePart,
    Product,
    Quotient,
    Variable,
    atoms_of,
    parts_of,
)

ONE = Fraction(1)


def merged(formulas: Sequence[Formula]) -> list[Formula]:
    """Return formulas of the same values whose equal atoms are one and the same."""
    made: dict[Atom, tuple[Fraction, Atom]] = {}
    """Atom -> the one that stands for it, and what that is to be multiplied by."""
    known: dict[object, Atom] = {}

    def rebuilt(formula: Formula) -> Formula:
        terms: dict[Atom, Fraction] = {}
        for atom, weight in formula.terms.items():
            factor, one = made[atom]
            own = weight if factor == 1 else weight * factor
            terms[one] = terms[one] + own if one in terms else own
        return Formula(formula.constant, {atom: weight for atom, weight in terms.items() if weight})

    for atom in atoms_of(formulas):
        factor, one = _unscaled(atom, [rebuilt(part) for part in parts_of(atom)])
        made[atom] = factor, known.setdefault(_key(one), one)
    return [rebuilt(formula) for formula in formulas]


def _unscaled(atom: Atom, parts: Sequence[Formula]) -> tuple[Fraction, Atom]:
    """Return an atom of other parts without the factors that may stand before it, and their product."""
    match atom:
        case Variable():
            return ONE, atom
        case Ceiling():
            return ONE, Ceiling(parts[0], atom.fine)
        case CountBelow():
            return ONE, CountBelow(parts[0], parts[1], atom.thresholds)
        case PositivePart():
            factor = abs(_lead(parts[0]))
            return factor, PositivePart(_divided(parts[0], factor))
        case Product():
            one, two = map(_lead, parts)
            return one * two, Product(_divided(parts[0], one), _divided(parts[1], two))
        case Quotient():
            one, two = map(_lead, parts)
            return one / two, Quotient(_divided(parts[0], one), _divided(parts[1], two))


def _lead(formula: Formula) -> Fraction:
    return next(iter(formula.terms.values()), ONE)


def _divided(formula: Formula, factor: Fraction) -> Formula:
    return formula if factor == 1 else formula / Formula(factor)


def _key(atom: Atom) -> object:
    """Return what two atoms of one value have in common."""
    if isinstance(atom, Variable):
        return atom
    own = atom.fine if isinstance(atom, Ceiling) else None
    thresholds = id(atom.thresholds) if isinstance(atom, CountBelow) else None
    parts = ((part.constant, frozenset(part.terms.items())) for part in parts_of(atom))
    return type(atom), own, thresholds, *parts

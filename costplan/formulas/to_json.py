"""Formulas as plain lists, so that the page's script evaluates the very arithmetic of the engine.

A formula is `[constant, weight, atom, weight, atom, ...]`, where an atom is its number in the list of atoms;
an atom stands after all that it is made of. Atoms that are made alike are written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from json import dumps

from costplan.capacity.replicas import WaitingReplicas
from costplan.quantities.formula import (
    Atom,
    Ceiling,
    CountBelow,
    Formula,
    PositivePart,
    Product,
    Quotient,
    Thresholds,
    Variable,
    atoms_of,
)

Number = int | float
FlatFormula = list[Number]
FlatAtom = list[object]
MOST_REPLICAS = 300
"""Most replicas of a waiting model that a table of thresholds holds; the page computes nothing above them."""
_EXACT = 2**53
"""Whole numbers below it are the same in every language of a browser."""


class FormulaBook:
    """The atoms of many formulas, each written once."""

    def __init__(self) -> None:
        self.atoms: list[FlatAtom] = []
        self._numbers: dict[Atom, int] = {}
        self._written: dict[str, int] = {}

    def write(self, formula: Formula) -> FlatFormula:
        """Write a formula; the atoms that it is made of are added to `atoms`."""
        for atom in atoms_of([formula]):
            if atom not in self._numbers:
                self._numbers[atom] = self._number(self._atom(atom))
        return self._flat(formula)

    def _number(self, written: FlatAtom) -> int:
        key = dumps(written)
        if key not in self._written:
            self._written[key] = len(self.atoms)
            self.atoms.append(written)
        return self._written[key]

    def _flat(self, formula: Formula) -> FlatFormula:
        weights: dict[int, Fraction] = {}
        for atom, weight in formula.terms.items():
            number = self._numbers[atom]
            weights[number] = weights.get(number, Fraction(0)) + weight
        flat = [number_of(formula.constant)]
        for number, weight in sorted(weights.items()):
            flat += [number_of(weight), number]
        return flat

    def _atom(self, atom: Atom) -> FlatAtom:
        match atom:
            case Variable(name):
                return ["input", name]
            case Ceiling(of):
                return ["ceiling", self._flat(of)]
            case PositivePart(of):
                return ["positive", self._flat(of)]
            case Product(left, right):
                return ["product", self._flat(left), self._flat(right)]
            case Quotient(above, below):
                return ["quotient", self._flat(above), self._flat(below)]
            case CountBelow(of, by, thresholds):
                return ["rank", self._flat(of), _table(thresholds, by)]


def _table(thresholds: Thresholds, by: Formula) -> Sequence[float]:
    """Return the highest loads that 0, 1, 2, ... replicas serve, in requests per second."""
    from costplan.capacity.queueing import MOST_SERVERS
    from costplan.capacity.waiting import Waiting

    assert isinstance(thresholds, WaitingReplicas)
    assert not by.terms, "the page moves no request time"
    waiting = Waiting(
        thresholds.model, float(by.constant), float(thresholds.percentile), float(thresholds.latency)
    )
    # Beyond as many servers as are solved the design is infeasible, here as in an estimate.
    most = min(MOST_REPLICAS, MOST_SERVERS // thresholds.concurrency)
    return [0.0, *waiting.thresholds(most, thresholds.concurrency)]


def number_of(value: Fraction) -> Number:
    """Return a number as the nearest that JSON and a browser have."""
    if value.denominator == 1 and abs(value.numerator) < _EXACT:
        return value.numerator
    return float(value)

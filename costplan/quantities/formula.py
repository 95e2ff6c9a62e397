"""How a number depends on chosen inputs: a sum of a constant and weighted atoms.

Pricing computes with exact numbers, once per scenario. Where an input is marked as varying (the load, an
uncertain capacity), the same arithmetic also notes the formula, so that a curve, a simulation or a page can
price thousands of its values without running the resources again, and no second model can disagree.

Nearly all of a bill is linear; what is not (whole machines, tiers, products of inputs) is an atom of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol


class Thresholds(Protocol):
    """Ascending loads: the n-th is the highest that n replicas serve."""

    def count_below(self, load: Fraction, input_value: Fraction) -> int:
        """Return how many thresholds lie below a load, those of 0 replicas (a load of 0) among them.

        Args:
            load: Requests per second.
            input_value: What the thresholds themselves depend on, such as the time of a request in seconds.
        """
        ...


@dataclass(frozen=True, slots=True)
class Variable:
    """A number that varies, by its path in the scenario; two of one name are the same."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Ceiling:
    """The smallest whole number that is not below `of`."""

    of: Formula
    fine: bool = False
    """Whether its steps are crumbs of what they are part of: the last tenth of a second of a month's time.
    An exact function of the load may follow `of` itself where there are too many of them."""


@dataclass(frozen=True, slots=True, eq=False)
class PositivePart:
    """The greater of `of` and 0: what tiers, minima and maxima are made of."""

    of: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """Two factors that both vary."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Quotient:
    """A division by something that varies; 0 where both are 0: the share of nothing in nothing."""

    above: Formula
    below: Formula


@dataclass(frozen=True, slots=True, eq=False)
class CountBelow:
    """How many replicas a load takes: the number of thresholds below it."""

    of: Formula
    by: Formula
    """What the thresholds depend on."""
    thresholds: Thresholds


Atom = Variable | Ceiling | PositivePart | Product | Quotient | CountBelow


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """`constant` plus the sum of `weight * atom`."""

    constant: Fraction
    terms: Mapping[Atom, Fraction] = field(default_factory=dict)

    @classmethod
    def of(cls, atom: Atom) -> Formula:
        """Return the formula that is one atom."""
        return cls(Fraction(0), {atom: Fraction(1)})

    def __add__(self, other: Formula) -> Formula:
        few, many = sorted((self.terms, other.terms), key=len)
        terms = dict(many)
        for atom, weight in few.items():
            terms[atom] = terms.get(atom, Fraction(0)) + weight
        kept = {atom: weight for atom, weight in terms.items() if weight} if few else terms
        return Formula(self.constant + other.constant, kept)

    def __sub__(self, other: Formula) -> Formula:
        return self + other * Formula(Fraction(-1))

    def __mul__(self, other: Formula) -> Formula:
        if self.terms and other.terms:
            return Formula.of(Product(self, other))
        varying, factor = (self, other.constant) if self.terms else (other, self.constant)
        if not factor:
            return Formula(Fraction(0))
        terms = {atom: weight * factor for atom, weight in varying.terms.items()}
        return Formula(varying.constant * factor, terms)

    def __truediv__(self, other: Formula) -> Formula:
        if other.terms:
            return Formula.of(Quotient(self, other))
        return self * Formula(1 / other.constant)

    def rounded_up(self, *, fine: bool = False) -> Formula:
        """Return the smallest whole number that is not below it; see `Ceiling` for `fine`."""
        if self.terms:
            return Formula.of(Ceiling(self, fine))
        return Formula(Fraction(-(-self.constant // 1)))

    def or_zero(self) -> Formula:
        """Return it where it is above 0, else 0."""
        if self.terms:
            return Formula.of(PositivePart(self))
        return Formula(max(self.constant, Fraction(0)))


def parts_of(atom: Atom) -> tuple[Formula, ...]:
    """Return the formulas that an atom is made of."""
    match atom:
        case Variable():
            return ()
        case Ceiling(of) | PositivePart(of):
            return (of,)
        case Product(one, two) | Quotient(one, two) | CountBelow(one, two):
            return (one, two)


def atoms_of(formulas: Sequence[Formula]) -> list[Atom]:
    """Return each atom once, after all that it is made of."""
    found: dict[Atom, None] = {}
    waiting: list[tuple[Atom, bool]] = [(atom, False) for f in reversed(formulas) for atom in f.terms]
    while waiting:
        atom, opened = waiting.pop()
        if atom in found:
            continue
        if opened:
            found[atom] = None
            continue
        waiting.append((atom, True))
        waiting += [(inner, False) for part in parts_of(atom) for inner in part.terms if inner not in found]
    return list(found)


def inputs_of(formulas: Sequence[Formula]) -> list[str]:
    """Return the names of all inputs that formulas depend on, in order of appearance."""
    return [atom.name for atom in atoms_of(formulas) if isinstance(atom, Variable)]


class Interpreter:
    """Exact values of formulas at chosen inputs; atoms that formulas share are computed once.

    Args:
        values: Input name -> value.
    """

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self._values = values
        self._known: dict[Atom, Fraction] = {}

    def __call__(self, formula: Formula) -> Fraction:
        """Return the value of a formula.

        Raises:
            KeyError: It depends on an input that has no value.
        """
        for atom in atoms_of([formula]):
            if atom not in self._known:
                self._known[atom] = self._atom(atom)
        return self._sum(formula)

    def moved(self, name: str, *ends: Fraction) -> Iterator[Interpreter]:
        """Give what one input is at other values: only what depends on it is to be computed again."""
        depends: set[Atom] = set()
        for atom in self._known:  # each after all that it is made of
            inner = (one for part in parts_of(atom) for one in part.terms)
            if atom == Variable(name) or not depends.isdisjoint(inner):
                depends.add(atom)
        still = {atom: value for atom, value in self._known.items() if atom not in depends}
        for end in ends:
            found = Interpreter({**self._values, name: end})
            found._known = dict(still)
            yield found

    def _sum(self, formula: Formula) -> Fraction:
        return sum((w * self._known[atom] for atom, w in formula.terms.items()), formula.constant)

    def _atom(self, atom: Atom) -> Fraction:
        match atom:
            case Variable(name):
                return self._values[name]
            case Ceiling(of):
                return Fraction(-(-self._sum(of) // 1))
            case PositivePart(of):
                return max(self._sum(of), Fraction(0))
            case Product(left, right):
                return self._sum(left) * self._sum(right)
            case Quotient(above, below):
                part, whole = self._sum(above), self._sum(below)
                return part / whole if part or whole else Fraction(0)
            case CountBelow(of, by, thresholds):
                return Fraction(thresholds.count_below(self._sum(of), self._sum(by)))


def substitute(formula: Formula, values: Mapping[str, Fraction]) -> Formula:
    """Return a formula with some of its inputs fixed, so that fewer vary."""
    made: dict[Atom, Formula] = {}

    def rebuilt(part: Formula) -> Formula:
        result = Formula(part.constant)
        for atom, weight in part.terms.items():
            result += made[atom] * Formula(weight)
        return result

    for atom in atoms_of([formula]):
        made[atom] = _rebuilt_atom(atom, rebuilt, values)
    return rebuilt(formula)


def _rebuilt_atom(
    atom: Atom, rebuilt: Callable[[Formula], Formula], values: Mapping[str, Fraction]
) -> Formula:
    match atom:
        case Variable(name):
            return Formula(values[name]) if name in values else Formula.of(atom)
        case Ceiling(of, fine):
            return rebuilt(of).rounded_up(fine=fine)
        case PositivePart(of):
            return rebuilt(of).or_zero()
        case Product(left, right):
            return rebuilt(left) * rebuilt(right)
        case Quotient(above, below):
            return rebuilt(above) / rebuilt(below)
        case CountBelow(of, by, thresholds):
            load, own = rebuilt(of), rebuilt(by)
            if load.terms or own.terms:
                return Formula.of(CountBelow(load, own, thresholds))
            return Formula(Fraction(thresholds.count_below(load.constant, own.constant)))

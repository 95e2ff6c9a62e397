"""Formulas over arrays of inputs: thousands of loads, or of draws, priced in one go with NumPy.

What does not vary was summed exactly before it becomes a float. Atoms of one kind and size are computed
together, as the rows of one array; equal ones once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from costplan.formulas.merged import merged
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
    parts_of,
)

Floats = NDArray[np.float64]
Grid = Callable[[Mapping[str, ArrayLike]], list[Floats]]

GUARD = 1e-13
"""A number that is above a whole one by less than this part of what it is the sum of is that whole one:
hundreds of times the error of a float, and a thousandth of one request in ten billion."""
BLOCK = 1 << 17
"""Numbers that are held at a time: what a processor's cache takes."""


class ArrayThresholds(Protocol):
    """Thresholds that count for many loads at once."""

    def count_below_many(self, loads: Floats, inputs: Floats) -> Floats:
        """Return `Thresholds.count_below` for arrays of shape (n,)."""
        ...


def compile_grid(formulas: Sequence[Formula]) -> Grid:
    """Prepare formulas for evaluation over arrays.

    Returns:
        A function of the inputs by name, each of shape (n,) or a single number; it returns an array of shape
        (n,) for each formula. A total is exact to a few parts in 10^16, the precision of a float.

    Raises:
        KeyError: On calling it: an input has no values.
        FloatingPointError: On calling it: something is divided by 0.
    """
    program = _Program.of(merged(formulas))

    def evaluate(values: Mapping[str, ArrayLike]) -> list[Floats]:
        (count,) = np.broadcast_shapes((1,), *(np.shape(array) for array in values.values()))
        columns = np.empty((len(program.inputs), count))
        for row, name in enumerate(program.inputs):
            columns[row] = values[name]
        results = np.empty((len(formulas), count))
        program.run(columns, results)
        return list(results)

    return evaluate


class _Term(NamedTuple):
    """One term of each of several sums."""

    rows: slice | NDArray[np.intp]
    """Which rows; a slice where they follow each other or are one and the same, which copies nothing."""
    weights: Floats
    """Shape (sums, 1)."""
    unit: float
    """1 or -1 where all weights are that, else 0."""
    is_size: bool = False
    """Whether signs are left out."""

    @classmethod
    def of(cls, rows: Sequence[int], weights: Sequence[float]) -> _Term:
        """Find out how little there is to do."""
        first, units = rows[0], [unit for unit in (1.0, -1.0) if set(weights) == {unit}]
        picked: slice | NDArray[np.intp] = np.array(rows, dtype=np.intp)
        if len(set(rows)) == 1:
            picked = slice(first, first + 1)
        elif list(rows) == list(range(first, first + len(rows))):
            picked = slice(first, first + len(rows))
        return cls(picked, np.array(weights)[:, None], units[0] if units else 0.0)

    def error(self) -> _Term:
        """Return what the term may be wrong by."""
        return _Term(self.rows, np.abs(self.weights) * GUARD, 0.0, is_size=True)

    def begin(self, known: Floats, out: Floats, spare: Floats) -> None:
        """Write the term to `out`, shape (sums, n)."""
        if self.unit == 1.0:
            out[:] = self._taken(known, out)
        else:
            np.multiply(self._taken(known, spare), self.weights, out=out)

    def add(self, known: Floats, out: Floats, spare: Floats) -> None:
        """Add the term to `out`."""
        taken = self._taken(known, spare)
        if self.unit == 1.0:
            out += taken
        elif self.unit == -1.0:
            out -= taken
        else:
            out += np.multiply(taken, self.weights, out=spare)

    def _taken(self, known: Floats, spare: Floats) -> Floats:
        """Return the rows, in `spare` where they must be copied."""
        if not isinstance(self.rows, slice):
            taken = np.take(known, self.rows, axis=0, out=spare, mode="clip")
        else:
            taken = known[self.rows]
        return np.abs(taken, out=spare[: len(taken)]) if self.is_size else taken


@dataclass(frozen=True, slots=True)
class _Lines:
    """Sums of equally many terms: `constants + sum of weights * rows`."""

    terms: Sequence[_Term]
    constants: Floats
    """Shape (sums, 1)."""
    has_constants: bool

    @classmethod
    def of(cls, formulas: Sequence[Formula], row_of: Mapping[Atom, int]) -> _Lines:
        """Take formulas of equally many terms."""
        sums = [sorted((row_of[atom], float(w)) for atom, w in one.terms.items()) for one in formulas]
        terms = [_Term.of(*zip(*term, strict=True)) for term in zip(*sums, strict=True)]
        constants = np.array([[float(formula.constant)] for formula in formulas])
        return cls(terms, constants, bool(constants.any()))

    def over(self, known: Floats, out: Floats, spare: Floats) -> None:
        """Write the sums to `out`, shape (sums, n); memory is given, as taking it costs more than sums."""
        if not self.terms:
            out[:] = self.constants
            return
        spare = spare[: len(out)]
        self.terms[0].begin(known, out, spare)
        for term in self.terms[1:]:
            term.add(known, out, spare)
        if self.has_constants:
            out += self.constants

    def errors(self) -> _Lines:
        """Return what the sums may be wrong by: in proportion to all that is added, without signs."""
        constants = np.abs(self.constants) * GUARD
        return _Lines([term.error() for term in self.terms], constants, self.has_constants)


@dataclass(frozen=True, slots=True)
class _Step:
    """Atoms of one kind and size, computed together."""

    kind: type[Atom]
    first: int
    parts: tuple[_Lines, ...]
    """One for each part of the atoms."""
    errors: _Lines
    """Of the first part."""
    thresholds: Thresholds | None = None

    @property
    def count(self) -> int:
        """How many atoms there are."""
        return len(self.parts[0].constants)

    def run(self, known: Floats, other: Floats, spare: Floats) -> None:
        """Compute the rows from `first` on."""
        target, other = known[self.first : self.first + self.count], other[: self.count]
        self.parts[0].over(known, target, spare)
        if len(self.parts) > 1:
            self.parts[1].over(known, other, spare)
        if self.kind is PositivePart:
            np.maximum(target, 0.0, out=target)
        elif self.kind is Ceiling:
            self.errors.over(known, other, spare)
            target -= other
            np.ceil(target, out=target)
        elif self.kind is Product:
            target *= other
        elif self.kind is Quotient:
            is_shared = True if other.all() else (target != 0) | (other != 0)
            np.divide(target, other, out=target, where=is_shared)
        else:
            target[0] = cast(ArrayThresholds, self.thresholds).count_below_many(target[0], other[0])


class _Total(NamedTuple):
    """One of the formulas that are asked for."""

    rows: NDArray[np.intp]
    weights: Floats
    constant: float

    @classmethod
    def of(cls, formula: Formula, row_of: Mapping[Atom, int]) -> _Total:
        """Take the rows that the formula is the sum of."""
        rows = np.array([row_of[atom] for atom in formula.terms], dtype=np.intp)
        return cls(rows, np.array([float(w) for w in formula.terms.values()]), float(formula.constant))

    def over(self, known: Floats, out: Floats) -> None:
        """Write the total to `out`, shape (n,).

        Not as a product of matrices: the threads that a linear algebra library starts for one this small
        take ten times as long as the sum, and another library adds in another order.
        """
        np.einsum("r,rn->n", self.weights, known[self.rows], out=out)
        out += self.constant


@dataclass(frozen=True, slots=True)
class _Program:
    inputs: Sequence[str]
    rows: int
    steps: Sequence[_Step]
    totals: Sequence[_Total]

    @classmethod
    def of(cls, formulas: Sequence[Formula]) -> _Program:
        """Give every atom a row, after the rows of all that it is made of."""
        atoms = atoms_of(formulas)
        inputs = [atom for atom in atoms if isinstance(atom, Variable)]
        row_of: dict[Atom, int] = {atom: row for row, atom in enumerate(inputs)}
        steps = []
        for group in _groups(atoms):
            first = len(row_of)
            row_of |= {atom: first + number for number, atom in enumerate(group)}
            steps.append(_step(group, first, row_of))
        totals = [_Total.of(formula, row_of) for formula in formulas]
        return cls([atom.name for atom in inputs], len(row_of), steps, totals)

    def run(self, inputs: Floats, results: Floats) -> None:
        """Evaluate all formulas, block by block, in memory that is taken once.

        Args:
            inputs: Shape (inputs, n).
            results: Shape (formulas, n), written to.
        """
        widest = max((step.count for step in self.steps), default=1)
        count = inputs.shape[1]
        size = min(count, max(1, BLOCK // max(self.rows, 1)))
        known, other, spare = np.empty((self.rows, size)), np.empty((widest, size)), np.empty((widest, size))
        with np.errstate(divide="raise", invalid="raise"):
            for start in range(0, count, size):
                columns = slice(start, min(start + size, count))
                used = slice(0, columns.stop - start)
                known[: len(inputs), used] = inputs[:, columns]
                for step in self.steps:
                    step.run(known[:, used], other[:, used], spare[:, used])
                for total, result in zip(self.totals, results[:, columns], strict=True):
                    total.over(known[:, used], result)


def _step(group: Sequence[Atom], first: int, row_of: Mapping[Atom, int]) -> _Step:
    columns = zip(*(parts_of(atom) for atom in group), strict=True)
    parts = tuple(_Lines.of(formulas, row_of) for formulas in columns)
    lead = group[0]
    thresholds = lead.thresholds if isinstance(lead, CountBelow) else None
    return _Step(type(lead), first, parts, parts[0].errors(), thresholds)


def _groups(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Group atoms of one kind and of equally many terms, what is needed first coming first."""
    depth: dict[Atom, int] = {}
    groups: dict[object, list[Atom]] = {}
    for atom in atoms:
        parts = parts_of(atom)
        depth[atom] = 1 + max((depth[inner] for part in parts for inner in part.terms), default=0)
        alone = atom if isinstance(atom, CountBelow) else None
        if not isinstance(atom, Variable):
            sizes = tuple(len(part.terms) for part in parts)
            groups.setdefault((depth[atom], type(atom), sizes, alone), []).append(atom)
    return sorted(groups.values(), key=lambda group: depth[group[0]])

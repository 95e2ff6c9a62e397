"""Formulas over arrays of inputs: thousands of loads, or of draws, priced in one go with NumPy.

What does not vary was summed exactly before it becomes a float. Atoms of one kind that are made of the same
parts are computed together, as the rows of one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from costplan.formula import (
    Atom,
    Ceiling,
    Formula,
    Input,
    Positive,
    Product,
    Quotient,
    Rank,
    Thresholds,
    atoms_of,
    parts_of,
)

Floats = NDArray[np.float64]
Grid = Callable[[Mapping[str, ArrayLike]], list[Floats]]

GUARD = 1e-13
"""A number that is above a whole one by less than this part of what it is the sum of is that whole one:
hundreds of times the error of a float, and a thousandth of one request in ten billion."""
BLOCK = 1 << 19
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
    program = _Program.of(formulas)

    def evaluate(values: Mapping[str, ArrayLike]) -> list[Floats]:
        (count,) = np.broadcast_shapes((1,), *(np.shape(array) for array in values.values()))
        columns = np.empty((len(program.inputs), count))
        for row, name in enumerate(program.inputs):
            columns[row] = values[name]
        results = np.empty((len(formulas), count))
        step = max(1, BLOCK // max(program.rows, 1))
        for start in range(0, count, step):
            program.run(columns[:, start : start + step], results[:, start : start + step])
        return list(results)

    return evaluate


@dataclass(frozen=True, slots=True)
class _Lines:
    """Sums of the same rows with different weights: `constants + weights @ rows`."""

    rows: slice | Sequence[int]
    """Which rows, of all that are known."""
    weights: Floats
    """Shape (sums, rows)."""
    constants: Floats
    """Shape (sums, 1)."""

    @classmethod
    def of(cls, formulas: Sequence[Formula], row_of: Mapping[Atom, int]) -> _Lines:
        """Take formulas that are made of the same atoms."""
        atoms = sorted(formulas[0].terms, key=row_of.__getitem__)
        weights = [[float(formula.terms[atom]) for atom in atoms] for formula in formulas]
        constants = [[float(formula.constant)] for formula in formulas]
        rows = [row_of[atom] for atom in atoms]
        together = bool(rows) and rows[-1] - rows[0] + 1 == len(rows)
        return cls(
            slice(rows[0], rows[-1] + 1) if together else rows,
            np.array(weights).reshape(len(formulas), len(atoms)),
            np.array(constants),
        )

    def over(self, known: Floats) -> Floats:
        """Return the sums, shape (sums, n)."""
        count = self.weights.shape[1]
        if not count:
            return np.repeat(self.constants, known.shape[1], axis=1)
        found: Floats = self.weights * known[self.rows] if count == 1 else self.weights @ known[self.rows]
        found += self.constants
        return found

    def sizes(self, known: Floats) -> Floats:
        """Return the sums of what is added, without signs: errors are in proportion to them."""
        rows = np.abs(known[self.rows]) if self.weights.shape[1] else known[:0]
        return _Lines(slice(None), np.abs(self.weights), np.abs(self.constants)).over(rows)


@dataclass(frozen=True, slots=True)
class _Step:
    """Atoms of one kind over the same rows, computed together."""

    kind: type[Atom]
    first: int
    parts: tuple[_Lines, ...]
    """One for each part of the atoms."""
    thresholds: Thresholds | None = None

    def run(self, known: Floats) -> None:
        """Compute the rows from `first` on."""
        operands = [part.over(known) for part in self.parts]
        target = known[self.first : self.first + len(operands[0])]
        if self.kind is Positive:
            np.maximum(operands[0], 0.0, out=target)
        elif self.kind is Ceiling:
            np.ceil(operands[0] - GUARD * self.parts[0].sizes(known), out=target)
        elif self.kind is Product:
            np.multiply(operands[0], operands[1], out=target)
        elif self.kind is Quotient:
            np.divide(operands[0], operands[1], out=target)
        else:
            ranks = cast(ArrayThresholds, self.thresholds)
            target[0] = ranks.count_below_many(operands[0][0], operands[1][0])


@dataclass(frozen=True, slots=True)
class _Program:
    inputs: Sequence[str]
    rows: int
    steps: Sequence[_Step]
    totals: Sequence[_Lines]

    @classmethod
    def of(cls, formulas: Sequence[Formula]) -> _Program:
        """Give every atom a row, after the rows of all that it is made of."""
        groups = _groups(atoms_of(formulas))
        inputs = [atom for atom in atoms_of(formulas) if isinstance(atom, Input)]
        row_of: dict[Atom, int] = {atom: row for row, atom in enumerate(inputs)}
        steps = []
        for group in groups:
            first = len(row_of)
            row_of |= {atom: first + number for number, atom in enumerate(group)}
            steps.append(_step(group, first, row_of))
        totals = [_Lines.of([formula], row_of) for formula in formulas]
        return cls([atom.name for atom in inputs], len(row_of), steps, totals)

    def run(self, inputs: Floats, results: Floats) -> None:
        """Evaluate all formulas for a block of inputs, shape (inputs, n), into `results`."""
        known = np.empty((self.rows, inputs.shape[1]))
        known[: len(inputs)] = inputs
        with np.errstate(divide="raise", invalid="raise"):
            for step in self.steps:
                step.run(known)
        for total, result in zip(self.totals, results, strict=True):
            result[:] = total.over(known)[0]


def _step(group: Sequence[Atom], first: int, row_of: Mapping[Atom, int]) -> _Step:
    columns = zip(*(parts_of(atom) for atom in group), strict=True)
    parts = tuple(_Lines.of(formulas, row_of) for formulas in columns)
    lead = group[0]
    return _Step(type(lead), first, parts, lead.thresholds if isinstance(lead, Rank) else None)


def _groups(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Group atoms of one kind that are made of the same atoms, what is needed first coming first."""
    depth: dict[Atom, int] = {}
    groups: dict[object, list[Atom]] = {}
    for atom in atoms:
        inner = [tuple(part.terms) for part in parts_of(atom)]
        depth[atom] = 1 + max((depth[one] for part in inner for one in part), default=0)
        alone = atom if isinstance(atom, Rank) else None
        if not isinstance(atom, Input):
            groups.setdefault((type(atom), *map(frozenset, inner), alone), []).append(atom)
    return sorted(groups.values(), key=lambda group: depth[group[0]])

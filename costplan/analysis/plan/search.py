"""The cheapest combination of one option from each block, and how sure that is.

Blocks whose options share no SKU with tiers, and no quota that may bind, are separable: the cheapest option
of each is the cheapest design. What is left is enumerated where it is small, and else an integer programme:

    minimise  sum cost_bo x_bo + sum price_kj z_kj
    where     sum_o x_bo = 1                        one option of each block b
              sum use_bo x_bo <= quota
              sum_j z_kj = sum quantity_kbo x_bo    the quantity of SKU k is split over its tiers j
              z_kj <= width_kj; a tier is used only when the one below is full (binary f_kj; needed only
              where prices fall, as rising ones fill from below by themselves)

solved by HiGHS through scipy, with floating-point numbers: designs that cost the same to a billionth are one
to it. The winner is priced again with the exact engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any

from costplan.analysis.plan.design_space import Progress
from costplan.analysis.plan.documents import Method
from costplan.analysis.plan.option_costs import Option, cost_of
from costplan.catalog.model import Rate
from costplan.messages.errors import MissingExtraError
from costplan.messages.reason import Reason
from costplan.pricing.components import SkuKey

MAX_ENUMERATED = 5_000
"""Most designs that are looked at one by one: a second or so."""
TIME_LIMIT_S = 120
"""After so long the solver ends with the best that it has found."""

Rates = Mapping[SkuKey, Sequence[Rate]]
Design = tuple[Option, ...]
"""One option of each block."""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search."""

    best: Design | None
    method: Method
    proved: bool
    stopped: bool = False


def cheapest(
    blocks: Sequence[Sequence[Option]],
    rates: Rates,
    quotas: Mapping[str, Fraction],
    progress: Progress,
    *,
    most: int = MAX_ENUMERATED,
) -> Found:
    """Find the cheapest design within quotas.

    Args:
        blocks: Options that meet all other demands; a block without any means that there is no design.
        rates: Of SKUs with tiers.
        quotas: Limits on `uses`.
        progress: Told about enumeration.
        most: From how many designs on the integer programme is used.
    """
    if not all(blocks):
        return Found(None, "enumeration", True)
    if prod(map(len, blocks)) <= most:
        return _enumerated(blocks, rates, quotas, progress)
    parts = coupled(blocks, quotas)
    chosen: dict[int, Option] = {}
    found = Found(None, "separable", True)
    for part in parts:
        own = [blocks[number] for number in part]
        small = prod(map(len, own)) <= most
        one = _enumerated(own, rates, quotas, progress) if small else _programmed(own, rates, quotas)
        if one.best is None:
            return one
        method: Method = found.method if small else "integer-programme"
        found = Found(None, method, found.proved and one.proved, found.stopped or one.stopped)
        chosen |= dict(zip(part, one.best, strict=True))
    return replace(found, best=tuple(chosen[number] for number in range(len(blocks))))


def designs_of(blocks: Sequence[Sequence[Option]]) -> Iterator[Design]:
    """Give every design."""
    return product(*blocks)


def order(design: Design, rates: Rates) -> tuple[Decimal, int]:
    """Return what designs are sorted by: the exact cost, then the fewest changes."""
    return cost_of(design, rates), sum(len(option.alternatives) for option in design)


def fits(design: Design, quotas: Mapping[str, Fraction]) -> bool:
    """Say whether a design keeps to the quotas."""
    return all(sum(option.uses.get(name, 0) for option in design) <= limit for name, limit in quotas.items())


def _enumerated(
    blocks: Sequence[Sequence[Option]], rates: Rates, quotas: Mapping[str, Fraction], progress: Progress
) -> Found:
    best: tuple[tuple[Decimal, int], Design] | None = None
    whole = prod(map(len, blocks))
    try:
        for number, design in enumerate(designs_of(blocks)):
            progress(Reason("comparing designs"), number, whole)
            if fits(design, quotas):
                key = order(design, rates)
                if best is None or key < best[0]:
                    best = (key, design)
    except KeyboardInterrupt:
        return Found(best[1] if best else None, "enumeration", False, stopped=True)
    return Found(best[1] if best else None, "enumeration", True)


def coupled(blocks: Sequence[Sequence[Option]], quotas: Mapping[str, Fraction]) -> list[list[int]]:
    """Return the blocks, by number, that must be chosen together."""
    none = Fraction(0)
    binding = [
        name
        for name, limit in quotas.items()
        if sum((max(option.uses.get(name, none) for option in block) for block in blocks), none) > limit
    ]
    owner = list(range(len(blocks)))
    first: dict[object, int] = {}
    for number, block in enumerate(blocks):
        keys: set[object] = {key for option in block for key in option.tiers}
        keys |= {name for name in binding if any(option.uses.get(name) for option in block)}
        for key in keys:
            other = owner[first.setdefault(key, number)]
            mine = owner[number]
            owner = [other if found == mine else found for found in owner]
    return [[n for n, found in enumerate(owner) if found == group] for group in dict.fromkeys(owner)]


def _programmed(blocks: Sequence[Sequence[Option]], rates: Rates, quotas: Mapping[str, Fraction]) -> Found:
    try:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            Reason("a choice among {count} designs", prod(map(len, blocks))), "plan"
        ) from error

    programme = _Programme(blocks, rates, quotas)
    size = len(programme.costs)
    rows = np.zeros((len(programme.rows), size))
    for number, row in enumerate(programme.rows):
        for column, value in row.items():
            rows[number, column] = value
    answer = milp(
        np.array(programme.costs),
        integrality=np.array(programme.whole),
        bounds=Bounds(np.zeros(size), np.array(programme.upper)),
        constraints=LinearConstraint(rows, np.array(programme.low), np.array(programme.high)),
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": 0},
    )
    if answer.x is None:
        return Found(None, "integer-programme", answer.status == 2)
    design = tuple(
        max(zip(block, answer.x[start : start + len(block)], strict=True), key=lambda pair: float(pair[1]))[0]
        for block, start in zip(blocks, programme.starts, strict=True)
    )
    return Found(design, "integer-programme", answer.status == 0)


class _Programme:
    """The integer programme as columns and rows."""

    def __init__(
        self, blocks: Sequence[Sequence[Option]], rates: Rates, quotas: Mapping[str, Fraction]
    ) -> None:
        self.costs: list[float] = []
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.rows: list[dict[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.starts: list[int] = []
        options: list[Option] = []
        for block in blocks:
            self.starts.append(len(options))
            columns = [self._column(float(option.cost), 1.0, 1) for option in block]
            options += block
            self._row(dict.fromkeys(columns, 1.0), 1.0, 1.0)
        for name, limit in quotas.items():
            used = {n: float(use) for n, option in enumerate(options) if (use := option.uses.get(name))}
            self._row(used, -float("inf"), float(limit))
        for key in dict.fromkeys(key for option in options for key in option.tiers):
            most = sum(max(float(option.tiers.get(key, 0)) for option in block) for block in blocks)
            asked = {n: -float(option.tiers[key]) for n, option in enumerate(options) if key in option.tiers}
            self._tiers(rates[key], asked, most)

    def _column(self, cost: float, upper: float, whole: int) -> int:
        self.costs.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def _row(self, row: dict[int, Any], low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _tiers(self, rates: Sequence[Rate], asked: dict[int, float], most: float) -> None:
        """Split the quantity of an SKU over its tiers, counted in parts of the most that can be asked for."""
        scale = most or 1.0
        starts = [min(float(rate.start_quantity), most) for rate in rates] + [most]
        prices = [float(rate.unit_price) for rate in rates]
        widths = [(after - before) / scale for before, after in pairwise(starts)]
        columns = [self._column(p * scale, w, 0) for p, w in zip(prices, widths, strict=True)]
        self._row({**{n: a / scale for n, a in asked.items()}, **dict.fromkeys(columns, 1.0)}, 0.0, 0.0)
        if prices == sorted(prices):
            return
        for lower, upper, width in zip(columns, columns[1:], widths, strict=False):
            full = self._column(0.0, 1.0, 1)
            self._row({lower: 1.0, full: -width}, 0.0, float("inf"))
            self._row({upper: 1.0, full: -1.0}, -float("inf"), 0.0)

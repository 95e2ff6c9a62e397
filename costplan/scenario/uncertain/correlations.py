"""Which uncertain numbers move together: the factor of their correlation matrix."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.distribution import UncertainInput
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import Correlation
from costplan.scenario.uncertain.variables import quantity_at
from costplan.source.reader import locate

MAX_CORRELATED = 200
"""Most inputs that correlations may name: factoring takes the cube of it."""
TOLERANCE = 1e-9

Matrix = list[list[float]]


def correlation_factor(
    scenario: LoadedScenario, inputs: Sequence[UncertainInput]
) -> tuple[list[str], Matrix]:
    """Return the paths that correlations name, in the order of the inputs, and the factor of their matrix.

    Independent normal scores times the lower triangle have the correlations: a Gaussian copula.
    Source: Nelsen, An Introduction to Copulas, 2006, section 2.3.

    Raises:
        InputError: A path is not uncertain, a pair is named twice, or no numbers have all the correlations.
    """
    known = [found.path for found in inputs]
    faults: list[Fault] = []
    pairs: dict[frozenset[str], Correlation] = {}
    for number, correlation in enumerate(scenario.model.correlations):
        fault = _fault(scenario, number, correlation, known, pairs)
        if fault is not None:
            faults.append(fault)
        pairs[frozenset(correlation.between)] = correlation
    if faults:
        raise InputError(faults)
    named = {path for pair in pairs for path in pair}
    paths = [path for path in known if path in named]
    if len(paths) > MAX_CORRELATED:
        said = Reason("name {count} numbers; at most {most} are read", str(len(paths)), MAX_CORRELATED)
        raise InputError(scenario.fault("correlations", said))
    matrix = [[1.0 if a == b else _rho(pairs.get(frozenset((a, b)))) for b in paths] for a in paths]
    factor = lower_factor(matrix)
    if isinstance(factor, int):
        with_it = [f"{' ~ '.join(c.between)}: {c.rho}" for c in pairs.values() if paths[factor] in c.between]
        contradiction = (
            "contradict each other: no numbers have all of them (the matrix is not positive semidefinite)"
        )
        raise InputError(
            scenario.fault("correlations", contradiction, Reason("weaken one of {with_it}", listed(with_it)))
        )
    return paths, factor


def _rho(correlation: Correlation | None) -> float:
    return float(correlation.rho) if correlation is not None else 0.0


def _fault(
    scenario: LoadedScenario,
    number: int,
    correlation: Correlation,
    known: Sequence[str],
    pairs: dict[frozenset[str], Correlation],
) -> Fault | None:
    for position, path in enumerate(correlation.between):
        if path not in known:
            mark, place = locate(scenario.node, ["correlations", number, "between", position])
            if _is_number(scenario, path):
                return Fault(
                    Reason("`{path}` is not uncertain", visible(path[:80])),
                    mark,
                    place,
                    "give it `uncertain`",
                )
            hint = did_you_mean(path, known) or (
                Reason("uncertain: {names}", listed(known)) if known else None
            )
            return Fault(Reason("there is no uncertain `{path}`", visible(path[:80])), mark, place, hint)
    mark, place = locate(scenario.node, ["correlations", number, "between"])
    if len(set(correlation.between)) == 1:
        return Fault("names one number twice", mark, place, "name two different ones")
    if frozenset(correlation.between) in pairs:
        return Fault("names a pair that is named above", mark, place, "keep one of the two")
    return None


def _is_number(scenario: LoadedScenario, path: str) -> bool:
    try:
        return quantity_at(scenario, path) is not None
    except ValueError:
        return False


def lower_factor(matrix: Matrix) -> Matrix | int:
    """Return the lower triangle L with L L' = matrix; the row that fails where there is none.

    A matrix that is only just positive semidefinite, such as one of a correlation of 1, has one too.
    Source: Golub and Van Loan, Matrix Computations, 2013, section 4.2.
    """
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(
                a * b for a, b in zip(lower[row][:column], lower[column][:column], strict=True)
            )
            if column == row:
                if rest < -TOLERANCE:
                    return row
                lower[row][row] = sqrt(max(rest, 0.0))
            elif lower[column][column] > TOLERANCE:
                lower[row][column] = rest / lower[column][column]
            elif abs(rest) > sqrt(TOLERANCE):
                return row
    return lower

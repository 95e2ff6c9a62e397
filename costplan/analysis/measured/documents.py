"""Measurements side by side: how many times as fast, as much, as cheap, and how sure that is."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from costplan.checked.records import dataclass
from costplan.measurement.model import Basis, PriceStamp
from costplan.messages.result import Result

BENCH_COMPARISON_SCHEMA: Final = "costplan/bench-comparison/1"

Outcome = Literal[
    "cheaper",
    "no-difference",
    "no-interval",
    "one-keeps-slo",
    "none-keeps-slo",
    "no-capacity",
    "not-comparable",
    "no-price",
]
"""`cheaper`: the interval of the ratio of costs lies above 1; `no-difference`: it holds 1.

- `no-interval`: no interval is known, so nothing can be told.
- `one-keeps-slo`, `none-keeps-slo`: the others have no capacity.
- `no-capacity`: of one of them none was looked for, or its run is not valid.
- `not-comparable`: they were measured for different promises, or for other work.
- `no-price`: no machine is priced for all of them.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure; without bounds where no interval is known."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as good; an end is None where it is not bounded, both where no interval is known."""

    value: float
    low: float | None = None
    high: float | None = None
    rounds: int = 0
    """Interleaved rounds that it rests on; 0: on the ends of both intervals."""

    @property
    def is_above_one(self) -> bool:
        """Say whether chance alone does not explain that it is above 1."""
        return self.low is not None and self.low > 1

    @property
    def has_interval(self) -> bool:
        """Say whether both ends are known."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """How far the answers of a changed model are from those of the original, to the same inputs."""

    inputs: int
    """Requests that both answered."""
    seed: int | None
    """Of inputs that were made up; None: the inputs that were given."""
    largest: float
    """Largest absolute difference of a number of an answer."""
    mean: float
    """Mean absolute difference."""
    scale: float
    """Mean absolute value of the original's answers."""
    same_first_choice: float | None = None
    """Share of answers whose highest class is the same; None where no output looks like scores of classes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two measurements do not share."""

    kind: Literal["slo", "percentile", "batch", "inputs", "machine", "co-location", "completeness"]
    said: str
    breaks: bool
    """Whether capacities and costs cannot be compared at all."""


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One of the interleaved runs; None: it has no such figure."""

    round: int
    """From 1."""
    single_p50_ms: float | None
    peak_requests_per_second: float | None
    capacity_requests_per_second: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparedResult:
    """One measurement, and how it compares with the first."""

    name: str
    source: str
    """Its file, or the model's."""
    model: str
    target: str
    machine: str
    usable_cpus: float
    measured_on: date | None
    slo: str
    """What its capacity keeps: `p99 <= 100 ms`."""
    verdict: str
    reasons: tuple[str, ...]
    """Why its verdict is not VALID."""
    is_co_located: bool
    settings: dict[str, str]
    """Those that differ between the measurements."""
    single_ms: Figure | None
    """Time of one request on an idle server, of `single_percentile`."""
    single_percentile: float
    peak_requests_per_second: Figure | None
    """In a closed loop, whatever the response time."""
    capacity_requests_per_second: Figure | None
    """The highest rate that keeps the SLO."""
    faster: Ratio | None = None
    """The first's time of one request over this one's; None for the first."""
    more_throughput: Ratio | None = None
    """This one's peak over the first's."""
    more_capacity: Ratio | None = None
    differences: tuple[Difference, ...] = ()
    """From the first."""
    answers: AnswerDifference | None = None
    runs: tuple[ComparedRun, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedCost:
    """What a million requests cost with one measurement on one machine."""

    name: str
    """Of the measurement."""
    basis: Basis | None
    is_claim: bool
    cost_per_million_requests: Decimal | None
    low: Decimal | None
    high: Decimal | None
    cheaper: Ratio | None
    """The first's cost over this one's; None for the first, and where one has no cost."""


@dataclass(frozen=True, slots=True)
class ComparedMachine:
    """A machine with the costs on it, in the order of the measurements."""

    instance: str
    hourly_cost: Decimal | None
    costs: tuple[ComparedCost, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Which is cheaper under the SLO, and how sure that is."""

    outcome: Outcome
    cheaper: str = ""
    """The measurement that costs least, on `instance`."""
    than: str = ""
    """The next one, on `other_instance`."""
    instance: str = ""
    other_instance: str = ""
    ratio: Ratio | None = None
    """Cost of the next over that of the cheapest."""
    is_claim: bool = True
    """Whether the costs may be quoted: not where a machine was taken to be as fast as another."""


@dataclass(frozen=True, slots=True)
class BenchComparison(Result):
    """Measurements side by side; all ratios are to the first."""

    schema: Literal["costplan/bench-comparison/1"]
    method: Literal["interleaved", "files"]
    """`interleaved`: runs in turns, intervals over runs; `files`: results as they are, bounds from theirs."""
    rounds: int
    """Whole rounds of interleaved runs; 0 for files."""
    planned_rounds: int
    results: tuple[ComparedResult, ...]
    machines: tuple[ComparedMachine, ...]
    conclusion: Conclusion
    currency: str
    prices: PriceStamp | None
    is_complete: bool = True
    """False where the runs were interrupted."""
    warnings: tuple[str, ...] = field(default_factory=tuple)

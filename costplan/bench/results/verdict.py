"""From a point's figures to a verdict, with the reasons in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from costplan.bench.load.runner import Ending
from costplan.bench.load.settings import Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.statistics import minimum_count
from costplan.measurement.model import Generator, MeasuredSlo, Stability, Verdict

MAX_ERROR_SHARE: Final = 0.01
"""Errors and timeouts above this make a point invalid: failing fast is not serving."""
MIN_SENT_SHARE: Final = 0.99
MAX_CEILING_SHARE: Final = 0.5
MAX_LAG_SHARE: Final = 0.1
MAX_CPU_SHARE: Final = 0.9
"""Of one core: the generator is one thread (locust warns at the same share)."""
MAX_THROUGHPUT_CV: Final = 0.10
"""pyperf's bound for a stable benchmark."""
MAX_QUANTILE_CV: Final = 0.30

_ORDER: Final = (
    "INVALID",
    "UNSTABLE",
    "GENERATOR-LIMITED",
    "TOO-FEW-SAMPLES",
    "NOISY",
)
_NOT_ERRORS: Final = frozenset({Outcome.OK, Outcome.DROPPED, Outcome.INTERRUPTED})


Finding = tuple[Verdict, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a verdict is given on."""

    mode: Mode
    ending: Ending
    note: str
    counts: dict[Outcome, int]
    """Of the requests due inside the window."""
    asked: int
    """Requests that the schedule had due inside the window; 0 without a schedule."""
    rate: float
    """Requests sent per second."""
    lag_p99_ms: float | None
    response_p99_ms: float | None
    stability: Stability
    slo: MeasuredSlo | None = None
    ceiling: Generator | None = None
    cpu_share: float | None = None
    max_error_share: float = MAX_ERROR_SHARE
    others: Sequence[Finding] = ()
    """What was found already, of the generators that shared the load."""


def judge(facts: Facts) -> tuple[Verdict, tuple[str, ...]]:
    """Return the gravest verdict and every reason found, the gravest first."""
    findings = [*facts.others, *_ending(facts), *_failures(facts), *generator_findings(facts)]
    if facts.ending is not Ending.MISSED:  # what was given up needs no more samples
        findings += [*_samples(facts), *_noise(facts)]
    findings.sort(key=lambda finding: _ORDER.index(finding[0]))
    given_up = [facts.note] if facts.ending is Ending.MISSED else []
    verdict: Verdict = findings[0][0] if findings else "VALID"
    return verdict, (*(reason for _, reason in findings), *given_up)


def _ending(facts: Facts) -> Iterator[Finding]:
    if facts.ending is Ending.OVERLOADED:
        yield "UNSTABLE", facts.note
    elif facts.ending not in (Ending.COMPLETED, Ending.MISSED):
        yield "INVALID", facts.note


def _failures(facts: Facts) -> Iterator[Finding]:
    total = sum(facts.counts.values())
    wrong = facts.counts.get(Outcome.WRONG_ANSWER, 0)
    dropped = facts.counts.get(Outcome.DROPPED, 0)
    failed = {o: n for o, n in facts.counts.items() if o not in _NOT_ERRORS}
    share = sum(failed.values()) / total if total else 0.0
    if wrong:
        yield "INVALID", f"{wrong} of {total} answers are wrong: a wrong answer is not a measurement"
    if dropped:
        yield (
            "INVALID",
            f"{dropped} of {total} requests dropped: the cap on requests in flight was reached",
        )
    if share > facts.max_error_share:
        parts = ", ".join(f"{count} {outcome.label}" for outcome, count in failed.items())
        limit = facts.max_error_share
        yield "INVALID", f"{share:.1%} of {total} requests failed ({parts}), the limit is {limit:.0%}"
    if facts.asked and total < MIN_SENT_SHARE * facts.asked:
        yield "INVALID", f"sent {total} of the {facts.asked} requests that were due"


def generator_findings(facts: Facts) -> Iterator[Finding]:
    """Say why the generator, not the server, may be what was measured."""
    limited: Verdict = "GENERATOR-LIMITED"
    ceiling = facts.ceiling
    if ceiling is not None and facts.rate > MAX_CEILING_SHARE * ceiling.ceiling_requests_per_second:
        yield (
            limited,
            f"{facts.rate:.0f} requests/s is more than half of what the generator itself reaches "
            f"({ceiling.ceiling_requests_per_second:.0f} requests/s)",
        )
    lag = _lag(facts)
    if lag:
        yield limited, lag
    if facts.cpu_share is not None and facts.cpu_share > MAX_CPU_SHARE:
        yield limited, f"the generator used {facts.cpu_share:.0%} of its core"


def _lag(facts: Facts) -> str | None:
    # Against the SLO where there is one: the response contains the lag, so a claim that holds with it holds.
    if facts.mode is not Mode.OPEN or facts.lag_p99_ms is None:
        return None
    bound, name = facts.response_p99_ms, "of the p99 response"
    if facts.slo is not None:
        bound, name = facts.slo.latency_ms, "of the SLO"
    if bound is None or facts.lag_p99_ms <= MAX_LAG_SHARE * bound:
        return None
    return f"p99 send lag {facts.lag_p99_ms:.3g} ms is above {MAX_LAG_SHARE:.0%} {name} ({bound:.3g} ms)"


def _samples(facts: Facts) -> Iterator[Finding]:
    percentile = facts.slo.percentile if facts.slo else 99.0
    if facts.mode is Mode.BATCH:
        percentile = 50.0  # of a batch the throughput is claimed, no percentile of its times
    total = sum(facts.counts.values())
    needed = minimum_count(percentile)
    if total < needed:
        yield (
            "TOO-FEW-SAMPLES",
            f"p{percentile:g} is not claimable from {total} requests: {needed} are needed at 99 % confidence",
        )


def _noise(facts: Facts) -> Iterator[Finding]:
    stability = facts.stability
    if stability.throughput_cv is not None and stability.throughput_cv > MAX_THROUGHPUT_CV:
        yield (
            "NOISY",
            f"throughput varies by {stability.throughput_cv:.0%} over 10 sub-windows, "
            f"the limit is {MAX_THROUGHPUT_CV:.0%}",
        )
    if stability.quantile_cv is not None and stability.quantile_cv > MAX_QUANTILE_CV:
        yield (
            "NOISY",
            f"p{stability.quantile_percentile:g} response varies by {stability.quantile_cv:.0%} "
            f"over 10 sub-windows, the limit is {MAX_QUANTILE_CV:.0%}",
        )
    if stability.is_drifting and stability.drift_ratio is not None:
        yield (
            "NOISY",
            f"the median response of the second half is {stability.drift_ratio:.2f} times that of the first",
        )

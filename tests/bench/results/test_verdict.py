"""Verdicts: each with its reason in words and numbers, the gravest first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from costplan.bench.load.runner import Ending
from costplan.bench.load.settings import Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.verdict import Facts, judge
from costplan.measurement.model import Generator, MeasuredSlo, Stability

CEILING = Generator(10_000, 0.1, 0.5, 12.0, 8, 200, 100)
GOOD = Facts(
    mode=Mode.OPEN,
    ending=Ending.COMPLETED,
    note="",
    counts={Outcome.OK: 1000},
    asked=1000,
    rate=100.0,
    lag_p99_ms=0.2,
    response_p99_ms=10.0,
    stability=Stability(0.02, 0.1, 99.0, 1.01, False),
    slo=MeasuredSlo(99, 50),
    ceiling=CEILING,
    cpu_share=0.2,
)


def test_a_good_point_is_valid_without_reasons() -> None:
    assert judge(GOOD) == ("VALID", ())


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        (
            {"counts": {Outcome.OK: 985, Outcome.HTTP_ERROR: 15}},
            "INVALID",
            "1.5% of 1000 requests failed (15 http error)",
        ),
        (
            {"counts": {Outcome.OK: 980, Outcome.TIMEOUT: 20}},
            "INVALID",
            "2.0% of 1000 requests failed (20 timeout)",
        ),
        ({"counts": {Outcome.OK: 999, Outcome.WRONG_ANSWER: 1}}, "INVALID", "1 of 1000 answers are wrong"),
        ({"counts": {Outcome.OK: 999, Outcome.DROPPED: 1}}, "INVALID", "1 of 1000 requests dropped"),
        ({"asked": 1100}, "INVALID", "sent 1000 of the 1100 requests that were due"),
        ({"ending": Ending.INTERRUPTED, "note": "interrupted 3.0 s"}, "INVALID", "interrupted 3.0 s"),
        ({"ending": Ending.HOPELESS, "note": "none of 20"}, "INVALID", "none of 20"),
        ({"ending": Ending.OVERLOADED, "note": "load above"}, "UNSTABLE", "load above"),
        ({"rate": 5001.0}, "GENERATOR-LIMITED", "5001 requests/s is more than half of what the generator"),
        ({"lag_p99_ms": 5.1}, "GENERATOR-LIMITED", "p99 send lag 5.1 ms is above 10% of the SLO (50 ms)"),
        ({"slo": None, "lag_p99_ms": 1.1}, "GENERATOR-LIMITED", "is above 10% of the p99 response (10 ms)"),
        ({"cpu_share": 0.95}, "GENERATOR-LIMITED", "the generator used 95% of its core"),
        (
            {"counts": {Outcome.OK: 661}, "asked": 661},
            "TOO-FEW-SAMPLES",
            "p99 is not claimable from 661 requests: 662",
        ),
        (
            {"stability": Stability(0.11, 0.1, 99.0, 1.0)},
            "NOISY",
            "throughput varies by 11% over 10 sub-windows",
        ),
        ({"stability": Stability(0.01, 0.31, 99.0, 1.0)}, "NOISY", "p99 response varies by 31%"),
        (
            {"stability": Stability(0.01, 0.1, 99.0, 1.5, True)},
            "NOISY",
            "second half is 1.50 times that of the first",
        ),
    ],
)
def test_each_fault_gives_its_verdict_and_its_reason(
    change: dict[str, object], verdict: str, reason: str
) -> None:
    found, reasons = judge(replace(GOOD, **change))  # type: ignore[arg-type]
    assert found == verdict
    assert reason in reasons[0]


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {Outcome.OK: 990, Outcome.HTTP_ERROR: 10}},
        {"asked": 1010},
        {"rate": 5000.0},
        {"lag_p99_ms": 5.0},
        {"cpu_share": 0.9},
        {"counts": {Outcome.OK: 662}, "asked": 662},
        {"stability": Stability(0.10, 0.30, 99.0, 1.5, False)},
        {"slo": None},
        {"ceiling": None},
    ],
)
def test_each_limit_itself_is_still_allowed(change: dict[str, object]) -> None:
    assert judge(replace(GOOD, **change))[0] == "VALID"  # type: ignore[arg-type]


def test_a_p90_needs_fewer_requests_than_a_p99() -> None:
    few = replace(GOOD, counts={Outcome.OK: 64}, asked=64)
    assert judge(few)[0] == "TOO-FEW-SAMPLES"
    assert judge(replace(few, slo=MeasuredSlo(90, 50)))[0] == "VALID"


def test_the_gravest_comes_first_and_no_reason_is_lost() -> None:
    facts = replace(
        GOOD,
        counts={Outcome.OK: 100, Outcome.WRONG_ANSWER: 5},
        asked=105,
        rate=6000.0,
        stability=Stability(0.5, 0.1, 50.0, 1.0),
        ending=Ending.OVERLOADED,
        note="load above capacity",
    )
    verdict, reasons = judge(facts)
    assert verdict == "INVALID"
    wanted = [
        "wrong",
        "failed",
        "load above capacity",
        "half of what the generator",
        "not claimable",
        "varies",
    ]
    assert len(reasons) == len(wanted)
    assert all(word in reason for word, reason in zip(wanted, reasons, strict=True))


def test_lag_does_not_matter_to_a_closed_loop() -> None:
    assert judge(replace(GOOD, mode=Mode.CLOSED, asked=0, lag_p99_ms=100.0))[0] == "VALID"


def test_the_limit_on_errors_can_be_set() -> None:
    facts = replace(GOOD, counts={Outcome.OK: 950, Outcome.HTTP_ERROR: 50}, max_error_share=0.1)
    assert judge(facts)[0] == "VALID"

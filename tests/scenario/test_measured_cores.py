"""A measured time and capacity on other cores than all that were measured, in the bill and in its formula."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from measured_examples import environment, measurement, point

from costplan.catalog.store import Catalog
from costplan.measurement.core_curve import CoreCurve
from costplan.measurement.model import AloneOnCores, Latency, Measurement
from costplan.output.formats import rendered
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.formula import Interpreter
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

CALLS = ((148, 1), (150, 1), (160, 1), (192, 3), (201, 2), (247, 2))
"""Ten calls: their mean is 193 ms, p50 is 192, p90 is 247; six are billed as 200 ms and four as 300."""
CONTAINER = """\
workload: {monthly_requests: 1M, request_duration: {measured: ./api.json}}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 8 GB}
"""
FUNCTION = """\
workload: {monthly_requests: 1M, request_duration: {measured: ./api.json}}
resources:
  api: {kind: cloud-function, role: inference, memory: 1 GB}
"""
MACHINE = """\
workload: {monthly_requests: 100 req/s, slo: p99 <= 100 ms}
resources:
  api:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 8 GB
    capacity: {measured: ./api.json}
"""


def measured() -> Measurement:
    """On two processors a request alone takes 150 ms, on one 240 ms: 190 ms or 290 ms, as often."""
    alone = point("single", service_ms=Latency(mean=150.0), by_ms=((140, 5), (160, 5)))
    fewer = (
        AloneOnCores(1, 10, Latency(mean=240.0), ((190, 5), (290, 5))),
        AloneOnCores(2, 10, Latency(mean=150.0), alone.by_ms),
    )
    return measurement(points=(alone,), alone_on_cores=fewer)


def scaling() -> Measurement:
    """X(n) = n / (1 + (n - 1) / 4): four processors do 100 requests/s, two 1.6 / (16 / 7) = 0.7 of that."""
    alone = point("single", service_ms=Latency(mean=20.0))
    fewer = tuple(AloneOnCores(n, 10, Latency(mean=ms)) for n, ms in ((1, 60.0), (2, 30.0), (4, 20.0)))
    curve = CoreCurve(((1, 70.0), (2, 112.0), (4, 160.0)), 0.25, 0.0)
    return measurement(
        points=(alone, point()), environment=environment(usable=4), curve=curve, alone_on_cores=fewer
    )


def loaded(folder: Path, found: Measurement, text: str, *sets: str) -> LoadedScenario:
    (folder / "api.json").write_text(rendered(found, "json"), encoding="utf-8")
    (folder / "mine.yaml").write_text("scenario: mine\ntitle: Mine\nfree_tier: false\n" + text)
    return load_scenario(str(folder / "mine.yaml"), lambda name: Catalog.shipped(name), sets=list(sets))


def quantity(found: Estimate, sku: str) -> Decimal:
    [line] = [line for part in found.resources for line in part.line_items if line.sku == sku]
    return line.quantity


def why(found: Estimate, path: str) -> tuple[str, str]:
    [said] = [one for one in found.assumptions if one.path == path]
    return said.kind, str(said.reason)


@pytest.mark.parametrize(
    ("vcpu", "milliseconds", "kind", "said"),
    [
        ("1", 240, "measured", "on 1 vCPU a request alone takes 240 ms, as measured there"),
        ("0.5", 480, "assumed", "on 0.5 vCPU a request alone is taken as 480 ms: that measured on 1, over"),
        (
            "1.5",
            195,
            "assumed",
            "on 1.5 vCPU a request alone is taken as 195 ms, between those measured on 1",
        ),
    ],
)
def test_a_time_is_that_of_the_cores_that_it_was_measured_on(
    tmp_path: Path, vcpu: str, milliseconds: int, kind: str, said: str
) -> None:
    """A million calls of so long, on so many cores: half a core takes twice as long as one."""
    found = price_scenario(loaded(tmp_path, measured(), CONTAINER, f"resources.api.vcpu={vcpu}"))
    hours = Fraction(1_000_000 * milliseconds, 3_600_000) * Fraction(vcpu)
    assert abs(Fraction(quantity(found, "serverless.containers.compute.cpu")) - hours) < Fraction(1, 10**11)
    assert why(found, "resources.api.vcpu")[0] == kind
    assert why(found, "resources.api.vcpu")[1].startswith(said)


@pytest.mark.parametrize("vcpu", ["2", "4"])
def test_on_all_cores_and_on_more_it_stays_as_measured(tmp_path: Path, vcpu: str) -> None:
    found = price_scenario(loaded(tmp_path, measured(), CONTAINER, f"resources.api.vcpu={vcpu}"))
    hours = Fraction(1_000_000 * 150, 3_600_000) * Fraction(vcpu)
    assert abs(Fraction(quantity(found, "serverless.containers.compute.cpu")) - hours) < Fraction(1, 10**11)
    assert not [one for one in found.assumptions if one.path == "resources.api.vcpu"]


@pytest.mark.parametrize(("vcpu", "milliseconds"), [("2", 150), ("1", 250), ("0.5", 500)])
def test_each_call_is_rounded_and_not_the_mean(tmp_path: Path, vcpu: str, milliseconds: int) -> None:
    """On one core 200 and 300 ms in turn; on half of one 400 and 600; on two, 140 and 160 are 200 both."""
    billed = 200 if vcpu == "2" else milliseconds
    sets = (f"resources.api.vcpu={vcpu}", "resources.api.run_time_rounding=per-call")
    found = price_scenario(loaded(tmp_path, measured(), CONTAINER, *sets))
    hours = Fraction(1_000_000 * billed, 3_600_000) * Fraction(vcpu)
    assert abs(Fraction(quantity(found, "serverless.containers.compute.cpu")) - hours) < Fraction(1, 10**11)
    said = [one for one in found.assumptions if one.path == "resources.api.run_time_rounding"]
    assert [str(one.reason) for one in said] == (
        []
        if vcpu == "2"
        else [f"each of the measured times rounded up to 100 ms: {milliseconds} ms in the mean"]
    )


def test_a_function_is_billed_by_the_distribution(tmp_path: Path) -> None:
    """0.6 x 200 ms + 0.4 x 300 ms = 240 ms a call, not the mean rounded up: 66.6667 GB*hours."""
    alone = point("single", service_ms=Latency(mean=193.0, p50=192.0, p90=247.0), by_ms=CALLS)
    found = price_scenario(loaded(tmp_path, measurement(points=(alone,)), FUNCTION))
    assert quantity(found, "serverless.functions.compute.memory") == Decimal("66.666666666667")


def test_without_exact_times_the_histogram_says_the_most(tmp_path: Path) -> None:
    """Buckets up to 90, 110 and 250 ms with 1, 2 and 1 of four calls: 100, 200, 200, 300, mean 200 ms."""
    buckets = ((90.0, 1), (110.0, 2), (250.0, 1))
    alone = point("single", service_ms=Latency(mean=140.0), histogram=buckets)
    found = price_scenario(loaded(tmp_path, measurement(points=(alone,)), FUNCTION))
    assert quantity(found, "serverless.functions.compute.memory") == Decimal("55.555555555556")


def test_a_stated_time_is_rounded_as_before(tmp_path: Path) -> None:
    found = price_scenario(loaded(tmp_path, measured(), FUNCTION, "workload.request_duration=193 ms"))
    assert quantity(found, "serverless.functions.compute.memory") == Decimal("55.555555555556")


def test_the_bill_as_a_formula_says_the_same_at_every_load(tmp_path: Path) -> None:
    for number in (1, 77_777, 3_000_000):
        sets = ("resources.api.run_time_rounding=per-call", f"workload.monthly_requests={number}")
        scenario = loaded(tmp_path, measured(), CONTAINER, *sets)
        formula = bill_formula(with_variable_load(loaded(tmp_path, measured(), CONTAINER, sets[0])))
        at_load = Interpreter({LOAD: Fraction(number)})(formula.total)
        assert abs(at_load - Fraction(price_scenario(scenario).total.monthly_cost)) < Fraction(1, 10**9)


@pytest.mark.parametrize(("vcpu", "machines"), [("4", 2), ("2", 3)])
def test_a_machine_serves_by_the_measured_curve(tmp_path: Path, vcpu: str, machines: int) -> None:
    """100 requests/s at 60 %: two machines of 60 each, or of 0.7 x 60 = 42 each three."""
    found = price_scenario(loaded(tmp_path, scaling(), MACHINE, f"resources.api.vcpu={vcpu}"))
    assert quantity(found, "compute.vm.cpu.c100.v3") == machines * int(vcpu) * 720
    assert found.verdict == "kept"


def test_the_curve_is_said_wherever_it_counts(tmp_path: Path) -> None:
    found = price_scenario(loaded(tmp_path, scaling(), MACHINE))
    assert [str(one.reason) for one in found.caveats] == [
        "measured on 4 vCPU, Intel Xeon Processor (Icelake); for 2 vCPU (standard-v3) by the measured "
        "curve over cores (1, 2, 4)"
    ]
    said = "on 2 vCPU it serves 0.7 times as much, by the measured curve over cores (1, 2, 4)"
    assert ("measured", said) in {(one.kind, str(one.reason)) for one in found.assumptions}


@pytest.mark.parametrize(
    ("slo", "verdict"), [("p99 <= 100 ms", "kept"), ("p99 <= 29 ms", "broken"), ("p99 <= 25 ms", "broken")]
)
def test_a_request_takes_longer_on_fewer_cores_of_a_machine(tmp_path: Path, slo: str, verdict: str) -> None:
    """30 ms on two of four cores."""
    found = price_scenario(loaded(tmp_path, scaling(), MACHINE, f"workload.slo={slo}"))
    assert found.verdict == verdict
    said = [str(one.reason) for one in found.unmet if "alone" in str(one.reason)]
    assert said == (["a request alone takes 30 ms"] if verdict == "broken" else [])


def test_a_share_of_a_core_is_throttled_and_stays_unknown(tmp_path: Path) -> None:
    found = price_scenario(loaded(tmp_path, scaling(), MACHINE, "resources.api.core_fraction=50"))
    assert found.verdict == "unknown"
    assert "1 vCPU (standard-v3) is smaller, and nothing says how much it serves" in str(
        found.unknowns[0].reason
    )


def test_without_a_curve_a_smaller_machine_stays_unknown(tmp_path: Path) -> None:
    flat = measurement(environment=environment(usable=4))
    assert price_scenario(loaded(tmp_path, flat, MACHINE)).verdict == "unknown"


def test_on_more_cores_than_were_measured_nothing_is_gained(tmp_path: Path) -> None:
    found = price_scenario(
        loaded(tmp_path, scaling(), MACHINE, "resources.api.vcpu=8", "resources.api.memory=8 GB")
    )
    assert quantity(found, "compute.vm.cpu.c100.v3") == 2 * 8 * 720
    assert str(found.caveats[0].reason).endswith("8 vCPU (standard-v3) is taken as no slower")

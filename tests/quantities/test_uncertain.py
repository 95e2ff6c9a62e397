"""How sure a number is: what may be written, what is refused, and how it is placed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import exp, log
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from measured_examples import measurement

from costplan.catalog.store import Catalog
from costplan.measurement.model import MeasuredCapacity
from costplan.messages.errors import InputError
from costplan.output.formats import rendered
from costplan.pricing.bill_formula import bill_formula
from costplan.pricing.engine import price_scenario
from costplan.quantities.distribution import Distribution, UncertainInput
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.correlations import correlation_factor, lower_factor
from costplan.scenario.uncertain.ranges import uncertain_inputs
from costplan.scenario.uncertain.variables import quantity_at, with_variables

SHIPPED = Catalog.shipped()

SCENARIO = """\
scenario: mine
title: Mine
free_tier: false
workload:
  monthly_requests: {requests}
  request_duration: {duration}
resources:
  api: {{kind: serverless-container, role: inference, vcpu: 1, memory: {memory}}}
  vm:
    kind: compute-instance
    role: inference
    vcpu: {vcpu}
    memory: 4 GB
    hours: {hours}
    capacity: {{requests_per_second: 100, utilisation: {utilisation}}}
    disks: [{{size: {disk}}}]
  people: {{kind: fixed-cost, role: other, amounts: {{RUB: {amount}}}, source: us}}
{more}
"""
PLAIN = {
    "requests": "5M/month", "duration": "20 ms", "memory": "1 GB", "vcpu": "2", "hours": "24x7",
    "utilisation": "60%", "disk": "100 GB", "amount": "10", "more": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(**parts: str) -> LoadedScenario:
    Path("mine.yaml").write_text(SCENARIO.format(**{**PLAIN, **parts}), encoding="utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED)


def only(**parts: str) -> UncertainInput:
    [found] = uncertain_inputs(load(**parts))
    return found


def refused(**parts: str) -> str:
    with pytest.raises(InputError) as caught:
        load(**parts)
    assert len(caught.value.faults) == 1
    return str(caught.value)


# What may be written


def test_low_and_high_alone_are_a_uniform_range_in_the_field_s_own_unit() -> None:
    found = only(duration="{value: 20 ms, uncertain: {low: 10 ms, high: 0.04 s}}")
    assert found.path == "workload.request_duration"
    assert found.distribution == Distribution("uniform", Fraction(1, 100), Fraction(4, 100))
    assert (found.value, found.kind, found.reason) == (Fraction(2, 100), "stated", "")


def test_a_likely_value_makes_it_pert() -> None:
    found = only(requests="{value: 5M/month, uncertain: {low: 2M, likely: 4M/month, high: 20 req/s}}")
    assert found.distribution == Distribution(
        "pert", Fraction(2_000_000), Fraction(20 * 720 * 3600), Fraction(4_000_000)
    )


def test_a_triangle_without_a_likely_value_has_its_peak_at_the_value() -> None:
    found = only(requests="{value: 5M, uncertain: {distribution: triangular, low: 2M, high: 9M}}")
    assert found.distribution.likely == 5_000_000


def test_the_reason_stands_beside_the_range() -> None:
    found = only(disk='{value: 100 GB, assumed: "a year of logs", uncertain: {low: 50 GB, high: 400 GB}}')
    assert (found.path, found.kind) == ("resources.vm.disks[0].size", "assumed")
    assert found.reason == "a year of logs"


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ({"duration": "{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}"}, "15 ms"),
        ({"requests": "{value: 20M/month, uncertain: {low: 10M, high: 40M}}"}, "15M/month"),
        ({"requests": "{value: 20 req/s, uncertain: {low: 1 req/s, high: 40 req/s}}"}, "15 req/s"),
        ({"utilisation": "{value: 20%, uncertain: {low: 0.1, high: 0.4}}"}, "15%"),
        ({"hours": "{value: 24x7, uncertain: {low: 1 h, high: 720 h}}"}, "540 h"),
    ],
    ids=["duration", "count", "rate", "share", "hours"],
)
def test_an_input_is_written_in_the_unit_that_its_value_has(parts: dict[str, str], written: str) -> None:
    """Three quarters of the value, in its own unit; `24x7` has none that multiplies, so `high` gives it."""
    found = only(**parts)
    assert found.unit.written(found.value * 3 / 4) == written


def test_a_distribution_with_tails_ends_at_one_in_a_thousand() -> None:
    z = NormalDist().inv_cdf(0.999) / NormalDist().inv_cdf(0.9)
    low, high = Distribution("normal", Fraction(80), Fraction(120)).ends
    assert (float(low), float(high)) == pytest.approx((100 - 20 * z, 100 + 20 * z))
    low, high = Distribution("lognormal", Fraction(50), Fraction(200)).ends
    assert (float(low), float(high)) == pytest.approx((100 * exp(-log(2) * z), 100 * exp(log(2) * z)))


def test_the_plain_bill_does_not_know_of_ranges() -> None:
    marked = {"duration": "{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}"}
    plain = price_scenario(load())
    assert rendered(price_scenario(load(**marked)), "json") == rendered(plain, "json")


def test_a_variant_may_change_how_sure_a_number_is() -> None:
    written = "{value: 1 ms, uncertain: {low: 1 ms, high: 2 ms}}"
    load(more=f"variants: {{v: {{title: V, set: {{workload.request_duration: {written}}}}}}}")
    found = load_scenario("./mine.yaml:v", lambda _: SHIPPED)
    assert [one.path for one in uncertain_inputs(found)] == ["workload.request_duration"]
    assert uncertain_inputs(load_scenario("./mine.yaml", lambda _: SHIPPED)) == ()


def test_a_number_set_on_the_command_line_is_sure() -> None:
    load(duration="{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}")
    sure = load_scenario("./mine.yaml", lambda _: SHIPPED, sets=["workload.request_duration=30 ms"])
    assert uncertain_inputs(sure) == ()


def test_one_bound_can_be_set_on_the_command_line() -> None:
    load(duration="{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}")
    path = "workload.request_duration.uncertain.high"
    wider = load_scenario("./mine.yaml", lambda _: SHIPPED, sets=[f"{path}=80 ms"])
    assert uncertain_inputs(wider)[0].distribution.high == Fraction(80, 1000)


# Measured capacities


def measured(tmp_path: Path, **capacity: Any) -> LoadedScenario:
    made = measurement(capacity=MeasuredCapacity(verdict="OK", **capacity))
    (tmp_path / "api.json").write_text(rendered(made, "json"), encoding="utf-8")
    text = SCENARIO.format(**PLAIN).replace(
        "capacity: {requests_per_second: 100, utilisation: 60%}", "capacity: {measured: api.json}"
    )
    Path("mine.yaml").write_text(text, encoding="utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED)


def test_a_measured_capacity_lies_between_what_passed_and_what_failed(folder: Path) -> None:
    [found] = uncertain_inputs(measured(folder, requests_per_second=100.0, low=100.0, high=130.0))
    assert found.path == "resources.vm.capacity.requests_per_second"
    assert found.distribution == Distribution("uniform", Fraction(100), Fraction(130))
    assert found.kind == "measured"


def test_a_capacity_without_a_rate_that_failed_has_no_interval(folder: Path) -> None:
    assert uncertain_inputs(measured(folder, requests_per_second=100.0, low=100.0, high=None)) == ()


def test_a_measured_interval_that_reaches_zero_is_refused_where_it_is_asked_for(folder: Path) -> None:
    scenario = measured(folder, requests_per_second=100.0, low=0.0, high=130.0)
    price_scenario(scenario)
    with pytest.raises(InputError, match=r"mine.yaml:15:\d+: .*uncertain\.low: must be above zero"):
        uncertain_inputs(scenario)


# What is refused


def test_the_place_of_a_wrong_range_is_shown_with_a_hint() -> None:
    """Line 6, where `40 ms` stands."""
    text = refused(duration="{value: 20 ms, uncertain: {low: 40 ms, high: 10 ms}}")
    column = len("  request_duration: {value: 20 ms, uncertain: {low: ") + 1
    said = "`low` is above `high`: 40 ms to 10 ms"
    assert text.startswith(f"mine.yaml:6:{column}: workload.request_duration.uncertain: {said}")
    assert "hint: exchange the two" in text


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("{low: 20 ms, high: 0.02 s}", "has no width: 20 ms to 0.02 s"),
        ("{low: 10 ms, high: 40 ms, likely: 50 ms}", "uncertain.likely: is outside 10 ms to 40 ms: 50 ms"),
        ("{low: 30 ms, high: 40 ms}", "the value 20 ms is outside its own range, 30 ms to 40 ms"),
        ("{distribution: lognormal, low: 0 ms, high: 40 ms}", "low: a lognormal number is above zero"),
        ("{distribution: normal, low: 1 ms, high: 40 ms}", "reaches -26.5 ms: must not be negative"),
        ("{low: 10, high: 40 ms}", "uncertain.low: is a duration without a unit: `10`"),
        ("{low: 10 GB, high: 40 ms}", "uncertain.low: has the unknown unit `GB`"),
        ("{low: nan, high: 40 ms}", "uncertain.low: must be a finite number"),
        ("{low: 10 ms}", "uncertain: missing `high`"),
        ("{high: 30 ms}", "uncertain: missing `low`"),
        ("{low: , high: 30 ms}", "low: must be a single value"),
        ("{low: [1], high: 40 ms}", "low: must be a single value"),
        ("10%", "must be a mapping"),
        ("~", "must be a mapping"),
        ("{lo: 1 ms, high: 2 ms}", "hint: did you mean `low`?"),
        ("{distribution: lognormale, low: 1 ms, high: 90 ms}", "hint: did you mean `lognormal`?"),
        ("{distribution: normal, low: 1 ms, likely: 20 ms, high: 21 ms}", "a normal distribution has no"),
    ],
)
def test_what_is_no_range_is_refused(stated: str, said: str) -> None:
    assert said in refused(duration=f"{{value: 20 ms, uncertain: {stated}}}")


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("utilisation", "{value: 60%, uncertain: {distribution: normal, low: 50%, high: 90%}}",
         "the distribution reaches 118%: is a share above 100%"),
        ("duration", "{value: 20 ms, uncertain: {low: 1 ms, high: 40 ms}, because: x}", "unknown key"),
        ("vcpu", "{value: 2, uncertain: {low: 2, high: 8}}", "cannot be uncertain: `2` is no quantity"),
        ("amount", "{value: 10, uncertain: {low: 2, high: 80}}", "cannot be uncertain: `10` is no quantity"),
        ("more", "hours_per_month: {value: 720, uncertain: {low: 700, high: 730}}", "cannot be uncertain"),
        ("more", "currency: {value: RUB, uncertain: {low: 1, high: 2}}", "`RUB` is no quantity"),
        ("disk", "{value: 100 GB, uncertain: {low: 50 GB, high: 100.5 GB}}",
         "uncertain.high: network-ssd is sold in steps of 1 GB, got 100.5 GB"),
        ("hours", "{value: 24x7, uncertain: {low: 9-18 mon-fri, high: 24x7}}",
         "what lies in between cannot be told"),
        ("hours", "{value: 700 h, uncertain: {low: 600 h, high: 721 h}}", "is longer than the month: 721 h"),
    ],
)  # fmt: skip
def test_what_its_field_would_not_take_is_refused(field: str, written: str, said: str) -> None:
    assert said in refused(**{field: written})


def test_a_stated_number_may_have_an_assumed_range() -> None:
    found = only(
        requests='{value: 1M, uncertain: {low: 400K, high: 3M, assumed: "nobody said how it varies"}}'
    )
    assert (found.kind, found.reason) == ("stated", "")
    assert found.range_reason == "nobody said how it varies"
    assert only(requests="{value: 1M, uncertain: {low: 400K, high: 3M}}").range_reason == ""


@pytest.mark.parametrize(
    ("reason", "said"), [('""', "must give the reason"), ("[a]", "must give the reason")]
)
def test_a_range_gives_its_reason_as_a_text(reason: str, said: str) -> None:
    written = f"{{value: 1M, uncertain: {{low: 400K, high: 3M, assumed: {reason}}}}}"
    assert f"uncertain.assumed: {said}" in refused(requests=written)


def test_a_capacity_that_may_be_zero_is_refused() -> None:
    text = SCENARIO.format(**PLAIN).replace(
        "requests_per_second: 100", "requests_per_second: {value: 100, uncertain: {low: 0, high: 120}}"
    )
    Path("mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"requests_per_second\.uncertain\.low: must be above zero"):
        load_scenario("./mine.yaml", lambda _: SHIPPED)


def test_memory_that_is_only_sold_at_its_ends_is_a_choice_and_no_range() -> None:
    text = SCENARIO.format(**PLAIN).replace(
        "memory: 4 GB", "memory: {value: 4 GB, uncertain: {low: 4 GB, high: 6 GB}}"
    )
    Path("mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"draws lie in between, at 5 GB too: .* is not sold with 5 GB"):
        load_scenario("./mine.yaml", lambda _: SHIPPED)


def test_all_faults_of_a_file_are_shown() -> None:
    with pytest.raises(InputError) as caught:
        load(
            duration="{value: 20 ms, uncertain: {low: 40 ms, high: 10 ms}}",
            requests="{value: 1M, uncertain: {low: 2M, high: 3M}}",
        )
    assert len(caught.value.faults) == 2


# Correlations

TWO = {
    "requests": "{value: 5M, uncertain: {low: 2M, high: 9M}}",
    "duration": "{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}",
}
THREE = {**TWO, "disk": "{value: 100 GB, uncertain: {low: 50 GB, high: 400 GB}}"}
A, B, C = "workload.monthly_requests", "workload.request_duration", "resources.vm.disks[0].size"


def correlated(*triples: tuple[str, str, str]) -> str:
    listed = [f'{{between: [{a}, "{b}"], rho: {rho}}}' for a, b, rho in triples]
    return f"correlations: [{', '.join(listed)}]"


def test_the_factor_times_itself_is_the_matrix() -> None:
    scenario = load(**THREE, more=correlated((A, B, "0.6"), (A, C, "-0.3"), (B, C, "0.2")))
    paths, lower = correlation_factor(scenario, uncertain_inputs(scenario))
    assert paths == [A, B, C]
    products = [[sum(x * y for x, y in zip(one, two, strict=True)) for two in lower] for one in lower]
    expected = [[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]]
    assert products == [pytest.approx(row) for row in expected]


def test_a_matrix_that_is_only_just_one_is_taken() -> None:
    """Three numbers that move as one: the matrix of ones has rank 1."""
    assert lower_factor([[1.0] * 3] * 3) == [[1.0, 0, 0]] * 3


@pytest.mark.parametrize(
    ("triples", "said"),
    [
        (((A, B, "0.9"), (A, C, "0.9"), (B, C, "-0.9")), "mine.yaml:18:15: correlations: contradict each"),
        (((A, B, "1.2"),), "correlations[0].rho: must be from -1 to 1, got 1.2"),
        (((A, B, "much"),), "correlations[0].rho: is not a number: `much`"),
        (((A, B, "0.1"), (B, A, "0.1")), "correlations[1].between: names a pair that is named above"),
        (((A, A, "1"),), "correlations[0].between: names one number twice"),
        (((A, "workload.request_durations", "1"),), "hint: did you mean `workload.request_duration`?"),
        (((A, "resources.vm.hours", "1"),), "between[1]: `resources.vm.hours` is not uncertain"),
        (((A, "what is [this", "1"),), "there is no uncertain `what is [this`"),
    ],
)  # fmt: skip
def test_what_is_no_correlation_is_refused(triples: Any, said: str) -> None:
    assert said in refused(**THREE, more=correlated(*triples))


def test_correlations_of_a_sure_scenario_are_refused() -> None:
    assert "is not uncertain" in refused(more=correlated((A, B, "0.5")))


# Varying


def test_a_scenario_varies_in_what_is_asked_for_and_nothing_else() -> None:
    scenario = load(**THREE)
    at = {B: Fraction(20, 1000), C: Fraction(100 * 2**30)}
    varied = with_variables(scenario, at)
    assert quantity_at(scenario, B).formula is None  # type: ignore[union-attr]
    assert [quantity_at(varied, path).formula is not None for path in (A, B, C)] == [False, True, True]  # type: ignore[union-attr]
    assert price_scenario(varied) == price_scenario(scenario)


def test_the_formula_at_another_value_is_the_bill_with_it_set() -> None:
    from costplan.quantities.formula import Interpreter

    formula = bill_formula(with_variables(load(**THREE), {B: Fraction(1), C: Fraction(2**40)})).total
    value = Interpreter({B: Fraction(30, 1000), C: Fraction(200 * 2**30)})(formula)
    sets = ["workload.request_duration=30 ms", "resources.vm.disks[0].size=200 GB"]
    bill = price_scenario(load_scenario("./mine.yaml", lambda _: SHIPPED, sets=sets))
    assert abs(value - Fraction(bill.total.monthly_cost)) < Fraction(Decimal("1e-8"))

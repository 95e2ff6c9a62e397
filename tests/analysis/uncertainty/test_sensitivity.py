"""What a bill depends on: ends against the engine, indices against closed forms and against SALib."""

from __future__ import annotations

import re
from decimal import Decimal
from math import pi
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as peer_analysis
from SALib.sample import sobol as peer_sample

from costplan.analysis.uncertainty.documents import Bar, Sensitivity
from costplan.analysis.uncertainty.draws import Sampler
from costplan.analysis.uncertainty.sensitivity import CORRELATED, NO_DISTRIBUTION, NO_VARIANCE, sensitivity
from costplan.analysis.uncertainty.sobol import sobol_indices
from costplan.analysis.uncertainty.uncertainty import with_uncertain_variables
from costplan.catalog.store import Catalog
from costplan.formulas.to_arrays import compile_grid
from costplan.language.translator import ENGLISH
from costplan.messages.errors import InputError
from costplan.output.views.range_bar import range_bar
from costplan.output.views.sensitivity import sensitivity_view
from costplan.pricing.bill_formula import bill_formula
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.ranges import uncertain_inputs

SHIPPED = Catalog.shipped()
DRAWS = 1 << 13

TEXT = """\
scenario: mine
title: Mine
free_tier: false
workload:
  monthly_requests: {value: 100M, uncertain: {low: 50M, high: 400M}}
  request_duration: {value: 150 ms, uncertain: {low: 90 ms, likely: 150 ms, high: 310 ms}}
  response_size: {value: 20 KB, assumed: guess}
  request_size: {value: 2 KB, measured: "the log"}
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: {value: 2, assumed: guess}
    memory: 4 GB
    capacity:
      requests_per_second: {value: 45, uncertain: {low: 30, high: 60}}
      utilisation: {value: 90%, assumed: guess}
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
  net: {kind: network, role: network}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str = TEXT, sets: tuple[str, ...] = ()) -> LoadedScenario:
    Path("mine.yaml").write_text(text, encoding="utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED, sets=sets)


def found(text: str = TEXT, **more: object) -> Sensitivity:
    return sensitivity(load(text), draws=DRAWS, **more)  # type: ignore[arg-type]


def bars(document: Sensitivity) -> dict[str, Bar]:
    return {bar.path: bar for bar in document.bars}


# One at a time


def test_both_ends_of_every_bar_are_bills_with_that_one_input_set() -> None:
    document = found()
    assert len(document.bars) == 5
    for bar in document.bars:
        for end, cost in ((bar.low, bar.cost_at_low), (bar.high, bar.cost_at_high)):
            bill = price_scenario(load(sets=(f"{bar.path}={end}",)))
            assert abs(cost - bill.total.monthly_cost) < Decimal("1e-8")


def test_the_widest_bar_comes_first() -> None:
    widths = [abs(bar.cost_at_high - bar.cost_at_low) for bar in found().bars]
    assert widths == sorted(widths, reverse=True)


def test_an_input_with_a_range_is_moved_to_its_tenth_and_ninetieth_percentile() -> None:
    """Uniform from 50M to 400M: 85M and 365M."""
    bar = bars(found())["workload.monthly_requests"]
    assert (bar.by, bar.low, bar.high) == ("distribution", "85M", "365M")


def test_an_assumed_or_measured_input_without_one_is_swung_by_a_convention() -> None:
    document = bars(found(swing=Decimal("0.25")))
    bar = document["workload.response_size"]
    assert (bar.by, bar.kind, bar.low, bar.high) == ("swing", "assumed", "15 KB", "25 KB")
    assert "workload.request_size" not in document


def test_an_input_that_moves_nothing_is_named_and_has_no_bar() -> None:
    assert found().without_effect == ("workload.request_size",)


def test_it_is_said_how_far_an_input_was_moved_that_moves_nothing() -> None:
    """Between P10 and P90 a size may stay inside a free tier that its highest value leaves."""
    notes = [note.text for note in sensitivity_view(found(), ENGLISH).notes]
    assert "moves nothing as far as it is moved here: workload.request_size" in notes


def test_a_share_is_not_swung_above_the_whole() -> None:
    bar = bars(found())["resources.vm.capacity.utilisation"]
    assert (bar.low, bar.high) == ("72%", "90%")
    assert bar.note.startswith("not moved up: is a share above 100%")


def test_a_whole_number_is_not_swung() -> None:
    assert [(still.path, still.reason) for still in found().not_moved] == [
        ("resources.vm.vcpu", "a choice or a whole number")
    ]


def test_a_scenario_in_which_all_is_stated_has_nothing_to_move() -> None:
    text = "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M}\n"
    text += "resources: {z: {kind: dns, role: network, zones: 1}}\n"
    with pytest.raises(InputError, match="nothing in `mine` is uncertain, assumed or measured"):
        found(text)


# Shares of the variance


def ishigami(points: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on the cube from -pi to pi. Source: Ishigami and Homma, 1990."""
    x1, x2, x3 = (2 * points - 1) * pi
    result: np.ndarray = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return result


def test_indices_of_the_ishigami_function_are_those_of_its_closed_form() -> None:
    """V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = b^2 pi^8 (1/18 - 1/50), with a = 7 and b = 0.1."""
    first, second, both = (1 + 0.1 * pi**4 / 5) ** 2 / 2, 49 / 8, 0.01 * pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    expected = [(first, first + both), (second, second), (0, both)]
    indices = sobol_indices(ishigami, 3, 1 << 15, 1)
    assert indices is not None
    for pair, shares in zip(indices, expected, strict=True):
        for figure, share in zip(pair, shares, strict=True):
            assert float(figure.value) == pytest.approx(share / whole, abs=0.003)
            assert float(figure.error) < 0.003


def test_indices_of_the_ishigami_function_are_those_of_salib() -> None:
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    points = peer_sample.sample(problem, 1 << 13, calc_second_order=False, seed=1)
    peer = peer_analysis.analyze(problem, ishigami(points.T), calc_second_order=False, seed=1)
    indices = sobol_indices(ishigami, 3, 1 << 13, 1)
    assert indices is not None
    assert [float(first.value) for first, _ in indices] == pytest.approx(list(peer["S1"]), abs=0.02)
    assert [float(total.value) for _, total in indices] == pytest.approx(list(peer["ST"]), abs=0.02)


def test_indices_of_a_bill_are_those_of_salib() -> None:
    scenario = load()
    inputs = uncertain_inputs(scenario)
    evaluate = compile_grid([bill_formula(with_uncertain_variables(scenario, inputs)).total])
    names = [one.path for one in inputs]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    points = np.clip(peer_sample.sample(problem, 1 << 12, calc_second_order=False, seed=1), 1e-9, 1 - 1e-9)
    costs = evaluate(Sampler(inputs, 1).values(points.T))[0]
    peer = peer_analysis.analyze(problem, costs, calc_second_order=False, seed=1)
    document = bars(found())
    for number, name in enumerate(names):
        first, total = document[name].first, document[name].total
        assert first is not None
        assert total is not None
        assert float(first.value) == pytest.approx(peer["S1"][number], abs=0.02)
        assert float(total.value) == pytest.approx(peer["ST"][number], abs=0.02)


def test_a_sum_shares_its_variance_by_the_squares_of_its_weights() -> None:
    """3 x + 4 y with equal uniform inputs: 9 / 25 and 16 / 25, alone and in all."""
    indices = sobol_indices(lambda points: 3 * points[0] + 4 * points[1], 2, 1 << 13, 1)
    assert indices is not None
    for pair, share in zip(indices, (0.36, 0.64), strict=True):
        assert [float(figure.value) for figure in pair] == pytest.approx([share, share], abs=2e-3)


def test_what_does_not_vary_has_no_indices() -> None:
    assert sobol_indices(lambda points: np.full(points.shape[1], 1e6), 2, 1 << 10, 1) is None


CORRELATION = """\
correlations:
  - {between: [workload.monthly_requests, workload.request_duration], rho: 0.5}
"""


@pytest.mark.parametrize(("more", "reason"), [(CORRELATION, CORRELATED), ("", "")], ids=["with", "without"])
def test_correlated_inputs_have_no_indices_and_the_reason_is_said(more: str, reason: str) -> None:
    document = found(TEXT + more)
    assert document.no_indices == reason
    assert all((bar.first is None) == (bool(reason) or bar.by == "swing") for bar in document.bars)
    assert (document.draws is None) == bool(reason)


def test_a_swing_alone_gives_no_indices() -> None:
    sure = re.sub(r", uncertain: {[^}]*}", ", assumed: guess", TEXT)
    assert found(sure).no_indices == NO_DISTRIBUTION
    assert {bar.by for bar in found(sure).bars} == {"swing"}


def test_a_range_that_moves_nothing_gives_no_indices() -> None:
    """Where each call is rounded up to 100 ms, run times from 110 to 190 are all 200."""
    text = TEXT.replace("memory: 1 GB}", "memory: 1 GB, run_time_rounding: per-call}")
    text = text.replace("{low: 90 ms, likely: 150 ms, high: 310 ms}", "{low: 110 ms, high: 190 ms}")
    for sure in ("{low: 50M, high: 400M}", "{low: 30, high: 60}"):
        text = text.replace(f", uncertain: {sure}", ", assumed: guess")
    assert found(text).no_indices == NO_VARIANCE


def test_the_same_seed_gives_the_same_indices() -> None:
    assert found(seed=3) == found(seed=3)
    assert found(seed=3) != found(seed=4)


# Bars


@pytest.mark.parametrize(
    ("ends", "middle", "drawn"),
    [
        ((2, 6), 5, "  ███│█   "),
        ((6, 2), 5, "  ███│█   "),
        ((0, 10), 0, "│█████████"),
        ((7, 7), 5, "     │ █  "),
    ],
)
def test_a_bar_lies_where_its_ends_are(ends: tuple[int, int], middle: int, drawn: str) -> None:
    """On an axis from 0 to 10 each of ten columns is 1 wide."""
    low, high = (Decimal(end) for end in ends)
    assert range_bar((low, high), Decimal(middle), (Decimal(0), Decimal(10)), 10) == drawn


def test_an_axis_without_length_has_its_rule_in_the_middle() -> None:
    five = Decimal(5)
    assert range_bar((five, five), five, (five, five), 5) == "  │  "

"""A measurement answers in a few lines; everything else is shown on request, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from measured_examples import measurement, point

from costplan.analysis.serving.candidates import candidates_of
from costplan.analysis.serving.cost import CostQuestion, with_costs
from costplan.catalog.store import Catalog
from costplan.language.translator import Translator
from costplan.measurement.model import Interval, MeasuredCapacity, MeasuredSlo, Measurement, Tensor
from costplan.output.formats import rendered
from costplan.output.formats.table import render_view
from costplan.output.views.document_view import document_view
from costplan.output.views.measured.answer import budget_text

WIDE = 120
NOISE = "throughput varies by 11% over 10 sub-windows, the limit is 10%"
BUSY = (
    "generator and server shared this machine and took its time from each other: "
    "a server of its own holds more"
)


def priced(found: Measurement) -> Measurement:
    catalog = Catalog.shipped()
    machines = candidates_of("standard-v3:2x4,standard-v2:2x4,serverless:1x1", None, catalog)
    return with_costs(found, machines, CostQuestion(catalog, "RUB", date(2026, 10, 6)))


def noisy(**changes: object) -> Measurement:
    last = point(verdict="NOISY", reasons=(NOISE,))
    doubtful = {"points": (point("single", 50.0), last), "reasons": (NOISE,), "warnings": (BUSY,)}
    return measurement(verdict="NOISY", **{**doubtful, **changes})


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_answer_is_four_lines_and_one_more_says_where_the_rest_is(language: str) -> None:
    view = document_view(priced(noisy()), Translator(language))
    lines = render_view(view, WIDE, coloured=False).splitlines()
    assert len(lines) == 4
    assert "digits: 100" in lines[0]
    assert "p99 <= 100" in lines[0]
    assert "p50" in lines[1]
    assert "standard-v3 2x4" in lines[2]
    assert "1x1" in lines[2]


def test_the_surest_basis_is_priced_first_and_an_assumption_is_marked() -> None:
    line = next(line for line in document_view(priced(measurement())).facts if "million" in line)
    # standard-v3 2x4 is the machine that measured, standard-v2 is not: 3.8 RUB/h over 100/s x 3600 s.
    assert Decimal("3.80") / (100 * 3600) * 1_000_000 == pytest.approx(Decimal("10.56"), abs=Decimal("0.005"))
    assert "10.56 on standard-v3 2x4" in line
    assert "measured" in line
    assert "~" in line.partition(", ~")[1]
    assert "standard-v2" not in line


def test_the_details_hold_the_tables_and_repeat_no_reason() -> None:
    short = rendered(priced(noisy()), "table")
    assert isinstance(short, str)
    assert "Load points" not in short
    full = rendered(priced(noisy()), "table", is_detailed=True)
    assert isinstance(full, str)
    assert full.startswith(short.rstrip("\n"))
    for heading in ("Load points", "Latency distribution", "Remarks", "Cost per million"):
        assert full.count(heading) == 1
    below = full.removeprefix(short.rstrip("\n"))
    assert below.count("throughput varies by 11%") == 1
    assert below.count("took its time from each other") == 1


def test_markdown_folds_the_details_away() -> None:
    text = rendered(priced(noisy()), "md")
    assert isinstance(text, str)
    before, _, after = text.partition("<details>")
    assert "### " not in before
    assert "<summary>Details</summary>" in after
    assert "### Load points" in after
    assert text.endswith("</details>\n")


def test_a_lower_percentile_is_claimed_in_every_line_that_names_the_slo() -> None:
    capacity = MeasuredCapacity(17.2, 17.2, 18.4, "VALID", percentile=90.0, budget_for_slo_s=360.0)
    found = measurement(slo=MeasuredSlo(99, 500), capacity=capacity)
    assert found.claimed_slo == MeasuredSlo(90, 500)
    view = document_view(found)
    assert "17.2 requests/s (17.2 passes, 18.4 fails) at p90 <= 500 ms, VALID" in view.title
    assert "p99 <= 500 ms is not claimed: it needs more requests, about --budget 6min" in view.facts


def test_a_capacity_whose_end_was_not_found_is_at_least_so_much_and_costs_at_most_so_much() -> None:
    found = priced(measurement(capacity=MeasuredCapacity(100.0, 100.0, None, "NOISY")))
    view = document_view(found)
    assert view.title == "digits: 100 requests/s or more at p99 <= 100 ms, VALID"
    assert any("10.56 or less on standard-v3 2x4 (measured)" in fact for fact in view.facts)


def test_without_a_capacity_the_line_says_why() -> None:
    why = "one request alone takes 143 ms (p50): p99 <= 100 ms cannot be kept"
    nothing = MeasuredCapacity(None, None, None, "INVALID", (why,))
    found = measurement(capacity=nothing, verdict="INVALID", reasons=(why,), warnings=(BUSY,))
    view = document_view(found)
    assert view.title == "digits: INVALID, no capacity at p99 <= 100 ms"
    assert f"why: {why}" in view.facts


def test_a_load_alone_is_answered_by_its_own_line() -> None:
    slow = point(rate=2000.0, meets_slo=False, bounds=Interval(99, 180.0, 170.0, 190.0))
    found = measurement(points=(slow,), capacity=MeasuredCapacity(None, None, None, "NOT-MEASURED"))
    assert "open 2,000/s: 2,000 answers/s, 15 ms (p50), 180 ms (p99), misses p99 <= 100 ms" in list(
        document_view(found).facts
    )


def test_a_single_request_of_too_few_samples_claims_no_percentile() -> None:
    few = point("single", 1.0, requests=5, verdict="TOO-FEW-SAMPLES")
    found = measurement(points=(few,), capacity=MeasuredCapacity(None, None, None, "NOT-MEASURED"))
    assert document_view(found).facts[0] == "one request in service: 15 ms (p50); 5 were measured"


@pytest.mark.parametrize(("seconds", "text"), [(45, "45s"), (60, "1min"), (90, "90s"), (360, "6min")])
def test_a_budget_is_written_as_the_option_takes_it(seconds: float, text: str) -> None:
    from costplan.cli.bench.options import seconds as read

    assert budget_text(seconds) == text
    assert read("--budget", text) == seconds


def test_an_old_result_claims_its_own_slo() -> None:
    assert replace(measurement()).claimed_slo == measurement().slo


def test_a_made_up_size_is_the_first_doubt() -> None:
    sizes = (
        "sizes that the model leaves open were made up (x 224x224 of 1x3x224x224): give yours with --shape"
    )
    image = Tensor("x", "FP32", (1, 3, 224, 224), made_up=(2, 3))
    found = noisy(warnings=(sizes, BUSY))
    answer = document_view(
        replace(found, model=replace(found.model, inputs=(image,))), Translator("en")
    ).facts
    assert f"doubt 1 of 3: {sizes}" in answer
    fixed = replace(image, made_up=())
    answer = document_view(
        replace(found, model=replace(found.model, inputs=(fixed,))), Translator("en")
    ).facts
    assert f"doubt 1 of 3: {NOISE}" in answer

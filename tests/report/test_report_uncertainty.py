"""What the report says of how sure a bill is, worked out by hand from designs whose cost follows the load.

Calls cost 610 RUB a million. A load that lies evenly between 1M and 3M has its 10th percentile at 1.2M, its
middle at 2M and its 90th percentile at 2.8M: 732, 1,220 and 1,708 RUB.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from report_inputs import report_data
from small_designs import CALLS, PER_MACHINE, Drawing

from costplan.analysis.uncertainty import draws
from costplan.analysis.uncertainty.ranges import ranges_of
from costplan.cli.report.uncertainty import uncertainty_of
from costplan.language.translator import Translator
from costplan.messages.spans import plain_text
from costplan.pricing.engine import price_scenario
from costplan.report.blocks import Bullets, Chart, Heading, Note, Paragraph, Report, Section, Table
from costplan.report.renderers.html import render
from costplan.report.report_data import Stage
from costplan.report.sections import uncertainty
from costplan.scenario.loaded import LoadedScenario

ENGLISH, RUSSIAN = Translator("en"), Translator("ru")
EVEN = "{value: 2M, uncertain: {low: 1M, high: 3M}}"
BUDGET = "budget: {currency: RUB, total: 1464}\n"


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path, slo="p99 <= 1 s")


def staged(scenario: LoadedScenario) -> Stage:
    estimate = price_scenario(scenario)
    found = uncertainty_of(scenario, "RUB", estimate.catalog.as_of)
    return Stage(
        scenario.name,
        estimate,
        scenario,
        [],
        ranges=found.ranges,
        uncertainty=found.uncertainty,
        sensitivity=found.sensitivity,
    )


def chapter(*stages: Stage, words: Translator = ENGLISH) -> Section:
    found = uncertainty.section(replace(report_data(), stages=list(stages)), words)
    assert found is not None
    return found


def said(section: Section) -> str:
    texts = []
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            texts.append(plain_text(block.text))
        elif isinstance(block, Bullets):
            texts += [plain_text(item) for item in block.items]
    return "\n".join(texts).replace("\u00a0", " ")


def rows(section: Section, caption: str) -> list[list[str]]:
    found = [block.table if isinstance(block, Chart) else block for block in section.blocks]
    [table] = [one for one in found if isinstance(one, Table) and caption in one.caption]
    return [[plain_text(cell.text) for cell in row.cells] for row in table.rows]


def amount(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


def test_percentiles_and_chances_are_those_of_the_range(drawing: Drawing) -> None:
    section = chapter(staged(drawing.calls(BUDGET, EVEN)))
    spread = rows(section, "What calls may cost")
    assert [amount(text) for text in spread[0][1:5]] == pytest.approx([732, 1220, 1708, 1220], rel=1e-3)
    # 1,464 RUB pay for 2.4M, below which 7 of 10 cases lie
    [total] = rows(section, "how sure its budget is")
    assert (total[0], total[5]) == ("total, RUB: at most 1,464.00", "70.0%")
    assert "The budget of RUB 1,464.00 holds with probability 70%." in said(section)
    assert "With probability 50% it is above the bill of RUB 1,220" in said(section)


def test_the_tornado_has_the_bill_at_both_percentiles(drawing: Drawing) -> None:
    section = chapter(staged(drawing.calls(requests=EVEN)))
    [bar] = rows(section, "one input moved at a time")
    assert bar[2] == "1.2M"
    assert bar[5] == "2.8M"
    assert (bar[3], bar[4]) == ("732.00", "1,708.00")
    assert bar[7] == "100%"  # nothing else varies
    assert "What moves it most is workload.monthly_requests" in said(section)


def test_a_range_that_moves_no_bill_is_not_drawn_from(drawing: Drawing) -> None:
    fixed = "  host: {kind: fixed-cost, role: other, amounts: {RUB: 5}, source: x}\n"
    still = staged(drawing.design("still", fixed, requests=EVEN))
    assert still.uncertainty is None
    text = said(chapter(still))
    assert "No bill depends on an input with a range." in text
    assert "At both ends of each range its requirements are met, as far as is known." in text


def test_requirements_that_fail_inside_a_range_is_said(drawing: Drawing) -> None:
    served = f"{{value: 1M, uncertain: {{low: 500K, high: {PER_MACHINE + 1}}}}}"
    found = ranges_of(drawing.machines(1, requests=served), "RUB")
    assert found.unmet == ("workload.monthly_requests",)
    fewer = f"{{value: 1M, uncertain: {{low: 500K, high: {PER_MACHINE}}}}}"
    assert ranges_of(drawing.machines(1, requests=fewer, name="fewer"), "RUB").unmet == ()


def test_the_probability_of_requirements_is_that_of_the_load(drawing: Drawing) -> None:
    # evenly between 592,000 and 4,592,000: half lies below what one machine serves
    requests = (
        f"{{value: 1M, uncertain: {{low: {PER_MACHINE - 2_000_000}, high: {PER_MACHINE + 2_000_000}}}}}"
    )
    section = chapter(staged(drawing.machines(1, requests=requests)))
    assert "By these ranges its requirements are met with probability 50%." in said(section)
    spread = rows(section, "What machines may cost")
    assert spread[0][1:4:2] == ["878.4", "1,757"]  # MACHINE; twice as much, 1,756.80, to four digits


def test_a_bill_that_hardly_moves_has_no_picture(drawing: Drawing) -> None:
    resources = CALLS + "  host: {kind: fixed-cost, role: other, amounts: {RUB: 10000000}, source: x}\n"
    section = chapter(staged(drawing.design("firm", resources, requests=EVEN)))
    assert "its ranges hardly move it" in said(section)
    assert [block.name for block in section.blocks if isinstance(block, Chart)] == ["tornado-firm"]


def test_nothing_uncertain_says_how_to_state_a_range(drawing: Drawing) -> None:
    section = chapter(staged(drawing.calls()))
    assert "A range beside a value does" in said(section)
    assert not [block for block in section.blocks if isinstance(block, Heading)]


def test_without_the_library_the_report_says_what_brings_it(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws, "MOST_DIMENSIONS", 0)
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    stage = staged(drawing.calls(requests=EVEN))
    assert stage.uncertainty is None
    assert "costplan doctor says how to install it" in said(chapter(stage))


def test_a_report_without_a_range_does_not_import_the_library(drawing: Drawing) -> None:
    assert importlib.util.find_spec("scipy") is not None
    scenario = drawing.folder / "plain.yaml"
    scenario.write_text(
        "scenario: plain\ntitle: plain\nworkload: {monthly_requests: 1M}\n"
        "resources:\n  it: {kind: fixed-cost, role: other, amounts: {RUB: 10}, source: x}\n"
    )
    code = (
        "import sys; from costplan.cli.run import run\n"
        f"code = run(['report', {str(scenario)!r}, '-o', {str(drawing.folder / 'r.html')!r}])\n"
        "assert 'scipy' not in sys.modules; sys.exit(code)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_every_chart_is_drawn_in_both_languages(words: Translator, drawing: Drawing) -> None:
    section = chapter(staged(drawing.calls(BUDGET, EVEN)), words=words)
    page = render(Report(words.language, "t", [], [section]), words)
    assert page.count("<svg") == 3


def test_no_english_sentence_is_left_in_russian(drawing: Drawing) -> None:
    section = chapter(staged(drawing.calls(BUDGET, EVEN)), staged(drawing.machines(1)), words=RUSSIAN)
    for word in ("the ", "requirements", "promise", "budget", "probability", "range"):
        assert word not in said(section)


def test_a_probability_is_not_rounded_to_certainty() -> None:
    shares = ["0", "0.0001", "0.5", "0.9999", "1"]
    assert [ENGLISH.chance(Decimal(share)) for share in shares] == ["0%", "<1%", "50%", ">99%", "100%"]


def test_the_shipped_stages_say_how_sure_each_budget_is() -> None:
    section = uncertainty.section(report_data(), ENGLISH)
    assert section is not None
    headings = [block.text for block in section.blocks if isinstance(block, Heading)]
    assert [heading.partition(":")[0] for heading in headings] == ["stage1", "stage2", "stage3"]
    assert said(section).count("holds with probability") == 3

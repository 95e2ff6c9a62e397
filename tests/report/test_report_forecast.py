"""What the report says of loads and months ahead, worked out by hand from two small designs.

Calls cost 610 RUB a million; a machine costs 878.40 RUB and serves 2,592,000 requests a month. They cost the
same at 878.40 / 610 million = 1,440,000 requests.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from report_inputs import report_data, report_data_of
from small_designs import MACHINE, PER_MACHINE, PER_MILLION, Drawing

from costplan.analysis.bill.compare import compare
from costplan.analysis.curve.curve import curve
from costplan.analysis.curve.documents import Curve
from costplan.analysis.timeline.documents import Timeline
from costplan.analysis.timeline.timeline import Horizon, timeline
from costplan.cli.report.forecast import curve_of, timeline_of
from costplan.language.translator import Translator
from costplan.messages.spans import plain_text
from costplan.pricing.bill_formula import LOAD
from costplan.pricing.engine import price_scenario
from costplan.quantities.quantity import Quantity
from costplan.report.blocks import Bullets, Chart, Note, Paragraph, Report, Section, Table
from costplan.report.document import build_report
from costplan.report.language.load_reasons import load_reasons
from costplan.report.language.steps import step_sentences
from costplan.report.loads import cost_at, first_win, takeovers
from costplan.report.months import day_of, month_of_load
from costplan.report.renderers.html import render
from costplan.report.renderers.markdown import render as render_markdown
from costplan.report.report_data import ReportData, Stage
from costplan.report.sections import bill, months, scaling, verdict
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.variables import changed

EQUAL = 1_440_000
ENGLISH, RUSSIAN = Translator("en"), Translator("ru")


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path, slo="p99 <= 1 s")


def drawn(drawing: Drawing, most: int | None = 1) -> Curve:
    return curve([drawing.calls(), drawing.machines(most)], 1000, 10_000_000)


def planned(drawing: Drawing, more: str = "", count: int = 6, requests: str = "1M") -> Timeline:
    designs = [drawing.calls(more, requests), drawing.machines(1)]
    return timeline(designs, Horizon(months=count))


def tables(section: Section) -> list[Table]:
    found = [block.table if isinstance(block, Chart) else block for block in section.blocks]
    return [block for block in found if isinstance(block, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[plain_text(cell.text) for cell in row.cells] for row in table.rows]


def table(section: Section, caption: str) -> list[list[str]]:
    [found] = [table for table in tables(section) if caption in table.caption]
    return rows(found)


def said(section: Section) -> str:
    texts = []
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            texts.append(plain_text(block.text))
        elif isinstance(block, Bullets):
            texts += [plain_text(item) for item in block.items]
    return "\n".join(texts).replace("\u00a0", " ")


def scaled(found: Curve, words: Translator = ENGLISH) -> Section:
    return scaling.section(replace(report_data(), curve=found), words)


def timed(plan: Timeline, words: Translator = ENGLISH) -> Section:
    section = months.section(replace(report_data(), timeline=plan), words)
    assert section is not None
    return section


# Loads


def test_takeovers_are_a_crossing_and_the_end_of_met_requirements(drawing: Drawing) -> None:
    crossing, end = takeovers(drawn(drawing))
    assert (crossing.load, crossing.why) == (EQUAL + 1, "cost")
    assert (end.load, end.why) == (PER_MACHINE + 1, "requirements")
    assert [found.reason for found in end.obstacles] == ["needs more than 1 machine"]


def test_costs_at_any_load_are_those_of_the_line(drawing: Drawing) -> None:
    calls, machines = drawn(drawing).scenarios
    for load in (1000, 777_777, EQUAL, PER_MACHINE, PER_MACHINE + 1, 10_000_000):
        assert cost_at(calls, load) == PER_MILLION * load / 1_000_000
        assert cost_at(machines, load) == MACHINE * -(-load // PER_MACHINE)


def test_the_first_win_is_the_lowest_load_of_a_design(drawing: Drawing) -> None:
    found = drawn(drawing)
    assert first_win(found, "calls") == 1000
    assert first_win(found, "machines") == EQUAL + 1
    assert first_win(found, "nobody") is None


def test_takeovers_are_listed_with_both_costs_and_the_reason(drawing: Drawing) -> None:
    first, second = table(scaled(drawn(drawing)), "Where another design becomes the cheapest")
    per_call = PER_MILLION / 1_000_000
    assert first == [
        "1", f"{EQUAL + 1:,}", "calls", f"{per_call * (EQUAL + 1):,.2f}", "machines", "878.40",
        "the lines cross: it costs less from here on",
    ]  # fmt: skip
    assert second == [
        "2", f"{PER_MACHINE + 1:,}", "machines", f"{2 * MACHINE:,.2f}", "calls",
        f"{per_call * (PER_MACHINE + 1):,.2f}",
        "machines no longer meets its requirements: fleet needs more than 1 machine",
    ]  # fmt: skip


def test_ranges_have_the_costs_of_both_ends_and_of_a_million_requests(drawing: Drawing) -> None:
    ranges = table(scaled(drawn(drawing)), "The cheapest design that meets")
    assert [row[:3] for row in ranges] == [
        ["calls", "1,000", f"{EQUAL:,}"],
        ["machines", f"{EQUAL + 1:,}", f"{PER_MACHINE:,}"],
        ["calls", f"{PER_MACHINE + 1:,}", "10,000,000"],
    ]
    assert ranges[0][3:] == ["0.61 – 878.40", "610.00"]
    # 878.40 over 1.440001 and 2.592 million
    assert ranges[1][3:] == [
        "878.40",
        f"{MACHINE / Decimal('1.440001'):,.2f} – {MACHINE / Decimal('2.592'):,.2f}",
    ]


def test_where_requirements_fail_is_said_with_its_reason_in_both_languages(drawing: Drawing) -> None:
    found = drawn(drawing)
    english = table(scaled(found), "Where requirements are not met")
    assert english == [["machines", f"{PER_MACHINE + 1:,}", "the end", "fleet: needs more than 1 machine"]]
    russian = table(scaled(found, RUSSIAN), "Где решения не соответствуют требованиям")
    assert russian[0][3] == "fleet: машин нужно больше, чем 1"


def test_steps_name_what_changes(drawing: Drawing) -> None:
    steps = table(scaled(drawn(drawing, None)), "straight line")
    machines = [row for row in steps if row[0] == "machines"]
    assert [row[1] for row in machines] == ["1,000", *(f"{n * PER_MACHINE + 1:,}" for n in (1, 2, 3))]
    assert machines[1][4] == "fleet: 1 -> 2"
    assert {row[5] for row in steps} == {"met"}


def test_designs_without_a_crossover_are_said_to_stay_in_order(tmp_path: Path) -> None:
    cheap, dear = (
        f"scenario: {name}\ntitle: {name}\nworkload: {{monthly_requests: 1M, growth: 10%, slo: p99 <= 1 s}}\n"
        f"resources:\n  it: {{kind: fixed-cost, role: other, amounts: {{RUB: {cost}}}, source: x}}\n"
        for name, cost in (("cheap", 10), ("dear", 20))
    )
    found = report_data_of(tmp_path, cheap, dear)
    section = scaling.section(found, ENGLISH)
    assert "no other design becomes the cheapest" in said(section)
    assert "Every design meets its requirements at all of these loads." in said(section)
    assert "No month needs a move: cheap is the cheapest" in said(months.section(found, ENGLISH))


def test_a_curve_reaches_beyond_the_loads_of_the_designs(drawing: Drawing) -> None:
    wide = curve_of([drawing.calls()], [Decimal(3), Decimal(5 * 10**10)], "RUB", drawing.catalog.index.as_of)
    assert wide is not None
    assert (wide.start, wide.end) == (1, 10**11)


def test_why_there_is_no_curve_and_no_plan_is_said() -> None:
    bare = replace(report_data(), curve=None, timeline=None, no_timeline="input")
    assert said(scaling.section(bare, ENGLISH)).splitlines() == [
        "Cost against load is not drawn for these designs; costplan curve says why.",
        "No months are planned: these scenarios lack what a plan needs; costplan timeline says what.",
    ]
    assert months.section(bare, ENGLISH) is None


# Months


def test_the_plan_moves_in_the_month_that_the_load_asks_for(drawing: Drawing) -> None:
    plan = planned(drawing)
    # 1M x 1.1^n passes 1.44M with n = 4, as 1.1^3 = 1.331 and 1.1^4 = 1.4641
    reached = month_of_load(plan, EQUAL + 1)
    assert reached is plan.months[4]
    assert month_of_load(plan, 10**9) is None
    section = timed(plan)
    [move] = table(section, "When to move")
    assert move[2:] == ["1,464,100", "calls", "machines", "0.00"]
    spent = [PER_MILLION * Decimal("1.1") ** n for n in range(4)] + [MACHINE, MACHINE]
    plans = table(section, "The plan, month by month")
    assert [row[3] for row in plans] == [f"{cost:,.2f}" for cost in spent]
    assert plans[-1][4] == f"{sum(spent):,.2f}"
    assert "the plan does not go back to a design once left" in said(section)


def test_a_design_that_stays_because_moves_cost_is_not_called_the_cheapest(drawing: Drawing) -> None:
    designs = [drawing.calls(), drawing.machines(1)]
    # in the fifth and the sixth month machines would save 14.70 and 104 RUB
    dear = said(timed(timeline(designs, Horizon(months=6, switching=Decimal(1000)))))
    assert "No month needs a move" not in dear
    assert "another design would cost less than calls, but not by as much as moves cost" in dear
    assert "No month needs a move: calls is the cheapest" in said(
        timed(timeline(designs, Horizon(months=4, switching=Decimal(1000))))
    )


def test_a_month_without_a_design_is_named(drawing: Drawing) -> None:
    plan = timeline([drawing.machines(1, requests="2M")], Horizon(months=5))
    # 2M x 1.1^3 = 2.662M is more than one machine serves
    text = said(timed(plan))
    assert "no design meets its requirements" in text
    costs = table(timed(plan), "What each design would cost")
    assert ["not met" in row[2] for row in costs] == [False] * 3 + [True] * 2


BUSINESS = (
    "business: {users: 1000, requests_per_user: 1000, price_per_user: {RUB: 2}, paying_share: 50%,"
    " vat: simplified, cash: {RUB: 1000}, costs: [{name: Office, amounts: {RUB: 500}, vat: none}]}\n"
)


def test_the_business_is_booked_month_by_month(drawing: Drawing) -> None:
    plan = timeline([drawing.calls(BUSINESS)], Horizon(months=12))
    section = timed(plan)
    first = table(section, "The business, month by month")[0]
    # 500 of 1000 users pay 2, no fees; the cloud costs 610, the office 500
    assert first[1:] == ["1,000", "1,000.00", "610.00", "500.00", "-110.00", "890.00"]
    # users u bring 1 and cost 0.61 each: 0.39 u >= 500 from 1283 users on, which 1.1^3 x 1000 = 1331 are
    lasting = next(row for row in plan.months if row.users == 1331)
    day = ENGLISH.month(day_of(lasting.month))
    assert f"Each month pays for itself from {day} on." in said(section)
    [even] = table(section, "Break-even")
    assert even[:2] == ["calls", "1,283"]


def test_a_budget_says_when_it_breaks(drawing: Drawing) -> None:
    plan = planned(drawing, "budget: {currency: RUB, total: 700}\n")
    # 610 x 1.1^2 = 738.10 is the first above 700
    month = ENGLISH.month(day_of(plan.months[2].month))
    assert f"calls first exceeds its budget of RUB 700.00 in {month}: it costs RUB 738.10." in said(
        timed(plan)
    )


def test_a_budget_that_is_broken_from_the_start_is_not_said_to_break_later(drawing: Drawing) -> None:
    plan = planned(drawing, "budget: {currency: RUB, total: 100}\n")
    # 610 from the first month on
    month = ENGLISH.month(day_of(plan.months[0].month))
    start = f"calls is over its budget of RUB 100.00 from its first month in the plan, {month}:"
    expected = f"{start} it costs RUB 610.00."
    assert expected in said(timed(plan))


def test_four_years_are_planned_where_nothing_changes_in_two(drawing: Drawing) -> None:
    day = drawing.catalog.index.as_of
    for requests, months_planned in (("1M", 24), ("100K", 48), ("1K", 24)):
        # 1.1^n passes 1.44 with n = 4, 14.4 with 28, and 1440 with 77
        designs = [drawing.calls(requests=requests), drawing.machines(1)]
        found = curve_of(designs, [], "RUB", day)
        plan, _ = timeline_of(designs, found, "RUB", day, is_stated=False)
        assert plan is not None
        assert len(plan.months) == months_planned


def test_a_load_that_does_not_grow_is_no_fault_of_the_report(tmp_path: Path) -> None:
    still = (
        "scenario: still\ntitle: still\nworkload: {monthly_requests: 1M}\n"
        "resources:\n  it: {kind: fixed-cost, role: other, amounts: {RUB: 10}, source: x}\n"
    )
    found = report_data_of(tmp_path, still)
    assert found.timeline is None
    assert months.section(found, ENGLISH) is None
    content = build_report(found, ENGLISH)
    assert "months" not in [section.id for section in content.sections]
    text = render_markdown(content)
    assert "No growth is stated (`workload.growth`), so no months are planned." in text
    assert "hint:" not in text
    assert ".yaml:" not in text


# Sentences that are made from both


def stage_of(scenario: LoadedScenario, *loads: str) -> Stage:
    """A design, with its bills at other loads."""
    bills = [
        price_scenario(changed(scenario, LOAD, lambda _, load=load: Quantity(Decimal(load))))
        for load in loads
    ]
    return Stage(scenario.name, price_scenario(scenario), scenario, [], at_loads=bills)


def joined(drawing: Drawing, most: int | None, large: str, *, count: int = 6) -> ReportData:
    """Calls at a million requests, and machines at a larger load."""
    loads = ("1000000", large)
    stages = [stage_of(drawing.calls(), *loads), stage_of(drawing.machines(most, requests=large), *loads)]
    designs = [stage.scenario for stage in stages]
    plan = timeline(designs, Horizon(months=count))
    comparison = compare([stage.estimate for stage in stages])
    found = curve(designs, 1000, 10_000_000)
    return replace(report_data(), stages=stages, comparison=comparison, curve=found, timeline=plan)


def sentences(found: ReportData) -> list[str]:
    return [plain_text(text).replace("\u00a0", " ") for text in step_sentences(found, ENGLISH)]


def test_a_step_says_from_which_load_and_month_it_is_the_cheapest(drawing: Drawing) -> None:
    found = joined(drawing, 1, "1200000")
    assert found.timeline is not None
    month = ENGLISH.month(day_of(found.timeline.months[4].month))
    # 1.2M calls are 732 RUB, a machine 878.40
    assert sentences(found) == [
        "At 1.2M requests a month calls would cost RUB 732.00 and machines costs RUB 878.40: the step is "
        "not made for the price. machines is the cheapest that meets its requirements only from about 1.4M "
        f"requests a month on; the load of calls, growing by 10% a month, gets there in about {month}."
    ]


def test_a_load_that_is_not_reached_in_the_months_planned_is_said(drawing: Drawing) -> None:
    assert "which the load of calls does not reach by" in sentences(joined(drawing, 1, "1200000", count=3))[0]


def test_a_design_before_that_misses_its_requirements_is_no_bargain(drawing: Drawing) -> None:
    loads = ("1000000", "3000000")
    before = stage_of(drawing.machines(1), *loads)
    after = stage_of(drawing.calls(requests="3M"), *loads)
    comparison = compare([before.estimate, after.estimate])
    found = replace(report_data(), stages=[before, after], comparison=comparison, curve=None, timeline=None)
    # two machines, 1,756.80, would do for less than 1,830; but there may be one only
    assert sentences(found) == [
        "At 3M requests a month machines would cost RUB 1,757, but not meet its requirements: fleet needs "
        "more than 1 machine. calls costs RUB 1,830."
    ]


def test_what_a_design_lacks_at_its_own_load_is_said_first_in_the_short_note_too(drawing: Drawing) -> None:
    stage = stage_of(drawing.machines(1, requests="3M"), "3000000")
    found = replace(
        report_data(),
        stages=[stage],
        comparison=compare([stage.estimate]),
        curve=None,
        timeline=None,
    )
    blocks = verdict.section(found, ENGLISH, is_brief=True).blocks
    first = next(block for block in blocks if isinstance(block, Bullets)).items[0]
    expected = "machines does not work at its own load: fleet: needs more than 1 machine."
    assert plain_text(first) == expected
    assert "Not enough at this load: fleet needs more than 1 machine." in said(bill.section(found, ENGLISH))


def test_the_choice_names_the_loads_at_which_it_is_right(drawing: Drawing) -> None:
    found = joined(drawing, 1, "1200000")
    calls, machines = (
        [plain_text(text) for text in load_reasons(found, stage, ENGLISH)] for stage in found.stages
    )
    assert calls == [
        "It is the cheapest of those that meet their requirements at about these requests a month: up to "
        "1.4M and from 2.6M on.",
        "It meets its requirements from 1K to 10M requests a month.",
    ]
    assert machines == [
        "It is the cheapest of those that meet their requirements at about these requests a month: "
        "1.4M – 2.6M.",
        "It no longer meets its requirements from about 2.6M requests a month on: "
        "fleet needs more than 1 machine.",
    ]


# Every text in both languages


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_charts_of_loads_and_months_are_drawn(words: Translator, drawing: Drawing) -> None:
    plan = timeline([drawing.calls(BUSINESS), drawing.machines(1)], Horizon(months=12))
    chapters = [scaled(drawn(drawing), words), timed(plan, words)]
    page = render(Report(words.language, "t", [], chapters), words)
    assert page.count("<svg") == 4


def test_no_english_sentence_is_left_in_russian(drawing: Drawing) -> None:
    plan = planned(drawing, "budget: {currency: RUB, total: 700}\n")
    for section in (scaled(drawn(drawing), RUSSIAN), timed(plan, RUSSIAN)):
        text = said(section)
        for words in ("the ", "requirements", "promise", "requests", "month", "cheapest"):
            assert words not in text, text


def test_loads_and_costs_sort_as_numbers(drawing: Drawing) -> None:
    for found in tables(scaled(drawn(drawing))):
        for row in found.rows:
            for column, cell in zip(found.columns, row.cells, strict=True):
                text = plain_text(cell.text)
                if column.right and text.replace(",", "").replace(".", "").isdigit():
                    assert cell.order is not None, (found.caption, text)

"""What the report says is what the bill says: figures, findings and sentences, worked out by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import html5lib
import pytest
from report_inputs import report_data, report_data_of

from costplan.cli.run import run
from costplan.language.translator import Translator
from costplan.messages.spans import plain_text
from costplan.report.blocks import Bullets, Chart, Code, Figures, Note, Paragraph, Report, Table
from costplan.report.document import brief, build_report
from costplan.report.findings import (
    cheapest_variant,
    largest_overruns,
    most_expensive_line,
    new_kinds,
    overruns,
    role_changes,
)
from costplan.report.inputs import largest_movers
from costplan.report.renderers.html import render as render_html
from costplan.report.renderers.markdown import render as render_markdown

WORDS = Translator()

SMALL = """
scenario: small
title: Small
workload: {monthly_requests: 1M}
budget:
  currency: RUB
  parts: [{name: Host, amount: 100, resources: [host]}, {name: Rest, amount: 50, resources: [rest]}]
resources:
  host: {kind: fixed-cost, role: compute, amounts: {RUB: 300}, source: seller, runs: [nginx]}
  rest: {kind: fixed-cost, role: storage, amounts: {RUB: 20}, source: seller}
variants:
  half: {title: Half, set: {resources.host.amounts: {RUB: 150}}}
  fits: {title: It fits, set: {resources.host.amounts: {RUB: 110}, resources.rest.amounts: {RUB: 10}}}
  fits-too: {title: It fits too, set: {resources.host.amounts: {RUB: 130}}}
"""
LARGE = """
scenario: large
title: Large
workload: {monthly_requests: 10M}
resources:
  host: {kind: fixed-cost, role: compute, amounts: {RUB: 1000}, source: seller, runs: [nginx, redis]}
  data: {kind: fixed-cost, role: database, amounts: {RUB: 400}, source: seller}
"""


def tables(content: Report, chapter: str) -> list[Table]:
    """Return the tables of a chapter, those behind charts among them."""
    [section] = [section for section in content.sections if section.id == chapter]
    found = [block.table if isinstance(block, Chart) else block for block in section.blocks]
    return [block for block in found if isinstance(block, Table)]


def texts(content: Report, chapter: str) -> list[str]:
    """Return the sentences of a chapter."""
    [section] = [section for section in content.sections if section.id == chapter]
    found: list[str] = []
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            found.append(plain_text(block.text))
        elif isinstance(block, Bullets):
            found += [plain_text(item) for item in block.items]
        elif isinstance(block, Figures):
            found += [figure.value for figure in block.figures]
    return found


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


# Chapters


def test_the_chapters_come_in_their_order() -> None:
    order = [section.id for section in build_report(report_data(), WORDS).sections]
    assert order[:6] == ["verdict", "architecture", "bill", "comparison", "scaling", "months"]
    assert order[-4:] == ["measurement", "uncertainty", "choices", "sources"]


def test_a_single_design_is_compared_with_nothing() -> None:
    order = [section.id for section in build_report(report_data(("stage1",)), WORDS).sections]
    assert "comparison" not in order


# Numbers


@pytest.mark.parametrize("currency", [None, "USD", "KZT"])
def test_every_cost_of_the_bill_is_that_of_the_estimate(currency: str | None) -> None:
    found = report_data(currency=currency)
    by_resource = [t for t in tables(build_report(found, WORDS), "bill") if " by resource" in t.caption]
    for stage, table in zip(found.stages, by_resource, strict=True):
        costs = {r.title["en"]: r.monthly_cost for r in stage.estimate.resources if r.title}
        shown = {plain_text(row.cells[0].text).partition(" (")[0]: row.cells[2] for row in table.groups[0]}
        assert set(costs) <= set(shown)
        for name, cost in costs.items():
            assert shown[name].order == cost
        total = next(row for row in table.foot if plain_text(row.cells[0].text).startswith("Total"))
        assert number(plain_text(total.cells[2].text)) == rounded(stage.estimate.total.gross)


def test_every_line_is_there_once_with_its_cost_and_the_lines_add_up() -> None:
    found = report_data()
    lines = [
        t for t in tables(build_report(found, WORDS), "bill") if re.search(r": all \d+ lines", t.caption)
    ]
    for stage, table in zip(found.stages, lines, strict=True):
        rows = [row for group in table.groups for row in group if row.kind == "line"]
        shown = sum((row.cells[3].order or Decimal(0) for row in rows), Decimal(0))
        assert shown == stage.estimate.total.monthly_cost
        assert len(rows) == sum(len(resource.line_items) for resource in stage.estimate.resources)
        for group in table.groups:
            below = sum((row.cells[3].order or Decimal(0) for row in group[1:]), Decimal(0))
            assert group[0].cells[3].order == below


def test_the_vat_of_the_lines_is_the_vat_of_the_total() -> None:
    found = report_data()
    lines = [
        t for t in tables(build_report(found, WORDS), "bill") if re.search(r": all \d+ lines", t.caption)
    ]
    for stage, table in zip(found.stages, lines, strict=True):
        rows = [row for group in table.groups for row in group if row.kind == "line"]
        vat = sum((row.cells[4].order or Decimal(0) for row in rows), Decimal(0))
        assert abs(vat - stage.estimate.total.vat) < Decimal("1e-9")


def test_totals_read_back_from_html_markdown_csv_and_json_agree(capsys: pytest.CaptureFixture[str]) -> None:
    content = build_report(report_data(), WORDS)
    page = html5lib.parse(render_html(content, WORDS), namespaceHTMLElements=False)
    markdown = render_markdown(content)
    for stage in ("stage1", "stage2", "stage3"):
        run(["estimate", stage, "--as-of", "2026-10-06", "--format", "json"])
        exact = Decimal(json.loads(capsys.readouterr().out)["total"]["gross"])
        run(["estimate", stage, "--as-of", "2026-10-06", "--format", "csv"])
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
        assert sum(Decimal(row["monthly_cost"]) for row in rows) == exact
        caption = f"{stage} by resource"
        captions = [("".join(next(t.iter("caption")).itertext()), t) for t in page.iter("table")]
        [table] = [t for said, t in captions if said.startswith(caption)]
        cells = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
        assert [number(row[2]) for row in cells if row[0] == "Total [s]"] == [rounded(exact)]
        part = markdown.partition(f"**{caption}")[2].partition("\n\n**")[0]
        [total] = re.findall(
            r"\| \*\*Total \\\[s\\\]\*\* \|   \| \*\*([\d,.]+)\*\* \|", part.partition("<details>")[0]
        )
        assert number(total) == rounded(exact)


def test_each_cost_behind_a_sorted_cell_is_what_the_cell_shows() -> None:
    for section in build_report(report_data(), WORDS).sections:
        for table in tables(build_report(report_data(), WORDS), section.id):
            for row in table.rows:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    shown = plain_text(cell.text)
                    if (
                        cell.order is None
                        or not re.fullmatch(r"[\d,]+\.\d\d", shown)
                        or "Change" in column.heading
                    ):
                        continue
                    assert number(shown) == rounded(cell.order), (table.caption, shown)


# Findings


def test_findings_of_a_small_bill(tmp_path: Path) -> None:
    stage = report_data_of(tmp_path, SMALL).stages[0]
    assert stage.estimate.total.monthly_cost == 300 + 20
    [host] = overruns(stage)
    assert (host.line.name, host.excess) == ("Host", 300 - 100)
    # 150 + 20 exceeds 150; 110 + 10 and 130 + 20 do not, and the first is the cheaper
    assert stage.cure is not None
    assert stage.cure.cure is not None
    assert (stage.cure.cure.name, stage.cure.cure.cost) == ("small:fits", 110 + 10)
    cheapest = cheapest_variant(stage)
    assert cheapest is not None
    assert (cheapest.name, cheapest.estimate.total.monthly_cost) == ("fits", 110 + 10)
    found = most_expensive_line(stage.estimate)
    assert found is not None
    assert found[1].monthly_cost == 300


OVERRUN = """
scenario: {name}
title: {name}
workload: {{monthly_requests: 1M}}
budget: {{currency: {currency}, parts: [{{name: Host, amount: {budget}, resources: [host]}}]}}
resources:
  host: {{kind: fixed-cost, role: compute, amounts: {{RUB: {cost}, USD: {cost}}}, source: seller}}
"""


def test_the_greatest_overrun_is_the_greatest_excess_and_never_across_currencies(tmp_path: Path) -> None:
    # 3 of 1 is the greater ratio, 1300 of 1000 the greater excess; dollars stand by themselves
    bills = [("ratio", 3, 1, "RUB"), ("excess", 1300, 1000, "RUB"), ("other", 50, 10, "USD")]
    found = report_data_of(
        tmp_path, *(OVERRUN.format(name=n, cost=c, budget=b, currency=m) for n, c, b, m in bills)
    )
    named = [(one.stage.name, one.excess, one.currency) for one in largest_overruns(found)]
    assert named == [("excess", 300, "RUB"), ("other", 40, "USD")]


def test_the_cure_is_what_plan_takes(capsys: pytest.CaptureFixture[str]) -> None:
    over = [stage for stage in report_data().stages if stage.cure is not None]
    assert len(over) >= 2
    for stage in over:
        assert stage.cure is not None
        run([*stage.plan_command.split()[1:], "--as-of", "2026-10-06", "--format", "json"])
        plan = json.loads(capsys.readouterr().out)
        found = stage.cure.cure
        assert (found.name if found else None) == plan["chosen"]
        if found is not None:
            chosen = next(row for row in plan["considered"] if row["verdict"] == "chosen")
            assert found.cost == Decimal(chosen["monthly_cost"])


def test_what_is_new_in_a_design_counts_services_as_well_as_software() -> None:
    _, second, third = report_data().stages
    found = new_kinds(third, second)
    assert {"kubernetes-cluster", "managed-clickhouse", "argo-cd"} <= set(found)
    assert "fixed-cost" not in found
    # of stage 2's own kinds none is new
    assert "lockbox" not in found


def test_a_lower_bound_is_called_one_wherever_it_stands(tmp_path: Path) -> None:
    unknown = LARGE.replace("scenario: large", "scenario: unknown").replace("{RUB: 400}", "{USD: 400}")
    content = build_report(report_data_of(tmp_path, LARGE, unknown), WORDS)
    said = [text.replace("\u00a0", " ") for text in texts(content, "verdict")]
    assert "Prices are missing: the costs of unknown are lower bounds." in said[0]
    [compared] = [t for t in tables(content, "comparison") if t.caption.startswith("What each role")]
    foot = {plain_text(row.cells[0].text): plain_text(row.cells[2].text) for row in compared.foot}
    # 1000 a month for 10M requests
    assert (foot["total"], foot["per million requests"]) == ("at least 1,000.00", "at least 100.00")
    assert "the bill falls" not in " ".join(texts(content, "comparison"))
    single = texts(build_report(report_data_of(tmp_path, unknown), WORDS), "verdict")
    assert single[0].replace("\u00a0", " ").startswith("This design costs at least RUB 1,000 a month")
    short = render_markdown(brief(report_data_of(tmp_path, unknown), WORDS))
    assert re.findall(r"(?<!at least )RUB.?[\d,]+", short) == []


SLO = """
scenario: {name}
title: {name}
description: Nothing waits and everything is watched
workload: {{monthly_requests: 1M, growth: 10%/month{slo}}}
resources:
  host: {{kind: fixed-cost, role: compute, amounts: {{RUB: {cost}}}, source: seller, note: Watched by two}}
  watch: {{kind: fixed-cost, role: monitoring, amounts: {{RUB: 5}}, source: seller}}
variants:
  small: {{title: Half the host, set: {{resources.host.amounts: {{RUB: 1}}, resources.watch: ~}}}}
"""


def test_each_slo_is_shown_and_a_difference_is_warned_of(tmp_path: Path) -> None:
    first = SLO.format(name="slow", cost=10, slo=", slo: p95 <= 2 s")
    second = SLO.format(name="fast", cost=20, slo=", slo: p99.9 <= 100 ms")
    content = build_report(report_data_of(tmp_path, first, second), WORDS)
    [cards] = [b for s in content.sections if s.id == "verdict" for b in s.blocks if isinstance(b, Figures)]
    details = [[plain_text(detail) for detail in figure.details] for figure in cards.figures]
    assert "SLO: 95% of answers within 2 s" in details[0]
    assert "SLO: 99.9% of answers within 100 ms" in details[1]
    for chapter in ("verdict", "comparison", "scaling"):
        [warned] = [text for text in texts(content, chapter) if "have different SLOs" in text]
        # Cards and the table of the comparison have a row for them.
        listed = "slow: 95% of answers within 2 s; fast: 99.9% of answers within 100 ms" in warned
        assert listed is (chapter == "scaling")
    [compared] = [t for t in tables(content, "comparison") if t.caption.startswith("What each role")]
    assert [plain_text(row.cells[0].text) for row in compared.foot].count("SLO") == 1
    [common] = [t for t in tables(content, "scaling") if "one common SLO" in t.caption]
    # the strictest of both: the greater share, the lesser time
    assert common.caption.endswith("99.9% of answers within 100 ms")


def test_one_slo_for_all_is_defined_once_and_warned_of_nowhere(tmp_path: Path) -> None:
    both = (SLO.format(name=name, cost=10, slo=", slo: p99 <= 100 ms") for name in ("one", "two"))
    content = build_report(report_data_of(tmp_path, *both), WORDS)
    text = render_markdown(content)
    assert "have different SLOs" not in text
    assert "one common SLO" not in text
    assert (
        text.count("A design meets its requirements where it keeps its SLO (99% of answers within 100 ms), ")
        == 1
    )


def test_without_an_slo_none_is_said_to_be_kept(tmp_path: Path) -> None:
    content = build_report(report_data_of(tmp_path, SLO.format(name="open", cost=10, slo="")), WORDS)
    text = render_markdown(content)
    assert "SLO: none stated" in text
    assert "No SLO is stated, so nothing says how fast answers must come." in text


def test_a_variant_bears_its_own_title_and_what_it_changes_and_no_prose_of_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SLO.format(name="shop", cost=10, slo=""), encoding="utf-8")
    found = report_data((f"{path}:small",))
    [stage] = found.stages
    assert stage.heading("en") == "shop:small: Half the host"
    assert stage.estimate.rationale == {}
    assert all(not resource.note for resource in stage.estimate.resources)
    text = render_markdown(build_report(found, WORDS))
    before_sources = text.partition("## Sources")[0]
    assert "Nothing waits and everything is watched" not in before_sources
    assert "Watched by two" not in before_sources
    said = texts(build_report(found, WORDS), "architecture")
    assert said == ["shop:small differs from shop by: host.amounts: {RUB: 1}; without watch."]
    plain = report_data((str(path),))
    assert "Nothing waits and everything is watched" in render_markdown(build_report(plain, WORDS))


def test_a_change_by_option_is_a_difference_too_and_another_load_is_none(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SLO.format(name="shop", cost=10, slo=""), encoding="utf-8")
    [stage] = report_data((str(path),), sets=("resources.watch.role=other",)).stages
    assert [(one.path, one.value) for one in stage.estimate.differences] == [
        ("resources.watch.role", "other")
    ]
    assert stage.estimate.rationale == {}
    [stage] = report_data((str(path),), requests="2M").stages
    assert stage.estimate.differences == ()
    assert stage.estimate.rationale


def test_a_machine_that_may_be_stopped_is_said_to_be_and_has_no_probability() -> None:
    content = build_report(report_data(("stage2:lean",)), WORDS)
    stopped = "may be stopped by the provider at any time"
    for chapter in ("verdict", "scaling", "uncertainty"):
        assert any(stopped in text for text in texts(content, chapter)), chapter
    [cards] = [b for s in content.sections if s.id == "verdict" for b in s.blocks if isinstance(b, Figures)]
    details = [plain_text(detail) for detail in cards.figures[0].details]
    assert "keeps its SLO only while its machines run" in details
    sure = " ".join(texts(content, "uncertainty"))
    assert "requirements are met with probability" not in sure
    assert "How probable it is that its requirements are met cannot be said" in sure


def test_a_machine_that_rests_is_said_to_rest() -> None:
    said = " ".join(texts(build_report(report_data(("stage2:office-hours",)), WORDS), "verdict"))
    # nine hours on five days of the week, of a month of 720 hours: 45 x 720 / 168 = 192.86
    assert "runs 193 of 720 h: nothing answers at other times" in said


def test_a_cure_or_variant_that_is_another_service_is_called_one() -> None:
    content = build_report(report_data(), WORDS)
    [named] = [text for text in texts(content, "verdict") if "stage2:lean" in text]
    assert "It is another level of service: inference: may be stopped by the provider at any time" in named
    [variants] = [t for t in tables(content, "choices") if t.caption == "Variants of stage2"]
    reserved = {plain_text(row.cells[0].text): plain_text(row.cells[-1].text) for row in variants.rows}
    assert "runs 193 of 720 h" in reserved["stage2:office-hours".partition(":")[2]]


def test_a_capacity_of_a_processor_stands_for_no_gpu_without_a_word() -> None:
    on_a_cpu = ("resources.inference.capacity={measured: digits-triton-grpc, max_replicas: 8}",)
    content = build_report(report_data(("stage2", "stage3"), sets=on_a_cpu), WORDS)
    for chapter in ("verdict", "scaling", "months"):
        told = [text for text in texts(content, chapter) if "measured on a CPU" in text]
        # The verdict says what both share once.
        assert len(told) == (1 if chapter == "verdict" else 2), chapter
        assert all(any(name in text for text in told) for name in ("stage2", "stage3")), chapter


def test_without_slo_and_capacity_nothing_is_said_to_be_kept(tmp_path: Path) -> None:
    content = build_report(report_data_of(tmp_path, SMALL, LARGE), WORDS)
    text = render_markdown(content).partition("## Sources")[0]
    assert "Whether **large** works is not known" in text
    for claim in (
        "meets its requirements at all",
        "meet their requirements at these",
        "It meets its requirements from",
        "keeps its SLO",
    ):
        assert claim not in text, claim


def test_every_assumption_has_its_value_as_the_scenario_writes_it() -> None:
    found = [
        t for t in tables(build_report(report_data(), WORDS), "bill") if "and what was measured" in t.caption
    ]
    assert len(found) == 3
    values = {plain_text(row.cells[0].text): plain_text(row.cells[1].text) for row in found[1].rows}
    # as scenarios/stage2.yaml has them
    assert values["workload.monthly_requests"] == "5M/month"
    assert values["workload.slo.latency"] == "100 ms"
    assert values["resources.database.capacity.requests_per_second"] == "500"
    assert all(values.values())


def test_the_five_unstated_inputs_that_move_the_bills_most_are_in_the_verdict() -> None:
    found = report_data()
    movers = largest_movers(found)
    assert len(movers) == 5
    reach = [abs(bar.cost_at_high - bar.cost_at_low) for _, bar in movers]
    others = [
        abs(bar.cost_at_high - bar.cost_at_low)
        for stage in found.stages
        for bar in (stage.sensitivity.bars if stage.sensitivity else ())
        if bar.kind != "stated" and (stage, bar) not in movers
    ]
    assert reach == sorted(reach, reverse=True)
    assert min(reach) >= max(others, default=0)
    said = texts(build_report(found, WORDS), "verdict")
    assert all(any(bar.path in text and stage.name in text for text in said) for stage, bar in movers)


def test_what_rests_on_assumptions_has_two_digits_in_prose() -> None:
    assert WORDS.about(Decimal("75681750")) == "76M"
    assert WORDS.about(Decimal("201490000")) == "200M"
    assert Translator("ru").about(Decimal("129792858")).replace("\u00a0", " ") == "130 млн"
    assert WORDS.rough_money(Decimal("243512.77"), "USD") == "$240,000"
    assert WORDS.rough_money(Decimal("1.3164"), "USD") == "$1.3"
    assert WORDS.rough_money(Decimal("24.4"), "USD") == "$24"
    assert WORDS.rough_money(Decimal("0.0132"), "USD") == "$0.013"
    assert WORDS.rough_money(Decimal(0), "USD") == "$0.00"


def test_a_load_that_is_not_certain_to_keep_its_slo_shows_why() -> None:
    points = [
        t for t in tables(build_report(report_data(), WORDS), "measurement") if "load points" in t.caption
    ]
    rows = [[plain_text(cell.text) for cell in row.cells] for table in points for row in table.rows]
    # resnet50-api at 104.4 requests/s: measured at 45.7 ms with an interval up to 52 ms, of 50 ms
    [open_] = [row for row in rows if row[-1].endswith("misses") and row[6] == "45.7"]
    assert open_[7] == "p99 39.1..52"
    assert [table.rows[0].cells[4].order is not None for table in points] == [True, True]


def test_changes_by_role_count_what_is_gone_as_well(tmp_path: Path) -> None:
    small, large = report_data_of(tmp_path, SMALL, LARGE).stages
    assert role_changes(large, small) == [
        ("compute", Decimal(1000 - 300)),
        ("database", Decimal(400)),
        ("storage", Decimal(-20)),
    ]


def test_the_verdict_is_made_from_the_numbers(tmp_path: Path) -> None:
    found = texts(build_report(report_data_of(tmp_path, SMALL, LARGE), WORDS), "verdict")
    assert found[0] == (
        "Each at its own load, the designs cost from RUB 320.00 to RUB 1,400 a month. "
        "None of the budgets holds."
    ).replace("RUB ", "RUB\u00a0")
    said = "\n".join(found).replace("\u00a0", " ")
    # 320 - 150 = 170 over; the cheaper of the variants that fit costs 110 + 10, and its host 110 of 100
    assert "small was budgeted at RUB 150.00 a month and costs RUB 320.00: RUB 170.00 over." in said
    assert "The cheapest that keeps the total budget is small:fits, RUB 120.00 (costplan plan " in said
    assert "scenario0.yaml --budget 150RUB): It fits." in said
    assert "At 10M requests a month small would cost RUB 320.00 and large costs RUB 1,400" in said
    assert "Most over budget: Host of small, RUB 200.00 above RUB 100.00." in said
    # neither states an SLO, so neither is said to keep one
    assert "Whether large works is not known: no SLO is stated" in said
    assert "meets its requirements" not in said
    # the most expensive line of the most expensive design: 1000 of 1400
    assert "One line makes 71% of the bill of large: seller (host), RUB 1,000 a month." in said


def test_a_design_that_keeps_each_part_of_the_budget_is_said_to_keep_it(tmp_path: Path) -> None:
    """A host for 110 is within 120, and the rest for 10 within 30."""
    roomy = SMALL.replace("name: Host, amount: 100", "name: Host, amount: 120").replace(
        "amount: 50", "amount: 30"
    )
    said = "\n".join(texts(build_report(report_data_of(tmp_path, roomy), WORDS), "verdict"))
    assert "The cheapest design that keeps the budget is small:fits" in said


def test_a_total_that_hides_a_part_over_its_amount_is_not_called_within_the_budget(tmp_path: Path) -> None:
    """A host for 110 of 100 and the rest for 20 of 50: 130 of 150 in all, and one part over."""
    hidden = SMALL.replace("RUB: 300", "RUB: 110")
    page = render_markdown(build_report(report_data_of(tmp_path, hidden), WORDS)).replace("\u00a0", " ")
    assert "within the total budget of RUB 150.00, not within each of its parts" in page


def test_a_design_within_its_budget_is_not_reproached(tmp_path: Path) -> None:
    cheap = SMALL.replace("RUB: 300", "RUB: 100")
    found = " ".join(texts(build_report(report_data_of(tmp_path, cheap), WORDS), "verdict"))
    assert " over." not in found
    assert "over budget" not in found


def test_the_same_load_is_said_to_be_the_same(tmp_path: Path) -> None:
    found = report_data(requests="5M")
    content = build_report(found, WORDS)
    assert texts(content, "verdict")[0].startswith("All at one load,")
    assert not [t for t in tables(content, "comparison") if t.caption.startswith("Every design")]


def test_equal_costs_and_lower_bounds_are_not_ranked(tmp_path: Path) -> None:
    equal = LARGE.replace("scenario: large", "scenario: equal").replace("10M", "20M")
    content = build_report(report_data_of(tmp_path, LARGE, equal), WORDS)
    said = " ".join([*texts(content, "verdict"), *texts(content, "choices")])
    assert "saves" not in said
    assert "more than" not in said
    unknown = equal.replace("{RUB: 400}", "{USD: 400}")
    content = build_report(report_data_of(tmp_path, LARGE, unknown), WORDS)
    said = " ".join([*texts(content, "verdict"), *texts(content, "choices")])
    assert "saves" not in said
    assert "step is" not in said


def test_a_missing_price_makes_lower_bounds_and_is_named(tmp_path: Path) -> None:
    unknown = LARGE.replace("scenario: large", "scenario: unknown").replace("{RUB: 400}", "{USD: 400}")
    content = build_report(report_data_of(tmp_path, unknown), WORDS)
    assert "at least RUB\u00a01,000" in texts(content, "verdict")
    assert "1 cost component has no known price" in texts(content, "verdict")[-1]
    [table] = [t for t in tables(content, "bill") if " by resource" in t.caption]
    assert [plain_text(row.cells[2].text) for row in table.groups[0]] == ["1,000.00", "unpriced"]
    assert any("never counted as 0" in text for text in texts(content, "bill"))


def test_a_bill_of_nothing_is_a_report_too(tmp_path: Path) -> None:
    nothing = LARGE.replace("1000}", "0}").replace("400}", "0}").replace("10M", "0")
    content = build_report(report_data_of(tmp_path, nothing), WORDS)
    assert "RUB\u00a00.00" in texts(content, "verdict")
    assert "<svg" in render_html(content, WORDS)  # the architecture, and no chart of nothing
    assert "per million requests" not in render_markdown(content)


# Sources


def test_every_price_leads_to_its_source() -> None:
    content = build_report(report_data(), WORDS)
    [sources] = tables(content, "sources")
    numbers = {
        cell.id: plain_text(row.cells[1].text) for row in sources.groups[0] for cell in row.cells if cell.id
    }
    for stage, table in zip(
        report_data().stages, [t for t in tables(content, "bill") if ": all" in t.caption], strict=True
    ):
        rows = iter([row for group in table.groups for row in group if row.kind == "line"])
        ordered = sorted(stage.estimate.resources, key=lambda resource: -resource.monthly_cost)
        for line in [line for resource in ordered for line in resource.line_items]:
            number_of, *day = next(rows).cells[-1].text
            assert not isinstance(number_of, str)
            seen = "" if line.start_known else "on or before "
            since = [f" {seen}{line.effective_from}"] if line.provenance != "assumed" else []
            assert [one.text for one in day if not isinstance(one, str)] == since
            assert numbers[number_of.anchor] == line.source.removeprefix("third party: ")


def test_scenario_files_stand_there_letter_by_letter() -> None:
    codes = {
        block.caption: block.text
        for section in build_report(report_data(), WORDS).sections
        for block in section.blocks
        if isinstance(block, Code)
    }
    for stage in ("stage1", "stage2", "stage3"):
        assert codes[f"scenarios/{stage}.yaml"] == Path(f"scenarios/{stage}.yaml").read_text(encoding="utf-8")


def test_the_command_that_is_shown_makes_the_report_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    line = ["report", "stage1", "--set", "resources.api.memory=2 GB", "--lang", "ru", "--currency", "USD"]
    assert run([*line, "-o", "first.html"]) == 0
    page = html5lib.parse(Path("first.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)
    [shown] = [
        "".join(pre.itertext()) for pre in page.iter("pre") if "costplan report" in "".join(pre.itertext())
    ]
    assert run([*shlex.split(shown)[1:], "-o", "second.html"]) == 0
    assert Path("first.html").read_bytes() == Path("second.html").read_bytes()


def test_the_short_form_has_verdict_and_table_alone() -> None:
    assert [section.id for section in brief(report_data(), WORDS).sections] == ["verdict", "comparison"]


def test_a_budget_whose_prices_are_missing_is_not_said_to_hold(tmp_path: Path) -> None:
    """Of three budgets one holds, one is broken, and one bill lacks a price."""

    def text(name: str, cost: str, more: str = "") -> str:
        return f"""\
scenario: {name}
title: {name}
workload: {{monthly_requests: 1M, response_size: 1 KB}}
budget: {{currency: RUB, total: 100}}
resources:
  cost: {{kind: fixed-cost, role: other, amounts: {{RUB: {cost}}}, source: "a note"}}
{more}"""

    lacking = text("open", "20", "  reg: {kind: cloud-registry, role: ci-cd, size: 1 GB}\n")
    both = report_data_of(tmp_path, text("holds", "10"), lacking)
    found = texts(build_report(both, WORDS), "verdict")
    assert found[0].endswith("1 of 2 budgets holds. Whether 1 budget holds is open: prices are missing.")
    all_three = report_data_of(tmp_path, text("holds", "10"), lacking, text("broken", "300"))
    assert texts(build_report(all_three, WORDS), "verdict")[0].endswith(
        "1 of 3 budgets holds. Whether 1 budget holds is open: prices are missing."
    )
    assert texts(build_report(report_data_of(tmp_path, lacking), WORDS), "verdict")[0].startswith(
        "This design costs"
    )
    # What the bill leaves out is said once, and is no reservation about how the design serves.
    said = render_markdown(brief(both, WORDS))
    assert said.count("is stated, but no resource bills it") == 2
    assert "has this reservation" not in said

"""What the page computes from: formulas as lists, and a table of the same designs with one thing changed."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from report_inputs import EVIL, report_data, report_data_of

from costplan.capacity.replicas import WaitingReplicas
from costplan.formulas.to_json import MOST_REPLICAS, FormulaBook
from costplan.language.translator import Translator
from costplan.messages.spans import plain_text
from costplan.output.formats.markdown import escaped
from costplan.quantities.formula import CountBelow, Formula, Interpreter, Variable
from costplan.report.blocks import Choice, Live, Slider
from costplan.report.document import build_report
from costplan.report.renderers.html import render as render_html
from costplan.report.renderers.markdown import render as render_markdown
from costplan.report.report_data import ReportData
from costplan.report.sections.whatif import section
from costplan.report.whatif import gpu_machines, with_machines

ONE = Formula(Fraction(1))
X, Y = Formula.of(Variable("x")), Formula.of(Variable("y"))


def value(flat: list[Any], atoms: list[list[Any]], inputs: dict[str, float]) -> float:
    """Evaluate what a formula book wrote, in another way than the page: from the formula down."""

    def atom(number: int) -> float:
        kind, *parts = atoms[number]
        if kind == "input":
            return inputs[parts[0]]
        if kind == "rank":
            return sum(load < total(parts[0]) for load in parts[1])
        left, *rest = (total(part) for part in parts)
        if kind == "ceiling":
            return float(-(-left // 1))
        if kind == "positive":
            return max(left, 0.0)
        return left * rest[0] if kind == "product" else left / rest[0]

    def total(flat: list[Any]) -> float:
        pairs = zip(flat[1::2], flat[2::2], strict=True)
        return float(flat[0] + sum(weight * atom(number) for weight, number in pairs))

    return total(flat)


def test_a_written_formula_has_the_value_of_the_formula() -> None:
    half = Formula(Fraction(1, 2))
    formula = (X * half).rounded_up() * Y + (Y - X).or_zero() / (X + ONE) - X + half
    book = FormulaBook()
    flat = book.write(formula)
    for x, y in ((3, 10), (4, 2), (7, 7)):
        exact = Interpreter({"x": Fraction(x), "y": Fraction(y)})(formula)
        assert value(flat, book.atoms, {"x": x, "y": y}) == pytest.approx(float(exact), rel=1e-14)


def test_atoms_made_alike_are_written_once() -> None:
    book = FormulaBook()
    first = book.write((X * Formula(Fraction(1, 3))).rounded_up())
    again = book.write((Formula.of(Variable("x")) / Formula(Fraction(3))).rounded_up())
    assert first == again
    assert [kind for kind, *_ in book.atoms] == ["input", "ceiling"]


def test_two_alike_atoms_of_one_formula_are_added() -> None:
    book = FormulaBook()
    flat = book.write(X.rounded_up() + X.rounded_up())
    assert flat == [0, 2, 1]


def test_a_waiting_model_becomes_its_table_of_thresholds() -> None:
    replicas = WaitingReplicas("M/M/c", Fraction(95, 100), Fraction(1, 5), 2)
    seconds = Fraction(1, 20)
    book = FormulaBook()
    flat = book.write(Formula.of(CountBelow(X, Formula(seconds), replicas)))
    for load in (0, 1, 10, 30, 60, 300, 1000):
        counted = replicas.count_below(Fraction(load), seconds)
        assert value(flat, book.atoms, {"x": load}) == counted
        assert counted <= MOST_REPLICAS


def live(found: ReportData, language: str = "en") -> Live:
    """Return the block of the chapter."""
    [block] = section(found, Translator(language)).blocks
    assert isinstance(block, Live)
    return block


def column(block: Live, heading: str) -> list[Decimal | None]:
    """Return the amounts under a heading."""
    place = [column.heading for column in block.table.columns].index(heading)
    return [row.cells[place].order for row in block.table.rows]


def test_the_table_holds_what_the_same_designs_cost_otherwise() -> None:
    """Each column against a report that was asked for just that."""
    block = live(report_data())
    own = [stage.estimate.total.monthly_cost for stage in report_data().stages]
    assert column(block, "As designed") == own
    for heading, otherwise in (
        ("In USD", report_data(currency="USD")),
        ("In KZT", report_data(currency="KZT")),
        ("Free volumes used up", report_data(sets=("free_tier=false",))),
    ):
        assert column(block, heading) == [s.estimate.total.monthly_cost for s in otherwise.stages], heading


def test_the_column_of_preemptible_gpus_is_the_shipped_variant() -> None:
    variants = [
        next((v.estimate.total.monthly_cost for v in stage.variants if v.name == "preemptible"), None)
        for stage in report_data().stages
    ]
    assert column(live(report_data()), "Preemptible GPUs") == variants
    assert variants[0] is None


MACHINES = """
scenario: machines
title: Machines
workload: {monthly_requests: 1M/month}
resources:
  plain: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB}
  gpu:
    kind: compute-instance
    role: inference
    platform: standard-v3-t4
    vcpu: 4
    memory: 16 GB
    preemptible: true
"""


def test_only_machines_with_gpus_are_bought_otherwise(tmp_path: Path) -> None:
    [stage] = report_data_of(tmp_path, MACHINES).stages
    assert list(gpu_machines(stage.scenario)) == ["gpu"]
    regular = with_machines(stage.scenario, "regular").resources
    assert not getattr(regular["gpu"], "preemptible")  # noqa: B009
    assert regular["plain"] is stage.scenario.resources["plain"]


def test_the_first_choice_is_what_the_designs_have(tmp_path: Path) -> None:
    plain = MACHINES.replace("preemptible: true", "preemptible: false").replace(": machines", ": others")

    def offered(*scenarios: str) -> list[tuple[str, str]]:
        controls = live(report_data_of(tmp_path, *scenarios)).controls
        [found] = [one.options for one in controls if isinstance(one, Choice) and one.name == "machines"]
        return list(found)

    assert offered(MACHINES) == [("own", "preemptible"), ("regular", "regular")]
    assert offered(plain) == [("own", "regular"), ("preemptible", "preemptible")]
    mixed = [("own", "as designed"), ("preemptible", "preemptible"), ("regular", "regular")]
    assert offered(MACHINES, plain) == mixed


def test_controls_of_what_no_design_has_are_left_out(tmp_path: Path) -> None:
    storage = """
scenario: small
title: Small
workload: {monthly_requests: 0}
resources: {store: {kind: object-storage, role: storage, size: 10 GB}}
"""
    found = live(report_data_of(tmp_path, storage))
    assert [one.name for one in found.controls] == ["requests", "currency", "free"]
    data = json.loads(found.data())
    assert data["stages"][0]["inputs"] == {"workload.monthly_requests": 0}


def test_the_load_moves_around_the_designs_own_between_powers_of_ten() -> None:
    """Own loads are 1M to 50M: a twentieth is 50K, twenty times are 1B."""
    [slider] = [one for one in live(report_data()).controls if isinstance(one, Slider) and one.has_field]
    assert (slider.low, slider.high) == (10_000, 1_000_000_000)


def test_the_data_hold_no_markup_and_are_json(tmp_path: Path) -> None:
    text = "</script>\u2028<img src=x onerror=alert(1)>&amp;'\""
    quoted = "'" + text.replace("'", "''").replace("\u2028", "") + "'"
    found = report_data_of(tmp_path, MACHINES.replace("role: compute,", f"role: compute, title: {quoted},"))
    data = live(found).data()
    assert not set(data) & set("<>&\u2028\u2029")
    assert text.replace("\u2028", "") in json.loads(data)["stages"][0]["resources"]
    assert EVIL not in data


@pytest.mark.parametrize("language", ["en", "ru"])
def test_markdown_has_the_table_and_the_page_hides_what_only_moves(language: str) -> None:
    words = Translator(language)
    content = build_report(report_data(), words)
    block = live(report_data(), language)
    written = render_markdown(content)
    assert all(escaped(plain_text(cell.text)) in written for row in block.table.rows for cell in row.cells)
    assert block.intro not in written
    page = render_html(content, words)
    assert page.count("data-live=") == 1
    assert len(re.findall(r' data-live="[^"]*" hidden>', page)) == 1

"""Charts of the report: they draw what they are given, every text can be read, and they fit into any page."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from drawn_texts import assert_readable
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from costplan.graphics import palette
from costplan.graphics.charts.bill import BudgetComparison, Stage, bill, budgets, waterfall
from costplan.graphics.charts.curves import Crossing, LoadCurve
from costplan.graphics.charts.scaling import scaling
from costplan.graphics.charts.style import Caption, Drawing
from costplan.graphics.charts.time import MonthLine, cumulative, margins, monthly_costs
from costplan.graphics.charts.uncertainty import Chance, Swing, chances, histogram, tornado

CAPTION = Caption("Where the money goes", "Inference takes 64 % of it.")
LONG = "Кластер Kubernetes для распределённого инференса больших языковых моделей"
HOSTILE = [
    "$\\frac{1}{0}$",
    "<script>alert(1)</script>",
    "a\x1b[31m\u202eb",
    "模型" * 40,
    "50 $ and 60 $",
    "",
]


def stages(*totals: dict[str, str]) -> list[Stage]:
    parts = [{name: Decimal(cost) for name, cost in total.items()} for total in totals]
    return [
        Stage(f"stage{number}", sum(part.values(), Decimal(0)), part) for number, part in enumerate(parts, 1)
    ]


THREE = stages(
    {"inference": "65.32", "storage": "299.66", "ci-cd": "3.29"},
    {"inference": "58164.05", "database": "3509.28", "compute": "3212.29", "storage": "9.5", "ci-cd": "95.6"},
    {"inference": "116729.28", "database": "21808.51", "compute": "29362.18", "logs": "10238.4"},
)  # fmt: skip
BUDGETS = [
    BudgetComparison("GPU", Decimal(200), Decimal("476.75")),
    BudgetComparison("Compute VM", Decimal(20), Decimal("19.5")),
    BudgetComparison("free", Decimal(0), Decimal("0.4")),
]

DRAWINGS: dict[str, Callable[[], Drawing]] = {
    "bill": lambda: bill({"GPU": Decimal(9**6), LONG: Decimal("0.0042"), "DNS": Decimal(0)}, CAPTION, "RUB"),
    "bill of forty": lambda: bill({f"resource {n}": Decimal(n) for n in range(40)}, CAPTION, "RUB"),
    "bill of nothing": lambda: bill({"network": Decimal(0)}, CAPTION, "RUB"),
    "waterfall": lambda: waterfall(THREE, CAPTION, "RUB"),
    "waterfall down": lambda: waterfall(THREE[::-1], CAPTION, "RUB"),
    "waterfall of equals": lambda: waterfall([THREE[0], THREE[0]], CAPTION, "RUB"),
    "budgets": lambda: budgets(BUDGETS, CAPTION, "RUB"),
    "scaling": lambda: scaling([STEPS, STRAIGHT], CROSSED, CAPTION, "RUB"),
    "scaling of long names": lambda: scaling([curve(LONG, [(1e3, 1), (1e9, 5)])] * 2, [], CAPTION, "RUB"),
    "scaling of free loads": lambda: scaling([curve("a", [(1, 0), (1e4, 0), (1e6, 3)])], [], CAPTION, "RUB"),
    "scaling of nothing": lambda: scaling([curve("a", [(1, 0), (10, 0)], limit=0)], [], CAPTION, "RUB"),
    "months": lambda: monthly_costs(MONTHS, [GROWING, STEADY], CHOSEN, CAPTION, "RUB"),
    "one month": lambda: monthly_costs(["2027-01"], [MonthLine("a", [0], [True])], [None], CAPTION, "RUB"),
    "spend": lambda: cumulative(MONTHS, GROWING.cost, CAPTION, "RUB"),
    "margins": lambda: margins(MONTHS, [float("nan"), -3, 5] + [7.0] * 11, CAPTION, "RUB", pays_from=13),
    "histogram": lambda: histogram([1, 2, 3], [0.5, 0.5], CAPTION, "RUB", budget=1e6, probability=1.0),
    "chances": lambda: chances(CHANCES, CAPTION, "RUB"),
    "tornado": lambda: tornado(SWINGS, Decimal(65), CAPTION, "RUB"),
    "tornado of nothing": lambda: tornado([NO_SWING], Decimal(0), CAPTION, "RUB"),
}  # fmt: skip
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@every_drawing
def test_every_text_lies_inside_and_none_covers_another(draw: Callable[[], Drawing]) -> None:
    assert assert_readable(draw())


@every_drawing
@pytest.mark.filterwarnings("error")
def test_the_same_figures_give_the_same_bytes(draw: Callable[[], Drawing]) -> None:
    one, other = draw(), draw()
    assert one.inline("a") == other.inline("a") == one.inline("a")
    assert one.file("svg") == other.file("svg")
    assert one.file("png") == other.file("png")


@every_drawing
def test_in_a_page_nothing_can_clash_be_forbidden_or_be_loaded(draw: Callable[[], Drawing]) -> None:
    picture = draw().inline("c7")
    root = ET.fromstring(picture)
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("c7-") for name in ids)
    named = re.findall(r'(?:href="#|url\(#)([^")]+)', picture)
    assert set(named) <= set(ids)
    assert not re.search(r"<style|style=|<script|https?://(?!www\.w3\.org/2000/svg)|<\?xml|<!", picture)
    assert not any(node.tag.endswith("metadata") for node in root.iter())


@every_drawing
def test_in_a_page_every_colour_is_a_variable_and_letters_are_text(draw: Callable[[], Drawing]) -> None:
    root = ET.fromstring(draw().inline("c"))
    colours = [node.attrib[key] for node in root.iter() for key in ("fill", "stroke") if key in node.attrib]
    assert all(re.match(r"none$|var\(--chart-|url\(#c-", colour) for colour in colours)
    texts = [node for node in root.iter() if node.tag.endswith("text")]
    assert texts
    assert all(node.get("fill") and float(node.get("font-size") or 0) >= 8.5 for node in texts)


def test_a_picture_in_a_page_is_named_for_those_who_do_not_see_it() -> None:
    root = ET.fromstring(bill({"GPU": Decimal(1)}, Caption("Bill of <b>", "GPU & more"), "RUB").inline("c1"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c1-title c1-desc"
    said = {node.get("id"): node.text for node in root if node.get("id")}
    assert said == {"c1-title": "Bill of <b>", "c1-desc": "GPU & more"}


def test_a_file_is_white_titled_and_undated() -> None:
    drawing = bill({"GPU": Decimal(1)}, CAPTION, "RUB")
    text = drawing.file("svg").decode()
    assert CAPTION.title in text
    assert CAPTION.description in text
    assert "<dc:date>" not in text
    assert "fill: #ffffff" in text
    wide, _ = struct.unpack(">II", drawing.file("png")[16:24])
    assert wide == 1080  # 540 points at 144 dots in 72 points


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("error")
def test_a_hostile_name_is_a_text(name: str) -> None:
    one, two = Decimal(1), Decimal(2)
    for drawing in (
        bill({name: two, "other": one}, Caption(name, name), "RUB"),
        waterfall([Stage(name, one, {name: one}), Stage("b", two, {name: two})], CAPTION, "RUB"),
        budgets([BudgetComparison(name, Decimal(3), Decimal(2))], CAPTION, "RUB"),
    ):  # fmt: skip
        assert_readable(drawing)
        picture = drawing.inline("c")
        ET.fromstring(picture)
        assert not {"\x1b", "\u202e"} & set(picture)
        assert "<script" not in picture
        if "$" in name and len(name) < 20:
            assert name in picture


def rub(amount: str) -> str:
    return f"RUB\u00a0{amount}"


def bars(drawing: Drawing) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, from top to bottom."""
    (axes,) = drawing.figure.axes
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in found]


def test_a_bill_has_a_bar_for_each_part_the_dearest_first() -> None:
    drawing = bill({"small": Decimal(10), "big": Decimal(30)}, CAPTION, "RUB")
    assert bars(drawing) == [(0, 30), (0, 10)]
    assert assert_readable(drawing)[:4] == ["75%", "25%", rub("30.00"), rub("10.00")]


def test_the_smallest_of_many_parts_are_put_together() -> None:
    drawing = bill({f"r{n}": Decimal(n) for n in range(1, 13)}, CAPTION, "RUB")
    assert len(bars(drawing)) == 10
    assert bars(drawing)[-1] == (0, 1 + 2 + 3)  # r1, r2 and r3 are left when nine are shown
    assert "3 others" in assert_readable(drawing)


def test_a_waterfall_steps_from_one_total_to_the_next() -> None:
    drawing = waterfall(stages({"a": "10", "b": "5"}, {"a": "30", "b": "1", "c": "2"}), CAPTION, "RUB")
    # 15; a +20 -> 35; b -4 -> 31; c +2 -> 33
    assert bars(drawing) == [(0, 15), (15, 35), (35, 31), (31, 33), (0, 33)]
    texts = assert_readable(drawing)
    assert {rub("15.00"), "+" + rub("20.00"), "−" + rub("4.00"), "+" + rub("2.00"), rub("33.00")} <= set(
        texts
    )


def test_a_waterfall_puts_small_changes_together_and_still_arrives() -> None:
    before = dict.fromkeys("abcdefg", "1")
    after = {name: str(2 + rank) for rank, name in enumerate("abcdefg")}
    drawing = waterfall(stages(before, after), CAPTION, "RUB")
    assert len(bars(drawing)) == 1 + 5 + 1
    assert bars(drawing)[-2][1] == bars(drawing)[-1][1] == 35  # 2 + 3 + ... + 8
    assert "3 others" in assert_readable(drawing)


def test_a_budget_that_is_exceeded_differs_in_more_than_colour() -> None:
    texts = assert_readable(budgets(BUDGETS, CAPTION, "RUB"))
    assert {rub("200.00"), rub("476.75"), "2.38×", "0.98×"} <= set(texts)  # 476.75 / 200; 19.5 / 20 = 0.975
    (axes,) = budgets(BUDGETS, CAPTION, "RUB").figure.axes
    marked = [
        (line.get_marker(), float(line.get_xdata()[0])) for line in axes.lines if line.get_marker() in "Do"
    ]
    assert marked == [("D", 200), ("o", 476.75), ("D", 20), ("o", 19.5), ("D", 0), ("o", 0.4)]


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", [*palette.SERIES, palette.TEXT], ids=lambda ink: ink.name)
def test_text_colours_can_be_read_on_light_and_dark_pages(ink: palette.Ink) -> None:
    for ground in (palette.PAPER, palette.SURFACE):
        assert contrast(ink.light, ground.light) >= 4.4
        assert contrast(ink.dark, ground.dark) >= 4.5


def test_a_page_defines_every_variable_in_both_schemes() -> None:
    for dark in (False, True):
        declared = dict(part.split(":") for part in palette.css_variables(dark=dark).rstrip(";").split(";"))
        assert declared == {f"--chart-{ink.name}": ink.dark if dark else ink.light for ink in palette.INKS}


def curve(name: str, points: Sequence[tuple[float, float]], limit: float = 1e12) -> LoadCurve:
    """A line through points; beyond a load it does not meet its requirements."""
    loads, costs = [load for load, _ in points], [cost for _, cost in points]
    return LoadCurve(name, loads, costs, [load < limit for load in loads])


STEPS = curve("machines", [(1e3, 100), (1e6, 100), (1e6, 200), (1e9, 200)])
STRAIGHT = curve("serverless", [(1e3, 0.1), (2e6, 200), (1e8, 1e4), (1e9, 1e5)], limit=1e8)
CROSSED = [Crossing(1e6, 100, "serverless", "machines"), Crossing(1.1e6, 110, "machines", "serverless"),
           Crossing(2e6, 200, "serverless", "machines")]  # fmt: skip


def thick_parts(axes: Axes) -> list[tuple[str, list[float]]]:
    """Return the colour of each thick part and the loads that it runs over."""
    return [
        (str(line.get_color()), [load for load in line.get_xdata() if load == load])
        for line in axes.lines
        if line.get_gid() == "cheapest"
    ]


def test_steps_are_drawn_as_steps() -> None:
    upper = scaling([STEPS], [], CAPTION, "RUB").figure.axes[0]
    assert [(x, y) for x, y in zip(*upper.lines[0].get_data(), strict=True) if x == x] == [
        (1e3, 100), (1e6, 100), (1e6, 200), (1e9, 200),
    ]  # fmt: skip


def test_the_cheapest_design_is_thick_between_its_crossovers_and_named_in_the_strip() -> None:
    drawing = scaling([STEPS, STRAIGHT], CROSSED, CAPTION, "RUB")
    blue, orange = palette.SERIES[0].light, palette.SERIES[1].light
    ends = [(ink, loads[0], loads[-1]) for ink, loads in thick_parts(drawing.figure.axes[0])]
    assert sorted(ends) == sorted(
        [(orange, 1e3, 1e6), (blue, 1e6, 1.1e6), (orange, 1.1e6, 2e6), (blue, 2e6, 1e9)]
    )
    texts = assert_readable(drawing)
    assert [text for text in texts if text in ("1", "2", "3")][-3:] == ["1", "2", "3"]
    assert texts.count("machines") == 3  # at both line ends, and in the strip


def test_a_range_that_misses_its_requirements_is_dotted_and_never_thick() -> None:
    drawing = scaling([STRAIGHT], [Crossing(1e8, 1e4, "serverless", None)], CAPTION, "RUB")
    upper = drawing.figure.axes[0]
    full, dotted = upper.lines[:2]
    assert max(load for load in full.get_xdata() if load == load) == 1e8
    assert [load for load in dotted.get_xdata() if load == load] == [1e8, 1e9]
    assert dotted.is_dashed()
    assert [max(loads) for _, loads in thick_parts(upper)] == [1e8]
    assert "dotted: does not meet its requirements" in assert_readable(drawing)


def test_a_million_requests_cost_the_monthly_cost_over_the_millions() -> None:
    lower = scaling([STRAIGHT], [], CAPTION, "RUB").figure.axes[1]
    found = [y for y in lower.lines[0].get_ydata() if y == y]
    assert found == pytest.approx([0.1 / 1e3 * 1e6, 200 / 2, 1e4 / 100])


def test_without_crossovers_the_cheapest_design_is_thick_everywhere() -> None:
    drawing = scaling([STEPS, curve("dear", [(1e3, 5e3), (1e9, 5e3)])], [], CAPTION, "RUB")
    assert [(ink, loads[0], loads[-1]) for ink, loads in thick_parts(drawing.figure.axes[0])] == [
        (palette.SERIES[0].light, 1e3, 1e9)
    ]


@given(
    st.lists(st.tuples(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9)), min_size=1, max_size=8),
    st.lists(st.floats(1e3, 1e9), max_size=30),
)
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
def test_any_curves_and_crossovers_can_be_read(ends: list[tuple[float, float]], loads: list[float]) -> None:
    curves = [curve(f"design {n} of some length", [(1e3, a), (1e9, b)]) for n, (a, b) in enumerate(ends)]
    crossings = [Crossing(load, 1.0, curves[0].name, curves[0].name) for load in sorted(loads)]
    assert_readable(scaling(curves, crossings, CAPTION, "RUB"))


MONTHS = [f"{2027 + number // 12}-{number % 12 + 1:02}" for number in range(14)]
GROWING = MonthLine("serverless", [100 * 1.5**month for month in range(14)], [True] * 12 + [False] * 2)
STEADY = MonthLine("machines", [5000.0] * 14, [True] * 14)
CHOSEN = ["serverless"] * 10 + ["machines"] * 4


def drawn_points(axes: Axes, gid: str) -> list[list[tuple[float, float]]]:
    """Return the points of each line with that name, gaps left out."""
    return [
        [(x, y) for x, y in zip(*line.get_data(), strict=True) if y == y]
        for line in axes.lines
        if line.get_gid() == gid
    ]


def test_the_chosen_design_of_each_month_is_thick_and_moves_are_numbered() -> None:
    drawing = monthly_costs(MONTHS, [GROWING, STEADY], CHOSEN, CAPTION, "RUB")
    growing, steady = drawn_points(drawing.figure.axes[0], "chosen")
    assert growing == [(month, 100 * 1.5**month) for month in range(10)]
    assert steady == [(month, 5000) for month in range(10, 14)]
    texts = assert_readable(drawing)
    assert "1" in texts
    assert "2" not in texts
    assert {"2027-01", "dotted: does not meet its requirements"} <= set(texts)


def test_a_month_without_a_design_is_hatched_in_the_strip() -> None:
    line = MonthLine("a", [1, 1, 1], [True, False, True])
    figure = monthly_costs(["x", "y", "z"], [line], ["a", None, "a"], CAPTION, "RUB").figure
    hatches = [patch.get_hatch() or "" for patch in figure.axes[1].patches]
    assert hatches == ["", "////", ""]


def test_a_month_that_loses_is_hatched_and_one_that_earns_is_not() -> None:
    drawing = margins(["a", "b", "c"], [-5.0, 0.0, 5.0], CAPTION, "RUB", pays_from=1)
    heights = [(bar.get_height(), bool(bar.get_hatch())) for bar in drawing.figure.axes[0].patches]
    assert heights == [(-5, True), (0, False), (5, False)]
    assert "pays from here on" in assert_readable(drawing)


CHANCES = [
    Chance("GPU", Decimal(380), Decimal(476), Decimal(520), Decimal(200), 0.004),
    Chance("total", Decimal(480), Decimal(560), Decimal(640), Decimal(600), 0.8),
    Chance("bill", Decimal(480), Decimal(560), Decimal(640)),
]
NO_SWING = Swing("a", "", "", Decimal(0), Decimal(0))
SWINGS = [
    Swing("hours", "504 h", "720 h", Decimal(48), Decimal(68)),
    Swing(LONG, "a value of a hundred letters " * 4, "2", Decimal(70), Decimal(60)),
]


def test_cases_that_break_the_budget_are_hatched_and_the_chance_is_named() -> None:
    drawing = histogram([0, 10, 20, 30], [0.2, 0.5, 0.3], CAPTION, "RUB", budget=20, probability=0.7)
    found = [(bar.get_x(), bar.get_height(), bool(bar.get_hatch())) for bar in drawing.figure.axes[0].patches]
    assert found == [(0, 0.2, False), (10, 0.5, False), (20, 0.3, True)]
    assert "budget: 70%" in assert_readable(drawing)


def test_a_range_of_costs_stands_beside_its_budget_and_the_chance_of_keeping_it() -> None:
    drawing = chances(CHANCES, CAPTION, "RUB")
    assert bars(drawing) == [(380, 520), (480, 640), (480, 640)]
    marks = [float(line.get_xdata()[0]) for line in drawing.figure.axes[0].lines if line.get_marker() == "D"]
    assert marks == [200, 600]
    assert {f"{rub('380.00')} – {rub('520.00')}", rub("200.00"), "0.4%", "80%"} <= set(
        assert_readable(drawing)
    )


def test_a_tornado_labels_both_ends_of_each_bar_on_their_side() -> None:
    drawing = tornado(SWINGS, Decimal(65), CAPTION, "RUB")
    assert bars(drawing) == [(65, 48), (65, 68), (65, 60), (65, 70)]
    axes = drawing.figure.axes[0]
    sides = [(text.get_text()[:5], text.get_ha()) for text in axes.texts]
    assert sides == [("504 h", "right"), ("720 h", "left"), ("2", "right"), ("a val", "left")]
    assert_readable(drawing)


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=40), st.integers(0, 39), st.integers(1, 30))
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
def test_any_months_can_be_read(costs: list[float], move: int, letters: int) -> None:
    months = [f"{number:0{letters}}" for number in range(len(costs))]
    chosen = ["a" if number < move else LONG for number in range(len(costs))]
    lines = [MonthLine(name, costs, [True, False] * 20) for name in ("a", LONG)]
    lines = [MonthLine(line.name, line.cost, line.feasible[: len(costs)]) for line in lines]
    assert_readable(monthly_costs(months, lines, chosen, CAPTION, "RUB"))
    assert_readable(cumulative(months, costs, CAPTION, "RUB"))
    changing = [cost if number % 2 else -cost for number, cost in enumerate(costs)]
    assert_readable(margins(months, changing, CAPTION, "RUB", pays_from=min(move, len(costs) - 1)))

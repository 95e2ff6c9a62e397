"""The diagram of an estimate: what stands where, what is linked, and that a name is only ever text."""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import matplotlib.textpath
import pytest
from estimate_maker import Thing, estimate
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties

from costplan.graphics.diagram.boxes import Box
from costplan.graphics.diagram.layout import Diagram, layout
from costplan.graphics.diagram.mermaid import escaped, mermaid
from costplan.graphics.diagram.svg import svg
from costplan.graphics.isotonic_spacing import spread
from costplan.graphics.text_metrics import fitted, width, wrapped

ROLES = (
    "network", "compute", "inference", "database", "storage", "other", "monitoring", "logs", "ci-cd",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    '"]; end; n1["x',
    "end",
    "`code` **bold** #35; &amp; $x$",
    "a\x1b[31m\u202eb\ufffe",
    "1. first\n2. second",
    "</desc></svg><img src=x onerror=alert(1)>",
    "Ж" * 300,
    "模型服务" * 30,
    "кластер Kubernetes для распределённого инференса больших языковых моделей",
    "{name} {others} {cost}",
)


@st.composite
def designs(draw: st.DrawFn, *, acyclic: bool = False) -> list[Thing]:
    count = draw(st.integers(1, 40))
    names = [f"r{number}" for number in range(count)]
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=70))
    if acyclic:
        pairs = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    return [
        Thing(
            name,
            role=draw(st.sampled_from(ROLES)),
            talks_to=[names[target] for source, target in sorted(pairs) if source == number],
            title=draw(
                st.sampled_from(("", "API", "Метрики и дашборды", "A rather long name of a resource"))
            ),
        )
        for number, name in enumerate(names)
    ]


def at(diagram: Diagram, name: str) -> Box:
    return next(box for box in diagram.boxes if box.part.name == name)


def shown_links(diagram: Diagram) -> set[tuple[str, str]]:
    """Return who talks to whom as drawn, the users left out."""
    names = [box.part.name for box in diagram.boxes]
    found = [(names[edge.source], names[edge.target]) for edge in diagram.edges]
    found += [(names[edge.target], names[edge.source]) for edge in diagram.edges if edge.both]
    assert len(set(found)) == len(found)
    return {pair for pair in found if pair[0]}


def drawn_curves(picture: str) -> list[list[tuple[float, float]]]:
    """Return points along each drawn connection, worked out from its path as a browser would."""
    curves = []
    for group in ET.fromstring(picture).iter(f"{SVG}g"):
        if (group.get("class") or "").startswith("edge"):
            path = group.find(f"{SVG}path")
            assert path is not None
            curves.append(along(path.get("d") or ""))
    return curves


def along(path: str, steps: int = 24) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for letter, said in re.findall(r"([MLC])([^MLC]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", said)]
        ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        if letter == "M":
            found.append(ends[0])
            continue
        start = found[-1]
        hull = [start, *ends] if letter == "C" else [start, start, ends[0], ends[0]]
        for step in range(1, steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            found.append(
                tuple(sum(w * point[axis] for w, point in zip(weights, hull, strict=True)) for axis in (0, 1))  # type: ignore[arg-type]
            )
    return found


@settings(max_examples=60, deadline=None)
@given(designs())
def test_no_two_boxes_touch_and_all_lie_inside(things: list[Thing]) -> None:
    diagram = layout(estimate(*things))
    assert {box.part.name for box in diagram.boxes} - {""} == {thing.name for thing in things}
    for box in diagram.boxes:
        assert diagram.left < box.x
        assert box.x + box.width < diagram.left + diagram.width
        assert diagram.top < box.y
        assert box.y + box.height < diagram.top + diagram.height
    for one, other in combinations(diagram.boxes, 2):
        beside = one.x + one.width + 10 <= other.x or other.x + other.width + 10 <= one.x
        above = one.y + one.height + 10 <= other.y or other.y + other.height + 10 <= one.y
        assert beside or above


@settings(max_examples=60, deadline=None)
@given(designs())
def test_curves_begin_and_end_on_their_boxes_and_cross_none(things: list[Thing]) -> None:
    diagram = layout(estimate(*things))
    order = sorted(diagram.edges, key=lambda edge: edge.is_way)
    for edge, curve in zip(order, drawn_curves(svg(diagram)), strict=True):
        for node, (x, y) in ((edge.source, curve[0]), (edge.target, curve[-1])):
            box = diagram.boxes[node]
            assert box.x < x < box.x + box.width
            assert min(abs(y - box.y), abs(y - box.y - box.height)) < 0.1
        for x, y in curve:
            assert diagram.left <= x <= diagram.left + diagram.width
            for box in diagram.boxes:
                inside = box.x - 1 < x < box.x + box.width + 1
                assert not (inside and box.y + 0.1 < y < box.y + box.height - 0.1)


@settings(max_examples=60, deadline=None)
@given(designs())
def test_each_connection_of_the_scenario_is_drawn_once_and_no_other(things: list[Thing]) -> None:
    said = {(thing.name, other) for thing in things for other in thing.talks_to if other != thing.name}
    assert shown_links(layout(estimate(*things))) == said


@settings(max_examples=40, deadline=None)
@given(designs(acyclic=True))
def test_without_cycles_every_connection_leads_downward(things: list[Thing]) -> None:
    diagram = layout(estimate(*things))
    for edge in diagram.edges:
        upper, lower = diagram.boxes[edge.source], diagram.boxes[edge.target]
        assert upper.y + upper.height < lower.y
        assert not edge.both


@settings(max_examples=20, deadline=None)
@given(designs())
def test_the_same_estimate_gives_the_same_picture(things: list[Thing]) -> None:
    assert svg(layout(estimate(*things))) == svg(layout(estimate(*things)))
    assert mermaid(layout(estimate(*things))) == mermaid(layout(estimate(*things)))


def test_a_cycle_of_three_has_one_upward_connection() -> None:
    things = [Thing("a", talks_to=["b"]), Thing("b", talks_to=["c"]), Thing("c", talks_to=["a"])]
    diagram = layout(estimate(*things))
    upward = [
        (diagram.boxes[edge.source].part.name, diagram.boxes[edge.target].part.name)
        for edge in diagram.edges
        if diagram.boxes[edge.source].y > diagram.boxes[edge.target].y
    ]
    assert upward == [("c", "a")]


def test_two_that_talk_to_each_other_share_a_curve_with_two_heads_below_the_one_nearer_to_the_users() -> None:
    diagram = layout(estimate(Thing("watch", "monitoring", ["api"]), Thing("api", talks_to=["watch"])))
    (edge,) = [edge for edge in diagram.edges if diagram.boxes[edge.source].part.name]
    assert edge.both
    assert at(diagram, "api").y < at(diagram, "watch").y


def test_users_enter_at_the_network_that_passes_requests_on() -> None:
    things = [
        Thing("api", talks_to=["model"]),
        Thing("model", "inference"),
        Thing("balancer", "network", ["api"]),
        Thing("nat", "network"),
    ]
    diagram = layout(estimate(*things))
    entered = [diagram.boxes[edge.target].part.name for edge in diagram.edges if edge.source == 0]
    assert entered == ["balancer"]
    order = [at(diagram, name).y for name in ("", "balancer", "api", "model", "nat")]
    assert order == sorted(order)
    assert diagram.heading_y is not None
    assert diagram.heading_y < at(diagram, "nat").y


@pytest.mark.parametrize(
    ("things", "entered"),
    [
        ([Thing("api", talks_to=["model"]), Thing("model", "inference")], ["api"]),
        ([Thing("api"), Thing("model", "inference"), Thing("db", "database")], ["api", "model"]),
        ([Thing("a", talks_to=["b"]), Thing("b", talks_to=["a"])], ["a"]),
        ([Thing("bucket", "storage"), Thing("watch", "monitoring", ["bucket"])], []),
    ],
    ids=["what nothing calls", "no connections at all", "only a cycle", "nothing serves"],
)
def test_without_a_network_users_enter_at_what_serves(things: list[Thing], entered: list[str]) -> None:
    diagram = layout(estimate(*things))
    users = [index for index, box in enumerate(diagram.boxes) if box.part.is_users]
    found = [diagram.boxes[edge.target].part.name for edge in diagram.edges if edge.source in users]
    assert found == entered


def test_only_what_requests_pass_is_drawn_as_their_way() -> None:
    things = [
        Thing("api", talks_to=["db", "watch"]),
        Thing("db", "database"),
        Thing("watch", "monitoring"),
        Thing("entry", "network", ["api"]),
        Thing("master", talks_to=["api"]),
    ]
    diagram = layout(estimate(*things))
    names = [box.part.name for box in diagram.boxes]
    way = {(names[edge.source], names[edge.target]) for edge in diagram.edges if edge.is_way}
    assert way == {("", "entry"), ("entry", "api"), ("api", "db")}
    assert "n4 -.-> n2" not in mermaid(diagram)
    assert mermaid(diagram).count("-.->") == 2


def test_each_node_shows_its_cost_its_share_and_a_bar_as_long_as_the_share() -> None:
    diagram = layout(
        estimate(Thing("api", cost="30"), Thing("model", "inference", cost="90.5"), Thing("x", cost="1"))
    )
    texts = [node.text for node in ET.fromstring(svg(diagram)).iter(f"{SVG}text")]
    assert "RUB\u00a030.00" in texts
    assert "25%" in texts  # 30 of 121.5
    assert "RUB\u00a090.50" in texts
    assert "74%" in texts
    bars = [
        float(node.get("width") or 0)
        for node in ET.fromstring(svg(diagram)).iter(f"{SVG}rect")
        if "--chart-blue" in (node.get("fill") or "")
    ]
    assert bars[1] / bars[0] == pytest.approx(90.5 / 30, rel=0.01)


def test_a_cost_without_its_price_is_said_to_be_incomplete() -> None:
    diagram = layout(estimate(Thing("search", "logs", cost="0"), Thing("api"), unpriced=["search", "search"]))
    assert "+ 2 lines without price" in svg(diagram)
    assert "+ 2 lines without price" in mermaid(diagram).replace("#43;", "+")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_stays_inside_its_box(name: str) -> None:
    diagram = layout(estimate(Thing("api", title=name, runs=[name, name]), Thing("db", title=name)))
    picture = svg(diagram, "p")
    root = ET.fromstring(picture)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "g", "path", "rect", "text",
    }  # fmt: skip
    assert not any(key.startswith("on") for node in root.iter() for key in node.attrib)
    assert not set("\x1b\u202e\ufffe") & set(picture)
    for group in root.iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        for text in group.iter(f"{SVG}text"):
            assert frame is not None
            left, size = float(text.get("x") or 0), float(text.get("font-size") or 0)
            if not text.get("text-anchor"):
                right = left + drawn_width(text.text or "", size, bold=text.get("font-weight") == "600")
                assert right <= float(frame.get("x") or 0) + float(frame.get("width") or 0)


@pytest.mark.parametrize("name", HOSTILE)
def test_mermaid_gets_names_as_letters_digits_and_entities(name: str) -> None:
    text = mermaid(layout(estimate(Thing("api", title=name, talks_to=["db"]), Thing("db", "database"))))
    head, *lines = text.splitlines()
    assert head == "flowchart LR"
    for line in lines:
        label = re.fullmatch(r'  n\d+\(?\["(.*)"\]\)?|  n\d+ (?:<?-->|<?-\.->) n\d+', line)
        assert label, line
        for piece in (label.group(1) or "").split("<br>"):
            assert re.fullmatch(r"([^\W_]|[ .,-]|#\d+;)*", piece), piece
            assert not re.match(r"\d+\. |- ", piece)


def test_an_entity_of_mermaid_stands_for_the_character_itself() -> None:
    said = 'say "hi" #1; <b>'
    assert re.sub(r"#(\d+);", lambda found: chr(int(found.group(1))), escaped(said)) == said


def test_ids_are_those_that_the_picture_names_and_begin_with_its_prefix() -> None:
    picture = svg(layout(estimate(Thing("api"))), "stage-1")
    assert re.findall(r' id="([^"]*)"', picture) == ["stage-1-title", "stage-1-desc"]
    assert 'aria-labelledby="stage-1-title stage-1-desc"' in picture


def test_the_description_names_costs_and_connections() -> None:
    picture = svg(layout(estimate(Thing("api", talks_to=["db"], title="API"), Thing("db", "database"))))
    assert "API: RUB\u00a010.00 talks to db" in picture


def test_colours_are_variables_of_the_page_and_there_is_no_style_that_a_policy_could_forbid() -> None:
    picture = svg(layout(estimate(Thing("api"))))
    assert "style" not in picture
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture)) - {"none"}
    assert all(
        colour == "none" or colour.startswith("var(--chart-")
        for colour in re.findall(r'(?:fill|stroke)="([^"]*)"', picture)
    )


def drawn_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure with the font itself, as matplotlib ships it."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        measured: float = matplotlib.textpath.text_to_path.get_text_width_height_descent(text, font, False)[0]
    return measured


LETTERS = st.text(
    st.sampled_from(
        "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 .,:-/()абвгдежзийклмнопрстуфхцчшщъыьэюяАБВЖШЩЮ₽"
    ),
    min_size=1,
    max_size=40,
)


@given(LETTERS)
def test_a_text_is_never_wider_than_it_is_taken_to_be(text: str) -> None:
    assert drawn_width(text, 12) <= width(text, 12) + 0.01


@given(LETTERS, st.integers(20, 200), st.integers(1, 3))
def test_a_wrapped_text_keeps_to_its_room_and_lines(text: str, room: int, lines: int) -> None:
    rows = wrapped(text, room, 12, lines=lines)
    assert len(rows) <= lines
    assert all(width(row, 12) <= room or len(row) <= 2 for row in rows)
    if not any("…" in row for row in rows):
        assert " ".join(rows) == " ".join(text.split())


def test_a_text_that_fits_is_left_alone() -> None:
    assert fitted("API server", 200, 12) == "API server"
    assert fitted("API server of the partners", 80, 12).endswith("…")


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8), st.floats(0, 30))
def test_spread_positions_keep_their_distance_and_their_mean(wanted: list[float], distance: float) -> None:
    found = spread(wanted, [distance] * (len(wanted) - 1))
    assert all(b - a >= distance - 1e-6 for a, b in pairwise(found))
    assert sum(found) == pytest.approx(sum(wanted), abs=1e-6)


def test_positions_that_are_far_enough_apart_stay() -> None:
    assert spread([0, 5, 11], [5, 5]) == [0, 5, 11]
    assert spread([0, 0, 30], [4, 4]) == [-2, 2, 30]


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_spread_positions_keep_to_their_limits(wanted: list[float]) -> None:
    found = spread(wanted, [10.0] * (len(wanted) - 1), -40, 40)
    assert min(found) >= -40 - 1e-6
    assert max(found) <= 40 + 1e-6
    assert all(b - a >= 10 - 1e-6 for a, b in pairwise(found))


def test_one_position_far_away_is_not_moved_by_a_crowd_at_the_other_end() -> None:
    assert spread([0, 0, 0, 90], [10, 10, 10], 0, 100) == [0, 10, 20, 90]

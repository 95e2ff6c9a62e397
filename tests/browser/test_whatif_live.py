"""What the reader moves: the page's numbers are those of the engine, wherever the controls stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pages import page_of, report_data, report_data_of, report_file, watched
from playwright.sync_api import Browser, Page

from costplan.language.translator import Translator
from costplan.pricing.bill_formula import bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.formula import Ceiling, Formula, PositivePart, Variable, atoms_of
from costplan.quantities.quantity import Quantity
from costplan.report.report_data import ReportData, Stage
from costplan.scenario.loaded import LoadedScenario

HALF_A_UNIT = Decimal("0.005")
"""Half of the smallest unit that is shown."""
DUST = Decimal("0.000001")
"""What binary fractions may add to that."""
INTERVAL = (1336.0, 1678.25)
"""What `digits-service` leaves open: the highest rate that passed, and the lowest that failed."""
INTERVALS = {Fraction("1336"): Fraction("1678.25"), Fraction("96.7548"): Fraction("118.5")}
"""The same of it and of `resnet50-api`, on which the shipped stages rest."""

MOVED = """moves => {
    const root = document.querySelector("[data-live]");
    for (const [kind, name, value] of moves) {
        const control = root.querySelector(`[data-${kind}="${name}"]`);
        control.value = value;
        control.dispatchEvent(new Event(kind === "field" ? "change" : "input", { bubbles: true }));
    }
    return {
        load: root.querySelector("[data-field]").value.replace(/\\D/g, ""),
        rows: [...root.querySelectorAll("[data-stages] tbody tr")].map(
            row => [...row.cells].map(cell => cell.textContent)),
        bills: [...root.querySelectorAll("[data-bills] details")].map(
            bill => [...bill.querySelectorAll("tbody tr")].filter(
                row => row.cells[0].textContent !== "rounding").map(row => row.cells[1].textContent)),
        verdict: root.querySelector("[data-verdict]").textContent,
        markers: root.querySelectorAll("svg .chosen").length,
    };
}"""


def amount(text: str) -> Decimal:
    """Read a number back out of an English text."""
    return Decimal(re.sub(r"[^0-9.]", "", text))


def designed(stage: Stage, chosen: Mapping[str, Any]) -> LoadedScenario:
    """Change the scenario itself, number by number, as the controls say."""
    found = stage.scenario
    model = found.model
    if chosen.get("load"):
        requests = Quantity(Fraction(chosen["load"]))
        model = model.model_copy(
            update={"workload": model.workload.model_copy(update={"monthly_requests": requests})}
        )
    if chosen.get("free"):
        model = model.model_copy(update={"free_tier": chosen["free"] != "no"})
    resources = {name: _changed(resource, chosen) for name, resource in found.resources.items()}
    return replace(found, model=model, resources=resources)


def _changed(resource: Any, chosen: Mapping[str, Any]) -> Any:
    """GPU machines are those with a T4; capacities with an interval are measured ones."""
    if getattr(resource, "platform", "") == "standard-v3-t4":
        if chosen.get("hours"):
            resource = resource.model_copy(update={"hours": Quantity(chosen["hours"])})
        if chosen.get("machines"):
            resource = resource.model_copy(update={"preemptible": chosen["machines"] == "preemptible"})
    capacity = getattr(resource, "capacity", None)
    rate = capacity and capacity.requests_per_second
    if rate and rate.value in INTERVALS and "capacity" in chosen:
        low, high = rate.value, INTERVALS[rate.value]
        moved = Quantity(low + (high - low) * Fraction(chosen["capacity"]) / 100, rate.origins)
        resource = resource.model_copy(
            update={"capacity": capacity.model_copy(update={"requests_per_second": moved})}
        )
    return resource


def bills(chosen: Mapping[str, Any], found: ReportData | None = None) -> list[Estimate]:
    """Price the changed scenarios with the engine; those of the three stages if nothing else is given."""
    return [
        price_scenario(
            designed(stage, chosen), currency=chosen.get("currency"), as_of=stage.estimate.catalog.as_of
        )
        for stage in (found or report_data()).stages
    ]


def moves_of(chosen: Mapping[str, Any]) -> list[list[Any]]:
    """Return what to do with the controls."""
    kinds = {"position": "slider", "typed": "field", "hours": "slider", "capacity": "slider"}
    names = {"position": "requests", "typed": "requests"}
    return [
        [kinds.get(name, "choice"), names.get(name, name), str(value)]
        for name, value in chosen.items()
        if name != "load"
    ]


def answer_of(bill: Estimate) -> str:
    """Return how the answer to "Is it enough?" begins, by the estimate's own verdict."""
    if bill.verdict != "kept":
        return "no:" if bill.verdict == "broken" else "not known:"
    if any(one.what in ("preemptible", "hours") for one in bill.caveats):
        return "only while its machines run:"
    return "yes, with a reservation:" if bill.caveats else "yes"


def assert_same(seen: Mapping[str, Any], chosen: Mapping[str, Any], found: ReportData | None = None) -> None:
    """Compare every number and answer of the page with the engine's."""
    for row, lines, bill in zip(seen["rows"], seen["bills"], bills(chosen, found), strict=True):
        place = f"{bill.scenario} at {chosen}"
        if row[2] == "not computed here":  # a waiting model beyond the loads that the page knows
            assert bill.verdict == "broken", place
            continue
        assert abs(amount(row[2]) - bill.total.monthly_cost) <= HALF_A_UNIT + DUST, place
        assert bill.cost_per_million_requests is not None
        assert abs(amount(row[3]) - bill.cost_per_million_requests) <= HALF_A_UNIT + DUST, place
        costs = [resource.monthly_cost for resource in bill.resources] + [bill.total.monthly_cost]
        for text, cost in zip(lines, costs, strict=True):
            assert abs(amount(text) - cost) <= HALF_A_UNIT + DUST, (place, text, cost)
        assert bill.budget is not None
        assert row[4].startswith("within") == bill.budget.total.within, place
        over = [line.name for line in bill.budget.lines if not line.within]
        if not bill.budget.total.within:
            assert all(name in row[4] for name in over), place
        assert row[5].startswith(answer_of(bill)), (place, row[5], bill.unmet)
        if not bill.unmet:
            told = bill.unknowns or bill.caveats
            assert all(one.reason in row[5] for one in told), (place, row[5], told)
        assert all(unmet.reason in row[5] for unmet in bill.unmet), place


def chosen_points() -> Iterator[dict[str, Any]]:
    """Move the load over its whole range while the other controls go round in other rhythms."""
    for number in range(161):
        yield {
            "position": round(number * 1000 / 160),
            "hours": (720, 1, 198, 360, 24, 719, 500)[number % 7],
            "capacity": (0, 100, 37, 50)[number % 4],
            "currency": ("RUB", "USD", "KZT")[number % 3],
            "machines": ("own", "preemptible")[number // 2 % 2],
            "free": ("own", "no")[number // 3 % 2],
        }


def linear(of: Formula) -> tuple[Fraction, Fraction] | None:
    """Return constant and slope of a formula that depends on the load alone and directly."""
    if len(of.terms) != 1:
        return None
    [(atom, slope)] = of.terms.items()
    return (of.constant, slope) if isinstance(atom, Variable) else None


@cache
def edges() -> list[int]:
    """Return loads at which a tier ends or another replica is needed, or the whole ones on both sides."""
    found: set[Fraction] = set()
    for stage in report_data().stages:
        formula = bill_formula(with_variable_load(stage.scenario))
        for atom in atoms_of([formula.total, *(need.slack for need in formula.constraints)]):
            if isinstance(atom, (Ceiling, PositivePart)) and (line := linear(atom.of)):
                constant, slope = line
                targets = range(1, 11) if isinstance(atom, Ceiling) else range(1)
                found |= {(target - constant) / slope for target in targets}
    whole = {load // 1 + step for load in found for step in (0, 1)}
    return sorted(int(load) for load in whole if 10_000 <= load <= 10**9)


def test_two_hundred_points_of_the_page_equal_the_engine(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        points = 0
        for chosen in chosen_points():
            seen = page.evaluate(MOVED, moves_of(chosen))
            assert_same(seen, {**chosen, "load": int(seen["load"])})
            points += 1
        assert len(edges()) >= 40
        page.locator("[data-reset]").click()
        for load in edges():
            chosen = {"typed": load, "load": load}
            seen = page.evaluate(MOVED, moves_of(chosen))
            assert seen["load"] == str(load)
            assert_same(seen, chosen)
            points += 1
        assert points >= 200
        look.assert_quiet(report_file())


HARD = """
scenario: hard
title: Tiers that two resources share, steps at whole loads, a waiting model, a cost that is stated
workload: {monthly_requests: 5B/month, slo: p95 <= 50 ms}
budget: {currency: USD, total: 3000, parts: [{name: both, amount: 1000, resources: [first, second]}]}
resources:
  first: {kind: object-storage, role: storage, size: 100 GB, egress: 30000 GB}
  second: {kind: object-storage, role: storage, size: 10 GB, egress: 90000 GB}
  api:
    kind: compute-instance
    role: compute
    vcpu: 2
    memory: 4 GB
    capacity: {measured: digits-service}
  slow: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB, capacity: {requests_per_second: 37}}
  queue:
    kind: compute-instance
    role: compute
    vcpu: 2
    memory: 4 GB
    capacity: {waiting: M/M/c, request_duration: 5 ms, max_replicas: 100}
  people: {kind: fixed-cost, role: other, amounts: {RUB: 1000.25, USD: 11.5, KZT: 5000}, source: a contract}
"""


def test_tiers_shares_and_steps_of_a_hard_scenario_equal_the_engine(browser: Browser, tmp_path: Path) -> None:
    """One machine takes 1336 requests a second at 60 %: 2,077,747,200 in a month of 720 hours.

    At 37 requests a second, binary fractions make of 3, 6 or 7 whole machines a little more than that.
    """
    month = 6 * 3600 * 720
    low, high = (int(rate * month / 10) for rate in INTERVAL)
    slow = 37 * month // 10
    others = [("RUB", "own", {}), ("USD", "no", {"capacity": 37}), ("KZT", "no", {}), ("USD", "own", {})]
    points = [({"typed": slow * count}, others[0]) for count in (3, 6, 7)]
    points += [({"typed": high * count, "capacity": 100}, others[0]) for count in (1, 2, 3, 10)]
    points += [
        ({"typed": low * count + above}, others[count % 4]) for count in range(1, 25) for above in (0, 1)
    ]
    found = report_data_of(tmp_path, HARD)
    with watched(browser) as look:
        page = look.opened(page_of(found, "en", "hard"))
        for load, (money, free, more) in points:
            page.locator("[data-reset]").click()
            chosen = {**load, "currency": money, "free": free, **more}
            assert_same(page.evaluate(MOVED, moves_of(chosen)), {**chosen, "load": load["typed"]}, found)


def test_the_page_begins_with_the_designs_own_numbers_and_comes_back_to_them(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        first = page.evaluate(MOVED, [])
        assert_same(first, {})
        assert first["load"] == ""
        assert first["markers"] == 0
        moved = page.evaluate(
            MOVED, moves_of({"position": 900, "hours": 10, "currency": "KZT", "free": "no"})
        )
        assert moved["rows"] != first["rows"]
        assert moved["markers"] == 1
        page.locator("[data-reset]").click()
        assert page.evaluate(MOVED, []) == first


@pytest.mark.parametrize("language", ["en", "ru"])
def test_amounts_are_written_as_in_the_rest_of_the_report(browser: Browser, language: str) -> None:
    words = Translator(language)
    with watched(browser) as look:
        page = look.opened(report_file(language))
        for position in (0, 333, 777, 1000):
            for money in ("RUB", "USD", "KZT"):
                seen = page.evaluate(MOVED, moves_of({"position": position, "currency": money}))
                found = bills({"load": int(seen["load"]), "currency": money})
                for row, bill in zip(seen["rows"], found, strict=True):
                    assert row[2] == words.money(bill.total.monthly_cost, money)
                    assert row[1] == words.number(Decimal(seen["load"]))


def test_a_machine_that_rests_or_may_be_stopped_is_never_simply_enough(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        whole = page.evaluate(MOVED, moves_of({"typed": 5_000_000}))
        assert [row[5].partition(",")[0] for row in whole["rows"]] == ["yes", "yes", "yes"]
        resting = page.evaluate(MOVED, moves_of({"hours": 200}))
        for row in resting["rows"][1:]:
            assert row[5].startswith("only while its machines run:")
            assert "runs 200 of 720 h: nothing answers at other times" in row[5]
        assert resting["rows"][0][5] == whole["rows"][0][5]
        stoppable = page.evaluate(MOVED, moves_of({"hours": 720, "machines": "preemptible"}))
        for row in stoppable["rows"][1:]:
            assert row[5].startswith("only while its machines run:")
            assert "may be stopped by the provider at any time" in row[5]


def test_the_verdict_names_the_cheapest_design_that_is_enough(browser: Browser) -> None:
    found = report_data(("stage2", "stage3"))
    with watched(browser) as look:
        page = look.opened(page_of(found, "en", "two-stages"))
        named = set()
        for position in range(0, 1001, 100):
            seen = page.evaluate(MOVED, moves_of({"position": position}))
            enough = [bill for bill in bills({"load": int(seen["load"])}, found) if not bill.unmet]
            best = min(enough, key=lambda bill: bill.total.monthly_cost, default=None)
            named.add(best and best.scenario)
            said = re.search(r"(\w+) is the cheapest that is enough", seen["verdict"])
            assert (said and said[1]) == (best and best.scenario), seen
        assert len(named) > 1


TYPED = [
    ("en", "5M", "5,000,000"),
    ("en", "5 000 000", "5,000,000"),
    ("en", "5,000,000", "5,000,000"),
    ("en", "5_000_000", "5,000,000"),
    ("en", "1.5M", "1,500,000"),
    ("en", "1,5 млн", "1,500,000"),
    ("en", "12,500", "12,500"),
    ("en", "1,234,567.4", "1,234,567"),
    ("en", "20k", "20,000"),
    ("en", "1B", "1,000,000,000"),
    ("en", "", ""),
    ("ru", "5 млн", "5 000 000"),
    ("ru", "1,5 млн.", "1 500 000"),
    ("ru", "5.000.000", "5 000 000"),
    ("ru", "20 тыс.", "20 000"),
]


@pytest.mark.parametrize(("language", "typed", "shown"), TYPED)
def test_a_number_is_read_as_people_write_it(browser: Browser, language: str, typed: str, shown: str) -> None:
    with watched(browser) as look:
        page = look.opened(report_file(language))
        field = page.locator("[data-field=requests]")
        field.fill(typed)
        field.press("Tab")
        assert field.input_value().replace("\u00a0", " ") == shown
        assert field.get_attribute("aria-invalid") == "false"


@pytest.mark.parametrize(
    "typed", ["1", "99999999999999", "many", "5X", "-5M", "1.2.3M", "5MM", "1,00,0,0.0.0"]
)
def test_what_is_no_load_changes_nothing_and_is_said(browser: Browser, typed: str) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        before = page.evaluate(MOVED, [["field", "requests", "5M"]])["rows"]
        field = page.locator("[data-field=requests]")
        field.fill(typed)
        field.press("Tab")
        assert page.evaluate(MOVED, [])["rows"] == before
        assert field.input_value() == typed
        assert field.get_attribute("aria-invalid") == "true"
        said = page.get_by_role("alert").inner_text()
        assert said == "Write a number from 10K to 1B, such as 5M or 5 000 000."
        page.evaluate(MOVED, [["field", "requests", "2M"]])
        assert not page.get_by_role("alert").is_visible()


def _by_keyboard(page: Page, name: str, key: str) -> str:
    slider = page.locator(f"[data-slider={name}]")
    slider.focus()
    slider.press(key)
    return slider.get_attribute("aria-valuetext") or ""


def test_sliders_are_moved_by_keyboard_and_say_what_they_mean(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        assert page.locator("[data-slider=requests]").get_attribute("aria-valuetext") == "each design's own"
        assert _by_keyboard(page, "requests", "Home") == "10,000"
        assert _by_keyboard(page, "requests", "End") == "1,000,000,000"
        assert _by_keyboard(page, "hours", "Home") == "1 h"
        assert _by_keyboard(page, "capacity", "End") == "119 requests/s"
        assert page.locator("[data-verdict]").get_attribute("aria-live") == "polite"


def test_every_control_has_a_label(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        names = page.locator("[data-live] :is(input, select, button)").evaluate_all(
            "all => all.map(one => one.labels?.[0]?.textContent || one.ariaLabel || one.textContent)"
        )
        assert len(names) == 8
        assert all(name.strip() for name in names)


def test_without_javascript_the_table_says_it_and_no_control_is_dead(browser: Browser) -> None:
    with watched(browser, java_script_enabled=False) as look:
        page = look.opened(report_file())
        chapter = page.locator("section[aria-labelledby=what-if]")
        assert not chapter.locator("input, select, button").evaluate_all(
            "all => all.filter(one => one.checkVisibility()).length"
        )
        rows = chapter.locator("tbody tr").all()
        for row, bill in zip(rows, bills({}), strict=True):
            assert abs(amount(row.locator("td").first.inner_text()) - bill.total.monthly_cost) <= HALF_A_UNIT


def test_curves_are_dashed_where_something_is_not_enough(browser: Browser) -> None:
    """Stage 2 has one API server and no second; the chart says so by its line, not only by colour."""
    with watched(browser) as look:
        page = look.opened(report_file())
        lines = page.locator("[data-chart] polyline.s1")
        classes = lines.evaluate_all("all => all.map(one => one.classList.contains('lacking'))")
        assert classes == [False, True]

"""The report in a real browser: it needs nothing but itself, and is usable small, printed, by keyboard."""

from __future__ import annotations

import re

import pytest
from pages import PHONE, report_file, watched
from playwright.sync_api import Browser, Page

WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_asks_for_nothing_and_says_nothing(browser: Browser, language: str, scheme: str) -> None:
    path = report_file(language)
    with watched(browser, color_scheme=scheme) as look:
        page = look.opened(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").inner_text()
        look.assert_quiet(path)


def test_the_dark_page_is_dark_and_the_light_one_light(browser: Browser) -> None:
    def brightness(scheme: str) -> float:
        with watched(browser, color_scheme=scheme) as look:
            page = look.opened(report_file())
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3

    assert brightness("light") > 200
    assert brightness("dark") < 50


def _column(page: Page, table: int, column: int) -> list[str]:
    rows = page.locator("main table").nth(table).locator("tbody tr")
    return [row.locator("th, td").nth(column).inner_text() for row in rows.all()]


def test_a_table_sorts_by_numbers_and_goes_back(browser: Browser) -> None:
    """The first table with one body and at least three rows of different numbers."""
    with watched(browser) as look:
        page = look.opened(report_file())
        number = page.evaluate(
            """() => [...document.querySelectorAll("main table")].findIndex(table => {
                const column = [...table.tHead.rows[0].cells].findIndex(cell => cell.matches(".n"));
                const orders = [...table.tBodies[0].rows].map(row => row.cells[column]?.dataset.order);
                return table.tBodies.length === 1 && column > 0 && !table.closest("details")
                    && !orders.includes(undefined) && new Set(orders).size > 2;
            })"""
        )
        assert number >= 0
        table = page.locator("main table").nth(number)
        heading = table.locator("thead th.n").first
        column = heading.evaluate("cell => cell.cellIndex")
        orders = table.locator("tbody tr").evaluate_all(
            f"rows => rows.map(r => +r.cells[{column}].dataset.order)"
        )
        first = _column(page, number, 0)
        names = dict(zip(orders, first, strict=True)) if len(set(orders)) == len(orders) else None

        assert heading.get_attribute("aria-sort") == "none"
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        now = table.locator("tbody tr").evaluate_all(
            f"rows => rows.map(r => +r.cells[{column}].dataset.order)"
        )
        assert now == sorted(orders, reverse=True)
        if names:
            assert _column(page, number, 0) == [names[order] for order in now]
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "ascending"
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "none"
        assert _column(page, number, 0) == first


def test_groups_of_a_bill_stay_together_when_it_is_sorted(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        bodies = (
            "tables => tables.map(t => [...t.tBodies].map(b => [...b.rows].map(r => r.cells[0].textContent)))"
        )
        before = page.locator("main table").evaluate_all(bodies)
        grouped = next(
            n for n, table in enumerate(before) if len(table) > 2 and any(len(b) > 1 for b in table)
        )
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        heading = page.locator("main table").nth(grouped).locator("thead th").first
        heading.locator("button").click()
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        after = page.locator("main table").evaluate_all(bodies)[grouped]
        assert after != before[grouped]
        assert sorted(after) == sorted(before[grouped])


def test_a_table_sorts_by_keyboard(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        button = page.locator("main table thead button").first
        button.focus()
        heading = page.locator("main table thead th:has(button)").first
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") in {"ascending", "descending"}


@LANGUAGES
def test_nothing_is_wider_than_a_small_phone(browser: Browser, language: str) -> None:
    with watched(browser, viewport=PHONE) as look:
        page = look.opened(report_file(language))
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        assert page.evaluate(WIDER_THAN_THE_WINDOW) == 0


@LANGUAGES
def test_the_page_prints_to_several_sheets_with_everything_unfolded(browser: Browser, language: str) -> None:
    with watched(browser) as look:
        page = look.opened(report_file(language))
        page.evaluate(
            """addEventListener("beforeprint", () => {
                window.folded = document.querySelectorAll("details:not([open])").length;
            })"""
        )
        printed = page.pdf(format="A4")
        assert printed.startswith(b"%PDF-")
        sheets = [int(count) for count in re.findall(rb"/Count (\d+)", printed)]
        assert max(sheets) >= 4
        assert page.evaluate("window.folded") == 0
        assert page.evaluate("document.querySelectorAll('details:not([open])').length") > 0


TABLES = "[...document.querySelectorAll('.scroll')].filter(box => box.querySelector('table'))"


@LANGUAGES
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_amount_of_a_table_is_out_of_sight(browser: Browser, language: str, width: int) -> None:
    """Neither on a phone nor in a window: nothing but charts scrolls sideways."""
    with watched(browser, viewport={"width": width, "height": 800}) as look:
        page = look.opened(report_file(language))
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        wider = f"{TABLES}.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.ariaLabel)"
        assert page.evaluate(wider) == []
        hidden = f"""{TABLES}.flatMap(box => [...box.querySelectorAll("td.n:not(.m)")]).filter(cell =>
            cell.textContent.trim() && cell.checkVisibility()
            && cell.getBoundingClientRect().right > innerWidth + 1).length"""
        assert page.evaluate(hidden) == 0


def test_headings_of_tables_have_no_buttons_on_paper(browser: Browser) -> None:
    """A heading with a button in it is not repeated on the next sheet."""
    with watched(browser) as look:
        page = look.opened(report_file())
        buttons = "document.querySelectorAll('thead button').length"
        words = "[...document.querySelectorAll('thead th')].map(one => one.textContent)"
        before, said = page.evaluate(buttons), page.evaluate(words)
        assert before > 20
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(buttons) == 0
        assert page.evaluate(words) == said
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(buttons) == before
        page.locator("main table thead button").first.click()
        assert page.locator("[aria-sort=ascending], [aria-sort=descending]").count() == 1


def test_the_first_tab_leads_past_the_contents(browser: Browser) -> None:
    with watched(browser) as look:
        page = look.opened(report_file())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "report"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_tab_reaches_every_control_once_and_shows_where_it_is(browser: Browser) -> None:
    """Links, buttons, fields, folds and whatever scrolls; each shows that it is focused."""
    with watched(browser) as look:
        page = look.opened(report_file())
        controls = page.evaluate(
            """() => {
                const all = document.querySelectorAll(
                    "a[href], button, input, select, summary, [tabindex='0']");
                window.controls = [...all].filter(one => one.checkVisibility({ visibilityProperty: true }));
                return window.controls.length;
            }"""
        )
        assert controls > 40
        seen = []
        for _ in range(controls + 5):
            page.keyboard.press("Tab")
            place = page.evaluate(
                """() => {
                    const here = document.activeElement;
                    if (here === document.body) return null;
                    const outline = getComputedStyle(here).outlineStyle;
                    return [window.controls.indexOf(here), outline !== "none" || here.className === "skip"];
                }"""
            )
            if place is None:
                break
            seen.append(place)
        radios = page.locator("input[type=radio]:not(:checked)").count()
        assert len({number for number, _ in seen}) >= controls - radios
        assert all(number >= 0 and shown for number, shown in seen)


@LANGUAGES
def test_without_javascript_everything_is_there(browser: Browser, language: str) -> None:
    """The same headings, tables and pictures; what only a script can do is not offered."""
    parts = "h2, h3, table, figure svg, tbody tr, dt, dd, pre"
    count = "all => all.filter(one => !one.closest('[data-live]')).length"
    offered = "all => all.filter(one => one.checkVisibility()).length"
    path = report_file(language)
    with watched(browser) as look:
        whole = look.opened(path).locator(parts).evaluate_all(count)
    with watched(browser, java_script_enabled=False) as look:
        page = look.opened(path)
        assert page.locator(parts).evaluate_all(count) == whole > 200
        assert page.locator("main :is(button, input, select)").evaluate_all(offered) == 0
        look.assert_quiet(path)

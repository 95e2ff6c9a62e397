"""Hostile names in a real browser: nothing is run, asked for or said."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import cases
from evil import EVIL, RUSSIAN, evil_scenario
from pages import Watched, page_of, report_data_of, watched
from playwright.sync_api import Browser

from costplan.cli.report.report_data import MOST_SCENARIOS

NAMES = [
    case
    for case in cases()
    if case.family in {"names", "markdown"} and case.path.suffix == ".yaml" and case.expect == 0
]
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


def _used(look: Watched, path: Path) -> None:
    """Open a page, unfold all of it, and move whatever moves."""
    page = look.opened(path)
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    for control in page.locator("main :is(input[type=range], input[type=checkbox], select)").all():
        control.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
    page.wait_for_timeout(100)
    look.assert_quiet(path)
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, form, object, [onload], [onerror]').length")
        == 0
    )


@LANGUAGES
def test_hostile_texts_in_every_place_do_nothing(browser: Browser, language: str, tmp_path: Path) -> None:
    found = report_data_of(tmp_path, evil_scenario(), evil_scenario("worse"))
    path = page_of(found, language, f"evil-{language}")
    with watched(browser) as look:
        _used(look, path)
        assert (EVIL if language == "en" else RUSSIAN) in look.page.inner_text("main")


def test_the_page_would_notice_a_script_that_runs(browser: Browser, tmp_path: Path) -> None:
    """What these tests stand on: a page without a policy and without escaping does say something."""
    path = tmp_path / "open.html"
    path.write_text(f"<!doctype html><title>open</title><p>{EVIL}", encoding="utf-8")
    with watched(browser) as look:
        look.opened(path)
        assert any(said.startswith("dialog") for said in look.said)
        assert len(set(look.requests)) > 1


@LANGUAGES
@pytest.mark.parametrize("first", range(0, len(NAMES), MOST_SCENARIOS))
def test_hostile_names_of_the_corpus_do_nothing(
    browser: Browser, first: int, language: str, tmp_path: Path
) -> None:
    texts = [case.path.read_text(encoding="utf-8") for case in NAMES[first : first + MOST_SCENARIOS]]
    path = page_of(report_data_of(tmp_path, *texts), language, f"names-{first}-{language}")
    with watched(browser) as look:
        _used(look, path)

"""Reports as files, and a look at one of them that notes all that must not happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from playwright.sync_api import Browser, Page
from report_inputs import report_data, report_data_of

from costplan.language.translator import Translator
from costplan.report.blocks import Report
from costplan.report.document import build_report
from costplan.report.renderers.html import render
from costplan.report.report_data import ReportData

PHONE = {"width": 320, "height": 640}


@cache
def folder() -> Path:
    """Return a folder for the pages of this run."""
    return Path(mkdtemp(prefix="costplan-pages-"))


@cache
def report_file(language: str = "en") -> Path:
    """Write the report of the three stages."""
    return written(build_report(report_data(), Translator(language)), language, f"stages-{language}")


def written(content: Report, language: str, name: str) -> Path:
    """Write a report as a page."""
    path = folder() / f"{name}.html"
    path.write_text(render(content, Translator(language)), encoding="utf-8")
    return path


def page_of(found: ReportData, language: str, name: str) -> Path:
    """Write the report of other scenarios."""
    return written(build_report(found, Translator(language)), language, name)


class Watched:
    """A page in a browser without a network, with all that it asked for and said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def opened(self, path: Path) -> Page:
        """Open a file."""
        self.page.goto(path.as_uri())
        return self.page

    def assert_quiet(self, path: Path) -> None:
        """Nothing was asked for but the file, and nothing was said."""
        assert set(self.requests) == {path.as_uri()}
        assert not self.said


@contextmanager
def watched(browser: Browser, **settings: Any) -> Iterator[Watched]:
    """Open a context without a network; settings are those of a Playwright context."""
    context = browser.new_context(offline=True, **settings)
    try:
        yield Watched(context.new_page())
    finally:
        context.close()


__all__ = [
    "PHONE",
    "Watched",
    "page_of",
    "report_data",
    "report_data_of",
    "report_file",
    "watched",
    "written",
]

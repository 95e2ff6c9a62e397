"""The diagrams of the Markdown report are read by Mermaid itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import parts
import pytest
from evil import evil_scenario
from pages import Watched, report_data, report_data_of, watched
from playwright.sync_api import Browser, Error

from costplan.language.translator import Translator
from costplan.report.document import build_report
from costplan.report.renderers.markdown import render
from costplan.report.report_data import ReportData

DRAWN = """async ([name, text]) => {
    await mermaid.parse(text);
    const { svg } = await mermaid.render(name, text);
    const drawn = new DOMParser().parseFromString(svg, "text/html");
    return drawn.querySelectorAll(".node").length;
}"""


@pytest.fixture(scope="module")
def mermaid(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Load Mermaid into an empty page."""
    source = parts.packages() / "mermaid" / "dist" / "mermaid.min.js"
    empty = tmp_path_factory.mktemp("mermaid") / "empty.html"
    empty.write_text("<!doctype html><html lang='en'><title>Mermaid</title><body></body></html>")
    with watched(browser) as look:
        page = look.opened(empty)
        page.add_script_tag(content=source.read_text(encoding="utf-8"))
        page.evaluate("mermaid.initialize({ startOnLoad: false })")
        yield look


def diagrams(found: ReportData, language: str) -> list[str]:
    """Return the text of every diagram of a report."""
    written = render(build_report(found, Translator(language)))
    return re.findall(r"^```mermaid\n(.*?)\n```$", written, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_mermaid_draws_the_architecture_of_each_stage(mermaid: Watched, language: str) -> None:
    found = report_data()
    texts = diagrams(found, language)
    assert len(texts) == len(found.stages)
    for number, (text, stage) in enumerate(zip(texts, found.stages, strict=True)):
        nodes = mermaid.page.evaluate(DRAWN, [f"{language}{number}", text])
        assert nodes >= len(stage.estimate.resources)
    assert mermaid.said == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_mermaid_reads_hostile_names_as_text(mermaid: Watched, language: str, tmp_path: Path) -> None:
    before = list(mermaid.requests)
    [text] = diagrams(report_data_of(tmp_path, evil_scenario()), language)
    nodes = mermaid.page.evaluate(DRAWN, [f"evil{language}", text])
    assert nodes >= 2
    mermaid.page.wait_for_timeout(200)
    assert mermaid.requests == before
    assert mermaid.said == []


def test_a_text_that_is_no_diagram_is_refused(mermaid: Watched) -> None:
    """The parser of these tests can fail."""
    with pytest.raises(Error, match="Parse error"):
        mermaid.page.evaluate(DRAWN, ["broken", "flowchart LR\n  one --> [two"])
